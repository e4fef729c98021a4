//! Tags, verdicts and the review log from the command line.

use std::fs;
use std::path::Path;

use super::World;

#[test]
fn a_tag_goes_on_all_hits_in_one_step_of_undo() {
    let world = World::new();
    let tag = ["tag", "--add", "todo", "plane", "all.jsonl"];
    let dry = world.good(&[&tag[..], &["--dry-run"]].concat());
    assert!(
        dry.starts_with("would be tagged todo · 2 articles\n"),
        "{dry}"
    );
    assert!(!world.path("data").exists(), "a dry run writes nothing");
    assert_eq!(world.good(&tag), "tagged todo · 2 articles\n");
    assert_eq!(
        world.good(&tag),
        "nothing to change · 2 articles already so\n"
    );
    assert_eq!(world.good(&["tags", "all.jsonl"]), "todo\t2\n");
    assert_eq!(
        world.good(&["tags", "--of", "#todo", "all.jsonl"]),
        "p1\ttodo\np2\ttodo\n"
    );
    // Without a PATH: the last library, and it is named.
    let said = world.run(&["undo"]);
    assert_eq!(said.out, "took back: tagged todo · 2 articles\n");
    assert!(said.err.contains("all.jsonl"), "{}", said.err);
    assert_eq!(world.good(&["tags"]), "");
    assert_eq!(
        world.good(&["redo", "all.jsonl"]),
        "brought back: tagged todo · 2 articles\n"
    );
    let mixed = [
        "tag",
        "--add",
        "x",
        "--remove",
        "todo",
        "id:p1",
        "all.jsonl",
    ];
    assert_eq!(world.good(&mixed), "tagged x (1), untagged todo (1)\n");
    assert_eq!(world.good(&["tags"]), "todo\t1\nx\t1\n");
    let none = world.run(&["tag", "--add", "x", "zebra", "all.jsonl"]);
    assert_eq!(none.code, 1);
    let bad = world.run(&["tag", "--add", "a\u{1b}[2J", "plane", "all.jsonl"]);
    assert!(bad.code == 2 && !bad.err.contains('\u{1b}'), "{bad:?}");
}

#[test]
fn verdicts_are_given_and_taken_back() {
    let world = World::new();
    assert_eq!(
        world.good(&["verdict", "keep", "is:best", "all.jsonl"]),
        "kept · 2 articles\n"
    );
    assert_eq!(
        world
            .good(&["query", "is:kept", "--format", "tsv"])
            .lines()
            .count(),
        2
    );
    assert_eq!(
        world.good(&["verdict", "none", "id:p1"]),
        "verdict taken back · 1 article\n"
    );
    assert_eq!(
        world
            .good(&["query", "is:kept", "--format", "tsv"])
            .lines()
            .count(),
        1
    );
    assert_eq!(world.run(&["verdict", "keep", "zebra"]).code, 1);
}

#[test]
fn the_review_log_can_be_checked_and_read() {
    let world = World::new();
    assert_eq!(world.good(&["review", "verify"]), "0 events, all sound\n");
    world.good(&["tag", "--add", "todo", "plane", "all.jsonl"]);
    world.good(&["undo"]);
    assert_eq!(world.good(&["review", "verify"]), "3 events, all sound\n");
    let dump = world.good(&["review", "dump"]);
    let events: Vec<serde_json::Value> = dump
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(events[0]["deed"], "tag");
    assert_eq!(events[0]["record_id"], "p1");
    assert_eq!(events[0]["author"], "ada");
    assert_eq!(events[2]["deed"], "undo");

    let file = world.path("data/recto/review.sqlite");
    let connection = rusqlite::Connection::open(&file).unwrap();
    connection
        .execute("UPDATE events SET value = 'forged' WHERE number = 2", [])
        .unwrap();
    let said = world.run(&["review", "verify"]);
    assert!(said.code == 1 && said.err.contains("event 2"), "{said:?}");
    // Reading goes on with what is sound, and says so; writing does not.
    let said = world.run(&["tags", "all.jsonl"]);
    assert_eq!((said.code, &*said.out), (1, "todo\t1\n"));
    assert!(said.err.contains("repair"), "{}", said.err);
    assert_eq!(
        world
            .run(&["tag", "--add", "x", "harbour", "all.jsonl"])
            .code,
        1
    );
    assert!(
        world
            .good(&["review", "repair"])
            .contains("2 of 3 events kept")
    );
    world.good(&["tag", "--add", "x", "harbour", "all.jsonl"]);
}

#[test]
fn a_log_that_cannot_be_written_stops_no_reading() {
    let world = World::new();
    fs::write(world.path("data"), "a file where the folder should be").unwrap();
    let said = world.run(&["tag", "--add", "todo", "plane", "all.jsonl"]);
    assert_eq!((said.code, &*said.out), (1, ""));
    assert!(said.err.contains("nothing can be saved"), "{}", said.err);
    assert_eq!(
        world.good(&["query", "plane", "all.jsonl"]).lines().count(),
        2
    );
}

#[test]
fn nothing_is_written_beside_the_articles() {
    let world = World::new();
    let before = names(world.home.path());
    world.good(&["tag", "--add", "todo", "plane", "all.jsonl"]);
    world.good(&["all.jsonl"]);
    let after: Vec<String> = names(world.home.path())
        .into_iter()
        .filter(|name| name != "data" && name != "state")
        .collect();
    assert_eq!(before, after);
    assert_eq!(names(&world.path("data")), ["recto"]);
    assert_eq!(names(&world.path("state")), ["recto"]);
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}
