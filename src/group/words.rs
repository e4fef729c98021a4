//! The words of an article as grouping compares them: 32-bit hashes of folded words, with what the guard must know.
//!
//! Case, quotes, dashes, soft hyphens, markup and layout vanish here, digits never do (`1,000.5` is one word and keeps
//! its signs). Addresses are left out: one extractor prints the target of a link and another does not, and neither
//! is prose. Word borders are those of UAX #29; in scripts without spaces every character is a word, which weighs less.
//!
//! Rejected: splitting at white space (glues punctuation, loses Chinese), stemming (language by language, and versions
//! of one text keep their inflections), a list of stop words (the group frequencies of `boilerplate` do that for every
//! language).

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;
use xxhash_rust::xxh3::xxh3_64;

/// What a word looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Any other word.
    Plain,
    /// Begins with a capital.
    Capital,
    /// Holds a digit.
    Number,
    /// One character of a script without spaces.
    Ideograph,
}

/// One word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// Hash of the folded word.
    pub hash: u32,
    /// What it looks like.
    pub shape: Shape,
}

/// Calls `take` with every word of the text, in order.
pub(super) fn each_word(text: &str, mut take: impl FnMut(Word)) {
    let mut folded = String::new();
    for part in prose(text) {
        for raw in part.unicode_words() {
            if let Some(word) = word(raw, &mut folded) {
                take(word);
            }
        }
    }
}

/// The words of the text.
#[cfg(test)]
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::with_capacity(text.len() / 6);
    each_word(text, |word| words.push(word));
    words
}

/// Folds one word; nothing is left of a run of underscores or invisible characters.
fn word(raw: &str, folded: &mut String) -> Option<Word> {
    folded.clear();
    let mut digit = false;
    let mut first = None;
    for character in raw.nfkc() {
        let is_digit = character.is_numeric();
        if character.is_alphanumeric() || is_combining_mark(character) {
            first = first.or(Some(character));
            digit |= is_digit;
            folded.extend(character.to_lowercase());
        } else if digit && matches!(character, '.' | ',') {
            folded.push(character);
        }
    }
    let first = first?;
    let shape = if digit {
        Shape::Number
    } else if is_spaceless(first) {
        Shape::Ideograph
    } else if first.is_uppercase() {
        Shape::Capital
    } else {
        Shape::Plain
    };
    Some(Word {
        hash: xxh3_64(folded.as_bytes()) as u32,
        shape,
    })
}

/// Scripts whose words are not set apart by spaces. Katakana is not among them: its runs are one word each.
fn is_spaceless(character: char) -> bool {
    matches!(character,
        '\u{0E00}'..='\u{0EFF}' // Thai, Lao
        | '\u{1000}'..='\u{109F}' // Burmese
        | '\u{1780}'..='\u{17FF}' // Khmer
        | '\u{3040}'..='\u{309F}' // Hiragana
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}')
}

/// The parts of the text that are no addresses.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (part, behind) = match address(rest) {
            Some((start, end)) => (rest.get(..start)?, rest.get(end..)?),
            None => (rest, ""),
        };
        rest = behind;
        Some(part)
    })
}

/// Where the first address of the text begins and ends: `scheme://…`, `www.…` or the target of a Markdown link.
fn address(text: &str) -> Option<(usize, usize)> {
    let scheme = text.find("://").map(|at| {
        let head = text.get(..at).unwrap_or_default();
        head.rfind(|c: char| !c.is_ascii_alphanumeric())
            .map_or(0, |before| {
                before
                    + head
                        .get(before..)
                        .and_then(|s| s.chars().next())
                        .map_or(1, char::len_utf8)
            })
    });
    let start = [scheme, text.find("www."), text.find("](").map(|at| at + 2)]
        .into_iter()
        .flatten()
        .min()?;
    let tail = text.get(start..)?;
    let length = tail
        .find(|c: char| {
            c.is_whitespace() || matches!(c, ')' | '>' | '<' | ']' | '"' | '”' | '。' | '，')
        })
        .unwrap_or(tail.len());
    Some((start, start + length.max(1).min(tail.len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashes(text: &str) -> Vec<u32> {
        words(text).iter().map(|word| word.hash).collect()
    }

    #[test]
    fn layout_quotes_case_and_addresses_do_not_count() {
        for (left, right) in [
            ("“Don’t,” he said", "\"don't\" HE said"),
            ("soft\u{AD}hyphen", "softhyphen"),
            (
                "read [the page](https://example.org/a(b) now",
                "read the page now",
            ),
            ("see http://example.org/x?y=1 there", "see there"),
            ("_emphasis_ and **more**", "emphasis and more"),
            ("ﬁne", "fine"),
        ] {
            assert_eq!(hashes(left), hashes(right), "{left:?} {right:?}");
        }
        for (left, right) in [("1.20.0", "12.00"), ("10²", "10"), ("résumé", "resume")] {
            assert_ne!(hashes(left), hashes(right), "{left:?} {right:?}");
        }
    }

    #[test]
    fn shapes_are_told_apart() {
        let shapes: Vec<Shape> = words("In 1,000.5 cases 東京 wins")
            .iter()
            .map(|w| w.shape)
            .collect();
        use Shape::{Capital, Ideograph, Number, Plain};
        assert_eq!(
            shapes,
            [Capital, Number, Plain, Ideograph, Ideograph, Plain]
        );
    }
}
