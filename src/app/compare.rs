//! The comparison screen: rows of two versions as lines, side by side or one under the other, and the way from
//! difference to difference.

use std::ops::Range;
use std::sync::Arc;

use crate::diff::{self, Cell, Op, SpanKind, Summary};
use crate::model::{Article, BlockKind};
use crate::text::clean;
use crate::text::find::{self, Needle};
use crate::text::wrap;

use super::event::Compared;
use super::reader::Found;

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
    /// Rows that are the same and folded away.
    Same {
        /// Indices among the shown rows.
        rows: Range<usize>,
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
            Self::Same { rows } => rows.start,
        }
    }
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
    /// The lines at the present width.
    pub lines: Vec<Line>,
    /// The first line on the screen.
    pub top: usize,
    /// The difference that the screen stands on.
    pub current: Option<usize>,
    /// One side under the other, as a person wishes it; a narrow screen has no choice.
    pub wants_unified: bool,
    /// Shows the text as it was read.
    pub raw: bool,
    /// Shows every paragraph that is the same.
    pub unfolded: bool,
    /// What was looked for; a paragraph is `2 * row` on the left and `2 * row + 1` on the right.
    pub found: Option<Found>,
    /// Cells of a column.
    column: usize,
    /// The lines stand one side under the other.
    unified: bool,
    /// Lines that the screen shows at a time.
    height: usize,
}

/// Rows of the same text shown before and behind a difference.
const CONTEXT: usize = 1;
/// Fewer rows than this are not worth folding.
const FOLD_FROM: usize = 2;

impl Compare {
    /// Shows a comparison from its beginning; [`reflow`](Self::reflow) fits it to the screen.
    pub fn new(pair: Arc<Compared>) -> Self {
        let summary = diff::summary(&pair.comparison);
        let mut compare = Self {
            pair,
            rows: Vec::new(),
            hunks: Vec::new(),
            summary,
            lines: Vec::new(),
            top: 0,
            current: None,
            wants_unified: false,
            raw: false,
            unfolded: false,
            found: None,
            column: 1,
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
            let line = self.lines.iter().position(|line| line.row() == row);
            line.is_some_and(|line| (self.top..self.top + self.height).contains(&line))
        });
        (self.column, self.unified, self.height) = (column, unified, height);
        self.break_lines();
        self.go_to(place);
        self.clamp();
        if let Some(hunk) = in_view {
            self.reveal(self.hunks[hunk].clone());
        }
    }

    /// Shows or folds the paragraphs that are the same.
    pub fn set_unfolded(&mut self, unfolded: bool) {
        if self.unfolded != unfolded {
            let place = self.place();
            self.unfolded = unfolded;
            self.break_lines();
            self.go_to(place);
        }
    }

    /// Switches between the text as read and as cleaned.
    pub fn toggle_raw(&mut self) {
        let row = self
            .lines
            .get(self.top)
            .and_then(|line| self.rows.get(line.row()))
            .map(|shown| shown.row);
        self.raw = !self.raw;
        self.rebuild();
        if let Some(at) = row.and_then(|row| self.rows.iter().position(|shown| shown.row >= row)) {
            self.go_to((at, None));
        }
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
        let from = self.current.map_or_else(
            || self.lines.get(self.top).map_or(0, Line::row),
            |hunk| self.hunks[hunk].start,
        );
        let number = |row: usize| {
            let row = &self.pair.comparison.rows[self.rows[row].row];
            [&row.left, &row.right]
                .into_iter()
                .flatten()
                .flat_map(|cell| &cell.spans)
                .find_map(|span| span.moved)
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
        self.top = self.top.saturating_add_signed(lines);
        self.clamp();
    }

    /// Keeps the last line at the bottom.
    fn clamp(&mut self) {
        self.top = self.top.min(self.lines.len().saturating_sub(self.height));
    }

    /// Looks for words on both sides and goes to the first place at or below the top line.
    pub fn find(&mut self, text: &str) {
        if text.is_empty() {
            self.found = None;
            return;
        }
        let needle = Needle::new(text);
        let top = self.lines.get(self.top).map_or(0, Line::row);
        let mut hits = Vec::new();
        for (row, shown) in self.rows.iter().enumerate() {
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

    /// What each difference is, in a few words: `+ title, byline, date`.
    pub fn described(&self) -> Vec<String> {
        self.hunks
            .iter()
            .map(|hunk| describe(&self.rows[hunk.clone()]))
            .collect()
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
        if self
            .lines
            .iter()
            .any(|line| matches!(line, Line::Same { rows: same } if same.contains(&rows.start)))
        {
            self.unfolded = true;
            self.break_lines();
        }
        let first = self
            .lines
            .iter()
            .position(|line| line.row() == rows.start)
            .unwrap_or(0);
        let last = self
            .lines
            .iter()
            .rposition(|line| line.row() < rows.end)
            .unwrap_or(first);
        if first < self.top || last >= self.top + self.height {
            // Some lines of what stands before it stay in sight.
            self.top = first.saturating_sub(self.height / 4);
            self.clamp();
        }
    }

    /// The row on top and, inside of it, the bytes of the side that begins the line.
    fn place(&self) -> (usize, Option<(bool, usize)>) {
        let Some(line) = self.lines.get(self.top) else {
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

    fn go_to(&mut self, (row, byte): (usize, Option<(bool, usize)>)) {
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
        let of_row = |line: &Line| match line {
            Line::Same { rows } => rows.contains(&row),
            line => line.row() == row,
        };
        self.top = self
            .lines
            .iter()
            .position(|line| of_row(line) && holds(line))
            .or_else(|| self.lines.iter().position(of_row))
            .unwrap_or(0);
    }

    fn rebuild(&mut self) {
        let (left, right) = (&self.pair.left.article, &self.pair.right.article);
        let rows = &self.pair.comparison.rows;
        self.rows = rows
            .iter()
            .enumerate()
            .filter_map(|(index, row)| {
                let cell = |article: &Article, cell: &Option<Cell>| {
                    cell.as_ref()
                        .map(|cell| cell_text(article, cell, self.raw))
                        .filter(|cell| !cell.text.is_empty())
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
        self.hunks = diff::hunks(&self.pair.comparison)
            .into_iter()
            .map(|hunk| at(hunk.start)..at(hunk.end))
            .filter(|hunk| !hunk.is_empty())
            .collect();
        self.found = None;
        self.break_lines();
    }

    fn break_lines(&mut self) {
        let near = |row: usize| {
            self.hunks
                .iter()
                .any(|hunk| row + CONTEXT >= hunk.start && row < hunk.end + CONTEXT)
        };
        let foldable = |row: usize| !self.unfolded && !near(row);
        let mut lines = Vec::new();
        let mut row = 0;
        while row < self.rows.len() {
            let end = (row..self.rows.len())
                .find(|at| !foldable(*at))
                .unwrap_or(self.rows.len());
            if end - row >= FOLD_FROM {
                lines.push(Line::Same { rows: row..end });
                lines.push(Line::Blank { row: end - 1 });
                row = end;
                continue;
            }
            self.break_row(row, &mut lines);
            lines.push(Line::Blank { row });
            row += 1;
        }
        lines.pop();
        self.lines = lines;
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
        let same = matches!(shown.op, Op::Equal | Op::Reflow | Op::Typo);
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

/// What a cell shows: its blocks, or with `raw` the bytes as they were read, with the runs that differ.
fn cell_text(article: &Article, cell: &Cell, raw: bool) -> CellText {
    let mut shown = CellText::default();
    let first = article
        .blocks
        .partition_point(|block| block.range.end <= cell.range.start);
    let blocks = article.blocks[first..]
        .iter()
        .take_while(|block| block.range.start < cell.range.end);
    if raw {
        shown.kind = blocks.clone().next().map(|block| block.kind);
        push(
            &mut shown,
            &clean::clean_range(&article.text, cell.range.clone()),
            cell,
        );
        return shown;
    }
    for block in blocks {
        shown.kind.get_or_insert(block.kind);
        if !shown.text.is_empty() {
            shown.text.push_str(" ¶ ");
        }
        push(&mut shown, &block.text, cell);
    }
    shown
}

/// Adds a piece of clean text with the marks of the cell's spans.
fn push(shown: &mut CellText, text: &crate::model::Clean, cell: &Cell) {
    let base = shown.text.len();
    for span in &cell.spans {
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
        match shown.marks.last_mut() {
            // Blanks between changed words belong to the change.
            Some((last, same))
                if *same == mark
                    && text[last.end.saturating_sub(base)..range.start - base]
                        .trim()
                        .is_empty() =>
            {
                last.end = range.end;
            }
            _ => shown.marks.push((range, mark)),
        }
    }
    shown.text.push_str(text);
}

/// "+ title, byline, date", "– 8 paragraphs / + source", "+ “Related article: Russia …”".
fn describe(rows: &[Shown]) -> String {
    if let [
        Shown {
            left, right, op, ..
        },
    ] = rows
        && let Some(cell) = left.as_ref().xor(right.as_ref())
        && matches!(cell.kind, None | Some(BlockKind::Paragraph))
    {
        let sign = match (left, op) {
            (_, Op::Moved) => "↕",
            (Some(_), _) => "–",
            (None, _) => "+",
        };
        let opening = cell
            .text
            .split_whitespace()
            .take(3)
            .collect::<Vec<_>>()
            .join(" ");
        return format!("{sign} “{opening} …”");
    }
    let name = |kind: Option<BlockKind>| match kind {
        Some(BlockKind::Title) => "title",
        Some(BlockKind::Byline) => "byline",
        Some(BlockKind::Date) => "date",
        Some(BlockKind::Source) => "source",
        Some(BlockKind::Heading(_)) => "heading",
        Some(BlockKind::Item) => "item",
        Some(BlockKind::Code) => "code",
        Some(BlockKind::Caption) => "caption",
        Some(BlockKind::Quote | BlockKind::Paragraph) | None => "paragraph",
    };
    let mut parts: Vec<(&str, Vec<(&str, usize)>)> = Vec::new();
    for row in rows {
        let (sign, cell) = match (&row.left, &row.right) {
            _ if row.op == Op::Moved => ("↕", row.left.as_ref().or(row.right.as_ref())),
            (Some(left), Some(_)) => ("~", Some(left)),
            (Some(left), None) => ("–", Some(left)),
            (None, right) => ("+", right.as_ref()),
        };
        let name = name(cell.and_then(|cell| cell.kind));
        if parts.last().is_none_or(|(last, _)| *last != sign) {
            parts.push((sign, Vec::new()));
        }
        if let Some((_, names)) = parts.last_mut() {
            match names.iter_mut().find(|(known, _)| *known == name) {
                Some((_, count)) => *count += 1,
                None => names.push((name, 1)),
            }
        }
    }
    let words = |names: Vec<(&str, usize)>| {
        let words = names.into_iter().map(|(name, count)| match count {
            1 => name.to_owned(),
            _ => format!("{count} {name}s"),
        });
        words.collect::<Vec<_>>().join(", ")
    };
    parts
        .into_iter()
        .map(|(sign, names)| format!("{sign} {}", words(names)))
        .collect::<Vec<_>>()
        .join(" / ")
}
