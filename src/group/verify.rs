//! How much two articles share and where it stands, measured on the full sets of grams.

use std::cmp::Ordering;

use super::boilerplate;
use super::sketch::Sketch;
use super::types::SharedBlocks;

/// What two articles share.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Overlap {
    /// Distinct grams on both sides.
    pub shared: u32,
    /// Shares of each side, every gram counting the same.
    pub plain: [f64; 2],
    /// Shares of the body of each side: grams in short blocks and grams that stand in many groups count little.
    pub body: [f64; 2],
    /// Weight of the body of each side.
    pub weight: [f64; 2],
    /// The longest stretch of each side that the other has nothing of, as a share of its body. A single replaced word
    /// is no stretch.
    pub own_stretch: [f64; 2],
    /// The blocks that stand on both sides.
    pub blocks: SharedBlocks,
    /// Whether both are short and measured by their word pairs.
    pub short: bool,
}

/// A gram at its place: what it weighs, and whether the other side has it.
#[derive(Clone, Copy, Default)]
struct Place {
    weight: f64,
    known: bool,
    shared: bool,
}

/// Intersects two articles, by their shorter grams if both are short.
pub(super) fn overlap(a: &Sketch, b: &Sketch) -> Overlap {
    if let (Some(a), Some(b)) = (&a.short, &b.short) {
        let short = overlap(a, b);
        return Overlap {
            short: true,
            ..short
        };
    }
    let mut sides = [a, b].map(|sketch| {
        let length = sketch.blocks.last().copied().unwrap_or(0) as usize;
        vec![Place::default(); length]
    });
    let mut shared = 0u32;
    let mut put = |side: usize, sketch: &Sketch, at: usize, shared: bool| {
        sides[side][sketch.places[at] as usize] = Place {
            weight: f64::from(sketch.prose[at]) / 255.0 * boilerplate::weight(sketch.groups[at]),
            known: true,
            shared,
        };
    };
    let (mut i, mut j) = (0, 0);
    loop {
        let order = match (a.grams.get(i), b.grams.get(j)) {
            (None, None) => break,
            (Some(x), Some(y)) => x.cmp(y),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
        };
        shared += u32::from(order.is_eq());
        if order.is_le() {
            put(0, a, i, order.is_eq());
            i += 1;
        }
        if order.is_ge() {
            put(1, b, j, order.is_eq());
            j += 1;
        }
    }

    let [left, right] = sides;
    let (left, right) = (Side::new(a, &left, shared), Side::new(b, &right, shared));
    Overlap {
        shared,
        plain: [left.plain, right.plain],
        body: [left.body, right.body],
        weight: [left.weight, right.weight],
        own_stretch: [left.own_stretch, right.own_stretch],
        blocks: SharedBlocks {
            a: left.blocks,
            of_a: a.blocks.len() as u32,
            b: right.blocks,
            of_b: b.blocks.len() as u32,
        },
        short: false,
    }
}

/// The measures of one side.
struct Side {
    plain: f64,
    body: f64,
    weight: f64,
    own_stretch: f64,
    blocks: u32,
}

impl Side {
    fn new(sketch: &Sketch, places: &[Place], shared: u32) -> Self {
        let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
        let weight: f64 = places.iter().map(|place| place.weight).sum();
        let common: f64 = places
            .iter()
            .filter(|place| place.shared)
            .map(|place| place.weight)
            .sum();
        Self {
            plain: share(f64::from(shared), sketch.grams.len() as f64),
            body: share(common, weight),
            weight,
            own_stretch: share(
                (own_stretch(places, sketch.gram) - sketch.gram as f64).max(0.0),
                weight,
            ),
            blocks: shared_blocks(sketch, places),
        }
    }
}

/// The weight of the heaviest stretch that is not shared. A stretch ends where a gram's length of grams in a row is
/// shared: less is a turn of phrase.
fn own_stretch(places: &[Place], gram: usize) -> f64 {
    let (mut heaviest, mut weight, mut run) = (0.0f64, 0.0, 0);
    for place in places.iter().filter(|place| place.known) {
        if place.shared {
            run += 1;
            if run >= gram {
                weight = 0.0;
            }
        } else {
            run = 0;
            weight += place.weight;
            heaviest = heaviest.max(weight);
        }
    }
    heaviest
}

/// How many blocks have four fifths of their words in shared grams.
fn shared_blocks(sketch: &Sketch, places: &[Place]) -> u32 {
    let mut count = 0;
    let (mut start, mut reach) = (0, 0);
    for end in &sketch.blocks {
        let end = *end as usize;
        let mut covered = 0;
        for (at, place) in (start..).zip(&places[start..end]) {
            if place.shared {
                reach = at + sketch.gram;
            }
            covered += usize::from(at < reach);
        }
        count += u32::from(5 * covered >= 4 * (end - start));
        start = end;
    }
    count
}
