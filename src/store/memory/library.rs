//! A library in memory, handed in whole.
//!
//! It works every answer out anew and refuses pages without rows, cursors of another query, of another library or of
//! its own that were kept while decisions changed, and decisions about nothing.

use std::cmp::Ordering;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::cancel::Cancel;
use crate::formats::Record;
use crate::group::{Group, Grouping};
use crate::model::{Article, ArticleId};
use crate::query;
use crate::store::boilerplate::Blocks;
use crate::store::collection::{Collection, Decisions, Known, Present, Row};
use crate::store::groups::Groups;
use crate::store::ingest::{Facts, Loaded, NO_PLACE};
use crate::store::statistics;
use crate::store::traits::Library;
use crate::store::types::{
    Authors, Boilerplate, By, Correction, Count, Cursor, Entry, Find, LibraryId, Page, Personal,
    Statistics, StoreError, Why,
};
use crate::store::versions::Score;
use crate::store::why::{self, Related};

/// A library of articles that a test made up.
#[derive(Debug)]
pub struct MemoryLibrary {
    id: LibraryId,
    collection: Collection,
    found: Arc<Grouping>,
    blocks: Arc<Blocks>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    decisions: Decisions,
    personal: Arc<Personal>,
    groups: Groups,
    authors: Authors,
    /// Changes with the decisions and groups: cursors from before are refused.
    generation: u64,
}

impl MemoryLibrary {
    /// Holds records; `groups` says which are versions of one another, the best first.
    pub fn new(name: &str, records: Vec<Record>, groups: &[Vec<ArticleId>]) -> Self {
        let mut collection = Collection::default();
        for record in records {
            let facts = Facts {
                words: record.article.words() as u64,
                place: NO_PLACE,
            };
            let loaded = Loaded::Record(Box::new(record), facts);
            let _ = collection.take(loaded, 0, &Known::new());
        }
        let members = collection.tail().iter();
        let articles: Vec<Arc<Article>> = members.map(|it| Arc::clone(&it.article)).collect();
        let article = |at: usize| articles.get(at).map(Arc::clone);
        let blocks = Blocks::of_articles(articles.len(), article, &Cancel::new());
        let blocks = Arc::new(blocks.unwrap_or_default());
        let found = Arc::new(Grouping {
            groups: groups
                .iter()
                .map(|members| Group {
                    members: members.clone(),
                    links: Vec::new(),
                })
                .collect(),
            relations: Vec::new(),
        });
        let state = State {
            groups: Groups::new(&collection, &found, &blocks, &[], as_given, None),
            ..State::default()
        };
        Self {
            id: LibraryId(name.to_owned()),
            collection,
            found,
            blocks,
            state: Mutex::new(state),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a cursor must begin with to be one of this list.
    fn list(&self, find: &Find, generation: u64) -> String {
        let Self { id, .. } = self;
        format!(
            "{} {:?} {:?} {:?} {generation}",
            id.0, find.by, find.from, find.query
        )
    }

    fn present<'a>(&'a self, state: &'a State) -> Present<'a> {
        Present {
            collection: &self.collection,
            groups: &state.groups,
            decisions: &state.decisions,
            personal: &state.personal,
        }
    }

    fn rows<'a>(&'a self, find: &Find, present: Present<'a>) -> Vec<Row<'a>> {
        let all = (0..self.collection.len()).filter_map(|place| present.row(place));
        let mut rows: Vec<Row<'_>> = all.filter(|row| query::matches(&find.query, row)).collect();
        if find.by == By::Group {
            let everything = rows.clone();
            // The lead is the first version that matches: no other match of the group stands in front of it.
            rows.retain(|row| {
                let matches = |at: &&u32| everything.iter().any(|it| it.place == **at as usize);
                let lead = row.versions.iter().find(matches);
                lead.is_some_and(|at| *at as usize == row.place)
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

    fn inputs(&self) -> Vec<PathBuf> {
        Vec::new()
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
        let present = self.present(&state);
        let rows: Vec<Row<'_>> = find
            .from
            .first(self.rows(find, present).into_iter())
            .collect();
        let end = rows.len().min(start + find.limit);
        let shown = rows.get(start..end).unwrap_or_default();
        Ok(Page {
            hits: shown.iter().map(|row| present.hit(row, find.by)).collect(),
            count: Count::Exact(rows.len() as u64),
            next: (end < rows.len()).then(|| Cursor(format!("{list} {end}"))),
        })
    }

    fn entry(&self, id: ArticleId, cancel: &Cancel) -> Result<Entry, StoreError> {
        if cancel.is_cancelled() {
            return Err(StoreError::Cancelled);
        }
        let state = self.state();
        let present = self.present(&state);
        Ok(present.entry(&present.row_of(id)?))
    }

    fn why(&self, id: ArticleId, cancel: &Cancel) -> Result<Why, StoreError> {
        if cancel.is_cancelled() {
            return Err(StoreError::Cancelled);
        }
        let state = self.state();
        let present = self.present(&state);
        let row = present.row_of(id)?;
        let relations = Related::Found(state.groups.relations(&present.versions(&row)));
        Ok(why::why(present, &row, &relations, &state.authors))
    }

    fn boilerplate(&self, id: ArticleId, cancel: &Cancel) -> Result<Vec<Boilerplate>, StoreError> {
        if cancel.is_cancelled() {
            return Err(StoreError::Cancelled);
        }
        let state = self.state();
        let present = self.present(&state);
        Ok(present.boilerplate(&present.row_of(id)?))
    }

    fn statistics(&self, cancel: &Cancel) -> Result<Statistics, StoreError> {
        if cancel.is_cancelled() {
            return Err(StoreError::Cancelled);
        }
        let state = self.state();
        let present = self.present(&state);
        let groups = state.groups.all();
        statistics::count(groups, |place| present.row(place as usize), cancel)
    }

    fn set_personal(&self, personal: Arc<Personal>) {
        let mut state = self.state();
        state.personal = personal;
        state.generation += 1;
    }

    fn set_authors(&self, others: Authors) {
        self.state().authors = others;
    }

    fn set_corrections(&self, corrections: &[Correction]) {
        // From the beginning each time: the real library keeps what did not change.
        let mut state = self.state();
        let (collection, found, blocks) = (&self.collection, &self.found, &self.blocks);
        state.groups = Groups::new(collection, found, blocks, corrections, as_given, None);
        state.generation += 1;
    }

    /// # Panics
    /// When a decision says nothing: stores leave such articles out.
    fn set_decisions(&self, decisions: Arc<Decisions>) {
        assert!(
            !decisions.values().any(crate::model::Decision::is_empty),
            "an article without a decision must be left out"
        );
        let mut state = self.state();
        state.decisions = Decisions::clone(&decisions);
        state.generation += 1;
    }
}

/// The versions as they were handed in, or by their ids where a correction made the group.
fn as_given(versions: &[&Article]) -> Vec<(usize, Option<Score>)> {
    (0..versions.len()).map(|at| (at, None)).collect()
}
