//! Frames for the terminal: everything that one draw writes goes out at once, between the signs of a synchronized
//! update, and a draw that changes nothing writes nothing.
//!
//! The terminal library writes cursor and cells as it goes; on a slow line that tears, and its cursor orders go out even
//! when the cursor stays. Here they are collected until the frame is whole.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::queue;
use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

/// A backend that writes whole frames.
pub struct Frames<W: Write> {
    out: W,
    inner: CrosstermBackend<Collected>,
    collected: Collected,
    cursor: Cursor,
    /// The cursor as the terminal has it; unknown after somebody else had the terminal.
    shown: Option<Cursor>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Cursor {
    at: Position,
    visible: bool,
}

/// Bytes of the frame in the making.
#[derive(Clone, Default)]
struct Collected(Arc<Mutex<Vec<u8>>>);

impl Collected {
    fn bytes(&self) -> MutexGuard<'_, Vec<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for Collected {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<W: Write> Frames<W> {
    /// Writes frames to a terminal.
    pub fn new(out: W) -> Self {
        let collected = Collected::default();
        Self {
            out,
            inner: CrosstermBackend::new(collected.clone()),
            collected,
            cursor: Cursor::default(),
            shown: None,
        }
    }
}

impl<W: Write> Backend for Frames<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut content = content.peekable();
        if content.peek().is_some() {
            self.inner.draw(content)?;
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.cursor.visible = false;
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.cursor.visible = true;
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        // Never asked of the terminal: the input thread would read the answer.
        Ok(self.cursor.at)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.cursor.at = position.into();
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.shown = None;
        self.inner.clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.shown = None;
        self.inner.clear_region(clear_type)
    }

    fn append_lines(&mut self, lines: u16) -> io::Result<()> {
        self.inner.append_lines(lines)
    }

    fn size(&self) -> io::Result<Size> {
        self.inner.size()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
        let content = std::mem::take(&mut *self.collected.bytes());
        if content.is_empty() && self.shown == Some(self.cursor) {
            return Ok(());
        }
        let mut frame = Vec::with_capacity(content.len() + 64);
        queue!(frame, BeginSynchronizedUpdate)?;
        frame.extend_from_slice(&content);
        let Cursor { at, visible } = self.cursor;
        queue!(frame, MoveTo(at.x, at.y))?;
        if self.shown.is_none_or(|shown| shown.visible != visible) {
            match visible {
                true => queue!(frame, Show)?,
                false => queue!(frame, Hide)?,
            }
        }
        queue!(frame, EndSynchronizedUpdate)?;
        self.shown = Some(self.cursor);
        self.out.write_all(&frame)?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_one_synchronized_update_and_nothing_is_written_for_nothing() {
        let mut frames = Frames::new(Vec::new());
        let cell = Cell::new("x");
        frames
            .draw([(2, 1, &cell)].into_iter())
            .expect("a vector takes all");
        frames.show_cursor().expect("a vector takes all");
        frames
            .set_cursor_position((4, 5))
            .expect("a vector takes all");
        frames.flush().expect("a vector takes all");
        let first = String::from_utf8(frames.out.clone()).expect("text");
        assert!(first.starts_with("\u{1b}[?2026h"), "{first:?}");
        assert!(
            first.ends_with("\u{1b}[6;5H\u{1b}[?25h\u{1b}[?2026l"),
            "{first:?}"
        );
        frames.draw(std::iter::empty()).expect("a vector takes all");
        frames.show_cursor().expect("a vector takes all");
        frames
            .set_cursor_position((4, 5))
            .expect("a vector takes all");
        frames.flush().expect("a vector takes all");
        assert_eq!(frames.out.len(), first.len(), "nothing changed");
    }
}
