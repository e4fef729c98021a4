//! Joins a collection, the review log and what a person has set into the start of a session.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crate::app::event::Reply;
use crate::app::state::Settings;
use crate::cancel::Cancel;
use crate::formats;
use crate::keymap::Keymap;
use crate::model::Clean;
use crate::store;
use crate::store::ingest;
use crate::store::local::{LocalLibrary, library_id};
use crate::store::rebind;
use crate::store::traits::{Library, ReviewLog};
use crate::text::clean;
use crate::theme::Theme;

use super::keeper::{self, Keeper};
use super::world::{Opened, World};
use super::{Start, Themes};

/// What a session is asked to be.
pub struct Request {
    /// What to read.
    pub paths: Vec<PathBuf>,
    /// How to read it.
    pub formats: formats::Options,
    /// Where decisions go.
    pub log: Box<dyn ReviewLog>,
    /// The keys.
    pub keymap: Keymap,
    /// The colours.
    pub theme: Theme,
    /// The colours to choose from when the terminal says what its background is.
    pub themes: Option<Themes>,
    /// What a person has set.
    pub settings: Settings,
    /// Takes the mouse.
    pub mouse: bool,
    /// The file of the review log, where others may write to it.
    pub watch: Option<PathBuf>,
    /// The folder where the place is kept for the next run.
    pub state: Option<PathBuf>,
    /// Things to be said at the start: mistakes in the configuration.
    pub notices: Vec<Clean>,
}

/// Prepares a session; nothing is read yet.
pub fn start(request: Request) -> Start {
    let Request {
        paths,
        formats,
        log,
        keymap,
        theme,
        themes,
        settings,
        mouse,
        watch,
        state,
        notices,
    } = request;
    let welcome = paths.is_empty();
    let library = library_id(&paths);
    // What cannot be kept is not worth a word.
    let keep = state.filter(|_| !welcome).and_then(|state| {
        let keeper = Keeper::start(&state, &library).ok()?;
        Some((keeper, keeper::read(&state, &library)))
    });
    // Standard input is read once: looked for again, its articles stay what they are.
    let from_stdin = paths.iter().any(|path| path == Path::new(ingest::STDIN));
    let kept: OnceLock<Arc<LocalLibrary>> = OnceLock::new();
    let open = move |cancel: &Cancel, meanwhile: &mut dyn FnMut(Reply)| {
        let again = kept.get().cloned();
        let mut notices = notices.clone();
        if again.is_some() {
            notices.insert(
                0,
                Clean::own("standard input cannot be read twice: everything stays as it was"),
            );
        }
        let (library, opened) = open(&paths, &formats, notices, again, cancel, meanwhile);
        if from_stdin && !cancel.is_cancelled() {
            let _ = kept.set(library);
        }
        opened
    };
    let world = World::new(
        Box::new(open),
        log,
        Box::new(store::today),
        settings.quick_tags.clone(),
    );
    Start {
        world,
        keymap,
        theme,
        themes,
        settings,
        mouse,
        watch,
        keep,
        welcome,
    }
}

/// Reads the collection, unless it is at hand already.
fn open(
    paths: &[PathBuf],
    formats: &formats::Options,
    notices: Vec<Clean>,
    again: Option<Arc<LocalLibrary>>,
    cancel: &Cancel,
    meanwhile: &mut dyn FnMut(Reply),
) -> (Arc<LocalLibrary>, Opened) {
    let library = again.unwrap_or_else(|| {
        let library = LocalLibrary::open(paths, formats, cancel, &mut |progress| {
            meanwhile(Reply::Progress {
                records: progress.records,
                bytes: progress.bytes,
            });
        });
        // Whoever called it off does not look at what comes of it.
        Arc::new(library.unwrap_or_else(LocalLibrary::empty))
    });
    let diagnostics = library
        .diagnostics()
        .iter()
        .map(|diagnostic| clean::line(&diagnostic.to_string()))
        .collect();
    let for_rebind = Arc::clone(&library);
    let opened = Opened {
        name: name(paths),
        library: Arc::clone(&library) as Arc<dyn Library>,
        diagnostics,
        notices,
        rebind: Box::new(move |log| match rebind::rebind(&for_rebind, log) {
            Ok(rebound) => rebound
                .sentences()
                .iter()
                .map(|sentence| clean::line(sentence))
                .collect(),
            Err(error) => vec![clean::line(&error.to_string())],
        }),
    };
    (library, opened)
}

/// What a collection is called: the name of its first path, and how many more there are.
fn name(paths: &[PathBuf]) -> Clean {
    let first = paths
        .first()
        .map(PathBuf::as_path)
        .unwrap_or(Path::new("."));
    let canonical = std::path::absolute(first).unwrap_or_else(|_| first.to_owned());
    let name = canonical
        .file_name()
        .map_or_else(|| first.to_string_lossy(), |name| name.to_string_lossy());
    match paths.len() {
        0 | 1 => clean::line(&name),
        more => clean::line(&format!("{name} +{}", more - 1)),
    }
}
