//! Two collections compared, and what git hands over.

use std::process::Command;

use super::{HARBOUR, PLANE, Said, World};

fn world() -> World {
    let world = World::new();
    let four = PLANE.replace("Wednesday", "Thursday");
    for (name, text) in [
        ("old/same.txt", HARBOUR),
        (
            "old/changed.txt",
            "One two three four five six.\n\nThe same.\n",
        ),
        (
            "old/moved.txt",
            "Bees on the roof of the town hall made honey for the mayor.\n",
        ),
        ("old/deep/edited.txt", PLANE),
        ("old/gone.txt", "A short note that nobody kept.\n"),
        (
            "old/wrapped.txt",
            "A line that is\nbroken here.\n\nAnother.\n",
        ),
        ("new/same.txt", HARBOUR),
        (
            "new/changed.txt",
            "One two three nine five six.\n\nThe same.\n",
        ),
        (
            "new/deep/bees.txt",
            "Bees on the roof of the town hall made honey for the mayor.\n",
        ),
        ("new/renamed.txt", &four),
        (
            "new/wrapped.txt",
            "A line that is broken here.\n\nAnother.\n",
        ),
        (
            "new/added.txt",
            "Something else entirely, about the price of oak.\n",
        ),
    ] {
        world.write(name, text);
    }
    world
}

#[test]
fn articles_of_two_folders_are_paired_by_path_then_by_text_then_as_versions() {
    let text = world().good(&["diff", "old", "new"]);
    assert_eq!(
        text.lines().next(),
        Some(
            "2 articles the same · 2 differ · 1 the same but for what is hidden or layout · 2 renamed \
             · 1 removed · 1 added"
        )
    );
    // A copy that moved counts as renamed and as the same.
    for line in [
        "       12 %  changed.txt · 1 edited",
        "        4 %  deep/edited.txt → renamed.txt · 1 edited",
        "    6 words  gone.txt · removed",
        "    8 words  added.txt · added",
        "             wrapped.txt · 1 reflow",
        "             moved.txt → deep/bees.txt · renamed",
        "- One two three [-four-] five six.",
        "+ One two three {+nine+} five six.",
    ] {
        assert!(text.lines().any(|it| it == line), "{line}\n{text}");
    }
    assert!(
        text.contains("[-Wednesday-]") && text.contains("{+Thursday+}"),
        "{text}"
    );
    assert!(
        !text.contains("broken here") && !text.contains("dredging"),
        "{text}"
    );
}

#[test]
fn folders_are_compared_as_json_and_the_same_way_round() {
    let world = world();
    let read = |left: &str, right: &str| -> serde_json::Value {
        serde_json::from_str(&world.good(&["diff", left, right, "--json"])).unwrap()
    };
    let (forth, back) = (read("old", "new"), read("new/", "old/"));
    assert_eq!(forth["schema"], "folder-diff/1");
    let shares: Vec<f64> = forth["articles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["share"].as_f64().unwrap())
        .collect();
    // The largest difference first, then what stands on one side only, then what is the same.
    assert!(shares[0] > shares[1] && shares[1] > 0.0, "{shares:?}");
    assert_eq!(shares[2..], [1.0, 1.0, 0.0, 0.0, 0.0]);
    let lines = |json: &serde_json::Value, left: &str, right: &str| -> Vec<String> {
        let lines = json["articles"].as_array().unwrap().iter();
        let mut lines: Vec<String> = lines
            .map(|it| format!("{} {} {}", it[left], it[right], it["status"]))
            .collect();
        lines.sort();
        lines
    };
    let forth_lines = lines(&forth, "left", "right");
    assert!(
        forth_lines.contains(&r#""deep/edited.txt" "renamed.txt" "differs""#.to_owned()),
        "{forth_lines:?}"
    );
    assert!(forth_lines.contains(&r#"null "added.txt" "only-right""#.to_owned()));
    let swapped: Vec<String> = lines(&back, "right", "left")
        .iter()
        .map(|it| match () {
            () if it.contains("only-left") => it.replace("only-left", "only-right"),
            () => it.replace("only-right", "only-left"),
        })
        .collect();
    let mut swapped = swapped;
    swapped.sort();
    assert_eq!(forth_lines, swapped);
}

#[test]
fn records_are_paired_by_their_ids() {
    let world = World::new();
    world.write(
        "a/all.jsonl",
        "{\"id\":\"x\",\"text\":\"First words here.\"}\n{\"id\":\"y\",\"text\":\"Other words.\"}\n",
    );
    world.write("b/all.jsonl", "{\"id\":\"y\",\"text\":\"Other words.\"}\n{\"id\":\"x\",\"text\":\"First words there.\"}\n");
    let text = world.good(&["diff", "a", "b"]);
    assert!(
        text.starts_with("1 article the same · 1 differ\n"),
        "{text}"
    );
    assert!(text.contains("left  a/all.jsonl#x"), "{text}");
}

#[test]
fn files_of_records_are_collections_and_numbers_do_not_pair_what_moved_up() {
    let world = World::new();
    let record = |url: &str, text: &str| {
        format!("{{\"url\":\"https://e.org/{url}\",\"text\":\"{text}\"}}\n")
    };
    let (first, second) = ("The ferry sails at noon.", "The oak costs more.");
    world.write("may.jsonl", &(record("1", first) + &record("2", second)));
    let changed = second.replace("more", "less");
    let june = record("0", "A new story.") + &record("1", first) + &record("2", &changed);
    world.write("june.jsonl", &june);
    let text = world.good(&["diff", "may.jsonl", "june.jsonl", "--stat"]);
    // There is no terminal here.
    assert_eq!(
        world.good(&["diff", "may.jsonl", "june.jsonl", "--open"]),
        text
    );
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines,
        [
            "1 article the same · 1 differ · 2 renamed · 1 added",
            "       23 %  #2 → #3 · 1 edited",
            "    3 words  #1 · added",
            "             #1 → #2 · renamed",
        ]
    );
}

#[test]
fn what_cannot_be_compared_with_a_folder_is_said() {
    let world = world();
    for (arguments, says) in [
        (
            &["diff", "old", "new/same.txt"][..],
            "new/same.txt is one article, and",
        ),
        (&["diff", "old", "nowhere"], "nowhere: no such file"),
        (&["diff", "old", "new", "--format", "html"], "two files"),
    ] {
        let said = world.run(arguments);
        assert_eq!(said.code, 2, "{said:?}");
        assert!(said.err.contains(says), "{said:?}");
    }
}

#[cfg(unix)]
#[test]
fn links_in_folders_are_followed_only_where_git_made_them() {
    let world = World::new();
    world.write("a/one.txt", "The first of all words.\n");
    world.write("secret.txt", "The password of the reader.\n");
    std::fs::create_dir(world.path("b")).unwrap();
    std::os::unix::fs::symlink(world.path("secret.txt"), world.path("b/one.txt")).unwrap();
    assert!(!world.good(&["diff", "a", "b"]).contains("password"));
    let said = world
        .command(&["diff", "a", "b"])
        .env("GIT_DIFFTOOL_DIRDIFF", "true")
        .output();
    let said = Said::of(said.unwrap());
    assert!(said.out.contains("password"), "{said:?}");
}

#[cfg(unix)]
#[test]
fn git_calls_it_as_its_difftool() {
    let world = World::new();
    let git = |arguments: &[&str]| -> String {
        let mut command = Command::new("git");
        command
            .args(arguments)
            .current_dir(world.path("repo"))
            .env("HOME", world.path("home"))
            .env("XDG_DATA_HOME", world.path("data"))
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .envs(["AUTHOR", "COMMITTER"].map(|who| (format!("GIT_{who}_NAME"), "Ada")))
            .envs(
                ["AUTHOR", "COMMITTER"].map(|who| (format!("GIT_{who}_EMAIL"), "ada@example.org")),
            );
        let said = Said::of(command.output().expect("git runs"));
        assert_eq!(said.code, 0, "{arguments:?}: {said:?}");
        said.out + &said.err
    };
    if Command::new("git").arg("--version").output().is_err() {
        println!("skipped: git not found");
        return;
    }
    world.write("repo/essay.md", "# Essay\n\nOne two three four five six.\n");
    world.write("repo/gone.txt", "A note that goes.\n");
    git(&["init", "--quiet"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "-m", "First"]);
    world.write(
        "repo/essay.md",
        "# Essay\n\nOne two three nine\nfive six.\n",
    );
    world.write("repo/new.txt", "A note that comes.\n");
    std::fs::remove_file(world.path("repo/gone.txt")).unwrap();
    git(&["add", "--all"]);
    let program = format!("{} diff", env!("CARGO_BIN_EXE_recto"));
    // `--dir-diff` runs what `-x` names as one word, without a shell, so there it has to be configured.
    let configured = format!("difftool.recto.cmd={program} \"$LOCAL\" \"$REMOTE\"");
    for staged in [&["--cached"][..], &["HEAD"]] {
        let said = git(&[&["difftool", "-y", "-x", &program], staged].concat());
        for words in [
            "[-four-]",
            "{+nine+}",
            "- A note that goes.",
            "+ A note that comes.",
        ] {
            assert!(said.contains(words), "{words}\n{said}");
        }
        let folders = ["-c", &configured, "difftool", "--dir-diff", "-t", "recto"];
        let said = git(&[&folders[..], staged].concat());
        assert!(said.contains("1 differ"), "{said}");
        for words in [
            "[-four-]",
            "{+nine+}",
            "gone.txt · removed",
            "new.txt · added",
        ] {
            assert!(said.contains(words), "{words}\n{said}");
        }
    }
}
