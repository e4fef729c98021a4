//! Articles out again, with everything they came with.

use std::fs;

use super::World;

/// Numbers of any size, escapes, nested values with white space, a field nobody knows.
const RECORD: &str = r#"{"id":"q1","title":"Quay","text":"Oak piles carry the new quay of the northern bay.","n":123456789012345678901234567890,"f":1.10e400,"e":"caf\u00e9 \ud83d\ude00","l":[ 1, {"x" : null} ],"id2":-0.0}"#;

fn world() -> World {
    let world = World::new();
    world.write("in/one.jsonl", &format!("{RECORD}\n{RECORD}\n"));
    world.write(
        "in/page.txt",
        "A ferry sails again\n\nIt takes seven hours, and a cabin costs little.\n",
    );
    world
}

#[test]
fn every_field_comes_back_as_it_was_written() {
    let world = world();
    world.good(&["tag", "--add", "good", "id:q1", "in"]);
    let out = world.good(&["export", "id:q1", "in"]);
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 2, "a copy is a record too: {out}");
    let body = RECORD.strip_suffix('}').unwrap();
    for line in lines {
        let rest = line.strip_prefix(body).unwrap_or_else(|| panic!("{line}"));
        assert!(
            rest.starts_with(",\"recto\":{") && rest.contains("\"tags\":[\"good\"]"),
            "{rest}"
        );
    }
    let shown = world.good(&["show", "--json", "q1", "in"]);
    assert!(
        shown.contains(&format!("\"fields\":[{RECORD},{RECORD}]")),
        "{shown}"
    );
}

#[test]
fn what_was_exported_reads_as_the_same_articles() {
    let world = world();
    let ids = |out: &str| {
        let ids = out
            .lines()
            .map(|line| line.split(' ').next().unwrap().to_owned());
        let mut ids: Vec<String> = ids.collect();
        ids.sort();
        ids
    };
    world.good(&["export", "words:>0", "in/one.jsonl", "-o", "out.jsonl"]);
    let before = world.good(&["query", "words:>0", "in/one.jsonl"]);
    assert_eq!(
        ids(&before),
        ids(&world.good(&["query", "words:>0", "out.jsonl"]))
    );
    let text = world.good(&["export", "path:page", "in"]);
    assert!(
        text.contains("\"text\":\"") && text.contains("seven hours"),
        "{text}"
    );
}

#[test]
fn a_file_is_written_whole_or_not_at_all() {
    let world = world();
    world.write("out.jsonl", "mine\n");
    let said = world.run(&["export", "id:q1", "in", "--output", "out.jsonl"]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("--force"), "{}", said.err);
    assert_eq!(
        fs::read_to_string(world.path("out.jsonl")).unwrap(),
        "mine\n"
    );
    world.good(&["export", "id:q1", "in", "--output", "out.jsonl", "--force"]);
    assert!(
        fs::read_to_string(world.path("out.jsonl"))
            .unwrap()
            .starts_with("{\"id\":\"q1\"")
    );
    let said = world.run(&["export", "id:nobody", "in", "-o", "none.jsonl"]);
    assert_eq!(said.code, 1);
    assert!(!world.path("none.jsonl").exists());
    let said = world.run(&["export", "id:q1", "in", "-o", "nowhere/out.jsonl"]);
    assert!(
        said.code == 1 && said.err.contains("cannot be written"),
        "{}",
        said.err
    );
}

#[test]
fn limits_come_from_the_settings_and_mappings_are_checked() {
    let world = world();
    world.write("deep.jsonl", "{\"text\":\"T.\",\"a\":[[[1]]]}\n");
    assert_eq!(world.run(&["check", "deep.jsonl"]).code, 0);
    world.write("home/.config/recto/config.toml", "max-nesting = 2\n");
    let said = world.run(&["check", "deep.jsonl"]);
    assert!(
        said.code == 1 && said.err.contains("nested deeper than 2"),
        "{}",
        said.err
    );
    let said = world.run(&["check", "--map", "txt=body", "deep.jsonl"]);
    assert!(
        said.code == 2 && said.err.contains("none of text, title"),
        "{}",
        said.err
    );
    let said = world.run(&["check", "--exclude", "*.jsonl", "in"]);
    assert_eq!((said.code, said.out.trim()), (0, "1 article"));
}
