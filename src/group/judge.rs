//! What two articles are to each other: versions, issues of one form, or less.
//!
//! No single number decides. Each piece of evidence gives or takes points on a slope, not on a step, and above 0 two
//! articles are versions:
//!
//! | evidence | points |
//! |---|---|
//! | share of the body of one side that stands in the other, the larger of both | -2 at none, 0 at half, +2 at all |
//! | the smaller of both shares | up to +1 |
//! | a long stretch that each side has for itself: two articles in one frame | down to -3 |
//! | other numbers in the same context | down to -7 |
//! | other capitalised words in the same context | down to -3 |
//! | titles: the same; other numbers between the same words; others | +0.6; -2.5; -0.3 |
//! | dates: the same day; others (a column, a correction) | +0.3; -0.3 |
//! | the same address, evidence and never proof (front pages, live blogs) | +0.5 |
//!
//! On 4,300 labelled articles of seven kinds nineteen in twenty versions have more than +1, and no other pair has more
//! than -0.3. Changing any slope by a half, or the threshold by 0.6, changes F1 by less than .01 there: no constant
//! stands on a cliff, and none is worth a second digit.
//!
//! Rejected: a learned classifier. It would follow the sets at hand, and its reasons cannot be said in a sentence.

use super::guard::Agreement;
use super::types::Reason;
use super::verify::Overlap;

/// What a pair must bring along, so that 0 decides: a third of the body in common and nothing else is no version.
const THRESHOLD: f64 = 0.8;
/// How many grams' weight is taken from a body before it counts in full: a few words are soon shared.
const LITTLE: f64 = 0.5;
/// A stretch of own text up to this share of the body is what editing leaves behind.
const EDITED: f64 = 0.05;
/// Conflicts up to these shares are what extraction and corrections leave behind.
const NUMBERS: f64 = 0.1;
const NAMES: f64 = 0.25;
/// How many grams in common make a quotation: a sentence of fifteen words.
const PASSAGE: u32 = 12;
/// What one number that differs may cost at most: one corrected figure parts no versions. In a line or two, where it
/// may be all that is new, it does.
const CORRECTED: f64 = 1.2;
const CORRECTED_IN_SHORT: f64 = 2.4;

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

/// How the dates of two articles relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dates {
    /// One has none, or one is a span that holds the other.
    Unknown,
    /// The same.
    Same,
    /// Others.
    Other,
}

/// Everything known about a pair.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Evidence {
    /// What they share.
    pub overlap: Overlap,
    /// Numbers in the same contexts.
    pub numbers: Agreement,
    /// Capitalised words in the same contexts.
    pub names: Agreement,
    /// Their titles.
    pub titles: Titles,
    /// Their dates.
    pub dates: Dates,
    /// Whether both stood at one address.
    pub same_address: bool,
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
    /// The sum of all evidence: above 0 for versions.
    pub fn points(&self) -> f64 {
        let Overlap {
            body,
            weight,
            own_stretch,
            ..
        } = self.overlap;
        let share = |side: usize| body[side] * weight[side] / (weight[side] + LITTLE);
        let (left, right) = (share(0), share(1));
        let shares = 4.0 * (left.max(right) - 0.5) + left.min(right);
        let stretch = own_stretch[0].min(own_stretch[1]);
        let frame = (4.0 * (stretch - EDITED)).clamp(0.0, 3.0);
        let numbers = 8.0 * (self.numbers.conflict() - NUMBERS).max(0.0);
        let corrected = if self.overlap.short {
            CORRECTED_IN_SHORT
        } else {
            CORRECTED
        };
        let numbers = numbers.min(corrected * f64::from(self.numbers.other));
        let names = 4.0 * (self.names.conflict() - NAMES).max(0.0);
        let titles = match self.titles {
            Titles::Unknown => 0.0,
            Titles::Same => 0.6,
            Titles::OtherNumbers => -2.5,
            Titles::Other => -0.3,
        };
        let dates = match self.dates {
            Dates::Unknown => 0.0,
            Dates::Same => 0.3,
            Dates::Other => -0.3,
        };
        let address = if self.same_address { 0.5 } else { 0.0 };
        shares - frame - numbers - names + titles + dates + address - THRESHOLD
    }

    /// What the articles are to each other.
    pub fn verdict(&self) -> Verdict {
        if self.points() > 0.0 {
            return Verdict::Version;
        }
        let conflict = self.titles == Titles::OtherNumbers
            || self.numbers.conflict().max(self.names.conflict()) > 0.3;
        let most = |shares: [f64; 2]| shares[0].max(shares[1]);
        if conflict && most(self.overlap.plain) > 0.3 {
            Verdict::Sibling
        } else if self.overlap.shared >= PASSAGE && most(self.overlap.body) > 0.05 {
            Verdict::Quotes
        } else {
            Verdict::Unrelated
        }
    }

    /// What speaks most for versions.
    pub fn reason(&self) -> Reason {
        let Overlap { plain, body, .. } = self.overlap;
        if plain[0].min(plain[1]) >= 0.9 {
            Reason::SameText
        } else if plain[0].max(plain[1]) >= 0.9 {
            Reason::Contained
        } else if body[0].max(body[1]) >= 0.9 {
            Reason::SameBody
        } else {
            Reason::MuchShared
        }
    }
}
