//! How fast many decisions are on disk: a change of 100,000 articles in the review log, beside the same rows put into
//! SQLite with nothing of ours, in the same run.
//!
//! `cargo bench --bench review`

#![allow(
    clippy::unwrap_used,
    reason = "a measurement that cannot be made ends with why"
)]

use std::time::{Duration, Instant};

use recto::model::ArticleId;
use recto::store::review::LocalReviewLog;
use recto::store::traits::ReviewLog;
use recto::store::types::{Change, Deed, LibraryId, Subject};

const ARTICLES: u32 = 100_000;
const RUNS: usize = 5;

fn subjects() -> Vec<Subject> {
    let subject = |number: u32| {
        let hash = blake3(number);
        Subject {
            article: ArticleId::from_bytes(hash),
            path: "/srv/articles/crawl/shard-000.jsonl".into(),
            record: Some(u64::from(number)),
            record_id: Some(format!("urn:uuid:{number}")),
            url: Some(format!("https://news.example.org/2020/04/{number}.html")),
            title: Some("Russian plane heads to U.S. with supplies for virus fight".into()),
        }
    };
    (0..ARTICLES).map(subject).collect()
}

/// Spread like real ids.
fn blake3(number: u32) -> [u8; 16] {
    let mut bytes = [0; 16];
    let spread = u128::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    bytes.copy_from_slice(&spread.to_be_bytes());
    bytes
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn run(name: &str, mut once: impl FnMut() -> Duration) -> Duration {
    let time = median((0..RUNS).map(|_| once()).collect());
    println!("{name:<44} {:>8.1} ms", time.as_secs_f64() * 1e3);
    time
}

fn main() {
    let library = LibraryId("bench".into());
    let deeds = subjects()
        .into_iter()
        .map(|it| (it, Deed::Tag("todo".into())));
    let change = Change {
        library: library.clone(),
        deeds: deeds.collect(),
    };
    println!("{ARTICLES} articles, median of {RUNS}");
    let plain = run("SQLite alone, the same rows", || {
        let folder = tempfile::tempdir().unwrap();
        let mut file = rusqlite::Connection::open(folder.path().join("x.sqlite")).unwrap();
        file.execute_batch(
            "PRAGMA synchronous = EXTRA; CREATE TABLE events (number INTEGER PRIMARY KEY, step INTEGER, library TEXT, \
             author TEXT, time INTEGER, deed TEXT, value TEXT, article TEXT, path TEXT, record INTEGER, record_id TEXT, \
             url TEXT, title TEXT, hash BLOB) STRICT",
        )
        .unwrap();
        let begin = Instant::now();
        let transaction = file.transaction().unwrap();
        {
            let insert =
                "INSERT INTO events VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14)";
            let mut insert = transaction.prepare(insert).unwrap();
            for (number, (it, _)) in (1_i64..).zip(&change.deeds) {
                insert
                    .execute(rusqlite::params![
                        number,
                        1,
                        "bench",
                        "ada",
                        0,
                        "tag",
                        "todo",
                        it.article.to_string(),
                        it.path.to_str(),
                        it.record.map(|it| it as i64),
                        it.record_id,
                        it.url,
                        it.title,
                        [0_u8; 32].as_slice(),
                    ])
                    .unwrap();
            }
        }
        transaction.commit().unwrap();
        begin.elapsed()
    });
    let fresh = || {
        let folder = tempfile::tempdir().unwrap();
        let log = LocalReviewLog::open(folder.path(), "ada", Box::new(|| 1_585_699_200_000));
        (folder, log)
    };
    let tag = run("tag, chained by hashes, acknowledged", || {
        let (_folder, mut log) = fresh();
        let begin = Instant::now();
        log.append(&change).unwrap();
        begin.elapsed()
    });
    run("what is decided, handed over", || {
        let (_folder, mut log) = fresh();
        log.append(&change).unwrap();
        let begin = Instant::now();
        assert_eq!(log.decisions().unwrap().len(), ARTICLES as usize);
        begin.elapsed()
    });
    run("undo of all of it, acknowledged", || {
        let (_folder, mut log) = fresh();
        log.append(&change).unwrap();
        let begin = Instant::now();
        log.undo(&library).unwrap().unwrap();
        begin.elapsed()
    });
    run("opened again, every link checked", || {
        let (folder, mut log) = fresh();
        log.append(&change).unwrap();
        let begin = Instant::now();
        let again = LocalReviewLog::open(folder.path(), "ada", Box::new(|| 0));
        assert_eq!(again.revision(), Ok(u64::from(ARTICLES)));
        begin.elapsed()
    });
    println!(
        "tag : SQLite alone = {:.2}",
        tag.as_secs_f64() / plain.as_secs_f64()
    );
}
