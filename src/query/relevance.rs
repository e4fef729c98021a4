//! How well articles fit the words of a query: BM25 over title and body, the title weighing more.
//!
//! The formula is BM25F (Robertson, Zaragoza, Taylor 2004): the counts of a word in both fields are weighed and summed
//! before they saturate, so that a word in the title and in the body is not counted as two words. A phrase or prefix
//! counts like a word. Capitals decide what is found, not how well it fits; signs, regular expressions and everything
//! behind a minus do not count.

use super::ast::{Expr, Query, SortKey, Term, TextField};
use super::pattern::{Pattern, PatternForm};
use crate::text::find::fold;

/// How soon more of the same word stop to matter.
const K1: f64 = 1.2;
/// How much a long body is held against an article.
const B: f64 = 0.75;
/// What one word in the title counts, in words of a body of average length.
const TITLE: f64 = 5.0;

/// How often a word stands in an article.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// In its title.
    pub title: u32,
    /// In its body.
    pub body: u32,
}

impl Counts {
    /// Says whether it stands there at all.
    pub fn is_some(self) -> bool {
        self.title > 0 || self.body > 0
    }
}

/// What the words of a query are worth in one collection.
#[derive(Clone, Debug, PartialEq)]
pub struct Relevance {
    worth: Vec<f64>,
    /// Words of a body on average.
    average: f64,
}

impl Relevance {
    /// The worth of words that stand in so many articles each, of a collection of `articles` with `words` in all.
    pub fn new(found: &[u64], articles: u64, words: u64) -> Self {
        let worth = |found: &u64| {
            let (found, all) = (*found as f64, articles as f64);
            (1.0 + (all - found + 0.5) / (found + 0.5)).ln()
        };
        Self {
            worth: found.iter().map(worth).collect(),
            average: words as f64 / articles.max(1) as f64,
        }
    }

    /// The score of an article whose body has so many words; the greatest fits best. `counts` are those of the words
    /// in their order.
    pub fn score(&self, counts: impl Iterator<Item = Counts>, words: u64) -> f64 {
        let length = 1.0 - B + B * words as f64 / self.average.max(1.0);
        let parts = self.worth.iter().zip(counts).map(|(worth, counts)| {
            let count = TITLE * f64::from(counts.title) + f64::from(counts.body) / length;
            worth * count * (K1 + 1.0) / (count + K1)
        });
        parts.sum()
    }
}

/// Says whether the list is ordered by relevance in the first place; and whether the least relevant comes first.
pub fn by_relevance(query: &Query) -> Option<bool> {
    let first = query.sort.first()?;
    (first.key == SortKey::Relevance).then_some(first.descending)
}

/// The words that count, and where they are looked for.
pub fn words(query: &Query) -> Vec<(TextField, Pattern)> {
    fn walk(expr: &Expr, words: &mut Vec<(TextField, Pattern)>) {
        match expr {
            Expr::And(all) | Expr::Or(all) => all.iter().for_each(|it| walk(it, words)),
            Expr::Term(Term::Text(field, pattern)) => {
                let counts = matches!(
                    field,
                    TextField::Anywhere | TextField::Title | TextField::Body
                );
                let is_prefix = pattern.form() == PatternForm::Prefix;
                let folded = pattern.sought().filter(|_| counts);
                let folded = folded.and_then(|_| Pattern::words(&fold(pattern.text()), is_prefix));
                words.extend(folded.map(|pattern| (*field, pattern)));
            }
            Expr::Not(_) | Expr::Term(_) => {}
        }
    }
    let mut words = Vec::new();
    if let Some(expr) = &query.expr {
        walk(expr, &mut words);
    }
    words
}

/// How often a word stands in the fields where it is looked for.
pub fn counts<'a>(
    field: TextField,
    pattern: &Pattern,
    title: &str,
    body: impl Iterator<Item = &'a str>,
) -> Counts {
    let in_title = matches!(field, TextField::Anywhere | TextField::Title);
    let in_body = matches!(field, TextField::Anywhere | TextField::Body);
    Counts {
        title: if in_title { pattern.count_in(title) } else { 0 },
        body: match in_body {
            true => body.map(|block| pattern.count_in(block)).sum(),
            false => 0,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_words_titles_and_short_texts_score_more() {
        let relevance = Relevance::new(&[10, 500], 1000, 300_000);
        let score = |first: (u32, u32), second: (u32, u32), words| {
            let counts = [first, second].map(|(title, body)| Counts { title, body });
            relevance.score(counts.into_iter(), words)
        };
        let plain = score((0, 1), (0, 0), 300);
        assert!(plain > score((0, 0), (0, 1), 300), "a rare word");
        assert!(score((1, 0), (0, 0), 300) > plain, "in the title");
        assert!(score((0, 1), (0, 0), 100) > plain, "in a short text");
        assert!(score((0, 5), (0, 0), 300) > plain, "more often");
        assert!(
            score((0, 1), (0, 1), 300) > score((0, 2), (0, 0), 300) - plain,
            "both words"
        );
        assert!(score((0, 900), (0, 0), 300) < plain * 2.3, "with an end");
        assert_eq!(score((0, 0), (0, 0), 300), 0.0);
    }
}
