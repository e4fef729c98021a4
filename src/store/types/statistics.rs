//! What a collection is like, in numbers: what the statistics screen draws and `recto stats` prints.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::Date;

/// The lower ends of the classes of length, in words; the last one has no upper end.
pub const LENGTHS: [u64; 12] = [
    0, 25, 50, 100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600,
];

/// Classes of similarity: one for each twentieth from 0 to 1, which itself belongs to the last.
pub const SIMILARITIES: usize = 20;

/// A collection in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Statistics {
    /// Articles; exact copies count once.
    pub articles: u64,
    /// Records that they were read from; exact copies count each time.
    pub records: u64,
    /// Words of all articles.
    pub words: u64,
    /// How many articles were published when: days, months and years as precise as they are known, in order.
    pub dates: Vec<(Date, u64)>,
    /// Articles without a date.
    pub undated: u64,
    /// Where they were published, most first.
    pub sites: Vec<(String, u64)>,
    /// Articles of no known place.
    pub no_site: u64,
    /// Their languages, most first.
    pub languages: Vec<(String, u64)>,
    /// Articles that do not say their language.
    pub no_language: u64,
    /// The formats that they were read from, most first.
    pub formats: Vec<(String, u64)>,
    /// Articles by number of words, in the classes of [`LENGTHS`].
    pub lengths: [u64; LENGTHS.len()],
    /// Groups by number of versions: (versions, groups), in order. Single articles are groups of 1.
    pub sizes: Vec<(u64, u64)>,
    /// Articles with other versions, by containment with the version that they resemble most.
    pub similarities: [u64; SIMILARITIES],
    /// What was decided.
    pub review: Review,
    /// The tags in use, most used first.
    pub tags: Vec<(String, u64)>,
}

/// What was decided, in articles where nothing else is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Review {
    /// Kept.
    pub kept: u64,
    /// Dropped.
    pub dropped: u64,
    /// Skipped.
    pub skipped: u64,
    /// Set aside because another version is kept.
    pub superseded: u64,
    /// With neither.
    pub open: u64,
    /// With a tag or more.
    pub tagged: u64,
    /// Groups and single articles.
    pub rows: u64,
    /// Groups and single articles of which something is decided.
    pub reviewed: u64,
}

impl Statistics {
    /// Groups of two and more versions.
    pub fn groups(&self) -> u64 {
        let several = self.sizes.iter().filter(|(size, _)| *size > 1);
        several.map(|(_, count)| count).sum()
    }

    /// Articles that are in a group of two or more.
    pub fn versions(&self) -> u64 {
        let several = self.sizes.iter().filter(|(size, _)| *size > 1);
        several.map(|(size, count)| size * count).sum()
    }
}

/// Names with how often each was met, most first, then by name.
pub fn ranked(counts: impl IntoIterator<Item = (String, u64)>) -> Vec<(String, u64)> {
    // Ordered by name before, so that equal counts stand in the order of their names.
    let ordered: BTreeMap<String, u64> = counts.into_iter().collect();
    let mut ranked: Vec<(String, u64)> = ordered.into_iter().collect();
    ranked.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    ranked
}
