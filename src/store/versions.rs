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
use std::ops::Range;

use serde::Serialize;

use super::hashes::{Hashed, secret};
use super::letters::push_words;
use crate::model::{Article, BlockKind};

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
    let holders = Holders::of(&bodies);
    let most = |run: u32| {
        let count = holders.count[run as usize];
        count > 1 && 2 * count as usize > versions.len()
    };
    let all = (0..holders.count.len() as u32).filter(|run| most(*run));
    let all = all.count();
    let mut seen = vec![usize::MAX; holders.count.len()];
    let versions = versions.iter().zip(bodies.iter().zip(&holders.runs));
    let versions = versions.enumerate().map(|(at, (article, (body, runs)))| {
        let has = runs.iter().filter(|run| {
            let is_first = std::mem::replace(&mut seen[**run as usize], at) != at;
            is_first && most(**run)
        });
        let has = has.count();
        let stands_elsewhere = |paragraph: &&Paragraph| {
            let runs = &runs[paragraph.runs.clone()];
            let here = runs.iter().filter(|it| holders.count[**it as usize] > 1);
            2 * here.count() >= runs.len()
        };
        let (fuller, unrelated) = match body.paragraphs.iter().all(|it| stands_elsewhere(&it)) {
            true => (0.0, 0.0),
            false => body.extra(stands_elsewhere),
        };
        score(article, share(has, all, 1.0), fuller, unrelated)
    });
    versions.collect()
}

/// Which versions have which runs. Runs are numbered as they come.
struct Holders {
    /// By version the numbers of [`Body::runs`].
    runs: Vec<Vec<u32>>,
    /// By run: how many versions have it.
    count: Vec<u32>,
}

impl Holders {
    fn of(bodies: &[Body]) -> Self {
        let all = bodies.iter().map(|body| body.runs.len());
        let most = all.max().unwrap_or(0);
        let mut numbers: HashMap<u64, u32, Hashed> =
            HashMap::with_capacity_and_hasher(most, Hashed::default());
        let (mut count, mut last): (Vec<u32>, Vec<usize>) = (Vec::new(), Vec::new());
        let runs = bodies.iter().enumerate().map(|(at, body)| {
            let runs = body.runs.iter().map(|run| {
                let new = count.len() as u32;
                let number = *numbers.entry(*run).or_insert(new);
                if number == new {
                    count.push(0);
                    last.push(usize::MAX);
                }
                let place = number as usize;
                if std::mem::replace(&mut last[place], at) != at {
                    count[place] += 1;
                }
                number
            });
            runs.collect()
        });
        Self {
            runs: runs.collect(),
            count,
        }
    }
}

/// The score of an article without other versions: by its looks alone.
pub fn alone(article: &Article) -> Score {
    score(article, 1.0, 0.0, 0.0)
}

/// The body of a version.
struct Body {
    /// Words in small letters with a blank between any two.
    text: String,
    paragraphs: Vec<Paragraph>,
    /// A hash of each run of words of the text, in order, across the borders of paragraphs too: another break loses
    /// none. Behind them those of paragraphs that are shorter than a run.
    runs: Vec<u64>,
}

/// A paragraph with words.
struct Paragraph {
    /// Its place in the text,
    text: Range<usize>,
    /// and that of its runs.
    runs: Range<usize>,
}

impl Body {
    fn of(article: &Article) -> Self {
        let (text, ends) = words_of(article);
        let mut runs = Vec::with_capacity(text.len() / LONG_WORD);
        runs_of(&text, &mut runs);
        let (mut start, mut word) = (0, 0);
        let paragraphs = ends.into_iter().map(|end| {
            let paragraph = &text[start..end];
            let words = 1 + memchr::memchr_iter(b' ', paragraph.as_bytes()).count();
            let own = match words.checked_sub(RUN) {
                Some(more) => word..word + more + 1,
                None => {
                    runs_of(paragraph, &mut runs);
                    runs.len() - 1..runs.len()
                }
            };
            let paragraph = Paragraph {
                text: start..end,
                runs: own,
            };
            (start, word) = (end + 1, word + words);
            paragraph
        });
        Self {
            paragraphs: paragraphs.collect(),
            text,
            runs,
        }
    }

    /// Of its different paragraphs the share of those that stand nowhere else: about the same things, and about others.
    fn extra(&self, stands_elsewhere: impl Fn(&&Paragraph) -> bool) -> (f64, f64) {
        let text = |it: &Paragraph| &self.text[it.text.clone()];
        let (shared, extra): (Vec<&Paragraph>, Vec<&Paragraph>) =
            self.paragraphs.iter().partition(stands_elsewhere);
        let [shared, extra] = [shared, extra].map(|all| -> Vec<&str> {
            let mut seen: HashSet<u64, Hashed> = HashSet::default();
            let all = all.into_iter().map(text);
            all.filter(|it| seen.insert(secret(it.as_bytes())))
                .collect()
        });
        let about = long_words_of(shared.iter().copied());
        let unrelated = extra.iter().filter(|it| is_unrelated(it, &about)).count();
        let all = shared.len() + extra.len();
        (
            share(extra.len() - unrelated, all, 0.0),
            share(unrelated, all, 0.0),
        )
    }
}

/// Appends a hash for each run of words, which stand between single blanks; fewer words are one run.
fn runs_of(text: &str, runs: &mut Vec<u64>) {
    let (mut starts, mut words) = ([0; RUN], 0);
    for end in memchr::memchr_iter(b' ', text.as_bytes()).chain([text.len()]) {
        words += 1;
        if words >= RUN {
            let run = &text.as_bytes()[starts[words % RUN]..end];
            runs.push(secret(run));
        }
        starts[words % RUN] = end + 1;
    }
    if words < RUN {
        runs.push(secret(text.as_bytes()));
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
    words_of(article).0
}

/// The same with where each paragraph that has words ends.
fn words_of(article: &Article) -> (String, Vec<usize>) {
    let (mut text, mut ends) = (String::new(), Vec::new());
    for block in article.body() {
        let before = text.len();
        push_words(&block.text, &mut text);
        if text.len() > before {
            ends.push(text.len());
        }
    }
    (text, ends)
}

/// A paragraph without what layout and typography add: words in small letters.
pub(super) fn paragraph(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    push_words(text, &mut words);
    words
}

/// What paragraphs are about, as far as their long words tell: hashes of them.
pub(super) fn long_words_of<'a>(paragraphs: impl Iterator<Item = &'a str>) -> LongWords {
    paragraphs.flat_map(long_words).collect()
}

/// Hashes of words.
pub(super) type LongWords = HashSet<u64, Hashed>;

fn long_words(paragraph: &str) -> impl Iterator<Item = u64> {
    let words = paragraph.as_bytes().split(|byte| *byte == b' ');
    let is_letter = |byte: &&u8| !matches!(byte, 0x80..0xC0);
    let is_long = move |word: &&[u8]| {
        word.len() >= LONG_WORD && word.iter().filter(is_letter).count() >= LONG_WORD
    };
    words.filter(is_long).map(secret)
}

/// Says whether a paragraph is about something else than `about`.
pub(super) fn is_unrelated(paragraph: &str, about: &LongWords) -> bool {
    let words: LongWords = long_words(paragraph).collect();
    let known = words.iter().filter(|word| about.contains(word)).count();
    paragraph.len() >= SHORT && share(known, words.len(), 1.0) < RELATED
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{ArticleId, Basis, Block, Metadata};
    use crate::text;

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

    /// Runs of a text, each once.
    fn runs(text: &str) -> HashSet<String> {
        let words: Vec<&str> = text.split(' ').collect();
        words
            .windows(RUN.min(words.len()))
            .map(|it| it.join(" "))
            .collect()
    }

    /// What the head of this module says, as plainly as it can be said: complete, fuller, unrelated.
    fn plainly(versions: &[&Article]) -> Vec<[f64; 3]> {
        let paragraphs = versions.iter().map(|article| {
            let all = article.body().map(|block| paragraph(&block.text));
            all.filter(|it| !it.is_empty()).collect::<Vec<String>>()
        });
        let paragraphs: Vec<Vec<String>> = paragraphs.collect();
        let of_version = |own: &Vec<String>| {
            let short = own.iter().filter(|it| it.split(' ').count() < RUN);
            let mut all = runs(&own.join(" "));
            all.extend(short.cloned());
            all
        };
        let all: Vec<HashSet<String>> = paragraphs.iter().map(of_version).collect();
        let holders = |run: &String| all.iter().filter(|it| it.contains(run)).count();
        let every: HashSet<&String> = all.iter().flatten().collect();
        let is_of_most = |run: &&&String| holders(run) > 1 && 2 * holders(run) > versions.len();
        let most: Vec<&&String> = every.iter().filter(is_of_most).collect();
        let here = |text: &str| {
            let words: Vec<&str> = text.split(' ').collect();
            let runs = words.windows(RUN.min(words.len())).map(|it| it.join(" "));
            let shared: Vec<bool> = runs.map(|run| holders(&run) > 1).collect();
            2 * shared.iter().filter(|it| **it).count() >= shared.len()
        };
        let score = |(own, runs): (&Vec<String>, &HashSet<String>)| {
            let own: HashSet<&str> = own.iter().map(String::as_str).collect();
            let (shared, extra): (Vec<&str>, Vec<&str>) = own.iter().partition(|it| here(it));
            let about = long_words_of(shared.into_iter());
            let unrelated = extra.iter().filter(|it| is_unrelated(it, &about)).count();
            let has = most
                .iter()
                .filter(|run| runs.contains(run.as_str()))
                .count();
            [
                share(has, most.len(), 1.0),
                share(extra.len() - unrelated, own.len(), 0.0),
                share(unrelated, own.len(), 0.0),
            ]
        };
        paragraphs.iter().zip(&all).map(score).collect()
    }

    proptest! {
        #[test]
        fn versions_are_scored_as_the_rules_say(
            bodies in prop::collection::vec(
                prop::collection::vec(
                    prop::collection::vec(prop::sample::select(&[
                        "one", "two", "three", "minister", "hospital", "donation", "virus", "-",
                    ][..]), 0..9),
                    0..5,
                ),
                1..5,
            ),
        ) {
            let bodies: Vec<Vec<String>> = bodies
                .iter()
                .map(|body| body.iter().map(|words| words.join(" ")).collect())
                .collect();
            let articles: Vec<Article> = (0..)
                .zip(&bodies)
                .map(|(id, body)| {
                    article(id, false, &body.iter().map(String::as_str).collect::<Vec<_>>())
                })
                .collect();
            let versions: Vec<&Article> = articles.iter().collect();
            let found = scores(&versions);
            let found: Vec<[f64; 3]> =
                found.iter().map(|it| [it.complete, it.fuller, it.unrelated]).collect();
            prop_assert_eq!(found, plainly(&versions));
        }
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
