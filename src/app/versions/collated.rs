//! The versions of one text, collated: everything that the screen of versions shows, worked out once.

use std::ops::Range;
use std::sync::Arc;

use crate::app::compare::{CellText, Mark};
use crate::diff::versions::apparatus::{Apparatus, Words, squeezed};
use crate::diff::versions::{self, Line, Site, State};
use crate::diff::{self, Paragraph, Side};
use crate::model::{Article, BlockKind, siglum};
use crate::store::types::Entry;
use crate::text;

/// Bytes of a paragraph that the matrix shows: more than any screen is wide.
const PREVIEW: usize = 1200;

/// The versions of one text against one of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Collated {
    /// The versions in the order of their letters.
    pub versions: Vec<Arc<Entry>>,
    /// How they differ.
    pub found: versions::Versions,
    /// The places where words differ.
    pub places: Vec<Place>,
    /// The paragraphs of the base, and where they belong those that only others have.
    pub rows: Vec<Row>,
    /// How many words each version has.
    pub words: Vec<usize>,
    /// For each version what became of the places of the base.
    ways: Vec<Way>,
}

/// A place where words differ, as an apparatus prints it: `4,000 ] A C · 4,100 B`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The paragraph of the base, counted from 1.
    pub paragraph: usize,
    /// Who reads what, the base first.
    pub readings: Vec<Words>,
    /// All of it as one line.
    pub text: String,
    /// The letters in that line.
    pub letters: Vec<Range<usize>>,
}

/// A paragraph of the matrix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its number; none for one that the base does not have.
    pub number: Option<usize>,
    /// What it is.
    pub kind: Option<BlockKind>,
    /// Its first words.
    pub words: String,
    /// What each version makes of it.
    pub states: Vec<State>,
}

impl Row {
    /// Says whether it is not the same in all versions.
    pub fn differs(&self) -> bool {
        self.states.iter().any(|state| *state != State::Same)
    }
}

impl Collated {
    /// Collates versions with one of them, or with the one that has most in common with all.
    pub fn new(versions: Vec<Arc<Entry>>, base: Option<usize>, options: &diff::Options) -> Self {
        let cut: Vec<Vec<Paragraph>> = versions
            .iter()
            .map(|it| diff::blocks(&it.article))
            .collect();
        let sides: Vec<Side> = versions.iter().zip(&cut).map(side).collect();
        let found = versions::versions(&sides, base, options);
        let texts: Vec<&str> = sides.iter().map(|side| side.text).collect();
        let words = |at: usize, range: Range<usize>| -> String {
            let entry = versions.get(at);
            entry.map_or_else(String::new, |entry| {
                cut_out(&entry.article, range, &[]).text
            })
        };
        let apparatus = Apparatus::new(&found, &texts, &words);
        let places = apparatus
            .sites()
            .map(|site| place(apparatus, site))
            .collect();
        let mut number = 0;
        let rows = found.paragraphs.iter().map(|line| {
            let own = line.version == found.base;
            number += usize::from(own);
            row(line, own.then_some(number), &words)
        });
        let rows = rows.collect();
        let ways = (0..versions.len())
            .map(|version| Way::of(&found, version))
            .collect();
        Self {
            words: versions.iter().map(|it| it.article.words()).collect(),
            versions,
            places,
            rows,
            ways,
            found,
        }
    }

    /// What a version has in a row: nothing where it has no such paragraph, or has it elsewhere.
    pub fn cell(&self, row: usize, version: usize) -> Option<CellText> {
        let line = self.found.paragraphs.get(row)?;
        let article = &*self.versions.get(version)?.article;
        match line.states.get(version)? {
            State::Missing | State::Absent | State::Moved => None,
            // The same words as in the version that adds it first.
            State::Added => {
                let adds = &*self.versions.get(line.version)?.article;
                Some(cut_out(
                    adds,
                    line.range.clone(),
                    std::slice::from_ref(&line.range),
                ))
            }
            State::Same | State::Changed => {
                let way = self.ways.get(version)?;
                Some(cut_out(
                    article,
                    way.own(&line.range, article),
                    &way.differs,
                ))
            }
        }
    }
}

fn side<'a>((entry, paragraphs): (&'a Arc<Entry>, &'a Vec<Paragraph>)) -> Side<'a> {
    Side {
        text: &entry.article.text,
        paragraphs,
    }
}

fn place(apparatus: Apparatus<'_>, site: &Site) -> Place {
    let readings = apparatus.readings(site);
    let (mut text, mut letters) = (String::new(), Vec::new());
    for reading in &readings {
        if !text.is_empty() {
            text.push_str(" · ");
        }
        text.push_str(&reading.words);
        text.push(' ');
        let who: Vec<String> = reading.versions.iter().map(|at| siglum(*at)).collect();
        let start = text.len();
        text.push_str(&who.join(" "));
        letters.push(start..text.len());
    }
    Place {
        paragraph: apparatus.paragraph(site),
        readings,
        text,
        letters,
    }
}

fn row(line: &Line, number: Option<usize>, words: &dyn Fn(usize, Range<usize>) -> String) -> Row {
    let words = words(line.version, line.range.clone());
    Row {
        number,
        kind: line.kind,
        words: squeezed(text::head(&words, PREVIEW)),
        states: line.states.clone(),
    }
}

/// The way from the base to a version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Way {
    /// The sites where the version reads something else: bytes of the base and of the version, in order.
    steps: Vec<(Range<usize>, Range<usize>)>,
    /// Bytes of the version whose words differ from the base; of the base, those where another version differs.
    differs: Vec<Range<usize>>,
}

impl Way {
    fn of(found: &versions::Versions, version: usize) -> Self {
        let mut way = Self::default();
        let (mut at, mut own) = (0, 0);
        for site in &found.sites {
            own += site.range.start - at;
            let mut readings = site.readings.iter().enumerate();
            let reading = readings.find(|(_, reading)| reading.versions.contains(&version));
            let (number, length) = reading.map_or((0, site.range.len()), |(number, reading)| {
                (number, reading.range.len())
            });
            let range = own..own + length;
            if site.differs() && (number > 0 || version == found.base) && !range.is_empty() {
                way.differs.push(range.clone());
            }
            if number > 0 {
                way.steps.push((site.range.clone(), range.clone()));
            }
            (at, own) = (site.range.end, range.end);
        }
        way
    }

    /// The bytes of the version that stand for a paragraph of the base. Words added at its very edge belong to it as
    /// far as the version has them in the same block.
    fn own(&self, base: &Range<usize>, article: &Article) -> Range<usize> {
        let inner = self.map(base.start, false)..self.map(base.end, true);
        let outer = self.map(base.start, true)..self.map(base.end, false);
        let block = |at: usize| {
            let blocks = article.blocks.iter();
            let mut blocks = blocks.map(|block| &block.range);
            blocks.find(|block| block.contains(&at)).cloned()
        };
        if inner.start >= inner.end {
            return outer.start..outer.end.max(outer.start);
        }
        let start = block(inner.start).map_or(inner.start, |block| block.start);
        let end = block(inner.end - 1).map_or(inner.end, |block| block.end);
        let start = outer.start.max(start).min(inner.start);
        start..outer.end.min(end).max(inner.end)
    }

    /// Where a place of the base stands in the version. What the version adds exactly there stands in front of it, or
    /// `before` it comes.
    fn map(&self, at: usize, before: bool) -> usize {
        let passed = |(base, _): &(Range<usize>, Range<usize>)| {
            base.end < at || (base.end == at && !(before && base.is_empty()))
        };
        let done = self.steps.partition_point(passed);
        let (base_end, own_end) = done
            .checked_sub(1)
            .and_then(|last| self.steps.get(last))
            .map_or((0, 0), |(base, own)| (base.end, own.end));
        match self.steps.get(done) {
            // Inside of a site: all of its reading belongs to the paragraph that it begins in.
            Some((base, own)) if base.start < at => own.end,
            _ => own_end + at.saturating_sub(base_end),
        }
    }
}

/// What a reader sees of some bytes of an article, with the runs that differ.
fn cut_out(article: &Article, range: Range<usize>, differs: &[Range<usize>]) -> CellText {
    let mut cell = CellText::default();
    let first = article
        .blocks
        .partition_point(|block| block.range.end <= range.start);
    let blocks = article.blocks[first..].iter();
    for block in blocks.take_while(|block| block.range.start < range.end) {
        let map = block.text.map();
        let part = block.range.start.max(range.start)..block.range.end.min(range.end);
        let shown = map.to_clean(part.clone());
        let Some(words) = block.text.get(shown.clone()).map(str::trim_end) else {
            continue;
        };
        if words.is_empty() {
            continue;
        }
        cell.kind.get_or_insert(block.kind);
        if !cell.text.is_empty() {
            cell.text.push_str(" ¶ ");
        }
        let base = cell.text.len();
        cell.text.push_str(words);
        let from = differs.partition_point(|it| it.end <= part.start);
        let inside = differs[from..].iter().take_while(|it| it.start < part.end);
        for differing in inside {
            let clean = map.to_clean(differing.start.max(part.start)..differing.end.min(part.end));
            let start = clean.start.clamp(shown.start, shown.start + words.len());
            let end = clean.end.clamp(start, shown.start + words.len());
            // The blank behind a word belongs to the site, and yet should not be underlined.
            let marked = block.text.get(start..end).unwrap_or_default();
            let end = start + marked.trim_end().len();
            if start < end {
                let moved = base + start - shown.start..base + end - shown.start;
                cell.marks.push((moved, Mark::Changed));
            }
        }
    }
    cell
}
