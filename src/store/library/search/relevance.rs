//! The order of a list by relevance.
//!
//! Words are counted in the text index, those of articles in memory in their text; what the words are worth is counted
//! over all articles that live, sealed or not. What the index cannot count exactly counts as the index has it.

use std::io;

use super::snapshot::Snapshot;
use super::{Order, Paper};
use crate::cancel::Cancel;
use crate::query::relevance::{self, Counts, Relevance};
use crate::query::{Document, Pattern, Query, TextField};
use crate::store::library::catalogue::Column;
use crate::store::library::text::{Lookup, Part};

use roaring::RoaringBitmap;

/// The rows of a list, the best first; equal ones in the order of the list without.
pub fn ranked(
    snapshot: &Snapshot<'_>,
    query: &Query,
    rows: &RoaringBitmap,
    order: &Order,
    cancel: &Cancel,
) -> io::Result<Vec<u32>> {
    let words = relevance::words(query);
    let mut counted = Vec::with_capacity(words.len());
    let mut found = Vec::with_capacity(words.len());
    for (field, pattern) in &words {
        let (counts, articles) = count(snapshot, *field, pattern, cancel)?;
        counted.push(counts);
        found.push(articles);
    }
    let (mut articles, mut sum) = (0, 0);
    let mut lengths = vec![0u32; snapshot.end() as usize];
    let of_member =
        |member: &crate::store::collection::Member| u32::try_from(member.words).unwrap_or(u32::MAX);
    snapshot.each(0, Column::Words, of_member, |number, words| {
        if !snapshot.dead.contains(number) {
            articles += 1;
            sum += u64::from(words);
        }
        if let Some(length) = lengths.get_mut(number as usize) {
            *length = words;
        }
    })?;
    let relevance = Relevance::new(&found, articles, sum);
    let score = |number: u32| {
        let at = number as usize;
        let counts = counted
            .iter()
            .map(|all| all.get(at).copied().unwrap_or_default());
        let words = lengths.get(at).copied().unwrap_or_default();
        relevance.score(counts, u64::from(words))
    };
    let mut ranked: Vec<(f64, u32, u32)> = rows
        .iter()
        .map(|number| (score(number), order.rank(number), number))
        .collect();
    let worst_first = relevance::by_relevance(query) == Some(true);
    ranked.sort_unstable_by(|a, b| {
        let best = b.0.total_cmp(&a.0);
        let scores = if worst_first { best.reverse() } else { best };
        scores.then(a.1.cmp(&b.1))
    });
    Ok(ranked.into_iter().map(|(_, _, number)| number).collect())
}

/// How often a word stands in each article, and in how many that live.
fn count(
    snapshot: &Snapshot<'_>,
    field: TextField,
    pattern: &Pattern,
    cancel: &Cancel,
) -> io::Result<(Vec<Counts>, u64)> {
    let mut counts = vec![Counts::default(); snapshot.end() as usize];
    let parts: &[Part] = match field {
        TextField::Title => &[Part::Title],
        TextField::Body => &[Part::Body],
        _ => &[Part::Title, Part::Body],
    };
    if let Some(lookup) = Lookup::new(pattern) {
        for segment in snapshot.segments {
            for part in parts {
                let each = &mut |row, count| {
                    if let Some(counts) = counts.get_mut((segment.first() + row) as usize) {
                        match part {
                            Part::Title => counts.title = count,
                            _ => counts.body = count,
                        }
                    }
                };
                segment.text.find(*part, &lookup, true, cancel, each)?;
            }
        }
    }
    for number in snapshot.sealed()..snapshot.end() {
        if let (Some(paper), Some(counts)) = (
            Paper::read(snapshot, number)?,
            counts.get_mut(number as usize),
        ) {
            *counts = relevance::counts(field, pattern, paper.title(), paper.body());
        }
    }
    let alive = (0..)
        .zip(&counts)
        .filter(|(number, counts)| counts.is_some() && !snapshot.dead.contains(*number));
    let alive = alive.count() as u64;
    Ok((counts, alive))
}
