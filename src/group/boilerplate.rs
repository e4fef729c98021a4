//! Text that stands in many groups says little about any of them.
//!
//! A menu, a cookie notice, the form of a newsletter and "at the end of the day" stand in articles that have nothing
//! else in common. What counts is the number of *groups*, not of articles: a story under twenty mastheads stands in
//! twenty articles and is no boilerplate. So articles are grouped once by plain shares, the groups of every sampled
//! gram are counted, and the pairs that hold such grams are judged again by weighted shares.
//!
//! Only the grams that signatures sample are counted; a gram between two of them weighs what the nearer one does. A
//! block of boilerplate is sampled alike wherever it stands, and counting every gram of every article would need all
//! of them in memory. The counts go up in steps, each a quarter to a half above the one before, so that a few more
//! articles change few weights: that is what makes adding articles cheap.
//!
//! Rejected: inverse document frequency (punishes exactly the stories that were copied most), lists of known phrases
//! (never complete, one language at a time).

use super::profile::Grams;
use super::words::mix;

/// Counts of groups that are told apart. Up to the first a gram counts in full: the two groups of the pair judged.
const STEPS: [u8; 12] = [2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 128];

/// How much a gram counts at each step: 1 in full, less the more groups it stands in.
fn factor(level: u8) -> f32 {
    f32::from(STEPS[0]) / f32::from(STEPS[usize::from(level).min(STEPS.len() - 1)])
}

/// The step that a number of groups reaches.
fn level(groups: usize) -> u8 {
    let reached = STEPS.partition_point(|step| usize::from(*step) <= groups);
    reached.saturating_sub(1) as u8
}

/// In how many groups the sampled grams stand, for those that stand in more than two.
#[derive(Clone, Debug, Default)]
pub struct Weights {
    /// Grams, ascending.
    grams: Vec<u32>,
    levels: Vec<u8>,
    /// Where the grams begin that have the same upper 16 bits.
    starts: Vec<u32>,
}

impl Weights {
    /// Counts the groups of every gram of sorted runs of `(gram << 32) | text`; `names` is the group of each text.
    /// `digests` takes in, for every text, which of its grams have which weight: texts whose digest is the same are
    /// weighed the same. Runs of one gram must come in one call, and the calls in order.
    pub fn count(&mut self, runs: &[u64], names: &[u32], digests: &mut [u64]) {
        let mut groups = Vec::new();
        for run in runs.chunk_by(|a, b| a >> 32 == b >> 32) {
            if run.len() <= usize::from(STEPS[0]) {
                continue;
            }
            let text = |posting: &u64| *posting as u32 as usize;
            groups.clear();
            groups.extend(run.iter().map(|posting| names[text(posting)]));
            groups.sort_unstable();
            groups.dedup();
            let level = level(groups.len());
            if level == 0 {
                continue;
            }
            let gram = (run[0] >> 32) as u32;
            self.grams.push(gram);
            self.levels.push(level);
            for posting in run {
                let digest = &mut digests[text(posting)];
                *digest = digest.wrapping_add(mix(u64::from(gram) << 8 | u64::from(level)));
            }
        }
    }

    /// Makes lookups quick, once all is counted.
    pub fn finish(&mut self) {
        self.starts = vec![0; (1 << 16) + 1];
        for gram in &self.grams {
            self.starts[(gram >> 16) as usize + 1] += 1;
        }
        let mut sum = 0;
        for start in &mut self.starts {
            sum += *start;
            *start = sum;
        }
    }

    /// The step of a gram; 0 for one that counts in full.
    pub(super) fn level(&self, gram: u32) -> u8 {
        let bucket = (gram >> 16) as usize;
        let (Some(start), Some(end)) = (self.starts.get(bucket), self.starts.get(bucket + 1))
        else {
            return 0;
        };
        let (start, end) = (*start as usize, *end as usize);
        match self.grams[start..end].binary_search(&gram) {
            Ok(at) => self.levels[start + at],
            Err(_) => 0,
        }
    }
}

/// How much the gram at each place counts: what the nearest sampled one does.
pub(super) fn factors(grams: &Grams, factors: &mut Vec<f32>) {
    factors.clear();
    if grams.groups.is_empty() {
        factors.resize(grams.at.len(), 1.0);
        return;
    }
    let sampled = grams.sampled.iter().zip(&grams.groups);
    let mut before: Option<(u32, f32)> = None;
    for (at, level) in sampled {
        let own = factor(*level);
        let middle = match before {
            None => 0,
            Some((last, _)) => (last + at).div_ceil(2),
        };
        factors.resize(middle as usize, before.map_or(own, |(_, factor)| factor));
        before = Some((*at, own));
    }
    factors.resize(grams.at.len(), before.map_or(1.0, |(_, factor)| factor));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_count_and_not_articles() {
        // Gram 7 stands in five texts of two groups, gram 9 in four texts of three groups.
        let runs = [
            (7, 0),
            (7, 1),
            (7, 2),
            (7, 3),
            (7, 4),
            (9, 0),
            (9, 1),
            (9, 3),
            (9, 5),
        ];
        let runs = runs.map(|(gram, text): (u64, u64)| gram << 32 | text);
        let mut weights = Weights::default();
        let mut digests = [0; 6];
        weights.count(&runs, &[0, 0, 0, 3, 3, 5], &mut digests);
        weights.finish();
        assert_eq!((weights.level(7), weights.level(9)), (0, 1));
        assert_eq!((digests[2], digests[4]), (0, 0));
        assert!(digests[0] != 0 && digests[0] == digests[5]);
        assert!(factor(0) == 1.0 && factor(level(4)) == 0.5 && factor(level(1000)) < 0.02);
    }

    #[test]
    fn a_gram_weighs_what_the_nearest_sampled_one_does() {
        let grams = Grams {
            at: vec![0; 8],
            sampled: vec![1, 5],
            groups: vec![0, 2],
            ..Grams::default()
        };
        let mut found = Vec::new();
        factors(&grams, &mut found);
        assert_eq!(found, [1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.5, 0.5]);
    }
}
