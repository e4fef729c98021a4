//! Differences that nobody sees, in words: characters that show nothing, and letters that look like others.
//!
//! Two words that look alike are told apart by the comparison like any two words; a reader who sees the same letters on
//! both sides would take the mark for a mistake. What looks alike is told by a small table of letters of other scripts and
//! not by Unicode's whole list of confusables: that holds `rn` for `m`, which is a misprint and no disguise.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use super::{Cell, Comparison, Row, Span, SpanKind};
use crate::text;

/// Letters of other scripts and the Latin ones that they look like.
const ALIKE: [(&str, &str); 2] = [
    (
        "АВЕЅІЈКМНОРСТУХаеорсухѕіјԁһԛԝ",
        "ABESIJKMHOPCTYXaeopcyxsijdhqw",
    ),
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοϲϳν", "ABEZHIKMNOPTYXocjv"),
];

/// More than so many are not told apart.
const MOST: usize = 5;

/// What nobody sees in a comparison of these two texts, each kind once, in words:
/// `U+200B zero width space, only on the right`, `U+0430 (Cyrillic) on the right looks like a`.
pub fn unseen(comparison: &Comparison, left: &str, right: &str) -> Vec<String> {
    let mut found = Vec::new();
    for row in &comparison.rows {
        for (one, other) in pairs(row, left, right) {
            for note in between(one, other) {
                if !found.contains(&note) {
                    found.push(note);
                }
            }
        }
    }
    if found.len() > MOST {
        let more = found.len() - MOST;
        found.truncate(MOST);
        found.push(format!("{more} more that cannot be seen"));
    }
    found
}

/// Words of both sides that differ and look alike.
fn pairs<'a>(row: &Row, left: &'a str, right: &'a str) -> Vec<(&'a str, &'a str)> {
    let (Some(one), Some(other)) = (&row.left, &row.right) else {
        return Vec::new();
    };
    let spans = |cell: &Cell, kind| {
        let of_kind = move |span: &&Span| span.kind == kind;
        cell.spans
            .iter()
            .filter(of_kind)
            .cloned()
            .collect::<Vec<_>>()
    };
    let mut pairs = Vec::new();
    let typographic = spans(other, SpanKind::Typo);
    for span in spans(one, SpanKind::Typo) {
        let same = typographic.iter().find(|it| it.pair == span.pair);
        let texts = same.and_then(|it| Some((left.get(span.range)?, right.get(it.range.clone())?)));
        pairs.extend(texts);
    }
    let mut changed: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for span in spans(other, SpanKind::Changed).into_iter().rev() {
        let words = right.get(span.range).unwrap_or_default();
        changed.entry(look(words)).or_default().push(words);
    }
    for span in spans(one, SpanKind::Changed) {
        let words = left.get(span.range).unwrap_or_default();
        if let Some(like) = changed.get_mut(&look(words)).and_then(Vec::pop) {
            pairs.push((words, like));
        }
    }
    pairs.retain(|(one, other)| one != other);
    pairs
}

/// What a text looks like.
fn look(text: &str) -> String {
    let shown = text.chars().filter(|c| !is_invisible(*c));
    shown.map(|c| like(c).unwrap_or(c)).nfc().collect()
}

/// What differs between two words that look alike, or nearly so.
fn between(left: &str, right: &str) -> Vec<String> {
    let mut notes = Vec::new();
    for (here, there, side) in [(left, right, "left"), (right, left, "right")] {
        let mut seen = Vec::new();
        for c in here.chars().filter(|c| is_invisible(*c)) {
            let more = |text: &str| text.chars().filter(|it| *it == c).count();
            if !seen.contains(&c) && more(here) > more(there) {
                seen.push(c);
                let only = if more(there) == 0 { "only" } else { "more" };
                notes.push(format!("{} {}, {only} on the {side}", number(c), name(c)));
            }
        }
    }
    let shown = |text: &str| {
        text.chars()
            .filter(|c| !is_invisible(*c))
            .collect::<Vec<char>>()
    };
    let (one, other) = (shown(left), shown(right));
    if one.len() == other.len() {
        for (l, r) in one.into_iter().zip(other).filter(|(l, r)| l != r) {
            notes.extend(match (like(l), like(r)) {
                (_, Some(latin)) if latin == l => Some(stands_for(r, "right", latin)),
                (Some(latin), _) if latin == r => Some(stands_for(l, "left", latin)),
                _ => None,
            });
        }
    } else if left.nfc().eq(right.nfc()) {
        let composed = text::line(&left.nfc().collect::<String>());
        notes.push(format!(
            "{composed} is spelled with other code points on each side"
        ));
    }
    notes
}

fn stands_for(character: char, side: &str, latin: char) -> String {
    let script = match character {
        '\u{370}'..='\u{3ff}' => "Greek",
        _ => "Cyrillic",
    };
    format!(
        "{} ({script}) on the {side} looks like {latin}",
        number(character)
    )
}

fn number(character: char) -> String {
    format!("U+{:04X}", u32::from(character))
}

/// The Latin letter that a letter of another script looks like.
fn like(character: char) -> Option<char> {
    ALIKE.iter().find_map(|(foreign, latin)| {
        let at = foreign.chars().position(|it| it == character)?;
        latin.chars().nth(at)
    })
}

/// Says whether a character shows nothing by itself: the door drops it where it stands alone.
fn is_invisible(character: char) -> bool {
    let is_selector = matches!(character, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}');
    let is_mark = unicode_normalization::char::is_combining_mark(character);
    !character.is_ascii()
        && (is_selector || !is_mark)
        && !character.is_whitespace()
        && text::clean(character.encode_utf8(&mut [0; 4])).is_empty()
}

fn name(character: char) -> &'static str {
    match character {
        '\u{ad}' => "soft hyphen",
        '\u{200b}' => "zero width space",
        '\u{200c}' => "zero width non-joiner",
        '\u{200d}' => "zero width joiner",
        '\u{2060}' => "word joiner",
        '\u{feff}' => "zero width no-break space",
        '\u{61c}' | '\u{200e}' | '\u{200f}' => "direction mark",
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => "direction control",
        '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => "variation selector",
        '\u{e0000}'..='\u{e007f}' => "tag character",
        _ => "invisible character",
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Options, Side, compare, paragraphs};
    use super::*;

    fn told(left: &str, right: &str) -> String {
        let (l, r) = (paragraphs(left), paragraphs(right));
        let sides = [(left, &l), (right, &r)].map(|(text, paragraphs)| Side { text, paragraphs });
        let comparison = compare(sides[0], sides[1], &Options::default());
        unseen(&comparison, left, right).join(" · ")
    }

    #[test]
    fn what_nobody_sees_is_told_in_words() {
        #[rustfmt::skip] // A table to read: two texts, what is told.
        let table = [
            ("The password is 1.", "The pass\u{200b}word is 1.", "U+200B zero width space, only on the right"),
            ("Pay to paypal now.", "Pay to p\u{430}yp\u{430}l now.", "U+0430 (Cyrillic) on the right looks like a"),
            ("\u{39f}pen the door.", "Open the door.", "U+039F (Greek) on the left looks like O"),
            ("A soft\u{ad}ly said word.", "A softly said word.", "U+00AD soft hyphen, only on the left"),
            ("In the caf\u{e9} today.", "In the cafe\u{301} today.", "café is spelled with other code points on each side"),
            ("evil\u{202e}txt here", "eviltxt here", "U+202E direction control, only on the left"),
            ("He said it's so.", "He said it’s so.", ""),
            ("He counted 12 boats.", "He counted 13 boats.", ""),
            ("An old word here.", "A new word here.", ""),
            ("Москва today", "Москва today", ""),
        ];
        for (left, right, expected) in table {
            assert_eq!(told(left, right), expected, "{left:?} and {right:?}");
        }
    }
}
