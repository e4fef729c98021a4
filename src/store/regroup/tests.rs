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
        telling: Telling::Links,
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
    found.grouping().groups.iter().map(members).collect()
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
        assert_eq!(other.grouping(), first.grouping(), "{memory} {threads}");
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
    assert_eq!(
        members(&found.grouping()),
        members(&library.grouping().unwrap())
    );
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
    assert!(found.grouping().groups.len() > 30);
}

/// Runs with what was kept, and all at once; both must find the same.
fn both(paths: &[PathBuf], folder: &Path) -> Regrouped {
    let settings = Settings {
        memory: 1 << 30,
        threads: 2,
        telling: Telling::Links,
        formats: formats::Options::default(),
    };
    let kept = regroup_kept(paths, &settings, folder, &Cancel::new(), &mut |_| {}).unwrap();
    let whole = run(paths, 1 << 30, 2);
    let rows = |found: &Regrouped| found.rows().collect::<Vec<_>>();
    assert_eq!(rows(&kept), rows(&whole));
    assert_eq!(kept.grouping(), whole.grouping());
    assert_eq!(kept.articles(), whole.articles());
    kept
}

/// What a step of a run said.
fn said(found: &Regrouped, stage: Stage) -> &str {
    let mut reports = found.reports.iter();
    &reports.find(|it| it.stage == stage).unwrap().what
}

#[test]
fn what_was_kept_gives_the_same_however_files_come_grow_change_and_go() {
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("kept");
    let records = records();
    let lines = |range: std::ops::Range<usize>| records[range].to_vec();
    let one = write(folder.path(), "one.jsonl", &lines(0..90));
    both(std::slice::from_ref(&one), &kept);

    // Nothing new: nothing is read or judged.
    let again = both(std::slice::from_ref(&one), &kept);
    assert!(said(&again, Stage::Sign).ends_with(" 0 MB new"));
    assert_eq!(said(&again, Stage::Verify), "0 pairs judged, 0 weighed");

    // It grows, and a file comes in front of it, and one that can only be read as a whole.
    write(folder.path(), "one.jsonl", &lines(0..140));
    let two = write(folder.path(), "a-two.jsonl", &lines(140..200));
    let page = folder.path().join("ferry.txt");
    std::fs::write(&page, FERRY).unwrap();
    let all = [two.clone(), page.clone(), one.clone()];
    both(&all, &kept);
    both(&all, &kept);

    // A file changes in the middle, one goes away and comes back.
    let mut other = lines(0..140);
    other[20] = other[20].replace("ferry", "truck");
    other.remove(33);
    write(folder.path(), "one.jsonl", &other);
    both(&[one.clone(), page.clone()], &kept);
    let found = both(&[page.clone(), one.clone(), two.clone()], &kept);
    assert!(found.grouping().groups.len() > 20);

    // The last line was not whole when it was read.
    let mut cut = records.join("\n");
    let end = cut.len() - 40;
    let rest = cut.split_off(end);
    let three = write(folder.path(), "three.jsonl", &[cut.clone()]);
    let all = [page, one, two, three.clone()];
    both(&all, &kept);
    std::fs::write(&three, cut + &rest + "\n").unwrap();
    both(&all, &kept);

    // Damage costs work and nothing else.
    std::fs::write(kept.join("records"), "nonsense").unwrap();
    both(&all, &kept);
    std::fs::remove_file(kept.join("kept.json")).unwrap();
    both(&all, &kept);
}

#[test]
fn copies_that_come_later_speak_as_if_they_had_been_there() {
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("kept");
    let record = |id: &str, title: &str, text: &str| {
        serde_json::json!({"id": id, "title": title, "text": text}).to_string()
    };
    let mut lines = vec![
        record("a", "Ferry notes 3", FERRY),
        record("b", "Ferry notes 3", &format!("{FERRY}\n{APPEAL}")),
    ];
    let path = write(folder.path(), "all.jsonl", &lines);
    for copy in 0..12 {
        both(std::slice::from_ref(&path), &kept);
        // The same words under another title: another article, or another record of one.
        lines.push(record("c", &format!("Ferry notes {copy}"), FERRY));
        lines.push(record(&format!("d{copy}"), "Ferry notes 3", FERRY));
        write(folder.path(), "all.jsonl", &lines);
    }
    both(std::slice::from_ref(&path), &kept);
}
