//! Words, prefixes and regular expressions: what is looked for in text, and whether it stands there.
//!
//! A word matches whole words; text between words (blanks, hyphens, apostrophes, full stops) is one gap, whatever it
//! is, so `"virus fight"` finds *virus-fight* and `U.S.` finds *U. S.*. In scripts without blanks a word matches
//! anywhere. Accents never count; capitals count once one is typed. A phrase does not reach from one block into the
//! next. Regular expressions see the text as it is, accents included.

use std::fmt;

use regex::{Regex, RegexBuilder};
use unicode_normalization::char::is_combining_mark;

use super::lexer::is_bare;
use super::words::continues;
use crate::text::find::fold;

/// Something to look for in text. Equal when written equally.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: String,
    form: PatternForm,
    matcher: Matcher,
}

/// How a pattern is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatternForm {
    /// One word or a phrase.
    Words,
    /// The same, and the last word is only the beginning of one.
    Prefix,
    /// A regular expression.
    Regex,
}

/// The words of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sought<'a> {
    /// At least one, without accents: each stands right behind the one before, or with only blanks and signs between.
    pub words: &'a [String],
    /// The last one may go on.
    pub prefix: bool,
    /// Capitals count.
    pub case: bool,
}

#[derive(Clone, Debug)]
enum Matcher {
    /// At least one word, each made comparable.
    Words {
        words: Vec<String>,
        prefix: bool,
        case: bool,
    },
    /// No word in it at all: punctuation, an emoji. Found anywhere.
    Signs {
        signs: String,
    },
    Regex(Regex),
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.form == other.form && self.text == other.text
    }
}

impl Pattern {
    /// A word or phrase; with `prefix`, its last word may go on. Nothing when there is nothing to look for.
    pub fn words(text: &str, prefix: bool) -> Option<Self> {
        let case = text.chars().any(char::is_uppercase);
        let folded = comparable(text, case);
        let words: Vec<String> = folded
            .split(|c: char| !is_word(c))
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect();
        let matcher = if !words.is_empty() {
            Matcher::Words {
                words,
                prefix,
                case,
            }
        } else if prefix || folded.trim().is_empty() {
            return None;
        } else {
            Matcher::Signs {
                signs: folded.trim().to_owned(),
            }
        };
        let form = if prefix {
            PatternForm::Prefix
        } else {
            PatternForm::Words
        };
        Some(Self {
            text: text.to_owned(),
            form,
            matcher,
        })
    }

    /// A regular expression, or why it is none. Capitals count once one is typed (`\S` and its like are none).
    pub fn regex(text: &str) -> Result<Self, String> {
        let regex = RegexBuilder::new(text)
            .case_insensitive(!has_capital(text))
            // A query is compiled at every key press: what takes more than this is refused instead.
            .size_limit(1 << 20)
            .build()
            .map_err(|error| reason(&error))?;
        Ok(Self {
            text: text.to_owned(),
            form: PatternForm::Regex,
            matcher: Matcher::Regex(regex),
        })
    }

    /// What was typed, without quotation marks, slashes or the star.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How it is written.
    pub fn form(&self) -> PatternForm {
        self.form
    }

    /// Says whether it stands in the text.
    pub fn is_in(&self, text: &str) -> bool {
        match &self.matcher {
            Matcher::Words {
                words,
                prefix,
                case,
            } => {
                let text = comparable(text, *case);
                places(words, *prefix, &text).next().is_some()
            }
            Matcher::Signs { signs } => fold(text).contains(signs),
            Matcher::Regex(regex) => regex.is_match(text),
        }
    }

    /// How often its words stand in the text, places that overlap included. 0 for what is not made of words.
    pub fn count_in(&self, text: &str) -> u32 {
        let Some(Sought {
            words,
            prefix,
            case,
        }) = self.sought()
        else {
            return 0;
        };
        let count = places(words, prefix, &comparable(text, case)).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// What an index of words has to look for; nothing when it is not words that are looked for.
    pub fn sought(&self) -> Option<Sought<'_>> {
        match &self.matcher {
            Matcher::Words {
                words,
                prefix,
                case,
            } => Some(Sought {
                words,
                prefix: *prefix,
                case: *case,
            }),
            Matcher::Signs { .. } | Matcher::Regex(_) => None,
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.form {
            PatternForm::Words => write_value(f, &self.text),
            PatternForm::Prefix => {
                write_value(f, &self.text)?;
                f.write_str("*")
            }
            PatternForm::Regex => write!(f, "/{}/", self.text),
        }
    }
}

/// Writes a value bare where that reads back as the same, else between quotation marks.
pub(super) fn write_value(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let bare = !text.is_empty()
        && !text.starts_with(['-', '/', '#'])
        && text.chars().all(|c| is_bare(c) && !matches!(c, ':' | '*'))
        && !matches!(text, "AND" | "OR" | "NOT");
    f.write_str(&if bare { text.to_owned() } else { quoted(text) })
}

/// The text between quotation marks.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The text without accents and, unless `case` counts, without capitals.
fn comparable(text: &str, case: bool) -> String {
    if !case {
        return fold(text);
    }
    let mut comparable = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii() {
            comparable.push(character);
            continue;
        }
        let folded = fold(character.encode_utf8(&mut [0; 4]));
        if character.is_uppercase() {
            comparable.push_str(&folded.to_uppercase());
        } else {
            comparable.push_str(&folded);
        }
    }
    comparable
}

/// Says whether the character is part of a word. Marks that folding leaves (vowels, voicing) are.
pub(super) fn is_word(character: char) -> bool {
    character.is_alphanumeric() || is_combining_mark(character)
}

/// Every place where the words stand one after the other in the text, both made comparable. Places may overlap.
fn places<'a>(words: &'a [String], prefix: bool, text: &'a str) -> impl Iterator<Item = usize> {
    let (first, others) = words
        .split_first()
        .map_or(("", words), |(it, rest)| (it, rest));
    let step = first.chars().next().map_or(1, char::len_utf8);
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let start = from
                + text
                    .get(from..)?
                    .find(first)
                    .filter(|_| !first.is_empty())?;
            from = start + step;
            let mut end = start + first.len();
            let stands = border(text, start)
                && others.iter().all(|word| match next_word(text, end, word) {
                    Some(behind) => {
                        end = behind;
                        true
                    }
                    None => false,
                })
                && (prefix || border(text, end));
            if stands {
                return Some(start);
            }
        }
    })
}

/// The end of `word` where it is the next word behind `end`.
fn next_word(text: &str, end: usize, word: &str) -> Option<usize> {
    let rest = text.get(end..)?;
    let start = end + rest.find(is_word)?;
    let found = border(text, end) && text.get(start..)?.starts_with(word);
    found.then_some(start + word.len())
}

/// Says whether a word may begin or end at that byte.
fn border(text: &str, at: usize) -> bool {
    let before = text.get(..at).and_then(|before| before.chars().next_back());
    let behind = text.get(at..).and_then(|behind| behind.chars().next());
    let (Some(before), Some(behind)) = (before, behind) else {
        return true;
    };
    if continues(behind) {
        return false;
    }
    !is_word(before) || !is_word(behind) || is_unspaced(before) || is_unspaced(behind)
}

/// Says whether the script is written without blanks between words, or with blanks that do not separate all of them.
pub(super) fn is_unspaced(character: char) -> bool {
    matches!(character,
        '\u{0e00}'..='\u{0eff}' // Thai, Lao
        | '\u{1000}'..='\u{109f}' // Myanmar
        | '\u{1100}'..='\u{11ff}' // Hangul, taken apart
        | '\u{1780}'..='\u{17ff}' // Khmer
        | '\u{2e80}'..='\u{2fdf}' | '\u{3005}'..='\u{3007}' // Han
        | '\u{3040}'..='\u{31ff}' // Kana, Bopomofo, Hangul letters
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' // Han
        | '\u{ac00}'..='\u{d7ff}' // Hangul
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}') // Han
}

/// Says whether a regular expression asks for a capital letter.
fn has_capital(regex: &str) -> bool {
    let mut characters = regex.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            if character.is_uppercase() {
                return true;
            }
            continue;
        }
        // An escape: its letter is no text, nor is the class in the braces of \p{…} and \x{…}.
        if let Some('p' | 'P' | 'x' | 'u' | 'U') = characters.next()
            && characters.as_str().starts_with('{')
        {
            characters.by_ref().find(|c| *c == '}');
        }
    }
    false
}

/// The last line of what the library says, which is the one that tells why.
fn reason(error: &regex::Error) -> String {
    match error {
        regex::Error::CompiledTooBig(_) => "it is too large".to_owned(),
        error => {
            let text = error.to_string();
            let last = text.lines().last().unwrap_or_default();
            last.trim().trim_start_matches("error: ").to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn finds(typed: &str, text: &str, expected: bool) {
        let (typed, prefix) = match typed.strip_suffix('*') {
            Some(stem) => (stem, true),
            None => (typed, false),
        };
        let pattern = Pattern::words(typed, prefix).expect(typed);
        assert_eq!(pattern.is_in(text), expected, "{typed:?} in {text:?}");
    }

    #[test]
    fn words_are_whole_and_gaps_are_gaps() {
        finds("virus", "A Virus Fight", true);
        finds("virus", "antivirus viruses", false);
        finds("virus", "viruses, then virus", true);
        finds("virus*", "viruses", true);
        finds("virus*", "antiviruses", false);
        finds("virus fight", "the virus-fight", true);
        finds("virus fight", "the virus\u{a0}fight", true);
        finds("virus fight", "virusfight", false);
        finds("virus fight", "virus in fight", false);
        finds("virus fi*", "virus fighters", true);
        finds("virus virus fight", "virus virus virus fight", true);
        finds("U.S.", "the U. S. army", true);
        finds("don't", "I don’t", true);
        finds("homme", "l’homme", true);
        finds("1,000", "1 000 people", true);
        finds("10", "2010", false);
        finds("क्षमा", "क्षमा।", true);
        finds("क", "क्षमा", false);
    }

    #[test]
    fn capitals_count_once_typed_and_accents_never() {
        finds("us", "US", true);
        finds("US", "us", false);
        finds("US", "the US army", true);
        finds("eté", "Été", true);
        finds("Été", "été", false);
        finds("Ete", "Été", true);
        finds("ﬁnal", "final", true);
    }

    #[test]
    fn scripts_without_blanks_are_searched_inside() {
        finds("病毒", "新型冠状病毒肺炎", true);
        finds("病毒*", "新型冠状病毒肺炎", true);
        finds("病 毒", "冠状病毒", true);
        finds("COVID", "新型COVID肺炎", true);
        finds("ไวรัส", "เชื้อไวรัสโคโรนา", true);
        finds("바이러스", "코로나바이러스는", true);
        finds("하", "한국", false);
        finds("哈哈 是", "哈哈哈是", true);
    }

    #[test]
    fn signs_are_found_anywhere() {
        finds("🙂", "so 🙂!", true);
        finds("—", "a—b", true);
        assert_eq!(Pattern::words("", false), None);
        assert_eq!(Pattern::words("  ", false), None);
        assert_eq!(Pattern::words("…", true), None);
    }

    #[test]
    fn regular_expressions_have_smart_case_too() {
        let finds = |regex: &str, text: &str| Pattern::regex(regex).expect(regex).is_in(text);
        assert!(finds(r"\d{1,2} april", "12 April"));
        assert!(!finds(r"\d{1,2} April", "12 april"));
        assert!(finds(r"^\S+ virus", "The VIRUS"));
        assert!(finds(r"\p{Lu}virus", "Xvirus"));
        assert!(Pattern::regex("(").is_err());
        assert!(Pattern::regex(r"\w{5000}").is_err());
    }
}
