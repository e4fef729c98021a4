//! Writes down where a person is, so that the next run goes on there, even after a `kill -9`.
//!
//! A thread of its own waits until nothing changed for a moment and writes the newest place into the state directory: a
//! new file renamed over the old one, so that a half-written one is never read. What cannot be written is not worth a
//! word: it costs a bit of scrolling.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::app::keepsake::Keepsake;
use crate::store::personal::file;
use crate::store::types::LibraryId;

/// How long nothing may change before it is written.
const QUIET: Duration = Duration::from_millis(250);

/// Reads what was kept of a library; nothing where there is nothing, or nothing that can be read.
pub fn read(state: &Path, library: &LibraryId) -> Keepsake {
    let text = fs::read(file(state, library)).unwrap_or_default();
    serde_json::from_slice(&text).unwrap_or_default()
}

/// The thread that writes.
pub struct Keeper {
    shared: Arc<(Mutex<Waiting>, Condvar)>,
    thread: JoinHandle<()>,
    last: Option<Keepsake>,
}

#[derive(Default)]
struct Waiting {
    newest: Option<Keepsake>,
    closed: bool,
}

impl Keeper {
    /// Starts the thread for a library.
    pub fn start(state: &Path, library: &LibraryId) -> std::io::Result<Self> {
        let shared = Arc::<(Mutex<Waiting>, Condvar)>::default();
        let for_thread = Arc::clone(&shared);
        let file = file(state, library);
        let thread = thread::Builder::new()
            .name("keeper".to_owned())
            .spawn(move || work(&for_thread, &file))?;
        Ok(Self {
            shared,
            thread,
            last: None,
        })
    }

    /// Keeps this from now on.
    pub fn keep(&mut self, keepsake: Keepsake) {
        if self.last.as_ref() == Some(&keepsake) {
            return;
        }
        self.last = Some(keepsake.clone());
        let (lock, wake) = &*self.shared;
        lock.lock().unwrap_or_else(PoisonError::into_inner).newest = Some(keepsake);
        wake.notify_one();
    }

    /// Writes what is still to be written.
    pub fn finish(self) {
        let (lock, wake) = &*self.shared;
        lock.lock().unwrap_or_else(PoisonError::into_inner).closed = true;
        wake.notify_one();
        // A panic there lost the place, which is no reason to say anything.
        let _ = self.thread.join();
    }
}

fn work((lock, wake): &(Mutex<Waiting>, Condvar), file: &Path) {
    let mut waiting = lock.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        let idle = |waiting: &mut Waiting| waiting.newest.is_none() && !waiting.closed;
        waiting = wake
            .wait_while(waiting, idle)
            .unwrap_or_else(PoisonError::into_inner);
        if !waiting.closed {
            // Whoever scrolls goes on scrolling: a little later is soon enough.
            let open = |waiting: &mut Waiting| !waiting.closed;
            let waited = wake.wait_timeout_while(waiting, QUIET, open);
            waiting = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        let (newest, closed) = (waiting.newest.take(), waiting.closed);
        drop(waiting);
        if let Some(newest) = newest {
            let _ = write(file, &newest);
        }
        if closed {
            return;
        }
        waiting = lock.lock().unwrap_or_else(PoisonError::into_inner);
    }
}

fn write(file: &Path, keepsake: &Keepsake) -> std::io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    serde_json::to_writer(&mut new, keepsake)?;
    new.persist(file)?;
    Ok(())
}
