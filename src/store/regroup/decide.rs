//! The plan: propose, verify, weigh, verify again, link. Only what changed since the last time is done.
//!
//! What a pair is judged by, and so what is compared with the last time, is: that it is proposed at all (counts of
//! fingerprints, `group::candidates`), who speaks for each of its texts (of several articles with the same words the
//! one with the smallest id), and how heavy the grams of both are (a digest of each text). Linking is done anew for what
//! hangs together with anything that changed.
//!
//! A few articles more change the weight of some gram in many texts, and hardly ever a group. So evidence may *drift*:
//! it stays as it was weighed, with a bound of how many points it is off (`Evidence::slack`), and is weighed again, and
//! so exact, where the points may have another sign, where a group hangs on how many they are (`group::weighty`), or
//! where they will be told.

use std::collections::HashSet;
use std::io;

use std::sync::Arc;

use super::articles::Articles;
use super::spill::Spill;
use super::verify::Verifier;
use super::{Stage, Step, Telling, disk};
use crate::cancel::Cancel;
use crate::group::{
    self, Counting, Evidence, Linked, Named, Pair, Postings, Rows, Take, Tuning, Vote, Weights,
    candidates, components,
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
    /// By how many points the evidence may be off; 0 where it is exact.
    pub drift: f32,
    /// The evidence as it was weighed last.
    pub evidence: Evidence,
}

/// What rounding may add to a bound: as a factor, and in points.
const ROUNDING: (f64, f64) = (1.01, 0.002);

impl Judged {
    /// How many points speak for the pair at least, and at most.
    fn bounds(&self, tuning: &Tuning) -> [f64; 2] {
        let points = self.evidence.points(tuning).sum();
        let drift = match self.drift > 0.0 {
            true => ROUNDING.0 * f64::from(self.drift) + ROUNDING.1,
            false => 0.0,
        };
        [points - drift, points + drift]
    }

    /// Whether it must be exact for what will be told.
    fn is_asked(&self, telling: Telling, tuning: &Tuning) -> bool {
        let [least, most] = self.bounds(tuning);
        self.drift > 0.0
            && match telling {
                Telling::Groups => least <= 0.0 && most > 0.0,
                Telling::Links => most > 0.0,
                Telling::Relations => true,
            }
    }
}

/// What was found the last time, by text; all of it may be shorter than what there is now.
#[derive(Default)]
pub(super) struct Known {
    pub was: Vec<bool>,
    pub leaders: Vec<u32>,
    pub rows: Vec<Rows>,
    /// Which of its grams are how heavy.
    pub digests: Vec<u64>,
    /// [`group::Profile::span`], as far as known.
    pub spans: Vec<f32>,
    /// Its group while nothing was known of boilerplate, and behind that.
    pub names: [Vec<u32>; 2],
    pub weights: Weights,
    /// Ascending.
    pub judged: Vec<Judged>,
    /// Pairs that should have been judged, and a text of them could not be read.
    pub lost: Vec<Pair>,
    /// Articles whose title, address or date changed since.
    pub touched: HashSet<u32>,
}

/// Fingerprints, and what pairs share.
pub(super) struct Prints<'a, S> {
    pub postings: S,
    /// Changes what a pair shares, ascending, and gives what that was.
    pub shared: &'a mut dyn FnMut(Pair, i64) -> io::Result<u32>,
}

/// How to work.
pub(super) struct Means<'a> {
    pub articles: &'a dyn Articles,
    pub memory: u64,
    pub threads: usize,
    pub telling: Telling,
    /// Whether what is found will be known the next time.
    pub keeps: bool,
    pub cancel: &'a Cancel,
}

/// What was found.
pub(super) struct Found {
    pub rows: Vec<Rows>,
    pub digests: Vec<u64>,
    pub spans: Vec<f32>,
    pub weights: Arc<Weights>,
    pub judged: Vec<Judged>,
    /// The evidence on pairs that share too little for versions, ascending, as far as it was asked for.
    pub faint: Vec<(Pair, Evidence)>,
    /// Whether it was asked for.
    pub related: bool,
    /// The group of each text, named by one of its texts: while nothing was known of boilerplate, and now.
    pub names: [Vec<u32>; 2],
    /// Texts that could not be read as they were signed: their pairs were not judged.
    pub changed: Vec<u32>,
    pub lost: Vec<Pair>,
    /// How many pairs were judged, and how many were judged again by weights.
    pub new: usize,
    pub again: usize,
}

/// Decides. `progress` gets steps, and `done` what each came to once it ends.
pub(super) fn decide<S: Postings<Error = io::Error>>(
    texts: &Texts,
    mut known: Known,
    prints: Prints<'_, S>,
    means: &Means<'_>,
    progress: &mut dyn FnMut(Step),
    done: &mut dyn FnMut(Stage, String),
) -> Result<Found, StoreError> {
    let cancel = means.cancel;
    let all = texts.is.len();
    known.was.resize(all, false);
    known.rows.resize(all, Rows::default());
    known.digests.resize(all, 0);
    known.spans.resize(all, f32::INFINITY);
    known.leaders.resize(all, u32::MAX);
    for names in &mut known.names {
        names.extend(names.len() as u32..all as u32);
    }

    let stage = Stage::Propose;
    let Prints {
        mut postings,
        shared,
    } = prints;
    let mut more = Spill::new(means.memory / 4);
    let mut fewer = Spill::new(means.memory / 8);
    let proposed = candidates(
        &group::Texts {
            order: &texts.contents,
            was: &known.was,
            is: &texts.is,
        },
        Counting {
            postings: &mut postings,
            pairs: [&mut more, &mut fewer],
            counted: &mut known.rows,
            shared,
            progress: &mut |done, all| progress(Step { stage, done, all }),
        },
        cancel,
    );
    let proposed = proposed.map_err(disk)?.ok_or(StoreError::Cancelled)?;
    let spilled = more.spilled() || fewer.spilled();
    drop((more, fewer));
    let crowded = proposed.crowded;

    // Texts that something changed for.
    let came_or_went = |text: usize| known.was[text] != texts.is[text];
    let mut moved: Vec<bool> = (0..all).map(came_or_went).collect();
    for text in proposed.turned {
        moved[text as usize] = true;
    }
    // What was judged stands, unless another article speaks for one of the texts now.
    let leaders = known.leaders.iter().zip(&texts.leaders);
    let speaks: Vec<bool> = leaders
        .map(|(was, is)| was == is && !known.touched.contains(is))
        .collect();
    let mut new = proposed.pairs;
    let mut gone = proposed.gone.iter().peekable();
    let mut is_gone = |pair: &Pair| {
        while gone.next_if(|it| *it < pair).is_some() {}
        gone.peek() == Some(&pair)
    };
    let mut judged = std::mem::take(&mut known.judged);
    judged.retain(|Judged { pair, .. }| {
        let gone = is_gone(pair);
        let stays = !gone && speaks[pair.0 as usize] && speaks[pair.1 as usize];
        if !stays {
            (moved[pair.0 as usize], moved[pair.1 as usize]) = (true, true);
            new.extend((!gone).then_some(*pair));
        }
        stays
    });
    let mut lost = std::mem::take(&mut known.lost);
    lost.retain(|pair| proposed.gone.binary_search(pair).is_err());
    new.append(&mut lost);
    new.sort_unstable();
    new.dedup();
    let mut stands = judged.iter().map(|it| it.pair).peekable();
    new.retain(|pair| {
        while stands.next_if(|it| it < pair).is_some() {}
        stands.peek() != Some(pair)
    });
    drop(stands);
    for (a, b) in &new {
        (moved[*a as usize], moved[*b as usize]) = (true, true);
    }
    let through = if spilled { ", through files" } else { "" };
    let pairs = judged.len() + new.len();
    done(stage, format!("{pairs} pairs{through}"));

    let tuning = Tuning::default();
    let room = usize::try_from(means.memory / 4).unwrap_or(usize::MAX);
    let mut verifier = Verifier::new(means.articles, texts, means.threads, room);
    if means.keeps {
        verifier.spans = std::mem::take(&mut known.spans);
    }
    let stage = Stage::Verify;
    let mut told = |done: u64, all: u64| progress(Step { stage, done, all });
    let half = new.len() as u64;
    let first = verifier
        .judge(&new, None, cancel, &mut |done| told(done, 2 * half))
        .ok_or(StoreError::Cancelled)?;
    let fresh: HashSet<Pair> = new.iter().copied().collect();
    judged.reserve_exact(new.len());
    for (pair, evidence) in new.iter().zip(first) {
        match evidence {
            Some(evidence) => judged.push(Judged {
                pair: *pair,
                first: evidence.strength(&tuning),
                drift: 0.0,
                evidence,
            }),
            None => lost.push(*pair),
        }
    }
    judged.sort_unstable_by_key(|it| it.pair);

    // The same again for texts with boilerplate, now that it is known what stands in many groups.
    let link = |votes: &mut dyn Iterator<Item = Vote>, names: &[u32], changed: &[bool]| {
        let votes: Vec<Vote> = votes.collect();
        let known = Some(Linked { names, changed });
        let (order, absent) = (&texts.contents, tuning.absent);
        let votes = votes.iter().copied();
        components(&crowded, order, votes, absent, known, cancel).ok_or(StoreError::Cancelled)
    };
    let mut votes = judged.iter().map(|it| (it.pair, it.first));
    let names = link(&mut votes, &known.names[0], &moved)?;
    let before = Named {
        is: &known.was,
        names: &known.names[0],
    };
    let now = Named {
        is: &texts.is,
        names: &names,
    };
    let renamed =
        |text: usize| known.was[text] != texts.is[text] || before.names[text] != names[text];
    let wanted: Vec<bool> = (0..all).map(renamed).collect();
    let (mut digests, mut shifts) = (known.digests, vec![0.0; all]);
    let mut weights = known.weights;
    weights
        .recount(
            [before, now],
            &mut digests,
            &mut shifts,
            |take: &mut Take<'_, _>| {
                postings.each(&wanted, &mut |part, rows| {
                    Ok(take(part, rows)? && !cancel.is_cancelled())
                })
            },
        )
        .map_err(disk)?;
    drop((postings, wanted));
    if cancel.is_cancelled() {
        return Err(StoreError::Cancelled);
    }
    let weights = Arc::new(weights);
    let heavy = |text: u32| digests[text as usize] != 0;
    let moves = |text: u32| match shifts[text as usize] {
        0.0 => 0.0,
        shift => f64::from(verifier.spans[text as usize]) * f64::from(shift),
    };
    let mut again: Vec<usize> = Vec::new();
    for (at, it) in judged.iter_mut().enumerate() {
        let (a, b) = it.pair;
        let asked = match fresh.contains(&it.pair) {
            true => heavy(a) || heavy(b),
            false => {
                it.drift += it.evidence.slack([moves(a), moves(b)], &tuning) as f32;
                it.is_asked(means.telling, &tuning)
            }
        };
        again.extend(asked.then_some(at));
    }
    drop(shifts);
    verifier.weigh(Arc::clone(&weights));
    let kept = lost.len();
    let mut weigh = |again: &[usize], judged: &mut [Judged], done: u64| {
        let pairs: Vec<Pair> = again.iter().map(|at| judged[*at].pair).collect();
        let evidence = |at: usize| judged[again[at]].evidence;
        let whole = half + done + pairs.len() as u64;
        let better = verifier.judge(&pairs, Some(&evidence), cancel, &mut |now| {
            told(half + done + now, whole);
        });
        for (at, evidence) in again.iter().zip(better.ok_or(StoreError::Cancelled)?) {
            let it = &mut judged[*at];
            let known = it.evidence.strength(&tuning);
            it.drift = 0.0;
            match evidence {
                Some(evidence) => it.evidence = evidence,
                None => lost.push(it.pair),
            }
            if evidence.is_none_or(|it| it.strength(&tuning) != known) {
                (moved[it.pair.0 as usize], moved[it.pair.1 as usize]) = (true, true);
            }
        }
        Ok::<(), StoreError>(())
    };
    weigh(&again, &mut judged, 0)?;
    // Now it is known what hangs together.
    let more: Vec<usize> = match judged.iter().any(|it| it.drift > 0.0) {
        false => Vec::new(),
        true => {
            let votes = judged.iter();
            let votes = votes.map(|it| (it.pair, it.evidence.strength(&tuning)));
            let weighty = group::weighty(all, votes).into_iter().enumerate();
            let weighty = weighty.filter(|(at, is)| *is && judged[*at].drift > 0.0);
            weighty.map(|(at, _)| at).collect()
        }
    };
    weigh(&more, &mut judged, again.len() as u64)?;
    let again = again.len() + more.len();
    if lost.len() > kept {
        let lost: HashSet<&Pair> = lost.iter().collect();
        judged.retain(|it| !lost.contains(&it.pair));
    }
    let mut changed = std::mem::take(&mut verifier.changed);
    changed.sort_unstable();
    changed.dedup();
    let spans = std::mem::take(&mut verifier.spans);
    drop(verifier);
    let related = means.telling == Telling::Relations && !means.keeps;
    let faint = match related {
        true => relate(texts, proposed.faint, Arc::clone(&weights), means, progress)?,
        false => Vec::new(),
    };
    done(
        stage,
        match faint.len() {
            0 => format!("{} pairs judged, {again} weighed", new.len()),
            more => format!(
                "{} pairs judged, {again} weighed; {more} that share little",
                new.len(),
            ),
        },
    );

    progress(Step {
        stage: Stage::Link,
        done: 0,
        all: 1,
    });
    let mut votes = judged
        .iter()
        .map(|it| (it.pair, it.evidence.strength(&tuning)));
    let last = link(&mut votes, &known.names[1], &moved)?;
    Ok(Found {
        rows: known.rows,
        digests,
        spans,
        weights,
        judged,
        faint,
        related,
        names: [names, last],
        changed,
        lost,
        new: new.len(),
        again,
    })
}

/// Judges pairs that share too little for versions.
pub(super) fn relate(
    texts: &Texts,
    faint: Vec<Pair>,
    weights: Arc<Weights>,
    means: &Means<'_>,
    progress: &mut dyn FnMut(Step),
) -> Result<Vec<(Pair, Evidence)>, StoreError> {
    let room = usize::try_from(means.memory / 4).unwrap_or(usize::MAX);
    let mut verifier = Verifier::new(means.articles, texts, means.threads, room);
    verifier.weigh(weights);
    let (stage, all) = (Stage::Relate, faint.len() as u64);
    let mut told = |done| progress(Step { stage, done, all });
    let judged = verifier.judge(&faint, None, means.cancel, &mut told);
    let judged = judged.ok_or(StoreError::Cancelled)?;
    let judged = faint.into_iter().zip(judged);
    Ok(judged
        .filter_map(|(pair, evidence)| Some((pair, evidence?)))
        .collect())
}
