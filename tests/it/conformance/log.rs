//! What a review log promises, asked of the one in memory and the one in a file.

use std::collections::BTreeSet;
use std::path::PathBuf;

use proptest::prelude::*;
use recto::model::{Anchor, ArticleId, Decision, Verdict};
use recto::store::memory::MemoryReviewLog;
use recto::store::review::LocalReviewLog;
use recto::store::traits::ReviewLog;
use recto::store::types::{Change, Deed, Filter, LibraryId, Said, StoreError, Subject};

/// A place where a log lives; opening it again is a restart, or another process.
trait Place {
    fn open(&self, author: &str) -> Box<dyn ReviewLog>;
}

struct Memory(MemoryReviewLog);

impl Place for Memory {
    fn open(&self, author: &str) -> Box<dyn ReviewLog> {
        Box::new(self.0.as_author(author))
    }
}

struct Local(tempfile::TempDir);

impl Place for Local {
    fn open(&self, author: &str) -> Box<dyn ReviewLog> {
        let clock = Box::new(|| 1_585_699_200_000);
        Box::new(LocalReviewLog::open(self.0.path(), author, clock))
    }
}

fn places() -> Vec<(&'static str, Box<dyn Place>)> {
    let local = Local(tempfile::tempdir().unwrap());
    vec![
        ("memory", Box::new(Memory(MemoryReviewLog::new("nobody")))),
        ("local", Box::new(local)),
    ]
}

fn id(number: u8) -> ArticleId {
    ArticleId::from_bytes([number; 16])
}

fn subject(number: u8) -> Subject {
    Subject {
        article: id(number),
        path: PathBuf::from(format!("folder/{number}.txt")),
        record: None,
        record_id: Some(format!("r{number}")),
        url: None,
        title: Some("A title".into()),
    }
}

fn library(name: &str) -> LibraryId {
    LibraryId(name.into())
}

fn change(of: &str, deeds: Vec<(u8, Deed)>) -> Change {
    Change {
        library: library(of),
        deeds: deeds
            .into_iter()
            .map(|(number, deed)| (subject(number), deed))
            .collect(),
    }
}

fn tag(name: &str) -> Deed {
    Deed::Tag(name.into())
}

fn decision(log: &dyn ReviewLog, number: u8) -> Decision {
    let all = log.decisions().unwrap();
    all.get(&id(number)).cloned().unwrap_or_default()
}

fn tags(log: &dyn ReviewLog, number: u8) -> Vec<String> {
    decision(log, number).tags.into_iter().collect()
}

#[test]
fn an_empty_log_has_decided_nothing() {
    for (name, place) in places() {
        let mut log = place.open("ada");
        assert_eq!(log.read_only(), None, "{name}");
        assert!(log.decisions().unwrap().is_empty(), "{name}");
        assert_eq!(log.revision().unwrap(), 0, "{name}");
        assert_eq!(log.undo(&library("l")).unwrap(), None, "{name}");
        assert_eq!(log.redo(&library("l")).unwrap(), None, "{name}");
        assert!(log.subjects(&library("l")).unwrap().is_empty(), "{name}");
    }
}

#[test]
fn deeds_add_up_and_survive_a_restart() {
    for (name, place) in places() {
        let mut log = place.open("ada");
        let deeds = vec![
            (1, tag("b")),
            (1, tag("a")),
            (2, tag("a")),
            (2, Deed::Untag("a".into())),
            (2, Deed::Verdict(Some(Verdict::Drop))),
            (3, Deed::Verdict(Some(Verdict::Keep))),
            (3, Deed::Verdict(None)),
            (4, Deed::Supersede(true)),
        ];
        let receipt = log.append(&change("l", deeds)).unwrap();
        assert_eq!(receipt.event, log.revision().unwrap(), "{name}");
        drop(log);
        let log = place.open("ada");
        assert_eq!(tags(&*log, 1), ["a", "b"], "{name}");
        let dropped = Decision {
            verdict: Some(Verdict::Drop),
            ..Decision::default()
        };
        assert_eq!(decision(&*log, 2), dropped, "{name}");
        assert!(!log.decisions().unwrap().contains_key(&id(3)), "{name}");
        assert!(decision(&*log, 4).superseded, "{name}");
    }
}

#[test]
fn a_note_stands_once_at_its_place_and_undo_brings_the_older_one_back() {
    for (name, place) in places() {
        let mut log = place.open("ada");
        let at = Anchor::new(2, "Some \"words\".");
        let note = |on: Option<&Anchor>, text: Option<&str>| Deed::Note {
            on: on.cloned(),
            text: text.map(str::to_owned),
        };
        let all = vec![
            (1, note(None, Some("all of it"))),
            (1, note(Some(&at), Some("why?"))),
        ];
        log.append(&change("l", all)).unwrap();
        let other = vec![(1, note(Some(&at), Some("because\nof this")))];
        log.append(&change("l", other)).unwrap();
        log.append(&change("l", vec![(1, note(None, None))]))
            .unwrap();
        let log = place.open("ada");
        let notes = decision(&*log, 1).notes;
        assert_eq!(notes.len(), 1, "{name}");
        assert_eq!(notes[0].on.as_ref(), Some(&at), "{name}");
        assert_eq!(notes[0].text, "because\nof this", "{name}");
        let mut log = place.open("ada");
        for _ in 0..2 {
            log.undo(&library("l")).unwrap();
        }
        let texts: Vec<String> = decision(&*log, 1)
            .notes
            .into_iter()
            .map(|it| it.text)
            .collect();
        assert_eq!(texts, ["all of it", "why?"], "{name}");
        for wrong in ["", " \n", "a\u{1b}[2J"] {
            let refused = log.append(&change("l", vec![(1, note(None, Some(wrong)))]));
            assert!(
                matches!(refused, Err(StoreError::Refused(_))),
                "{name}: {wrong:?}"
            );
        }
    }
}

#[test]
fn a_saved_query_is_a_step_of_undo_and_its_name_is_free_again() {
    for (name, place) in places() {
        let mut log = place.open("ada");
        let of = library("l");
        let saved = |log: &dyn ReviewLog| log.filters().unwrap();
        let filter = |name: &str, query: &str| Filter {
            name: name.into(),
            query: query.into(),
        };
        let receipt = log.save_filter(&of, "inbox", Some("-is:reviewed")).unwrap();
        assert_eq!(
            receipt.summary, "saved filter inbox: -is:reviewed",
            "{name}"
        );
        log.save_filter(&of, "big", Some("words:>999")).unwrap();
        log.save_filter(&of, "inbox", Some("-is:reviewed versions:>1"))
            .unwrap();
        let log = place.open("bob");
        assert_eq!(
            saved(&*log),
            [
                filter("big", "words:>999"),
                filter("inbox", "-is:reviewed versions:>1")
            ],
            "{name}"
        );
        let mut log = place.open("ada");
        let receipt = log.undo(&of).unwrap().unwrap();
        assert!(
            receipt.summary.starts_with("took back: saved filter inbox"),
            "{name}"
        );
        assert_eq!(saved(&*log)[1], filter("inbox", "-is:reviewed"), "{name}");
        log.save_filter(&of, "inbox", None).unwrap();
        assert_eq!(saved(&*log), [filter("big", "words:>999")], "{name}");
        log.undo(&of).unwrap();
        assert_eq!(saved(&*log).len(), 2, "{name}");
        assert!(
            log.save_filter(&of, "two words", Some("x")).is_err(),
            "{name}"
        );
        assert!(log.decisions().unwrap().is_empty(), "{name}");
    }
}

#[test]
fn a_change_is_one_step_of_undo_also_after_a_restart() {
    for (name, place) in places() {
        let mut log = place.open("ada");
        log.append(&change("l", vec![(1, tag("first"))])).unwrap();
        let both = vec![(1, tag("second")), (2, tag("second"))];
        let receipt = log.append(&change("l", both)).unwrap();
        assert_eq!(receipt.summary, "tagged second · 2 articles", "{name}");
        let mut log = place.open("ada");
        let receipt = log.undo(&library("l")).unwrap().unwrap();
        assert_eq!(
            receipt.summary, "took back: tagged second · 2 articles",
            "{name}"
        );
        assert_eq!(tags(&*log, 1), ["first"], "{name}");
        assert!(tags(&*log, 2).is_empty(), "{name}");
        let mut log = place.open("ada");
        log.undo(&library("l")).unwrap().unwrap();
        assert_eq!(log.undo(&library("l")).unwrap(), None, "{name}");
        assert!(log.decisions().unwrap().is_empty(), "{name}");
        let mut log = place.open("ada");
        log.redo(&library("l")).unwrap().unwrap();
        log.redo(&library("l")).unwrap().unwrap();
        assert_eq!(log.redo(&library("l")).unwrap(), None, "{name}");
        assert_eq!(tags(&*log, 1), ["first", "second"], "{name}");
    }
}

#[test]
fn a_new_change_leaves_nothing_to_redo() {
    for (name, place) in places() {
        let mut log = place.open("ada");
        log.append(&change("l", vec![(1, tag("a"))])).unwrap();
        log.undo(&library("l")).unwrap().unwrap();
        log.append(&change("l", vec![(1, tag("b"))])).unwrap();
        assert_eq!(log.redo(&library("l")).unwrap(), None, "{name}");
        assert_eq!(tags(&*log, 1), ["b"], "{name}");
        log.undo(&library("l")).unwrap().unwrap();
        assert_eq!(log.undo(&library("l")).unwrap(), None, "{name}");
    }
}

#[test]
fn undo_keeps_to_its_library_and_author() {
    for (name, place) in places() {
        let (mut ada, mut bob) = (place.open("ada"), place.open("bob"));
        ada.append(&change("l", vec![(1, tag("ada"))])).unwrap();
        ada.append(&change("m", vec![(1, tag("elsewhere"))]))
            .unwrap();
        bob.append(&change("l", vec![(1, tag("bob"))])).unwrap();
        ada.undo(&library("l")).unwrap().unwrap();
        assert_eq!(tags(&*bob, 1), ["bob", "elsewhere"], "{name}");
        assert_eq!(ada.undo(&library("l")).unwrap(), None, "{name}");
        // What Bob did since does not take Ada's redo away.
        bob.append(&change("l", vec![(1, tag("more"))])).unwrap();
        ada.redo(&library("l")).unwrap().unwrap();
        assert_eq!(
            tags(&*ada, 1),
            ["ada", "bob", "elsewhere", "more"],
            "{name}"
        );
    }
}

#[test]
fn taking_back_a_tag_that_was_given_twice_leaves_the_first() {
    for (name, place) in places() {
        let mut log = place.open("ada");
        log.append(&change("l", vec![(1, tag("a"))])).unwrap();
        log.append(&change("l", vec![(1, tag("a"))])).unwrap();
        log.undo(&library("l")).unwrap().unwrap();
        assert_eq!(tags(&*log, 1), ["a"], "{name}");
    }
}

#[test]
fn what_another_writes_is_seen() {
    for (name, place) in places() {
        let (mut here, mut there) = (place.open("ada"), place.open("ada"));
        here.append(&change("l", vec![(1, tag("a"))])).unwrap();
        there.append(&change("l", vec![(2, tag("b"))])).unwrap();
        assert_eq!(here.revision().unwrap(), 2, "{name}");
        assert_eq!(tags(&*here, 2), ["b"], "{name}");
        // The same person at two terminals undoes what was done last, wherever.
        here.undo(&library("l")).unwrap().unwrap();
        assert!(tags(&*there, 2).is_empty(), "{name}");
        assert_eq!(tags(&*there, 1), ["a"], "{name}");
    }
}

#[test]
fn an_article_that_took_another_ones_place_inherits_its_decisions() {
    for (name, place) in places() {
        let mut log = place.open("ada");
        let deeds = vec![(1, tag("a")), (1, Deed::Verdict(Some(Verdict::Keep)))];
        log.append(&change("l", deeds)).unwrap();
        log.append(&change("l", vec![(2, tag("own"))])).unwrap();
        let rebind = Deed::Rebind { from: id(1) };
        log.append(&change("l", vec![(2, rebind)])).unwrap();
        assert_eq!(tags(&*log, 2), ["a", "own"], "{name}");
        assert_eq!(decision(&*log, 2).verdict, Some(Verdict::Keep), "{name}");
        // The text may live on in another library.
        assert_eq!(tags(&*log, 1), ["a"], "{name}");
        // Undo passes over what recto did by itself, and reaches through it.
        log.undo(&library("l")).unwrap().unwrap();
        assert_eq!(tags(&*log, 2), ["a"], "{name}");
        log.undo(&library("l")).unwrap().unwrap();
        assert!(log.decisions().unwrap().is_empty(), "{name}");
        log.redo(&library("l")).unwrap().unwrap();
        assert_eq!(tags(&*log, 2), ["a"], "{name}");
    }
}

/// A correction as a change: one deed from each side.
fn said(of: &str, said: Said, a: u8, b: u8) -> Change {
    let deeds = Deed::correction(said, id(a), id(b));
    change(
        of,
        deeds.map(|(about, deed)| (about.bytes()[0], deed)).into(),
    )
}

/// Number, articles and what was said, of every correction.
fn corrections(log: &dyn ReviewLog) -> Vec<(u64, u8, u8, Said)> {
    let all = log.corrections().unwrap().into_iter();
    all.map(|it| (it.number, it.a.bytes()[0], it.b.bytes()[0], it.said))
        .collect()
}

#[test]
fn corrections_stand_once_and_are_taken_back() {
    for (name, place) in places() {
        let mut log = place.open("ada");
        let receipt = log.append(&said("l", Said::Apart, 2, 1)).unwrap();
        assert_eq!(
            (receipt.event, &*receipt.summary),
            (2, "parted · 2 articles"),
            "{name}"
        );
        log.append(&said("m", Said::Same, 1, 3)).unwrap();
        let both = [(1, 1, 2, Said::Apart), (3, 1, 3, Said::Same)];
        let mut log = place.open("ada");
        assert_eq!(corrections(&*log), both, "{name}");
        // They decide nothing about an article, and yet it is known where that was seen.
        assert!(log.decisions().unwrap().is_empty(), "{name}");
        assert_eq!(log.subjects(&library("l")).unwrap().len(), 2, "{name}");
        let receipt = log.undo(&library("l")).unwrap().unwrap();
        assert_eq!(receipt.summary, "took back: parted · 2 articles", "{name}");
        assert_eq!(corrections(&*log), both[1..], "{name}");
        // Of the two only the one that something is still said about elsewhere.
        assert_eq!(log.subjects(&library("l")).unwrap(), [subject(1)], "{name}");
        log.redo(&library("l")).unwrap().unwrap();
        assert_eq!(corrections(&*log), both, "{name}");
    }
}

#[test]
fn an_article_that_took_another_ones_place_has_what_was_said_of_it() {
    for (name, place) in places() {
        let mut log = place.open("ada");
        log.append(&said("l", Said::Same, 1, 2)).unwrap();
        let rebind = |to, from| change("l", vec![(to, Deed::Rebind { from: id(from) })]);
        log.append(&rebind(5, 1)).unwrap();
        log.append(&rebind(6, 2)).unwrap();
        // What is said of the gone one from now on is nothing to the heir.
        log.append(&said("l", Said::Apart, 1, 3)).unwrap();
        let same = |a, b| (1, a, b, Said::Same);
        let all = [
            same(1, 2),
            same(1, 6),
            same(2, 5),
            same(5, 6),
            (5, 1, 3, Said::Apart),
        ];
        assert_eq!(corrections(&*log), all, "{name}");
        log.undo(&library("l")).unwrap().unwrap();
        log.undo(&library("l")).unwrap().unwrap();
        assert_eq!(corrections(&*log), [], "{name}");
    }
}

#[test]
fn subjects_tell_where_a_decided_article_was_seen_last() {
    for (name, place) in places() {
        let mut log = place.open("ada");
        log.append(&change("l", vec![(1, tag("a")), (2, tag("a"))]))
            .unwrap();
        log.append(&change("m", vec![(3, tag("a"))])).unwrap();
        let mut moved = change("l", vec![(1, tag("b"))]);
        moved.deeds[0].0.path = "elsewhere.txt".into();
        moved.deeds[0].0.record = Some(7);
        log.append(&moved).unwrap();
        log.append(&change("l", vec![(2, Deed::Untag("a".into()))]))
            .unwrap();
        let log = place.open("bob");
        let subjects = log.subjects(&library("l")).unwrap();
        assert_eq!(subjects, [moved.deeds[0].0.clone()], "{name}");
    }
}

#[cfg(unix)]
#[test]
fn a_path_that_is_not_text_survives() {
    use std::os::unix::ffi::OsStringExt;
    for (name, place) in places() {
        let mut log = place.open("ada");
        let mut odd = change("l", vec![(1, tag("a"))]);
        odd.deeds[0].0.path = std::ffi::OsString::from_vec(vec![b'x', 0xff]).into();
        log.append(&odd).unwrap();
        let log = place.open("ada");
        let subjects = log.subjects(&library("l")).unwrap();
        assert_eq!(subjects, [odd.deeds[0].0.clone()], "{name}");
    }
}

#[test]
fn senseless_changes_are_refused_and_leave_nothing() {
    for (name, place) in places() {
        let mut log = place.open("ada");
        let wrong = [
            change("l", vec![]),
            change("l", vec![(1, tag(""))]),
            change("l", vec![(1, tag("fine")), (1, tag("not\nfine"))]),
            change("l", vec![(1, Deed::Rebind { from: id(1) })]),
            change("l", vec![(1, Deed::Apart(id(1)))]),
            change("l", vec![(1, Deed::Same(id(1)))]),
        ];
        for change in wrong {
            let refused = log.append(&change);
            assert!(
                matches!(refused, Err(StoreError::Refused(_))),
                "{name} {change:?} {refused:?}"
            );
        }
        assert_eq!(log.revision().unwrap(), 0, "{name}");
    }
}

/// What a test may do next.
#[derive(Clone, Debug)]
enum Move {
    Append(Vec<(u8, Deed)>),
    Save(String, Option<String>),
    Undo,
    Redo,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        "[ab]".prop_map(Deed::Tag),
        "[ab]".prop_map(Deed::Untag),
        Just(Deed::Verdict(Some(Verdict::Keep))),
        Just(Deed::Verdict(None)),
        any::<bool>().prop_map(Deed::Supersede),
        (0..2u32, prop::option::of("[xy]")).prop_map(|(paragraph, text)| Deed::Note {
            on: (paragraph > 0).then(|| Anchor::new(paragraph, "A quote.")),
            text,
        }),
        (10..13u8).prop_map(|from| Deed::Rebind { from: id(from) }),
        // About others than the article itself, which is 0 to 2.
        (3..6u8).prop_map(|other| Deed::Apart(id(other))),
        (3..6u8).prop_map(|other| Deed::Same(id(other))),
    ]
}

fn step() -> impl Strategy<Value = Move> {
    prop_oneof![
        4 => prop::collection::vec((0..3u8, deed()), 1..4).prop_map(Move::Append),
        1 => ("[fg]", prop::option::of("[xy]")).prop_map(|(name, query)| Move::Save(name, query)),
        2 => Just(Move::Undo),
        2 => Just(Move::Redo),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn the_file_says_what_memory_says(
        moves in prop::collection::vec((0..2usize, 0..2usize, step()), 1..25)
    ) {
        let (memory, local) = {
            let mut places = places().into_iter().map(|(_, place)| place);
            (places.next().unwrap(), places.next().unwrap())
        };
        let authors = ["ada", "bob"];
        let mut logs = authors.map(|author| (memory.open(author), local.open(author)));
        for (author, of, step) in moves {
            let library = library(["l", "m"][of]);
            let (oracle, log) = &mut logs[author];
            let (expected, got) = match step {
                Move::Append(mut deeds) => {
                    // Rebinding from articles that have decisions, to others: 10 to 12 are 0 to 2.
                    for (to, deed) in &mut deeds {
                        if let Deed::Rebind { from } = deed {
                            *from = id((from.bytes()[0] - 10 + u8::from(from.bytes()[0] - 10 == *to)) % 4);
                        }
                    }
                    let change = Change {
                        library,
                        deeds: deeds.into_iter().map(|(to, deed)| (subject(to), deed)).collect(),
                    };
                    (oracle.append(&change).map(Some), log.append(&change).map(Some))
                }
                Move::Save(name, query) => (
                    oracle.save_filter(&library, &name, query.as_deref()).map(Some),
                    log.save_filter(&library, &name, query.as_deref()).map(Some),
                ),
                Move::Undo => (oracle.undo(&library), log.undo(&library)),
                Move::Redo => (oracle.redo(&library), log.redo(&library)),
            };
            prop_assert_eq!(expected, got);
            prop_assert_eq!(oracle.decisions(), log.decisions());
            prop_assert_eq!(oracle.corrections(), log.corrections());
            prop_assert_eq!(oracle.filters(), log.filters());
        }
        let again = local.open("ada");
        prop_assert_eq!(logs[0].0.decisions(), again.decisions());
        let seen = |log: &dyn ReviewLog| -> BTreeSet<ArticleId> {
            log.subjects(&library("l")).unwrap().into_iter().map(|it| it.article).collect()
        };
        prop_assert_eq!(seen(&*logs[0].0), seen(&*again));
    }
}
