//! Whatever the order, the files, the threads and the memory: the same groups as in memory.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use super::*;
use crate::store::local::LocalLibrary;

const FERRY: &str = "The last ferry of the season left the island on Sunday evening with forty passengers and a piano on board.\n\"We had hoped for a quieter crossing,\" said the captain, who has made the trip for nineteen years.\nThe line will start again in April, when the repair of the north pier is done, the port authority said.";
const LIGHTHOUSE: &str = "A lighthouse that nobody has needed since the seventies will be sold, the ministry announced on Tuesday.\nIts keeper moved out in 1974, when the lamp was made to run by itself, and only gulls have lived there since.\nFour buyers have asked for the plans so far.";
const APPEAL: &str = "Dear readers, independent reporting needs independent money, so please support us every month if you can.";

/// Records of a small crawl: versions, copies, frames, short ones, some that no article can be made of.
fn records() -> Vec<String> {
    let mut records = Vec::new();
    for number in 0..40 {
        let own = |text: &str| {
            let words = text.split(' ').enumerate();
            let words = words.map(|(at, word)| match (at + number) % 7 {
                0 => format!("{word}{number}"),
                _ => word.to_owned(),
            });
            words.collect::<Vec<_>>().join(" ")
        };
        let (ferry, lighthouse) = (own(FERRY), own(LIGHTHOUSE));
        for (version, text) in [
            ferry.clone(),
            format!("{ferry}\n{APPEAL}"),
            format!("{APPEAL}\n{lighthouse}\n{APPEAL}"),
            lighthouse.lines().take(2).collect::<Vec<_>>().join("\n"),
            ferry.clone(),
            format!("Storm number {number} tears the roof off the town hall"),
            String::new(),
        ]
        .into_iter()
        .enumerate()
        {
            let record = serde_json::json!({"id": format!("{number}-{version}"), "title": format!("Notes {number}"), "text": text});
            records.push(record.to_string());
        }
    }
    records.push("{\"id\":\"broken\",\"text\":".into());
    records.push("{\"id\":\"nested\",\"text\":\"Only one line of text.\",\"metadata\":{\"title\":\"Notes 3\"}}".into());
    records
}

fn write(folder: &Path, name: &str, records: &[String]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, records.join("\n")).unwrap();
    path
}

fn run(paths: &[PathBuf], memory: u64, threads: usize) -> Regrouped {
    let settings = Settings {
        memory,
        threads,
        formats: formats::Options::default(),
    };
    regroup(paths, &settings, &Cancel::new(), &mut |_| {}).unwrap()
}

/// The groups as sets of the ids that the records give themselves.
fn groups(found: &Regrouped) -> BTreeSet<BTreeSet<String>> {
    let mut names: HashMap<ArticleId, Vec<String>> = HashMap::new();
    for row in found.rows() {
        names.entry(row.article).or_default().push(row.name);
    }
    let members = |group: &crate::group::Group| {
        let members = group.members.iter();
        members.flat_map(|id| names[id].clone()).collect()
    };
    found.grouping.groups.iter().map(members).collect()
}

#[test]
fn order_files_threads_and_memory_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut records = records();
    let whole = write(folder.path(), "whole.jsonl", &records);
    let first = run(&[whole], 1 << 30, 1);
    let known = groups(&first);
    assert!(known.len() > 40, "{known:?}");
    assert_eq!(first.records(), 241);
    assert_eq!(first.diagnostics.len(), 41);
    records.reverse();
    let (front, back) = records.split_at(77);
    let parts = [
        write(folder.path(), "back.jsonl", back),
        write(folder.path(), "front.jsonl", front),
    ];
    for (memory, threads) in [(1 << 30, 3), (4096, 1), (4096, 4)] {
        let other = run(&parts, memory, threads);
        assert_eq!(groups(&other), known, "{memory} {threads}");
        assert_eq!(other.grouping, first.grouping, "{memory} {threads}");
    }
}

#[test]
fn the_screen_and_the_command_see_the_same_groups() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path(), "all.jsonl", &records());
    std::fs::write(folder.path().join("ferry.txt"), FERRY).unwrap();
    let paths = [path, folder.path().join("ferry.txt")];
    let found = run(&paths, 1 << 30, 2);
    let options = formats::Options::default();
    let library = LocalLibrary::open(&paths, &options, &Cancel::new(), &mut |_| {}).unwrap();
    let members = |grouping: &Grouping| -> Vec<Vec<ArticleId>> {
        let groups = grouping.groups.iter();
        groups.map(|group| group.members.clone()).collect()
    };
    assert_eq!(members(&found.grouping), members(&library.grouping()));
}

#[test]
fn a_raised_flag_ends_the_work() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path(), "all.jsonl", &records());
    let settings = Settings::new(formats::Options::default());
    for stage in [Stage::Sign, Stage::Propose, Stage::Verify] {
        let cancel = Cancel::new();
        let found = regroup(
            std::slice::from_ref(&path),
            &settings,
            &cancel,
            &mut |step| {
                if step.stage == stage {
                    cancel.cancel();
                }
            },
        );
        assert!(matches!(found, Err(StoreError::Cancelled)), "{stage:?}");
    }
}

#[test]
fn a_record_that_changes_meanwhile_is_named_and_the_rest_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path(), "all.jsonl", &records());
    let text = std::fs::read_to_string(&path).unwrap();
    let settings = Settings::new(formats::Options::default());
    let mut changed = false;
    let found = regroup(
        std::slice::from_ref(&path),
        &settings,
        &Cancel::new(),
        &mut |step| {
            if step.stage == Stage::Propose && !changed {
                changed = true;
                std::fs::write(&path, text.replacen("ferry", "truck", 3)).unwrap();
            }
        },
    )
    .unwrap();
    let told = found.diagnostics.iter().map(|it| it.message.as_str());
    assert!(
        told.into_iter()
            .any(|it| it.contains("it changed while it was read"))
    );
    assert!(found.grouping.groups.len() > 30);
}
