//! Words, and when two of them are the same.
//!
//! A token is a word (with inner apostrophe; `1,000.5` stays whole), one ideograph or kana, one cluster of a script
//! that is written without spaces (Thai, Lao, Khmer, Burmese), one emoji sequence, one run of dashes or dots, or one
//! other sign. White space is no token. Marks, joiners and invisible characters belong to the token they touch, so no
//! span ever splits what a reader sees as one character. What makes two tokens the same is told in `fold`.
//!
//! Not used: `unicode_words()`. It drops punctuation, cuts Thai nowhere and breaks `10²` and emoji otherwise than a
//! reader does.

use std::ops::Range;

use super::fold::vanishes;
use super::intern::Interner;
use super::role::{Role, is_apostrophe, role};

/// One token of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// First byte.
    pub start: usize,
    /// Bytes. Half of a `usize` keeps a token in 16 bytes; no word is 4 GB long.
    len: u32,
    /// What it is.
    pub kind: Kind,
}

impl Token {
    fn new(range: Range<usize>, kind: Kind) -> Self {
        Self {
            start: range.start,
            len: u32::try_from(range.len()).unwrap_or(u32::MAX),
            kind,
        }
    }

    /// Behind the last byte.
    pub fn end(&self) -> usize {
        self.start + self.len as usize
    }

    pub fn range(&self) -> Range<usize> {
        self.start..self.end()
    }

    /// The same token where its paragraph begins elsewhere.
    pub fn shifted(self, from: usize, to: usize) -> Self {
        Self {
            start: self.start - from + to,
            ..self
        }
    }
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters, with or without digits.
    Word,
    /// A word with a digit in it.
    Number,
    /// An ideograph, kana, or cluster of a script without spaces.
    Cluster,
    /// An emoji sequence.
    Emoji,
    /// Punctuation and symbols.
    Sign,
    /// Characters that nobody sees.
    Invisible,
}

/// Hands out the tokens of `text[range]` with their ids: equal for tokens that differ at most in typography. The range
/// must lie on character borders.
pub(super) fn tokenise<'a>(
    text: &'a str,
    range: Range<usize>,
    ids: &mut Interner<'a>,
    mut push: impl FnMut(Token, u32),
) {
    let base = range.start;
    let mut reader = Reader {
        rest: &text[range],
        at: base,
    };
    if base == 0 {
        // A byte order mark is layout, not text.
        reader.eat(|c| c == '\u{FEFF}');
    }
    while let Some(&first) = reader.rest.as_bytes().first() {
        if BYTES[usize::from(first)] == Byte::Space {
            reader.skip(1);
            continue;
        }
        let start = reader.at;
        if let Some((len, kind)) = plain(reader.rest.as_bytes()) {
            let id = ids.plain(reader.rest, len);
            reader.skip(len);
            push(Token::new(start..reader.at, kind), id);
            continue;
        }
        if reader.eat(|c| role(c) == Role::Space) {
            continue;
        }
        // Invisible characters in front belong to what they touch.
        reader.eat(|c| role(c) == Role::Hidden || c == '\u{200D}');
        let kind = reader.token();
        reader.eat(|c| role(c) == Role::Hidden || c == '\u{200D}' || role(c) == Role::Mark);
        let range = start..reader.at;
        push(Token::new(range.clone(), kind), ids.id(&text[range]));
    }
}

/// What a byte may be in the short way.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Byte {
    Space,
    Letter,
    Digit,
    /// A sign that is a token of its own and its own normal form.
    Sign,
    Other,
}

const BYTES: [Byte; 256] = {
    let mut bytes = [Byte::Other; 256];
    let mut at = 0;
    while at < 128 {
        let byte = at as u8;
        bytes[at] = match byte {
            b'\t'..=b'\r' | 0x1C..=0x1F | b' ' => Byte::Space,
            b'0'..=b'9' => Byte::Digit,
            b'_' => Byte::Letter,
            b'-' | b'.' | b'`' => Byte::Other,
            _ if byte.is_ascii_alphabetic() => Byte::Letter,
            _ if byte.is_ascii_punctuation() => Byte::Sign,
            _ => Byte::Other,
        };
        at += 1;
    }
    bytes
};

/// The short way: a token of ASCII with ASCII behind it, where no mark or joiner can interfere. Most text is that.
fn plain(rest: &[u8]) -> Option<(usize, Kind)> {
    let is_plain = |b: &u8| b.is_ascii_graphic() || b.is_ascii_whitespace();
    let mut number = false;
    let mut len = 0;
    while let Some(&byte) = rest.get(len) {
        match BYTES[usize::from(byte)] {
            Byte::Letter => {}
            Byte::Digit => number = true,
            Byte::Sign if len == 0 => {
                return rest.get(1).is_none_or(is_plain).then_some((1, Kind::Sign));
            }
            _ => break,
        }
        len += 1;
    }
    let goes_on = len == 0
        || rest.get(len).is_some_and(|b| match b {
            b'\'' => true,
            b'.' | b',' => rest[len - 1].is_ascii_digit(),
            b => !is_plain(b),
        });
    (!goes_on).then_some((len, if number { Kind::Number } else { Kind::Word }))
}

struct Reader<'a> {
    rest: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn after(&self) -> Option<char> {
        self.rest.chars().nth(1)
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.rest = &self.rest[c.len_utf8()..];
        self.at += c.len_utf8();
        Some(c)
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = &self.rest[bytes..];
        self.at += bytes;
    }

    fn eat(&mut self, accept: impl Fn(char) -> bool) -> bool {
        let from = self.at;
        while self.peek().is_some_and(&accept) {
            self.next();
        }
        self.at > from
    }

    fn eat_marks(&mut self) -> bool {
        self.eat(|c| role(c) == Role::Mark || vanishes(c))
    }

    /// Reads one token behind its leading invisible characters.
    fn token(&mut self) -> Kind {
        let Some(first) = self.peek() else {
            return Kind::Invisible;
        };
        match role(first) {
            Role::Space => Kind::Invisible,
            Role::Letter | Role::Digit | Role::Mark => self.word(),
            Role::Ideograph | Role::Cluster => {
                self.next();
                self.eat_marks();
                Kind::Cluster
            }
            Role::Regional => {
                self.next();
                if self.peek().is_some_and(|c| role(c) == Role::Regional) {
                    self.next();
                }
                Kind::Emoji
            }
            Role::Dash => {
                self.eat(|c| role(c) == Role::Dash || vanishes(c));
                Kind::Sign
            }
            Role::Dot => {
                self.eat(|c| role(c) == Role::Dot || vanishes(c));
                Kind::Sign
            }
            Role::Sign | Role::Hidden | Role::Joiner => self.sign(first),
        }
    }

    fn word(&mut self) -> Kind {
        let mut last = Role::Letter;
        let mut number = false;
        while let Some(c) = self.peek() {
            let here = role(c);
            let next = self.after().map(role);
            let goes_on = match here {
                Role::Letter | Role::Digit | Role::Mark => true,
                // The invisible ones and Indic joiners stand inside words.
                Role::Hidden | Role::Joiner => {
                    (vanishes(c) || here == Role::Joiner)
                        && matches!(next, Some(Role::Letter | Role::Digit | Role::Mark))
                }
                _ if is_apostrophe(c) => matches!(next, Some(Role::Letter | Role::Digit)),
                _ if matches!(c, '.' | ',') => last == Role::Digit && next == Some(Role::Digit),
                _ => false,
            };
            if !goes_on {
                break;
            }
            number |= here == Role::Digit;
            if here != Role::Mark && here != Role::Hidden {
                last = here;
            }
            self.next();
        }
        if number { Kind::Number } else { Kind::Word }
    }

    fn sign(&mut self, first: char) -> Kind {
        self.next();
        let mut emoji = u32::from(first) >= 0x1F000 || matches!(first, '\u{2600}'..='\u{27BF}');
        loop {
            if self.eat_marks() {
                emoji |= u32::from(first) >= 0x2190;
            } else if self.peek() == Some('\u{200D}')
                && self.after().is_some_and(|c| role(c) != Role::Space)
            {
                self.next();
                self.next();
                emoji = true;
            } else {
                break;
            }
        }
        if emoji { Kind::Emoji } else { Kind::Sign }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        let mut out = Vec::new();
        let ids = &mut Interner::default();
        tokenise(text, 0..text.len(), ids, |token, _| out.push(token));
        out.iter().map(|token| &text[token.range()]).collect()
    }

    #[test]
    fn cuts_what_a_reader_would() {
        for (text, expected) in [
            ("It's 1,000.5 km.", "It's|1,000.5|km|."),
            ("7–5 -3 a--b wait...", "7|–|5|-|3|a|--|b|wait|..."),
            ("人人 生而", "人|人|生|而"),
            ("がか\u{3099}", "が|か\u{3099}"),
            ("มนุษย์", "ม|นุ|ษ|ย์"),
            ("👨‍👩‍👧 🇵🇹❤️!", "👨‍👩‍👧|🇵🇹|❤️|!"),
            ("in\u{2060}side so\u{AD}ft", "in\u{2060}side|so\u{AD}ft"),
            ("\u{FEFF}A \u{200E} b", "A|\u{200E}|b"),
            ("e\u{301}a", "e\u{301}a"),
            ("10² 48%", "10²|48|%"),
            ("U.S. 3.", "U|.|S|.|3|."),
        ] {
            assert_eq!(words(text).join("|"), expected, "{text}");
        }
    }
}
