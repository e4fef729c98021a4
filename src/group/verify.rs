//! What two articles are to each other, decided on the full sets of grams.

use super::boilerplate::Frequencies;
use super::guard::Agreement;
use super::sketch::Sketch;

/// How much two sets of grams share.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Overlap {
    /// Distinct grams on both sides.
    pub shared: u32,
    /// Shares of each side, every gram counting the same.
    pub plain: (f64, f64),
    /// Shares of each side, grams that stand in many groups counting little.
    pub weighted: (f64, f64),
    /// Weight of each side.
    pub weight: (f64, f64),
}

/// Intersects two sets of grams.
pub(super) fn overlap(a: &Sketch, b: &Sketch, frequencies: &Frequencies) -> Overlap {
    let mut shared = 0u32;
    let (mut both, mut left, mut right) = (0.0, 0.0, 0.0);
    let (mut i, mut j) = (0, 0);
    loop {
        match (a.grams.get(i), b.grams.get(j)) {
            (None, None) => break,
            (Some(x), Some(y)) if x == y => {
                let weight = frequencies.weight(*x);
                shared += 1;
                both += weight;
                left += weight;
                right += weight;
                i += 1;
                j += 1;
            }
            (Some(x), y) if y.is_none_or(|y| x < y) => {
                left += frequencies.weight(*x);
                i += 1;
            }
            (_, Some(y)) => {
                right += frequencies.weight(*y);
                j += 1;
            }
            (Some(_), None) => break,
        }
    }
    let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
    Overlap {
        shared,
        plain: (
            share(f64::from(shared), a.grams.len() as f64),
            share(f64::from(shared), b.grams.len() as f64),
        ),
        weighted: (share(both, left), share(both, right)),
        weight: (left, right),
    }
}

/// What two articles are to each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Judgement {
    /// Versions of one text, with a strength for the order of linking.
    Version(f64),
    /// Issues of one form.
    Sibling,
    /// A passage of one stands in the other.
    Quotes,
    /// Nothing worth telling.
    Unrelated,
}

/// Judges a pair.
pub(super) fn judge(overlap: &Overlap, numbers: Agreement, names: Agreement) -> Judgement {
    let share = overlap.weighted.0.max(overlap.weighted.1);
    let other = f64::from(numbers.other) + 0.5 * f64::from(names.other);
    let same = f64::from(numbers.same) + 0.5 * f64::from(names.same);
    let plain = overlap.plain.0.max(overlap.plain.1);
    if other > same.max(1.0) && overlap.plain.0.min(overlap.plain.1) < 0.97 {
        return if plain > 0.3 {
            Judgement::Sibling
        } else {
            Judgement::Unrelated
        };
    }
    if share >= 0.65 {
        Judgement::Version(share)
    } else if overlap.shared >= 20 {
        Judgement::Quotes
    } else {
        Judgement::Unrelated
    }
}
