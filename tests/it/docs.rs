//! The documents say what the program does: what can be made from it is, the rest is run.

mod commands;
mod dependencies;
mod examples;
mod generated;
mod links;
mod packages;

use std::fs;
use std::path::PathBuf;

/// A document of the project.
struct Page {
    /// Its path in the project.
    name: String,
    /// What stands in it.
    text: String,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Says whether documents are to be written anew: `RECTO_DOCS=write cargo test docs`.
fn rewrites() -> bool {
    std::env::var_os("RECTO_DOCS").is_some()
}

/// The documents at the top and in docs/, by name.
fn pages() -> Vec<Page> {
    let in_folder = |folder: &str| -> Vec<String> {
        let entries = fs::read_dir(root().join(folder)).expect("the folder can be listed");
        let names = entries.flatten().map(|it| it.file_name());
        let names = names.filter_map(|it| it.into_string().ok());
        let names = names.filter(|it| it.ends_with(".md"));
        names.map(|it| format!("{folder}{it}")).collect()
    };
    let mut names = in_folder("");
    names.extend(in_folder("docs/"));
    names.sort();
    assert!(names.len() > 10, "only {names:?}");
    let read = |name: String| Page {
        text: fs::read_to_string(root().join(&name)).expect("a document is text"),
        name,
    };
    names.into_iter().map(read).collect()
}

impl Page {
    fn write(&self, text: &str) {
        fs::write(root().join(&self.name), text).expect("the document is written");
    }

    /// The code between single backticks, outside of blocks, with its line number.
    fn spans(&self) -> Vec<(usize, &str)> {
        let mut spans = Vec::new();
        let mut fenced = false;
        for (number, line) in self.text.lines().enumerate() {
            if line.trim_start().starts_with("```") {
                fenced = !fenced;
            } else if !fenced {
                let code = line.split('`').skip(1).step_by(2);
                spans.extend(code.map(|code| (number + 1, code)));
            }
        }
        spans
    }
}
