//! Notes, names of tags, saved queries, rules before they are applied, and the review log from the command line.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use serde_json::Value;

use super::World;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

impl World {
    /// The same collection in the eyes of somebody with a log of his own.
    fn as_other(&self, name: &str) -> impl Fn(&[&str]) -> String + '_ {
        let name = name.to_owned();
        move |arguments| {
            let output = self
                .command(arguments)
                .env("XDG_DATA_HOME", self.path(&name))
                .env("USER", &name)
                .output()
                .unwrap();
            let said = super::Said::of(output);
            assert_eq!(said.code, 0, "{arguments:?}: {said:?}");
            said.out
        }
    }
}

#[test]
fn notes_stand_on_articles_and_paragraphs() {
    let world = World::new();
    world.write(
        "two.txt",
        "A ferry sails again\n\nIt takes seven hours.\n\nA cabin costs little.\n",
    );
    let noted = world.good(&["note", "two.txt", "--text", "Ask the harbour master."]);
    assert_eq!(noted, "noted · 1 article\n");
    world.good(&[
        "note",
        "two.txt",
        "--paragraph",
        "2",
        "--text",
        "Seven?\nIt was six.",
        "two.txt",
    ]);
    let text = world.good(&["notes", "two.txt"]);
    assert!(
        text.ends_with("    Ask the harbour master.\n  2: “It takes seven hours.”\n    Seven?\n    It was six.\n"),
        "{text}"
    );
    let all = json(&world.good(&["notes", "two.txt", "--json"]));
    assert_eq!(all[1]["quote"], "It takes seven hours.");
    assert_eq!(all[1]["paragraph"], 2);
    // Its own place is written over, and an export has it.
    world.good(&[
        "note",
        "two.txt",
        "--paragraph",
        "2",
        "--text",
        "Six.",
        "two.txt",
    ]);
    let exported = json(&world.good(&["export", "ferry", "two.txt"]));
    assert_eq!(exported["recto"]["notes"][1]["text"], "Six.");
    assert_eq!(
        exported["recto"]["notes"][1]["quote"],
        "It takes seven hours."
    );
    let removed = world.good(&["note", "two.txt", "--paragraph", "2", "--remove", "two.txt"]);
    assert_eq!(removed, "note taken away · 1 article\n");
    assert_eq!(
        world.good(&["undo", "two.txt"]),
        "took back: note taken away · 1 article\n"
    );
    assert_eq!(
        json(&world.good(&["notes", "two.txt", "--json"]))
            .as_array()
            .unwrap()
            .len(),
        2
    );
    let wrong = world.run(&[
        "note",
        "two.txt",
        "--paragraph",
        "9",
        "--text",
        "x",
        "two.txt",
    ]);
    assert!(
        wrong.code == 1 && wrong.err.contains("no paragraph 9"),
        "{wrong:?}"
    );
    let evil = world.good(&["note", "h1", "--text", "a\u{1b}[2Jb", "all.jsonl"]);
    assert_eq!(evil, "noted · 1 article\n");
    assert!(!world.good(&["notes", "all.jsonl"]).contains('\u{1b}'));
}

#[test]
fn tags_get_other_names_in_one_step() {
    let world = World::new();
    world.good(&[
        "tag",
        "--add",
        "todo/soon",
        "--add",
        "todo",
        "id:p1",
        "all.jsonl",
    ]);
    world.good(&[
        "tag",
        "--add",
        "later",
        "--add",
        "todo",
        "id:h1",
        "all.jsonl",
    ]);
    let dry = world.good(&["tags", "rename", "todo", "to-do", "all.jsonl", "--dry-run"]);
    assert!(dry.starts_with("would be "), "{dry}");
    world.good(&["tags", "rename", "todo", "to-do", "all.jsonl"]);
    assert_eq!(world.good(&["tags"]), "later\t1\nto-do\t2\nto-do/soon\t1\n");
    world.good(&["tags", "merge", "later", "to-do/soon", "to-do"]);
    assert_eq!(world.good(&["tags"]), "to-do\t2\n");
    world.good(&["undo"]);
    assert_eq!(world.good(&["tags"]), "later\t1\nto-do\t2\nto-do/soon\t1\n");
    world.good(&["undo"]);
    assert_eq!(world.good(&["tags"]), "later\t1\ntodo\t2\ntodo/soon\t1\n");
    assert_eq!(world.run(&["tags", "rename", "nobody", "x"]).code, 1);
    assert_eq!(world.run(&["tags", "rename", "todo", " x"]).code, 2);
}

#[test]
fn queries_have_names() {
    let world = World::new();
    world.good(&["query", "plane", "all.jsonl"]);
    let saved = world.good(&["filters", "save", "inbox", "-is:reviewed versions:>1"]);
    assert_eq!(saved, "saved filter inbox: -is:reviewed versions:>1\n");
    assert_eq!(
        world.good(&["filters"]),
        "inbox\t-is:reviewed versions:>1\n"
    );
    assert_eq!(
        json(&world.good(&["filters", "--json"]))[0]["name"],
        "inbox"
    );
    let wrong = world.run(&["filters", "save", "bad", "versions:many"]);
    assert_eq!(wrong.code, 2, "{wrong:?}");
    world.good(&["filters", "remove", "inbox"]);
    assert_eq!(world.good(&["filters"]), "");
    world.good(&["undo"]);
    assert_eq!(
        world.good(&["filters"]),
        "inbox\t-is:reviewed versions:>1\n"
    );
    assert_eq!(world.run(&["filters", "remove", "nobody"]).code, 1);
}

#[test]
fn a_rule_says_what_it_costs_before_it_is_applied() {
    let world = World::new();
    let dry = world.good(&["verdict", "keep", "is:best", "all.jsonl", "--dry-run"]);
    assert!(
        dry.starts_with("would be kept (2), set aside (1)\n"),
        "{dry}"
    );
    // p2 ends with an invitation to a newsletter, which p1 lacks, unless p2 is the better one.
    let cost = json(&world.good(&[
        "verdict",
        "keep",
        "id:p1",
        "all.jsonl",
        "--dry-run",
        "--json",
    ]));
    assert_eq!(
        (&cost["kept"], &cost["set_aside"]),
        (&1.into(), &1.into()),
        "{cost}"
    );
    assert_eq!(cost["lost_words"], 5, "{cost}");
    assert_eq!(cost["losses"][0]["words"], 5);
    assert!(
        cost["losses"][0]["begins"]
            .as_str()
            .unwrap()
            .contains("newsletter"),
        "{cost}"
    );
    assert_eq!(cost["reasons"][0]["reason"], "text", "{cost}");
    assert!(!world.path("data").exists(), "a dry run writes nothing");
    let cost = json(&world.good(&[
        "verdict",
        "drop",
        "id:h1",
        "all.jsonl",
        "--dry-run",
        "--json",
    ]));
    assert_eq!(cost["reasons"][0]["reason"], "everything", "{cost}");
    assert!(cost["lost_words"].as_u64().unwrap() > 20, "{cost}");
}

#[test]
fn another_version_of_a_group_is_kept_instead() {
    let world = World::new();
    world.good(&["verdict", "keep", "id:p1", "all.jsonl"]);
    let said = world.good(&["verdict", "keep", "id:p2", "all.jsonl"]);
    assert_eq!(
        said,
        "kept (1), no longer set aside (1), verdict taken back (1), set aside (1)\n"
    );
    let kept = world.good(&["query", "is:kept", "all.jsonl", "--format", "tsv"]);
    assert!(
        kept.lines().count() == 1 && kept.contains("\tp2\t"),
        "{kept}"
    );
    // Dropping it frees the other one.
    let said = world.good(&["verdict", "drop", "id:p2", "all.jsonl"]);
    assert_eq!(said, "dropped (1), no longer set aside (1)\n");
}

#[test]
fn a_dump_is_restored_to_the_byte() {
    let world = World::new();
    world.good(&["tag", "--add", "ü “x”", "plane", "all.jsonl"]);
    world.good(&[
        "note",
        "p1",
        "--text",
        "why?\nbecause",
        "--paragraph",
        "1",
        "all.jsonl",
    ]);
    world.good(&["filters", "save", "a", "versions:>1"]);
    world.good(&["undo"]);
    let dump = world.good(&["review", "dump"]);
    world.write("dump.jsonl", &dump);
    let said = world.run(&["review", "restore", "dump.jsonl"]);
    assert!(
        said.code == 1 && said.err.contains("is there already"),
        "{said:?}"
    );
    fs::rename(world.path("data"), world.path("old")).unwrap();
    assert_eq!(
        world.good(&["review", "restore", "dump.jsonl"]),
        "7 events restored\n"
    );
    assert_eq!(world.good(&["review", "dump"]), dump);
    assert_eq!(world.good(&["review", "verify"]), "7 events, all sound\n");
    assert_eq!(
        world.good(&["redo", "all.jsonl"]),
        "brought back: saved filter a: versions:>1\n"
    );
    // A line that was changed, or is missing, restores nothing.
    let bad = [
        dump.replace("because", "BECAUSE"),
        dump.lines().skip(1).map(|it| format!("{it}\n")).collect(),
    ];
    for bad in bad {
        fs::remove_dir_all(world.path("data")).unwrap();
        world.write("bad.jsonl", &bad);
        let said = world.run(&["review", "restore", "bad.jsonl"]);
        assert!(
            said.code == 1 && said.err.contains("chain breaks at event"),
            "{said:?}"
        );
        assert!(!world.path("data/recto/review.sqlite").exists());
        fs::create_dir_all(world.path("data")).unwrap();
    }
}

#[test]
fn logs_of_several_people_are_joined_once() {
    let world = World::new();
    let bob = world.as_other("bob");
    let (pause, all) = (
        || std::thread::sleep(std::time::Duration::from_millis(3)),
        "all.jsonl",
    );
    bob(&["tag", "--add", "from-bob", "plane", all]);
    bob(&["verdict", "drop", "id:h1", all]);
    bob(&["verdict", "keep", "id:p1", all]);
    pause();
    world.good(&["verdict", "keep", "id:h1", all]);
    world.good(&["verdict", "keep", "id:p1", all]);
    world.good(&["tag", "--add", "from-ada", "plane", all]);
    pause();
    bob(&["undo", all]);
    bob(&["redo", all]);
    let export = |of: &str| fs::write(world.path(of), bob(&["review", "dump"])).unwrap();
    export("bob.jsonl");

    let merged = json(&world.good(&["review", "merge", "bob.jsonl", "--json"]));
    assert_eq!(
        (&merged["new_steps"], &merged["known_steps"]),
        (&5.into(), &0.into()),
        "{merged}"
    );
    // Ada's word about the harbour is the newer one, although Bob's stands behind it in the file.
    assert_eq!(merged["conflicts"][0]["about"], "verdict", "{merged}");
    assert_eq!(
        merged["conflicts"][0]["said"],
        json(r#"[["bob","drop"],["ada","keep"]]"#)
    );
    let kept = world.good(&["query", "is:kept", all, "--format", "tsv"]);
    assert_eq!(kept.lines().count(), 2, "{kept}");
    assert_eq!(world.good(&["tags", all]), "from-ada\t2\nfrom-bob\t2\n");
    // Of p1, p2 and h1, which both judged, they disagree about h1: kappa by hand is (2/3 - 2/9) / (1 - 2/9).
    let agreement = &merged["agreement"][0];
    assert_eq!(
        (&agreement["articles"], &agreement["alike"]),
        (&3.into(), &2.into()),
        "{merged}"
    );
    assert!(
        (agreement["kappa"].as_f64().unwrap() - 0.5).abs() < 0.2,
        "{merged}"
    );

    // Again: nothing new. And what Bob did since comes once.
    let again = json(&world.good(&["review", "merge", "bob.jsonl", "--json"]));
    assert_eq!(
        (&again["new_steps"], &again["known_steps"]),
        (&0.into(), &5.into()),
        "{again}"
    );
    bob(&["tag", "--add", "more", "id:h1", all]);
    export("bob2.jsonl");
    let more = json(&world.good(&["review", "merge", "bob2.jsonl", "--json"]));
    assert_eq!(more["new_steps"], 1, "{more}");
    // Bob takes Ada's file itself in, and both mean the same.
    bob(&[
        "review",
        "merge",
        world.path("data/recto/review.sqlite").to_str().unwrap(),
    ]);
    for query in [
        "is:kept",
        "is:dropped",
        "is:superseded",
        "tag:from-ada",
        "tag:more",
    ] {
        let ask = ["query", query, all, "--format", "tsv"];
        let mine = world.run(&ask).out;
        let his = world
            .command(&ask)
            .env("XDG_DATA_HOME", world.path("bob"))
            .output()
            .unwrap();
        assert_eq!(mine, String::from_utf8(his.stdout).unwrap(), "{query}");
    }
    // Undo takes back what Ada did, never what Bob did.
    assert!(world.good(&["undo", all]).contains("took back"));
    assert!(world.good(&["tags", all]).contains("from-bob\t2"));
    assert!(world.good(&["review", "verify"]).contains("all sound"));
    world.write("torn.jsonl", "{\"number\":1");
    assert_eq!(world.run(&["review", "merge", "torn.jsonl"]).code, 1);
}

#[test]
fn changes_from_a_stream_are_acknowledged_line_by_line() {
    let world = World::new();
    let mut child = world
        .command(&["review", "apply", "-", "all.jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut ask = |line: &str| {
        writeln!(input, "{line}").unwrap();
        input.flush().unwrap();
        answers.next().unwrap().unwrap()
    };
    assert_eq!(ask("p1\ttodo"), "ok 1");
    // It is on disk while the stream goes on.
    assert_eq!(world.good(&["tags", "all.jsonl"]), "todo\t1\n");
    assert_eq!(ask(r#"{"article":"p1","verdict":"keep"}"#), "ok 3");
    assert_eq!(
        ask(r#"{"article":"p1","verdict":"keep"}"#),
        "ok 3 nothing to change"
    );
    assert!(ask("nobody\ttodo").starts_with("error line 4: no article is called nobody"));
    assert!(ask(r#"{"article":"p1","tags":["x"]}"#).starts_with("error line 5: not understood"));
    assert_eq!(
        ask(r#"{"article":"h1","note":"see","paragraph":1}"#),
        "ok 4"
    );
    drop(input);
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert_eq!(
        world.good(&["undo", "all.jsonl"]),
        "took back: noted · 1 article\n"
    );
    assert_eq!(
        world.good(&["undo"]),
        "took back: kept (1), set aside (1)\n"
    );
}

#[test]
fn decisions_whose_article_is_gone_are_listed_and_handed_over() {
    let world = World::new();
    world.write("one.txt", "A ferry sails again\n\nIt takes seven hours.\n");
    world.write(
        "c/one.txt",
        "A ferry sails again\n\nIt takes seven hours.\n",
    );
    world.good(&["tag", "--add", "todo", "ferry", "c"]);
    fs::remove_file(world.path("c/one.txt")).unwrap();
    world.write("c/new.txt", "A bridge opens\n\nIt took seven years.\n");
    let said = world.run(&["query", "bridge", "c"]);
    assert!(
        said.err.contains("1 decided article is not found"),
        "{said:?}"
    );
    let list = world.good(&["review", "rebind", "--in", "c"]);
    assert!(list.contains("A ferry sails again"), "{list}");
    let gone = list.split_whitespace().next().unwrap();
    assert_eq!(
        world.good(&["review", "rebind", gone, "--to", "c/new.txt", "--in", "c"]),
        "rebound · 1 article\n"
    );
    assert_eq!(world.good(&["tags", "c"]), "todo\t1\n");
    // Elsewhere, and edited: only the title is the same, so it is offered and not taken by itself.
    fs::remove_file(world.path("c/new.txt")).unwrap();
    world.write("c/d/newer.txt", "A bridge opens\n\nIt took eight years.\n");
    let list = json(&world.good(&["review", "rebind", "--in", "c", "--json"]));
    assert!(list[0]["offered"].is_string(), "{list}");
    assert_eq!(
        world.good(&["review", "rebind", "--all", "--in", "c"]),
        "rebound · 1 article\n"
    );
    assert_eq!(world.good(&["tags", "c"]), "todo\t1\n");
    assert_eq!(
        world.good(&["review", "rebind", "--in", "c"]),
        "every decided article is found\n"
    );
}

#[test]
fn a_collection_is_exported_for_people_and_programs() {
    let world = World::new();
    world.write(
        "f.csv",
        "id,title,text\nf1,=1+1,\"@SUM of a long story about oak piles, told \"\"again\"\".\"\n",
    );
    world.good(&["tag", "--add", "a", "--add", "b", "id:f1", "f.csv"]);
    world.good(&["note", "f1", "--text", "-why?", "--paragraph", "1", "f.csv"]);
    let csv = world.good(&["export", "id:f1", "f.csv", "--format", "csv"]);
    assert!(csv.contains(",'=1+1,") && csv.contains(",'-why?,"), "{csv}");
    assert!(
        csv.contains("\"'@SUM of a long story about oak piles, told \"\"again\"\".\""),
        "{csv}"
    );
    assert!(csv.contains(",\"a,b\","), "{csv}");
    world.good(&["export", "id:f1", "f.csv", "-o", "out.tsv"]);
    let tsv = fs::read_to_string(world.path("out.tsv")).unwrap();
    assert_eq!(tsv.lines().next().unwrap().split('\t').count(), 20);
    let md = world.good(&["export", "id:f1", "f.csv", "--format", "md"]);
    assert!(
        md.contains("#a · #b") && md.contains("> *Note:* -why?"),
        "{md}"
    );
    // Parquet is read back by recto's own reader.
    world.good(&["export", "id:f1", "f.csv", "-o", "out.parquet"]);
    let back = json(&world.good(&["show", "out.parquet", "--json"]));
    assert_eq!(back["fields"][0]["record_id"], "f1", "{back}");
    assert_eq!(back["fields"][0]["tags"], json(r#"["a","b"]"#), "{back}");
    assert_eq!(back["fields"][0]["note"], "-why?");
}

#[test]
fn the_cleaned_collection_says_what_it_left_out() {
    let world = World::new();
    let all = fs::read_to_string(world.path("all.jsonl")).unwrap();
    let last = all.lines().last().unwrap();
    world.write("four.jsonl", &format!("{all}{last}\n"));
    world.good(&["verdict", "keep", "id:p1", "four.jsonl"]);
    let export = ["export", "", "four.jsonl", "--kept", "-o", "clean.jsonl"];
    world.good(&export);
    let clean = fs::read_to_string(world.path("clean.jsonl")).unwrap();
    assert_eq!(clean.lines().count(), 2, "{clean}");
    let left = fs::read_to_string(world.path("clean.jsonl.left-out.jsonl")).unwrap();
    let mut why: Vec<(String, String)> = left
        .lines()
        .map(json)
        .map(|it| {
            (
                it["record_id"].as_str().unwrap().into(),
                it["why"].as_str().unwrap().into(),
            )
        })
        .collect();
    why.sort();
    let pair = |id: &str, why: &str| (id.to_owned(), why.to_owned());
    assert_eq!(why, [pair("h1", "copy"), pair("p2", "set_aside")]);
    // Neither file is written over without being asked.
    fs::remove_file(world.path("clean.jsonl")).unwrap();
    let said = world.run(&export);
    assert!(said.code == 1 && said.err.contains("--force"), "{said:?}");
    assert!(!world.path("clean.jsonl").exists());
    world.good(&["verdict", "drop", "id:h1", "four.jsonl"]);
    world.good(&[&export[..], &["--force"]].concat());
    assert_eq!(
        fs::read_to_string(world.path("clean.jsonl"))
            .unwrap()
            .lines()
            .count(),
        1
    );
}
