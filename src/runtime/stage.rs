//! The real runtime on a screen in memory: keys in, buffers out, no sleeping. Pictures for documents are painted from it,
//! and tests go through their journeys on it.

use std::io;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

use super::input::Input;
use super::wall::Wall;
use super::{Host, Message, Session, Start};
use crate::app::state::State;
use crate::keymap::Key;
use crate::model::Clean;

/// One run of the program without a terminal; every step is taken to its end before the next.
pub struct Stage<H> {
    session: Session<Wall<TestBackend>>,
    host: H,
}

impl<H: Host> Stage<H> {
    /// Opens the collection on a screen of so many columns and rows.
    pub fn start(start: Start, (columns, rows): (u16, u16), mut host: H) -> io::Result<Self> {
        let backend = Wall::new(TestBackend::new(columns, rows));
        let terminal = Terminal::new(backend).map_err(io::Error::other)?;
        let mut session = Session::start(terminal, start)?;
        session.settle(&mut host)?;
        Ok(Self { session, host })
    }

    /// Presses keys, written as in the keymap; `text:…` is typed letter by letter, `_` for a blank.
    pub fn press(&mut self, keys: &str) -> io::Result<()> {
        for word in keys.split_whitespace() {
            let typed = word.strip_prefix("text:").map(|text| {
                let name = |c: char| match c {
                    '_' => "Space".to_owned(),
                    c => c.to_string(),
                };
                text.chars().map(name).collect()
            });
            for name in typed.unwrap_or_else(|| vec![word.to_owned()]) {
                let key: Key = name
                    .parse()
                    .map_err(|error| io::Error::other(format!("{name}: {error:?}")))?;
                self.send(Message::Input(Input::Key(key)))?;
            }
        }
        Ok(())
    }

    /// Hands a message to the loop, and waits until all that comes of it is done and drawn.
    pub fn send(&mut self, message: Message) -> io::Result<()> {
        self.session.take(message, &mut self.host)?;
        self.session.settle(&mut self.host)
    }

    /// Gives the screen another size, and no event says so.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        let backend = self.session.terminal_mut().backend_mut();
        backend.inner_mut().resize(columns, rows);
    }

    /// Ends the session as a person does; gives what could not be done at the very end.
    pub fn finish(mut self) -> Vec<Clean> {
        self.session.finish()
    }

    /// The state.
    pub fn state(&self) -> &State {
        self.session.state()
    }

    /// What stands in for the world around the terminal.
    pub fn host(&self) -> &H {
        &self.host
    }

    /// The screen as cells.
    pub fn buffer(&self) -> &Buffer {
        self.session.terminal().backend().inner().buffer()
    }

    /// Cells that the second wall had to replace.
    pub fn replaced(&self) -> u64 {
        self.session.terminal().backend().replaced()
    }
}
