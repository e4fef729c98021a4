//! A note beside the log of how far it reached: `review.head`.
//!
//! The chain of hashes shows that nothing was changed, but not that nothing is missing at the end: a lost file or a
//! copy of last week is a sound chain. So after each commit the number of the newest event is noted in a small file
//! of its own. It is written after the commit and without waiting for the disk: it may lag behind the log, it is never
//! ahead of it, and when it is damaged itself it says nothing.

use std::fs;
use std::path::Path;

/// The name of the file in the data directory.
const FILE: &str = "review.head";

/// Notes the number of the newest event. A failure is no loss: the log itself is on disk.
pub(super) fn write(directory: &Path, newest: u64) {
    let new = directory.join("review.head.new");
    if fs::write(&new, format!("{newest} {}\n", check(newest))).is_ok() {
        let _ = fs::rename(&new, directory.join(FILE));
    }
}

/// The number of the newest event that was noted.
pub(super) fn read(directory: &Path) -> Option<u64> {
    let text = fs::read_to_string(directory.join(FILE)).ok()?;
    let (number, sum) = text.trim_end().split_once(' ')?;
    let number = number.parse().ok()?;
    (sum == check(number)).then_some(number)
}

/// Guards the note against damage of its own.
fn check(newest: u64) -> String {
    let hash = blake3::hash(format!("recto review head {newest}").as_bytes());
    hash.to_hex().chars().take(16).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_note_says_nothing() {
        let directory = tempfile::tempdir().unwrap();
        assert_eq!(read(directory.path()), None);
        write(directory.path(), 41);
        assert_eq!(read(directory.path()), Some(41));
        let file = directory.path().join(FILE);
        let text = fs::read_to_string(&file).unwrap();
        fs::write(&file, text.replacen("41", "42", 1)).unwrap();
        assert_eq!(read(directory.path()), None);
    }
}
