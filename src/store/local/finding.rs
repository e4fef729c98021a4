//! Search over the library as it stands: what is on disk and what is in memory, in their groups, with the decisions.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use roaring::RoaringBitmap;

use super::{LocalLibrary, Now};
use crate::cancel::Cancel;
use crate::model::ArticleId;
use crate::store::collection::Collection;
use crate::store::groups::{Groups, Members};
use crate::store::library::keeper::{Keeper, ORDER};
use crate::store::library::search::{self, Decided, Paper, Snapshot, Standings, Tail};
use crate::store::statistics;
use crate::store::types::{Find, Page, Statistics, StoreError};

/// Changes when what it stands for does, and never comes back.
pub(super) fn stamp() -> u64 {
    static STAMPS: AtomicU64 = AtomicU64::new(1);
    STAMPS.fetch_add(1, Ordering::Relaxed)
}

/// The groups of a collection, by number.
struct Grouped<'a> {
    groups: &'a Groups,
    collection: &'a Collection,
}

impl Standings for Grouped<'_> {
    fn versions(&self, article: u32) -> Members<'_> {
        let versions = self.groups.versions_of(article as usize);
        versions.unwrap_or(Members::Listed(&[]))
    }

    fn leads(&self, among: &RoaringBitmap) -> RoaringBitmap {
        self.groups.leads(among)
    }

    fn sized(&self, fits: &dyn Fn(usize) -> bool) -> RoaringBitmap {
        self.groups.sized(fits)
    }

    fn name(&self, article: u32) -> ArticleId {
        let name = self.groups.name(self.groups.group(article as usize));
        name.or_else(|| self.collection.id(article as usize))
            .unwrap_or(ArticleId::from_bytes([0; 16]))
    }

    fn similarity(&self, article: u32) -> Option<f64> {
        self.groups.similarity(article as usize)
    }

    fn boilerplate(&self, article: u32) -> f64 {
        self.groups.share(article as usize)
    }
}

impl Now {
    /// Articles came, went or got records.
    pub(super) fn grew(&mut self) {
        self.articles = stamp();
    }

    /// Asks something of everything that is known.
    fn ask<T>(&self, decided: &Decided, ask: impl FnOnce(&Snapshot<'_>) -> T) -> T {
        let collection = &*self.collection;
        let sealed = &collection.sealed;
        ask(&Snapshot {
            segments: &sealed.segments,
            tail: Tail {
                members: collection.tail(),
            },
            dead: &sealed.dead,
            records: collection,
            paths: &sealed.shown_paths,
            standings: &Grouped {
                groups: &self.groups,
                collection,
            },
            decided,
            texts: collection,
            articles: self.articles,
            groups: self.standings,
        })
    }
}

fn unreadable(error: io::Error) -> StoreError {
    StoreError::Io(format!("the library cannot be read: {error}"))
}

impl LocalLibrary {
    /// What is known now, with the decisions.
    fn decided(&self) -> (Now, Arc<Decided>) {
        let known = self.snapshot();
        if let Some((articles, decided)) = &known.decided
            && *articles == known.articles
            && decided.is_of(&known.decisions, &known.personal)
        {
            let decided = Arc::clone(decided);
            return (known, decided);
        }
        let before = known.decided.as_ref().map(|(_, decided)| &**decided);
        let decisions = Arc::clone(&known.decisions);
        let personal = Arc::clone(&known.personal);
        let decided = Arc::new(Decided::new(decisions, personal, before));
        let mut now = self.now();
        if now.articles == known.articles && decided.is_of(&now.decisions, &now.personal) {
            now.decided = Some((known.articles, Arc::clone(&decided)));
        }
        drop(now);
        (known, decided)
    }

    pub(super) fn search(
        &self,
        find: &Find,
        cancel: &Cancel,
        partial: &mut dyn FnMut(Page),
    ) -> Result<Page, StoreError> {
        let (now, decided) = self.decided();
        now.ask(&decided, |snapshot| {
            self.searcher.find(snapshot, find, cancel, partial)
        })
    }

    /// Keeps the order by date of the articles on disk.
    pub(super) fn store_order(&self, keeper: &Keeper) -> io::Result<()> {
        let now = self.snapshot();
        let identity = now.collection.sealed.identity;
        now.ask(&Decided::default(), |snapshot| {
            let path = keeper.path(ORDER);
            self.searcher.store_order(snapshot, &path, identity)
        })
    }

    /// Takes over the order by date that was kept.
    pub(super) fn take_order(&self, path: &Path, identity: u64) -> bool {
        self.searcher.load_order(path, identity).is_ok()
    }

    pub(super) fn count(&self, cancel: &Cancel) -> Result<Statistics, StoreError> {
        let (now, decided) = self.decided();
        let groups = now.groups.all();
        now.ask(&decided, |snapshot| {
            let paper = |number| Paper::read(snapshot, number).ok().flatten();
            statistics::count(
                groups,
                |number| paper(number).filter(|it| it.is_alive()),
                cancel,
            )
        })
    }

    /// The articles that have a source with this path or record id, or else those whose id begins so: the first in the
    /// order of reading, at most so many, and how many there are in all.
    pub fn named(&self, name: &str, most: usize) -> Result<(Vec<ArticleId>, u64), StoreError> {
        let (now, decided) = self.decided();
        let path = std::path::absolute(name).ok();
        let is_file = |it: &str| path.is_some() && std::path::absolute(it).ok() == path;
        let is_id = !name.is_empty() && name.chars().all(|it| it.is_ascii_hexdigit());
        let found = now.ask(&decided, |snapshot| {
            let found = search::of_source(snapshot, name, is_file)?;
            match found.is_empty() && is_id {
                true => search::with_id(snapshot, name),
                false => Ok(found),
            }
        });
        let found = found.map_err(unreadable)?;
        let ids = found.iter().take(most);
        let ids = ids.filter_map(|number| now.collection.id(number as usize));
        Ok((ids.collect(), found.len()))
    }

    /// What is known of an article without reading its text.
    pub(super) fn on_paper<T>(
        &self,
        id: ArticleId,
        look: impl FnOnce(&Paper<'_>) -> T,
    ) -> Result<T, StoreError> {
        let (now, decided) = self.decided();
        let number = now.collection.place(id).ok_or(StoreError::NoArticle(id))?;
        now.ask(&decided, |snapshot| {
            let paper = Paper::read(snapshot, number as u32).ok().flatten();
            paper.as_ref().map(look).ok_or(StoreError::NoArticle(id))
        })
    }
}
