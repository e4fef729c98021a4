//! What does not belong in the cleaned collection, and why.

use std::collections::HashMap;

use serde::Serialize;

use crate::model::{ArticleId, Decision, Source, Verdict};
use crate::store::types::Entry;

/// Why a record is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Why {
    /// A person dropped it.
    Dropped,
    /// Another version of its group is kept.
    SetAside,
    /// The same title and body stand in another record.
    Copy,
}

/// A record that is left out, as a line of the second file.
#[derive(Serialize)]
pub(super) struct LeftOut<'a> {
    path: String,
    record: Option<u64>,
    record_id: Option<&'a str>,
    id: ArticleId,
    title: &'a str,
    why: Why,
    /// The article that is there in its place: a version that is kept, or itself for a copy.
    instead: Option<ArticleId>,
}

/// Says why the source of an article at a place among its sources is left out, if it is.
pub(super) fn left_out<'a>(
    entry: &'a Entry,
    at: usize,
    source: &'a Source,
    decisions: &HashMap<ArticleId, Decision>,
) -> Option<LeftOut<'a>> {
    let decision = &entry.decision;
    let is_kept = |id: &&ArticleId| {
        let other = decisions.get(id);
        other.is_some_and(|it| it.verdict == Some(Verdict::Keep) && !it.superseded)
    };
    let (why, instead) = match decision.verdict {
        Some(Verdict::Drop) => (Why::Dropped, None),
        // Whatever was said of another version: this one was kept.
        Some(Verdict::Keep) if !decision.superseded && at == 0 => return None,
        _ if decision.superseded => {
            let others = entry.versions.iter().filter(|id| **id != entry.article.id);
            (Why::SetAside, others.clone().find(is_kept).copied())
        }
        _ if at > 0 => (Why::Copy, Some(entry.article.id)),
        _ => return None,
    };
    Some(LeftOut {
        path: source.path.to_string_lossy().into_owned(),
        record: source.record,
        record_id: source.record_id.as_deref(),
        id: entry.article.id,
        title: entry.article.shown_title(),
        why,
        instead,
    })
}
