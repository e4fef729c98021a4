//! The pictures of the documents are painted from real screens and checked against them.
//!
//! `RECTO_PICTURES=write cargo test pictures` paints them anew.

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use ratatui::style::{Color, Modifier, Style};
use recto::text::width::width;

use crate::stage::{Stage, sample};

/// Size of a cell in the picture.
const CELL: (usize, usize) = (9, 19);
const PAPER: &str = "#16191d";
const INK: &str = "#d0d7de";

#[test]
fn pictures_show_what_the_program_shows() {
    for (name, keys) in [
        ("library", "f text:versions:>0 Enter"),
        ("reader", "f text:title:bridge Enter Enter"),
        ("compare", "f text:title:bridge Enter d ]"),
        ("versions", "f text:title:bridge Enter M Tab ]"),
        ("statistics", "g t"),
    ] {
        let home = tempfile::tempdir().expect("a folder");
        let mut stage = Stage::open(&sample(), home.path(), 110, 30);
        stage.press(keys);
        let picture = svg(stage.buffer());
        let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("docs/img/{name}.svg"));
        if std::env::var_os("RECTO_PICTURES").is_some() {
            fs::write(&file, &picture).expect("the picture is written");
        }
        let kept = fs::read_to_string(&file).unwrap_or_default();
        assert!(
            kept == picture,
            "{} is out of date: RECTO_PICTURES=write cargo test pictures",
            file.display()
        );
    }
}

/// A screen as a picture: a rectangle for each coloured background, a text for each run of one style.
fn svg(buffer: &Buffer) -> String {
    let (columns, rows) = (
        usize::from(buffer.area.width),
        usize::from(buffer.area.height),
    );
    let (wide, high) = (columns * CELL.0 + 16, rows * CELL.1 + 16);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {wide} {high}\" width=\"{wide}\" height=\"{high}\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{PAPER}\"/>\n\
         <g font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\" font-size=\"15\">\n"
    );
    for y in 0..buffer.area.height {
        let mut x = 0;
        while x < buffer.area.width {
            let style = buffer[Position::new(x, y)].style();
            let start = x;
            let mut text = String::new();
            while x < buffer.area.width && buffer[Position::new(x, y)].style() == style {
                let symbol = buffer[Position::new(x, y)].symbol();
                text.push_str(symbol);
                x += u16::try_from(width(symbol).max(1)).expect("a cell");
            }
            run(
                &mut svg,
                (usize::from(start), usize::from(y)),
                usize::from(x - start),
                &text,
                style,
            );
        }
    }
    svg + "</g>\n</svg>\n"
}

fn run(svg: &mut String, (x, y): (usize, usize), cells: usize, text: &str, style: Style) {
    let (left, top) = (8 + x * CELL.0, 8 + y * CELL.1);
    let long = cells * CELL.0;
    if let Some(colour) = style.bg.and_then(colour) {
        writeln!(
            svg,
            "<rect x=\"{left}\" y=\"{top}\" width=\"{long}\" height=\"{}\" fill=\"{colour}\"/>",
            CELL.1
        )
        .expect("a string takes all");
    }
    let ink = style.fg.and_then(colour).unwrap_or_else(|| INK.to_owned());
    let has = |modifier| style.add_modifier.contains(modifier);
    let mut more = String::new();
    for (modifier, attribute) in [
        (Modifier::BOLD, " font-weight=\"bold\""),
        (Modifier::ITALIC, " font-style=\"italic\""),
        (Modifier::UNDERLINED, " text-decoration=\"underline\""),
    ] {
        if has(modifier) {
            more.push_str(attribute);
        }
    }
    // Browsers drop blanks in front of a text and take several for one, whatever the picture says of them.
    let (mut rest, mut left) = (text, left);
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
        let long = width(piece) * CELL.0;
        writeln!(
            svg,
            "<text x=\"{left}\" y=\"{}\" textLength=\"{long}\" lengthAdjust=\"spacingAndGlyphs\" fill=\"{ink}\"{more}>{escaped}</text>",
            top + 14
        )
        .expect("a string takes all");
        left += long;
        rest = behind;
    }
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
