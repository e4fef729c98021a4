//! Boxes over the screen: help, lines to read, and what may follow the keys typed so far.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::help::{self, HelpLine};
use crate::app::layout;
use crate::app::state::{Overlay, State};
use crate::app::why::{INDENT, WhyBox, WhyLine};

use super::paint::Canvas;

/// Draws the box that is open, if one is.
pub fn draw(canvas: &mut Canvas<'_>, state: &State) {
    match &state.overlay {
        Some(Overlay::Help { of, top }) => draw_help(canvas, state, &help::lines(state, *of), *top),
        Some(Overlay::Lines { title, lines, top }) => draw_lines(canvas, state, title, lines, *top),
        Some(Overlay::Why(open)) => draw_why(canvas, state, open),
        None => {}
    }
    hints(canvas, state);
}

fn draw_help(canvas: &mut Canvas<'_>, state: &State, lines: &[HelpLine], top: usize) {
    let inside = centred(canvas, state, "Keys", (top, lines.len()));
    let column = help::key_column(lines, layout::overlay_measure(state));
    let column = u16::try_from(column).unwrap_or(inside.width / 2);
    let behind = inside.x + column + 2;
    let room = inside.width.saturating_sub(column + 2);
    for (y, line) in (inside.y..inside.bottom()).zip(lines.iter().skip(top)) {
        match line {
            HelpLine::Section(name) => {
                canvas.text(inside.x, y, inside.width, name, canvas.theme.title);
            }
            HelpLine::Command { keys, doc } => {
                canvas.text(inside.x, y, column, keys, canvas.theme.key);
                canvas.text(behind, y, room, doc, canvas.theme.body);
            }
            HelpLine::More(doc) => {
                canvas.text(behind, y, room, doc, canvas.theme.body);
            }
            HelpLine::Blank => {}
        }
    }
}

fn draw_lines(canvas: &mut Canvas<'_>, state: &State, title: &str, lines: &[String], top: usize) {
    let measure = layout::overlay_measure(state);
    let parts: Vec<(usize, &str)> = lines
        .iter()
        .flat_map(|line| {
            let parts = layout::overlay_parts(line, measure).into_iter();
            parts.map(|(indent, part)| (indent, line.get(part).unwrap_or_default()))
        })
        .collect();
    let inside = centred(canvas, state, title, (top, parts.len()));
    for (y, (indent, part)) in (inside.y..inside.bottom()).zip(parts.iter().skip(top)) {
        let indent = u16::try_from(*indent).unwrap_or(0);
        let room = inside.width.saturating_sub(indent);
        canvas.text(inside.x + indent, y, room, part, canvas.theme.body);
    }
    canvas.to_ascii(inside);
}

fn draw_why(canvas: &mut Canvas<'_>, state: &State, open: &WhyBox) {
    let lines = open.lines(layout::overlay_measure(state));
    let inside = centred(canvas, state, "Why", (open.top, lines.len()));
    let indent = u16::try_from(INDENT).unwrap_or(0);
    for (y, line) in (inside.y..inside.bottom()).zip(lines.iter().skip(open.top)) {
        match line {
            WhyLine::Blank => {}
            WhyLine::Title(title) => {
                canvas.text(inside.x, y, inside.width, title, canvas.theme.title);
            }
            WhyLine::Text { tie, text, range } => {
                if *tie == open.chosen && open.pair().is_some() {
                    canvas.text(inside.x, y, 1, canvas.signs.bar, canvas.theme.accent);
                }
                let text = text.get(range.clone()).unwrap_or_default();
                let width = inside.width.saturating_sub(indent);
                canvas.text(inside.x + indent, y, width, text, canvas.theme.body);
            }
        }
    }
}

/// A box in the middle for so many lines; where not all fit, its lower border says which of them are shown.
fn centred(
    canvas: &mut Canvas<'_>,
    state: &State,
    title: &str,
    (top, lines): (usize, usize),
) -> Rect {
    let size = canvas.area();
    let width = u16::try_from(layout::overlay_measure(state)).unwrap_or(size.width) + 4;
    let height = u16::try_from(lines.min(layout::overlay_height(state))).unwrap_or(size.height) + 2;
    let area = Rect {
        x: size.width.saturating_sub(width) / 2,
        y: size.height.saturating_sub(height) / 2,
        width: width.min(size.width),
        height: height.min(size.height),
    };
    let inside = canvas.boxed(area, title);
    let shown = usize::from(inside.height);
    if lines > shown && shown > 0 {
        let (first, last) = (top + 1, (top + shown).min(lines));
        let text = format!(" {first} to {last} of {lines} ");
        let style = Style::reset().patch(canvas.theme.muted);
        canvas.text_right(inside.x, inside.right(), inside.bottom(), &text, style);
    }
    inside
}

/// What may follow the keys typed so far, at the lower right.
fn hints(canvas: &mut Canvas<'_>, state: &State) {
    if state.hints.is_empty() {
        return;
    }
    let size = canvas.area();
    let height = u16::try_from(state.hints.len())
        .unwrap_or(size.height)
        .saturating_add(2)
        .min(size.height - 1);
    let width = size.width.min(56);
    let area = Rect {
        x: size.width - width,
        y: size.height - 1 - height,
        width,
        height,
    };
    let inside = canvas.boxed(area, "next key");
    for (y, hint) in (inside.y..inside.bottom()).zip(&state.hints) {
        let x = canvas.text(inside.x, y, 8, &hint.key, canvas.theme.key);
        canvas.text(
            x + 2,
            y,
            inside.right().saturating_sub(x + 2),
            &hint.label,
            canvas.theme.body,
        );
    }
}
