//! The rows of runs, all of them or those that some articles stand in.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::mpsc::sync_channel;

use super::super::articles::Articles;
use super::super::decide::Texts;
use super::runs::{BITS, Run};
use crate::group::{PARTS, Postings, Profiler, Take};

/// Where fewer than one article in so many is asked for, reading these again costs less than decoding their run. Tests
/// have few articles.
const SPARSE: usize = if cfg!(test) { 3 } else { 128 };

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
        // Only the first article with its words has fingerprints.
        let firsts = (0u32..).zip(&self.texts.firsts).zip(wanted);
        let mut firsts = firsts.filter(|((article, first), _)| article == *first);
        let some = firsts
            .any(|(_, wanted)| !wanted)
            .then(|| self.wanted(wanted));
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
