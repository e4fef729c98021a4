//! From pairs to groups.
//!
//! Links are taken strongest first, and two groups are joined only if the pairs between them speak more for it than
//! against it, a pair that was never proposed counting against. One article that holds two texts (a page of teasers, a
//! collected issue) therefore does not chain their groups together, which is how the precision of plain connected
//! components falls as a collection grows.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::candidate::Pair;
use super::judge::{Evidence, Tuning};
use crate::cancel::Cancel;

/// The weight of a vote: points are cut to one vote, in thousandths so that sums are exact in any order.
const VOTE: f64 = 1000.0;

/// How many links are taken between two looks at the flag.
const POLL_EVERY: usize = 1024;

/// The group of every text, named by its smallest member. A pair stands in `judged` once at most; `crowded` texts
/// lack most of their pairs. Nothing when cancelled.
pub fn components(
    crowded: &[bool],
    judged: &[(Pair, Evidence)],
    tuning: &Tuning,
    cancel: &Cancel,
) -> Option<Vec<u32>> {
    let mut links: Vec<(i64, Pair)> = Vec::new();
    let mut sets = Sets::new(crowded, (VOTE * tuning.absent) as i64);
    for (pair, evidence) in judged {
        let points = evidence.points(tuning).sum();
        sets.vote(*pair, (VOTE * points.clamp(-1.0, 1.0)) as i64);
        if points > 0.0 {
            links.push(((VOTE * points) as i64, *pair));
        }
    }
    links.sort_unstable_by_key(|(strength, pair)| (Reverse(*strength), *pair));
    for (at, (_, (a, b))) in links.into_iter().enumerate() {
        if at.is_multiple_of(POLL_EVERY) && cancel.is_cancelled() {
            return None;
        }
        sets.join(a, b);
    }
    let articles = 0..crowded.len() as u32;
    Some(articles.map(|article| sets.name(article)).collect())
}

/// The votes between two sets.
#[derive(Clone, Copy, Debug, Default)]
struct Votes {
    sum: i64,
    pairs: u64,
}

/// Disjoint sets with the votes between each two.
struct Sets {
    parent: Vec<u32>,
    smallest: Vec<u32>,
    size: Vec<u32>,
    crowded: Vec<bool>,
    votes: Vec<HashMap<u32, Votes>>,
    /// What a pair counts against that was never proposed.
    absent: i64,
}

impl Sets {
    fn new(crowded: &[bool], absent: i64) -> Self {
        let articles = crowded.len();
        Self {
            parent: (0..articles as u32).collect(),
            smallest: (0..articles as u32).collect(),
            size: vec![1; articles],
            crowded: crowded.to_vec(),
            votes: vec![HashMap::new(); articles],
            absent,
        }
    }

    fn vote(&mut self, (a, b): Pair, sum: i64) {
        let votes = Votes { sum, pairs: 1 };
        self.votes[a as usize].insert(b, votes);
        self.votes[b as usize].insert(a, votes);
    }

    fn root(&mut self, article: u32) -> u32 {
        let mut root = article;
        while self.parent[root as usize] != root {
            root = self.parent[root as usize];
        }
        let mut at = article;
        while self.parent[at as usize] != root {
            at = std::mem::replace(&mut self.parent[at as usize], root);
        }
        root
    }

    fn name(&mut self, article: u32) -> u32 {
        let root = self.root(article);
        self.smallest[root as usize]
    }

    /// Says whether the pairs between two sets speak for joining them. That a pair was not proposed says nothing
    /// between crowded articles.
    fn agree(&self, a: u32, b: u32) -> bool {
        let votes = self.votes[a as usize].get(&b).copied().unwrap_or_default();
        let (a, b) = (a as usize, b as usize);
        let absent = if self.crowded[a] && self.crowded[b] {
            0
        } else {
            u64::from(self.size[a]) * u64::from(self.size[b]) - votes.pairs
        };
        votes.sum > self.absent * absent as i64
    }

    /// Joins the sets of two articles if the pairs between them agree.
    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        if a == b || !self.agree(a, b) {
            return;
        }
        let (keep, gone) = if self.votes[a as usize].len() >= self.votes[b as usize].len() {
            (a, b)
        } else {
            (b, a)
        };
        self.parent[gone as usize] = keep;
        self.smallest[keep as usize] = self.smallest[a as usize].min(self.smallest[b as usize]);
        self.size[keep as usize] += self.size[gone as usize];
        self.crowded[keep as usize] |= self.crowded[gone as usize];
        for (other, moved) in std::mem::take(&mut self.votes[gone as usize]) {
            self.votes[other as usize].remove(&gone);
            if other == keep {
                continue;
            }
            for (from, to) in [(keep, other), (other, keep)] {
                let votes = self.votes[from as usize].entry(to).or_default();
                votes.sum += moved.sum;
                votes.pairs += moved.pairs;
            }
        }
    }
}
