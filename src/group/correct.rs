//! What a person said about groups wins over the engine, after every regrouping.
//!
//! Two things can be said of two articles: *same*, that they are one text, and *apart*, that they are not. [`correct`]
//! takes the groups that the engine found and gives those that hold to what was said:
//!
//! 1. Contradictions: from the newest statement to the oldest, each counts unless those that count already rule it out.
//!    *Same A B*, *same B C* and *apart A C* cannot all hold; the two newest do.
//! 2. *Same* joins the groups of both articles, also by way of a third article that is no longer there.
//! 3. *Apart* parts a group: its links are taken again, strongest first (the sum of both shares), and each joins what
//!    may stand together. So every other member goes to the side that it is linked to most strongly, and what only
//!    hung together through a member that left falls apart.
//!
//! Groups that nobody said anything about come back as they were. Pure, and independent of the order in which groups
//! and statements are given.
//!
//! Rejected: editing the pairs before the engine links them. A hint that the engine may outvote is no decision, and
//! every correction would cost a whole linking.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::types::{Group, Grouping, Link, Reason};
use crate::model::ArticleId;

/// What a person says of two articles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Said {
    /// They are versions of one text.
    Same,
    /// They are not.
    Apart,
}

/// A statement about two articles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Correction {
    /// When it was said: the larger number is newer.
    pub number: u64,
    /// The smaller article.
    pub a: ArticleId,
    /// The other.
    pub b: ArticleId,
    /// What was said.
    pub said: Said,
}

impl Correction {
    /// A statement about two articles, in either order. Nothing can be said of an article and itself.
    pub fn new(number: u64, one: ArticleId, other: ArticleId, said: Said) -> Option<Self> {
        (one != other).then(|| Self {
            number,
            a: one.min(other),
            b: one.max(other),
            said,
        })
    }

    /// The same of another article in the place of one that it is about.
    pub fn handed_on(&self, from: ArticleId, to: ArticleId) -> Option<Self> {
        let put = |id: ArticleId| if id == from { to } else { id };
        Self::new(self.number, put(self.a), put(self.b), self.said)
    }

    /// Says whether it is about that article.
    pub fn is_about(&self, id: ArticleId) -> bool {
        self.a == id || self.b == id
    }
}

/// The statements that count, newest first: see the module for how contradictions end.
pub fn standing(corrections: &[Correction]) -> Vec<Correction> {
    let mut newest: Vec<Correction> = corrections.to_vec();
    // Two statements of one number can only come from a made-up log; the order of the rest decides between them.
    newest.sort_by(|x, y| y.cmp(x));
    let mut sides = Sides::default();
    let mut said = BTreeSet::new();
    newest.retain(|it| {
        let counts = match it.said {
            Said::Apart => sides.part(it.a, it.b),
            Said::Same => sides.join(it.a, it.b),
        };
        counts && said.insert((it.a, it.b))
    });
    newest
}

/// The groups as a person corrected them. `is_here` says whether an article is in the collection: statements may be
/// about others too, which become no members.
pub fn correct(
    grouping: &Grouping,
    corrections: &[Correction],
    is_here: impl Fn(ArticleId) -> bool,
) -> Grouping {
    let standing = standing(corrections);
    if standing.is_empty() {
        return grouping.clone();
    }
    let mut group_of: HashMap<ArticleId, usize> = HashMap::new();
    for (at, group) in grouping.groups.iter().enumerate() {
        group_of.extend(group.members.iter().map(|member| (*member, at)));
    }

    // What hangs together by links or by what was said, of groups that something was said about.
    let mut touched = Sets::default();
    for it in &standing {
        for id in [it.a, it.b] {
            let members = group_of.get(&id).map(|at| &grouping.groups[*at].members);
            for member in members.into_iter().flatten() {
                touched.join(id, *member);
            }
        }
        if it.said == Said::Same {
            touched.join(it.a, it.b);
        }
    }
    let mut regions: BTreeMap<ArticleId, Region> = BTreeMap::new();
    let mut untouched = Vec::new();
    for group in &grouping.groups {
        match group.members.first().and_then(|it| touched.known(*it)) {
            Some(root) => regions.entry(root).or_default().groups.push(group),
            None => untouched.push(group.clone()),
        }
    }
    for it in &standing {
        // Two that are parted and in two regions already: the other region need not know.
        let root = touched.root(it.a);
        regions.entry(root).or_default().said.push(*it);
    }

    let mut groups = untouched;
    for region in regions.values() {
        region.part(&is_here, &mut groups);
    }
    groups.sort_by_key(|group| group.members.first().copied());
    let mut now: HashMap<ArticleId, usize> = HashMap::new();
    for (at, group) in groups.iter().enumerate() {
        now.extend(group.members.iter().map(|member| (*member, at)));
    }
    let mut relations = grouping.relations.clone();
    relations.retain(|it| match (now.get(&it.a), now.get(&it.b)) {
        (Some(a), Some(b)) => a != b,
        _ => true,
    });
    Grouping { groups, relations }
}

/// Articles that may end up in one group, and what was said about them.
#[derive(Default)]
struct Region<'a> {
    groups: Vec<&'a Group>,
    said: Vec<Correction>,
}

impl Region<'_> {
    /// Adds the groups that it falls into.
    fn part(&self, is_here: &impl Fn(ArticleId) -> bool, groups: &mut Vec<Group>) {
        let mut sides = Sides::default();
        for it in self.said.iter().filter(|it| it.said == Said::Same) {
            sides.join(it.a, it.b);
        }
        let mut same = sides.sets.clone();
        for it in self.said.iter().filter(|it| it.said == Said::Apart) {
            sides.part(it.a, it.b);
        }

        let weak: Vec<(ArticleId, ArticleId)> =
            self.groups.iter().flat_map(|group| loose(group)).collect();
        let mut links: Vec<(f64, ArticleId, ArticleId)> = self
            .groups
            .iter()
            .flat_map(|group| &group.links)
            .map(|link| (link.share_a + link.share_b, link.a, link.b))
            .chain(weak.into_iter().map(|(a, b)| (0.0, a, b)))
            .collect();
        links.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
        for (_, a, b) in links {
            sides.join(a, b);
        }

        let mut members: BTreeMap<ArticleId, BTreeSet<ArticleId>> = BTreeMap::new();
        let of_groups = self.groups.iter().flat_map(|group| &group.members);
        let of_said = self.said.iter().flat_map(|it| [&it.a, &it.b]);
        for id in of_groups.chain(of_said).filter(|id| is_here(**id)) {
            members.entry(sides.sets.root(*id)).or_default().insert(*id);
        }
        let links = self.groups.iter().flat_map(|group| &group.links);
        for members in members.into_values().filter(|it| it.len() > 1) {
            let has = |link: &Link| members.contains(&link.a) && members.contains(&link.b);
            let mut links: Vec<Link> = links.clone().filter(|it| has(it)).cloned().collect();
            links.extend(said_links(&members, &self.said, &mut same, &links));
            links.sort_by_key(|link| (link.a, link.b));
            groups.push(Group {
                members: members.into_iter().collect(),
                links,
            });
        }
    }
}

/// Pairs that hold a group together where its links do not, as those of a made-up group may not.
fn loose(group: &Group) -> Vec<(ArticleId, ArticleId)> {
    let mut sets = Sets::default();
    for link in &group.links {
        sets.join(link.a, link.b);
    }
    let mut pairs = Vec::new();
    if let Some(first) = group.members.iter().min() {
        for member in &group.members {
            if sets.root(*member) != sets.root(*first) {
                sets.join(*member, *first);
                pairs.push((*first, *member));
            }
        }
    }
    pairs
}

/// The links that say "a person said so": one for each pair that was said to be the same and that no link of the
/// engine ties. Where an article in the middle is gone, the ends are tied to one another.
fn said_links(
    members: &BTreeSet<ArticleId>,
    said: &[Correction],
    same: &mut Sets,
    links: &[Link],
) -> Vec<Link> {
    let mut tied = Sets::default();
    let known: BTreeSet<(ArticleId, ArticleId)> = links.iter().map(|it| (it.a, it.b)).collect();
    for (a, b) in &known {
        tied.join(*a, *b);
    }
    let link = |a: ArticleId, b: ArticleId| Link::bare(a, b, Reason::Said);
    let mut new = Vec::new();
    for it in said.iter().filter(|it| it.said == Said::Same) {
        if members.contains(&it.a) && members.contains(&it.b) && !known.contains(&(it.a, it.b)) {
            tied.join(it.a, it.b);
            new.push(link(it.a, it.b));
        }
    }
    let Some(first) = members.first() else {
        return new;
    };
    for member in members {
        if same.root(*member) == same.root(*first) && tied.root(*member) != tied.root(*first) {
            tied.join(*first, *member);
            new.push(link(*first, *member));
        }
    }
    new
}

/// Sets of articles that are one text, and which of them must not become one.
#[derive(Default)]
struct Sides {
    sets: Sets,
    /// By root, the roots that it must not join.
    never: HashMap<ArticleId, BTreeSet<ArticleId>>,
}

impl Sides {
    /// Keeps two articles apart; says whether they may be.
    fn part(&mut self, a: ArticleId, b: ArticleId) -> bool {
        let (a, b) = (self.sets.root(a), self.sets.root(b));
        if a == b {
            return false;
        }
        self.never.entry(a).or_default().insert(b);
        self.never.entry(b).or_default().insert(a);
        true
    }

    /// Joins two articles; says whether they may be, or are already.
    fn join(&mut self, a: ArticleId, b: ArticleId) -> bool {
        let (a, b) = (self.sets.root(a), self.sets.root(b));
        if a == b {
            return true;
        }
        if self.never.get(&a).is_some_and(|never| never.contains(&b)) {
            return false;
        }
        let root = self.sets.join(a, b);
        let gone = if root == a { b } else { a };
        for other in self.never.remove(&gone).unwrap_or_default() {
            if let Some(of_other) = self.never.get_mut(&other) {
                of_other.remove(&gone);
                of_other.insert(root);
            }
            self.never.entry(root).or_default().insert(other);
        }
        true
    }
}

/// Disjoint sets of articles. The root of a set is its smallest member, so that it never depends on the order of joins.
#[derive(Clone, Default)]
struct Sets {
    parent: HashMap<ArticleId, ArticleId>,
}

impl Sets {
    fn root(&mut self, id: ArticleId) -> ArticleId {
        let mut root = id;
        while let Some(parent) = self.parent.get(&root).filter(|parent| **parent != root) {
            root = *parent;
        }
        let mut at = id;
        while at != root {
            at = self.parent.insert(at, root).unwrap_or(root);
        }
        root
    }

    /// The root of an article that was joined with something.
    fn known(&mut self, id: ArticleId) -> Option<ArticleId> {
        self.parent.contains_key(&id).then(|| self.root(id))
    }

    /// Joins two sets and gives their root.
    fn join(&mut self, a: ArticleId, b: ArticleId) -> ArticleId {
        let (a, b) = (self.root(a), self.root(b));
        let (root, child) = (a.min(b), a.max(b));
        self.parent.insert(child, root);
        self.parent.insert(root, root);
        root
    }
}

#[cfg(test)]
mod tests;
