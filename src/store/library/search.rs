//! Search over sealed segments and the articles in memory behind them.
//!
//! Every term of a query that a column, a dictionary, the text index, the groups or the decisions can answer becomes a
//! bitmap of article numbers; the others become candidates. What is certain and what is possible are carried through
//! AND, OR and NOT side by side (`plan`), and only what is possible and not certain is read and asked the query itself
//! (`verify`), in the order of the list, so that the first hits are there first. `query::eval` is the truth: a
//! [`Paper`] is what it sees of an article. Articles in memory are scanned.

mod answer;
mod bits;
mod decided;
mod paper;
mod plan;
mod relevance;
mod snapshot;
mod terms;
#[cfg(test)]
mod tests;
mod verify;

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::orders::{Order, Orders};
use crate::cancel::Cancel;
use crate::query::{self, Query};
use crate::store::types::{By, Count, Cursor, Edge, Find, Page, StoreError};

pub use decided::Decided;
pub use paper::Paper;
pub use snapshot::{Records, Snapshot, Stamps, Standings, Tail, Texts};

use answer::Answer;
use plan::Found;
use terms::Terms;
pub use terms::{of_source, with_id};

/// Answers queries. Lives as long as the library and keeps what the next query may need again.
#[derive(Debug, Default)]
pub struct Searcher {
    orders: Mutex<Orders>,
    answers: Mutex<Vec<Arc<Answer>>>,
    terms: Terms,
}

/// So many answers are kept, the newest first.
const ANSWERS: usize = 8;

impl Searcher {
    /// One that hands over first hits as soon as words are as common as this.
    #[cfg(test)]
    fn eager(common: u64) -> Self {
        Self {
            terms: Terms::new(common),
            ..Self::default()
        }
    }

    /// Some hits of a query, in its order, with how many there are in all. While articles have to be read to tell,
    /// `partial` gets what is certain so far: hits that stay, with a count that grows. Work that is called off keeps
    /// what it found and goes on there when the same is asked again.
    pub fn find(
        &self,
        snapshot: &Snapshot<'_>,
        find: &Find,
        cancel: &Cancel,
        partial: &mut dyn FnMut(Page),
    ) -> Result<Page, StoreError> {
        if cancel.is_cancelled() {
            return Err(StoreError::Cancelled);
        }
        let order = self.order(snapshot, &find.query, cancel)?;
        let after = self.place(snapshot, find)?;
        let answer = self.answer(snapshot, find, &order, cancel, &mut |answer, seen| {
            // What is read last stands at the bottom.
            if find.from == Edge::Top {
                partial(answer.page(snapshot, &order, find, after, Some(seen)));
            }
        })?;
        Ok(answer.page(snapshot, &order, find, after, None))
    }

    /// Takes over the order by date that [`store_order`](Self::store_order) wrote for the library of that identity. An
    /// error when the file is missing, damaged, or of another library or version: then the first list works it out.
    pub fn load_order(&self, path: &Path, identity: u64) -> io::Result<()> {
        locked(&self.orders).load(path, identity)
    }

    /// Stores the order by date of the sealed articles; it is worked out where it is not known.
    pub fn store_order(
        &self,
        snapshot: &Snapshot<'_>,
        path: &Path,
        identity: u64,
    ) -> io::Result<()> {
        let order = locked(&self.orders).by(&[], snapshot, &Cancel::new())?;
        order.map_or(Ok(()), |order| {
            order.store(path, identity, snapshot.sealed())
        })
    }

    /// The article that a page begins behind.
    fn place(&self, snapshot: &Snapshot<'_>, find: &Find) -> Result<Option<u32>, StoreError> {
        let Some(Cursor(last)) = &find.after else {
            return Ok(None);
        };
        let id = last.parse().ok();
        let number = id.map(|id| snapshot.number(id)).transpose().map_err(disk)?;
        let number = number.flatten();
        let elsewhere = || StoreError::Refused("this place in the list is from elsewhere".into());
        number.map(Some).ok_or_else(elsewhere)
    }

    fn order(
        &self,
        snapshot: &Snapshot<'_>,
        query: &Query,
        cancel: &Cancel,
    ) -> Result<Arc<Order>, StoreError> {
        let mut orders = locked(&self.orders);
        let order = orders.by(&query.sort, snapshot, cancel).map_err(disk)?;
        order.ok_or(StoreError::Cancelled)
    }

    /// The answer to a query: one that is known, or worked out from the narrowest that is.
    fn answer(
        &self,
        snapshot: &Snapshot<'_>,
        find: &Find,
        order: &Order,
        cancel: &Cancel,
        partial: &mut dyn FnMut(&Answer, u32),
    ) -> Result<Arc<Answer>, StoreError> {
        let stamps = snapshot.stamps();
        let known = locked(&self.answers)
            .iter()
            .find(|it| it.is_for(&find.query, find.by, stamps))
            .cloned();
        let by_relevance = query::relevance::by_relevance(&find.query).is_some();
        let tell = &mut |found: &Found, seen| {
            // The best hit may be the last one that is read.
            if !by_relevance {
                let answer = Answer::new(snapshot, find, order, found.clone());
                partial(&answer, seen);
            }
        };
        let mut found = match known {
            Some(answer) if answer.is_whole() => return Ok(answer),
            Some(answer) => answer.found.clone(),
            None => {
                let glimpse = &mut |mut found| {
                    if !by_relevance {
                        let query = &find.query;
                        let seen = verify::glimpse(snapshot, query, order, &mut found, cancel)?;
                        seen.into_iter().for_each(|seen| tell(&found, seen));
                    }
                    Ok(())
                };
                let mut found = plan::find(snapshot, &find.query, &self.terms, cancel, glimpse)?;
                self.narrow(&find.query, stamps, &mut found);
                found
            }
        };
        let keep = |answer: Answer| {
            let answer = Arc::new(answer);
            let mut answers = locked(&self.answers);
            answers.retain(|it| !it.is_for(&find.query, find.by, stamps) && it.stamps == stamps);
            answers.insert(0, Arc::clone(&answer));
            answers.truncate(ANSWERS);
            answer
        };
        let verified = verify::verify(snapshot, &find.query, order, &mut found, cancel, tell);
        let mut answer = Answer::new(snapshot, find, order, found);
        if by_relevance && verified.is_ok() {
            answer.rank(snapshot, order, cancel).map_err(disk)?;
            if cancel.is_cancelled() {
                return Err(StoreError::Cancelled);
            }
        }
        let answer = keep(answer);
        verified.map(|()| answer)
    }

    /// What a query asks that this one asks too has narrowed down what is possible already.
    fn narrow(&self, query: &Query, stamps: Stamps, found: &mut Found) {
        if found.is_certain() {
            return;
        }
        for known in locked(&self.answers).iter() {
            if known.is_whole() && known.stamps == stamps && plan::includes(&known.query, query) {
                found.maybe &= &known.found.yes;
            }
        }
    }
}

/// Whatever panicked while it held the lock left a whole value: what is kept here may be old, never half.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What the library says when its files cannot be read.
fn disk(error: io::Error) -> StoreError {
    StoreError::Io(format!("the library cannot be read: {error}"))
}
