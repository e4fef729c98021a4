//! The plan: propose, verify, weigh, verify again, link. Only what changed since the last time is done.
//!
//! What a pair is judged by, and so what is compared with the last time, is: that it is proposed at all (counts of
//! fingerprints, `group::candidates`), who speaks for each of its texts (of several articles with the same words the
//! one with the smallest id), and how heavy the grams of both are (a digest of each text). Linking is done over all
//! pairs anew; it takes no texts.

use std::collections::HashSet;
use std::io;

use super::articles::Articles;
use super::spill::Spill;
use super::verify::Verifier;
use super::{Stage, Step, disk};
use crate::cancel::Cancel;
use crate::group::{
    self, Counting, Evidence, PARTS, Pair, Parts, Rows, Tuning, Vote, Weights, candidates,
    components,
};
use crate::store::types::StoreError;

/// Texts: each has the number of the first article that was added with its words.
pub(super) struct Texts {
    /// The text of each article.
    pub firsts: Vec<u32>,
    /// By text: a hash of its words, 0 for a blank one.
    pub contents: Vec<u64>,
    /// By text: whether an article is there that has it.
    pub is: Vec<bool>,
    /// By text: of these articles the one with the smallest id, which speaks for it.
    pub leaders: Vec<u32>,
}

impl Texts {
    /// Texts of articles; `is` says which of these are there.
    pub fn new(
        firsts: Vec<u32>,
        contents: Vec<u64>,
        is: impl Fn(u32) -> bool,
        articles: &dyn Articles,
    ) -> Self {
        let mut leaders = vec![u32::MAX; firsts.len()];
        for (article, first) in (0u32..).zip(&firsts).filter(|(article, _)| is(*article)) {
            let leader = &mut leaders[*first as usize];
            if *leader == u32::MAX || articles.id(article) < articles.id(*leader) {
                *leader = article;
            }
        }
        Self {
            is: leaders.iter().map(|leader| *leader != u32::MAX).collect(),
            firsts,
            contents,
            leaders,
        }
    }
}

/// What is known of a pair that may be versions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Judged {
    pub pair: Pair,
    /// How much spoke for it while nothing was known of boilerplate.
    pub first: i32,
    /// The evidence now.
    pub evidence: Evidence,
}

/// What was found the last time, by text; all of it may be shorter than what there is now.
#[derive(Default)]
pub(super) struct Known {
    pub was: Vec<bool>,
    pub leaders: Vec<u32>,
    pub rows: Vec<Rows>,
    /// Which of its grams are how heavy.
    pub digests: Vec<u64>,
    /// Ascending.
    pub judged: Vec<Judged>,
    /// Articles whose title, address or date changed since.
    pub touched: HashSet<u32>,
}

/// Fingerprints, as they were and as they are.
pub(super) struct Prints<'a> {
    /// A part of all with their texts, sorted.
    pub source: &'a mut dyn FnMut(usize) -> io::Result<Vec<u64>>,
    /// What each pair shared the last time, ascending.
    pub before: &'a mut dyn Iterator<Item = (Pair, u32)>,
    /// Takes in what it shares now.
    pub after: &'a mut dyn FnMut(Pair, u32) -> io::Result<()>,
}

/// How to work.
pub(super) struct Means<'a> {
    pub articles: &'a dyn Articles,
    pub memory: u64,
    pub threads: usize,
    pub cancel: &'a Cancel,
}

/// What was found.
pub(super) struct Found {
    pub rows: Vec<Rows>,
    pub digests: Vec<u64>,
    pub judged: Vec<Judged>,
    /// The group of each text, named by one of its texts.
    pub names: Vec<u32>,
    /// Texts that could not be read as they were signed: their pairs were not judged.
    pub changed: Vec<u32>,
    /// How many pairs were judged, and how many were judged again by weights.
    pub new: usize,
    pub again: usize,
}

/// Decides. `progress` gets steps, and `done` what each came to once it ends.
pub(super) fn decide(
    texts: &Texts,
    mut known: Known,
    prints: Prints<'_>,
    means: &Means<'_>,
    progress: &mut dyn FnMut(Step),
    done: &mut dyn FnMut(Stage, String),
) -> Result<Found, StoreError> {
    let cancel = means.cancel;
    let all = texts.is.len();
    known.was.resize(all, false);
    known.rows.resize(all, Rows::default());
    known.digests.resize(all, 0);
    known.leaders.resize(all, u32::MAX);

    let stage = Stage::Propose;
    let mut rows = Spill::new(means.memory / 2);
    let mut more = Spill::new(means.memory / 4);
    let mut fewer = Spill::new(means.memory / 8);
    let proposed = candidates(
        &group::Texts {
            order: &texts.contents,
            was: &known.was,
            is: &texts.is,
        },
        Counting {
            source: prints.source,
            rows: &mut rows,
            pairs: [&mut more, &mut fewer],
            counted: &mut known.rows,
            before: prints.before,
            after: prints.after,
            progress: &mut |done, all| progress(Step { stage, done, all }),
        },
        cancel,
    );
    let group::Candidates { pairs, crowded, .. } =
        proposed.map_err(disk)?.ok_or(StoreError::Cancelled)?;
    let spilled = rows.spilled() || more.spilled() || fewer.spilled();
    drop((more, fewer));
    let through = if spilled { ", through files" } else { "" };
    done(stage, format!("{} pairs{through}", pairs.len()));

    // What was judged stands, unless another article speaks for one of the texts now.
    let speaks = |text: u32| {
        let (was, is) = (known.leaders[text as usize], texts.leaders[text as usize]);
        was == is && !known.touched.contains(&is)
    };
    let mut old = std::mem::take(&mut known.judged).into_iter().peekable();
    let mut judged: Vec<Judged> = Vec::with_capacity(pairs.len());
    let mut new: Vec<Pair> = Vec::new();
    for pair in pairs {
        while old.next_if(|it| it.pair < pair).is_some() {}
        match old.next_if(|it| it.pair == pair) {
            Some(it) if speaks(pair.0) && speaks(pair.1) => judged.push(it),
            _ => new.push(pair),
        }
    }
    drop(old);

    let tuning = Tuning::default();
    let room = usize::try_from(means.memory / 4).unwrap_or(usize::MAX);
    let mut verifier = Verifier::new(means.articles, texts, means.threads, room);
    let stage = Stage::Verify;
    let mut told = |done: u64, all: u64| progress(Step { stage, done, all });
    let half = new.len() as u64;
    let first = verifier
        .judge(&new, None, cancel, &mut |done| told(done, 2 * half))
        .ok_or(StoreError::Cancelled)?;
    let fresh: HashSet<Pair> = new.iter().copied().collect();
    let first = new.iter().zip(first).filter_map(|(pair, evidence)| {
        evidence.map(|evidence| Judged {
            pair: *pair,
            first: evidence.strength(&tuning),
            evidence,
        })
    });
    judged.extend(first);
    judged.sort_unstable_by_key(|it| it.pair);

    // The same again for texts with boilerplate, now that it is known what stands in many groups.
    let names = link(
        texts,
        &crowded,
        judged.iter().map(|it| (it.pair, it.first)),
        &tuning,
        cancel,
    )?;
    let mut digests = vec![0u64; all];
    let mut weights = Weights::default();
    for part in 0..PARTS {
        if cancel.is_cancelled() {
            return Err(StoreError::Cancelled);
        }
        weights.count(&rows.take(part).map_err(disk)?, &names, &mut digests);
    }
    drop(rows);
    weights.finish();
    let other = |text: u32| known.digests[text as usize] != digests[text as usize];
    let heavy = |text: u32| digests[text as usize] != 0;
    let wants = |it: &Judged| match fresh.contains(&it.pair) {
        true => heavy(it.pair.0) || heavy(it.pair.1),
        false => other(it.pair.0) || other(it.pair.1),
    };
    let again: Vec<usize> = (0..judged.len()).filter(|at| wants(&judged[*at])).collect();
    let pairs: Vec<Pair> = again.iter().map(|at| judged[*at].pair).collect();
    let evidence: Vec<Evidence> = again.iter().map(|at| judged[*at].evidence).collect();
    verifier.weigh(weights);
    let whole = half + pairs.len() as u64;
    let better = verifier
        .judge(&pairs, Some(&evidence), cancel, &mut |done| {
            told(half + done, whole);
        })
        .ok_or(StoreError::Cancelled)?;
    let mut lost = HashSet::new();
    for (at, evidence) in again.iter().zip(better) {
        match evidence {
            Some(evidence) => judged[*at].evidence = evidence,
            None => {
                lost.insert(judged[*at].pair);
            }
        }
    }
    if !lost.is_empty() {
        judged.retain(|it| !lost.contains(&it.pair));
    }
    let mut changed = std::mem::take(&mut verifier.changed);
    changed.sort_unstable();
    changed.dedup();
    drop(verifier);
    done(
        stage,
        format!("{} pairs judged, {} weighed", new.len(), again.len()),
    );

    progress(Step {
        stage: Stage::Link,
        done: 0,
        all: 1,
    });
    let votes = judged
        .iter()
        .map(|it| (it.pair, it.evidence.strength(&tuning)));
    let names = link(texts, &crowded, votes, &tuning, cancel)?;
    Ok(Found {
        rows: known.rows,
        digests,
        judged,
        names,
        changed,
        new: new.len(),
        again: again.len(),
    })
}

fn link(
    texts: &Texts,
    crowded: &[bool],
    votes: impl Iterator<Item = Vote> + Clone,
    tuning: &Tuning,
    cancel: &Cancel,
) -> Result<Vec<u32>, StoreError> {
    let names = components(crowded, &texts.contents, votes, tuning.absent, cancel);
    names.ok_or(StoreError::Cancelled)
}
