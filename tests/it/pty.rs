//! A program in a real pseudo-terminal, and what stands on its screen.

#[cfg(target_os = "linux")]
use std::fs;
use std::io::{Read, Write};
use std::num::NonZero;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;
#[cfg(target_os = "linux")]
use std::time::Instant;

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// Nothing takes this long; a test that waits so long has failed.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A program in a pseudo-terminal of 80x24.
pub struct Pty {
    /// Every byte that was written.
    raw: Arc<Mutex<Vec<u8>>>,
    pub child: Box<dyn Child + Send + Sync>,
    writer: Box<dyn Write + Send>,
    pub seen: Arc<(Mutex<vt100::Parser>, Condvar)>,
    master: Box<dyn MasterPty + Send>,
}

impl Pty {
    /// Starts recto on the sample collection, with a home of its own for everything that is written.
    pub fn start(home: &Path, environment: &[(&str, &str)]) -> Self {
        Self::run(
            home,
            environment,
            env!("CARGO_BIN_EXE_recto"),
            &["assets/sample"],
        )
    }

    /// Starts a program in the folder of the project.
    pub fn run(
        home: &Path,
        environment: &[(&str, &str)],
        program: &str,
        arguments: &[&str],
    ) -> Self {
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
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
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
        for name in [
            "NO_COLOR",
            "COLORFGBG",
            "COLORTERM",
            "VISUAL",
            "EDITOR",
            "BROWSER",
        ] {
            command.env_remove(name);
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
        let raw = Arc::new(Mutex::new(Vec::new()));
        let for_raw = Arc::clone(&raw);
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut bytes) {
                for_raw
                    .lock()
                    .expect("no panic")
                    .extend_from_slice(&bytes[..count]);
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
            raw,
            child,
            writer,
            seen,
            master: pair.master,
        }
    }

    /// Waits until a text stands on the screen.
    #[track_caller]
    pub fn expect(&self, text: &str) {
        self.wait(text, |screen| screen.contents().contains(text));
    }

    /// Waits until the screen is as wanted. Only states that stay until the next key are waited for.
    #[track_caller]
    pub fn wait(&self, what: &str, wanted: impl Fn(&vt100::Screen) -> bool) {
        let guard = self.seen.0.lock().expect("no panic");
        let (guard, timeout) = self
            .seen
            .1
            .wait_timeout_while(guard, PATIENCE, |parser| !wanted(parser.screen()))
            .expect("no panic");
        assert!(
            !timeout.timed_out(),
            "waited for {what:?}, saw:\n{}\nthe last that was written: {:?}",
            guard.screen().contents(),
            self.written()
                .chars()
                .rev()
                .take(400)
                .collect::<Vec<_>>()
                .iter()
                .rev()
                .collect::<String>(),
        );
    }

    /// Waits until something was written that does not stand on the screen.
    #[track_caller]
    pub fn wait_written(&self, what: &str) {
        let guard = self.seen.0.lock().expect("no panic");
        let (guard, timeout) = self
            .seen
            .1
            .wait_timeout_while(guard, PATIENCE, |_| !self.written().contains(what))
            .expect("no panic");
        drop(guard);
        assert!(
            !timeout.timed_out(),
            "waited for {what:?}, saw {:?}",
            self.written()
        );
    }

    /// Every byte that is written, now and later.
    pub fn raw(&self) -> Arc<Mutex<Vec<u8>>> {
        Arc::clone(&self.raw)
    }

    /// Everything that was written so far, as text.
    pub fn written(&self) -> String {
        String::from_utf8_lossy(&self.raw.lock().expect("no panic")).into_owned()
    }

    /// Types keys.
    pub fn keys(&mut self, keys: &str) {
        self.writer
            .write_all(keys.as_bytes())
            .expect("the program reads keys");
        self.writer.flush().expect("the program reads keys");
    }

    /// Sends a signal.
    pub fn signal(&self, name: &str) {
        let id = self.child.process_id().expect("a process").to_string();
        let sent = Command::new("kill")
            .args([&format!("-{name}"), &id])
            .status()
            .expect("kill runs");
        assert!(sent.success());
    }

    /// Waits until the process has stopped: a SIGCONT that comes earlier would be lost.
    #[cfg(target_os = "linux")]
    pub fn wait_until_stopped(&self) {
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

    /// Gives the terminal another size.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        let cells = |number| NonZero::new(number).expect("more than nothing");
        let mut parser = self.seen.0.lock().expect("no panic");
        parser.set_size(cells(rows), cells(columns));
        drop(parser);
        let size = PtySize {
            rows,
            cols: columns,
            pixel_width: 0,
            pixel_height: 0,
        };
        self.master.resize(size).expect("another size");
    }

    /// The screen as it is now.
    pub fn screen(&self) -> vt100::Screen {
        self.seen.0.lock().expect("no panic").screen().clone()
    }

    /// One line of the screen, without the blanks around it.
    pub fn line(&self, number: usize) -> String {
        let text = self.screen().contents();
        text.lines()
            .nth(number)
            .unwrap_or_default()
            .trim()
            .to_owned()
    }

    /// Waits for the end; the terminal must be as before.
    #[track_caller]
    pub fn ends(mut self) -> portable_pty::ExitStatus {
        let status = self.child.wait().expect("the program ends");
        self.wait("the terminal as before", |screen| {
            !screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste()
        });
        drop(self.master);
        status
    }
}
