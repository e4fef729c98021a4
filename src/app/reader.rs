//! The reading pane: an article as lines of a measure, the place in it, and what was found in it.
//!
//! The place is kept as (paragraph, byte), never as a line number, so that a resize keeps the sentence under the eye.

mod build;
mod lines;
mod search;
mod walk;

use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::{ArticleId, BlockKind, OffsetMap};
use crate::store::types::{Boilerplate, Entry};
use crate::text::inline;

use super::event::Fetched;

use self::lines::Section;
use self::walk::At;

pub use self::lines::CELLS;
pub use self::search::Found;

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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The paragraph.
    pub paragraph: usize,
    /// The byte in its text.
    pub byte: usize,
}

/// The state of the reading pane.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reader {
    /// What is read.
    pub entry: Option<Arc<Entry>>,
    /// Its paragraphs.
    pub paragraphs: Vec<Paragraph>,
    /// The paragraphs cut into pieces that can be laid out by themselves.
    sections: Vec<Section>,
    /// The lines on the screen.
    pub lines: Vec<Line>,
    /// The first line on the screen.
    top: At,
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
    /// Words of what is read.
    words: usize,
    /// The measure that lines are broken at, in cells.
    measure: usize,
    /// What `lines` were laid out for: the place, and the size of the pane.
    fitted: Option<(Place, usize, usize)>,
}

impl Reader {
    /// Shows another article from its beginning; keeps what is looked for.
    pub fn show(&mut self, article: Fetched, measure: usize) {
        self.words = article.entry.article.words();
        self.entry = Some(article.entry);
        self.boilerplate = article.boilerplate;
        self.go_to(Place::default());
        self.measure = measure;
        self.rebuild();
    }

    /// Shows another version of the same text at the paragraph that stands on top, as far as it has it.
    pub fn show_version(&mut self, article: Fetched, measure: usize) {
        let anchor = self.paragraph_on_top().map(str::to_owned);
        self.show(article, measure);
        let at = anchor.and_then(|text| self.paragraphs.iter().position(|p| p.text == text));
        if let Some(paragraph) = at {
            self.go_to(Place { paragraph, byte: 0 });
        }
    }

    /// Lays out what stands in a pane of this size. The place stays: a pane that shows the end has its top line moved, but
    /// comes back to it when it shrinks again.
    pub fn fit(&mut self, measure: usize, height: usize) {
        if self.fitted == Some((self.place, measure, height)) {
            return;
        }
        self.measure = measure;
        self.top = self.at(self.place).min(self.last_top(height));
        self.lines.clear();
        let mut skip = self.top.line;
        for section in self.top.section..self.sections.len() {
            let lines = self.lines_of(section).into_iter();
            self.lines.extend(lines.skip(std::mem::take(&mut skip)));
            if self.lines.len() >= height {
                break;
            }
        }
        self.lines.truncate(height);
        self.fitted = Some((self.place, measure, height));
    }

    /// Takes the same article with another group in the place of what is read; nothing moves.
    pub fn renew(&mut self, article: Fetched) {
        let same = self.boilerplate == article.boilerplate;
        self.entry = Some(article.entry);
        if !same {
            self.boilerplate = article.boilerplate;
            // Title and byline stand nowhere in the text, and are where they were.
            let (place, in_head) = (self.place, self.is_in_head());
            self.rebuild_in_place();
            if in_head {
                self.go_to(place);
            }
        }
    }

    /// Says whether the place is in front of the article's text.
    fn is_in_head(&self) -> bool {
        let to = self.place.paragraph + 1;
        let above = self.paragraphs.get(..to).unwrap_or(&self.paragraphs);
        above.iter().all(|paragraph| paragraph.map.is_none())
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

    /// What is still to be read, as a share of all from 0 to 1, below the upper edge of the pane.
    pub fn left(&self) -> f64 {
        let top = self
            .lines
            .first()
            .map_or(0, |line| self.offset(line.paragraph, line.range.start));
        1.0 - top as f64 / self.bytes().max(1) as f64
    }

    /// Minutes that it takes to read the rest.
    pub fn minutes_left(&self) -> usize {
        let left = self.words as f64 * self.left();
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
        let source = self.source_offset().filter(|_| !self.is_at_top());
        self.rebuild();
        match source {
            Some(offset) => self.go_to(self.place_of_source(offset)),
            None => self.go_to(Place::default()),
        }
        self.count_from_here();
    }

    /// Where the person is: the first line on the screen, unless that had to give way to the end of the text.
    pub fn place(&self) -> Place {
        self.place
    }

    /// Share of the text above the lower edge of the pane, 0 to 100.
    pub fn percent(&self, height: usize) -> usize {
        let Some(last) = self.lines.last().filter(|_| !self.is_at_end(height)) else {
            return 100;
        };
        // Less than all, however little the rest is.
        let above = self.offset(last.paragraph, last.range.end);
        (above * 100 / self.bytes().max(1)).min(99)
    }

    /// The paragraph on top of the pane, for copying.
    pub fn paragraph_on_top(&self) -> Option<&str> {
        let section = self.sections.get(self.top.section)?;
        Some(&self.paragraphs[section.paragraph].text)
    }

    /// Says whether a paragraph is shown as a row of a table.
    pub fn is_row(&self, paragraph: &Paragraph) -> bool {
        lines::is_row(paragraph, self.measure)
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
        lines::columns(&mut self.paragraphs);
        self.sections = lines::sections(&self.paragraphs);
        self.fitted = None;
        self.go_to(self.place);
        if let Some(needle) = self.found.take().map(|found| found.needle) {
            self.look_for(&needle);
        }
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

#[cfg(test)]
mod tests;
