//! What was read, marked and chosen takes part in queries, on the screen and without it.

use std::fs;
use std::process::Command;

use crate::stage::{Stage, sample};

#[test]
fn what_was_opened_is_read_and_stays_so() {
    let home = tempfile::tempdir().expect("a folder");
    let mut stage = Stage::open_kept(&sample(), home.path(), 120, 40);
    let all = stage.state().list.rows.len();
    stage.press("f text:is:read Enter");
    assert_eq!(stage.state().list.rows.len(), 0, "looking is not reading");
    stage.press("f ^u Enter j Enter");
    let opened = stage.state().reader.entry.as_ref().map(|it| it.article.id);
    stage.press("q f ^u text:is:read Enter");
    let found = |stage: &Stage| {
        let rows = stage.state().list.rows.iter();
        rows.map(|row| row.hit.id).collect::<Vec<_>>()
    };
    assert_eq!(found(&stage), Vec::from_iter(opened));
    stage.press("f ^u text:is:unread Enter");
    // A group with a version that was not opened is still a hit.
    let versions = |stage: &Stage| {
        let rows = stage.state().list.rows.iter();
        rows.map(|row| u64::from(row.hit.versions)).sum::<u64>()
    };
    assert!((all - 1..=all).contains(&found(&stage).len()));
    assert!(versions(&stage) > 0);
    stage.press("f ^u Enter g g Enter m a q f ^u text:is:marked Enter");
    assert_eq!(found(&stage).len(), 1);
    stage.press("f ^u Enter");
    stage.quit();

    let mut stage = Stage::open_kept(&sample(), home.path(), 120, 40);
    stage.press("f ^u text:is:read Enter");
    assert_eq!(found(&stage).len(), 2, "the next run knows it");
    stage.quit();

    let state = home.path().join("xdg/recto/places");
    fs::create_dir_all(&state).expect("a folder");
    for file in fs::read_dir(home.path().join("state/places")).expect("places were kept") {
        let file = file.expect("a file");
        fs::copy(file.path(), state.join(file.file_name())).expect("a copy");
    }
    let count = |query: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_recto"))
            .args(["query", query, "--format", "tsv"])
            .args(sample())
            .env_clear()
            .env("HOME", home.path())
            .env("XDG_STATE_HOME", home.path().join("xdg"))
            .output()
            .expect("recto runs");
        String::from_utf8_lossy(&output.stdout).lines().count()
    };
    let (read, marked) = (count("is:read"), count("is:marked"));
    assert_eq!(
        (read, marked),
        (2, 1),
        "the shell says what the screen says"
    );
}

#[test]
fn the_selection_can_be_looked_at_and_narrowed() {
    let home = tempfile::tempdir().expect("a folder");
    let mut stage = Stage::open(&sample(), home.path(), 120, 40);
    stage.press("v j v f text:is:selected Enter");
    assert_eq!(stage.state().list.rows.len(), 2);
    assert_eq!(stage.state().list.selected.len(), 2, "it is still chosen");
    stage.press("4").shows("tagged check");
    stage.press("f ^u text:#check Enter");
    assert_eq!(stage.state().list.rows.len(), 2);
    stage.press("f ^u Enter * f ^u text:is:selected_versions:>1 Enter");
    let rows = stage.state().list.rows.len();
    assert!(rows > 0 && stage.state().list.all);
    stage.press("f ^u text:versions:>1 Enter");
    assert_eq!(stage.state().list.rows.len(), rows);
}
