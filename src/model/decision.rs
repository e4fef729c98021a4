//! What a person says of an article.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The decision about an article: keep it, drop it, or look at it another time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Belongs in the cleaned collection.
    Keep,
    /// Does not.
    Drop,
    /// Not decided now.
    Skip,
}

impl Verdict {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Drop => "drop",
            Self::Skip => "skip",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Verdict {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Keep, Self::Drop, Self::Skip]
            .into_iter()
            .find(|verdict| verdict.as_str() == text)
            .ok_or(())
    }
}

/// The paragraph that a note is about: found again by its words, also when a better extractor counts otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Anchor {
    /// Its number among the blocks of the body, from 1, when the note was written.
    pub paragraph: u32,
    /// Its words, as a reader saw them; the first [`Anchor::LONGEST`] bytes of a long one.
    pub quote: String,
}

impl Anchor {
    /// So many bytes of a paragraph are quoted.
    pub const LONGEST: usize = 2000;

    /// So many bytes of letters are found inside of another paragraph.
    const ENOUGH: usize = 20;

    /// Anchors a note at a paragraph with these words.
    pub fn new(paragraph: u32, words: &str) -> Self {
        let mut end = words.len().min(Self::LONGEST);
        while !words.is_char_boundary(end) {
            end -= 1;
        }
        Self {
            paragraph,
            quote: words.get(..end).unwrap_or_default().to_owned(),
        }
    }

    /// The place of its paragraph among these: with the same words, else with the same letters and digits (a cleaner
    /// changes quotes and blanks), else one that holds it (an extractor joins paragraphs); of several the nearest to where
    /// it stood. None when no paragraph says this any more.
    pub fn find<'a>(&self, body: impl Iterator<Item = &'a str> + Clone) -> Option<usize> {
        let was = usize::try_from(self.paragraph).unwrap_or(usize::MAX);
        let is_cut = self.quote.len() + 3 >= Self::LONGEST;
        let same = |words: &str| match is_cut {
            false => words == self.quote,
            true => words.starts_with(&self.quote),
        };
        let quote = letters(&self.quote);
        let same_letters = |words: &str| match is_cut {
            false => letters(words) == quote,
            true => letters(words).starts_with(&quote),
        };
        let holds = |words: &str| quote.len() >= Self::ENOUGH && letters(words).contains(&quote);
        let nearest = |fits: &dyn Fn(&str) -> bool| {
            let here = body.clone().enumerate().filter(|(_, words)| fits(words));
            here.map(|(at, _)| at)
                .min_by_key(|at| (at + 1).abs_diff(was))
        };
        nearest(&same)
            .or_else(|| nearest(&|words| !quote.is_empty() && same_letters(words)))
            .or_else(|| nearest(&holds))
    }
}

/// The letters and digits of a text.
fn letters(text: &str) -> String {
    text.chars().filter(|it| it.is_alphanumeric()).collect()
}

/// What a person wrote about an article, or about a paragraph of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Note {
    /// The paragraph; none for the article.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub on: Option<Anchor>,
    /// What was written. May have several lines.
    pub text: String,
}

/// Everything that stands in the review log about one article, summed up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// The tags, in alphabetical order.
    pub tags: BTreeSet<String>,
    /// The verdict, if one was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// Set aside because another version of its group is kept.
    pub superseded: bool,
    /// The notes, that on the article first, then by paragraph: one to a place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

impl Decision {
    /// Writes a note in the place of the one that stands there; without text it is taken away.
    pub fn note(&mut self, on: Option<&Anchor>, text: Option<&str>) {
        let at = self
            .notes
            .binary_search_by(|note| note.on.as_ref().cmp(&on));
        match (at, text) {
            (Ok(at), Some(text)) => text.clone_into(&mut self.notes[at].text),
            (Ok(at), None) => drop(self.notes.remove(at)),
            (Err(at), Some(text)) => {
                let (on, text) = (on.cloned(), text.to_owned());
                self.notes.insert(at, Note { on, text });
            }
            (Err(_), None) => {}
        }
    }

    /// The note on the article, or on a paragraph.
    pub fn note_on(&self, on: Option<&Anchor>) -> Option<&str> {
        let note = self.notes.iter().find(|note| note.on.as_ref() == on)?;
        Some(&note.text)
    }

    /// What the article that takes the place of another gets from it: tags and notes beside its own; a verdict and a
    /// note that it has stay.
    pub fn inherit(&mut self, from: &Self) {
        self.tags.extend(from.tags.iter().cloned());
        self.verdict = self.verdict.or(from.verdict);
        self.superseded |= from.superseded;
        for note in &from.notes {
            if self.note_on(note.on.as_ref()).is_none() {
                self.note(note.on.as_ref(), Some(&note.text));
            }
        }
    }

    /// Says whether nothing was decided.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_has_one_note() {
        let mut decision = Decision::default();
        let at = |paragraph| Some(Anchor::new(paragraph, "Some words."));
        decision.note(at(3).as_ref(), Some("three"));
        decision.note(None, Some("all"));
        decision.note(at(1).as_ref(), Some("one"));
        decision.note(at(3).as_ref(), Some("third"));
        let texts = |decision: &Decision| -> Vec<String> {
            decision.notes.iter().map(|it| it.text.clone()).collect()
        };
        assert_eq!(texts(&decision), ["all", "one", "third"]);
        decision.note(None, None);
        decision.note(None, None);
        assert_eq!(texts(&decision), ["one", "third"]);
        assert_eq!(decision.note_on(at(3).as_ref()), Some("third"));
    }

    #[test]
    fn a_paragraph_is_found_by_its_words_nearest_to_where_it_stood() {
        let body = ["a", "same", "b", "same", "same"];
        let find = |paragraph, words| Anchor::new(paragraph, words).find(body.into_iter());
        assert_eq!(find(4, "same"), Some(3));
        assert_eq!(find(1, "same"), Some(1));
        assert_eq!(find(9, "same"), Some(4));
        assert_eq!(find(1, "gone"), None);
        let anchor = Anchor::new(2, "The “harbour” opens – today, at six.");
        let cleaned = ["x", "The \"harbour\" opens - today,\u{a0}at six."];
        assert_eq!(anchor.find(cleaned.into_iter()), Some(1));
        let joined = ["It rains. The harbour opens today, at six. More.", "x"];
        assert_eq!(anchor.find(joined.into_iter()), Some(0));
        let long = "ü".repeat(Anchor::LONGEST);
        let anchor = Anchor::new(1, &long);
        assert!(anchor.quote.len() <= Anchor::LONGEST);
        assert_eq!(anchor.find(["x", &long].into_iter()), Some(1));
    }
}
