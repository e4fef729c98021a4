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

/// The words of an article, block by block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Text {
    /// All words, in order.
    pub words: Vec<Word>,
    /// Where each block ends in `words`; blocks without words are left out.
    pub ends: Vec<usize>,
}

impl Text {
    /// Collects the words of the blocks. Metadata in front of the text is left out, unless there is nothing else.
    pub fn new(blocks: &[&str]) -> Self {
        let text = Self::collect(body(blocks));
        if text.words.is_empty() {
            Self::collect(blocks)
        } else {
            text
        }
    }

    fn collect(blocks: &[&str]) -> Self {
        let mut text = Self::default();
        let mut folded = String::new();
        for block in blocks {
            for part in prose(without_marker(block)) {
                let words = part.unicode_words();
                text.words
                    .extend(words.filter_map(|raw| word(raw, &mut folded)));
            }
            if text.ends.last().copied().unwrap_or(0) < text.words.len() {
                text.ends.push(text.words.len());
            }
        }
        text
    }

    /// The ranges of the blocks in `words`.
    pub fn blocks(&self) -> impl Iterator<Item = std::ops::Range<usize>> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| start..*end)
    }
}

/// The block without the number of a list item in front: one extractor prints it and another does not.
fn without_marker(block: &str) -> &str {
    let block = block.trim_start();
    let rest = block.trim_start_matches(|c: char| c.is_ascii_digit());
    let item = rest
        .strip_prefix(['.', ')'])
        .filter(|item| item.starts_with(char::is_whitespace));
    match item {
        Some(item) if (1..=3).contains(&(block.len() - rest.len())) => item,
        _ => block,
    }
}

/// The blocks behind front matter: lines between two fences `---` or `+++` at the very beginning.
fn body<'a, 'b>(blocks: &'b [&'a str]) -> &'b [&'a str] {
    const LINES: usize = 64;
    let fence = blocks.first().copied().unwrap_or_default();
    if !matches!(fence, "---" | "+++") {
        return blocks;
    }
    let close = blocks
        .iter()
        .skip(1)
        .take(LINES)
        .position(|block| *block == fence);
    close.map_or(blocks, |at| &blocks[at + 2..])
}

/// Folds one word; nothing is left of a run of underscores or invisible characters.
fn word(raw: &str, folded: &mut String) -> Option<Word> {
    folded.clear();
    let mut digit = false;
    let mut first = None;
    let mut fold = |character: char| {
        let is_digit = character.is_numeric();
        if character.is_alphanumeric() || is_combining_mark(character) {
            first = first.or(Some(character));
            digit |= is_digit;
            if character.is_ascii() {
                folded.push(character.to_ascii_lowercase());
            } else {
                folded.extend(character.to_lowercase());
            }
        } else if digit && matches!(character, '.' | ',') {
            folded.push(character);
        }
    };
    if raw.is_ascii() {
        raw.chars().for_each(&mut fold);
    } else {
        raw.nfkc().for_each(&mut fold);
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
        Text::new(&[text])
            .words
            .iter()
            .map(|word| word.hash)
            .collect()
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
            ("12. Item", "item"),
            ("version 1.12.0", "version 1.12"),
        ] {
            assert_eq!(hashes(left), hashes(right), "{left:?} {right:?}");
        }
        for (left, right) in [("1.20.0", "12.00"), ("10²", "10"), ("résumé", "resume")] {
            assert_ne!(hashes(left), hashes(right), "{left:?} {right:?}");
        }
    }

    #[test]
    fn shapes_are_told_apart() {
        let shapes: Vec<Shape> = Text::new(&["In 1,000.5 cases 東京 wins"])
            .words
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
