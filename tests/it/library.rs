//! The library of this machine over real files: what an edit, a move and a better parser do to decisions.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use recto::cancel::Cancel;
use recto::formats;
use recto::model::{ArticleId, Date};
use recto::query;
use recto::store::local::{LocalLibrary, library_id};
use recto::store::memory::{MemoryLibrary, MemoryReviewLog};
use recto::store::rebind::{Rebound, rebind};
use recto::store::traits::{Library, ReviewLog};
use recto::store::types::{By, Change, Deed, Edge, Find, Subject};

fn open(path: &Path) -> LocalLibrary {
    let options = formats::Options::default();
    LocalLibrary::open(&[path.to_owned()], &options, &Cancel::new(), &mut |_| {}).unwrap()
}

fn all(library: &LocalLibrary) -> Vec<ArticleId> {
    let today = Date::new(2020, 4, 1).unwrap();
    let find = Find {
        query: Arc::new(query::parse("", today).unwrap()),
        by: By::Article,
        from: Edge::Top,
        after: None,
        limit: 99,
    };
    let page = library.find(&find, &Cancel::new()).unwrap();
    page.hits.iter().map(|hit| hit.id).collect()
}

/// Tags every article with the id of its first record, or with the name of its file.
fn tag_all(library: &LocalLibrary, log: &mut dyn ReviewLog) {
    for id in all(library) {
        let entry = library.entry(id, &Cancel::new()).unwrap();
        let subject = Subject::of(&entry);
        let file = subject
            .path
            .file_name()
            .unwrap()
            .to_string_lossy()
            .into_owned();
        let name = subject.record_id.clone().unwrap_or(file);
        let change = Change {
            library: library.id(),
            deeds: vec![(subject, Deed::Tag(name))],
        };
        log.append(&change).unwrap();
    }
}

/// The tags of every article of a library that has any, sorted.
fn tags(library: &LocalLibrary) -> Vec<String> {
    let mut tags: Vec<String> = all(library)
        .into_iter()
        .map(|id| library.entry(id, &Cancel::new()).unwrap())
        .flat_map(|entry| entry.decision.tags)
        .collect();
    tags.sort();
    tags
}

#[test]
fn a_library_that_was_called_off_is_none() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.txt", "b.txt"] {
        fs::write(folder.path().join(name), format!("The text of {name}.\n")).unwrap();
    }
    let cancel = Cancel::new();
    let mut stop = |status: recto::store::local::Status| {
        if status.progress.files == 1 {
            cancel.cancel();
        }
    };
    let options = formats::Options::default();
    assert!(LocalLibrary::open(&[folder.path().into()], &options, &cancel, &mut stop).is_none());
}

#[test]
fn the_seeds_are_one_row_with_the_real_title() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/seeds");
    if !seeds.is_dir() {
        return;
    }
    let library = open(&seeds);
    let today = Date::new(2020, 4, 1).unwrap();
    let find = Find {
        query: Arc::new(query::parse("", today).unwrap()),
        by: By::Group,
        from: Edge::Top,
        after: None,
        limit: 9,
    };
    let page = library.find(&find, &Cancel::new()).unwrap();
    let rows: Vec<_> = page
        .hits
        .iter()
        .map(|hit| (&*hit.title, hit.versions))
        .collect();
    assert_eq!(
        rows,
        [(
            "Russian Plane Heads to U.S. With Supplies for Virus Fight",
            2
        )]
    );
}

#[test]
fn a_better_parser_orphans_no_decision() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.txt");
    fs::write(
        &file,
        "A headline\n\nSome text\nbroken in the middle.\n\nRelated: more.\n",
    )
    .unwrap();
    let mut log = MemoryReviewLog::new("ada");
    tag_all(&open(&file), &mut log);
    // What a parser of next year makes of the same file: the title found, the frame left out, other blocks.
    let mut records = Vec::new();
    let options = formats::Options::default();
    let mut input = fs::File::open(&file).unwrap();
    formats::read(
        &file,
        formats::Input::stream(&mut input),
        &options,
        &Cancel::new(),
        &mut |item| {
            if let formats::Item::Record(record) = item {
                records.push(*record);
            }
        },
    );
    let article = &mut records[0].article;
    article.meta.title = Some(recto::text::line("A headline"));
    article.blocks.truncate(1);
    article.blocks[0].text = recto::text::line("Some text broken in the middle.");
    let library = MemoryLibrary::new("new", records, &[]);
    library.set_decisions(log.decisions().unwrap());
    let id = *log.decisions().unwrap().keys().next().unwrap();
    let entry = library.entry(id, &Cancel::new()).unwrap();
    assert!(entry.decision.tags.contains("a.txt"));
}

#[test]
fn an_edited_file_keeps_its_decisions_and_a_moved_one_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    fs::write(
        file("edited.txt"),
        "An article about bees.\n\nIt has two paragraphs.\n",
    )
    .unwrap();
    fs::write(file("moved.txt"), "An article about wasps.\n").unwrap();
    fs::write(file("removed.txt"), "An article about ants.\n").unwrap();
    let mut log = MemoryReviewLog::new("ada");
    tag_all(&open(folder.path()), &mut log);

    fs::write(file("edited.txt"), "An article about bees, revised.\n").unwrap();
    fs::rename(file("moved.txt"), file("elsewhere.txt")).unwrap();
    fs::remove_file(file("removed.txt")).unwrap();
    let library = open(folder.path());
    let found = rebind(&library, &mut log, false).unwrap();
    assert_eq!((found.rebound, found.missing.len()), (1, 1));
    assert_eq!(tags(&library), ["edited.txt", "moved.txt"]);
    assert_eq!(
        found.sentences(),
        [
            "1 edited article keeps its decisions",
            "1 decided article is not found: recto review rebind"
        ]
    );

    // It is written once, and what is taken off afterwards stays off.
    let id = all(&library)
        .into_iter()
        .map(|id| library.entry(id, &Cancel::new()).unwrap())
        .find(|entry| entry.decision.tags.contains("edited.txt"))
        .unwrap();
    log.append(&Change {
        library: library.id(),
        deeds: vec![(Subject::of(&id), Deed::Untag("edited.txt".into()))],
    })
    .unwrap();
    let library = open(folder.path());
    let found = rebind(&library, &mut log, false).unwrap();
    assert_eq!((found.rebound, found.missing.len()), (0, 1));
    assert_eq!(tags(&library), ["moved.txt"]);
}

#[test]
fn an_edited_record_is_found_by_its_id_and_a_number_alone_is_not_enough() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("all.jsonl");
    let with_id = |text: &str| format!(r#"{{"id":"r1","title":"Bees","text":"{text}"}}"#);
    let without = |text: &str| format!(r#"{{"url":"http://example.org/w","text":"{text}"}}"#);
    let bare = |text: &str| format!(r#"{{"text":"{text}"}}"#);
    let write = |lines: &[String]| fs::write(&file, lines.join("\n") + "\n").unwrap();
    write(&[
        with_id("About bees."),
        without("About wasps."),
        bare("About ants."),
    ]);
    let mut log = MemoryReviewLog::new("ada");
    tag_all(&open(&file), &mut log);

    // A new record in front: every number is another.
    write(&[
        bare("About something else."),
        with_id("About bees, revised."),
        without("About wasps, revised."),
        bare("About ants, revised."),
    ]);
    let library = open(&file);
    let found = rebind(&library, &mut log, false).unwrap();
    assert_eq!(tags(&library), ["r1"]);
    assert_eq!(
        (found.rebound, found.offered.len(), found.missing.len()),
        (1, 1, 1)
    );
    assert_eq!(
        found.offered[0].0.url.as_deref(),
        Some("http://example.org/w")
    );
}

#[test]
fn a_log_that_cannot_be_written_changes_nothing_about_reading() {
    struct Shut(MemoryReviewLog);
    use recto::store::types::{LibraryId, Receipt, StoreError};
    type Outcome<T> = Result<T, StoreError>;
    impl ReviewLog for Shut {
        fn read_only(&self) -> Option<String> {
            Some("shut".into())
        }
        fn append(&mut self, _: &Change) -> Outcome<Receipt> {
            Err(StoreError::ReadOnly("shut".into()))
        }
        fn undo(&mut self, _: &LibraryId) -> Outcome<Option<Receipt>> {
            Err(StoreError::ReadOnly("shut".into()))
        }
        fn redo(&mut self, _: &LibraryId) -> Outcome<Option<Receipt>> {
            Err(StoreError::ReadOnly("shut".into()))
        }
        fn decisions(&self) -> Outcome<std::sync::Arc<recto::store::types::Decisions>> {
            self.0.decisions()
        }
        fn corrections(&self) -> Outcome<Vec<recto::store::types::Correction>> {
            self.0.corrections()
        }
        fn save_filter(&mut self, _: &LibraryId, _: &str, _: Option<&str>) -> Outcome<Receipt> {
            Err(StoreError::ReadOnly("shut".into()))
        }
        fn filters(&self) -> Outcome<Vec<recto::store::types::Filter>> {
            self.0.filters()
        }
        fn subjects(&self, library: &LibraryId) -> Outcome<Vec<Subject>> {
            self.0.subjects(library)
        }
        fn others(&self) -> Outcome<recto::store::types::Authors> {
            self.0.others()
        }
        fn unsketched(&self) -> Outcome<Vec<ArticleId>> {
            self.0.unsketched()
        }
        fn sketches(&self) -> Outcome<std::collections::HashMap<ArticleId, recto::group::Sketch>> {
            self.0.sketches()
        }
        fn revision(&self) -> Outcome<u64> {
            self.0.revision()
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.txt");
    fs::write(&file, "An article about bees.\n").unwrap();
    let mut log = MemoryReviewLog::new("ada");
    tag_all(&open(folder.path()), &mut log);
    fs::write(&file, "An article about bees, revised.\n").unwrap();
    let library = open(folder.path());
    let found = rebind(&library, &mut Shut(log), false).unwrap();
    assert_eq!((found.rebound, found.offered.len()), (0, 1));
    assert!(tags(&library).is_empty());
    assert_eq!(
        rebind(&library, &mut MemoryReviewLog::new("x"), false),
        Ok(Rebound::default())
    );
}

#[test]
fn a_library_has_one_name_in_whatever_spelling() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("a")).unwrap();
    let (plain, round) = (folder.path().join("a"), folder.path().join("a/../a"));
    let name = library_id(std::slice::from_ref(&plain));
    assert_eq!(library_id(std::slice::from_ref(&round)), name);
    assert_eq!(library_id(&[plain.clone(), round]), name);
    assert_ne!(library_id(&[folder.path().to_owned()]), name);
    let (one, other) = (plain, PathBuf::from("-"));
    assert_eq!(
        library_id(&[one.clone(), other.clone()]),
        library_id(&[other, one])
    );
}
