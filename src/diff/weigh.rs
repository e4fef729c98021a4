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
        [left, right].map(|text| {
            let mut sums = Vec::with_capacity(text.tokens.len() + 1);
            let mut sum = 0;
            sums.push(0);
            for (index, token) in text.tokens.iter().enumerate() {
                sum += weigh(token.kind, text.word(index), counts[token.id as usize], all);
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

fn weigh(kind: Kind, word: &str, count: u64, all: u64) -> u64 {
    let base = match kind {
        Kind::Invisible => return 0,
        Kind::Sign => return WORD / 10,
        Kind::Number | Kind::Emoji => return WORD,
        // Two or three clusters make a word.
        Kind::Cluster => WORD * 2 / 5,
        Kind::Word if word.len() <= 3 && word.is_ascii() => WORD / 2,
        Kind::Word => WORD,
    };
    // One occurrence a side is what an equal word has at least.
    let often = count.saturating_sub(2) * 1000 / all;
    match often {
        20.. => base * 3 / 10,
        5.. => base * 6 / 10,
        _ => base,
    }
}
