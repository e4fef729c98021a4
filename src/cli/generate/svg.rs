//! A screen as a picture: what stands in its cells as text, lines and bars as shapes. Fonts would leave gaps between
//! those, since a picture has room between its lines and a terminal has none.

use std::fmt::Write;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Position;
use ratatui::style::{Color, Modifier};

use crate::text::width;

/// Width and height of a cell.
const CELL: (usize, usize) = (9, 19);
/// What is left free around the screen.
const MARGIN: usize = 8;
const PAPER: &str = "#16191d";
const INK: &str = "#d0d7de";

/// Paints a screen.
pub(super) fn picture(buffer: &Buffer) -> String {
    let [wide, high] = [
        usize::from(buffer.area.width) * CELL.0 + 2 * MARGIN,
        usize::from(buffer.area.height) * CELL.1 + 2 * MARGIN,
    ];
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {wide} {high}\" width=\"{wide}\" height=\"{high}\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{PAPER}\"/>\n\
         <g font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\" font-size=\"15\">\n"
    );
    for row in buffer.area.rows() {
        let mut x = row.x;
        while x < row.right() {
            let at = Position::new(x, row.y);
            let run = Run::of(&buffer[at]);
            let mut text = String::new();
            while x < row.right() && Run::of(&buffer[Position::new(x, row.y)]) == run {
                let symbol = buffer[Position::new(x, row.y)].symbol();
                text.push_str(symbol);
                x += u16::try_from(width::width(symbol).max(1)).unwrap_or(1);
            }
            run.paint(&mut svg, at, usize::from(x - at.x), &text);
        }
    }
    svg + "</g>\n</svg>\n"
}

/// What neighbouring cells have in common that are painted together.
#[derive(PartialEq)]
struct Run {
    ink: String,
    ground: Option<String>,
    attributes: String,
    /// The character, where it is a shape.
    shape: Option<char>,
}

impl Run {
    fn of(cell: &Cell) -> Self {
        let has = |modifier| cell.modifier.contains(modifier);
        let (mut ink, mut ground) = (colour(cell.fg), colour(cell.bg));
        if has(Modifier::REVERSED) {
            (ink, ground) = (
                Some(ground.unwrap_or_else(|| PAPER.to_owned())),
                Some(ink.unwrap_or_else(|| INK.to_owned())),
            );
        }
        let mut attributes = String::new();
        for (modifier, attribute) in [
            (Modifier::BOLD, " font-weight=\"bold\""),
            (Modifier::DIM, " fill-opacity=\"0.6\""),
            (Modifier::ITALIC, " font-style=\"italic\""),
            (Modifier::UNDERLINED, " text-decoration=\"underline\""),
            (Modifier::CROSSED_OUT, " text-decoration=\"line-through\""),
        ] {
            if has(modifier) {
                attributes.push_str(attribute);
            }
        }
        let mut symbol = cell.symbol().chars();
        let shape = symbol.next().filter(|sign| {
            let alone = symbol.next().is_none();
            alone && (arms(*sign).is_some() || block(*sign).is_some())
        });
        Self {
            ink: ink.unwrap_or_else(|| INK.to_owned()),
            ground,
            attributes,
            shape,
        }
    }

    /// Paints `cells` cells from one on.
    fn paint(&self, svg: &mut String, at: Position, cells: usize, text: &str) {
        let left = MARGIN + usize::from(at.x) * CELL.0;
        let top = MARGIN + usize::from(at.y) * CELL.1;
        if let Some(ground) = &self.ground {
            rectangle(svg, [left, top, cells * CELL.0, CELL.1], ground, 100);
        }
        match self.shape {
            Some(sign) => self.shape(svg, (left, top), cells, sign),
            None => self.text(svg, (left, top), text),
        }
    }

    fn shape(&self, svg: &mut String, (left, top): (usize, usize), cells: usize, sign: char) {
        if let Some((eighths, is_wide, strength)) = block(sign) {
            // Side by side they are one; a part of a width stands alone in each cell.
            let each = if is_wide { cells } else { 1 };
            for at in 0..cells / each {
                let left = left + at * CELL.0;
                let (across, down) = match is_wide {
                    true => (cells * CELL.0, CELL.1 * eighths / 8),
                    false => (CELL.0 * eighths / 8, CELL.1),
                };
                let top = top + CELL.1 - down;
                rectangle(svg, [left, top, across, down], &self.ink, strength);
            }
        }
        let Some([to_left, to_right, up, down]) = arms(sign) else {
            return;
        };
        let (right, bottom) = (left + cells * CELL.0, top + CELL.1);
        let (half, middle) = (CELL.0 / 2, top + CELL.1 / 2);
        let mut path = String::new();
        let mut line = |from: (usize, usize), to: (usize, usize)| {
            push(
                &mut path,
                format_args!("M{}.5 {}.5L{}.5 {}.5", from.0, from.1, to.0, to.1),
            );
        };
        match (to_left, to_right) {
            (true, true) => line((left, middle), (right - 1, middle)),
            (true, false) => line((left, middle), (left + half, middle)),
            (false, true) => line((left + half, middle), (right - 1, middle)),
            (false, false) => {}
        }
        for at in 0..cells {
            let x = left + at * CELL.0 + half;
            let from = if up { top } else { middle };
            let to = if down { bottom - 1 } else { middle };
            if up || down {
                line((x, from), (x, to));
            }
        }
        let (ink, dim) = (&self.ink, self.attributes.contains("opacity"));
        let dim = if dim { " stroke-opacity=\"0.6\"" } else { "" };
        push(
            svg,
            format_args!("<path d=\"{path}\" stroke=\"{ink}\" stroke-linecap=\"square\"{dim}/>\n"),
        );
    }

    /// Browsers drop blanks in front of a text and take several for one, whatever the picture says of them: each piece
    /// between two or more goes where it stands.
    fn text(&self, svg: &mut String, (mut left, top): (usize, usize), mut rest: &str) {
        loop {
            let begun = rest.trim_start_matches(' ');
            left += (rest.len() - begun.len()) * CELL.0;
            if begun.is_empty() {
                return;
            }
            let end = begun
                .find("  ")
                .unwrap_or(begun.trim_end_matches(' ').len());
            let (piece, behind) = begun.split_at(end);
            let escaped = piece
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;");
            let long = width::width(piece) * CELL.0;
            let Self {
                ink, attributes, ..
            } = self;
            push(
                svg,
                format_args!(
                    "<text x=\"{left}\" y=\"{}\" textLength=\"{long}\" lengthAdjust=\"spacingAndGlyphs\" fill=\"{ink}\"{attributes}>{escaped}</text>\n",
                    top + 14
                ),
            );
            left += long;
            rest = behind;
        }
    }
}

/// Left, top, width and height, and how strong the colour is, in percent.
fn rectangle(svg: &mut String, [x, y, width, height]: [usize; 4], colour: &str, strength: usize) {
    let faint = match strength {
        100 => String::new(),
        strength => format!(" fill-opacity=\"0.{strength}\""),
    };
    push(
        svg,
        format_args!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{colour}\"{faint}/>\n"
        ),
    );
}

/// Writing into a string cannot fail.
fn push(svg: &mut String, what: std::fmt::Arguments<'_>) {
    let _ = svg.write_fmt(what);
}

/// Where the lines of a sign lead to from the middle of its cell: left, right, up, down.
fn arms(sign: char) -> Option<[bool; 4]> {
    let arms = match sign {
        '─' => "lr",
        '│' => "ud",
        '┌' | '╭' => "rd",
        '┐' | '╮' => "ld",
        '└' | '╰' => "ru",
        '┘' | '╯' => "lu",
        '├' => "rud",
        '┤' => "lud",
        '┬' => "lrd",
        '┴' => "lru",
        '┼' => "lrud",
        _ => return None,
    };
    Some(['l', 'r', 'u', 'd'].map(|arm| arms.contains(arm)))
}

/// How many eighths of its cell a sign fills, whether from below (else from the left), and how strong, in percent.
fn block(sign: char) -> Option<(usize, bool, usize)> {
    Some(match sign {
        '█' => (8, true, 100),
        '░' => (8, true, 25),
        '▒' => (8, true, 50),
        '▓' => (8, true, 75),
        '▁'..='▇' => (sign as usize - '▁' as usize + 1, true, 100),
        '▉'..='▏' => ('▏' as usize - sign as usize + 1, false, 100),
        _ => return None,
    })
}

/// The fixed part of the 256 colours, which is all that the themes use.
fn colour(colour: Color) -> Option<String> {
    let Color::Indexed(number) = colour else {
        return None;
    };
    let level = |value: u8| if value == 0 { 0 } else { 55 + 40 * value };
    Some(match number {
        0..16 => return None,
        16..232 => {
            let cube = number - 16;
            format!(
                "#{:02x}{:02x}{:02x}",
                level(cube / 36),
                level(cube / 6 % 6),
                level(cube % 6)
            )
        }
        232.. => {
            let grey = 8 + 10 * (number - 232);
            format!("#{grey:02x}{grey:02x}{grey:02x}")
        }
    })
}
