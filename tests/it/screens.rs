//! The screens as a person sees them, at two sizes. `cargo insta review` shows what a change does to them.

use ratatui::backend::TestBackend;
use ratatui::{Frame, Terminal};
use recto::app::event::{Progress, Share};
use recto::app::state::Phase;
use recto::theme::Theme;

use crate::stage::{Stage, sample, text_of};

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

/// What is under way, at its several stages, in the first lines.
#[test]
fn reading_and_grouping() {
    let home = tempfile::tempdir().expect("a folder");
    let progress = |bytes| {
        Phase::Reading(Progress {
            records: 12_408,
            bytes,
            of: 100_000_000,
            rate: 8_300_000,
        })
    };
    let share = |percent, seconds_left| {
        Phase::Grouping(Share {
            percent,
            seconds_left,
        })
    };
    let mut shown = String::new();
    for (columns, rows) in [(40, 10), (80, 24), (120, 40)] {
        let stage = Stage::open(&sample(), home.path(), columns, rows);
        for (phase, reduced) in [
            (progress(30_000_000), false),
            (progress(30_000_000), true),
            (share(0, None), false),
            (share(62, Some(9)), false),
            (share(62, Some(300)), false),
            (share(62, Some(9)), true),
        ] {
            let mut state = stage.state().clone();
            (state.phase, state.settings.reduced_motion) = (phase, reduced);
            let mut terminal = Terminal::new(TestBackend::new(columns, rows)).expect("a buffer");
            let theme = Theme::dark();
            let frame = |frame: &mut Frame<'_>| drop(recto::view::draw(frame, &state, &theme));
            terminal.draw(frame).expect("a buffer takes all");
            let screen = text_of(terminal.backend().buffer());
            shown += screen.lines().next().unwrap_or_default();
            shown += "\n";
        }
    }
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("under-way", shown);
    });
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
