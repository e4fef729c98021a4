//! Numbers that wait to be sorted: in memory up to a limit, behind it in a file without a name.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

use crate::group::{PARTS, Parts};

/// Numbers are kept in pieces of this size, so that no list is ever copied to grow.
const PIECE: usize = 4096;

/// Parts that go to disk when memory is short.
pub(super) struct Spill {
    parts: Vec<Part>,
    /// How many bytes stay in memory.
    limit: u64,
    held: u64,
    file: Option<File>,
    /// Where the file ends.
    end: u64,
}

#[derive(Default)]
struct Part {
    pieces: Vec<Vec<u64>>,
    /// Where the runs of it stand in the file, in bytes, and how many numbers each has.
    runs: Vec<(u64, usize)>,
}

impl Spill {
    /// Keeps up to `limit` bytes in memory.
    pub fn new(limit: u64) -> Self {
        Self {
            parts: (0..PARTS).map(|_| Part::default()).collect(),
            limit,
            held: 0,
            file: None,
            end: 0,
        }
    }

    /// Says whether anything went to disk.
    pub fn spilled(&self) -> bool {
        self.file.is_some()
    }

    /// Writes everything in memory to the file, sorted, a run for each part.
    fn flush(&mut self) -> io::Result<()> {
        if self.file.is_none() {
            self.file = Some(tempfile::tempfile()?);
        }
        let Some(file) = &mut self.file else {
            return Ok(());
        };
        file.seek(SeekFrom::Start(self.end))?;
        let mut bytes = Vec::new();
        for part in &mut self.parts {
            let mut numbers: Vec<u64> = std::mem::take(&mut part.pieces).concat();
            if numbers.is_empty() {
                continue;
            }
            numbers.sort_unstable();
            bytes.clear();
            bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
            file.write_all(&bytes)?;
            part.runs.push((self.end, numbers.len()));
            self.end += bytes.len() as u64;
        }
        self.held = 0;
        Ok(())
    }
}

impl Parts for Spill {
    type Error = io::Error;

    fn put(&mut self, part: usize, mut numbers: &[u64]) -> io::Result<()> {
        self.held += size_of_val(numbers) as u64;
        let pieces = &mut self.parts[part].pieces;
        while !numbers.is_empty() {
            let room = pieces.last().map_or(0, |piece| PIECE - piece.len());
            if room == 0 {
                pieces.push(Vec::with_capacity(
                    PIECE.min(numbers.len().next_multiple_of(512)),
                ));
                if let Some(piece) = pieces.last_mut() {
                    let (now, later) = numbers.split_at(numbers.len().min(PIECE));
                    piece.extend_from_slice(now);
                    numbers = later;
                }
                continue;
            }
            let (now, later) = numbers.split_at(numbers.len().min(room));
            if let Some(piece) = pieces.last_mut() {
                piece.extend_from_slice(now);
            }
            numbers = later;
        }
        if self.held > self.limit {
            self.flush()?;
        }
        Ok(())
    }

    fn take(&mut self, part: usize) -> io::Result<Vec<u64>> {
        let Part { pieces, runs } = std::mem::take(&mut self.parts[part]);
        let mut numbers = pieces.concat();
        self.held = self.held.saturating_sub(size_of_val(&*numbers) as u64);
        if let Some(file) = &mut self.file {
            let mut bytes = Vec::new();
            for (start, count) in runs {
                file.seek(SeekFrom::Start(start))?;
                bytes.resize(8 * count, 0);
                file.read_exact(&mut bytes)?;
                let (eights, _) = bytes.as_chunks::<8>();
                numbers.extend(eights.iter().map(|eight| u64::from_le_bytes(*eight)));
            }
        }
        Ok(numbers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_on_the_way_to_disk() {
        for limit in [u64::MAX, 100_000, 64] {
            let mut spill = Spill::new(limit);
            let numbers: Vec<u64> = (0..20_000u64)
                .map(|n| n.wrapping_mul(0x9E37_79B9_7F4A_7C15))
                .collect();
            for chunk in numbers.chunks(777) {
                spill.put(3, chunk).unwrap();
                spill.put(9, &chunk[..1]).unwrap();
            }
            assert_eq!(spill.spilled(), limit < 200_000);
            let mut found = spill.take(3).unwrap();
            found.sort_unstable();
            let mut sorted = numbers.clone();
            sorted.sort_unstable();
            assert_eq!(found, sorted);
            assert_eq!(spill.take(9).unwrap().len(), 26);
            assert!(spill.take(3).unwrap().is_empty());
        }
    }
}
