//! How the log is written: one transaction a change, and only ever at its end.

use std::borrow::Cow;

use rusqlite::{Transaction, TransactionBehavior};

use super::event::{Act, Event, Row};
use super::head::{self, Head};
use super::ledger::Ledger;
use super::merge::{self, Merge};
use super::reading::Sum;
use super::schema::State;
use super::{LocalReviewLog, schema, summary};
use crate::store::types::{Change, LibraryId, Receipt, StoreError};

impl LocalReviewLog {
    /// Writes the events that `plan` gives, in one transaction that has first taken in what others wrote; `plan` sees
    /// the number of the first.
    pub(super) fn in_transaction<'a>(
        &self,
        plan: impl FnOnce(&Sum, u64) -> Vec<Row<'a>>,
    ) -> Result<u64, StoreError> {
        if self.sum.borrow().unread.is_some() {
            self.catch_up()?;
        }
        self.writable()?;
        self.connect(true)?;
        self.writable()?;
        self.look_at_seal();
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
        let rows = plan(&self.sum.borrow(), first);
        // Dirty a page in any case: only that shows whether the folder takes a journal.
        schema::lift(&transaction).map_err(refusal)?;
        if rows.is_empty() && !new {
            return Ok(self.sum.borrow().last);
        }
        let mut sum = self.sum.borrow_mut();
        let last = sum.hash;
        // Its sum is worked out while it is written, and forgotten where it cannot be: then all is read again.
        let ledger = &mut sum.ledger;
        ledger.reserve(rows.len());
        let written = schema::append(&transaction, last, &rows, |rows| {
            rows.iter().for_each(|row| ledger.record(row));
        });
        let written = written.and_then(|hash| transaction.commit().map(|()| hash));
        sum.hash = match written {
            Ok(hash) => hash,
            Err(error) => {
                sum.forget();
                return Err(refusal(error));
            }
        };
        sum.last = rows.last().map_or(sum.last, |row| row.number);
        if !rows.is_empty() {
            head::write(&self.directory, &Head::new(sum.last, sum.is_broken));
            sum.is_open = true;
        }
        Ok(sum.last)
    }

    /// Appends changes, each a step of its own, in one transaction: all are on disk, or none.
    pub fn append_each(&mut self, changes: &[Change]) -> Result<Vec<Receipt>, StoreError> {
        for change in changes {
            summary::check(&change.deeds)?;
        }
        let time = (self.clock)();
        let mut events = Vec::with_capacity(changes.len());
        self.in_transaction(|_, first| {
            let mut rows = Vec::with_capacity(changes.iter().map(|it| it.deeds.len()).sum());
            let mut number = first;
            for change in changes {
                let step = number;
                for (subject, deed) in &change.deeds {
                    rows.push(Row {
                        number,
                        step,
                        library: &change.library,
                        author: &self.author,
                        time,
                        subject: Some(subject),
                        act: Cow::Owned(Act::Deed(deed.clone())),
                    });
                    number += 1;
                }
                events.push(number - 1);
            }
            rows
        })?;
        let receipts = events.into_iter().zip(changes).map(|(event, change)| {
            let deeds = change.deeds.iter().map(|it| &it.1);
            Receipt {
                event,
                summary: summary::describe(deeds),
            }
        });
        Ok(receipts.collect())
    }

    /// Takes in what another log has and this one has not, by the rule of [`merge`]. Each of its steps stays what it was;
    /// what must be said again is one more step of this author for each library. All are on disk, or none.
    pub fn take_in(&mut self, other: &[Event]) -> Result<Merge, StoreError> {
        loop {
            let own = self.all_events()?;
            let last = own.last().map_or(0, |event| event.number);
            let merge = merge::merge(&own, other, last);
            if merge.new.is_empty() {
                return Ok(merge);
            }
            let time = (self.clock)();
            let mut fits = false;
            self.in_transaction(|sum, first| {
                // Somebody may have written since: then it is worked out again.
                fits = sum.last == last;
                if !fits {
                    return Vec::new();
                }
                let mut rows: Vec<Row<'_>> = merge.new.iter().map(Event::row).collect();
                let mut number = first + rows.len() as u64;
                for step in merge.winners.chunk_by(|one, other| one.0 == other.0) {
                    let first = number;
                    for (library, subject, deed) in step {
                        rows.push(Row {
                            number,
                            step: first,
                            library,
                            author: &self.author,
                            time,
                            subject: Some(subject),
                            act: Cow::Owned(Act::Deed(deed.clone())),
                        });
                        number += 1;
                    }
                }
                rows
            })?;
            if fits {
                return Ok(merge);
            }
        }
    }

    /// A step of one event that is about no article, of this author, now.
    pub(super) fn row<'a>(&'a self, library: &'a LibraryId, number: u64, act: Act) -> Row<'a> {
        Row {
            number,
            step: number,
            library,
            author: &self.author,
            time: (self.clock)(),
            subject: None,
            act: Cow::Owned(act),
        }
    }

    /// Writes an undo or redo of the step that `find` names.
    pub(super) fn turn(
        &mut self,
        library: &LibraryId,
        find: impl FnOnce(&Ledger) -> Option<u64>,
        act: impl FnOnce(u64) -> Act,
        words: &str,
    ) -> Result<Option<Receipt>, StoreError> {
        let mut done = None;
        let event = self.in_transaction(|sum, number| {
            done = find(&sum.ledger);
            let row = done.map(|step| self.row(library, number, act(step)));
            row.into_iter().collect()
        })?;
        Ok(done.map(|step| Receipt {
            event,
            summary: format!("{words}: {}", self.sum.borrow().ledger.describe(step)),
        }))
    }
}
