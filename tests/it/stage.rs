//! The real runtime on a backend in memory: keys in, screens out, no sleeping.

use std::io;
use std::path::{Path, PathBuf};

use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use recto::app::event::{Gesture, Mouse};
use recto::app::state::{Settings, State};
use recto::config::Config;
use recto::keymap::Keymap;
use recto::model::Clean;
use recto::runtime::input::Input;
use recto::runtime::setup::{self, Request};
use recto::runtime::{Host, Message, stage};
use recto::store::review::LocalReviewLog;
use recto::text::clean;
use recto::theme::Theme;

/// One run of the program.
pub struct Stage(stage::Stage<Pretend>);

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

    fn start(paths: &[PathBuf], home: &Path, keymap: &str, size: (u16, u16), keep: bool) -> Self {
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
            log: Box::new(|| Box::new(log)),
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
        let stage = stage::Stage::start(start, size, Pretend::default());
        Self(stage.expect("workers start"))
    }

    /// Presses keys, written as in the keymap; `text:…` is typed letter by letter, `_` for a blank.
    #[track_caller]
    pub fn press(&mut self, keys: &str) -> &mut Self {
        self.0.press(keys).expect("the session goes on");
        self.check()
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
        self.press("Q");
        assert!(self.0.finish().is_empty(), "everything is on disk");
    }

    /// What was opened in the browser and in the editor.
    pub fn opened(&self) -> (&[String], &[(String, String)]) {
        let host = self.0.host();
        (&host.browsed, &host.edited)
    }

    /// Somebody else wrote to the review log.
    pub fn look(&mut self) -> &mut Self {
        self.send(Message::Written)
    }

    /// Pastes text.
    pub fn paste(&mut self, text: &str) -> &mut Self {
        self.send(Message::Input(Input::Paste(text.to_owned())))
    }

    /// Gives the terminal another size, and no event says so.
    pub fn resize_silently(&mut self, columns: u16, rows: u16) -> &mut Self {
        self.0.resize(columns, rows);
        self
    }

    /// Gives the terminal another size.
    pub fn resize(&mut self, columns: u16, rows: u16) -> &mut Self {
        self.0.resize(columns, rows);
        self.send(Message::Input(Input::Resize(columns, rows)))
    }

    fn send(&mut self, message: Message) -> &mut Self {
        self.0.send(message).expect("the session goes on");
        self.check()
    }

    fn check(&mut self) -> &mut Self {
        assert_eq!(
            self.0.replaced(),
            0,
            "the second wall found nothing to do:\n{}",
            self.screen()
        );
        self
    }

    /// The state.
    pub fn state(&self) -> &State {
        self.0.state()
    }

    /// What was put on the clipboard.
    pub fn copied(&self) -> &[String] {
        &self.0.host().copied
    }

    /// How often the terminal was given back.
    pub fn suspended(&self) -> usize {
        self.0.host().suspended
    }

    /// The screen as cells.
    pub fn buffer(&self) -> &Buffer {
        self.0.buffer()
    }

    /// The screen as text, blanks at the ends of lines cut.
    pub fn screen(&self) -> String {
        text_of(self.buffer())
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

/// Cells as text, blanks at the ends of lines cut.
pub fn text_of(buffer: &Buffer) -> String {
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
