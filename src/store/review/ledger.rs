//! What the events of a log add up to: the decisions, and what undo and redo would touch.
//!
//! Fed event by event, in order. Undo replays the articles that it touches and no others; a replay of the whole log
//! was rejected, because one keypress would then cost as much as everything ever decided.
//!
//! A rebind copies: the article that takes the place of another gets its decisions as they stood, and the other keeps
//! its own, because the same text may live on in another library.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use super::event::{Act, Event};
use crate::model::{ArticleId, Decision, Verdict};
use crate::store::types::{Correction, Deed, LibraryId, Said};

/// A deed with its tag shared: a hundred thousand articles with one tag hold it once.
#[derive(Clone, Debug)]
enum Kept {
    Tag(Arc<str>),
    Untag(Arc<str>),
    Verdict(Option<Verdict>),
    Supersede(bool),
    Rebind(ArticleId),
    Said(Said, ArticleId),
}

#[derive(Debug)]
struct Entry {
    step: usize,
    article: ArticleId,
    deed: Kept,
}

#[derive(Debug)]
struct Step {
    number: u64,
    entries: Range<usize>,
    taken_back: bool,
}

/// What one author can undo and redo in one library: numbers of steps, the next one last.
#[derive(Debug, Default)]
struct Stacks {
    done: Vec<u64>,
    undone: Vec<u64>,
}

/// The sum of all events so far.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    entries: Vec<Entry>,
    steps: Vec<Step>,
    /// Places in `entries`, in order.
    by_article: HashMap<ArticleId, Vec<usize>>,
    stacks: HashMap<(LibraryId, String), Stacks>,
    decisions: HashMap<ArticleId, Decision>,
    /// The articles that take their decisions from another.
    heirs: HashMap<ArticleId, Vec<ArticleId>>,
    tags: HashSet<Arc<str>>,
    /// Places in `entries` of what was said about groups, and of the rebinds that hand it on.
    said: Vec<usize>,
    unknown: u64,
}

impl Ledger {
    /// Adds the next event.
    pub(super) fn record(&mut self, event: &Event) {
        match &event.act {
            Act::Deed(deed) => {
                let Some(subject) = &event.subject else {
                    self.unknown += 1;
                    return;
                };
                self.record_deed(event, subject.article, deed);
            }
            Act::Undo(step) => self.turn(event, *step, true),
            Act::Redo(step) => self.turn(event, *step, false),
            Act::Unknown { .. } => self.unknown += 1,
        }
    }

    /// How many events could not be understood.
    pub(super) fn unknown(&self) -> u64 {
        self.unknown
    }

    /// What is decided now; articles without a decision are left out.
    pub(super) fn decisions(&self) -> &HashMap<ArticleId, Decision> {
        &self.decisions
    }

    /// The step that undo would take back.
    pub(super) fn undoable(&self, library: &LibraryId, author: &str) -> Option<u64> {
        self.stacks(library, author)?.done.last().copied()
    }

    /// The step that redo would bring back.
    pub(super) fn redoable(&self, library: &LibraryId, author: &str) -> Option<u64> {
        self.stacks(library, author)?.undone.last().copied()
    }

    /// What was done in a step.
    pub(super) fn deeds(&self, step: u64) -> Vec<Deed> {
        let Some(step) = self.step(step) else {
            return Vec::new();
        };
        let entries = self.steps.get(step).map(|step| step.entries.clone());
        let entries = entries.and_then(|range| self.entries.get(range));
        entries
            .unwrap_or_default()
            .iter()
            .map(|entry| match &entry.deed {
                Kept::Tag(tag) => Deed::Tag(tag.as_ref().to_owned()),
                Kept::Untag(tag) => Deed::Untag(tag.as_ref().to_owned()),
                Kept::Verdict(verdict) => Deed::Verdict(*verdict),
                Kept::Supersede(set) => Deed::Supersede(*set),
                Kept::Rebind(from) => Deed::Rebind { from: *from },
                Kept::Said(Said::Apart, other) => Deed::Apart(*other),
                Kept::Said(Said::Same, other) => Deed::Same(*other),
            })
            .collect()
    }

    /// What was said about groups, ordered.
    pub(super) fn corrections(&self) -> Vec<Correction> {
        let mut all = BTreeSet::new();
        let mut about: HashMap<ArticleId, Vec<Correction>> = HashMap::new();
        for at in &self.said {
            let Some(entry) = self.entries.get(*at) else {
                continue;
            };
            let step = self.steps.get(entry.step).filter(|step| !step.taken_back);
            let Some(step) = step else { continue };
            let new: Vec<Correction> = match &entry.deed {
                Kept::Said(said, other) => {
                    let one = Correction::new(step.number, entry.article, *other, *said);
                    one.into_iter().collect()
                }
                Kept::Rebind(from) => about
                    .get(from)
                    .into_iter()
                    .flatten()
                    .filter_map(|it| it.handed_on(*from, entry.article))
                    .collect(),
                _ => continue,
            };
            for it in new {
                if all.insert(it) {
                    about.entry(it.a).or_default().push(it);
                    about.entry(it.b).or_default().push(it);
                }
            }
        }
        all.into_iter().collect()
    }

    /// The articles whose groups something was said about.
    pub(super) fn corrected(&self) -> HashSet<ArticleId> {
        let all = self.corrections();
        all.iter().flat_map(|it| [it.a, it.b]).collect()
    }

    fn stacks(&self, library: &LibraryId, author: &str) -> Option<&Stacks> {
        self.stacks.get(&(library.clone(), author.to_owned()))
    }

    /// The place of a step: their numbers ascend.
    fn step(&self, number: u64) -> Option<usize> {
        self.steps
            .binary_search_by_key(&number, |step| step.number)
            .ok()
    }

    fn record_deed(&mut self, event: &Event, article: ArticleId, deed: &Deed) {
        let deed = self.keep(deed);
        // A rebind is book-keeping: `u` must take back what the person did last, not what recto did by itself.
        let book_keeping = matches!(deed, Kept::Rebind(_));
        let at = self.entries.len();
        match self.steps.last_mut() {
            Some(step) if step.number == event.step => step.entries.end = at + 1,
            _ => self.steps.push(Step {
                number: event.step,
                entries: at..at + 1,
                taken_back: false,
            }),
        }
        if !book_keeping {
            let owner = (event.library.clone(), event.author.clone());
            let stacks = self.stacks.entry(owner).or_default();
            if stacks.done.last() != Some(&event.step) {
                stacks.done.push(event.step);
                stacks.undone.clear();
            }
        }
        if let Kept::Rebind(from) = deed {
            let heirs = self.heirs.entry(from).or_default();
            if !heirs.contains(&article) {
                heirs.push(article);
            }
        }
        apply(&mut self.decisions, article, &deed);
        if matches!(deed, Kept::Said(..) | Kept::Rebind(_)) {
            self.said.push(at);
        }
        self.by_article.entry(article).or_default().push(at);
        self.entries.push(Entry {
            step: self.steps.len() - 1,
            article,
            deed,
        });
    }

    fn keep(&mut self, deed: &Deed) -> Kept {
        match deed {
            Deed::Tag(tag) => Kept::Tag(self.intern(tag)),
            Deed::Untag(tag) => Kept::Untag(self.intern(tag)),
            Deed::Verdict(verdict) => Kept::Verdict(*verdict),
            Deed::Supersede(set) => Kept::Supersede(*set),
            Deed::Rebind { from } => Kept::Rebind(*from),
            Deed::Apart(other) => Kept::Said(Said::Apart, *other),
            Deed::Same(other) => Kept::Said(Said::Same, *other),
        }
    }

    fn intern(&mut self, tag: &str) -> Arc<str> {
        if let Some(known) = self.tags.get(tag) {
            return Arc::clone(known);
        }
        let new: Arc<str> = tag.into();
        self.tags.insert(Arc::clone(&new));
        new
    }

    /// Takes a step back or brings it back.
    fn turn(&mut self, event: &Event, number: u64, back: bool) {
        let owner = (event.library.clone(), event.author.clone());
        let stacks = self.stacks.entry(owner).or_default();
        let (from, to) = if back {
            (&mut stacks.done, &mut stacks.undone)
        } else {
            (&mut stacks.undone, &mut stacks.done)
        };
        // The writer checked this inside its transaction; a merged or repaired log may lack the step.
        let Some(at) = from.iter().rposition(|step| *step == number) else {
            self.unknown += 1;
            return;
        };
        from.remove(at);
        to.push(number);
        let Some(at) = self.step(number) else { return };
        let Some(step) = self.steps.get_mut(at) else {
            return;
        };
        step.taken_back = back;
        let touched = self.entries.get(step.entries.clone()).unwrap_or_default();
        let touched = touched.iter().map(|entry| entry.article).collect();
        self.replay(touched);
    }

    /// Works out the decisions of some articles again, and of those that took or take decisions from them.
    fn replay(&mut self, touched: Vec<ArticleId>) {
        let mut affected: HashSet<ArticleId> = HashSet::new();
        let mut queue = touched;
        while let Some(article) = queue.pop() {
            if !affected.insert(article) {
                continue;
            }
            queue.extend(self.heirs.get(&article).into_iter().flatten());
            let places = self.by_article.get(&article).into_iter().flatten();
            queue.extend(places.filter_map(|at| match self.entries.get(*at)?.deed {
                Kept::Rebind(from) => Some(from),
                _ => None,
            }));
        }
        let places: BTreeSet<usize> = affected
            .iter()
            .filter_map(|article| self.by_article.get(article))
            .flatten()
            .copied()
            .collect();
        for article in &affected {
            self.decisions.remove(article);
        }
        for at in places {
            let Some(entry) = self.entries.get(at) else {
                continue;
            };
            if self
                .steps
                .get(entry.step)
                .is_some_and(|step| !step.taken_back)
            {
                apply(&mut self.decisions, entry.article, &entry.deed);
            }
        }
    }
}

/// Does one deed. An article without a decision has no entry.
fn apply(decisions: &mut HashMap<ArticleId, Decision>, article: ArticleId, deed: &Kept) {
    let inherited = match deed {
        Kept::Rebind(from) => decisions.get(from).cloned(),
        _ => None,
    };
    let decision = decisions.entry(article).or_default();
    match deed {
        Kept::Tag(tag) => {
            if !decision.tags.contains(tag.as_ref()) {
                decision.tags.insert(tag.as_ref().to_owned());
            }
        }
        Kept::Untag(tag) => {
            decision.tags.remove(tag.as_ref());
        }
        Kept::Verdict(verdict) => decision.verdict = *verdict,
        Kept::Supersede(set) => decision.superseded = *set,
        Kept::Rebind(_) => {
            if let Some(inherited) = inherited {
                decision.tags.extend(inherited.tags);
                decision.verdict = decision.verdict.or(inherited.verdict);
                decision.superseded |= inherited.superseded;
            }
        }
        // Says nothing of the article by itself.
        Kept::Said(..) => {}
    }
    if decision.is_empty() {
        decisions.remove(&article);
    }
}
