//! The review log of this machine: one SQLite file of numbered events, each chained to its predecessor by a hash.
//!
//! Only the end of the log is ever written. What is decided now is worked out from the events when the log is opened
//! and kept in memory; tables of current tags were rejected, because they double each write and can contradict the log.
//! Undo and redo are events like any other, so they work after a restart and can be read by whoever audits the log.
//!
//! Several processes may write: each change is one `BEGIN IMMEDIATE` transaction that first takes in what others
//! wrote. `Ok` means committed. A log that cannot be opened or written, or whose chain is broken, is read as far as
//! it is sound and refuses changes with a reason.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::traits::ReviewLog;
use super::types::{Change, Correction, Deed, LibraryId, Receipt, StoreError, Subject};
use crate::model::{ArticleId, Decision};
use crate::store::ingest::reason;
use event::{GENESIS, Hash};
use ledger::Ledger;
use schema::State;

mod event;
mod head;
mod ledger;
pub mod repair;
mod schema;
pub(crate) mod summary;

pub use event::{Act, Event};
pub use schema::FILE;
pub use summary::check_tag;

/// Gives the time in milliseconds since 1970; handed in, so that the log reads no clock of its own.
pub type Clock = Box<dyn Fn() -> i64 + Send>;

/// The review log in a file.
pub struct LocalReviewLog {
    directory: PathBuf,
    author: String,
    clock: Clock,
    /// None while there is no file, or none that can be opened.
    connection: RefCell<Option<Connection>>,
    sum: RefCell<Sum>,
}

/// What was read so far.
struct Sum {
    ledger: Ledger,
    last: u64,
    hash: Hash,
    /// Why nothing can be written: permissions, a newer layout.
    unwritable: Option<String>,
    /// Why the log could not be read when it was last tried: it is locked, say. Passes with the next success.
    unread: Option<String>,
    /// What is broken behind the sound prefix.
    damage: Option<String>,
    /// The log was read once and reaches as far as was noted.
    complete: bool,
}

impl Sum {
    fn new() -> Self {
        Self {
            ledger: Ledger::default(),
            last: 0,
            hash: GENESIS,
            unwritable: None,
            unread: None,
            damage: None,
            complete: false,
        }
    }
}

impl LocalReviewLog {
    /// Opens the log in a data directory and reads it. Never fails: [`ReviewLog::read_only`] and
    /// [`LocalReviewLog::damage`] say what is wrong. Creates nothing; the first change does.
    pub fn open(directory: &Path, author: &str, clock: Clock) -> Self {
        let log = Self {
            directory: directory.to_owned(),
            author: author.to_owned(),
            clock,
            connection: RefCell::new(None),
            sum: RefCell::new(Sum::new()),
        };
        // The sum keeps the error; whoever asks for the decisions tries again.
        let _ = log.catch_up();
        log
    }

    /// Makes sure that changes can be saved, and creates the log where there is none: afterwards
    /// [`ReviewLog::read_only`] is certain. For those who want to know before the first change.
    pub fn prepare(&mut self) {
        if self.read_only().is_some() {
            return;
        }
        let outcome = self.in_transaction(|_, _| Vec::new());
        if let Err(StoreError::ReadOnly(why) | StoreError::Io(why)) = outcome {
            self.sum.borrow_mut().unwritable = Some(why);
        }
    }

    /// What is broken, when the log is damaged: everything in front of it was read.
    pub fn damage(&self) -> Option<String> {
        self.sum.borrow().damage.clone()
    }

    /// Gives the sound events in order, each with the hash that stands beside it, until `visit` says stop.
    pub fn events(
        &self,
        visit: &mut dyn FnMut(&Event, &[u8; 32]) -> bool,
    ) -> Result<(), StoreError> {
        self.catch_up()?;
        let last = self.sum.borrow().last;
        let connection = self.connection.borrow();
        let Some(connection) = connection.as_ref().filter(|_| last > 0) else {
            return Ok(());
        };
        schema::events(connection, 1, &mut |event, hash| {
            event.number <= last && visit(&event, &hash)
        })
    }

    fn file(&self) -> PathBuf {
        self.directory.join(FILE)
    }

    /// Connects if there is something to connect to. Without `create`, a log that is not there stays so.
    fn connect(&self, create: bool) -> Result<(), StoreError> {
        let mut connection = self.connection.borrow_mut();
        let file = self.file();
        if connection.is_some() || (!create && !schema::exists(&file)?) {
            return Ok(());
        }
        if create {
            schema::create_directory(&self.directory).map_err(|error| {
                StoreError::ReadOnly(format!(
                    "{} cannot be created: {}",
                    self.directory.display(),
                    reason(&error)
                ))
            })?;
        }
        let opened = schema::open(&file, create).map_err(|error| match create {
            true => schema::refusal(&error),
            false => schema::trouble(&error),
        })?;
        let mut sum = self.sum.borrow_mut();
        match schema::inspect(&opened)? {
            State::Empty | State::Ours => {}
            State::Newer(version) => {
                sum.unwritable = Some(format!(
                    "{} has layout {version} and this recto knows layout {}; update recto",
                    file.display(),
                    schema::VERSION
                ));
            }
        }
        if opened.is_readonly("main").unwrap_or(false) {
            sum.unwritable = Some(format!(
                "{} is read-only; make the file and its folder writable",
                file.display()
            ));
        }
        *connection = Some(opened);
        Ok(())
    }

    /// Takes in what was written since the last look, by this process or another. Damage is noted, not returned:
    /// what is sound can be used. Any other error is both, because it may pass.
    fn catch_up(&self) -> Result<(), StoreError> {
        if self.sum.borrow().damage.is_some() {
            return Ok(());
        }
        // The note is read before the events: what is added in between is no event that is missing.
        let complete = self.sum.borrow().complete;
        let noted = (!complete).then(|| head::read(&self.directory).unwrap_or(0));
        let outcome = self.connect(false).and_then(|()| {
            let connection = self.connection.borrow();
            connection.as_ref().map_or(Ok(()), |it| self.read_on(it))
        });
        match outcome {
            Err(StoreError::Damaged(why)) => {
                self.read_leniently();
                self.mark_damaged(why);
                Ok(())
            }
            Err(error) => {
                self.sum.borrow_mut().unread = Some(error.to_string());
                Err(error)
            }
            Ok(()) => {
                self.sum.borrow_mut().unread = None;
                if let Some(noted) = noted {
                    self.look_for_missing_events(noted);
                }
                Ok(())
            }
        }
    }

    /// Reads as much of a damaged file as can be had; the chain of hashes still decides what is believed.
    fn read_leniently(&self) {
        let Ok(damaged) = schema::open_damaged(&self.file()) else {
            return;
        };
        // It ends with an error, as before; what came before the error counts.
        let _ = self.read_on(&damaged);
        *self.connection.borrow_mut() = Some(damaged);
    }

    fn mark_damaged(&self, why: String) {
        let mut sum = self.sum.borrow_mut();
        let sound = sum.last;
        sum.damage = Some(format!(
            "{}: {why}; events 1 to {sound} are sound and are used. Keep a copy of the file, then run `recto review \
             repair`",
            self.file().display()
        ));
    }

    /// Reads the events behind the last known one and checks the chain.
    fn read_on(&self, connection: &Connection) -> Result<(), StoreError> {
        if matches!(schema::inspect(connection)?, State::Empty) {
            let known = self.sum.borrow().last;
            return match known {
                0 => Ok(()),
                _ => Err(StoreError::Damaged(
                    "the events that were read before are gone".into(),
                )),
            };
        }
        let mut sum = self.sum.borrow_mut();
        let mut broken = None;
        // The last known event is read again: it must still be the one that the next is chained to.
        let known = sum.last;
        let mut known_seen = known == 0;
        schema::events(connection, known.max(1), &mut |event, hash| {
            if !known_seen {
                known_seen = event.number == known && hash == sum.hash;
                return known_seen;
            }
            if event.hash(&sum.hash) != hash {
                let number = event.number;
                broken = Some(format!(
                    "the chain breaks at event {number}, which was changed or lost"
                ));
                return false;
            }
            sum.ledger.record(&event);
            sum.last = event.number;
            sum.hash = hash;
            true
        })?;
        if !known_seen {
            broken = Some(
                "the file was replaced by another log while recto was running; start again".into(),
            );
        }
        if sum.ledger.unknown() > 0 && sum.unwritable.is_none() {
            sum.unwritable = Some(format!(
                "{} events were written by a newer recto; update recto",
                sum.ledger.unknown()
            ));
        }
        broken.map_or(Ok(()), |why| Err(StoreError::Damaged(why)))
    }

    /// Compares the log with the note of how far it reached.
    fn look_for_missing_events(&self, noted: u64) {
        let mut sum = self.sum.borrow_mut();
        sum.complete = true;
        let last = sum.last;
        if noted > last {
            sum.damage = Some(format!(
                "{} ends at event {last}, but {noted} were written; put a copy of the whole file back, or run `recto \
                 review repair` to go on with what is there",
                self.file().display()
            ));
        }
    }

    /// Says whether anything can be written, with the reason why not.
    fn writable(&self) -> Result<(), StoreError> {
        let sum = self.sum.borrow();
        match (&sum.damage, sum.unwritable.as_ref().or(sum.unread.as_ref())) {
            (Some(why), _) => Err(StoreError::Damaged(why.clone())),
            (None, Some(why)) => Err(StoreError::ReadOnly(why.clone())),
            (None, None) => Ok(()),
        }
    }

    /// Writes the events that `plan` gives, in one transaction that has first taken in what others wrote. Events come
    /// without numbers; `plan` sees the number of the first.
    fn in_transaction(
        &self,
        plan: impl FnOnce(&Sum, u64) -> Vec<Event>,
    ) -> Result<u64, StoreError> {
        if self.sum.borrow().unread.is_some() {
            self.catch_up()?;
        }
        self.writable()?;
        self.connect(true)?;
        self.writable()?;
        let connection = self.connection.borrow();
        let connection = connection
            .as_ref()
            .ok_or_else(|| StoreError::Io("the review log is not open".into()))?;
        let refusal = |error: rusqlite::Error| schema::refusal(&error);
        let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)
            .map_err(refusal)?;
        let new = matches!(schema::inspect(&transaction)?, State::Empty);
        if new {
            schema::create(&transaction).map_err(refusal)?;
        }
        match self.read_on(&transaction) {
            Err(StoreError::Damaged(why)) => self.mark_damaged(why),
            other => other?,
        }
        self.writable()?;
        let first = self.sum.borrow().last + 1;
        let events = plan(&self.sum.borrow(), first);
        if events.is_empty() && !new {
            // Dirty a page all the same: only that shows whether the folder takes a journal. Then forget it.
            schema::lift(&transaction).map_err(refusal)?;
            return Ok(self.sum.borrow().last);
        }
        schema::lift(&transaction).map_err(refusal)?;
        let mut hash = self.sum.borrow().hash;
        for event in &events {
            hash = event.hash(&hash);
            schema::insert(&transaction, event, &hash).map_err(refusal)?;
        }
        transaction.commit().map_err(refusal)?;
        let mut sum = self.sum.borrow_mut();
        for event in &events {
            sum.ledger.record(event);
            sum.last = event.number;
        }
        sum.hash = hash;
        if !events.is_empty() {
            head::write(&self.directory, sum.last);
        }
        Ok(sum.last)
    }

    /// An undo or redo of this author, now.
    fn event(&self, library: &LibraryId, number: u64, act: Act) -> Event {
        Event {
            number,
            step: number,
            library: library.clone(),
            author: self.author.clone(),
            time: (self.clock)(),
            subject: None,
            act,
        }
    }

    /// Writes an undo or redo of the step that `find` names.
    fn turn(
        &mut self,
        library: &LibraryId,
        find: impl FnOnce(&Ledger) -> Option<u64>,
        act: impl FnOnce(u64) -> Act,
        words: &str,
    ) -> Result<Option<Receipt>, StoreError> {
        let mut done = None;
        let event = self.in_transaction(|sum, number| {
            done = find(&sum.ledger);
            let event = done.map(|step| self.event(library, number, act(step)));
            event.into_iter().collect()
        })?;
        Ok(done.map(|step| {
            let deeds = self.sum.borrow().ledger.deeds(step);
            Receipt {
                event,
                summary: format!("{words}: {}", summary::describe(&deeds)),
            }
        }))
    }
}

impl ReviewLog for LocalReviewLog {
    fn read_only(&self) -> Option<String> {
        let sum = self.sum.borrow();
        let why = sum.damage.as_ref().or(sum.unwritable.as_ref());
        why.or(sum.unread.as_ref()).cloned()
    }

    fn append(&mut self, change: &Change) -> Result<Receipt, StoreError> {
        summary::check(&change.deeds)?;
        let time = (self.clock)();
        let event = self.in_transaction(|_, first| {
            let numbered = (first..).zip(&change.deeds);
            numbered
                .map(|(number, (subject, deed))| Event {
                    number,
                    step: first,
                    library: change.library.clone(),
                    author: self.author.clone(),
                    time,
                    subject: Some(subject.clone()),
                    act: Act::Deed(deed.clone()),
                })
                .collect()
        })?;
        let deeds: Vec<Deed> = change.deeds.iter().map(|(_, deed)| deed.clone()).collect();
        Ok(Receipt {
            event,
            summary: summary::describe(&deeds),
        })
    }

    fn undo(&mut self, library: &LibraryId) -> Result<Option<Receipt>, StoreError> {
        let author = self.author.clone();
        let find = |ledger: &Ledger| ledger.undoable(library, &author);
        self.turn(library, find, Act::Undo, "took back")
    }

    fn redo(&mut self, library: &LibraryId) -> Result<Option<Receipt>, StoreError> {
        let author = self.author.clone();
        let find = |ledger: &Ledger| ledger.redoable(library, &author);
        self.turn(library, find, Act::Redo, "brought back")
    }

    fn decisions(&self) -> Result<HashMap<ArticleId, Decision>, StoreError> {
        self.catch_up()?;
        Ok(self.sum.borrow().ledger.decisions().clone())
    }

    fn corrections(&self) -> Result<Vec<Correction>, StoreError> {
        self.catch_up()?;
        Ok(self.sum.borrow().ledger.corrections())
    }

    fn subjects(&self, library: &LibraryId) -> Result<Vec<Subject>, StoreError> {
        let mut latest: HashMap<ArticleId, Subject> = HashMap::new();
        self.events(&mut |event, _| {
            if let Some(subject) = event.subject.as_ref().filter(|_| event.library == *library) {
                if let Act::Deed(Deed::Rebind { from }) = &event.act {
                    latest.remove(from);
                }
                latest.insert(subject.article, subject.clone());
            }
            true
        })?;
        let sum = self.sum.borrow();
        let corrected = sum.ledger.corrected();
        let decided = |subject: &Subject| {
            let id = &subject.article;
            sum.ledger.decisions().contains_key(id) || corrected.contains(id)
        };
        Ok(latest.into_values().filter(decided).collect())
    }

    fn revision(&self) -> Result<u64, StoreError> {
        self.catch_up()?;
        Ok(self.sum.borrow().last)
    }
}
