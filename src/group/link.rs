//! From pairs to groups.
//!
//! Links are taken strongest first. Two groups are joined unless the pairs between them that were judged siblings
//! outnumber those judged versions: one article that holds two texts (a page of teasers, a collected issue) must not
//! chain their groups together, which is how the precision of plain connected components falls as a collection grows.

use std::collections::HashMap;

use super::candidate::Pair;

/// The group of every article, named by its smallest member.
///
/// `pairs` are ascending, each with the points of its evidence: above 0 for versions.
pub(super) fn components(articles: usize, pairs: &[(Pair, f64)]) -> Vec<u32> {
    let mut links: Vec<(i64, Pair)> = Vec::new();
    let mut sets = Sets::new(articles);
    for (pair, points) in pairs {
        let vote = (1000.0 * points.clamp(-1.0, 1.0)) as i64;
        sets.add(*pair, vote);
        if *points > 0.0 {
            links.push(((1000.0 * points) as i64, *pair));
        }
    }
    links.sort_by_key(|(strength, pair)| (std::cmp::Reverse(*strength), *pair));
    for (_, (a, b)) in links {
        sets.join(a, b);
    }
    (0..articles as u32)
        .map(|article| sets.name(article))
        .collect()
}

/// Disjoint sets with the balance of votes between each two.
struct Sets {
    parent: Vec<u32>,
    smallest: Vec<u32>,
    votes: Vec<HashMap<u32, i64>>,
}

impl Sets {
    fn new(articles: usize) -> Self {
        Self {
            parent: (0..articles as u32).collect(),
            smallest: (0..articles as u32).collect(),
            votes: vec![HashMap::new(); articles],
        }
    }

    fn add(&mut self, (a, b): Pair, vote: i64) {
        *self.votes[a as usize].entry(b).or_default() += vote;
        *self.votes[b as usize].entry(a).or_default() += vote;
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

    /// Joins the sets of two articles, unless more pairs between them speak against it than for it.
    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        if a == b || self.votes[a as usize].get(&b).copied().unwrap_or(0) < 0 {
            return;
        }
        let (keep, gone) = if self.votes[a as usize].len() >= self.votes[b as usize].len() {
            (a, b)
        } else {
            (b, a)
        };
        self.parent[gone as usize] = keep;
        self.smallest[keep as usize] = self.smallest[a as usize].min(self.smallest[b as usize]);
        for (other, vote) in std::mem::take(&mut self.votes[gone as usize]) {
            let others = &mut self.votes[other as usize];
            others.remove(&gone);
            if other != keep {
                *others.entry(keep).or_default() += vote;
                *self.votes[keep as usize].entry(other).or_default() += vote;
            }
        }
        self.votes[keep as usize].remove(&gone);
    }
}
