//! Every command in the documents is run as it stands there, in a home of its own.
//!
//! - A block `sh`, or one that says nothing and begins with `recto`, is one script: it must end with 0. Behind `sh` may
//!   stand `needs TOOL…` (it is passed over where one is missing; `pyarrow` is the one for Python) or `not run: WHY`.
//! - A block `console` has commands behind `$ ` and what each prints, errors included; a line `…` stands for any lines,
//!   `…` in a line for any text. `RECTO_DOCS=write cargo test docs` puts in what is printed now.
//! - Statements for `sqlite3` are asked of a review log.
//!
//! The blocks of a document follow one another in one folder, in which assets/ and examples/ are copies, and
//! `crawl.jsonl` is a small collection. `cargo` is a stand-in: `cargo run` runs the program that the tests are built
//! with, of anything else it checks the names.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;

use clap::CommandFactory;
use recto::cli::args::Args;

use super::{Page, pages, rewrites, root};

/// A home, a folder to work in, and a PATH with the program on it.
pub struct Sandbox {
    home: tempfile::TempDir,
}

/// What stands in the place of cargo.
const CARGO: &str = r#"#!/usr/bin/env bash
set -eu
what="$1"; shift
case "$what" in
run)
    while [ "$1" != -- ]; do shift; done
    shift
    exec recto "$@" ;;
bench | test | install | build | clippy | fmt | doc | package | deny | deb)
    while [ $# -gt 0 ]; do
        case "$1" in
        --) break ;;
        --bench) test -f "$PROJECT/benches/$2.rs" || { echo "no benchmark $2" >&2; exit 101; } ;;
        --example) test -f "$PROJECT/examples/$2.rs" || { echo "no example $2" >&2; exit 101; } ;;
        esac
        shift
    done ;;
*)
    echo "no such command: cargo $what" >&2
    exit 101 ;;
esac
"#;

impl Sandbox {
    pub fn new() -> Self {
        let home = tempfile::tempdir().expect("a folder");
        for folder in ["bin", "work", "tmp"] {
            fs::create_dir(home.path().join(folder)).expect("a folder");
        }
        for folder in ["assets", "examples"] {
            copy(&root().join(folder), &home.path().join("work").join(folder));
        }
        let crawl = root().join("assets/sample/crawl.jsonl");
        fs::copy(crawl, home.path().join("work/crawl.jsonl")).expect("a copy");
        let tool = home.path().join("bin/cargo");
        fs::write(&tool, CARGO).expect("a script");
        let done = Command::new("chmod").arg("+x").arg(&tool).status();
        assert!(done.expect("chmod runs").success());
        let program = home.path().join("bin/recto");
        #[cfg(unix)]
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_recto"), program).expect("a link");
        #[cfg(not(unix))]
        fs::copy(env!("CARGO_BIN_EXE_recto"), program).expect("a copy");
        Self { home }
    }

    /// The folder that commands run in.
    pub fn folder(&self) -> PathBuf {
        self.home.path().join("work")
    }

    /// Runs a script; gives its exit code and what it printed, errors among it.
    pub fn run(&self, script: &str) -> (i32, String) {
        let path = std::env::var("PATH").unwrap_or_default();
        let home = self.home.path();
        let done = Command::new("bash")
            .args([
                "-eu",
                "-o",
                "pipefail",
                "-c",
                &format!("exec 2>&1\n{script}"),
            ])
            .current_dir(self.folder())
            .env_clear()
            .env("PATH", format!("{}:{path}", home.join("bin").display()))
            .env("HOME", home)
            .env("TMPDIR", home.join("tmp"))
            .env("PROJECT", root())
            .env("USER", "ada")
            .env("LANG", "C.UTF-8")
            .env("COLUMNS", "80")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .envs(["AUTHOR", "COMMITTER"].map(|who| (format!("GIT_{who}_NAME"), "Ada")))
            .envs(
                ["AUTHOR", "COMMITTER"].map(|who| (format!("GIT_{who}_EMAIL"), "ada@example.org")),
            )
            .stdin(Stdio::null())
            .output()
            .expect("bash runs");
        let printed = String::from_utf8(done.stdout).expect("text");
        (done.status.code().unwrap_or(-1), printed)
    }

    /// Says whether a tool is at hand; `pyarrow` is the one for Python.
    pub fn has(&self, tool: &str) -> bool {
        let question = match tool {
            "pyarrow" => "python3 -c 'import pyarrow.parquet'".to_owned(),
            tool => format!("command -v {tool}"),
        };
        self.run(&question).0 == 0
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from)
        .expect("the folder can be listed")
        .flatten()
    {
        let to = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &to),
            false => drop(fs::copy(entry.path(), to).expect("a copy")),
        }
    }
}

/// A block of a document.
struct Block<'a> {
    /// The line of its first fence, from 1.
    line: usize,
    /// What stands behind the first fence.
    info: &'a str,
    /// Its lines.
    lines: Vec<&'a str>,
}

fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    for (number, line) in text.lines().enumerate() {
        match line.trim_start().strip_prefix("```") {
            Some(info) if !open => blocks.push(Block {
                line: number + 1,
                info,
                lines: Vec::new(),
            }),
            Some(_) => {}
            None if open => blocks.last_mut().expect("an open block").lines.push(line),
            None => {}
        }
        open ^= line.trim_start().starts_with("```");
    }
    blocks
}

/// Why a block is not run, if it is not.
fn passed_over(info: &str, sandbox: &Sandbox) -> Option<String> {
    let (_, rest) = info.split_once(' ')?;
    if let Some(why) = rest.strip_prefix("not run: ") {
        return Some(why.to_owned());
    }
    let tools = rest
        .strip_prefix("needs ")
        .unwrap_or_else(|| panic!("what is {info:?}?"));
    let missing = tools.split(' ').find(|tool| !sandbox.has(tool))?;
    Some(format!("{missing} not found"))
}

/// The commands of a console, and what each is said to print.
fn transcript<'a>(block: &Block<'a>) -> Vec<(Vec<&'a str>, Vec<&'a str>)> {
    let mut said: Vec<(Vec<&str>, Vec<&str>)> = Vec::new();
    for line in &block.lines {
        let last = said.last_mut();
        match (line.strip_prefix("$ "), line.strip_prefix("> "), last) {
            (Some(command), ..) => said.push((vec![command], Vec::new())),
            (None, Some(more), Some((command, printed))) if printed.is_empty() => {
                command.push(more);
            }
            (_, _, Some((_, printed))) => printed.push(line),
            _ => panic!("line {}: a console begins with `$ `", block.line),
        }
    }
    said
}

/// Says whether text is what a pattern describes: `…` stands for anything.
fn fits_line(pattern: &str, line: &str) -> bool {
    let mut parts = pattern.split('…');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = line.strip_prefix(first) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, between)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in between {
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// The same for lines: `…` alone stands for any number of them.
fn fits(pattern: &[&str], lines: &[&str]) -> bool {
    match (pattern.split_first(), lines.split_first()) {
        (None, first) => first.is_none(),
        (Some((&"…", rest)), first) => {
            fits(rest, lines) || first.is_some_and(|(_, lines)| fits(pattern, lines))
        }
        (Some((expected, rest)), Some((line, lines))) => {
            fits_line(expected, line.trim_end()) && fits(rest, lines)
        }
        (Some(_), None) => false,
    }
}

/// Runs the blocks of a document. Gives how many ran and what went wrong; `changed` gets the blocks that print otherwise.
fn run(page: &Page, changed: &mut Vec<(usize, String)>) -> (usize, Vec<String>) {
    let mut ran = 0;
    let mut wrong = Vec::new();
    let mut sandbox = None;
    for block in blocks(&page.text) {
        let bare = block.info.is_empty()
            && block
                .lines
                .first()
                .is_some_and(|it| it.starts_with("recto "));
        let kind = match bare {
            true => "sh",
            false => block.info.split(' ').next().unwrap_or_default(),
        };
        if !["sh", "console"].contains(&kind) {
            continue;
        }
        let sandbox = sandbox.get_or_insert_with(Sandbox::new);
        let place = format!("{}:{}", page.name, block.line);
        if let Some(why) = passed_over(block.info, sandbox) {
            println!("skipped: {place}: {why}");
            continue;
        }
        ran += 1;
        if kind == "sh" {
            let (code, printed) = sandbox.run(&block.lines.join("\n"));
            if code != 0 {
                wrong.push(format!("{place}: exit code {code}:\n{printed}"));
            }
            continue;
        }
        let mut now = String::new();
        for (command, expected) in transcript(&block) {
            let (code, printed) = sandbox.run(&command.join("\n"));
            // `# exit 1` behind a command says that it is meant to end so.
            let last = command.last().copied().unwrap_or_default();
            let meant = last
                .rsplit_once("# exit ")
                .and_then(|it| it.1.trim().parse().ok());
            if code != meant.unwrap_or(0) {
                wrong.push(format!(
                    "{place}: $ {command:?}: exit code {code}:\n{printed}"
                ));
            }
            let lines: Vec<&str> = printed.lines().collect();
            let right = fits(&expected, &lines);
            let _ = writeln!(now, "$ {}", command.join("\n> "));
            for line in if right { &expected } else { &lines } {
                let _ = writeln!(now, "{}", line.trim_end());
            }
            if !right {
                wrong.push(format!("{place}: $ {command:?} prints:\n{printed}"));
            }
        }
        changed.push((block.line, now));
    }
    (ran, wrong)
}

/// Puts the new transcripts into a document.
fn rewrite(page: &Page, changed: &[(usize, String)]) {
    let lines: Vec<&str> = page.text.lines().collect();
    let mut text = String::new();
    let mut at = 0;
    for (first, now) in changed {
        for line in &lines[at..*first] {
            let _ = writeln!(text, "{line}");
        }
        text.push_str(now);
        let close = lines[*first..].iter().position(|it| it.starts_with("```"));
        at = first + close.expect("a closed block");
    }
    for line in &lines[at..] {
        let _ = writeln!(text, "{line}");
    }
    if text != page.text {
        page.write(&text);
    }
}

#[test]
fn commands_in_the_documents_work() {
    let all = pages();
    let waiting = Mutex::new(all.iter());
    let found = Mutex::new((0, Vec::new()));
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let Some(page) = waiting.lock().unwrap().next() else {
                        break;
                    };
                    let mut changed = Vec::new();
                    let (ran, mut wrong) = run(page, &mut changed);
                    if rewrites() {
                        rewrite(page, &changed);
                    }
                    let mut found = found.lock().unwrap();
                    found.0 += ran;
                    found.1.append(&mut wrong);
                }
            });
        }
    });
    let (ran, wrong) = found.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(ran > 10, "only {ran} blocks found");
}

#[test]
fn commands_between_backticks_exist() {
    let mut wrong = Vec::new();
    let mut all = Args::command();
    all.build();
    for page in pages() {
        for (line, code) in page.spans() {
            let Some(rest) = code.strip_prefix("recto ") else {
                continue;
            };
            let mut command = &all;
            let mut words = rest
                .split(' ')
                .take_while(|it| !["|", ">", "<"].contains(it))
                .peekable();
            while let Some(below) = words.peek().and_then(|word| command.find_subcommand(word)) {
                command = below;
                words.next();
            }
            // Of `verify|dump` each is one.
            if let Some(several) = words.peek().filter(|it| it.contains('|')) {
                for name in several.split('|') {
                    let known = command.find_subcommand(name).is_some() || is_value(command, name);
                    if !known {
                        wrong.push(format!("{}:{line}: {code}: {name}", page.name));
                    }
                }
            }
            for flag in words.filter_map(|word| word.strip_prefix("--")) {
                let flag = flag.split('=').next().unwrap_or_default();
                let known = command
                    .get_arguments()
                    .any(|it| it.get_long() == Some(flag));
                if !known && !["", "help", "version"].contains(&flag) {
                    wrong.push(format!("{}:{line}: {code}: --{flag}", page.name));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn statements_for_the_review_log_work() {
    let sandbox = Sandbox::new();
    let (code, said) = sandbox.run(
        "recto tag --add seen '' crawl.jsonl && recto note market-14 --text 'Ask.' --paragraph 1 crawl.jsonl",
    );
    assert_eq!(code, 0, "{said}");
    let mut count = 0;
    for page in pages() {
        for block in blocks(&page.text) {
            if !block
                .lines
                .first()
                .is_some_and(|it| it.starts_with("sqlite3 "))
            {
                continue;
            }
            // What the program would be given.
            let script = format!(
                "sqlite3() {{ printf '%s\\n' \"$@\"; }}\n{}",
                block.lines.join("\n")
            );
            let (_, given) = sandbox.run(&script);
            let given: Vec<&str> = given.splitn(3, '\n').collect();
            assert_eq!(given[0], "-readonly", "{}:{}", page.name, block.line);
            let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
            let log =
                rusqlite::Connection::open_with_flags(given[1], flags).expect("the log is there");
            let mut statement = log.prepare(given[2].trim_end()).expect("a statement");
            let mut rows = statement.query([]).expect("it is answered");
            let mut found = 0;
            while rows.next().expect("a row").is_some() {
                found += 1;
            }
            assert!(found > 0, "{}:{} finds nothing", page.name, block.line);
            count += 1;
        }
    }
    assert!(count > 1, "only {count} found");
}

#[test]
fn benchmarks_and_examples_that_documents_name_exist() {
    let mut count = 0;
    for page in pages() {
        for (flag, folder) in [("--bench ", "benches"), ("--example ", "examples")] {
            for rest in page.text.split(flag).skip(1) {
                let name = rest
                    .split(|it: char| !it.is_alphanumeric())
                    .next()
                    .unwrap_or_default();
                let file = root().join(folder).join(format!("{name}.rs"));
                assert!(file.exists(), "{}: {flag}{name}", page.name);
                count += 1;
            }
        }
    }
    assert!(count > 5, "only {count} found");
}

/// Says whether an argument of a command may have this value.
fn is_value(command: &clap::Command, name: &str) -> bool {
    command.get_positionals().any(|argument| {
        let mut values = argument.get_possible_values().into_iter();
        values.any(|it| it.matches(name, false))
    })
}

#[test]
fn transcripts_are_compared() {
    let fitting = [
        (vec!["a", "b"], vec!["a", "b"]),
        (vec!["a", "…"], vec!["a", "b", "c"]),
        (vec!["a", "…", "c"], vec!["a", "b", "c"]),
        (vec!["…"], vec![]),
        (vec!["id … end"], vec!["id 5d1c end"]),
    ];
    for (pattern, lines) in fitting {
        assert!(fits(&pattern, &lines), "{pattern:?} {lines:?}");
    }
    for (pattern, lines) in [
        (vec!["a"], vec!["b"]),
        (vec!["a"], vec!["a", "b"]),
        (vec!["a", "…", "d"], vec!["a", "b", "c"]),
        (vec!["id … end"], vec!["id 5d1c"]),
        (vec![], vec!["a"]),
    ] {
        assert!(!fits(&pattern, &lines), "{pattern:?} {lines:?}");
    }
}
