//! How the log is read: what others wrote is taken in, the chain is checked, and what is broken is noted.

use std::path::PathBuf;

use rusqlite::Connection;

use super::event::{GENESIS, Hash};
use super::ledger::Ledger;
use super::schema::State;
use super::{FILE, LocalReviewLog, head, schema};
use crate::store::ingest::reason;
use crate::store::types::StoreError;

/// What was read so far.
pub(super) struct Sum {
    pub(super) ledger: Ledger,
    pub(super) last: u64,
    pub(super) hash: Hash,
    /// Why nothing can be written: permissions, a newer layout.
    pub(super) unwritable: Option<String>,
    /// Why the log could not be read when it was last tried: it is locked, say. Passes with the next success.
    pub(super) unread: Option<String>,
    /// What is broken behind the sound prefix.
    pub(super) damage: Option<String>,
    /// The log was read once and reaches as far as was noted.
    complete: bool,
    /// The bytes of the file were other than they were sealed.
    pub(super) is_broken: bool,
    /// Events were written since the log was sealed.
    pub(super) is_open: bool,
    /// The seal was looked at.
    seal_seen: bool,
}

impl Sum {
    pub(super) fn new() -> Self {
        Self {
            ledger: Ledger::default(),
            last: 0,
            hash: GENESIS,
            unwritable: None,
            unread: None,
            damage: None,
            complete: false,
            is_broken: false,
            is_open: false,
            seal_seen: false,
        }
    }

    /// Nothing was read yet; what is known of the file itself stays.
    pub(super) fn forget(&mut self) {
        self.ledger = Ledger::default();
        self.last = 0;
        self.hash = GENESIS;
    }
}

impl LocalReviewLog {
    pub(super) fn file(&self) -> PathBuf {
        self.directory.join(FILE)
    }

    /// Connects if there is something to connect to. Without `create`, a log that is not there stays so.
    pub(super) fn connect(&self, create: bool) -> Result<(), StoreError> {
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
    pub(super) fn catch_up(&self) -> Result<(), StoreError> {
        if self.sum.borrow().damage.is_some() {
            return Ok(());
        }
        // The note is read before the events: what is added in between is no event that is missing.
        let complete = self.sum.borrow().complete;
        let noted = (!complete).then(|| head::read(&self.directory).map_or(0, |it| it.newest));
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
    pub(super) fn read_leniently(&self) {
        let Ok(damaged) = schema::open_damaged(&self.file()) else {
            return;
        };
        // It ends with an error, as before; what came before the error counts.
        let _ = self.read_on(&damaged);
        *self.connection.borrow_mut() = Some(damaged);
    }

    pub(super) fn mark_damaged(&self, why: String) {
        let mut sum = self.sum.borrow_mut();
        let sound = sum.last;
        sum.damage = Some(format!(
            "{}: {why}; events 1 to {sound} are sound and are used. Keep a copy of the file, then run `recto review \
             repair`",
            self.file().display()
        ));
    }

    /// Reads the events behind the last known one and checks the chain.
    pub(super) fn read_on(&self, connection: &Connection) -> Result<(), StoreError> {
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
            sum.ledger.record(&event.row());
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

    /// Looks once whether the file is as it was sealed, before it is written: a seal that was broken must not be mended by
    /// the next change. What cannot be read says nothing.
    pub(super) fn look_at_seal(&self) {
        if std::mem::replace(&mut self.sum.borrow_mut().seal_seen, true) {
            return;
        }
        let seal = self.with_lock(|last| {
            let head = head::read(&self.directory).filter(|it| it.newest == last);
            Some((head?.seal?, head::seal(&self.file()).ok()?))
        });
        if let Some((then, now)) = seal {
            self.sum.borrow_mut().is_broken = then != now;
        }
    }

    /// Seals the log, when it was written since: all its bytes are read once more.
    pub(super) fn seal(&self) {
        if !std::mem::replace(&mut self.sum.borrow_mut().is_open, false) {
            return;
        }
        let is_broken = self.sum.borrow().is_broken;
        let head = self.with_lock(|last| match is_broken {
            true => Some(head::Head::new(last, true)),
            false => Some(super::sealed(&self.file(), last)),
        });
        if let Some(head) = head {
            head::write(&self.directory, &head);
        }
    }

    /// Does something while nobody writes; `work` is told the number of the last event.
    fn with_lock<T>(&self, work: impl FnOnce(u64) -> Option<T>) -> Option<T> {
        let connection = self.connection.borrow();
        let transaction = connection.as_ref()?.unchecked_transaction().ok()?;
        let last = schema::last(&transaction).ok()?;
        work(last)
    }

    /// Compares the log with the note of how far it reached.
    pub(super) fn look_for_missing_events(&self, noted: u64) {
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
    pub(super) fn writable(&self) -> Result<(), StoreError> {
        let sum = self.sum.borrow();
        match (&sum.damage, sum.unwritable.as_ref().or(sum.unread.as_ref())) {
            (Some(why), _) => Err(StoreError::Damaged(why.clone())),
            (None, Some(why)) => Err(StoreError::ReadOnly(why.clone())),
            (None, None) => Ok(()),
        }
    }
}
