//! What is kept of every article: a hash of its words, and a sample of its 4-grams that proposes pairs.
//!
//! A gram is a run of four words (six characters in scripts without spaces) across block borders, so a paragraph that
//! one extractor broke in the middle is still the same text (shingles: Broder, *On the resemblance and containment of
//! documents*, 1997). The sample is taken by winnowing (Schleimer, Wilkerson, Aiken, *Winnowing: local algorithms for
//! document fingerprinting*, 2003): of every window of grams the smallest is kept, so two articles that share a run of
//! fifteen words share a fingerprint, wherever it stands. Short articles take smaller windows; as the smallest of a
//! window is the smallest of every window inside it, the promise holds between articles of any two lengths.
//!
//! Rejected: MinHash of the whole set. It estimates resemblance, and an article in a page full of menus resembles
//! little while all of it is contained; and banding puts a cliff where winnowing gives a promise. 64-bit grams: two
//! articles of a thousand words share a 32-bit gram by accident once in 4,000 pairs, and one gram decides nothing.

use super::words::{Shape, Text, Word, mix};

/// The version of signatures: another one cannot be compared with these. Raised with every change of words, grams,
/// windows or hashes.
pub const SIGNATURE_VERSION: u32 = 1;

/// How many words make a gram.
pub(super) const GRAM: usize = 4;
/// Characters of a script without spaces that weigh as much as two words.
const CHARACTERS: usize = 3;

/// What is kept of an article: pure, the same on every machine, and worth nothing between versions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signature {
    /// Hash of all words in order; of the characters where there are no words. Nothing for a blank article.
    pub content: Option<u64>,
    /// Number of words.
    pub words: u32,
    /// The sample of the grams, in the order of the text; the same gram may come again.
    pub prints: Vec<u32>,
}

/// Signs articles one after the other; its buffers are used again.
#[derive(Clone, Debug, Default)]
pub struct Signer {
    text: Text,
    grams: Vec<u32>,
    taken: Vec<u32>,
}

impl Signer {
    /// Signs the article that has these blocks.
    pub fn sign<'a>(&mut self, blocks: impl Iterator<Item = &'a str> + Clone) -> Signature {
        self.text.fill(blocks.clone());
        let content = match self.text.words.is_empty() {
            false => Some(hash(&self.text.words)),
            true => characters(blocks),
        };
        grams(&self.text, GRAM, &mut self.grams);
        winnow(&self.grams, window(self.grams.len()), &mut self.taken);
        Signature {
            content,
            words: self.text.words.len() as u32,
            prints: self.prints(),
        }
    }
}

impl Signer {
    /// The sampled grams; one that repeats itself is there once.
    fn prints(&self) -> Vec<u32> {
        let mut prints = Vec::with_capacity(self.taken.len());
        for at in &self.taken {
            let gram = self.grams[*at as usize];
            if prints.last() != Some(&gram) {
                prints.push(gram);
            }
        }
        prints.shrink_to_fit();
        prints
    }
}

/// A hash of what an article without words says. Nothing for a blank one.
fn characters<'a>(blocks: impl Iterator<Item = &'a str>) -> Option<u64> {
    let mut state = None;
    for character in blocks.flat_map(str::chars).filter(|it| !it.is_whitespace()) {
        state = Some(mix(state.unwrap_or(1) ^ u64::from(u32::from(character))));
    }
    state
}

/// How many grams make a window of the winnowing: a short article keeps all of its grams.
pub(super) fn window(grams: usize) -> usize {
    match grams {
        ..=32 => 1,
        33..=256 => 4,
        _ => 12,
    }
}

/// Finds the grams of the words, in order, one for each word that has enough behind it; a shorter text is one gram.
pub(super) fn grams(text: &Text, gram: usize, grams: &mut Vec<u32>) {
    let words = &text.words;
    grams.clear();
    if !text.ideographs && gram == GRAM {
        // Nearly all text: four words each, without counting.
        let fours = words
            .windows(GRAM)
            .filter_map(<[Word]>::first_chunk::<GRAM>);
        grams.extend(fours.map(|four| finish(four.iter().fold(0, step))));
    } else {
        let full = gram * CHARACTERS;
        let weight = |word: Word| match word.shape() {
            Shape::Ideograph => 2,
            _ => CHARACTERS,
        };
        let (mut end, mut sum) = (0, 0);
        for start in 0..words.len() {
            while sum < full && end < words.len() {
                sum += weight(words[end]);
                end += 1;
            }
            if sum < full {
                break;
            }
            grams.push(finish(words[start..end].iter().fold(0, step)));
            sum -= weight(words[start]);
        }
    }
    if grams.is_empty() && !words.is_empty() {
        grams.push(finish(words.iter().fold(0, step)));
    }
}

/// Takes one word more into a hash.
#[inline]
fn step(state: u64, word: &Word) -> u64 {
    (state.rotate_left(23) ^ u64::from(word.hash())).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

#[inline]
fn finish(state: u64) -> u32 {
    ((state ^ state >> 31).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 32) as u32
}

/// A hash of the words in order.
pub(super) fn hash(words: &[Word]) -> u64 {
    mix(words.iter().fold(words.len() as u64, step))
}

/// Finds the smallest gram of every window, the rightmost of equal ones, each once; gives places in `grams`.
pub(super) fn winnow(grams: &[u32], window: usize, taken: &mut Vec<u32>) {
    taken.clear();
    let window = window.min(grams.len()).max(1);
    let mut last: Option<usize> = None;
    for (start, slice) in grams.windows(window).enumerate() {
        let newest = start + window - 1;
        let smallest = match last.filter(|last| *last >= start) {
            Some(last) if grams[newest] > grams[last] => continue,
            Some(_) => newest,
            None => {
                let (mut smallest, mut least) = (start, u32::MAX);
                for (at, gram) in (start..).zip(slice) {
                    if *gram <= least {
                        (smallest, least) = (at, *gram);
                    }
                }
                smallest
            }
        };
        last = Some(smallest);
        taken.push(smallest as u32);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sign(blocks: &[&str]) -> Signature {
        Signer::default().sign(blocks.iter().copied())
    }

    fn count(text: &str) -> usize {
        let mut found = Vec::new();
        grams(&Text::new([text].into_iter()), GRAM, &mut found);
        found.len()
    }

    #[test]
    fn block_borders_do_not_change_a_signature() {
        let whole = sign(&["one two three four five six"]);
        assert_eq!(whole, sign(&["one two", "", "three", "four five six"]));
        assert_eq!((whole.prints.len(), whole.words), (3, 6));
    }

    #[test]
    fn short_texts_and_other_scripts_have_grams() {
        for (text, grams) in [
            ("", 0),
            ("one", 1),
            ("one two three four", 1),
            ("一二三四五六七", 2),
        ] {
            assert_eq!(count(text), grams, "{text:?}");
        }
        assert_eq!(sign(&["", " "]).content, None);
        assert_ne!(sign(&["🎈"]).content, sign(&["🎈🎈"]).content);
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
            let (left, right) = (sign(&[&text(0)]), sign(&[&text(1)]));
            prop_assert!(left.prints.iter().any(|print| right.prints.contains(print)));
        }
    }
}
