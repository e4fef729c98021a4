//! The door to the screen: what a person has set, the keys, the colours, and off.

use std::path::Path;

use super::args::{self, When};
use super::output::{self, Failure, Outcome};
use super::session;
use crate::app::state::Settings;
use crate::config::theme::Own;
use crate::config::{self, Config, Layer};
use crate::formats::Limits;
use crate::keymap::Keymap;
use crate::notice::Notice;
use crate::runtime::setup::{self, Request};
use crate::runtime::{Themes, terminal};
use crate::store::dirs::Dirs;
use crate::store::review;
use crate::store::traits::ReviewLog;
use crate::text::clean;
use crate::theme::{Theme, ThemeName};

/// Opens the screen on what is named, else on the last library.
pub(super) fn run(args: &args::Read) -> Outcome {
    open(args, false)
}

/// Opens the screen on two collections, with the list of what changed between them.
pub(super) fn changes(left: &str, right: &str) -> Outcome {
    let mut args = args::Read::default();
    args.sources.paths = vec![left.into(), right.into()];
    open(&args, true)
}

fn open(args: &args::Read, changes: bool) -> Outcome {
    let dirs = session::dirs()?;
    // Without anything to read there is a welcome and no error: the screen says what to type.
    let paths = session::paths(&args.sources.paths, &dirs).unwrap_or_default();
    session::refuse_missing(&paths)?;
    if !paths.is_empty() {
        session::remember(&paths, &dirs);
    }
    let (config, mut notices) = settings(&dirs, args);
    let (keymap, mistakes) = match read(&dirs.config.join("keymap.toml")) {
        Some((name, text)) => Keymap::with_user(&name, &text),
        None => (Keymap::standard(), Vec::new()),
    };
    notices.extend(mistakes);
    let (own, mistakes) = match read(&dirs.config.join("theme.toml")) {
        Some((name, text)) => config::theme::read(&name, &text),
        None => (Own::default(), Vec::new()),
    };
    notices.extend(mistakes);
    let (theme, themes) = themes(*config.theme, args, &own);
    let (of_log, author) = (dirs.clone(), session::author(&dirs));
    let log = move || {
        let mut log = session::log(&of_log, &author);
        log.prepare();
        Box::new(log) as Box<dyn ReviewLog>
    };
    let tag = |number| config.quick_tag(number).unwrap_or_default().to_owned();
    let start = setup::start(Request {
        paths,
        formats: args.sources.options(limits(&config)),
        log: Box::new(log),
        keymap,
        theme,
        themes,
        settings: Settings {
            measure: *config.measure,
            quick_tags: std::array::from_fn(|at| tag(at as u8 + 1)),
            go_on: *config.go_on_after_decision,
            ascii: *config.ascii,
            hyperlinks: *config.hyperlinks && follows_links(),
            reduced_motion: *config.reduced_motion,
            focus_dims: *config.focus_dims,
            today: crate::store::today(),
            ..Settings::default()
        },
        mouse: *config.mouse,
        state: Some(dirs.state.clone()),
        cache: Some(dirs.cache.clone()),
        watch: Some(dirs.data.join(review::FILE)),
        changes,
        notices: notices
            .iter()
            .map(ToString::to_string)
            .chain(session::network_warning(&dirs))
            .map(|notice| clean::line(&notice))
            .collect(),
    });
    terminal::run(start).map_err(|error| Failure::failed(format!("the terminal failed: {error}")))
}

/// The settings: flags over config.toml over the defaults, and what is wrong with the file.
fn settings(dirs: &Dirs, args: &args::Read) -> (Config, Vec<Notice>) {
    let (file, notices) = match read(&dirs.config.join("config.toml")) {
        Some((name, text)) => config::read(&name, &text),
        None => (Layer::default(), Vec::new()),
    };
    let flags = Layer {
        ascii: args.ascii.then_some(true),
        theme: args.theme,
        ..Layer::default()
    };
    (Config::new(file, flags), notices)
}

/// Whose decisions these are, as config.toml says.
pub(super) fn author(dirs: &Dirs) -> Option<String> {
    let (name, text) = read(&dirs.config.join("config.toml"))?;
    let (file, _) = config::read(&name, &text);
    file.author.filter(|author| !author.is_empty())
}

/// About how many bytes of memory grouping may take, as config.toml says.
pub(super) fn memory(dirs: &Dirs) -> Option<u64> {
    let (name, text) = read(&dirs.config.join("config.toml"))?;
    let (file, _) = config::read(&name, &text);
    Some(*Config::new(file, Layer::default()).memory_mb << 20)
}

/// How much one input may take, as config.toml says. Mistakes in the file are told once a command, here.
pub(super) fn set_limits(dirs: &Dirs) -> Limits {
    let (file, notices) = match read(&dirs.config.join("config.toml")) {
        Some((name, text)) => config::read(&name, &text),
        None => (Layer::default(), Vec::new()),
    };
    for notice in &notices {
        output::say(&notice.to_string());
    }
    limits(&Config::new(file, Layer::default()))
}

fn limits(config: &Config) -> Limits {
    const MB: u64 = 1024 * 1024;
    Limits {
        record_bytes: *config.max_record_mb * MB,
        file_bytes: *config.max_file_mb * MB,
        ratio: *config.max_ratio,
        nesting: usize::try_from(*config.max_nesting).unwrap_or(usize::MAX),
        window_bytes: *config.max_window_mb * MB,
    }
}

/// A file that a person may have written, with its name for messages; none is as good as an empty one.
fn read(path: &Path) -> Option<(String, String)> {
    match std::fs::read_to_string(path) {
        Ok(text) => Some((path.to_string_lossy().into_owned(), text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => {
            output::say(&format!(
                "{}: {error}; the defaults are used",
                path.display()
            ));
            None
        }
    }
}

/// The colours that are asked for, and those to choose from where the terminal says what its background is.
///
/// Without such an answer COLORFGBG says it, else it is dark. No colours are wanted by NO_COLOR or `--color never`, unless a
/// theme was named on the command line.
fn themes(name: ThemeName, args: &args::Read, own: &Own) -> (Theme, Option<Themes>) {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let term = set("TERM").unwrap_or_default();
    let depth = depth(&term, set("COLORTERM").as_deref());
    let refused = match args.color {
        When::Always => false,
        When::Never => true,
        When::Auto => args.theme.is_none() && set("NO_COLOR").is_some() || depth == Depth::None,
    };
    if refused {
        return (Theme::mono(), None);
    }
    let of = |light: bool| {
        let theme = name.theme(light);
        let theme = match depth {
            Depth::Sixteen => theme.sixteen(light),
            Depth::Many | Depth::None => theme,
        };
        own.over(theme, light)
    };
    // Of the sixteen colours, white, bright white and the bright colours between are light.
    let light = match set("COLORFGBG").as_deref().and_then(background) {
        Some(number) => matches!(number, 7 | 9..=15),
        None => name == ThemeName::Light,
    };
    let themes = name.goes_by_background().then(|| Themes {
        dark: of(false),
        light: of(true),
    });
    (of(light), themes)
}

/// How many colours a terminal has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Depth {
    None,
    Sixteen,
    Many,
}

/// What a terminal says about its colours: COLORTERM counts, then its name.
fn depth(term: &str, colorterm: Option<&str>) -> Depth {
    let many = [
        "256",
        "direct",
        "kitty",
        "alacritty",
        "foot",
        "ghostty",
        "wezterm",
        "contour",
        "rio",
    ];
    let none = ["vt100", "vt102", "vt220", "vt320", "dumb", "xterm-mono"];
    if colorterm.is_some() || many.iter().any(|part| term.contains(part)) {
        Depth::Many
    } else if none.contains(&term) {
        Depth::None
    } else {
        Depth::Sixteen
    }
}

/// Says whether a terminal makes something of links: those that would show them as letters, or are known to go wrong, do
/// not.
fn follows_links() -> bool {
    let set = |name: &str| std::env::var(name).unwrap_or_default();
    knows_links(&set("TERM"), &set("TERM_PROGRAM"), &set("VTE_VERSION"))
}

/// The same by the terminal's name, its program's, and the version of VTE, whose first try crashed.
fn knows_links(term: &str, program: &str, vte: &str) -> bool {
    let begins = ["linux", "vt", "screen", "eterm", "cons25", "dumb", "sun"];
    let old_vte = vte.parse().is_ok_and(|version: u32| version < 5000);
    !begins.iter().any(|name| term.starts_with(name)) && program != "Apple_Terminal" && !old_vte
}

/// The number of the background: the last part of `15;0` or `15;default;0`.
fn background(value: &str) -> Option<u8> {
    value.rsplit(';').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_colours_comes_from_what_the_terminal_says() {
        for (term, colorterm, expected) in [
            ("xterm-256color", None, Depth::Many),
            ("xterm", Some("truecolor"), Depth::Many),
            ("xterm-kitty", None, Depth::Many),
            ("linux", None, Depth::Sixteen),
            ("screen", None, Depth::Sixteen),
            ("vt100", None, Depth::None),
        ] {
            assert_eq!(depth(term, colorterm), expected, "{term}");
        }
    }

    #[test]
    fn terminals_that_cannot_follow_links_are_told_none() {
        for (term, program, vte, expected) in [
            ("xterm-256color", "", "", true),
            ("xterm-kitty", "", "", true),
            ("tmux-256color", "tmux", "", true),
            ("xterm-256color", "", "7603", true),
            ("xterm-256color", "", "4801", false),
            ("xterm-256color", "Apple_Terminal", "", false),
            ("linux", "", "", false),
            ("screen.xterm", "", "", false),
        ] {
            assert_eq!(knows_links(term, program, vte), expected, "{term}");
        }
    }

    #[test]
    fn the_background_is_the_last_number() {
        assert_eq!(background("15;0"), Some(0));
        assert_eq!(background("0;default;15"), Some(15));
        assert_eq!(background("0;default"), None);
    }
}
