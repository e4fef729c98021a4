//! The articles of one run: put in order, sketched once, and looked at more closely where they are candidates.

use std::collections::HashMap;

use xxhash_rust::xxh3::xxh3_64;

use super::candidate::Pair;
use super::guard::Slots;
use super::judge::{Dates, Evidence, Titles};
use super::sketch::Sketch;
use super::types::Document;
use super::verify;
use super::words::{Shape, Text, Word};
use crate::cancel::Cancel;

/// The articles, ordered by id; everything else names them by their place in that order.
pub(super) struct Articles<'a> {
    /// The articles.
    pub documents: Vec<&'a Document<'a>>,
    /// Their sketches; empty but for the hash where another article with the same words comes first.
    pub sketches: Vec<Sketch>,
    /// The first article with the same words.
    pub leaders: Vec<u32>,
    /// What only candidates need.
    profiles: Vec<Option<Profile>>,
}

/// What is known of a candidate besides its grams.
struct Profile {
    slots: Slots,
    title: Vec<Word>,
}

impl<'a> Articles<'a> {
    /// Orders and sketches articles. Nothing when cancelled.
    pub fn new(documents: &'a [Document<'a>], cancel: &Cancel) -> Option<Self> {
        let mut documents: Vec<&Document<'a>> = documents.iter().collect();
        documents.sort_by_key(|document| document.id);
        let mut first: HashMap<u64, u32> = HashMap::new();
        let mut sketches = Vec::with_capacity(documents.len());
        let mut leaders = Vec::with_capacity(documents.len());
        for (index, document) in (0u32..).zip(&documents) {
            if cancel.is_cancelled() {
                return None;
            }
            let mut sketch = Sketch::new(&Text::new(&document.blocks));
            let leader = match content(document, &sketch) {
                Some(content) => *first.entry(content).or_insert(index),
                None => index,
            };
            if leader != index {
                sketch.clear();
            }
            sketches.push(sketch);
            leaders.push(leader);
        }
        Some(Self {
            profiles: documents.iter().map(|_| None).collect(),
            documents,
            sketches,
            leaders,
        })
    }

    /// Looks more closely at the articles of candidate pairs. Nothing when cancelled.
    pub fn prepare(&mut self, pairs: &[Pair], cancel: &Cancel) -> Option<()> {
        for index in pairs.iter().flat_map(|(a, b)| [*a as usize, *b as usize]) {
            if cancel.is_cancelled() {
                return None;
            }
            self.profiles[index].get_or_insert_with(|| {
                let document = self.documents[index];
                let title = document.title.map(|title| Text::new(&[title]).words);
                let title = title.unwrap_or_default();
                Profile {
                    slots: Slots::new(&title, &Text::new(&document.blocks)),
                    title,
                }
            });
        }
        Some(())
    }

    /// Gathers the evidence on every pair. Nothing when cancelled.
    pub fn judge(&self, pairs: &[Pair], cancel: &Cancel) -> Option<Vec<(Pair, Evidence)>> {
        let mut judged = Vec::with_capacity(pairs.len());
        for (a, b) in pairs.iter().map(|(a, b)| (*a as usize, *b as usize)) {
            if cancel.is_cancelled() {
                return None;
            }
            let (Some(left), Some(right)) = (&self.profiles[a], &self.profiles[b]) else {
                continue;
            };
            let evidence = Evidence {
                overlap: verify::overlap(&self.sketches[a], &self.sketches[b]),
                numbers: left.slots.numbers(&right.slots),
                names: left.slots.names(&right.slots),
                titles: titles(&left.title, &right.title),
                dates: dates(self.documents[a], self.documents[b]),
                same_address: same_address(self.documents[a], self.documents[b]),
            };
            judged.push(((a as u32, b as u32), evidence));
        }
        Some(judged)
    }
}

/// A hash of what the article says: its words, or its characters where it has no words. Nothing for a blank one.
fn content(document: &Document<'_>, sketch: &Sketch) -> Option<u64> {
    if !sketch.grams.is_empty() {
        return Some(sketch.text);
    }
    let characters: Vec<&str> = document
        .blocks
        .iter()
        .flat_map(|block| block.split_whitespace())
        .collect();
    (!characters.is_empty()).then(|| xxh3_64(characters.join(" ").as_bytes()))
}

fn titles(left: &[Word], right: &[Word]) -> Titles {
    if left.is_empty() || right.is_empty() {
        return Titles::Unknown;
    }
    let plain = |word: &Word| word.hash;
    let masked = |word: &Word| (word.shape != Shape::Number).then_some(word.hash);
    if left.iter().map(plain).eq(right.iter().map(plain)) {
        Titles::Same
    } else if left.iter().map(masked).eq(right.iter().map(masked)) {
        Titles::OtherNumbers
    } else {
        Titles::Other
    }
}

fn dates(left: &Document<'_>, right: &Document<'_>) -> Dates {
    match (left.date, right.date) {
        (Some(left), Some(right)) if left == right => Dates::Same,
        (Some(left), Some(right)) if !left.is_within(right) && !right.is_within(left) => {
            Dates::Other
        }
        _ => Dates::Unknown,
    }
}

/// Says whether both articles stood at one address.
fn same_address(left: &Document<'_>, right: &Document<'_>) -> bool {
    let (left, right) = (left.url.map(bare), right.url.map(bare));
    left.is_some_and(|url| !url.is_empty()) && left == right
}

/// The address without scheme, `www.`, fragment and last slash.
fn bare(url: &str) -> &str {
    let url = url.split_once("://").map_or(url, |(_, rest)| rest);
    let url = url.strip_prefix("www.").unwrap_or(url);
    let url = url.split_once('#').map_or(url, |(front, _)| front);
    url.strip_suffix('/').unwrap_or(url)
}
