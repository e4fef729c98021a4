//! A library, its review log and what had to be said while they were opened.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::args::Sources;
use super::output::{self, Failure, count};
use crate::cancel::Cancel;
use crate::formats;
use crate::group::Step;
use crate::model::{ArticleId, Diagnostic};
use crate::query::{self, Query};
use crate::store;
use crate::store::dirs::Dirs;
use crate::store::ingest::{Progress, STDIN};
use crate::store::local::{BUDGET, LocalLibrary, library_id};
use crate::store::network;
use crate::store::personal;
use crate::store::rebind;
use crate::store::review::LocalReviewLog;
use crate::store::traits::{Library, ReviewLog};
use crate::store::types::{By, Edge, Entry, Find, Hit, LibraryId, StoreError};

/// The file in the state directory that names the last library.
const LAST: &str = "last-library";

/// So many diagnostics are listed; `check` lists all.
pub(super) const LISTED: usize = 20;

/// How many hits are asked for at a time.
const PAGE: usize = 1000;

/// What a command works on.
pub(super) struct Session {
    pub(super) library: LocalLibrary,
    pub(super) log: LocalReviewLog,
}

/// So many texts are sketched when a command ends that decided something: half a second at most. What is left over is
/// done by the next one, or by the screen.
const REMEMBERED: usize = 10_000;

impl Drop for Session {
    /// What a person waits for was said by now. What cannot be kept now is kept another time.
    fn drop(&mut self) {
        if self.log.has_written() {
            let _ = rebind::remember(&self.library, &mut self.log, REMEMBERED);
        }
    }
}

impl Session {
    /// Reads the sources, or the last library where none are named, and what was decided about them. They are the last
    /// library from then on.
    pub(super) fn open(sources: &Sources) -> Result<Self, Failure> {
        let dirs = dirs()?;
        let paths = paths(&sources.paths, &dirs)?;
        let session = Self::read(&paths, sources, &dirs)?;
        remember(&paths, &dirs);
        Ok(session)
    }

    /// Reads one file that is looked at in passing.
    pub(super) fn glance(file: &Path, sources: &Sources) -> Result<Self, Failure> {
        Self::read(&[file.to_owned()], sources, &dirs()?)
    }

    fn read(paths: &[PathBuf], sources: &Sources, dirs: &Dirs) -> Result<Self, Failure> {
        let mut meter = Meter::new();
        let library =
            LocalLibrary::new(paths, &options(sources, dirs)).kept_in(&dirs.cache, BUDGET);
        let whole = library.read(&Cancel::new(), &mut |status| match status.step {
            Some(Step { stage, done, all }) => {
                let doing = format!("looking for versions, {}", stage.name());
                meter.count(&doing, done as usize, all as usize);
            }
            None => meter.show(status.progress),
        });
        meter.clear();
        if !whole {
            return Err(StoreError::Cancelled.into());
        }
        complain(&library.diagnostics(), LISTED);
        if library.records() == 0 {
            return Err(Failure::failed("nothing was loaded"));
        }
        library.set_personal(Arc::new(personal::read(&dirs.state, &library.id())));
        let mut log = open_log(dirs);
        match rebind::rebind(&library, &mut log, false) {
            Ok(found) => found.sentences().iter().for_each(|it| output::say(it)),
            Err(error) => output::say(&error.to_string()),
        }
        if let Some(why) = log.read_only() {
            output::say(&format!("nothing can be saved: {why}"));
        }
        Ok(Self { library, log })
    }

    /// A damaged log gives results that may lack something: they are printed, and the exit code says so.
    pub(super) fn outcome(&self) -> Result<(), Failure> {
        match self.log.damage() {
            Some(_) => Err(Failure::silent()),
            None => Ok(()),
        }
    }

    /// Gives every hit of a query, in its order.
    pub(super) fn hits(&self, query: &Arc<Query>, by: By) -> Result<Vec<Hit>, Failure> {
        let mut find = Find {
            query: Arc::clone(query),
            by,
            from: Edge::Top,
            after: None,
            limit: PAGE,
        };
        let mut hits = Vec::new();
        loop {
            let page = self.library.find(&find, &Cancel::new())?;
            hits.extend(page.hits);
            match page.next {
                Some(next) => find.after = Some(next),
                None => return Ok(hits),
            }
        }
    }

    /// One article with everything about it.
    pub(super) fn entry(&self, id: ArticleId) -> Result<Entry, Failure> {
        Ok(self.library.entry(id, &Cancel::new())?)
    }
}

/// Reads a query as of today.
pub(super) fn parse_query(text: &str) -> Result<Arc<Query>, Failure> {
    let mut saved = BTreeMap::new();
    if text.contains("query:") {
        let filters = open_log(&dirs()?).filters()?;
        saved.extend(filters.into_iter().map(|it| (it.name, it.query)));
    }
    let context = query::Context {
        today: store::today(),
        saved: &saved,
    };
    match query::parse(text, context) {
        Ok(query) => Ok(Arc::new(query)),
        Err(error) => Err(Failure::usage(format!("{error}\n{}", error.render(text)))),
    }
}

/// The folders to write to.
pub(super) fn dirs() -> Result<Dirs, Failure> {
    Dirs::find()
        .ok_or_else(|| Failure::failed("there is no home folder to keep anything in; set HOME"))
}

/// What is said of a review log that other machines may write to.
pub(super) fn network_warning(dirs: &Dirs) -> Option<String> {
    let kind = network::file_system(&dirs.data)?;
    Some(format!(
        "the review log in {} lies on a file system of the network ({kind}), which may lose what two programs write at \
         once: set XDG_DATA_HOME to a disk of this machine, and share decisions with `recto review merge`",
        dirs.data.display()
    ))
}

/// Opens the review log under the name of whoever is logged in, and says what is wrong with its place.
pub(super) fn open_log(dirs: &Dirs) -> LocalReviewLog {
    if let Some(warning) = network_warning(dirs) {
        output::say(&warning);
    }
    log(dirs, &author(dirs))
}

/// Opens the review log without a word.
pub(super) fn log(dirs: &Dirs, author: &str) -> LocalReviewLog {
    let clock = || jiff::Timestamp::now().as_millisecond();
    LocalReviewLog::open(&dirs.data, author, Box::new(clock))
}

/// Whose decisions these are.
pub(super) fn author(dirs: &Dirs) -> String {
    let set = |name: &&str| std::env::var(name).ok().filter(|value| !value.is_empty());
    set(&"RECTO_AUTHOR")
        .or_else(|| configured_author(dirs))
        .or_else(|| ["USER", "LOGNAME", "USERNAME"].iter().find_map(set))
        .unwrap_or_else(|| "unknown".into())
}

/// What the readers of formats are told.
pub(super) fn options(sources: &Sources, dirs: &Dirs) -> formats::Options {
    sources.options(limits(dirs))
}

#[cfg(feature = "tui")]
fn limits(dirs: &Dirs) -> formats::Limits {
    super::screen::set_limits(dirs)
}

/// Without the screen there are no settings.
#[cfg(not(feature = "tui"))]
fn limits(_: &Dirs) -> formats::Limits {
    formats::Limits::default()
}

/// About how many bytes of memory grouping may take, where somebody set it.
#[cfg(feature = "tui")]
pub(super) fn configured_memory(dirs: &Dirs) -> Option<u64> {
    super::screen::memory(dirs)
}

/// Without the screen there are no settings.
#[cfg(not(feature = "tui"))]
pub(super) fn configured_memory(_: &Dirs) -> Option<u64> {
    None
}

#[cfg(feature = "tui")]
fn configured_author(dirs: &Dirs) -> Option<String> {
    super::screen::author(dirs)
}

/// Without the screen there are no settings.
#[cfg(not(feature = "tui"))]
fn configured_author(_: &Dirs) -> Option<String> {
    None
}

/// Says so when nothing of what is named is there: a screen with nothing on it would only hide the typing mistake.
#[cfg(feature = "tui")]
pub(super) fn refuse_missing(paths: &[PathBuf]) -> Result<(), Failure> {
    let is_pattern = |path: &Path| path.to_string_lossy().contains(['*', '?', '[', '{']);
    let is_there = |path: &&PathBuf| {
        **path == Path::new(STDIN) || is_pattern(path) || path.symlink_metadata().is_ok()
    };
    match paths.iter().find(|path| !is_there(path)) {
        Some(first) if !paths.iter().any(|path| is_there(&path)) => Err(Failure::failed(format!(
            "{}: no such file or folder",
            first.display()
        ))),
        _ => Ok(()),
    }
}

/// Names a library without reading it.
pub(super) fn name(named: &[PathBuf], dirs: &Dirs) -> Result<LibraryId, Failure> {
    Ok(library_id(&paths(named, dirs)?))
}

/// The named paths, or those of the last library.
pub(super) fn paths(named: &[PathBuf], dirs: &Dirs) -> Result<Vec<PathBuf>, Failure> {
    if !named.is_empty() {
        return Ok(named.to_vec());
    }
    let last = std::fs::read(dirs.state.join(LAST)).unwrap_or_default();
    let paths: Vec<PathBuf> = last
        .split(|byte| *byte == 0)
        .filter(|path| !path.is_empty())
        .map(|path| PathBuf::from(String::from_utf8_lossy(path).into_owned()))
        .collect();
    if paths.is_empty() {
        return Err(Failure::usage(
            "name what to read: recto PATH… (later, without a PATH, the last library is read)",
        ));
    }
    let shown: Vec<_> = paths.iter().map(|path| path.to_string_lossy()).collect();
    output::say(&format!("reading the last library, {}", shown.join(" ")));
    Ok(paths)
}

/// Keeps the paths for the next time. Losing them costs a bit of typing, so failures are not worth a word.
pub(super) fn remember(paths: &[PathBuf], dirs: &Dirs) {
    let mut line = Vec::new();
    for path in paths {
        if path == Path::new(STDIN) {
            return;
        }
        // A pattern is no file, but may match others tomorrow.
        let absolute = std::fs::canonicalize(path).or_else(|_| std::path::absolute(path));
        let Some(path) = absolute
            .ok()
            .and_then(|path| path.to_str().map(str::to_owned))
        else {
            return;
        };
        line.extend_from_slice(path.as_bytes());
        line.push(0);
    }
    let file = dirs.state.join(LAST);
    if std::fs::read(&file).is_ok_and(|known| known == line) {
        return;
    }
    let new = dirs.state.join(format!("{LAST}.new"));
    let _ = std::fs::create_dir_all(&dirs.state)
        .and_then(|()| std::fs::write(&new, &line))
        .and_then(|()| std::fs::rename(&new, &file));
}

/// Names what was not loaded, or not as it stood.
pub(super) fn complain(diagnostics: &[Diagnostic], most: usize) {
    for diagnostic in diagnostics.iter().take(most) {
        output::say(&diagnostic.to_string());
    }
    if let Some(more @ 1..) = diagnostics.len().checked_sub(most) {
        let more = count(more as u64, "more message");
        output::say(&format!("{more}; `recto check` lists all"));
    }
}

/// A line on the terminal that says how far reading has come, once it takes long enough to wonder.
pub(super) struct Meter {
    begin: Instant,
    shown: Option<Instant>,
    terminal: bool,
}

impl Meter {
    pub(super) fn new() -> Self {
        Self {
            begin: Instant::now(),
            shown: None,
            terminal: std::io::stderr().is_terminal(),
        }
    }

    pub(super) fn show(&mut self, progress: Progress) {
        let last = self.shown.unwrap_or(self.begin);
        if !self.terminal || last.elapsed() < Duration::from_millis(300) {
            return;
        }
        self.shown = Some(Instant::now());
        let Progress {
            files,
            files_found,
            records,
            bytes,
            bytes_found,
        } = progress;
        let left = match (self.begin.elapsed().as_secs_f64(), bytes) {
            (_, 0) => String::new(),
            (elapsed, bytes) => {
                let rest = bytes_found.saturating_sub(bytes) as f64;
                format!(" · {:.0} s left", elapsed * rest / bytes as f64)
            }
        };
        let records = count(records, "article");
        let _ = write!(
            std::io::stderr(),
            "\r\x1b[Kreading · {files} of {files_found} files · {records}{left}"
        );
    }

    /// Says how many of how many are done.
    pub(super) fn count(&mut self, doing: &str, done: usize, of: usize) {
        let last = self.shown.unwrap_or(self.begin);
        if self.terminal && last.elapsed() >= Duration::from_millis(300) {
            self.shown = Some(Instant::now());
            let _ = write!(std::io::stderr(), "\r\x1b[K{doing} · {done} of {of}");
        }
    }

    /// Takes the line away.
    pub(super) fn clear(&mut self) {
        if self.shown.take().is_some() {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}
