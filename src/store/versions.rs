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

use std::collections::{HashMap, HashSet};

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
    let paragraphs: Vec<Vec<String>> = versions.iter().map(|it| paragraphs(it)).collect();
    let runs: Vec<HashSet<u64>> = paragraphs.iter().map(|all| body_runs(all)).collect();
    let mut holders: HashMap<u64, usize> = HashMap::new();
    for run in runs.iter().flatten() {
        *holders.entry(*run).or_default() += 1;
    }
    let shared = |run: &u64| holders.get(run).is_some_and(|count| *count > 1);
    let stands_elsewhere = |paragraph: &&str| {
        let runs = runs_of(&paragraph.split(' ').collect::<Vec<_>>());
        2 * runs.iter().filter(|run| shared(run)).count() >= runs.len()
    };
    let most = holders
        .iter()
        .filter(|(_, count)| **count > 1 && 2 * **count > versions.len());
    let most: Vec<u64> = most.map(|(run, _)| *run).collect();
    let versions = versions.iter().zip(&paragraphs).zip(&runs);
    versions
        .map(|((article, paragraphs), runs)| {
            let own: HashSet<&str> = paragraphs.iter().map(String::as_str).collect();
            let (shared, extra): (Vec<&str>, Vec<&str>) =
                own.iter().partition(|it| stands_elsewhere(it));
            let about = long_words_of(shared.into_iter());
            let unrelated = extra
                .iter()
                .filter(|paragraph| is_unrelated(paragraph, &about))
                .count();
            let has = most.iter().filter(|run| runs.contains(run)).count();
            score(
                article,
                share(has, most.len(), 1.0),
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

/// The runs of words of a body, across the borders of paragraphs too: another break loses none.
fn body_runs(paragraphs: &[String]) -> HashSet<u64> {
    let all: Vec<&str> = paragraphs.iter().flat_map(|it| it.split(' ')).collect();
    let mut runs: HashSet<u64> = runs_of(&all).into_iter().collect();
    for paragraph in paragraphs {
        runs.extend(runs_of(&paragraph.split(' ').collect::<Vec<_>>()));
    }
    runs
}

/// A hash for each run of words; fewer words are one run.
fn runs_of(words: &[&str]) -> Vec<u64> {
    let hash = |run: &[&str]| xxh3_64(run.join(" ").as_bytes());
    match words.len() {
        0..RUN => vec![hash(words)],
        _ => words.windows(RUN).map(hash).collect(),
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

/// The paragraphs of the body without what layout and typography add: words in small letters.
fn paragraphs(article: &Article) -> Vec<String> {
    article
        .body()
        .map(|block| paragraph(&block.text))
        .filter(|paragraph| !paragraph.is_empty())
        .collect()
}

/// All of them as one text.
pub(super) fn whole(article: &Article) -> String {
    paragraphs(article).join(" ")
}

/// A paragraph without what layout and typography add: words in small letters.
pub(super) fn paragraph(text: &str) -> String {
    let folded = text::fold(text);
    let words = folded.split(|it: char| !it.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
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
