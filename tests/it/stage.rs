//! The real runtime on a backend in memory: keys in, screens out, no sleeping.

use std::io;
use std::path::{Path, PathBuf};

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use recto::app::event::{Gesture, Mouse};
use recto::app::state::{Settings, State};
use recto::config::Config;
use recto::keymap::{Key, Keymap};
use recto::model::Clean;
use recto::runtime::input::Input;
use recto::runtime::setup::{self, Request};
use recto::runtime::wall::Wall;
use recto::runtime::{Host, Message, Session};
use recto::store::review::LocalReviewLog;
use recto::text::clean;
use recto::theme::Theme;

/// One run of the program.
pub struct Stage {
    session: Session<Wall<TestBackend>>,
    host: Pretend,
}

/// A terminal that only remembers.
#[derive(Default)]
struct Pretend {
    copied: Vec<String>,
    browsed: Vec<String>,
    edited: Vec<(String, String)>,
    suspended: usize,
}

impl Host for Pretend {
    fn suspend(&mut self) -> io::Result<()> {
        self.suspended += 1;
        Ok(())
    }

    fn resume(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn browse(&mut self, url: &str) -> io::Result<String> {
        self.browsed.push(url.to_owned());
        Ok("a browser".to_owned())
    }

    fn edit(&mut self, name: &str, text: &str) -> io::Result<String> {
        self.edited.push((name.to_owned(), text.to_owned()));
        Ok("an editor".to_owned())
    }

    fn copy(&mut self, text: &Clean) -> io::Result<()> {
        self.copied.push(text.to_string());
        Ok(())
    }
}

impl Stage {
    /// Opens a collection with a home of its own for everything that is written.
    pub fn open(paths: &[PathBuf], home: &Path, columns: u16, rows: u16) -> Self {
        Self::open_with(paths, home, "", columns, rows)
    }

    /// The same with a user's keymap.
    pub fn open_with(
        paths: &[PathBuf],
        home: &Path,
        keymap: &str,
        columns: u16,
        rows: u16,
    ) -> Self {
        Self::start(paths, home, keymap, (columns, rows), false)
    }

    /// The same, where the place is kept for the next time.
    pub fn open_kept(paths: &[PathBuf], home: &Path, columns: u16, rows: u16) -> Self {
        Self::start(paths, home, "", (columns, rows), true)
    }

    fn start(
        paths: &[PathBuf],
        home: &Path,
        keymap: &str,
        (columns, rows): (u16, u16),
        keep: bool,
    ) -> Self {
        let (keymap, notices) = Keymap::with_user("keymap.toml", keymap);
        let config = Config::default();
        let tag = |number| config.quick_tag(number).unwrap_or_default().to_owned();
        let settings = Settings {
            quick_tags: [1, 2, 3, 4, 5, 6, 7, 8, 9].map(tag),
            ..Settings::default()
        };
        let log =
            LocalReviewLog::open(&home.join("data"), "tester", Box::new(|| 1_585_699_200_000));
        let start = setup::start(Request {
            paths: paths.to_vec(),
            formats: recto::formats::Options::default(),
            log: Box::new(log),
            keymap,
            theme: Theme::dark(),
            themes: None,
            settings,
            mouse: true,
            watch: None,
            changes: false,
            state: keep.then(|| home.join("state")),
            cache: keep.then(|| home.join("cache")),
            notices: notices
                .iter()
                .map(|notice| clean::line(&notice.to_string()))
                .collect(),
        });
        let backend = Wall::new(TestBackend::new(columns, rows));
        let terminal = Terminal::new(backend).expect("a buffer in memory");
        let mut session = Session::start(terminal, start).expect("workers start");
        let mut host = Pretend::default();
        session.settle(&mut host).expect("the first screen");
        Self { session, host }
    }

    /// Presses keys, written as in the keymap; `text:…` is typed letter by letter, `_` for a blank.
    #[track_caller]
    pub fn press(&mut self, keys: &str) -> &mut Self {
        for word in keys.split_whitespace() {
            let typed = word.strip_prefix("text:").map(|text| {
                text.chars()
                    .map(|c| {
                        if c == '_' {
                            "Space".to_owned()
                        } else {
                            c.to_string()
                        }
                    })
                    .collect::<Vec<_>>()
            });
            for name in typed.unwrap_or_else(|| vec![word.to_owned()]) {
                let key: Key = name
                    .parse()
                    .unwrap_or_else(|error| panic!("{name}: {error:?}"));
                self.send(Message::Input(Input::Key(key)));
            }
        }
        self
    }

    /// Holds the left button at one cell and lets it go at another: columns and rows.
    pub fn drag(&mut self, from: (u16, u16), to: (u16, u16)) -> &mut Self {
        for (gesture, (column, row)) in [
            (Gesture::Click, from),
            (Gesture::Drag, to),
            (Gesture::Release, to),
        ] {
            let mouse = Mouse {
                gesture,
                column,
                row,
            };
            self.send(Message::Input(Input::Mouse(mouse)));
        }
        self
    }

    /// Ends the session as `q` does: what is to be kept is written.
    pub fn quit(mut self) {
        self.send(Message::Input(Input::Key("Q".parse().expect("a key"))));
        assert!(self.session.finish().is_empty(), "everything is on disk");
    }

    /// What was opened in the browser and in the editor.
    pub fn opened(&self) -> (&[String], &[(String, String)]) {
        (&self.host.browsed, &self.host.edited)
    }

    /// Somebody else wrote to the review log.
    pub fn look(&mut self) -> &mut Self {
        self.send(Message::Written);
        self
    }

    /// Pastes text.
    pub fn paste(&mut self, text: &str) -> &mut Self {
        self.send(Message::Input(Input::Paste(text.to_owned())));
        self
    }

    /// Gives the terminal another size, and no event says so.
    pub fn resize_silently(&mut self, columns: u16, rows: u16) -> &mut Self {
        let backend = self.session.terminal_mut().backend_mut().inner_mut();
        backend.resize(columns, rows);
        self
    }

    /// Gives the terminal another size.
    pub fn resize(&mut self, columns: u16, rows: u16) -> &mut Self {
        self.session
            .terminal_mut()
            .backend_mut()
            .inner_mut()
            .resize(columns, rows);
        self.send(Message::Input(Input::Resize(columns, rows)));
        self
    }

    fn send(&mut self, message: Message) {
        self.session
            .take(message, &mut self.host)
            .expect("the session goes on");
        self.session
            .settle(&mut self.host)
            .expect("the session goes on");
        let replaced = self.session.terminal().backend().replaced();
        assert_eq!(
            replaced,
            0,
            "the second wall found nothing to do:\n{}",
            self.screen()
        );
    }

    /// The state.
    pub fn state(&self) -> &State {
        self.session.state()
    }

    /// What was put on the clipboard.
    pub fn copied(&self) -> &[String] {
        &self.host.copied
    }

    /// How often the terminal was given back.
    pub fn suspended(&self) -> usize {
        self.host.suspended
    }

    /// The screen as cells.
    pub fn buffer(&self) -> &Buffer {
        self.session.terminal().backend().inner().buffer()
    }

    /// The screen as text, blanks at the ends of lines cut.
    pub fn screen(&self) -> String {
        let buffer = self.buffer();
        let mut text = String::new();
        for y in 0..buffer.area.height {
            let mut line = String::new();
            let mut x = 0;
            while x < buffer.area.width {
                let symbol = buffer[Position::new(x, y)].symbol();
                line.push_str(symbol);
                x += u16::try_from(recto::text::width::width(symbol).max(1)).expect("a cell");
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    /// Says whether a text stands on the screen.
    #[track_caller]
    pub fn shows(&mut self, text: &str) -> &mut Self {
        assert!(
            self.screen().contains(text),
            "{text:?} is not on the screen:\n{}",
            self.screen()
        );
        self
    }

    /// Says whether a text does not stand on the screen.
    #[track_caller]
    pub fn hides(&mut self, text: &str) -> &mut Self {
        assert!(
            !self.screen().contains(text),
            "{text:?} is on the screen:\n{}",
            self.screen()
        );
        self
    }
}

/// The sample collection, as the README names it: tests run in the folder of the project.
pub fn sample() -> Vec<PathBuf> {
    vec![PathBuf::from("assets/sample")]
}

/// The two documents that the project started from, where they are at hand.
pub fn seeds() -> Option<Vec<PathBuf>> {
    let seeds = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/seeds");
    if seeds.is_dir() {
        return Some(vec![seeds]);
    }
    println!("skipped: ../shared not found");
    None
}
