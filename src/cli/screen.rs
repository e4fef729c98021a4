//! The door to the screen: what a person has set, the keys, the colours, and off.

use std::path::Path;

use super::args;
use super::output::{self, Failure, Outcome};
use super::session;
use crate::app::state::Settings;
use crate::config::{self, Config, Layer};
use crate::formats::Limits;
use crate::keymap::Keymap;
use crate::notice::Notice;
use crate::runtime::setup::{self, Request};
use crate::runtime::terminal;
use crate::store::dirs::Dirs;
use crate::store::review;
use crate::text::clean;
use crate::theme::{Theme, ThemeName};

/// Opens the screen on what is named, else on the last library.
pub(super) fn run(args: &args::Read) -> Outcome {
    let dirs = session::dirs()?;
    let paths = session::paths(&args.sources.paths, &dirs)?;
    session::refuse_missing(&paths)?;
    session::remember(&paths, &dirs);
    let (config, mut notices) = settings(&dirs, args);
    let (keymap, mistakes) = match read(&dirs.config.join("keymap.toml")) {
        Some((name, text)) => Keymap::with_user(&name, &text),
        None => (Keymap::standard(), Vec::new()),
    };
    notices.extend(mistakes);
    let mut log = session::open_log(&dirs);
    log.prepare();
    let tag = |number| config.quick_tag(number).unwrap_or_default().to_owned();
    let start = setup::start(Request {
        paths,
        formats: args.sources.options(limits(&config)),
        log: Box::new(log),
        keymap,
        theme: theme(*config.theme),
        settings: Settings {
            measure: *config.measure,
            quick_tags: std::array::from_fn(|at| tag(at as u8 + 1)),
            go_on: *config.go_on_after_decision,
            ascii: *config.ascii,
            today: crate::store::today(),
            ..Settings::default()
        },
        mouse: *config.mouse,
        watch: Some(dirs.data.join(review::FILE)),
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

/// The theme that is asked for. `auto` goes by NO_COLOR, then by what the terminal says in COLORFGBG, else dark.
fn theme(name: ThemeName) -> Theme {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    match name {
        ThemeName::Dark => Theme::dark(),
        ThemeName::Light => Theme::light(),
        ThemeName::Mono => Theme::mono(),
        ThemeName::Auto if set("NO_COLOR").is_some() => Theme::mono(),
        ThemeName::Auto => match set("COLORFGBG").as_deref().and_then(background) {
            // Of the sixteen colours, white, bright white and the bright colours between are light.
            Some(7 | 9..=15) => Theme::light(),
            Some(_) | None => Theme::dark(),
        },
    }
}

/// The number of the background: the last part of `15;0` or `15;default;0`.
fn background(value: &str) -> Option<u8> {
    value.rsplit(';').next()?.parse().ok()
}
