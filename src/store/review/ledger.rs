//! What the events of a log add up to: the decisions, and what undo and redo would touch.
//!
//! Fed event by event, in order. Undo replays the articles that it touches and no others; a replay of the whole log
//! was rejected, because one keypress would then cost as much as everything ever decided.
//!
//! A rebind copies: the article that takes the place of another gets its decisions as they stood, and the other keeps
//! its own, because the same text may live on in another library.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use super::event::{Act, Row};
use super::summary;
use crate::group::Sketch;
use crate::model::{Anchor, ArticleId, Verdict};
use crate::store::types::{Authors, Correction, Decisions, Deed, Filter, LibraryId, Said};

/// A deed with its tag shared: a hundred thousand articles with one tag hold it once.
#[derive(Clone, Debug)]
enum Kept {
    Tag(Arc<str>),
    Untag(Arc<str>),
    Verdict(Option<Verdict>),
    Supersede(bool),
    /// Rare, and long: apart.
    Note(Box<(Option<Anchor>, Option<String>)>),
    Rebind(ArticleId),
    Said(Said, ArticleId),
    /// The only one that is about no article.
    Filter(Box<(String, Option<String>)>),
}

impl Kept {
    /// The deed again; a saved query is none.
    fn deed(&self) -> Option<Deed> {
        Some(match self {
            Self::Tag(tag) => Deed::Tag(tag.as_ref().to_owned()),
            Self::Untag(tag) => Deed::Untag(tag.as_ref().to_owned()),
            Self::Verdict(verdict) => Deed::Verdict(*verdict),
            Self::Supersede(set) => Deed::Supersede(*set),
            Self::Note(note) => Deed::Note {
                on: note.0.clone(),
                text: note.1.clone(),
            },
            Self::Rebind(from) => Deed::Rebind { from: *from },
            Self::Said(Said::Apart, other) => Deed::Apart(*other),
            Self::Said(Said::Same, other) => Deed::Same(*other),
            Self::Filter(_) => return None,
        })
    }
}

#[derive(Debug)]
struct Entry {
    step: usize,
    /// The article; the zero id for a saved query.
    article: ArticleId,
    deed: Kept,
}

#[derive(Debug)]
struct Step {
    number: u64,
    entries: Range<usize>,
    /// More than book-keeping is in it.
    undoable: bool,
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
    /// Whoever was given them keeps them as they were.
    decisions: Arc<Decisions>,
    /// The articles that take their decisions from another.
    heirs: HashMap<ArticleId, Vec<ArticleId>>,
    tags: HashSet<Arc<str>>,
    /// Places in `entries` of what was said about groups, and of the rebinds that hand it on.
    said: Vec<usize>,
    /// Who said it, by step.
    authors: Authors,
    /// Places in `entries` of saved queries.
    filters: Vec<usize>,
    /// The articles that have a sketch, and those that something was decided about and that have none.
    sketched: HashSet<ArticleId>,
    unsketched: HashSet<ArticleId>,
    unknown: u64,
}

impl Ledger {
    /// Makes room for so many more events: a change of a hundred thousand articles is taken in while a person waits.
    pub(super) fn reserve(&mut self, more: usize) {
        self.entries.reserve(more);
        self.by_article.reserve(more);
        self.unsketched.reserve(more);
        Arc::make_mut(&mut self.decisions).reserve(more);
    }

    /// Adds the next event.
    pub(super) fn record(&mut self, event: &Row<'_>) {
        match &*event.act {
            Act::Deed(deed) => {
                let Some(subject) = event.subject else {
                    self.unknown += 1;
                    return;
                };
                self.record_deed(event, subject.article, deed);
            }
            Act::Filter { name, query } => {
                self.filters.push(self.entries.len());
                let filter = Kept::Filter(Box::new((name.clone(), query.clone())));
                self.push(event, ArticleId::from_bytes([0; 16]), filter);
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
    pub(super) fn decisions(&self) -> &Arc<Decisions> {
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

    /// Says what was done in a step.
    pub(super) fn describe(&self, step: u64) -> String {
        let Some(step) = self.step(step).and_then(|at| self.steps.get(at)) else {
            return summary::describe([]);
        };
        let entries = self.entries.get(step.entries.clone()).unwrap_or_default();
        if let [
            Entry {
                deed: Kept::Filter(filter),
                ..
            },
        ] = entries
        {
            return summary::describe_filter(&filter.0, filter.1.as_deref());
        }
        let deeds: Vec<Deed> = entries.iter().filter_map(|it| it.deed.deed()).collect();
        summary::describe(&deeds)
    }

    /// The saved queries, by name.
    pub(super) fn filters(&self) -> Vec<Filter> {
        let mut all: BTreeMap<&str, Option<&str>> = BTreeMap::new();
        for entry in self.filters.iter().filter_map(|at| self.entries.get(*at)) {
            let counts = self.steps.get(entry.step).is_some_and(|it| !it.taken_back);
            if let Kept::Filter(filter) = &entry.deed
                && counts
            {
                all.insert(&filter.0, filter.1.as_deref());
            }
        }
        all.into_iter()
            .filter_map(|(name, query)| {
                Some(Filter {
                    name: name.to_owned(),
                    query: query?.to_owned(),
                })
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

    /// Who said what about groups, but for what that author said.
    pub(super) fn others(&self, own: &str) -> Authors {
        let mut others = self.authors.clone();
        others.retain(|_, author| author != own);
        others
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

    /// The articles that something was decided about and that have no sketch.
    pub(super) fn unsketched(&self) -> &HashSet<ArticleId> {
        &self.unsketched
    }

    fn record_deed(&mut self, event: &Row<'_>, article: ArticleId, deed: &Deed) {
        if let Deed::Sketch(sketch) = deed {
            // Nobody decided anything. One of another version is of no use here.
            if Sketch::is_current(sketch) {
                self.unsketched.remove(&article);
                self.sketched.insert(article);
            }
            return;
        }
        let Some(deed) = self.keep(deed) else { return };
        if !self.sketched.contains(&article) {
            self.unsketched.insert(article);
        }
        if let Kept::Rebind(from) = deed {
            let heirs = self.heirs.entry(from).or_default();
            if !heirs.contains(&article) {
                heirs.push(article);
            }
        }
        apply(Arc::make_mut(&mut self.decisions), article, &deed);
        let at = self.entries.len();
        if matches!(deed, Kept::Said(..) | Kept::Rebind(_)) {
            self.said.push(at);
        }
        if matches!(deed, Kept::Said(..)) {
            self.authors.insert(event.step, event.author.to_owned());
        }
        self.by_article.entry(article).or_default().push(at);
        self.push(event, article, deed);
    }

    /// Adds an entry to its step, which undo can take back from then on.
    fn push(&mut self, event: &Row<'_>, article: ArticleId, deed: Kept) {
        let at = self.entries.len();
        // A rebind is book-keeping: `u` must take back what the person did last, not what recto did by itself.
        let counts = !matches!(deed, Kept::Rebind(_));
        let goes_on = self
            .steps
            .last_mut()
            .filter(|step| step.number == event.step);
        let first = match goes_on {
            Some(step) => {
                step.entries.end = at + 1;
                let first = counts && !step.undoable;
                step.undoable |= counts;
                first
            }
            None => {
                self.steps.push(Step {
                    number: event.step,
                    entries: at..at + 1,
                    undoable: counts,
                    taken_back: false,
                });
                counts
            }
        };
        if first {
            let owner = (event.library.clone(), event.author.to_owned());
            let stacks = self.stacks.entry(owner).or_default();
            stacks.done.push(event.step);
            stacks.undone.clear();
        }
        self.entries.push(Entry {
            step: self.steps.len() - 1,
            article,
            deed,
        });
    }

    /// What is kept of a deed: nothing of a sketch, which stays on disk.
    fn keep(&mut self, deed: &Deed) -> Option<Kept> {
        Some(match deed {
            Deed::Tag(tag) => Kept::Tag(self.intern(tag)),
            Deed::Untag(tag) => Kept::Untag(self.intern(tag)),
            Deed::Verdict(verdict) => Kept::Verdict(*verdict),
            Deed::Supersede(set) => Kept::Supersede(*set),
            Deed::Note { on, text } => Kept::Note(Box::new((on.clone(), text.clone()))),
            Deed::Rebind { from } => Kept::Rebind(*from),
            Deed::Apart(other) => Kept::Said(Said::Apart, *other),
            Deed::Same(other) => Kept::Said(Said::Same, *other),
            Deed::Sketch(_) => return None,
        })
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
    fn turn(&mut self, event: &Row<'_>, number: u64, back: bool) {
        let owner = (event.library.clone(), event.author.to_owned());
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
        let about = touched
            .iter()
            .filter(|it| !matches!(it.deed, Kept::Filter(_)));
        self.replay(about.map(|entry| entry.article).collect());
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
        let decisions = Arc::make_mut(&mut self.decisions);
        for article in &affected {
            decisions.remove(article);
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
                apply(decisions, entry.article, &entry.deed);
            }
        }
    }
}

/// Does one deed. An article without a decision has no entry.
fn apply(decisions: &mut Decisions, article: ArticleId, deed: &Kept) {
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
                decision.inherit(&inherited);
            }
        }
        Kept::Note(note) => decision.note(note.0.as_ref(), note.1.as_deref()),
        // Says nothing of the article by itself.
        Kept::Said(..) | Kept::Filter(_) => {}
    }
    if decision.is_empty() {
        decisions.remove(&article);
    }
}
