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
        "kept (2), set aside (1)\n"
    );
    assert_eq!(
        world
            .good(&["query", "is:superseded", "--format", "tsv"])
            .lines()
            .count(),
        1
    );
    world.good(&["undo"]);
    assert_eq!(world.run(&["query", "is:reviewed"]).code, 1);
    // Versions that are kept together do not set one another aside.
    assert_eq!(
        world.good(&["verdict", "keep", "versions:>1"]),
        "kept · 2 articles\n"
    );
    world.good(&["undo"]);
    assert_eq!(
        world.good(&["verdict", "keep", "is:best"]),
        "kept (2), set aside (1)\n"
    );
    assert_eq!(
        world.good(&["verdict", "keep", "is:best"]),
        "nothing to change · 2 articles already so\n"
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
        "verdict taken back (1), no longer set aside (1)\n",
        "what was set aside because of it is free again"
    );
    assert_eq!(world.run(&["query", "is:superseded"]).code, 1);
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
fn groups_are_corrected_and_undo_gives_them_back() {
    let world = World::new();
    let groups = || world.good(&["groups", "all.jsonl", "--format", "tsv"]);
    let before = groups();
    let of = |groups: &str, name: &str| {
        let line = groups.lines().find(|it| it.starts_with(name)).unwrap();
        line.split('\t').nth(1).unwrap().to_owned()
    };
    assert_eq!(of(&before, "p1"), of(&before, "p2"));
    let apart = ["apart", "p1", "p2", "all.jsonl"];
    assert_eq!(
        world.good(&[&apart[..], &["--dry-run"]].concat()),
        "would be parted · 2 articles\n"
    );
    assert_eq!(groups(), before, "a dry run changes nothing");
    assert_eq!(world.good(&apart), "parted · 2 articles\n");
    let parted = groups();
    assert_ne!(of(&parted, "p1"), of(&parted, "p2"));
    assert_eq!(world.run(&["query", "versions:>1", "all.jsonl"]).code, 1);
    assert_eq!(
        world.good(&apart),
        "nothing to change · you said so already\n"
    );
    // The newest statement wins.
    assert_eq!(
        world.good(&["join", "p2", "p1", "all.jsonl"]),
        "joined · 2 articles · overrules 1 older statement\n"
    );
    assert_eq!(groups(), before);
    world.good(&["join", "h1", "p2", "all.jsonl"]);
    let joined = groups();
    assert_eq!(of(&joined, "h1"), of(&joined, "p1"));
    let why = world.good(&["groups", "all.jsonl", "--why"]);
    assert!(why.contains("You said that"), "{why}");
    assert!(
        world
            .good(&["show", "h1", "--json"])
            .contains("\"versions\":3")
    );

    assert_eq!(world.good(&["undo"]), "took back: joined · 2 articles\n");
    world.good(&["undo"]);
    assert_eq!(groups(), parted);
    world.good(&["undo"]);
    assert_eq!(groups(), before);
    assert_eq!(world.run(&["undo"]).code, 1);

    let said = world.run(&["apart", "p1", "p1", "all.jsonl"]);
    assert!(
        said.code == 2 && said.err.contains("one article"),
        "{said:?}"
    );
    let said = world.run(&["apart", "p1", "nobody", "all.jsonl"]);
    assert!(
        said.code == 1 && said.err.contains("no article is called nobody"),
        "{said:?}"
    );
    let json = world.good(&["join", "p1", "h1", "all.jsonl", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        (&json["changed"], &json["event"]),
        (&true.into(), &14.into())
    );
    assert_eq!(world.good(&["review", "verify"]), "14 events, all sound\n");
    // What somebody else said is named so.
    let mut bob = world.command(&["groups", "all.jsonl", "--why"]);
    let why = bob.env("RECTO_AUTHOR", "bob").output().unwrap().stdout;
    let why = String::from_utf8(why).unwrap();
    assert!(
        why.contains("ada said that") && !why.contains("You said"),
        "{why}"
    );
}

#[test]
fn boilerplate_can_be_asked_for_and_is_a_class_of_the_comparison() {
    let world = World::new();
    let notice = "We use cookies on this site so that it works as you would expect it to work.";
    let stories = [
        "Fishermen in the northern bay can moor at the new quay after eleven years of dredging and waiting.",
        "A class of twelve-year-olds has discovered a variable star that had escaped every survey so far.",
        "The onion market at Oxenholt opened with higher prices, and the office expects them to hold.",
        "Engineers have closed the swing bridge for a month, because its oldest bearing has cracked.",
    ];
    let line = |id: &str, text: &str| serde_json::json!({ "id": id, "text": text }).to_string();
    let mut lines: Vec<String> = (0..4)
        .map(|at| line(&format!("s{at}"), &format!("{}\n\n{notice}", stories[at])))
        .collect();
    lines.push(line("bare", stories[0]));
    world.write("crawl.jsonl", &lines.join("\n"));
    let found = world.good(&["query", "boiler:>20%", "crawl.jsonl", "--format", "tsv"]);
    assert_eq!(found.lines().count(), 4, "{found}");
    assert_eq!(world.run(&["query", "boiler:>90%", "crawl.jsonl"]).code, 1);
    let diff = world.good(&["diff", "s0", "bare", "--json"]);
    let diff: serde_json::Value = serde_json::from_str(&diff).unwrap();
    let rows = diff["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| row["op"] == "delete").unwrap();
    assert_eq!(row["classes"], serde_json::json!(["boilerplate"]));
    // Two files by themselves have no collection, and so no evidence.
    world.write("a.txt", &format!("{}\n\n{notice}\n", stories[0]));
    world.write("b.txt", &format!("{}\n", stories[0]));
    let diff = world.good(&["diff", "a.txt", "b.txt", "--json"]);
    assert!(!diff.contains("boilerplate"), "{diff}");
}

#[test]
fn the_review_log_can_be_checked_and_read() {
    let world = World::new();
    assert_eq!(world.good(&["review", "verify"]), "0 events, all sound\n");
    world.good(&["tag", "--add", "todo", "plane", "all.jsonl"]);
    world.good(&["undo"]);
    assert_eq!(world.good(&["review", "verify"]), "5 events, all sound\n");
    let dump = world.good(&["review", "dump"]);
    let events: Vec<serde_json::Value> = dump
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(events[0]["deed"], "tag");
    assert_eq!(events[0]["record_id"], "p1");
    assert_eq!(events[0]["author"], "ada");
    assert_eq!(events[2]["deed"], "sketch");
    assert_eq!(events[4]["deed"], "undo");

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
            .contains("4 of 5 events kept")
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
