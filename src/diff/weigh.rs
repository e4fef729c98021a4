//! How much a word says: the weight that decides whether an equal word is evidence or chance.
//!
//! A word that stands everywhere in the two texts says little, and so do signs. No stop-word list: it would have to know
//! every language.

use std::ops::Range;

use super::frame::Text;
use super::token::Kind;

/// The weight of a content word.
pub(super) const WORD: u64 = 1000;

/// Sums of weights over the tokens of one side.
pub(super) struct Weights {
    sums: Vec<u64>,
}

impl Weights {
    /// Weighs both sides.
    pub fn both(left: &Text, right: &Text, ids: usize) -> [Self; 2] {
        let mut counts = vec![0u64; ids];
        for &id in left.ids.iter().chain(&right.ids) {
            counts[id as usize] += 1;
        }
        let all = (left.ids.len() + right.ids.len()) as u64;
        let tenths: Vec<u64> = counts.into_iter().map(|count| rare(count, all)).collect();
        [left, right].map(|text| {
            let mut sums = Vec::with_capacity(text.tokens.len() + 1);
            let mut sum = 0;
            sums.push(0);
            for (index, &id) in text.ids.iter().enumerate() {
                sum += weigh(text, index) * tenths[id as usize] / 10;
                sums.push(sum);
            }
            Self { sums }
        })
    }

    /// The weight of the tokens.
    pub fn of(&self, tokens: &Range<usize>) -> u64 {
        self.sums[tokens.end] - self.sums[tokens.start]
    }
}

/// What a token weighs by what it is.
fn weigh(text: &Text, token: usize) -> u64 {
    match text.tokens[token].kind {
        Kind::Invisible => 0,
        Kind::Sign => WORD / 10,
        Kind::Number | Kind::Emoji => WORD,
        // Two or three clusters make a word.
        Kind::Cluster => WORD * 2 / 5,
        Kind::Word => {
            let word = text.tokens[token].range();
            if word.len() <= 3 && text.text[word].is_ascii() {
                WORD / 2
            } else {
                WORD
            }
        }
    }
}

/// How many tenths of its weight a word keeps that stands so often among all words.
fn rare(count: u64, all: u64) -> u64 {
    // One occurrence a side is what an equal word has at least. Two texts without a word still have the ids of the
    // other versions they are compared among.
    match count.saturating_sub(2) * 1000 / all.max(1) {
        20.. => 3,
        5.. => 6,
        _ => 10,
    }
}
