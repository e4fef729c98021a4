//! Which pairs are worth a look: those that share fingerprints.
//!
//! For each article the postings of its fingerprints are counted into an array, so no list of all pairs ever exists.
//! A fingerprint that stands in more than [`COMMON`] articles (a cookie notice, the menu of a site, a popular agency
//! report) proposes only the next few articles that hold it: a large family of versions is still chained through by
//! many fingerprints at once, and a menu costs a few steps instead of a square.

use std::collections::HashMap;

use super::sketch::Sketch;
use crate::cancel::Cancel;

/// A fingerprint in more articles than this proposes only neighbours.
const COMMON: usize = 64;
/// How many of the articles behind it a common fingerprint proposes.
const NEIGHBOURS: usize = 8;
/// What part of the smaller sample two articles must share.
const SHARE: f64 = 0.05;

/// Two articles that share fingerprints, as indexes into the sketches; the first is the smaller.
pub(super) type Pair = (u32, u32);

/// The pairs worth a look.
#[derive(Clone, Debug, Default)]
pub(super) struct Candidates {
    /// The pairs, ascending.
    pub pairs: Vec<Pair>,
    /// Says of every article whether most of its fingerprints are common, so that it lacks most of its pairs.
    pub crowded: Vec<bool>,
}

/// Proposes pairs. Nothing when cancelled.
pub(super) fn candidates(sketches: &[Sketch], cancel: &Cancel) -> Option<Candidates> {
    let postings = Postings::new(sketches);
    let mut found = Candidates::default();
    let mut counts = vec![0u32; sketches.len()];
    let mut touched = Vec::new();
    for (index, sketch) in (0u32..).zip(sketches) {
        if cancel.is_cancelled() {
            return None;
        }
        let mut common = 0;
        for fingerprint in &sketch.fingerprints {
            let holders = postings.holders(*fingerprint);
            let behind = holders.partition_point(|holder| *holder <= index);
            let reach = if holders.len() > COMMON {
                common += 1;
                NEIGHBOURS
            } else {
                COMMON
            };
            for holder in holders[behind..].iter().take(reach) {
                let count = &mut counts[*holder as usize];
                if *count == 0 {
                    touched.push(*holder);
                }
                *count += 1;
            }
        }
        found.crowded.push(2 * common > sketch.fingerprints.len());
        touched.sort_unstable();
        for other in touched.drain(..) {
            let shared = std::mem::take(&mut counts[other as usize]);
            let smaller = sketch
                .fingerprints
                .len()
                .min(sketches[other as usize].fingerprints.len());
            if f64::from(shared) >= SHARE * smaller as f64 {
                found.pairs.push((index, other));
            }
        }
    }
    Some(found)
}

/// Which articles hold a fingerprint, for fingerprints that at least two hold.
struct Postings {
    /// Where the holders of a fingerprint stand in `holders`.
    ranges: HashMap<u32, (u32, u32)>,
    /// The holders, ascending for each fingerprint.
    holders: Vec<u32>,
}

impl Postings {
    fn new(sketches: &[Sketch]) -> Self {
        let mut all: Vec<(u32, u32)> = Vec::new();
        for (index, sketch) in (0u32..).zip(sketches) {
            all.extend(sketch.fingerprints.iter().map(|print| (*print, index)));
        }
        all.sort_unstable();
        let mut ranges = HashMap::new();
        let mut holders = Vec::new();
        for run in all.chunk_by(|a, b| a.0 == b.0).filter(|run| run.len() > 1) {
            ranges.insert(run[0].0, (holders.len() as u32, run.len() as u32));
            holders.extend(run.iter().map(|(_, index)| *index));
        }
        Self { ranges, holders }
    }

    fn holders(&self, fingerprint: u32) -> &[u32] {
        match self.ranges.get(&fingerprint) {
            Some((start, length)) => &self.holders[*start as usize..][..*length as usize],
            None => &[],
        }
    }
}
