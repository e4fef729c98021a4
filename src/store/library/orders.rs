//! The orders of a list: every article at its place, so that a page is a walk and not a sort.
//!
//! The order without a `sort:` (newest first, then by title and id) hangs only on what never changes, so it grows with
//! the library: what is new is sorted and put in between. Other orders are computed once for all articles and kept
//! until articles or groups change.

mod keys;
mod names;
mod stored;

use std::io;
use std::path::Path;
use std::sync::Arc;

use roaring::RoaringBitmap;

use super::search::Snapshot;
use crate::cancel::Cancel;
use crate::query::Sort;
use crate::store::types::Edge;
use names::Names;

/// Every article at its place.
#[derive(Debug, Default)]
pub struct Order {
    /// The numbers of the articles, the first one first.
    numbers: Vec<u32>,
    /// The place of each number.
    ranks: Vec<u32>,
}

/// The orders that are known.
#[derive(Debug, Default)]
pub struct Orders {
    newest: Arc<Order>,
    names: Names,
    others: Vec<Other>,
}

#[derive(Debug)]
struct Other {
    sort: Vec<Sort>,
    articles: u64,
    groups: u64,
    order: Arc<Order>,
}

/// So many orders are kept besides that by date.
const KEPT: usize = 3;

/// A list of fewer hits than this share of all articles is sorted by their places; of more, the order is walked.
const SPARSE: u64 = 64;

impl Order {
    /// The order of these articles. None where one of the numbers from 0 on is missing or stands there twice.
    fn new(numbers: Vec<u32>) -> Option<Self> {
        let mut ranks = vec![u32::MAX; numbers.len()];
        for (rank, number) in (0..).zip(&numbers) {
            let place = ranks.get_mut(*number as usize)?;
            if std::mem::replace(place, rank) != u32::MAX {
                return None;
            }
        }
        Some(Self { numbers, ranks })
    }

    /// Stores the order of the articles below `sealed`; those behind are not on disk.
    pub fn store(&self, path: &Path, identity: u64, sealed: u32) -> io::Result<()> {
        let numbers = self.numbers.iter().copied();
        let sealed = numbers.filter(|number| *number < sealed);
        stored::write(path, identity, sealed)
    }

    /// The place of an article.
    pub fn rank(&self, number: u32) -> u32 {
        self.ranks.get(number as usize).copied().unwrap_or(u32::MAX)
    }

    /// The hits in this order, from one end of it, behind an article.
    pub fn walk<'a>(
        &'a self,
        hits: &'a RoaringBitmap,
        from: Edge,
        after: Option<u32>,
    ) -> Box<dyn Iterator<Item = u32> + 'a> {
        let after = after.map(|number| self.rank(number));
        let ranks = match from {
            Edge::Top => after.map_or(0, |rank| rank.saturating_add(1))..u32::MAX,
            Edge::Bottom => 0..after.unwrap_or(u32::MAX),
        };
        if hits.len() < self.numbers.len() as u64 / SPARSE {
            let ranked = hits.iter().map(|number| (self.rank(number), number));
            let mut ranked: Vec<(u32, u32)> =
                ranked.filter(|(rank, _)| ranks.contains(rank)).collect();
            ranked.sort_unstable();
            return from.first(ranked.into_iter().map(|(_, number)| number));
        }
        let last = self.numbers.len().min(ranks.end as usize);
        let rest = self.numbers.get(ranks.start as usize..last);
        let rest = rest.unwrap_or_default().iter().copied();
        from.first(rest.filter(|number| hits.contains(*number)))
    }
}

impl Orders {
    /// Takes over the order by date that was stored for the articles from 0 on. Those behind are put in between when a
    /// list is asked for.
    pub fn load(&mut self, path: &Path, identity: u64) -> io::Result<()> {
        let order = Order::new(stored::read(path, identity)?);
        self.newest = Arc::new(order.ok_or_else(stored::damaged)?);
        Ok(())
    }

    /// The order of a list that is sorted so. None when it was called off.
    pub fn by(
        &mut self,
        sort: &[Sort],
        snapshot: &Snapshot<'_>,
        cancel: &Cancel,
    ) -> io::Result<Option<Arc<Order>>> {
        let Some(newest) = self.newest(snapshot, cancel)? else {
            return Ok(None);
        };
        if sort.is_empty() {
            return Ok(Some(newest));
        }
        let (articles, groups) = (snapshot.articles, snapshot.groups);
        let of_now = |it: &Other| it.articles == articles && it.groups == groups;
        self.others.retain(of_now);
        if let Some(known) = self.others.iter().find(|it| it.sort == sort) {
            return Ok(Some(Arc::clone(&known.order)));
        }
        let mut keys = Vec::new();
        for sort in sort {
            let Some(column) = keys::keys(*sort, snapshot, &mut self.names, cancel)? else {
                return Ok(None);
            };
            keys.push(column);
        }
        let key = |column: &Vec<u64>, number: u32| column.get(number as usize).copied();
        let first = keys.first();
        let mut numbers: Vec<(Option<u64>, u32)> = (0..snapshot.end())
            .map(|number| (first.and_then(|column| key(column, number)), number))
            .collect();
        let rest = keys.get(1..).unwrap_or_default();
        numbers.sort_unstable_by(|(first, a), (second, b)| {
            let then = || {
                let mut orders = rest.iter().map(|it| key(it, *a).cmp(&key(it, *b)));
                orders
                    .find(|order| order.is_ne())
                    .unwrap_or_else(|| newest.rank(*a).cmp(&newest.rank(*b)))
            };
            first.cmp(second).then_with(then)
        });
        let order = Order::new(numbers.into_iter().map(|(_, number)| number).collect());
        // All numbers stand there, each once.
        let order = Arc::new(order.unwrap_or_default());
        self.others.insert(
            0,
            Other {
                sort: sort.to_vec(),
                articles,
                groups,
                order: Arc::clone(&order),
            },
        );
        self.others.truncate(KEPT);
        Ok(Some(order))
    }

    /// The order without a `sort:`.
    fn newest(
        &mut self,
        snapshot: &Snapshot<'_>,
        cancel: &Cancel,
    ) -> io::Result<Option<Arc<Order>>> {
        let known = u32::try_from(self.newest.numbers.len()).unwrap_or(u32::MAX);
        if known > snapshot.end() {
            // Another library than before: it was rebuilt.
            *self = Self::default();
            return self.newest(snapshot, cancel);
        }
        if known < snapshot.end() {
            let added = names::by_date(known..snapshot.end(), snapshot, cancel)?;
            let Some(added) = added.filter(|_| !cancel.is_cancelled()) else {
                return Ok(None);
            };
            let all = names::merge(&self.newest.numbers, &added, snapshot)?;
            // All numbers stand there, each once.
            self.newest = Arc::new(Order::new(all).unwrap_or_default());
        }
        Ok(Some(Arc::clone(&self.newest)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_order_is_refused() {
        assert!(Order::new(vec![2, 0, 1]).is_some_and(|it| it.rank(0) == 1));
        assert!(Order::new(vec![0, 0]).is_none());
        assert!(Order::new(vec![0, 2]).is_none());
    }
}
