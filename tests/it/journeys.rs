//! What a person does, key by key, on the real runtime with the real stores.

use std::fs;
use std::path::PathBuf;

use crate::stage::{Stage, sample, seeds};

fn home() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

#[test]
fn the_two_seeds_are_one_row_and_compare_with_three_differences() {
    let Some(seeds) = seeds() else { return };
    let home = home();
    let mut stage = Stage::open(&seeds, home.path(), 120, 40);
    assert_eq!(stage.state().list.rows.len(), 1, "one row");
    stage
        .shows("Russian Plane Heads to U.S. With Supplies")
        .shows("×2")
        .shows("By AFP · 1 April 2020");
    stage
        .shows("themoscowtimes.com/2020/04/01")
        .hides("<u>")
        .hides("##")
        .hides("the\n delivery");
    stage
        .press("Enter")
        .press("i")
        .shows("## Russian Plane Heads")
        .shows("By <u>AFP</u>")
        .press("i q");

    stage
        .press("d")
        .shows("12 paragraphs the same · 3 differences");
    let compare = stage
        .state()
        .compare
        .as_ref()
        .expect("the comparison is open");
    assert_eq!(
        compare.described(),
        [
            "+ title, byline, date",
            "+ “Related article: Russia …”",
            "– 8 paragraphs / + source"
        ]
    );
    // The paragraph that was only broken in the middle carries no mark.
    let broken = compare.rows.iter().find(|row| {
        row.left
            .as_ref()
            .is_some_and(|cell| cell.text.starts_with("Contacted by AFP"))
    });
    let broken = broken.expect("the paragraph is there");
    assert!(
        broken
            .left
            .iter()
            .chain(&broken.right)
            .all(|cell| cell.marks.is_empty()),
        "{broken:?}"
    );

    stage
        .press("]")
        .shows("difference 1 of 3")
        .press("]")
        .shows("difference 2 of 3");
    stage
        .press("]")
        .shows("difference 3 of 3")
        .press("]")
        .shows("the last difference");
    stage
        .press("[")
        .shows("difference 2 of 3")
        .press("[ [")
        .shows("the first difference");
    stage
        .press("] ]")
        .shows("A Message from The Moscow Times")
        .resize(80, 24)
        .shows("A Message from");
    stage
        .press("=")
        .shows("A Message from")
        .press("q q")
        .hides("difference");
}

#[test]
fn a_resize_keeps_the_sentence_under_the_eye() {
    let home = home();
    let mut stage = Stage::open(&sample(), home.path(), 120, 24);
    stage.press("f text:bridge Enter Enter z Space");
    let on_top = |stage: &Stage| {
        stage
            .screen()
            .lines()
            .nth(2)
            .expect("a line")
            .trim()
            .to_owned()
    };
    let before = on_top(&stage);
    let first = before
        .split_whitespace()
        .take(2)
        .collect::<Vec<_>>()
        .join(" ");
    for (columns, rows) in [(80, 24), (40, 12), (100, 30), (120, 24)] {
        stage.resize(columns, rows);
        stage.shows(&first);
    }
    assert_eq!(
        on_top(&stage),
        before,
        "back at the first size it is back on top"
    );
}

#[test]
fn find_counts_and_goes_round() {
    let home = home();
    let mut stage = Stage::open(&sample(), home.path(), 100, 30);
    stage
        .press("f text:title:bridge Enter Enter")
        .press("/ text:bridge");
    let found = stage
        .state()
        .reader
        .found
        .clone()
        .expect("something is looked for");
    assert!(found.hits.len() > 2, "{}", found.hits.len());
    stage
        .shows(&format!("1/{}", found.hits.len()))
        .press("Enter n")
        .shows(&format!("bridge: 2/{}", found.hits.len()));
    stage
        .press("N N")
        .shows(&format!("bridge: {0}/{0}", found.hits.len()));
    stage
        .press("/ text:xyzzy")
        .shows("nothing found")
        .press("Esc")
        .hides("bridge: ");
}

#[test]
fn a_mistake_in_the_filter_has_a_caret_and_the_last_good_list_stays() {
    let home = home();
    let mut stage = Stage::open(&sample(), home.path(), 100, 30);
    let all = stage.state().list.rows.len();
    stage.press("f text:versions:>1");
    let good = stage.state().list.rows.len();
    assert!(good > 0 && good < all, "{good} of {all}");
    stage.paste(" tga:x").shows("^ no field is called tga");
    assert_eq!(
        stage.state().list.rows.len(),
        good,
        "the last good list stays"
    );
    let screen = stage.screen();
    let lines: Vec<&str> = screen.lines().collect();
    let at = lines[lines.len() - 2]
        .find("tga")
        .expect("the query stands above the caret");
    assert_eq!(
        lines[lines.len() - 1].find('^'),
        Some(at),
        "the caret stands under the mistake"
    );
    // A filter with a mistake is not taken; giving up brings the first list back.
    stage.press("Enter").shows("^ no field").press("Esc");
    assert_eq!(stage.state().list.rows.len(), all);
}

#[test]
fn tags_and_verdicts_are_there_after_a_restart_and_undo_reaches_back() {
    let home = home();
    let mut stage = Stage::open(&sample(), home.path(), 120, 40);
    stage.press("t text:to Tab Enter").shows("tagged todo");
    stage
        .press("2")
        .shows("tagged good")
        .press("2")
        .shows("untagged good");
    stage
        .press("t text:check_this Enter")
        .shows("tagged check-this");
    let first = stage.state().list.rows[0].hit.id;
    stage.press("a").shows("kept");
    assert_eq!(
        stage.state().list.cursor,
        1,
        "a verdict goes on to the next open row"
    );
    stage
        .press("x")
        .shows("dropped")
        .press("s")
        .shows("skipped");
    drop(stage);

    let mut stage = Stage::open(&sample(), home.path(), 120, 40);
    let row = &stage.state().list.rows[0];
    assert_eq!(row.hit.id, first);
    assert_eq!(row.hit.decision.verdict, Some(recto::model::Verdict::Keep));
    assert_eq!(
        row.hit.decision.tags.iter().collect::<Vec<_>>(),
        ["check-this", "todo"]
    );
    stage
        .press("u")
        .shows("skip")
        .press("u")
        .shows("drop")
        .press("u")
        .shows("kept");
    assert_eq!(stage.state().list.rows[0].hit.decision.verdict, None);
    stage.press("^r").shows("kept");
    assert_eq!(
        stage.state().list.rows[0].hit.decision.verdict,
        Some(recto::model::Verdict::Keep)
    );
    stage.press("f text:tag:todo Enter");
    assert_eq!(stage.state().list.rows.len(), 1);
}

#[test]
fn keeping_one_version_sets_the_others_aside_in_one_step() {
    let home = home();
    let mut stage = Stage::open(&sample(), home.path(), 120, 40);
    stage.press("f text:versions:>2 Enter l");
    assert_eq!(
        stage.state().list.rows.len(),
        4,
        "a group and its three versions"
    );
    stage.press("j a").shows("set aside");
    let aside = |stage: &Stage| {
        stage
            .state()
            .list
            .rows
            .iter()
            .filter(|row| row.version && row.hit.decision.superseded)
            .count()
    };
    assert_eq!(aside(&stage), 2);
    stage.press("u");
    assert_eq!(aside(&stage), 0, "one step of undo takes all of it back");
}

#[test]
fn all_hits_are_tagged_as_one_step() {
    let home = home();
    let mut stage = Stage::open(&sample(), home.path(), 120, 40);
    stage
        .press("f text:versions:>1 Enter *")
        .shows("hits selected")
        .press("4")
        .shows("tagged check");
    let hits = stage.state().list.rows.len();
    assert!(hits > 1);
    stage.press("Esc f ^u text:tag:check Enter");
    assert_eq!(stage.state().list.rows.len(), hits);
    stage.press("u").shows("check").press("R");
    assert_eq!(stage.state().list.rows.len(), 0);
}

#[test]
fn nothing_is_written_beside_the_sources() {
    let home = home();
    let folder = home.path().join("articles");
    fs::create_dir(&folder).expect("a folder");
    let file = folder.join("one.txt");
    fs::write(
        &file,
        "A first paragraph of an article.\n\nA second paragraph of it.\n",
    )
    .expect("a file");
    let before = fs::read(&file).expect("the file");
    let mut stage = Stage::open(
        std::slice::from_ref(&folder),
        &home.path().join("xdg"),
        80,
        24,
    );
    stage.press("t text:seen Enter a Enter i i q");
    assert_eq!(fs::read(&file).expect("the file"), before);
    let names: Vec<PathBuf> = fs::read_dir(&folder)
        .expect("the folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    assert_eq!(names, [file]);
}

#[test]
fn a_users_keymap_lies_over_the_default_and_a_mistake_is_named() {
    let home = home();
    let keymap = "[list]\n\"z\" = \"keep\"\n\"b\" = \"kep\"\n";
    let mut stage = Stage::open_with(&sample(), home.path(), keymap, 120, 40);
    stage.shows("keymap.toml:3").shows("keep");
    stage
        .press("z")
        .shows("kept")
        .press("?")
        .shows("z")
        .press("q");
    stage.press(": text:keep").shows("keep").press("Esc g g");
    assert_eq!(stage.state().list.cursor, 0);
}

#[test]
fn the_palette_finds_a_command_by_any_of_its_words() {
    let home = home();
    let mut stage = Stage::open(&sample(), home.path(), 120, 40);
    stage
        .press(": text:differences")
        .shows("compare")
        .press("Esc");
    stage.press(": text:narrow_list Enter");
    assert!(
        stage.state().prompt.is_some(),
        "the filter line is open:\n{}",
        stage.screen()
    );
}

#[test]
fn copying_says_what_it_did() {
    let home = home();
    let mut stage = Stage::open(&sample(), home.path(), 120, 40);
    stage
        .press("f text:has:url Enter Enter y u")
        .shows("address");
    assert!(
        stage.copied()[0].starts_with("https://"),
        "{:?}",
        stage.copied()
    );
    stage.press("^z");
    assert_eq!(stage.suspended(), 1);
}

#[test]
fn a_log_that_cannot_be_written_is_said_and_reading_goes_on() {
    let home = home();
    // A file where the folder should be: even root cannot write there.
    fs::write(home.path().join("data"), "not a folder").expect("a file");
    let mut stage = Stage::open(&sample(), home.path(), 120, 40);
    stage.press("a").shows("nothing can be saved");
    assert_eq!(
        stage.state().list.rows[0].hit.decision.verdict,
        None,
        "nothing is pretended"
    );
    stage.press("Enter Space q");
}

#[test]
fn the_whole_of_a_page_is_one_key_away() {
    let home = home();
    let folder = home.path().join("articles");
    fs::create_dir(&folder).expect("a folder");
    let sentence = "The harbour authority said that 41 fishing boats had been moved inland ahead of the storm, and that it was time. ";
    let page = format!(
        "<html><head><title>Boats Moved</title></head><body><nav><a href=/>Home of the Echo</a></nav><article><h1>Boats Moved</h1>\
         <p>{}</p><p>{}</p></article><script>unseen()</script><div class=share><a href=/s>Share this page</a></div></body></html>",
        sentence.repeat(2),
        sentence.repeat(2)
    );
    fs::write(folder.join("a.html"), page).expect("a file");
    let mut stage = Stage::open(&[folder], home.path(), 120, 40);
    stage
        .press("Enter")
        .shows("fishing boats")
        .hides("Home of the Echo");
    stage
        .press("i")
        .shows("Home of the Echo")
        .shows("Share this page")
        .shows("the source of the page");
    stage.press("i").hides("Home of the Echo").press("q");
}

#[test]
fn an_empty_folder_and_bad_files_are_named() {
    let home = home();
    let folder = home.path().join("articles");
    fs::create_dir(&folder).expect("a folder");
    fs::write(folder.join("empty.txt"), "").expect("a file");
    fs::write(folder.join("picture.txt"), b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").expect("a file");
    let paths = [folder, home.path().join("missing")];
    let mut stage = Stage::open(&paths, home.path(), 120, 40);
    stage
        .shows("No articles here")
        .shows("empty.txt")
        .shows("picture.txt")
        .shows("missing");
    stage.press("g l").shows("Messages").press("q q");
}

#[test]
fn keeping_a_side_goes_on_to_the_next_comparison() {
    let home = home();
    let mut stage = Stage::open(&sample(), home.path(), 120, 40);
    stage.press("f text:versions:>1 Enter d");
    let pair = |stage: &Stage| {
        stage
            .state()
            .compare
            .as_ref()
            .expect("a comparison")
            .pair
            .left
            .article
            .id
    };
    let first = pair(&stage);
    stage.press("<").shows("kept");
    let second = pair(&stage);
    assert_ne!(first, second, "the next group is compared");
    assert_eq!(stage.state().list.cursor, 1);
    stage.press("q j");
    assert!(stage.state().compare.is_none(), "nothing opens by itself");
}

#[test]
fn a_comparison_can_be_searched_unfolded_and_copied() {
    let home = home();
    let mut stage = Stage::open(&sample(), home.path(), 120, 40);
    stage
        .press("f text:title:reservoir Enter d")
        .shows("the same ⋯")
        .press("l")
        .hides("the same ⋯");
    stage
        .press("h")
        .shows("the same ⋯")
        .press("/ text:percent")
        .shows("1/2")
        .press("Enter n")
        .shows("percent: 2/2");
    stage.press("] y d").shows("difference sent");
    assert!(
        stage.copied()[0].contains("38 percent") && stage.copied()[0].contains("41 percent"),
        "{:?}",
        stage.copied()
    );
}

#[test]
fn a_kind_of_difference_is_hidden_by_a_key_and_a_number_never() {
    let home = home();
    let folder = home.path().join("articles");
    fs::create_dir(&folder).expect("a folder");
    let text = |harbour: &str, boats: &str, said: &str| {
        format!(
            "# The storm\n\nThe {harbour} was closed in the night while the storm went over the bay.\n\n\
             In the morning {boats} boats lay on the beach and nobody could say whose they were.\n\n\
             The mayor {said} sleep until the last of them was found and brought back to its owner.\n\n\
             {} stood on the pier and counted the lamps of the fleet as it came in from the sea.\n",
            if harbour == "harbour" {
                "A woman"
            } else {
                "An old woman"
            }
        )
    };
    fs::write(folder.join("a.md"), text("harbour", "40", "did")).expect("written");
    fs::write(folder.join("b.md"), text("Harbour", "44", "did not")).expect("written");
    let mut stage = Stage::open(&[folder], home.path(), 120, 40);
    stage.press("d").shows("· 1 difference");
    stage.press("H").press("c");
    stage
        .shows("case: 1 place hidden")
        .shows("1 block the same · 1 with hidden differences")
        .shows("hidden: 1 case")
        .hides("The Harbour");
    stage
        .press("H e")
        .shows("hidden: 1 edited, 1 case")
        .hides("An old woman");
    stage.press("H m H b H v H a H d");
    stage.shows("40 boats").shows("44 boats").shows("did not");
    stage
        .press("H H")
        .shows("The Harbour")
        .shows("An old woman")
        .hides("hidden");
    // It holds for the next comparison too.
    stage
        .press("H c q d")
        .shows("hidden: 1 case")
        .hides("The Harbour");
}

#[test]
fn only_one_version_of_a_group_is_kept() {
    let home = home();
    let mut stage = Stage::open(&sample(), home.path(), 120, 40);
    stage.press("f text:versions:>2 Enter l j a a");
    stage.press("f ^u text:is:kept Enter l");
    let kept = stage.state().list.rows.iter().filter(|row| {
        row.version
            && row.hit.decision.verdict == Some(recto::model::Verdict::Keep)
            && !row.hit.decision.superseded
    });
    assert_eq!(kept.count(), 1);
}

#[test]
fn chosen_groups_are_dropped_whole() {
    let home = home();
    let mut stage = Stage::open(&sample(), home.path(), 120, 40);
    stage
        .press("f text:versions:>2 Enter v x")
        .shows("dropped · 3 articles");
    stage.press("u * x").shows("dropped · 3 articles");
}

#[test]
fn a_tag_picked_from_the_candidates_is_the_one_that_is_meant() {
    let home = home();
    let mut stage = Stage::open(&sample(), home.path(), 120, 40);
    stage.press("t text:to Down Enter");
    let tags = &stage.state().list.rows[0].hit.decision.tags;
    assert_eq!(tags.iter().collect::<Vec<_>>(), ["todo"]);
}

#[test]
fn redo_with_nothing_to_redo_says_so() {
    let home = home();
    let mut stage = Stage::open(&sample(), home.path(), 120, 40);
    stage
        .press("^r")
        .shows("nothing to redo")
        .press("u")
        .shows("nothing to undo");
}

#[test]
fn escape_and_a_key_in_one_burst_are_two_keys() {
    let home = home();
    let mut stage = Stage::open(&sample(), home.path(), 120, 40);
    stage.press("f text:bridge Alt-j");
    assert!(stage.state().prompt.is_none(), "escape gave the filter up");
}
