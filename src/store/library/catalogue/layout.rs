//! Where everything stands in the file: a header of fixed size, then the parts that it names.

use std::io;

use xxhash_rust::xxh3::xxh3_64;

use super::bytes::Bytes;
use super::file::damaged;

/// What the file begins with.
const MAGIC: &[u8; 16] = b"recto catalogue\n";

/// The version of the layout. One that is unknown is an error: whoever opens rebuilds.
pub const VERSION: u32 = 2;

/// The parts of the file, in their order in the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The rows, one behind the other, each behind its checksum.
    Heap,
    /// Where each row begins in the heap, and where the last one ends.
    Offsets,
    /// Every id with its row, ordered by id.
    Ids,
    /// See `Column`.
    Dates,
    Added,
    Words,
    Copies,
    Files,
    Flags,
    /// The beginning of each title as it is sorted by.
    TitleKeys,
    /// See `Dictionary`.
    Langs,
    Sites,
    Authors,
    Formats,
    /// Row and file of every record behind the first of its row.
    MoreFiles,
    /// The hash of each record's own id, and its row.
    RecordIds,
    /// Records of articles of earlier segments.
    Extra,
}

/// How many parts there are.
pub const PARTS: usize = Part::Extra as usize + 1;

/// The bytes of the header.
pub const HEADER: usize = MAGIC.len() + 3 * 4 + PARTS * 24 + 8;

/// Where a part stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stretch {
    pub offset: u64,
    pub length: u64,
    /// xxh3 of its bytes; 0 for the heap, whose rows have their own.
    pub checksum: u64,
}

/// The header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The number of the first article.
    pub first: u32,
    pub rows: u32,
    pub parts: [Stretch; PARTS],
}

impl Header {
    /// Its bytes, the checksum over them at the end.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER);
        bytes.extend_from_slice(MAGIC);
        for number in [VERSION, self.first, self.rows] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        for part in &self.parts {
            for number in [part.offset, part.length, part.checksum] {
                bytes.extend_from_slice(&number.to_le_bytes());
            }
        }
        let checksum = xxh3_64(&bytes);
        bytes.extend_from_slice(&checksum.to_le_bytes());
        bytes
    }

    /// Reads it and checks what can be checked without the parts: they lie in the file, and those of fixed width have
    /// the length that the number of rows asks for.
    pub fn read(bytes: &[u8], file_length: u64) -> io::Result<Self> {
        let header = Self::parse(bytes)?;
        let whole = header.parts.iter().all(|part| {
            let end = part.offset.checked_add(part.length);
            end.is_some_and(|end| end <= file_length)
        });
        let rows = u64::from(header.rows);
        let fits = |part: Part, width: u64, more: u64| {
            header.parts[part as usize].length == (rows + more) * width
        };
        let numbers = [
            Part::Dates,
            Part::Added,
            Part::Words,
            Part::Copies,
            Part::Files,
            Part::Flags,
        ];
        let fixed = numbers.iter().all(|part| fits(*part, 4, 0));
        if whole && fixed && fits(Part::Offsets, 8, 1) && fits(Part::Ids, 20, 0) {
            Ok(header)
        } else {
            Err(damaged("its parts do not fit together"))
        }
    }

    fn parse(bytes: &[u8]) -> io::Result<Self> {
        let bad = || damaged("it has no header");
        let (body, checksum) = bytes.split_at_checked(HEADER - 8).ok_or_else(bad)?;
        let mut rest = Bytes(body);
        if rest.take(MAGIC.len()) != Some(MAGIC) {
            return Err(bad());
        }
        let mut small = || rest.array().map(u32::from_le_bytes).ok_or_else(bad);
        let (version, first, rows) = (small()?, small()?, small()?);
        if version != VERSION {
            let why = format!("the catalogue has format {version}, this recto reads {VERSION}");
            return Err(io::Error::new(io::ErrorKind::InvalidData, why));
        }
        if checksum != xxh3_64(body).to_le_bytes() {
            return Err(damaged("its header is not what was written"));
        }
        let mut large = || rest.array().map(u64::from_le_bytes).ok_or_else(bad);
        let mut parts = [Stretch::default(); PARTS];
        for part in &mut parts {
            *part = Stretch {
                offset: large()?,
                length: large()?,
                checksum: large()?,
            };
        }
        Ok(Self { first, rows, parts })
    }
}
