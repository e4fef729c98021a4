//! The comparison screen: rows of two versions as lines, side by side or one under the other, and the way from
//! difference to difference.

mod act;
mod cell;
mod describe;
mod lines;

use std::ops::Range;
use std::sync::Arc;

use crate::diff::{self, Classes, Op, Row, Summary};
use crate::text::find::{self, Needle};

use super::event::Compared;
use super::reader::Found;

pub use self::act::{
    act, ask_for_comparison, choose, compare_with, neighbour, show_choices, start_compare,
};
pub use self::cell::{CellText, Mark};
use self::lines::{At, Part};

pub use self::lines::Line;

/// A row that has something to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The row of the comparison.
    pub row: usize,
    /// How the sides relate.
    pub op: Op,
    /// The left side.
    pub left: Option<CellText>,
    /// The right side.
    pub right: Option<CellText>,
}

/// The state of the comparison screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Compare {
    /// Both sides and how they differ.
    pub pair: Arc<Compared>,
    /// The rows that have something to show.
    pub rows: Vec<Shown>,
    /// The differences, as runs of shown rows.
    pub hunks: Vec<Range<usize>>,
    /// What the header says.
    pub summary: Summary,
    /// Words on the left and on the right.
    pub words: [usize; 2],
    /// The lines on the screen.
    pub lines: Vec<Line>,
    /// The first of them is the first of its part, not one that stands further down in it.
    pub begins: bool,
    /// The difference that the screen stands on.
    pub current: Option<usize>,
    /// One side under the other, as a person wishes it; a narrow screen has no choice.
    pub wants_unified: bool,
    /// Shows the text as it was read.
    pub raw: bool,
    /// Shows every paragraph that is the same.
    pub unfolded: bool,
    /// The kinds of difference that are passed over.
    pub hidden: Classes,
    /// What was looked for; a paragraph is `2 * row` on the left and `2 * row + 1` on the right.
    pub found: Option<Found>,
    /// What all lines are made of.
    parts: Vec<Part>,
    /// The first line on the screen.
    top: At,
    /// Cells of a column; none before the first line is broken.
    column: usize,
    /// The lines stand one side under the other.
    unified: bool,
    /// Lines that the screen shows at a time.
    height: usize,
}

impl Compare {
    /// Shows a comparison from its beginning, without what is hidden; [`reflow`](Self::reflow) fits it to the screen.
    pub fn new(pair: Arc<Compared>, hidden: Classes) -> Self {
        let summary = diff::summary(&pair.comparison, hidden);
        let mut compare = Self {
            words: [&pair.left, &pair.right].map(|side| side.article.words()),
            pair,
            rows: Vec::new(),
            hunks: Vec::new(),
            summary,
            lines: Vec::new(),
            begins: true,
            current: None,
            wants_unified: false,
            raw: false,
            unfolded: false,
            hidden,
            found: None,
            parts: Vec::new(),
            top: At::default(),
            column: 0,
            unified: false,
            height: 1,
        };
        compare.rebuild();
        compare
    }

    /// Breaks the lines anew at another width or form. What stands on top stays there, unless the difference that the
    /// screen stands on would leave it.
    pub fn reflow(&mut self, column: usize, unified: bool, height: usize) {
        if (self.column, self.unified, self.height) == (column, unified, height) {
            return;
        }
        let place = self.place();
        let in_view = self.current.filter(|at| {
            let row = self.hunks[*at].start;
            self.lines.iter().any(|line| line.row() == row)
        });
        (self.column, self.unified, self.height) = (column, unified, height);
        self.cut();
        self.go_to(place);
        if let Some(hunk) = in_view {
            self.reveal(self.hunks[hunk].clone());
        }
    }

    /// Shows or folds the paragraphs that are the same.
    pub fn set_unfolded(&mut self, unfolded: bool) {
        if self.unfolded != unfolded {
            let place = self.place();
            self.unfolded = unfolded;
            self.cut();
            self.go_to(place);
        }
    }

    /// Switches between the text as read and as cleaned.
    pub fn toggle_raw(&mut self) {
        self.raw = !self.raw;
        self.rebuild_here();
    }

    /// Passes over these kinds of difference and no others.
    pub fn hide(&mut self, hidden: Classes) {
        self.hidden = hidden;
        self.summary = diff::summary(&self.pair.comparison, hidden);
        let row = self.current.and_then(|hunk| self.hunks.get(hunk));
        let row = row.map(|hunk| self.rows[hunk.start].row);
        self.rebuild_here();
        let holds =
            |hunk: &Range<usize>, row| self.rows[hunk.clone()].iter().any(|it| it.row == row);
        self.current = row.and_then(|row| self.hunks.iter().position(|hunk| holds(hunk, row)));
    }

    /// Says whether words differ in a shown row, and only in what is hidden.
    pub fn is_hidden(&self, row: usize) -> bool {
        let row = self.compared(row);
        row.differs() && !row.differs_despite(self.hidden)
    }

    /// Says whether a shown row differs in what is not hidden.
    pub fn is_difference(&self, row: usize) -> bool {
        self.compared(row).differs_despite(self.hidden)
    }

    /// The row of the comparison behind a shown row.
    fn compared(&self, row: usize) -> &Row {
        &self.pair.comparison.rows[self.rows[row].row]
    }

    /// Goes to the next or previous difference; says whether there is one.
    pub fn step(&mut self, forward: bool) -> bool {
        let next = match (self.current, forward) {
            (None, true) => Some(0),
            (None, false) => None,
            (Some(at), true) => Some(at + 1),
            (Some(at), false) => at.checked_sub(1),
        };
        let Some(hunk) = next.filter(|at| *at < self.hunks.len()) else {
            return false;
        };
        self.current = Some(hunk);
        self.reveal(self.hunks[hunk].clone());
        true
    }

    /// Goes to the other end of the move on, or first below, the top line; says whether there is one.
    pub fn other_end(&mut self) -> bool {
        let from = self
            .current
            .map_or_else(|| self.top_row(), |hunk| self.hunks[hunk].start);
        let number = |row: usize| {
            let compared = self.compared(row);
            let cells = compared.left.iter().chain(&compared.right);
            let mut spans = cells.flat_map(|cell| &cell.spans);
            spans.find_map(|span| span.moved.filter(|_| self.is_difference(row)))
        };
        let Some((here, wanted)) =
            (from..self.rows.len()).find_map(|row| Some((row, number(row)?)))
        else {
            return false;
        };
        let Some(there) =
            (0..self.rows.len()).find(|row| *row != here && number(*row) == Some(wanted))
        else {
            return false;
        };
        self.current = self
            .hunks
            .iter()
            .position(|hunk| hunk.contains(&there))
            .or(self.current);
        self.reveal(there..there + 1);
        true
    }

    /// Scrolls by lines, down for positive numbers.
    pub fn scroll(&mut self, lines: isize) {
        let to = match lines {
            0.. => self.below(self.top, lines.unsigned_abs()),
            _ => self.above(self.top, lines.unsigned_abs()),
        };
        self.put_on_top(to);
    }

    /// Goes to the beginning.
    pub fn go_to_start(&mut self) {
        self.put_on_top(At::default());
    }

    /// Goes to the end: its last lines are on the screen.
    pub fn go_to_end(&mut self) {
        let end = self.last_top();
        self.put_on_top(end);
    }

    /// Looks for words on both sides and goes to the first place at or below the top line.
    pub fn find(&mut self, text: &str) {
        if text.is_empty() {
            self.found = None;
            return;
        }
        let needle = Needle::new(text);
        let top = self.top_row();
        let mut hits = Vec::new();
        for (row, shown) in self.rows.iter().enumerate() {
            if self.is_hidden(row) {
                continue;
            }
            for (side, cell) in [&shown.left, &shown.right].into_iter().enumerate() {
                let ranges = cell.iter().flat_map(|cell| find::find(&cell.text, &needle));
                hits.extend(ranges.map(|range| (2 * row + side, range)));
            }
        }
        let current = hits.iter().position(|(at, _)| at / 2 >= top).unwrap_or(0);
        self.found = Some(Found {
            needle: text.to_owned(),
            hits,
            current,
        });
        self.show_found();
    }

    /// Goes to the next or previous place that was found, round the end.
    pub fn find_step(&mut self, forward: bool) {
        if let Some(found) = self.found.as_mut().filter(|found| !found.hits.is_empty()) {
            let len = found.hits.len();
            found.current = (found.current + if forward { 1 } else { len - 1 }) % len;
            self.show_found();
        }
    }

    /// The difference that the screen stands on as text to copy: `-` and `+` before the paragraphs.
    pub fn hunk_text(&self) -> Option<String> {
        let hunk = self.hunks.get(self.current?)?;
        let rows = &self.rows[hunk.clone()];
        let side = |sign: &str, cell: &Option<CellText>| {
            cell.as_ref().map(|cell| format!("{sign} {}\n", cell.text))
        };
        let left = rows.iter().filter_map(|row| side("-", &row.left));
        Some(
            left.chain(rows.iter().filter_map(|row| side("+", &row.right)))
                .collect(),
        )
    }

    /// What kinds of difference the one that the screen stands on holds, without what is hidden.
    pub fn classes(&self) -> Classes {
        let hunk = self.current.and_then(|at| self.hunks.get(at)).cloned();
        let rows = hunk
            .unwrap_or_default()
            .map(|row| self.compared(row).classes);
        let shown = rows
            .flat_map(Classes::iter)
            .filter(|class| !self.hidden.contains(*class));
        shown.collect()
    }

    /// What each difference is, in a few words: `+ title, byline, date`.
    pub fn described(&self) -> impl Iterator<Item = String> + '_ {
        let hunks = self.hunks.iter();
        hunks.map(|hunk| describe::describe(&self.rows[hunk.clone()]))
    }

    fn show_found(&mut self) {
        let row = self
            .found
            .as_ref()
            .and_then(|found| found.hits.get(found.current))
            .map(|(at, _)| at / 2);
        if let Some(row) = row {
            self.reveal(row..row + 1);
        }
    }

    /// Scrolls until rows are on the screen, as little as it takes; unfolds them when they are folded away.
    fn reveal(&mut self, rows: Range<usize>) {
        if self.is_folded(rows.start) {
            let place = self.place();
            self.unfolded = true;
            self.cut();
            self.go_to(place);
        }
        let first = self.first_line(rows.start);
        let last = self.last_line(rows.end.saturating_sub(1));
        let bottom = self.below(self.top, self.height.saturating_sub(1));
        let to = match first < self.top || last > bottom {
            // Some lines of what stands before it stay in sight.
            true => self.above(first, self.height / 4),
            false => self.top,
        };
        self.put_on_top(to);
    }

    /// Builds everything anew and stays at the same row.
    fn rebuild_here(&mut self) {
        let row = self.rows.get(self.top_row()).map(|shown| shown.row);
        self.rebuild();
        let at = self.rows.partition_point(|shown| Some(shown.row) < row);
        self.go_to((at, None));
    }

    fn rebuild(&mut self) {
        let (left, right) = (&self.pair.left.article, &self.pair.right.article);
        let rows = &self.pair.comparison.rows;
        self.rows = rows
            .iter()
            .enumerate()
            .filter_map(|(index, row)| {
                let cell = |article, cell: &Option<diff::Cell>| {
                    let cell = cell.as_ref()?;
                    let shown = CellText::of(article, cell, self.raw, self.hidden);
                    Some(shown).filter(|shown| !shown.text.is_empty())
                };
                let shown = Shown {
                    row: index,
                    op: row.op,
                    left: cell(left, &row.left),
                    right: cell(right, &row.right),
                };
                (shown.left.is_some() || shown.right.is_some()).then_some(shown)
            })
            .collect();
        let at = |row: usize| self.rows.partition_point(|shown| shown.row < row);
        self.hunks = diff::hunks(&self.pair.comparison, self.hidden)
            .into_iter()
            .map(|hunk| at(hunk.start)..at(hunk.end))
            .filter(|hunk| !hunk.is_empty())
            .collect();
        self.found = None;
        self.cut();
    }
}
