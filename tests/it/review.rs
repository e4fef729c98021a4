//! The file of the review log when things go wrong: nothing sound is lost, and nothing is hidden.

use std::fs;
use std::path::Path;

use recto::model::{Anchor, ArticleId};
use recto::store::review::{self, Act, LocalReviewLog, repair};
use recto::store::traits::ReviewLog;
use recto::store::types::{Change, Deed, LibraryId, StoreError, Subject};

fn open(directory: &Path) -> LocalReviewLog {
    LocalReviewLog::open(directory, "ada", Box::new(|| 1_585_699_200_000))
}

fn library() -> LibraryId {
    LibraryId("l".into())
}

fn tag(log: &mut LocalReviewLog, number: u8) -> Result<u64, StoreError> {
    let subject = Subject {
        article: ArticleId::from_bytes([number; 16]),
        path: "a.txt".into(),
        record: None,
        record_id: None,
        url: None,
        title: Some(format!("Title {number}")),
    };
    let change = Change {
        library: library(),
        deeds: vec![(subject, Deed::Tag(format!("tag-{number}")))],
    };
    log.append(&change).map(|receipt| receipt.event)
}

/// A log with so many tags, one to an article.
fn log_of(count: u8) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let mut log = open(directory.path());
    for number in 1..=count {
        assert_eq!(tag(&mut log, number), Ok(u64::from(number)));
    }
    directory
}

fn decided(log: &LocalReviewLog) -> usize {
    log.decisions().unwrap().len()
}

fn sqlite(directory: &Path) -> rusqlite::Connection {
    rusqlite::Connection::open(directory.join(review::FILE)).unwrap()
}

#[test]
fn reading_creates_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let home = directory.path().join("not/there");
    let log = open(&home);
    assert_eq!((decided(&log), log.read_only()), (0, None));
    assert!(!home.exists());
}

#[test]
fn preparing_tells_beforehand_that_nothing_can_be_saved() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    fs::write(&file, "in the way").unwrap();
    let mut log = open(&file.join("data"));
    log.prepare();
    let why = log.read_only().unwrap();
    assert!(why.contains("cannot be created"), "{why}");
    assert!(!why.contains("os error"), "{why}");
    assert!(matches!(tag(&mut log, 1), Err(StoreError::ReadOnly(_))));

    let mut log = open(&directory.path().join("data"));
    log.prepare();
    assert_eq!(log.read_only(), None);
    log.prepare();
    assert_eq!((log.revision(), tag(&mut log, 1)), (Ok(0), Ok(1)));
}

#[test]
fn a_changed_event_is_found_and_the_sound_prefix_is_used() {
    for column in ["value", "title", "library", "author", "path", "article"] {
        let directory = log_of(5);
        let change =
            format!("UPDATE events SET {column} = '00' || substr({column}, 3) WHERE number = 4");
        sqlite(directory.path()).execute(&change, []).unwrap();
        let mut log = open(directory.path());
        let why = log.damage().unwrap_or_default();
        assert!(why.contains("event 4"), "{column}: {why}");
        assert_eq!(decided(&log), 3, "{column}");
        assert!(
            matches!(tag(&mut log, 9), Err(StoreError::Damaged(_))),
            "{column}"
        );
        assert!(log.undo(&library()).is_err(), "{column}");
    }
}

#[test]
fn a_repair_costs_the_damaged_event_and_no_other() {
    let directory = log_of(5);
    let change = "UPDATE events SET title = 'forged' WHERE number = 2";
    sqlite(directory.path()).execute(change, []).unwrap();
    let report = repair::verify(directory.path()).unwrap();
    assert_eq!((report.events, report.sound), (5, 4));
    assert!(report.problem.unwrap().contains("event 2"));
    let (_, aside) = repair::repair(directory.path()).unwrap();
    assert!(aside.unwrap().exists());
    let mut log = open(directory.path());
    assert_eq!((log.damage(), decided(&log)), (None, 4));
    // Undo still finds its steps, and numbers go on.
    assert_eq!(tag(&mut log, 9), Ok(6));
    for _ in 0..5 {
        assert!(log.undo(&library()).unwrap().is_some());
    }
    assert_eq!(log.undo(&library()), Ok(None));
    assert_eq!(repair::verify(directory.path()).unwrap().problem, None);
    let (_, aside) = repair::repair(directory.path()).unwrap();
    assert_eq!(aside, None, "a sound log is left alone");
}

#[test]
fn a_lost_row_breaks_the_chain_and_a_lost_end_is_missed() {
    for (gone, sound) in [("number = 3", 2), ("number = 5", 4), ("number > 0", 0)] {
        let directory = log_of(5);
        let delete = format!("DELETE FROM events WHERE {gone}");
        sqlite(directory.path()).execute(&delete, []).unwrap();
        let log = open(directory.path());
        assert!(log.damage().is_some(), "{gone}");
        assert_eq!(decided(&log), sound, "{gone}");
    }
}

#[test]
fn a_lost_or_emptied_file_is_missed() {
    for remove in [true, false] {
        let directory = log_of(3);
        let file = directory.path().join(review::FILE);
        if remove {
            fs::remove_file(&file).unwrap();
        } else {
            fs::write(&file, "").unwrap();
        }
        let mut log = open(directory.path());
        let why = log.damage().unwrap_or_default();
        assert!(why.contains("3 were written"), "{why}");
        assert!(tag(&mut log, 9).is_err());
        // Whoever meant it says so once.
        repair::repair(directory.path()).unwrap();
        let mut log = open(directory.path());
        assert_eq!((log.damage(), tag(&mut log, 9)), (None, Ok(1)));
    }
}

#[test]
fn a_log_that_is_only_locked_is_neither_damaged_nor_repaired() {
    let directory = log_of(3);
    let before = fs::read(directory.path().join(review::FILE)).unwrap();
    let other = sqlite(directory.path());
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    // All wait for their patience to end, so they wait together.
    let (mut log, repaired, verified) = std::thread::scope(|scope| {
        let repaired = scope.spawn(|| repair::repair(directory.path()));
        let verified = scope.spawn(|| repair::verify(directory.path()));
        let log = open(directory.path());
        (log, repaired.join().unwrap(), verified.join().unwrap())
    });
    assert_eq!(log.damage(), None);
    let why = log.read_only().unwrap_or_default();
    assert!(
        why.contains("cannot be read") && why.contains("another recto"),
        "{why}"
    );
    let why = repaired.unwrap_err();
    assert!(why.contains("another recto"), "{why}");
    assert!(verified.unwrap_err().contains("another recto"));

    other.execute_batch("ROLLBACK").unwrap();
    let file = directory.path().join(review::FILE);
    assert_eq!(fs::read(file).unwrap(), before);
    assert_eq!((tag(&mut log, 9), decided(&log)), (Ok(4), 4));
    assert_eq!((log.damage(), log.read_only()), (None, None));
}

#[test]
fn a_log_that_cannot_be_opened_is_left_alone() {
    let directory = log_of(3);
    let file = directory.path().join(review::FILE);
    fs::rename(&file, directory.path().join("moved")).unwrap();
    fs::create_dir(&file).unwrap();
    let mut log = open(directory.path());
    assert_eq!(log.damage(), None);
    let why = log.read_only().unwrap_or_default();
    assert!(why.contains("cannot be read"), "{why}");
    assert!(tag(&mut log, 9).is_err());
    assert!(repair::repair(directory.path()).is_err());
    fs::remove_dir(&file).unwrap();
    fs::rename(directory.path().join("moved"), &file).unwrap();
    assert_eq!((tag(&mut log, 9), decided(&log)), (Ok(4), 4));
}

#[test]
fn what_stands_in_front_of_a_cut_is_kept() {
    let directory = log_of(100);
    let file = directory.path().join(review::FILE);
    let length = fs::metadata(&file).unwrap().len();
    let cut = fs::OpenOptions::new().write(true).open(&file).unwrap();
    cut.set_len(length - 4096).unwrap();
    let mut log = open(directory.path());
    assert!(log.damage().is_some());
    let sound = decided(&log);
    assert!((50..100).contains(&sound), "{sound}");
    assert!(tag(&mut log, 200).is_err());
    repair::repair(directory.path()).unwrap();
    let mut log = open(directory.path());
    assert_eq!((log.damage(), decided(&log)), (None, sound));
    assert!(tag(&mut log, 200).is_ok());
}

#[test]
fn every_flipped_byte_is_noticed_or_harmless() {
    let directory = log_of(12);
    let file = directory.path().join(review::FILE);
    let good = fs::read(&file).unwrap();
    let whole = open(directory.path()).decisions().unwrap();
    let mut noticed = 0;
    for at in (0..good.len()).step_by(37) {
        let mut bad = good.clone();
        bad[at] ^= 0x41;
        fs::write(&file, &bad).unwrap();
        let log = open(directory.path());
        let decisions = log.decisions();
        if log.read_only().is_none() {
            assert_eq!(
                decisions.as_ref(),
                Ok(&whole),
                "byte {at} was lost silently"
            );
        } else {
            noticed += 1;
        }
    }
    assert!(noticed > 20, "{noticed}");
}

/// A log in which nearly every kind of thing that SQLite writes occurs: pages within pages, free space, a long row.
fn small_log() -> tempfile::TempDir {
    let directory = log_of(3);
    let mut log = open(directory.path());
    log.save_filter(&library(), "inbox", Some(&"is:kept ".repeat(900)))
        .unwrap();
    log.undo(&library()).unwrap();
    directory
}

#[test]
fn verify_finds_every_flipped_bit() {
    let directory = small_log();
    let file = directory.path().join(review::FILE);
    let good = fs::read(&file).unwrap();
    let verify = || repair::verify(directory.path());
    let report = verify().unwrap();
    assert_eq!((report.problem, report.sealed), (None, true));
    let mut of_events = 0;
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 1 << (at % 8);
        fs::write(&file, &bad).unwrap();
        let problem = verify().map(|it| it.problem.unwrap_or_default());
        let why = problem.unwrap_or_else(|why| why);
        assert!(!why.is_empty(), "bit {} of byte {at}", at % 8);
        of_events += usize::from(why.contains("event "));
    }
    assert!(of_events > 1000, "{of_events} flips name an event");
    fs::write(&file, good).unwrap();
    assert_eq!(verify().unwrap().problem, None);
}

#[test]
fn a_bit_that_was_flipped_in_free_space_stays_found_until_the_log_is_repaired() {
    let directory = small_log();
    let file = directory.path().join(review::FILE);
    let mut bytes = fs::read(&file).unwrap();
    // Reserved by SQLite for what it may need one day.
    bytes[80] ^= 4;
    fs::write(&file, &bytes).unwrap();
    let problem = || repair::verify(directory.path()).unwrap().problem;
    assert!(problem().unwrap().contains("hold no event"));
    // It costs nobody his work, and the next change does not hide it.
    assert_eq!(tag(&mut open(directory.path()), 9), Ok(6));
    assert!(problem().is_some());
    let (report, aside) = repair::repair(directory.path()).unwrap();
    assert_eq!((report.sound, report.events), (6, 6));
    assert!(aside.unwrap().exists());
    assert_eq!(problem(), None);
    assert_eq!(tag(&mut open(directory.path()), 10), Ok(7));
    assert_eq!(problem(), None);
}

#[test]
fn a_log_that_was_not_sealed_is_no_damaged_log() {
    let directory = log_of(3);
    let sealed = || {
        let report = repair::verify(directory.path()).unwrap();
        assert_eq!(report.problem, None);
        report.sealed
    };
    assert!(sealed());
    // Killed behind a change: what was noted of the file is older than the file.
    let mut killed = open(directory.path());
    tag(&mut killed, 9).unwrap();
    assert!(!sealed());
    std::mem::forget(killed);
    assert!(!sealed());
    let head = directory.path().join("review.head");
    fs::write(&head, "nonsense").unwrap();
    assert!(!sealed());
    fs::remove_file(&head).unwrap();
    assert!(!sealed());
    // Two at once: whoever comes last seals.
    let (mut one, mut other) = (open(directory.path()), open(directory.path()));
    tag(&mut one, 10).unwrap();
    tag(&mut other, 11).unwrap();
    tag(&mut one, 12).unwrap();
    drop(other);
    assert!(sealed());
    drop(one);
    assert!(sealed());
}

#[test]
fn other_files_and_newer_layouts_are_not_written() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(
        directory.path().join(review::FILE),
        "not a database, just text".repeat(99),
    )
    .unwrap();
    let mut log = open(directory.path());
    assert!(log.damage().is_some());
    assert!(tag(&mut log, 1).is_err());

    let directory = log_of(2);
    sqlite(directory.path())
        .pragma_update(None, "user_version", 99)
        .unwrap();
    let mut log = open(directory.path());
    assert_eq!((log.damage(), decided(&log)), (None, 2));
    assert!(log.read_only().unwrap().contains("update recto"));
    assert!(matches!(tag(&mut log, 9), Err(StoreError::ReadOnly(_))));
}

/// A log as an older recto wrote it, to the byte of every hash: the script, what is decided, what is said of groups.
const OLDER: [(&str, usize, usize); 3] = [
    (include_str!("review/layout-1.sql"), 2, 0),
    (include_str!("review/layout-2.sql"), 3, 1),
    (include_str!("review/layout-3.sql"), 3, 1),
];

fn first_layout(directory: &Path) {
    sqlite(directory).execute_batch(OLDER[0].0).unwrap();
}

#[test]
fn a_log_of_an_older_layout_is_read_and_the_first_change_lifts_it() {
    let version = |directory: &Path| -> i32 {
        let connection = sqlite(directory);
        connection
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .unwrap()
    };
    for ((script, count, said), layout) in OLDER.into_iter().zip(1..) {
        let directory = tempfile::tempdir().unwrap();
        sqlite(directory.path()).execute_batch(script).unwrap();
        let mut log = open(directory.path());
        assert_eq!(
            (log.damage(), log.read_only(), decided(&log)),
            (None, None, count)
        );
        assert_eq!(log.corrections().unwrap().len(), said);
        log.prepare();
        assert_eq!(repair::verify(directory.path()).unwrap().problem, None);
        assert_eq!(version(directory.path()), layout, "reading changes nothing");

        let mut library = LibraryId(String::new());
        log.events(&mut |event, _| {
            library = event.library.clone();
            true
        })
        .unwrap();
        let subject = Subject {
            article: ArticleId::from_bytes([1; 16]),
            path: "a.txt".into(),
            record: None,
            record_id: None,
            url: None,
            title: None,
        };
        let note = Deed::Note {
            on: Some(Anchor::new(1, "Some words.")),
            text: Some("why?".into()),
        };
        let change = Change {
            library: library.clone(),
            deeds: vec![(subject, note)],
        };
        log.append(&change).unwrap();
        log.save_filter(&library, "inbox", Some("-is:reviewed"))
            .unwrap();
        assert_eq!(version(directory.path()), 4);
        let mut log = open(directory.path());
        assert_eq!(
            (log.damage(), log.read_only(), decided(&log)),
            (None, None, count + 1)
        );
        assert_eq!(log.corrections().unwrap().len(), said);
        // Undo reaches back over the lift.
        for _ in 0..3 {
            log.undo(&library).unwrap().unwrap();
        }
        assert_eq!(log.filters(), Ok(Vec::new()));
        assert_eq!(repair::verify(directory.path()).unwrap().problem, None);
    }
}

#[test]
fn a_log_that_was_never_lifted_can_be_repaired() {
    let directory = tempfile::tempdir().unwrap();
    first_layout(directory.path());
    sqlite(directory.path())
        .execute("UPDATE events SET value = 'forged' WHERE number = 2", [])
        .unwrap();
    repair::repair(directory.path()).unwrap();
    let log = open(directory.path());
    assert_eq!(
        (log.damage(), log.read_only(), decided(&log)),
        (None, None, 1)
    );
}

#[test]
fn a_file_that_is_exchanged_under_a_running_recto_takes_no_changes() {
    let (one, other) = (log_of(3), log_of(2));
    let mut log = open(one.path());
    let file = one.path().join(review::FILE);
    fs::rename(&file, one.path().join("moved")).unwrap();
    fs::copy(other.path().join(review::FILE), &file).unwrap();
    assert!(tag(&mut log, 9).is_err());
    assert_eq!(decided(&open(other.path())), 2);
}

#[test]
fn a_hundred_thousand_deeds_are_one_step() {
    let directory = tempfile::tempdir().unwrap();
    let mut log = open(directory.path());
    let deeds = (0..100_000u32).map(|number| {
        let mut bytes = [7; 16];
        bytes[..4].copy_from_slice(&number.to_le_bytes());
        let subject = Subject {
            article: ArticleId::from_bytes(bytes),
            path: "crawl/shard-000.jsonl".into(),
            record: Some(u64::from(number)),
            record_id: Some(format!("urn:uuid:{number}")),
            url: Some(format!("https://news.example.org/2020/04/{number}.html")),
            title: Some("Russian plane heads to U.S. with supplies".into()),
        };
        (subject, Deed::Tag("todo".into()))
    });
    let change = Change {
        library: library(),
        deeds: deeds.collect(),
    };
    let begin = std::time::Instant::now();
    let receipt = log.append(&change).unwrap();
    let written = begin.elapsed();
    assert_eq!(receipt.summary, "tagged todo · 100000 articles");
    let begin = std::time::Instant::now();
    let mut log = open(directory.path());
    let opened = begin.elapsed();
    assert_eq!(decided(&log), 100_000);
    let begin = std::time::Instant::now();
    log.undo(&library()).unwrap().unwrap();
    let undone = begin.elapsed();
    assert_eq!(decided(&log), 0);
    println!("written {written:?}, opened {opened:?}, undone {undone:?}");
}

#[test]
fn the_events_can_be_read_one_by_one() {
    let directory = log_of(2);
    let mut log = open(directory.path());
    log.undo(&library()).unwrap();
    let mut seen = Vec::new();
    log.events(&mut |event, _| {
        seen.push((event.number, event.step, event.act.clone()));
        true
    })
    .unwrap();
    let tagged = |tag: &str| Act::Deed(Deed::Tag(tag.into()));
    assert_eq!(
        seen,
        [
            (1, 1, tagged("tag-1")),
            (2, 2, tagged("tag-2")),
            (3, 3, Act::Undo(2))
        ]
    );
}
