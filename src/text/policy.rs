//! What may reach a terminal, one character at a time.
//!
//! Foreign text can repaint the screen (ESC, C1), turn it around (bidirectional controls), hide words from the eye but
//! not from a search (zero-width and tag characters, variation selectors) or drown a cell in combining marks. The rules
//! here are stricter than what terminals survive, because the text also goes into logs, clipboards and pipes.
//!
//! Direction marks (U+200E, U+200F, U+061C) are dropped too: they are clusters of width 0 that ratatui does not paint,
//! so keeping them would only make what is searched differ from what is seen.

use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthChar;

/// Combining marks that one base may carry. Hebrew with cantillation and Tibetan stacks need five or six.
pub(super) const MAX_MARKS: usize = 8;

/// Zero-width joiners in one cluster. The longest emoji in use has three.
pub(super) const MAX_JOINERS: usize = 6;

const ZWNJ: char = '\u{200c}';
const ZWJ: char = '\u{200d}';
const BLACK_FLAG: char = '\u{1f3f4}';
const CANCEL_TAG: char = '\u{e007f}';

/// What becomes of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It stays.
    Keep,
    /// It is white space.
    Blank,
    /// It is shown as another character.
    Replace(char),
    /// It vanishes.
    Drop,
}

/// What has been let through so far, as far as the next character depends on it.
#[derive(Clone, Debug, Default)]
pub(super) struct Gate {
    /// The last character that is neither mark, selector, skin tone, joiner nor tag; none after a blank.
    base: Option<char>,
    /// The last character.
    last: Option<char>,
    marks: usize,
    joiners: usize,
}

impl Gate {
    /// Decides about `character`, which `rest` follows in the source. Does not let it through yet.
    pub(super) fn fate(&self, character: char, rest: &str) -> Fate {
        match character {
            ' '..='~' => {
                if character == ' ' {
                    Fate::Blank
                } else {
                    Fate::Keep
                }
            }
            _ if character.is_whitespace() => Fate::Blank,
            '\u{2800}' => Fate::Blank,
            '\0'..='\u{1f}' => Fate::Replace(control_picture(character)),
            '\u{7f}' => Fate::Replace('\u{2421}'),
            '\u{80}'..='\u{9f}' => Fate::Replace(char::REPLACEMENT_CHARACTER),
            _ if is_noncharacter(character) => Fate::Replace(char::REPLACEMENT_CHARACTER),
            ZWNJ | ZWJ => keep_if(self.joins(character, rest)),
            '\u{fe00}'..='\u{fe0f}' => keep_if(self.last == self.base && self.selects(character)),
            '\u{e0000}'..='\u{e0fff}' => keep_if(self.is_flag_tag(character, rest)),
            _ if is_invisible(character) => Fate::Drop,
            _ if is_combining_mark(character) => {
                let floats = self.base.is_none() && character.width() == Some(0);
                keep_if(!floats && self.marks < MAX_MARKS)
            }
            _ => Fate::Keep,
        }
    }

    /// Notes that `character` was let through.
    pub(super) fn pass(&mut self, character: char) {
        match character {
            ZWJ => self.joiners += 1,
            ZWNJ | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0000}'..='\u{e0fff}' => {}
            _ if character.is_whitespace() => *self = Self::default(),
            _ if character >= '\u{300}' && is_combining_mark(character) => self.marks += 1,
            _ => {
                if self.last != Some(ZWJ) {
                    self.joiners = 0;
                }
                self.marks = 0;
                self.base = Some(character);
            }
        }
        self.last = Some(character);
    }

    /// Says whether a joiner changes how its neighbours look: in an emoji, or between letters of a joining script.
    fn joins(&self, joiner: char, rest: &str) -> bool {
        let (Some(base), Some(last), Some(next)) = (self.base, self.last, rest.chars().next())
        else {
            return false;
        };
        if matches!(last, ZWJ | ZWNJ) {
            return false;
        }
        if is_joining_script(last) {
            return is_joining_script(next) && !is_combining_mark(next) && next.is_alphabetic();
        }
        if joiner == ZWNJ || self.joiners >= MAX_JOINERS || base.is_alphanumeric() {
            return false;
        }
        // What would join anything joins nothing: a mark, a selector, a skin tone.
        clusters(['a', next].into_iter()) == 2 && clusters([base, ZWJ, next].into_iter()) == 1
    }

    /// Says whether a variation selector chooses a look of the base: text or emoji, a variant of an ideograph.
    fn selects(&self, selector: char) -> bool {
        self.base.is_some_and(|base| {
            if selector >= '\u{fe0e}' {
                !base.is_alphabetic() || is_unspaced(base)
            } else {
                is_unspaced(base) || ('\u{2200}'..='\u{2aff}').contains(&base)
            }
        })
    }

    /// Says whether a tag character belongs to one of the three flags that are spelled with tags.
    fn is_flag_tag(&self, tag: char, rest: &str) -> bool {
        let starts = self.last == Some(BLACK_FLAG) && {
            let spelled: String = std::iter::once(tag)
                .chain(rest.chars())
                .take(5)
                .filter_map(|c| char::from_u32(u32::from(c).wrapping_sub(0xe0000)))
                .collect();
            ["gbeng", "gbsct", "gbwls"].contains(&&*spelled)
                && rest.chars().nth(4) == Some(CANCEL_TAG)
        };
        // Inside: the start was let through only because the whole sequence stands there.
        starts
            || self
                .last
                .is_some_and(|last| ('\u{e0061}'..='\u{e007a}').contains(&last))
    }
}

/// Says whether a text obeys the rules: it may go to a terminal as it is. Line breaks are allowed.
pub fn is_safe(text: &str) -> bool {
    let mut gate = Gate::default();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        let safe = match gate.fate(character, characters.as_str()) {
            Fate::Keep => true,
            Fate::Blank => matches!(character, '\n' | ' ') || is_hard_blank(character),
            Fate::Replace(_) | Fate::Drop => false,
        };
        if !safe {
            return false;
        }
        gate.pass(character);
    }
    true
}

/// Says whether a cluster obeys the rules by itself, as it stands in a cell of the screen: safe text, in one line and not
/// empty. A joiner that ends it belongs to the letter of a joining script that follows in the next cell.
pub fn is_safe_cell(cluster: &str) -> bool {
    if let [byte] = cluster.as_bytes() {
        return (0x20..0x7f).contains(byte);
    }
    let joined = cluster.strip_suffix([ZWJ, ZWNJ]);
    let joined = joined.filter(|it| it.chars().next_back().is_some_and(is_joining_script));
    let text = joined.unwrap_or(cluster);
    !text.is_empty() && !text.contains('\n') && is_safe(text)
}

/// Blanks that typographers put on purpose and at which no line may break.
pub(super) fn is_hard_blank(character: char) -> bool {
    matches!(character, '\u{a0}' | '\u{2007}' | '\u{202f}')
}

/// Han, Kana and their punctuation: a line break between two of them stands for nothing.
pub(super) fn is_unspaced(character: char) -> bool {
    matches!(character,
        '\u{2e80}'..='\u{303f}' | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff01}'..='\u{ff9f}' | '\u{20000}'..='\u{3134f}')
}

/// How many clusters these characters make.
fn clusters(characters: impl Iterator<Item = char>) -> usize {
    characters.collect::<String>().graphemes(true).count()
}

fn keep_if(condition: bool) -> Fate {
    if condition { Fate::Keep } else { Fate::Drop }
}

/// ␀ to ␟.
fn control_picture(control: char) -> char {
    char::from_u32(0x2400 + u32::from(control)).unwrap_or(char::REPLACEMENT_CHARACTER)
}

fn is_noncharacter(character: char) -> bool {
    let code = u32::from(character);
    code & 0xfffe == 0xfffe || (0xfdd0..=0xfdef).contains(&code)
}

/// Characters that print nothing: format controls, fillers, and the blocks Unicode reserves for more of them.
fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{13430}'..='\u{1345f}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}')
}

/// Scripts whose spelling needs joiners: Arabic to Myanmar, Khmer, Mongolian.
fn is_joining_script(character: char) -> bool {
    matches!(character, '\u{600}'..='\u{109f}' | '\u{1780}'..='\u{18af}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_safe_is_safe() {
        for text in [
            "",
            "plain",
            "two\nlines",
            "10\u{a0}000",
            "👨‍👩‍👧 ❤️ 🏳️‍🌈 👍🏽",
            "می‌خواهم",
            "क्‍ष",
            "\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
            "é e\u{301}",
        ] {
            assert!(is_safe(text), "{text:?}");
        }
    }

    #[test]
    fn what_is_not_is_not() {
        for text in [
            "\u{1b}[31m",
            "\u{9b}31m",
            "tab\t",
            "\r",
            "\u{202e}evil",
            "a\u{200b}b",
            "a\u{200d}b",
            "soft\u{ad}hyphen",
            "\u{e0041}",
            "\u{1f3f4}\u{e0067}\u{e0062}",
            "x\u{fe0f}\u{fe0f}",
            "x\u{e0100}",
            "\u{feff}bom",
            "\u{fffe}",
            "\u{2028}",
            &format!("e{}", "\u{301}".repeat(9)),
            "\u{301}",
        ] {
            assert!(!is_safe(text), "{text:?}");
        }
    }
}
