//! A library in memory, handed in whole.
//!
//! It works every answer out anew and refuses pages without rows, cursors of another query, of another library or of
//! its own that were kept while decisions changed, and decisions about nothing.

use std::cmp::Ordering;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::cancel::Cancel;
use crate::formats::Record;
use crate::group::{Group, Grouping};
use crate::model::ArticleId;
use crate::query;
use crate::store::collection::{Collection, Decisions, Row};
use crate::store::traits::Library;
use crate::store::types::{By, Count, Cursor, Entry, Find, LibraryId, Page, StoreError};

/// A library of articles that a test made up.
#[derive(Debug)]
pub struct MemoryLibrary {
    id: LibraryId,
    collection: Collection,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    decisions: Decisions,
    /// Changes with the decisions: cursors from before are refused.
    generation: u64,
}

impl MemoryLibrary {
    /// Holds records; `groups` says which are versions of one another, the best first.
    pub fn new(name: &str, records: Vec<Record>, groups: &[Vec<ArticleId>]) -> Self {
        let mut collection = Collection::new(records, &[]);
        let grouping = Grouping {
            groups: groups
                .iter()
                .map(|members| Group {
                    members: members.clone(),
                    links: Vec::new(),
                })
                .collect(),
            relations: Vec::new(),
        };
        collection.set_groups(&grouping, |versions| {
            (0..versions.len()).map(|at| (at, None)).collect()
        });
        Self {
            id: LibraryId(name.to_owned()),
            collection,
            state: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a cursor must begin with to be one of this list.
    fn list(&self, find: &Find, generation: u64) -> String {
        let Self { id, .. } = self;
        format!("{} {:?} {:?} {generation}", id.0, find.by, find.query)
    }

    fn rows<'a>(&'a self, find: &Find, decisions: &'a Decisions) -> Vec<Row<'a>> {
        let all = (0..self.collection.members.len())
            .filter_map(|place| self.collection.row(place, decisions));
        let mut rows: Vec<Row<'_>> = all.filter(|row| query::matches(&find.query, row)).collect();
        if find.by == By::Group {
            let everything = rows.clone();
            // The lead is the first version that matches: no other match of the group stands in front of it.
            rows.retain(|row| {
                let matches = |place: &&usize| everything.iter().any(|it| it.place == **place);
                row.group.order.iter().find(matches) == Some(&row.place)
            });
        }
        rows.sort_by(|a, b| {
            let ids = || a.member.article.id.cmp(&b.member.article.id);
            match query::compare(&find.query, a, b) {
                Ordering::Equal => ids(),
                other => other,
            }
        });
        rows.truncate(find.query.limit.unwrap_or(usize::MAX));
        rows
    }
}

impl Library for MemoryLibrary {
    fn id(&self) -> LibraryId {
        self.id.clone()
    }

    fn find(&self, find: &Find, cancel: &Cancel) -> Result<Page, StoreError> {
        if cancel.is_cancelled() {
            return Err(StoreError::Cancelled);
        }
        if find.limit == 0 {
            return Err(StoreError::Refused("a page without rows".into()));
        }
        let state = self.state();
        let list = self.list(find, state.generation);
        let start: usize = match &find.after {
            None => 0,
            Some(Cursor(text)) => text
                .strip_prefix(&list)
                .and_then(|rest| rest.trim_start().parse().ok())
                .ok_or_else(|| StoreError::Refused("a cursor of another list".into()))?,
        };
        let rows = self.rows(find, &state.decisions);
        let end = rows.len().min(start + find.limit);
        let shown = rows.get(start..end).unwrap_or_default();
        Ok(Page {
            hits: shown
                .iter()
                .map(|row| self.collection.hit(row, find.by))
                .collect(),
            count: Count::Exact(rows.len() as u64),
            next: (end < rows.len()).then(|| Cursor(format!("{list} {end}"))),
        })
    }

    fn entry(&self, id: ArticleId, cancel: &Cancel) -> Result<Entry, StoreError> {
        if cancel.is_cancelled() {
            return Err(StoreError::Cancelled);
        }
        let state = self.state();
        let place = self.collection.place(id);
        let row = place.and_then(|place| self.collection.row(place, &state.decisions));
        let row = row.ok_or(StoreError::NoArticle(id))?;
        Ok(self.collection.entry(&row))
    }

    /// # Panics
    /// When a decision says nothing: stores leave such articles out.
    fn set_decisions(&self, decisions: Decisions) {
        assert!(
            !decisions.values().any(crate::model::Decision::is_empty),
            "an article without a decision must be left out"
        );
        let mut state = self.state();
        state.decisions = decisions;
        state.generation += 1;
    }
}
