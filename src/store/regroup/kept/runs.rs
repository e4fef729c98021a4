//! Sorted runs: the fingerprints of consecutive articles, and a hash of the words of each, in one file that never
//! changes. Small runs are merged, eight at a time, so that there are few.
//!
//! A run has 256 parts by the upper bits of the fingerprints. In a part stands the difference to the fingerprint before,
//! then the article: about four bytes each.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::super::file::{Numbers, Writer, damaged, push};
use crate::group::PARTS;

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

    fn part(&self, file: &mut File, number: usize, into: &mut Vec<u64>) -> io::Result<()> {
        let (start, length, sum) = self.parts.get(number).copied().ok_or_else(damaged)?;
        let mut bytes = vec![0; length as usize];
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(&mut bytes)?;
        if xxh3_64(&bytes) != sum {
            return Err(damaged());
        }
        let first = u64::from(self.first);
        let (mut print, mut article) = ((number as u64) << 24, first);
        let mut numbers = Numbers(&bytes);
        while !numbers.0.is_empty() {
            let step = numbers.next().ok_or_else(damaged)?;
            if step > 0 {
                article = first;
            }
            print += step;
            article += numbers.next().ok_or_else(damaged)?;
            into.push(print << 32 | article);
        }
        Ok(())
    }
}

/// Runs that are read together.
pub(super) struct Opened<'a> {
    runs: Vec<(&'a Run, File)>,
}

impl<'a> Opened<'a> {
    pub fn new(folder: &Path, runs: &'a [Run]) -> io::Result<Self> {
        let open = |run: &'a Run| Ok((run, File::open(folder.join(&run.name))?));
        Ok(Self {
            runs: runs.iter().map(open).collect::<io::Result<_>>()?,
        })
    }

    /// A part of all, sorted.
    pub fn part(&mut self, number: usize) -> io::Result<Vec<u64>> {
        let mut all = Vec::new();
        for (run, file) in &mut self.runs {
            run.part(file, number, &mut all)?;
        }
        // A stable sort knows sorted runs for what they are.
        all.sort();
        Ok(all)
    }
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
