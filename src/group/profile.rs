//! What is known of an article that stands in a candidate pair: its grams where they stand, its slots, its metadata.

use super::boilerplate::{self, Weights};
use super::guard::Slots;
use super::signature::{GRAM, grams, hash, window, winnow};
use super::types::Document;
use super::words::{Text, Word, mix};
use crate::model::Date;

/// How many words make a gram between two short articles.
const SHORT_GRAM: usize = 2;
/// Up to how many words an article is short. One replaced word touches four grams, which is little in an article and
/// much in a line; so two short articles are compared by their word pairs.
const SHORT: usize = 40;
/// A block of this many words is prose by half; see [`prose`].
const HALF_PROSE: usize = 8;

/// An article as the decision sees it. Pure, about six times the bytes of the text's words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profile {
    /// Its grams.
    pub(super) grams: Grams,
    /// Its word pairs, if it is short.
    pub(super) pairs: Option<Grams>,
    /// Its numbers and capitalised words in their contexts.
    pub(super) slots: Slots,
    /// The words of its title.
    pub(super) title: Vec<Word>,
    /// The day, month or year that it was published.
    pub(super) date: Option<Date>,
    /// Hash of its address without scheme, `www.`, fragment and last slash.
    pub(super) address: Option<u64>,
    /// Hash of all its words, as its signature has it.
    pub(super) content: u64,
}

/// The grams of an article, by place.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Grams {
    /// How many words make a gram.
    pub size: usize,
    /// The gram that begins at each word, as far as there is one.
    pub at: Vec<u32>,
    /// How much of prose the block of each is, in 255ths; 0 where the same gram stands in a longer block, or earlier
    /// in one as long, so that each distinct gram counts once.
    pub prose: Vec<u8>,
    /// How many distinct grams there are.
    pub distinct: u32,
    /// At which word each block ends, and the number of that block among those given.
    pub blocks: Vec<(u32, u32)>,
    /// The places that the signature samples, ascending.
    pub sampled: Vec<u32>,
    /// In how many groups the gram at each of those stands, as far as known; empty where nothing is.
    pub groups: Vec<u8>,
}

/// Makes profiles; its buffers are used again.
#[derive(Clone, Debug, Default)]
pub struct Profiler {
    text: Text,
    index: Index,
    only_grams: bool,
}

impl Profiler {
    /// Whether the next profiles may leave out what [`super::Judge::again`] does not ask for.
    pub fn only_grams(&mut self, only: bool) {
        self.only_grams = only;
    }

    /// Looks closely at an article.
    pub fn profile<'a>(
        &mut self,
        facts: &Facts<'_>,
        blocks: impl Iterator<Item = &'a str> + Clone,
    ) -> Profile {
        let mut title = Text::default();
        if let Some(words) = facts.title.filter(|_| !self.only_grams) {
            title.fill([words].into_iter());
        }
        self.text.fill(blocks);
        let text = &self.text;
        let short = text.words.len() <= SHORT;
        Profile {
            grams: Grams::new(text, GRAM, &mut self.index),
            pairs: short.then(|| Grams::new(text, SHORT_GRAM, &mut self.index)),
            slots: match self.only_grams {
                true => Slots::default(),
                false => Slots::new(&title.words, text),
            },
            title: title.words,
            date: facts.date,
            address: facts
                .url
                .map(bare)
                .filter(|url| !url.is_empty())
                .map(|url| {
                    url.bytes()
                        .fold(1, |state, byte| mix(state ^ u64::from(byte)))
                }),
            content: hash(&text.words),
        }
    }
}

/// What a source says of an article besides its text.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Facts<'a> {
    /// The title.
    pub title: Option<&'a str>,
    /// The address.
    pub url: Option<&'a str>,
    /// The date of publication.
    pub date: Option<Date>,
}

impl<'a> From<&Document<'a>> for Facts<'a> {
    fn from(document: &Document<'a>) -> Self {
        Self {
            title: document.title,
            url: document.url,
            date: document.date,
        }
    }
}

impl Profile {
    /// About how many bytes of memory it takes.
    pub fn bytes(&self) -> usize {
        let grams =
            |grams: &Grams| 5 * grams.at.len() + 4 * grams.sampled.len() + 8 * grams.blocks.len();
        size_of::<Self>()
            + grams(&self.grams)
            + self.pairs.as_ref().map_or(0, grams)
            + self.slots.bytes()
            + 4 * self.title.len()
    }

    /// How many blocks have words.
    pub fn blocks(&self) -> u32 {
        self.grams.blocks.len() as u32
    }

    /// Takes over in how many groups its grams stand.
    pub fn weigh(&mut self, weights: &Weights) {
        let grams = &mut self.grams;
        let sampled = grams.sampled.iter().map(|at| grams.at[*at as usize]);
        let levels = sampled.map(|gram| weights.level(gram));
        grams.groups = levels.collect();
        if grams.groups.iter().all(|level| *level == 0) {
            grams.groups = Vec::new();
        }
    }

    /// How much of its weight, in grams, may change at most when the factor of one of its fingerprints does, for each
    /// part of 1 that this changes by: see [`super::Evidence::slack`].
    pub fn span(&self) -> f32 {
        boilerplate::span(&self.grams)
    }

    /// Its fingerprints, as [`super::Signature::prints`] has them; the same may come again.
    pub fn prints(&self) -> impl Iterator<Item = u32> + '_ {
        let Grams { at, sampled, .. } = &self.grams;
        sampled.iter().map(|place| at[*place as usize])
    }

    /// Hash of all its words, as [`super::Signature::content`] has it for an article with words.
    pub fn content(&self) -> u64 {
        self.content
    }
}

impl Grams {
    fn new(text: &Text, size: usize, index: &mut Index) -> Self {
        let mut at = Vec::with_capacity(text.words.len());
        grams(text, size, &mut at);
        let mut prose = Vec::with_capacity(at.len());
        for block in text.blocks() {
            let length = block.len().min(at.len() - prose.len());
            prose.resize(prose.len() + length, self::prose(block.len()));
        }
        index.clear(at.len());
        let mut distinct = 0;
        for (place, gram) in (0u32..).zip(&at) {
            match index.insert(*gram, place) {
                None => distinct += 1,
                Some(known) => {
                    let (known, place) = (known as usize, place as usize);
                    if prose[place] > prose[known] {
                        prose[known] = 0;
                        index.replace(*gram, place as u32);
                    } else {
                        prose[place] = 0;
                    }
                }
            }
        }
        let mut sampled = Vec::new();
        winnow(&at, window(at.len()), &mut sampled);
        sampled.shrink_to_fit();
        Self {
            size,
            distinct,
            blocks: text
                .ends
                .iter()
                .copied()
                .zip(text.numbers.iter().copied())
                .collect(),
            sampled,
            groups: Vec::new(),
            at,
            prose,
        }
    }

    /// Puts every distinct gram with its place into an index.
    pub fn index(&self, index: &mut Index) {
        index.clear(self.at.len());
        let places = (0u32..).zip(self.at.iter().zip(&self.prose));
        for (place, (gram, _)) in places.filter(|(_, (_, prose))| **prose > 0) {
            index.insert(*gram, place);
        }
    }
}

/// How much a block of so many words is prose, in 255ths: a menu entry hardly, a sentence mostly.
fn prose(words: usize) -> u8 {
    let square = words.min(1000).pow(2);
    (255 * square / (square + HALF_PROSE * HALF_PROSE)).max(1) as u8
}

/// The address without scheme, `www.`, fragment and last slash.
fn bare(url: &str) -> &str {
    let url = url.split_once("://").map_or(url, |(_, rest)| rest);
    let url = url.strip_prefix("www.").unwrap_or(url);
    let url = url.split_once('#').map_or(url, |(front, _)| front);
    url.strip_suffix('/').unwrap_or(url)
}

/// A table from gram to place, filled again and again. Grams are hashes, so their low bits are a place in the table;
/// what is not there is looked for behind it.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    /// Gram and place, and `round` where the slot is in use.
    slots: Vec<(u32, u32, u32)>,
    mask: usize,
    round: u32,
}

impl Index {
    /// Forgets everything and makes room for so many grams.
    pub fn clear(&mut self, grams: usize) {
        let size = (2 * grams).next_power_of_two().max(64);
        if self.slots.len() < size || self.round == u32::MAX {
            self.slots = vec![(0, 0, 0); size.max(self.slots.len())];
            self.round = 0;
        }
        self.mask = size - 1;
        self.round += 1;
    }

    fn slot(&self, gram: u32) -> usize {
        let mut at = gram as usize & self.mask;
        while self.slots[at].2 == self.round && self.slots[at].0 != gram {
            at = (at + 1) & self.mask;
        }
        at
    }

    /// Notes a gram; gives its place where it was known, and changes nothing then.
    pub fn insert(&mut self, gram: u32, place: u32) -> Option<u32> {
        let at = self.slot(gram);
        let (_, known, round) = self.slots[at];
        if round == self.round {
            return Some(known);
        }
        self.slots[at] = (gram, place, self.round);
        None
    }

    fn replace(&mut self, gram: u32, place: u32) {
        let at = self.slot(gram);
        self.slots[at] = (gram, place, self.round);
    }

    /// The place of a gram.
    #[inline]
    pub fn get(&self, gram: u32) -> Option<u32> {
        let (_, place, round) = self.slots[self.slot(gram)];
        (round == self.round).then_some(place)
    }
}
