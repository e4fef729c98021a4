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

use self::lines::Section;

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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
    /// What was found in these bytes of a paragraph, whole or in part: its number among all, and where.
    pub fn hits_in(
        &self,
        paragraph: usize,
        bytes: Range<usize>,
    ) -> impl Iterator<Item = (usize, Range<usize>)> + '_ {
        // Hits are ordered and do not overlap.
        let before =
            |(at, range): &(usize, Range<usize>)| (*at, range.end) <= (paragraph, bytes.start);
        let from = self.hits.partition_point(before);
        let hits = self.hits.iter().enumerate().skip(from);
        hits.take_while(move |(_, (at, range))| *at == paragraph && range.start < bytes.end)
            .map(|(number, (_, range))| (number, range.clone()))
    }
}

/// A line: its section, and its number in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct At {
    section: usize,
    line: usize,
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

    /// Puts the line that holds the place on top.
    pub fn go_to(&mut self, place: Place) {
        self.place = place;
        self.top = self.at(place);
    }

    /// Says whether the first line of all is on top.
    pub fn is_at_top(&self) -> bool {
        self.top == At::default()
    }

    /// Says whether the end of the text is on the screen.
    pub fn is_at_end(&self, height: usize) -> bool {
        self.top >= self.last_top(height)
    }

    /// Scrolls by lines, down for positive numbers; `height` lines are on the screen.
    pub fn scroll(&mut self, lines: isize, height: usize) {
        let to = match lines {
            0.. => self
                .below(self.top, lines.unsigned_abs())
                .min(self.last_top(height)),
            _ => self.above(self.top, lines.unsigned_abs()),
        };
        self.put_on_top(to);
    }

    /// Goes to the beginning.
    pub fn go_to_start(&mut self) {
        self.put_on_top(At::default());
    }

    /// Goes to the end: its last lines are on the screen.
    pub fn go_to_end(&mut self, height: usize) {
        self.put_on_top(self.last_top(height));
    }

    fn put_on_top(&mut self, at: At) {
        self.top = at;
        self.place = self.place_of(at);
    }

    fn place_of(&self, at: At) -> Place {
        let lines = self.lines_of(at.section);
        let line = lines.get(at.line);
        line.map_or_else(Place::default, |line| Place {
            paragraph: line.paragraph,
            byte: line.range.start,
        })
    }

    /// The top line that shows the end.
    fn last_top(&self, height: usize) -> At {
        let section = self.sections.len().saturating_sub(1);
        let line = self.lines_of(section).len().saturating_sub(1);
        self.above(At { section, line }, height.saturating_sub(1))
    }

    fn lines_of(&self, section: usize) -> Vec<Line> {
        let section = self.sections.get(section);
        section.map_or_else(Vec::new, |section| {
            lines::break_section(&self.paragraphs, section, self.measure)
        })
    }

    /// The line so many lines further down, or the last one.
    fn below(&self, from: At, lines: usize) -> At {
        let (mut at, mut left) = (from, lines);
        loop {
            let last = self.lines_of(at.section).len().saturating_sub(1);
            if at.line + left <= last {
                at.line += left;
                return at;
            }
            if at.section + 1 >= self.sections.len() {
                at.line = last;
                return at;
            }
            left -= last - at.line + 1;
            at = At {
                section: at.section + 1,
                line: 0,
            };
        }
    }

    /// The line so many lines further up, or the first one.
    fn above(&self, from: At, lines: usize) -> At {
        let (mut at, mut left) = (from, lines);
        while left > at.line {
            if at.section == 0 {
                return At::default();
            }
            left -= at.line + 1;
            at.section -= 1;
            at.line = self.lines_of(at.section).len().saturating_sub(1);
        }
        at.line -= left;
        at
    }

    /// Goes to the next (`forward`) or previous paragraph that `wanted` accepts.
    pub fn step(&mut self, forward: bool, wanted: impl Fn(Role) -> bool) {
        self.step_from(self.place_of(self.top), forward, wanted);
    }

    /// Goes to the next or previous paragraph as a focus does: near the end of the text, where lines cannot go on, the
    /// place does.
    pub fn focus_on(&mut self, forward: bool) {
        let is_text = |role| role != Role::Note;
        self.step_from(self.place, forward, is_text);
    }

    /// Says whether the focus has gone on where the lines could not.
    pub fn is_focus_below(&self) -> bool {
        self.place > self.place_of(self.top)
    }

    /// The paragraph in focus: the one that the place is in, or the one below it where it is at its end.
    pub fn in_focus(&self) -> usize {
        let Place { paragraph, byte } = self.place;
        let text = self
            .paragraphs
            .get(paragraph)
            .map_or("", |it| it.text.as_str());
        let behind = byte > 0 && byte >= text.len() && paragraph + 1 < self.paragraphs.len();
        paragraph + usize::from(behind)
    }

    fn step_from(&mut self, from: Place, forward: bool, wanted: impl Fn(Role) -> bool) {
        let wanted = |paragraph: &usize| wanted(self.paragraphs[*paragraph].role);
        let next = match forward {
            true => (from.paragraph + 1..self.paragraphs.len()).find(wanted),
            // Inside of a paragraph, back is its own beginning.
            false => (0..from.paragraph + usize::from(from.byte > 0))
                .rev()
                .find(wanted),
        };
        if let Some(paragraph) = next {
            self.go_to(Place { paragraph, byte: 0 });
        }
    }

    /// Looks for words and goes to the first place at or below the top line.
    pub fn find(&mut self, text: &str, height: usize) {
        if text.is_empty() {
            self.found = None;
            return;
        }
        self.look_for(text);
        self.show_found(height);
    }

    /// Finds every place of the words.
    fn look_for(&mut self, text: &str) {
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
        self.found = Some(Found {
            needle: text.to_owned(),
            hits,
            current: 0,
        });
        self.count_from_here();
    }

    /// Of what was found, the first one at or below the place is the one that counts.
    fn count_from_here(&mut self) {
        let place = self.place;
        let before = |(paragraph, range): &(usize, Range<usize>)| {
            (*paragraph, range.start) < (place.paragraph, place.byte)
        };
        if let Some(found) = &mut self.found {
            let next = found.hits.partition_point(before);
            found.current = if next < found.hits.len() { next } else { 0 };
        }
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

    fn show_found(&mut self, height: usize) {
        let Some((paragraph, range)) = self
            .found
            .as_ref()
            .and_then(|found| found.hits.get(found.current))
        else {
            return;
        };
        let line = self.at(Place {
            paragraph: *paragraph,
            byte: range.start,
        });
        if line < self.top || line > self.below(self.top, height.saturating_sub(1)) {
            let top = self.above(line, height / 3);
            self.put_on_top(top.min(self.last_top(height)));
        }
    }

    /// The line that holds a place.
    fn at(&self, place: Place) -> At {
        let section = self.section_of(place);
        let lines = self.lines_of(section);
        let after = lines.partition_point(|line| line.range.start <= place.byte);
        let line = after.saturating_sub(1);
        At { section, line }
    }

    fn section_of(&self, place: Place) -> usize {
        let after = self.sections.partition_point(|section| {
            (section.paragraph, section.range.start) <= (place.paragraph, place.byte)
        });
        after.saturating_sub(1)
    }

    /// Bytes of the text in front of a byte of a paragraph.
    fn offset(&self, paragraph: usize, byte: usize) -> usize {
        let section = self
            .sections
            .get(self.section_of(Place { paragraph, byte }));
        section.map_or(0, |it| it.before + byte.saturating_sub(it.range.start))
    }

    fn bytes(&self) -> usize {
        self.sections
            .last()
            .map_or(0, |last| last.before + last.range.len())
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
