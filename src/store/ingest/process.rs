//! Parsers that a hostile file can make hang, blow up or run out of stack work in a process of their own.
//!
//! The process is this program again, under a hidden command. It is asked for one thing at a time over its standard input
//! (a file by its name, a line of JSON that holds a page, or what comes from our own standard input) and answers with
//! packed records and diagnostics over its standard output, so one process serves many files. It limits its memory and its
//! time on the processor itself; the time on the wall is watched from here. When it dies, that costs one line about what
//! it was reading, and what comes next gets a new process. Records come back through `formats::packed`, which believes
//! nothing.
//!
//! Where no program is named (`enable`), as in tests and for whoever uses the library, everything is parsed here.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use super::Counted;
use super::walk::{Identity, identity};
use crate::cancel::Cancel;
use crate::formats::{self, Input, Item, Line, Options};
use crate::model::{Diagnostic, Severity};

mod serve;
mod wire;

pub use serve::serve;

#[cfg(unix)]
use serve::MEMORY;
use wire::{Answer, Complaint, hexadecimal, take};

/// The hidden command that makes this program such a process.
pub const COMMAND: &str = "parse-for-another-process";

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

/// Reads a file as [`formats::read`] does, in a process of its own where that is wise. `stream` is the same file, for
/// whoever counts the bytes that are read here.
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
    {
        let of = Asked::File(path, identity_of(file).unwrap_or_default());
        if apart(program, of, options, cancel, sink).is_some() {
            return;
        }
    }
    // What was looked at above is read again from its beginning.
    if file.seek(SeekFrom::Start(0)).is_ok() {
        formats::read(path, Input::file(stream, file), options, cancel, sink);
    }
}

/// Reads a line as [`formats::read_line`] does, in a process of its own where it holds a page.
pub(in crate::store) fn read_line(
    path: &Path,
    line: &Line<'_>,
    options: &Options,
    cancel: &Cancel,
    sink: &mut dyn FnMut(Item),
) {
    if let Some(program) = PROGRAM.get()
        && let Some(bytes) = line.bytes
        && formats::holds_page(bytes, options)
    {
        let of = Asked::Line(path, line.number, line.offset, bytes);
        if apart(program, of, options, cancel, sink).is_some() {
            return;
        }
    }
    formats::read_line(path, line, options, sink);
}

/// Reads standard input as [`formats::read`] does, in a process of its own where that is wise. `read` counts the bytes.
pub(in crate::store) fn read_stdin(
    path: &Path,
    options: &Options,
    cancel: &Cancel,
    read: &Arc<AtomicU64>,
    sink: &mut dyn FnMut(Item),
) {
    let counted = |input: io::Stdin| Counted {
        input,
        bytes: Arc::clone(read),
    };
    let mut head = Vec::new();
    // A mistake comes again when it is read on.
    let _ = counted(io::stdin()).take(HEAD).read_to_end(&mut head);
    if let Some(program) = PROGRAM.get()
        && formats::is_risky(path, &head, options.limits)
        && let Ok(process) = Process::start(program, options)
    {
        let feed = Feed {
            head,
            rest: counted(io::stdin()),
        };
        let (_, ended) = served(process, Asked::Stream(path, feed), cancel, sink);
        report(ended, path, None, sink);
        return;
    }
    let mut stream = io::Cursor::new(head).chain(counted(io::stdin()));
    formats::read(path, Input::stream(&mut stream), options, cancel, sink);
}

fn is_risky(path: &Path, mut file: &File, options: &Options) -> bool {
    let mut head = Vec::new();
    let read = file.seek(SeekFrom::Start(0));
    let read = read.and_then(|_| file.take(HEAD).read_to_end(&mut head));
    read.is_ok() && formats::is_risky(path, &head, options.limits)
}

/// Has something read by the process of this thread. Nothing where there is no such process.
fn apart(
    program: &Path,
    asked: Asked<'_>,
    options: &Options,
    cancel: &Cancel,
    sink: &mut dyn FnMut(Item),
) -> Option<()> {
    let process = MINE.take().filter(|process| process.options == *options);
    let process = match process {
        Some(process) => process,
        None => Process::start(program, options).ok()?,
    };
    let (path, number) = (asked.path().to_owned(), asked.number());
    let (process, ended) = served(process, asked, cancel, sink);
    if matches!(ended, Ended::Done) {
        MINE.set(Some(process));
    }
    report(ended, &path, number, sink);
    Some(())
}

/// Has a process read something; gives the process back, and how that ended.
fn served(
    mut process: Process,
    asked: Asked<'_>,
    cancel: &Cancel,
    sink: &mut dyn FnMut(Item),
) -> (Process, Ended) {
    let mut records = 0;
    let ended = process.read(asked, cancel, &mut |item| {
        records += u64::from(matches!(item, Item::Record(_)));
        sink(item);
    });
    let ended = match ended {
        Ended::Failed(why) => Ended::Failed(match records {
            0 => why,
            1 => format!("{why}; the 1 record in front of it was read"),
            many => format!("{why}; the {many} records in front of it were read"),
        }),
        other => other,
    };
    (process, ended)
}

/// Says why a process died: one line about what it was reading.
fn report(ended: Ended, path: &Path, number: Option<u64>, sink: &mut dyn FnMut(Item)) {
    if let Ended::Failed(why) = ended {
        let died = Diagnostic::error(path, format!("its parser {why}"));
        sink(Item::Diagnostic(match number {
            Some(number) => died.at_record(number),
            None => died,
        }));
    }
}

fn identity_of(file: &File) -> Option<Identity> {
    identity(&file.metadata().ok()?)
}

/// What a process is asked to read.
enum Asked<'a> {
    /// A file, which it opens itself.
    File(&'a Path, Identity),
    /// A line of a file: its number, its place, its bytes.
    Line(&'a Path, u64, u64, &'a [u8]),
    /// What comes in over standard input. Such a process serves nothing else.
    Stream(&'a Path, Feed),
}

/// Standard input, as far as it was read already and on from there.
struct Feed {
    head: Vec<u8>,
    rest: Counted<io::Stdin>,
}

impl Asked<'_> {
    fn path(&self) -> &Path {
        match self {
            Self::File(path, _) | Self::Line(path, ..) | Self::Stream(path, _) => path,
        }
    }

    fn number(&self) -> Option<u64> {
        match self {
            Self::Line(_, number, ..) => Some(*number),
            Self::File(..) | Self::Stream(..) => None,
        }
    }

    /// The request, a line.
    fn line(&self) -> String {
        let path = hexadecimal(self.path().as_os_str().as_encoded_bytes());
        match self {
            Self::File(_, (device, inode)) => format!("file {path} {device} {inode}\n"),
            Self::Line(_, number, offset, bytes) => {
                format!("line {path} {number} {offset} {}\n", bytes.len())
            }
            Self::Stream(..) => format!("stream {path}\n"),
        }
    }
}

impl Feed {
    /// Hands everything on from a thread of its own, which nobody waits for: who types may never end. `waits` says whether
    /// nothing is there to be handed on.
    fn start(self, mut output: ChildStdin, waits: Arc<AtomicBool>) -> io::Result<()> {
        let Self { head, mut rest } = self;
        let mut feed = move || -> io::Result<()> {
            output.write_all(&head)?;
            let mut buffer = vec![0; 1 << 16];
            loop {
                waits.store(true, Ordering::Relaxed);
                let count = rest.read(&mut buffer)?;
                waits.store(false, Ordering::Relaxed);
                if count == 0 {
                    return Ok(());
                }
                output.write_all(&buffer[..count])?;
            }
        };
        // When the process is gone, that is seen where its answers are read.
        std::thread::Builder::new().spawn(move || _ = feed())?;
        Ok(())
    }
}

/// A process that parses.
struct Process {
    child: Child,
    /// None once a stream is handed on.
    requests: Option<ChildStdin>,
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
            requests: Some(requests),
            answers,
            options: options.clone(),
        })
    }

    /// Asks for it. `waits` says afterwards whether the process cannot go on because nothing comes in.
    fn ask(&mut self, asked: Asked<'_>, waits: &Arc<AtomicBool>) -> io::Result<()> {
        let Some(mut requests) = self.requests.take() else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        requests.write_all(asked.line().as_bytes())?;
        match asked {
            Asked::File(..) => {}
            // It reads all of it before it says anything, so both never wait for each other.
            Asked::Line(.., bytes) => requests.write_all(bytes)?,
            Asked::Stream(_, feed) => return feed.start(requests, Arc::clone(waits)),
        }
        self.requests = Some(requests);
        Ok(())
    }

    /// Has something read.
    fn read(&mut self, asked: Asked<'_>, cancel: &Cancel, sink: &mut dyn FnMut(Item)) -> Ended {
        let path = &asked.path().to_owned();
        let waits = Arc::new(AtomicBool::new(false));
        if let Err(error) = self.ask(asked, &waits) {
            return self.failed(&error);
        }
        let mut heard = Instant::now();
        loop {
            if waits.load(Ordering::Relaxed) {
                heard = Instant::now();
            }
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

#[cfg(test)]
mod tests {
    use super::wire::{Request, request};
    use super::*;

    /// What is said of a file whose process does this once it was asked.
    #[cfg(unix)]
    fn said(does: &str, line: Option<&[u8]>) -> Vec<String> {
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
        let asked = match line {
            None => Asked::File(path, Identity::default()),
            Some(bytes) => Asked::Line(path, 7, 0, bytes),
        };
        apart(&program, asked, &options, &Cancel::new(), &mut sink).expect("it starts");
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
            let said = said(does, None);
            assert_eq!(said.len(), 1, "{does}: {said:?}");
            let expected = format!("a.html: its parser {expected}");
            assert!(said[0].starts_with(&expected), "{does}: {said:?}");
        }
        let said = said("kill -ABRT $$", Some(&[b'x'; 1 << 20]));
        assert_eq!(
            said,
            ["a.html: record 7: its parser needed more than 2048 MB of memory"]
        );
    }

    #[test]
    fn a_request_says_what_it_is_about() {
        let path = Path::new("a b\n.html");
        for (asked, expected) in [
            (
                Asked::File(path, (3, 4)),
                Request::File(path.to_owned(), (3, 4)),
            ),
            (
                Asked::Line(path, 7, 90, b"{}"),
                Request::Line(path.to_owned(), 7, 90, 2),
            ),
        ] {
            let line = asked.line();
            assert_eq!(request(line.trim_end()).expect("a request"), expected);
        }
        for bad in [
            "",
            "file",
            "file zz 1 2",
            "line 61 1 2",
            "stream",
            "other 61",
        ] {
            assert!(request(bad).is_err(), "{bad:?}");
        }
    }
}
