//! The screens as a person sees them, at two sizes. `cargo insta review` shows what a change does to them.

use crate::stage::{Stage, sample};

/// Opens the sample collection, presses keys, and compares what stands on the screen.
fn screens(name: &str, keys: &str) {
    for (columns, rows) in [(80, 24), (120, 40)] {
        let home = tempfile::tempdir().expect("a folder");
        let mut stage = Stage::open(&sample(), home.path(), columns, rows);
        stage.press(keys);
        let screen = stage.screen();
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("{name}-{columns}x{rows}"), screen);
        });
    }
}

#[test]
fn library() {
    screens("library", "l");
}

#[test]
fn reader() {
    screens("reader", "f text:title:bridge Enter Enter");
}

#[test]
fn compare() {
    screens("compare", "f text:title:bridge Enter d ]");
}

#[test]
fn help() {
    screens("help", "?");
}

#[test]
fn palette() {
    screens("palette", ": text:keep");
}

#[test]
fn filter_with_a_mistake() {
    screens("filter-mistake", "f text:titel:bridge");
}

#[test]
fn why() {
    screens("why", "f text:versions:>2 Enter g w");
}

#[test]
fn versions() {
    screens("versions-apparatus", "f text:title:bridge Enter M");
    screens("versions-matrix", "f text:title:bridge Enter M Tab ]");
    screens("versions-sides", "f text:title:bridge Enter M Tab Tab");
}

#[test]
fn statistics() {
    screens("statistics", "g t");
}

#[test]
fn welcome() {
    let home = tempfile::tempdir().expect("a folder");
    for (columns, rows) in [(80, 24), (120, 40)] {
        let stage = Stage::open(&[], home.path(), columns, rows);
        let screen = stage.screen();
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("welcome-{columns}x{rows}"), screen);
        });
    }
}

#[test]
fn too_small_is_no_panic() {
    let home = tempfile::tempdir().expect("a folder");
    let mut stage = Stage::open(&sample(), home.path(), 80, 24);
    for keys in [
        "",
        "d ]",
        "?",
        "q q : text:x",
        "Esc f text:((",
        "Esc Esc g t",
        "q M",
        "Tab j",
        "Tab G",
        "q z m text:a '",
    ] {
        stage.press(keys);
        for (columns, rows) in [
            (1, 1),
            (19, 4),
            (20, 5),
            (40, 10),
            (300, 3),
            (3, 100),
            (80, 24),
        ] {
            stage.resize(columns, rows);
        }
    }
}
