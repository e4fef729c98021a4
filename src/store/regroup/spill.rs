//! Numbers that wait to be sorted: in memory up to a limit, behind it in a file without a name.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

use super::file::{Numbers, push};
use crate::group::{PARTS, Parts, Postings, Take};

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

/// Fingerprints that are kept only as long as they are worked on. Behind the first look those that a single article
/// holds are forgotten, and the rest is packed to half its size where it stays in memory.
pub(super) struct Unkept {
    spill: Spill,
    threads: usize,
    sorted: bool,
    /// The parts behind the first look, if they are not in a file.
    packed: Vec<Vec<u8>>,
}

impl Unkept {
    /// Takes fingerprints over.
    pub fn new(spill: Spill, threads: usize) -> Self {
        Self {
            spill,
            threads: threads.max(1),
            sorted: false,
            packed: vec![Vec::new(); PARTS],
        }
    }
}

impl Postings for Unkept {
    type Error = io::Error;

    fn each(&mut self, _: &[bool], take: &mut Take<'_, io::Error>) -> io::Result<()> {
        let all: Vec<usize> = (0..PARTS).collect();
        for parts in all.chunks(self.threads) {
            let mut rows = Vec::with_capacity(parts.len());
            for part in parts {
                rows.push(self.spill.take(*part)?);
            }
            std::thread::scope(|scope| {
                for (rows, packed) in rows.iter_mut().zip(&self.packed[parts[0]..]) {
                    let sorted = self.sorted;
                    scope.spawn(move || match sorted {
                        false => {
                            rows.sort_unstable();
                            rows.dedup();
                        }
                        true => unpack(packed, rows),
                    });
                }
            });
            let mut goes_on = true;
            for (part, mut rows) in parts.iter().zip(rows) {
                goes_on = goes_on && take(*part, &rows)?;
                if !self.sorted {
                    keep_common(&mut rows);
                }
                if self.spill.spilled() {
                    self.spill.put(*part, &rows)?;
                } else if !self.sorted {
                    self.packed[*part] = pack(&rows);
                }
            }
            if !goes_on {
                return Ok(());
            }
        }
        self.sorted = true;
        Ok(())
    }
}

/// Packs sorted numbers: the difference to the upper half before, then the lower half, or where that is the same its
/// difference. About four bytes each.
fn pack(rows: &[u64]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(4 * rows.len());
    let mut last = 0;
    for number in rows {
        let step = (number >> 32) - (last >> 32);
        push(&mut bytes, step);
        let from = if step > 0 { 0 } else { last as u32 };
        push(&mut bytes, u64::from(*number as u32 - from));
        last = *number;
    }
    bytes.shrink_to_fit();
    bytes
}

/// Adds the numbers that were packed.
fn unpack(bytes: &[u8], rows: &mut Vec<u64>) {
    let (mut numbers, mut last) = (Numbers(bytes), 0);
    while let (Some(step), Some(rest)) = (numbers.next(), numbers.next()) {
        let from = if step > 0 { 0 } else { u64::from(last as u32) };
        last = ((last >> 32) + step) << 32 | (from + rest);
        rows.push(last);
    }
}

/// Leaves the rows that have several texts.
fn keep_common(rows: &mut Vec<u64>) {
    let mut kept = 0;
    let mut start = 0;
    while start < rows.len() {
        let print = rows[start] >> 32;
        let row = rows[start..].iter().take_while(|it| *it >> 32 == print);
        let end = start + row.count();
        if end - start > 1 {
            rows.copy_within(start..end, kept);
            kept += end - start;
        }
        start = end;
    }
    rows.truncate(kept);
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

    #[test]
    fn numbers_come_out_as_they_were_packed() {
        let numbers = [
            0,
            1,
            5,
            1 << 32,
            (1 << 32) + 9,
            (7 << 32) + 3,
            u64::MAX - 1,
            u64::MAX,
        ];
        let mut found = Vec::new();
        unpack(&pack(&numbers), &mut found);
        assert_eq!(found, numbers);
    }

    #[test]
    fn rows_of_one_article_are_seen_once() {
        for limit in [u64::MAX, 1000] {
            let mut spill = Spill::new(limit);
            for text in 0..300u64 {
                let posting = |print: u64| print << 32 | text;
                spill
                    .put(7, &[posting(7 << 24), posting((7 << 24) + 1 + text / 2)])
                    .unwrap();
                spill.put(8, &[posting((8 << 24) + text)]).unwrap();
            }
            let mut postings = Unkept::new(spill, 2);
            for look in 0..3 {
                let mut seen = Vec::new();
                let mut take = |part, rows: &[u64]| {
                    assert!(rows.is_sorted() && rows.iter().all(|it| it >> 56 == part as u64));
                    seen.extend_from_slice(rows);
                    Ok(true)
                };
                postings.each(&[true; 300], &mut take).unwrap();
                assert_eq!(seen.len(), if look == 0 { 900 } else { 600 });
            }
        }
    }
}
