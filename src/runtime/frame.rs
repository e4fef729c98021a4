//! Frames for the terminal: everything that one draw writes goes out at once, between the signs of a synchronized
//! update, and a draw that changes nothing writes nothing.
//!
//! The terminal library writes cursor and cells as it goes; on a slow line that tears, and its cursor orders go out even
//! when the cursor stays. Here they are collected until the frame is whole.

use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::queue;
use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

use crate::view::paint::{LINKED, Link};

/// A backend that writes whole frames.
pub struct Frames<W: Write> {
    out: W,
    inner: CrosstermBackend<Collected>,
    collected: Collected,
    cursor: Cursor,
    /// The cursor as the terminal has it; unknown after somebody else had the terminal.
    shown: Option<Cursor>,
    links: Links,
    /// The cells that lead somewhere, as the terminal has them.
    linked: HashMap<Position, (Cell, Link)>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Cursor {
    at: Position,
    visible: bool,
}

/// Where cells of the frame in the making lead. Whoever draws says so before the frame is written: cells themselves know
/// nothing of links.
#[derive(Clone, Debug, Default)]
pub struct Links(Arc<Mutex<Vec<Link>>>);

impl Links {
    /// Says where cells lead from now on.
    pub fn set(&self, links: Vec<Link>) {
        *self.lock() = links;
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Link>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
    /// Writes frames to a terminal, with links where `links` says.
    pub fn new(out: W, links: Links) -> Self {
        let collected = Collected::default();
        Self {
            out,
            inner: CrosstermBackend::new(collected.clone()),
            collected,
            cursor: Cursor::default(),
            shown: None,
            links,
            linked: HashMap::new(),
        }
    }

    /// Cells that lead to the same address, or to none.
    fn run(&mut self, link: Option<&Link>, cells: &[(u16, u16, &Cell)]) -> io::Result<()> {
        if let Some(link) = link {
            let (id, address) = (link.id, &link.address);
            write!(self.collected, "\x1b]8;id={id:x};{address}\x1b\\")?;
        }
        if !cells.is_empty() {
            self.inner.draw(cells.iter().copied())?;
        }
        if link.is_some() {
            write!(self.collected, "\x1b]8;;\x1b\\")?;
        }
        Ok(())
    }
}

impl<W: Write> Backend for Frames<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let links = self.links.lock().clone();
        let link_at = |at: Position| links.iter().find(|link| link.area.contains(at));
        let mut run: (Option<&Link>, Vec<(u16, u16, &Cell)>) = (None, Vec::new());
        for (x, y, cell) in content {
            let at = Position::new(x, y);
            let link = link_at(at).filter(|_| cell.diff_option == LINKED);
            match link {
                Some(link) => {
                    let now = (cell.clone(), link.clone());
                    // Linked cells come each time: most of them stand there already.
                    if self.linked.get(&at) == Some(&now) {
                        continue;
                    }
                    self.linked.insert(at, now);
                }
                None => drop(self.linked.remove(&at)),
            }
            if link != run.0 {
                let (before, cells) = std::mem::replace(&mut run, (link, Vec::new()));
                self.run(before, &cells)?;
            }
            run.1.push((x, y, cell));
        }
        self.run(run.0, &run.1)
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
        self.linked.clear();
        self.inner.clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.shown = None;
        self.linked.clear();
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
    use ratatui::layout::Rect;

    #[test]
    fn a_frame_is_one_synchronized_update_and_nothing_is_written_for_nothing() {
        let mut frames = Frames::new(Vec::new(), Links::default());
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

    #[test]
    fn what_leads_somewhere_is_written_when_where_it_leads_has_changed() {
        let links = Links::default();
        let mut frames = Frames::new(Vec::new(), links.clone());
        let to = |address: &str| Link {
            area: Rect::new(1, 0, 2, 1),
            address: address.into(),
            id: 7,
        };
        let plain = Cell::new("x");
        let linked = plain.clone().set_diff_option(LINKED).clone();
        let mut written = |links_to: Vec<Link>, cells: &[(u16, u16, &Cell)]| {
            links.set(links_to);
            let before = frames.out.len();
            let cells = cells.iter().copied();
            frames.draw(cells).expect("a vector takes all");
            frames.flush().expect("a vector takes all");
            String::from_utf8_lossy(&frames.out[before..]).into_owned()
        };
        let all = [
            (0, 0, &plain),
            (1, 0, &linked),
            (2, 0, &linked),
            (3, 0, &linked),
        ];
        let first = written(vec![to("https://a.example/")], &all);
        let (begin, end) = ("\x1b]8;id=7;https://a.example/\x1b\\", "\x1b]8;;\x1b\\");
        let (before, inside) = first.split_once(begin).expect("a link");
        let (inside, behind) = inside.split_once(end).expect("its end");
        let letters = |text: &str| text.matches('x').count();
        assert_eq!(
            [letters(before), letters(inside), letters(behind)],
            [1, 2, 1]
        );
        let same = written(vec![to("https://a.example/")], &all[1..3]);
        assert_eq!(same, "", "it stands there already");
        let other = written(vec![to("https://b.example/")], &all[1..3]);
        assert!(other.contains("https://b.example/"), "{other:?}");
        let gone = written(Vec::new(), &[(1, 0, &plain), (2, 0, &plain)]);
        assert!(!gone.contains("]8;") && letters(&gone) == 2, "{gone:?}");
    }
}
