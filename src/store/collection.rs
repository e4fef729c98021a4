//! Articles in memory, with their sources: what the libraries that hold everything in memory are made of.

mod present;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use roaring::RoaringBitmap;

use crate::formats::Record;
use crate::model::{Article, ArticleId, Decision, Diagnostic, Source};

use super::ingest::{Facts, Loaded, reason};
use super::library::catalogue::{Place, RowRecord};
use super::library::keeper::{Kept, KeptRecord, LateRecord};
use super::library::sealed::Sealed;
use super::library::search::{Records, Texts};
use super::types::StoreError;
pub(super) use present::{Present, Row};

/// The decision about an article that nobody said anything about.
pub(super) static UNDECIDED: LazyLock<Decision> = LazyLock::new(Decision::default);

/// What was decided, by article.
pub(super) type Decisions = HashMap<ArticleId, Decision>;

/// One article and what is known about it here.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) article: Arc<Article>,
    pub(super) sources: Vec<Source>,
    /// The file of each source and its place there.
    places: Vec<(u32, Place)>,
    pub(super) words: u64,
    pub(super) paths: Vec<String>,
    pub(super) has_error: bool,
}

/// Articles by number, in the order of reading: those on disk, and behind them those in memory. It grows while files are
/// read; a copy costs little, since the articles themselves are shared.
#[derive(Clone, Debug, Default)]
pub(super) struct Collection {
    pub(super) sealed: Arc<Sealed>,
    /// The number of the first article in memory.
    first: usize,
    tail: Vec<Arc<Member>>,
    by_id: HashMap<ArticleId, u32>,
    /// Records of articles that are on disk, or on their way there, that were read since: by number, and in order.
    late: HashMap<u32, Vec<Late>>,
    late_order: Vec<u32>,
    /// What the last record was, and its article: what is said of it may come behind it.
    last: Option<(PathBuf, Option<u64>, usize)>,
    /// What was last said of a record that was not there yet.
    noted: Option<(PathBuf, Option<u64>)>,
}

/// A record of an article on disk.
#[derive(Clone, Debug)]
struct Late {
    /// As this record has it: where the record cannot be read in place, it is kept with it.
    article: Arc<Article>,
    source: Source,
    record: RowRecord,
}

/// The numbers of the articles of a collection.
pub(super) struct Places<'a> {
    collection: &'a Collection,
    /// Of those on disk.
    sealed: Option<Known>,
}

impl Places<'_> {
    /// The number of an article.
    pub(super) fn of(&self, id: ArticleId) -> Option<usize> {
        let Collection { by_id, sealed, .. } = self.collection;
        let number = by_id.get(&id).copied();
        let number = number.or_else(|| match &self.sealed {
            Some(known) => {
                let number = known.get(&id).copied();
                number.filter(|number| !sealed.dead.contains(*number))
            }
            None => sealed.find(id),
        });
        number.map(|number| number as usize)
    }
}

/// The numbers of articles on disk: what whoever reads must know.
pub(super) type Known = HashMap<ArticleId, u32>;

impl Collection {
    /// The articles on disk.
    pub(super) fn of(sealed: Arc<Sealed>) -> Self {
        Self {
            first: sealed.end() as usize,
            sealed,
            ..Self::default()
        }
    }

    /// How many articles there are, dead ones too.
    pub(super) fn len(&self) -> usize {
        self.first + self.tail.len()
    }

    /// How many articles there are that have a record which counts.
    pub(super) fn alive(&self) -> u64 {
        self.len() as u64 - self.sealed.dead.len()
    }

    /// The articles in memory.
    pub(super) fn tail(&self) -> &[Arc<Member>] {
        &self.tail
    }

    /// Says whether records of articles on disk are in memory.
    pub(super) fn has_late(&self) -> bool {
        !self.late.is_empty()
    }

    /// The number of the first article in memory.
    pub(super) fn first(&self) -> usize {
        self.first
    }

    /// The same over other articles on disk: files are gone.
    pub(super) fn set_sealed(&mut self, sealed: Sealed) {
        self.sealed = Arc::new(sealed);
    }

    /// An article: one on disk is read. None where its file changed since.
    pub(super) fn member(&self, place: usize) -> Option<Arc<Member>> {
        let Some(at) = place.checked_sub(self.first) else {
            return self.read(place as u32).map(Arc::new);
        };
        let member = self.tail.get(at)?;
        Some(match self.late.get(&(place as u32)) {
            None => Arc::clone(member),
            Some(late) => {
                let mut member = Member::clone(member);
                member
                    .sources
                    .extend(late.iter().map(|it| it.source.clone()));
                Arc::new(member)
            }
        })
    }

    /// The only record of an article, and its file, if it is a line on disk.
    pub(super) fn line(&self, place: usize) -> Option<(RowRecord, &Path)> {
        let number = u32::try_from(place).ok()?;
        if place >= self.first || self.late.contains_key(&number) {
            return None;
        }
        self.sealed.line(number)
    }

    /// The name of an article.
    pub(super) fn id(&self, place: usize) -> Option<ArticleId> {
        match place.checked_sub(self.first) {
            None => self.sealed.id(place as u32),
            Some(at) => self.tail.get(at).map(|member| member.article.id),
        }
    }

    /// The names of all articles, by number.
    pub(super) fn ids(&self) -> Result<Vec<ArticleId>, StoreError> {
        let mut ids = vec![ArticleId::from_bytes([0; 16]); self.len()];
        let sealed = self.sealed.ids();
        let sealed = sealed.map_err(|error| {
            StoreError::Io(format!("the library cannot be read: {}", reason(&error)))
        })?;
        let here = self.tail.iter().map(|member| member.article.id);
        for (id, number) in sealed.into_iter().chain(here.zip(self.first as u32..)) {
            ids[number as usize] = id;
        }
        Ok(ids)
    }

    /// The numbers of all articles at hand, for whoever asks for most of them.
    pub(super) fn places(&self) -> Places<'_> {
        Places {
            collection: self,
            sealed: self.sealed.ids().ok(),
        }
    }

    /// The number of an article.
    pub(super) fn place(&self, id: ArticleId) -> Option<usize> {
        let known = self.by_id.get(&id).copied();
        let number = known.or_else(|| self.sealed.find(id));
        number.map(|place| place as usize)
    }

    /// Reads an article from the disk.
    fn read(&self, number: u32) -> Option<Member> {
        if self.sealed.dead.contains(number) && !self.late.contains_key(&number) {
            return None;
        }
        let found = self.sealed.article(number);
        let late = self.late.get(&number).into_iter().flatten();
        let mut member = match found {
            Some(found) => Member {
                words: u64::from(found.row.words),
                has_error: found.row.has_error(),
                article: Arc::new(found.article),
                sources: found.sources,
                places: Vec::new(),
                paths: Vec::new(),
            },
            None => {
                let first = self.late.get(&number)?.first()?;
                Member {
                    words: first.article.words() as u64,
                    has_error: first.record.has_error,
                    article: Arc::clone(&first.article),
                    sources: Vec::new(),
                    places: Vec::new(),
                    paths: Vec::new(),
                }
            }
        };
        member.sources.extend(late.map(|it| it.source.clone()));
        for source in &member.sources {
            let path = source.path.to_string_lossy().into_owned();
            if !member.paths.contains(&path) {
                member.paths.push(path);
            }
        }
        Some(member)
    }

    /// Takes in what was read from a file; gives what is to be said. Records of the same article are joined: it stands
    /// where its first record stood. `known` are the articles on disk.
    pub(super) fn take(&mut self, loaded: Loaded, file: u32, known: &Known) -> Option<Diagnostic> {
        match loaded {
            Loaded::Record(record, facts) => {
                self.add(*record, facts, file, known);
                None
            }
            Loaded::Diagnostic(diagnostic) => {
                self.note(&diagnostic);
                Some(diagnostic)
            }
        }
    }

    fn note(&mut self, diagnostic: &Diagnostic) {
        let of = (diagnostic.path.clone(), diagnostic.record);
        match &self.last {
            Some((path, record, place)) if *path == of.0 && *record == of.1 => {
                let place = place.checked_sub(self.first);
                if let Some(member) = place.and_then(|at| self.tail.get_mut(at)) {
                    Arc::make_mut(member).has_error = true;
                }
            }
            _ => self.noted = Some(of),
        }
    }

    fn add(&mut self, record: Record, facts: Facts, file: u32, known: &Known) {
        let Record { article, source } = record;
        let of = (source.path.clone(), source.record);
        let has_error = self.noted.take().is_some_and(|noted| noted == of);
        if let Some(number) = known.get(&article.id) {
            self.last = Some((of.0, of.1, *number as usize));
            self.late_order.push(*number);
            self.late.entry(*number).or_default().push(Late {
                record: row_record(&source, (file, facts.place), has_error),
                article: Arc::new(article),
                source,
            });
            return;
        }
        let path = source.path.to_string_lossy().into_owned();
        let place = self.len() as u32;
        let place = *self.by_id.entry(article.id).or_insert(place) as usize;
        self.last = Some((of.0, of.1, place));
        if let Some(member) = self.tail.get_mut(place - self.first) {
            let member = Arc::make_mut(member);
            if !member.paths.contains(&path) {
                member.paths.push(path);
            }
            member.sources.push(source);
            member.places.push((file, facts.place));
            member.has_error |= has_error;
            return;
        }
        self.tail.push(Arc::new(Member {
            words: facts.words,
            article: Arc::new(article),
            sources: vec![source],
            places: vec![(file, facts.place)],
            paths: vec![path],
            has_error,
        }));
    }

    /// What is in memory, ready to be sealed: the articles, and the late records of others, in order. `known` has its
    /// articles from now on: whatever is read of them is late.
    pub(super) fn to_seal(&self, known: &mut Known) -> (Vec<Kept>, Vec<LateRecord>) {
        known.extend(self.by_id.iter().map(|(id, number)| (*id, *number)));
        let articles = self.tail.iter().map(|member| {
            let places = member.sources.iter().zip(&member.places);
            Kept {
                article: Arc::clone(&member.article),
                words: member.words,
                records: places
                    .map(|(source, place)| {
                        KeptRecord::new(row_record(source, *place, member.has_error), source)
                    })
                    .collect(),
            }
        });
        let mut seen: HashMap<u32, usize> = HashMap::new();
        let late = self.late_order.iter().filter_map(|number| {
            let at = seen.entry(*number).or_default();
            let late = self.late.get(number)?.get(*at)?;
            *at += 1;
            let kept = KeptRecord::new(late.record.clone(), &late.source);
            Some((*number, Arc::clone(&late.article), kept))
        });
        (articles.collect(), late.collect())
    }

    /// The articles that were in memory are on disk now, and so many of the late records, the first; those that were
    /// read since stay in memory.
    pub(super) fn sealed_as(&mut self, sealed: Arc<Sealed>, late: usize) {
        let count = (sealed.end() as usize).saturating_sub(self.first);
        let count = count.min(self.tail.len());
        for member in self.tail.drain(..count) {
            self.by_id.remove(&member.article.id);
        }
        self.first = sealed.end() as usize;
        self.sealed = sealed;
        let late = late.min(self.late_order.len());
        for number in self.late_order.drain(..late) {
            if let Some(all) = self.late.get_mut(&number) {
                all.drain(..1.min(all.len()));
                if all.is_empty() {
                    self.late.remove(&number);
                }
            }
        }
    }
}

fn row_record(source: &Source, (file, place): (u32, Place), has_error: bool) -> RowRecord {
    RowRecord {
        file,
        record: source.record,
        record_id: source.record_id.clone(),
        added: source.added,
        format: source.format,
        has_error,
        place,
    }
}

impl Texts for Collection {
    fn article(&self, number: u32) -> Option<Arc<Article>> {
        Some(Arc::clone(&self.member(number as usize)?.article))
    }
}

impl Records for Collection {
    fn later(&self, article: u32) -> Vec<&RowRecord> {
        let sealed = self.sealed.extra.get(&article).into_iter().flatten();
        let sealed = sealed.map(|(_, record)| record);
        let sealed = sealed.filter(|it| !self.is_gone(it.file));
        let late = self.late.get(&article).into_iter().flatten();
        sealed.chain(late.map(|it| &it.record)).collect()
    }

    fn all_later(&self) -> Box<dyn Iterator<Item = (u32, &RowRecord)> + '_> {
        let sealed = self.sealed.extra.iter();
        let sealed = sealed.flat_map(|(number, all)| all.iter().map(|(_, it)| (*number, it)));
        let sealed = sealed.filter(|(_, record)| !self.is_gone(record.file));
        let late = self.late.iter();
        let late = late.flat_map(|(number, all)| all.iter().map(|it| (*number, &it.record)));
        Box::new(sealed.chain(late))
    }

    fn is_gone(&self, file: u32) -> bool {
        self.sealed.gone.contains(&file)
    }

    fn frayed(&self) -> &RoaringBitmap {
        &self.sealed.frayed
    }
}
