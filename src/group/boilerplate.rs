//! Text that stands in many groups says little about any of them.
//!
//! A menu, a cookie notice, the form of a newsletter and "at the end of the day" stand in articles that have nothing
//! else in common. What counts is the number of *groups*, not of articles: a story under twenty mastheads stands in
//! twenty articles and is no boilerplate. So articles are grouped once by plain shares, the groups of every gram are
//! counted, and the pairs are judged again by weighted shares.
//!
//! Rejected: inverse document frequency (punishes exactly the stories that were copied most), lists of known phrases
//! (never complete, one language at a time).

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::sketch::Sketch;
use crate::cancel::Cancel;

/// Up to how many groups a gram counts in full: the two of the pair that is judged.
const OWN: u8 = 2;
/// How many parts the grams are counted in, one after another, so that memory holds one of them at a time.
const PARTS: u32 = 16;

/// How much a gram counts that stands in so many groups: 1 in full, less the more there are.
pub(super) fn weight(groups: u8) -> f64 {
    f64::from(OWN) / f64::from(groups.max(OWN))
}

/// Notes for every gram of every sketch in how many groups it stands, 255 at most; `names` is the group of each
/// article. Nothing when cancelled.
pub(super) fn count(sketches: &mut [Sketch], names: &[u32], cancel: &Cancel) -> Option<()> {
    let mut common: HashMap<u32, u8, BuildHasherDefault<GramHasher>> = HashMap::default();
    let mut part: Vec<(u32, u32)> = Vec::new();
    for number in 0..PARTS {
        if cancel.is_cancelled() {
            return None;
        }
        let from = number * (u32::MAX / PARTS + 1);
        let last = from + u32::MAX / PARTS;
        part.clear();
        for (sketch, name) in sketches.iter().zip(names) {
            let start = sketch.grams.partition_point(|gram| *gram < from);
            let inside = sketch.grams[start..]
                .iter()
                .take_while(|gram| **gram <= last);
            part.extend(inside.map(|gram| (*gram, *name)));
        }
        part.sort_unstable();
        part.dedup();
        for run in part.chunk_by(|a, b| a.0 == b.0) {
            if run.len() > usize::from(OWN) {
                common.insert(run[0].0, u8::try_from(run.len()).unwrap_or(u8::MAX));
            }
        }
    }
    for sketch in sketches {
        for (gram, groups) in sketch.grams.iter().zip(&mut sketch.groups) {
            *groups = common.get(gram).copied().unwrap_or(OWN);
        }
    }
    Some(())
}

/// Grams are hashes already; one multiplication spreads them over 64 bits.
#[derive(Clone, Copy, Debug, Default)]
struct GramHasher(u64);

impl Hasher for GramHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u32(u32::from(*byte));
        }
    }

    fn write_u32(&mut self, gram: u32) {
        self.0 = (self.0 ^ u64::from(gram)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_count_and_not_articles() {
        let sketch = |grams: &[u32]| Sketch {
            grams: grams.to_vec(),
            groups: vec![0; grams.len()],
            ..Sketch::default()
        };
        // Gram 7 stands in five articles of two groups, gram 9 in three groups.
        let mut sketches = [
            sketch(&[7, 9]),
            sketch(&[7]),
            sketch(&[7, u32::MAX]),
            sketch(&[7, 9]),
            sketch(&[7]),
            sketch(&[9]),
        ];
        assert!(count(&mut sketches, &[0, 0, 0, 3, 3, 5], &Cancel::new()).is_some());
        assert_eq!(sketches[0].groups, [2, 3]);
        assert_eq!(sketches[2].groups, [2, 2]);
        assert!(weight(2) == 1.0 && weight(4) == 0.5 && weight(0) == 1.0);
    }
}
