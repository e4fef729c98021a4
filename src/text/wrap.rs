//! Paragraphs broken into lines: optimal fit, so that lines end as evenly as the words allow.
//!
//! `textwrap` finds where a line may break and which breaks are best; the widths are ours (see
//! `text::width`), because `textwrap` adds up characters where the screen paints clusters. Its optimal fit
//! weighs an overflow against a gap and may prefer the overflow, so the result is checked and first fit takes over.

use std::ops::Range;

use textwrap::core::{Fragment, Word};
use textwrap::wrap_algorithms::{Penalties, wrap_first_fit, wrap_optimal_fit};
use textwrap::{WordSeparator, WordSplitter};
use unicode_segmentation::UnicodeSegmentation;

use super::reveal::BLANK;
use super::width::{cluster, width};

/// Longer paragraphs are broken first fit: optimal fit over megabytes is felt, and no eye compares the line ends.
const OPTIMAL_UP_TO: usize = 64 * 1024;

/// Paragraphs are searched for break opportunities in parts of about this many bytes.
const PART: usize = 16 * 1024;

/// A word, or a part of one that is wider than a line.
#[derive(Debug)]
struct Fitting {
    range: Range<usize>,
    width: f64,
    blanks: f64,
}

impl Fragment for Fitting {
    fn width(&self) -> f64 {
        self.width
    }

    fn whitespace_width(&self) -> f64 {
        self.blanks
    }

    fn penalty_width(&self) -> f64 {
        0.0
    }
}

/// Breaks a text into lines of at most `measure` cells and gives their byte ranges, without blanks at the ends.
///
/// Line breaks in the text are kept, and lines of a text that has some are broken first fit: it is preformatted.
/// An empty text is one empty line. A measure below 2 counts as 2, the width of the widest character.
pub fn wrap(text: &str, measure: usize) -> Vec<Range<usize>> {
    let measure = measure.max(2);
    let optimal = text.len() <= OPTIMAL_UP_TO && !text.contains('\n');
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split('\n') {
        wrap_line(line, start, measure, optimal, &mut lines);
        start += line.len() + 1;
    }
    lines
}

fn wrap_line(
    line: &str,
    start: usize,
    measure: usize,
    optimal: bool,
    lines: &mut Vec<Range<usize>>,
) {
    if line.len() <= measure && width(line) <= measure {
        lines.push(start..start + line.trim_end_matches(' ').len());
        return;
    }
    let fragments = fragments(line, start, measure, optimal);
    let widths = [measure as f64];
    let fits = |line: &[Fitting]| line_width(line) <= measure as f64;
    let best = optimal
        .then(|| wrap_optimal_fit(&fragments, &widths, &Penalties::new()).ok())
        .flatten()
        .filter(|lines| lines.iter().all(|line| fits(line)))
        .unwrap_or_else(|| wrap_first_fit(&fragments, &widths));
    let before = lines.len();
    lines.extend(best.iter().filter_map(|fragments| {
        let range = fragments.first()?.range.start..fragments.last()?.range.end;
        // A word may hold a blank ("word )") and may have been cut behind it.
        let shown = line[range.start - start..range.end - start].trim_end_matches(' ');
        Some(range.start..range.start + shown.len())
    }));
    if lines.len() == before {
        lines.push(start..start);
    }
}

/// Width of a line without the blanks at its end.
fn line_width(line: &[Fitting]) -> f64 {
    let all: f64 = line.iter().map(|f| f.width + f.blanks).sum();
    all - line.last().map_or(0.0, |last| last.blanks)
}

/// The words of a line, none wider than the measure. Where nothing is optimal, ASCII breaks at blanks only: that is three
/// times as fast, and megabytes want to be.
fn fragments(line: &str, start: usize, measure: usize, optimal: bool) -> Vec<Fitting> {
    let mut fragments = Vec::new();
    let mut at = start;
    for part in parts(line) {
        let separator = if !optimal && part.is_ascii() {
            WordSeparator::AsciiSpace
        } else {
            WordSeparator::UnicodeBreakProperties
        };
        let words = separator.find_words(part);
        for word in textwrap::word_splitters::split_words(words, &WordSplitter::HyphenSplitter) {
            push_word(&word, at, measure, &mut fragments);
            at += word.word.len() + word.whitespace.len();
        }
    }
    fragments
}

/// Cuts a long line behind blanks, so that the search for break opportunities stays in the cache.
fn parts(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = line;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let cut = rest.as_bytes().get(PART..).and_then(|tail| {
            let blank = tail.iter().position(|&byte| byte == b' ')?;
            let word = tail[blank..].iter().position(|&byte| byte != b' ')?;
            Some(PART + blank + word)
        });
        let (part, tail) = rest.split_at(cut.unwrap_or(rest.len()));
        rest = tail;
        Some(part)
    })
}

fn push_word(word: &Word<'_>, mut at: usize, measure: usize, fragments: &mut Vec<Fitting>) {
    let blanks = word.whitespace.len() as f64;
    if width(word.word) <= measure {
        return push_piece(word.word, blanks, at, measure, fragments);
    }
    // What is wider than a line is mostly text whose blanks are shown by signs.
    let mut pieces = word.word.split_inclusive(BLANK).peekable();
    while let Some(piece) = pieces.next() {
        let blanks = if pieces.peek().is_none() { blanks } else { 0.0 };
        push_piece(piece, blanks, at, measure, fragments);
        at += piece.len();
    }
}

fn push_piece(piece: &str, blanks: f64, at: usize, measure: usize, fragments: &mut Vec<Fitting>) {
    let end = at + piece.len();
    let whole = width(piece);
    if whole <= measure {
        fragments.push(Fitting {
            range: at..end,
            width: whole as f64,
            blanks,
        });
        return;
    }
    let mut start = at;
    let mut used = 0;
    let mut push = |range: Range<usize>, used: usize, blanks: f64| {
        fragments.push(Fitting {
            range,
            width: used as f64,
            blanks,
        });
    };
    for (offset, symbol) in pieces(piece, measure) {
        let cells = cluster(symbol);
        if used + cells > measure {
            push(start..at + offset, used, 0.0);
            start = at + offset;
            used = 0;
        }
        used += cells;
    }
    push(start..end, used, blanks);
}

/// The clusters of a word; a cluster that is itself wider than the measure (a chain of Hangul jamo) in characters.
fn pieces(word: &str, measure: usize) -> impl Iterator<Item = (usize, &str)> {
    word.grapheme_indices(true).flat_map(move |(at, symbol)| {
        let step = if cluster(symbol) > measure {
            1
        } else {
            usize::MAX
        };
        let mut rest = symbol;
        std::iter::from_fn(move || {
            let length = rest.chars().take(step).map(char::len_utf8).sum();
            let (head, tail) = rest.split_at(length);
            let offset = at + symbol.len() - rest.len();
            rest = tail;
            (!head.is_empty()).then_some((offset, head))
        })
    })
}
