//! What was found, as whoever asked for groups reads it: by article and not by text.

use super::articles::Articles;
use super::decide::{Found, Texts};
use super::told_of;
use crate::group::{Evidence, Grouping, Tuning, Weights};
use crate::model::ArticleId;

/// Groups, by article.
pub struct Grouped {
    /// The group of each article, named by the smallest article that is there; a dead one is one by itself.
    pub names: Vec<u32>,
    /// How many pairs were judged, and how many were judged again because grams got another weight.
    pub judged: [usize; 2],
    pub(super) texts: Texts,
    is: Vec<bool>,
    pub(super) found: Found,
}

impl Grouped {
    pub(super) fn new(texts: Texts, is: Vec<bool>, found: Found) -> Self {
        let mut smallest = vec![u32::MAX; is.len()];
        let group = |article: usize| found.names[1][texts.firsts[article] as usize] as usize;
        for article in (0..is.len()).filter(|article| is[*article]) {
            let name = &mut smallest[group(article)];
            *name = (*name).min(article as u32);
        }
        let name = |article: usize| match is[article] {
            true => smallest[group(article)],
            false => article as u32,
        };
        Self {
            names: (0..is.len()).map(name).collect(),
            judged: [found.new, found.again],
            texts,
            is,
            found,
        }
    }

    /// Of the articles with the same words the one with the smallest id: what is said of pairs is said of these.
    pub fn leader(&self, article: u32) -> u32 {
        let text = self.texts.firsts[article as usize];
        self.texts.leaders[text as usize]
    }

    /// The pairs that hold groups together: two leaders and the evidence on them, the sides in that order.
    pub fn links(&self) -> impl Iterator<Item = (u32, u32, &Evidence)> {
        let tuning = Tuning::default();
        let links = self.found.judged.iter().filter(move |it| {
            let name = |text: u32| self.found.names[1][text as usize];
            name(it.pair.0) == name(it.pair.1) && it.evidence.strength(&tuning) > 0
        });
        let leader = |text: u32| self.texts.leaders[text as usize];
        links.map(move |it| (leader(it.pair.0), leader(it.pair.1), &it.evidence))
    }

    /// How many groups have two members and more.
    pub fn groups(&self) -> usize {
        let mut large = vec![false; self.names.len()];
        for (article, name) in (0u32..)
            .zip(&self.names)
            .filter(|(article, name)| article != *name)
        {
            large[*name as usize] |= self.is[article as usize];
        }
        large.iter().filter(|large| **large).count()
    }

    /// The groups of two and more with all their links, by the ids of articles.
    pub fn grouping(&self, articles: &dyn Articles) -> Grouping {
        self.grouping_by(&|article| articles.id(article))
    }

    /// The same; `id` names articles.
    pub(super) fn grouping_by(&self, id: &dyn Fn(u32) -> ArticleId) -> Grouping {
        told_of(&self.texts, &self.is, &self.found, id)
    }

    /// How heavy grams are.
    pub(super) fn weights(&self) -> &Weights {
        &self.found.weights
    }

    /// What of the articles could not be read as it was signed.
    pub fn changed(&self) -> impl Iterator<Item = u32> + '_ {
        let changed = self.found.changed.iter();
        changed.map(|text| self.texts.leaders[*text as usize])
    }
}
