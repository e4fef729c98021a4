//! Whole sittings in a real pseudo-terminal: what a reader would switch for, key by key.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::pty::Pty;

const RECTO: &str = env!("CARGO_BIN_EXE_recto");

/// What a command without a screen prints, with the same home.
fn shell(home: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(RECTO);
    for (name, folder) in [
        ("XDG_DATA_HOME", "data"),
        ("XDG_STATE_HOME", "state"),
        ("XDG_CACHE_HOME", "cache"),
        ("XDG_CONFIG_HOME", "config"),
    ] {
        command.env(name, home.join(folder));
    }
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    let output = command.args(arguments).output().expect("recto runs");
    String::from_utf8(output.stdout).expect("text")
}

/// Sixty articles that are no versions of one another.
fn sixty(home: &Path) -> String {
    let mut lines = String::new();
    let things = [
        "harbour", "orchard", "quarry", "theatre", "railway", "bakery",
    ];
    for at in 0..60 {
        let thing = things[at % things.len()];
        let body = (0..12).fold(String::new(), |mut body, sentence| {
            let number = at * 7919 + sentence * 104_729;
            let _ = write!(
                body,
                "Item {number} of the {thing} was counted as {}. ",
                number % 977
            );
            body
        });
        let _ = writeln!(
            lines,
            "{{\"title\":\"Report {at:02} from the {thing}\",\"date\":\"2026-01-{:02}\",\"text\":\"{body}\"}}",
            at % 28 + 1
        );
    }
    let file = home.join("sixty.jsonl");
    fs::write(&file, lines).expect("a file");
    file.to_str().expect("a path").to_owned()
}

#[test]
fn the_two_seeds_are_one_row_and_differ_in_three_places() {
    let Some(seeds) = crate::stage::seeds() else {
        return;
    };
    let home = tempfile::tempdir().expect("a folder");
    let mut pty = Pty::run(
        home.path(),
        &[],
        RECTO,
        &[seeds[0].to_str().expect("a path")],
    );
    pty.expect("Russian Plane Heads to U.S. With Supplies");
    pty.expect("×2");
    pty.expect("1 of 1");
    pty.keys("d");
    pty.expect("12 paragraphs the same · 3 differences:  + title, byline, date");
    for at in 1..=3 {
        pty.keys("]");
        pty.expect(&format!("difference {at} of 3"));
    }
    pty.keys("]");
    pty.expect("the last difference");
    // Raw at the same place: the difference stays the one that the screen stands on.
    pty.keys("i");
    pty.expect("difference 3 of 3");
    pty.keys("i>");
    pty.expect("kept");
    pty.expect("reviewed 1 of 1");
    pty.keys("u");
    pty.expect("reviewed 0 of 1");
    pty.keys("q");
    assert!(pty.ends().success());
}

#[test]
fn two_versions_are_one_row_compared_read_raw_and_decided() {
    let home = tempfile::tempdir().expect("a folder");
    let mut pty = Pty::start(home.path(), &[]);
    pty.expect("reviewed 0 of 10");
    pty.keys("fversions:>1\r");
    pty.expect("1 of 5");
    pty.keys("f\u{15}title:reservoir\r");
    pty.expect("1 of 1");
    pty.expect("×2");
    pty.keys("d");
    pty.expect("4 paragraphs the same · 2 differences:  ~ “38” → “41”  – source");
    pty.keys("]");
    pty.expect("difference 1 of 2");
    pty.expect("38 percent");
    pty.expect("41 percent");
    pty.keys("q");
    pty.expect("1 of 1");
    // Raw at the same paragraph: in a window that is too small for the whole text.
    pty.resize(80, 10);
    pty.wait("the smaller screen", |screen| {
        screen.contents_between(9, 0, 9, 80).contains("1 of 1")
    });
    pty.keys("\r");
    pty.expect("of 2 versions");
    pty.keys("}}}}");
    let on_top = |screen: &vt100::Screen| {
        let text = screen.contents();
        let top = text.lines().nth(2).unwrap_or_default();
        top.trim().starts_with("From Monday on, gardens")
    };
    pty.wait("a paragraph of the text on top", on_top);
    let words = pty.line(2);
    pty.keys("i");
    pty.expect("the text as it was read");
    pty.wait("the same paragraph on top", on_top);
    pty.keys("i");
    pty.expect("the text as cleaned");
    assert_eq!(pty.line(2), words);
    pty.keys("q");
    // Keep the right one and go on to the next two.
    pty.keys("f\u{15}versions:>1\r");
    pty.expect("1 of 5");
    pty.keys("d");
    pty.expect("difference");
    let before = pty.line(0);
    pty.keys(">");
    pty.expect("kept");
    pty.wait("the next comparison", |screen| {
        let text = screen.contents();
        let title = text.lines().next().unwrap_or_default().trim();
        title.contains("left A") && title != before
    });
    pty.keys("qq");
    assert!(pty.ends().success());
    let kept = shell(
        home.path(),
        &["query", "is:kept", "assets/sample", "--format", "jsonl"],
    );
    assert_eq!(kept.lines().count(), 1, "{kept}");
}

#[test]
fn fifty_steps_and_one_of_sixty_are_taken_back() {
    let home = tempfile::tempdir().expect("a folder");
    let file = sixty(home.path());
    let mut pty = Pty::run(home.path(), &[], RECTO, &[&file]);
    pty.expect("reviewed 0 of 60");
    for at in 1..=50 {
        pty.keys("a");
        pty.expect(&format!("reviewed {at} of 60"));
    }
    pty.keys("q");
    assert!(pty.ends().success());
    // Undo is kept over restarts.
    let mut pty = Pty::run(home.path(), &[], RECTO, &[&file]);
    pty.expect("reviewed 50 of 60");
    pty.keys(&"u".repeat(50));
    pty.expect("reviewed 0 of 60");
    pty.keys("u");
    pty.expect("nothing to undo");
    // Everything at once is one step.
    pty.keys("*");
    pty.expect("60 hits selected");
    pty.keys("4");
    pty.expect("tagged check");
    let tagged = |home: &Path| shell(home, &["query", "tag:check", &file, "--format", "jsonl"]);
    assert_eq!(tagged(home.path()).lines().count(), 60);
    pty.keys("u");
    pty.expect("took back: tagged check · 60 articles");
    assert_eq!(tagged(home.path()).lines().count(), 0);
    pty.keys("\u{1b}");
    pty.keys("Q");
    assert!(pty.ends().success());
}

#[test]
fn the_filter_narrows_and_find_goes_through_what_is_left() {
    let home = tempfile::tempdir().expect("a folder");
    let file = sixty(home.path());
    let mut pty = Pty::run(home.path(), &[], RECTO, &[&file]);
    pty.expect("reviewed 0 of 60");
    pty.keys("ftitle:quarry sort:title\r");
    pty.expect("1 of 10");
    pty.keys("/0");
    pty.expect("1/4");
    pty.keys("\r");
    pty.expect("0: 1/4");
    pty.keys("n");
    pty.expect("0: 2/4");
    pty.keys("q");
    assert!(pty.ends().success());
}

#[test]
fn the_measure_is_remembered() {
    let home = tempfile::tempdir().expect("a folder");
    let mut pty = Pty::start(home.path(), &[]);
    pty.expect("reviewed ");
    pty.keys("ftitle:bridge\r");
    pty.expect("1 of 1");
    pty.keys("\r");
    pty.expect("of 3 versions");
    let first_line = |pty: &Pty| {
        let text = pty.screen().contents();
        let line = text.lines().find(|line| line.contains("A swing bridge"));
        line.unwrap_or_default().trim().to_owned()
    };
    let wide = first_line(&pty);
    pty.keys(&"-".repeat(16));
    pty.wait("shorter lines", |screen| {
        let text = screen.contents();
        text.lines()
            .any(|line| line.contains("A swing bridge") && line.trim().len() < 42)
    });
    let narrow = first_line(&pty);
    assert!(narrow.len() < wide.len(), "{narrow:?} {wide:?}");
    pty.keys("Q");
    assert!(pty.ends().success());
    let mut again = Pty::start(home.path(), &[]);
    again.expect("A swing bridge");
    assert_eq!(first_line(&again), narrow);
    again.keys("Q");
    assert!(again.ends().success());
}

#[test]
fn a_key_of_ones_own_is_the_one_that_help_footer_and_palette_show() {
    let home = tempfile::tempdir().expect("a folder");
    let config = home.path().join("config/recto");
    fs::create_dir_all(&config).expect("a folder");
    fs::write(
        config.join("keymap.toml"),
        "[list]\n\"a\" = false\n\"F5\" = \"keep\"\n",
    )
    .expect("a file");
    let mut pty = Pty::start(home.path(), &[]);
    pty.expect("reviewed 0 of 10");
    pty.expect("F5 keep");
    pty.keys("a");
    pty.keys("?\u{4}");
    pty.wait("the help names the key", |screen| {
        let text = screen.contents();
        text.lines()
            .any(|line| line.contains("F5") && line.contains("Keeps the article"))
    });
    pty.keys("q:keep the article");
    pty.wait("the palette names the key", |screen| {
        let text = screen.contents();
        text.lines()
            .any(|line| line.contains("keep") && line.trim_end_matches([' ', '│']).ends_with("F5"))
    });
    pty.keys("\u{3}");
    // F5, as terminals write it; the old key did nothing.
    pty.keys("\u{1b}[15~");
    pty.expect("reviewed 1 of 10");
    pty.keys("q");
    assert!(pty.ends().success());
}

#[test]
fn the_window_changes_its_size_and_the_screen_with_it() {
    let home = tempfile::tempdir().expect("a folder");
    let mut pty = Pty::start(home.path(), &[]);
    pty.expect("reviewed ");
    for (columns, rows, panes) in [
        (120, 40, true),
        (40, 10, false),
        (200, 50, true),
        (80, 24, false),
    ] {
        pty.resize(columns, rows);
        pty.wait("the footer in the last line", |screen| {
            let last = screen.contents_between(rows - 1, 0, rows - 1, columns);
            last.contains("1 of 10") && screen.contents().contains('┬') == panes
        });
    }
    pty.resize(10, 3);
    pty.expect("too small");
    pty.resize(80, 24);
    pty.expect("reviewed ");
    pty.keys("q");
    assert!(pty.ends().success());
}

#[test]
fn the_shell_gives_what_the_screen_shows() {
    let home = tempfile::tempdir().expect("a folder");
    let query = "versions:>1 sort:title";
    let mut pty = Pty::start(home.path(), &[]);
    pty.expect("reviewed ");
    pty.keys("a");
    pty.expect("kept");
    pty.keys(&format!("f{query}\r"));
    pty.expect("of 5");
    // Every row of the screen is a group of the shell, in the same order.
    let screen = pty.screen().contents();
    let rows: Vec<String> = screen
        .lines()
        .filter(|line| line.contains('×'))
        .map(|line| line.chars().skip(14).take(30).collect())
        .collect();
    assert_eq!(rows.len(), 5, "{screen}");
    let said = shell(
        home.path(),
        &["query", query, "assets/sample", "--format", "jsonl"],
    );
    let titles: Vec<&str> = said
        .lines()
        .filter_map(|line| line.split_once("\"title\":\"")?.1.split('"').next())
        .collect();
    let mut at = 0;
    for row in &rows {
        let row = row.trim();
        let found = titles[at..].iter().position(|title| title.starts_with(row));
        at += found.unwrap_or_else(|| panic!("{row:?} comes not in order in {titles:?}"));
    }
    // The file that the screen writes is the one that the shell writes.
    let (here, there) = (
        home.path().join("screen.jsonl"),
        home.path().join("shell.jsonl"),
    );
    pty.keys("E\u{15}");
    pty.expect("export to");
    pty.keys(&format!("{}\r", here.display()));
    pty.expect("records written to");
    shell(
        home.path(),
        &[
            "export",
            query,
            "assets/sample",
            "-o",
            there.to_str().expect("a path"),
        ],
    );
    let read = |path: &Path| fs::read_to_string(path).expect("an export");
    assert_eq!(read(&here), read(&there));
    assert!(
        read(&here).contains("\"verdict\":\"keep\""),
        "decisions go along"
    );
    // What exists is not written over.
    pty.keys("E\u{15}");
    pty.expect("export to");
    pty.keys(&format!("{}\r", here.display()));
    pty.expect("take another name");
    pty.keys("q");
    assert!(pty.ends().success());
}
