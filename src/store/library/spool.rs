//! Records that cannot be read in place again (from archives, compressed files, books, tables): kept once, in blocks of
//! zstd.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::catalogue::Place;
use crate::formats::{Record, packed};

/// The name of the file in the folder of a segment.
pub const NAME: &str = "spool";
/// A block is written when it has so many bytes.
const BLOCK: usize = 256 << 10;
/// More than this no block has: a length beyond it is damage.
const MOST: usize = 1 << 30;
const LEVEL: i32 = 1;

/// Writes records one after the other.
pub struct SpoolWriter {
    path: PathBuf,
    file: Option<File>,
    block: Vec<u8>,
    offset: u64,
}

impl SpoolWriter {
    /// The spool of a segment; the file is made when there is something for it.
    pub fn new(folder: &Path) -> Self {
        Self {
            path: folder.join(NAME),
            file: None,
            block: Vec::new(),
            offset: 0,
        }
    }

    /// Adds a record; gives its place.
    pub fn add(&mut self, record: &Record) -> io::Result<Place> {
        if self.block.len() >= BLOCK {
            self.flush()?;
        }
        let bytes = packed::pack(record);
        let place = Place::Spool {
            offset: self.offset,
            at: self.block.len() as u32,
            length: bytes.len() as u32,
        };
        self.block.extend_from_slice(&bytes);
        Ok(place)
    }

    fn flush(&mut self) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(File::create(&self.path)?),
        };
        let packed = zstd::bulk::compress(&self.block, LEVEL)?;
        file.write_all(&(packed.len() as u32).to_le_bytes())?;
        file.write_all(&(self.block.len() as u32).to_le_bytes())?;
        file.write_all(&packed)?;
        self.offset += 8 + packed.len() as u64;
        self.block.clear();
        Ok(())
    }

    /// Writes the rest and waits until it is on disk.
    pub fn finish(mut self) -> io::Result<()> {
        if !self.block.is_empty() {
            self.flush()?;
        }
        self.file.map_or(Ok(()), |file| file.sync_all())
    }
}

/// Reads a record back; `path` is that of its source.
pub fn read(folder: &Path, place: (u64, u32, u32), path: &Path) -> io::Result<Record> {
    let damaged = || io::Error::new(io::ErrorKind::InvalidData, "damaged");
    let (offset, at, length) = place;
    let mut file = File::open(folder.join(NAME))?;
    file.seek(SeekFrom::Start(offset))?;
    let mut sizes = [[0; 4]; 2];
    for size in &mut sizes {
        file.read_exact(size)?;
    }
    let [packed, whole] = sizes.map(|size| u32::from_le_bytes(size) as usize);
    if packed > MOST || whole > MOST {
        return Err(damaged());
    }
    let mut bytes = Vec::new();
    file.take(packed as u64).read_to_end(&mut bytes)?;
    let block = zstd::bulk::decompress(&bytes, whole)?;
    let record = block
        .get(at as usize..)
        .and_then(|it| it.get(..length as usize));
    record
        .and_then(|bytes| packed::unpack(bytes, path))
        .ok_or_else(damaged)
}
