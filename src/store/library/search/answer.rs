//! The answer to a query, and its pages.

use std::sync::Arc;

use roaring::RoaringBitmap;

use super::paper::Paper;
use super::plan::Found;
use super::snapshot::{Snapshot, Stamps};
use super::{By, Count, Cursor, Find, Order, Page, Query};

/// What is known of the answer to a query.
#[derive(Debug)]
pub struct Answer {
    pub query: Arc<Query>,
    by: By,
    pub stamps: Stamps,
    pub found: Found,
    /// The rows of the list: for groups, the first version of each that matches.
    rows: RoaringBitmap,
}

impl Answer {
    /// The answer as far as it is found.
    pub fn new(snapshot: &Snapshot<'_>, find: &Find, order: &Order, found: Found) -> Self {
        let mut rows = match find.by {
            By::Article => found.yes.clone(),
            By::Group => leads(snapshot, &found.yes),
        };
        if let Some(limit) = find.query.limit {
            rows = order.after(&rows, None).take(limit).collect();
        }
        Self {
            query: Arc::clone(&find.query),
            by: find.by,
            stamps: snapshot.stamps(),
            found,
            rows,
        }
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
        let mut rows = order
            .after(&self.rows, after)
            .take_while(|number| order.rank(*number) <= last);
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

/// Of each group the first version, in the order of the group, that is among the matches.
fn leads(snapshot: &Snapshot<'_>, matches: &RoaringBitmap) -> RoaringBitmap {
    let mut leads = RoaringBitmap::new();
    let mut all: Vec<u32> = Vec::new();
    for number in matches {
        let versions = snapshot.versions(number);
        // The best version is the lead wherever it matches: nobody else of its group needs to be looked at.
        let lead = versions
            .iter()
            .find(|it| **it == number || matches.contains(**it));
        if lead == Some(&number) {
            all.push(number);
        }
    }
    leads.extend(all);
    leads
}
