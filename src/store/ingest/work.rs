//! The threads that read: one finds files and cuts large ones into batches of lines, the others make articles of them.
//!
//! Files with one record a line are cut, so that a single large file keeps all threads at work; any other file is one
//! piece of work that gives its articles as they come. [`Queue`] puts everything back into the order of reading, so that
//! the number of threads changes nothing.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use xxhash_rust::xxh3::xxh3_64;

use super::process;
use super::queue::Queue;
use super::{Batch, Counted, Loaded, STDIN, Task, open, reason};
use crate::cancel::Cancel;
use crate::formats::{self, Item, Line, Lines, Options};
use crate::model::Diagnostic;
use crate::store::library::catalogue::Place;

/// How many bytes of lines make a batch: few at first, since somebody waits for the first articles.
const FIRST: usize = 64 << 10;
const BATCH: usize = 1 << 20;
/// As much of a file as is looked at to tell whether it is plain lines.
const HEAD: usize = 64 << 10;
/// A file that is read as a whole gives its articles when so many bytes of text have come together,
const PART: usize = 256 << 10;
/// or so much time has passed.
const PAUSE: Duration = Duration::from_millis(50);

/// What a reading thread is given.
pub(super) enum Work {
    /// Lines of a file.
    Lines(Cut),
    /// A file to read from its beginning to its end.
    File(Arc<Task>),
    /// Something was wrong before there was anything to read.
    Failed(Arc<Task>, Diagnostic),
}

pub(super) type Numbered = (u64, Work);

/// Lines of a file.
pub(super) struct Cut {
    task: Arc<Task>,
    bytes: Vec<u8>,
    /// Number, place in the file, and range in `bytes` of each; none for one that is too long.
    lines: Vec<(u64, u64, Option<Range<usize>>)>,
    /// Bytes of the file that these are.
    read: u64,
    /// How far the file was read with these, and how many records it has so far.
    upto: (u64, u64),
    last: bool,
}

/// Numbers pieces of work and hands them out.
pub(super) struct Finder<'a> {
    pub(super) options: &'a Options,
    pub(super) cancel: &'a Cancel,
    pub(super) give: SyncSender<Numbered>,
    pub(super) number: u64,
    pub(super) batch: usize,
}

impl<'a> Finder<'a> {
    pub(super) fn new(
        options: &'a Options,
        cancel: &'a Cancel,
        give: SyncSender<Numbered>,
    ) -> Self {
        Self {
            options,
            cancel,
            give,
            number: 0,
            batch: FIRST,
        }
    }

    fn hand(&mut self, work: Work) -> bool {
        if self.cancel.is_cancelled() || self.give.send((self.number, work)).is_err() {
            return false;
        }
        self.number += 1;
        true
    }

    /// Hands out a file, whole or in pieces.
    pub(super) fn file(&mut self, task: Task) {
        let task = Arc::new(task);
        let path = &task.found.path;
        let why = match plain_lines(&task) {
            Ok(None) => {
                self.hand(Work::File(Arc::clone(&task)));
                return;
            }
            Ok(Some(file)) => match self.cut(&task, file) {
                Ok(()) => return,
                Err(error) => format!("cannot be read: {}", reason(&error)),
            },
            Err(why) => why,
        };
        let error = Diagnostic::error(path, why);
        self.hand(Work::Failed(Arc::clone(&task), error));
    }

    /// Cuts a file into batches of lines.
    fn cut(&mut self, task: &Arc<Task>, mut input: File) -> io::Result<()> {
        let (from, before) = task.from;
        input.seek(SeekFrom::Start(from))?;
        let mut lines = Lines::new(input, self.options.limits.record_bytes);
        let mut size = self.batch;
        let empty = |size: usize| Cut {
            task: Arc::clone(task),
            bytes: Vec::with_capacity(size + (size >> 3)),
            lines: Vec::new(),
            read: 0,
            upto: (from, before),
            last: false,
        };
        let (mut batch, mut number, mut end) = (empty(size), before, from);
        while let Some(line) = lines.next_line()? {
            number = before + line.number;
            let start = batch.bytes.len();
            let offset = from + line.offset;
            let range = line.bytes.map(|bytes| {
                batch.bytes.extend_from_slice(bytes);
                start..batch.bytes.len()
            });
            let length = range.as_ref().map_or(0, Range::len) as u64;
            batch.lines.push((number, offset, range));
            batch.read += (offset + length).saturating_sub(end);
            end = offset + length;
            batch.upto = (end, number);
            if batch.bytes.len() >= size {
                size = (2 * size).min(BATCH);
                if !self.hand(Work::Lines(std::mem::replace(&mut batch, empty(size)))) {
                    return Ok(());
                }
            }
        }
        self.batch = size;
        (batch.upto, batch.last) = ((end, number), true);
        batch.read += task.found.bytes.saturating_sub(end);
        self.hand(Work::Lines(batch));
        Ok(())
    }
}

/// Opens a file if it is plain lines.
fn plain_lines(task: &Task) -> Result<Option<File>, String> {
    let found = &task.found;
    if found.path == Path::new(STDIN) {
        return Ok(None);
    }
    let named = formats::Format::of_path(&found.path);
    if named != Some(formats::Format::JsonLines) {
        return Ok(None);
    }
    let Some(file) = open(found)? else {
        return Ok(None);
    };
    let mut head = Vec::with_capacity(HEAD);
    let mut start = &file;
    start
        .by_ref()
        .take(HEAD as u64)
        .read_to_end(&mut head)
        .map_err(|error| reason(&error))?;
    Ok(formats::is_plain_lines(&found.path, &head).then_some(file))
}

/// Reads what comes until nothing comes any more.
pub(super) fn work(
    work: &Mutex<Receiver<Numbered>>,
    options: &Options,
    cancel: &Cancel,
    queue: &Queue<Batch>,
) {
    loop {
        let next = work.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((number, work)) = next else {
            return;
        };
        // Also when a reader panics: nobody may wait for what does not come.
        let _ended = Ended(queue, number);
        match work {
            _ if cancel.is_cancelled() => {}
            Work::Failed(task, diagnostic) => {
                let mut batch = Batch::of(&task);
                batch.items.push(Loaded::Diagnostic(diagnostic));
                batch.last = true;
                queue.give(number, batch, 0);
            }
            Work::Lines(cut) => {
                if let Some((batch, bytes)) = lines(&cut, options, cancel) {
                    queue.give(number, batch, bytes);
                }
            }
            Work::File(task) => whole(&task, options, cancel, &mut |batch, bytes| {
                queue.give(number, batch, bytes)
            }),
        }
    }
}

struct Ended<'a>(&'a Queue<Batch>, u64);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        self.0.end(self.1);
    }
}

/// Makes articles of lines. None when called off: part of a batch is none.
fn lines(cut: &Cut, options: &Options, cancel: &Cancel) -> Option<(Batch, usize)> {
    let mut batch = Batch::of(&cut.task);
    let path = &cut.task.found.path;
    let mut bytes = 0;
    for (number, offset, range) in &cut.lines {
        if cancel.is_cancelled() {
            return None;
        }
        let line = Line {
            number: *number,
            offset: *offset,
            bytes: range.clone().and_then(|range| cut.bytes.get(range)),
        };
        let place = line.bytes.map(|bytes| Place::Line {
            offset: *offset,
            length: bytes.len() as u32,
            digest: xxh3_64(bytes),
        });
        process::read_line(path, &line, options, cancel, &mut |item| {
            bytes += batch.push(item, place);
        });
    }
    batch.bytes = cut.read;
    (batch.upto, batch.last) = (cut.upto, cut.last);
    if cut.last && cut.upto.1 == 0 {
        let empty = Diagnostic::error(path, "no records in it");
        batch.items.push(Loaded::Diagnostic(empty));
    }
    Some((batch, bytes))
}

/// Reads a whole file and gives its articles as they come.
fn whole(
    task: &Arc<Task>,
    options: &Options,
    cancel: &Cancel,
    give: &mut dyn FnMut(Batch, usize) -> bool,
) {
    let found = &task.found;
    let opened = match open(found) {
        Ok(opened) => opened,
        Err(why) => {
            let mut batch = Batch::of(task);
            let error = Diagnostic::error(&found.path, why);
            batch.items.push(Loaded::Diagnostic(error));
            batch.last = true;
            give(batch, 0);
            return;
        }
    };
    let read = Arc::new(AtomicU64::new(0));
    let mut told = 0;
    let (mut batch, mut bytes, mut records) = (Batch::of(task), 0, 0);
    let mut last = None;
    let mut sink = |item: Item| {
        records += u64::from(matches!(item, Item::Record(_)));
        bytes += batch.push(item, None);
        batch.upto = (0, records);
        let waited = last.is_none_or(|last: Instant| last.elapsed() >= PAUSE);
        if bytes >= PART || waited {
            last = Some(Instant::now());
            let mut part = std::mem::replace(&mut batch, Batch::of(task));
            let so_far = read.load(Ordering::Relaxed);
            part.bytes = so_far - told;
            told = so_far;
            if !give(part, std::mem::take(&mut bytes)) {
                cancel.cancel();
            }
        }
    };
    match &opened {
        Some(file) => {
            let mut stream = Counted {
                input: file,
                bytes: Arc::clone(&read),
            };
            process::read(&found.path, file, options, cancel, &mut stream, &mut sink);
        }
        None => process::read_stdin(&found.path, options, cancel, &read, &mut sink),
    }
    if cancel.is_cancelled() {
        return;
    }
    // Formats that are read from any place do not pass the counter.
    let read = read.load(Ordering::Relaxed);
    batch.bytes = read.max(found.bytes).saturating_sub(told);
    (batch.upto, batch.last) = ((0, records), true);
    give(batch, bytes);
}
