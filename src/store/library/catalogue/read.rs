//! Reading the catalogue of a segment.

use std::io;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use xxhash_rust::xxh3::xxh3_64;

use super::bytes::Bytes;
use super::file::{At, damaged};
use super::layout::{HEADER, Header, PARTS, Part};
use super::row::{Row, RowRecord};
use super::write::id_hash;
use super::{Column, Dictionary};
use crate::model::ArticleId;

/// The catalogue of one segment, open for reading. Rows are numbered from 0.
#[derive(Debug)]
pub struct Catalogue {
    file: At,
    header: Header,
    numbers: [OnceLock<Vec<u32>>; PARTS],
    longs: [OnceLock<Vec<u64>>; PARTS],
    names: [OnceLock<Names>; PARTS],
    ids: OnceLock<Vec<(ArticleId, u32)>>,
    /// How often an id was looked for.
    asked: AtomicU32,
    extra: OnceLock<Vec<(u32, RowRecord)>>,
}

/// A column of names.
#[derive(Debug, PartialEq, Eq)]
pub struct Names {
    /// The different names, in no order.
    pub names: Vec<String>,
    /// For each row the number of its name, from 1; 0 where it has none.
    pub rows: Vec<u32>,
}

/// More ids than this are not looked for on the disk one by one.
const MANY: u32 = 64;

/// How many bytes of rows a walk reads at a time.
const WALK: u64 = 1 << 20;

impl Catalogue {
    /// Opens it: reads the header only.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = At::open(path)?;
        let header = file.read(0, (HEADER as u64).min(file.length()))?;
        let header = Header::read(&header, file.length())?;
        Ok(Self {
            file,
            header,
            numbers: [const { OnceLock::new() }; PARTS],
            longs: [const { OnceLock::new() }; PARTS],
            names: [const { OnceLock::new() }; PARTS],
            ids: OnceLock::new(),
            asked: AtomicU32::new(0),
            extra: OnceLock::new(),
        })
    }

    /// The number of the first article.
    pub fn first(&self) -> u32 {
        self.header.first
    }

    /// How many rows there are.
    pub fn rows(&self) -> u32 {
        self.header.rows
    }

    /// Its bytes on disk.
    pub fn bytes(&self) -> u64 {
        self.file.length()
    }

    /// One row, by two positioned reads.
    pub fn row(&self, row: u32) -> io::Result<Row> {
        if row >= self.rows() {
            return Err(damaged("a row is asked for that it does not have"));
        }
        let offsets = self.header.parts[Part::Offsets as usize].offset;
        let pair = self.file.read(offsets + u64::from(row) * 8, 16)?;
        let mut pair = Bytes(&pair);
        let mut next = || pair.array().map_or(0, u64::from_le_bytes);
        let (start, end) = (next(), next());
        let bytes = self.heap(start, end)?;
        Row::from_bytes(&bytes).ok_or_else(|| bad_row(row))
    }

    fn heap(&self, start: u64, end: u64) -> io::Result<Vec<u8>> {
        let heap = self.header.parts[Part::Heap as usize];
        if start > end || end > heap.length {
            return Err(damaged("a row lies outside of it"));
        }
        self.file.read(heap.offset + start, end - start)
    }

    /// Hands over every row in order until `each` says no.
    pub fn walk(&self, mut each: impl FnMut(u32, Row) -> bool) -> io::Result<()> {
        let offsets = self.longs(Part::Offsets)?;
        let mut from = 0;
        while from + 1 < offsets.len() {
            let start = offsets[from];
            let more = offsets[from + 1..].partition_point(|end| *end <= start + WALK);
            let to = from + more.max(1);
            let bytes = self.heap(start, offsets[to])?;
            for at in from..to {
                let inside = |offset: u64| usize::try_from(offset.saturating_sub(start)).ok();
                let range = inside(offsets[at]).zip(inside(offsets[at + 1]));
                let row = range.and_then(|(start, end)| bytes.get(start..end));
                let at = u32::try_from(at).unwrap_or(u32::MAX);
                let row = row.and_then(Row::from_bytes).ok_or_else(|| bad_row(at))?;
                if !each(at, row) {
                    return Ok(());
                }
            }
            from = to;
        }
        Ok(())
    }

    /// The row of an article, by reading some twenty of the ordered ids; they are all read when many are asked for.
    pub fn find(&self, id: ArticleId) -> io::Result<Option<u32>> {
        if self.ids.get().is_some() || self.asked.fetch_add(1, Ordering::Relaxed) > MANY {
            let ids = self.ids()?;
            let found = ids.binary_search_by_key(&id, |(id, _)| *id);
            return Ok(found.ok().and_then(|at| ids.get(at)).map(|(_, row)| *row));
        }
        let part = self.header.parts[Part::Ids as usize];
        let (mut low, mut high) = (0, u64::from(self.rows()));
        while low < high {
            let middle = low.midpoint(high);
            let pair = self.file.read(part.offset + middle * 20, 20)?;
            let (other, row) = pair_of(&pair).ok_or_else(|| damaged("an id is cut off"))?;
            match other.cmp(&id) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => {
                    return Ok(Some(row).filter(|row| *row < self.rows()));
                }
            }
        }
        Ok(None)
    }

    /// Every id with its row, ordered by id.
    pub fn ids(&self) -> io::Result<&[(ArticleId, u32)]> {
        let load = || {
            let bytes = self.part(Part::Ids)?;
            let pairs = bytes.chunks_exact(20).map(pair_of);
            let pairs: Option<Vec<_>> = pairs.collect();
            let sound = |pairs: &Vec<(ArticleId, u32)>| {
                let inside = pairs.iter().all(|(_, row)| *row < self.rows());
                inside && pairs.is_sorted_by_key(|(id, _)| *id)
            };
            let pairs = pairs.filter(sound);
            pairs.ok_or_else(|| damaged("its ids are not in order"))
        };
        once(&self.ids, load).map(Vec::as_slice)
    }

    /// A column of numbers, one a row.
    pub fn column(&self, column: Column) -> io::Result<&[u32]> {
        self.numbers(match column {
            Column::Dates => Part::Dates,
            Column::Added => Part::Added,
            Column::Words => Part::Words,
            Column::Copies => Part::Copies,
            Column::Files => Part::Files,
            Column::Flags => Part::Flags,
        })
    }

    /// The beginning of each title as it is sorted by: see [`title_key`](super::title_key).
    pub fn title_keys(&self) -> io::Result<&[u64]> {
        let keys = self.longs(Part::TitleKeys)?;
        let fits = keys.len() == self.rows() as usize;
        fits.then_some(keys)
            .ok_or_else(|| damaged("titles are missing"))
    }

    /// A column of names.
    pub fn names(&self, dictionary: Dictionary) -> io::Result<&Names> {
        let part = match dictionary {
            Dictionary::Langs => Part::Langs,
            Dictionary::Sites => Part::Sites,
            Dictionary::Authors => Part::Authors,
            Dictionary::Formats => Part::Formats,
        };
        let load = || {
            let bytes = self.part(part)?;
            let names = Names::read(&bytes, self.rows() as usize);
            names.ok_or_else(|| damaged("a column of names is not what was written"))
        };
        once(&self.names[part as usize], load)
    }

    /// Row and file of every record behind the first of its row, ordered by row.
    pub fn more_files(&self) -> io::Result<&[u32]> {
        self.numbers(Part::MoreFiles)
    }

    /// The rows that may have a record of that id, each at most once; whoever asks looks into them.
    pub fn with_record_id(&self, id: &str) -> io::Result<Vec<u32>> {
        let hash = id_hash(id);
        let pairs = self.numbers(Part::RecordIds)?.as_chunks::<2>().0;
        let from = pairs.partition_point(|[other, _]| *other < hash);
        let same = pairs[from..].iter();
        let same = same.take_while(|[other, _]| *other == hash);
        let inside = same.map(|[_, row]| *row).filter(|row| *row < self.rows());
        let mut rows: Vec<u32> = inside.collect();
        rows.dedup();
        Ok(rows)
    }

    /// Records of articles of earlier segments, by the numbers of these articles.
    pub fn extra(&self) -> io::Result<&[(u32, RowRecord)]> {
        let load = || {
            let bytes = self.part(Part::Extra)?;
            let mut rest = Bytes(&bytes);
            let mut all = Vec::new();
            while !rest.is_empty() {
                let one = rest
                    .small()
                    .and_then(|article| Some((article, RowRecord::take(&mut rest)?)));
                all.push(one.ok_or_else(|| damaged("a copy is not what was written"))?);
            }
            Ok(all)
        };
        once(&self.extra, load).map(Vec::as_slice)
    }

    /// The bytes of a part, as they were written.
    fn part(&self, part: Part) -> io::Result<Vec<u8>> {
        let stretch = self.header.parts[part as usize];
        let bytes = self.file.read(stretch.offset, stretch.length)?;
        if xxh3_64(&bytes) == stretch.checksum {
            Ok(bytes)
        } else {
            Err(damaged(&format!("{part:?} is not what was written")))
        }
    }

    fn numbers(&self, part: Part) -> io::Result<&[u32]> {
        let load = || Ok(to_numbers(&self.part(part)?));
        once(&self.numbers[part as usize], load).map(Vec::as_slice)
    }

    fn longs(&self, part: Part) -> io::Result<&[u64]> {
        let load = || {
            let bytes = self.part(part)?;
            let longs = bytes.as_chunks::<8>().0.iter();
            Ok(longs.map(|bytes| u64::from_le_bytes(*bytes)).collect())
        };
        once(&self.longs[part as usize], load).map(Vec::as_slice)
    }
}

impl Names {
    fn read(bytes: &[u8], rows: usize) -> Option<Self> {
        let mut rest = Bytes(bytes);
        let count = rest.small()?;
        let names: Option<Vec<String>> =
            (0..count).map(|_| rest.text().map(str::to_owned)).collect();
        let numbers = to_numbers(rest.0);
        let known = numbers.iter().all(|number| *number <= count);
        let fits = known && numbers.len() == rows;
        Some(Self {
            names: names?,
            rows: numbers,
        })
        .filter(|_| fits)
    }

    /// The name of a row.
    pub fn of(&self, row: u32) -> Option<&str> {
        let number = *self.rows.get(row as usize)?;
        let name = self.names.get((number as usize).checked_sub(1)?)?;
        Some(name)
    }
}

/// The value of the cell; loaded at the first call that succeeds.
pub fn once<T>(cell: &OnceLock<T>, load: impl FnOnce() -> io::Result<T>) -> io::Result<&T> {
    if let Some(value) = cell.get() {
        return Ok(value);
    }
    // Two readers may load at once; one of the equal values stays.
    let value = load()?;
    Ok(cell.get_or_init(|| value))
}

fn to_numbers(bytes: &[u8]) -> Vec<u32> {
    let numbers = bytes.as_chunks::<4>().0.iter();
    numbers.map(|bytes| u32::from_le_bytes(*bytes)).collect()
}

fn pair_of(bytes: &[u8]) -> Option<(ArticleId, u32)> {
    let mut rest = Bytes(bytes);
    let id = ArticleId::from_bytes(rest.array()?);
    Some((id, rest.array().map(u32::from_le_bytes)?))
}

fn bad_row(row: u32) -> io::Error {
    damaged(&format!("row {row} is not what was written"))
}
