use super::*;
use crate::model::{ArticleId, Basis, Block, BlockKind, Metadata};
use crate::text;

const NOTICE: &str = "We use cookies on this site so that it works as you would expect it to work.";
const SHORT_NOTICE: &str = "Read more";

fn article(number: u8, paragraphs: &[&str]) -> Article {
    let text = paragraphs.join("\n\n");
    let mut at = 0;
    let blocks = paragraphs.iter().map(|paragraph| {
        let range = at..at + paragraph.len();
        at = range.end + 2;
        Block {
            kind: BlockKind::Paragraph,
            text: text::clean_range(&text, range.clone()),
            range,
        }
    });
    Article {
        id: ArticleId::from_bytes([number; 16]),
        meta: Metadata::default(),
        blocks: blocks.collect(),
        text: text.clone(),
        basis: Basis::File,
        original: None,
    }
}

/// A paragraph that no other number has.
fn own(number: usize) -> String {
    const WORDS: [&str; 16] = [
        "harbour",
        "quay",
        "oak",
        "ferry",
        "winter",
        "market",
        "onion",
        "telescope",
        "bridge",
        "council",
        "reservoir",
        "library",
        "orchard",
        "railway",
        "lantern",
        "violin",
    ];
    let word = |at: usize| WORDS[(number / 16usize.pow(at as u32) + at * 5 + number) % 16];
    format!(
        "In story {number} the {} met the {} and the {}.",
        word(0),
        word(1),
        word(2)
    )
}

/// Finds the boilerplate of every article; `groups` has the members of each group.
fn blocks_of(articles: &[Article]) -> Blocks {
    let article = |at: usize| Some(Arc::new(articles[at].clone()));
    Blocks::of_articles(articles.len(), article, &Cancel::new()).expect("nobody calls it off")
}

fn found(articles: &[Article], groups: &[&[usize]]) -> Vec<Vec<(usize, u32)>> {
    let blocks = blocks_of(articles);
    let orders: Vec<Vec<u32>> = groups
        .iter()
        .map(|members| members.iter().map(|at| *at as u32).collect())
        .collect();
    let counts = blocks.count(orders.into_iter());
    (0..articles.len())
        .map(|at| blocks.elsewhere(at, &counts).blocks)
        .collect()
}

/// Stories with a notice at the end of the first `with` of them.
fn stories(count: usize, with: usize, notice: &[&str]) -> Vec<Article> {
    (0..count)
        .map(|at| {
            let body: Vec<String> = (0..3).map(|part| own(3 * at + part)).collect();
            let mut body: Vec<&str> = body.iter().map(String::as_str).collect();
            if at < with {
                body.extend(notice);
            }
            article(at as u8, &body)
        })
        .collect()
}

fn alone(count: usize) -> Vec<Vec<usize>> {
    (0..count).map(|at| vec![at]).collect()
}

#[track_caller]
fn check(articles: &[Article], groups: &[Vec<usize>], at: usize, expected: &[(usize, u32)]) {
    let groups: Vec<&[usize]> = groups.iter().map(Vec::as_slice).collect();
    assert_eq!(found(articles, &groups)[at], expected);
}

#[test]
fn a_block_in_three_other_groups_is_boilerplate() {
    check(&stories(40, 4, &[NOTICE]), &alone(40), 0, &[(3, 3)]);
    check(&stories(40, 3, &[NOTICE]), &alone(40), 0, &[]);
    check(&stories(40, 4, &[NOTICE]), &alone(40), 7, &[]);
    // Where three of three stories have it, they are all that there is to know.
    check(&stories(3, 3, &[NOTICE]), &alone(3), 1, &[(3, 2)]);
    check(&stories(6, 3, &[NOTICE]), &alone(6), 1, &[]);
}

#[test]
fn groups_count_and_not_articles() {
    let articles = stories(40, 20, &[NOTICE]);
    let mut groups = alone(40);
    groups.drain(..20);
    groups.insert(0, (0..20).collect());
    check(&articles, &groups, 0, &[]);
    // The same twenty in four groups: three are others.
    groups.remove(0);
    groups.extend([0, 5, 10, 15].map(|from| (from..from + 5).collect()));
    check(&articles, &groups, 0, &[(3, 3)]);
}

#[test]
fn layout_case_and_typography_do_not_count() {
    let mut articles = stories(40, 3, &[NOTICE]);
    let shouted = NOTICE.to_uppercase().replace(' ', "  ");
    articles.push(article(90, &[&own(999), &shouted]));
    let mut groups = alone(41);
    check(&articles, &groups, 40, &[(1, 3)]);
    // Another number is another sentence.
    articles[40] = article(
        90,
        &[
            &own(999),
            "We use 12 cookies on this site so that it works.",
        ],
    );
    groups.truncate(41);
    check(&articles, &groups, 40, &[]);
}

#[test]
fn short_blocks_need_more() {
    // Four have it, three are others: enough for a sentence, not for two words.
    check(&stories(40, 4, &[SHORT_NOTICE]), &alone(40), 0, &[]);
    check(&stories(40, 11, &[SHORT_NOTICE]), &alone(40), 0, &[(3, 10)]);
    // The heading of a box of boilerplate belongs to it.
    let boxed = stories(40, 4, &[SHORT_NOTICE, NOTICE]);
    check(&boxed, &alone(40), 0, &[(3, 3), (4, 3)]);
    // A byline or place at the head says something about the article, however many share it.
    let bylined: Vec<Article> = (0..40)
        .map(|at| article(at, &["By AFP", "London", &own(usize::from(at))]))
        .collect();
    check(&bylined, &alone(40), 0, &[]);
}

#[test]
fn the_share_is_one_of_letters() {
    let articles = stories(40, 40, &[NOTICE]);
    let blocks = blocks_of(&articles);
    let all: Vec<u32> = (0..articles.len() as u32).collect();
    let share = blocks.elsewhere(5, &blocks.count(all.chunks(1))).share;
    let letters = |text: &str| text.chars().filter(|it| it.is_alphanumeric()).count() as f64;
    let all: f64 = articles[5].blocks.iter().map(|it| letters(&it.text)).sum();
    assert!((share - letters(NOTICE) / all).abs() < 1e-9, "{share}");
    // A repeated block is one of one article, not of two.
    let twice = [article(1, &[NOTICE, NOTICE]), article(2, &[&own(1)])];
    let blocks = blocks_of(&twice);
    assert_eq!(blocks.texts, 0);
}

#[test]
fn few_of_many_versions_have_what_stands_in_their_frame() {
    let body: Vec<String> = (0..4).map(own).collect();
    let body: Vec<&str> = body.iter().map(String::as_str).collect();
    let appeal =
        "Donate today: our newsroom depends on readers who subscribe to independent journalism.";
    let with: Vec<&str> = body.iter().copied().chain([appeal]).collect();
    // The cut-off end of the story: about the same things.
    let more =
        "The harbour council said that the ferry, the quay and the market would stay in winter.";
    let longer: Vec<&str> = body.iter().copied().chain([more]).collect();
    let mut inside = with.clone();
    inside.swap(1, 4);
    for (last, expected) in [(&with, Some(4)), (&longer, None), (&inside, None)] {
        let mut versions: Vec<Article> = (0..4).map(|at| article(at, &body)).collect();
        versions.push(article(9, last));
        let versions: Vec<&Article> = versions.iter().collect();
        let found = frame(&versions, 4);
        assert_eq!(found.first().map(|it| it.block), expected, "{last:?}");
        // Two versions are not many.
        assert_eq!(frame(&versions[3..], 1), []);
    }
}

#[test]
fn a_raised_flag_ends_the_work() {
    let cancel = Cancel::new();
    cancel.cancel();
    assert!(Blocks::of_articles(0, |_| None, &cancel).is_none());
}
