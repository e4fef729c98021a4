//! Paragraphs to lines of the present measure, a section at a time: only what is looked at is laid out.
//!
//! A section is a paragraph, or a piece of a very long one that begins on a line of its own. So a text of any length costs
//! what one screen of it costs; lines have no numbers, and a place in them is a section and a line in it. Laying out
//! everything once, off the loop, was rejected: another width would have to wait for it, and so would the end of the text.

use std::ops::Range;
use std::sync::Arc;

use textwrap::WordSeparator;
use unicode_segmentation::UnicodeSegmentation;

use crate::model::BlockKind;
use crate::text::{head, width, wrap};

use super::{Line, Paragraph, Role, indent};

/// What parts the cells of a row of a table, as the readers of formats write it.
pub const CELLS: &str = " | ";

/// A column of a table is at least as wide.
const COLUMN_FROM: usize = 3;

/// Longer paragraphs are cut: about a hundred lines, which are broken in half a millisecond.
const SECTION: usize = 8 * 1024;

/// A cut is looked for in so many bytes at the end of a section.
const NEAR: usize = 512;

/// A paragraph, or a piece of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Section {
    /// The paragraph.
    pub paragraph: usize,
    /// Bytes of its text.
    pub range: Range<usize>,
    /// Bytes of all sections in front of it.
    pub before: usize,
}

/// Cuts paragraphs into sections, in order.
pub(super) fn sections(paragraphs: &[Paragraph]) -> Vec<Section> {
    let mut sections = Vec::with_capacity(paragraphs.len());
    let mut before = 0;
    for (index, paragraph) in paragraphs.iter().enumerate() {
        let (text, mut start) = (&paragraph.text, 0);
        loop {
            let rest = text.get(start..).unwrap_or_default();
            let length = match paragraph.columns {
                // A row of a table is one line.
                Some(_) => rest.len(),
                None => cut(rest),
            };
            let shown = rest.get(..length).unwrap_or_default();
            let shown = shown.strip_suffix('\n').unwrap_or(shown).len();
            sections.push(Section {
                paragraph: index,
                range: start..start + shown,
                before,
            });
            start += length;
            before += length;
            if start >= text.len() {
                break;
            }
        }
    }
    sections
}

/// Where a text that is too long for a section is cut: where a line may be broken, else between two clusters.
fn cut(text: &str) -> usize {
    if text.len() <= SECTION + NEAR {
        return text.len();
    }
    let from = head(text, SECTION - NEAR).len();
    let tail = head(text.get(from..).unwrap_or_default(), NEAR);
    let mut words = WordSeparator::UnicodeBreakProperties
        .find_words(tail)
        .map(|word| word.word.len() + word.whitespace.len());
    let first = words.next().unwrap_or(0);
    // The last word may go on behind the tail.
    let all: Vec<usize> = words.collect();
    let at: usize = match all.split_last() {
        Some((_, inner)) => first + inner.iter().sum::<usize>(),
        None => tail
            .grapheme_indices(true)
            .next_back()
            .map_or(0, |(at, _)| at),
    };
    from + at.max(1)
}

/// The lines of a section, at least one, and the blank behind it.
pub(super) fn break_section(
    paragraphs: &[Paragraph],
    section: &Section,
    measure: usize,
) -> Vec<Line> {
    let Some(paragraph) = paragraphs.get(section.paragraph) else {
        return Vec::new();
    };
    let mut lines = Vec::new();
    let mut push = |range| {
        lines.push(Line {
            paragraph: section.paragraph,
            range,
        });
    };
    let text = paragraph
        .text
        .get(section.range.clone())
        .unwrap_or_default();
    if is_row(paragraph, measure) {
        push(section.range.clone());
    } else {
        let room = measure.saturating_sub(indent(paragraph)).max(1);
        let code = paragraph.role == Role::Block(BlockKind::Code);
        let mut start = section.range.start;
        for part in text.split(|c| code && c == '\n') {
            let ranges = wrap::wrap(part, room);
            if ranges.is_empty() {
                push(start..start);
            }
            for range in ranges {
                push(start + range.start..start + range.end);
            }
            start += part.len() + 1;
        }
    }
    let next = paragraphs.get(section.paragraph + 1);
    let end = paragraph.text.len();
    let blank = next.is_some_and(|next| blank_between(paragraph, next, measure));
    // Behind an empty paragraph it could not be told from its line.
    if blank && section.range.end == end && end > 0 {
        push(end..end);
    }
    lines
}

/// Finds tables: paragraphs one after the other with as many cells each. Their columns are as wide as they want to be.
pub(super) fn columns(paragraphs: &mut [Paragraph]) {
    let cells = |paragraph: &Paragraph| match paragraph.role {
        // What is as long as this is no row of a table.
        Role::Block(BlockKind::Paragraph) if paragraph.text.len() <= SECTION => {
            paragraph.text.matches(CELLS).count()
        }
        _ => 0,
    };
    let mut at = 0;
    let counts: Vec<usize> = paragraphs.iter().map(cells).collect();
    for run in counts.chunk_by(|a, b| a == b) {
        let (count, rows) = (run[0], run.len());
        let from = at;
        at += rows;
        if count == 0 || rows == 1 {
            continue;
        }
        let rows = &mut paragraphs[from..at];
        let mut widths = vec![COLUMN_FROM; count + 1];
        for paragraph in rows.iter() {
            for (cell, wide) in paragraph.text.split(CELLS).zip(&mut widths) {
                *wide = (*wide).max(width::width(cell.trim()));
            }
        }
        let columns: Arc<[usize]> = widths.into();
        for paragraph in rows {
            paragraph.columns = Some(Arc::clone(&columns));
        }
    }
}

/// Says whether a paragraph is shown as a row of a table: where all of its columns fit.
pub(super) fn is_row(paragraph: &Paragraph, measure: usize) -> bool {
    let fits = |columns: &[usize]| {
        let signs = columns.len().saturating_sub(1) * CELLS.len();
        columns.iter().sum::<usize>() + signs <= measure
    };
    paragraph.columns.as_deref().is_some_and(fits)
}

fn blank_between(this: &Paragraph, next: &Paragraph, measure: usize) -> bool {
    // A note stands on what it is about, unless that is folded.
    let is_its_note = this.role == Role::Note && next.dimmed;
    let is_row = this.columns == next.columns && is_row(this, measure);
    !is_its_note
        && !is_row
        && !matches!(
            (this.role, next.role),
            (Role::Raw, _)
                | (Role::Title | Role::Byline, Role::Byline | Role::Source)
                | (Role::Block(BlockKind::Item), Role::Block(BlockKind::Item))
        )
}
