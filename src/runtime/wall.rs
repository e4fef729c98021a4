//! The second wall: whatever stands in a cell is looked at once more before it goes to the terminal.
//!
//! Text is made safe at the door (`text::clean`) and the screen takes only that, so nothing is ever found here. When
//! something is, it is a mistake of ours: it is shown as `U+FFFD`, counted, and said at the end. Refusing to draw was
//! rejected: whoever reads a hostile article at that moment is better off with a sign than without a screen.

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

use crate::text::{is_safe_cell, width};

/// A backend that lets only cells through that a terminal shows as they are.
#[derive(Debug)]
pub struct Wall<B> {
    inner: B,
    replaced: u64,
}

impl<B> Wall<B> {
    /// A wall in front of a backend.
    pub const fn new(inner: B) -> Self {
        Self { inner, replaced: 0 }
    }

    /// How many cells were replaced so far.
    pub const fn replaced(&self) -> u64 {
        self.replaced
    }

    /// What is behind it.
    pub const fn inner(&self) -> &B {
        &self.inner
    }

    /// What is behind it.
    pub const fn inner_mut(&mut self) -> &mut B {
        &mut self.inner
    }
}

impl<B: Backend> Backend for Wall<B> {
    type Error = B::Error;

    fn draw<'a, I>(&mut self, content: I) -> Result<(), B::Error>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let content: Vec<_> = content.collect();
        let is_sound = |(_, _, cell): &(u16, u16, &Cell)| is_safe_cell(cell.symbol());
        if content.iter().all(is_sound) {
            return self.inner.draw(content.into_iter());
        }
        let mended = content.iter().map(|place| match is_sound(place) {
            true => place.2.clone(),
            false => {
                self.replaced += 1;
                sign_for(place.2)
            }
        });
        let mended: Vec<Cell> = mended.collect();
        let places = content.iter().zip(&mended);
        self.inner
            .draw(places.map(|((column, row, _), cell)| (*column, *row, cell)))
    }

    fn append_lines(&mut self, lines: u16) -> Result<(), B::Error> {
        self.inner.append_lines(lines)
    }

    fn hide_cursor(&mut self) -> Result<(), B::Error> {
        self.inner.hide_cursor()
    }

    fn show_cursor(&mut self) -> Result<(), B::Error> {
        self.inner.show_cursor()
    }

    fn get_cursor_position(&mut self) -> Result<Position, B::Error> {
        self.inner.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> Result<(), B::Error> {
        self.inner.set_cursor_position(position)
    }

    fn clear(&mut self) -> Result<(), B::Error> {
        self.inner.clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> Result<(), B::Error> {
        self.inner.clear_region(clear_type)
    }

    fn size(&self) -> Result<Size, B::Error> {
        self.inner.size()
    }

    fn window_size(&mut self) -> Result<WindowSize, B::Error> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> Result<(), B::Error> {
        self.inner.flush()
    }
}

/// The cell with a sign for what must not be shown, as wide as that was.
fn sign_for(cell: &Cell) -> Cell {
    let mut mended = cell.clone();
    mended.set_symbol(&"\u{fffd}".repeat(width(cell.symbol()).clamp(1, 2)));
    mended
}

#[cfg(test)]
mod tests {
    use ratatui::backend::TestBackend;

    use super::*;

    #[test]
    fn what_is_no_text_is_replaced_and_counted() {
        let flood = format!("e{}", "\u{301}".repeat(40));
        let chain = format!("👩{}", "\u{200d}👩".repeat(40));
        let bad = [
            "\u{1b}",
            "\u{9b}",
            "\u{7f}",
            "\t",
            "\n",
            "a\n",
            "\u{202e}",
            "a\u{200f}",
            "\u{200b}",
            "a\u{200d}",
            "\u{ad}",
            "\u{feff}",
            "\u{e0041}",
            "a\u{fe0f}",
            "\u{2066}",
            "\u{301}",
            "\u{1b}]0;title\u{7}",
            "",
            &flood,
            &chain,
        ];
        for symbol in bad {
            let mut wall = Wall::new(TestBackend::new(4, 1));
            let cell = |symbol: &str| {
                let mut cell = Cell::default();
                cell.set_symbol(symbol);
                cell
            };
            let (bad, good) = (cell(symbol), cell("x"));
            let cells = [(0, 0, &bad), (2, 0, &good)];
            wall.draw(cells.into_iter()).expect("a buffer takes all");
            assert_eq!(wall.replaced(), 1, "{symbol:?}");
            let shown = wall.inner().buffer();
            assert!(shown[(0, 0)].symbol().starts_with('\u{fffd}'), "{symbol:?}");
            assert_eq!(shown[(2, 0)].symbol(), "x");
        }
    }

    #[test]
    fn what_is_text_passes_as_it_is() {
        let good = [
            " ",
            "x",
            "é",
            "e\u{301}",
            "日",
            "👨‍👩‍👧",
            "❤️",
            "👍🏽",
            "🏳️‍🌈",
            "🇩🇪",
            "▌",
            "│",
            "…",
            "\u{a0}",
            "ی\u{200c}",
            "क्ष",
            "ก็",
            "각",
            "\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
        ];
        let mut wall = Wall::new(TestBackend::new(4, 1));
        for symbol in good {
            let mut cell = Cell::default();
            cell.set_symbol(symbol);
            wall.draw([(0, 0, &cell)].into_iter())
                .expect("a buffer takes all");
            assert_eq!(wall.inner().buffer()[(0, 0)].symbol(), symbol);
        }
        assert_eq!(wall.replaced(), 0);
    }
}
