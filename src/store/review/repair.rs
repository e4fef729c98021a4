//! Checks a review log to the last page, and makes a damaged one usable again.
//!
//! A repair never edits the damaged file: it is set aside whole, and what verifies is written into a new one. An event
//! verifies when its hash fits the hash that stands beside the row in front of it, so one damaged event costs that
//! event and not everything behind it.

use std::fs;
use std::path::{Path, PathBuf};

use super::event::{Event, GENESIS};
use super::schema::State;
use super::{FILE, head, schema};

/// What a check or a repair found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// How many events were read.
    pub events: u64,
    /// How many of them verify.
    pub sound: u64,
    /// What is wrong, when something is.
    pub problem: Option<String>,
}

/// Checks every page and every link of the chain.
pub fn verify(directory: &Path) -> Report {
    let (events, mut report) = salvage(directory);
    let newest = events.last().map_or(0, |event| event.number);
    let noted = head::read(directory).unwrap_or(0);
    if report.problem.is_none() && noted > newest {
        report.problem = Some(format!(
            "the log ends at event {newest}, but {noted} were written"
        ));
    }
    report
}

/// Sets a damaged log aside and writes what verifies into a new one. Gives the name of the damaged file when there
/// was one to set aside.
pub fn repair(directory: &Path) -> Result<(Report, Option<PathBuf>), String> {
    let report = verify(directory);
    if report.problem.is_none() {
        return Ok((report, None));
    }
    let (events, _) = salvage(directory);
    let say = |error: std::io::Error| format!("{}: {error}", directory.display());
    let file = directory.join(FILE);
    let new = directory.join("review.sqlite.new");
    let _ = fs::remove_file(&new);
    write(&new, &events)?;
    let aside = match file.exists() {
        true => Some(set_aside(&file).map_err(say)?),
        false => None,
    };
    // A journal of the damaged file must not be played into the new one. What it could restore was tried on opening.
    let journal = directory.join(format!("{FILE}-journal"));
    if journal.exists() {
        fs::remove_file(&journal).map_err(say)?;
    }
    fs::rename(&new, &file).map_err(say)?;
    schema::sync_directory(directory).map_err(say)?;
    head::write(directory, events.last().map_or(0, |event| event.number));
    Ok((report, aside))
}

/// Copies the damaged file under a name that is free.
fn set_aside(file: &Path) -> std::io::Result<PathBuf> {
    for number in 1.. {
        let aside = file.with_file_name(format!("review.damaged-{number}.sqlite"));
        if !aside.exists() {
            fs::copy(file, &aside)?;
            fs::File::open(&aside)?.sync_all()?;
            return Ok(aside);
        }
    }
    Err(std::io::Error::other("no name is free"))
}

/// Reads the events that verify, and says what is wrong with the rest.
fn salvage(directory: &Path) -> (Vec<Event>, Report) {
    let file = directory.join(FILE);
    let mut report = Report {
        events: 0,
        sound: 0,
        problem: None,
    };
    let mut sound = Vec::new();
    if !file.exists() {
        return (sound, report);
    }
    // Opened for writing first: that plays back the journal of a change that a crash cut short.
    let sound_file = schema::open(&file, false).map_err(|error| schema::sentence(&error));
    report.problem = match &sound_file {
        Err(why) => Some(why.clone()),
        Ok(connection) => match schema::inspect(connection) {
            Err(error) => Some(error.to_string()),
            // A crash before the very first change leaves this.
            Ok(State::Empty) => return (sound, report),
            Ok(_) => damaged_pages(connection),
        },
    };
    drop(sound_file);
    let connection = match schema::open_damaged(&file) {
        Ok(connection) => connection,
        Err(error) => {
            report.problem.get_or_insert(schema::sentence(&error));
            return (sound, report);
        }
    };
    let mut predecessor = GENESIS;
    let mut broken = None;
    let mut first = 1;
    // A row that cannot be decoded ends a walk; the next begins behind it, until the file has no more to give.
    while let Err(error) = schema::events(&connection, first, &mut |event, hash| {
        first = event.number + 1;
        report.events += 1;
        if event.hash(&predecessor) == hash {
            sound.push(event);
        } else {
            let number = event.number;
            broken.get_or_insert(format!(
                "the chain breaks at event {number}, which was changed or lost"
            ));
        }
        predecessor = hash;
        true
    }) {
        broken.get_or_insert(error.to_string());
        let Some((number, hash)) = schema::next_row(&connection, first) else {
            break;
        };
        report.events += 1;
        first = number + 1;
        predecessor = hash.unwrap_or(predecessor);
    }
    report.sound = sound.len() as u64;
    report.problem = report.problem.or(broken);
    (sound, report)
}

/// What SQLite's own check of the pages says, when it is not "ok".
fn damaged_pages(connection: &rusqlite::Connection) -> Option<String> {
    let answer: Result<String, _> =
        connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0));
    match answer {
        Ok(ok) if ok == "ok" => None,
        Ok(why) => Some(why),
        Err(error) => Some(schema::sentence(&error)),
    }
}

/// Writes events into a new log, chained anew; their numbers stay, so undo still finds its steps.
fn write(file: &Path, events: &[Event]) -> Result<(), String> {
    let say = |error: rusqlite::Error| schema::sentence(&error);
    let mut connection = schema::open(file, true).map_err(say)?;
    let transaction = connection.transaction().map_err(say)?;
    schema::create(&transaction).map_err(say)?;
    let mut hash = GENESIS;
    for event in events {
        hash = event.hash(&hash);
        schema::insert(&transaction, event, &hash).map_err(say)?;
    }
    transaction.commit().map_err(say)
}
