//! How much two articles share and where it stands, measured on the full sets of grams.

use super::boilerplate;
use super::profile::{Grams, Index, Profile};
use super::types::SharedBlocks;

/// What two articles share.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Overlap {
    /// Distinct grams on both sides.
    pub shared: u32,
    /// Shares of each side, every gram counting the same.
    pub plain: [f64; 2],
    /// Shares of the body of each side: grams in short blocks and grams that stand in many groups count little.
    pub body: [f64; 2],
    /// Weight of the body of each side, in grams.
    pub weight: [f64; 2],
    /// Share of each side that is set aside as frame: what its grams would weigh if they stood in no other group.
    pub frame: [f64; 2],
    /// The longest stretch of each side that the other has nothing of, as a share of its body. A single replaced word
    /// is no stretch.
    pub own_stretch: [f64; 2],
    /// The blocks that stand on both sides.
    pub blocks: SharedBlocks,
    /// Whether both are short and measured by their word pairs.
    pub short: bool,
}

/// Compares articles with one of them; its buffers are used again.
#[derive(Clone, Debug, Default)]
pub(super) struct Comparer {
    index: Index,
    pairs: Index,
    weights: [Vec<f32>; 2],
    shared: [Vec<bool>; 2],
}

impl Comparer {
    /// The article that the next ones are compared with.
    pub fn set_left(&mut self, left: &Profile) {
        left.grams.index(&mut self.index);
        if let Some(pairs) = &left.pairs {
            pairs.index(&mut self.pairs);
        }
    }

    /// Compares an article with the one that was set, by word pairs if both are short.
    pub fn overlap(&mut self, left: &Profile, right: &Profile) -> Overlap {
        match (&left.pairs, &right.pairs) {
            (Some(left), Some(right)) => Overlap {
                short: true,
                ..self.compare(left, right, true)
            },
            _ => self.compare(&left.grams, &right.grams, false),
        }
    }

    fn compare(&mut self, left: &Grams, right: &Grams, pairs: bool) -> Overlap {
        let index = if pairs { &self.pairs } else { &self.index };
        let [marks_left, marks_right] = &mut self.shared;
        for (marks, grams) in [(&mut *marks_left, left), (&mut *marks_right, right)] {
            marks.clear();
            marks.resize(grams.at.len(), false);
        }
        let mut shared = 0;
        for (place, (gram, prose)) in right.at.iter().zip(&right.prose).enumerate() {
            if *prose > 0
                && let Some(other) = index.get(*gram)
            {
                marks_left[other as usize] = true;
                marks_right[place] = true;
                shared += 1;
            }
        }
        let [left_weights, right_weights] = &mut self.weights;
        boilerplate::factors(left, left_weights);
        boilerplate::factors(right, right_weights);
        let a = Side::new(left, marks_left, left_weights, shared);
        let b = Side::new(right, marks_right, right_weights, shared);
        Overlap {
            shared,
            plain: [a.plain, b.plain],
            body: [a.body, b.body],
            weight: [a.weight, b.weight],
            frame: [a.frame, b.frame],
            own_stretch: [a.own_stretch, b.own_stretch],
            blocks: SharedBlocks {
                a: a.blocks,
                of_a: left.blocks.len() as u32,
                b: b.blocks,
                of_b: right.blocks.len() as u32,
            },
            short: false,
        }
    }

    /// The numbers of the blocks that stand on both sides, after a comparison of these two.
    pub fn shared_blocks(&self, left: &Profile, right: &Profile) -> [Vec<u32>; 2] {
        let [a, b] = &self.shared;
        let (left, right) = match (&left.pairs, &right.pairs) {
            (Some(left), Some(right)) => (left, right),
            _ => (&left.grams, &right.grams),
        };
        [
            shared_blocks(left, a).collect(),
            shared_blocks(right, b).collect(),
        ]
    }

    /// The numbers of the blocks that are mostly frame, after a comparison of these two.
    pub fn frame_blocks(&self, left: &Profile, right: &Profile) -> [Vec<u32>; 2] {
        let [a, b] = &self.weights;
        [frame_blocks(&left.grams, a), frame_blocks(&right.grams, b)]
    }
}

/// The measures of one side.
struct Side {
    plain: f64,
    body: f64,
    weight: f64,
    frame: f64,
    own_stretch: f64,
    blocks: u32,
}

impl Side {
    fn new(grams: &Grams, shared: &[bool], weights: &[f32], count: u32) -> Self {
        let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
        let (mut weight, mut common, mut full) = (0.0, 0.0, 0.0);
        // The weight of the heaviest stretch that is not shared. A stretch ends where a gram's length of grams in a row
        // is shared: less is a turn of phrase.
        let (mut heaviest, mut stretch, mut run) = (0.0f64, 0.0, 0);
        for ((prose, factor), shared) in grams.prose.iter().zip(weights).zip(shared) {
            if *prose == 0 {
                continue;
            }
            let plain = f64::from(*prose) / 255.0;
            let own = plain * f64::from(*factor);
            weight += own;
            full += plain;
            if *shared {
                common += own;
                run += 1;
                if run >= grams.size {
                    stretch = 0.0;
                }
            } else {
                run = 0;
                stretch += own;
                heaviest = heaviest.max(stretch);
            }
        }
        Self {
            plain: share(f64::from(count), f64::from(grams.distinct)),
            body: share(common, weight),
            weight,
            frame: share(full - weight, full),
            own_stretch: share((heaviest - grams.size as f64).max(0.0), weight),
            blocks: shared_blocks(grams, shared).count() as u32,
        }
    }
}

/// The blocks that have four fifths of their words in shared grams, by their numbers.
fn shared_blocks<'a>(grams: &'a Grams, shared: &'a [bool]) -> impl Iterator<Item = u32> + 'a {
    let (mut start, mut reach) = (0, 0);
    grams.blocks.iter().filter_map(move |(end, number)| {
        let end = *end as usize;
        let mut covered = 0;
        for at in start..end {
            if shared.get(at).is_some_and(|shared| *shared) {
                reach = at + grams.size;
            }
            covered += usize::from(at < reach);
        }
        let known = 5 * covered >= 4 * (end - start);
        start = end;
        known.then_some(*number)
    })
}

/// The blocks whose grams weigh less than half on the whole, by their numbers.
fn frame_blocks(grams: &Grams, weights: &[f32]) -> Vec<u32> {
    let mut start = 0;
    let blocks = grams.blocks.iter().filter_map(|(end, number)| {
        let range = start..(*end as usize).min(weights.len());
        start = *end as usize;
        let own = weights.get(range).filter(|own| !own.is_empty())?;
        let light = own.iter().sum::<f32>() < 0.5 * own.len() as f32;
        light.then_some(*number)
    });
    blocks.collect()
}
