//! What changed between two collections, on the screen.

use std::fs;
use std::path::{Path, PathBuf};

use crate::stage::Stage;

const FERRY: &str = "The ferry to the island sails again at noon, after a winter in which nobody crossed the sound.\n\n\
    Its captain expects two hundred passengers a day, and as many bicycles as the deck will hold.\n";
const OAK: &str = "The price of oak has doubled since spring, say the joiners of the valley.\n";
const BEES: &str = "Bees on the roof of the town hall made honey for the mayor.\n";

/// Two collections: one article the same, one changed much, one little, one renamed, one gone, one new.
fn collections(home: &Path) -> [PathBuf; 2] {
    for (name, text) in [
        ("old/same.txt", "Nothing ever happens here.\n".to_owned()),
        ("new/same.txt", "Nothing ever happens here.\n".to_owned()),
        ("old/ferry.txt", FERRY.to_owned()),
        ("new/ferry.txt", FERRY.replace("noon", "dawn")),
        ("old/oak.txt", OAK.to_owned()),
        (
            "new/oak.txt",
            OAK.replace("doubled since spring", "fallen by 12 percent"),
        ),
        ("old/bees.txt", BEES.to_owned()),
        ("new/honey.txt", BEES.to_owned()),
        (
            "old/gone.txt",
            "A short note that nobody kept.\n".to_owned(),
        ),
        (
            "new/fresh.txt",
            "A story that nobody had heard before it was told.\n".to_owned(),
        ),
    ] {
        let path = home.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("it is made");
        fs::write(path, text).expect("it is written");
    }
    [home.join("old"), home.join("new")]
}

/// What became of which article, in the order of the list.
fn listed(stage: &Stage) -> Vec<String> {
    let changes = stage.state().changes.as_ref().expect("the list is open");
    let rows = changes.rows().iter();
    rows.map(|it| format!("{} {}", it.place(), it.kinds()))
        .collect()
}

#[test]
fn the_list_has_the_largest_difference_first_and_opens_what_it_lists() {
    let home = tempfile::tempdir().expect("a folder");
    let inputs = collections(home.path());
    let mut stage = Stage::open(&inputs, home.path(), 120, 20);
    stage
        .press("g d")
        .shows("2 articles the same")
        .shows("2 differ · 1 renamed · 1 removed · 1 added");
    assert_eq!(
        listed(&stage),
        [
            "oak.txt 1 number",
            "ferry.txt 1 edited",
            "gone.txt removed",
            "fresh.txt added",
            "bees.txt → honey.txt renamed",
        ]
    );
    // Each opens, and the way back leads to the list.
    stage.press("Enter").shows("oak.txt").shows("12");
    stage.press("J").shows("dawn").press("J").press("K");
    stage
        .press("Esc")
        .shows("Changes")
        .shows("2 of 5 · ferry.txt");
    stage
        .press("j Enter")
        .shows("A short note that nobody kept.")
        .hides("Changes");
    stage
        .press("q")
        .shows("3 of 5 · gone.txt")
        .press("q")
        .hides("Changes");
}

#[test]
fn deciding_goes_back_to_the_list_at_the_next_row() {
    let home = tempfile::tempdir().expect("a folder");
    let inputs = collections(home.path());
    let mut stage = Stage::open(&inputs, home.path(), 120, 20);
    let row = |stage: &Stage| stage.state().changes.as_ref().map(|it| it.cursor);
    stage
        .press("g d Enter >")
        .shows("Changes")
        .shows("kept (1)");
    assert_eq!(row(&stage), Some(1));
    stage.press("j Enter x").shows("Changes").shows("dropped");
    assert_eq!(row(&stage), Some(3));
    stage
        .press("q f text:verdict:keep Enter")
        .shows("The price of oak");
    stage
        .press("f ^u text:verdict:drop Enter")
        .shows("A short note");
}

#[test]
fn one_input_cannot_be_compared_with_another() {
    let home = tempfile::tempdir().expect("a folder");
    let [old, _] = collections(home.path());
    let mut stage = Stage::open(&[old], home.path(), 120, 20);
    stage.press("g d").shows("recto OLD NEW").hides("Changes");
}

#[test]
fn a_collection_of_copies_has_no_changes() {
    let home = tempfile::tempdir().expect("a folder");
    let [old, _] = collections(home.path());
    let new = home.path().join("again");
    fs::create_dir_all(&new).expect("it is made");
    for entry in fs::read_dir(&old).expect("a folder") {
        let entry = entry.expect("a file");
        fs::copy(entry.path(), new.join(entry.file_name())).expect("it is copied");
    }
    let mut stage = Stage::open(&[old, new], home.path(), 80, 24);
    stage
        .press("g d")
        .shows("5 articles the same")
        .shows("Both hold the same articles.");
}
