//! Journeys of whoever writes things down: notes, saved filters, other names of tags, rules with their cost.

use crate::stage::{Stage, sample};

fn home() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn a_note_on_a_paragraph_stands_below_it_and_undo_takes_it_away() {
    let home = home();
    let mut stage = Stage::open(&sample(), home.path(), 120, 40);
    stage.press("f text:versions:>2 Enter Enter");
    // At the beginning it is about the article, further down about the paragraph on top.
    stage
        .press("c text:all-of-it Enter")
        .shows("note: all-of-it");
    stage
        .press("z } } } } c text:look-here Enter")
        .shows("noted · 1 article");
    let entry = stage.state().reader.entry.clone().unwrap();
    let notes = &entry.decision.notes;
    assert_eq!(notes.len(), 2);
    let on = notes[1].on.as_ref().unwrap();
    let words = entry.article.body().map(|block| block.text.as_str());
    assert_eq!(
        on.find(words).map(|at| at + 1),
        usize::try_from(on.paragraph).ok()
    );
    stage.shows("note: look-here");
    // After a restart it is there; nothing typed takes it away; undo brings it back.
    drop(stage);
    let mut stage = Stage::open(&sample(), home.path(), 120, 40);
    stage
        .press("f text:has:note Enter Enter")
        .shows("note: all-of-it");
    stage.press("c ^u Enter").hides("note: all-of-it");
    stage
        .press("u")
        .shows("took back: note taken away")
        .shows("note: all-of-it");
}

#[test]
fn a_filter_is_saved_asked_and_forgotten() {
    let home = home();
    let mut stage = Stage::open(&sample(), home.path(), 120, 40);
    stage
        .press("F text:empty Enter")
        .shows("filter the list first");
    stage.press("f text:versions:>2 Enter");
    let rows = stage.state().list.rows.len();
    stage
        .press("F text:big Enter")
        .shows("saved filter big: versions:>2");
    stage.press("f ^u Enter");
    assert!(stage.state().list.rows.len() > rows);
    stage
        .press("F")
        .shows("Saved filters")
        .press("Down Enter")
        .shows("f: query:big");
    assert_eq!(stage.state().list.rows.len(), rows);
    // It may stand in another query.
    stage.press("f ^u text:-query:big Enter");
    assert!(stage.state().list.rows.len() > rows);
    stage.press("F text:-big Enter").shows("removed filter big");
    stage.press("u").shows("took back: removed filter big");
    assert!(stage.state().saved.contains_key("big"));
}

#[test]
fn a_tag_gets_another_name_as_one_step() {
    let home = home();
    let mut stage = Stage::open(&sample(), home.path(), 120, 40);
    stage
        .press("f text:versions:>1 Enter * t text:todo/soon Enter")
        .shows("tagged todo/soon");
    stage
        .press("Esc T text:todo=later Enter")
        .shows("untagged todo/soon");
    stage.press("f ^u text:tag:later/soon Enter");
    assert!(!stage.state().list.rows.is_empty());
    stage.press("u").shows("took back");
    stage
        .press("T text:nobody=x Enter")
        .shows("no article has this tag");
    stage.press("T text:nonsense Enter").shows("old = new");
}

#[test]
fn a_rule_is_shown_with_its_cost_and_done_with_one_key() {
    let home = home();
    let mut stage = Stage::open(&sample(), home.path(), 120, 40);
    stage
        .press("g a Enter")
        .shows("What it would do")
        .shows("would be kept");
    assert!(stage.state().census.unwrap().reviewed == 0);
    stage.press("Esc").hides("What it would do");
    stage
        .press("g a Enter")
        .shows("What it would do")
        .press("Enter")
        .shows("set aside");
    stage.press("R");
    assert_eq!(
        stage.state().census.unwrap().reviewed,
        stage.state().census.unwrap().rows
    );
    stage.press("u").shows("took back: kept").press("R");
    assert_eq!(stage.state().census.unwrap().reviewed, 0);
    stage
        .press("g a ^u text:praise Enter")
        .shows("none of keep, drop, skip, none");
    stage
        .press("g a ^u text:keep Enter")
        .shows("a query stands behind the verdict");
}

#[test]
fn twenty_groups_are_decided_with_twenty_keys_over_a_kill() {
    let home = home();
    let folder = home.path().join("articles");
    std::fs::create_dir_all(&folder).unwrap();
    let words = [
        "quay", "ferry", "bridge", "market", "star", "comet", "harvest", "tunnel", "choir", "well",
    ];
    for group in 0..20 {
        let text = |more: &str| {
            let about = words[group % 10];
            let sentences: Vec<String> = (0..12)
                .map(|at| format!("Story {group} of the {about} says in part {at} that {} came {group}{at} times.", words[(group * 7 + at * 3) % 10]))
                .collect();
            format!(
                "The {about} of number {group}\n\n{}{more}\n",
                sentences.join(" ")
            )
        };
        std::fs::write(folder.join(format!("{group}-a.txt")), text("")).unwrap();
        std::fs::write(
            folder.join(format!("{group}-b.txt")),
            text(" Read more of it here."),
        )
        .unwrap();
    }
    let paths = [folder];
    let mut stage = Stage::open(&paths, home.path(), 120, 40);
    let rows = stage.state().census.unwrap().rows;
    assert!(rows >= 10, "{rows}");
    let keys = vec!["a"; usize::try_from(rows).unwrap() / 2].join(" ");
    stage.press(&keys);
    // Killed: nothing is said to anybody, the state is gone.
    std::mem::forget(stage);
    let mut stage = Stage::open(&paths, home.path(), 120, 40);
    assert_eq!(stage.state().census.unwrap().reviewed, rows / 2);
    for _ in rows / 2..rows {
        stage.press("f ^u text:-is:reviewed Enter a");
    }
    stage.press("f ^u Enter R");
    assert_eq!(
        stage.state().census.unwrap().reviewed,
        rows,
        "go on where it stopped"
    );
    for _ in 0..rows {
        stage.press("u");
    }
    stage.press("R");
    assert_eq!(
        stage.state().census.unwrap().reviewed,
        0,
        "undo reaches back over the kill"
    );
}
