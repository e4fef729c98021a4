//! How words are written in the index.
//!
//! | term | stands for |
//! |---|---|
//! | `word` | a word |
//! | `a\0b` | a character of a script without blanks and the word that is joined to it |
//! | `a\0` | such a character with nothing joined to it |
//! | `word\0b` | a word and the character joined to it, besides `word` |
//! | `\x01Word` | a word with its capitals, besides `word`; the same before pairs |
//!
//! Single characters alone would be long lists that nobody asks for: two of them are what is looked up, and the pairs
//! that begin with one are that one. Longer words than [`LONGEST`] bytes are cut and end in `\x02`.

use crate::query::{Words, is_in_unspaced_script};

/// Bytes of a word that are kept.
pub const LONGEST: usize = 120;

/// Between the words of a pair.
pub const JOINT: char = '\0';

/// In front of a term with capitals.
pub const CAPITALS: &str = "\u{1}";

/// Behind a word that is cut.
const CUT: char = '\u{2}';

/// Appends a word, cut if it is too long. False when it was cut.
pub fn put_word(out: &mut String, word: &str) -> bool {
    if word.len() <= LONGEST {
        out.push_str(word);
        return true;
    }
    let end = (0..=LONGEST).rev().find(|at| word.is_char_boundary(*at));
    out.push_str(word.get(..end.unwrap_or(0)).unwrap_or_default());
    out.push(CUT);
    false
}

/// Cuts texts into terms. Its buffers are used again.
#[derive(Default)]
pub struct Tokenizer {
    term: String,
    before: Before,
}

/// The word in front of the present one, as far as it may be asked for again.
#[derive(Default)]
struct Before {
    folded: String,
    cased: String,
}

impl Tokenizer {
    /// Hands over each term of a text with its position, which is how many words stand in front of its own; gives how
    /// many words there are.
    pub fn each(&mut self, text: &str, take: &mut impl FnMut(u32, &str)) -> u32 {
        let Self { term, before } = self;
        let mut words = Words::new(text);
        let mut count = 0u32;
        loop {
            let more = words.next_word();
            let (folded, cased) = (words.folded(), words.cased());
            if let Some(place) = count.checked_sub(1) {
                if more && words.joined() {
                    pair(term, "", [&before.folded, folded]);
                    take(place, term);
                    if cased.is_some() || !before.cased.is_empty() {
                        pair(term, CAPITALS, [before.cased(), cased.unwrap_or(folded)]);
                        take(place, term);
                    }
                } else if is_in_unspaced_script(&before.folded) {
                    pair(term, "", [&before.folded, ""]);
                    take(place, term);
                }
            }
            if !more {
                return count;
            }
            let unspaced = is_in_unspaced_script(folded);
            before.folded.clear();
            before.cased.clear();
            // Only these are asked for again.
            if unspaced || words.may_be_joined() {
                before.folded.push_str(folded);
                before.cased.push_str(cased.unwrap_or_default());
            }
            if !unspaced {
                if folded.len() <= LONGEST {
                    take(count, folded);
                } else {
                    term.clear();
                    put_word(term, folded);
                    take(count, term);
                }
                if let Some(cased) = cased {
                    term.clear();
                    term.push_str(CAPITALS);
                    put_word(term, cased);
                    take(count, term);
                }
            }
            count += 1;
        }
    }
}

fn pair(term: &mut String, start: &str, [first, second]: [&str; 2]) {
    term.clear();
    term.push_str(start);
    put_word(term, first);
    term.push(JOINT);
    put_word(term, second);
}

impl Before {
    fn cased(&self) -> &str {
        match self.cased.is_empty() {
            true => &self.folded,
            false => &self.cased,
        }
    }
}
