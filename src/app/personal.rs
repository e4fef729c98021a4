//! What a person read, marked and chose, for the queries that ask for it.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::decide::chosen_rows;
use super::effect::{Effect, Rows};
use super::state::{Pane, State};
use crate::model::ArticleId;
use crate::store::types::Personal;

/// The articles that were opened in the reader. A copy costs nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "BTreeSet<ArticleId>", into = "BTreeSet<ArticleId>")]
pub struct Opened(Arc<BTreeSet<ArticleId>>);

impl From<BTreeSet<ArticleId>> for Opened {
    fn from(ids: BTreeSet<ArticleId>) -> Self {
        Self(Arc::new(ids))
    }
}

impl From<Opened> for BTreeSet<ArticleId> {
    fn from(opened: Opened) -> Self {
        Arc::unwrap_or_clone(opened.0)
    }
}

/// The words of a query that ask for it, and what may hide them: a saved filter.
const WORDS: [&str; 4] = ["read", "marked", "selected", "query:"];

/// Says whether a filter may ask for it; one too many costs a look at a set.
fn asks(query: &str) -> bool {
    let query = query.to_ascii_lowercase();
    WORDS.iter().any(|word| query.contains(word))
}

/// Says whether a filter looks at the selection: that outlives it.
pub fn asks_for_selected(query: &str) -> bool {
    let query = query.to_ascii_lowercase();
    query.contains("is:selected")
}

/// Notes that the article in the reader was opened, when it has the keys.
pub fn note(state: &mut State) {
    if state.focus == Pane::Reader
        && let Some(entry) = &state.reader.entry
        && !state.opened.0.contains(&entry.article.id)
    {
        Arc::make_mut(&mut state.opened.0).insert(entry.article.id);
    }
}

/// Tells it in front of the effects that ask for it.
pub fn tell(state: &State, effects: &mut Vec<Effect>) {
    let query = |effect: &Effect| match effect {
        Effect::Find { query, .. } => asks(query),
        Effect::ReviewRows { rows, .. } | Effect::Export { rows, .. } => match rows {
            Rows::Hits(query) | Rows::Articles(query) => asks(query),
            Rows::Chosen(_) => false,
        },
        Effect::Cost(rule) => asks(&rule.query),
        _ => false,
    };
    let Some(at) = effects.iter().position(query) else {
        return;
    };
    let marked = state.jumps.marks.values().map(|spot| spot.article);
    let personal = Personal {
        read: BTreeSet::clone(&state.opened.0),
        marked: marked.collect(),
        ..Personal::default()
    };
    effects.insert(at, Effect::Personal(personal, chosen_rows(&state.list)));
}
