//! Parsers that a hostile file can make hang, blow up or run out of stack work in a process of their own.
//!
//! The process is this program again, under a hidden command. It is asked for one file at a time over its standard input
//! and answers with packed records and diagnostics over its standard output, so one process serves many files. It limits
//! its memory and its time on the processor itself; the time on the wall is watched from here. When it dies, that costs
//! one line about the file that it was reading, and the next file gets a new process. Records come back through
//! `formats::packed`, which believes nothing.
//!
//! Where no program is named (`enable`), as in tests and for whoever uses the library, everything is parsed here.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::walk::{Identity, identity};
use crate::cancel::Cancel;
use crate::formats::{self, Input, Item, Options};
use crate::model::{Diagnostic, Severity};

/// The hidden command that makes this program such a process.
pub const COMMAND: &str = "parse-for-another-process";

/// Memory that a process may reserve, in bytes.
#[cfg(unix)]
const MEMORY: u64 = 2 << 30;
/// Seconds on the processor that it may take beyond those that it has lived.
#[cfg(unix)]
const PROCESSOR: u64 = 30;
/// How long it may say nothing.
const SILENCE: Duration = Duration::from_secs(60);
/// How often somebody looks whether the work was called off.
const POLL: Duration = Duration::from_millis(20);
/// As much of a file as is looked at to tell who has to parse it.
const HEAD: u64 = 64 << 10;
/// Answers that wait to be taken.
const WAITING: usize = 64;

static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

thread_local! {
    static MINE: RefCell<Option<Process>> = const { RefCell::new(None) };
}

/// From now on, what is risky is parsed by processes of this program.
pub fn enable(program: PathBuf) {
    let _ = PROGRAM.set(program);
}

/// Reads a file as [`formats::read`] does, in a process of its own where that is wise. `counted` is told of bytes that
/// were read here.
pub(in crate::store) fn read(
    path: &Path,
    mut file: &File,
    options: &Options,
    cancel: &Cancel,
    stream: &mut dyn Read,
    sink: &mut dyn FnMut(Item),
) {
    if let Some(program) = PROGRAM.get()
        && is_risky(path, file, options)
        && apart(program, path, identity_of(file), options, cancel, sink).is_some()
    {
        return;
    }
    // What was looked at above is read again from its beginning.
    if file.seek(SeekFrom::Start(0)).is_ok() {
        formats::read(path, Input::file(stream, file), options, cancel, sink);
    }
}

fn is_risky(path: &Path, mut file: &File, options: &Options) -> bool {
    let mut head = Vec::new();
    let read = file.seek(SeekFrom::Start(0));
    let read = read.and_then(|_| file.take(HEAD).read_to_end(&mut head));
    read.is_ok() && formats::is_risky(path, &head, options.limits)
}

/// Has a file read by the process of this thread. Nothing where there is no such process.
fn apart(
    program: &Path,
    path: &Path,
    identity: Option<Identity>,
    options: &Options,
    cancel: &Cancel,
    sink: &mut dyn FnMut(Item),
) -> Option<()> {
    let process = MINE.take().filter(|process| process.options == *options);
    let mut process = match process {
        Some(process) => process,
        None => Process::start(program, options).ok()?,
    };
    let mut records = 0;
    let ended = process.read(path, identity, cancel, &mut |item| {
        records += u64::from(matches!(item, Item::Record(_)));
        sink(item);
    });
    match ended {
        Ended::Done => {
            MINE.set(Some(process));
        }
        Ended::Cancelled => {}
        Ended::Failed(why) => {
            let had = match records {
                0 => String::new(),
                1 => "; the 1 record in front of it was read".to_owned(),
                many => format!("; the {many} records in front of it were read"),
            };
            let message = format!("its parser {why}{had}");
            sink(Item::Diagnostic(Diagnostic::error(path, message)));
        }
    }
    Some(())
}

/// A process that parses.
struct Process {
    child: Child,
    requests: ChildStdin,
    answers: Receiver<io::Result<Answer>>,
    options: Options,
}

/// How the reading of a file ended.
enum Ended {
    Done,
    Cancelled,
    /// The process is gone; says why.
    Failed(String),
}

/// What a process says.
enum Answer {
    Record(Vec<u8>),
    Diagnostic(Vec<u8>),
    Done,
}

/// A diagnostic on its way; the path is known on both sides.
#[derive(Serialize, Deserialize)]
struct Complaint {
    is_error: bool,
    record: Option<u64>,
    message: String,
}

impl Process {
    fn start(program: &Path, options: &Options) -> io::Result<Self> {
        let mut command = Command::new(program);
        command
            .arg(COMMAND)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        // A ^c of the person at the terminal is for this process, which then ends the other.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn()?;
        let (Some(mut requests), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("it has no pipes"));
        };
        serde_json::to_writer(&mut requests, options)?;
        requests.write_all(b"\n")?;
        let (give, answers) = sync_channel(WAITING);
        std::thread::Builder::new().spawn(move || {
            let mut output = BufReader::with_capacity(1 << 16, output);
            loop {
                let answer = take(&mut output);
                let is_over = answer.is_err();
                if give.send(answer).is_err() || is_over {
                    return;
                }
            }
        })?;
        Ok(Self {
            child,
            requests,
            answers,
            options: options.clone(),
        })
    }

    /// Has a file read.
    fn read(
        &mut self,
        path: &Path,
        identity: Option<Identity>,
        cancel: &Cancel,
        sink: &mut dyn FnMut(Item),
    ) -> Ended {
        let path_digits = hexadecimal(path.as_os_str().as_encoded_bytes());
        let (device, inode) = identity.unwrap_or_default();
        let line = format!("{path_digits} {device} {inode}\n");
        if let Err(error) = self.requests.write_all(line.as_bytes()) {
            return self.failed(&error);
        }
        let mut heard = Instant::now();
        loop {
            let answer = match self.answers.recv_timeout(POLL) {
                Ok(Ok(answer)) => answer,
                Ok(Err(error)) => return self.failed(&error),
                Err(RecvTimeoutError::Disconnected) => {
                    return self.failed(&io::ErrorKind::UnexpectedEof.into());
                }
                Err(RecvTimeoutError::Timeout) if cancel.is_cancelled() => {
                    return Ended::Cancelled;
                }
                Err(RecvTimeoutError::Timeout) if heard.elapsed() > SILENCE => {
                    let seconds = SILENCE.as_secs();
                    return Ended::Failed(format!(
                        "did not get on for {seconds} seconds and was stopped"
                    ));
                }
                Err(RecvTimeoutError::Timeout) => continue,
            };
            heard = Instant::now();
            match answer {
                _ if cancel.is_cancelled() => return Ended::Cancelled,
                Answer::Done => return Ended::Done,
                Answer::Record(bytes) => match formats::packed::unpack(&bytes, path) {
                    Some(record) => sink(Item::Record(Box::new(record))),
                    None => return Ended::Failed("gave something that is no record".into()),
                },
                Answer::Diagnostic(bytes) => {
                    if let Ok(complaint) = serde_json::from_slice::<Complaint>(&bytes) {
                        sink(Item::Diagnostic(Diagnostic {
                            severity: match complaint.is_error {
                                true => Severity::Error,
                                false => Severity::Warning,
                            },
                            path: path.to_owned(),
                            record: complaint.record,
                            message: crate::text::clean::line(&complaint.message).to_string(),
                        }));
                    }
                }
            }
        }
    }

    /// Why the process is gone.
    fn failed(&mut self, error: &io::Error) -> Ended {
        let _ = self.child.kill();
        let why = match self.child.wait() {
            Ok(status) => ended_by(status),
            Err(_) => None,
        };
        Ended::Failed(why.unwrap_or_else(|| format!("ended: {}", super::reason(error))))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It holds nothing that anybody needs.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a signal says about the end of a process.
#[cfg(unix)]
fn ended_by(status: std::process::ExitStatus) -> Option<String> {
    use std::os::unix::process::ExitStatusExt;
    let signal = rustix::process::Signal::from_named_raw(status.signal()?)?;
    Some(match signal {
        rustix::process::Signal::ABORT => {
            format!("needed more than {} MB of memory", MEMORY >> 20)
        }
        rustix::process::Signal::SEGV | rustix::process::Signal::BUS => {
            "ran out of stack: it is nested too deep".to_owned()
        }
        rustix::process::Signal::XCPU => "took too long and was stopped".to_owned(),
        rustix::process::Signal::KILL => "was stopped by the system".to_owned(),
        _ => return None,
    })
}

#[cfg(not(unix))]
fn ended_by(_: std::process::ExitStatus) -> Option<String> {
    None
}

/// Reads one answer: what it is, its length, and itself.
fn take(output: &mut impl Read) -> io::Result<Answer> {
    let mut head = [0; 9];
    output.read_exact(&mut head)?;
    let [kind, length @ ..] = head;
    let length = u64::from_le_bytes(length);
    let mut bytes = Vec::new();
    // Nothing is reserved for a length that only claims to be one.
    output.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 != length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    match kind {
        b'r' => Ok(Answer::Record(bytes)),
        b'd' => Ok(Answer::Diagnostic(bytes)),
        b'.' => Ok(Answer::Done),
        _ => Err(io::Error::other("it says something unknown")),
    }
}

fn put(output: &mut impl Write, kind: u8, bytes: &[u8]) -> io::Result<()> {
    output.write_all(&[kind])?;
    output.write_all(&(bytes.len() as u64).to_le_bytes())?;
    output.write_all(bytes)
}

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
        let (path, identity) = request(line.trim_end())?;
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
        match reopen(&path, identity) {
            Ok(file) => {
                let mut stream = &file;
                let input = Input::file(&mut stream, &file);
                formats::read(&path, input, &options, &cancel, &mut sink);
            }
            Err(why) => sink(Item::Diagnostic(Diagnostic::error(&path, why))),
        }
        outcome?;
        put(&mut output, b'.', &[])?;
        output.flush()?;
    }
}

/// Opens the file that the other process has open: in its place another one may stand by now.
fn reopen(path: &Path, identity: Identity) -> Result<File, String> {
    let file = File::open(path).map_err(|error| super::reason(&error))?;
    match identity_of(&file).is_none_or(|found| found == identity) {
        true => Ok(file),
        false => Err(super::EXCHANGED.into()),
    }
}

fn identity_of(file: &File) -> Option<Identity> {
    identity(&file.metadata().ok()?)
}

/// A path, and what tells its file from another.
fn request(line: &str) -> io::Result<(PathBuf, Identity)> {
    let bad = || io::Error::other("this is no request");
    let mut parts = line.split(' ');
    let path = path_of(parts.next().ok_or_else(bad)?)?;
    let mut number = || parts.next()?.parse().ok();
    match (number(), number()) {
        (Some(device), Some(inode)) => Ok((path, (device, inode))),
        _ => Err(bad()),
    }
}

fn complaint(diagnostic: &Diagnostic) -> Vec<u8> {
    let complaint = Complaint {
        is_error: diagnostic.severity == Severity::Error,
        record: diagnostic.record,
        message: diagnostic.message.clone(),
    };
    serde_json::to_vec(&complaint).unwrap_or_default()
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

/// A path may hold any byte, a line may not.
fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn path_of(digits: &str) -> io::Result<PathBuf> {
    let bad = || io::Error::other("this is no path");
    let pairs = digits.as_bytes().chunks(2);
    let bytes: Option<Vec<u8>> = pairs
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect();
    os_path(bytes.ok_or_else(bad)?).ok_or_else(bad)
}

#[cfg(unix)]
fn os_path(bytes: Vec<u8>) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt;
    Some(std::ffi::OsString::from_vec(bytes).into())
}

#[cfg(not(unix))]
fn os_path(bytes: Vec<u8>) -> Option<PathBuf> {
    String::from_utf8(bytes).ok().map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_path_survives_the_line() {
        for path in ["a b.html", "/tmp/é\n.epub", ""] {
            let digits = hexadecimal(path.as_bytes());
            assert_eq!(path_of(&digits).expect("a path"), Path::new(path));
        }
        assert!(path_of("0g").is_err() && path_of("zz").is_err());
    }

    /// What is said of a file whose process does this once it was asked.
    #[cfg(unix)]
    fn said(does: &str) -> Vec<String> {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let program = folder.path().join("program");
        let script = format!("#!/bin/sh\nread options\nread request\n{does}\n");
        std::fs::write(&program, script).expect("a file");
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(&program, mode).expect("a mode");
        let mut said = Vec::new();
        let mut sink = |item| match item {
            Item::Diagnostic(diagnostic) => said.push(diagnostic.to_string()),
            Item::Record(_) => panic!("there is no record in it"),
        };
        let path = Path::new("a.html");
        let options = Options::default();
        apart(&program, path, None, &options, &Cancel::new(), &mut sink).expect("it starts");
        assert!(
            MINE.take().is_none(),
            "a process that is gone is not asked again"
        );
        said
    }

    #[test]
    #[cfg(unix)]
    fn a_process_that_dies_costs_one_line() {
        for (does, expected) in [
            ("kill -ABRT $$", "needed more than 2048 MB of memory"),
            ("kill -SEGV $$", "ran out of stack: it is nested too deep"),
            ("kill -XCPU $$", "took too long and was stopped"),
            ("exit 1", "ended: "),
            ("printf 'x12345678'; sleep 9", "ended: "),
            (
                "printf 'r\\002\\000\\000\\000\\000\\000\\000\\000ab'; sleep 9",
                "gave something that is no record",
            ),
        ] {
            let said = said(does);
            assert_eq!(said.len(), 1, "{does}: {said:?}");
            let expected = format!("a.html: its parser {expected}");
            assert!(said[0].starts_with(&expected), "{does}: {said:?}");
        }
    }

    #[test]
    fn answers_are_read_as_they_were_written_and_never_believed() {
        let mut bytes = Vec::new();
        put(&mut bytes, b'r', b"record").expect("memory");
        put(&mut bytes, b'.', b"").expect("memory");
        let mut output = bytes.as_slice();
        assert!(matches!(take(&mut output), Ok(Answer::Record(it)) if it == b"record"));
        assert!(matches!(take(&mut output), Ok(Answer::Done)));
        assert!(take(&mut output).is_err(), "nothing is left");
        for end in 0..15 {
            assert!(take(&mut &bytes[..end]).is_err(), "cut at {end}");
        }
        let mut lies = bytes.clone();
        lies[1..9].fill(0xff);
        assert!(take(&mut lies.as_slice()).is_err());
    }
}
