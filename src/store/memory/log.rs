//! A review log in memory.
//!
//! It works everything out again from the first change each time it is asked: slow, and simple enough to be believed
//! where the real log and this one disagree.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};

use crate::group::Sketch;
use crate::model::{ArticleId, Decision};
use crate::store::review::summary;
use crate::store::traits::ReviewLog;
use crate::store::types::{
    Authors, Change, Correction, Decisions, Deed, Filter, LibraryId, Receipt, StoreError, Subject,
};

/// A review log that ends with the program. Clones with other authors share it.
#[derive(Clone, Debug)]
pub struct MemoryReviewLog {
    author: String,
    shared: Arc<Mutex<Vec<Line>>>,
}

#[derive(Debug)]
enum Line {
    Change {
        author: String,
        change: Change,
    },
    Filter {
        author: String,
        library: LibraryId,
        name: String,
        query: Option<String>,
    },
    /// Takes back (or brings back) the change that stands at this place.
    Turn {
        author: String,
        library: LibraryId,
        place: usize,
        back: bool,
    },
}

impl MemoryReviewLog {
    /// An empty log.
    pub fn new(author: &str) -> Self {
        Self {
            author: author.to_owned(),
            shared: Arc::default(),
        }
    }

    /// The same log, written by somebody else.
    pub fn as_author(&self, author: &str) -> Self {
        Self {
            author: author.to_owned(),
            shared: Arc::clone(&self.shared),
        }
    }

    fn lines(&self) -> MutexGuard<'_, Vec<Line>> {
        // A test that panicked while it wrote must not hide its message behind another one.
        self.shared
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Undoes (or redoes) with the rules written out: what is done and undone in this library by this author.
    fn turn(&self, library: &LibraryId, back: bool) -> Option<Receipt> {
        let mut lines = self.lines();
        let (mut done, mut undone) = (Vec::new(), Vec::new());
        for (place, line) in lines.iter().enumerate() {
            match line {
                Line::Change { author, change }
                    if *author == self.author
                        && change.library == *library
                        && !book_keeping(change) =>
                {
                    done.push(place);
                    undone.clear();
                }
                Line::Filter {
                    author,
                    library: of,
                    ..
                } if *author == self.author && of == library => {
                    done.push(place);
                    undone.clear();
                }
                Line::Turn {
                    author,
                    library: of,
                    place,
                    back,
                } if *author == self.author && of == library => {
                    let (from, to) = match back {
                        true => (&mut done, &mut undone),
                        false => (&mut undone, &mut done),
                    };
                    from.retain(|other| other != place);
                    to.push(*place);
                }
                _ => {}
            }
        }
        let place = if back { done.pop() } else { undone.pop() }?;
        lines.push(Line::Turn {
            author: self.author.clone(),
            library: library.clone(),
            place,
            back,
        });
        let words = if back { "took back" } else { "brought back" };
        let what = match lines.get(place) {
            Some(Line::Change { change, .. }) => summary::describe(&deeds(change)),
            Some(Line::Filter { name, query, .. }) => {
                summary::describe_filter(name, query.as_deref())
            }
            _ => String::new(),
        };
        Some(Receipt {
            event: revision(&lines),
            summary: format!("{words}: {what}"),
        })
    }
}

/// A change that recto makes by itself; undo passes over it.
fn book_keeping(change: &Change) -> bool {
    let mut deeds = change.deeds.iter();
    deeds.all(|(_, deed)| matches!(deed, Deed::Rebind { .. } | Deed::Sketch(_)))
}

fn deeds(change: &Change) -> Vec<Deed> {
    change.deeds.iter().map(|(_, deed)| deed.clone()).collect()
}

fn revision(lines: &[Line]) -> u64 {
    let events = lines.iter().map(|line| match line {
        Line::Change { change, .. } => change.deeds.len(),
        Line::Turn { .. } | Line::Filter { .. } => 1,
    });
    events.sum::<usize>() as u64
}

/// The places of the lines that are taken back at the end.
fn taken_back(lines: &[Line]) -> HashMap<usize, bool> {
    let turns = lines.iter().filter_map(|line| match line {
        Line::Turn { place, back, .. } => Some((*place, *back)),
        _ => None,
    });
    turns.collect()
}

/// The decisions, from the first change on, without those that are taken back at the end.
fn decisions(lines: &[Line]) -> HashMap<ArticleId, Decision> {
    let taken_back = taken_back(lines);
    let mut all: HashMap<ArticleId, Decision> = HashMap::new();
    for (place, line) in lines.iter().enumerate() {
        let Line::Change { change, .. } = line else {
            continue;
        };
        if taken_back.get(&place) == Some(&true) {
            continue;
        }
        for (subject, deed) in &change.deeds {
            let inherited = match deed {
                Deed::Rebind { from } => all.get(from).cloned().unwrap_or_default(),
                _ => Decision::default(),
            };
            let decision = all.entry(subject.article).or_default();
            match deed {
                Deed::Tag(tag) => _ = decision.tags.insert(tag.clone()),
                Deed::Untag(tag) => _ = decision.tags.remove(tag),
                Deed::Verdict(verdict) => decision.verdict = *verdict,
                Deed::Supersede(set) => decision.superseded = *set,
                Deed::Note { on, text } => decision.note(on.as_ref(), text.as_deref()),
                Deed::Apart(_) | Deed::Same(_) | Deed::Sketch(_) => {}
                Deed::Rebind { .. } => decision.inherit(&inherited),
            }
        }
    }
    all.retain(|_, decision| !decision.is_empty());
    all
}

/// What was said about groups, from the first change on, without what is taken back at the end.
fn corrections(lines: &[Line]) -> Vec<Correction> {
    let taken_back = taken_back(lines);
    let mut all = BTreeSet::new();
    let mut number = 0;
    for (place, line) in lines.iter().enumerate() {
        // A step is named by its first event.
        let step = number + 1;
        let Line::Change { change, .. } = line else {
            number += 1;
            continue;
        };
        number += change.deeds.len() as u64;
        if taken_back.get(&place) == Some(&true) {
            continue;
        }
        for (Subject { article, .. }, deed) in &change.deeds {
            if let Deed::Rebind { from } = deed {
                let inherited: Vec<Correction> = all
                    .iter()
                    .filter(|it: &&Correction| it.is_about(*from))
                    .filter_map(|it| it.handed_on(*from, *article))
                    .collect();
                all.extend(inherited);
            } else if let Some((said, other)) = deed.said() {
                all.extend(Correction::new(step, *article, other, said));
            }
        }
    }
    all.into_iter().collect()
}

impl ReviewLog for MemoryReviewLog {
    fn read_only(&self) -> Option<String> {
        None
    }

    fn append(&mut self, change: &Change) -> Result<Receipt, StoreError> {
        summary::check(&change.deeds)?;
        let mut lines = self.lines();
        lines.push(Line::Change {
            author: self.author.clone(),
            change: change.clone(),
        });
        Ok(Receipt {
            event: revision(&lines),
            summary: summary::describe(&deeds(change)),
        })
    }

    fn save_filter(
        &mut self,
        library: &LibraryId,
        name: &str,
        query: Option<&str>,
    ) -> Result<Receipt, StoreError> {
        summary::check_filter_name(name).map_err(StoreError::Refused)?;
        let mut lines = self.lines();
        lines.push(Line::Filter {
            author: self.author.clone(),
            library: library.clone(),
            name: name.to_owned(),
            query: query.map(str::to_owned),
        });
        Ok(Receipt {
            event: revision(&lines),
            summary: summary::describe_filter(name, query),
        })
    }

    fn undo(&mut self, library: &LibraryId) -> Result<Option<Receipt>, StoreError> {
        Ok(self.turn(library, true))
    }

    fn redo(&mut self, library: &LibraryId) -> Result<Option<Receipt>, StoreError> {
        Ok(self.turn(library, false))
    }

    fn decisions(&self) -> Result<Arc<Decisions>, StoreError> {
        Ok(Arc::new(decisions(&self.lines())))
    }

    fn corrections(&self) -> Result<Vec<Correction>, StoreError> {
        Ok(corrections(&self.lines()))
    }

    fn others(&self) -> Result<Authors, StoreError> {
        let mut others = Authors::new();
        let mut number = 0;
        for line in self.lines().iter() {
            let Line::Change { author, change } = line else {
                number += 1;
                continue;
            };
            if *author != self.author && change.deeds.iter().any(|it| it.1.said().is_some()) {
                others.insert(number + 1, author.clone());
            }
            number += change.deeds.len() as u64;
        }
        Ok(others)
    }

    fn filters(&self) -> Result<Vec<Filter>, StoreError> {
        let lines = self.lines();
        let taken_back = taken_back(&lines);
        let mut all = BTreeMap::new();
        for (place, line) in lines.iter().enumerate() {
            if let Line::Filter { name, query, .. } = line
                && taken_back.get(&place) != Some(&true)
            {
                all.insert(name.clone(), query.clone());
            }
        }
        let saved = all.into_iter();
        Ok(saved
            .filter_map(|(name, query)| {
                Some(Filter {
                    name,
                    query: query?,
                })
            })
            .collect())
    }

    fn subjects(&self, library: &LibraryId) -> Result<Vec<Subject>, StoreError> {
        let lines = self.lines();
        let decided = decisions(&lines);
        let corrected = corrections(&lines);
        let mut latest = HashMap::new();
        for line in lines.iter() {
            if let Line::Change { change, .. } = line
                && change.library == *library
            {
                for (subject, deed) in &change.deeds {
                    match deed {
                        Deed::Sketch(_) => continue,
                        Deed::Rebind { from } => _ = latest.remove(from),
                        _ => {}
                    }
                    latest.insert(subject.article, subject.clone());
                }
            }
        }
        latest.retain(|article, _| {
            decided.contains_key(article) || corrected.iter().any(|it| it.is_about(*article))
        });
        Ok(latest.into_values().collect())
    }

    fn unsketched(&self) -> Result<Vec<ArticleId>, StoreError> {
        let lines = self.lines();
        let deeds = lines.iter().filter_map(|line| match line {
            Line::Change { change, .. } => Some(&change.deeds),
            _ => None,
        });
        let (sketches, others): (Vec<_>, Vec<_>) = deeds
            .flatten()
            .partition(|(_, deed)| matches!(deed, Deed::Sketch(_)));
        let has = |of: &[&(Subject, Deed)], id: ArticleId| of.iter().any(|it| it.0.article == id);
        let decided: BTreeSet<ArticleId> = others.iter().map(|it| it.0.article).collect();
        Ok(decided
            .into_iter()
            .filter(|id| !has(&sketches, *id))
            .collect())
    }

    fn sketches(&self) -> Result<HashMap<ArticleId, Sketch>, StoreError> {
        let mut all = HashMap::new();
        for line in self.lines().iter() {
            let Line::Change { change, .. } = line else {
                continue;
            };
            for (subject, deed) in &change.deeds {
                if let Deed::Sketch(sketch) = deed {
                    all.extend(sketch.parse().ok().map(|it| (subject.article, it)));
                }
            }
        }
        Ok(all)
    }

    fn revision(&self) -> Result<u64, StoreError> {
        Ok(revision(&self.lines()))
    }
}
