//! The number guard: the same context with another number or name in it is the next issue of a form, not a version.
//!
//! For every number of an article (a run of numbers counts as one) the context is three words before and three behind,
//! numbers among them masked; for every capitalised word likewise. Two articles agree in a context when they share a
//! value there, and disagree when both have the context and no value is common. Extraction and later corrections leave
//! nearly all contexts in agreement, whatever they add or cut; the issues of a form disagree nearly everywhere.
//! What counts is the proportion, so a single corrected figure never parts two versions.

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::words::{Shape, Word};

/// Words of context on each side.
const CONTEXT: usize = 3;
/// Stands for any number in a context.
const MASK: u32 = 0x6E75_6D62;

/// The contexts and values of an article.
#[derive(Clone, Debug, Default)]
pub(super) struct Slots {
    numbers: Vec<(u64, u64)>,
    names: Vec<(u64, u64)>,
}

/// How two articles fill the slots that both have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Agreement {
    /// Contexts with a common value.
    pub same: u32,
    /// Contexts without.
    pub other: u32,
}

impl Slots {
    /// Collects the slots of the words of an article.
    pub fn new(words: &[Word]) -> Self {
        let masked: Vec<u32> = words
            .iter()
            .map(|word| match word.shape {
                Shape::Number => MASK,
                _ => word.hash,
            })
            .collect();
        let mut slots = Self::default();
        let mut at = 0;
        while at < words.len() {
            let shape = words[at].shape;
            let mut end = at + 1;
            if shape != Shape::Number && shape != Shape::Capital {
                at = end;
                continue;
            }
            while end < words.len() && words[end].shape == shape {
                end += 1;
            }
            let before = &masked[at.saturating_sub(CONTEXT)..at];
            let behind = &masked[end..words.len().min(end + CONTEXT)];
            if before.len() + behind.len() >= CONTEXT {
                let context = mix(mix(before.len() as u64, before), behind);
                let value = words[at..end]
                    .iter()
                    .fold(0, |seed, word| mix(seed, &[word.hash]));
                match shape {
                    Shape::Number => slots.numbers.push((context, value)),
                    _ => slots.names.push((context, value)),
                }
            }
            at = end;
        }
        for list in [&mut slots.numbers, &mut slots.names] {
            list.sort_unstable();
            list.dedup();
        }
        slots
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

fn mix(seed: u64, words: &[u32]) -> u64 {
    let mut bytes = [0; 4 * CONTEXT];
    for (slot, word) in bytes.chunks_exact_mut(4).zip(words) {
        slot.copy_from_slice(&word.to_le_bytes());
    }
    xxh3_64_with_seed(&bytes[..4 * words.len().min(CONTEXT)], seed)
}

fn agreement(left: &[(u64, u64)], right: &[(u64, u64)]) -> Agreement {
    let mut found = Agreement::default();
    let mut rights = right.chunk_by(|a, b| a.0 == b.0).peekable();
    for values in left.chunk_by(|a, b| a.0 == b.0) {
        while rights.next_if(|run| run[0].0 < values[0].0).is_some() {}
        if let Some(others) = rights.next_if(|run| run[0].0 == values[0].0) {
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
