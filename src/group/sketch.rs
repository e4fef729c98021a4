//! What is kept of an article: the set of its 4-grams, and a sample of them that proposes pairs.
//!
//! A gram is a run of four words (six characters in scripts without spaces) across block borders, so a paragraph that
//! one extractor broke in the middle is still the same text (shingles: Broder, *On the resemblance and containment of
//! documents*, 1997). The sample is taken by winnowing (Schleimer, Wilkerson, Aiken, *Winnowing: local algorithms for
//! document fingerprinting*, 2003): of every window of twelve grams the smallest is kept, so two articles that share
//! a run of fifteen words share a fingerprint, wherever it stands.
//!
//! Rejected: MinHash of the whole set. It estimates resemblance, and an article in a page full of menus resembles
//! little while all of it is contained; and banding puts a cliff where winnowing gives a promise.

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::words::{Shape, Word};

/// How many words make a gram.
const WORDS: u32 = 4;
/// How many characters of a script without spaces make a gram.
const CHARACTERS: u32 = 6;
/// How many grams make a window of the winnowing.
const WINDOW: usize = 12;

/// What is kept of an article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sketch {
    /// The distinct grams, ascending.
    pub grams: Vec<u64>,
    /// The sample of them, ascending.
    pub fingerprints: Vec<u64>,
    /// Hash of all words in order.
    pub text: u64,
}

impl Sketch {
    /// Makes the sketch of the words of an article.
    pub fn new(words: &[Word]) -> Self {
        let mut grams = grams(words);
        let mut fingerprints = winnow(&grams);
        for list in [&mut grams, &mut fingerprints] {
            list.sort_unstable();
            list.dedup();
            list.shrink_to_fit();
        }
        Self {
            grams,
            fingerprints,
            text: hash(words),
        }
    }
}

/// The grams of the words, in order, one for each word that has enough behind it; a shorter text is one gram.
pub(super) fn grams(words: &[Word]) -> Vec<u64> {
    let weight = |word: &Word| match word.shape {
        Shape::Ideograph => WORDS,
        _ => CHARACTERS,
    };
    let mut grams = Vec::with_capacity(words.len());
    let (mut end, mut sum) = (0, 0);
    for start in 0..words.len() {
        while sum < WORDS * CHARACTERS && end < words.len() {
            sum += weight(&words[end]);
            end += 1;
        }
        if sum < WORDS * CHARACTERS {
            break;
        }
        grams.push(hash(&words[start..end]));
        sum -= weight(&words[start]);
    }
    if grams.is_empty() && !words.is_empty() {
        grams.push(hash(words));
    }
    grams
}

/// A hash of the words in order.
fn hash(words: &[Word]) -> u64 {
    let mut hash = 0;
    for chunk in words.chunks(8) {
        let mut bytes = [0; 32];
        for (slot, word) in bytes.chunks_exact_mut(4).zip(chunk) {
            slot.copy_from_slice(&word.hash.to_le_bytes());
        }
        hash = xxh3_64_with_seed(&bytes[..4 * chunk.len()], hash);
    }
    hash
}

/// The smallest gram of every window, the rightmost of equal ones, each taken once.
fn winnow(grams: &[u64]) -> Vec<u64> {
    let window = WINDOW.min(grams.len()).max(1);
    let mut taken = Vec::with_capacity(2 * grams.len() / (window + 1) + 1);
    let mut last = usize::MAX;
    for (start, slice) in grams.windows(window).enumerate() {
        let kept = last != usize::MAX && last >= start;
        let newest = start + window - 1;
        if kept && grams[newest] > grams[last] {
            continue;
        }
        let smallest = if kept {
            newest
        } else {
            let mut at = start;
            for (offset, gram) in slice.iter().enumerate() {
                if *gram <= grams[at] {
                    at = start + offset;
                }
            }
            at
        };
        if smallest != last {
            last = smallest;
            taken.push(grams[smallest]);
        }
    }
    taken
}
