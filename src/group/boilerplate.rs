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

use super::candidate::Take;
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

/// A fingerprint and the step of weight that it has now.
type Change = (u32, u8);

/// Texts and their groups at one time.
#[derive(Clone, Copy, Debug)]
pub struct Named<'a> {
    /// Which texts there are.
    pub is: &'a [bool],
    /// The group of each.
    pub names: &'a [u32],
}

/// Counts the groups of rows, as far as it matters.
struct Tally {
    /// By group: the last count that it was seen in.
    seen: Vec<u32>,
    count: u32,
}

impl Tally {
    fn new(groups: usize) -> Self {
        Self {
            seen: vec![0; groups],
            count: 0,
        }
    }

    /// The step of a gram that these texts hold.
    fn level(&mut self, texts: impl Iterator<Item = usize>, named: Named<'_>) -> u8 {
        const MOST: usize = STEPS[STEPS.len() - 1] as usize;
        if self.count == u32::MAX {
            self.seen.fill(0);
            self.count = 0;
        }
        self.count += 1;
        let mut groups = 0;
        for text in texts.filter(|it| named.is[*it]) {
            let seen = &mut self.seen[named.names[text] as usize];
            if *seen != self.count {
                *seen = self.count;
                groups += 1;
                if groups == MOST {
                    break;
                }
            }
        }
        level(groups)
    }
}

impl Weights {
    /// Counts the groups of grams once more, as texts came or went or got other groups. `each` gives the sorted rows
    /// `(gram << 32) | text` of all texts of which that is so, part by part: see [`super::Postings`]. `digests` takes
    /// in, for every text, which of its grams have which weight: texts whose digest is the same are weighed the same.
    /// `shifts` takes in by how much the factors of its grams changed, all together.
    pub fn recount<E>(
        &mut self,
        [before, now]: [Named<'_>; 2],
        digests: &mut [u64],
        shifts: &mut [f32],
        each: impl FnOnce(&mut Take<'_, E>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut changes: Vec<Change> = Vec::new();
        let mut tally = Tally::new(now.is.len());
        each(&mut |_, rows| {
            for row in rows.chunk_by(|a, b| a >> 32 == b >> 32) {
                if row.len() <= usize::from(STEPS[0]) {
                    continue;
                }
                let gram = (row[0] >> 32) as u32;
                let texts = || row.iter().map(|posting| *posting as u32 as usize);
                let was = tally.level(texts(), before);
                let is = tally.level(texts(), now);
                if was != is {
                    changes.push((gram, is));
                }
                let say = |level: u8| match level {
                    0 => 0,
                    level => mix(u64::from(gram) << 8 | u64::from(level)),
                };
                if was == 0 && is == 0 {
                    continue;
                }
                for text in texts() {
                    // Nothing changes for one that stays.
                    if was == is && before.is[text] == now.is[text] {
                        continue;
                    }
                    if before.is[text] {
                        digests[text] = digests[text].wrapping_sub(say(was));
                        shifts[text] += (factor(was) - factor(is)).abs();
                    }
                    if now.is[text] {
                        digests[text] = digests[text].wrapping_add(say(is));
                    }
                }
            }
            Ok(true)
        })?;
        self.take_over(&changes);
        Ok(())
    }

    /// Takes over changes, ascending.
    fn take_over(&mut self, changes: &[Change]) {
        let known = std::mem::take(&mut self.grams);
        let levels = std::mem::take(&mut self.levels);
        let mut known = known.into_iter().zip(levels).peekable();
        let mut put = |(gram, level): Change| {
            if level > 0 {
                self.grams.push(gram);
                self.levels.push(level);
            }
        };
        for change in changes {
            while let Some(stays) = known.next_if(|(gram, _)| *gram < change.0) {
                put(stays);
            }
            known.next_if(|(gram, _)| *gram == change.0);
            put(*change);
        }
        known.for_each(put);
        self.finish();
    }

    /// All grams that weigh less, ascending, and their steps, for keeping.
    pub fn steps(&self) -> impl Iterator<Item = (u32, u8)> {
        self.grams.iter().copied().zip(self.levels.iter().copied())
    }

    /// Made of those again.
    pub fn from_steps(steps: impl Iterator<Item = (u32, u8)>) -> Self {
        let (grams, levels) = steps.unzip();
        let mut weights = Self {
            grams,
            levels,
            starts: Vec::new(),
        };
        weights.finish();
        weights
    }

    /// Makes lookups quick.
    fn finish(&mut self) {
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

    /// By how much the factor of a gram is another one in others.
    #[cfg(test)]
    pub(super) fn shift(&self, others: &Self, gram: u32) -> f32 {
        (factor(self.level(gram)) - factor(others.level(gram))).abs()
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

/// How much may hang on the factor of one gram at most: the weight of all grams that the same sampled one is the nearest
/// of, while all count in full.
pub(super) fn span(grams: &Grams) -> f32 {
    let mut shares: Vec<(u32, f32)> = Vec::with_capacity(grams.sampled.len());
    let mut start = 0;
    for (number, at) in grams.sampled.iter().enumerate() {
        let end = match grams.sampled.get(number + 1) {
            Some(next) => (at + next).div_ceil(2) as usize,
            None => grams.at.len(),
        };
        let weight: u32 = grams.prose[start..end]
            .iter()
            .map(|it| u32::from(*it))
            .sum();
        shares.push((grams.at[*at as usize], weight as f32 / 255.0));
        start = end;
    }
    shares.sort_unstable_by_key(|(gram, _)| *gram);
    let shares = shares.chunk_by(|a, b| a.0 == b.0);
    let sums = shares.map(|same| same.iter().map(|(_, weight)| weight).sum());
    sums.fold(0.0, f32::max)
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
        let none = Named {
            is: &[false; 6],
            names: &[0; 6],
        };
        let first = Named {
            is: &[true; 6],
            names: &[0, 0, 0, 3, 3, 5],
        };
        let count = |weights: &mut Weights, times, digests: &mut [u64]| {
            let Ok(()) = weights.recount(times, digests, &mut [0.0; 6], |take| {
                take(0, &runs).map(drop)
            }) as Result<(), std::convert::Infallible>;
        };
        count(&mut weights, [none, first], &mut digests);
        assert_eq!((weights.level(7), weights.level(9)), (0, 1));
        assert_eq!((digests[2], digests[4]), (0, 0));
        assert!(digests[0] != 0 && digests[0] == digests[5]);
        // Text 3 leaves its group: gram 7 stands in three groups now. Text 5 goes: gram 9 in two.
        let then = Named {
            is: &[true, true, true, true, true, false],
            names: &[0, 0, 0, 3, 4, 5],
        };
        count(&mut weights, [first, then], &mut digests);
        assert_eq!((weights.level(7), weights.level(9)), (1, 0));
        assert!(digests[5] == 0 && digests[4] != 0 && digests[0] == digests[4]);
        let (mut others, mut at_once) = (Weights::default(), [0; 6]);
        count(&mut others, [none, then], &mut at_once);
        assert_eq!(at_once, digests);
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
