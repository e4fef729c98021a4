//! What a library promises, asked of the strict one in memory and of the one read from files.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use recto::cancel::Cancel;
use recto::formats::{self, Item, Record};
use recto::model::{ArticleId, Date, Decision, Verdict};
use recto::query;
use recto::store::local::LocalLibrary;
use recto::store::memory::MemoryLibrary;
use recto::store::traits::Library;
use recto::store::types::{By, Correction, Count, Edge, Find, Page, Said, StoreError, Subject};

/// Texts long enough to be grouped, and nothing alike.
const PLANE: &str = "A military plane with masks and ventilators left for the west on Wednesday morning, \
    the ministry said. The crew had loaded the cargo overnight after a call between the two presidents, \
    who agreed that hospitals on both shores should help one another while the epidemic lasts.";
const HARBOUR: &str = "After eleven years of dredging, fishermen in the northern bay can moor at the new quay. \
    Its builders drove four hundred oak piles into the mud, and the lighthouse keeper's daughter cut the ribbon. \
    Ferries to the islands will follow once the winter storms have shown what the breakwater is worth.";

/// Two versions of one text (the second without a title), one that stands alone, and an exact copy of that.
fn lines() -> Vec<String> {
    let record = |id: &str, title: Option<&str>, text: &str| {
        let mut record = serde_json::json!({ "id": id, "text": text });
        if let Some(title) = title {
            record["title"] = title.into();
        }
        record.to_string()
    };
    vec![
        record(
            "bare",
            None,
            &format!("{PLANE}\n\nRead more about the plane and the ministry."),
        ),
        record("titled", Some("Plane heads west"), PLANE),
        record("alone", Some("Harbour opens"), HARBOUR),
        record("copy", Some("Harbour opens"), HARBOUR),
    ]
}

struct Case {
    name: &'static str,
    library: Box<dyn Library>,
    /// Articles by the id of their (first) record.
    ids: HashMap<String, ArticleId>,
    _folder: tempfile::TempDir,
}

fn records(path: &PathBuf) -> Vec<Record> {
    let mut records = Vec::new();
    let mut file = fs::File::open(path).unwrap();
    let options = formats::Options::default();
    formats::read(
        path,
        formats::Input::stream(&mut file),
        &options,
        &Cancel::new(),
        &mut |item| {
            if let Item::Record(record) = item {
                records.push(*record);
            }
        },
    );
    records
}

fn cases() -> Vec<Case> {
    let make = |name| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("all.jsonl");
        fs::write(&file, lines().join("\n") + "\n").unwrap();
        let records = records(&file);
        let mut ids = HashMap::new();
        for record in &records {
            let id = record.source.record_id.clone().unwrap();
            ids.insert(id, record.article.id);
        }
        let library: Box<dyn Library> = match name {
            "memory" => {
                let group = vec![ids["titled"], ids["bare"]];
                Box::new(MemoryLibrary::new("memory", records, &[group]))
            }
            _ => Box::new(
                LocalLibrary::open(
                    &[file],
                    &formats::Options::default(),
                    &Cancel::new(),
                    &mut |_| {},
                )
                .unwrap(),
            ),
        };
        Case {
            name,
            library,
            ids,
            _folder: folder,
        }
    };
    vec![make("memory"), make("local")]
}

fn find(query: &str, by: By, limit: usize) -> Find {
    let today = Date::new(2020, 4, 1).unwrap();
    Find {
        query: Arc::new(query::parse(query, today).unwrap()),
        by,
        from: Edge::Top,
        after: None,
        limit,
    }
}

impl Case {
    fn page(&self, find: &Find) -> Page {
        self.library.find(find, &Cancel::new()).unwrap()
    }

    fn found(&self, query: &str, by: By) -> Vec<ArticleId> {
        let page = self.page(&find(query, by, 99));
        assert_eq!(page.count, Count::Exact(page.hits.len() as u64));
        page.hits.iter().map(|hit| hit.id).collect()
    }
}

#[test]
fn a_row_for_a_group_is_named_by_its_best_version() {
    for case in cases() {
        let page = case.page(&find("", By::Group, 99));
        assert_eq!(page.count, Count::Exact(2), "{}", case.name);
        let row = page.hits.iter().find(|hit| hit.versions == 2).unwrap();
        assert_eq!(row.title, "Plane heads west", "{}", case.name);
        assert_eq!(row.id, case.ids["titled"], "{}", case.name);
        // Led by the version that matches, named by the best one all the same.
        let page = case.page(&find("\"read more\"", By::Group, 99));
        assert_eq!(page.hits.len(), 1, "{}", case.name);
        assert_eq!(page.hits[0].id, case.ids["bare"], "{}", case.name);
        assert_eq!(page.hits[0].title, "Plane heads west", "{}", case.name);
    }
}

#[test]
fn exact_copies_are_one_article_with_several_sources() {
    for case in cases() {
        assert_eq!(case.ids["alone"], case.ids["copy"], "{}", case.name);
        assert_eq!(case.found("", By::Article).len(), 3, "{}", case.name);
        let entry = case
            .library
            .entry(case.ids["alone"], &Cancel::new())
            .unwrap();
        let records: Vec<_> = entry
            .sources
            .iter()
            .map(|it| it.record_id.clone())
            .collect();
        assert_eq!(
            records,
            [Some("alone".into()), Some("copy".into())],
            "{}",
            case.name
        );
        assert_eq!(entry.versions, [case.ids["alone"]], "{}", case.name);
        let id = case.ids["alone"];
        let named = case.library.subjects(id, &Cancel::new()).unwrap();
        assert_eq!(named, Subject::all(&entry), "{}", case.name);
        let first = case.library.subject(id, &Cancel::new()).unwrap();
        assert_eq!(named.first(), Some(&first), "{}", case.name);
    }
}

#[test]
fn an_entry_lists_the_versions_in_the_order_of_reading() {
    for case in cases() {
        let entry = case
            .library
            .entry(case.ids["bare"], &Cancel::new())
            .unwrap();
        assert_eq!(
            entry.versions,
            [case.ids["bare"], case.ids["titled"]],
            "{}",
            case.name
        );
        assert_eq!(entry.article.id, case.ids["bare"], "{}", case.name);
        let unknown = ArticleId::from_bytes([0; 16]);
        let refused = case.library.entry(unknown, &Cancel::new());
        assert_eq!(
            refused,
            Err(StoreError::NoArticle(unknown)),
            "{}",
            case.name
        );
    }
}

#[test]
fn pages_put_together_are_the_whole_list() {
    for case in cases() {
        let mut whole = case.found("", By::Article);
        for from in [Edge::Top, Edge::Bottom] {
            let mut ask = find("", By::Article, 1);
            ask.from = from;
            let mut all = Vec::new();
            loop {
                let page = case.page(&ask);
                assert_eq!(page.count, Count::Exact(3), "{}", case.name);
                all.extend(page.hits.iter().map(|hit| hit.id));
                let Some(next) = page.next else { break };
                ask.after = Some(next);
            }
            assert_eq!(all, whole, "{} {from:?}", case.name);
            whole.reverse();
        }
    }
}

#[test]
fn decisions_are_seen_from_then_on() {
    for case in cases() {
        let decision = Decision {
            tags: ["todo".into()].into(),
            verdict: Some(Verdict::Keep),
            ..Decision::default()
        };
        let id = case.ids["bare"];
        assert!(
            case.found("tag:todo", By::Article).is_empty(),
            "{}",
            case.name
        );
        case.library
            .set_decisions(Arc::new([(id, decision.clone())].into()));
        assert_eq!(case.found("tag:todo", By::Article), [id], "{}", case.name);
        assert_eq!(
            case.found("tag:todo is:kept", By::Group),
            [id],
            "{}",
            case.name
        );
        let entry = case.library.entry(id, &Cancel::new()).unwrap();
        assert_eq!(entry.decision, decision, "{}", case.name);
        case.library.set_decisions(Arc::default());
        assert!(
            case.found("tag:todo", By::Article).is_empty(),
            "{}",
            case.name
        );
    }
}

#[test]
fn corrections_change_the_groups_at_once_and_undo_gives_them_back() {
    for case in cases() {
        let (bare, titled, alone) = (case.ids["bare"], case.ids["titled"], case.ids["alone"]);
        let say = |said, a, b| Correction::new(1, a, b, said).unwrap();
        let versions = |id| case.library.entry(id, &Cancel::new()).unwrap().versions;
        let before = case.found("versions:>1", By::Article);
        assert_eq!(before.len(), 2, "{}", case.name);

        case.library
            .set_corrections(&[say(Said::Apart, bare, titled)]);
        assert!(
            case.found("versions:>1", By::Article).is_empty(),
            "{}",
            case.name
        );
        assert_eq!(case.found("", By::Group).len(), 3, "{}", case.name);
        assert_eq!(versions(bare), [bare], "{}", case.name);

        let both = [
            say(Said::Apart, bare, titled),
            Correction {
                number: 2,
                ..say(Said::Same, bare, alone)
            },
        ];
        case.library.set_corrections(&both);
        assert_eq!(versions(alone), [bare, alone], "{}", case.name);
        let hit = case.page(&find("versions:2", By::Group, 9)).hits;
        assert_eq!((hit.len(), hit[0].versions), (1, 2), "{}", case.name);
        // Nothing measured ties these two.
        let likeness = case.found("sim:>0", By::Article);
        assert!(likeness.is_empty(), "{}", case.name);

        // Statements about articles of other libraries change nothing here.
        let elsewhere = ArticleId::from_bytes([9; 16]);
        case.library
            .set_corrections(&[say(Said::Same, elsewhere, alone)]);
        assert_eq!(versions(alone), [alone], "{}", case.name);
        assert_eq!(
            case.found("versions:>1", By::Article),
            before,
            "{}",
            case.name
        );
        case.library.set_corrections(&[]);
        assert_eq!(
            case.found("versions:>1", By::Article),
            before,
            "{}",
            case.name
        );
    }
}

#[test]
fn why_tells_versions_and_what_was_said() {
    for case in cases() {
        let (titled, alone) = (case.ids["titled"], case.ids["alone"]);
        let why = |id| case.library.why(id, &Cancel::new()).unwrap();
        assert_eq!(
            why(alone).sections[0].title,
            "An article that stands alone",
            "{}",
            case.name
        );
        let said = Correction::new(1, titled, alone, Said::Same).unwrap();
        case.library.set_corrections(&[said]);
        let sections = why(titled).sections;
        assert_eq!(sections[0].title, "3 versions of one text", "{}", case.name);
        let of_you = sections
            .iter()
            .find(|it| it.title == "What you said")
            .unwrap();
        assert_eq!(of_you.ties.len(), 1, "{}", case.name);
        assert_eq!(of_you.ties[0].pair, Some((titled, alone)), "{}", case.name);
        assert_eq!(
            of_you.ties[0].text, "You said that B and C are one text.",
            "{}",
            case.name
        );
        assert!(
            case.library
                .why(ArticleId::from_bytes([0; 16]), &Cancel::new())
                .is_err()
        );
    }
}

#[test]
fn nothing_is_boilerplate_without_evidence() {
    for case in cases() {
        for id in case.ids.values() {
            let found = case.library.boilerplate(*id, &Cancel::new()).unwrap();
            assert_eq!(found, [], "{}", case.name);
        }
        assert!(
            case.found("boiler:>0", By::Article).is_empty(),
            "{}",
            case.name
        );
    }
}

#[test]
fn work_that_is_called_off_says_so() {
    for case in cases() {
        let cancel = Cancel::new();
        cancel.cancel();
        let page = case.library.find(&find("", By::Group, 9), &cancel);
        assert_eq!(page, Err(StoreError::Cancelled), "{}", case.name);
    }
}

#[test]
fn the_numbers_of_a_collection_add_up_and_follow_decisions() {
    for case in cases() {
        let numbers = || case.library.statistics(&Cancel::new()).unwrap();
        let before = numbers();
        assert_eq!((before.articles, before.records), (3, 4), "{}", case.name);
        assert_eq!(before.sizes, [(1, 1), (2, 1)], "{}", case.name);
        assert_eq!(
            (before.groups(), before.versions()),
            (1, 2),
            "{}",
            case.name
        );
        assert_eq!(before.lengths.iter().sum::<u64>(), 3, "{}", case.name);
        assert_eq!(before.undated, 3, "{}", case.name);
        assert_eq!(before.formats, [("jsonl".to_owned(), 3)], "{}", case.name);
        assert_eq!(
            (before.review.open, before.review.reviewed),
            (3, 0),
            "{}",
            case.name
        );
        let decision = Decision {
            verdict: Some(Verdict::Keep),
            tags: ["todo".to_owned()].into(),
            ..Decision::default()
        };
        case.library
            .set_decisions(Arc::new([(case.ids["alone"], decision)].into()));
        let after = numbers();
        assert_eq!(
            (after.review.kept, after.review.tagged),
            (1, 1),
            "{}",
            case.name
        );
        assert_eq!(
            (after.review.rows, after.review.reviewed),
            (2, 1),
            "{}",
            case.name
        );
        assert_eq!(after.tags, [("todo".to_owned(), 1)], "{}", case.name);
        let off = Cancel::new();
        off.cancel();
        assert_eq!(
            case.library.statistics(&off),
            Err(StoreError::Cancelled),
            "{}",
            case.name
        );
    }
}
