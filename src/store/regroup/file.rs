//! Files of numbers: written under another name and renamed, with a checksum at the end.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::{Xxh3, xxh3_64};

/// Bytes of the checksum.
const SUM: usize = 8;

/// Writes a file. Until it is finished it has another name, and it is taken away where it never is.
pub(super) struct Writer {
    file: BufWriter<File>,
    hash: Xxh3,
    path: PathBuf,
    /// How many bytes were written.
    pub at: u64,
    finished: bool,
}

impl Writer {
    pub fn new(path: &Path) -> io::Result<Self> {
        let file = File::create(unfinished(path))?;
        Ok(Self {
            file: BufWriter::with_capacity(1 << 18, file),
            hash: Xxh3::new(),
            path: path.to_owned(),
            at: 0,
            finished: false,
        })
    }

    pub fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hash.update(bytes);
        self.at += bytes.len() as u64;
        self.file.write_all(bytes)
    }

    /// Gives it its name.
    pub fn finish(mut self) -> io::Result<()> {
        let sum = self.hash.digest();
        self.file.write_all(&sum.to_le_bytes())?;
        self.file.flush()?;
        fs::rename(unfinished(&self.path), &self.path)?;
        self.finished = true;
        Ok(())
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        if !self.finished {
            let _ = fs::remove_file(unfinished(&self.path));
        }
    }
}

fn unfinished(path: &Path) -> PathBuf {
    path.with_extension("tmp")
}

/// Reads a whole file, if it is as it was written.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = fs::read(path)?;
    let end = bytes.len().checked_sub(SUM).ok_or_else(damaged)?;
    let sum = bytes.split_off(end);
    match sum == xxh3_64(&bytes).to_le_bytes() {
        true => Ok(bytes),
        false => Err(damaged()),
    }
}

pub(super) fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "it is damaged")
}

/// Writes a number in as few bytes as it needs, seven bits each.
pub(super) fn push(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Writes a number that may be below 0.
pub(super) fn push_signed(bytes: &mut Vec<u8>, number: i64) {
    push(bytes, (number << 1 ^ number >> 63) as u64);
}

/// Reads numbers. Behind the end there are none.
#[derive(Clone, Copy)]
pub(super) struct Numbers<'a>(pub &'a [u8]);

impl Numbers<'_> {
    // A call costs as much as the work, and a hundred million numbers are read at a time.
    #[inline(always)]
    pub fn next(&mut self) -> Option<u64> {
        // Up to four bytes without a branch for each: nobody can foretell how many it is.
        if let Some(eight) = self.0.first_chunk::<8>() {
            let raw = u64::from_le_bytes(*eight);
            let ends = !raw & 0x8080_8080;
            if ends != 0 {
                let raw = raw & (ends ^ (ends - 1));
                let sevens = [
                    raw & 0x7F,
                    raw >> 1 & 0x3F80,
                    raw >> 2 & 0x1F_C000,
                    raw >> 3 & 0xFE0_0000,
                ];
                self.0 = &self.0[(ends.trailing_zeros() as usize + 1) / 8..];
                return Some(sevens[0] | sevens[1] | sevens[2] | sevens[3]);
            }
        }
        self.long()
    }

    fn long(&mut self) -> Option<u64> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= u64::from(byte & 0x7F) << shift;
            if *byte < 0x80 {
                return Some(number);
            }
            shift += 7;
            if shift > 63 {
                return None;
            }
        }
    }

    pub fn signed(&mut self) -> Option<i64> {
        let number = self.next()?;
        Some((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    pub fn small(&mut self) -> Option<u32> {
        u32::try_from(self.next()?).ok()
    }

    /// Eight bytes as they are.
    pub fn eight(&mut self) -> Option<u64> {
        let (eight, rest) = self.0.split_first_chunk::<8>()?;
        self.0 = rest;
        Some(u64::from_le_bytes(*eight))
    }

    /// Four bytes as they are.
    pub fn float(&mut self) -> Option<f32> {
        let (four, rest) = self.0.split_first_chunk::<4>()?;
        self.0 = rest;
        Some(f32::from_le_bytes(*four))
    }

    pub fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*byte)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_were_written() {
        let numbers = (0..64).flat_map(|bit| [(1u64 << bit) - 1, 1 << bit, (1 << bit) + 1]);
        let numbers: Vec<u64> = numbers.chain([u64::MAX]).collect();
        let mut bytes = Vec::new();
        numbers.iter().for_each(|it| push(&mut bytes, *it));
        let mut read = Numbers(&bytes);
        for number in &numbers {
            assert_eq!(read.next(), Some(*number));
        }
        assert_eq!(read.next(), None);
        assert_eq!(Numbers(&[0x80]).next(), None);
        assert_eq!(Numbers(&[0xFF; 12]).next(), None);
    }
}
