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

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tantivy::tokenizer::{Token, TokenStream};

use crate::query::{Words, is_in_unspaced_script};

/// Bytes of a word that are kept.
pub const LONGEST: usize = 120;

/// Between the words of a pair.
pub const JOINT: char = '\0';

/// In front of a term with capitals.
pub const CAPITALS: char = '\u{1}';

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

/// Cuts texts into terms, and counts their words.
#[derive(Clone)]
pub struct Tokenizer {
    count: Arc<AtomicU32>,
}

impl Tokenizer {
    /// Counts words there.
    pub fn new(count: Arc<AtomicU32>) -> Self {
        Self { count }
    }
}

impl tantivy::tokenizer::Tokenizer for Tokenizer {
    type TokenStream<'a> = Tokens<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Tokens<'a> {
        Tokens {
            words: Words::new(text),
            count: &self.count,
            token: Token::default(),
            ready: Ready::default(),
            before: Before::default(),
            words_seen: 0,
            done: false,
        }
    }
}

/// The terms of one text.
pub struct Tokens<'a> {
    words: Words<'a>,
    count: &'a AtomicU32,
    token: Token,
    ready: Ready,
    before: Before,
    words_seen: usize,
    done: bool,
}

/// Terms that wait to be taken. The strings are used again and again.
#[derive(Default)]
struct Ready {
    terms: Vec<(String, usize)>,
    filled: usize,
    taken: usize,
}

/// The word in front of the present one.
#[derive(Default)]
struct Before {
    folded: String,
    cased: String,
}

impl Ready {
    fn next(&mut self, position: usize) -> &mut String {
        if self.filled == self.terms.len() {
            self.terms.push((String::new(), 0));
        }
        let (term, at) = &mut self.terms[self.filled];
        self.filled += 1;
        *at = position;
        term.clear();
        term
    }

    fn take(&mut self, token: &mut Token) -> bool {
        if self.taken == self.filled {
            self.taken = 0;
            self.filled = 0;
            return false;
        }
        let (term, position) = &mut self.terms[self.taken];
        self.taken += 1;
        std::mem::swap(&mut token.text, term);
        token.position = *position;
        true
    }
}

impl Tokens<'_> {
    /// Reads the next word and makes terms of it and of the one before.
    fn read(&mut self) {
        let more = self.words.next_word();
        let folded = self.words.folded();
        let cased = self.words.cased();
        if let Some(place) = self.words_seen.checked_sub(1) {
            let before = &self.before;
            if more && self.words.joined() {
                let term = self.ready.next(place);
                put_word(term, &before.folded);
                term.push(JOINT);
                put_word(term, folded);
                if cased.is_some() || !before.cased.is_empty() {
                    let term = self.ready.next(place);
                    term.push(CAPITALS);
                    put_word(term, before.cased());
                    term.push(JOINT);
                    put_word(term, cased.unwrap_or(folded));
                }
            } else if is_in_unspaced_script(&before.folded) {
                let term = self.ready.next(place);
                put_word(term, &before.folded);
                term.push(JOINT);
            }
        }
        if !more {
            self.done = true;
            let count = u32::try_from(self.words_seen).unwrap_or(u32::MAX);
            self.count.fetch_add(count, Ordering::Relaxed);
            return;
        }
        let place = self.words_seen;
        self.words_seen += 1;
        self.before.folded.clear();
        self.before.folded.push_str(folded);
        self.before.cased.clear();
        self.before.cased.push_str(cased.unwrap_or_default());
        if !is_in_unspaced_script(folded) {
            put_word(self.ready.next(place), folded);
            if let Some(cased) = cased {
                let term = self.ready.next(place);
                term.push(CAPITALS);
                put_word(term, cased);
            }
        }
    }
}

impl Before {
    fn cased(&self) -> &str {
        match self.cased.is_empty() {
            true => &self.folded,
            false => &self.cased,
        }
    }
}

impl TokenStream for Tokens<'_> {
    fn advance(&mut self) -> bool {
        loop {
            if self.ready.take(&mut self.token) {
                return true;
            }
            if self.done {
                return false;
            }
            self.read();
        }
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
