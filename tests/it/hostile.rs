//! Hostile files of every kind, made here: how many records load, what is said of the others, and a sentence of what
//! loads that `recto show` prints. Where readers may differ, this table says what recto does; docs/FORMATS.md says it in
//! words. And hostile articles on every screen.

mod files;
mod screens;

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// What is expected of a file.
struct Case {
    /// Its name: the folder says nothing, the extension names a format.
    name: &'static str,
    bytes: Vec<u8>,
    /// How many records load.
    records: usize,
    /// What is said on stderr, a line each, without the name of the file; each line begins so.
    said: &'static [&'static str],
    /// A record that loads, by its id or `-` where the file has one only, and what `recto show` prints of it.
    shows: Option<(&'static str, &'static str)>,
}

fn case(
    name: &'static str,
    bytes: impl Into<Vec<u8>>,
    records: usize,
    said: &'static [&'static str],
    shows: impl Into<Option<(&'static str, &'static str)>>,
) -> Case {
    Case {
        name,
        bytes: bytes.into(),
        records,
        said,
        shows: shows.into(),
    }
}

/// The program in a folder of its own, which knows no other.
fn recto(home: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_recto"));
    command
        .args(arguments)
        .current_dir(home)
        .env_clear()
        .env("HOME", home.join("home"))
        .stdin(Stdio::null());
    command.output().expect("recto runs")
}

/// What is wrong with what the program did with the file; nothing when all is as expected.
fn judge(case: &Case) -> Result<(), String> {
    let home = tempfile::tempdir().expect("a folder");
    fs::write(home.path().join(case.name), &case.bytes).expect("a file");
    let output = recto(home.path(), &["check", case.name]);
    let (told, said) = (text(&output.stdout)?, text(&output.stderr)?);
    let wrong = |what: &str| Err(format!("{what}:\n{told}{said}"));
    let noun = if case.records == 1 {
        "article"
    } else {
        "articles"
    };
    if !told.starts_with(&format!("{} {noun}", case.records)) {
        return wrong("another number of records");
    }
    if output.status.success() != (case.records > 0) {
        return wrong("another exit code");
    }
    let begin = format!("recto: {}: ", case.name);
    let lines: Vec<&str> = said
        .lines()
        .filter_map(|line| line.strip_prefix(&begin))
        .collect();
    let fits = |(line, expected): (&&str, &&str)| line.starts_with(expected);
    if lines.len() != case.said.len() || !lines.iter().zip(case.said).all(fits) {
        return wrong(&format!("{:?} was to be said", case.said));
    }
    if let Some((id, sentence)) = case.shows {
        let output = match id {
            "-" => recto(home.path(), &["show", case.name]),
            id => recto(home.path(), &["show", id, case.name]),
        };
        let shown = text(&output.stdout)?;
        if !shown.contains(sentence) {
            let said = text(&output.stderr)?;
            return Err(format!("{sentence:?} is not shown:\n{shown}{said}"));
        }
    }
    Ok(())
}

/// What the program printed: UTF-8, and nothing in it that a terminal obeys.
fn text(bytes: &[u8]) -> Result<String, String> {
    let text = String::from_utf8(bytes.to_vec()).map_err(|error| error.to_string())?;
    match text.lines().find(|line| !recto::text::is_safe(line)) {
        Some(line) => Err(format!("this is not safe to print: {line:?}")),
        None => Ok(text),
    }
}

#[test]
fn every_kind_of_hostile_file_has_one_outcome() {
    let cases = files::cases();
    let mut wrong = Vec::new();
    for case in &cases {
        if let Err(why) = judge(case) {
            wrong.push(format!("== {}\n{why}", case.name));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} are otherwise\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}

/// Who may say what to the outside, by the words that do it. Everybody else hands over `Clean` text.
const DOORS: &[(&str, &[&str])] = &[
    ("eprint", &["src/runtime/terminal.rs"]),
    (
        "io::stderr()",
        &[
            "src/cli/groups/gauge.rs",
            "src/cli/groups/interrupt.rs",
            "src/cli/output.rs",
            "src/cli/session.rs",
        ],
    ),
    ("println!", &["src/runtime/terminal.rs"]),
    ("CopyToClipboard", &["src/runtime/terminal.rs"]),
    ("SetTitle", &[]),
    (
        "Command::new",
        &["src/runtime/programs.rs", "src/store/ingest/process.rs"],
    ),
    ("\"sh\"", &[]),
    ("/bin/sh", &[]),
];

#[test]
fn nothing_goes_out_but_through_the_doors() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut used = std::collections::BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(env!("CARGO_MANIFEST_DIR"));
            let name = name.expect("below it").to_string_lossy().into_owned();
            if name.contains("/tests") {
                continue;
            }
            let source = fs::read_to_string(&path).expect("a source");
            let code = source
                .split("#[cfg(test)]\nmod tests {")
                .next()
                .unwrap_or_default();
            let lines = code.lines().filter(|it| !it.trim_start().starts_with("//"));
            for line in lines {
                for (word, allowed) in DOORS.iter().filter(|it| line.contains(it.0)) {
                    assert!(
                        allowed.contains(&&*name),
                        "{name} has a door of its own, {word}: {line}"
                    );
                    used.insert((*word, name.clone()));
                }
            }
        }
    }
    for (word, allowed) in DOORS {
        for name in *allowed {
            assert!(
                used.contains(&(word, (*name).to_owned())),
                "{name} no longer uses {word}"
            );
        }
    }
}
