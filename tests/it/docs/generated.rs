//! The documents that are made from the program. `RECTO_DOCS=write cargo test generated` makes them anew.

use std::fs;
use std::process::Command;

use super::{rewrites, root};

#[test]
fn generated_documents_are_in_step() {
    for (what, file) in [
        ("keys", "docs/KEYS.md"),
        ("commands", "docs/COMMANDS.md"),
        ("config", "docs/CONFIG.md"),
        ("query", "docs/QUERY.md"),
    ] {
        let made = Command::new(env!("CARGO_BIN_EXE_recto"))
            .args(["generate", what])
            .output()
            .expect("recto runs");
        assert!(made.status.success(), "{what}");
        let made = String::from_utf8(made.stdout).expect("text");
        let file = root().join(file);
        if rewrites() {
            fs::write(&file, &made).expect("the document is written");
        }
        let kept = fs::read_to_string(&file).unwrap_or_default();
        assert!(
            kept == made,
            "{} is out of date: RECTO_DOCS=write cargo test generated",
            file.display()
        );
    }
}
