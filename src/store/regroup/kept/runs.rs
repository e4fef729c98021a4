//! Sorted runs: the fingerprints of consecutive articles, and a hash of the words of each, in one file that never
//! changes. Small runs are merged, eight at a time, so that there are few.
//!
//! A run has 256 parts by the upper bits of the fingerprints, and each part has buckets by the next bits, so that a few
//! fingerprints are looked up without decoding the rest:
//!
//! ```text
//! part      how many bits tell its buckets apart · the bytes of each bucket · the buckets
//! bucket    difference to the fingerprint before · article, or the difference to the one before: about four bytes each
//! ```

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::mpsc::sync_channel;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::super::articles::Articles;
use super::super::decide::Texts;
use super::super::file::{Numbers, Writer, damaged, push};
use crate::group::{PARTS, Postings, Profiler, Take};

/// So many runs of about one size are made one.
const MERGE: usize = 8;
/// The bits of a fingerprint that do not name its part.
const BITS: u32 = 24;
/// About so many fingerprints stand in a bucket, and a part has at most so many buckets, as a power of two.
const BUCKET: usize = 16;
const BUCKETS: u32 = 14;
/// Where fewer than one article in so many is asked for, reading these again costs less than decoding their run. Tests
/// have few articles.
const SPARSE: usize = if cfg!(test) { 3 } else { 128 };

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
            pack(number, first, &postings, &mut bytes);
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

    /// Reads the bytes of a part.
    fn bytes(&self, file: &mut File, number: usize, bytes: &mut Vec<u8>) -> io::Result<()> {
        let (start, length, sum) = self.parts.get(number).copied().ok_or_else(damaged)?;
        bytes.resize(length as usize, 0);
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(bytes)?;
        match xxh3_64(bytes) == sum {
            true => Ok(()),
            false => Err(damaged()),
        }
    }

    /// Reads a part, sorted; `see` gets every fingerprint with its article.
    fn part(
        &self,
        file: &mut File,
        number: usize,
        bytes: &mut Vec<u8>,
        mut see: impl FnMut(u32, u32),
    ) -> io::Result<()> {
        self.bytes(file, number, bytes)?;
        let mut buckets = Buckets::new(number, bytes).ok_or_else(damaged)?;
        while let Some((base, bucket)) = buckets.next() {
            decode(base, self.first, bucket, &mut see).ok_or_else(damaged)?;
        }
        Ok(())
    }

    /// The same of the buckets that these fingerprints stand in, which are sorted.
    fn around(
        &self,
        file: &mut File,
        number: usize,
        prints: &[u32],
        bytes: &mut Vec<u8>,
        mut see: impl FnMut(u32, u32),
    ) -> io::Result<()> {
        self.bytes(file, number, bytes)?;
        let mut buckets = Buckets::new(number, bytes).ok_or_else(damaged)?;
        let shift = buckets.shift;
        let mut prints = prints.chunk_by(|a, b| a >> shift == b >> shift);
        let mut wanted = prints.next();
        while let (Some(these), Some((base, bucket))) = (wanted, buckets.next()) {
            if these[0] >> shift == base >> shift {
                decode(base, self.first, bucket, &mut see).ok_or_else(damaged)?;
                wanted = prints.next();
            }
        }
        Ok(())
    }
}

/// Writes a part of a run that begins with article `first`.
fn pack(number: usize, first: u32, postings: &[u64], bytes: &mut Vec<u8>) {
    let bits = (postings.len() / BUCKET).max(1).ilog2().min(BUCKETS);
    let shift = BITS - bits;
    let (mut rest, mut packed) = (postings, Vec::with_capacity(5 * postings.len()));
    bytes.push(bits as u8);
    for bucket in 0..1u64 << bits {
        let base = ((number as u64) << bits | bucket) << shift;
        let count = rest.partition_point(|it| it >> 32 >> shift <= base >> shift);
        let (these, behind) = rest.split_at(count);
        rest = behind;
        let start = packed.len();
        let (mut print, mut article) = (base, u64::from(first));
        for posting in these {
            let (next, of) = (posting >> 32, posting & u64::from(u32::MAX));
            push(&mut packed, next - print);
            if next != print {
                article = u64::from(first);
            }
            push(&mut packed, of - article);
            (print, article) = (next, of);
        }
        push(bytes, (packed.len() - start) as u64);
    }
    bytes.append(&mut packed);
}

/// The buckets of a part, one behind the other.
struct Buckets<'a> {
    /// The fingerprint that the next bucket begins with, without the bits that differ in it.
    next: u64,
    shift: u32,
    lengths: Numbers<'a>,
    left: usize,
    rest: &'a [u8],
}

impl<'a> Buckets<'a> {
    fn new(number: usize, bytes: &'a [u8]) -> Option<Self> {
        let (bits, rest) = bytes.split_first()?;
        let bits = u32::from(*bits);
        if bits > BUCKETS {
            return None;
        }
        let lengths = Numbers(rest);
        let mut behind = lengths;
        for _ in 0..1 << bits {
            behind.next()?;
        }
        Some(Self {
            next: (number as u64) << bits,
            shift: BITS - bits,
            lengths,
            left: 1 << bits,
            rest: behind.0,
        })
    }

    /// The smallest fingerprint that may stand in the next bucket, and its bytes. What is missing is empty: the checksum
    /// was right.
    fn next(&mut self) -> Option<(u32, &'a [u8])> {
        self.left = self.left.checked_sub(1)?;
        let length = self.lengths.next()? as usize;
        let (bucket, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        let base = (self.next << self.shift) as u32;
        self.next += 1;
        Some((base, bucket))
    }
}

/// Reads a bucket.
#[inline]
fn decode(mut print: u32, first: u32, bucket: &[u8], see: &mut impl FnMut(u32, u32)) -> Option<()> {
    let mut article = first;
    let mut numbers = Numbers(bucket);
    while !numbers.0.is_empty() {
        let step = numbers.next()? as u32;
        if step > 0 {
            article = first;
        }
        print = print.wrapping_add(step);
        article = article.wrapping_add(numbers.next()? as u32);
        see(print, article);
    }
    Some(())
}

/// Runs that are read together.
pub(super) struct Opened<'a> {
    pub folder: &'a Path,
    pub runs: &'a [Run],
    pub threads: usize,
    /// What stands in them.
    pub articles: &'a dyn Articles,
    pub texts: &'a Texts,
}

/// Which rows are asked for.
struct Wanted {
    /// A bit for each article: that fits into the cache of a core, and articles are asked for in no order.
    bits: Vec<u64>,
    /// Which runs are decoded to find the rows of the articles that are asked for.
    decoded: Vec<bool>,
    /// The fingerprints of those in the other runs, sorted.
    prints: Vec<u32>,
}

impl Opened<'_> {
    /// Finds out where to look for the rows of these articles: many of one run are looked for in it, a few are read
    /// again, since their fingerprints say where their rows are.
    fn wanted(&self, wanted: &[bool]) -> Wanted {
        let (mut decoded, mut few) = (Vec::new(), Vec::new());
        for (at, run) in self.runs.iter().enumerate() {
            let articles = run.first..run.first + run.articles;
            // One that was not known when this was asked for is not wanted.
            let is_wanted = |it: &u32| wanted.get(*it as usize) == Some(&true);
            let before = few.len();
            few.extend(articles.filter(is_wanted).map(|it| (at, it)));
            let many = SPARSE * (few.len() - before) > run.articles as usize;
            if many {
                few.truncate(before);
            }
            decoded.push(many);
        }
        let mut prints = Vec::new();
        for (run, found) in self.prints(&few) {
            match found {
                Some(found) => prints.extend(found),
                // It is gone, or not what it was.
                None => decoded[run] = true,
            }
        }
        prints.sort_unstable();
        prints.dedup();
        Wanted {
            bits: bits(wanted),
            decoded,
            prints,
        }
    }

    /// The fingerprints of some articles, each with the run that it stands in.
    fn prints(&self, few: &[(usize, u32)]) -> Vec<(usize, Option<Vec<u32>>)> {
        let share = few.len().div_ceil(self.threads.max(1)).max(1);
        let read = |part: &[(usize, u32)]| {
            let (mut reader, mut profiler) = (self.articles.reader(), Profiler::default());
            profiler.only_grams(true);
            let mut prints = |text: u32| {
                let leader = self.texts.leaders[text as usize];
                let profile = match self.texts.is[text as usize] {
                    true => reader.profile(leader, &mut profiler)?,
                    false => return None,
                };
                let same = profile.content() == self.texts.contents[text as usize];
                same.then(|| profile.prints().collect())
            };
            let part = part.iter();
            part.map(|(run, text)| (*run, prints(*text))).collect()
        };
        std::thread::scope(|scope| {
            let parts = few.chunks(share);
            let parts: Vec<_> = parts.map(|part| scope.spawn(move || read(part))).collect();
            let none = |part: &[(usize, u32)]| part.iter().map(|(run, _)| (*run, None)).collect();
            let parts = parts.into_iter().zip(few.chunks(share));
            let parts = parts.map(|(found, part)| found.join().unwrap_or_else(|_| none(part)));
            parts.collect::<Vec<Vec<_>>>().concat()
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
        let some = wanted.contains(&false).then(|| self.wanted(wanted));
        let (some, threads) = (some.as_ref(), self.threads.max(1));
        std::thread::scope(|scope| {
            let mut readings = Vec::new();
            for thread in 0..threads {
                let (give, parts) = sync_channel(1);
                let mut reading = Reading::open(self.folder, self.runs)?;
                let read = move || {
                    for part in (thread..PARTS).step_by(threads) {
                        let rows = match some {
                            None => reading.part(part),
                            Some(some) => reading.rows(part, some),
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
                let rows = readings[part % threads].recv();
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

impl<'a> Reading<'a> {
    pub fn open(folder: &Path, runs: &'a [Run]) -> io::Result<Self> {
        let open = |run: &'a Run| Ok((run, File::open(folder.join(&run.name))?, Vec::new()));
        Ok(Self {
            runs: runs.iter().map(open).collect::<io::Result<_>>()?,
            bytes: Vec::new(),
            found: Vec::new(),
        })
    }

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
    fn rows(&mut self, number: usize, wanted: &Wanted) -> io::Result<Vec<u64>> {
        let of_part = |print: &u32| (print >> BITS) as usize;
        let start = wanted.prints.partition_point(|it| of_part(it) < number);
        let end = wanted.prints.partition_point(|it| of_part(it) <= number);
        self.found.clear();
        self.found.extend_from_slice(&wanted.prints[start..end]);
        let runs = self.runs.iter_mut().zip(&wanted.decoded);
        for ((run, file, part), _) in runs.filter(|(_, decoded)| **decoded) {
            part.clear();
            run.part(file, number, &mut self.bytes, |print, article| {
                part.push(u64::from(print) << 32 | u64::from(article));
                let word = wanted.bits.get((article >> 6) as usize).copied();
                let is_wanted = word.unwrap_or_default() >> (article & 63) & 1 == 1;
                if is_wanted && self.found.last() != Some(&print) {
                    self.found.push(print);
                }
            })?;
        }
        self.found.sort_unstable();
        self.found.dedup();
        let runs = self.runs.iter_mut().zip(&wanted.decoded);
        for ((run, file, part), _) in runs.filter(|(_, decoded)| !**decoded) {
            part.clear();
            let bytes = &mut self.bytes;
            run.around(file, number, &self.found, bytes, |print, article| {
                part.push(u64::from(print) << 32 | u64::from(article));
            })?;
        }
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

/// A bit for each.
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

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn buckets_hold_what_was_put_into_them() {
        for count in [0u64, 1, 15, 40, 3000, 60_000] {
            // Some stand in several articles, and the largest there is among them.
            let print = |n: u64| (7 << BITS) + (n / 3).wrapping_mul(0x9E37_79B1) % (1 << BITS);
            let posting = |n: u64| print(n) << 32 | (500 + n % 7);
            let last = ((8u64 << BITS) - 1) << 32 | 900;
            let mut postings: Vec<u64> = (0..count).map(posting).chain([last]).collect();
            postings.sort_unstable();
            postings.dedup();
            let folder = tempfile::tempdir().unwrap();
            let mut part = |number: usize| {
                Ok(if number == 7 {
                    postings.clone()
                } else {
                    Vec::new()
                })
            };
            let run = Run::write(folder.path(), "run".into(), 500, &[1; 500], &mut part).unwrap();
            let runs = [run];
            let mut reading = Reading::open(folder.path(), &runs).unwrap();
            assert_eq!(reading.part(7).unwrap(), postings);
            assert!(reading.part(6).unwrap().is_empty());
            let mut prints: Vec<u32> = postings.iter().map(|it| (it >> 32) as u32).collect();
            prints.dedup();
            let prints: Vec<u32> = prints
                .into_iter()
                .step_by(11)
                .chain([(9 << BITS) + 3])
                .collect();
            let wanted = Wanted {
                bits: bits(&[false; 1000]),
                decoded: vec![false],
                prints: prints.clone(),
            };
            let sought: HashSet<u32> = prints.iter().copied().collect();
            let is_wanted = |it: &&u64| sought.contains(&((**it >> 32) as u32));
            let rows: Vec<u64> = postings.iter().filter(is_wanted).copied().collect();
            assert_eq!(reading.rows(7, &wanted).unwrap(), rows);
            assert!(reading.rows(9, &wanted).unwrap().is_empty());
        }
    }
}
