//! The library of this machine: what is on disk, what was read since, and the groups of both.
//!
//! A cursor names the last article of a page, not a number of rows: when a tag makes rows vanish, the next page neither
//! skips nor repeats any.

mod engine;
mod finding;
mod grouping;
mod reading;
mod stats;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::boilerplate::Blocks;
use super::collection::{Collection, Decisions, Known, Present};
use super::groups::{Groups, Of};
use super::ingest::{self, Facts, Loaded, NO_PLACE};
use super::library::search::{Decided, Searcher};
use super::traits::Library;
use super::types::{
    Authors, Boilerplate, Correction, Entry, Find, LibraryId, Page, Personal, Statistics,
    StoreError, Subject, Why,
};
use super::versions::{self, Score};
use super::why::{self, Related};
use crate::cancel::Cancel;
use crate::formats;
use crate::group::Grouping;
use crate::model::{Article, ArticleId, Diagnostic};
use engine::Engine;
pub use reading::{Stage, Status};
pub use stats::Stats;

/// A library in memory, read from files. It can be used while it is read: it grows, and what it answers is true of what
/// has been read so far.
pub struct LocalLibrary {
    id: LibraryId,
    paths: Vec<PathBuf>,
    options: formats::Options,
    /// Where it is kept when it is over the budget.
    folder: Option<PathBuf>,
    /// So many bytes of articles stay in memory.
    budget: usize,
    now: Mutex<Now>,
    searcher: Searcher,
}

/// How an article stands among the versions of its group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standing {
    /// The smallest id of the group, which names it.
    pub group: ArticleId,
    /// It is the version that is proposed to keep, or alone.
    pub best: bool,
    /// Containment with the version it resembles most; none when alone.
    pub similarity: Option<f64>,
    /// What speaks for and against it.
    pub score: Score,
}

/// What changes while the library is open. Whoever reads takes a copy and is not disturbed.
#[derive(Clone, Default)]
struct Now {
    collection: Arc<Collection>,
    status: Status,
    diagnostics: Arc<Vec<Diagnostic>>,
    /// What the engine found, read from the disk where somebody asks.
    engine: Engine,
    /// The groups as they were found.
    base: Arc<Groups>,
    /// The same as they were corrected.
    groups: Arc<Groups>,
    /// What the groups on disk are true of, when they are the ones of now.
    stored: Option<Of>,
    decisions: Arc<Decisions>,
    personal: Arc<Personal>,
    corrections: Arc<Vec<Correction>>,
    authors: Arc<Authors>,
    /// Changes with the articles and their records.
    articles: u64,
    /// Changes with the groups.
    standings: u64,
    /// The decisions, for the articles of one moment.
    decided: Option<(u64, Arc<Decided>)>,
}

/// So many bytes of articles stay in memory, unless it is said otherwise.
pub const BUDGET: usize = 256 << 20;

impl LocalLibrary {
    /// A library of what paths name, with nothing read yet.
    pub fn new(paths: &[PathBuf], options: &formats::Options) -> Self {
        Self {
            id: library_id(paths),
            paths: paths.to_vec(),
            options: options.clone(),
            folder: None,
            budget: BUDGET,
            now: Mutex::default(),
            searcher: Searcher::default(),
        }
    }

    /// A library of these records alone, in groups that are known: a part of a collection that is too large to be held.
    pub(super) fn of_records(
        options: &formats::Options,
        records: Vec<formats::Record>,
        found: Grouping,
        blocks: impl FnOnce(&[ArticleId]) -> Blocks,
    ) -> Self {
        let mut collection = Collection::default();
        for record in records {
            let facts = Facts {
                words: record.article.words() as u64,
                place: NO_PLACE,
            };
            let record = Loaded::Record(Box::new(record), facts);
            collection.take(record, 0, &Known::new());
        }
        let library = Self::new(&[], options);
        let mut now = library.now();
        let blocks = blocks(&collection.ids().unwrap_or_default());
        now.collection = Arc::new(collection);
        now.engine = Engine::here(found, blocks);
        now.status.stage = Stage::Ready;
        let (found, blocks) = (now.engine.found(), now.engine.blocks());
        now.base = Arc::new(Groups::new(&now.collection, found, blocks, &[], rank, None));
        now.groups = Arc::clone(&now.base);
        drop(now);
        library
    }

    /// Keeps it below that folder of derived data, once it takes more than `budget` bytes of memory. What comes from
    /// standard input is never kept.
    pub fn kept_in(mut self, cache: &Path, budget: usize) -> Self {
        let from_stdin = self.paths.iter().any(|it| it == Path::new(ingest::STDIN));
        let folder = cache.join("libraries").join(&self.id.0);
        self.folder = Some(folder).filter(|_| !from_stdin);
        self.budget = budget;
        self
    }

    fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// Something is to be said about the library itself.
    fn say(&self, folder: &Path, what: String) {
        let mut now = self.now();
        Arc::make_mut(&mut now.diagnostics).push(Diagnostic::warning(folder, what));
    }

    /// Reads, joins and groups what paths name. None when it was called off: part of a library is none.
    pub fn open(
        paths: &[PathBuf],
        options: &formats::Options,
        cancel: &Cancel,
        told: &mut dyn FnMut(Status),
    ) -> Option<Self> {
        let library = Self::new(paths, options);
        library.read(cancel, told).then_some(library)
    }

    /// How far it is.
    pub fn status(&self) -> Status {
        self.now().status
    }

    /// What was not loaded, or not as it stood.
    pub fn diagnostics(&self) -> Arc<Vec<Diagnostic>> {
        Arc::clone(&self.now().diagnostics)
    }

    /// How many records were loaded: exact copies count each time.
    pub fn records(&self) -> u64 {
        self.status().progress.records
    }

    /// How many articles there are: exact copies count once.
    pub fn articles(&self) -> u64 {
        self.snapshot().collection.alive()
    }

    /// Which articles are versions of one another, and why; as it was corrected.
    pub fn grouping(&self) -> Result<Arc<Grouping>, StoreError> {
        let grouping = self.snapshot().groups.grouping();
        grouping.map_err(|error| StoreError::Io(error.to_string()))
    }

    /// The statements about groups that count, newest first.
    pub fn said(&self) -> Vec<Correction> {
        self.snapshot().groups.said.clone()
    }

    /// How an article stands among the versions of its group.
    pub fn standing(&self, article: &Article) -> Option<Standing> {
        let now = self.snapshot();
        let place = now.collection.place(article.id)?;
        let group = now.groups.versions_of(place)?;
        let name = now.groups.name(now.groups.group(place));
        let score = now.groups.score(place);
        Some(Standing {
            group: name.unwrap_or(article.id),
            best: group.first() == Some(&(place as u32)),
            similarity: now.groups.similarity(place),
            score: score.unwrap_or_else(|| versions::alone(article)),
        })
    }

    /// The articles as they stand now.
    pub(super) fn collection(&self) -> Arc<Collection> {
        Arc::clone(&self.now().collection)
    }

    /// Says whether an article is in the library.
    pub fn contains(&self, id: ArticleId) -> bool {
        self.snapshot().collection.place(id).is_some()
    }

    /// What is known now. It stays as it is while others change what is known.
    fn snapshot(&self) -> Now {
        self.now().clone()
    }

    fn now(&self) -> MutexGuard<'_, Now> {
        // Whatever panicked while it held the lock left a whole value: fields are replaced, never edited.
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Now {
    fn present(&self) -> Present<'_> {
        Present {
            collection: &self.collection,
            groups: &self.groups,
            decisions: &self.decisions,
            personal: &self.personal,
        }
    }
}

/// The versions of a group by their looks, the best first.
fn rank(versions: &[&Article]) -> Vec<(usize, Option<Score>)> {
    let ranked = versions::rank(versions).into_iter();
    ranked.map(|(place, score)| (place, Some(score))).collect()
}

impl Library for LocalLibrary {
    fn id(&self) -> LibraryId {
        self.id.clone()
    }

    fn inputs(&self) -> Vec<PathBuf> {
        self.paths.clone()
    }

    fn find(&self, find: &Find, cancel: &Cancel) -> Result<Page, StoreError> {
        self.search(find, cancel, &mut |_| {})
    }

    fn find_in_parts(
        &self,
        find: &Find,
        cancel: &Cancel,
        partial: &mut dyn FnMut(Page),
    ) -> Result<Page, StoreError> {
        self.search(find, cancel, partial)
    }

    fn entry(&self, id: ArticleId, _: &Cancel) -> Result<Entry, StoreError> {
        let now = self.snapshot();
        let present = now.present();
        Ok(present.entry(&present.row_of(id)?))
    }

    fn versions(&self, id: ArticleId, _: &Cancel) -> Result<Vec<ArticleId>, StoreError> {
        let now = self.snapshot();
        let place = now.collection.place(id).ok_or(StoreError::NoArticle(id))?;
        let group = now.groups.versions_of(place);
        let group = group.ok_or(StoreError::NoArticle(id))?;
        Ok(now.present().in_order(&group))
    }

    fn subject(&self, id: ArticleId, _: &Cancel) -> Result<Subject, StoreError> {
        self.on_paper(id, |paper| paper.subject())
    }

    fn subjects(&self, id: ArticleId, _: &Cancel) -> Result<Vec<Subject>, StoreError> {
        self.on_paper(id, |paper| paper.subjects())
    }

    fn why(&self, id: ArticleId, cancel: &Cancel) -> Result<Why, StoreError> {
        self.why_in_parts(id, cancel, &mut |_| {})
    }

    fn why_in_parts(
        &self,
        id: ArticleId,
        cancel: &Cancel,
        partial: &mut dyn FnMut(Why),
    ) -> Result<Why, StoreError> {
        let now = self.snapshot();
        let present = now.present();
        let row = present.row_of(id)?;
        let relations = match now.collection.first() {
            0 => Related::Found(now.groups.relations(&present.versions(&row))),
            _ => {
                partial(why::why(present, &row, &Related::Sought, &now.authors));
                self.related(&now, &row, cancel)
            }
        };
        Ok(why::why(present, &row, &relations, &now.authors))
    }

    fn boilerplate(&self, id: ArticleId, _: &Cancel) -> Result<Vec<Boilerplate>, StoreError> {
        let now = self.snapshot();
        let present = now.present();
        Ok(present.boilerplate(&present.row_of(id)?))
    }

    fn statistics(&self, cancel: &Cancel) -> Result<Statistics, StoreError> {
        self.count(cancel)
    }

    fn set_decisions(&self, decisions: Arc<Decisions>) {
        let mut now = self.now();
        now.decisions = decisions;
    }

    fn set_personal(&self, personal: Arc<Personal>) {
        self.now().personal = personal;
    }

    fn set_authors(&self, others: Authors) {
        self.now().authors = Arc::new(others);
    }

    fn set_corrections(&self, corrections: &[Correction]) {
        let before = self.snapshot();
        if **before.corrections == *corrections {
            return;
        }
        // Groups that are still looked for learn of it when they are found.
        let grouped = before.status.stage == Stage::Ready;
        let groups = grouped.then(|| before.group(corrections));
        let mut now = self.now();
        now.groups = groups.unwrap_or_else(|| Arc::clone(&now.groups));
        now.corrections = Arc::new(corrections.to_vec());
        now.standings = finding::stamp();
    }
}

/// Names a library by where it is read from: the same folders give the same name, in whatever order and spelling.
pub fn library_id(paths: &[PathBuf]) -> LibraryId {
    let canonical = |path: &PathBuf| {
        std::fs::canonicalize(path)
            .or_else(|_| std::path::absolute(path))
            .unwrap_or_else(|_| path.clone())
    };
    let mut paths: Vec<PathBuf> = paths
        .iter()
        .map(|path| match path == Path::new(ingest::STDIN) {
            true => path.clone(),
            false => canonical(path),
        })
        .collect();
    paths.sort();
    paths.dedup();
    let mut hasher = blake3::Hasher::new_derive_key("recto 2026-11-22 library identity v1");
    for path in paths {
        let bytes = path.as_os_str().as_encoded_bytes();
        hasher.update(&(bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    }
    let hash = hasher.finalize().to_hex();
    LibraryId(hash.chars().take(32).collect())
}
