//! The process itself: reads what it is asked for, within limits that it sets on itself.

use std::fs::File;
use std::io::{self, BufRead, BufWriter, Read, Write};
use std::path::Path;
use std::time::Instant;

use super::super::{EXCHANGED, reason};
use super::wire::{Request, complaint, put, request};
use super::{Identity, identity_of};
use crate::cancel::Cancel;
use crate::formats::{self, Input, Item, Line, Options};
use crate::model::Diagnostic;

/// Memory that a process may reserve, in bytes.
#[cfg(unix)]
pub(super) const MEMORY: u64 = 2 << 30;
/// Seconds on the processor that it may take beyond those that it has lived.
#[cfg(unix)]
const PROCESSOR: u64 = 30;
/// What the hidden command does: reads files until nobody asks any more.
pub fn serve() -> io::Result<()> {
    let born = Instant::now();
    limit_memory();
    let mut requests = io::stdin().lock();
    let mut output = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let mut line = String::new();
    requests.read_line(&mut line)?;
    let options: Options = serde_json::from_str(&line)?;
    loop {
        line.clear();
        if requests.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let request = request(line.trim_end())?;
        limit_time(born);
        let mut outcome = Ok(());
        let cancel = Cancel::new();
        let mut sink = |item: Item| {
            let sent = match &item {
                Item::Record(record) => put(&mut output, b'r', &formats::packed::pack(record)),
                Item::Diagnostic(diagnostic) => put(&mut output, b'd', &complaint(diagnostic)),
            };
            // Somebody may wait for it: articles come while the rest is read.
            outcome = sent.and_then(|()| output.flush());
            if outcome.is_err() {
                cancel.cancel();
            }
            limit_time(born);
        };
        match request {
            Request::File(path, identity) => match reopen(&path, identity) {
                Ok(file) => {
                    let mut stream = &file;
                    let input = Input::file(&mut stream, &file);
                    formats::read(&path, input, &options, &cancel, &mut sink);
                }
                Err(why) => sink(Item::Diagnostic(Diagnostic::error(&path, why))),
            },
            Request::Line(path, number, offset, length) => {
                let mut bytes = Vec::new();
                let read = requests.by_ref().take(length).read_to_end(&mut bytes)?;
                if read as u64 != length {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                let line = Line {
                    number,
                    offset,
                    bytes: Some(&bytes),
                };
                formats::read_line(&path, &line, &options, &mut sink);
            }
            Request::Stream(path) => {
                let input = Input::stream(&mut requests);
                formats::read(&path, input, &options, &cancel, &mut sink);
            }
        }
        outcome?;
        put(&mut output, b'.', &[])?;
        output.flush()?;
    }
}

/// Opens the file that the other process has open: in its place another one may stand by now.
fn reopen(path: &Path, identity: Identity) -> Result<File, String> {
    let file = File::open(path).map_err(|error| reason(&error))?;
    match identity_of(&file).is_none_or(|found| found == identity) {
        true => Ok(file),
        false => Err(EXCHANGED.into()),
    }
}

#[cfg(unix)]
fn limit_memory() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let most = |bytes| Rlimit {
        current: Some(bytes),
        maximum: Some(bytes),
    };
    // Where a limit cannot be set, the others still hold.
    let _ = setrlimit(Resource::As, most(MEMORY));
    let _ = setrlimit(Resource::Core, most(0));
}

/// Sets the time on the processor anew: a process that reads many files lives long.
#[cfg(unix)]
fn limit_time(born: Instant) {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let limit = Rlimit {
        current: Some(born.elapsed().as_secs() + PROCESSOR),
        maximum: None,
    };
    let _ = setrlimit(Resource::Cpu, limit);
}

#[cfg(not(unix))]
fn limit_memory() {}

#[cfg(not(unix))]
fn limit_time(_: Instant) {}
