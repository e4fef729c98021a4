//! The brush: text, rules and boxes in a buffer, measured by the one ruler.

use std::borrow::Cow;
use std::fmt::Write;
use std::ops::Range;
use std::sync::Arc;

use ratatui::buffer::{Buffer, CellDiffOption};
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::widgets::Widget;

use crate::app::is_of_the_web;
use crate::text::width;
use crate::theme::Theme;

/// The signs of the screen, in Unicode or in ASCII.
#[derive(Clone, Copy, Debug)]
pub struct Signs {
    pub bar: &'static str,
    /// What is done of something, and what is left.
    pub progress: [&'static str; 2],
    pub dot: &'static str,
    pub times: &'static str,
    pub horizontal: &'static str,
    pub vertical: &'static str,
    pub tee: &'static str,
    pub corners: [&'static str; 4],
    pub ellipsis: &'static str,
    /// Where text is cut off.
    pub cut: &'static str,
    pub selected: &'static str,
    pub kept: &'static str,
    pub dropped: &'static str,
    pub skipped: &'static str,
    pub superseded: &'static str,
    pub minus: &'static str,
    pub moved: &'static str,
    pub alike: &'static str,
    pub bullet: &'static str,
    pub paragraph: &'static str,
    pub folded: &'static str,
    pub unfolded: &'static str,
}

const UNICODE: Signs = Signs {
    bar: "▌",
    progress: ["█", "░"],
    dot: "·",
    times: "×",
    horizontal: "─",
    vertical: "│",
    tee: "┬",
    corners: ["╭", "╮", "╰", "╯"],
    ellipsis: "⋯",
    cut: "…",
    selected: "●",
    kept: "✓",
    dropped: "✗",
    skipped: "–",
    superseded: "⊘",
    minus: "–",
    moved: "↕",
    alike: "≈",
    bullet: "•",
    paragraph: "¶",
    folded: "▸",
    unfolded: "▾",
};

const ASCII: Signs = Signs {
    bar: ">",
    progress: ["#", "."],
    dot: "-",
    times: "x",
    horizontal: "-",
    vertical: "|",
    tee: "+",
    corners: ["+", "+", "+", "+"],
    ellipsis: "...",
    cut: "..",
    selected: "*",
    kept: "k",
    dropped: "x",
    skipped: "s",
    superseded: "o",
    minus: "-",
    moved: "^",
    alike: "~",
    bullet: "*",
    paragraph: "#",
    folded: ">",
    unfolded: "v",
};

/// A buffer with what is needed to paint in it.
pub struct Canvas<'a> {
    buffer: &'a mut Buffer,
    /// The styles of the roles.
    pub theme: &'a Theme,
    /// The signs.
    pub signs: Signs,
    /// Only ASCII for lines and signs.
    pub ascii: bool,
    /// Cells that lead somewhere.
    pub links: Vec<Link>,
}

/// Cells of one line that lead to an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The cells.
    pub area: Rect,
    /// The address: one of the web, and printable ASCII only.
    pub address: Arc<str>,
    /// What is the same for all lines of one link.
    pub id: u64,
}

/// An address as terminals want it: of the web, short, other characters as `%C3%A9`.
pub fn address(address: &str) -> Option<Arc<str>> {
    if !is_of_the_web(address) {
        return None;
    }
    let mut ascii = String::with_capacity(address.len());
    for byte in address.bytes() {
        match byte {
            b'!'..=b'~' => ascii.push(char::from(byte)),
            // Writing into a string cannot fail.
            _ => drop(write!(ascii, "%{byte:02X}")),
        }
    }
    (ascii.len() <= LONGEST).then(|| ascii.into())
}

/// Terminals take no longer addresses.
const LONGEST: usize = 2083;

/// Marks cells for the terminal: they are written again when where they lead has changed, whatever they show.
pub const LINKED: CellDiffOption = CellDiffOption::AlwaysUpdate;

impl<'a> Canvas<'a> {
    /// Paints in a buffer.
    pub fn new(buffer: &'a mut Buffer, theme: &'a Theme, ascii: bool) -> Self {
        Self {
            buffer,
            theme,
            signs: if ascii { ASCII } else { UNICODE },
            ascii,
            links: Vec::new(),
        }
    }

    /// Marks the cells that lead somewhere, and gives them.
    pub fn finish(self) -> Vec<Link> {
        for link in &self.links {
            for position in link.area.intersection(self.buffer.area).positions() {
                self.buffer[position].set_diff_option(LINKED);
            }
        }
        self.links
    }

    /// The whole of the buffer.
    pub fn area(&self) -> Rect {
        self.buffer.area
    }

    /// A text that takes at most so many cells, with a sign where it is cut off.
    pub fn cut<'t>(&self, text: &'t str, cells: u16) -> Cow<'t, str> {
        width::truncate_with(text, usize::from(cells), self.signs.cut)
    }

    /// Writes text from `x` on, at most `cells` wide, cut with `…`; gives the column behind it.
    pub fn text(&mut self, x: u16, y: u16, cells: u16, text: &str, style: Style) -> u16 {
        let cut = self.cut(text, cells);
        self.buffer
            .set_stringn(x, y, &cut, usize::from(cells), style)
            .0
    }

    /// Words of our own with the signs that may be drawn: in ASCII a dot is a stop.
    pub fn in_ascii<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.ascii && text.contains('·') {
            true => Cow::Owned(text.replace('·', ".")),
            false => Cow::Borrowed(text),
        }
    }

    /// Where only ASCII may be drawn, takes it for the signs in our own words. Text of articles is left as it is.
    pub fn to_ascii(&mut self, area: Rect) {
        if !self.ascii {
            return;
        }
        for position in area.intersection(self.buffer.area).positions() {
            let cell = &mut self.buffer[position];
            let sign = match cell.symbol() {
                "·" | "–" | "—" => "-",
                "…" => ".",
                "“" | "”" => "\"",
                "¶" => "#",
                "×" => "x",
                "≈" => "~",
                "↕" => "^",
                "→" => ">",
                _ => continue,
            };
            cell.set_symbol(sign);
        }
    }

    /// Draws a widget of the terminal library.
    pub fn widget(&mut self, widget: impl Widget, area: Rect) {
        widget.render(area.intersection(self.buffer.area), self.buffer);
    }

    /// Copies lines of a page that is longer than the screen, from line `top` on.
    pub fn paste(&mut self, page: &Buffer, top: u16, area: Rect) {
        for (row, y) in area.rows().zip(top..page.area.height) {
            for (position, x) in row.positions().zip(0..page.area.width) {
                self.buffer[position] = page[Position::new(x, y)].clone();
            }
        }
    }

    /// Draws a piece of the line between two columns.
    pub fn vertical(&mut self, x: u16, y: u16) {
        self.buffer
            .set_string(x, y, self.signs.vertical, self.theme.border);
    }

    /// Writes text over a rule, whose colour it does not take.
    pub fn label(&mut self, x: u16, y: u16, cells: u16, text: &str, style: Style) -> u16 {
        self.text(x, y, cells, text, Style::reset().patch(style))
    }

    /// Writes text that ends before `right`; gives the column that it begins at.
    pub fn text_right(&mut self, left: u16, right: u16, y: u16, text: &str, style: Style) -> u16 {
        let room = right.saturating_sub(left);
        let cells = u16::try_from(width::width(text)).unwrap_or(room).min(room);
        self.text(right - cells, y, cells, text, style);
        right - cells
    }

    /// Writes the bytes `line` of a text with the styles of the runs that overlap them; later runs win. Gives the column
    /// behind it.
    pub fn runs(
        &mut self,
        at: (u16, u16),
        cells: u16,
        text: &str,
        line: Range<usize>,
        base: Style,
        runs: &[(Range<usize>, Style)],
    ) -> u16 {
        let overlaps = |range: &Range<usize>| range.start < line.end && range.end > line.start;
        let runs: Vec<_> = runs.iter().filter(|(range, _)| overlaps(range)).collect();
        let mut cuts: Vec<usize> = vec![line.start, line.end];
        for (range, _) in &runs {
            cuts.push(range.start.clamp(line.start, line.end));
            cuts.push(range.end.clamp(line.start, line.end));
        }
        cuts.sort_unstable();
        cuts.dedup();
        let (mut x, y) = at;
        let right = x + cells;
        for piece in cuts.windows(2) {
            let style = runs
                .iter()
                .filter(|(range, _)| range.start <= piece[0] && range.end >= piece[1])
                .fold(base, |style, (_, run)| style.patch(*run));
            let Some(part) = text.get(piece[0]..piece[1]) else {
                continue;
            };
            x = self
                .buffer
                .set_stringn(x, y, part, usize::from(right.saturating_sub(x)), style)
                .0;
        }
        x
    }

    /// Patches the style of every cell of an area.
    pub fn style(&mut self, area: Rect, style: Style) {
        self.buffer.set_style(area, style);
    }

    /// Gives all that is reversed in an area one ground: each colour in it would be one of its own.
    pub fn even(&mut self, area: Rect) {
        for position in area.intersection(self.buffer.area).positions() {
            let cell = &mut self.buffer[position];
            if cell.modifier.contains(Modifier::REVERSED) {
                cell.modifier.remove(Modifier::DIM);
                (cell.fg, cell.bg) = (Color::Reset, Color::Reset);
            }
        }
    }

    /// Fills an area with blanks. A wide character that reaches into it from the left goes as a whole.
    pub fn clear(&mut self, area: Rect) {
        let area = area.intersection(self.buffer.area);
        for y in area.top()..area.bottom() {
            let Some(left) = area.x.checked_sub(1) else {
                break;
            };
            let cell = &mut self.buffer[Position::new(left, y)];
            if width::width(cell.symbol()) > 1 {
                cell.set_symbol(" ");
            }
        }
        for position in area.positions() {
            self.buffer[position].reset();
        }
    }

    /// Draws a horizontal line over a row.
    pub fn rule(&mut self, row: Rect) {
        let line = self.signs.horizontal.repeat(usize::from(row.width));
        self.buffer
            .set_string(row.x, row.y, line, self.theme.border);
    }

    /// Draws the line between two panes, joined to the rule above it.
    pub fn divider(&mut self, x: u16, y: u16, height: u16) {
        for y in y..y + height {
            self.buffer
                .set_string(x, y, self.signs.vertical, self.theme.border);
        }
        if y > 0 {
            self.buffer
                .set_string(x, y - 1, self.signs.tee, self.theme.border);
        }
    }

    /// Draws a box with a title over what stands there; gives its inside.
    pub fn boxed(&mut self, area: Rect, title: &str) -> Rect {
        let area = area.intersection(self.buffer.area);
        self.clear(area);
        if area.width < 4 || area.height < 3 {
            return Rect::default();
        }
        let (right, bottom) = (area.right() - 1, area.bottom() - 1);
        let line = self.signs.horizontal.repeat(usize::from(area.width - 2));
        let border = self.theme.border;
        for y in [area.y, bottom] {
            self.buffer.set_string(area.x + 1, y, &line, border);
        }
        for y in area.y + 1..bottom {
            self.buffer
                .set_string(area.x, y, self.signs.vertical, border);
            self.buffer
                .set_string(right, y, self.signs.vertical, border);
        }
        let corners = [
            (area.x, area.y),
            (right, area.y),
            (area.x, bottom),
            (right, bottom),
        ];
        for (sign, (x, y)) in self.signs.corners.into_iter().zip(corners) {
            self.buffer.set_string(x, y, sign, border);
        }
        let title = format!(" {title} ");
        self.label(area.x + 2, area.y, area.width - 4, &title, self.theme.title);
        Rect {
            x: area.x + 2,
            y: area.y + 1,
            width: area.width - 4,
            height: area.height - 2,
        }
    }
}

/// A number with blanks of thousands as English news writes it: `12,408`.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number in about three cells: `980`, `1k`, `38k`, `4M`.
pub fn shorter(number: u64) -> String {
    match number {
        0..1_000 => number.to_string(),
        1_000..1_000_000 => format!("{}k", number / 1_000),
        1_000_000..1_000_000_000 => format!("{}M", number / 1_000_000),
        _ => format!("{}G", number / 1_000_000_000),
    }
}

/// A number in at most four cells: `980`, `1.2k`, `38k`, `4.1M`.
pub fn short(number: u64) -> String {
    let tenths = |unit: u64, sign: char| {
        let (whole, tenth) = (number / unit, number % unit * 10 / unit);
        match (whole, tenth) {
            (10.., _) | (_, 0) => format!("{whole}{sign}"),
            (_, tenth) => format!("{whole}.{tenth}{sign}"),
        }
    };
    match number {
        0..1_000 => number.to_string(),
        1_000..1_000_000 => tenths(1_000, 'k'),
        1_000_000..1_000_000_000 => tenths(1_000_000, 'M'),
        _ => tenths(1_000_000_000, 'G'),
    }
}

/// "1 article", "2 articles".
pub fn counted(number: u64, one: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {one}{plural}", thousands(number))
}
