//! Decisions, and what the person read, marked and chose, as bitmaps of article numbers, so that a tag or verdict counts
//! in queries at once.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use roaring::RoaringBitmap;

use super::snapshot::Tail;
use crate::model::{ArticleId, Decision, Verdict};
use crate::store::collection::UNDECIDED;
use crate::store::library::segment::Segment;
use crate::store::types::Personal;

/// What was decided, by article and as sets.
#[derive(Debug, Default)]
pub struct Decided {
    decisions: Arc<HashMap<ArticleId, Decision>>,
    /// Of the decided articles that are in the library.
    numbers: HashMap<ArticleId, u32>,
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
    pub(super) personal: Arc<Personal>,
    stamp: u64,
}

/// A segment is asked for ids one by one when so many times as many articles are in it.
const FEW: usize = 64;

impl Decided {
    /// Joins decisions with the articles of a library. `before` are its decisions so far: the numbers that it knows
    /// are not looked for again.
    pub fn new(
        decisions: Arc<HashMap<ArticleId, Decision>>,
        personal: Arc<Personal>,
        segments: &[Arc<Segment>],
        tail: Tail<'_>,
        before: Option<&Self>,
    ) -> io::Result<Self> {
        static STAMPS: AtomicU64 = AtomicU64::new(1);
        let known = |id: &ArticleId| before.and_then(|it| it.numbers.get(id).copied());
        let Personal {
            read,
            marked,
            selected,
        } = &*personal;
        let mut numbers = HashMap::with_capacity(decisions.len());
        let mut unknown = Vec::new();
        for id in decisions.keys().chain(read).chain(marked).chain(selected) {
            match known(id) {
                Some(number) => drop(numbers.insert(*id, number)),
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
        let mut decided = Self {
            numbers,
            stamp: STAMPS.fetch_add(1, Ordering::Relaxed),
            ..Self::default()
        };
        for (id, decision) in decisions.iter() {
            if let Some(number) = decided.numbers.get(id).copied() {
                decided.take(number, decision);
                if !decision.notes.is_empty() {
                    decided.noted.push((number, *id));
                }
            }
        }
        let numbers = |ids: &BTreeSet<ArticleId>| {
            let numbers = ids.iter().filter_map(|id| decided.numbers.get(id));
            numbers.copied().collect::<RoaringBitmap>()
        };
        let sets = [read, marked, selected].map(numbers);
        [decided.read, decided.marked, decided.selected] = sets;
        decided.decisions = decisions;
        decided.personal = personal;
        Ok(decided)
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

    /// The articles with a note of which that is true.
    pub(super) fn noted(&self, fits: impl Fn(&str) -> bool) -> RoaringBitmap {
        let fitting = self.noted.iter().filter(|(_, id)| {
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
