//! Rows to lines: broken to the width of a column, folded where there is nothing to see.

use std::ops::Range;

use crate::diff::Op;
use crate::text::wrap;

use super::{CellText, Compare};

/// Rows of the same text shown before and behind a difference.
const CONTEXT: usize = 1;
/// Fewer rows than this are not worth folding.
const FOLD_FROM: usize = 2;

/// One line of the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// A line of a row; one range a side that has text left on this line.
    Text {
        /// Index among the shown rows.
        row: usize,
        /// Bytes of the left cell's text.
        left: Option<Range<usize>>,
        /// Bytes of the right cell's text.
        right: Option<Range<usize>>,
    },
    /// Rows that are folded away: the same, or different only in what is hidden.
    Folded {
        /// Indices among the shown rows.
        rows: Range<usize>,
        /// How many of them differ in what is hidden.
        hidden: usize,
    },
    /// The blank between rows.
    Blank {
        /// The row above it.
        row: usize,
    },
}

impl Line {
    /// The shown row that the line belongs to.
    pub fn row(&self) -> usize {
        match self {
            Self::Text { row, .. } | Self::Blank { row } => *row,
            Self::Folded { rows, .. } => rows.start,
        }
    }
}

impl Compare {
    /// Breaks all lines anew.
    pub(super) fn break_lines(&mut self) {
        let folds = self.folds();
        let mut lines = Vec::new();
        let mut row = 0;
        while row < self.rows.len() {
            let folded = folds[row..].iter().take_while(|folds| **folds).count();
            let rows = row..row + folded;
            let hidden = rows.clone().filter(|row| self.is_hidden(*row)).count();
            if folded >= FOLD_FROM || hidden > 0 {
                row = rows.end;
                lines.push(Line::Folded { rows, hidden });
                lines.push(Line::Blank { row: row - 1 });
                continue;
            }
            self.break_row(row, &mut lines);
            lines.push(Line::Blank { row });
            row += 1;
        }
        lines.pop();
        self.lines = lines;
    }

    /// Says of every row whether it may be folded away. What differs only in what is hidden is never shown: without its
    /// marks it would look the same.
    fn folds(&self) -> Vec<bool> {
        let mut folds = vec![!self.unfolded; self.rows.len()];
        for hunk in &self.hunks {
            let near = hunk.start.saturating_sub(CONTEXT)..self.rows.len().min(hunk.end + CONTEXT);
            folds[near].fill(false);
        }
        for (row, folds) in folds.iter_mut().enumerate() {
            *folds |= self.is_hidden(row);
        }
        folds
    }

    fn break_row(&self, row: usize, lines: &mut Vec<Line>) {
        let shown = &self.rows[row];
        let wrapped = |cell: &Option<CellText>| {
            cell.as_ref()
                .map_or_else(Vec::new, |cell| wrap::wrap(&cell.text, self.column.max(1)))
        };
        let (left, right) = (wrapped(&shown.left), wrapped(&shown.right));
        if !self.unified {
            let (mut left, mut right) = (left.into_iter(), right.into_iter());
            loop {
                let (left, right) = (left.next(), right.next());
                if left.is_none() && right.is_none() {
                    return;
                }
                lines.push(Line::Text { row, left, right });
            }
        }
        // Where only the layout differs the words need not stand there twice.
        let same = shown.op == Op::Reflow || !self.is_difference(row);
        lines.extend(left.iter().map(|range| Line::Text {
            row,
            left: Some(range.clone()),
            right: None,
        }));
        if !same || shown.left.is_none() {
            lines.extend(right.into_iter().map(|range| Line::Text {
                row,
                left: None,
                right: Some(range),
            }));
        }
    }
}
