//! Which records and articles there are: numbers, names and places, no texts.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::articles::{Articles, Reader, profile_line};
use super::read;
use super::record::Held;
use crate::formats;
use crate::group::{Profile, Profiler};
use crate::model::ArticleId;
use crate::store::hashes::Hashed;

/// Where an article can be read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A line of a file.
    Line { file: u32, length: u32, offset: u64 },
    /// Kept in memory.
    Held(u32),
    /// In a file that can only be read as a whole: which of its records.
    Within { file: u32, record: u32 },
}

/// Articles of files that were read as a whole, by file.
pub(super) type Whole = Mutex<HashMap<u32, Arc<Vec<Held>>>>;

/// A record that was signed, without its fingerprints and its name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Signed {
    pub id: ArticleId,
    /// Hash of the record as it was read.
    pub raw: u64,
    /// Hash of its words; none for a blank one.
    pub content: Option<u64>,
    pub place: Place,
    /// The number of the record in its file, from 1; 0 where the file is the record.
    pub record: u32,
    pub file: u32,
}

/// A record of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub article: u32,
    pub file: u32,
    /// Its number in the file, from 1; 0 where the file is the record.
    pub number: u32,
    /// Hash of the record as it was read.
    pub raw: u64,
    pub place: Place,
}

/// Everything that was read, in the order of reading. Articles are numbered by their first record.
#[derive(Default)]
pub(super) struct Catalogue {
    pub files: Vec<PathBuf>,
    pub held: Vec<Held>,
    pub records: Vec<Record>,
    names: Vec<u8>,
    name_ends: Vec<u64>,
    pub ids: Vec<ArticleId>,
    /// By article: where the record stands that speaks for it, and the hash of that; see [`Self::settle`].
    pub places: Vec<Option<Place>>,
    pub raws: Vec<u64>,
    by_id: HashMap<ArticleId, u32, Hashed>,
}

impl Catalogue {
    /// Adds a record. Gives the number of its article if that is new.
    pub fn add(&mut self, signed: &Signed, name: Option<&str>) -> Option<u32> {
        let new = self.ids.len() as u32;
        let article = *self.by_id.entry(signed.id).or_insert(new);
        let record = Record {
            article,
            file: signed.file,
            number: signed.record,
            raw: signed.raw,
            place: signed.place,
        };
        self.push(record, name.unwrap_or_default().as_bytes());
        if article < new {
            return None;
        }
        self.ids.push(signed.id);
        Some(new)
    }

    /// Adds a record of an article that is known.
    pub fn push(&mut self, record: Record, name: &[u8]) {
        self.records.push(record);
        self.names.extend_from_slice(name);
        self.name_ends.push(self.names.len() as u64);
    }

    /// Forgets the records of files.
    pub fn retain(&mut self, keeps: impl Fn(u32) -> bool) {
        let known = std::mem::take(&mut self.records);
        let (names, ends) = (
            std::mem::take(&mut self.names),
            std::mem::take(&mut self.name_ends),
        );
        let mut start = 0;
        for (record, end) in known.into_iter().zip(ends) {
            let name = &names[start as usize..end as usize];
            start = end;
            if keeps(record.file) {
                self.push(record, name);
            }
        }
    }

    /// Finds the record that speaks for each article: of several the one with the smallest hash.
    pub fn settle(&mut self) {
        self.places = vec![None; self.ids.len()];
        self.raws = vec![0; self.ids.len()];
        for record in &self.records {
            let at = record.article as usize;
            if self.places[at].is_none() || record.raw < self.raws[at] {
                (self.places[at], self.raws[at]) = (Some(record.place), record.raw);
            }
        }
    }

    /// Makes ready for more records.
    pub fn index(&mut self) {
        self.by_id = (0u32..).zip(&self.ids).map(|(at, id)| (*id, at)).collect();
    }

    /// Forgets what only reading needs.
    pub fn shrink(&mut self) {
        self.by_id = HashMap::default();
    }

    /// The id that a record gives itself.
    pub fn name(&self, record: usize) -> Option<&str> {
        let start = match record {
            0 => 0,
            _ => self.name_ends[record - 1],
        };
        let bytes = &self.names[start as usize..self.name_ends[record] as usize];
        std::str::from_utf8(bytes)
            .ok()
            .filter(|name| !name.is_empty())
    }
}

/// What a catalogue names, read from where it stands.
pub(super) struct OnDisk<'a> {
    pub catalogue: &'a Catalogue,
    pub options: &'a formats::Options,
    pub whole: Whole,
}

impl Articles for OnDisk<'_> {
    fn id(&self, article: u32) -> ArticleId {
        self.catalogue.ids[article as usize]
    }

    fn reader(&self) -> Box<dyn Reader + '_> {
        Box::new(FromDisk {
            of: self,
            files: HashMap::new(),
            line: Vec::new(),
        })
    }
}

/// Keeps files open.
struct FromDisk<'a> {
    of: &'a OnDisk<'a>,
    files: HashMap<u32, File>,
    line: Vec<u8>,
}

impl Reader for FromDisk<'_> {
    fn profile(&mut self, article: u32, profiler: &mut Profiler) -> Option<Profile> {
        let OnDisk {
            catalogue,
            options,
            whole,
        } = self.of;
        match catalogue.places[article as usize]? {
            Place::Held(at) => Some(catalogue.held.get(at as usize)?.profile(profiler)),
            Place::Within { file, record } => {
                // Whoever else wants it waits: a file is read once.
                let mut all = whole.lock().unwrap_or_else(PoisonError::into_inner);
                let read = || Arc::new(read::held(&catalogue.files[file as usize], options));
                let of_file = Arc::clone(all.entry(file).or_insert_with(read));
                drop(all);
                Some(of_file.get(record as usize)?.profile(profiler))
            }
            Place::Line {
                file,
                length,
                offset,
            } => {
                let path = &catalogue.files[file as usize];
                let input = match self.files.entry(file) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(new) => new.insert(File::open(path).ok()?),
                };
                self.line.resize(length as usize, 0);
                input.seek(SeekFrom::Start(offset)).ok()?;
                input.read_exact(&mut self.line).ok()?;
                profile_line(path, &self.line, options, profiler)
            }
        }
    }
}
