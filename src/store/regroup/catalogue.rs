//! Which records and articles there are: numbers, names and places, no texts.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs::File;
use std::hash::{BuildHasherDefault, Hasher};
use std::io::{Read, Seek, SeekFrom};
use std::path::PathBuf;

use super::articles::{Articles, Reader};
use super::record::{self, Held};
use crate::formats;
use crate::group::{Profile, Profiler};
use crate::model::ArticleId;

/// Where an article can be read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A line of a file.
    Line { file: u32, length: u32, offset: u64 },
    /// Kept in memory.
    Held(u32),
}

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

/// Everything that was read, in the order of reading. Articles are numbered by their first record.
#[derive(Default)]
pub(super) struct Catalogue {
    pub files: Vec<PathBuf>,
    pub held: Vec<Held>,
    /// The article of every record, its file and its number there.
    pub records: Vec<(u32, u32, u32)>,
    names: Vec<u8>,
    name_ends: Vec<u64>,
    pub ids: Vec<ArticleId>,
    pub places: Vec<Place>,
    raws: Vec<u64>,
    /// By article: a hash of its words, 0 for a blank one.
    pub contents: Vec<u64>,
    /// The first article that was read with the same words.
    pub firsts: Vec<u32>,
    by_id: HashMap<ArticleId, u32, Hashed>,
    by_content: HashMap<u64, u32, Hashed>,
}

impl Catalogue {
    /// Adds a record. Gives the number of its article if its words are new.
    pub fn add(&mut self, signed: &Signed, name: Option<&str>) -> Option<u32> {
        let new = self.ids.len() as u32;
        let article = *self.by_id.entry(signed.id).or_insert(new);
        self.records.push((article, signed.file, signed.record));
        self.names
            .extend_from_slice(name.unwrap_or_default().as_bytes());
        self.name_ends.push(self.names.len() as u64);
        if article < new {
            // Of several records of one article the one with the smallest hash speaks for it.
            let at = article as usize;
            if signed.raw < self.raws[at] {
                self.raws[at] = signed.raw;
                self.places[at] = signed.place;
            }
            return None;
        }
        let first = match signed.content {
            Some(content) => *self.by_content.entry(content).or_insert(new),
            None => new,
        };
        self.ids.push(signed.id);
        self.raws.push(signed.raw);
        self.places.push(signed.place);
        self.contents.push(signed.content.unwrap_or_default());
        self.firsts.push(first);
        (first == new).then_some(new)
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

    /// Forgets what only reading needs.
    pub fn shrink(&mut self) {
        self.by_id = HashMap::default();
        self.by_content = HashMap::default();
        self.raws = Vec::new();
    }
}

/// What a catalogue names, read from where it stands.
pub(super) struct OnDisk<'a> {
    pub catalogue: &'a Catalogue,
    pub options: &'a formats::Options,
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
        let OnDisk { catalogue, options } = self.of;
        match catalogue.places[article as usize] {
            Place::Held(at) => Some(catalogue.held.get(at as usize)?.profile(profiler)),
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
                let opened = record::open(path, &self.line, options, &mut Vec::new())?;
                opened.profile(&self.line, options, profiler)
            }
        }
    }
}

/// Ids and contents are hashes already.
pub(super) type Hashed = BuildHasherDefault<Taken>;

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Taken(u64);

impl Hasher for Taken {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes.iter().take(16) {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_usize(&mut self, _: usize) {}

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}
