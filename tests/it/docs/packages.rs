//! What packages take: man pages, completions, the sample, and nothing that does not belong.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use clap::CommandFactory;
use recto::cli::args::Args;

use super::root;

fn generate(arguments: &[&str]) -> (i32, String, String) {
    let done = Command::new(env!("CARGO_BIN_EXE_recto"))
        .arg("generate")
        .args(arguments)
        .output()
        .expect("recto runs");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    let code = done.status.code().unwrap_or(-1);
    (code, text(done.stdout), text(done.stderr))
}

fn files(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).expect("the folder is made").flatten();
    entries
        .map(|it| it.file_name().into_string().expect("text"))
        .collect()
}

/// The names of the pages of a command and of those below it.
fn page_names(command: &clap::Command, name: &str, names: &mut BTreeSet<String>) {
    names.insert(format!("{name}.1"));
    let below = command
        .get_subcommands()
        .filter(|it| it.get_name() != "help");
    for command in below {
        page_names(command, &format!("{name}-{}", command.get_name()), names);
    }
}

#[test]
fn every_command_has_a_man_page() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("new/man");
    let (code, out, err) = generate(&["man", "--out", folder.to_str().unwrap()]);
    assert_eq!((code, &*out, &*err), (0, "", ""));
    let mut all = Args::command();
    all.build();
    let mut expected = BTreeSet::new();
    page_names(&all, "recto", &mut expected);
    assert_eq!(files(&folder), expected);
    assert!(expected.contains("recto-review-merge.1"), "{expected:?}");
    for name in &expected {
        let page = fs::read_to_string(folder.join(name)).unwrap();
        assert!(page.contains(".TH "), "{name}");
        assert!(page.contains(".SH SYNOPSIS"), "{name}");
    }
    let (_, one, _) = generate(&["man"]);
    assert_eq!(one, fs::read_to_string(folder.join("recto.1")).unwrap());
    for section in ["EXIT STATUS", "FILES", "ENVIRONMENT", "EXAMPLES"] {
        assert!(one.contains(&format!(".SH {section}")), "{section}");
    }
}

#[test]
fn completions_are_scripts_that_their_shells_can_read() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("completions");
    let (code, _, err) = generate(&["completions", "--out", folder.to_str().unwrap()]);
    assert_eq!((code, &*err), (0, ""));
    for (shell, file) in [
        ("bash", "recto.bash"),
        ("zsh", "_recto"),
        ("fish", "recto.fish"),
    ] {
        let script = fs::read_to_string(folder.join(file)).unwrap();
        assert!(
            script.contains("verdict") && script.contains("dry-run"),
            "{file}"
        );
        assert_eq!(generate(&["completions", shell]).1, script, "{shell}");
        let read = Command::new(shell)
            .arg("-n")
            .arg(folder.join(file))
            .output();
        match read {
            Ok(read) => assert!(read.status.success(), "{read:?}"),
            Err(_) => println!("skipped: {shell} not found"),
        }
    }
    // What a person would see behind `recto rev` and the tabulator.
    let complete = format!(
        "source {}; COMP_WORDS=(recto rev); COMP_CWORD=1; _recto recto rev recto; echo \"${{COMPREPLY[*]}}\"",
        folder.join("recto.bash").display()
    );
    let said = Command::new("bash").args(["-c", &complete]).output();
    match said {
        Ok(said) => assert_eq!(String::from_utf8_lossy(&said.stdout).trim(), "review"),
        Err(_) => println!("skipped: bash not found"),
    }
}

#[test]
fn what_cannot_be_generated_is_said() {
    for (arguments, says) in [
        (&["completions"][..], "--out DIR"),
        (&["man", "bash"], "unexpected argument"),
        (&["query", "--out", "x"], "unexpected argument"),
        (&["screens", "assets/sample"], "--out <DIR>"),
        (&["completions", "sh"], "invalid value"),
    ] {
        let (code, _, err) = generate(arguments);
        assert_eq!(code, 2, "{arguments:?}");
        assert!(err.contains(says), "{arguments:?}: {err}");
    }
    let (code, _, err) = generate(&["man", "--out", "/dev/null/man"]);
    assert_eq!(code, 1);
    assert!(
        err.contains("/dev/null/man/recto.1 cannot be written"),
        "{err}"
    );
}

#[test]
fn the_package_holds_the_program_and_nothing_else() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let list = Command::new(cargo)
        .args(["package", "--list", "--allow-dirty", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(list.status.success(), "{list:?}");
    let list = String::from_utf8(list.stdout).expect("text");
    let tops: BTreeSet<&str> = list.lines().filter_map(|it| it.split('/').next()).collect();
    let expected = [
        ".cargo_vcs_info.json",
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "Cargo.lock",
        "Cargo.toml",
        "Cargo.toml.orig",
        "LICENSE",
        "README.md",
        "SECURITY.md",
        "assets",
        "benches",
        "clippy.toml",
        "deny.toml",
        "docs",
        "examples",
        "packaging",
        "proptest-regressions",
        "rustfmt.toml",
        "src",
        "tests",
    ];
    let unexpected: Vec<_> = tops.iter().filter(|it| !expected.contains(it)).collect();
    assert!(unexpected.is_empty(), "{unexpected:?}");
    for needed in [
        "src/main.rs",
        "assets/keymap.toml",
        "assets/sample/crawl.jsonl",
        "examples/diff.rs",
    ] {
        assert!(list.lines().any(|it| it == needed), "{needed} is missing");
    }
}

#[test]
fn the_debian_package_names_files_that_exist() {
    let text = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let manifest: toml::Table = text.parse().unwrap();
    let deb = &manifest["package"]["metadata"]["deb"];
    let assets = deb["assets"].as_array().unwrap();
    for asset in assets {
        let from = asset[0].as_str().unwrap();
        // What is under target/ is made by packaging/deb.
        let folder = from.rsplit_once('/').map_or("", |it| it.0);
        let exists =
            root().join(from).exists() || from.contains('*') && root().join(folder).is_dir();
        assert!(from.starts_with("target/") || exists, "{from}");
    }
}
