//! The answer to a query, and its pages.

use std::io;
use std::sync::Arc;

use roaring::RoaringBitmap;

use super::paper::Paper;
use super::plan::Found;
use super::relevance::ranked;
use super::snapshot::{Snapshot, Stamps};
use super::{By, Count, Cursor, Edge, Find, Order, Page, Query};
use crate::cancel::Cancel;
use crate::query::relevance;

/// What is known of the answer to a query.
#[derive(Debug)]
pub struct Answer {
    pub query: Arc<Query>,
    by: By,
    pub stamps: Stamps,
    pub found: Found,
    /// The rows of the list: for groups, the first version of each that matches.
    rows: RoaringBitmap,
    /// The rows by relevance, when that is their order.
    ranked: Option<Vec<u32>>,
}

impl Answer {
    /// The answer as far as it is found.
    pub fn new(snapshot: &Snapshot<'_>, find: &Find, order: &Order, found: Found) -> Self {
        let mut rows = match find.by {
            By::Article => found.yes.clone(),
            By::Group => snapshot.standings.leads(&found.yes),
        };
        let limit = find.query.limit;
        if let Some(limit) = limit.filter(|_| relevance::by_relevance(&find.query).is_none()) {
            rows = order.walk(&rows, Edge::Top, None).take(limit).collect();
        }
        Self {
            query: Arc::clone(&find.query),
            by: find.by,
            stamps: snapshot.stamps(),
            found,
            rows,
            ranked: None,
        }
    }

    /// Puts the rows into the order of relevance. Half of it when it is called off.
    pub fn rank(
        &mut self,
        snapshot: &Snapshot<'_>,
        order: &Order,
        cancel: &Cancel,
    ) -> io::Result<()> {
        let mut ranked = ranked(snapshot, &self.query, &self.rows, order, cancel)?;
        if let Some(limit) = self.query.limit {
            ranked.truncate(limit);
            self.rows = ranked.iter().copied().collect();
        }
        self.ranked = Some(ranked);
        Ok(())
    }

    /// The rows from one end of the list, behind an article.
    fn rows<'a>(
        &'a self,
        order: &'a Order,
        from: Edge,
        after: Option<u32>,
    ) -> Box<dyn Iterator<Item = u32> + 'a> {
        let Some(ranked) = &self.ranked else {
            return order.walk(&self.rows, from, after);
        };
        let after = after.and_then(|after| ranked.iter().position(|it| *it == after));
        let rest = match from {
            Edge::Top => ranked.get(after.map_or(0, |at| at + 1)..),
            Edge::Bottom => ranked.get(..after.unwrap_or(ranked.len())),
        };
        from.first(rest.unwrap_or_default().iter().copied())
    }

    /// Says whether it answers that.
    pub fn is_for(&self, query: &Query, by: By, stamps: Stamps) -> bool {
        self.stamps == stamps && self.by == by && *self.query == *query
    }

    /// Says whether nothing is left to be read.
    pub fn is_whole(&self) -> bool {
        self.found.is_certain()
    }

    /// One page, from behind an article on. Of an answer that is still worked out it ends at the article up to which
    /// all hits are known.
    pub fn page(
        &self,
        snapshot: &Snapshot<'_>,
        order: &Order,
        find: &Find,
        after: Option<u32>,
        seen: Option<u32>,
    ) -> Page {
        let last = seen.map_or(u32::MAX, |seen| order.rank(seen));
        let mut rows = self
            .rows(order, find.from, after)
            .take_while(|number| seen.is_none() || order.rank(*number) <= last);
        let shown: Vec<u32> = rows.by_ref().take(find.limit).collect();
        let more = rows.next().is_some() || seen.is_some();
        let paper = |number: &u32| Paper::read(snapshot, *number).ok().flatten();
        // A row that cannot be read is left out: the library says at its opening what is damaged.
        let hits: Vec<_> = shown
            .iter()
            .filter_map(|number| paper(number)?.hit(find.by).ok())
            .collect();
        let count = self.rows.len();
        Page {
            count: match seen {
                None => Count::Exact(count),
                Some(_) => Count::AtLeast(count),
            },
            next: hits
                .last()
                .filter(|_| more)
                .map(|hit| Cursor(hit.id.to_string())),
            hits,
        }
    }
}
