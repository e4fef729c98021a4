//! The reading pane: an article as lines of a measure, the place in it, and what was found in it.
//!
//! The place is kept as (paragraph, byte), never as a line number, so that a resize keeps the sentence under the eye.

mod build;
mod lines;

use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::{ArticleId, BlockKind, OffsetMap};
use crate::store::types::{Boilerplate, Entry};
use crate::text::find::{self, Needle};
use crate::text::inline;

use super::event::Fetched;

pub use self::lines::CELLS;

/// What a paragraph of the pane is, which decides how it is painted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The title of the article.
    Title,
    /// Byline, date and reading time.
    Byline,
    /// Where it was read.
    Source,
    /// A part of the text.
    Block(BlockKind),
    /// What is said of the boilerplate below, or in its place.
    Note,
    /// What a person wrote on the paragraph above, or on the article.
    Remark,
    /// A line of the raw text.
    Raw,
}

/// One paragraph of the pane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paragraph {
    /// What it is.
    pub role: Role,
    /// It is boilerplate.
    pub dimmed: bool,
    /// Its text: only ever joined from `Clean` pieces and words of our own.
    pub text: String,
    /// Links and emphasis in it, ordered.
    pub inline: Vec<inline::Run>,
    /// It is a row of a table whose columns are so wide, in cells.
    pub columns: Option<Arc<[usize]>>,
    /// The way back to the article's text; none for what the pane itself adds.
    map: Option<OffsetMap>,
}

/// One line of the pane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The paragraph that it belongs to.
    pub paragraph: usize,
    /// Bytes of the paragraph's text; empty for the blank between paragraphs.
    pub range: Range<usize>,
}

/// A place in the text that survives another width.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The paragraph.
    pub paragraph: usize,
    /// The byte in its text.
    pub byte: usize,
}

/// What `/` found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The words looked for.
    pub needle: String,
    /// Every place, in order: paragraph and bytes.
    pub hits: Vec<(usize, Range<usize>)>,
    /// The one that the pane stands on.
    pub current: usize,
}

impl Found {
    /// What was found in a paragraph: its number among all, and where.
    pub fn hits_in(&self, paragraph: usize) -> impl Iterator<Item = (usize, Range<usize>)> + '_ {
        let from = self.hits.partition_point(|(at, _)| *at < paragraph);
        let hits = self.hits.iter().enumerate().skip(from);
        hits.take_while(move |(_, (at, _))| *at == paragraph)
            .map(|(number, (_, range))| (number, range.clone()))
    }
}

/// The state of the reading pane.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reader {
    /// What is read.
    pub entry: Option<Arc<Entry>>,
    /// Its paragraphs.
    pub paragraphs: Vec<Paragraph>,
    /// Its lines at the present measure.
    pub lines: Vec<Line>,
    /// The first line on the screen.
    pub top: usize,
    /// Where the person is.
    place: Place,
    /// Shows the text as it was read.
    pub raw: bool,
    /// Shows what cannot be seen: blanks, line breaks, invisible characters.
    pub revealed: bool,
    /// Boilerplate is folded.
    pub folded: bool,
    /// What was looked for.
    pub found: Option<Found>,
    /// The blocks of what is read that are boilerplate.
    boilerplate: Arc<[Boilerplate]>,
    /// The measure that `lines` were broken at, in cells.
    measure: usize,
}

impl Reader {
    /// Shows another article from its beginning; keeps what is looked for.
    pub fn show(&mut self, article: Fetched, measure: usize) {
        self.entry = Some(article.entry);
        self.boilerplate = article.boilerplate;
        self.go_to(Place::default());
        self.measure = measure;
        self.rebuild();
    }

    /// Shows another version of the same text at the paragraph that stands on top, as far as it has it.
    pub fn show_version(&mut self, article: Fetched, measure: usize) {
        let anchor = self
            .lines
            .get(self.top)
            .map(|line| self.paragraphs[line.paragraph].text.clone());
        self.show(article, measure);
        let at = anchor.and_then(|text| self.paragraphs.iter().position(|p| p.text == text));
        if let Some(paragraph) = at {
            self.go_to(Place { paragraph, byte: 0 });
        }
    }

    /// Fits the lines to a pane of another size. The place stays: a pane that shows the end has its top line moved, but
    /// comes back to it when it shrinks again.
    pub fn fit(&mut self, measure: usize, height: usize) {
        if self.measure != measure {
            self.measure = measure;
            self.break_lines();
        }
        self.top = self.line_of(self.place).min(self.last_top(height));
    }

    /// Takes the same article with another group in the place of what is read; nothing moves.
    pub fn renew(&mut self, article: Fetched) {
        let same = self.boilerplate == article.boilerplate;
        self.entry = Some(article.entry);
        if !same {
            self.boilerplate = article.boilerplate;
            self.rebuild_in_place();
        }
    }

    /// Folds the boilerplate or shows it, at the same words; says what it did.
    pub fn toggle_folded(&mut self) -> String {
        self.folded = !self.folded;
        self.rebuild_in_place();
        match (self.folded, self.boilerplate.len()) {
            (_, 0) => "nothing here stands in other articles".to_owned(),
            (true, 1) => "1 paragraph folded: it stands in other articles".to_owned(),
            (true, count) => format!("{count} paragraphs folded: they stand in other articles"),
            (false, _) => "everything is shown".to_owned(),
        }
    }

    /// Switches between the text as read and as cleaned, at the same words.
    pub fn toggle_raw(&mut self) {
        self.raw = !self.raw;
        self.rebuild_in_place();
    }

    /// Shows what cannot be seen, or no longer, at the same words.
    pub fn toggle_revealed(&mut self) {
        self.revealed = !self.revealed;
        self.rebuild_in_place();
    }

    /// Words that are still to be read, as a share of all from 0 to 1, below the upper edge of the pane.
    pub fn left(&self) -> f64 {
        let lines = self.lines.len().max(1);
        1.0 - self.top.min(lines) as f64 / lines as f64
    }

    /// Minutes that it takes to read the rest.
    pub fn minutes_left(&self) -> usize {
        let words = self.entry.as_ref().map_or(0, |entry| entry.article.words());
        let left = words as f64 * self.left();
        ((left / build::WORDS_A_MINUTE as f64).ceil() as usize).max(1)
    }

    /// Says whether this article is shown.
    pub fn shows(&self, id: ArticleId) -> bool {
        self.entry
            .as_ref()
            .is_some_and(|entry| entry.article.id == id)
    }

    /// Shows an article at a place.
    pub fn show_at(&mut self, article: Fetched, measure: usize, place: Place) {
        self.show(article, measure);
        self.go_to(place);
    }

    /// The paragraph on top of the pane: its number among the blocks of the body, from 1, and its words.
    pub fn block_on_top(&self) -> Option<(u32, &str)> {
        let offset = self.source_offset()?;
        let article = &self.entry.as_ref()?.article;
        let mut body = (1..).zip(article.body());
        body.find(|(_, block)| block.range.end > offset)
            .map(|(number, block)| (number, block.text.as_str()))
    }

    /// Builds the paragraphs anew, at the same words.
    pub fn rebuild_in_place(&mut self) {
        // From the very top to the very top: title and byline of the pane stand nowhere in the raw text.
        let source = self.source_offset().filter(|_| self.top > 0);
        self.rebuild();
        match source {
            Some(offset) => self.go_to(self.place_of_source(offset)),
            None => self.go_to(Place::default()),
        }
    }

    /// Where the person is: the first line on the screen, unless that had to give way to the end of the text.
    pub fn place(&self) -> Place {
        self.place
    }

    /// Puts the line that holds the place on top.
    pub fn go_to(&mut self, place: Place) {
        self.place = place;
        self.top = self.line_of(place);
    }

    /// Scrolls by lines, down for positive numbers; `height` lines are on the screen.
    pub fn scroll(&mut self, lines: isize, height: usize) {
        self.put_on_top(
            self.top
                .saturating_add_signed(lines)
                .min(self.last_top(height)),
        );
    }

    fn put_on_top(&mut self, line: usize) {
        self.top = line;
        let place = |line: &Line| Place {
            paragraph: line.paragraph,
            byte: line.range.start,
        };
        self.place = self.lines.get(line).map(place).unwrap_or_default();
    }

    /// The top line that shows the end.
    pub fn last_top(&self, height: usize) -> usize {
        self.lines.len().saturating_sub(height)
    }

    /// Goes to the next (`forward`) or previous paragraph that `wanted` accepts.
    pub fn step(&mut self, forward: bool, wanted: impl Fn(Role) -> bool) {
        let starts = |index: &usize| {
            let line = &self.lines[*index];
            line.range.start == 0
                && wanted(self.paragraphs[line.paragraph].role)
                && (*index == 0 || self.lines[index - 1].paragraph != line.paragraph)
        };
        let next = if forward {
            (self.top + 1..self.lines.len()).find(starts)
        } else {
            (0..self.top.min(self.lines.len())).rev().find(starts)
        };
        if let Some(line) = next {
            self.put_on_top(line);
        }
    }

    /// Looks for words and goes to the first place at or below the top line.
    pub fn find(&mut self, text: &str, height: usize) {
        if text.is_empty() {
            self.found = None;
            return;
        }
        let needle = Needle::new(text);
        let hits: Vec<_> = self
            .paragraphs
            .iter()
            .enumerate()
            .flat_map(|(index, paragraph)| {
                find::find(&paragraph.text, &needle)
                    .into_iter()
                    .map(move |range| (index, range))
            })
            .collect();
        let place = self.place;
        let current = hits
            .iter()
            .position(|(paragraph, range)| {
                (*paragraph, range.start) >= (place.paragraph, place.byte)
            })
            .unwrap_or(0);
        self.found = Some(Found {
            needle: text.to_owned(),
            hits,
            current,
        });
        self.show_found(height);
    }

    /// Goes to the next or previous place that was found, round the end.
    pub fn find_step(&mut self, forward: bool, height: usize) {
        if let Some(found) = self.found.as_mut().filter(|found| !found.hits.is_empty()) {
            let len = found.hits.len();
            found.current = (found.current + if forward { 1 } else { len - 1 }) % len;
            self.show_found(height);
        }
    }

    /// Share of the text above the lower edge of the pane, 0 to 100.
    pub fn percent(&self, height: usize) -> usize {
        if self.lines.is_empty() {
            100
        } else {
            (self.top + height).min(self.lines.len()) * 100 / self.lines.len()
        }
    }

    /// The paragraph on top of the pane, for copying.
    pub fn paragraph_on_top(&self) -> Option<&str> {
        let line = self.lines.get(self.top)?;
        Some(&self.paragraphs[line.paragraph].text)
    }

    fn show_found(&mut self, height: usize) {
        let Some((paragraph, range)) = self
            .found
            .as_ref()
            .and_then(|found| found.hits.get(found.current))
        else {
            return;
        };
        let line = self.line_of(Place {
            paragraph: *paragraph,
            byte: range.start,
        });
        if line < self.top || line >= self.top + height {
            self.put_on_top(line.saturating_sub(height / 3).min(self.last_top(height)));
        }
    }

    fn line_of(&self, place: Place) -> usize {
        let after = self.lines.partition_point(|line| {
            (line.paragraph, line.range.start) <= (place.paragraph, place.byte)
        });
        let mut line = after.saturating_sub(1);
        // The blank behind a paragraph sorts after its text: step back onto the text.
        while line > 0
            && self.lines[line].range.is_empty()
            && self.lines[line - 1].paragraph == self.lines[line].paragraph
        {
            line -= 1;
        }
        line
    }

    fn source_offset(&self) -> Option<usize> {
        let place = self.place;
        self.paragraphs
            .get(place.paragraph..)?
            .iter()
            .enumerate()
            .find_map(|(ahead, paragraph)| {
                let map = paragraph.map.as_ref()?;
                Some(map.to_source(if ahead == 0 { place.byte } else { 0 }))
            })
    }

    fn place_of_source(&self, offset: usize) -> Place {
        let mut best = Place::default();
        for (index, paragraph) in self.paragraphs.iter().enumerate() {
            let Some(map) = &paragraph.map else { continue };
            let Some(first) = map.pieces().first() else {
                continue;
            };
            if first.source.start > offset {
                break;
            }
            best = Place {
                paragraph: index,
                byte: map.to_clean(offset..offset + 1).start,
            };
        }
        best
    }

    fn rebuild(&mut self) {
        let Some(entry) = &self.entry else { return };
        self.paragraphs = if self.raw || self.revealed {
            build::raw_paragraphs(&entry.article, self.revealed)
        } else {
            build::paragraphs(entry, &self.boilerplate, self.folded)
        };
        self.break_lines();
        if let Some(needle) = self.found.take().map(|found| found.needle) {
            let place = self.place;
            self.find(&needle, usize::MAX / 2);
            self.go_to(place);
        }
    }

    fn break_lines(&mut self) {
        self.lines = lines::break_lines(&mut self.paragraphs, self.measure);
    }
}

/// Cells that a paragraph is set in from the left: room for its sign.
pub fn indent(paragraph: &Paragraph) -> usize {
    match paragraph.role {
        Role::Block(BlockKind::Item) => {
            numbered(&paragraph.text).map_or(2, |number| number.len() + 1)
        }
        Role::Block(BlockKind::Quote | BlockKind::Code) | Role::Note | Role::Remark => 2,
        _ => 0,
    }
}

/// The number that an item of a list begins with, with its dot.
pub fn numbered(text: &str) -> Option<&str> {
    let (number, _) = text.split_once(' ')?;
    let digits = number.strip_suffix(['.', ')'])?;
    let is_number =
        !digits.is_empty() && digits.len() < 4 && digits.bytes().all(|it| it.is_ascii_digit());
    is_number.then_some(number)
}
