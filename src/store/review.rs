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
use std::sync::Arc;

use rusqlite::Connection;

use super::traits::ReviewLog;
use super::types::{
    Authors, Change, Correction, Decisions, Deed, Filter, LibraryId, Receipt, StoreError, Subject,
};
use crate::group::Sketch;
use crate::model::ArticleId;
use ledger::Ledger;
use reading::Sum;

mod event;
mod head;
pub mod jsonl;
mod ledger;
pub mod merge;
mod reading;
pub mod repair;
mod schema;
pub(crate) mod summary;
mod writing;

pub use event::{Act, Event};
pub use schema::FILE;
pub use summary::{check_filter_name, check_tag, note_text};

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

    /// The sound events, in order.
    pub fn all_events(&self) -> Result<Vec<Event>, StoreError> {
        let mut all = Vec::new();
        self.events(&mut |event, _| {
            all.push(event.clone());
            true
        })?;
        Ok(all)
    }

    /// Says whether it was written by this process.
    pub fn has_written(&self) -> bool {
        self.sum.borrow().is_open
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
        // Behind the last sound event a damaged row may stand with any number.
        let mut newest = 0;
        schema::events(connection, 1, &mut |event, hash| {
            let is_sound = (newest + 1..=last).contains(&event.number);
            newest = event.number;
            is_sound && visit(&event, &hash)
        })
    }
}

impl Drop for LocalReviewLog {
    fn drop(&mut self) {
        self.seal();
    }
}

/// The note beside a file that ends with that event and that nobody writes to.
fn sealed(file: &Path, newest: u64) -> head::Head {
    head::Head {
        newest,
        seal: head::seal(file).ok(),
    }
}

impl ReviewLog for LocalReviewLog {
    fn settle(&mut self) {
        self.seal();
    }

    fn read_only(&self) -> Option<String> {
        let sum = self.sum.borrow();
        let why = sum.damage.as_ref().or(sum.unwritable.as_ref());
        why.or(sum.unread.as_ref()).cloned()
    }

    fn append(&mut self, change: &Change) -> Result<Receipt, StoreError> {
        let mut receipts = self.append_each(std::slice::from_ref(change))?;
        let receipt = receipts.pop();
        receipt.ok_or_else(|| StoreError::Refused("a change without deeds".into()))
    }

    fn save_filter(
        &mut self,
        library: &LibraryId,
        name: &str,
        query: Option<&str>,
    ) -> Result<Receipt, StoreError> {
        summary::check_filter_name(name).map_err(StoreError::Refused)?;
        let act = Act::Filter {
            name: name.to_owned(),
            query: query.map(str::to_owned),
        };
        let event = self.in_transaction(|_, number| vec![self.row(library, number, act)])?;
        Ok(Receipt {
            event,
            summary: summary::describe_filter(name, query),
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

    fn decisions(&self) -> Result<Arc<Decisions>, StoreError> {
        self.catch_up()?;
        Ok(Arc::clone(self.sum.borrow().ledger.decisions()))
    }

    fn corrections(&self) -> Result<Vec<Correction>, StoreError> {
        self.catch_up()?;
        Ok(self.sum.borrow().ledger.corrections())
    }

    fn others(&self) -> Result<Authors, StoreError> {
        self.catch_up()?;
        Ok(self.sum.borrow().ledger.others(&self.author))
    }

    fn filters(&self) -> Result<Vec<Filter>, StoreError> {
        self.catch_up()?;
        Ok(self.sum.borrow().ledger.filters())
    }

    fn subjects(&self, library: &LibraryId) -> Result<Vec<Subject>, StoreError> {
        let mut latest: HashMap<ArticleId, Subject> = HashMap::new();
        self.events(&mut |event, _| {
            let subject = event.subject.as_ref();
            let subject = subject.filter(|_| event.library == *library);
            match (subject, &event.act) {
                // It says nothing of where the article stands.
                (_, Act::Deed(Deed::Sketch(_))) | (None, _) => {}
                (Some(subject), act) => {
                    if let Act::Deed(Deed::Rebind { from }) = act {
                        latest.remove(from);
                    }
                    latest.insert(subject.article, subject.clone());
                }
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

    fn unsketched(&self) -> Result<Vec<ArticleId>, StoreError> {
        self.catch_up()?;
        let sum = self.sum.borrow();
        Ok(sum.ledger.unsketched().iter().copied().collect())
    }

    fn sketches(&self) -> Result<HashMap<ArticleId, Sketch>, StoreError> {
        let mut all = HashMap::new();
        self.events(&mut |event, _| {
            if let (Some(subject), Act::Deed(Deed::Sketch(sketch))) = (&event.subject, &event.act) {
                all.extend(sketch.parse().ok().map(|it| (subject.article, it)));
            }
            true
        })?;
        Ok(all)
    }

    fn revision(&self) -> Result<u64, StoreError> {
        self.catch_up()?;
        Ok(self.sum.borrow().last)
    }
}
