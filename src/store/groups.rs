//! Which articles of a collection are versions of one another now: what the engine found, as a person corrected it.
//!
//! A correction makes a new [`Groups`] out of the engine's grouping, and whoever still reads the old one is not
//! disturbed. Groups that did not change keep their order and scores, which are what costs.

mod kept;
mod link;
mod partition;

use std::collections::HashMap;
use std::io;
use std::num::NonZero;
use std::sync::{Arc, OnceLock};
use std::thread;

use roaring::RoaringBitmap;

use super::boilerplate::{Blocks, Counts, Found};
use super::collection::{Collection, Member, Places};
use super::differs::{TextDifference, metadata_differs};
use super::types::Correction;
use super::versions::Score;
use crate::group::correct::{correct, standing};
use crate::group::{Group, Grouping, Link, Relation, Stage, Step};
use crate::model::{Article, ArticleId};
use crate::query::Difference;
pub(super) use kept::{GroupsFile, Of, write};
pub(super) use partition::Members;
use partition::Partition;

/// Orders the versions of a group, the best first, and scores them.
pub(super) type Rank = fn(&[&Article]) -> Vec<(usize, Option<Score>)>;

/// The groups of a collection. An article that is alone has a group of its own.
#[derive(Clone, Debug, Default)]
pub(super) struct Groups {
    /// Why groups are groups.
    ties: Ties,
    /// What was said and counts, newest first.
    pub(super) said: Vec<Correction>,
    /// Who stands with whom: groups of two and more are listed.
    partition: Partition,
    /// How the texts of each group of two and more differ, once somebody asked.
    text_differs: Vec<OnceLock<TextDifference>>,
}

/// What nobody needs to show a list: why groups are groups, what they are called, how good versions are, which blocks
/// are boilerplate.
#[derive(Clone, Debug)]
enum Ties {
    Here(Arc<Here>),
    Kept(Arc<GroupsFile>),
}

/// In memory.
#[derive(Debug, Default)]
struct Here {
    /// The groups of two and more, as they were corrected.
    grouping: Arc<Grouping>,
    blocks: Arc<Blocks>,
    /// In how many groups the blocks of the collection stand.
    counts: Counts,
    /// By group of two and more its smallest id; any other is named by its only one.
    names: Vec<ArticleId>,
    /// By group of two and more: differs where members or links do.
    digests: Vec<u64>,
    /// By the place in the list of their members.
    likeness: Vec<Likeness>,
    scores: Vec<Option<Score>>,
    /// By article the places in `grouping.relations`, ordered.
    related: Vec<(ArticleId, u32)>,
}

impl Default for Ties {
    fn default() -> Self {
        Self::Here(Arc::default())
    }
}

/// Containment with the version that a member of a group of two and more resembles most.
type Likeness = Option<f64>;

/// A group whose versions are ordered.
struct Ranked {
    name: ArticleId,
    order: Vec<u32>,
    likeness: Vec<Likeness>,
    scores: Vec<Option<Score>>,
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
        let (told, said) = (&mut |_| {}, corrections);
        Self::new_and_tell(collection, found, blocks, said, rank, before, told)
    }

    /// The same for whoever wants to know how far it has come.
    pub(super) fn new_and_tell(
        collection: &Collection,
        found: &Arc<Grouping>,
        blocks: &Arc<Blocks>,
        corrections: &[Correction],
        rank: Rank,
        before: Option<&Self>,
        progress: &mut dyn FnMut(Step),
    ) -> Self {
        let places = collection.places();
        let is_here = |id: ArticleId| places.of(id).is_some();
        let said = standing(corrections);
        let grouping = match said.is_empty() {
            true => Arc::clone(found),
            false => Arc::new(correct(found, corrections, is_here)),
        };
        let digests: Vec<u64> = grouping.groups.iter().map(link::digest).collect();
        let ranked = all_ranked(
            collection,
            &places,
            &grouping.groups,
            &digests,
            rank,
            before,
            progress,
        );
        let (mut names, mut likeness, mut scores) = (Vec::new(), Vec::new(), Vec::new());
        let (mut order, mut starts) = (Vec::new(), vec![0]);
        for ranked in ranked {
            likeness.extend(ranked.likeness);
            scores.extend(ranked.scores);
            names.push(ranked.name);
            order.extend(ranked.order);
            starts.push(order.len() as u32);
        }
        // The engine, corrections and their tests see to it: a mistake there must not go unseen.
        let Some(partition) = Partition::new(collection.len(), order, starts) else {
            unreachable!("an article stands in two groups");
        };
        let ends = grouping.relations.iter().zip(0u32..);
        let mut related: Vec<(ArticleId, u32)> = ends
            .flat_map(|(relation, at)| [(relation.a, at), (relation.b, at)])
            .collect();
        related.sort_unstable();
        Self {
            said,
            text_differs: names.iter().map(|_| OnceLock::new()).collect(),
            ties: Ties::Here(Arc::new(Here {
                counts: blocks.count(partition.all()),
                blocks: Arc::clone(blocks),
                grouping,
                names,
                digests,
                likeness,
                scores,
                related,
            })),
            partition,
        }
    }

    /// Takes over groups that are on disk, of so many articles.
    pub(super) fn kept(file: GroupsFile, articles: usize) -> io::Result<Self> {
        let partition = file.partition(articles)?;
        Ok(Self {
            text_differs: (0..partition.groups()).map(|_| OnceLock::new()).collect(),
            partition,
            ties: Ties::Kept(Arc::new(file)),
            said: Vec::new(),
        })
    }

    /// Says whether what was not read yet is sound, too, as far as a list may ask for it.
    pub(super) fn is_sound(&self) -> bool {
        match &self.ties {
            Ties::Here(_) => true,
            Ties::Kept(file) => file.is_sound(),
        }
    }

    /// The same with what was said of other articles.
    pub(super) fn with_said(&self, corrections: &[Correction]) -> Self {
        Self {
            said: standing(corrections),
            ..self.clone()
        }
    }

    /// Takes in members that were read since: each stands alone until the collection is grouped.
    pub(super) fn grow(&mut self, collection: &Collection) {
        self.partition.grow(collection.len());
    }

    /// The same group with the same links, if it was there before.
    fn same(&self, place: usize, digest: u64) -> Option<Ranked> {
        let at = self.partition.group(place as u32);
        let (names, digests, likeness) = match &self.ties {
            Ties::Here(here) => (&*here.names, &*here.digests, &*here.likeness),
            Ties::Kept(file) => (file.names(), file.digests(), file.likeness()),
        };
        if *digests.get(at)? != digest {
            return None;
        }
        let order = self.partition.listed(at)?;
        let from = self.partition.slot(*order.first()?)?;
        let slots = from..from + order.len() as u32;
        let likeness = likeness.get(from as usize..slots.end as usize)?;
        Some(Ranked {
            name: *names.get(at)?,
            order: order.to_vec(),
            likeness: likeness.to_vec(),
            scores: slots.map(|slot| self.score_at(slot)).collect(),
        })
    }

    /// The members of all groups, those of two and more first.
    pub(super) fn all(&self) -> impl Iterator<Item = Members<'_>> {
        self.partition.all()
    }

    /// Of each group the first member that is among these.
    pub(super) fn leads(&self, among: &RoaringBitmap) -> RoaringBitmap {
        self.partition.leads(among)
    }

    /// The members of groups of such a size.
    pub(super) fn sized(&self, fits: &dyn Fn(usize) -> bool) -> RoaringBitmap {
        self.partition.sized(fits)
    }

    /// The group of the member at a place: a number that no other has.
    pub(super) fn group(&self, place: usize) -> usize {
        self.partition.group(place as u32)
    }

    /// The smallest id of a group of two and more, which names it; any other is named by its only one.
    pub(super) fn name(&self, group: usize) -> Option<ArticleId> {
        let names = match &self.ties {
            Ties::Here(here) => &*here.names,
            Ties::Kept(file) if group < self.partition.groups() => file.names(),
            Ties::Kept(_) => &[],
        };
        names.get(group).copied()
    }

    /// Containment of the member at a place with the version that it resembles most; none when alone.
    pub(super) fn similarity(&self, place: usize) -> Option<f64> {
        let slot = self.partition.slot(place as u32)?;
        let likeness = match &self.ties {
            Ties::Here(here) => &*here.likeness,
            Ties::Kept(file) => file.likeness(),
        };
        likeness.get(slot as usize).copied().flatten()
    }

    /// What speaks for and against the member at a place; none when alone.
    pub(super) fn score(&self, place: usize) -> Option<Score> {
        self.score_at(self.partition.slot(place as u32)?)
    }

    fn score_at(&self, slot: u32) -> Option<Score> {
        match &self.ties {
            Ties::Here(here) => here.scores.get(slot as usize).copied().flatten(),
            Ties::Kept(file) => file.score(slot),
        }
    }

    /// The group of the member at a place, itself included, the best first.
    pub(super) fn versions_of(&self, place: usize) -> Option<Members<'_>> {
        self.partition.versions(place as u32)
    }

    /// Says whether something is not the same in all versions of a group. Texts are compared when somebody asks, and once.
    pub(super) fn differ(&self, collection: &Collection, group: usize, what: Difference) -> bool {
        let listed = self.partition.listed(group);
        let (Some(differs), Some(order)) = (self.text_differs.get(group), listed) else {
            return false;
        };
        let members = || -> Vec<Arc<Member>> {
            let order = order.iter();
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

    /// What of a member stands in other groups.
    pub(super) fn elsewhere(&self, place: usize) -> Found {
        match &self.ties {
            Ties::Here(here) => here.blocks.elsewhere(place, &here.counts),
            Ties::Kept(file) => file.elsewhere(place as u32),
        }
    }

    /// The share of a member's text that stands in other groups, 0 to 1.
    pub(super) fn share(&self, place: usize) -> f64 {
        match &self.ties {
            Ties::Here(here) => here.blocks.elsewhere(place, &here.counts).share,
            Ties::Kept(file) => file.share(place as u32),
        }
    }

    /// The links of a group of two and more; none where the file that has them cannot be read.
    pub(super) fn links(&self, at: usize) -> Vec<Link> {
        match &self.ties {
            Ties::Here(here) => {
                let group = here.grouping.groups.get(at);
                group.map_or_else(Vec::new, |group| group.links.clone())
            }
            Ties::Kept(_) if at >= self.partition.groups() => Vec::new(),
            Ties::Kept(file) => file
                .group(at as u32)
                .map_or_else(|_| Vec::new(), |it| it.links),
        }
    }

    /// What these articles are related to in other groups; nothing where groups are on disk, which no
    /// relations are kept with.
    pub(super) fn relations(&self, ids: &[ArticleId]) -> Vec<Relation> {
        let Ties::Here(here) = &self.ties else {
            return Vec::new();
        };
        let own = ids.iter().flat_map(|id| {
            let from = here.related.partition_point(|(other, _)| other < id);
            here.related[from..]
                .iter()
                .take_while(move |(other, _)| other == id)
        });
        own.filter_map(|(_, at)| here.grouping.relations.get(*at as usize))
            .cloned()
            .collect()
    }

    /// The groups of two and more with all their links. Those on disk are read.
    pub(super) fn grouping(&self) -> io::Result<Arc<Grouping>> {
        match &self.ties {
            Ties::Here(here) => Ok(Arc::clone(&here.grouping)),
            Ties::Kept(file) => file.grouping().map(Arc::new),
        }
    }
}

/// Orders the versions of all groups, on all cores. Those that are as they were `before` are taken from there.
fn all_ranked(
    collection: &Collection,
    places: &Places<'_>,
    groups: &[Group],
    digests: &[u64],
    rank: Rank,
    before: Option<&Groups>,
    progress: &mut dyn FnMut(Step),
) -> Vec<Ranked> {
    let one = |(group, digest): (&Group, &u64)| {
        let first = group.members.first().and_then(|first| places.of(*first));
        let known = before.zip(first);
        let known = known.and_then(|(before, first)| before.same(first, *digest));
        known.unwrap_or_else(|| ranked(collection, places, group, rank))
    };
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let all = groups.len();
    let mut done = Vec::with_capacity(all);
    // A few for each core at a time, so that it can be said how far it is.
    let batch = threads * 256;
    for (groups, digests) in groups.chunks(batch).zip(digests.chunks(batch)) {
        progress(Step {
            stage: Stage::Rank,
            done: done.len() as u64,
            all: all as u64,
        });
        let share = groups.len().div_ceil(threads).max(64);
        thread::scope(|scope| {
            let parts = groups.chunks(share).zip(digests.chunks(share));
            let threads: Vec<_> = parts
                .map(|(groups, digests)| {
                    scope.spawn(move || groups.iter().zip(digests).map(one).collect::<Vec<_>>())
                })
                .collect();
            for thread in threads {
                match thread.join() {
                    Ok(part) => done.extend(part),
                    // A panic in a worker is one of ours: it goes on here.
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
        });
    }
    done
}

fn ranked(collection: &Collection, places: &Places<'_>, group: &Group, rank: Rank) -> Ranked {
    let ids = group.members.iter();
    let members = ids.filter_map(|id| {
        let place = places.of(*id)?;
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
    let name = articles.iter().map(|article| article.id).min();
    let mut ranked = Ranked {
        name: name.unwrap_or_else(|| group.members[0]),
        order: Vec::new(),
        likeness: Vec::new(),
        scores: Vec::new(),
    };
    for (version, score) in rank(&articles) {
        ranked.order.push(members[version].0 as u32);
        let similarity = similarities.get(&articles[version].id);
        ranked.likeness.push(similarity.copied());
        ranked.scores.push(score);
    }
    ranked
}
