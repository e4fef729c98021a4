//! From group names and evidence to what the caller sees.

use std::collections::BTreeMap;

use super::candidate::Pair;
use super::judge::{Evidence, Tuning, Verdict};
use super::types::{
    Group, Grouping, Link, Options, PairBlocks, Reason, Relation, RelationKind, SharedBlocks,
};
use crate::model::ArticleId;

/// What is told of. Texts are numbered like articles: each by one of those that have its words.
pub struct Told<'a> {
    /// The id of an article.
    pub id: &'a dyn Fn(u32) -> ArticleId,
    /// The text of every article.
    pub texts: &'a [u32],
    /// Whether an article is there.
    pub is: &'a [bool],
    /// By text: of the articles that have its words the one with the smallest id.
    pub leaders: &'a [u32],
    /// By text: how many blocks have words, as far as known.
    pub blocks: &'a [u32],
    /// By text: its group, named by one of its texts.
    pub names: &'a [u32],
}

/// Tells groups and relations from the evidence on pairs of texts; `explain` says which blocks a pair shares.
pub fn report(
    told: &Told<'_>,
    judged: impl Iterator<Item = (Pair, Evidence)>,
    options: &Options,
    mut explain: impl FnMut(Pair) -> Option<PairBlocks>,
) -> Grouping {
    let tuning = Tuning::default();
    let name = |text: u32| told.names[text as usize];
    let leader = |text: u32| (told.id)(told.leaders[text as usize]);

    // Most articles stand alone: no list is made for them.
    let articles = || (0u32..).zip(told.texts.iter().zip(told.is));
    let articles = || articles().filter(|(_, (_, is))| **is);
    let mut sizes = vec![0u32; told.names.len()];
    for (_, (text, _)) in articles() {
        sizes[name(*text) as usize] += 1;
    }
    let mut groups: BTreeMap<u32, Group> = BTreeMap::new();
    for (article, (text, _)) in articles() {
        if sizes[name(*text) as usize] < 2 {
            continue;
        }
        let group = groups.entry(name(*text)).or_default();
        let id = (told.id)(article);
        group.members.push(id);
        if told.leaders[*text as usize] != article {
            let blocks = told.blocks.get(*text as usize).copied().unwrap_or(0);
            group.links.push(Link {
                share_a: 1.0,
                share_b: 1.0,
                shared_blocks: SharedBlocks {
                    a: blocks,
                    of_a: blocks,
                    b: blocks,
                    of_b: blocks,
                },
                ..Link::bare(leader(*text), id, Reason::SameWords)
            });
        }
    }

    let mut relations = Vec::new();
    for (pair, mut evidence) in judged {
        let same_group = name(pair.0) == name(pair.1);
        let kind = match evidence.verdict(&tuning) {
            Verdict::Version if same_group => None,
            Verdict::Sibling => Some(RelationKind::Sibling),
            Verdict::Quotes => Some(RelationKind::Quotes),
            Verdict::Version | Verdict::Unrelated => continue,
        };
        if kind.is_some() && (same_group || !options.relations) {
            continue;
        }
        let (mut a, mut b) = (leader(pair.0), leader(pair.1));
        let mut blocks = explain(pair);
        if a > b {
            (a, b) = (b, a);
            (evidence, blocks) = (evidence.swapped(), blocks.map(PairBlocks::swapped));
        }
        let [share_a, share_b] = evidence.overlap.plain;
        match kind {
            None => groups.entry(name(pair.0)).or_default().links.push(Link {
                a,
                b,
                share_a,
                share_b,
                shared_blocks: evidence.overlap.blocks,
                frame: evidence.overlap.frame,
                reason: evidence.reason(),
                points: evidence.points(&tuning),
                blocks,
            }),
            Some(kind) => relations.push(Relation {
                a,
                b,
                kind,
                share_a,
                share_b,
                shared_blocks: evidence.overlap.blocks,
                frame: evidence.overlap.frame,
                points: evidence.points(&tuning),
                blocks,
            }),
        }
    }

    let mut groups: Vec<Group> = groups.into_values().collect();
    for group in &mut groups {
        group.members.sort_unstable();
        group.links.sort_by_key(|link| (link.a, link.b));
    }
    groups.sort_by_key(|group| group.members.first().copied());
    relations.sort_by_key(|relation| (relation.a, relation.b));
    Grouping { groups, relations }
}
