//! The places where versions differ as a critical edition prints them: who reads what, in words.
//!
//! ```text
//! ¶2  4,000 ] A C · 4,100 B · om. D          what the base reads, who agrees, who reads what instead
//! ¶3  came ] A B C · add. , they say D       what others add behind a word of the base
//! ```
//! What differs only in layout or typography is left out. Long readings lose their middle.

use std::ops::Range;

use super::{Line, Site, State, Versions};
use crate::text;

/// Words of a reading that are shown at its beginning and at its end, when it has more than both and one.
const EDGE: usize = 4;

/// No word that goes in front of an addition is longer, in columns; text without spaces has no words.
const LEMMA: usize = 24;

/// Bytes in front of an addition that are searched for a word.
const BEFORE: usize = 512;

/// The apparatus of some versions.
#[derive(Clone, Copy)]
pub struct Apparatus<'a> {
    found: &'a Versions,
    texts: &'a [&'a str],
    words: &'a dyn Fn(usize, Range<usize>) -> String,
}

/// What some versions read, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The words as they are printed: `4,000 ]` for the base, `om.` and `add. …` for others. Safe for a terminal.
    pub words: String,
    /// Who reads them, ascending.
    pub versions: Vec<usize>,
}

impl<'a> Apparatus<'a> {
    /// Of versions, the texts that were compared, and what a reader sees of some bytes of one of them: the bytes
    /// themselves, or the words without the markup.
    pub fn new(
        found: &'a Versions,
        texts: &'a [&'a str],
        words: &'a dyn Fn(usize, Range<usize>) -> String,
    ) -> Self {
        Self {
            found,
            texts,
            words,
        }
    }

    /// The places where words differ, but for pieces of a paragraph that some lack as a whole: the matrix says that
    /// once.
    pub fn sites(self) -> impl Iterator<Item = &'a Site> {
        let differ = self.found.sites.iter().filter(|site| site.differs());
        differ.filter(move |site| !self.is_piece_of_what_is_missing(site))
    }

    /// The paragraph of the base, counted from 1, that holds a site; an addition belongs to the words in front of it.
    pub fn paragraph(self, site: &Site) -> usize {
        let adds = site.range.is_empty();
        self.own()
            .take_while(|line| line.range.start < site.range.start + usize::from(!adds))
            .count()
            .max(1)
    }

    /// The readings of a site with who reads each: (`4,000 ]`, A C), (`4,100`, B), (`om.`, D).
    pub fn readings(self, site: &Site) -> Vec<Words> {
        let readings = self.read(site);
        let adds = readings.first().is_some_and(|(words, _)| words.is_empty());
        let readings = readings.into_iter().enumerate();
        let readings = readings.map(|(at, (words, mut versions))| {
            versions.sort_unstable();
            let words = match (at, words.is_empty()) {
                (0, true) => format!("{} ]", self.word_before(site.range.start)),
                (0, false) => format!("{} ]", shortened(&words)),
                (_, true) => "om.".to_owned(),
                (_, false) if adds => format!("add. {}", shortened(&words)),
                (_, false) => shortened(&words),
            };
            Words { words, versions }
        });
        readings.collect()
    }

    /// The paragraphs of the base.
    fn own(self) -> impl Iterator<Item = &'a Line> {
        let base = self.found.base;
        let lines = self.found.paragraphs.iter();
        lines.filter(move |line| line.version == base)
    }

    fn is_piece_of_what_is_missing(self, site: &Site) -> bool {
        let Some(line) = self.own().nth(self.paragraph(site) - 1) else {
            return false;
        };
        let whole = site.range.start <= line.range.start && line.range.end <= site.range.end;
        let missing = |version: &usize| line.states.get(*version) == Some(&State::Missing);
        let mut others = self.read(site).into_iter().skip(1);
        !whole && others.all(|(words, who)| words.is_empty() && who.iter().all(missing))
    }

    /// What is read at a site, and by whom. Readings that differ in white space only are one for a reader.
    fn read(self, site: &Site) -> Vec<(String, Vec<usize>)> {
        let mut readings: Vec<(String, Vec<usize>)> = Vec::new();
        for reading in &site.readings {
            let first = reading.versions.first();
            let words = first.map(|&at| (self.words)(at, reading.range.clone()));
            let words = squeezed(&words.unwrap_or_default());
            match readings.iter_mut().find(|(known, _)| *known == words) {
                Some((_, versions)) => versions.extend(&reading.versions),
                None => readings.push((words, reading.versions.clone())),
            }
        }
        readings
    }

    /// The word of the base in front of a place.
    fn word_before(self, at: usize) -> String {
        let base = self.texts.get(self.found.base).copied().unwrap_or_default();
        let from = text::head(base, at.saturating_sub(BEFORE)).len();
        let before = (self.words)(self.found.base, from..at);
        let word = squeezed(before.split_whitespace().next_back().unwrap_or("(begin)"));
        let mut rest = word.chars();
        while text::width(rest.as_str()) > LEMMA {
            rest.next();
        }
        rest.as_str().to_owned()
    }
}

/// The words with one blank between them, made safe for a terminal.
pub fn squeezed(words: &str) -> String {
    let words: Vec<&str> = words.split_whitespace().collect();
    text::line(&words.join(" ")).to_string()
}

/// A reading without its middle.
fn shortened(reading: &str) -> String {
    let words: Vec<&str> = reading.split(' ').collect();
    if words.len() <= 2 * EDGE + 1 {
        return reading.to_owned();
    }
    let (first, last) = (&words[..EDGE], &words[words.len() - EDGE..]);
    format!("{} … {}", first.join(" "), last.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_readings_lose_their_middle() {
        assert_eq!(shortened("a b c d e f g h i"), "a b c d e f g h i");
        assert_eq!(shortened("a b c d e f g h i j"), "a b c d … g h i j");
    }
}
