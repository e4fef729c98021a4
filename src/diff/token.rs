//! Words, and when two of them are the same.
//!
//! A token is a word (with inner apostrophe; `1,000.5` stays whole), one ideograph or kana, one cluster of a script
//! that is written without spaces (Thai, Lao, Khmer, Burmese), one emoji sequence, one run of dashes or dots, or one
//! other sign. White space is no token. Marks, joiners and invisible characters belong to the token they touch, so no
//! span ever splits what a reader sees as one character.
//!
//! Two tokens get the same id when they differ in typography only: NFKC, quotes, dashes, invisible characters.
//! NFKC alone would hide digits (`10²` becomes `102`), so a character that turns into a digit without being one stays
//! itself. Capitals are kept: a change of case is a change.
//!
//! Not used: `unicode_words()`. It drops punctuation, cuts Thai nowhere and breaks `10²` and emoji otherwise than a
//! reader does.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// One token of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// First byte.
    pub start: usize,
    /// Behind the last byte.
    pub end: usize,
    /// Equal for tokens that differ at most in typography.
    pub id: u32,
    /// What it is.
    pub kind: Kind,
}

impl Token {
    pub fn range(&self) -> Range<usize> {
        self.start..self.end
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

/// What a character may do in a token.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Letter,
    Digit,
    Ideograph,
    Cluster,
    Mark,
    Joiner,
    Regional,
    Hidden,
    Space,
    Dash,
    Dot,
    Sign,
}

/// Hands out ids; one for both sides of a comparison.
#[derive(Default)]
pub(super) struct Interner<'a> {
    /// Forms of up to 15 bytes, most of all words, without a pointer to follow.
    short: HashMap<u128, u32, BuildHasherDefault<Xxh3>>,
    long: HashMap<Cow<'a, str>, u32, BuildHasherDefault<Xxh3>>,
    /// Tokens whose form had to be computed.
    folded: HashMap<&'a str, u32, BuildHasherDefault<Xxh3>>,
}

impl<'a> Interner<'a> {
    fn id(&mut self, token: &'a str) -> u32 {
        if token
            .bytes()
            .all(|b| b.is_ascii() && !matches!(b, b'`' | b'-'))
        {
            return self.form(Cow::Borrowed(token));
        }
        if let Some(&id) = self.folded.get(token) {
            return id;
        }
        let id = self.form(Cow::Owned(fold(token)));
        self.folded.insert(token, id);
        id
    }

    fn form(&mut self, form: Cow<'a, str>) -> u32 {
        let next = u32::try_from(self.len()).unwrap_or(u32::MAX);
        let mut packed = [0u8; 16];
        match (packed.get_mut(..form.len()), u8::try_from(form.len())) {
            (Some(head), Ok(len @ 0..=15)) => {
                head.copy_from_slice(form.as_bytes());
                packed[15] = len;
                *self
                    .short
                    .entry(u128::from_le_bytes(packed))
                    .or_insert(next)
            }
            _ => *self.long.entry(form).or_insert(next),
        }
    }

    /// The number of ids handed out.
    pub fn len(&self) -> usize {
        self.short.len() + self.long.len()
    }
}

/// xxh3 as a hasher for short strings.
#[derive(Default)]
pub(super) struct Xxh3(u64);

impl Hasher for Xxh3 {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = xxh3_64_with_seed(bytes, self.0);
    }

    fn write_u8(&mut self, _: u8) {
        // The end mark of a string: nothing follows it in a key.
    }

    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }

    fn write_u128(&mut self, value: u128) {
        self.write_u64((value >> 64) as u64);
        self.write_u64(value as u64);
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0 ^ value).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 ^= self.0 >> 32;
    }
}

/// The form that typography does not change.
pub(super) fn fold(token: &str) -> String {
    let mut out = String::with_capacity(token.len());
    let mut rest = token;
    // Composition needs the neighbours, so everything between two characters to be kept as they are goes at once.
    while !rest.is_empty() {
        let until = rest.find(keeps_its_digit).unwrap_or(rest.len());
        for c in rest[..until].nfkc().filter(|&c| !vanishes(c)) {
            let c = fold_char(c);
            let repeats = c == '-' && out.ends_with('-');
            if !repeats && !c.is_whitespace() {
                out.push(c);
            }
        }
        let kept = rest[until..].chars().next();
        out.extend(kept);
        rest = &rest[until + kept.map_or(0, char::len_utf8)..];
    }
    out
}

/// Superscripts, fractions, circled numbers: NFKC would turn them into plain digits. Full-width and mathematical digits
/// are digits already.
fn keeps_its_digit(c: char) -> bool {
    let may = matches!(c, '\u{B2}'..='\u{BE}' | '\u{2070}'..='\u{24FF}' | '\u{3200}'..='\u{33FF}'
        | '\u{1F100}'..='\u{1F2FF}');
    may && std::iter::once(c)
        .nfkc()
        .any(|digit| digit.is_ascii_digit())
}

fn fold_char(c: char) -> char {
    match c {
        '\u{2018}'..='\u{201B}' | '\u{02BC}' | '\u{FF07}' | '\u{2032}' | '`' => '\'',
        '\u{201C}'..='\u{201F}' | '\u{00AB}' | '\u{00BB}' | '\u{FF02}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE63}' | '\u{FF0D}' => '-',
        other => other,
    }
}

/// Invisible characters that typography adds and drops.
fn vanishes(c: char) -> bool {
    matches!(
        c,
        '\u{AD}'
            | '\u{200B}'
            | '\u{200C}'
            | '\u{200E}'
            | '\u{200F}'
            | '\u{2060}'
            | '\u{FEFF}'
            | '\u{FE00}'..='\u{FE0F}'
    )
}

/// Says whether the character is white space; the separators U+001C to U+001F are.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1C}'..='\u{1F}')
}

fn role(c: char) -> Role {
    if c.is_ascii() {
        return match c {
            'a'..='z' | 'A'..='Z' | '_' => Role::Letter,
            '0'..='9' => Role::Digit,
            '-' => Role::Dash,
            '.' => Role::Dot,
            _ if is_space(c) => Role::Space,
            _ if c.is_control() => Role::Hidden,
            _ => Role::Sign,
        };
    }
    match c {
        _ if is_space(c) => Role::Space,
        // The common letters first: the tables below are slow.
        '\u{C0}'..='\u{24F}' if !matches!(c, '×' | '÷') => Role::Letter,
        '\u{AC00}'..='\u{D7A3}' | '\u{410}'..='\u{44F}' => Role::Letter,
        '\u{200D}' => Role::Joiner,
        '\u{3099}' | '\u{309A}' | '\u{FF9E}' | '\u{FF9F}' => Role::Mark,
        '\u{FE00}'..='\u{FE0F}' | '\u{20E3}' | '\u{1F3FB}'..='\u{1F3FF}' => Role::Mark,
        '\u{E0020}'..='\u{E007F}' => Role::Mark,
        _ if vanishes(c) => Role::Hidden,
        '\u{2E80}'..='\u{2FDF}'
        | '\u{3005}'
        | '\u{3040}'..='\u{30FF}'
        | '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{FF66}'..='\u{FF9D}'
        | '\u{20000}'..='\u{3FFFF}' => Role::Ideograph,
        '\u{1F1E6}'..='\u{1F1FF}' => Role::Regional,
        '\u{2026}' | '\u{2024}' | '\u{2025}' | '\u{FF0E}' => Role::Dot,
        _ if is_combining_mark(c) => Role::Mark,
        '\u{0E33}' | '\u{0EB3}' => Role::Mark,
        _ if is_digit(c) => Role::Digit,
        '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' => {
            Role::Cluster
        }
        _ if c.is_alphanumeric() => Role::Letter,
        _ if fold_char(c) == '-' || matches!(c, '\u{FE31}' | '\u{FE32}' | '\u{FE58}') => Role::Dash,
        _ if is_hidden(c) => Role::Hidden,
        _ => Role::Sign,
    }
}

/// Decimal digits of every script (general category Nd): ranges of ten.
pub(super) fn is_digit(c: char) -> bool {
    const ZEROS: [u32; 61] = [
        0x0030, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66,
        0x0CE6, 0x0D66, 0x0DE6, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946,
        0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0,
        0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x10D30, 0x11066, 0x110F0, 0x11136, 0x111D0,
        0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x11730, 0x118E0, 0x11950, 0x11C50, 0x11D50,
        0x11DA0, 0x11F50, 0x16A60, 0x16AC0, 0x16B50, 0x1E140, 0x1E2F0, 0x1E950,
    ];
    let code = u32::from(c);
    if c.is_ascii() {
        return c.is_ascii_digit();
    }
    (0x1D7CE..=0x1D7FF).contains(&code)
        || (0x1FBF0..=0x1FBF9).contains(&code)
        || ZEROS[ZEROS.partition_point(|&zero| zero <= code) - 1] + 9 >= code
}

/// Control, format and private characters: nothing to read.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{0600}'..='\u{0605}' | '\u{061C}' | '\u{06DD}' | '\u{070F}' | '\u{180E}'
            | '\u{202A}'..='\u{202E}' | '\u{2061}'..='\u{206F}' | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E000}'..='\u{F8FF}' | '\u{E0001}' | '\u{F0000}'..='\u{10FFFF}')
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2018}' | '\u{2019}' | '\u{02BC}' | '\u{FF07}')
}

/// Appends the tokens of `text[range]`. The range must lie on character borders.
pub(super) fn tokenise<'a>(
    text: &'a str,
    range: Range<usize>,
    ids: &mut Interner<'a>,
    out: &mut Vec<Token>,
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
    while let Some(first) = reader.peek() {
        if role(first) == Role::Space {
            reader.next();
            continue;
        }
        if let Some((len, kind)) = plain(reader.rest.as_bytes()) {
            let start = reader.at;
            reader.skip(len);
            out.push(Token {
                start,
                end: reader.at,
                id: ids.id(&text[start..reader.at]),
                kind,
            });
            continue;
        }
        let start = reader.at;
        // Invisible characters in front belong to what they touch.
        reader.eat(|c| role(c) == Role::Hidden || c == '\u{200D}');
        let kind = reader.token();
        reader.eat(|c| role(c) == Role::Hidden || c == '\u{200D}' || role(c) == Role::Mark);
        out.push(Token {
            start,
            end: reader.at,
            id: ids.id(&text[start..reader.at]),
            kind,
        });
    }
}

/// The short way: a token of ASCII with ASCII behind it, where no mark or joiner can interfere. Most text is that.
fn plain(rest: &[u8]) -> Option<(usize, Kind)> {
    let first = *rest.first()?;
    let is_word = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
    if !is_word(&first) {
        let alone = first.is_ascii_punctuation() && !matches!(first, b'-' | b'.');
        let next = rest
            .get(1)
            .is_none_or(|b| b.is_ascii_graphic() || b.is_ascii_whitespace());
        return (alone && next).then_some((1, Kind::Sign));
    }
    let len = rest.iter().position(|b| !is_word(b)).unwrap_or(rest.len());
    let goes_on = rest.get(len).is_some_and(|b| match b {
        b'\'' => true,
        b'.' | b',' => rest[len - 1].is_ascii_digit(),
        b => !b.is_ascii_graphic() && !b.is_ascii_whitespace(),
    });
    let number = rest[..len].iter().any(u8::is_ascii_digit);
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
        tokenise(text, 0..text.len(), &mut Interner::default(), &mut out);
        out.iter().map(|token| &text[token.range()]).collect()
    }

    #[track_caller]
    fn same(left: &str, right: &str) {
        assert_eq!(fold(left), fold(right), "{left} and {right}");
    }

    #[track_caller]
    fn other(left: &str, right: &str) {
        assert_ne!(fold(left), fold(right), "{left} and {right}");
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

    #[test]
    fn typography_is_folded_and_digits_are_not() {
        same("it’s", "it's");
        same("—", "--");
        same("…", "...");
        same("ｆｉ１", "ﬁ1");
        same("é", "e\u{301}");
        same("re\u{AD}in", "rein");
        same("❤️", "❤");
        other("10²", "102");
        other("½", "1⁄2");
        other("㏠", "1日");
        other("Security", "security");
        other("٣", "3");
        other("👍🏻", "👍🏿");
    }
}
