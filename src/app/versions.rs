//! The screen of versions: many versions of one text at once, as an apparatus, as a matrix, or side by side.
//!
//! ```text
//! apparatus  a place where words differ a row: 4,000 ] A C · 4,100 B · om. D
//! matrix     a paragraph a row, a version a column: = ~ > - +
//! sides      a paragraph a row, the texts of as many versions as there is room for
//! ```
//! The cursor stands on a row. One version is chosen beside the base: it is compared, kept, or made the base.

mod collated;

use std::ops::Range;
use std::sync::Arc;

use crate::model::ArticleId;
use crate::text::wrap;

use super::compare::{CellText, Compare};

pub use self::collated::{Collated, Place, Row};

/// How the versions are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// The places where words differ, with who reads what.
    #[default]
    Apparatus,
    /// Paragraphs against versions.
    Matrix,
    /// The texts beside each other.
    Sides,
}

impl View {
    /// All of them, in their order.
    pub const ALL: [Self; 3] = [Self::Apparatus, Self::Matrix, Self::Sides];

    /// Its name on the screen.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Apparatus => "Apparatus",
            Self::Matrix => "Matrix",
            Self::Sides => "Side by side",
        }
    }
}

/// One line of the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The row that it belongs to.
    pub row: usize,
    /// It is the first of its row.
    pub first: bool,
    /// Bytes of the row's text; side by side, of the text of each column. Nothing is left of it: none.
    pub ranges: Vec<Option<Range<usize>>>,
}

/// The state of the screen.
#[derive(Clone, Debug, PartialEq)]
pub struct VersionsScreen {
    /// What it shows.
    pub collated: Arc<Collated>,
    /// How.
    pub view: View,
    /// The version that is chosen beside the base.
    pub chosen: usize,
    /// The row under the cursor.
    pub cursor: usize,
    /// The first line on the screen.
    pub top: usize,
    /// The lines at the present width.
    pub lines: Vec<Line>,
    /// Side by side: the versions that have a column, the base first, and their texts row by row.
    pub columns: Vec<(usize, Vec<Option<CellText>>)>,
    /// The comparison that it was opened from, which comes back when it is closed.
    pub below: Option<Box<Compare>>,
    /// What the lines were broken for: cells of a row's text or of a column, and how many columns.
    fitted: Option<(usize, usize)>,
    /// Lines on the screen.
    height: usize,
}

impl VersionsScreen {
    /// Shows versions from the beginning; [`fit`](Self::fit) breaks the lines.
    pub fn new(collated: Arc<Collated>) -> Self {
        let base = collated.found.base;
        Self {
            chosen: usize::from(base == 0).min(collated.versions.len().saturating_sub(1)),
            collated,
            view: View::default(),
            cursor: 0,
            top: 0,
            lines: Vec::new(),
            columns: Vec::new(),
            below: None,
            fitted: None,
            height: 1,
        }
    }

    /// How many rows the view has.
    pub fn len(&self) -> usize {
        match self.view {
            View::Apparatus => self.collated.places.len(),
            View::Matrix | View::Sides => self.collated.rows.len(),
        }
    }

    /// Says whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The article that is the base.
    pub fn base(&self) -> Option<ArticleId> {
        let base = self.collated.versions.get(self.collated.found.base);
        base.map(|entry| entry.article.id)
    }

    /// The article that is chosen.
    pub fn chosen(&self) -> Option<ArticleId> {
        let chosen = self.collated.versions.get(self.chosen);
        chosen.map(|entry| entry.article.id)
    }

    /// Fits the lines to a text of so many cells, in so many columns side by side, on so many lines.
    pub fn fit(&mut self, cells: usize, columns: usize, height: usize) {
        if self.fitted != Some((cells, columns)) {
            self.fitted = Some((cells, columns));
            self.break_lines(cells.max(2), columns.max(1));
        }
        if self.height != height {
            self.height = height.max(1);
            self.reveal();
        }
    }

    /// Shows it in another way, at the same paragraph.
    pub fn next_view(&mut self, forward: bool) {
        let paragraph = self.paragraph();
        let at = View::ALL.iter().position(|view| *view == self.view);
        let step = if forward { 1 } else { View::ALL.len() - 1 };
        self.view = View::ALL[(at.unwrap_or(0) + step) % View::ALL.len()];
        self.cursor = match self.view {
            View::Apparatus => {
                let places = &self.collated.places;
                places.partition_point(|place| place.paragraph < paragraph)
            }
            View::Matrix | View::Sides => {
                let rows = self.collated.rows.iter();
                let mut numbers = rows.map(|row| row.number);
                numbers
                    .position(|number| number == Some(paragraph))
                    .unwrap_or(0)
            }
        };
        self.cursor = self.cursor.min(self.len().saturating_sub(1));
        self.refit();
    }

    /// The paragraph of the base under the cursor, counted from 1.
    fn paragraph(&self) -> usize {
        match self.view {
            View::Apparatus => {
                let place = self.collated.places.get(self.cursor);
                place.map_or(1, |place| place.paragraph)
            }
            View::Matrix | View::Sides => {
                let rows = self.collated.rows.iter().take(self.cursor + 1);
                rows.filter_map(|row| row.number).next_back().unwrap_or(1)
            }
        }
    }

    /// Chooses the next or previous version, round the end and without the base.
    pub fn choose(&mut self, forward: bool) {
        let len = self.collated.versions.len();
        let step = |at: usize| (at + if forward { 1 } else { len - 1 }) % len;
        if len < 2 {
            return;
        }
        self.chosen = step(self.chosen);
        if self.chosen == self.collated.found.base {
            self.chosen = step(self.chosen);
        }
        self.refit();
    }

    /// Goes on by rows; a row that is higher than the screen is scrolled first.
    pub fn move_by(&mut self, rows: isize) {
        let (first, last) = self.lines_of(self.cursor);
        if rows == 1 && last >= self.top + self.height {
            self.top += 1;
            return;
        }
        if rows == -1 && first < self.top {
            self.top -= 1;
            return;
        }
        let end = self.len().saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(rows).min(end);
        self.reveal();
    }

    /// Goes to the row that stands on a line of the screen.
    pub fn click(&mut self, line: usize) {
        if let Some(line) = self.lines.get(self.top + line) {
            self.cursor = line.row;
        }
    }

    /// Goes to the next or previous row where a version differs; says whether there is one.
    pub fn step(&mut self, forward: bool) -> bool {
        let differs = |at: &usize| match self.view {
            View::Apparatus => true,
            View::Matrix | View::Sides => self.collated.rows[*at].differs(),
        };
        let next = match forward {
            true => (self.cursor + 1..self.len()).find(differs),
            false => (0..self.cursor).rev().find(differs),
        };
        if let Some(next) = next {
            self.cursor = next;
            self.reveal();
        }
        next.is_some()
    }

    /// The row under the cursor as text to copy.
    pub fn text(&self) -> Option<String> {
        match self.view {
            View::Apparatus => {
                let place = self.collated.places.get(self.cursor)?;
                Some(format!("¶{}  {}", place.paragraph, place.text))
            }
            View::Matrix | View::Sides => {
                let row = self.collated.rows.get(self.cursor)?;
                Some(row.words.clone())
            }
        }
    }

    /// The versions that have a column side by side: the base, then as many others from the chosen one on.
    fn shown(&self, columns: usize) -> Vec<usize> {
        let (base, len) = (self.collated.found.base, self.collated.versions.len());
        let others: Vec<usize> = (0..len).filter(|version| *version != base).collect();
        let room = columns.saturating_sub(1).max(1).min(others.len());
        let at = others.iter().position(|it| *it == self.chosen).unwrap_or(0);
        let from = at.min(others.len() - room);
        let mut shown = vec![base];
        shown.extend(&others[from..from + room]);
        shown
    }

    fn refit(&mut self) {
        if let Some((cells, columns)) = self.fitted {
            self.break_lines(cells, columns);
        }
        self.reveal();
    }

    fn break_lines(&mut self, cells: usize, columns: usize) {
        self.lines.clear();
        self.columns.clear();
        match self.view {
            View::Apparatus => {
                for (row, place) in self.collated.places.iter().enumerate() {
                    let ranges = wrap::wrap(&place.text, cells).into_iter();
                    let lines = ranges.enumerate().map(|(at, range)| Line {
                        row,
                        first: at == 0,
                        ranges: vec![Some(range)],
                    });
                    self.lines.extend(lines);
                }
            }
            View::Matrix => {
                let rows = 0..self.collated.rows.len();
                self.lines = rows
                    .map(|row| Line {
                        row,
                        first: true,
                        ranges: Vec::new(),
                    })
                    .collect();
            }
            View::Sides => self.break_sides(cells, columns),
        }
        self.reveal();
    }

    fn break_sides(&mut self, cells: usize, columns: usize) {
        let rows = 0..self.collated.rows.len();
        let collated = Arc::clone(&self.collated);
        self.columns = self
            .shown(columns)
            .into_iter()
            .map(|version| {
                let cell = |row| collated.cell(row, version);
                (version, rows.clone().map(cell).collect())
            })
            .collect();
        for row in rows {
            let mut broken: Vec<_> = self
                .columns
                .iter()
                .map(|(_, texts)| {
                    let text = texts.get(row).and_then(Option::as_ref);
                    let ranges = text.map_or_else(Vec::new, |cell| wrap::wrap(&cell.text, cells));
                    ranges.into_iter()
                })
                .collect();
            let mut first = true;
            loop {
                let ranges: Vec<_> = broken.iter_mut().map(Iterator::next).collect();
                let more = ranges.iter().any(Option::is_some);
                if !more && !first {
                    break;
                }
                self.lines.push(Line { row, first, ranges });
                first = false;
            }
            self.lines.push(Line {
                row,
                first: false,
                ranges: Vec::new(),
            });
        }
    }

    /// The first and last line of a row.
    fn lines_of(&self, row: usize) -> (usize, usize) {
        let first = self.lines.partition_point(|line| line.row < row);
        let behind = self.lines.partition_point(|line| line.row <= row);
        (first, behind.saturating_sub(1).max(first))
    }

    /// Scrolls until the row under the cursor is on the screen, or as much of it as there is room for.
    fn reveal(&mut self) {
        let (first, last) = self.lines_of(self.cursor);
        if last >= self.top + self.height {
            self.top = (last + 1).saturating_sub(self.height);
        }
        self.top = self.top.min(first);
    }
}
