//! The program in a real pseudo-terminal: it starts, and however it ends the terminal is as before.

use std::fs;
use std::io::{Read, Write};
use std::num::NonZero;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// Nothing takes this long; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(30);

struct Pty {
    child: Box<dyn Child + Send + Sync>,
    writer: Box<dyn Write + Send>,
    seen: Arc<(Mutex<vt100::Parser>, Condvar)>,
    master: Box<dyn MasterPty + Send>,
}

impl Pty {
    fn start(home: &Path, environment: &[(&str, &str)]) -> Self {
        let (rows, columns) = (24, 80);
        let size = PtySize {
            rows,
            cols: columns,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system()
            .openpty(size)
            .expect("a pseudo-terminal");
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_recto"));
        command.arg("assets/sample");
        command.cwd(env!("CARGO_MANIFEST_DIR"));
        command.env("TERM", "xterm-256color");
        for (name, folder) in [
            ("XDG_DATA_HOME", "data"),
            ("XDG_STATE_HOME", "state"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_CONFIG_HOME", "config"),
        ] {
            command.env(name, home.join(folder));
        }
        for (name, value) in environment {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).expect("recto starts");
        drop(pair.slave);
        let cells = |number| NonZero::new(number).expect("more than nothing");
        let parser = vt100::Parser::new(cells(rows), cells(columns), 0);
        let seen = Arc::new((Mutex::new(parser), Condvar::new()));
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let for_reader = Arc::clone(&seen);
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut bytes) {
                for_reader
                    .0
                    .lock()
                    .expect("no panic")
                    .process(&bytes[..count]);
                for_reader.1.notify_all();
            }
        });
        let writer = pair.master.take_writer().expect("a writer");
        Self {
            child,
            writer,
            seen,
            master: pair.master,
        }
    }

    /// Waits until a text stands on the screen.
    #[track_caller]
    fn expect(&self, text: &str) {
        self.wait(text, |screen| screen.contents().contains(text));
    }

    /// Waits until the screen is as wanted. Only states that stay until the next key are waited for.
    #[track_caller]
    fn wait(&self, what: &str, wanted: impl Fn(&vt100::Screen) -> bool) {
        let guard = self.seen.0.lock().expect("no panic");
        let (guard, timeout) = self
            .seen
            .1
            .wait_timeout_while(guard, PATIENCE, |parser| !wanted(parser.screen()))
            .expect("no panic");
        assert!(
            !timeout.timed_out(),
            "waited for {what:?}, saw:\n{}",
            guard.screen().contents()
        );
    }

    fn keys(&mut self, keys: &str) {
        self.writer
            .write_all(keys.as_bytes())
            .expect("the program reads keys");
        self.writer.flush().expect("the program reads keys");
    }

    fn signal(&self, name: &str) {
        let id = self.child.process_id().expect("a process").to_string();
        let sent = Command::new("kill")
            .args([&format!("-{name}"), &id])
            .status()
            .expect("kill runs");
        assert!(sent.success());
    }

    /// Waits until the process has stopped: a SIGCONT that comes earlier would be lost.
    #[cfg(target_os = "linux")]
    fn wait_until_stopped(&self) {
        let id = self.child.process_id().expect("a process");
        let begin = Instant::now();
        loop {
            let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
            if stat
                .rsplit(')')
                .next()
                .is_some_and(|rest| rest.trim_start().starts_with('T'))
            {
                return;
            }
            assert!(
                begin.elapsed() < PATIENCE,
                "the process does not stop: {stat}"
            );
            thread::yield_now();
        }
    }

    /// Waits for the end; the terminal must be as before.
    #[track_caller]
    fn ends(mut self) -> portable_pty::ExitStatus {
        let status = self.child.wait().expect("the program ends");
        self.wait("the terminal as before", |screen| {
            !screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste()
        });
        drop(self.master);
        status
    }
}

#[test]
fn q_quits_and_gives_the_terminal_back() {
    let home = tempfile::tempdir().expect("a folder");
    let mut pty = Pty::start(home.path(), &[]);
    pty.expect("1 of");
    pty.keys("?");
    pty.expect("Keys");
    pty.keys("qq");
    assert!(pty.ends().success());
}

#[test]
fn signals_end_it_and_give_the_terminal_back() {
    for signal in ["TERM", "HUP", "INT"] {
        let home = tempfile::tempdir().expect("a folder");
        let pty = Pty::start(home.path(), &[]);
        pty.expect("1 of");
        pty.signal(signal);
        assert!(!pty.ends().success(), "{signal}");
    }
}

#[test]
fn a_panic_gives_the_terminal_back() {
    if !cfg!(debug_assertions) {
        println!("skipped: release builds have no way to panic on demand");
        return;
    }
    let home = tempfile::tempdir().expect("a folder");
    let pty = Pty::start(home.path(), &[("RECTO_PANIC", "1")]);
    assert_eq!(pty.ends().exit_code(), 101);
}

#[test]
#[cfg(target_os = "linux")]
fn suspended_and_resumed_it_paints_its_screen_again() {
    let home = tempfile::tempdir().expect("a folder");
    let mut pty = Pty::start(home.path(), &[]);
    pty.expect("1 of");
    pty.keys("\u{1a}");
    pty.wait("the shell's screen", |screen| !screen.alternate_screen());
    pty.wait_until_stopped();
    pty.signal("CONT");
    pty.wait("the screen again", |screen| {
        screen.alternate_screen() && screen.contents().contains("1 of")
    });
    pty.keys("q");
    assert!(pty.ends().success());
}

#[test]
fn a_decision_survives_a_kill() {
    let home = tempfile::tempdir().expect("a folder");
    let mut pty = Pty::start(home.path(), &[]);
    pty.expect("1 of");
    pty.keys("ttext-of-a-tag\r");
    // The notice is the acknowledgement: it comes when the change is on disk.
    pty.expect("tagged text-of-a-tag");
    pty.signal("KILL");
    let _ = pty.child.wait();
    let mut again = Pty::start(home.path(), &[]);
    again.expect("1 of");
    again.keys("ftag:text-of-a-tag\r");
    again.expect("1 of 1");
    again.keys("q");
    assert!(again.ends().success());
}

#[test]
fn quitting_under_a_storm_of_keys_ends_and_keeps_the_decisions() {
    let home = tempfile::tempdir().expect("a folder");
    let mut pty = Pty::start(home.path(), &[]);
    pty.expect("1 of");
    let mut burst = "1".repeat(9) + "Q";
    burst.push_str(&"j".repeat(6000));
    pty.keys(&burst);
    assert!(pty.ends().success());
}
