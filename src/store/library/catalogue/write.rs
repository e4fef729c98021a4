//! Writing the catalogue of a segment: rows go to the file as they come, columns stay in memory until the end.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::Path;

use xxhash_rust::xxh3::xxh3_64;

use super::bytes::{put_number, put_text};
use super::layout::{HEADER, Header, PARTS, Part, Stretch};
use super::row::{Row, RowRecord, cut, pack};
use super::{Column, Dictionary, flags};
use crate::query;

/// Writes one catalogue. Nothing can be read before [`finish`](Self::finish).
#[derive(Debug)]
pub struct CatalogueWriter {
    file: BufWriter<File>,
    first: u32,
    /// Where the next row begins in the heap.
    heap: u64,
    offsets: Vec<u64>,
    ids: Vec<([u8; 16], u32)>,
    columns: [Vec<u32>; COLUMNS.len()],
    title_keys: Vec<u64>,
    names: [Naming; DICTIONARIES.len()],
    more_files: Vec<(u32, u32)>,
    record_ids: Vec<(u32, u32)>,
    extra: Vec<u8>,
}

/// A column of names while it grows.
#[derive(Debug, Default)]
struct Naming {
    names: Vec<String>,
    known: HashMap<String, u32>,
    rows: Vec<u32>,
}

const COLUMNS: [(Column, Part); 6] = [
    (Column::Dates, Part::Dates),
    (Column::Added, Part::Added),
    (Column::Words, Part::Words),
    (Column::Copies, Part::Copies),
    (Column::Files, Part::Files),
    (Column::Flags, Part::Flags),
];

const DICTIONARIES: [(Dictionary, Part); 4] = [
    (Dictionary::Langs, Part::Langs),
    (Dictionary::Sites, Part::Sites),
    (Dictionary::Authors, Part::Authors),
    (Dictionary::Formats, Part::Formats),
];

impl CatalogueWriter {
    /// Begins the catalogue of the articles from number `first` on.
    pub fn create(path: &Path, first: u32) -> io::Result<Self> {
        let mut file = BufWriter::with_capacity(1 << 18, File::create_new(path)?);
        file.write_all(&[0; HEADER])?;
        Ok(Self {
            file,
            first,
            heap: 0,
            offsets: vec![0],
            ids: Vec::new(),
            columns: Default::default(),
            title_keys: Vec::new(),
            names: Default::default(),
            more_files: Vec::new(),
            record_ids: Vec::new(),
            extra: Vec::new(),
        })
    }

    /// How many rows there are so far.
    pub fn rows(&self) -> u32 {
        u32::try_from(self.ids.len()).unwrap_or(u32::MAX)
    }

    /// Appends the row of the next article.
    pub fn add(&mut self, row: &Row) -> io::Result<()> {
        let at = self.rows();
        let bytes = row.to_bytes();
        self.file.write_all(&bytes)?;
        self.heap += bytes.len() as u64;
        self.offsets.push(self.heap);
        self.ids.push((*row.id.bytes(), at));
        for (place, (column, _)) in COLUMNS.iter().enumerate() {
            let number = match column {
                Column::Dates => pack(row.date),
                Column::Added => pack(row.records.first().and_then(|record| record.added)),
                Column::Words => row.words,
                Column::Copies => u32::try_from(row.records.len()).unwrap_or(u32::MAX),
                Column::Files => row.records.first().map_or(0, |record| record.file),
                Column::Flags => flags_of(row),
            };
            self.columns[place].push(number);
        }
        self.title_keys.push(title_key(&row.title));
        for (place, (dictionary, _)) in DICTIONARIES.iter().enumerate() {
            let name = match dictionary {
                Dictionary::Langs => row.lang.as_deref(),
                Dictionary::Sites => row.site_name.as_deref(),
                Dictionary::Authors => row.author.as_deref(),
                Dictionary::Formats => row.records.first().map(|record| record.format),
            };
            self.names[place].push(name);
        }
        let more = row.records.iter().skip(1);
        self.more_files.extend(more.map(|record| (at, record.file)));
        let named = row.records.iter().filter_map(|it| it.record_id.as_deref());
        self.record_ids.extend(named.map(|id| (id_hash(id), at)));
        Ok(())
    }

    /// Notes one more record of an article of an earlier segment, by the article's number.
    pub fn extra(&mut self, article: u32, record: &RowRecord) {
        put_number(&mut self.extra, u64::from(article));
        record.put(&mut self.extra);
    }

    /// Writes the columns and the header, and waits until everything is on disk.
    pub fn finish(mut self) -> io::Result<()> {
        let mut header = Header {
            first: self.first,
            rows: self.rows(),
            parts: [Stretch::default(); PARTS],
        };
        let mut end = HEADER as u64;
        header.parts[Part::Heap as usize] = Stretch {
            offset: end,
            length: self.heap,
            checksum: 0,
        };
        end += self.heap;
        let file = &mut self.file;
        let mut part = |part: Part, bytes: &[u8]| {
            header.parts[part as usize] = Stretch {
                offset: end,
                length: bytes.len() as u64,
                checksum: xxh3_64(bytes),
            };
            end += bytes.len() as u64;
            file.write_all(bytes)
        };
        part(Part::Offsets, &longs(&self.offsets))?;
        self.ids.sort_unstable();
        let ids = self.ids.iter().flat_map(|(id, row)| {
            let mut pair = [0; 20];
            pair[..16].copy_from_slice(id);
            pair[16..].copy_from_slice(&row.to_le_bytes());
            pair
        });
        part(Part::Ids, &ids.collect::<Vec<u8>>())?;
        for (column, (_, name)) in self.columns.iter().zip(COLUMNS) {
            part(name, &numbers(column.iter().copied()))?;
        }
        part(Part::TitleKeys, &longs(&self.title_keys))?;
        for (naming, (_, name)) in self.names.iter().zip(DICTIONARIES) {
            part(name, &naming.to_bytes())?;
        }
        let pairs = |pairs: &[(u32, u32)]| numbers(pairs.iter().flat_map(|(a, b)| [*a, *b]));
        part(Part::MoreFiles, &pairs(&self.more_files))?;
        self.record_ids.sort_unstable();
        part(Part::RecordIds, &pairs(&self.record_ids))?;
        part(Part::Extra, &self.extra)?;
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&header.to_bytes())?;
        file.flush()?;
        file.get_ref().sync_all()
    }
}

impl Naming {
    fn push(&mut self, name: Option<&str>) {
        let Some(name) = name else {
            return self.rows.push(0);
        };
        let number = match self.known.get(name) {
            Some(number) => *number,
            None => {
                self.names.push(name.to_owned());
                let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
                self.known.insert(name.to_owned(), number);
                number
            }
        };
        self.rows.push(number);
    }

    /// How many names, the names, and the number of the name of each row, from 1.
    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        put_number(&mut bytes, self.names.len() as u64);
        for name in &self.names {
            put_text(&mut bytes, name);
        }
        bytes.extend(numbers(self.rows.iter().copied()));
        bytes
    }
}

fn flags_of(row: &Row) -> u32 {
    let says = |text: &Option<String>| text.as_ref().is_some_and(|it| !it.trim().is_empty());
    let bits = [
        (flags::TITLE, row.has_title),
        (flags::ERROR, row.has_error()),
        (flags::URL, says(&row.url)),
        (flags::TITLE_CUT, cut(&row.title).len() < row.title.len()),
        (flags::AUTHOR, says(&row.author)),
        (flags::LANG, says(&row.lang)),
    ];
    bits.iter()
        .filter(|(_, set)| *set)
        .fold(0, |all, (bit, _)| all | bit)
}

/// The first eight bytes of what a title is sorted by: two titles whose keys differ stand as their keys do.
pub fn title_key(title: &str) -> u64 {
    let mut key = [0; 8];
    let mut filled = 0;
    for letter in query::letters(title) {
        for byte in letter.encode_utf8(&mut [0; 4]).bytes() {
            if filled == key.len() {
                return u64::from_be_bytes(key);
            }
            key[filled] = byte;
            filled += 1;
        }
    }
    u64::from_be_bytes(key)
}

/// What finds a record by its own id.
pub fn id_hash(id: &str) -> u32 {
    xxh3_64(id.as_bytes()) as u32
}

fn numbers(numbers: impl Iterator<Item = u32>) -> Vec<u8> {
    numbers.flat_map(u32::to_le_bytes).collect()
}

fn longs(numbers: &[u64]) -> Vec<u8> {
    numbers.iter().flat_map(|it| it.to_le_bytes()).collect()
}
