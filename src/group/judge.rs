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

use serde::Serialize;

use super::guard::Agreement;
use super::profile::Profile;
use super::types::{PairBlocks, Reason};
use super::verify::{Comparer, Overlap};
use super::words::{Shape, Word};

/// The version of the decision: points of another one cannot be compared with these. Raised with every change of what
/// is measured or what it counts.
pub const DECISION_VERSION: u32 = 1;

/// How many grams in common make a quotation: a sentence of fifteen words.
const PASSAGE: u32 = 12;

/// Every number that decides. docs/GROUPING.md says how far each may move.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tuning {
    /// What a pair must bring along, so that 0 decides: a third of the body in common and nothing else is no version.
    pub threshold: f64,
    /// Points for each share of the body of the side that shares more, above or below a half.
    pub larger: f64,
    /// Points for each share of the body of the side that shares less.
    pub smaller: f64,
    /// How many grams' weight is taken from a body before it counts in full: a few words are soon shared.
    pub little: f64,
    /// A stretch of own text up to this share of the body is what editing leaves behind.
    pub edited: f64,
    /// Points for each share of the body that a longer stretch is.
    pub stretch: f64,
    /// What a stretch may cost at most.
    pub stretch_most: f64,
    /// Numbers in conflict up to this share are what extraction and corrections leave behind.
    pub numbers_free: f64,
    /// Points for each share of numbers in conflict beyond that.
    pub numbers: f64,
    /// What one number that differs may cost at most: one corrected figure parts no versions.
    pub corrected: f64,
    /// The same in a line or two, where it may be all that is new.
    pub corrected_in_short: f64,
    /// Names in conflict up to this share are what extraction and corrections leave behind.
    pub names_free: f64,
    /// Points for each share of names in conflict beyond that.
    pub names: f64,
    /// Points for the same title.
    pub title_same: f64,
    /// Points for a title with other numbers between the same words.
    pub title_numbers: f64,
    /// Points for another title.
    pub title_other: f64,
    /// Points for the same day, and against another.
    pub date: f64,
    /// Points for the same address.
    pub address: f64,
    /// What a pair between two groups counts against joining them that was never proposed, in points: half a vote, as
    /// the fragments of one page may lack it too.
    pub absent: f64,
    /// Whether grams weigh less that stand in many groups.
    pub weigh: bool,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            threshold: 0.8,
            larger: 4.0,
            smaller: 1.0,
            little: 0.5,
            edited: 0.05,
            stretch: 4.0,
            stretch_most: 3.0,
            numbers_free: 0.1,
            numbers: 8.0,
            corrected: 1.2,
            corrected_in_short: 2.4,
            names_free: 0.25,
            names: 4.0,
            title_same: 0.6,
            title_numbers: -2.5,
            title_other: -0.3,
            date: 0.3,
            address: 0.5,
            absent: 0.5,
            weigh: true,
        }
    }
}

/// What each piece of evidence says for (above 0) or against two articles being versions of one text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Points {
    /// The shares of the bodies, less what any pair must bring along.
    pub shares: f64,
    /// A long stretch of own text on each side.
    pub own_stretch: f64,
    /// Other numbers in the same context.
    pub numbers: f64,
    /// Other capitalised words in the same context.
    pub names: f64,
    /// The titles.
    pub titles: f64,
    /// The dates.
    pub dates: f64,
    /// The addresses.
    pub address: f64,
}

impl Points {
    /// All together: above 0 for versions.
    pub fn sum(&self) -> f64 {
        let Self {
            shares,
            own_stretch,
            numbers,
            names,
            titles,
            dates,
            address,
        } = *self;
        shares + own_stretch + numbers + names + titles + dates + address
    }
}

/// How the titles of two articles relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Titles {
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
pub enum Dates {
    /// One has none, or one is a span that holds the other.
    Unknown,
    /// The same.
    Same,
    /// Others.
    Other,
}

/// Everything known about a pair.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evidence {
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
    /// What each piece says.
    pub fn points(&self, tuning: &Tuning) -> Points {
        let Overlap {
            body,
            weight,
            own_stretch,
            ..
        } = self.overlap;
        let share = |side: usize| body[side] * weight[side] / (weight[side] + tuning.little);
        let (left, right) = (share(0), share(1));
        let shares = tuning.larger * (left.max(right) - 0.5) + tuning.smaller * left.min(right);
        let stretch = own_stretch[0].min(own_stretch[1]);
        let stretch = tuning.stretch * (stretch - tuning.edited);
        let numbers = tuning.numbers * (self.numbers.conflict() - tuning.numbers_free).max(0.0);
        let corrected = match self.overlap.short {
            true => tuning.corrected_in_short,
            false => tuning.corrected,
        };
        let numbers = numbers.min(corrected * f64::from(self.numbers.other));
        let names = tuning.names * (self.names.conflict() - tuning.names_free).max(0.0);
        Points {
            shares: shares - tuning.threshold,
            own_stretch: -stretch.clamp(0.0, tuning.stretch_most),
            numbers: -numbers,
            names: -names,
            titles: match self.titles {
                Titles::Unknown => 0.0,
                Titles::Same => tuning.title_same,
                Titles::OtherNumbers => tuning.title_numbers,
                Titles::Other => tuning.title_other,
            },
            dates: match self.dates {
                Dates::Unknown => 0.0,
                Dates::Same => tuning.date,
                Dates::Other => -tuning.date,
            },
            address: if self.same_address {
                tuning.address
            } else {
                0.0
            },
        }
    }

    /// How much speaks for versions, in thousandths of a point: above 0 exactly where the points are.
    pub fn strength(&self, tuning: &Tuning) -> i32 {
        (1000.0 * self.points(tuning).sum()).ceil() as i32
    }

    /// By how many points the evidence may be off at most once the weight of each side, and of any part of it, changed by
    /// no more than `moved`, in grams.
    ///
    /// A share is `part / weight`. Where part and weight change by `p` and `w`, it changes by `(p - share * w) / weight`,
    /// with the share as it is then and so at most 1: by no more than `2 * moved / weight`. What counts is the larger of
    /// two such shares, the smaller, and a stretch, and none of these three changes by more than its worst side does.
    pub fn slack(&self, moved: [f64; 2], tuning: &Tuning) -> f64 {
        // Two short articles are measured by their word pairs, which are not weighed.
        if self.overlap.short {
            return 0.0;
        }
        let side = |side: usize| match moved[side] > 0.0 {
            true => 2.0 * moved[side] / self.overlap.weight[side],
            false => 0.0,
        };
        (tuning.larger + tuning.smaller + tuning.stretch) * side(0).max(side(1))
    }

    /// The same of the pair the other way round.
    pub fn swapped(mut self) -> Self {
        let Overlap {
            plain,
            body,
            weight,
            frame,
            own_stretch,
            blocks,
            ..
        } = &mut self.overlap;
        for sides in [plain, body, weight, frame, own_stretch] {
            sides.swap(0, 1);
        }
        *blocks = blocks.swapped();
        self
    }

    /// What the articles are to each other.
    pub(super) fn verdict(&self, tuning: &Tuning) -> Verdict {
        if self.points(tuning).sum() > 0.0 {
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

/// Gathers the evidence on pairs; its buffers are used again.
#[derive(Clone, Debug, Default)]
pub struct Judge {
    comparer: Comparer,
    left: Option<(u32, u64)>,
}

impl Judge {
    /// Gathers the evidence on a pair. Pure: the order in which pairs come changes nothing, but those with the same
    /// left article, whose number is `number`, are quick when they come one after the other.
    pub fn evidence(&mut self, number: u32, left: &Profile, right: &Profile) -> Evidence {
        self.set_left(number, left);
        Evidence {
            overlap: self.comparer.overlap(left, right),
            numbers: left.slots.numbers(&right.slots),
            names: left.slots.names(&right.slots),
            titles: titles(&left.title, &right.title),
            dates: dates(left, right),
            same_address: left.address.is_some() && left.address == right.address,
        }
    }

    /// Gathers the evidence on a pair once more, now that grams are weighed: only what they share can have changed.
    pub fn again(
        &mut self,
        number: u32,
        left: &Profile,
        right: &Profile,
        known: &Evidence,
    ) -> Evidence {
        self.set_left(number, left);
        Evidence {
            overlap: self.comparer.overlap(left, right),
            ..*known
        }
    }

    fn set_left(&mut self, number: u32, left: &Profile) {
        let known = Some((number, left.content));
        if self.left != known {
            self.comparer.set_left(left);
            self.left = known;
        }
    }

    /// Which blocks the pair shares and which of them are frame, behind [`Self::evidence`] on it.
    pub fn blocks(&self, left: &Profile, right: &Profile) -> PairBlocks {
        let [shared_a, shared_b] = self.comparer.shared_blocks(left, right);
        let [frame_a, frame_b] = self.comparer.frame_blocks(left, right);
        PairBlocks {
            shared_a,
            shared_b,
            frame_a,
            frame_b,
        }
    }
}

fn titles(left: &[Word], right: &[Word]) -> Titles {
    if left.is_empty() || right.is_empty() {
        return Titles::Unknown;
    }
    let masked = |word: &Word| (word.shape() != Shape::Number).then_some(word.hash());
    if left
        .iter()
        .map(|word| word.hash())
        .eq(right.iter().map(|word| word.hash()))
    {
        Titles::Same
    } else if left.iter().map(masked).eq(right.iter().map(masked)) {
        Titles::OtherNumbers
    } else {
        Titles::Other
    }
}

fn dates(left: &Profile, right: &Profile) -> Dates {
    match (left.date, right.date) {
        (Some(left), Some(right)) if left == right => Dates::Same,
        (Some(left), Some(right)) if !left.is_within(right) && !right.is_within(left) => {
            Dates::Other
        }
        _ => Dates::Unknown,
    }
}
