//! Two inputs of one library compared.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use super::pair::{Item, Pair, pair};
use crate::cancel::Cancel;
use crate::diff::Classes;
use crate::model::{Article, ArticleId};
use crate::query::Query;
use crate::store::compare;
use crate::store::traits::Library;
use crate::store::types::changes::{Change, Changes, End};
use crate::store::types::{By, Edge, Find, StoreError};

/// Hits asked for at a time.
const BATCH: usize = 10_000;

/// Articles compared between two reports of how far it is.
const ROUND: usize = 256;

/// What one input holds, in the order of reading, with the titles.
#[derive(Default)]
struct Input {
    items: Vec<Item>,
    titles: Vec<String>,
}

/// Compares two inputs of a library. What is known about its groups says which articles are versions of one text; exact
/// copies are one article. `told` hears how many of how many pairs are compared.
pub fn in_library(
    library: &dyn Library,
    inputs: [&Path; 2],
    hidden: Classes,
    cancel: &Cancel,
    told: &mut dyn FnMut(u64, u64),
) -> Result<Changes, StoreError> {
    let [left, right] = read(library, inputs, cancel)?;
    let pairs = pair(&left.items, &right.items, |l, r| {
        versions(library, (&left, l), (&right, r), cancel)
    });
    let (same, open): (Vec<Pair>, Vec<Pair>) = pairs.into_iter().partition(|pair| {
        let (Some(l), Some(r)) = *pair else {
            return false;
        };
        let (l, r) = (&left.items[l], &right.items[r]);
        l.id == r.id && l.name() == r.name()
    });
    let mut changes = Vec::with_capacity(open.len());
    let make = |&(l, r): &Pair| {
        let items = (l.map(|at| &left.items[at]), r.map(|at| &right.items[at]));
        change(library, items, hidden, cancel)
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    for round in open.chunks(ROUND) {
        told(changes.len() as u64, open.len() as u64);
        let share = round.len().div_ceil(threads);
        let made: Vec<Result<Vec<Change>, StoreError>> = thread::scope(|scope| {
            let parts = round.chunks(share).map(|part| {
                let one = || part.iter().map(make).collect();
                scope.spawn(one)
            });
            let parts: Vec<_> = parts.collect();
            let ended = parts.into_iter().map(|it| it.join());
            ended
                .map(|it| it.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect()
        });
        for part in made {
            changes.extend(part?);
        }
    }
    // Those that are the same and stand elsewhere are shown, and are the same all the same.
    let renamed = changes
        .iter()
        .filter(|it| it.summary.is_none() && it.is_renamed())
        .count();
    Ok(Changes::new((same.len() + renamed) as u64, changes))
}

/// What each input holds. What stands in both, because one lies in the other, belongs to the inner one.
fn read(
    library: &dyn Library,
    inputs: [&Path; 2],
    cancel: &Cancel,
) -> Result<[Input; 2], StoreError> {
    let inputs: [PathBuf; 2] = inputs.map(|it| std::path::absolute(it).unwrap_or(it.to_owned()));
    let mut held = [Input::default(), Input::default()];
    let query = Arc::new(Query::default());
    let mut after = None;
    loop {
        let find = Find {
            query: Arc::clone(&query),
            by: By::Article,
            from: Edge::Top,
            after,
            limit: BATCH,
        };
        let page = library.find(&find, cancel)?;
        for hit in page.hits {
            for subject in library.subjects(hit.id, cancel)? {
                let below = |at: &usize| subject.path.starts_with(&inputs[*at]);
                let inner = (0..2)
                    .filter(below)
                    .max_by_key(|at| inputs[*at].as_os_str().len());
                let Some(at) = inner else {
                    continue;
                };
                let path = subject.path.strip_prefix(&inputs[at]);
                held[at].items.push(Item {
                    id: hit.id,
                    path: path.map(Path::to_owned).unwrap_or_default(),
                    own: subject.record_id,
                    record: subject.record,
                    url: subject.url,
                });
                held[at].titles.push(hit.title.clone());
            }
        }
        after = page.next;
        if after.is_none() {
            return Ok(held);
        }
    }
}

/// Which of those that are left over are versions of one text: those with the same title first, else in the order of
/// reading.
fn versions(
    library: &dyn Library,
    (left, l): (&Input, &[usize]),
    (right, r): (&Input, &[usize]),
    cancel: &Cancel,
) -> Vec<(usize, usize)> {
    let mut there: HashMap<ArticleId, Vec<usize>> = HashMap::new();
    for &at in r {
        there.entry(right.items[at].id).or_default().push(at);
    }
    let mut found = Vec::new();
    for &one in l {
        // One that is gone by now has no versions.
        let group = library
            .versions(left.items[one].id, cancel)
            .unwrap_or_default();
        let others = group.iter().filter_map(|id| there.get(id)).flatten();
        found.extend(others.map(|&other| (one, other)));
    }
    found.sort_by_key(|&(one, other)| left.titles[one] != right.titles[other]);
    found
}

/// What became of one article.
fn change<'a>(
    library: &dyn Library,
    (left, right): (Option<&'a Item>, Option<&'a Item>),
    hidden: Classes,
    cancel: &Cancel,
) -> Result<Change, StoreError> {
    if cancel.is_cancelled() {
        return Err(StoreError::Cancelled);
    }
    let read = |item: &'a Item| Ok((item, library.entry(item.id, cancel)?.article));
    let [left, right] = [left, right].map(|it| it.map(read).transpose());
    let (left, right): (Option<(_, Arc<Article>)>, _) = (left?, right?);
    let differ = left.as_ref().zip(right.as_ref());
    let differ = differ.filter(|((_, left), (_, right))| left.id != right.id);
    let comparison =
        differ.map(|((_, left), (_, right))| compare::in_library(library, left, right, cancel));
    let comparison = comparison.transpose()?;
    let [left, right] = [left, right].map(|it| it.map(|(item, article)| End::new(item, &article)));
    Ok(Change::new((left, right), comparison.as_ref(), hidden))
}
