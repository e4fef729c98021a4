//! Joins the logs of several people: nothing is lost, nothing counts twice, and what they disagree about is listed.
//!
//! A step is known by what it says: library, author, time and deeds; an undo by the step that it takes back. Numbers
//! and hashes are those of one file, so they say nothing here. Steps that are not there yet are appended in their
//! order, with their own author and time.
//!
//! **The rule**: for each article the newest word counts, by its time, on each verdict, tag and note by itself; of two at
//! the same millisecond that of the author whose name comes later. It does not depend on who merges whose log. Where
//! the order of the file would say otherwise, one more step of whoever merges says the winner again, so that the log
//! still means what its order says, and undo takes the decision back.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::event::{Act, Event};
use crate::model::{Anchor, ArticleId, Verdict};
use crate::store::types::{Deed, LibraryId, Subject};

/// What is to be appended, and what people disagree about.
#[derive(Clone, Debug, Default)]
pub struct Merge {
    /// Events that are not in the log yet, numbered behind it.
    pub new: Vec<Event>,
    /// Words that count although they are older in the file: a step of whoever merges.
    pub winners: Vec<(LibraryId, Subject, Deed)>,
    /// Steps that were there already.
    pub known_steps: usize,
    /// Steps that are new.
    pub new_steps: usize,
    /// What two people say of one article and differ in.
    pub conflicts: Vec<Conflict>,
}

/// Two people say different things of one article.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Conflict {
    /// The article.
    pub article: ArticleId,
    /// Its title, as the log has it.
    pub title: Option<String>,
    /// What it is about: `verdict`, `tag x`, `note`.
    pub about: String,
    /// Who says what, the winner last.
    pub said: Vec<(String, String)>,
}

/// Works out what of `other` is missing in `own`. `last` is the number of the newest event of `own`.
pub fn merge(own: &[Event], other: &[Event], last: u64) -> Merge {
    let mut merge = Merge::default();
    let mut places: HashMap<[u8; 32], Vec<u64>> = HashMap::new();
    for (key, step) in steps(own) {
        places.entry(key).or_default().push(step);
    }
    let mut used: HashMap<[u8; 32], usize> = HashMap::new();
    // Steps of the other log, by what they are called here.
    let mut called: HashMap<u64, u64> = HashMap::new();
    let mut next = last + 1;
    let mut sketched: HashSet<ArticleId> = own.iter().filter_map(sketched_article).collect();
    for ((key, step), events) in steps(other).into_iter().zip(chunks(other)) {
        if events.iter().all(|it| sketched_article(it).is_some()) {
            // Nobody said anything: one sketch of an article is enough.
            let first = next;
            for event in events {
                if sketched_article(event).is_some_and(|id| sketched.insert(id)) {
                    merge.new.push(Event {
                        number: next,
                        step: first,
                        ..event.clone()
                    });
                    next += 1;
                }
            }
            continue;
        }
        if events
            .iter()
            .any(|event| is_of_what_is_lost(event, &called))
        {
            continue;
        }
        let seen = used.entry(key).or_default();
        let known = places.get(&key).and_then(|all| all.get(*seen));
        *seen += 1;
        if let Some(known) = known {
            called.insert(step, *known);
            merge.known_steps += 1;
            continue;
        }
        merge.new_steps += 1;
        called.insert(step, next);
        let first = next;
        for event in events {
            let mut event = event.clone();
            event.act = match event.act {
                // The step that it takes back stands in front of it, so it has a name here.
                Act::Undo(of) => Act::Undo(called.get(&of).copied().unwrap_or_default()),
                Act::Redo(of) => Act::Redo(called.get(&of).copied().unwrap_or_default()),
                act => act,
            };
            event.number = next;
            event.step = first;
            next += 1;
            merge.new.push(event);
        }
    }
    let all: Vec<&Event> = own.iter().chain(&merge.new).collect();
    merge.winners = winners(&all, last);
    merge.conflicts = conflicts(&all);
    merge
}

/// Says whether an event takes back, or brings back, a step that a repair of its log left out. Under the same number
/// another step stands here.
fn is_of_what_is_lost(event: &Event, called: &HashMap<u64, u64>) -> bool {
    match event.act {
        Act::Undo(of) | Act::Redo(of) => !called.contains_key(&of),
        _ => false,
    }
}

/// The article that an event keeps a sketch of.
fn sketched_article(event: &Event) -> Option<ArticleId> {
    match (&event.act, &event.subject) {
        (Act::Deed(Deed::Sketch(_)), Some(subject)) => Some(subject.article),
        _ => None,
    }
}

/// The events of a log, step by step.
fn chunks(events: &[Event]) -> impl Iterator<Item = &[Event]> {
    events.chunk_by(|one, other| one.step == other.step)
}

/// The steps of a log in order, each by a digest of what it says. Events of one step stand together.
fn steps(events: &[Event]) -> Vec<([u8; 32], u64)> {
    let mut keys: HashMap<u64, [u8; 32]> = HashMap::new();
    let mut all = Vec::new();
    for step in chunks(events) {
        let Some(first) = step.first() else { continue };
        let mut hasher = blake3::Hasher::new();
        for event in step {
            let (kind, value) = event.act.words();
            let value = match event.act {
                // A number of one file: the step that it means says more.
                Act::Undo(of) | Act::Redo(of) => keys.get(&of).map(|key| format!("{key:?}")),
                _ => value.map(std::borrow::Cow::into_owned),
            };
            let subject = event.subject.as_ref();
            let said = (
                &event.library.0,
                &event.author,
                event.time,
                kind,
                value,
                subject.map(|it| (it.article, &it.path, it.record, &it.record_id)),
            );
            hasher.update(format!("{said:?}\n").as_bytes());
        }
        let key = *hasher.finalize().as_bytes();
        keys.insert(first.step, key);
        all.push((key, first.step));
    }
    all
}

/// What a word is about: each counts by itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum About {
    Verdict,
    Aside,
    Tag(String),
    Note(Option<Anchor>),
}

/// A word about an article: what about, and what.
fn word(deed: &Deed) -> Option<(About, String)> {
    let put = |set: bool| if set { "yes" } else { "no" }.to_owned();
    Some(match deed {
        Deed::Tag(tag) => (About::Tag(tag.clone()), put(true)),
        Deed::Untag(tag) => (About::Tag(tag.clone()), put(false)),
        Deed::Verdict(verdict) => (
            About::Verdict,
            verdict.map_or("none", Verdict::as_str).to_owned(),
        ),
        Deed::Supersede(set) => (About::Aside, put(*set)),
        Deed::Note { on, text } => (About::Note(on.clone()), text.clone().unwrap_or_default()),
        Deed::Rebind { .. } | Deed::Apart(_) | Deed::Same(_) | Deed::Sketch(_) => return None,
    })
}

/// The steps that are taken back at the end.
fn taken_back(events: &[&Event]) -> HashSet<u64> {
    let mut gone = HashSet::new();
    for event in events {
        match event.act {
            Act::Undo(step) => _ = gone.insert(step),
            Act::Redo(step) => _ = gone.remove(&step),
            _ => {}
        }
    }
    gone
}

/// The words that count, with the article and the author of each.
fn words<'a>(
    events: &'a [&'a Event],
) -> impl Iterator<Item = (&'a Event, &'a Subject, &'a Deed, About, String)> {
    let gone = taken_back(events);
    let counts = events.iter().filter(move |it| !gone.contains(&it.step));
    counts.filter_map(|event| {
        let (Some(subject), Act::Deed(deed)) = (&event.subject, &event.act) else {
            return None;
        };
        let (about, said) = word(deed)?;
        Some((*event, subject, deed, about, said))
    })
}

/// What must be said again so that the newest word by time is also the last in the file.
fn winners(events: &[&Event], last: u64) -> Vec<(LibraryId, Subject, Deed)> {
    /// The newest by time, the last in the file, and whether both logs speak of it.
    struct Said<'a> {
        newest: (i64, &'a str, u64),
        word: String,
        event: &'a Event,
        subject: &'a Subject,
        deed: &'a Deed,
        last: String,
        own: bool,
        new: bool,
    }
    let mut all: BTreeMap<(ArticleId, About), Said<'_>> = BTreeMap::new();
    for (event, subject, deed, about, word) in words(events) {
        let when = (event.time, event.author.as_str(), event.number);
        let is_own = event.number <= last;
        let said = all.entry((subject.article, about)).or_insert_with(|| Said {
            newest: when,
            word: word.clone(),
            event,
            subject,
            deed,
            last: String::new(),
            own: false,
            new: false,
        });
        if when >= said.newest {
            (said.newest, said.word) = (when, word.clone());
            (said.event, said.subject, said.deed) = (event, subject, deed);
        }
        said.last = word;
        said.own |= is_own;
        said.new |= !is_own;
    }
    all.into_values()
        .filter(|said| said.own && said.new && said.word != said.last)
        .map(|said| {
            let library = said.event.library.clone();
            (library, said.subject.clone(), said.deed.clone())
        })
        .collect()
}

/// What people disagree about: the last word of each, where they differ.
fn conflicts(events: &[&Event]) -> Vec<Conflict> {
    type Voices<'a> = BTreeMap<&'a str, ((i64, u64), String)>;
    let mut all: BTreeMap<(ArticleId, About), (Voices<'_>, Option<&String>)> = BTreeMap::new();
    for (event, subject, _, about, said) in words(events) {
        let (voices, title) = all.entry((subject.article, about)).or_default();
        voices.insert(&event.author, ((event.time, event.number), said));
        *title = subject.title.as_ref().or(*title);
    }
    let differ = all.into_iter().filter(|(_, (voices, _))| {
        let distinct: BTreeSet<&String> = voices.values().map(|it| &it.1).collect();
        distinct.len() > 1
    });
    let mut conflicts: Vec<Conflict> = differ
        .map(|((article, about), (voices, title))| {
            let mut said: Vec<_> = voices.into_iter().collect();
            said.sort_by(|a, b| (a.1.0.0, a.0).cmp(&(b.1.0.0, b.0)));
            Conflict {
                article,
                title: title.cloned(),
                about: match about {
                    About::Verdict => "verdict".into(),
                    About::Aside => "set aside".into(),
                    About::Tag(tag) => format!("tag {tag}"),
                    About::Note(None) => "note".into(),
                    About::Note(Some(on)) => format!("note on paragraph {}", on.paragraph),
                },
                said: said
                    .into_iter()
                    .map(|(author, (_, said))| (author.to_owned(), said))
                    .collect(),
            }
        })
        .collect();
    conflicts.sort();
    conflicts
}

/// How far two people agree.
#[derive(Clone, Debug, PartialEq)]
pub struct Agreement {
    /// The two, by name.
    pub authors: [String; 2],
    /// Articles that both judged: kept, dropped, skipped or set aside.
    pub articles: u64,
    /// How many of them alike.
    pub alike: u64,
    /// Cohen's kappa: how much more than chance they agree, 1 at most. None where chance alone would agree on all.
    pub kappa: Option<f64>,
}

/// How far the people of a log agree, each with each.
pub fn agreement(events: &[Event]) -> Vec<Agreement> {
    let all: Vec<&Event> = events.iter().collect();
    // Set aside counts as a judgement where there is no verdict: keeping a version judges the others too.
    let mut said: BTreeMap<&str, BTreeMap<ArticleId, (Option<&'static str>, bool)>> =
        BTreeMap::new();
    for (event, subject, deed, ..) in words(&all) {
        let of = said.entry(&event.author).or_default();
        let judgement = of.entry(subject.article).or_default();
        match deed {
            Deed::Verdict(verdict) => judgement.0 = verdict.map(Verdict::as_str),
            Deed::Supersede(set) => judgement.1 = *set,
            _ => {}
        }
    }
    let judged = |of: &BTreeMap<ArticleId, (Option<&'static str>, bool)>| {
        let all = of.iter();
        let all = all.filter_map(|(id, (verdict, aside))| {
            Some((*id, verdict.or(aside.then_some("set aside"))?))
        });
        all.collect::<BTreeMap<ArticleId, &'static str>>()
    };
    let people: Vec<_> = said.iter().map(|(name, of)| (*name, judged(of))).collect();
    let mut pairs = Vec::new();
    for (at, (one, of_one)) in people.iter().enumerate() {
        for (other, of_other) in people.iter().skip(at + 1) {
            let both: Vec<(&str, &str)> = of_one
                .iter()
                .filter_map(|(id, a)| Some((*a, *of_other.get(id)?)))
                .collect();
            if both.is_empty() {
                continue;
            }
            let alike = both.iter().filter(|(a, b)| a == b).count();
            pairs.push(Agreement {
                authors: [(*one).to_owned(), (*other).to_owned()],
                articles: both.len() as u64,
                alike: alike as u64,
                kappa: kappa(&both),
            });
        }
    }
    pairs
}

/// Cohen's kappa (1960): (observed - expected) / (1 - expected) agreement.
fn kappa(both: &[(&str, &str)]) -> Option<f64> {
    let total = both.len() as f64;
    let share = |count: usize| count as f64 / total;
    let labels: BTreeSet<&str> = both.iter().flat_map(|it| [it.0, it.1]).collect();
    let expected: f64 = labels
        .iter()
        .map(|label| {
            let one = both.iter().filter(|it| it.0 == *label).count();
            let other = both.iter().filter(|it| it.1 == *label).count();
            share(one) * share(other)
        })
        .sum();
    let observed = share(both.iter().filter(|it| it.0 == it.1).count());
    (expected < 1.0).then(|| (observed - expected) / (1.0 - expected))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_undo_of_a_step_that_was_lost_takes_back_no_other() {
        let event = |number, author: &str, act| Event {
            number,
            step: number,
            library: LibraryId("l".into()),
            author: author.into(),
            time: number as i64,
            subject: None,
            act,
        };
        let filter = |name: &str| Act::Filter {
            name: name.into(),
            query: Some("a".into()),
        };
        let own = [
            event(1, "ada", filter("one")),
            event(2, "ada", filter("two")),
        ];
        // A repair left out step 2.
        let other = [
            event(1, "ben", filter("three")),
            event(3, "ben", Act::Undo(2)),
            event(4, "ben", Act::Undo(1)),
        ];
        let merged = merge(&own, &other, 2);
        let acts: Vec<&Act> = merged.new.iter().map(|it| &it.act).collect();
        assert_eq!(acts, [&filter("three"), &Act::Undo(3)]);
        let all = [own.to_vec(), merged.new].concat();
        assert_eq!(merge(&all, &other, 4).new, []);
    }

    #[test]
    fn kappa_is_that_of_the_text_books() {
        // 50 grants: both yes 20, both no 15, 5 and 10 apart: observed .7, expected .5, kappa .4.
        let mut both = vec![("yes", "yes"); 20];
        both.extend(vec![("no", "no"); 15]);
        both.extend(vec![("yes", "no"); 5]);
        both.extend(vec![("no", "yes"); 10]);
        let kappa = kappa(&both).unwrap();
        assert!((kappa - 0.4).abs() < 1e-9, "{kappa}");
        assert_eq!(super::kappa(&[("yes", "yes"); 3]), None);
    }
}
