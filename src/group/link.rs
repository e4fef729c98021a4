//! From pairs to groups.
//!
//! Links are taken strongest first, and two groups are joined only if the pairs between them speak more for it than
//! against it, a pair that was never proposed counting against. One article that holds two texts (a page of teasers, a
//! collected issue) therefore does not chain their groups together, which is how the precision of plain connected
//! components falls as a collection grows.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::candidate::Pair;
use super::words::mix;
use crate::cancel::Cancel;

/// What one pair may say at most, in thousandths of a point.
const VOTE: i64 = 1000;

/// How many links are taken between two looks at the flag.
const POLL_EVERY: usize = 1024;

/// A pair and how much speaks for it, in thousandths of a point (see [`super::Evidence::strength`]).
pub type Vote = (Pair, i32);

/// Groups that are known, and the texts that something changed for: a pair of it came, went or got another strength, or
/// it became crowded or ceased to be.
#[derive(Clone, Copy, Debug)]
pub struct Linked<'a> {
    /// By text: its group.
    pub names: &'a [u32],
    /// By text: whether something changed.
    pub changed: &'a [bool],
}

/// The group of every text, named by its smallest member. `crowded` texts lack most of their pairs; `order` decides
/// between links of the same strength and knows nothing of the numbers of texts; a pair stands in `votes` once at
/// most, and `absent` is what one counts against that was never proposed, in points. Nothing depends on what no link
/// leads to, so what hangs together with nothing that changed stays as it is `known`. Nothing when cancelled.
pub fn components(
    crowded: &[bool],
    order: &[u64],
    votes: impl Iterator<Item = Vote> + Clone,
    absent: f64,
    known: Option<Linked<'_>>,
    cancel: &Cancel,
) -> Option<Vec<u32>> {
    // Most pairs stand in no component that any link makes: these have no say.
    let mut parent: Vec<u32> = (0..crowded.len() as u32).collect();
    for (at, ((a, b), points)) in votes.clone().enumerate() {
        if at.is_multiple_of(POLL_EVERY) && cancel.is_cancelled() {
            return None;
        }
        if points > 0 {
            let (a, b) = (root(&mut parent, a), root(&mut parent, b));
            parent[a.max(b) as usize] = a.min(b);
        }
    }
    // By the text that a component is named by.
    let mut anew = vec![known.is_none(); crowded.len()];
    for text in 0..crowded.len() as u32 {
        if known.is_some_and(|known| known.changed[text as usize]) {
            anew[root(&mut parent, text) as usize] = true;
        }
    }
    let mut sets = Sets::new(crowded, (VOTE as f64 * absent) as i64);
    let mut links: Vec<Vote> = Vec::new();
    for (at, (pair, points)) in votes.enumerate() {
        if at.is_multiple_of(POLL_EVERY) && cancel.is_cancelled() {
            return None;
        }
        let component = root(&mut parent, pair.0);
        if anew[component as usize] && component == root(&mut parent, pair.1) {
            sets.vote(pair, i64::from(points).clamp(-VOTE, VOTE));
            if points > 0 {
                links.push((pair, points));
            }
        }
    }
    links.sort_unstable_by_key(|((a, b), points)| {
        let (a, b) = (order[*a as usize], order[*b as usize]);
        (Reverse(*points), a.min(b), a.max(b))
    });
    for (at, ((a, b), _)) in links.into_iter().enumerate() {
        if at.is_multiple_of(POLL_EVERY) && cancel.is_cancelled() {
            return None;
        }
        sets.join(a, b);
    }
    let articles = 0..crowded.len() as u32;
    let name = |text: u32| match known {
        Some(known) if !anew[root(&mut parent, text) as usize] => known.names[text as usize],
        _ => sets.name(text),
    };
    Some(articles.map(name).collect())
}

/// Says of every pair whether it matters how much speaks for it, and not only whether anything does: its texts hang
/// together, and not all texts that hang together with them are paired and for joining. Where they are, they become one
/// group in whatever order their links are taken.
pub fn weighty(texts: usize, votes: impl Iterator<Item = Vote> + Clone) -> Vec<bool> {
    let mut parent: Vec<u32> = (0..texts as u32).collect();
    let links = votes.clone().filter(|(_, points)| *points > 0);
    for ((a, b), _) in links.clone() {
        let (a, b) = (root(&mut parent, a), root(&mut parent, b));
        parent[a.max(b) as usize] = a.min(b);
    }
    let (mut sizes, mut pairs) = (vec![0u64; texts], vec![0u64; texts]);
    for text in 0..texts as u32 {
        sizes[root(&mut parent, text) as usize] += 1;
    }
    for ((a, _), _) in links {
        pairs[root(&mut parent, a) as usize] += 1;
    }
    votes
        .map(|((a, b), _)| {
            let (a, b) = (root(&mut parent, a), root(&mut parent, b));
            let size = sizes[a as usize];
            a == b && 2 * pairs[a as usize] < size * (size - 1)
        })
        .collect()
}

fn root(parent: &mut [u32], text: u32) -> u32 {
    let mut root = text;
    while parent[root as usize] != root {
        root = parent[root as usize];
    }
    let mut at = text;
    while parent[at as usize] != root {
        at = std::mem::replace(&mut parent[at as usize], root);
    }
    root
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
    votes: Vec<HashMap<u32, Votes, BuildHasherDefault<Mixed>>>,
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
            votes: vec![HashMap::default(); articles],
            absent,
        }
    }

    fn vote(&mut self, (a, b): Pair, sum: i64) {
        let votes = Votes { sum, pairs: 1 };
        self.votes[a as usize].insert(b, votes);
        self.votes[b as usize].insert(a, votes);
    }

    fn name(&mut self, article: u32) -> u32 {
        let root = root(&mut self.parent, article);
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
        let (a, b) = (root(&mut self.parent, a), root(&mut self.parent, b));
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

/// Hashes one number: nobody who writes articles chooses those of texts.
#[derive(Clone, Copy, Debug, Default)]
struct Mixed(u64);

impl Hasher for Mixed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = mix(self.0 ^ u64::from(*byte));
        }
    }

    fn write_u32(&mut self, number: u32) {
        self.0 = mix(u64::from(number) + 1);
    }
}
