//! Reading and signing: one thread finds records, others sign them, and the caller gets the results in order.
//!
//! Files with one record a line are cut into batches of lines, so that a single large file keeps all threads at work;
//! any other file is one piece of work. Results are put back into the order of reading, so that the number of threads
//! changes nothing.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use super::catalogue::{Place, Signed};
use super::record::{self, BlockWork, Held};
use crate::cancel::Cancel;
use crate::formats::{self, Format, Item, Lines};
use crate::group::{Signature, Signer};
use crate::model::Diagnostic;
use crate::store::ingest::{Found, STDIN, expand, open, process, reason};

/// How many bytes of lines make a batch.
const BATCH: usize = 1 << 20;

/// A file to read.
pub(super) struct Task {
    pub found: Found,
    /// From which byte on; the number of records in front of it.
    pub from: (u64, u64),
}

/// Some records, signed, in the order of reading.
#[derive(Default)]
pub(super) struct Batch {
    pub file: u32,
    pub signed: Vec<Signed>,
    /// The fingerprints of all of them, and where those of each end.
    pub prints: Vec<u32>,
    pub print_ends: Vec<usize>,
    /// The ids that the records give themselves.
    pub names: Vec<Option<String>>,
    /// Articles that cannot be read in place.
    pub held: Vec<Held>,
    pub diagnostics: Vec<Diagnostic>,
    /// Bytes that were read for it.
    pub bytes: u64,
    /// How far its file was read with it, in bytes and in records; nothing where that has no records one a line.
    pub until: Option<(u64, u64)>,
}

/// What a signing thread is given.
enum Work<'a> {
    Lines(Cut),
    File(u32, &'a Found),
    /// Something was wrong before there was anything to sign.
    Failed(u32, Diagnostic),
}

/// Lines of a file.
struct Cut {
    file: u32,
    bytes: Vec<u8>,
    /// Number, place in the file, and range in `bytes` of each; an empty range stands for one that is too long.
    lines: Vec<(u64, u64, std::ops::Range<usize>)>,
    read: u64,
    until: Option<(u64, u64)>,
}

/// Reads and signs all files; `sink` gets the batches in order. Ends early when cancelled.
pub(super) fn read(
    tasks: &[Task],
    options: &formats::Options,
    threads: usize,
    cancel: &Cancel,
    mut sink: impl FnMut(Batch) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let (give_work, take_work) = sync_channel(threads + 1);
    let take_work = Arc::new(Mutex::new(take_work));
    let (give, take) = sync_channel::<(u64, Batch)>(threads + 1);
    std::thread::scope(|scope| {
        scope.spawn(move || find(tasks, options, cancel, &give_work));
        for _ in 0..threads {
            let (work, give) = (Arc::clone(&take_work), give.clone());
            scope.spawn(move || sign_all(&work, tasks, options, cancel, &give));
        }
        drop((give, take_work));
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        let mut outcome = Ok(());
        for (number, batch) in take {
            waiting.insert(number, batch);
            while let Some(batch) = waiting.remove(&next) {
                next += 1;
                // After a failure the rest is only waited for.
                if outcome.is_ok() && !cancel.is_cancelled() {
                    outcome = sink(batch);
                    if outcome.is_err() {
                        cancel.cancel();
                    }
                }
            }
        }
        outcome
    })
}

type Numbered<'a> = (u64, Work<'a>);

/// Finds records and hands them out.
fn find<'a>(
    tasks: &'a [Task],
    options: &formats::Options,
    cancel: &Cancel,
    give: &SyncSender<Numbered<'a>>,
) {
    let mut number = 0;
    let mut hand = |work| {
        let sent = give.send((number, work)).is_ok();
        number += 1;
        sent && !cancel.is_cancelled()
    };
    for (file, task) in (0..).zip(tasks) {
        let failed = |why: String| Work::Failed(file, Diagnostic::error(&task.found.path, why));
        let goes_on = match lines_of(&task.found) {
            Ok(None) => hand(Work::File(file, &task.found)),
            Ok(Some(opened)) => match cut(file, opened, task.from, options, &mut |cut| {
                hand(Work::Lines(cut))
            }) {
                Ok(goes_on) => goes_on,
                Err(error) => hand(failed(format!("cannot be read: {}", reason(&error)))),
            },
            Err(why) => hand(failed(why)),
        };
        if !goes_on {
            return;
        }
    }
}

/// Opens a file if it has one record a line and can be read in any place.
pub(super) fn lines_of(found: &Found) -> Result<Option<File>, String> {
    if found.path == Path::new(STDIN) || Format::of_path(&found.path) != Some(Format::JsonLines) {
        return Ok(None);
    }
    let Some(mut file) = open(found)? else {
        return Ok(None);
    };
    let mut head = [0; 4096];
    let count = file.read(&mut head).map_err(|error| reason(&error))?;
    file.rewind().map_err(|error| reason(&error))?;
    // Compressed, in another encoding, or one document over many lines: the full reader knows.
    let first = head[..count].trim_ascii_start();
    let line = first
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default()
        .trim_ascii();
    let is_plain = first.first() == Some(&b'{') && line != b"{";
    Ok(is_plain.then_some(file))
}

/// Cuts a file into batches of lines. Gives whether to go on.
fn cut(
    file: u32,
    mut input: File,
    (from, before): (u64, u64),
    options: &formats::Options,
    hand: &mut impl FnMut(Cut) -> bool,
) -> std::io::Result<bool> {
    input.seek(SeekFrom::Start(from))?;
    let mut lines = Lines::new(input, options.limits.record_bytes);
    let empty = || Cut {
        file,
        bytes: Vec::with_capacity(BATCH + (BATCH >> 3)),
        lines: Vec::new(),
        read: 0,
        until: None,
    };
    let (mut batch, mut number, mut end) = (empty(), before, from);
    while let Some(line) = lines.next_line()? {
        number = before + line.number;
        let start = batch.bytes.len();
        let offset = from + line.offset;
        let bytes = line.bytes.unwrap_or_default();
        batch.bytes.extend_from_slice(bytes);
        batch.lines.push((number, offset, start..batch.bytes.len()));
        batch.read += offset + bytes.len() as u64 - end;
        end = offset + bytes.len() as u64;
        batch.until = Some((end, number));
        if batch.bytes.len() >= BATCH && !hand(std::mem::replace(&mut batch, empty())) {
            return Ok(false);
        }
    }
    batch.until = Some((end, number));
    Ok(hand(batch))
}

/// Signs what comes until nothing comes any more.
fn sign_all(
    work: &Mutex<Receiver<Numbered<'_>>>,
    tasks: &[Task],
    options: &formats::Options,
    cancel: &Cancel,
    give: &SyncSender<(u64, Batch)>,
) {
    let mut signer = Signer::default();
    loop {
        let next = work.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((number, work)) = next else {
            return;
        };
        let mut batch = Batch::default();
        match work {
            _ if cancel.is_cancelled() => {}
            Work::Failed(file, diagnostic) => {
                batch.file = file;
                batch.diagnostics.push(diagnostic);
            }
            Work::File(file, found) => whole(file, found, options, cancel, &mut signer, &mut batch),
            Work::Lines(cut) => {
                let path = &tasks[cut.file as usize].found.path;
                sign_lines(path, &cut, options, cancel, &mut signer, &mut batch);
            }
        }
        if give.send((number, batch)).is_err() {
            return;
        }
    }
}

fn sign_lines(
    path: &Path,
    cut: &Cut,
    options: &formats::Options,
    cancel: &Cancel,
    signer: &mut Signer,
    batch: &mut Batch,
) {
    batch.file = cut.file;
    batch.bytes = cut.read;
    batch.until = cut.until;
    for (number, offset, range) in &cut.lines {
        if cancel.is_cancelled() {
            return;
        }
        if range.is_empty() {
            let error = Diagnostic::error(path, options.limits.too_large());
            batch.diagnostics.push(error.at_record(*number));
            continue;
        }
        let line = &cut.bytes[range.clone()];
        let before = batch.diagnostics.len();
        let opened = record::open(path, line, options, &mut batch.diagnostics);
        for diagnostic in &mut batch.diagnostics[before..] {
            diagnostic.record = Some(*number);
        }
        let Some(opened) = opened else { continue };
        let signature = opened.with_blocks(Sign(signer));
        let place = Place::Line {
            file: cut.file,
            length: line.len() as u32,
            offset: *offset,
        };
        let signed = Signed {
            id: opened.id(),
            raw: record::raw_hash(line),
            content: signature.content,
            place,
            record: u32::try_from(*number).unwrap_or(u32::MAX),
            file: cut.file,
        };
        batch.push(signed, &signature, opened.record_id());
    }
}

/// The articles of a file that can only be read as a whole.
pub(super) fn held(path: &Path, options: &formats::Options) -> Vec<Held> {
    let found = expand(&[path.to_owned()], &[], &Cancel::new(), &mut Vec::new());
    let (mut batch, mut signer) = (Batch::default(), Signer::default());
    for found in &found {
        whole(0, found, options, &Cancel::new(), &mut signer, &mut batch);
    }
    batch.held
}

/// Reads a file of any other format into memory.
fn whole(
    file: u32,
    found: &Found,
    options: &formats::Options,
    cancel: &Cancel,
    signer: &mut Signer,
    batch: &mut Batch,
) {
    batch.file = file;
    batch.bytes = found.bytes;
    let opened = match open(found) {
        Ok(opened) => opened,
        Err(why) => return batch.diagnostics.push(Diagnostic::error(&found.path, why)),
    };
    let mut sink = |item| match item {
        Item::Record(record) => {
            let held = Held::new(
                &record.article,
                std::slice::from_ref(&record.source),
                options,
            );
            let signature = held.with_blocks(Sign(signer));
            let signed = Signed {
                id: held.id,
                raw: record
                    .source
                    .fields
                    .as_deref()
                    .map_or(0, |raw| record::raw_hash(raw.as_bytes())),
                content: signature.content,
                place: Place::Held(batch.held.len() as u32),
                record: held
                    .record
                    .and_then(|number| u32::try_from(number).ok())
                    .unwrap_or(0),
                file,
            };
            let name = held.record_id.clone();
            batch.held.push(held);
            batch.push(signed, &signature, name.as_deref());
        }
        Item::Diagnostic(diagnostic) => batch.diagnostics.push(diagnostic),
    };
    match &opened {
        Some(opened) => {
            let mut stream = opened;
            process::read(&found.path, opened, options, cancel, &mut stream, &mut sink);
        }
        None => {
            let read = Arc::default();
            process::read_stdin(&found.path, options, cancel, &read, &mut sink);
        }
    }
}

impl Batch {
    fn push(&mut self, signed: Signed, signature: &Signature, name: Option<&str>) {
        self.signed.push(signed);
        self.prints.extend_from_slice(&signature.prints);
        self.print_ends.push(self.prints.len());
        self.names.push(name.map(str::to_owned));
    }

    /// Says that its file has another number.
    pub fn in_file(&mut self, number: u32) {
        self.file = number;
        for signed in &mut self.signed {
            signed.file = number;
            if let Place::Line { file, .. } = &mut signed.place {
                *file = number;
            }
        }
    }

    /// The fingerprints of a record.
    pub fn prints_of(&self, at: usize) -> &[u32] {
        let start = at
            .checked_sub(1)
            .map_or(0, |before| self.print_ends[before]);
        &self.prints[start..self.print_ends[at]]
    }
}

struct Sign<'a>(&'a mut Signer);

impl BlockWork<Signature> for Sign<'_> {
    fn run<'a>(self, blocks: impl Iterator<Item = &'a str> + Clone) -> Signature {
        self.0.sign(blocks)
    }
}
