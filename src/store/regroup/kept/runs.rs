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

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::super::file::{Numbers, Writer, damaged, push};
use crate::group::PARTS;

/// So many runs of about one size are made one.
const MERGE: usize = 8;
/// The bits of a fingerprint that do not name its part.
pub(super) const BITS: u32 = 24;
/// About so many fingerprints stand in a bucket, and a part has at most so many buckets, as a power of two.
const BUCKET: usize = 16;
const BUCKETS: u32 = 14;

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
    pub fn part(
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
    pub fn around(
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
