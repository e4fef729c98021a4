//! A note beside the log of how far it reached, and of the checksum of its whole file: `review.head`.
//!
//! The chain of hashes shows that nothing was changed, but not that nothing is missing at the end: a lost file or a
//! copy of last week is a sound chain. So after each commit the number of the newest event is noted in a small file
//! of its own. It is written after the commit and without waiting for the disk: it may lag behind the log, it is never
//! ahead of it, and when it is damaged itself it says nothing.
//!
//! Nor does the chain cover the bytes of a page that SQLite does not use. When nobody waits, the log is *sealed*: the
//! hash of all bytes of the file is noted beside the number of the event that it ends with. Checksums of single pages
//! were rejected, because from outside of SQLite nobody knows which pages a change wrote; so was clearing free space,
//! which `secure_delete` does in part only.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// The name of the file in the data directory.
const FILE: &str = "review.head";

/// Stands where the seal was broken before the last change, until the log is repaired.
const BROKEN: &str = "broken";

/// What is noted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    /// The number of the newest event.
    pub(super) newest: u64,
    /// The hash of the file that ends with it, as hexadecimal digits, when it was sealed.
    pub(super) seal: Option<String>,
}

impl Head {
    /// Not sealed yet. A seal that was broken stays so.
    pub(super) fn new(newest: u64, is_broken: bool) -> Self {
        Self {
            newest,
            seal: is_broken.then(|| BROKEN.to_owned()),
        }
    }

    /// Guards the note against damage of its own.
    fn check(&self) -> String {
        let (newest, seal) = (self.newest, self.seal.as_deref().unwrap_or_default());
        let text = format!("recto review head {newest} {seal}");
        let hash = blake3::hash(text.trim_end().as_bytes());
        hash.to_hex().chars().take(16).collect()
    }
}

/// Notes it. A failure is no loss: the log itself is on disk.
pub(super) fn write(directory: &Path, head: &Head) {
    let new = directory.join("review.head.new");
    let seal = head.seal.as_ref().map(|it| format!("{it} "));
    let text = format!(
        "{} {}{}\n",
        head.newest,
        seal.unwrap_or_default(),
        head.check()
    );
    if fs::write(&new, text).is_ok() {
        let _ = fs::rename(&new, directory.join(FILE));
    }
}

/// What was noted.
pub(super) fn read(directory: &Path) -> Option<Head> {
    let text = fs::read_to_string(directory.join(FILE)).ok()?;
    let mut parts = text.trim_end().split(' ');
    let newest = parts.next()?.parse().ok()?;
    let (first, second) = (parts.next()?, parts.next());
    let head = Head {
        newest,
        seal: second.map(|_| first.to_owned()),
    };
    let is_whole = parts.next().is_none() && head.check() == second.unwrap_or(first);
    is_whole.then_some(head)
}

/// The seal of a file as it is. Whoever asks holds a lock that keeps others from writing and does nothing under it behind
/// this: on POSIX the end of any look at a file ends the locks that its process holds.
pub(super) fn seal(file: &Path) -> io::Result<String> {
    let mut file = File::open(file)?;
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hasher.finalize().to_hex().to_string()),
            length => _ = hasher.update(&buffer[..length]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_note_says_nothing() {
        let directory = tempfile::tempdir().unwrap();
        assert_eq!(read(directory.path()), None);
        let file = directory.path().join(FILE);
        let sealed = |seal: Option<&str>| Head {
            newest: 41,
            seal: seal.map(str::to_owned),
        };
        for head in [sealed(None), sealed(Some("00ff")), Head::new(41, true)] {
            write(directory.path(), &head);
            assert_eq!(read(directory.path()), Some(head));
            let text = fs::read_to_string(&file).unwrap();
            for wrong in [text.replacen("41", "42", 1), text.replacen("00", "01", 1)] {
                fs::write(&file, &wrong).unwrap();
                assert!(wrong == text || read(directory.path()).is_none(), "{wrong}");
            }
        }
        // As it was written before there were seals.
        let check: String = blake3::hash(b"recto review head 41")
            .to_hex()
            .chars()
            .take(16)
            .collect();
        fs::write(&file, format!("41 {check}\n")).unwrap();
        assert_eq!(read(directory.path()), Some(sealed(None)));
    }
}
