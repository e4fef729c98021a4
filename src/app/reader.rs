//! The reading pane: an article as lines of a measure, the place in it, and what was found in it.
//!
//! The place is kept as (paragraph, byte), never as a line number, so that a resize keeps the sentence under the eye.

use std::ops::Range;
use std::sync::Arc;

use crate::model::{Article, Block, BlockKind, Clean, OffsetMap};
use crate::store::types::{Boilerplate, Entry, Evidence};
use crate::text::clean;
use crate::text::find::{self, Needle};
use crate::text::wrap;

use super::event::Fetched;

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
    /// Its text: only ever joined from [`Clean`] pieces and words of our own.
    pub text: String,
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
        self.paragraphs = if self.raw {
            raw_paragraphs(&entry.article)
        } else {
            paragraphs(entry, &self.boilerplate, self.folded)
        };
        self.break_lines();
        if let Some(needle) = self.found.take().map(|found| found.needle) {
            let place = self.place;
            self.find(&needle, usize::MAX / 2);
            self.go_to(place);
        }
    }

    fn break_lines(&mut self) {
        self.lines.clear();
        for (index, paragraph) in self.paragraphs.iter().enumerate() {
            let measure = self.measure.saturating_sub(indent(paragraph.role)).max(1);
            let code = paragraph.role == Role::Block(BlockKind::Code);
            let mut start = 0;
            for part in paragraph.text.split(|c| code && c == '\n') {
                let ranges = wrap::wrap(part, measure);
                if ranges.is_empty() {
                    self.lines.push(Line {
                        paragraph: index,
                        range: start..start,
                    });
                }
                for range in ranges {
                    self.lines.push(Line {
                        paragraph: index,
                        range: start + range.start..start + range.end,
                    });
                }
                start += part.len() + 1;
            }
            let next = self.paragraphs.get(index + 1);
            if next.is_some_and(|next| blank_between(paragraph, next)) {
                let end = paragraph.text.len();
                self.lines.push(Line {
                    paragraph: index,
                    range: end..end,
                });
            }
        }
    }
}

/// Cells that a paragraph is set in from the left.
pub fn indent(role: Role) -> usize {
    match role {
        Role::Block(BlockKind::Quote | BlockKind::Item | BlockKind::Code)
        | Role::Note
        | Role::Remark => 2,
        _ => 0,
    }
}

fn blank_between(this: &Paragraph, next: &Paragraph) -> bool {
    // A note stands on what it is about, unless that is folded.
    let is_its_note = this.role == Role::Note && next.dimmed;
    !is_its_note
        && !matches!(
            (this.role, next.role),
            (Role::Raw, _)
                | (Role::Title | Role::Byline, Role::Byline | Role::Source)
                | (Role::Block(BlockKind::Item), Role::Block(BlockKind::Item))
        )
}

/// Title, byline, source and the blocks of the body.
fn paragraphs(entry: &Entry, boilerplate: &[Boilerplate], folded: bool) -> Vec<Paragraph> {
    let article = &entry.article;
    let own = |role, text: String| Paragraph {
        role,
        dimmed: false,
        text,
        map: None,
    };
    let mut all = Vec::with_capacity(article.blocks.len() + 3);
    if let Some(title) = &article.meta.title {
        all.push(own(Role::Title, title.to_string()));
    }
    all.push(own(Role::Byline, about(article)));
    let place = article.meta.url.as_ref().map_or_else(
        || {
            entry
                .sources
                .first()
                .map(|source| clean::line(&source.path.to_string_lossy()).to_string())
        },
        |url| Some(url.to_string()),
    );
    all.extend(place.map(|place| own(Role::Source, place)));
    let remarks = remarks(entry);
    let on_article = remarks.iter().filter(|(at, _)| *at == Some(HEAD));
    all.extend(on_article.map(|(_, text)| own(Role::Remark, text.clone())));
    // A heading that repeats the title would say it twice.
    let title = article.meta.title.as_deref();
    let repeats_title = |block: &Block| {
        matches!(block.kind, BlockKind::Heading(_))
            && title.is_some_and(|title| title == block.text.as_str())
    };
    let body = article.blocks.iter().enumerate();
    let body = body.filter(|(_, it)| !it.kind.is_metadata() && !repeats_title(it));
    let evidence = |at: usize| {
        let found = boilerplate.binary_search_by_key(&at, |it| it.block).ok();
        found.map(|found| boilerplate[found].evidence)
    };
    let body: Vec<_> = body.map(|(at, block)| (block, evidence(at))).collect();
    // Where everything stands elsewhere too, dimming would only make it hard to read.
    let dims = body.iter().any(|(_, evidence)| evidence.is_none());
    for run in body.chunk_by(|(_, a), (_, b)| a.is_some() == b.is_some()) {
        let evidence: Vec<Evidence> = run.iter().filter_map(|(_, it)| *it).collect();
        let dimmed = dims && !evidence.is_empty();
        if dimmed {
            all.push(own(Role::Note, note(&evidence, folded)));
        }
        if dimmed && folded {
            continue;
        }
        for (block, _) in run {
            all.push(Paragraph {
                role: Role::Block(block.kind),
                dimmed,
                text: block.text.to_string(),
                map: Some(block.text.map().clone()),
            });
            let here = remarks
                .iter()
                .filter(|(at, _)| *at == Some(block.range.start));
            all.extend(here.map(|(_, text)| own(Role::Remark, text.clone())));
        }
    }
    // A paragraph that is gone, or folded, costs no note.
    let shown: Vec<usize> = body
        .iter()
        .filter(|(_, evidence)| !(dims && folded && evidence.is_some()))
        .map(|(block, _)| block.range.start)
        .collect();
    let rest = remarks
        .iter()
        .filter(|(at, _)| at.is_none_or(|at| at != HEAD && !shown.contains(&at)));
    all.extend(rest.map(|(_, text)| own(Role::Remark, text.clone())));
    all
}

/// Stands for the beginning of the article, in front of every block.
const HEAD: usize = usize::MAX;

/// The notes, each with where the block begins that it is about; none for a paragraph that is no longer there.
fn remarks(entry: &Entry) -> Vec<(Option<usize>, String)> {
    let article = &entry.article;
    let words = || article.body().map(|block| block.text.as_str());
    let notes = entry.decision.notes.iter();
    notes
        .map(|note| {
            let text = clean::line(&note.text);
            match &note.on {
                None => (Some(HEAD), format!("note: {text}")),
                Some(on) => match on.find(words()).and_then(|at| article.body().nth(at)) {
                    Some(block) => (Some(block.range.start), format!("note: {text}")),
                    None => {
                        let quote = clean::line(&on.quote);
                        (None, format!("note: {text} (on “{quote}”, which is gone)"))
                    }
                },
            }
        })
        .collect()
}

/// What is said of a run of boilerplate: "in 212 other articles", and when it is folded, of how much.
fn note(run: &[Evidence], folded: bool) -> String {
    let most = run.iter().filter_map(|it| match it {
        Evidence::Groups(count) => Some(*count),
        Evidence::Versions { .. } => None,
    });
    let said = match (most.max(), run) {
        (Some(most), [first, ..]) if run.iter().any(|it| it != first) => {
            format!("in up to {most} other articles")
        }
        (_, [first, ..]) => first.to_string(),
        (_, []) => String::new(),
    };
    match (folded, run.len()) {
        (false, _) => said,
        (true, 1) => format!("1 paragraph that stands {said}"),
        (true, count) => format!("{count} paragraphs that stand {said}"),
    }
}

/// Words that people read in a minute, in silence: Brysbaert 2019 gives 238 for non-fiction in English.
const WORDS_A_MINUTE: usize = 238;

/// "By AFP · 1 April 2020 · 2 min".
fn about(article: &Article) -> String {
    let minutes = article.words().div_ceil(WORDS_A_MINUTE).max(1);
    let parts = [
        article
            .meta
            .byline
            .as_ref()
            .map(|byline| format!("By {byline}")),
        article.meta.date.map(long_date),
        Some(format!("{minutes} min")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn long_date(date: crate::model::Date) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    match (
        date.day(),
        date.month().map(|month| MONTHS[usize::from(month) - 1]),
    ) {
        (Some(day), Some(month)) => format!("{day} {month} {}", date.year()),
        (None, Some(month)) => format!("{month} {}", date.year()),
        _ => date.year().to_string(),
    }
}

/// Parts the text of a page from its source.
const SOURCE_BELOW: &str = "\n── the source of the page ──\n\n";

/// Every line of the text as it was read; of a web page first all of its text, then its source.
fn raw_paragraphs(article: &Article) -> Vec<Paragraph> {
    let raw = article.raw();
    if article.original.is_none() {
        return raw_lines(raw, true);
    }
    let mut paragraphs = raw_lines(&crate::text::page_text(raw), false);
    paragraphs.extend(raw_lines(SOURCE_BELOW, false));
    paragraphs.extend(raw_lines(raw, false));
    paragraphs
}

/// Lines as they stand; `mapped` when their offsets are those of the article's text.
fn raw_lines(raw: &str, mapped: bool) -> Vec<Paragraph> {
    let mut start = 0;
    raw.split_inclusive('\n')
        .map(|line| {
            let range = start..start + line.trim_end_matches(['\n', '\r']).len();
            start += line.len();
            let text: Clean = clean::clean_range(raw, range);
            Paragraph {
                role: Role::Raw,
                dimmed: false,
                map: mapped.then(|| text.map().clone()),
                text: text.to_string(),
            }
        })
        .collect()
}
