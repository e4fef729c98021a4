//! What two articles are to each other: versions, issues of one form, or less.
//!
//! No single number decides. Each piece of evidence gives or takes points, none alone is enough to reach
//! [`Judge::threshold`] against the others, and each is a slope, not a step:
//!
//! | evidence | points |
//! |---|---|
//! | share of the body of the shorter text that stands in the longer | -2 at none, 0 at half, +2 at all |
//! | share of the longer text | up to +1 |
//! | a long stretch of own text on *both* sides: two articles in one frame | down to -3 |
//! | numbers that differ in the same context | down to -8 |
//! | titles: the same, other numbers in the same words, others | +0.6, -2.5, -0.3 |
//! | the same address; it is evidence, never proof (front pages, live blogs) | +0.5 |
//! | little text: a template without its fillings is the same everywhere | share shrinks |

use super::guard::Agreement;
use super::verify::Overlap;

/// Points from which two articles are versions of one text.
const THRESHOLD: f64 = 0.8;

/// How the titles of two articles relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Titles {
    /// One has none.
    Unknown,
    /// The same words.
    Same,
    /// The same words but for the numbers.
    OtherNumbers,
    /// Others.
    Other,
}

/// Everything known about a pair.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Evidence {
    pub overlap: Overlap,
    pub numbers: Agreement,
    pub names: Agreement,
    pub titles: Titles,
    pub same_url: bool,
}

/// What two articles are to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Versions of one text.
    Version,
    /// Issues of one form.
    Sibling,
    /// A passage of one stands in the other.
    Quotes,
    /// Nothing worth telling.
    Unrelated,
}

impl Evidence {
    /// The sum of all evidence over the threshold: above 0 for versions.
    pub fn points(&self) -> f64 {
        let overlap = &self.overlap;
        let shrink =
            |side: usize| overlap.body[side] * overlap.weight[side] / (overlap.weight[side] + 0.5);
        let (left, right) = (shrink(0), shrink(1));
        let share = 4.0 * (left.max(right) - 0.5);
        let mutual = left.min(right);
        let frame = -6.0 * (overlap.own_stretch[0].min(overlap.own_stretch[1]) - 0.05).max(0.0);
        let numbers = -8.0 * (self.numbers.conflict() - 0.1).max(0.0);
        let titles = match self.titles {
            Titles::Unknown => 0.0,
            Titles::Same => 0.6,
            Titles::OtherNumbers => -2.5,
            Titles::Other => -0.3,
        };
        let url = if self.same_url { 0.5 } else { 0.0 };
        share + mutual + frame.max(-3.0) + numbers + titles + url - THRESHOLD
    }

    /// What the articles are to each other.
    pub fn verdict(&self) -> Verdict {
        if self.points() > 0.0 {
            return Verdict::Version;
        }
        let conflict = self.titles == Titles::OtherNumbers || self.numbers.conflict() > 0.3;
        let most = self.overlap.plain[0].max(self.overlap.plain[1]);
        if conflict && most > 0.3 {
            Verdict::Sibling
        } else if self.overlap.shared >= 20 && self.overlap.body[0].max(self.overlap.body[1]) > 0.05
        {
            Verdict::Quotes
        } else {
            Verdict::Unrelated
        }
    }
}
