//! Reads what the user named into articles and diagnostics: files, folders, globs and standard input, in a fixed order.
//!
//! Nothing stops the rest: whatever cannot be read becomes a diagnostic with its reason. A file that is reached twice
//! is read once. The first articles are there while files are still looked for, and as many threads read as there are
//! cores; what comes out does not depend on them.

pub mod process;
mod queue;
mod walk;
mod work;

use std::fs::File;
use std::io::{self, Read};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex};
use std::thread;

use crate::cancel::Cancel;
use crate::formats::{self, Item, Record};
use crate::model::{Article, Diagnostic, Source};
use crate::store::library::catalogue::Place;
use queue::Queue;
pub(crate) use walk::Found;
pub(in crate::store) use walk::{each, expand};
use work::Finder;

/// How far reading has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Files that were read to their end.
    pub files: u64,
    /// Files that were found so far.
    pub files_found: u64,
    /// Bytes that were read.
    pub bytes: u64,
    /// Bytes of all files that were found so far; standard input adds none.
    pub bytes_found: u64,
    /// Records that were loaded.
    pub records: u64,
}

/// A file to read.
#[derive(Debug)]
pub(crate) struct Task {
    /// The file.
    pub(in crate::store) found: Found,
    /// Its number in the order of reading, from 0.
    pub(in crate::store) file: u32,
    /// From which byte on, and how many records stand in front of it. Only plain lines are read from their middle.
    pub(in crate::store) from: (u64, u64),
    /// So many of its records are known already: a file that is read from its beginning gives them once more.
    pub(in crate::store) known: u64,
}

/// Some of what a file holds, in its order.
pub(crate) struct Batch {
    /// The file.
    pub(in crate::store) task: Arc<Task>,
    /// What was read.
    pub(crate) items: Vec<Loaded>,
    /// Bytes of the file that were read for it.
    pub(in crate::store) bytes: u64,
    /// How far the file was read with it, in bytes, and how many records it has so far; no bytes where it cannot be read
    /// from its middle.
    pub(in crate::store) upto: (u64, u64),
    /// It is the last of its file.
    pub(in crate::store) last: bool,
}

/// What is worked out of a record where it is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts {
    /// Words of the body.
    pub(in crate::store) words: u64,
    /// Where it can be read again.
    pub(in crate::store) place: Place,
}

/// How many bytes the files have that paths name, as they stand on disk.
pub(crate) fn bytes(paths: &[PathBuf], exclude: &[String]) -> u64 {
    let mut bytes = 0;
    let mut add = |found: Found| bytes += found.bytes;
    each(paths, exclude, &Cancel::new(), &mut Vec::new(), &mut add);
    bytes
}

/// A place that has to be found yet: what is there cannot be read in place.
pub(in crate::store) const NO_PLACE: Place = Place::Spool {
    offset: 0,
    at: 0,
    length: 0,
};

/// What a record became.
pub(crate) enum Loaded {
    /// An article, and what is worked out of it while there are threads for it.
    Record(Box<Record>, Facts),
    /// Something that could not be read as it stands.
    Diagnostic(Diagnostic),
}

impl Batch {
    fn of(task: &Arc<Task>) -> Self {
        Self {
            task: Arc::clone(task),
            items: Vec::new(),
            bytes: 0,
            upto: task.from,
            last: false,
        }
    }

    /// Adds an item; gives about how many bytes of memory it takes.
    fn push(&mut self, item: Item, place: Option<Place>) -> usize {
        let (loaded, bytes) = match item {
            Item::Diagnostic(diagnostic) => (Loaded::Diagnostic(diagnostic), 0),
            Item::Record(mut record) => {
                record.source.added = self.task.found.day;
                let bytes = weight(&record.article, &record.source);
                let whole = record.source.record.is_none();
                let facts = Facts {
                    words: record.article.words() as u64,
                    place: place.unwrap_or(if whole { Place::File } else { NO_PLACE }),
                };
                (Loaded::Record(record, facts), bytes)
            }
        };
        self.items.push(loaded);
        bytes
    }
}

/// About how many bytes of memory an article takes.
fn weight(article: &Article, source: &Source) -> usize {
    let blocks: usize = article.blocks.iter().map(|it| it.text.len() + 200).sum();
    let read = article.original.as_ref().map_or(0, String::len);
    let fields = source.fields.as_ref().map_or(0, String::len);
    article.text.len() + blocks + read + fields + 600
}

impl Loaded {
    /// About how many bytes of memory it takes.
    pub(in crate::store) fn weight(&self) -> usize {
        match self {
            Self::Record(record, _) => weight(&record.article, &record.source),
            Self::Diagnostic(_) => 0,
        }
    }
}

/// What is said of a file in whose place another one stands.
const EXCHANGED: &str = "it was exchanged while recto was reading; try again";

/// The path that stands for standard input.
pub const STDIN: &str = "-";

/// Reads files, folders, globs and `-`; `take` gets what they hold, in order, with how far it has come, and says
/// whether to go on. Gives what was wrong with the paths themselves, which stands in front of all else.
pub(crate) fn stream(
    paths: &[PathBuf],
    options: &formats::Options,
    cancel: &Cancel,
    take: &mut dyn FnMut(Batch, Progress) -> bool,
) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let noted = &mut diagnostics;
    let find = |hand: &mut dyn FnMut(Task)| {
        let mut file = 0;
        each(paths, &options.exclude, cancel, noted, &mut |found| {
            hand(Task {
                found,
                file,
                from: (0, 0),
                known: 0,
            });
            file += 1;
        });
    };
    read(find, options, cancel, take);
    diagnostics
}

/// Everything that was read.
#[derive(Default)]
pub struct Ingested {
    /// The records, in the order of files and within them.
    pub records: Vec<Record>,
    /// What was not loaded, or not as it stood.
    pub diagnostics: Vec<Diagnostic>,
    /// How far it came: to the end, or to where it was called off.
    pub progress: Progress,
}

/// Reads files, folders, globs and `-` into memory.
pub fn ingest(paths: &[PathBuf], options: &formats::Options, cancel: &Cancel) -> Ingested {
    let mut all = Ingested::default();
    let mut take = |batch: Batch, progress| {
        all.progress = progress;
        for item in batch.items {
            match item {
                Loaded::Record(record, _) => all.records.push(*record),
                Loaded::Diagnostic(diagnostic) => all.diagnostics.push(diagnostic),
            }
        }
        true
    };
    let mut said = stream(paths, options, cancel, &mut take);
    said.append(&mut all.diagnostics);
    all.diagnostics = said;
    all
}

/// Reads the files that `find` hands out, while it finds more.
pub(in crate::store) fn read(
    find: impl FnOnce(&mut dyn FnMut(Task)) + Send,
    options: &formats::Options,
    cancel: &Cancel,
    take: &mut dyn FnMut(Batch, Progress) -> bool,
) {
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let (give, work) = sync_channel(threads + 1);
    let work = Mutex::new(work);
    let queue = Queue::default();
    let (files_found, bytes_found) = (AtomicU64::new(0), AtomicU64::new(0));
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut finder = Finder::new(options, cancel, give);
            find(&mut |task| {
                files_found.fetch_add(1, Ordering::Relaxed);
                bytes_found.fetch_add(task.found.bytes - task.from.0, Ordering::Relaxed);
                finder.file(task);
            });
            queue.limit(finder.number);
        });
        for _ in 0..threads {
            scope.spawn(|| work::work(&work, options, cancel, &queue));
        }
        let mut progress = Progress::default();
        while let Some(batch) = queue.take() {
            progress.files += u64::from(batch.last);
            progress.bytes += batch.bytes;
            let records = batch.items.iter();
            let records = records.filter(|item| matches!(item, Loaded::Record(..)));
            progress.records += records.count() as u64;
            progress.files_found = files_found.load(Ordering::Relaxed);
            progress.bytes_found = bytes_found.load(Ordering::Relaxed);
            if cancel.is_cancelled() || !take(batch, progress) {
                cancel.cancel();
                break;
            }
        }
        queue.close();
    });
}

/// Opens what was found, if it still is what it was when it was found; none stands for standard input.
pub(in crate::store) fn open(file: &Found) -> Result<Option<File>, String> {
    if file.path == Path::new(STDIN) {
        return Ok(None);
    }
    let opened = File::open(&file.path).map_err(|error| reason(&error))?;
    let metadata = opened.metadata().map_err(|error| reason(&error))?;
    // Between the walk and now a link may have been put in the file's place.
    if !file.is_same(&metadata) {
        return Err(EXCHANGED.into());
    }
    Ok(Some(opened))
}

/// Counts the bytes that pass.
struct Counted<R> {
    input: R,
    bytes: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.bytes.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// Why a file cannot be read, without the number that means nothing to most people.
pub(crate) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".into(),
        io::ErrorKind::PermissionDenied => "permission denied".into(),
        _ => {
            let text = error.to_string();
            match text.find(" (os error") {
                Some(end) => text.chars().take(end).collect(),
                None => text,
            }
        }
    }
}

#[cfg(test)]
mod tests;
