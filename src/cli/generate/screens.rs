//! `recto generate screens`: pictures for documents, painted from what the screen really shows.

use std::io;

use super::svg;
use super::write;
use crate::app::state::Settings;
use crate::cli::args::Screens;
use crate::cli::output::{Failure, Outcome};
use crate::cli::session;
use crate::config::Config;
use crate::keymap::Keymap;
use crate::model::Clean;
use crate::runtime::Host;
use crate::runtime::setup::{self, Request};
use crate::runtime::stage::Stage;
use crate::store::review::LocalReviewLog;
use crate::theme::Theme;

/// A picture: its name, columns and rows of the screen, and the keys that lead there. They go by places in the list and
/// by what there is in any collection, so that a collection of one's own can be painted, too.
const SCENES: [(&str, (u16, u16), &str); 5] = [
    ("library", (110, 28), "a 1 j j l"),
    ("reader", (80, 26), "j j j j Enter / text:star Enter"),
    ("compare", (110, 28), "d ]"),
    ("versions", (110, 22), "f text:versions:>2 Enter M Tab ]"),
    ("statistics", (110, 33), "a a x s 1 g t"),
];

/// Writes the pictures into a folder. Whatever a person has set and decided counts for nothing here, and is not touched.
pub(super) fn pictures(args: &Screens) -> Outcome {
    let dirs = session::dirs()?;
    let paths = session::paths(&args.sources.paths, &dirs)?;
    session::refuse_missing(&paths)?;
    let formats = session::options(&args.sources, &dirs);
    for (name, size, keys) in SCENES {
        let home = tempfile::tempdir()?;
        let config = Config::default();
        let tag = |number| config.quick_tag(number).unwrap_or_default().to_owned();
        let log = LocalReviewLog::open(home.path(), "recto", Box::new(|| 0));
        let start = setup::start(Request {
            paths: paths.clone(),
            formats: formats.clone(),
            log: Box::new(|| Box::new(log)),
            keymap: Keymap::standard(),
            theme: Theme::dark(),
            themes: None,
            settings: Settings {
                quick_tags: std::array::from_fn(|at| tag(at as u8 + 1)),
                ..Settings::default()
            },
            mouse: false,
            watch: None,
            changes: false,
            state: None,
            cache: None,
            notices: Vec::new(),
        });
        let failed = |error| Failure::failed(format!("{name} cannot be painted: {error}"));
        let mut stage = Stage::start(start, size, Nobody).map_err(failed)?;
        stage.press(keys).map_err(failed)?;
        // A screen in memory does not blank the cell behind a wide sign, as terminals do: painted anew it is whole.
        stage.press("^l").map_err(failed)?;
        let picture = svg::picture(stage.buffer());
        stage.finish();
        write(&args.out, &format!("{name}.svg"), picture.as_bytes())?;
    }
    Ok(())
}

/// No terminal and no programs around it.
struct Nobody;

impl Host for Nobody {
    fn suspend(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn resume(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn copy(&mut self, _: &Clean) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn browse(&mut self, _: &str) -> io::Result<String> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn edit(&mut self, _: &str, _: &str) -> io::Result<String> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
