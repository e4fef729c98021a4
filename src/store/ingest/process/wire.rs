//! What this program and such a process say to one another, as bytes: neither side believes the other.

use std::io::{self, Read, Write};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Identity;
use crate::model::{Diagnostic, Severity};

/// What a process says.
pub(super) enum Answer {
    Record(Vec<u8>),
    Diagnostic(Vec<u8>),
    Done,
}

/// A diagnostic on its way; the path is known on both sides.
#[derive(Serialize, Deserialize)]
pub(super) struct Complaint {
    pub is_error: bool,
    pub record: Option<u64>,
    pub message: String,
}

/// Reads one answer: what it is, its length, and itself.
pub(super) fn take(output: &mut impl Read) -> io::Result<Answer> {
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

pub(super) fn put(output: &mut impl Write, kind: u8, bytes: &[u8]) -> io::Result<()> {
    output.write_all(&[kind])?;
    output.write_all(&(bytes.len() as u64).to_le_bytes())?;
    output.write_all(bytes)
}

/// What somebody wants to have read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Request {
    /// A file, and what tells it from another.
    File(PathBuf, Identity),
    /// A line of a file: its number, its place, and how many bytes of it follow.
    Line(PathBuf, u64, u64, u64),
    /// All that follows.
    Stream(PathBuf),
}

pub(super) fn request(line: &str) -> io::Result<Request> {
    let bad = || io::Error::other("this is no request");
    let parts: Vec<&str> = line.split(' ').collect();
    let number = |text: &str| text.parse().map_err(|_| bad());
    Ok(match *parts.as_slice() {
        ["file", path, device, inode] => {
            Request::File(path_of(path)?, (number(device)?, number(inode)?))
        }
        ["line", path, at, offset, length] => Request::Line(
            path_of(path)?,
            number(at)?,
            number(offset)?,
            number(length)?,
        ),
        ["stream", path] => Request::Stream(path_of(path)?),
        _ => return Err(bad()),
    })
}

pub(super) fn complaint(diagnostic: &Diagnostic) -> Vec<u8> {
    let complaint = Complaint {
        is_error: diagnostic.severity == Severity::Error,
        record: diagnostic.record,
        message: diagnostic.message.clone(),
    };
    serde_json::to_vec(&complaint).unwrap_or_default()
}

/// A path may hold any byte, a line may not.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn path_of(digits: &str) -> io::Result<PathBuf> {
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
    use std::path::Path;

    use super::*;

    #[test]
    fn any_path_survives_the_line() {
        for path in ["a b.html", "/tmp/é\n.epub", ""] {
            let digits = hexadecimal(path.as_bytes());
            assert_eq!(path_of(&digits).expect("a path"), Path::new(path));
        }
        assert!(path_of("0g").is_err() && path_of("zz").is_err());
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
