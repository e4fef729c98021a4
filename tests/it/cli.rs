//! The command line as a person or a script meets it.

mod collections;
mod decisions;
mod export;
mod page;
mod review;
mod versions;

use std::fs;
use std::io::Read;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// A home of its own, with a collection in it.
struct World {
    home: tempfile::TempDir,
}

const PLANE: &str = "A military plane with masks and ventilators left for the west on Wednesday morning, the ministry \
    said. The crew had loaded the cargo overnight after a call between the two presidents, who agreed that hospitals \
    on both shores should help one another while the epidemic lasts.";
const HARBOUR: &str = "After eleven years of dredging, fishermen in the northern bay can moor at the new quay. Its \
    builders drove four hundred oak piles into the mud, and the lighthouse keeper's daughter cut the ribbon.";

impl World {
    fn new() -> Self {
        let world = Self {
            home: tempfile::tempdir().unwrap(),
        };
        let lines = [
            format!(
                r#"{{"id":"p1","title":"Plane heads west","text":"{PLANE}","date":"2020-04-01"}}"#
            ),
            format!(r#"{{"id":"p2","text":"{PLANE} Read more in our newsletter."}}"#),
            format!(
                r#"{{"id":"h1","title":"Harbour opens","text":"{HARBOUR}","date":"2020-04-02"}}"#
            ),
        ];
        world.write("all.jsonl", &(lines.join("\n") + "\n"));
        world
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let file = self.path(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    /// The program in the home folder, knowing no other place.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_recto"));
        command
            .args(arguments)
            .current_dir(self.home.path())
            .env_clear()
            .env("HOME", self.path("home"))
            .env("XDG_DATA_HOME", self.path("data"))
            .env("XDG_STATE_HOME", self.path("state"))
            .env("USER", "ada")
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Said {
        Said::of(self.command(arguments).output().unwrap())
    }

    /// Runs what must work, and gives what it printed.
    #[track_caller]
    fn good(&self, arguments: &[&str]) -> String {
        let said = self.run(arguments);
        assert_eq!(said.code, 0, "{arguments:?}: {said:?}");
        said.out
    }
}

#[derive(Debug)]
struct Said {
    code: i32,
    out: String,
    err: String,
}

impl Said {
    fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self {
            code: output.status.code().unwrap(),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }
}

/// The last column of each line.
fn column(text: &str, number: usize) -> Vec<&str> {
    text.lines()
        .map(|line| line.split('\t').nth(number).unwrap())
        .collect()
}

#[test]
fn without_a_terminal_reading_is_a_plain_list() {
    let world = World::new();
    for arguments in [&["all.jsonl"][..], &["read", "all.jsonl"]] {
        let said = world.run(arguments);
        assert_eq!((said.code, &*said.err), (0, ""), "{arguments:?}");
        let lines: Vec<&str> = said.out.lines().collect();
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(
            lines[0].ends_with("  2020-04-02  Harbour opens"),
            "{lines:?}"
        );
        assert!(
            lines[1].ends_with("  2020-04-01  Plane heads west  ×2"),
            "{lines:?}"
        );
    }
}

#[test]
fn check_counts_records_and_names_what_was_skipped() {
    let world = World::new();
    world.write("bad/empty.txt", "");
    fs::write(world.path("bad/binary.txt"), [0, 1, 2, 3, 0, 255]).unwrap();
    fs::write(
        world.path("bad/latin.txt"),
        b"Caf\xe9 au lait is served here, and tea.\n\xff\xfe\x81",
    )
    .unwrap();
    world.write(
        "bad/broken.jsonl",
        "{\"text\": \"fine and long enough\"}\n{\"text\": oops}\n",
    );
    fs::create_dir(world.path("nothing")).unwrap();
    let said = world.run(&["check", "all.jsonl", "bad", "nothing", "missing.txt"]);
    assert_eq!((said.code, &*said.out), (0, "5 articles\n"), "{said:?}");
    for name in [
        "bad/empty.txt: ",
        "bad/binary.txt: ",
        "bad/broken.jsonl: record 2: ",
        "nothing: ",
        "missing.txt: ",
    ] {
        assert!(
            said.err.contains(&format!("recto: {name}")),
            "{name}: {}",
            said.err
        );
    }
    let said = world.run(&["check", "missing.txt", "bad/empty.txt"]);
    assert_eq!((said.code, &*said.out), (1, "0 articles\n"), "{said:?}");
}

#[test]
fn a_query_gives_hits_in_every_form() {
    let world = World::new();
    let text = world.good(&["query", "plane sort:date", "all.jsonl"]);
    assert_eq!(text.lines().count(), 2, "{text}");
    let tsv = world.good(&["query", "", "all.jsonl", "--format", "tsv"]);
    assert_eq!(column(&tsv, 1), ["h1", "p1", "p2"]);
    assert_eq!(column(&tsv, 3), ["1", "2", "2"]);
    let lines = world.good(&[
        "query",
        "versions:>1 is:best",
        "all.jsonl",
        "--format",
        "jsonl",
    ]);
    let hit: serde_json::Value = serde_json::from_str(&lines).unwrap();
    assert_eq!(hit["record_id"], "p1");
    assert_eq!(hit["versions"], 2);
    assert_eq!(hit["path"], "all.jsonl");
    let array = world.good(&["query", "", "all.jsonl", "--json"]);
    let array: Vec<serde_json::Value> = serde_json::from_str(&array).unwrap();
    let mut fields: Vec<&str> = array[0]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    fields.sort_unstable();
    let expected = "best byline copies date format group id lang path record record_id score similarity site sources \
                    superseded tags title url verdict versions words";
    assert_eq!(fields.join(" "), expected);
    let none = world.run(&["query", "zebra", "all.jsonl", "--json"]);
    assert_eq!((none.code, &*none.out), (1, "[]\n"));
}

#[test]
fn a_mistake_in_a_query_is_pointed_at() {
    let world = World::new();
    let said = world.run(&["query", "titel:virus", "all.jsonl"]);
    assert_eq!((said.code, &*said.out), (2, ""));
    assert!(
        said.err.contains("titel:virus\n       ^^^^^"),
        "{}",
        said.err
    );
    let said = world.run(&["query", "-is:kept", "all.jsonl"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("behind -e"), "{}", said.err);
    assert_eq!(
        world
            .good(&["query", "-e", "-plane", "all.jsonl"])
            .lines()
            .count(),
        1
    );
}

#[test]
fn only_commands_with_a_query_speak_of_one() {
    let world = World::new();
    for (command, speaks) in [
        ("undo", false),
        ("check", false),
        ("tags", false),
        ("query", true),
    ] {
        let said = world.run(&[command, "-zebra"]);
        assert_eq!(said.code, 2);
        assert_eq!(said.err.contains("A QUERY that"), speaks, "{}", said.err);
    }
}

#[test]
fn commands_that_do_something_say_it_as_json() {
    let world = World::new();
    let json = |arguments: &[&str]| -> serde_json::Value {
        serde_json::from_str(&world.good(arguments)).unwrap()
    };
    world.write("latin.txt", "placeholder");
    fs::write(
        world.path("latin.txt"),
        b"Der M\xe4rz war k\xfchl und gr\xfcn.\n",
    )
    .unwrap();
    let counts = json(&["check", "all.jsonl", "latin.txt", "missing", "--json"]);
    assert_eq!(
        counts,
        serde_json::json!({"articles": 4, "errors": 1, "warnings": 1})
    );
    let said = world.run(&["check", "latin.txt"]);
    assert!(
        said.err
            .contains("latin.txt: not UTF-8: read as windows-1252"),
        "{said:?}"
    );
    let add = ["tag", "--add", "x", "id:p1", "all.jsonl", "--json"];
    let dry = json(&[
        "tag",
        "--add",
        "x",
        "id:p1",
        "all.jsonl",
        "--json",
        "--dry-run",
    ]);
    assert_eq!((&dry["changed"], &dry["event"]), (&1.into(), &().into()));
    let done = json(&add);
    assert_eq!((&done["found"], &done["changed"]), (&1.into(), &1.into()));
    assert_eq!(done["event"], 1);
    assert_eq!(json(&add)["changed"], 0);
    let kept = json(&["verdict", "keep", "id:p1", "all.jsonl", "--json"]);
    // The sketch of an article that was decided for the first time stands behind the decision.
    assert_eq!(kept["event"], 4);
    assert_eq!(json(&["undo", "all.jsonl", "--json"])["event"], 6);
    assert_eq!(json(&["redo", "all.jsonl", "--json"])["event"], 7);
}

#[test]
fn an_article_is_shown_by_any_of_its_names() {
    let world = World::new();
    world.write("one.txt", "A single paragraph about bees.\n");
    let tsv = world.good(&["query", "id:h1", "all.jsonl", "--format", "tsv"]);
    let id = column(&tsv, 0)[0];
    for name in ["h1", id, &id[..8]] {
        let text = world.good(&["show", name, "all.jsonl"]);
        assert!(text.starts_with("Harbour opens\n2020-04-02\n"), "{text}");
    }
    assert_eq!(
        world.good(&["show", "one.txt", "--format", "raw"]),
        "A single paragraph about bees.\n"
    );
    let markdown = world.good(&["show", "h1", "all.jsonl", "--format", "md"]);
    assert!(markdown.starts_with("# Harbour opens\n"), "{markdown}");
    let whole: serde_json::Value =
        serde_json::from_str(&world.good(&["show", "p2", "all.jsonl", "--json"])).unwrap();
    assert_eq!(whole["version_ids"].as_array().unwrap().len(), 2);
    assert!(
        whole["blocks"][0]["text"]
            .as_str()
            .unwrap()
            .starts_with("A military plane")
    );
    let said = world.run(&["show", "zebra", "all.jsonl"]);
    assert_eq!(said.code, 1);
    let said = world.run(&["show", "all.jsonl", "all.jsonl"]);
    assert!(
        said.code == 1 && said.err.contains("3 articles are called"),
        "{said:?}"
    );
}

#[test]
fn two_files_are_compared() {
    let world = World::new();
    world.write("a.txt", "One two three four five six.\n\nThe same.\n");
    world.write(
        "b.txt",
        "One two three nine five six.\n\nThe same.\n\nAdded here.\n",
    );
    let text = world.good(&["diff", "a.txt", "b.txt"]);
    assert!(
        text.contains("- One two three [-four-] five six."),
        "{text}"
    );
    assert!(
        text.contains("+ One two three {+nine+} five six."),
        "{text}"
    );
    assert!(text.contains("\n+ Added here."), "{text}");
    let wide = world.good(&["diff", "a.txt", "b.txt", "--width", "100"]);
    assert!(
        wide.contains("│+ One two three {+nine+} five six."),
        "{wide}"
    );
    let json: serde_json::Value =
        serde_json::from_str(&world.good(&["diff", "--json", "a.txt", "b.txt"])).unwrap();
    assert_eq!(json["schema"], "prose-diff/1");
    assert_eq!(json["left"]["basis"], "file");
    let said = world.run(&["diff", "a.txt", "all.jsonl"]);
    assert!(
        said.code == 2 && said.err.contains("more than one article"),
        "{said:?}"
    );
    world.good(&["query", "", "all.jsonl"]);
    assert!(world.good(&["diff", "p1", "p2"]).contains("1 difference"));
}

#[test]
fn a_file_without_text_can_be_compared() {
    let world = World::new();
    world.write("blank.txt", " \n");
    world.write("a.txt", "One two three.\n");
    let text = world.good(&["diff", "blank.txt", "a.txt"]);
    assert!(text.contains("+ One two three."), "{text}");
    assert!(
        world
            .good(&["diff", "blank.txt", "blank.txt"])
            .contains("0 differences")
    );
}

#[test]
fn groups_have_one_line_a_record() {
    let world = World::new();
    world.write(
        "one.txt",
        "A single paragraph about bees and their hives.\n",
    );
    let tsv = world.good(&["groups", "all.jsonl", "one.txt", "--format", "tsv"]);
    assert_eq!(column(&tsv, 0), ["p1", "p2", "h1", "one.txt"]);
    let groups = column(&tsv, 1);
    assert!(
        groups[0] == groups[1] && groups[1] != groups[2],
        "{groups:?}"
    );
    let text = world.good(&["groups", "all.jsonl", "--why"]);
    assert!(text.starts_with("Plane heads west  ×2\n"), "{text}");
    let json: serde_json::Value =
        serde_json::from_str(&world.good(&["groups", "all.jsonl", "--json", "--why"])).unwrap();
    assert_eq!(json[0]["versions"][0]["record_id"], "p1");
    let links = json[0]["links"].as_array().unwrap();
    assert_eq!(links.len(), 1);
    assert!(links[0]["points"]["shares"].as_f64().unwrap() > 0.0);
    let shared = &links[0]["shared"];
    assert!(shared["a"][0]["text"].is_string() && shared["b"][0]["text"].is_string());
    assert!(links[0]["set_aside"]["a"].is_array());
}

#[test]
fn groups_say_what_each_step_did() {
    let world = World::new();
    let flags = [
        "--format",
        "tsv",
        "--stats",
        "--memory",
        "16MB",
        "--threads",
        "1",
    ];
    let said = world.run(&[&["groups", "all.jsonl"][..], &flags].concat());
    for step in [
        "read and sign: 3 records",
        "propose: ",
        "verify: ",
        "link: 1 group",
    ] {
        assert!(said.err.contains(step), "{}", said.err);
    }
    let wrong = world.run(&["groups", "all.jsonl", "--format", "tsv", "--memory", "lots"]);
    assert!(wrong.err.contains("500MB"), "{}", wrong.err);
}

#[test]
fn groups_go_on_from_what_was_kept() {
    let world = World::new();
    let plain = world.good(&["groups", "all.jsonl", "--format", "tsv"]);
    let kept = ["groups", "all.jsonl", "--format", "tsv", "--keep", "kept"];
    assert_eq!(world.good(&kept), plain);
    let again = world.run(&[&kept[..], &["--stats"]].concat());
    assert_eq!(again.out, plain);
    assert!(
        again.err.contains("0 pairs judged, 0 weighed"),
        "{}",
        again.err
    );
    let both = ["groups", "one.txt", "all.jsonl", "--format", "tsv"];
    let plain = world.good(&both);
    assert_eq!(
        world.good(&[&both[..], &["--keep", "kept"]].concat()),
        plain
    );
    let wrong = world.run(&["groups", "-", "--json", "--keep", "kept"]);
    assert_eq!(wrong.code, 2);
}

/// What is too large for memory is told a few groups at a time, and so is what is kept.
#[test]
fn groups_that_are_read_again_are_told_as_those_in_memory() {
    let world = World::new();
    let report = |day: u8, high: u8| {
        format!(
            "On day {day} of the month the weather station above the town measured {high} degrees at noon. \
             The wind came from the west at {} knots all day. The harbour master expects the same for tomorrow.",
            high + 3
        )
    };
    let story = "The last ferry of the season left the island on Sunday evening with forty passengers and a piano on \
                 board.\nThe line will start again in April, when the repair of the north pier is done, the port said.\n\
                 Nobody on the island remembers a year in which it left so late.";
    let mut records = Vec::new();
    for (id, title, text) in [
        ("w1", "Weather", report(1, 14)),
        ("w2", "Weather", report(2, 17)),
        ("w3", "Weather", report(3, 21)),
        ("f1", "The last ferry", story.to_owned()),
        (
            "f2",
            "The last ferry",
            format!("{story}\nPlease support us with a little money every month."),
        ),
        ("f3", "The last ferry", story.to_owned()),
        ("f4", "Ferry", story.to_owned()),
        (
            "q1",
            "A week on the island",
            format!(
                "We spent a week there and read every word that the papers wrote, and most of it was about goats, fences and \
                 the price of hay, which rose again. One wrote: {} That was all that week had to offer, and we went home \
                 by plane, as everybody does since the bridge was closed to buses and lorries of any size.",
                story.lines().next().unwrap_or_default()
            ),
        ),
    ] {
        records.push(serde_json::json!({"id": id, "title": title, "text": text}).to_string());
    }
    // A paragraph that stands everywhere, also in articles that nothing is told of.
    let appeal = "Please support us with a little money every month, since good reporting is never for free.";
    for own in [
        "Seven goats have eaten the ballot papers of the parish council, and the vote will be held again in spring.",
        "A fence that nobody remembers runs through the middle of the new map, as the surveyor found out too late.",
        "The old bridge gets a second lamp, paid for by the bakers, who cross it every night with warm bread.",
        "Whoever lost a cello in the bus to the airport may fetch it from the fire station, where it is played daily.",
        "Snow closed the school on the hill for a single day, which its pupils spent in front of it with sledges.",
    ] {
        let text = format!("{own}\n\n{appeal}");
        records.push(serde_json::json!({"id": &own[..9], "text": text}).to_string());
    }
    for also in ["They were green.", "They were green, and blue."] {
        let text = format!(
            "All gates on the way to the harbour got new paint last week. {also}\n\n{appeal}"
        );
        records.push(serde_json::json!({"id": also, "text": text}).to_string());
    }
    world.write("many.jsonl", &(records.join("\n") + "\n"));
    world.write("ferry.txt", story);
    world.good(&["tag", "--add", "island", "ferry", "many.jsonl"]);
    let files = ["groups", "all.jsonl", "many.jsonl", "ferry.txt"];
    for said in [
        &["apart", "f1", "f2", "many.jsonl"][..],
        &["join", "w1", "w2", "many.jsonl"],
    ] {
        for form in [
            &["--json", "--why"][..],
            &["--format", "jsonl", "--why"],
            &["--json"],
            &["--why"],
            &[],
        ] {
            let plain = world.good(&[&files[..], form].concat());
            assert!(plain.contains("ferry"), "{plain}");
            let kept = world.good(&[&files[..], form, &["--keep", "kept"]].concat());
            assert_eq!(kept, plain, "{form:?}");
        }
        world.good(said);
    }
    let why = world.good(
        &[
            &files[..],
            &["--format", "jsonl", "--why", "--keep", "kept"],
        ]
        .concat(),
    );
    let text = world.good(&[&files[..], &["--why", "--keep", "kept"]].concat());
    assert!(
        text.contains("1 paragraph that stands in 5 other articles too"),
        "{text}"
    );
    for kind in [
        "\"kind\":\"sibling\"",
        "\"kind\":\"quotes\"",
        "\"reason\":\"said\"",
    ] {
        assert!(why.contains(kind), "{kind}: {why}");
    }
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_grouping_with_a_sentence() {
    let world = World::new();
    let mut running = world
        .command(&["groups", "-", "--format", "tsv", "--keep", "kept"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It waits for records that never come; the lock shows that it is under way.
    while !world.path("kept/lock").exists() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let signal = Command::new("kill")
        .args(["-INT", &running.id().to_string()])
        .status();
    assert!(signal.unwrap().success());
    let input = running.stdin.take();
    let said = running.wait_with_output().unwrap();
    drop(input);
    assert_eq!(said.status.code(), Some(130));
    let err = String::from_utf8_lossy(&said.stderr);
    assert!(
        err.contains("called off; what was kept before stands"),
        "{err}"
    );
    assert!(said.stdout.is_empty());
    assert!(
        world
            .run(&["groups", "all.jsonl", "--format", "tsv", "--keep", "kept"])
            .code
            == 0
    );
}

#[test]
fn nothing_that_a_terminal_obeys_gets_through() {
    let world = World::new();
    let evil = r#"\u001b]0;owned\u0007 \u202etxt.exe\u009b31m"#;
    world.write(
        "evil.jsonl",
        &format!("{{\"id\":\"e{evil}\",\"title\":\"T{evil}\",\"url\":\"http://x/{evil}\",\"text\":\"B{evil}\"}}\n{{oops{evil}\n"),
    );
    let name = "\u{1b}[2Jname.txt";
    world.write(name, "Text of a file with a hostile name.\n");
    for arguments in [
        &["evil.jsonl"][..],
        &["check", "evil.jsonl", "\u{1b}[31mmissing"],
        &["query", "", "evil.jsonl", "--json"],
        &["query", "", "evil.jsonl", name, "--format", "tsv"],
        &["show", "T", "evil.jsonl"],
        &["groups", "evil.jsonl", name, "--format", "tsv"],
        &["query", "\u{1b}[31m:x", "evil.jsonl"],
        &["show", name],
        &["diff", name, name],
        &["--\u{1b}[31m"],
    ] {
        let said = world.run(arguments);
        for text in [&said.out, &said.err] {
            let bad = |c: char| (c.is_control() && c != '\n' && c != '\t') || c == '\u{202e}';
            assert!(!text.contains(bad), "{arguments:?}: {text:?}");
        }
    }
}

#[test]
fn a_folder_that_is_named_like_a_command_is_written_with_its_place() {
    let world = World::new();
    world.write("diff/a.txt", "A single paragraph about bees.\n");
    assert_eq!(world.good(&["./diff"]).lines().count(), 1);
    assert_eq!(world.run(&["diff"]).code, 2);
    let said = world.run(&["--json", "query", "x"]);
    assert!(said.code == 2 && said.err.contains("./query"), "{said:?}");
}

#[test]
fn standard_input_is_read() {
    let world = World::new();
    let mut command = world.command(&["query", "", "-", "--format", "tsv"]);
    command.stdin(fs::File::open(world.path("all.jsonl")).unwrap());
    let said = Said::of(command.output().unwrap());
    assert_eq!(column(&said.out, 1), ["h1", "p1", "p2"], "{said:?}");
}

#[test]
fn without_a_library_it_says_what_to_do() {
    let world = World::new();
    let said = world.run(&[]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("recto PATH"), "{}", said.err);
}

#[test]
fn a_reader_that_has_seen_enough_ends_it_quietly() {
    let world = World::new();
    let record =
        |n: usize| format!(r#"{{"id":"r{n}","title":"Title {n}","text":"Words {n} {PLANE}"}}"#);
    let lines: Vec<String> = (0..2000).map(record).collect();
    world.write("many.jsonl", &lines.join("\n"));
    let mut command = world.command(&["show", "r1", "many.jsonl"]);
    drop(command.output().unwrap());
    let mut command = world.command(&["query", "limit:2000", "many.jsonl", "--json"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0; 10];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let said = Said::of(child.wait_with_output().unwrap());
    assert_eq!((said.code, &*said.err), (0, ""));
}
