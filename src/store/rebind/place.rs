//! Which article stands where one stood whose text is gone.
//!
//! A record's own id in the same file and a file that is one record are certain. A mere number is not, because records in
//! front of it come and go: there the title or the address must be the same too. The same address elsewhere is offered.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::Found;
use crate::model::ArticleId;
use crate::store::collection::Collection;
use crate::store::types::Subject;

/// What names a record in its file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Id(String),
    Number(u64),
    /// The file is the record.
    File,
}

impl Key {
    fn of(record_id: Option<&str>, record: Option<u64>) -> Self {
        match (record_id, record) {
            (Some(id), _) => Self::Id(id.to_owned()),
            (None, Some(number)) => Self::Number(number),
            (None, None) => Self::File,
        }
    }
}

/// A record of an article, as far as it matters here.
struct Spot<'a> {
    path: &'a Path,
    record: Option<u64>,
    record_id: Option<&'a str>,
    title: Option<&'a str>,
    url: Option<&'a str>,
}

/// Looks at the records of all articles once, in the order of reading, and at no text.
pub(super) fn look_for(collection: &Collection, gone: &[Subject]) -> Vec<Found> {
    let mut search = Search::new(gone);
    let sealed = &collection.sealed;
    let first = u32::try_from(collection.first()).unwrap_or(u32::MAX);
    for number in (0..first).filter(|it| !sealed.dead.contains(*it)) {
        let Some(row) = sealed.row(number) else {
            continue;
        };
        for (_, record) in sealed.records(number, &row) {
            let Some(path) = sealed.paths.get(record.file as usize) else {
                continue;
            };
            search.see(
                row.id,
                &Spot {
                    path,
                    record: record.record,
                    record_id: record.record_id.as_deref(),
                    title: Some(&row.title),
                    url: row.url.as_deref(),
                },
            );
        }
    }
    for member in collection.tail() {
        for source in &member.sources {
            search.see(
                member.article.id,
                &Spot {
                    path: &source.path,
                    record: source.record,
                    record_id: source.record_id.as_deref(),
                    title: source.meta.title.as_deref(),
                    url: source.meta.url.as_deref(),
                },
            );
        }
    }
    search.found
}

struct Search<'a> {
    gone: &'a [Subject],
    places: HashMap<PathBuf, HashMap<Key, Vec<usize>>>,
    addresses: HashMap<&'a str, Vec<usize>>,
    found: Vec<Found>,
}

impl<'a> Search<'a> {
    fn new(gone: &'a [Subject]) -> Self {
        let mut places: HashMap<PathBuf, HashMap<Key, Vec<usize>>> = HashMap::new();
        let mut addresses: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, it) in gone.iter().enumerate() {
            let path = std::path::absolute(&it.path).unwrap_or_else(|_| it.path.clone());
            let key = Key::of(it.record_id.as_deref(), it.record);
            let file = places.entry(path).or_default();
            file.entry(key).or_default().push(at);
            if let Some(url) = &it.url {
                addresses.entry(url).or_default().push(at);
            }
        }
        Self {
            gone,
            places,
            addresses,
            found: vec![Found::Nothing; gone.len()],
        }
    }

    /// The first article that fits is taken.
    fn see(&mut self, id: ArticleId, spot: &Spot<'_>) {
        let same = |now: Option<&str>, then: Option<&str>| now.is_some() && now == then;
        if let Some(here) = spot.url.and_then(|url| self.addresses.get(url)) {
            for at in here {
                if self.found[*at] == Found::Nothing {
                    self.found[*at] = Found::Perhaps(id);
                }
            }
        }
        let path = match spot.path.is_absolute() {
            true => None,
            false => std::path::absolute(spot.path).ok(),
        };
        let Some(file) = self.places.get(path.as_deref().unwrap_or(spot.path)) else {
            return;
        };
        let by_id = spot.record_id.map(|id| Key::Id(id.to_owned()));
        let by_number = spot.record.map_or(Key::File, Key::Number);
        for key in by_id.into_iter().chain([by_number]) {
            for at in file.get(&key).into_iter().flatten() {
                let gone = &self.gone[*at];
                let fits = !matches!(key, Key::Number(_))
                    || same(spot.title, gone.title.as_deref())
                    || same(spot.url, gone.url.as_deref());
                if fits && !matches!(self.found[*at], Found::Certain(_)) {
                    self.found[*at] = Found::Certain(id);
                }
            }
        }
    }
}
