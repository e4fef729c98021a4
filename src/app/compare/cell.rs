//! What one side of a row shows: clean text with the runs that differ.

use std::ops::Range;

use crate::diff::{Cell, Classes, SpanKind};
use crate::model::{Article, BlockKind, Clean};
use crate::text::clean;

/// How a run of a cell differs from the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Only on this side.
    Changed,
    /// The same words, elsewhere.
    Moved,
    /// The same but for typography.
    Typo,
}

/// One side of a row as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CellText {
    /// What a reader sees, joined from clean text; parts of a paragraph that stands broken are joined by ` ¶ `.
    pub text: String,
    /// Runs that differ, in order.
    pub marks: Vec<(Range<usize>, Mark)>,
    /// What the first block of it is.
    pub kind: Option<BlockKind>,
}

impl CellText {
    /// What a cell shows: its blocks, or with `raw` the bytes as they were read, with the runs that differ in what is
    /// not hidden.
    pub(super) fn of(article: &Article, cell: &Cell, raw: bool, hidden: Classes) -> Self {
        let mut shown = Self::default();
        let first = article
            .blocks
            .partition_point(|block| block.range.end <= cell.range.start);
        let blocks = article.blocks[first..]
            .iter()
            .take_while(|block| block.range.start < cell.range.end);
        if raw {
            shown.kind = blocks.clone().next().map(|block| block.kind);
            let text = clean::clean_range(&article.text, cell.range.clone());
            shown.push(&text, cell, hidden);
            return shown;
        }
        for block in blocks {
            shown.kind.get_or_insert(block.kind);
            if !shown.text.is_empty() {
                shown.text.push_str(" ¶ ");
            }
            shown.push(&block.text, cell, hidden);
        }
        shown
    }

    /// Adds a piece of clean text with the marks of the cell's spans.
    fn push(&mut self, text: &Clean, cell: &Cell, hidden: Classes) {
        let base = self.text.len();
        let is_shown = |class| !hidden.contains(class);
        for span in cell
            .spans
            .iter()
            .filter(|span| span.class.is_some_and(is_shown))
        {
            let mark = match span.kind {
                SpanKind::Changed => Mark::Changed,
                SpanKind::Moved => Mark::Moved,
                SpanKind::Typo => Mark::Typo,
                SpanKind::Equal | SpanKind::Space => continue,
            };
            let range = text.map().to_clean(span.range.clone());
            if range.is_empty() {
                continue;
            }
            let range = base + range.start..base + range.end;
            match self.marks.last_mut() {
                // Blanks between changed words belong to the change.
                Some((last, same))
                    if *same == mark
                        && text[last.end.saturating_sub(base)..range.start - base]
                            .trim()
                            .is_empty() =>
                {
                    last.end = range.end;
                }
                _ => self.marks.push((range, mark)),
            }
        }
        self.text.push_str(text);
    }
}
