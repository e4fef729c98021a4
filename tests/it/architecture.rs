//! The map of ARCHITECTURE.md holds: who may use whom, and who must not know what.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A module and the modules that it may use. Everybody may use itself and `cancel`.
const EDGES: &[(&str, &[&str])] = &[
    ("cancel", &[]),
    ("nearest", &[]),
    ("model", &[]),
    ("text", &["model"]),
    ("diff", &["model", "text"]),
    ("group", &["model", "text"]),
    ("query", &["model", "text", "nearest"]),
    ("formats", &["model", "text"]),
    (
        "store",
        &["model", "text", "diff", "group", "query", "formats"],
    ),
    ("app", &["model", "text", "diff", "query", "store::types"]),
    ("notice", &["model", "text", "nearest"]),
    ("keymap", &["app::action", "nearest", "notice"]),
    ("theme", &[]),
    ("config", &["theme", "nearest", "notice"]),
    // The screen reads what the state holds, so it sees the plain data of the core.
    (
        "view",
        &[
            "app",
            "text",
            "keymap",
            "theme",
            "model",
            "diff",
            "store::types",
        ],
    ),
    ("runtime", &["*"]),
    ("cli", &["*"]),
    ("main", &["cli"]),
    ("lib", &["*"]),
];

/// Words that must not stand in the code of a module, and why.
const ABSENT: &[(&str, &[&str], &str)] = &[
    (
        "model",
        &["std::fs", "std::io", "SystemTime", "Instant", "std::env"],
        "things know no world",
    ),
    (
        "text",
        &["std::fs", "std::io", "SystemTime", "Instant", "std::env"],
        "the core has no IO and no clock",
    ),
    (
        "diff",
        &[
            "std::fs",
            "std::io",
            "SystemTime",
            "Instant",
            "std::env",
            "thread::spawn",
        ],
        "same input, same output",
    ),
    (
        "group",
        &[
            "std::fs",
            "std::io",
            "SystemTime",
            "Instant",
            "std::env",
            "thread::spawn",
        ],
        "same input, same output",
    ),
    (
        "query",
        &["std::fs", "std::io", "SystemTime", "Instant", "std::env"],
        "today is handed in",
    ),
    (
        "app",
        &[
            "crossterm",
            "std::fs",
            "std::io",
            "SystemTime",
            "Instant",
            "thread::spawn",
            "std::env",
        ],
        "state and transitions only",
    ),
    (
        "view",
        &[
            "crossterm",
            "std::fs",
            "SystemTime",
            "Instant",
            "&mut State",
        ],
        "drawing changes nothing",
    ),
    (
        "keymap",
        &["crossterm", "ratatui"],
        "keys are tested without a terminal library",
    ),
    ("store", &["ratatui", "crossterm"], "stores know no screen"),
];

#[test]
fn modules_use_only_what_the_map_allows() {
    let mut wrong = Vec::new();
    for (module, file) in sources() {
        let allowed = EDGES
            .iter()
            .find(|(name, _)| *name == module)
            .map(|(_, allowed)| *allowed);
        let allowed = allowed.unwrap_or_else(|| panic!("{module} is not on the map"));
        if allowed == ["*"] {
            continue;
        }
        for used in uses(&code_of(&file)) {
            let first = used.split("::").next().unwrap_or_default();
            let fits = |edge: &str| {
                used == *edge || used.starts_with(&format!("{edge}::")) || *first == *edge
            };
            let may = first == module
                || first == "cancel"
                || allowed.iter().any(|edge| {
                    if edge.contains("::") {
                        used.starts_with(edge)
                    } else {
                        fits(edge)
                    }
                });
            if !may {
                wrong.push(format!("{}: {module} uses {used}", file.display()));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "edges that are not on the map:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn modules_do_not_know_what_they_must_not() {
    let mut wrong = Vec::new();
    for (module, file) in sources() {
        for (_, words, why) in ABSENT.iter().filter(|(name, _, _)| *name == module) {
            let code = code_of(&file);
            let found = words.iter().filter(|word| code.contains(**word));
            wrong.extend(found.map(|word| format!("{}: {word} ({why})", file.display())));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_map_in_the_document_is_the_map_of_the_test() {
    let document = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    let lines: BTreeMap<&str, Vec<&str>> = document
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` | "))
        .map(|(module, rest)| {
            let allowed = rest.split('|').next().unwrap_or_default();
            (module, allowed.split('`').skip(1).step_by(2).collect())
        })
        .collect();
    for (module, allowed) in EDGES
        .iter()
        .filter(|(name, _)| !["lib", "main", "cancel"].contains(name))
    {
        let stated = lines
            .get(module)
            .unwrap_or_else(|| panic!("ARCHITECTURE.md has no line for {module}"));
        let allowed: Vec<&str> = if *allowed == ["*"] {
            Vec::new()
        } else {
            allowed.to_vec()
        };
        assert_eq!(*stated, allowed, "{module}");
    }
}

#[test]
fn the_walks_of_the_document_lead_somewhere() {
    let document = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    for (walk, least) in [("## One key", 8), ("## One article", 10)] {
        let section = document.split(walk).nth(1).expect(walk);
        let section = section.split("\n## ").next().unwrap_or_default();
        let steps: Vec<_> = section.lines().filter(|it| it.starts_with("| `")).collect();
        assert!(steps.len() >= least, "{walk} has {} steps", steps.len());
        for step in steps {
            let cells: Vec<&str> = step.split('|').collect();
            let file = cells[1].trim().trim_matches('`');
            let text = fs::read_to_string(root().join("src").join(file))
                .unwrap_or_else(|_| panic!("{walk}: there is no src/{file}"));
            for name in cells[2].split('`').skip(1).step_by(2) {
                let defined = ["fn", "struct", "enum", "trait"].iter().any(|kind| {
                    [" ", "(", "<", "{"]
                        .iter()
                        .any(|behind| text.contains(&format!("{kind} {name}{behind}")))
                });
                assert!(defined, "{walk}: src/{file} has no {name}");
            }
            let others = cells[3..].join("|");
            for other in others.split('`').skip(1).step_by(2) {
                let is_path = other.ends_with(".rs");
                assert!(
                    !is_path || root().join("src").join(other).exists(),
                    "{walk}: {other}"
                );
            }
        }
    }
}

#[test]
fn the_document_names_every_module() {
    let document = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    let map = document.split("```").nth(1).expect("the map");
    for (module, _) in EDGES
        .iter()
        .filter(|(name, _)| !["lib", "main"].contains(name))
    {
        let found = map.contains(&format!("{module}/")) || map.contains(&format!("{module}.rs"));
        assert!(found || *module == "cancel", "the map lacks {module}");
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every source file with the top-level module that it belongs to.
fn sources() -> Vec<(String, PathBuf)> {
    fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("src can be listed") {
            let path = entry.expect("src can be listed").path();
            if path.is_dir() {
                walk(&path, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    let source = root().join("src");
    let mut files = Vec::new();
    walk(&source, &mut files);
    assert!(files.len() > 30, "only {} source files found", files.len());
    let module = |file: &Path| {
        let first = file
            .strip_prefix(&source)
            .expect("under src")
            .iter()
            .next()
            .expect("a name");
        first.to_string_lossy().trim_end_matches(".rs").to_owned()
    };
    files.retain(|file| !file.ends_with("tests.rs") && !file.iter().any(|part| part == "tests"));
    files
        .into_iter()
        .map(|file| (module(&file), file))
        .collect()
}

/// The file without its unit tests and comments.
fn code_of(file: &Path) -> String {
    let text = fs::read_to_string(file).expect("source is text");
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    code.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Paths behind `crate::` anywhere in the code; groups in braces are taken apart at their first level.
fn uses(code: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let path: String = rest
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_' || *c == ':')
            .collect();
        if let Some(inner) = rest[path.len()..].strip_prefix('{') {
            let inner = inner.split('}').next().unwrap_or_default();
            paths.extend(
                inner
                    .split(',')
                    .map(|part| format!("{path}{}", part.trim())),
            );
        } else {
            paths.push(path);
        }
    }
    paths
}
