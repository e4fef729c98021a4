//! Decisions whose article is gone, because its source was edited, extracted anew or moved, find the article that took
//! its place.
//!
//! Certain cases are written to the review log, which says so for ever after: by the place in the sources (`rebind/place`),
//! else by the text (`rebind/text`). Where something speaks for an article and it is not certain, a person decides. The
//! rest is counted, never dropped: the article may come back.

mod place;
mod text;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::local::LocalLibrary;
use super::traits::{Library, ReviewLog};
use super::types::{By, Change, Deed, Edge, Find, StoreError, Subject};
use crate::cancel::Cancel;
use crate::group::Looked;
use crate::model::{Article, ArticleId, Date};
use crate::query;

/// What became of decisions whose articles are gone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rebound {
    /// Articles that inherited the decisions of the one whose place they took.
    pub rebound: u64,
    /// Articles that are gone, with one that something speaks for.
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

/// What is known of an article that took the place of one that is gone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Found {
    /// It did.
    Certain(ArticleId),
    /// A person has to say.
    Perhaps(ArticleId),
    #[default]
    Nothing,
}

/// Looks for the articles that took the place of decided ones, and hands the decisions to the library.
///
/// Texts on disk are read only when `thorough`, since that takes as long as reading the library anew. A log that cannot
/// be written changes nothing about reading: then nothing is rebound and the articles count as offered.
pub fn rebind(
    library: &LocalLibrary,
    log: &mut dyn ReviewLog,
    thorough: bool,
) -> Result<Rebound, StoreError> {
    let mut gone = log.subjects(&library.id())?;
    gone.retain(|it| !library.contains(it.article));
    // The log hands subjects over in any order; what is written and said must not depend on it.
    gone.sort_by_key(|it| it.article);
    let mut rebound = Rebound::default();
    if !gone.is_empty() {
        let found = look_for(library, log, &gone, thorough)?;
        let writable = log.read_only().is_none();
        let mut deeds = Vec::new();
        for (gone, found) in gone.into_iter().zip(found) {
            match found {
                Found::Certain(article) if writable => {
                    let from = gone.article;
                    deeds.push((Subject { article, ..gone }, Deed::Rebind { from }));
                }
                Found::Certain(article) | Found::Perhaps(article) => {
                    rebound.offered.push((gone, article));
                }
                Found::Nothing => rebound.missing.push(gone),
            }
        }
        rebound.rebound = deeds.len() as u64;
        if !deeds.is_empty() {
            log.append(&Change {
                library: library.id(),
                deeds,
            })?;
        }
    }
    library.set_decisions(log.decisions()?);
    library.set_authors(log.others()?);
    library.set_corrections(&log.corrections()?);
    Ok(rebound)
}

/// For each article that is gone, what took its place.
fn look_for(
    library: &LocalLibrary,
    log: &dyn ReviewLog,
    gone: &[Subject],
    thorough: bool,
) -> Result<Vec<Found>, StoreError> {
    let collection = library.collection();
    let mut found = place::look_for(&collection, gone);
    let taken: HashSet<ArticleId> = found
        .iter()
        .filter_map(|it| match it {
            Found::Certain(article) => Some(*article),
            _ => None,
        })
        .collect();
    let open: Vec<usize> = (0..gone.len())
        .filter(|at| !matches!(found[*at], Found::Certain(_)))
        .collect();
    if open.is_empty() {
        return Ok(found);
    }
    let mut sketches = log.sketches()?;
    let wanted: Vec<_> = open
        .iter()
        .filter_map(|at| Some((&gone[*at], sketches.remove(&gone[*at].article)?)))
        .collect();
    let by_text = text::look_for(&collection, &wanted, thorough);
    let mut claims: HashMap<ArticleId, u32> = HashMap::new();
    for it in by_text.values() {
        if let Found::Certain(article) = it {
            *claims.entry(*article).or_default() += 1;
        }
    }
    for at in open {
        match by_text.get(&gone[at].article) {
            // Two texts cannot both have become one without somebody who says so.
            Some(Found::Certain(article)) => {
                let alone = claims.get(article) == Some(&1) && !taken.contains(article);
                found[at] = match alone {
                    true => Found::Certain(*article),
                    false => Found::Perhaps(*article),
                };
            }
            Some(Found::Perhaps(article)) if found[at] == Found::Nothing => {
                found[at] = Found::Perhaps(*article);
            }
            _ => {}
        }
    }
    Ok(found)
}

/// The text that a sketch is made of and compared with: clean, since markup is what other extractors do otherwise.
fn words(article: &Article) -> impl Iterator<Item = &str> + Clone {
    article.body().map(|block| block.text.as_str())
}

/// Keeps what finds decided articles again by their text, of at most so many at a time: it is worked out after a decision
/// was acknowledged, so that 100,000 tags do not wait for 100,000 texts. Says how many there were.
pub fn remember(
    library: &dyn Library,
    log: &mut dyn ReviewLog,
    most: usize,
) -> Result<usize, StoreError> {
    if log.read_only().is_some() {
        return Ok(0);
    }
    let mut open = log.unsketched()?;
    open.sort_unstable();
    let cancel = Cancel::new();
    let mut looked = Looked::default();
    let mut deeds = Vec::new();
    for id in open {
        // Most likely of another library; one whose file changed comes back as another article.
        let Ok(entry) = library.entry(id, &cancel) else {
            continue;
        };
        looked.fill(words(&entry.article));
        let sketch = looked.sketch().to_string();
        deeds.push((Subject::bare(id), Deed::Sketch(sketch)));
        if deeds.len() == most {
            break;
        }
    }
    let count = deeds.len();
    if count > 0 {
        log.append(&Change {
            library: library.id(),
            deeds,
        })?;
    }
    Ok(count)
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
                    from: Edge::Top,
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
