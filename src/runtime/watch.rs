//! Sees when another program writes to the review log.
//!
//! Once a second the file's length and time are looked at, which costs a few microseconds and no allocation; only when
//! they changed does anybody read. Watching by the system's own means was rejected: it differs on each system, tells of
//! every file in the folder, and says nothing on many network file systems.

use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use crossbeam_channel::Sender;

use super::Message;

/// How long to wait between two looks.
const PAUSE: Duration = Duration::from_secs(1);

/// Starts the thread that tells of every change of a file.
pub fn start(file: PathBuf, sender: Sender<Message>) -> std::io::Result<()> {
    let look = move || {
        let state = || {
            let metadata = std::fs::metadata(&file).ok()?;
            Some((metadata.len(), metadata.modified().ok()?))
        };
        let mut known = state();
        loop {
            thread::sleep(PAUSE);
            let now = state();
            if now != known {
                known = now;
                if sender.send(Message::Written).is_err() {
                    return;
                }
            }
        }
    };
    thread::Builder::new()
        .name("watch".to_owned())
        .spawn(look)
        .map(drop)
}
