//! What is kept of an article: the set of its 4-grams, and a sample of them that proposes pairs.
//!
//! A gram is a run of four words (six characters in scripts without spaces) across block borders, so a paragraph that
//! one extractor broke in the middle is still the same text (shingles: Broder, *On the resemblance and containment of
//! documents*, 1997). The sample is taken by winnowing (Schleimer, Wilkerson, Aiken, *Winnowing: local algorithms for
//! document fingerprinting*, 2003): of every window of grams the smallest is kept, so two articles that share a run of
//! fifteen words share a fingerprint, wherever it stands. Short articles take smaller windows; as the smallest of a
//! window is the smallest of every window inside it, the promise holds between articles of any two lengths.
//!
//! One replaced word touches four grams, which is little in an article and much in a line. So short articles also keep
//! the set of their word pairs, which decides between two of them.
//!
//! Rejected: MinHash of the whole set. It estimates resemblance, and an article in a page full of menus resembles
//! little while all of it is contained; and banding puts a cliff where winnowing gives a promise. 64-bit grams: two
//! articles of a thousand words share a 32-bit gram by accident once in 4,000 pairs, and one gram decides nothing.

use std::cmp::Reverse;

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::words::{Shape, Text, Word};

/// How many words make a gram.
const GRAM: usize = 4;
/// How many words make a gram between two short articles.
const SHORT_GRAM: usize = 2;
/// Up to how many words an article is short.
const SHORT: usize = 40;
/// Characters of a script without spaces that weigh as much as two words.
const CHARACTERS: usize = 3;
/// A block of this many words is prose by half; see [`prose`].
const HALF_PROSE: usize = 8;

/// What is kept of an article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sketch {
    /// The distinct grams, ascending.
    pub grams: Vec<u32>,
    /// At which word each gram begins; of several places the one in the longest block.
    pub places: Vec<u32>,
    /// How much of prose the block of each gram is, in 255ths.
    pub prose: Vec<u8>,
    /// In how many groups each gram stands, as far as known; see `boilerplate`.
    pub groups: Vec<u8>,
    /// The sample of the grams, ascending.
    pub fingerprints: Vec<u32>,
    /// At which word each block ends.
    pub blocks: Vec<u32>,
    /// Hash of all words in order.
    pub text: u64,
    /// How many words make a gram.
    pub gram: usize,
    /// The same with shorter grams, for a short article.
    pub short: Option<Box<Self>>,
}

impl Sketch {
    /// Makes the sketch of an article.
    pub fn new(text: &Text) -> Self {
        let mut sketch = Self::with_grams(text, GRAM);
        if text.words.len() <= SHORT {
            sketch.short = Some(Box::new(Self::with_grams(text, SHORT_GRAM)));
        }
        sketch
    }

    fn with_grams(text: &Text, gram: usize) -> Self {
        let ordered = grams(&text.words, gram);
        let mut fingerprints = winnow(&ordered, window(ordered.len()));
        fingerprints.sort_unstable();
        fingerprints.dedup();
        fingerprints.shrink_to_fit();

        let weights = text.blocks().flat_map(|block| {
            let weight = prose(block.len());
            block.map(move |_| weight)
        });
        let mut all: Vec<(u32, Reverse<u8>, u32)> = ordered
            .into_iter()
            .zip(weights)
            .zip(0u32..)
            .map(|((gram, weight), place)| (gram, Reverse(weight), place))
            .collect();
        all.sort_unstable();
        all.dedup_by_key(|(gram, _, _)| *gram);
        Self {
            grams: all.iter().map(|(gram, _, _)| *gram).collect(),
            places: all.iter().map(|(_, _, place)| *place).collect(),
            prose: all.iter().map(|(_, Reverse(weight), _)| *weight).collect(),
            groups: vec![1; all.len()],
            fingerprints,
            blocks: text.ends.iter().map(|end| *end as u32).collect(),
            text: hash(&text.words),
            gram,
            short: None,
        }
    }

    /// Forgets all but the hash.
    pub fn clear(&mut self) {
        *self = Self {
            text: self.text,
            ..Self::default()
        };
    }
}

/// How much a block of so many words is prose, in 255ths: a menu entry hardly, a sentence mostly.
fn prose(words: usize) -> u8 {
    let square = words.min(1000).pow(2);
    (255 * square / (square + HALF_PROSE * HALF_PROSE)).max(1) as u8
}

/// How many grams make a window of the winnowing: a short article keeps all of its grams.
fn window(grams: usize) -> usize {
    match grams {
        ..=32 => 1,
        33..=256 => 4,
        _ => 12,
    }
}

/// The grams of the words, in order, one for each word that has enough behind it; a shorter text is one gram.
fn grams(words: &[Word], gram: usize) -> Vec<u32> {
    let full = gram * CHARACTERS;
    let weight = |word: &Word| match word.shape {
        Shape::Ideograph => 2,
        _ => CHARACTERS,
    };
    let mut grams = Vec::with_capacity(words.len());
    let (mut end, mut sum) = (0, 0);
    for start in 0..words.len() {
        while sum < full && end < words.len() {
            sum += weight(&words[end]);
            end += 1;
        }
        if sum < full {
            break;
        }
        grams.push(hash(&words[start..end]) as u32);
        sum -= weight(&words[start]);
    }
    if grams.is_empty() && !words.is_empty() {
        grams.push(hash(words) as u32);
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
fn winnow(grams: &[u32], window: usize) -> Vec<u32> {
    let window = window.min(grams.len()).max(1);
    let mut taken = Vec::with_capacity(2 * grams.len() / (window + 1) + 1);
    let mut last: Option<usize> = None;
    for (start, slice) in grams.windows(window).enumerate() {
        let newest = start + window - 1;
        let smallest = match last.filter(|last| *last >= start) {
            Some(last) if grams[newest] > grams[last] => continue,
            Some(_) => newest,
            None => (start..)
                .zip(slice)
                .min_by_key(|(at, gram)| (**gram, Reverse(*at)))
                .map_or(newest, |(at, _)| at),
        };
        last = Some(smallest);
        taken.push(grams[smallest]);
    }
    taken
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sketch(text: &str) -> Sketch {
        Sketch::new(&Text::new(&[text]))
    }

    #[test]
    fn block_borders_do_not_change_the_grams() {
        let whole = sketch("one two three four five six");
        let broken = Sketch::new(&Text::new(&["one two", "three", "four five six"]));
        assert_eq!(whole.grams, broken.grams);
        assert_eq!((whole.grams.len(), broken.blocks), (3, vec![2, 3, 6]));
    }

    #[test]
    fn short_texts_and_other_scripts_have_grams() {
        for (text, grams) in [
            ("", 0),
            ("one", 1),
            ("one two three four", 1),
            ("一二三四五六七", 2),
        ] {
            assert_eq!(sketch(text).grams.len(), grams, "{text:?}");
        }
    }

    proptest! {
        /// The promise of winnowing, between articles of any two lengths.
        #[test]
        fn a_shared_run_of_fifteen_words_shares_a_fingerprint(
            run in proptest::collection::vec("[a-z]{3}", 15),
            around in proptest::collection::vec(proptest::collection::vec("[A-Z]{4}", 0..600), 4),
        ) {
            let text = |side: usize| {
                [&around[2 * side], &run, &around[2 * side + 1]].map(|words| words.join(" ")).join(" ")
            };
            let (left, right) = (sketch(&text(0)), sketch(&text(1)));
            prop_assert!(left.fingerprints.iter().any(|print| right.fingerprints.contains(print)));
        }
    }
}
