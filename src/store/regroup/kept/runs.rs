//! Sorted runs: the fingerprints of consecutive articles, and a hash of the words of each, in one file that never
//! changes. Small runs are merged, eight at a time, so that there are few.
//!
//! A run has 256 parts by the upper bits of the fingerprints. In a part stands the difference to the fingerprint before,
//! then the article: about four bytes each.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::mpsc::sync_channel;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::super::file::{Numbers, Writer, damaged, push};
use crate::group::{PARTS, Postings, Take};

/// So many runs of about one size are made one.
const MERGE: usize = 8;

/// A run on disk.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Run {
    /// The name of its file.
    pub name: String,
    /// Its first article, and how many it has.
    pub first: u32,
    pub articles: u32,
    /// How many fingerprints.
    pub prints: u64,
    /// A checksum of the hashes of words, which stand in front.
    contents: u64,
    /// Where each part begins, how many bytes it has, and a checksum.
    parts: Vec<(u64, u32, u64)>,
}

impl Run {
    /// Writes a run; `part` gives the fingerprints of each part with their articles, sorted.
    pub fn write(
        folder: &Path,
        name: String,
        first: u32,
        contents: &[u64],
        part: &mut dyn FnMut(usize) -> io::Result<Vec<u64>>,
    ) -> io::Result<Self> {
        let mut file = Writer::new(&folder.join(&name))?;
        let mut bytes: Vec<u8> = contents.iter().flat_map(|it| it.to_le_bytes()).collect();
        file.put(&bytes)?;
        let mut run = Self {
            name,
            first,
            articles: contents.len() as u32,
            prints: 0,
            contents: xxh3_64(&bytes),
            parts: Vec::with_capacity(PARTS),
        };
        for number in 0..PARTS {
            let postings = part(number)?;
            bytes.clear();
            let (mut print, mut article) = ((number as u64) << 24, u64::from(first));
            for posting in &postings {
                let (next, of) = (posting >> 32, posting & u64::from(u32::MAX));
                push(&mut bytes, next - print);
                if next != print {
                    article = u64::from(first);
                }
                push(&mut bytes, of - article);
                (print, article) = (next, of);
            }
            let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
            run.parts.push((file.at, length, xxh3_64(&bytes)));
            run.prints += postings.len() as u64;
            file.put(&bytes)?;
        }
        file.finish()?;
        Ok(run)
    }

    /// The hash of the words of each article.
    pub fn contents(&self, folder: &Path) -> io::Result<Vec<u64>> {
        let mut bytes = vec![0; 8 * self.articles as usize];
        File::open(folder.join(&self.name))?.read_exact(&mut bytes)?;
        if xxh3_64(&bytes) != self.contents || self.parts.len() != PARTS {
            return Err(damaged());
        }
        let (eights, _) = bytes.as_chunks::<8>();
        Ok(eights.iter().map(|it| u64::from_le_bytes(*it)).collect())
    }

    /// Reads a part, sorted; `see` gets every fingerprint with its article.
    fn part(
        &self,
        file: &mut File,
        number: usize,
        bytes: &mut Vec<u8>,
        mut see: impl FnMut(u32, u32),
    ) -> io::Result<()> {
        let (start, length, sum) = self.parts.get(number).copied().ok_or_else(damaged)?;
        bytes.resize(length as usize, 0);
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(bytes)?;
        if xxh3_64(bytes) != sum {
            return Err(damaged());
        }
        let (mut print, mut article) = ((number as u32) << 24, self.first);
        let mut numbers = Numbers(bytes);
        while !numbers.0.is_empty() {
            let step = numbers.next().ok_or_else(damaged)? as u32;
            if step > 0 {
                article = self.first;
            }
            print = print.wrapping_add(step);
            article = article.wrapping_add(numbers.next().ok_or_else(damaged)? as u32);
            see(print, article);
        }
        Ok(())
    }
}

/// Runs that are read together.
pub(super) struct Opened<'a> {
    folder: &'a Path,
    runs: &'a [Run],
    threads: usize,
}

impl<'a> Opened<'a> {
    pub fn new(folder: &'a Path, runs: &'a [Run], threads: usize) -> Self {
        Self {
            folder,
            runs,
            threads: threads.max(1),
        }
    }

    /// Opens them for one thread.
    pub fn reading(&self) -> io::Result<Reading<'a>> {
        let open = |run: &'a Run| Ok((run, File::open(self.folder.join(&run.name))?, Vec::new()));
        Ok(Reading {
            runs: self.runs.iter().map(open).collect::<io::Result<_>>()?,
            bytes: Vec::new(),
            found: Vec::new(),
        })
    }
}

impl Postings for Opened<'_> {
    type Error = io::Error;

    /// Parts are read ahead, one by each thread.
    fn each(&mut self, wanted: &[bool], take: &mut Take<'_, io::Error>) -> io::Result<()> {
        if !wanted.contains(&true) {
            return Ok(());
        }
        let all = !wanted.contains(&false);
        let wanted = &bits(wanted);
        std::thread::scope(|scope| {
            let mut readings = Vec::new();
            for thread in 0..self.threads {
                let (give, parts) = sync_channel(1);
                let mut reading = self.reading()?;
                let threads = self.threads;
                let read = move || {
                    for part in (thread..PARTS).step_by(threads) {
                        let rows = match all {
                            true => reading.part(part),
                            false => reading.rows(part, wanted),
                        };
                        if give.send(rows).is_err() {
                            return;
                        }
                    }
                };
                scope.spawn(read);
                readings.push(parts);
            }
            for part in 0..PARTS {
                let rows = readings[part % self.threads].recv();
                if !take(part, &rows.map_err(io::Error::other)??)? {
                    break;
                }
            }
            Ok(())
        })
    }
}

/// Runs that one thread reads.
pub(super) struct Reading<'a> {
    /// With a part of each.
    runs: Vec<(&'a Run, File, Vec<u64>)>,
    bytes: Vec<u8>,
    found: Vec<u32>,
}

impl Reading<'_> {
    /// A part of all, sorted.
    pub fn part(&mut self, number: usize) -> io::Result<Vec<u64>> {
        let mut all = Vec::new();
        for (run, file, _) in &mut self.runs {
            run.part(file, number, &mut self.bytes, |print, article| {
                all.push(u64::from(print) << 32 | u64::from(article));
            })?;
        }
        // A stable sort knows sorted runs for what they are.
        all.sort();
        Ok(all)
    }

    /// The rows of a part that a wanted article stands in, whole and sorted.
    fn rows(&mut self, number: usize, wanted: &[u64]) -> io::Result<Vec<u64>> {
        self.found.clear();
        for (run, file, part) in &mut self.runs {
            part.clear();
            run.part(file, number, &mut self.bytes, |print, article| {
                part.push(u64::from(print) << 32 | u64::from(article));
                // One that was not known when this was asked for is not wanted.
                let word = wanted.get((article >> 6) as usize).copied();
                let is_wanted = word.unwrap_or_default() >> (article & 63) & 1 == 1;
                if is_wanted && self.found.last() != Some(&print) {
                    self.found.push(print);
                }
            })?;
        }
        self.found.sort_unstable();
        self.found.dedup();
        let mut rests: Vec<&[u64]> = self.runs.iter().map(|(_, _, part)| &part[..]).collect();
        let mut rows = Vec::new();
        for print in &self.found {
            let start = u64::from(*print) << 32;
            // Runs hold articles one behind the other, so a row is in order as it comes.
            for rest in &mut rests {
                let from = first_at_least(rest, start);
                let row = rest[from..]
                    .iter()
                    .take_while(|it| *it >> 32 == u64::from(*print));
                let end = from + row.count();
                rows.extend_from_slice(&rest[from..end]);
                *rest = &rest[end..];
            }
        }
        Ok(rows)
    }
}

/// A bit for each: that fits into the cache of a core, and articles are asked for in no order.
fn bits(wanted: &[bool]) -> Vec<u64> {
    let bits = wanted.chunks(64).map(|these| {
        let these = these.iter().enumerate();
        these.fold(0, |bits, (at, wanted)| bits | u64::from(*wanted) << at)
    });
    bits.collect()
}

/// The place of the first number that is at least so large, which is looked for near the front.
fn first_at_least(sorted: &[u64], number: u64) -> usize {
    let mut end = 1;
    while sorted.get(end).is_some_and(|it| *it < number) {
        end *= 2;
    }
    let (start, end) = (end / 2, sorted.len().min(end + 1));
    start + sorted[start..end].partition_point(|it| *it < number)
}

/// How many of the last runs should be made one.
pub(super) fn to_merge(runs: &[Run]) -> Option<usize> {
    let level = |run: &Run| run.prints.max(1).ilog2() / MERGE.ilog2();
    let last = level(runs.last()?);
    let count = runs
        .iter()
        .rev()
        .take_while(|run| level(run) <= last)
        .count();
    (count >= MERGE).then_some(count)
}
