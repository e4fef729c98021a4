//! Decisions whose article is gone, because its source was edited, find the article that took its place.
//!
//! Certain cases (the same file, the same record) are written to the review log, which says so for ever after. Where
//! only the address is the same, a person decides. The rest is counted, never dropped: the article may come back.

use std::sync::Arc;

use super::local::LocalLibrary;
use super::traits::{Library, ReviewLog};
use super::types::{By, Change, Deed, Find, StoreError, Subject};
use crate::cancel::Cancel;
use crate::model::{ArticleId, Date};
use crate::query;

/// What became of decisions whose articles are gone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rebound {
    /// Articles that inherited the decisions of the one whose place they took.
    pub rebound: u64,
    /// Articles that are gone, with one that has the same address.
    pub offered: Vec<(Subject, ArticleId)>,
    /// Articles that are gone without a trace.
    pub missing: Vec<Subject>,
}

impl Rebound {
    /// Says it, when there is something to say.
    pub fn sentences(&self) -> Vec<String> {
        let mut all = Vec::new();
        match self.rebound {
            0 => {}
            1 => all.push("1 edited article keeps its decisions".into()),
            count => all.push(format!("{count} edited articles keep their decisions")),
        }
        let found = match self.offered.len() {
            0 => String::new(),
            offered => format!(", {offered} of them may have a new text"),
        };
        match self.missing.len() + self.offered.len() {
            0 => {}
            1 => all.push(format!(
                "1 decided article is not found{found}: recto review rebind"
            )),
            count => all.push(format!(
                "{count} decided articles are not found{found}: recto review rebind"
            )),
        }
        all
    }
}

/// Offers, for articles that are gone without a trace, the one that has the same title where there is only one. Asks the
/// library once for each, so it is for those who want to know.
pub fn offer_by_title(library: &dyn Library, found: &mut Rebound) -> Result<(), StoreError> {
    let cancel = Cancel::new();
    let mut missing = Vec::new();
    for gone in std::mem::take(&mut found.missing) {
        let title = gone.title.as_deref().unwrap_or_default();
        let words = title.replace(['"', '\\'], " ");
        let query = query::parse(&format!("title:\"{}\"", words.trim()), Date::default());
        let hits = match query {
            Ok(query) if !words.trim().is_empty() => {
                let find = Find {
                    query: Arc::new(query),
                    by: By::Article,
                    after: None,
                    limit: 9,
                };
                library.find(&find, &cancel)?.hits
            }
            _ => Vec::new(),
        };
        let mut same = hits.iter().filter(|hit| hit.title == title);
        match (same.next(), same.next()) {
            (Some(hit), None) => found.offered.push((gone, hit.id)),
            _ => missing.push(gone),
        }
    }
    found.missing = missing;
    Ok(())
}

/// Looks for the articles that took the place of decided ones, and hands the decisions to the library.
///
/// A log that cannot be written changes nothing about reading: then nothing is rebound and the articles count as
/// offered.
pub fn rebind(library: &LocalLibrary, log: &mut dyn ReviewLog) -> Result<Rebound, StoreError> {
    let mut found = Rebound::default();
    let mut deeds = Vec::new();
    let subjects = log.subjects(&library.id())?;
    for gone in subjects
        .into_iter()
        .filter(|it| !library.contains(it.article))
    {
        match library.successor(&gone) {
            Some((article, true)) if log.read_only().is_none() => {
                let from = gone.article;
                deeds.push((Subject { article, ..gone }, Deed::Rebind { from }));
            }
            Some((article, _)) => found.offered.push((gone, article)),
            None => found.missing.push(gone),
        }
    }
    // The log hands subjects over in any order; what is written and said must not depend on it.
    found.offered.sort_by_key(|it| it.0.article);
    found.missing.sort_by_key(|it| it.article);
    deeds.sort_by_key(|(subject, _)| subject.article);
    found.rebound = deeds.len() as u64;
    if !deeds.is_empty() {
        log.append(&Change {
            library: library.id(),
            deeds,
        })?;
    }
    library.set_decisions(log.decisions()?);
    library.set_corrections(&log.corrections()?);
    Ok(found)
}
