//! Decisions, and what the person read, marked and chose, as bitmaps of article numbers, so that a tag or verdict counts
//! in queries at once.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use roaring::RoaringBitmap;

use super::snapshot::Tail;
use crate::model::{ArticleId, Decision, Verdict};
use crate::store::collection::UNDECIDED;
use crate::store::library::catalogue::once;
use crate::store::library::segment::Segment;
use crate::store::types::Personal;

/// What was decided, by article, and as sets once a query asks for them: to find the numbers of thousands of articles
/// takes longer than a first list.
#[derive(Debug, Default)]
pub struct Decided {
    decisions: Arc<HashMap<ArticleId, Decision>>,
    pub(super) personal: Arc<Personal>,
    stamp: u64,
    /// The numbers that were known before.
    known: Arc<Numbers>,
    sets: OnceLock<Sets>,
}

/// Numbers of articles.
type Numbers = HashMap<ArticleId, u32>;

/// The same as sets of the articles of a library.
#[derive(Debug, Default)]
pub struct Sets {
    /// Of the decided articles that are in the library.
    numbers: Arc<Numbers>,
    pub(super) tags: BTreeMap<String, RoaringBitmap>,
    pub(super) tagged: RoaringBitmap,
    pub(super) keep: RoaringBitmap,
    pub(super) drop: RoaringBitmap,
    pub(super) skip: RoaringBitmap,
    pub(super) superseded: RoaringBitmap,
    pub(super) read: RoaringBitmap,
    pub(super) marked: RoaringBitmap,
    pub(super) selected: RoaringBitmap,
    noted: Vec<(u32, ArticleId)>,
}

/// A segment is asked for ids one by one when so many times as many articles are in it.
const FEW: usize = 64;

impl Decided {
    /// What is decided. `before` are the decisions so far about the same articles: the numbers that it knows are not
    /// looked for again.
    pub fn new(
        decisions: Arc<HashMap<ArticleId, Decision>>,
        personal: Arc<Personal>,
        before: Option<&Self>,
    ) -> Self {
        static STAMPS: AtomicU64 = AtomicU64::new(1);
        let known = before.map(|it| it.sets.get().map_or(&it.known, |sets| &sets.numbers));
        Self {
            decisions,
            personal,
            stamp: STAMPS.fetch_add(1, Ordering::Relaxed),
            known: known.map(Arc::clone).unwrap_or_default(),
            sets: OnceLock::new(),
        }
    }

    /// The sets of the articles of a library, which is the same each time.
    pub(super) fn sets(&self, segments: &[Arc<Segment>], tail: Tail<'_>) -> io::Result<&Sets> {
        once(&self.sets, || Sets::new(self, segments, tail))
    }

    /// The articles with a note of which that is true.
    pub(super) fn noted(&self, sets: &Sets, fits: impl Fn(&str) -> bool) -> RoaringBitmap {
        let fitting = sets.noted.iter().filter(|(_, id)| {
            let mut notes = self.of(*id).notes.iter();
            notes.any(|note| fits(&note.text))
        });
        fitting.map(|(number, _)| *number).collect()
    }

    /// Says whether it was made of these.
    pub fn is_of(
        &self,
        decisions: &Arc<HashMap<ArticleId, Decision>>,
        personal: &Arc<Personal>,
    ) -> bool {
        Arc::ptr_eq(&self.decisions, decisions) && Arc::ptr_eq(&self.personal, personal)
    }

    /// What was decided about an article.
    pub fn of(&self, id: ArticleId) -> &Decision {
        self.decisions.get(&id).unwrap_or(&UNDECIDED)
    }

    /// Differs between any two that were made.
    pub(super) fn stamp(&self) -> u64 {
        self.stamp
    }
}

impl Sets {
    fn new(decided: &Decided, segments: &[Arc<Segment>], tail: Tail<'_>) -> io::Result<Self> {
        let Decided {
            decisions,
            personal,
            known,
            ..
        } = decided;
        let Personal {
            read,
            marked,
            selected,
        } = &**personal;
        let mut numbers = HashMap::with_capacity(decisions.len());
        let mut unknown = Vec::new();
        for id in decisions.keys().chain(read).chain(marked).chain(selected) {
            match known.get(id) {
                Some(number) => drop(numbers.insert(*id, *number)),
                None => unknown.push(*id),
            }
        }
        unknown.sort_unstable();
        unknown.dedup();
        for segment in segments {
            find_all(segment, &unknown, &mut numbers)?;
        }
        let last = segments.last();
        let sealed = last.map_or(0, |segment| segment.first() + segment.rows());
        for (number, member) in (sealed..).zip(tail.members) {
            if unknown.binary_search(&member.article.id).is_ok() {
                numbers.insert(member.article.id, number);
            }
        }
        let mut sets = Self::default();
        for (id, decision) in decisions.iter() {
            if let Some(number) = numbers.get(id).copied() {
                sets.take(number, decision);
                if !decision.notes.is_empty() {
                    sets.noted.push((number, *id));
                }
            }
        }
        let of = |ids: &BTreeSet<ArticleId>| {
            let numbers = ids.iter().filter_map(|id| numbers.get(id));
            numbers.copied().collect::<RoaringBitmap>()
        };
        [sets.read, sets.marked, sets.selected] = [read, marked, selected].map(of);
        sets.numbers = Arc::new(numbers);
        Ok(sets)
    }

    fn take(&mut self, number: u32, decision: &Decision) {
        for tag in &decision.tags {
            self.tagged.insert(number);
            match self.tags.get_mut(tag) {
                Some(tagged) => drop(tagged.insert(number)),
                None => drop(self.tags.insert(tag.clone(), [number].into())),
            }
        }
        match decision.verdict {
            Some(Verdict::Keep) => drop(self.keep.insert(number)),
            Some(Verdict::Drop) => drop(self.drop.insert(number)),
            Some(Verdict::Skip) => drop(self.skip.insert(number)),
            None => {}
        }
        if decision.superseded {
            self.superseded.insert(number);
        }
    }
}

/// Finds the numbers of ids, which are in order, in one segment.
fn find_all(
    segment: &Segment,
    ids: &[ArticleId],
    numbers: &mut HashMap<ArticleId, u32>,
) -> io::Result<()> {
    let catalogue = &segment.catalogue;
    if ids.len() < segment.rows() as usize / FEW {
        for id in ids {
            if let Some(row) = catalogue.find(*id)? {
                numbers.insert(*id, segment.first() + row);
            }
        }
        return Ok(());
    }
    let mut rest = ids.iter().peekable();
    for (id, row) in catalogue.ids()? {
        while rest.next_if(|it| *it < id).is_some() {}
        if rest.next_if(|it| *it == id).is_some() {
            numbers.insert(*id, segment.first() + row);
        }
    }
    Ok(())
}
