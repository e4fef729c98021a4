//! From group names and evidence to what the caller sees.

use std::collections::BTreeMap;

use super::articles::Articles;
use super::candidate::Pair;
use super::judge::{Evidence, Verdict};
use super::types::{Group, Grouping, Link, Options, Reason, Relation, RelationKind, SharedBlocks};

/// Tells groups and relations. `names` is the group of every article, named by one of its members.
pub(super) fn report(
    articles: &Articles<'_>,
    names: &[u32],
    judged: &[(Pair, Evidence)],
    options: &Options,
) -> Grouping {
    let id = |article: u32| articles.documents[article as usize].id;
    let name = |article: u32| names[articles.leaders[article as usize] as usize];

    let mut groups: BTreeMap<u32, Group> = BTreeMap::new();
    for (article, leader) in (0u32..).zip(&articles.leaders) {
        let group = groups.entry(name(article)).or_default();
        group.members.push(id(article));
        if *leader != article {
            let blocks = articles.sketches[*leader as usize].blocks.len() as u32;
            group.links.push(Link {
                a: id(*leader),
                b: id(article),
                share_a: 1.0,
                share_b: 1.0,
                shared_blocks: SharedBlocks {
                    a: blocks,
                    of_a: blocks,
                    b: blocks,
                    of_b: blocks,
                },
                reason: Reason::SameWords,
            });
        }
    }

    let mut relations = Vec::new();
    for ((a, b), evidence) in judged {
        let [share_a, share_b] = evidence.overlap.plain;
        let same_group = name(*a) == name(*b);
        let kind = match evidence.verdict() {
            Verdict::Version if same_group => {
                groups.entry(name(*a)).or_default().links.push(Link {
                    a: id(*a),
                    b: id(*b),
                    share_a,
                    share_b,
                    shared_blocks: evidence.overlap.blocks,
                    reason: evidence.reason(),
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
            });
        }
    }

    let mut groups: Vec<Group> = groups
        .into_values()
        .filter(|group| group.members.len() > 1)
        .collect();
    for group in &mut groups {
        group.links.sort_by_key(|link| (link.a, link.b));
    }
    groups.sort_by_key(|group| group.members.first().copied());
    Grouping { groups, relations }
}
