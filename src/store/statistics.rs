//! Counts a collection, one article and one group at a time, so that a library of any size can count itself.

use std::collections::{BTreeMap, HashMap};
use std::ops::Deref;

use crate::model::{Date, Verdict};
use crate::query::Document;

use super::types::StoreError;
use super::types::statistics::{LENGTHS, Review, SIMILARITIES, Statistics, ranked};
use crate::cancel::Cancel;

/// How often counting looks whether it was called off.
const POLL_EVERY: usize = 4096;

/// Numbers under way.
#[derive(Debug, Default)]
pub struct Counter {
    so_far: Statistics,
    dates: BTreeMap<Date, u64>,
    sites: HashMap<String, u64>,
    languages: HashMap<String, u64>,
    formats: HashMap<String, u64>,
    tags: HashMap<String, u64>,
    sizes: BTreeMap<u64, u64>,
}

impl Counter {
    /// Takes an article in.
    pub fn add(&mut self, article: &impl Document) {
        let all = &mut self.so_far;
        let words = article.words();
        all.articles += 1;
        all.records += article.copies();
        all.words += words;
        match article.date() {
            Some(date) => *self.dates.entry(date).or_default() += 1,
            None => all.undated += 1,
        }
        match article.site() {
            Some(site) => one_more(&mut self.sites, site),
            None => all.no_site += 1,
        }
        match article.lang() {
            Some(lang) => one_more(&mut self.languages, lang),
            None => all.no_language += 1,
        }
        one_more(&mut self.formats, article.format());
        let class = LENGTHS.partition_point(|from| *from <= words);
        all.lengths[class.saturating_sub(1)] += 1;
        if let Some(similarity) = article.similarity() {
            let class = (similarity.clamp(0.0, 1.0) * SIMILARITIES as f64) as usize;
            all.similarities[class.min(SIMILARITIES - 1)] += 1;
        }
        let review = &mut all.review;
        match article.decision().verdict {
            Some(Verdict::Keep) => review.kept += 1,
            Some(Verdict::Drop) => review.dropped += 1,
            Some(Verdict::Skip) => review.skipped += 1,
            None if article.decision().superseded => review.superseded += 1,
            None => review.open += 1,
        }
        review.tagged += u64::from(!article.decision().tags.is_empty());
        for tag in &article.decision().tags {
            one_more(&mut self.tags, tag);
        }
    }

    /// Takes a group of so many versions in, or a single article; `reviewed` when something is decided of one of them.
    pub fn add_group(&mut self, versions: u64, reviewed: bool) {
        *self.sizes.entry(versions).or_default() += 1;
        let Review {
            rows, reviewed: of, ..
        } = &mut self.so_far.review;
        *rows += 1;
        *of += u64::from(reviewed);
    }

    /// The numbers of all that was taken in.
    pub fn finish(self) -> Statistics {
        Statistics {
            dates: self.dates.into_iter().collect(),
            sites: ranked(self.sites),
            languages: ranked(self.languages),
            formats: ranked(self.formats),
            tags: ranked(self.tags),
            sizes: self.sizes.into_iter().collect(),
            ..self.so_far
        }
    }
}

fn one_more(counts: &mut HashMap<String, u64>, name: &str) {
    // Most names are known already: no copy for them.
    match counts.get_mut(name) {
        Some(count) => *count += 1,
        None => {
            counts.insert(name.to_owned(), 1);
        }
    }
}

/// Counts articles, group by group; `document` gives one by its number.
pub(super) fn count<D: Document>(
    groups: impl Iterator<Item = impl Deref<Target = [u32]>>,
    document: impl Fn(u32) -> Option<D>,
    cancel: &Cancel,
) -> Result<Statistics, StoreError> {
    let mut counter = Counter::default();
    for (at, group) in groups.enumerate() {
        if at.is_multiple_of(POLL_EVERY) && cancel.is_cancelled() {
            return Err(StoreError::Cancelled);
        }
        let (mut versions, mut reviewed) = (0, false);
        for article in group.iter().filter_map(|number| document(*number)) {
            let decision = article.decision();
            reviewed |= decision.verdict.is_some() || decision.superseded;
            counter.add(&article);
            versions += 1;
        }
        if versions > 0 {
            counter.add_group(versions, reviewed);
        }
    }
    Ok(counter.finish())
}
