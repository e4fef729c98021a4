//! The words of a text, as a [`Pattern`](super::Pattern) tells them apart: what an index of words has to hold so that
//! it answers exactly as the pattern itself.
//!
//! A word is a run of letters, digits and marks; in scripts without blanks each character (with its marks) is one, and
//! stands *joined* to what is right in front of it. Wherever a pattern may begin or end, a word does.

use unicode_normalization::char::is_combining_mark;

use super::pattern::{is_unspaced, is_word};
use crate::text::find::fold_character;

/// Walks over the words of a text, in both spellings that patterns look for.
#[derive(Debug)]
pub struct Words<'a> {
    rest: &'a str,
    /// The word as it stands in the text, where that is all there is to it.
    plain: &'a str,
    /// The word, without accents and capitals, unless it is a plain one without capitals.
    folded: String,
    /// The same with its capitals; empty while it has none, and when it is a plain one.
    cased: String,
    /// Folded characters that were read and not yet taken: what one character of the text folds to may hold the end
    /// of a word and the beginning of the next.
    pending: Vec<(char, Option<char>)>,
    /// Nothing but the word before stands in front of this one.
    joined: bool,
    /// The last folded character, if it was part of a word.
    last: Option<char>,
    scratch: String,
    upper: String,
}

impl<'a> Words<'a> {
    /// Stands in front of the first word.
    pub fn new(text: &'a str) -> Self {
        Self {
            rest: text,
            plain: "",
            folded: String::new(),
            cased: String::new(),
            pending: Vec::new(),
            joined: false,
            last: None,
            scratch: String::new(),
            upper: String::new(),
        }
    }

    /// Goes to the next word, if there is one.
    pub fn next_word(&mut self) -> bool {
        self.plain = "";
        self.folded.clear();
        self.cased.clear();
        self.joined = false;
        if self.pending.is_empty() && self.take_plain() {
            return true;
        }
        loop {
            while !self.pending.is_empty() {
                let (character, capital) = self.pending[0];
                if !is_word(character) {
                    if !self.folded.is_empty() {
                        return true;
                    }
                    self.last = None;
                } else {
                    let begins = self.last.is_none_or(|last| may_part(last, character));
                    if begins && !self.folded.is_empty() {
                        return true;
                    }
                    self.push(character, capital);
                }
                self.pending.remove(0);
            }
            if self.take_ascii() {
                return true;
            }
            let Some(character) = self.rest.chars().next() else {
                return !self.folded.is_empty();
            };
            self.rest = &self.rest[character.len_utf8()..];
            self.fold(character);
        }
    }

    /// The word without accents and capitals.
    pub fn folded(&self) -> &str {
        match self.folded.is_empty() {
            true => self.plain,
            false => &self.folded,
        }
    }

    /// The word without accents but with its capitals, if it has any.
    pub fn cased(&self) -> Option<&str> {
        if !self.cased.is_empty() {
            return Some(&self.cased);
        }
        let has_capital = !self.plain.is_empty() && !self.folded.is_empty();
        has_capital.then_some(self.plain)
    }

    /// Says whether the next word may be joined to this one. What is ASCII and no word parts most of them.
    pub fn may_be_joined(&self) -> bool {
        let next = self.rest.bytes().next();
        !self.pending.is_empty()
            || next.is_some_and(|byte| !byte.is_ascii() || byte.is_ascii_alphanumeric())
    }

    /// Says whether nothing stands between this word and the one before.
    pub fn joined(&self) -> bool {
        self.joined
    }

    fn push(&mut self, character: char, capital: Option<char>) {
        if self.folded.is_empty() {
            self.joined = self.last.is_some();
        }
        if capital.is_some() && self.cased.is_empty() {
            self.cased.push_str(&self.folded);
        }
        if capital.is_some() || !self.cased.is_empty() {
            self.cased.push(capital.unwrap_or(character));
        }
        self.folded.push(character);
        self.last = Some(character);
    }

    /// Takes the next word if it is ASCII and stands between characters that are: most words do.
    fn take_plain(&mut self) -> bool {
        let bytes = self.rest.as_bytes();
        let kind = |byte: &u8| KINDS[usize::from(*byte)];
        let Some(start) = bytes.iter().position(|it| kind(it) != Kind::Part) else {
            return false;
        };
        let mut capitals = false;
        let end = bytes[start..].iter().position(|it| {
            capitals |= kind(it) == Kind::Capital;
            matches!(kind(it), Kind::Part | Kind::Other)
        });
        let end = end.map_or(bytes.len(), |length| start + length);
        let is_joined = start == 0 && self.last.is_some();
        let ends = bytes.get(end).is_none_or(u8::is_ascii);
        if end == start || !ends || is_joined {
            return false;
        }
        self.plain = &self.rest[start..end];
        if capitals {
            self.folded.push_str(self.plain);
            self.folded.make_ascii_lowercase();
        }
        self.rest = &self.rest[end..];
        self.last = None;
        true
    }

    /// Reads what is ASCII, which needs no tables. True when a word ended in it.
    fn take_ascii(&mut self) -> bool {
        let bytes = self.rest.as_bytes();
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            if byte.is_ascii_alphanumeric() {
                // Behind a character that words end at, a word would end here.
                if self.last.is_some_and(is_unspaced) && !self.folded.is_empty() {
                    self.rest = &self.rest[at..];
                    return true;
                }
                let start = at;
                let mut capitals = false;
                while let Some(byte) = bytes.get(at).filter(|it| it.is_ascii_alphanumeric()) {
                    capitals |= byte.is_ascii_uppercase();
                    at += 1;
                }
                let run = &self.rest[start..at];
                if self.folded.is_empty() {
                    self.joined = self.last.is_some();
                }
                if capitals && self.cased.is_empty() {
                    self.cased.push_str(&self.folded);
                }
                if capitals || !self.cased.is_empty() {
                    self.cased.push_str(run);
                }
                let begin = self.folded.len();
                self.folded.push_str(run);
                if capitals && let Some(tail) = self.folded.get_mut(begin..) {
                    tail.make_ascii_lowercase();
                }
                self.last = self.folded.chars().next_back();
            } else if byte.is_ascii() {
                if !self.folded.is_empty() {
                    self.rest = &self.rest[at..];
                    return true;
                }
                self.last = None;
                at += 1;
            } else {
                break;
            }
        }
        self.rest = &self.rest[at..];
        false
    }

    /// Puts what the character folds to behind what is pending.
    fn fold(&mut self, character: char) {
        self.scratch.clear();
        fold_character(character, false, &mut self.scratch);
        if !character.is_uppercase() {
            self.pending
                .extend(self.scratch.chars().map(|it| (it, None)));
            return;
        }
        self.upper.clear();
        self.upper
            .extend(self.scratch.chars().flat_map(char::to_uppercase));
        // One capital may be two letters; words and their capitals are still told apart at the same places.
        let mut capitals = self.upper.chars();
        let folded = self.scratch.chars();
        self.pending
            .extend(folded.map(|it| (it, Some(capitals.next().unwrap_or(it)))));
    }
}

/// What a byte of UTF-8 is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// ASCII that parts words.
    Part,
    /// A small letter or a digit of ASCII.
    Small,
    /// A capital letter of ASCII.
    Capital,
    /// Of another character.
    Other,
}

const KINDS: [Kind; 256] = {
    let mut kinds = [Kind::Other; 256];
    let mut byte = 0u8;
    while byte.is_ascii() {
        kinds[byte as usize] = match byte {
            b'A'..=b'Z' => Kind::Capital,
            b'a'..=b'z' | b'0'..=b'9' => Kind::Small,
            _ => Kind::Part,
        };
        byte += 1;
    }
    kinds
};

/// Says whether a word may end between two characters of words that stand next to each other.
fn may_part(before: char, behind: char) -> bool {
    !continues(behind) && (is_unspaced(before) || is_unspaced(behind))
}

/// Says whether the character belongs to what stands in front of it: a mark, or the vowel or final consonant of a
/// Hangul syllable that was taken apart.
pub fn continues(character: char) -> bool {
    is_combining_mark(character) || matches!(character, '\u{1160}'..='\u{11ff}')
}

/// Says whether words that begin so are written without blanks: each of its characters is a word.
pub fn is_in_unspaced_script(word: &str) -> bool {
    // The usual case without decoding.
    if word.bytes().next().is_none_or(|byte| byte.is_ascii()) {
        return false;
    }
    word.chars().next().is_some_and(is_unspaced)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::find::fold;

    /// The words of a text: `+` before those that are joined, the capitals behind a slash.
    fn words(text: &str) -> String {
        let mut all = Vec::new();
        let mut words = Words::new(text);
        while words.next_word() {
            let joined = if words.joined() { "+" } else { "" };
            let cased = words.cased().map_or(String::new(), |it| format!("/{it}"));
            all.push(format!("{joined}{}{cased}", words.folded()));
        }
        all.join(" ")
    }

    #[test]
    fn words_are_those_of_patterns() {
        assert_eq!(words("A virus-fight, don’t"), "a/A virus fight don t");
        assert_eq!(
            words("Été ÉTÉ naïve e\u{301}te"),
            "ete/Ete ete/ETE naive ete"
        );
        assert_eq!(words("新型COVID肺炎。好"), "新 +型 +covid/COVID +肺 +炎 好");
        assert_eq!(words("ไวรัส"), "ไ +ว +รั +ส");
        assert_eq!(words("한국 ㎏x"), "한 +국 kgx");
        assert_eq!(words("ẞa Łódź 10² ½"), "ssa/SSa lodz/Lodz 102 1 2");
        assert_eq!(words("क्षमा। ﬁn"), "क्षमा fin");
        assert_eq!(words(" \u{bf}… "), "");
    }

    #[test]
    fn a_capital_folds_to_as_many_letters_as_it_has() {
        for character in '\0'..=char::MAX {
            if character.is_uppercase() && !character.is_ascii() {
                let folded = fold(character.encode_utf8(&mut [0; 4]));
                let upper = folded.to_uppercase();
                assert_eq!(folded.chars().count(), upper.chars().count(), "{character}");
            }
        }
    }
}
