//! From group names and evidence to what the caller sees.

use std::collections::BTreeMap;

use super::candidate::Pair;
use super::judge::{Evidence, Tuning, Verdict};
use super::types::{
    Group, Grouping, Link, Options, PairBlocks, Reason, Relation, RelationKind, SharedBlocks,
};
use crate::model::ArticleId;

/// What is told of: articles by number in the order of their ids.
pub struct Told<'a> {
    /// The id of each.
    pub ids: &'a [ArticleId],
    /// The first article with the same words.
    pub leaders: &'a [u32],
    /// How many blocks each has that have words.
    pub blocks: &'a [u32],
    /// The group of every article, named by one of its members.
    pub names: &'a [u32],
    /// The evidence on pairs of leaders.
    pub judged: &'a [(Pair, Evidence)],
    /// The evidence on pairs of leaders that share too little to be versions.
    pub faint: &'a [(Pair, Evidence)],
}

/// Tells groups and relations; `explain` says which blocks a pair shares.
pub fn report(
    told: &Told<'_>,
    options: &Options,
    mut explain: impl FnMut(Pair) -> Option<PairBlocks>,
) -> Grouping {
    let tuning = Tuning::default();
    let id = |article: u32| told.ids[article as usize];
    let name = |article: u32| told.names[told.leaders[article as usize] as usize];

    // Most articles stand alone: no list is made for them.
    let mut sizes = vec![0u32; told.names.len()];
    for article in 0..told.leaders.len() as u32 {
        sizes[name(article) as usize] += 1;
    }
    let mut groups: BTreeMap<u32, Group> = BTreeMap::new();
    for (article, leader) in (0u32..).zip(told.leaders) {
        if sizes[name(article) as usize] < 2 {
            continue;
        }
        let group = groups.entry(name(article)).or_default();
        group.members.push(id(article));
        if *leader != article {
            let blocks = told.blocks[*leader as usize];
            group.links.push(Link {
                share_a: 1.0,
                share_b: 1.0,
                shared_blocks: SharedBlocks {
                    a: blocks,
                    of_a: blocks,
                    b: blocks,
                    of_b: blocks,
                },
                ..Link::bare(id(*leader), id(article), Reason::SameWords)
            });
        }
    }

    let mut relations = Vec::new();
    for (pair @ (a, b), evidence) in told.judged.iter().chain(told.faint) {
        let [share_a, share_b] = evidence.overlap.plain;
        let same_group = name(*a) == name(*b);
        let kind = match evidence.verdict(&tuning) {
            Verdict::Version if same_group => {
                groups.entry(name(*a)).or_default().links.push(Link {
                    a: id(*a),
                    b: id(*b),
                    share_a,
                    share_b,
                    shared_blocks: evidence.overlap.blocks,
                    frame: evidence.overlap.frame,
                    reason: evidence.reason(),
                    points: evidence.points(&tuning),
                    blocks: explain(*pair),
                });
                continue;
            }
            Verdict::Sibling => RelationKind::Sibling,
            Verdict::Quotes => RelationKind::Quotes,
            Verdict::Version | Verdict::Unrelated => continue,
        };
        if options.relations && !same_group {
            relations.push(Relation {
                a: id(*a),
                b: id(*b),
                kind,
                share_a,
                share_b,
                shared_blocks: evidence.overlap.blocks,
                frame: evidence.overlap.frame,
                points: evidence.points(&tuning),
                blocks: explain(*pair),
            });
        }
    }

    let mut groups: Vec<Group> = groups.into_values().collect();
    for group in &mut groups {
        group.links.sort_by_key(|link| (link.a, link.b));
    }
    groups.sort_by_key(|group| group.members.first().copied());
    relations.sort_by_key(|relation| (relation.a, relation.b));
    Grouping { groups, relations }
}
