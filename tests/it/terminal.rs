//! The manners of the program in a real pseudo-terminal: it starts, and however it ends the terminal is as before.

use std::fs;
use std::process::Command;
use std::thread;
use std::time::Instant;

use crate::pty::{PATIENCE, Pty};

#[test]
fn q_quits_and_gives_the_terminal_back() {
    let home = tempfile::tempdir().expect("a folder");
    let mut pty = Pty::start(home.path(), &[]);
    pty.expect("reviewed ");
    pty.keys("?");
    pty.expect("Keys");
    pty.keys("qq");
    assert!(pty.ends().success());
}

#[test]
fn signals_end_it_and_give_the_terminal_back() {
    for signal in ["TERM", "HUP", "INT"] {
        let home = tempfile::tempdir().expect("a folder");
        let pty = Pty::start(home.path(), &[]);
        pty.expect("reviewed ");
        pty.signal(signal);
        assert!(!pty.ends().success(), "{signal}");
    }
}

#[test]
fn a_panic_gives_the_terminal_back() {
    if !cfg!(debug_assertions) {
        println!("skipped: release builds have no way to panic on demand");
        return;
    }
    let home = tempfile::tempdir().expect("a folder");
    let pty = Pty::start(home.path(), &[("RECTO_PANIC", "1")]);
    assert_eq!(pty.ends().exit_code(), 101);
}

#[test]
#[cfg(target_os = "linux")]
fn suspended_and_resumed_it_paints_its_screen_again() {
    let home = tempfile::tempdir().expect("a folder");
    let mut pty = Pty::start(home.path(), &[]);
    pty.expect("reviewed ");
    pty.keys("\u{1a}");
    pty.wait("the shell's screen", |screen| !screen.alternate_screen());
    pty.wait_until_stopped();
    pty.signal("CONT");
    pty.wait("the screen again", |screen| {
        screen.alternate_screen() && screen.contents().contains("reviewed ")
    });
    pty.keys("q");
    assert!(pty.ends().success());
}

#[test]
fn a_decision_survives_a_kill() {
    let home = tempfile::tempdir().expect("a folder");
    let mut pty = Pty::start(home.path(), &[]);
    pty.expect("reviewed ");
    pty.keys("ttext-of-a-tag\r");
    // The notice is the acknowledgement: it comes when the change is on disk.
    pty.expect("tagged text-of-a-tag");
    pty.signal("KILL");
    let _ = pty.child.wait();
    let mut again = Pty::start(home.path(), &[]);
    again.expect("reviewed ");
    again.keys("ftag:text-of-a-tag\r");
    again.expect("1 of 1");
    again.keys("q");
    assert!(again.ends().success());
}

#[test]
fn quitting_under_a_storm_of_keys_ends_and_keeps_the_decisions() {
    let home = tempfile::tempdir().expect("a folder");
    let mut pty = Pty::start(home.path(), &[]);
    pty.expect("reviewed ");
    let mut burst = "1".repeat(9) + "Q";
    burst.push_str(&"j".repeat(6000));
    pty.keys(&burst);
    assert!(pty.ends().success());
}

/// The colour of the cell that a text begins at.
fn colour_of(pty: &Pty, text: &str) -> vt100::Color {
    let guard = pty.seen.0.lock().expect("no panic");
    let screen = guard.screen();
    let (rows, columns) = screen.size();
    for row in 0..rows.get() {
        let line = screen.contents_between(row, 0, row, columns.get());
        if let Some(at) = line.find(text) {
            let column = u16::try_from(line[..at].chars().count()).expect("a column");
            return screen.cell(row, column).expect("a cell").fgcolor();
        }
    }
    panic!("{text:?} is not on the screen");
}

#[test]
fn the_background_is_asked_for_and_the_answer_counts() {
    let home = tempfile::tempdir().expect("a folder");
    let mut pty = Pty::start(home.path(), &[]);
    pty.expect("reviewed ");
    assert!(pty.written().contains("\u{1b}]11;?"), "it asks");
    assert_eq!(
        colour_of(&pty, "recto"),
        vt100::Color::Idx(75),
        "dark until it is known"
    );
    pty.keys("\u{1b}]11;rgb:ffff/ffff/ffff\u{1b}\\");
    pty.wait("the light theme", |screen| {
        screen
            .cell(0, 1)
            .is_some_and(|cell| cell.fgcolor() == vt100::Color::Idx(25))
    });
    // The answer is no key: nothing was typed, nothing closed.
    pty.expect("reviewed ");
    pty.keys("q");
    assert!(pty.ends().success());
}

#[test]
fn a_chosen_theme_asks_nothing() {
    let home = tempfile::tempdir().expect("a folder");
    let arguments = ["--theme", "light", "assets/sample"];
    let mut pty = Pty::run(home.path(), &[], env!("CARGO_BIN_EXE_recto"), &arguments);
    pty.expect("reviewed ");
    assert!(!pty.written().contains("]11;"));
    assert_eq!(colour_of(&pty, "recto"), vt100::Color::Idx(25));
    pty.keys("q");
    assert!(pty.ends().success());
}

#[test]
fn without_an_answer_colorfgbg_says_what_the_background_is() {
    let home = tempfile::tempdir().expect("a folder");
    let mut pty = Pty::start(home.path(), &[("COLORFGBG", "0;15")]);
    pty.expect("reviewed ");
    assert_eq!(colour_of(&pty, "recto"), vt100::Color::Idx(25));
    pty.keys("q");
    assert!(pty.ends().success());
}

#[test]
fn no_color_means_no_colour() {
    for (environment, arguments) in [
        (vec![("NO_COLOR", "1")], vec!["assets/sample"]),
        (vec![], vec!["--color", "never", "assets/sample"]),
        (vec![("TERM", "vt100")], vec!["assets/sample"]),
    ] {
        let home = tempfile::tempdir().expect("a folder");
        let mut pty = Pty::run(
            home.path(),
            &environment,
            env!("CARGO_BIN_EXE_recto"),
            &arguments,
        );
        pty.expect("reviewed ");
        pty.keys("d");
        pty.expect("the same");
        let written = pty.written();
        for colour in ["38;5;", "48;5;", "38;2;", "\u{1b}[3", "\u{1b}[9"] {
            let coloured = written.match_indices(colour).any(|(at, _)| {
                let rest = &written[at + colour.len()..];
                colour.contains(';')
                    || rest.find('m').is_some_and(|end| {
                        end == 1 && !rest.starts_with('9') && colour != "\u{1b}[3"
                    })
            });
            assert!(!coloured, "{colour:?} with {environment:?}");
        }
        pty.keys("qq");
        assert!(pty.ends().success());
    }
}

#[test]
fn sixteen_colours_are_used_where_there_are_no_more() {
    let home = tempfile::tempdir().expect("a folder");
    let mut pty = Pty::start(home.path(), &[("TERM", "xterm")]);
    pty.expect("reviewed ");
    assert_eq!(colour_of(&pty, "recto"), vt100::Color::Idx(12));
    assert!(!pty.written().contains("38;5;75"));
    pty.keys("q");
    assert!(pty.ends().success());
}

#[test]
fn frames_are_synchronized_and_idle_writes_nothing() {
    let home = tempfile::tempdir().expect("a folder");
    let mut pty = Pty::start(home.path(), &[]);
    pty.expect("reviewed ");
    pty.keys("j");
    pty.expect("2 of");
    let written = pty.written();
    let (begun, ended) = (
        written.matches("\u{1b}[?2026h").count(),
        written.matches("\u{1b}[?2026l").count(),
    );
    assert!(begun > 0 && begun == ended, "{begun} {ended}");
    // A key that does nothing draws nothing.
    pty.keys("\u{1b}[24~");
    pty.keys("j");
    pty.expect("3 of");
    let now = pty.written();
    let frames = now.matches("\u{1b}[?2026h").count() - begun;
    assert!(
        frames <= 2,
        "{frames} frames for one key that does something"
    );
    pty.keys("q");
    assert!(pty.ends().success());
}

#[test]
fn articles_from_a_pipe_are_read_with_keys_from_the_terminal() {
    let home = tempfile::tempdir().expect("a folder");
    let line = format!(
        "cat assets/sample/crawl.jsonl | {} -",
        env!("CARGO_BIN_EXE_recto")
    );
    let mut pty = Pty::run(home.path(), &[], "/bin/sh", &["-c", &line]);
    pty.expect("reviewed ");
    pty.keys("j");
    pty.expect("2 of");
    pty.keys("q");
    assert!(pty.ends().success());
}

#[test]
fn a_dumb_terminal_gets_a_plain_list() {
    let home = tempfile::tempdir().expect("a folder");
    let mut pty = Pty::start(home.path(), &[("TERM", "dumb")]);
    let status = pty.child.wait().expect("the program ends");
    assert!(status.success());
    pty.expect("Reservoir at Its Lowest");
    assert!(!pty.written().contains('\u{1b}'), "no escape sequence");
}

#[test]
#[cfg(target_os = "linux")]
fn the_editor_has_the_terminal_to_itself() {
    let home = tempfile::tempdir().expect("a folder");
    let editor = home.path().join("my editor");
    fs::write(
        &editor,
        "#!/bin/sh\nhead -n 1 \"$1\"\nprintf 'type: '\nread line\necho \"got $line\"\nsleep 1\n",
    )
    .expect("a file");
    let made = Command::new("chmod")
        .arg("+x")
        .arg(&editor)
        .status()
        .expect("chmod runs");
    assert!(made.success());
    let command = format!("\"{}\"", editor.display());
    let mut pty = Pty::start(home.path(), &[("VISUAL", &command)]);
    pty.expect("reviewed ");
    pty.keys("e");
    pty.expect("type: ");
    pty.keys("jjq\r");
    pty.expect("got jjq");
    pty.expect("the article itself is never changed");
    pty.expect("Reservoir at Its Lowest");
    pty.keys("j");
    pty.expect("2 of");
    pty.keys("q");
    assert!(pty.ends().success());
}

#[test]
fn the_browser_gets_the_address_and_no_shell_does() {
    let home = tempfile::tempdir().expect("a folder");
    let (browser, told) = (home.path().join("browser"), home.path().join("told"));
    fs::write(
        &browser,
        format!("#!/bin/sh\necho \"$#\" \"$@\" > '{}'\n", told.display()),
    )
    .expect("a file");
    let made = Command::new("chmod")
        .arg("+x")
        .arg(&browser)
        .status()
        .expect("chmod runs");
    assert!(made.success());
    let command = format!("{} --new", browser.display());
    let mut pty = Pty::start(home.path(), &[("BROWSER", &command)]);
    pty.expect("reviewed ");
    pty.keys("fpath:bridge-courier\r");
    pty.expect("1 of 1");
    pty.keys("\r");
    pty.expect("marrow-courier.example");
    pty.keys("o");
    pty.expect("opened in");
    let begin = Instant::now();
    let expected =
        "2 --new https://www.marrow-courier.example/2026/05/12/swing-bridge-opens-again\n";
    while fs::read_to_string(&told).unwrap_or_default() != expected {
        assert!(
            begin.elapsed() < PATIENCE,
            "{:?}",
            fs::read_to_string(&told)
        );
        thread::yield_now();
    }
    pty.keys("qq");
    assert!(pty.ends().success());
}

#[test]
fn the_mouse_is_taken_and_left_alone_as_the_settings_say() {
    for (mouse, taken) in [(true, true), (false, false)] {
        let home = tempfile::tempdir().expect("a folder");
        let folder = home.path().join("config/recto");
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join("config.toml"), format!("mouse = {mouse}\n")).expect("a file");
        let mut pty = Pty::start(home.path(), &[]);
        pty.expect("reviewed ");
        assert_eq!(pty.written().contains("\u{1b}[?1000h"), taken);
        pty.keys("q");
        assert!(pty.ends().success());
    }
}

#[test]
fn copying_says_what_it_did() {
    let home = tempfile::tempdir().expect("a folder");
    let mut pty = Pty::start(home.path(), &[]);
    pty.expect("reviewed ");
    pty.keys("\ryp");
    pty.expect("path sent to the clipboard of the terminal");
    assert!(pty.written().contains("\u{1b}]52;c;"));
    pty.keys("qq");
    assert!(pty.ends().success());
}

#[test]
fn a_paste_is_typed_and_never_a_command() {
    let home = tempfile::tempdir().expect("a folder");
    let mut pty = Pty::start(home.path(), &[]);
    pty.expect("reviewed ");
    assert!(pty.written().contains("\u{1b}[?2004h"));
    // Without a line to type into a paste does nothing: these letters would quit.
    pty.keys("\u{1b}[200~qQ\u{1b}[201~");
    pty.keys("f\u{1b}[200~title:bridge\u{1b}[201~");
    pty.expect("title:bridge");
    pty.keys("\r");
    pty.expect("1 of 1");
    pty.keys("q");
    assert!(pty.ends().success());
}

#[test]
fn nothing_is_written_into_the_home_folder() {
    let home = tempfile::tempdir().expect("a folder");
    let bare = home.path().join("home");
    fs::create_dir(&bare).expect("a folder");
    let mut pty = Pty::start(home.path(), &[("HOME", bare.to_str().expect("a path"))]);
    pty.expect("reviewed ");
    pty.keys("aq");
    assert!(pty.ends().success());
    assert_eq!(fs::read_dir(&bare).expect("a folder").count(), 0);
    assert!(
        home.path().join("data/recto").is_dir(),
        "decisions are data"
    );
    assert!(
        home.path().join("state/recto/places").is_dir(),
        "the place is state"
    );
}

#[test]
fn the_place_survives_a_kill() {
    let home = tempfile::tempdir().expect("a folder");
    let mut pty = Pty::start(home.path(), &[]);
    pty.expect("reviewed ");
    pty.keys("ftitle:bridge\r");
    pty.expect("1 of 1");
    pty.keys("\r");
    pty.expect("of 3 versions");
    pty.keys("}}}");
    pty.wait("the first paragraph on top", |screen| {
        screen
            .contents()
            .lines()
            .nth(2)
            .is_some_and(|line| line.contains("A swing bridge that"))
    });
    // Written when nothing changed for a moment.
    let places = home.path().join("state/recto/places");
    let begin = Instant::now();
    let kept = || {
        let files = fs::read_dir(&places).into_iter().flatten().flatten();
        let mut texts = files.map(|file| fs::read_to_string(file.path()).unwrap_or_default());
        texts.any(|text| {
            text.contains("title:bridge")
                && text.contains("\"reading\":true")
                && text.contains("\"paragraph\":3")
        })
    };
    while !kept() {
        assert!(begin.elapsed() < PATIENCE, "the place is not written");
        thread::yield_now();
    }
    let before = pty.seen.0.lock().expect("no panic").screen().contents();
    pty.signal("KILL");
    let _ = pty.child.wait();
    let mut again = Pty::start(home.path(), &[]);
    again.wait("the same paragraph on top", |screen| {
        // Blanks behind it may be written or not.
        let top = |text: &str| text.lines().nth(2).map(|line| line.trim_end().to_owned());
        top(&screen.contents()) == top(&before)
    });
    again.keys("qqq");
    assert!(again.ends().success());
}

#[test]
fn the_first_run_says_what_to_type() {
    let home = tempfile::tempdir().expect("a folder");
    let mut pty = Pty::run(home.path(), &[], env!("CARGO_BIN_EXE_recto"), &[]);
    pty.expect("Welcome to recto.");
    pty.expect("recto FOLDER");
    pty.keys("?");
    pty.expect("Keys");
    pty.keys("qq");
    assert!(pty.ends().success());
    // Later, the last library.
    let mut first = Pty::start(home.path(), &[]);
    first.expect("reviewed ");
    first.keys("q");
    assert!(first.ends().success());
    let mut again = Pty::run(home.path(), &[], env!("CARGO_BIN_EXE_recto"), &[]);
    again.expect("reviewed ");
    again.keys("q");
    assert!(again.ends().success());
}

#[test]
fn mistakes_in_the_settings_are_said_on_the_screen() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("config/recto");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("config.toml"), "measrue = 60\n").expect("a file");
    fs::write(folder.join("theme.toml"), "lfet = \"blue\"\n").expect("a file");
    let mut pty = Pty::start(home.path(), &[]);
    pty.expect("(and 1 more: g l)");
    pty.keys("gl");
    pty.expect("no setting is called");
    pty.expect("no role is called \"lfet\"");
    pty.keys("qq");
    assert!(pty.ends().success());
}

#[test]
fn the_cursor_stands_on_the_selected_row_and_in_the_line_that_is_typed() {
    let home = tempfile::tempdir().expect("a folder");
    let mut pty = Pty::start(home.path(), &[]);
    pty.expect("reviewed ");
    let is_at = |row: u16| move |screen: &vt100::Screen| screen.cursor_position().0 == row;
    pty.wait("the first row", is_at(2));
    pty.keys("jj");
    pty.wait("the third row", is_at(4));
    pty.wait("the cursor is seen", |screen| !screen.hide_cursor());
    pty.keys("fbridge");
    pty.wait("the last line, behind what is typed", |screen| {
        screen.cursor_position() == (23, 3 + "bridge".len() as u16)
    });
    pty.expect("1 of 1");
    pty.keys("\u{3}");
    pty.wait("a row again", |screen| screen.cursor_position().0 < 12);
    pty.keys("q");
    assert!(pty.ends().success());
}

#[test]
fn keys_are_told_apart_where_the_terminal_says_that_it_can() {
    let home = tempfile::tempdir().expect("a folder");
    let mut pty = Pty::start(home.path(), &[]);
    pty.expect("reviewed ");
    assert!(
        !pty.written().contains("\u{1b}[?u"),
        "not asked of a terminal that says nothing"
    );
    pty.keys("\u{1b}]11;rgb:0000/0000/0000\u{1b}\\");
    pty.wait_written("\u{1b}[?u");
    pty.keys("\u{1b}[?0u\u{1b}[?62;c");
    pty.wait_written("\u{1b}[>1u");
    // Found in the fourth row. Escape alone, as such a terminal writes it, and then j.
    pty.keys("/bridge\u{1b}[27u");
    pty.keys("j");
    pty.expect("5 of");
    pty.keys("q");
    let raw = pty.raw();
    assert!(pty.ends().success());
    let written = String::from_utf8_lossy(&raw.lock().expect("no panic")).into_owned();
    assert!(
        written.contains("\u{1b}[<1u"),
        "and it is as before at the end"
    );
}

/// A folder with one article that leads to places of every kind.
fn links(home: &std::path::Path) -> String {
    let folder = home.join("articles");
    fs::create_dir(&folder).expect("a folder");
    let text = "---\ntitle: Where It Leads\nurl: https://here.example/caf\u{e9}\n---\n\n\
        See [the map](https://map.example/a?b=1) and [the mail](mailto:a@b.example), \
        [the script](javascript:alert(1)), [the file](file:///etc/passwd) and http://bare.example/x today.\n";
    fs::write(folder.join("a.md"), text).expect("a file");
    folder.to_str().expect("a path").to_owned()
}

#[test]
fn links_lead_somewhere_where_that_is_allowed_and_only_into_the_web() {
    for (setting, term, expected) in [
        ("hyperlinks = true\n", "xterm-256color", true),
        ("", "xterm-256color", false),
        ("hyperlinks = true\n", "linux", false),
    ] {
        let home = tempfile::tempdir().expect("a folder");
        let folder = links(home.path());
        let config = home.path().join("config/recto");
        fs::create_dir_all(&config).expect("a folder");
        fs::write(config.join("config.toml"), setting).expect("a file");
        let program = env!("CARGO_BIN_EXE_recto");
        let mut pty = Pty::run(home.path(), &[("TERM", term)], program, &[&folder]);
        pty.expect("reviewed ");
        pty.keys("\r");
        pty.expect("See the map");
        let written = pty.written();
        let leads = |to: &str| written.contains(&format!(";{to}\u{1b}\\"));
        for address in [
            "https://map.example/a?b=1",
            "http://bare.example/x",
            "https://here.example/caf%C3%A9",
        ] {
            assert_eq!(
                leads(address),
                expected,
                "{address} with {setting:?} on {term}"
            );
        }
        for other in ["javascript:", "file:", "mailto:"] {
            assert!(!written.contains(&format!(";{other}")), "{other}");
        }
        let (begun, ended) = (
            written.matches("\u{1b}]8;id=").count(),
            written.matches("\u{1b}]8;;\u{1b}\\").count(),
        );
        assert_eq!(begun, ended, "every link ends");
        pty.keys("qq");
        assert!(pty.ends().success());
    }
}
