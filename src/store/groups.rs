//! Which articles of a collection are versions of one another now: what the engine found, as a person corrected it.
//!
//! A correction makes a new [`Groups`] out of the engine's grouping, and whoever still reads the old one is not
//! disturbed. Groups that did not change keep their order and scores, which are what costs.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use super::boilerplate::{Blocks, Counts};
use super::collection::{Collection, Member};
use super::differs::{TextDifference, metadata_differs};
use super::types::Correction;
use super::versions::Score;
use crate::group::correct::{correct, standing};
use crate::group::{Group, Grouping};
use crate::model::{Article, ArticleId};
use crate::query::Difference;

/// Orders the versions of a group, the best first, and scores them.
pub(super) type Rank = fn(&[&Article]) -> Vec<(usize, Option<Score>)>;

/// The groups of a collection. An article that is alone has a group of its own.
#[derive(Clone, Debug, Default)]
pub(super) struct Groups {
    /// The groups of two and more, as they were corrected.
    pub(super) grouping: Arc<Grouping>,
    /// What was said and counts, newest first.
    pub(super) said: Vec<Correction>,
    blocks: Arc<Blocks>,
    /// In how many groups the blocks of the collection stand.
    counts: Counts,
    /// Places of all members, group by group, those of `grouping` first and in its order; inside a group the best first.
    order: Vec<u32>,
    /// Where each group begins in `order`; one more at the end.
    starts: Vec<u32>,
    /// The smallest id of each group of two and more; any other is named by its only one.
    names: Vec<ArticleId>,
    /// How the texts of each group of two and more differ, once somebody asked.
    text_differs: Vec<OnceLock<TextDifference>>,
    /// By place: the group, and where it stands in `order`.
    slots: Vec<(u32, u32)>,
    /// By the place in `order`, for groups of two and more.
    likeness: Vec<Likeness>,
    /// By article the places in `grouping.relations`, ordered.
    related: Vec<(ArticleId, u32)>,
}

/// Where a member stands that is in no group yet.
const NOWHERE: (u32, u32) = (u32::MAX, u32::MAX);

/// The versions of one text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Versions<'a> {
    /// The smallest id among them, which names the group; none for an article that is alone.
    pub(super) name: Option<ArticleId>,
    /// Places of the members, the best first.
    pub(super) order: &'a [u32],
}

/// How a member of a group of two and more stands in it.
#[derive(Clone, Copy, Debug, Default)]
struct Likeness {
    similarity: Option<f64>,
    score: Option<Score>,
}

/// How a member stands in its group.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Standing {
    /// The place of its group.
    pub(super) group: usize,
    /// Containment with the version that it resembles most; none when alone.
    pub(super) similarity: Option<f64>,
    /// None when alone.
    pub(super) score: Option<Score>,
}

impl Groups {
    /// Puts the members of a collection into the groups that were found, as they were corrected. `before` are the
    /// groups of the same collection with other corrections.
    pub(super) fn new(
        collection: &Collection,
        found: &Arc<Grouping>,
        blocks: &Arc<Blocks>,
        corrections: &[Correction],
        rank: Rank,
        before: Option<&Self>,
    ) -> Self {
        let is_here = |id| collection.place(id).is_some();
        let said = standing(corrections);
        let grouping = match said.is_empty() {
            true => Arc::clone(found),
            false => Arc::new(correct(found, corrections, is_here)),
        };
        let mut groups = Self {
            order: Vec::with_capacity(collection.len()),
            slots: vec![NOWHERE; collection.len()],
            blocks: Arc::clone(blocks),
            said,
            ..Self::default()
        };
        for group in &grouping.groups {
            let known = before.and_then(|before| before.same(collection, group));
            match known {
                Some((versions, likeness)) => {
                    groups.likeness.extend(likeness);
                    let name = versions.name.unwrap_or(group.members[0]);
                    groups.names.push(name);
                    groups.text_differs.push(OnceLock::new());
                    groups.push(versions.order);
                }
                None => groups.rank(collection, group, rank),
            }
        }
        for place in 0..groups.slots.len() {
            if groups.slots[place] == NOWHERE {
                groups.push(&[place as u32]);
            }
        }
        let ends = grouping.relations.iter().zip(0u32..);
        groups.related = ends
            .flat_map(|(relation, at)| [(relation.a, at), (relation.b, at)])
            .collect();
        groups.related.sort_unstable();
        groups.counts = blocks.count(groups.all());
        groups.grouping = grouping;
        groups
    }

    /// Takes in members that were read since: each stands alone until the collection is grouped.
    pub(super) fn grow(&mut self, collection: &Collection) {
        let known = self.slots.len();
        self.slots.resize(collection.len(), NOWHERE);
        for place in known..collection.len() {
            self.push(&[place as u32]);
        }
    }

    fn push(&mut self, order: &[u32]) {
        if self.starts.is_empty() {
            self.starts.push(0);
        }
        let at = self.starts.len() as u32 - 1;
        for place in order {
            self.slots[*place as usize] = (at, self.order.len() as u32);
            self.order.push(*place);
        }
        self.starts.push(self.order.len() as u32);
    }

    /// The versions of the same group with the same links, and how they stand, if they were together before.
    fn same(&self, collection: &Collection, group: &Group) -> Option<(Versions<'_>, &[Likeness])> {
        let place = collection.place(*group.members.first()?)?;
        let at = self.slots.get(place)?.0 as usize;
        let before = self.grouping.groups.get(at)?;
        let versions = self.at(at)?;
        let from = *self.starts.get(at)? as usize;
        let likeness = self.likeness.get(from..from + versions.order.len())?;
        (before == group).then_some((versions, likeness))
    }

    fn rank(&mut self, collection: &Collection, group: &Group, rank: Rank) {
        let ids = group.members.iter();
        let members = ids.filter_map(|id| {
            let place = collection.place(*id)?;
            Some((place, collection.member(place)?))
        });
        let members: Vec<(usize, Arc<Member>)> = members.collect();
        let articles: Vec<&Article> = members.iter().map(|(_, it)| &*it.article).collect();
        let mut similarities: HashMap<ArticleId, f64> = HashMap::new();
        for link in &group.links {
            let share = link.share_a.max(link.share_b);
            // What only a person ties has no likeness.
            for id in [link.a, link.b].into_iter().filter(|_| share > 0.0) {
                let known = similarities.entry(id).or_insert(share);
                *known = known.max(share);
            }
        }
        let mut order = Vec::with_capacity(members.len());
        for (version, score) in rank(&articles) {
            order.push(members[version].0 as u32);
            self.likeness.push(Likeness {
                similarity: similarities.get(&articles[version].id).copied(),
                score,
            });
        }
        let name = articles.iter().map(|article| article.id).min();
        self.names.push(name.unwrap_or_else(|| group.members[0]));
        self.text_differs.push(OnceLock::new());
        self.push(&order);
    }

    /// All groups, those of two and more first.
    pub(super) fn all(&self) -> impl Iterator<Item = Versions<'_>> {
        (0..self.starts.len().saturating_sub(1)).filter_map(|at| self.at(at))
    }

    /// The group of an article.
    pub(super) fn group_of(&self, article: u32) -> u32 {
        self.slots.get(article as usize).map_or(u32::MAX, |it| it.0)
    }

    /// The group at a place.
    pub(super) fn at(&self, at: usize) -> Option<Versions<'_>> {
        let (from, to) = (*self.starts.get(at)?, *self.starts.get(at + 1)?);
        Some(Versions {
            name: self.names.get(at).copied(),
            order: self.order.get(from as usize..to as usize)?,
        })
    }

    /// How the member at a place stands.
    pub(super) fn standing(&self, place: usize) -> Standing {
        let (group, slot) = self.slots.get(place).copied().unwrap_or(NOWHERE);
        let likeness = self.likeness.get(slot as usize).copied();
        let Likeness { similarity, score } = likeness.unwrap_or_default();
        Standing {
            group: group as usize,
            similarity,
            score,
        }
    }

    /// The group of the member at a place.
    pub(super) fn versions_of(&self, place: usize) -> Option<Versions<'_>> {
        self.at(self.slots.get(place)?.0 as usize)
    }

    /// Says whether something is not the same in all versions of a group. Texts are compared when somebody asks, and once.
    pub(super) fn differ(&self, collection: &Collection, group: usize, what: Difference) -> bool {
        let (Some(differs), Some(versions)) = (self.text_differs.get(group), self.at(group)) else {
            return false;
        };
        let members = || -> Vec<Arc<Member>> {
            let order = versions.order.iter();
            order
                .filter_map(|at| collection.member(*at as usize))
                .collect()
        };
        let text = || {
            *differs.get_or_init(|| {
                let members = members();
                let articles: Vec<&Article> = members.iter().map(|it| &*it.article).collect();
                TextDifference::of(&articles)
            })
        };
        match what {
            Difference::Body => text().body,
            Difference::Number => text().number,
            _ => {
                let members = members();
                let articles: Vec<&Article> = members.iter().map(|it| &*it.article).collect();
                metadata_differs(what, &articles).unwrap_or_default()
            }
        }
    }

    /// The blocks of a member that stand in other groups, each with how many those are.
    pub(super) fn elsewhere(&self, place: usize) -> Vec<(usize, u32)> {
        self.blocks.elsewhere(place, &self.counts)
    }

    /// The share of a member's text that stands in other groups, 0 to 1.
    pub(super) fn share(&self, place: usize) -> f64 {
        self.blocks.share(place, &self.counts)
    }

    /// The links and members of a group of two and more.
    pub(super) fn group(&self, at: usize) -> Option<&Group> {
        self.grouping.groups.get(at)
    }

    /// The relations of an article to those of other groups.
    pub(super) fn relations(&self, id: ArticleId) -> impl Iterator<Item = &crate::group::Relation> {
        let from = self.related.partition_point(|(other, _)| *other < id);
        let own = self.related[from..].iter();
        own.take_while(move |(other, _)| *other == id)
            .filter_map(|(_, at)| self.grouping.relations.get(*at as usize))
    }
}
