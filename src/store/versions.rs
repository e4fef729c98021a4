//! In which order the versions of a group stand: the one to keep, by its looks, first.
//!
//! The order proposes; the person decides. Points, and why:
//!
//! | points | for |
//! |---|---|
//! | 4 | a title; 2 a byline; 2 a date: what extractors lose first |
//! | up to 4 | the share that it has of what most versions have, in runs of three words: a complete body |
//! | up to 2 | paragraphs that no other version has and that are about the same things: a fuller body |
//! | down to -3 | paragraphs that no other version has and that are about something else: appeals, teasers |
//!
//! Runs of words and not whole paragraphs, since a corrected figure loses a version no paragraph.
//!
//! "About the same things" compares long words, since a cut-off end of the article and an appeal for money look alike
//! to everything else in a group of two. Equal points: the smaller id first, so that the order never depends on how
//! the files were named.

use std::collections::HashSet;

use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64;

use crate::model::{Article, BlockKind};
use crate::text;

/// What speaks for and against a version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Score {
    /// The points together.
    pub points: f64,
    /// It says its title.
    pub title: bool,
    /// It says who wrote it.
    pub byline: bool,
    /// It says when it was published.
    pub date: bool,
    /// Share that it has of what most versions have.
    pub complete: f64,
    /// Share of its paragraphs that no other version has, although they are about the same things.
    pub fuller: f64,
    /// Share of its paragraphs that no other version has and that are about something else.
    pub unrelated: f64,
}

/// Paragraphs with fewer letters than this are compared as they are, but never called unrelated.
const SHORT: usize = 20;

/// Words of a run.
const RUN: usize = 3;

/// Letters that make a word long enough to tell what a text is about.
const LONG_WORD: usize = 5;

/// An unrelated paragraph shares less than this of its long words with the rest.
const RELATED: f64 = 0.25;

/// Scores the versions of one group, in the order given.
pub fn scores(versions: &[&Article]) -> Vec<Score> {
    let bodies: Vec<Body> = versions.iter().map(|it| Body::of(it)).collect();
    let runs: Vec<Vec<u64>> = bodies.iter().map(Body::runs).collect();
    let mut holders = runs.concat();
    holders.sort_unstable();
    let (mut shared, mut most) = (Vec::new(), Vec::new());
    for holders in holders.chunk_by(|a, b| a == b).filter(|it| it.len() > 1) {
        shared.push(holders[0]);
        if 2 * holders.len() > versions.len() {
            most.push(holders[0]);
        }
    }
    let stands_elsewhere = |paragraph: &str| {
        let mut runs = Vec::new();
        runs_of(paragraph, &mut runs);
        let here = runs.iter().filter(|it| shared.binary_search(it).is_ok());
        2 * here.count() >= runs.len()
    };
    let versions = versions.iter().zip(&bodies).zip(&runs);
    versions
        .map(|((article, body), runs)| {
            let own: HashSet<&str> = body.paragraphs().collect();
            let (shared, extra): (Vec<&str>, Vec<&str>) =
                own.iter().partition(|it| stands_elsewhere(it));
            let unrelated = match extra.is_empty() {
                true => 0,
                false => {
                    let about = long_words_of(shared.into_iter());
                    let unrelated = extra.iter().filter(|it| is_unrelated(it, &about));
                    unrelated.count()
                }
            };
            let has = most.iter().filter(|run| runs.binary_search(run).is_ok());
            score(
                article,
                share(has.count(), most.len(), 1.0),
                share(extra.len() - unrelated, own.len(), 0.0),
                share(unrelated, own.len(), 0.0),
            )
        })
        .collect()
}

/// The score of an article without other versions: by its looks alone.
pub fn alone(article: &Article) -> Score {
    score(article, 1.0, 0.0, 0.0)
}

/// The body of a version: words in small letters with a blank between any two.
struct Body {
    text: String,
    /// Where each paragraph ends.
    ends: Vec<usize>,
}

impl Body {
    fn of(article: &Article) -> Self {
        let (mut text, mut ends) = (String::new(), Vec::new());
        for block in article.body() {
            let before = text.len();
            push_words(&text::fold(&block.text), &mut text);
            if text.len() > before {
                ends.push(text.len());
            }
        }
        Self { text, ends }
    }

    fn paragraphs(&self) -> impl Iterator<Item = &str> {
        let mut start = 0;
        self.ends.iter().map(move |end| {
            let paragraph = &self.text[start..*end];
            start = end + 1;
            paragraph
        })
    }

    /// Its runs, ordered, each once; across the borders of paragraphs too: another break loses none.
    fn runs(&self) -> Vec<u64> {
        let mut runs = Vec::with_capacity(self.text.len() / LONG_WORD);
        runs_of(&self.text, &mut runs);
        let short = |it: &&str| it.split(' ').nth(RUN - 1).is_none();
        for paragraph in self.paragraphs().filter(short) {
            runs_of(paragraph, &mut runs);
        }
        runs.sort_unstable();
        runs.dedup();
        runs
    }
}

/// Appends a hash for each run of words, which stand between single blanks; fewer words are one run.
fn runs_of(text: &str, runs: &mut Vec<u64>) {
    let (mut starts, mut words) = ([0; RUN], 0);
    for end in memchr::memchr_iter(b' ', text.as_bytes()).chain([text.len()]) {
        words += 1;
        if words >= RUN {
            let run = &text.as_bytes()[starts[words % RUN]..end];
            runs.push(xxh3_64(run));
        }
        starts[words % RUN] = end + 1;
    }
    if words < RUN {
        runs.push(xxh3_64(text.as_bytes()));
    }
}

/// The places of the versions, the best first, with their scores.
pub fn rank(versions: &[&Article]) -> Vec<(usize, Score)> {
    let mut ranked: Vec<(usize, Score)> = scores(versions).into_iter().enumerate().collect();
    let id = |place: usize| versions.get(place).map(|article| article.id);
    ranked.sort_by(|(a, score_a), (b, score_b)| {
        let points = score_b.points.total_cmp(&score_a.points);
        points.then_with(|| id(*a).cmp(&id(*b)))
    });
    ranked
}

fn score(article: &Article, complete: f64, fuller: f64, unrelated: f64) -> Score {
    let has = |kind: BlockKind| article.blocks.iter().any(|block| block.kind == kind);
    let title = article.meta.title.is_some() || has(BlockKind::Title);
    let byline = article.meta.byline.is_some() || has(BlockKind::Byline);
    let date = article.meta.date.is_some();
    let points = 4.0 * f64::from(u8::from(title))
        + 2.0 * f64::from(u8::from(byline))
        + 2.0 * f64::from(u8::from(date))
        + 4.0 * complete
        + 2.0 * fuller
        - 3.0 * unrelated;
    Score {
        points,
        title,
        byline,
        date,
        complete,
        fuller,
        unrelated,
    }
}

fn share(part: usize, whole: usize, of_nothing: f64) -> f64 {
    if whole == 0 {
        of_nothing
    } else {
        part as f64 / whole as f64
    }
}

/// The body of a version without what layout and typography add: words in small letters.
pub(super) fn whole(article: &Article) -> String {
    Body::of(article).text
}

/// A paragraph without what layout and typography add: words in small letters.
pub(super) fn paragraph(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    push_words(&text::fold(text), &mut words);
    words
}

/// Appends words, with a blank in front of each but the first.
fn push_words(folded: &str, words: &mut String) {
    let mut push = |word: &str| {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    };
    // Most characters are one byte, and need not be made characters of.
    let (bytes, mut at, mut start) = (folded.as_bytes(), 0, None);
    while let Some(byte) = bytes.get(at) {
        let (is_of_word, width) = match byte.is_ascii() {
            true => (byte.is_ascii_alphanumeric(), 1),
            false => {
                let character = folded[at..].chars().next().unwrap_or_default();
                (character.is_alphanumeric(), character.len_utf8())
            }
        };
        match (is_of_word, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                push(&folded[from..at]);
                start = None;
            }
            _ => {}
        }
        at += width;
    }
    if let Some(from) = start {
        push(&folded[from..]);
    }
}

/// What paragraphs are about, as far as their long words tell.
pub(super) fn long_words_of<'a>(paragraphs: impl Iterator<Item = &'a str>) -> HashSet<&'a str> {
    paragraphs.flat_map(long_words).collect()
}

fn long_words(paragraph: &str) -> impl Iterator<Item = &str> {
    paragraph
        .split(' ')
        .filter(|word| word.chars().count() >= LONG_WORD)
}

/// Says whether a paragraph is about something else than `about`.
pub(super) fn is_unrelated(paragraph: &str, about: &HashSet<&str>) -> bool {
    let words: HashSet<&str> = long_words(paragraph).collect();
    let known = words.iter().filter(|word| about.contains(**word)).count();
    paragraph.len() >= SHORT && share(known, words.len(), 1.0) < RELATED
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ArticleId, Basis, Block, Metadata};

    const BODY: [&str; 3] = [
        "A military plane carrying medical equipment departed for Washington on Wednesday.",
        "The minister said the equipment would help American hospitals fight the virus.",
        "The hospitals had asked for masks and military doctors last week.",
    ];

    fn article(id: u8, title: bool, paragraphs: &[&str]) -> Article {
        let text = paragraphs.join("\n");
        let mut at = 0;
        let blocks = paragraphs.iter().map(|paragraph| {
            let range = at..at + paragraph.len();
            at = range.end + 1;
            Block {
                kind: BlockKind::Paragraph,
                text: text::clean_range(&text, range.clone()),
                range,
            }
        });
        Article {
            id: ArticleId::from_bytes([id; 16]),
            meta: Metadata {
                title: title.then(|| text::line("A title")),
                ..Metadata::default()
            },
            blocks: blocks.collect(),
            text: text.clone(),
            basis: Basis::File,
            original: None,
        }
    }

    fn order(versions: &[&Article]) -> Vec<usize> {
        rank(versions).into_iter().map(|(place, _)| place).collect()
    }

    #[track_caller]
    fn best(first: &[&str], second: &[&str]) -> usize {
        let (a, b) = (article(1, false, first), article(2, false, second));
        order(&[&a, &b])[0]
    }

    #[test]
    fn words_are_what_letters_and_digits_make() {
        for text in [
            "",
            "  ",
            "one",
            " one, two—three… ",
            "Å9é x_y 数字。十一",
            "a\u{301}b",
            "…",
        ] {
            let words = text.split(|it: char| !it.is_alphanumeric());
            let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
            let mut found = String::new();
            push_words(text, &mut found);
            assert_eq!(found, words.join(" "), "{text:?}");
        }
    }

    #[test]
    fn a_title_wins() {
        let (a, b) = (article(1, false, &BODY), article(2, true, &BODY));
        assert_eq!(order(&[&a, &b]), [1, 0]);
        assert_eq!(order(&[&b, &a]), [0, 1]);
    }

    #[test]
    fn an_appeal_loses_and_a_cut_off_end_loses_too() {
        let appeal =
            "Donate today: our newsroom depends on readers. Subscribe for independent journalism.";
        assert_eq!(best(&[BODY[0], BODY[1], BODY[2], appeal], &BODY), 1);
        assert_eq!(best(&BODY[..2], &BODY), 1);
    }

    #[test]
    fn a_corrected_figure_loses_no_paragraph() {
        let corrected = BODY[0].replace("Wednesday", "Thursday");
        let other = [&*corrected, BODY[1], BODY[2]];
        let versions = [
            article(1, false, &BODY),
            article(2, false, &BODY),
            article(3, false, &other),
        ];
        let scores = scores(&versions.iter().collect::<Vec<_>>());
        assert!(
            scores[2].complete > 0.9 && scores[2].complete < 1.0,
            "{scores:?}"
        );
        assert_eq!((scores[2].fuller, scores[2].unrelated), (0.0, 0.0));
    }

    #[test]
    fn another_break_of_paragraphs_changes_nothing() {
        let joined = format!("{} {}", BODY[0], BODY[1]);
        let (a, b) = (
            article(1, false, &[&joined, BODY[2]]),
            article(2, false, &BODY),
        );
        let scores = scores(&[&a, &b]);
        assert_eq!((scores[0].fuller, scores[0].unrelated), (0.0, 0.0));
        assert_eq!((scores[1].fuller, scores[1].unrelated), (0.0, 0.0));
    }

    #[test]
    fn equals_stand_by_id() {
        let (a, b) = (article(2, false, &BODY), article(1, false, &BODY));
        assert_eq!(order(&[&a, &b]), [1, 0]);
        assert_eq!(order(&[&b, &a]), [0, 1]);
    }
}
