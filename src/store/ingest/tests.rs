use std::fs;

use super::*;

fn names(ingested: &Ingested) -> Vec<String> {
    let paths = ingested.records.iter().map(|record| &record.source.path);
    paths
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect()
}

fn run(paths: &[PathBuf]) -> Ingested {
    ingest(paths, &formats::Options::default(), &Cancel::new())
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    folder
}

const TEXT: &str = "One paragraph.\n\nAnother one.\n";

#[test]
fn a_folder_is_read_by_name_without_hidden_and_ignored_files() {
    let folder = folder(&[
        ("b.txt", TEXT),
        ("a/z.txt", TEXT),
        ("a/y.txt", TEXT),
        (".hidden.txt", TEXT),
        ("skipped.txt", TEXT),
        (".gitignore", "skipped.txt\n"),
    ]);
    let all = run(&[folder.path().to_owned()]);
    assert_eq!(names(&all), ["y.txt", "z.txt", "b.txt"]);
    assert_eq!(all.diagnostics, []);
    assert_eq!(all.progress.files_found, 3);
    assert_eq!(all.progress.bytes, all.progress.bytes_found);
}

#[test]
fn what_is_excluded_is_left_out_of_folders_but_not_when_it_is_named() {
    let folder = folder(&[
        ("a.txt", TEXT),
        ("b.log", TEXT),
        ("old/c.txt", TEXT),
        ("new/c.txt", TEXT),
    ]);
    let options = formats::Options {
        exclude: vec!["*.log".to_owned(), "/old/".to_owned()],
        ..formats::Options::default()
    };
    let read = |path: PathBuf| ingest(&[path], &options, &Cancel::new());
    assert_eq!(names(&read(folder.path().to_owned())), ["a.txt", "c.txt"]);
    assert_eq!(names(&read(folder.path().join("b.log"))), ["b.log"]);
    assert_eq!(
        names(&read(folder.path().join("**/*.txt"))),
        ["a.txt", "c.txt"]
    );
}

#[test]
fn what_is_named_twice_is_read_once() {
    let folder = folder(&[("b.txt", TEXT), ("a.txt", TEXT)]);
    let all = run(&[folder.path().join("b.txt"), folder.path().to_owned()]);
    assert_eq!(names(&all), ["b.txt", "a.txt"]);
}

#[test]
fn a_pattern_that_the_shell_did_not_expand_works() {
    let folder = folder(&[("a.txt", TEXT), ("b.md", TEXT), ("deep/c.txt", TEXT)]);
    assert_eq!(names(&run(&[folder.path().join("*.txt")])), ["a.txt"]);
    assert_eq!(
        names(&run(&[folder.path().join("**/*.txt")])),
        ["a.txt", "c.txt"]
    );
    let none = run(&[folder.path().join("*.html")]);
    assert_eq!(none.diagnostics[0].message, "no file matches this pattern");
}

#[test]
fn bad_input_is_named_and_the_rest_loads() {
    let folder = folder(&[("good.txt", TEXT), ("empty.txt", ""), ("none/.x", "")]);
    let missing = folder.path().join("missing.txt");
    let none = folder.path().join("none");
    let all = run(&[missing.clone(), none.clone(), folder.path().to_owned()]);
    assert_eq!(names(&all), ["good.txt"]);
    let said: Vec<&Path> = all.diagnostics.iter().map(|it| it.path.as_path()).collect();
    assert_eq!(said, [&*missing, &*none, &*folder.path().join("empty.txt")]);
    assert_eq!(all.diagnostics[0].message, "no such file or folder");
}

#[cfg(unix)]
#[test]
fn a_named_link_is_followed_and_one_met_while_walking_is_not() {
    let secret = folder(&[("secret.txt", TEXT)]);
    let folder = folder(&[("a.txt", TEXT)]);
    let link = folder.path().join("link.txt");
    std::os::unix::fs::symlink(secret.path().join("secret.txt"), &link).unwrap();
    std::os::unix::fs::symlink(secret.path(), folder.path().join("linked")).unwrap();
    std::os::unix::fs::symlink("nowhere", folder.path().join("broken")).unwrap();
    assert_eq!(names(&run(&[folder.path().to_owned()])), ["a.txt"]);
    assert_eq!(names(&run(&[link])), ["link.txt"]);
    assert_eq!(names(&run(&[folder.path().join("linked")])), ["secret.txt"]);
    let broken = run(&[folder.path().join("broken")]);
    assert_eq!(broken.diagnostics[0].message, "a link that leads nowhere");
}

#[test]
fn called_off_work_ends_with_what_it_has() {
    let folder = folder(&[("a.txt", TEXT)]);
    let cancel = Cancel::new();
    cancel.cancel();
    let all = ingest(
        &[folder.path().to_owned()],
        &formats::Options::default(),
        &cancel,
    );
    assert!(all.records.is_empty() && all.diagnostics.is_empty());
}
