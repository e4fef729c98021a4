//! Words of everyday text, a byte at a time.

use super::{Shape, Word, hash_packed, slow};

/// A longer word is read by the full rules.
const LONGEST: usize = 64;

/// What a character does to the word in front of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Parts words.
    Break,
    /// Parts runs.
    Space,
    Letter,
    Digit,
    /// `_`: holds letters and digits together.
    Low,
    /// `:` between letters.
    MidLetter,
    /// `,` `;` between digits.
    MidNumber,
    /// `.` `'` `’` between letters or between digits.
    Mid,
    /// A word of its own.
    Ideograph,
    /// Needs the full rules.
    Other,
}

/// The class of every byte; of those that are no ASCII a character must be asked.
const CLASSES: [Class; 256] = classes();

const fn classes() -> [Class; 256] {
    let mut classes = [Class::Break; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' => Class::Letter,
            b'0'..=b'9' => Class::Digit,
            b'_' => Class::Low,
            b':' => Class::MidLetter,
            b',' | b';' => Class::MidNumber,
            b'.' | b'\'' => Class::Mid,
            b' ' | b'\t'..=b'\r' => Class::Space,
            0x80.. => Class::Other,
            _ => Class::Break,
        };
        byte += 1;
    }
    classes
}

/// The class of a character that is not ASCII.
fn class(character: char) -> Class {
    match character {
        // Letters that compatibility forms and combining would not change.
        '\u{C0}'..='\u{24F}' => match character {
            '×' | '÷' => Class::Break,
            '\u{130}'..='\u{133}' | '\u{13F}' | '\u{140}' | '\u{149}' | '\u{17F}' => Class::Other,
            '\u{1C4}'..='\u{1CC}' | '\u{1F1}'..='\u{1F3}' => Class::Other,
            _ => Class::Letter,
        },
        '\u{400}'..='\u{481}' | '\u{48A}'..='\u{52F}' => Class::Letter,
        '‘' | '’' => Class::Mid,
        '¡'..='©' | '«' | '¬' | '®'..='±' | '´' | '¶' | '»' | '¿' => Class::Break,
        '‐'..='―' | '‚'..='‣' | '…' | '‰' | '‹' | '›' | '€' | '™' => {
            Class::Break
        }
        '、' | '。' | '「'..='』' => Class::Break,
        '\u{4E00}'..='\u{9FFF}' | '\u{3041}'..='\u{3096}' => Class::Ideograph,
        _ => Class::Other,
    }
}

/// Adds the words of a text.
pub(super) fn scan(text: &str, words: &mut Vec<Word>) {
    let bytes = text.as_bytes();
    let mut run = Run::new(words.len());
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        match CLASSES[byte as usize] {
            Class::Letter => {
                if run.last == Class::Break
                    && let Some((word, end)) = plain_word(bytes, at)
                {
                    words.push(word);
                    at = end;
                    continue;
                }
                run.letter_or_digit(byte | 0x20, byte & 0x20 == 0, false);
                at += 1;
            }
            Class::Digit => {
                run.letter_or_digit(byte, false, true);
                at += 1;
            }
            Class::Space => {
                run.end(words);
                at += 1;
                run.start = at;
                run.first = words.len();
            }
            Class::Low => {
                run.low();
                at += 1;
            }
            Class::Break => {
                if byte == b']' && bytes.get(at + 1) == Some(&b'(') {
                    at = run.again(text, at, words);
                } else {
                    run.end(words);
                    at += 1;
                }
            }
            Class::Other => match text[at..].chars().next() {
                None => break,
                Some(character) => at = run.character(text, at, character, words),
            },
            _ if is_address(bytes, at) => at = run.again(text, at, words),
            class => {
                let joins = run.joins(class, text, at + 1);
                run.mid(joins, byte, words);
                at += 1;
            }
        }
        if run.length >= LONGEST - 4 {
            at = run.again(text, at, words);
        }
    }
    run.end(words);
}

/// Reads a word of at most sixteen ASCII letters that ends beyond doubt; gives where it ends. Eight letters are looked
/// at in one step, since every step that depends on what a byte holds costs more than eight that do not.
#[inline]
fn plain_word(bytes: &[u8], at: usize) -> Option<(Word, usize)> {
    let (mut low, mut length) = letters(bytes, at)?;
    let mut high = 0;
    if length == 8 {
        let more;
        (high, more) = letters(bytes, at + 8)?;
        if more == 8 {
            return None;
        }
        high &= (1 << (8 * more)) - 1;
        length += more;
    } else {
        low &= (1 << (8 * length)) - 1;
    }
    let end = at + length;
    let ends = match bytes[end] {
        b' ' | b'\n' | b',' | b';' | b'"' | b')' | b'-' | b'!' | b'?' => true,
        b'.' => {
            let behind = bytes.get(end + 1);
            matches!(behind, Some(b' ' | b'\n' | b'"'))
                && low != u64::from_le_bytes(*b"www\0\0\0\0\0")
        }
        _ => false,
    };
    let shape = match bytes[at] & 0x20 {
        0 => Shape::Capital,
        _ => Shape::Plain,
    };
    ends.then(|| (Word::of_hash(hash_packed(low, high, length), shape), end))
}

/// The next eight bytes in small letters, and how many of them are ASCII letters. Nothing near the end of the text.
#[inline]
fn letters(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let eight = bytes.get(at..)?.first_chunk::<8>()?;
    let raw = u64::from_le_bytes(*eight);
    let small = raw | (0x20 * EACH);
    let low = small & (0x7F * EACH);
    // The highest bit of each byte says whether it is at least `a`, or more than `z`.
    let from_a = low + (0x80 - b'a' as u64) * EACH;
    let past_z = low + (0x7F - b'z' as u64) * EACH;
    let other = !(from_a & !past_z & !raw) & (0x80 * EACH);
    Some((small, (other.trailing_zeros() / 8) as usize))
}

/// Says whether an address shows at a full stop or a colon: `www.`, `://`.
fn is_address(bytes: &[u8], at: usize) -> bool {
    match bytes[at] {
        b'.' => bytes[..at].ends_with(b"www"),
        b':' => bytes[at..].starts_with(b"://"),
        _ => false,
    }
}

/// The word that is being read, in the run between white space that it stands in.
struct Run {
    /// Where the run begins.
    start: usize,
    /// How many words there were before it.
    first: usize,
    folded: [u8; LONGEST],
    length: usize,
    digit: bool,
    capital: bool,
    /// The last character of the word so far, if the word goes on behind it.
    last: Class,
}

impl Run {
    fn new(first: usize) -> Self {
        Self {
            start: 0,
            first,
            folded: [0; LONGEST],
            length: 0,
            digit: false,
            capital: false,
            last: Class::Break,
        }
    }

    #[inline]
    fn letter_or_digit(&mut self, byte: u8, capital: bool, digit: bool) {
        if self.length == 0 {
            self.capital = capital;
        }
        self.folded[self.length] = byte;
        self.length += 1;
        self.digit |= digit;
        self.last = if digit { Class::Digit } else { Class::Letter };
    }

    fn low(&mut self) {
        self.last = Class::Low;
    }

    /// Says whether the word goes on behind a sign inside it.
    fn joins(&self, class: Class, text: &str, next: usize) -> bool {
        let behind = match text.as_bytes().get(next) {
            None => return false,
            Some(byte) => match CLASSES[*byte as usize] {
                Class::Other => text[next..]
                    .chars()
                    .next()
                    .map_or(Class::Break, self::class),
                class => class,
            },
        };
        let letters = self.last == Class::Letter && behind == Class::Letter;
        let digits = self.last == Class::Digit && behind == Class::Digit;
        match class {
            Class::MidLetter => letters,
            Class::MidNumber => digits,
            _ => letters || digits,
        }
    }

    fn mid(&mut self, joins: bool, byte: u8, words: &mut Vec<Word>) {
        if !joins {
            self.end(words);
        } else if self.digit && matches!(byte, b'.' | b',') {
            self.folded[self.length] = byte;
            self.length += 1;
        }
    }

    /// Reads a character that is not ASCII; gives where to go on.
    fn character(
        &mut self,
        text: &str,
        at: usize,
        character: char,
        words: &mut Vec<Word>,
    ) -> usize {
        let next = at + character.len_utf8();
        match class(character) {
            Class::Letter => {
                let capital = character.is_uppercase();
                if self.length == 0 {
                    self.capital = capital;
                }
                let mut lower = character.to_lowercase();
                let lower = lower.next().unwrap_or(character);
                let length = lower.len_utf8();
                lower.encode_utf8(&mut self.folded[self.length..self.length + length]);
                self.length += length;
                self.last = Class::Letter;
            }
            Class::Mid => {
                let joins = self.joins(Class::Mid, text, next);
                self.mid(joins, 0, words);
            }
            Class::Ideograph => {
                self.end(words);
                words.push(Word::new(&text.as_bytes()[at..next], Shape::Ideograph));
            }
            Class::Other => return self.again(text, at, words),
            _ => self.end(words),
        }
        next
    }

    fn end(&mut self, words: &mut Vec<Word>) {
        self.last = Class::Break;
        if self.length == 0 {
            return;
        }
        if self.digit {
            while self.folded[..self.length].ends_with(b".0") {
                self.length -= 2;
            }
        }
        let shape = if self.digit {
            Shape::Number
        } else if self.capital {
            Shape::Capital
        } else {
            Shape::Plain
        };
        words.push(Word::new(&self.folded[..self.length], shape));
        self.length = 0;
        self.digit = false;
    }

    /// Reads the whole run once more by the full rules; gives where it ends.
    fn again(&mut self, text: &str, at: usize, words: &mut Vec<Word>) -> usize {
        let space = |byte: &u8| CLASSES[*byte as usize] == Class::Space;
        let rest = &text.as_bytes()[at..];
        let end = at + rest.iter().position(space).unwrap_or(rest.len());
        words.truncate(self.first);
        slow::scan(&text[self.start..end], words);
        self.length = 0;
        self.digit = false;
        self.last = Class::Break;
        self.first = words.len();
        self.start = end;
        end
    }
}
