//! What `/` finds in the pane.

use std::ops::Range;

use crate::text::find::{self, Needle};

use super::{Place, Reader};

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

impl Reader {
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
    pub(super) fn look_for(&mut self, text: &str) {
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
    pub(super) fn count_from_here(&mut self) {
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

    pub(super) fn show_found(&mut self, height: usize) {
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
}
