//! Words by the full rules: any script, compatibility forms, combining marks, addresses.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

use super::{Shape, Word};

/// Adds the words of a run without white space.
pub(super) fn scan(run: &str, words: &mut Vec<Word>) {
    let mut folded = String::new();
    for part in prose(run) {
        let found = part.unicode_words();
        words.extend(found.filter_map(|raw| word(raw, &mut folded)));
    }
}

/// Folds one word; nothing is left of a run of underscores or invisible characters.
fn word(raw: &str, folded: &mut String) -> Option<Word> {
    folded.clear();
    let mut digit = false;
    let mut first = None;
    for character in raw.nfkc() {
        if character.is_alphanumeric() || is_combining_mark(character) {
            first = first.or(Some(character));
            digit |= character.is_numeric();
            folded.extend(character.to_lowercase());
        } else if digit && matches!(character, '.' | ',') {
            folded.push(character);
        }
    }
    let first = first?;
    while digit && folded.ends_with(".0") {
        folded.truncate(folded.len() - 2);
    }
    let shape = if digit {
        Shape::Number
    } else if is_spaceless(first) {
        Shape::Ideograph
    } else if first.is_uppercase() {
        Shape::Capital
    } else {
        Shape::Plain
    };
    Some(Word::new(folded.as_bytes(), shape))
}

/// Scripts whose words are not set apart by spaces. Katakana is not among them: its runs are one word each.
pub(super) fn is_spaceless(character: char) -> bool {
    matches!(character,
        '\u{0E00}'..='\u{0EFF}' // Thai, Lao
        | '\u{1000}'..='\u{109F}' // Burmese
        | '\u{1780}'..='\u{17FF}' // Khmer
        | '\u{3040}'..='\u{309F}' // Hiragana
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}')
}

/// The parts of the run that are no addresses.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (part, behind) = match address(rest) {
            Some((start, end)) => (&rest[..start], &rest[end..]),
            None => (rest, ""),
        };
        rest = behind;
        Some(part)
    })
}

/// Where the first address of the run begins and ends: `scheme://…`, `www.…` or the target of a Markdown link.
fn address(text: &str) -> Option<(usize, usize)> {
    let scheme = text.find("://").map(|at| {
        let head = text[..at].trim_end_matches(|c: char| c.is_ascii_alphanumeric());
        head.len()
    });
    let start = [scheme, text.find("www."), text.find("](").map(|at| at + 2)]
        .into_iter()
        .flatten()
        .min()?;
    let tail = &text[start..];
    let length = tail
        .find(|c: char| {
            c.is_whitespace() || matches!(c, ')' | '>' | '<' | ']' | '"' | '”' | '。' | '，')
        })
        .unwrap_or(tail.len());
    // Of an empty target its closing bracket is taken, so that each round gets further.
    let least = tail.chars().next().map_or(0, char::len_utf8);
    Some((start, start + length.max(least)))
}
