//! Joins a collection, the review log and what a person has set into the start of a session.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::app;
use crate::app::state::Settings;
use crate::cancel::Cancel;
use crate::cli;
use crate::formats;
use crate::keymap::Keymap;
use crate::model::{Clean, Diagnostic};
use crate::store;
use crate::store::ingest;
use crate::store::local::{BUDGET, LocalLibrary, Stage, Status, library_id};
use crate::store::rebind;
use crate::store::traits::Library;
use crate::text::clean;
use crate::theme::Theme;

use super::frame::Links;
use super::keeper::{self, Keeper};
use super::pace::Pace;
use super::world::{Complete, Export, Exported, News, OpenLog, Opened, World};
use super::{Start, Themes};

/// What a session is asked to be.
pub struct Request {
    /// What to read.
    pub paths: Vec<PathBuf>,
    /// How to read it.
    pub formats: formats::Options,
    /// Opens what decisions go to.
    pub log: OpenLog,
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
    /// The screen begins with what changed between the two inputs.
    pub changes: bool,
    /// The folder where the place is kept for the next run.
    pub state: Option<PathBuf>,
    /// The folder where a large collection is kept as it was read.
    pub cache: Option<PathBuf>,
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
        changes,
        state,
        cache,
        notices,
    } = request;
    let welcome = paths.is_empty();
    let library = library_id(&paths);
    // What cannot be kept is not worth a word.
    let keep = state.filter(|_| !welcome).and_then(|state| {
        let keeper = Keeper::start(&state, &library).ok()?;
        Some((keeper, keeper::read(&state, &library)))
    });
    let reader = Reader::new(paths, formats, cache, notices);
    let open = move |cancel: &Cancel, told: &mut dyn FnMut(News)| reader.read(cancel, told);
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
        changes,
        links: Links::default(),
    }
}

/// Reads the collection, and again when it is asked to.
struct Reader {
    paths: Vec<PathBuf>,
    formats: formats::Options,
    cache: Option<PathBuf>,
    notices: Vec<Clean>,
    name: Clean,
    /// The collection that is shown, when it is whole or was called off.
    shown: Mutex<Option<Arc<LocalLibrary>>>,
}

/// How often the screen hears how far reading has come.
const TELL: Duration = Duration::from_millis(100);
/// How long a list stays as it is while there are more articles,
const GROW: Duration = Duration::from_millis(250);
/// and how many more there must be, in percent: a long list is not sorted anew all the time.
const MORE: u64 = 125;

impl Reader {
    fn new(
        paths: Vec<PathBuf>,
        formats: formats::Options,
        cache: Option<PathBuf>,
        notices: Vec<Clean>,
    ) -> Self {
        Self {
            name: name(&paths),
            paths,
            formats,
            cache,
            notices,
            shown: Mutex::default(),
        }
    }

    /// Reads the collection and shows it as soon as there is something in it that was not shown before: read again, it
    /// takes the place of the one before when it has as many articles.
    fn read(&self, cancel: &Cancel, told: &mut dyn FnMut(News)) -> Option<Complete> {
        let mut before = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        // Standard input is read once: looked for again, its articles stay what they are.
        let from_stdin = self.paths.iter().any(|it| it == Path::new(ingest::STDIN));
        if from_stdin && let Some(library) = &*before {
            let again = "standard input cannot be read twice: everything stays as it was";
            told(self.opened(library, Some(again)));
            return Some(complete(library));
        }
        let known = before.as_ref().map_or(0, |library| library.articles());
        let library = LocalLibrary::new(&self.paths, &self.formats);
        let library = Arc::new(match &self.cache {
            Some(cache) => library.kept_in(cache, BUDGET),
            None => library,
        });
        let begin = Instant::now();
        let (mut shown, mut told_at, mut grown_at) = (None, begin, begin);
        let mut pace = Pace::default();
        let whole = library.read(cancel, &mut |status| {
            let Status {
                stage,
                progress,
                step,
            } = status;
            match (stage, step) {
                (Stage::Reading, _) => {}
                (Stage::Grouping, None) => return told(News::Grouping(pace.share())),
                (Stage::Grouping, Some(step)) => {
                    let share = pace.take(step, Instant::now());
                    if told_at.elapsed() >= TELL {
                        told_at = Instant::now();
                        told(News::Grouping(share));
                    }
                    return;
                }
                (Stage::Ready, _) => return,
            }
            let records = progress.records;
            match shown {
                None if records > 0 && library.articles() >= known => {
                    told(self.opened(&library, None));
                    (shown, grown_at) = (Some(records), Instant::now());
                }
                Some(last) if records * 100 >= last * MORE && grown_at.elapsed() >= GROW => {
                    told(News::Grown);
                    (shown, grown_at) = (Some(records), Instant::now());
                }
                _ => {}
            }
            if told_at.elapsed() >= TELL {
                told_at = Instant::now();
                let seconds = begin.elapsed().as_secs_f64().max(0.001);
                told(News::Progress(app::event::Progress {
                    records,
                    bytes: progress.bytes,
                    of: progress.bytes_found,
                    rate: (progress.bytes as f64 / seconds) as u64,
                }));
            }
        });
        if !whole {
            // What was read before is more than a part that nobody has seen.
            if shown.is_some() || before.is_none() {
                *before = Some(Arc::clone(&library));
            }
            if shown.is_none() && known == 0 {
                told(self.opened(&library, None));
            }
            return None;
        }
        if shown.is_none() {
            told(self.opened(&library, None));
        }
        let complete = complete(&library);
        *before = Some(library);
        Some(complete)
    }

    fn opened(&self, library: &Arc<LocalLibrary>, first: Option<&'static str>) -> News {
        let notices = first.map(Clean::own).into_iter();
        News::Opened(Opened {
            name: self.name.clone(),
            library: Arc::clone(library) as Arc<dyn Library>,
            export: exporter(library),
            notices: notices.chain(self.notices.iter().cloned()).collect(),
        })
    }
}

/// What `recto export` does, for the screen.
fn exporter(library: &Arc<LocalLibrary>) -> Export {
    let library = Arc::clone(library);
    Arc::new(move |exported, cancel| {
        let Exported { ids, path, told } = exported;
        cli::export::to_file(&library, ids, path, cancel, told)
    })
}

fn complete(library: &Arc<LocalLibrary>) -> Complete {
    let for_rebind = Arc::clone(library);
    let diagnostics = library.diagnostics();
    let line = |diagnostic: &Diagnostic| clean::line(&diagnostic.to_string());
    Complete {
        diagnostics: diagnostics.iter().map(line).collect(),
        rebind: Box::new(move |log| match rebind::rebind(&for_rebind, log, false) {
            Ok(rebound) => rebound
                .sentences()
                .iter()
                .map(|sentence| clean::line(sentence))
                .collect(),
            Err(error) => vec![clean::line(&error.to_string())],
        }),
    }
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
