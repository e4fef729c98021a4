//! Rows to lines: broken to the width of a column, folded where there is nothing to see.
//!
//! A part is a row, or a run of rows that is folded away. Only parts near the screen are broken into lines, and once at a
//! width: lines have no numbers of their own, and two articles of any length are unfolded as fast as short ones.

use std::ops::Range;
use std::sync::Arc;

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

/// What lines are made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// Indices among the shown rows: one, or those that are folded away.
    rows: Range<usize>,
    /// They are folded away, and so many of them differ in what is hidden.
    folded: Option<usize>,
    /// Its lines at the present width and the blank behind them, once they are needed.
    lines: Option<Arc<[Line]>>,
}

/// A line: its part, and its number in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct At {
    part: usize,
    line: usize,
}

/// A place that stays what it is when lines are broken anew: a row and, inside of it, a byte of the left (`true`) or right
/// side.
pub(super) type Place = (usize, Option<(bool, usize)>);

impl Compare {
    /// Cuts the rows into parts anew and forgets all lines.
    pub(super) fn cut(&mut self) {
        let folds = self.folds();
        let mut parts = Vec::new();
        let mut row = 0;
        while row < self.rows.len() {
            let folded = folds[row..].iter().take_while(|folds| **folds).count();
            let rows = row..row + folded;
            let hidden = rows.clone().filter(|row| self.is_hidden(*row)).count();
            let is_folded = folded >= FOLD_FROM || hidden > 0;
            let rows = if is_folded { rows } else { row..row + 1 };
            row = rows.end;
            parts.push(Part {
                rows,
                folded: is_folded.then_some(hidden),
                lines: None,
            });
        }
        self.parts = parts;
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

    /// The lines of a part, at least one, and the blank behind it, unless it is the last.
    fn lines_of(&mut self, part: usize) -> Arc<[Line]> {
        let Some(Part {
            rows,
            folded,
            lines,
        }) = self.parts.get(part)
        else {
            return Arc::default();
        };
        if let Some(lines) = lines {
            return Arc::clone(lines);
        }
        let mut lines = Vec::new();
        match *folded {
            Some(hidden) => lines.push(Line::Folded {
                rows: rows.clone(),
                hidden,
            }),
            None => self.break_row(rows.start, &mut lines),
        }
        if part + 1 < self.parts.len() {
            lines.push(Line::Blank { row: rows.end - 1 });
        }
        let lines: Arc<[Line]> = lines.into();
        self.parts[part].lines = Some(Arc::clone(&lines));
        lines
    }

    fn break_row(&self, row: usize, lines: &mut Vec<Line>) {
        let shown = &self.rows[row];
        let wrapped = |cell: &Option<CellText>| {
            cell.as_ref()
                .map_or_else(Vec::new, |cell| wrap::wrap(&cell.text, self.column.max(1)))
        };
        // Where only the layout differs the words need not stand there twice.
        let same = shown.op == Op::Reflow || !self.is_difference(row);
        let left = wrapped(&shown.left).into_iter();
        if self.unified && same && shown.left.is_some() {
            return lines.extend(left.map(|left| Line::Text {
                row,
                left: Some(left),
                right: None,
            }));
        }
        let (mut left, mut right) = (left, wrapped(&shown.right).into_iter());
        if self.unified {
            lines.extend(left.by_ref().map(|left| Line::Text {
                row,
                left: Some(left),
                right: None,
            }));
        }
        loop {
            let (left, right) = (left.next(), right.next());
            if left.is_none() && right.is_none() {
                return;
            }
            lines.push(Line::Text { row, left, right });
        }
    }

    /// The part that a row is in.
    fn part_of(&self, row: usize) -> usize {
        let after = self.parts.partition_point(|part| part.rows.start <= row);
        after.saturating_sub(1)
    }

    /// Says whether a row is folded away.
    pub(super) fn is_folded(&self, row: usize) -> bool {
        let part = self.parts.get(self.part_of(row));
        part.is_some_and(|part| part.folded.is_some())
    }

    /// The row that the top line belongs to.
    pub(super) fn top_row(&self) -> usize {
        let part = self.parts.get(self.top.part);
        part.map_or(0, |part| part.rows.start)
    }

    /// The first line of a row.
    pub(super) fn first_line(&self, row: usize) -> At {
        At {
            part: self.part_of(row),
            line: 0,
        }
    }

    /// The last line of a row, or the blank behind it.
    pub(super) fn last_line(&mut self, row: usize) -> At {
        let part = self.part_of(row);
        let line = self.lines_of(part).len().saturating_sub(1);
        At { part, line }
    }

    /// The line so many lines further down, or the last one.
    pub(super) fn below(&mut self, from: At, lines: usize) -> At {
        let (mut at, mut left) = (from, lines);
        loop {
            let last = self.lines_of(at.part).len().saturating_sub(1);
            if at.line + left <= last {
                at.line += left;
                return at;
            }
            if at.part + 1 >= self.parts.len() {
                at.line = last;
                return at;
            }
            left -= last - at.line + 1;
            at = At {
                part: at.part + 1,
                line: 0,
            };
        }
    }

    /// The line so many lines further up, or the first one.
    pub(super) fn above(&mut self, from: At, lines: usize) -> At {
        let (mut at, mut left) = (from, lines);
        while left > at.line {
            if at.part == 0 {
                return At::default();
            }
            left -= at.line + 1;
            at.part -= 1;
            at.line = self.lines_of(at.part).len().saturating_sub(1);
        }
        at.line -= left;
        at
    }

    /// The top line that shows the end.
    pub(super) fn last_top(&mut self) -> At {
        let part = self.parts.len().saturating_sub(1);
        let line = self.lines_of(part).len().saturating_sub(1);
        self.above(At { part, line }, self.height.saturating_sub(1))
    }

    /// Puts a line on top, or the last one that leaves no room behind the end.
    pub(super) fn put_on_top(&mut self, at: At) {
        self.top = at.min(self.last_top());
        let At {
            mut part,
            line: mut skipped,
        } = self.top;
        self.begins = skipped == 0;
        self.lines.clear();
        while self.lines.len() < self.height && part < self.parts.len() {
            let lines = self.lines_of(part);
            let room = self.height - self.lines.len();
            self.lines
                .extend(lines.iter().skip(skipped).take(room).cloned());
            (part, skipped) = (part + 1, 0);
        }
    }

    /// The place of the top line.
    pub(super) fn place(&mut self) -> Place {
        let lines = self.lines_of(self.top.part);
        let Some(line) = lines.get(self.top.line) else {
            return (0, None);
        };
        let byte = match line {
            Line::Text {
                left: Some(left), ..
            } => Some((true, left.start)),
            Line::Text {
                right: Some(right), ..
            } => Some((false, right.start)),
            _ => None,
        };
        (line.row(), byte)
    }

    /// Puts the line on top that holds a place.
    pub(super) fn go_to(&mut self, (row, byte): Place) {
        let holds = |line: &Line| match (line, byte) {
            (
                Line::Text {
                    left: Some(left), ..
                },
                Some((true, byte)),
            ) => left.end > byte || left.is_empty(),
            (
                Line::Text {
                    right: Some(right), ..
                },
                Some((false, byte)),
            ) => right.end > byte || right.is_empty(),
            _ => byte.is_none(),
        };
        let part = self.part_of(row);
        let line = self.lines_of(part).iter().position(holds).unwrap_or(0);
        self.put_on_top(At { part, line });
    }
}
