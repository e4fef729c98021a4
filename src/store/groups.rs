//! Which articles of a collection are versions of one another now: what the engine found, as a person corrected it.
//!
//! A correction makes a new [`Groups`] out of the engine's grouping, and whoever still reads the old one is not
//! disturbed. Groups that did not change keep their order and scores, which are what costs.

use std::sync::{Arc, OnceLock};

use super::boilerplate::Counts;
use super::collection::Collection;
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
#[derive(Debug, Default)]
pub(super) struct Groups {
    /// The groups of two and more, as they were corrected.
    pub(super) grouping: Arc<Grouping>,
    /// What was said and counts, newest first.
    pub(super) said: Vec<Correction>,
    /// In how many groups the blocks of the collection stand.
    pub(super) counts: Counts,
    /// Those of `grouping` first, in its order.
    all: Vec<Versions>,
    /// By the place of a member.
    members: Vec<Standing>,
    /// By article the places in `grouping.relations`, ordered.
    related: Vec<(ArticleId, u32)>,
}

/// The versions of one text.
#[derive(Clone, Debug)]
pub(super) struct Versions {
    /// The smallest id among them, which names the group.
    pub(super) name: ArticleId,
    /// Places of the members, the best first.
    pub(super) order: Vec<usize>,
    /// How their texts differ, once somebody asked.
    text_differs: OnceLock<TextDifference>,
}

impl Versions {
    pub(super) fn new(name: ArticleId, order: Vec<usize>) -> Self {
        Self {
            name,
            order,
            text_differs: OnceLock::new(),
        }
    }

    /// Says whether something is not the same in all versions. Texts are compared when somebody asks, and once.
    pub(super) fn differ(&self, collection: &Collection, what: Difference) -> bool {
        if self.order.len() < 2 {
            return false;
        }
        let articles = || -> Vec<&Article> {
            let members = self.order.iter();
            let members = members.filter_map(|place| collection.members.get(*place));
            members.map(|member| &*member.article).collect()
        };
        let text = || {
            self.text_differs
                .get_or_init(|| TextDifference::of(&articles()))
        };
        match what {
            Difference::Body => text().body,
            Difference::Number => text().number,
            _ => metadata_differs(what, &articles()).unwrap_or_default(),
        }
    }
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
            all: Vec::with_capacity(collection.members.len()),
            members: vec![Standing::default(); collection.members.len()],
            said,
            ..Self::default()
        };
        let mut grouped = vec![false; collection.members.len()];
        for group in &grouping.groups {
            let at = groups.all.len();
            let known = before.and_then(|before| before.same(collection, group));
            let versions = match known {
                Some((versions, standings)) => {
                    for (place, standing) in versions.order.iter().zip(standings) {
                        groups.members[*place] = Standing {
                            group: at,
                            ..standing
                        };
                    }
                    versions.clone()
                }
                None => groups.rank(collection, group, at, rank),
            };
            for place in &versions.order {
                grouped[*place] = true;
            }
            groups.all.push(versions);
        }
        for (place, member) in collection.members.iter().enumerate() {
            if !grouped[place] {
                groups.members[place].group = groups.all.len();
                let alone = Versions::new(member.article.id, vec![place]);
                groups.all.push(alone);
            }
        }
        let ends = grouping.relations.iter().zip(0u32..);
        groups.related = ends
            .flat_map(|(relation, at)| [(relation.a, at), (relation.b, at)])
            .collect();
        groups.related.sort_unstable();
        groups.counts = collection.blocks.count(&groups.all);
        groups.grouping = grouping;
        groups
    }

    /// The versions of the same group with the same links, and how they stand, if they were together before.
    fn same(
        &self,
        collection: &Collection,
        group: &Group,
    ) -> Option<(&Versions, impl Iterator<Item = Standing>)> {
        let place = collection.place(*group.members.first()?)?;
        let at = self.members.get(place)?.group;
        let before = self.grouping.groups.get(at)?;
        let versions = self.all.get(at)?;
        let standings = versions.order.iter().map(|place| self.members[*place]);
        (before == group).then_some((versions, standings))
    }

    fn rank(&mut self, collection: &Collection, group: &Group, at: usize, rank: Rank) -> Versions {
        let ids = group.members.iter();
        let places: Vec<usize> = ids.filter_map(|id| collection.place(*id)).collect();
        let articles: Vec<&Article> = places
            .iter()
            .map(|place| &*collection.members[*place].article)
            .collect();
        let mut order = Vec::with_capacity(places.len());
        for (version, score) in rank(&articles) {
            let place = places[version];
            order.push(place);
            self.members[place] = Standing {
                group: at,
                similarity: None,
                score,
            };
        }
        for link in &group.links {
            let share = link.share_a.max(link.share_b);
            for place in [link.a, link.b].map(|id| collection.place(id)) {
                // What only a person ties has no likeness.
                if let Some(place) = place.filter(|_| share > 0.0) {
                    let similarity = &mut self.members[place].similarity;
                    *similarity = Some(similarity.unwrap_or(0.0).max(share));
                }
            }
        }
        let name = articles.iter().map(|article| article.id).min();
        Versions::new(name.unwrap_or_else(|| group.members[0]), order)
    }

    /// All groups, those of two and more first.
    pub(super) fn all(&self) -> &[Versions] {
        &self.all
    }

    /// How the member at a place stands.
    pub(super) fn standing(&self, place: usize) -> Option<&Standing> {
        self.members.get(place)
    }

    /// The group at a place.
    pub(super) fn versions(&self, at: usize) -> Option<&Versions> {
        self.all.get(at)
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
