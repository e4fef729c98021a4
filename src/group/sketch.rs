//! A few hundred bytes that find an article again by its text when nothing but the text is left: which articles a person
//! decided about is kept for years, their texts are edited, extracted anew and moved.
//!
//! The smallest gram hashes of an article are a random sample of its distinct grams (bottom-k: Cohen & Kaplan,
//! *Summarizing data using bottom-k sketches*, 2007). Unlike MinHash with permutations, one sample of one side is
//! enough to estimate how much of it stands in a text that is at hand: the share of the sample found there, with a
//! standard error of 9 % at most for 32 grams. The other direction follows from how many grams there are on both sides.
//!
//! Two issues of one report share nearly all their grams and no numbers; so a few of the numbers are sampled as well.
//!
//! Rejected: keeping the [`Signature`](super::Signature) itself. It grows with the text, to thousands of bytes.

use std::fmt;
use std::str::FromStr;

use super::signature::{GRAM, grams};
use super::words::{Shape, Text};

/// The version of sketches, in front of each: those of another are no longer compared. Raised with every change of
/// words, grams or hashes.
const VERSION: u32 = 1;
/// So many grams are kept at most.
const GRAMS: usize = 32;
/// So many numbers are kept at most.
const NUMBERS: usize = 8;

/// What is kept of an article to find its text again: at most 340 bytes as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sketch {
    /// How many distinct grams the article has.
    distinct: u32,
    /// The smallest of them, ascending.
    grams: Vec<u32>,
    /// The smallest hashes of its numbers, ascending.
    numbers: Vec<u32>,
}

/// How much of a sketched article stands in a text, and the other way round.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Likeness {
    /// Share of the article's grams that stand in the text.
    pub of_sketch: f64,
    /// About what share of the text's grams stands in the article.
    pub of_text: f64,
    /// Share of the article's numbers that stand in the text; none where it has none.
    pub numbers: Option<f64>,
}

/// The words of an article at hand; meant to be filled again and again.
#[derive(Clone, Debug, Default)]
pub struct Looked {
    text: Text,
    /// All distinct grams, ascending.
    grams: Vec<u32>,
    /// All distinct numbers, ascending.
    numbers: Vec<u32>,
}

impl Looked {
    /// Looks at the article that has these blocks.
    pub fn fill<'a>(&mut self, blocks: impl Iterator<Item = &'a str> + Clone) {
        self.text.fill(blocks);
        grams(&self.text, GRAM, &mut self.grams);
        self.grams.sort_unstable();
        self.grams.dedup();
        let words = self.text.words.iter();
        let numbers = words.filter(|word| word.shape() == Shape::Number);
        self.numbers.clear();
        self.numbers.extend(numbers.map(|word| word.hash()));
        self.numbers.sort_unstable();
        self.numbers.dedup();
    }

    /// What is kept of it. That of an article without words is like no other.
    pub fn sketch(&self) -> Sketch {
        let first = |all: &[u32], most| all.iter().copied().take(most).collect();
        Sketch {
            distinct: u32::try_from(self.grams.len()).unwrap_or(u32::MAX),
            grams: first(&self.grams, GRAMS),
            numbers: first(&self.numbers, NUMBERS),
        }
    }

    /// Its distinct grams, ascending.
    pub fn grams(&self) -> &[u32] {
        &self.grams
    }

    /// How much of a sketched article stands here.
    pub fn likeness(&self, sketch: &Sketch) -> Likeness {
        let share = |some: &[u32], all: &[u32]| {
            let found = some.iter().filter(|it| all.binary_search(it).is_ok());
            found.count() as f64 / some.len().max(1) as f64
        };
        let of_sketch = share(&sketch.grams, &self.grams);
        let shared = of_sketch * f64::from(sketch.distinct);
        Likeness {
            of_sketch,
            of_text: (shared / self.grams.len().max(1) as f64).min(1.0),
            numbers: (!sketch.numbers.is_empty()).then(|| share(&sketch.numbers, &self.numbers)),
        }
    }
}

impl Sketch {
    /// The sampled grams, ascending.
    pub fn grams(&self) -> &[u32] {
        &self.grams
    }

    /// Says whether a sketch as text is of this version, and so can be compared.
    pub fn is_current(text: &str) -> bool {
        let version = text.split(' ').next();
        version.and_then(|it| it.parse().ok()) == Some(VERSION)
    }

    /// Says whether all its grams are in the sample: the article is a few words long.
    pub fn is_short(&self) -> bool {
        self.distinct as usize <= GRAMS
    }
}

impl fmt::Display for Sketch {
    /// Version, distinct grams, the grams and the numbers as hexadecimal digits: `1 523 00a1… 0f33…`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{VERSION} {}", self.distinct)?;
        for all in [&self.grams, &self.numbers] {
            f.write_str(" ")?;
            all.iter().try_for_each(|it| write!(f, "{it:08x}"))?;
        }
        Ok(())
    }
}

impl FromStr for Sketch {
    type Err = ();

    /// Reads what [`Display`](fmt::Display) writes, and nothing else.
    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.split(' ');
        let mut next = || parts.next().ok_or(());
        if next()? != VERSION.to_string() {
            return Err(());
        }
        let distinct = next()?.parse().map_err(|_| ())?;
        let sketch = Self {
            distinct,
            grams: hashes(next()?, GRAMS)?,
            numbers: hashes(next()?, NUMBERS)?,
        };
        (sketch.to_string() == text).then_some(sketch).ok_or(())
    }
}

/// So many hashes at most, eight digits each.
fn hashes(digits: &str, most: usize) -> Result<Vec<u32>, ()> {
    let (eights, rest) = digits.as_bytes().as_chunks::<8>();
    if !rest.is_empty() || eights.len() > most {
        return Err(());
    }
    let hash = |eight: &[u8; 8]| {
        let digits = std::str::from_utf8(eight).map_err(|_| ())?;
        u32::from_str_radix(digits, 16).map_err(|_| ())
    };
    eights.iter().map(hash).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looked(text: &str) -> Looked {
        let mut looked = Looked::default();
        looked.fill(text.lines());
        looked
    }

    /// A text of so many words, each of its own.
    fn text(from: usize, words: usize) -> String {
        let word =
            |it: usize| format!("w{}x ", char::from(b'a' + (it % 26) as u8)).repeat(1 + it % 3);
        let spelled = |it: usize| {
            let letters = it
                .to_string()
                .bytes()
                .map(|digit| char::from(b'a' + digit - b'0'))
                .collect::<String>();
            format!("{}{letters}", word(it))
        };
        (from..from + words)
            .map(spelled)
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn a_sketch_survives_its_digits() {
        for words in [
            "one two three four five 1,000 in 2020",
            "one",
            &text(0, 500),
        ] {
            let sketch = looked(words).sketch();
            let digits = sketch.to_string();
            assert!(digits.len() <= 340, "{digits}");
            assert_eq!(digits.parse(), Ok(sketch));
        }
        let empty = looked(" \n…");
        assert_eq!(empty.sketch().to_string().parse(), Ok(empty.sketch()));
        assert_eq!(empty.likeness(&empty.sketch()).of_sketch, 0.0);
        for wrong in [
            "",
            "1",
            "1 2",
            "1 2 00000001",
            "2 1 00000001 ",
            "1 01 00000001 ",
            "1 1 0000001 ",
            "1 1 +0000001 ",
        ] {
            assert_eq!(wrong.parse::<Sketch>(), Err(()), "{wrong:?}");
        }
    }

    #[test]
    fn what_stands_in_a_text_is_found_there() {
        let whole = format!("{}\n{}", text(0, 400), text(5000, 400));
        let sketch = looked(&whole).sketch();
        let all = looked(&format!("Menu. Home.\n{whole}")).likeness(&sketch);
        assert!(all.of_sketch > 0.95 && all.of_text > 0.9, "{all:?}");
        let half = looked(&text(0, 400)).likeness(&sketch);
        assert!(
            (0.25..0.75).contains(&half.of_sketch) && half.of_text > 0.5,
            "{half:?}"
        );
        let none = looked(&text(90_000, 400)).likeness(&sketch);
        assert!(none.of_sketch < 0.05, "{none:?}");
    }

    #[test]
    fn another_issue_of_one_form_has_other_numbers() {
        let issue = |week: u32| {
            format!(
                "{}\nIn week {week} there were {} cases and {} deaths.",
                text(0, 300),
                week * 37,
                week * 3
            )
        };
        let sketch = looked(&issue(12)).sketch();
        let next = looked(&issue(13)).likeness(&sketch);
        assert!(next.of_sketch > 0.8, "{next:?}");
        assert_eq!(next.numbers, Some(0.0));
        assert_eq!(looked(&issue(12)).likeness(&sketch).numbers, Some(1.0));
    }
}
