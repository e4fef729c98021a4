//! Text that stands in many groups says little about any of them.
//!
//! A menu, a cookie notice, the form of a newsletter and "at the end of the day" stand in articles that have nothing
//! else in common. What counts is the number of *groups*, not of articles: the text of a story under twenty mastheads
//! stands in twenty articles and is no boilerplate. So articles are grouped once by plain shares, the groups of every
//! gram are counted, and the pairs are judged again by weighted shares.
//!
//! Rejected: inverse document frequency (punishes exactly the stories that were copied most), lists of known phrases
//! (never complete, one language at a time).

use std::collections::HashMap;

use super::sketch::Sketch;
use crate::cancel::Cancel;

/// Up to how many groups a gram counts in full: the two of the pair that is judged.
const OWN: u32 = 2;
/// The ranges of hash values that are counted one after another, so that memory holds a part at a time.
const PARTS: u32 = 16;

/// In how many groups the grams stand.
#[derive(Clone, Debug, Default)]
pub(super) struct Frequencies {
    /// Only grams that stand in more than [`OWN`] groups.
    groups: HashMap<u32, u32>,
}

impl Frequencies {
    /// Counts the groups of every gram; `group` names the group of each article. Nothing when cancelled.
    pub fn count(sketches: &[Sketch], group: &[u32], cancel: &Cancel) -> Option<Self> {
        let mut groups = HashMap::new();
        let mut part: Vec<(u32, u32)> = Vec::new();
        for number in 0..PARTS {
            if cancel.is_cancelled() {
                return None;
            }
            let from = number * (u32::MAX / PARTS + 1);
            let last = from + u32::MAX / PARTS;
            part.clear();
            for (sketch, group) in sketches.iter().zip(group) {
                let start = sketch.grams.partition_point(|gram| *gram < from);
                let inside = sketch.grams[start..]
                    .iter()
                    .take_while(|gram| **gram <= last);
                part.extend(inside.map(|gram| (*gram, *group)));
            }
            part.sort_unstable();
            part.dedup();
            for run in part.chunk_by(|a, b| a.0 == b.0) {
                if run.len() > OWN as usize {
                    groups.insert(run[0].0, run.len() as u32);
                }
            }
        }
        Some(Self { groups })
    }

    /// How much the gram counts: 1 in full, less the more groups it stands in.
    pub fn weight(&self, gram: u32) -> f64 {
        self.groups
            .get(&gram)
            .map_or(1.0, |groups| f64::from(OWN) / f64::from(*groups))
    }
}
