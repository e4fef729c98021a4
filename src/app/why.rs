//! The box that says why these are versions of one text: sentences, each about two articles that can be compared.

use std::ops::Range;
use std::sync::Arc;

use crate::model::ArticleId;
use crate::store::types::{Tie, Why};
use crate::text::wrap;

/// The state of the box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhyBox {
    /// The article that it is about.
    pub of: ArticleId,
    /// What there is to say.
    pub why: Arc<Why>,
    /// The tie that the keys are about, counted over all sections; one that can be compared, where there is one.
    pub chosen: usize,
    /// The first line shown.
    pub top: usize,
}

/// One line of the box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhyLine<'a> {
    /// The title of a section.
    Title(&'a str),
    /// A line of a tie.
    Text {
        /// The tie, counted over all sections.
        tie: usize,
        /// All of its text.
        text: &'a str,
        /// Bytes of it.
        range: Range<usize>,
    },
    /// Between sections.
    Blank,
}

/// Cells in front of the sentences: the bar of the chosen one.
pub const INDENT: usize = 2;

impl WhyBox {
    /// Opens it at the first tie that can be compared.
    pub fn new(of: ArticleId, why: Arc<Why>) -> Self {
        let mut new = Self {
            of,
            why,
            chosen: 0,
            top: 0,
        };
        new.chosen = new.next(0, true).unwrap_or(0);
        new
    }

    fn ties(&self) -> impl DoubleEndedIterator<Item = &Tie> {
        self.why.sections.iter().flat_map(|section| &section.ties)
    }

    /// The two articles of the chosen tie.
    pub fn pair(&self) -> Option<(ArticleId, ArticleId)> {
        self.ties().nth(self.chosen)?.pair
    }

    /// Its lines at a measure.
    pub fn lines(&self, measure: usize) -> Vec<WhyLine<'_>> {
        let mut lines = Vec::new();
        let mut tie = 0;
        for section in &self.why.sections {
            if !lines.is_empty() {
                lines.push(WhyLine::Blank);
            }
            lines.push(WhyLine::Title(&section.title));
            for Tie { text, .. } in &section.ties {
                let ranges = wrap::wrap(text, measure.saturating_sub(INDENT).max(1));
                lines.extend(
                    ranges
                        .into_iter()
                        .map(|range| WhyLine::Text { tie, text, range }),
                );
                tie += 1;
            }
        }
        lines
    }

    /// Goes to the next or previous tie that can be compared; without one, scrolls a line.
    pub fn step(&mut self, forward: bool, measure: usize, height: usize) {
        let next = match forward {
            true => self.next(self.chosen + 1, true),
            false => self
                .chosen
                .checked_sub(1)
                .and_then(|from| self.next(from, false)),
        };
        match next {
            Some(next) => {
                self.chosen = next;
                self.reveal(measure, height);
            }
            None => self.scroll(if forward { 1 } else { -1 }, measure, height),
        }
    }

    /// Scrolls by lines, down for positive numbers.
    pub fn scroll(&mut self, by: isize, measure: usize, height: usize) {
        let last = self.lines(measure).len().saturating_sub(height);
        self.top = self.top.saturating_add_signed(by).min(last);
    }

    /// The first tie from a place on, or back, that can be compared.
    fn next(&self, from: usize, forward: bool) -> Option<usize> {
        let open = |(_, tie): &(usize, &Tie)| tie.pair.is_some();
        let mut all = self.ties().enumerate().filter(open).map(|(at, _)| at);
        match forward {
            true => all.find(|at| *at >= from),
            false => all.take_while(|at| *at <= from).last(),
        }
    }

    /// Scrolls until the chosen tie is in the box, with the title above it where that fits.
    fn reveal(&mut self, measure: usize, height: usize) {
        let lines = self.lines(measure);
        let of_chosen =
            |line: &WhyLine<'_>| matches!(line, WhyLine::Text { tie, .. } if *tie == self.chosen);
        let first = lines.iter().position(of_chosen).unwrap_or(0);
        let last = lines.iter().rposition(of_chosen).unwrap_or(first);
        let title = first
            .checked_sub(1)
            .filter(|at| matches!(lines[*at], WhyLine::Title(_)));
        let from = title.unwrap_or(first);
        let mut top = self.top;
        if last >= top + height {
            top = (last + 1).saturating_sub(height);
        }
        self.top = top.min(from);
    }
}
