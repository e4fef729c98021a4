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
        compare.described().collect::<Vec<_>>(),
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
    // What is called so comes first.
    stage.press(": text:ke");
    let prompt = stage.state().prompt.as_ref().expect("the palette");
    assert!(
        prompt.candidates[0].label.starts_with("keep "),
        "{:?}",
        prompt.candidates[0]
    );
    stage.press("Esc");
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
fn a_comparison_is_the_same_however_one_goes_through_it() {
    let lines = |stage: &Stage| {
        let compare = stage.state().compare.as_ref();
        compare.expect("the comparison is open").lines.clone()
    };
    for keys in ["", "=", "l", "l =", "i", "H H", "H H l i ="] {
        let home = home();
        let open = |rows| {
            let mut stage = Stage::open(&sample(), home.path(), 100, rows);
            stage
                .press("f text:title:library Enter d g g")
                .press(keys)
                .press("g g");
            stage
        };
        let all = lines(&open(400));
        let mut stage = open(14);
        let first = lines(&stage);
        let mut seen = first.clone();
        loop {
            let before = lines(&stage);
            let now = lines(stage.press("j"));
            if now == before {
                break;
            }
            assert_eq!(now[..now.len() - 1], before[1..], "{keys}");
            seen.extend(now.last().cloned());
        }
        assert_eq!(seen, all, "{keys}");
        let last = lines(&stage);
        assert_eq!(lines(stage.press("g g")), first, "{keys}");
        assert_eq!(lines(stage.press("G")), last, "{keys}");
        for _ in 0..all.len() {
            stage.press("k");
        }
        assert_eq!(lines(&stage), first, "{keys}");
    }
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

/// Four stories with one notice, and one more that two files tell in versions.
fn crawl(home: &std::path::Path) -> Vec<PathBuf> {
    let notice = "We use cookies on this site so that it works as you would expect it to work.";
    let stories = [
        "Fishermen in the northern bay can moor at the new quay after eleven years of dredging and waiting.",
        "A class of twelve-year-olds has discovered a variable star that had escaped every survey so far.",
        "The onion market at Oxenholt opened with higher prices, and the office expects them to hold.",
        "Engineers have closed the swing bridge for a month, because its oldest bearing has cracked.",
    ];
    let folder = home.join("crawl");
    fs::create_dir_all(&folder).expect("a folder");
    for (at, story) in stories.iter().enumerate() {
        let text = format!(
            "# Story {at}\n\n{story}\n\nIt is the talk of the town, all {at} of them say.\n\n{notice}\n"
        );
        fs::write(folder.join(format!("{at}.md")), text).expect("a file");
    }
    let plane = "A military plane with masks and ventilators left for the west on Wednesday, the ministry said.\n\n\
        The crew had loaded the cargo overnight after a call between the two presidents about hospitals.\n";
    fs::write(
        folder.join("plane-a.md"),
        format!("# Plane heads west\n\n{plane}"),
    )
    .expect("a file");
    fs::write(
        folder.join("plane-b.md"),
        format!("# Plane leaves\n\n{plane}\nMore soon.\n"),
    )
    .expect("a file");
    vec![folder]
}

#[test]
fn a_version_that_is_none_is_parted_and_undo_joins_it_again() {
    let home = home();
    let mut stage = Stage::open(&sample(), home.path(), 120, 40);
    stage.press("f text:versions:>2 Enter").shows("×3");
    // Which of three? The row of the group does not say.
    stage.press("g n").shows("which of the 3?");
    stage.press("l j j j").shows("bridge-wire.txt");
    let versions = |stage: &Stage| {
        let entry = stage.state().reader.entry.clone().expect("an article");
        (entry.article.id, entry.versions.clone())
    };
    let (third, of_three) = versions(&stage);
    assert_eq!((of_three[2], of_three.len()), (third, 3));
    stage
        .press("g n")
        .shows("parted · 2 articles")
        .shows("No article matches");
    // Version A stands alone now: the second went with the third, which it is nearer to.
    stage.press("f ^u Enter");
    let row = |stage: &Stage, id| {
        let mut rows = stage.state().list.rows.iter();
        rows.find(|row| row.hit.id == id)
            .map(|row| row.hit.versions)
    };
    assert_eq!(row(&stage, of_three[0]), Some(1));
    let together = of_three[1..].iter().find_map(|id| row(&stage, *id));
    assert_eq!(together, Some(2));

    // Another start reads the same, and undo gives the group back.
    drop(stage);
    let mut stage = Stage::open(&sample(), home.path(), 120, 40);
    stage
        .press("f text:versions:>2 Enter")
        .shows("No article matches");
    stage
        .press("u")
        .shows("took back: parted · 2 articles")
        .shows("×3");
    stage.press("^r").shows("No article matches");
}

#[test]
fn two_rows_are_joined_one_after_the_other() {
    let home = home();
    let mut stage = Stage::open(&crawl(home.path()), home.path(), 120, 40);
    let rows = stage.state().list.rows.len();
    stage
        .press("f text:title:story Enter g s")
        .shows("the same text as “Story");
    stage
        .press("Esc")
        .shows("called off")
        .hides("the same text as");
    stage.press("g s g s").shows("the same article");
    let first = stage.state().list.rows[0].hit.id;
    stage.press("g s j").shows("on the other one");
    let second = stage.state().list.rows[1].hit.id;
    stage.press("g s").shows("joined · 2 articles").shows("×2");
    assert_eq!(stage.state().list.rows.len(), 3);
    let versions = &stage
        .state()
        .reader
        .entry
        .as_ref()
        .expect("an article")
        .versions;
    assert!(versions.contains(&first) && versions.contains(&second));
    stage
        .press("g w")
        .shows("You said that A and B are one text.")
        .press("q");
    stage
        .press("u")
        .shows("took back: joined")
        .press("f ^u Enter");
    assert_eq!(stage.state().list.rows.len(), rows);
    // Chosen rows are joined at once.
    stage
        .press("f ^u text:title:story Enter v v v g s")
        .shows("joined · 3 articles")
        .shows("×3");
}

#[test]
fn parting_in_a_comparison_goes_on_to_the_next_version() {
    let home = home();
    let mut stage = Stage::open(&sample(), home.path(), 120, 40);
    stage.press("f text:versions:>2 Enter d");
    let pair = |stage: &Stage| {
        let pair = &stage.state().compare.as_ref().expect("a comparison").pair;
        (pair.left.article.id, pair.right.article.id)
    };
    let (left, right) = pair(&stage);
    stage.press("g n").shows("parted · 2 articles").shows("A ");
    let (now_left, now_right) = pair(&stage);
    assert_eq!(now_left, left);
    assert_ne!(now_right, right, "the next version is compared");
    stage.press("g n");
    assert!(
        stage.state().compare.is_none(),
        "no version is left to compare with"
    );
    stage.press("u u").shows("×3");
}

#[test]
fn what_another_program_says_is_seen_at_once() {
    let home = home();
    let paths = crawl(home.path());
    let mut here = Stage::open(&paths, home.path(), 120, 40);
    let mut there = Stage::open(&paths, home.path(), 120, 40);
    here.press("f text:versions:>1 Enter").shows("×2");
    there.press("f text:versions:>1 Enter g n").shows("parted");
    here.shows("×2").look().shows("No article matches");
    there.press("u t text:seen Enter");
    here.look().shows("×2").shows("seen");
    // Nothing new is nothing to do.
    here.look().shows("×2");
}

#[test]
fn why_tells_the_ties_and_enter_compares() {
    let home = home();
    let mut stage = Stage::open(&sample(), home.path(), 120, 40);
    stage.press("f text:versions:>2 Enter g w");
    stage
        .shows("3 versions of one text")
        .shows("Paragraphs in common")
        .shows("Enter compare");
    stage.press("j Enter");
    let pair = &stage.state().compare.as_ref().expect("a comparison").pair;
    assert_eq!(pair.left.versions.len(), 3);
    assert!(pair.left.versions.contains(&pair.right.article.id));
    // The issues of a form are no versions: no letters, and g s joins them all the same.
    stage
        .press("q f ^u text:market Enter g w")
        .shows("The same form with other numbers");
    stage.press("Enter").shows("left ").hides("left A");
    stage.press("g n").shows("no versions of one text already");
    stage
        .press("g s")
        .shows("joined · 2 articles")
        .shows("left B")
        .press("u")
        .hides("left B");
    // Parted where the reason is read.
    stage
        .press("q f ^u text:versions:2 Enter g w g n")
        .shows("parted")
        .shows("You said that");
}

#[test]
fn boilerplate_is_dimmed_counted_and_folded() {
    let home = home();
    let mut stage = Stage::open(&crawl(home.path()), home.path(), 120, 40);
    stage.press("f text:boiler:>20% Enter");
    assert_eq!(stage.state().list.rows.len(), 4, "{}", stage.screen());
    stage
        .press("Enter")
        .shows("in 3 other articles")
        .shows("We use cookies");
    let dimmed = |stage: &Stage| {
        let paragraphs = stage.state().reader.paragraphs.iter();
        paragraphs
            .filter(|it| it.dimmed)
            .map(|it| it.text.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(dimmed(&stage).len(), 1);
    assert!(dimmed(&stage)[0].starts_with("We use cookies"));
    stage
        .press("Z")
        .shows("1 paragraph that stands in 3 other articles")
        .hides("We use cookies");
    stage.shows("1 paragraph folded");
    // It stays folded from article to article.
    stage
        .press("J")
        .shows("1 paragraph that stands")
        .hides("We use cookies");
    stage.press("Z").shows("We use cookies");
    stage.press("i").shows("We use cookies");
    // Joined, two of the four are one text: two others are left, which is not enough among so many.
    stage
        .press("i q f ^u text:title:story Enter g s j g s")
        .shows("joined");
    stage.press("f ^u text:boiler:>0 Enter");
    assert_eq!(stage.state().list.rows.len(), 3, "{}", stage.screen());
}

#[test]
fn boilerplate_on_one_side_is_a_class_that_can_be_hidden() {
    let home = home();
    let paths = crawl(home.path());
    let whole = fs::read_to_string(paths[0].join("0.md")).expect("the file");
    let (story, _) = whole.split_once("\n\nWe use cookies").expect("the notice");
    fs::write(paths[0].join("bare.md"), format!("{story}\n")).expect("a file");
    let mut stage = Stage::open(&paths, home.path(), 120, 40);
    stage.press("f text:title:story_versions:2 Enter d");
    let compare = |stage: &Stage| stage.state().compare.clone().expect("a comparison");
    let rows = compare(&stage).pair.comparison.rows.clone();
    let one_sided = rows
        .iter()
        .find(|row| row.left.is_none() || row.right.is_none());
    let classes = one_sided.expect("the notice").classes;
    assert!(
        classes.contains(recto::diff::Class::Boilerplate),
        "{classes:?}"
    );
    assert_eq!(compare(&stage).hunks.len(), 1);
    stage.press("H b");
    assert_eq!(compare(&stage).hunks.len(), 0, "{}", stage.screen());
}

#[test]
fn corrections_are_carried_over_to_an_edited_source() {
    let home = home();
    let paths = crawl(home.path());
    let mut stage = Stage::open(&paths, home.path(), 120, 40);
    stage.press("f text:versions:>1 Enter g n").shows("parted");
    drop(stage);
    let file = paths[0].join("plane-b.md");
    let text = fs::read_to_string(&file).expect("the file");
    fs::write(&file, text.replace("More soon.", "More to come soon.")).expect("the file");
    let mut stage = Stage::open(&paths, home.path(), 120, 40);
    stage.shows("1 edited article keeps");
    stage
        .press("f text:versions:>1 Enter")
        .shows("No article matches");
    stage.press("u").shows("×2");
}

#[test]
fn all_versions_are_read_at_once() {
    let home = home();
    let mut stage = Stage::open(&sample(), home.path(), 120, 40);
    stage.press("f text:title:bridge Enter M");
    let screen = |stage: &Stage| {
        stage
            .state()
            .versions
            .as_deref()
            .cloned()
            .expect("it is open")
    };
    assert_eq!(screen(&stage).collated.versions.len(), 3);
    stage
        .shows("3 places where words differ")
        .shows("add. Related article: Barge Hits Bridge, Town Cut in Two A")
        .hides("<u>");
    stage
        .press("Tab")
        .shows("= same  ~ changed")
        .shows("¶7 = = =");
    // From a row that is the same everywhere to one that is not.
    stage
        .press("g g j j j j")
        .press("]")
        .shows("Related article");
    let row = screen(&stage).cursor;
    assert!(screen(&stage).collated.rows[row].differs());
    // Side by side, at the same paragraph, with whole texts.
    stage.press("Tab").shows("+ Related article: Barge Hits");
    stage.press(")").press("Enter").shows("left C");
    stage.press("q").shows("Side by side").press("B");
    let base = screen(&stage).collated.found.base;
    assert_ne!(base, 2, "the chosen version is the base now");
    stage.press("q").hides("Side by side");
    // From a comparison and back to it.
    stage
        .press("d")
        .shows("the same")
        .press("M")
        .shows("Apparatus")
        .press("q");
    assert!(
        stage.state().compare.is_some(),
        "the comparison is there again"
    );
    stage.press("q f text:_ Home").press("Esc");
}

#[test]
fn the_text_of_every_version_stands_whole_side_by_side() {
    let home = home();
    let mut stage = Stage::open(&sample(), home.path(), 200, 50);
    stage.press("f text:title:bridge Enter M");
    let state = stage.state();
    let collated = &state.versions.as_ref().expect("open").collated;
    for (version, entry) in collated.versions.iter().enumerate() {
        let shown: Vec<String> = (0..collated.rows.len())
            .filter_map(|row| collated.cell(row, version))
            .map(|cell| cell.text)
            .collect();
        let blocks: Vec<&str> = entry
            .article
            .blocks
            .iter()
            .map(|it| it.text.as_str())
            .collect();
        let squeeze = |text: String| {
            text.replace(" ¶ ", " ")
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(
            squeeze(shown.join(" ")),
            squeeze(blocks.join(" ")),
            "{version}"
        );
    }
}

#[test]
fn a_collection_is_looked_at_in_numbers() {
    let home = home();
    let mut stage = Stage::open(&sample(), home.path(), 120, 60);
    stage
        .press("g t")
        .shows("Articles over time")
        .shows("groups of versions")
        .shows("at most 4 a month")
        .shows("markets.example");
    let before = stage
        .state()
        .stats
        .clone()
        .expect("open")
        .numbers
        .expect("counted");
    assert_eq!(before.articles, 16);
    assert_eq!(before.review.open, 16);
    stage.press("q a g t").shows("1 of 10");
    let after = stage
        .state()
        .stats
        .clone()
        .expect("open")
        .numbers
        .expect("counted");
    assert_eq!(after.review.reviewed, 1);
    assert_eq!(after.review.kept, 1);
    stage
        .press("G")
        .shows("Tags")
        .press("q")
        .hides("Statistics");
}

#[test]
fn the_next_run_goes_on_at_the_same_paragraph() {
    let home = home();
    let mut stage = Stage::open_kept(&sample(), home.path(), 120, 16);
    stage.press("f text:versions:>1 Enter j Enter + + } } }");
    let (filter, row) = (stage.state().list.query.clone(), stage.state().list.cursor);
    let (place, measure) = (stage.state().reader.place(), stage.state().settings.measure);
    let article = stage.state().wanted;
    assert!(row > 0 && place.paragraph > 1, "{row} {place:?}");
    stage.press("m text:q");
    stage.quit();
    let mut again = Stage::open_kept(&sample(), home.path(), 120, 16);
    let state = again.state();
    assert_eq!(state.list.query, filter);
    assert_eq!(state.list.cursor, row);
    assert_eq!(state.wanted, article);
    assert_eq!(state.reader.place(), place);
    assert_eq!(state.settings.measure, measure);
    assert_eq!(state.context(), recto::app::action::Context::Reader);
    // The mark is there too.
    again.press("g g ' text:q");
    assert_eq!(again.state().reader.place(), place);
}

#[test]
fn marks_and_the_way_back() {
    let home = home();
    let mut stage = Stage::open(&sample(), home.path(), 100, 12);
    stage.press("f text:title:bridge Enter Enter } } }");
    let here = stage.state().reader.place();
    stage.press("m text:a").shows("mark a is set");
    stage.press("G").press("' text:a");
    assert_eq!(stage.state().reader.place(), here);
    stage.press("^o");
    assert_ne!(stage.state().reader.place(), here, "back at the end");
    stage.press("^n");
    assert_eq!(stage.state().reader.place(), here);
    stage.press("' text:z").shows("no mark z is set");
    stage.press("'").shows("Marks").press("Enter");
    assert_eq!(stage.state().reader.place(), here);
}

#[test]
fn what_cannot_be_seen_is_shown_by_signs() {
    let home = home();
    let folder = home.path().join("texts");
    fs::create_dir(&folder).expect("a folder");
    fs::write(
        folder.join("a.txt"),
        "Zero\u{200b}width and a no-break\u{a0}blank\n",
    )
    .expect("a file");
    let mut stage = Stage::open(&[folder], &home.path().join("home"), 80, 24);
    stage
        .press("Enter")
        .press("I")
        .shows("Zero⟨U+200B⟩width·and·a·no-break⍽blank↵");
    stage.press("I").hides("⍽");
}

#[test]
fn links_tables_and_lists_look_like_what_they_are() {
    let home = home();
    let folder = home.path().join("texts");
    fs::create_dir(&folder).expect("a folder");
    let text = "# Prices\n\nSee [the list](https://markets.example/list) and **all** of it.\n\n\
        | Town | Price |\n|---|---|\n| Oxenholt | 18.20 |\n| Pellwater | 7.05 |\n\n\
        1. first\n2. second\n\n- dot\n\n> quoted\n\n```\ncode  here\n```\n";
    fs::write(folder.join("a.md"), text).expect("a file");
    let mut stage = Stage::open(&[folder], &home.path().join("home"), 80, 30);
    stage
        .press("Enter")
        .shows("Town      │ Price")
        .shows("Oxenholt  │ 18.20")
        .shows("Pellwater │  7.05")
        .shows("1. first")
        .shows("• dot")
        .shows("│ quoted")
        .shows("│ code  here")
        .hides("](")
        .hides("**");
    let links: Vec<_> = stage
        .state()
        .reader
        .paragraphs
        .iter()
        .flat_map(|it| {
            it.inline
                .iter()
                .map(|(range, kind)| (it.text[range.clone()].to_owned(), kind.clone()))
        })
        .collect();
    use recto::text::inline::Inline;
    assert_eq!(
        links,
        [
            (
                "the list".to_owned(),
                Inline::Link("https://markets.example/list".to_owned())
            ),
            ("all".to_owned(), Inline::Strong),
        ]
    );
}

#[test]
fn the_browser_gets_addresses_of_the_web_and_the_editor_a_copy() {
    let home = home();
    let mut stage = Stage::open(&sample(), home.path(), 100, 30);
    stage
        .press("f text:path:bridge-courier Enter Enter o")
        .shows("opened in a browser");
    stage
        .press("e")
        .shows("the article itself is never changed");
    let (browsed, edited) = stage.opened();
    assert_eq!(
        browsed,
        ["https://www.marrow-courier.example/2026/05/12/swing-bridge-opens-again"]
    );
    assert!(
        edited[0].0.ends_with(".md") && edited[0].1.contains("<u>"),
        "{edited:?}"
    );
    for (url, good) in [
        ("https://a.example", true),
        ("HTTP://a.example", true),
        ("file:///etc/passwd", false),
        ("javascript://alert", false),
        ("https://a.example/ --flag", false),
        ("a.example", false),
    ] {
        assert_eq!(recto::app::is_of_the_web(url), good, "{url}");
    }
}

#[test]
fn panes_change_their_size_by_key_and_by_mouse() {
    let home = home();
    let mut stage = Stage::open(&sample(), home.path(), 120, 30);
    let divider = |stage: &Stage| {
        recto::app::layout::layout(stage.state())
            .divider
            .expect("two panes")
    };
    let first = divider(&stage);
    stage.press("]");
    assert_eq!(divider(&stage), first + 4);
    stage.press("[ [");
    assert_eq!(divider(&stage), first - 4);
    stage.drag((first - 4, 10), (50, 12));
    assert_eq!(divider(&stage), 50);
    stage.drag((50, 10), (2, 12));
    assert_eq!(divider(&stage), 24, "neither pane goes away");
    // Elsewhere a drag moves nothing.
    stage.drag((70, 10), (90, 12));
    assert_eq!(divider(&stage), 24);
}

#[test]
fn the_order_is_picked_and_a_range_selected() {
    let home = home();
    let mut stage = Stage::open(&sample(), home.path(), 120, 40);
    stage
        .press("S")
        .shows("newest first")
        .press("text:oldest Enter");
    assert_eq!(stage.state().list.query, "sort:date");
    let dates: Vec<_> = stage
        .state()
        .list
        .rows
        .iter()
        .filter_map(|row| row.hit.date)
        .collect();
    assert!(dates.is_sorted(), "{dates:?}");
    stage.press("g g v j V");
    assert_eq!(stage.state().list.selected.len(), 3);
}

#[test]
fn what_is_under_way_is_called_off() {
    use recto::app::action::Action;
    use recto::app::effect::Effect;
    use recto::app::event::Event;
    let home = home();
    let mut stage = Stage::open(&sample(), home.path(), 120, 40);
    stage.press("f text:title:bridge Enter");
    let mut state = stage.state().clone();
    let asked = recto::app::update(&mut state, Event::Action(Action::Compare));
    assert!(matches!(asked[..], [Effect::Compare { .. }]), "{asked:?}");
    let off = recto::app::update(&mut state, Event::Action(Action::Interrupt));
    assert_eq!(off, [Effect::CallOff]);
    assert!(!state.interrupted, "the next ^c does not quit");
    let Effect::Compare { ticket, .. } = asked[0] else {
        unreachable!()
    };
    assert_ne!(
        ticket, state.tickets.compare,
        "what still comes of it is stale"
    );
}

#[test]
fn a_filter_is_completed_from_what_there_is() {
    let home = home();
    let mut stage = Stage::open(&sample(), home.path(), 100, 30);
    stage
        .press("f text:ver")
        .shows("Tab completes")
        .press("Tab")
        .shows("f versions:");
    stage.press("text:>1").hides("Tab completes");
    stage
        .press("Space")
        .paste("site:mark")
        .shows("markets.example")
        .press("Tab Enter");
    assert_eq!(stage.state().list.query, "versions:>1 site:markets.example");
    // Gone to with an arrow it is meant, and Enter takes it without ending.
    stage.press("f ^u text:lan Down Up").paste("").press("Esc");
    // Letters that begin no field propose nothing.
    stage
        .press("f ^u text:bridge")
        .hides("Tab completes")
        .press("Enter");
    assert_eq!(stage.state().list.query, "bridge");
}

/// Text of every kind that terminals get wrong.
const HARD: [&str; 12] = [
    "日本語の見出しと長い文章がここに続きます。日本語の見出しと長い文章がここに続きます。",
    "العربية من اليمين إلى اليسار مع كلمات كثيرة حتى ينكسر السطر في مكان ما هنا",
    "עברית מימין לשמאל עם מילים רבות עד שהשורה נשברת באמצע הדרך",
    "👨‍👩‍👧‍👦 a family 👍🏽 a thumb 🏳️‍🌈 a flag ❤️ a heart 🇩🇪🇫🇷 two flags and words behind them",
    "e\u{301}e\u{301}e\u{301} combining\u{308} marks\u{323}\u{301}, and more of them, over the end of the line",
    "ｶﾞｷﾞｸﾞ half width kana ﾊﾟﾋﾟﾌﾟ with voicing marks that take a cell of their own",
    "हिन्दी में एक लंबा वाक्य जो पंक्ति के अंत तक जाता है और फिर टूटता है",
    "ภาษาไทยไม่มีช่องว่างระหว่างคำและบรรทัดต้องตัดที่ไหนสักแห่งในข้อความยาวนี้",
    "한국어 문장과 각각의 자모 ㄱㄴㄷ 그리고 결합된 것들 각 각",
    "\u{1b}[31mred?\u{1b}[0m \u{7} \u{202e}reversed\u{202c} \u{200b}zero\u{ad}width",
    "a\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}\u{309}\u{30a}\u{30b}\u{30c}\u{30d}\u{30e}\u{30f}\u{310}\u{311}\u{312}\u{313} flooded",
    "nowheretobreakthislineofmanyletterswhichgoesonandonandonandonandonandonandonandonandonandon",
];

/// Every border stands in one column: below a tee and between the corners of a box, drawn by the ruler.
#[track_caller]
fn borders_hold(stage: &Stage, what: &str) {
    use ratatui::layout::Position;
    let buffer = stage.buffer();
    let (width, height) = (buffer.area.width, buffer.area.height);
    // A terminal goes on by what a symbol is wide: a border is where it belongs when a symbol begins there.
    let begins = |x: u16, y: u16| {
        let mut at = 0;
        while at < x {
            let symbol = buffer[Position::new(at, y)].symbol();
            at += u16::try_from(recto::text::width(symbol).max(1)).expect("a cell");
        }
        at == x
    };
    let stands = |x: u16, y: u16, signs: &[&str]| {
        let symbol = buffer[Position::new(x, y)].symbol();
        assert!(
            signs.contains(&symbol) && begins(x, y),
            "{what}: {symbol:?} at {x}, {y}:\n{}",
            stage.screen()
        );
    };
    let is = |x: u16, y: u16, sign: &str| buffer[Position::new(x, y)].symbol() == sign;
    let boxes: Vec<(u16, u16, u16, u16)> = (0..height)
        .flat_map(|y| (0..width).map(move |x| (x, y)))
        .filter(|(x, y)| is(*x, *y, "╭"))
        .map(|(x, y)| {
            let right = (x + 1..width).find(|at| is(*at, y, "╮")).expect("a corner");
            // A chart may go on below the screen.
            let bottom = (y + 1..height).find(|at| is(x, *at, "╰"));
            (x, y, right, bottom.unwrap_or(height - 1))
        })
        .collect();
    for (left, top, right, bottom) in &boxes {
        for y in top + 1..*bottom {
            stands(*left, y, &["│"]);
            stands(*right, y, &["│"]);
        }
        if *bottom < height - 1 {
            stands(*right, *bottom, &["╯"]);
        }
    }
    let covered = |x: u16, y: u16| {
        boxes.iter().any(|(left, top, right, bottom)| {
            (*left..=*right).contains(&x) && (*top..=*bottom).contains(&y)
        })
    };
    for x in 0..width {
        let Some(top) = (0..height).find(|y| is(x, *y, "┬")) else {
            continue;
        };
        for y in (top + 1..height - 1).filter(|y| !covered(x, *y)) {
            stands(x, y, &["│", "┼", "┤", "├", "┴"]);
        }
    }
}

#[test]
fn borders_stay_where_they_are_whatever_stands_between_them() {
    let home = home();
    let folder = home.path().join("texts");
    fs::create_dir(&folder).expect("a folder");
    for (at, text) in HARD.iter().enumerate() {
        fs::write(
            folder.join(format!("{at:02}.txt")),
            format!("{text}\n\n{text}\n\n{text} {text}\n"),
        )
        .expect("a file");
    }
    // Versions with all of it, so that every screen has it on both sides.
    let all = HARD.join("\n\n");
    for (name, more) in [("x", "one"), ("y", "日本語 two"), ("z", "👨‍👩‍👧‍👦 three")]
    {
        fs::write(
            folder.join(format!("{name}.md")),
            format!("# {} {name}\n\n> {}\n\n- {}\n\n| a | {} |\n|---|---|\n| {} | b |\n\n{all}\n\n{more} {all}\n", HARD[0], HARD[1], HARD[3], HARD[5], HARD[4]),
        )
        .expect("a file");
    }
    let mut stage = Stage::open(&[folder], &home.path().join("home"), 110, 30);
    let sizes = [(90, 24), (97, 24), (60, 20), (40, 10), (110, 30)];
    let look = |stage: &mut Stage, what: &str| {
        for (columns, rows) in sizes {
            stage.resize(columns, rows);
            borders_hold(stage, &format!("{what} at {columns}x{rows}"));
        }
    };
    for at in 0..stage.state().list.rows.len() {
        look(&mut stage, &format!("row {at}"));
        stage.press("j");
    }
    stage.press("f text:versions:>1 Enter");
    assert_eq!(stage.state().list.rows.len(), 1, "{}", stage.screen());
    for (keys, what) in [
        ("l", "unfolded"),
        ("Enter", "the reader"),
        ("Space", "further down"),
        ("i", "the raw text"),
        ("i I", "what cannot be seen"),
        ("I z", "the focus"),
        ("z / text:a", "what was found"),
        ("Enter D", "the versions to choose from"),
        ("Enter", "the comparison"),
        ("]", "a difference"),
        ("l", "all of it"),
        ("g w", "why"),
        ("q = G", "one column"),
        ("= M", "the apparatus"),
        ("G", "its end"),
        ("Tab G", "the matrix"),
        ("Tab j j", "side by side"),
        ("G", "its end"),
        ("q q q g t", "the numbers"),
        ("G", "their end"),
        ("q ?", "the help"),
        ("q : text:e", "the palette"),
        ("Esc t text:日本👍🏽 Enter t", "the tags"),
    ] {
        stage.press(keys);
        look(&mut stage, what);
    }
}

#[test]
fn the_version_to_compare_with_is_chosen() {
    let home = home();
    let mut stage = Stage::open(&sample(), home.path(), 120, 40);
    stage
        .press("f text:title:bridge Enter D")
        .shows("Versions")
        .shows("compare with");
    let prompt = stage.state().prompt.as_ref().expect("a choice");
    assert_eq!(prompt.candidates.len(), 2, "all but the one that is shown");
    let sides = |stage: &Stage| {
        let compare = stage.state().compare.as_ref().expect("a comparison");
        let pair = &compare.pair;
        [&pair.left, &pair.right].map(|side| recto::app::state::State::siglum(side))
    };
    stage.press("Down Enter");
    assert_eq!(sides(&stage), ["A", "C"]);
    // From a comparison the left one stays.
    stage.press("D Enter");
    assert_eq!(sides(&stage), ["A", "B"]);
    // By what is typed; two versions need no choice.
    stage.press("q D text:C Enter");
    assert_eq!(sides(&stage), ["A", "C"]);
    stage.press("q f ^u text:title:reservoir Enter D");
    assert_eq!(sides(&stage), ["A", "B"]);
    stage.press("q D Esc").hides("compare with");
}

#[test]
fn what_is_selected_is_exported() {
    let home = home();
    let mut stage = Stage::open(&sample(), home.path(), 120, 40);
    let file = home.path().join("some.md");
    let keys = |path: &std::path::Path| format!("E ^u text:{} Enter", path.display());
    stage
        .press("f text:versions:>1 Enter v")
        .press(&keys(&file))
        .shows("records written to");
    let text = fs::read_to_string(&file).expect("an export");
    let group = usize::try_from(stage.state().list.rows[0].hit.versions).expect("a few");
    assert_eq!(
        text.lines().filter(|line| line.starts_with("# ")).count(),
        group
    );
    stage.press(&keys(&file)).shows("exists: take another name");
    assert_eq!(fs::read_to_string(&file).expect("the same"), text);
    stage
        .press(&keys(&home.path().join("nowhere/some.md")))
        .shows("cannot be written");
}

#[test]
fn a_focus_dims_what_stands_around_one_paragraph() {
    let home = home();
    let mut stage = Stage::open(&sample(), home.path(), 100, 24);
    stage.press("f text:title:bridge Enter Enter z");
    let muted = recto::theme::Theme::dark().muted.fg;
    // The paragraphs on the screen that are not dimmed.
    let bright = |stage: &Stage| {
        let area = recto::app::layout::layout(stage.state())
            .reader
            .expect("the reader");
        let lines = stage.state().reader.lines.iter().zip(area.y..);
        let mut bright: Vec<usize> = lines
            .filter(|(line, _)| !line.range.is_empty())
            .filter(|(_, y)| {
                let cell = &stage.buffer()[ratatui::layout::Position::new(area.x, *y)];
                Some(cell.fg) != muted
            })
            .map(|(line, _)| line.paragraph)
            .collect();
        bright.dedup();
        bright
    };
    assert_eq!(bright(&stage), [0], "{}", stage.screen());
    // Byline and source are passed over.
    stage.press("}");
    assert_eq!(bright(&stage), [3], "{}", stage.screen());
    stage.press("{");
    assert_eq!(bright(&stage), [0]);
    stage.press("j j j j");
    assert_eq!(bright(&stage), [3], "{}", stage.screen());
    // At the end the lines stay and the focus goes on, to the last paragraph and back.
    stage.press("G");
    let last = stage.state().reader.paragraphs.len() - 1;
    for _ in 0..last {
        stage.press("}");
    }
    assert_eq!(bright(&stage), [last]);
    stage.press("k");
    assert_eq!(bright(&stage), [last - 1]);
    stage.press("j");
    assert_eq!(bright(&stage), [last]);
    stage.press("z");
    assert!(bright(&stage).len() > 1);
}

#[test]
fn nothing_moves_by_itself_for_those_who_do_not_want_it() {
    use recto::app::event::{Event, Progress, Reply, Share};
    use recto::app::state::Phase;
    let home = home();
    let stage = Stage::open(&sample(), home.path(), 100, 24);
    let mut state = stage.state().clone();
    state.settings.reduced_motion = true;
    let told = |state: &mut recto::app::state::State, bytes: u64| {
        let progress = Progress {
            records: bytes,
            bytes,
            of: 100,
            rate: 1,
        };
        let asked = recto::app::update(state, Event::Reply(Reply::Progress(progress)));
        assert!(asked.is_empty());
        match state.phase {
            Phase::Reading(progress) => progress.bytes,
            phase => panic!("{phase:?}"),
        }
    };
    let seen: Vec<u64> = [1, 2, 9, 10, 15, 19, 20, 99]
        .map(|at| told(&mut state, at))
        .into();
    assert_eq!(seen, [1, 1, 1, 10, 10, 10, 20, 99], "only tenths are told");
    let told_of_groups = |state: &mut recto::app::state::State, percent: u64| {
        let share = Share {
            percent,
            seconds_left: Some(9),
        };
        let asked = recto::app::update(state, Event::Reply(Reply::Grouping(share)));
        assert!(asked.is_empty());
        match state.phase {
            Phase::Grouping(share) => share.percent,
            phase => panic!("{phase:?}"),
        }
    };
    let seen: Vec<u64> = [0, 1, 9, 12, 19, 20, 99]
        .map(|at| told_of_groups(&mut state, at))
        .into();
    assert_eq!(seen, [0, 0, 0, 12, 12, 20, 99], "only tenths are told");
    let asked = recto::app::update(&mut state, Event::Reply(Reply::Grown));
    assert!(
        asked.is_empty(),
        "rows do not come by themselves: {asked:?}"
    );
    state.settings.reduced_motion = false;
    assert_eq!(told(&mut state, 42), 42);
    let asked = recto::app::update(&mut state, Event::Reply(Reply::Grown));
    assert_eq!(asked.len(), 1);
}

#[test]
fn numbers_are_counted_again_when_everything_is_read() {
    use recto::app::effect::Effect;
    use recto::app::event::{Event, Reply};
    let home = home();
    let mut stage = Stage::open(&sample(), home.path(), 100, 24);
    let complete = || {
        Event::Reply(Reply::Complete {
            stopped: false,
            notices: Vec::new(),
            diagnostics: Vec::new(),
        })
    };
    let counts = |asked: &[Effect]| {
        let counts = asked
            .iter()
            .filter(|it| matches!(it, Effect::Statistics { .. }));
        counts.count()
    };
    let mut state = stage.state().clone();
    assert_eq!(counts(&recto::app::update(&mut state, complete())), 0);
    stage.press("g t");
    let mut state = stage.state().clone();
    assert_eq!(counts(&recto::app::update(&mut state, complete())), 1);
}

#[test]
fn what_takes_its_time_says_so_and_how_to_stop_it() {
    use recto::app::action::Action;
    use recto::app::event::Event;
    let home = home();
    let mut stage = Stage::open(&sample(), home.path(), 100, 24);
    stage.press("f text:title:bridge Enter");
    let mut state = stage.state().clone();
    recto::app::update(&mut state, Event::Action(Action::Compare));
    recto::app::update(&mut state, Event::Slow);
    assert!(state.slow);
    let mut terminal =
        ratatui::Terminal::new(ratatui::backend::TestBackend::new(100, 24)).expect("a buffer");
    let theme = recto::theme::Theme::dark();
    terminal
        .draw(|frame| drop(recto::view::draw(frame, &state, &theme)))
        .expect("a frame");
    let text: String = terminal
        .backend()
        .buffer()
        .content
        .iter()
        .map(|cell| cell.symbol())
        .collect();
    assert!(text.contains("comparing…  ^c calls it off"), "{text}");
    recto::app::update(&mut state, Event::Action(Action::Interrupt));
    assert!(!state.slow);
}

#[test]
fn a_change_of_size_that_nobody_tells_of_is_seen_by_the_next_frame() {
    let home = home();
    let mut stage = Stage::open(&sample(), home.path(), 100, 24);
    stage.resize_silently(80, 12);
    stage.press("j").shows("2 of 10").shows("reviewed");
}
