//! Checks a review log to the last page, and makes a damaged one usable again.
//!
//! A repair never edits the damaged file: it is set aside whole, and what verifies is written into a new one. An event
//! verifies when its hash fits the hash that stands beside the row in front of it, so one damaged event costs that
//! event and not everything behind it.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::event::{Event, GENESIS};
use super::schema::State;
use super::{FILE, head, schema};
use crate::store::ingest::reason;
use crate::store::types::StoreError;

/// What a check or a repair found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// How many events were read.
    pub events: u64,
    /// How many of them verify.
    pub sound: u64,
    /// What is wrong, when something is.
    pub problem: Option<String>,
    /// The bytes that no event stands in were checked too: nobody wrote since the log was sealed.
    pub sealed: bool,
}

/// What could be had of a log.
struct Salvage {
    /// The events that verify.
    events: Vec<Event>,
    report: Report,
    /// Keeps others from writing while it is there, where the file lets itself be locked.
    lock: Option<Connection>,
    /// The file has a layout that this recto does not know.
    newer: Option<i32>,
}

/// Checks every page and every link of the chain. An error says why it cannot be told: a log that is locked or cannot
/// be opened is not damaged.
pub fn verify(directory: &Path) -> Result<Report, String> {
    Ok(salvage(directory, false)?.report)
}

/// Sets a damaged log aside and writes what verifies into a new one. Gives the name of the damaged file when there
/// was one to set aside. After an error the log is as it was.
pub fn repair(directory: &Path) -> Result<(Report, Option<PathBuf>), String> {
    let seen = salvage(directory, false)?.report;
    if seen.problem.is_none() {
        return Ok((seen, None));
    }
    let mut salvage = salvage(directory, true)?;
    salvage.report.problem = salvage.report.problem.or(seen.problem);
    if let Some(version) = salvage.newer {
        // What it does not understand it could not write again.
        return Err(format!(
            "the log has layout {version} and this recto knows layout {}; update recto, then repair",
            schema::VERSION
        ));
    }
    let say = |error: std::io::Error| format!("{}: {}", directory.display(), reason(&error));
    let file = directory.join(FILE);
    let new = directory.join("review.sqlite.new");
    let _ = fs::remove_file(&new);
    write(&new, &salvage.events)?;
    let aside = match schema::exists(&file).map_err(|error| error.to_string())? {
        true => Some(set_aside(&file).map_err(say)?),
        false => None,
    };
    // A journal of the damaged file must not be played into the new one. What it could restore was tried on opening.
    let journal = directory.join(format!("{FILE}-journal"));
    if journal.exists() {
        fs::remove_file(&journal).map_err(say)?;
    }
    fs::rename(&new, &file).map_err(say)?;
    // Whoever waited for the lock finds that its file was moved, and writes nothing into it.
    drop(salvage.lock);
    schema::sync_directory(directory).map_err(say)?;
    let newest = salvage.events.last().map_or(0, |event| event.number);
    head::write(directory, &super::sealed(&file, newest));
    Ok((salvage.report, aside))
}

/// Gives the damaged file a second name that is free. It is not opened for that: to close it again would end the lock.
fn set_aside(file: &Path) -> std::io::Result<PathBuf> {
    for number in 1.. {
        let aside = file.with_file_name(format!("review.damaged-{number}.sqlite"));
        if aside.exists() {
            continue;
        }
        if fs::hard_link(file, &aside).is_err() {
            // Not every file system has second names.
            fs::copy(file, &aside)?;
            fs::File::open(&aside)?.sync_all()?;
        }
        return Ok(aside);
    }
    Err(std::io::Error::other("no name is free"))
}

/// Tells damage, which is described, from whatever may pass, which ends the work.
fn damage<T>(outcome: Result<T, StoreError>) -> Result<Result<T, String>, String> {
    match outcome {
        Ok(value) => Ok(Ok(value)),
        Err(StoreError::Damaged(why)) => Ok(Err(why)),
        Err(other) => Err(other.to_string()),
    }
}

/// Reads the events that verify, and says what is wrong with the rest.
fn salvage(directory: &Path, lock: bool) -> Result<Salvage, String> {
    // Before the events: what is added in between is no event that is missing.
    let noted = head::read(directory).map_or(0, |it| it.newest);
    let mut salvage = Salvage {
        events: Vec::new(),
        report: Report {
            events: 0,
            sound: 0,
            problem: None,
            sealed: false,
        },
        lock: None,
        newer: None,
    };
    let file = directory.join(FILE);
    if schema::exists(&file).map_err(|error| error.to_string())? {
        salvage.read(&file, lock)?;
    }
    let newest = salvage.events.last().map_or(0, |event| event.number);
    if salvage.report.problem.is_none() && noted > newest {
        salvage.report.problem = Some(format!(
            "the log ends at event {newest}, but {noted} were written"
        ));
    }
    // To look at the file would end the lock.
    if salvage.report.problem.is_none()
        && !lock
        && let Some(connection) = &salvage.lock
    {
        match broken_seal(directory, connection, newest)? {
            None => {}
            Some(false) => salvage.report.sealed = true,
            Some(true) => {
                salvage.report.problem = Some(format!(
                    "bytes of the file that hold no event are not what they were after event {newest}: a bit was flipped, \
                     or another program wrote into it"
                ));
            }
        }
    }
    Ok(salvage)
}

/// Says whether the bytes of the file are other than they were sealed. None where they were not sealed since the last
/// event.
fn broken_seal(
    directory: &Path,
    connection: &Connection,
    newest: u64,
) -> Result<Option<bool>, String> {
    let say = |error: rusqlite::Error| schema::trouble(&error).to_string();
    connection.execute_batch("BEGIN").map_err(say)?;
    let last = schema::last(connection).map_err(say)?;
    let head = head::read(directory).filter(|it| it.newest == newest && last == newest);
    let Some(seal) = head.and_then(|it| it.seal) else {
        return Ok(None);
    };
    let file = directory.join(FILE);
    let now =
        head::seal(&file).map_err(|error| format!("{}: {}", file.display(), reason(&error)))?;
    Ok(Some(now != seal))
}

impl Salvage {
    fn read(&mut self, file: &Path, lock: bool) -> Result<(), String> {
        // Opened for writing first: that plays back the journal of a change that a crash cut short.
        let opened = schema::open(file, false).map_err(|error| schema::trouble(&error));
        let problem = match damage(opened)? {
            Err(why) => Some(why),
            Ok(connection) => {
                if lock {
                    hold(&connection)?;
                }
                let problem = match damage(schema::inspect(&connection))? {
                    Err(why) => Some(why),
                    Ok(State::Empty) => {
                        // A crash before the very first change leaves this.
                        self.lock = Some(connection);
                        return Ok(());
                    }
                    Ok(state) => {
                        if let State::Newer(version) = state {
                            self.newer = Some(version);
                        }
                        damaged_pages(&connection)?
                    }
                };
                self.lock = Some(connection);
                problem
            }
        };
        let opened = schema::open_damaged(file).map_err(|error| schema::trouble(&error));
        let broken = match damage(opened)? {
            Ok(connection) => self.walk(&connection)?,
            Err(why) => Some(why),
        };
        self.report.sound = self.events.len() as u64;
        self.report.problem = match (broken, problem) {
            (Some(event), Some(page)) if event != page => Some(format!("{event} ({page})")),
            (broken, problem) => broken.or(problem),
        };
        Ok(())
    }

    /// Reads all rows that can be had, and says what is wrong with the first that is not sound.
    fn walk(&mut self, connection: &Connection) -> Result<Option<String>, String> {
        let mut predecessor = GENESIS;
        let mut broken = None;
        let mut first = 1;
        // A row that cannot be decoded ends a walk; the next begins behind it, until the file has no more to give. In a file
        // whose pages are out of order a row may be followed by one that came before it: that would lead round in a circle.
        loop {
            let (from, mut back) = (first, None);
            let outcome = schema::events(connection, from, &mut |event, hash| {
                if event.number < first {
                    back = Some(event.number);
                    return false;
                }
                first = event.number + 1;
                self.report.events += 1;
                if event.hash(&predecessor) == hash {
                    self.events.push(event);
                } else {
                    let number = event.number;
                    broken.get_or_insert(format!(
                        "the chain breaks at event {number}, which was changed or lost"
                    ));
                }
                predecessor = hash;
                true
            });
            match (damage(outcome)?, back) {
                (Ok(()), None) => return Ok(broken),
                (_, Some(number)) => {
                    broken.get_or_insert(format!(
                        "event {number} stands where event {first} or a later one belongs"
                    ));
                }
                (Err(why), None) => {
                    broken.get_or_insert(why);
                }
            }
            let next = schema::next_row(connection, first).map_err(|error| error.to_string())?;
            let Some((number, hash)) = next.filter(|(number, _)| *number >= first) else {
                return Ok(broken);
            };
            self.report.events += 1;
            first = number + 1;
            predecessor = hash.unwrap_or(predecessor);
        }
    }
}

/// Keeps others from writing. A file that is damaged or read-only cannot be locked; nobody writes into those.
fn hold(connection: &Connection) -> Result<(), String> {
    match connection.execute_batch("BEGIN IMMEDIATE") {
        Err(error) => match schema::refusal(&error) {
            StoreError::Damaged(_) | StoreError::ReadOnly(_) => Ok(()),
            _ => Err(schema::trouble(&error).to_string()),
        },
        Ok(()) => Ok(()),
    }
}

/// What SQLite's own check of the pages says, when it is not "ok".
fn damaged_pages(connection: &Connection) -> Result<Option<String>, String> {
    let answer: rusqlite::Result<String> =
        connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0));
    let answer = damage(answer.map_err(|error| schema::trouble(&error)))?;
    Ok(match answer {
        Ok(ok) if ok == "ok" => None,
        Ok(why) | Err(why) => Some(why),
    })
}

/// Writes events into a new log, chained anew; their numbers stay, so undo still finds its steps.
pub(super) fn write(file: &Path, events: &[Event]) -> Result<(), String> {
    let say = |error: rusqlite::Error| schema::sentence(&error);
    let mut connection = schema::open(file, true).map_err(say)?;
    let transaction = connection.transaction().map_err(say)?;
    schema::create(&transaction).map_err(say)?;
    let rows: Vec<_> = events.iter().map(Event::row).collect();
    schema::append(&transaction, GENESIS, &rows, |_| {}).map_err(say)?;
    transaction.commit().map_err(say)
}
