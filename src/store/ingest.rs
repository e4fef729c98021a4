//! Reads what the user named into records and diagnostics: files, folders, globs and standard input, in a fixed order.
//!
//! Nothing stops the rest: whatever cannot be read becomes a diagnostic with its reason. A file that is reached twice
//! is read once.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::cancel::Cancel;
use crate::formats::{self, Input, Item, Record};
use crate::model::Diagnostic;
pub(in crate::store) use walk::{Found, expand};

mod walk;

/// How far reading has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Files that were read to their end.
    pub files: u64,
    /// Files that were found.
    pub files_found: u64,
    /// Bytes that were read.
    pub bytes: u64,
    /// Bytes of all files that were found; standard input adds none.
    pub bytes_found: u64,
    /// Records that were loaded.
    pub records: u64,
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

/// The path that stands for standard input.
pub const STDIN: &str = "-";

/// How many records pass between two reports of progress.
const REPORT_EVERY: u64 = 256;

/// Reads files, folders, globs and `-`.
pub fn ingest(
    paths: &[PathBuf],
    options: &formats::Options,
    cancel: &Cancel,
    progress: &mut dyn FnMut(Progress),
) -> Ingested {
    let mut all = Ingested::default();
    let files = expand(paths, &options.exclude, cancel, &mut all.diagnostics);
    all.progress.files_found = files.len() as u64;
    all.progress.bytes_found = files.iter().map(|file| file.bytes).sum();
    progress(all.progress);
    for file in &files {
        if cancel.is_cancelled() {
            break;
        }
        match open(file) {
            Ok(opened) => read(&file.path, opened, options, cancel, &mut all, progress),
            Err(why) => all.diagnostics.push(Diagnostic::error(&file.path, why)),
        }
        all.progress.files += 1;
        progress(all.progress);
    }
    all
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
        return Err("it was exchanged while recto was reading; try again".into());
    }
    Ok(Some(opened))
}

fn read(
    path: &Path,
    file: Option<File>,
    options: &formats::Options,
    cancel: &Cancel,
    all: &mut Ingested,
    progress: &mut dyn FnMut(Progress),
) {
    let before = all.progress.bytes;
    let bytes = Cell::new(before);
    let mut sink = |item| match item {
        Item::Record(record) => {
            all.records.push(*record);
            all.progress.records += 1;
            all.progress.bytes = bytes.get();
            if all.progress.records.is_multiple_of(REPORT_EVERY) {
                progress(all.progress);
            }
        }
        Item::Diagnostic(diagnostic) => all.diagnostics.push(diagnostic),
    };
    match &file {
        Some(file) => {
            let mut stream = Counted {
                input: file,
                bytes: &bytes,
            };
            let input = Input::file(&mut stream, file);
            formats::read(path, input, options, cancel, &mut sink);
        }
        None => {
            let mut stream = Counted {
                input: io::stdin().lock(),
                bytes: &bytes,
            };
            let input = Input::stream(&mut stream);
            formats::read(path, input, options, cancel, &mut sink);
        }
    }
    // Formats that are read from any place do not pass the counter.
    let whole = file
        .and_then(|file| file.metadata().ok())
        .map_or(0, |it| it.len());
    all.progress.bytes = bytes.get().max(before + whole);
}

/// Counts the bytes that pass.
struct Counted<'a, R> {
    input: R,
    bytes: &'a Cell<u64>,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.bytes.set(self.bytes.get() + count as u64);
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
