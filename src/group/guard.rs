//! The number guard: the same context with another number or name in it is the next issue of a form, not a version.
//!
//! For every number of an article (a run of numbers counts as one) the context is three words before and three behind,
//! numbers among them masked; for every capitalised word likewise. Two articles agree in a context when they share a
//! value there, and disagree when both have the context and no value is common. Extraction and later corrections leave
//! nearly all contexts in agreement, whatever they add or cut; the issues of a form disagree nearly everywhere.
//! What counts is the proportion, so a single corrected figure never parts two versions.

use super::words::{Shape, Text, Word, mix};

/// Words of context on each side.
const CONTEXT: usize = 3;
/// Stands for any number in a context.
const MASK: u32 = 0x6E75_6D62;

/// The contexts and values of an article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Slots {
    numbers: Vec<Slot>,
    names: Vec<Slot>,
}

/// A context and a value in it, 32 bits of the hash of each, the context above.
type Slot = u64;

fn context(slot: Slot) -> u32 {
    (slot >> 32) as u32
}

/// How two articles fill the slots that both have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Agreement {
    /// Contexts with a common value.
    pub same: u32,
    /// Contexts without.
    pub other: u32,
}

impl Agreement {
    /// The share of contexts without a common value, 0 to 1. One context more, and a half, count as common: few
    /// contexts prove little.
    pub fn conflict(self) -> f64 {
        f64::from(self.other) / (f64::from(self.same) + f64::from(self.other) + 1.5)
    }
}

impl Slots {
    /// Collects the slots of an article: once across block borders, once within them, so that neither a paragraph
    /// broken in the middle nor another paragraph in front hides a slot.
    pub fn new(title: &[Word], text: &Text) -> Self {
        let mut slots = Self::default();
        slots.collect(&text.words);
        for block in text.blocks() {
            slots.collect(&text.words[block]);
        }
        slots.collect(title);
        for list in [&mut slots.numbers, &mut slots.names] {
            list.sort_unstable();
            list.dedup();
            list.shrink_to_fit();
        }
        slots
    }

    /// About how many bytes of memory they take.
    pub fn bytes(&self) -> usize {
        8 * (self.numbers.len() + self.names.len())
    }

    fn collect(&mut self, words: &[Word]) {
        let mask = |word: &Word| match word.shape() {
            Shape::Number => MASK,
            _ => word.hash(),
        };
        let mut at = 0;
        while at < words.len() {
            let shape = words[at].shape();
            let start = at;
            at += 1;
            if shape != Shape::Number && shape != Shape::Capital {
                continue;
            }
            while at < words.len() && words[at].shape() == shape {
                at += 1;
            }
            let before = &words[start.saturating_sub(CONTEXT)..start];
            let behind = &words[at..words.len().min(at + CONTEXT)];
            if before.len() + behind.len() < CONTEXT - 1 {
                continue;
            }
            let context = before.iter().map(mask);
            let context = context
                .chain([before.len() as u32])
                .chain(behind.iter().map(mask));
            let value = hash(words[start..at].iter().map(|word| word.hash()));
            let slot = hash(context) << 32 | value & u64::from(u32::MAX);
            match shape {
                Shape::Number => self.numbers.push(slot),
                _ => self.names.push(slot),
            }
        }
    }

    /// Compares the numbers of two articles.
    pub fn numbers(&self, other: &Self) -> Agreement {
        agreement(&self.numbers, &other.numbers)
    }

    /// Compares the capitalised words of two articles.
    pub fn names(&self, other: &Self) -> Agreement {
        agreement(&self.names, &other.names)
    }
}

fn hash(words: impl Iterator<Item = u32>) -> u64 {
    let hash = words.fold(0, |state, word| mix(state ^ u64::from(word)));
    hash ^ hash >> 32
}

fn agreement(left: &[Slot], right: &[Slot]) -> Agreement {
    let mut found = Agreement::default();
    let same = |a: &Slot, b: &Slot| context(*a) == context(*b);
    let mut rights = right.chunk_by(same).peekable();
    for values in left.chunk_by(same) {
        while rights
            .next_if(|run| context(run[0]) < context(values[0]))
            .is_some()
        {}
        if let Some(others) = rights.next_if(|run| context(run[0]) == context(values[0])) {
            if values
                .iter()
                .any(|value| others.binary_search(value).is_ok())
            {
                found.same += 1;
            } else {
                found.other += 1;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(left: &str, right: &str, numbers: (u32, u32), names: (u32, u32)) {
        let slots = |text: &str| Slots::new(&[], &Text::new([text].into_iter()));
        let (left, right) = (slots(left), slots(right));
        let (found, capitals) = (left.numbers(&right), left.names(&right));
        assert_eq!((found.same, found.other), numbers, "numbers");
        assert_eq!((capitals.same, capitals.other), names, "names");
    }

    #[test]
    fn contexts_agree_or_disagree() {
        check(
            "highs of 14 degrees in the north",
            "highs of 14 degrees in the north",
            (1, 0),
            (0, 0),
        );
        check(
            "highs of 14 degrees in the north",
            "highs of 17 degrees in the north",
            (0, 1),
            (0, 0),
        );
        // Neighbouring numbers are masked, so each slot is judged for itself.
        check(
            "on 3 April at 9 the ferry",
            "on 4 April at 10 the ferry",
            (0, 2),
            (1, 0),
        );
        check(
            "a man from Bergen was hurt",
            "a man from Lisbon was hurt",
            (0, 0),
            (0, 1),
        );
        check("we saw 14 of them", "there were 17 in all", (0, 0), (0, 0));
    }

    #[test]
    fn one_conflict_among_many_is_little() {
        let conflict = |same, other| Agreement { same, other }.conflict();
        assert!(conflict(0, 0) == 0.0 && conflict(20, 1) < 0.1 && conflict(1, 4) > 0.5);
    }
}
