//! Decisions outlive the texts that they were made about: everything changes at once, and nothing is lost.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use recto::cancel::Cancel;
use recto::formats;
use recto::model::{Anchor, ArticleId, Verdict};
use recto::query;
use recto::store::local::LocalLibrary;
use recto::store::rebind::{Rebound, rebind, remember};
use recto::store::review::LocalReviewLog;
use recto::store::traits::{Library, ReviewLog};
use recto::store::types::{By, Change, Deed, Edge, Entry, Find, Said};

const WORDS: &str = "harbour ferry morning bridge council winter paper garden engine teacher letter market river summer \
    station doctor window theatre island captain orchard library kitchen village painter mountain railway bakery \
    lantern captain sailor meadow castle tower printer organ violin statue fountain museum chapel";

/// So many sentences of a story of its own, with a number in each.
fn story(seed: u64, sentences: u64) -> Vec<String> {
    let words: Vec<&str> = WORDS.split_whitespace().collect();
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        words[(state >> 40) as usize % words.len()]
    };
    (0..sentences)
        .map(|at| {
            let middle: Vec<&str> = (0..11).map(|_| next()).collect();
            format!(
                "The “{}” – {} of {}.",
                next(),
                middle.join(" "),
                seed * 100 + at * 7
            )
        })
        .collect()
}

/// Typographic signs as a cleaner replaces them, and blanks as it joins them.
fn cleaned(text: &str) -> String {
    text.replace(['“', '”'], "\"")
        .replace('–', "-")
        .replace("of ", "of  ")
}

/// What another extractor makes of it: menus around it, other paragraphs, the last sentence lost.
fn extracted(seed: u64) -> String {
    let story = story(seed, 9);
    let (first, rest) = story[..8].split_at(3);
    cleaned(&format!(
        "Home | News | Contact\n\n{}\n\n{}\n\nRead more about it",
        first.join(" "),
        rest.join(" ")
    ))
}

fn as_read(seed: u64) -> String {
    story(seed, 9)
        .chunks(2)
        .map(|it| it.join(" "))
        .collect::<Vec<_>>()
        .join("\n\n")
}

fn line(fields: &[(&str, &str)]) -> String {
    let fields: BTreeMap<&str, &str> = fields.iter().copied().collect();
    serde_json::to_string(&fields).unwrap() + "\n"
}

fn write(folder: &Path, name: &str, text: &str) {
    let file = folder.join(name);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

fn open(folder: &Path) -> LocalLibrary {
    let options = formats::Options::default();
    LocalLibrary::open(&[folder.to_owned()], &options, &Cancel::new(), &mut |_| {}).unwrap()
}

fn all(library: &LocalLibrary) -> Vec<Entry> {
    let find = Find {
        query: std::sync::Arc::new(query::parse("", recto::model::Date::default()).unwrap()),
        by: By::Article,
        from: Edge::Top,
        after: None,
        limit: 1000,
    };
    let hits = library.find(&find, &Cancel::new()).unwrap().hits;
    hits.iter()
        .map(|hit| library.entry(hit.id, &Cancel::new()).unwrap())
        .collect()
}

/// The article whose first source is called so: the file, and its record's id or number.
fn called(entry: &Entry) -> String {
    let source = &entry.sources[0];
    let file = source.path.file_name().unwrap().to_str().unwrap();
    match (&source.record_id, source.record) {
        (Some(id), _) => id.clone(),
        (None, Some(number)) => format!("{file} {number}"),
        (None, None) => file.to_owned(),
    }
}

fn log(folder: &Path) -> LocalReviewLog {
    LocalReviewLog::open(folder, "ada", Box::new(|| 1_585_699_200_000))
}

fn before(folder: &Path) {
    let page = |seed: u64| {
        let blocks: Vec<String> = as_read(seed)
            .split("\n\n")
            .map(|it| format!("<p>{it}</p>"))
            .collect();
        format!(
            "<html><head><title>Story {seed}</title></head><body><article><h1>Story {seed}</h1>{}</article></body></html>",
            blocks.concat()
        )
    };
    for seed in 1..=3 {
        write(folder, &format!("pages/p{seed}.html"), &page(seed));
    }
    for seed in 11..=13 {
        write(folder, &format!("plain/n{seed}.txt"), &as_read(seed));
    }
    let mut crawl = String::new();
    for seed in 21..=24 {
        let (id, title) = (format!("r{seed}"), format!("Record {seed}"));
        crawl += &line(&[("id", &id), ("title", &title), ("text", &as_read(seed))]);
    }
    for seed in 31..=32 {
        let url = format!("http://example.org/{seed}");
        crawl += &line(&[("url", &url), ("text", &as_read(seed))]);
    }
    crawl += &line(&[("title", "Bare"), ("text", &as_read(41))]);
    crawl += &line(&[("title", "Removed"), ("text", &as_read(42))]);
    crawl += &line(&[("title", "Weekly report"), ("text", &issue(12))]);
    write(folder, "crawl.jsonl", &crawl);
}

/// An issue of a form: other numbers, the same words.
fn issue(week: u64) -> String {
    let words: Vec<String> = story(51, 12)
        .iter()
        .map(|it| it.rsplit_once(" of ").unwrap().0.to_owned())
        .collect();
    let counted = words
        .iter()
        .zip(1..)
        .map(|(it, at)| format!("{it}, in week {week} there were {}.", week * 31 + at * 17));
    counted.collect::<Vec<_>>().join(" ")
}

/// The same collection a year later: cleaned otherwise, extracted otherwise, kept in other files.
fn after(folder: &Path) {
    for seed in 1..=3 {
        write(
            folder,
            &format!("archive/{}.md", seed * 1000),
            &format!("# Story {seed}\n\n{}\n", extracted(seed)),
        );
    }
    // One keeps the name of its file, one is elsewhere, one is as it was.
    write(folder, "texts/n11.md", &extracted(11));
    write(folder, "texts/other.txt", &extracted(12));
    write(folder, "texts/n13-copy.txt", &as_read(13));
    let mut crawl = line(&[("title", "New"), ("text", &as_read(99))]);
    for seed in (21..=24).rev() {
        let (id, title) = (format!("r{seed}"), format!("Record {seed} | Example"));
        crawl += &line(&[("id", &id), ("title", &title), ("text", &extracted(seed))]);
    }
    for seed in 31..=32 {
        let url = format!("http://example.org/{seed}");
        crawl += &line(&[("url", &url), ("text", &extracted(seed))]);
    }
    crawl += &line(&[("title", "Bare"), ("text", &extracted(41))]);
    crawl += &line(&[("title", "Weekly report"), ("text", &issue(13))]);
    write(folder, "crawl-2.jsonl", &crawl);
}

/// A tag that names it on each article; a verdict on some, notes on two, a correction between two.
fn decide(library: &LocalLibrary, log: &mut dyn ReviewLog) -> BTreeSet<String> {
    let entries = all(library);
    let mut deeds = Vec::new();
    let mut say = |entry: &Entry, deed: Deed| {
        let subject = library.subject(entry.article.id, &Cancel::new()).unwrap();
        deeds.push((subject, deed));
    };
    let find = |name: &str| entries.iter().find(|it| called(it) == name).unwrap();
    for entry in &entries {
        say(entry, Deed::Tag(called(entry).replace(' ', "/")));
    }
    say(find("p1.html"), Deed::Verdict(Some(Verdict::Keep)));
    say(find("n11.txt"), Deed::Verdict(Some(Verdict::Drop)));
    say(find("r22"), Deed::Supersede(true));
    let paragraph = find("n11.txt")
        .article
        .body()
        .nth(1)
        .unwrap()
        .text
        .to_string();
    let notes = [
        (find("r23"), None),
        (find("n11.txt"), Some(Anchor::new(2, &paragraph))),
    ];
    for (entry, on) in notes {
        say(
            entry,
            Deed::Note {
                on,
                text: Some("Why?".into()),
            },
        );
    }
    let (a, b) = (find("r21").article.id, find("p2.html").article.id);
    for (id, deed) in Deed::correction(Said::Apart, a, b) {
        say(entries.iter().find(|it| it.article.id == id).unwrap(), deed);
    }
    let library = library.id();
    log.append(&Change { library, deeds }).unwrap();
    entries
        .iter()
        .map(|it| called(it).replace(' ', "/"))
        .collect()
}

#[test]
fn another_cleaner_another_extractor_and_other_file_names_at_once_lose_no_decision() {
    let (folder, data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    before(folder.path());
    let mut review = log(data.path());
    let library = open(folder.path());
    let tags = decide(&library, &mut review);
    assert_eq!(tags.len(), 15);
    assert_eq!(remember(&library, &mut review, 1000), Ok(15));
    assert_eq!(
        remember(&library, &mut review, 1000),
        Ok(0),
        "each is sketched once"
    );
    let was = review.decisions().unwrap();
    drop(review);

    for name in ["pages", "plain"] {
        fs::remove_dir_all(folder.path().join(name)).unwrap();
    }
    fs::remove_file(folder.path().join("crawl.jsonl")).unwrap();
    after(folder.path());
    let library = open(folder.path());
    let mut review = log(data.path());
    let found: Rebound = rebind(&library, &mut review, false).unwrap();

    // Every tag stands where its text stands now.
    let entries = all(&library);
    let now: BTreeMap<String, String> = entries
        .iter()
        .flat_map(|entry| {
            entry
                .decision
                .tags
                .iter()
                .map(move |tag| (tag.clone(), called(entry)))
        })
        .collect();
    let again = [
        ("p1.html", "1000.md"),
        ("p2.html", "2000.md"),
        ("p3.html", "3000.md"),
        ("n11.txt", "n11.md"),
        ("n12.txt", "other.txt"),
        ("n13.txt", "n13-copy.txt"),
        ("r21", "r21"),
        ("r22", "r22"),
        ("r23", "r23"),
        ("r24", "r24"),
        ("crawl.jsonl/5", "crawl-2.jsonl 6"),
        ("crawl.jsonl/6", "crawl-2.jsonl 7"),
        ("crawl.jsonl/7", "crawl-2.jsonl 8"),
    ];
    let again: BTreeMap<String, String> = again
        .iter()
        .map(|(tag, name)| ((*tag).to_owned(), (*name).to_owned()))
        .collect();
    assert_eq!(now, again);
    // What is not certain is offered, and what is gone is named: the next issue of a form is another article.
    let titles = |it: &recto::store::types::Subject| it.title.clone().unwrap();
    let offered: Vec<String> = found.offered.iter().map(|it| titles(&it.0)).collect();
    let missing: Vec<String> = found.missing.iter().map(titles).collect();
    assert_eq!(
        (&offered[..], &missing[..]),
        (
            &["Weekly report".to_owned()][..],
            &["Removed".to_owned()][..]
        )
    );
    // The one whose text is the same needed nothing.
    assert_eq!(
        found.rebound as usize + offered.len() + missing.len() + 1,
        tags.len()
    );

    let of = |name: &str| entries.iter().find(|it| called(it) == name).unwrap();
    assert_eq!(of("1000.md").decision.verdict, Some(Verdict::Keep));
    assert_eq!(of("n11.md").decision.verdict, Some(Verdict::Drop));
    assert!(of("r22").decision.superseded);
    assert_eq!(of("r23").decision.note_on(None), Some("Why?"));
    let note = &of("n11.md").decision.notes[0];
    assert!(
        note.on.as_ref().unwrap().quote.contains('“'),
        "the words that it was written about are kept"
    );
    let said: Vec<(ArticleId, ArticleId)> = library.said().iter().map(|it| (it.a, it.b)).collect();
    let (a, b) = (of("r21").article.id, of("2000.md").article.id);
    assert!(said.contains(&(a.min(b), a.max(b))), "{said:?}");
    // Nothing that was decided left the log, and a second look finds nothing to do.
    let kept = review.decisions().unwrap();
    assert!(
        was.iter()
            .all(|(id, decision)| kept.get(id) == Some(decision))
    );
    assert_eq!(rebind(&library, &mut review, true).unwrap().rebound, 0);
}

#[test]
fn one_of_several_versions_is_offered_and_not_taken() {
    let (folder, data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write(folder.path(), "a.txt", &as_read(7));
    let library = open(folder.path());
    let mut review = log(data.path());
    decide_one(&library, &mut review);
    remember(&library, &mut review, 10).unwrap();
    fs::remove_file(folder.path().join("a.txt")).unwrap();
    write(folder.path(), "b.txt", &extracted(7));
    write(
        folder.path(),
        "c.txt",
        &format!("{}\n\nAnd a last line.", as_read(7)),
    );
    let found = rebind(&open(folder.path()), &mut review, false).unwrap();
    assert_eq!(
        (found.rebound, found.offered.len(), found.missing.len()),
        (0, 1, 0)
    );
    // Alone, it is certain.
    fs::remove_file(folder.path().join("b.txt")).unwrap();
    let found = rebind(&open(folder.path()), &mut review, false).unwrap();
    assert_eq!(
        (found.rebound, found.offered.len(), found.missing.len()),
        (1, 0, 0)
    );
}

fn decide_one(library: &LocalLibrary, log: &mut dyn ReviewLog) {
    let entry = all(library).remove(0);
    let deeds = vec![(
        library.subject(entry.article.id, &Cancel::new()).unwrap(),
        Deed::Tag("x".into()),
    )];
    log.append(&Change {
        library: library.id(),
        deeds,
    })
    .unwrap();
}
