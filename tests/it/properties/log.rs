//! The review log under damage: a check never panics, a repair keeps every sound event, invents none and leaves a log that
//! checks; dumps and merges of any lines give events or a reason.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use recto::model::{Anchor, ArticleId, Verdict};
use recto::store::review::{self, Act, Event, LocalReviewLog, jsonl, merge, repair};
use recto::store::traits::ReviewLog;
use recto::store::types::{Change, Deed, LibraryId, Subject};

/// Events of the log that is damaged.
const EVENTS: u8 = 12;

/// A sound log: its file, the note beside it, and its events.
struct Sound {
    file: Vec<u8>,
    head: Vec<u8>,
    events: Vec<Event>,
    dump: Vec<String>,
}

static SOUND: LazyLock<Sound> = LazyLock::new(|| {
    let directory = tempfile::tempdir().expect("a folder");
    let mut log = open(directory.path());
    for number in 1..=EVENTS {
        let change = Change {
            library: LibraryId("l".into()),
            deeds: vec![(subject(number), deed(number))],
        };
        log.append(&change).expect("the log takes it");
    }
    let events = log.all_events().expect("events");
    let mut dump = Vec::new();
    log.events(&mut |event, hash| {
        dump.push(serde_json::to_string(&jsonl::Line::of(event, hash)).expect("a line"));
        true
    })
    .expect("events");
    drop(log);
    let bytes = |name: &str| fs::read(directory.path().join(name)).expect("a file");
    Sound {
        file: bytes(review::FILE),
        head: bytes("review.head"),
        events,
        dump,
    }
});

fn open(directory: &Path) -> LocalReviewLog {
    LocalReviewLog::open(directory, "ada", Box::new(|| 1_585_699_200_000))
}

fn subject(number: u8) -> Subject {
    Subject {
        article: ArticleId::from_bytes([number; 16]),
        path: "a.txt".into(),
        record: number.is_multiple_of(2).then_some(number.into()),
        record_id: None,
        url: None,
        title: Some(format!("Title {number}")),
    }
}

fn deed(number: u8) -> Deed {
    let other = ArticleId::from_bytes([number / 2; 16]);
    match number % 8 {
        0 => Deed::Verdict(Some(Verdict::Keep)),
        1 => Deed::Tag(format!("tag {}", number / 8)),
        2 => Deed::Untag(format!("tag {}", number / 8)),
        3 => Deed::Note {
            on: None,
            text: Some("a note".into()),
        },
        4 => Deed::Supersede(number > 8),
        5 => Deed::Apart(other),
        6 => Deed::Same(other),
        _ => Deed::Note {
            on: Some(Anchor::new(number.into(), "some words")),
            text: None,
        },
    }
}

/// The first byte chooses what happens to the log.
pub fn holds(data: &[u8]) {
    let Some((&which, rest)) = data.split_first() else {
        return;
    };
    match which % 4 {
        0 => flipped(rest),
        1 => replaced(rest),
        2 => dumped(rest),
        _ => merged(rest),
    }
}

/// Single bytes of the file are others: each four bytes of the input are a place and a value.
fn flipped(changes: &[u8]) {
    let mut file = SOUND.file.clone();
    let mut is_other = false;
    for change in changes.chunks_exact(4) {
        let at =
            usize::from(change[0]) << 16 | usize::from(change[1]) << 8 | usize::from(change[2]);
        let at = at % file.len();
        is_other |= file[at] != change[3];
        file[at] = change[3];
    }
    let is_same = file == SOUND.file;
    let report = survives(&file);
    assert!(
        is_same || !is_other || report.problem.is_some(),
        "a changed byte is found"
    );
    assert!(
        !is_same || report.problem.is_none(),
        "a sound log is sound: {report:?}"
    );
}

/// The file is another one altogether, or the sound one cut off and continued.
fn replaced(bytes: &[u8]) {
    let (&cut, bytes) = bytes.split_first().unwrap_or((&0, &[]));
    let kept = SOUND.file.len() * usize::from(cut) / 255;
    let file = [&SOUND.file[..kept], bytes].concat();
    survives(&file);
}

/// A check says the same twice; after a repair the log checks, and holds the sound events and no other.
fn survives(file: &[u8]) -> repair::Report {
    let directory = tempfile::tempdir().expect("a folder");
    let path = directory.path();
    fs::write(path.join(review::FILE), file).expect("a file");
    fs::write(path.join("review.head"), &SOUND.head).expect("a file");
    let prefix = open(path).all_events().unwrap_or_default();
    assert!(
        SOUND.events.starts_with(&prefix),
        "what is used is a sound beginning"
    );
    // What cannot be told (a layout of later, a disk that fails) is an error and changes nothing.
    let Ok(report) = repair::verify(path) else {
        return repair::Report {
            events: 0,
            sound: 0,
            problem: Some("cannot be told".into()),
            sealed: false,
        };
    };
    let Ok((repaired, aside)) = repair::repair(path) else {
        assert_eq!(
            fs::read(path.join(review::FILE)).expect("a file"),
            file,
            "an error changes nothing"
        );
        return report;
    };
    assert_eq!(
        repaired.sound, report.sound,
        "the repair sees what the check saw"
    );
    if report.problem.is_none() {
        assert_eq!(aside, None);
        return report;
    }
    if let Some(aside) = aside {
        assert_eq!(
            fs::read(aside).expect("a file"),
            file,
            "what was damaged is set aside whole"
        );
    }
    let after = repair::verify(path).expect("it can be checked");
    assert_eq!(after.problem, None);
    assert_eq!(after.sound, report.sound);
    let kept = open(path).all_events().expect("it can be read");
    assert_eq!(kept.len() as u64, report.sound, "every sound event is kept");
    assert!(
        kept.iter().all(|event| SOUND.events.contains(event)),
        "none is invented"
    );
    assert!(kept.len() >= prefix.len(), "none is lost that was in use");
    report
}

/// Lines of a dump, sound ones and others: a dump that is taken is a chain, and writes itself again.
fn dumped(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut dump = String::new();
    for line in text.lines() {
        // A lone number is a line of the sound dump.
        let sound = line.parse().ok().and_then(|at: usize| SOUND.dump.get(at));
        dump.push_str(sound.map_or(line, |it| it));
        dump.push('\n');
    }
    let Ok(events) = jsonl::read(dump.as_bytes()) else {
        return;
    };
    assert!(events.windows(2).all(|two| two[0].number < two[1].number));
    assert!(
        events.iter().all(|event| SOUND.events.contains(event)),
        "nobody guesses a hash"
    );
}

/// Two logs made of the bytes are joined; a second time there is nothing new.
fn merged(bytes: &[u8]) {
    let (own, other) = bytes.split_at(bytes.len() / 2);
    let (own, other) = (events(own, "ada"), events(other, "ben"));
    let last = own.last().map_or(0, |event| event.number);
    let joined = merge::merge(&own, &other, last);
    let mut numbers = last;
    for event in &joined.new {
        assert!(event.number > numbers && event.step <= event.number);
        numbers = event.number;
    }
    let all = [own, joined.new].concat();
    let again = merge::merge(&all, &other, numbers);
    assert_eq!(again.new, [], "joined once is joined");
    merge::agreement(&all);
}

fn events(bytes: &[u8], author: &str) -> Vec<Event> {
    let mut step = 1;
    let events = (1..).zip(bytes.chunks_exact(3)).map(|(number, bytes)| {
        let [what, whom, when] = *bytes else {
            unreachable!("chunks of three")
        };
        if what & 0x80 == 0 {
            step = number;
        }
        Event {
            number,
            step,
            library: LibraryId(if whom & 0x80 == 0 { "l" } else { "m" }.into()),
            author: if when & 1 == 0 { author } else { "ada" }.into(),
            time: 1_585_699_200_000 + i64::from(when / 8),
            subject: (what % 10 < 8).then(|| subject(whom % 4)),
            act: match what % 10 {
                8 => Act::Undo(u64::from(whom % 8)),
                9 => Act::Redo(u64::from(whom % 8)),
                _ => Act::Deed(deed(what % 32)),
            },
        }
    });
    events.collect()
}
