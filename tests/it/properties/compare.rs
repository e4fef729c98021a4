//! Comparing and grouping any texts: rows tile both sides byte for byte, versions are rebuilt from their base, and groups
//! do not depend on the order of what comes in.

use recto::cancel::Cancel;
use recto::diff::versions::versions;
use recto::diff::{
    Cell, Classes, Comparison, Options, Side, SpanKind, compare, hunks, paragraphs, report, summary,
};
use recto::group::{self, Document};
use recto::model::ArticleId;

/// Texts that a comparison of fuzzed bytes is about: more would only be slower.
const TEXTS: usize = 6;

/// The first byte sets the budget, the second says what is done; the rest are texts with a zero byte between them.
pub fn holds(data: &[u8]) {
    let Some((&[budget, what], rest)) = data.split_first_chunk() else {
        return;
    };
    let texts = String::from_utf8_lossy(rest);
    let texts: Vec<&str> = texts.split('\0').take(TEXTS).collect();
    let options = match budget {
        0..=127 => Options::default(),
        // Where it runs out, the result is coarse and holds all the same.
        _ => Options {
            budget: u64::from(budget - 128).pow(2),
            ..Options::default()
        },
    };
    match what % 3 {
        0 => two(texts[0], texts.last().unwrap_or(&""), &options),
        1 => many(&texts, &options),
        _ => groups(&texts),
    }
}

fn two(left: &str, right: &str, options: &Options) {
    let (l, r) = (paragraphs(left), paragraphs(right));
    let sides = (
        Side {
            text: left,
            paragraphs: &l,
        },
        Side {
            text: right,
            paragraphs: &r,
        },
    );
    let comparison = compare(sides.0, sides.1, options);
    tiles(
        left,
        comparison.rows.iter().filter_map(|row| row.left.as_ref()),
    );
    tiles(
        right,
        comparison.rows.iter().filter_map(|row| row.right.as_ref()),
    );
    pairs(&comparison, left, right);
    assert_eq!(
        comparison,
        compare(sides.0, sides.1, options),
        "the same each time"
    );
    let same = compare(sides.0, sides.0, options);
    assert_eq!(
        summary(&same, Classes::QUIET).differences,
        0,
        "a text is no other than itself"
    );
    for hunk in hunks(&comparison, Classes::QUIET) {
        assert!(hunk.start < hunk.end && hunk.end <= comparison.rows.len());
    }
    let json = serde_json::to_string(&report::to_json(&comparison, left, right))
        .expect("it can be written");
    let json: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    assert_eq!(
        json["rows"].as_array().map(Vec::len),
        Some(comparison.rows.len())
    );
}

/// The cells of a side lie end to end, and the spans in each, whole characters each.
fn tiles<'a>(text: &str, cells: impl Iterator<Item = &'a Cell>) {
    let mut end = 0;
    for cell in cells {
        assert_eq!(cell.range.start, end, "cells lie end to end");
        for span in &cell.spans {
            assert_eq!(span.range.start, end, "spans lie end to end");
            assert!(text.get(span.range.clone()).is_some(), "whole characters");
            end = span.range.end;
        }
        assert_eq!(cell.range.end, end);
    }
    assert_eq!(end, text.len(), "nothing is left out");
}

/// What counts as equal is equal, and every pair has one span on each side.
fn pairs(comparison: &Comparison, left: &str, right: &str) {
    let side = |is_left: bool| {
        let cells = comparison.rows.iter();
        let cells = cells.filter_map(move |row| {
            if is_left {
                row.left.as_ref()
            } else {
                row.right.as_ref()
            }
        });
        cells
            .flat_map(|cell| &cell.spans)
            .filter(|span| span.pair.is_some())
    };
    let mut there: Vec<_> = side(false).map(|span| (span.pair, span)).collect();
    there.sort_by_key(|(pair, _)| *pair);
    assert!(
        there.windows(2).all(|two| two[0].0 != two[1].0),
        "a number names one span"
    );
    let mut count = 0;
    for span in side(true) {
        count += 1;
        let at = there.binary_search_by_key(&span.pair, |(pair, _)| *pair);
        let other = there[at.expect("a pair has two sides")].1;
        assert_eq!(span.kind, other.kind);
        if span.kind == SpanKind::Equal {
            // White space between signs and ideographs is layout; the separators of ASCII are white space.
            let words = |text: &str| {
                let is_blank = |c: char| c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c);
                text.replace(is_blank, "")
            };
            assert_eq!(
                words(&left[span.range.clone()]),
                words(&right[other.range.clone()])
            );
        }
    }
    assert_eq!(count, there.len(), "a pair has two sides");
}

fn many(texts: &[&str], options: &Options) {
    let paragraphs: Vec<_> = texts.iter().map(|text| paragraphs(text)).collect();
    let sides = texts.iter().zip(&paragraphs);
    let sides: Vec<_> = sides
        .map(|(text, paragraphs)| Side { text, paragraphs })
        .collect();
    for base in [None, Some(0), Some(texts.len() - 1)] {
        let versions = versions(&sides, base, options);
        for (at, text) in texts.iter().enumerate() {
            assert_eq!(
                versions.rebuild(texts, at).as_deref(),
                Some(*text),
                "version {at} on base {base:?}"
            );
        }
    }
}

fn groups(texts: &[&str]) {
    let mut documents: Vec<Document<'_>> = (0_u8..)
        .zip(texts)
        .map(|(at, text)| Document {
            id: ArticleId::from_bytes([at; 16]),
            title: text.lines().next().filter(|_| at % 2 == 0),
            url: None,
            date: None,
            blocks: text.split('\n').collect(),
        })
        .collect();
    let options = group::Options {
        relations: true,
        blocks: true,
    };
    let grouped = |documents: &[Document<'_>]| group::group(documents, &options, &Cancel::new());
    let before = grouped(&documents).expect("nobody called it off");
    documents.reverse();
    assert_eq!(
        grouped(&documents).as_ref(),
        Some(&before),
        "the other way round"
    );
    documents.rotate_left(texts.len() / 2);
    assert_eq!(
        grouped(&documents).as_ref(),
        Some(&before),
        "in another order"
    );
    let mut seen: Vec<ArticleId> = Vec::new();
    for group in &before.groups {
        assert!(group.members.len() > 1 && group.members.is_sorted());
        for link in &group.links {
            assert!(
                link.a < link.b
                    && group.members.contains(&link.a)
                    && group.members.contains(&link.b)
            );
            let is_share = |share: f64| (0.0..=1.0).contains(&share);
            assert!(is_share(link.share_a) && is_share(link.share_b), "{link:?}");
        }
        seen.extend(&group.members);
    }
    let count = seen.len();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), count, "an article is in one group");
}
