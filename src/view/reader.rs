//! The reading pane.

use std::ops::Range;

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::reader::{CELLS, Paragraph, Role, indent, numbered};
use crate::app::state::{Phase, State};
use crate::model::BlockKind;
use crate::text::inline::Inline;
use crate::text::width;

use super::paint::Canvas;

/// Draws the lines of the article.
pub fn draw(canvas: &mut Canvas<'_>, state: &State, area: Rect) {
    let reader = &state.reader;
    if reader.entry.is_none() {
        if state.phase == Phase::Open && !state.list.rows.is_empty() {
            canvas.text(area.x, area.y, area.width, "…", canvas.theme.muted);
        }
        return;
    }
    let lines = reader
        .lines
        .iter()
        .enumerate()
        .skip(reader.top)
        .take(usize::from(area.height));
    for (y, (at, line)) in (area.y..).zip(lines) {
        let paragraph = &reader.paragraphs[line.paragraph];
        let first =
            line.range.start == 0 && (at == 0 || reader.lines[at - 1].paragraph != line.paragraph);
        margin(
            canvas,
            paragraph,
            first && !line.range.is_empty(),
            area.x,
            y,
            line.range.is_empty(),
        );
        let left = u16::try_from(indent(paragraph)).unwrap_or(0);
        let mut runs: Vec<_> = paragraph
            .inline
            .iter()
            .map(|(range, kind)| (range.clone(), style_of_run(canvas, kind)))
            .collect();
        runs.extend(reader.found.iter().flat_map(|found| {
            let theme = canvas.theme;
            let hits = found.hits_in(line.paragraph);
            hits.map(move |(at, range)| match at == found.current {
                true => (range, theme.current_match),
                false => (range, theme.matched),
            })
        }));
        let style = style_of(canvas, paragraph);
        if let Some(columns) = paragraph
            .columns
            .as_ref()
            .filter(|_| !line.range.is_empty())
        {
            table_row(canvas, paragraph, columns, (area.x, y), style, &runs);
            continue;
        }
        let hangs = !first && matches!(paragraph.role, Role::Block(BlockKind::Item));
        let numbered = numbered(&paragraph.text).is_some();
        // The number of an item stands in its own margin.
        let x = if numbered && !hangs && paragraph.role == Role::Block(BlockKind::Item) {
            area.x
        } else {
            area.x + left
        };
        canvas.runs(
            (x, y),
            area.right().saturating_sub(x),
            &paragraph.text,
            line.range.clone(),
            style,
            &runs,
        );
    }
}

/// A row of a table: each cell in its column.
fn table_row(
    canvas: &mut Canvas<'_>,
    paragraph: &Paragraph,
    columns: &[usize],
    (x, y): (u16, u16),
    style: Style,
    runs: &[(Range<usize>, Style)],
) {
    let (mut x, mut start) = (x, 0);
    for (at, (cell, wide)) in paragraph.text.split(CELLS).zip(columns).enumerate() {
        if at > 0 {
            x = canvas.text(x + 1, y, 1, canvas.signs.vertical, canvas.theme.border) + 1;
        }
        let cells = u16::try_from(*wide).unwrap_or(u16::MAX);
        let room = u16::try_from(width::width(cell))
            .unwrap_or(cells)
            .min(cells);
        // Numbers stand at the right of their column.
        let is_number = cell
            .trim_start_matches(['-', '+', '−', '$', '€', '£'])
            .starts_with(|c: char| c.is_ascii_digit());
        let from = if is_number { x + cells - room } else { x };
        canvas.runs(
            (from, y),
            room,
            &paragraph.text,
            start..start + cell.len(),
            style,
            runs,
        );
        x += cells;
        start += cell.len() + CELLS.len();
    }
}

fn style_of_run(canvas: &Canvas<'_>, kind: &Inline) -> Style {
    match kind {
        Inline::Link(_) => canvas.theme.link,
        Inline::Strong => canvas.theme.strong,
        Inline::Emphasis => canvas.theme.emphasis,
        Inline::Code => canvas.theme.code,
    }
}

fn style_of(canvas: &Canvas<'_>, paragraph: &Paragraph) -> Style {
    let theme = canvas.theme;
    match paragraph.role {
        _ if paragraph.dimmed => theme.muted,
        Role::Title => theme.title,
        Role::Byline | Role::Source | Role::Note => theme.muted,
        Role::Remark => theme.accent,
        Role::Block(BlockKind::Heading(_)) => theme.title,
        Role::Block(BlockKind::Quote | BlockKind::Caption) => theme.emphasis,
        Role::Block(BlockKind::Code) => theme.code,
        Role::Block(_) | Role::Raw => theme.body,
    }
}

/// The sign in front of a quote or an item.
fn margin(
    canvas: &mut Canvas<'_>,
    paragraph: &Paragraph,
    first: bool,
    x: u16,
    y: u16,
    blank: bool,
) {
    let muted = canvas.theme.muted;
    match paragraph.role {
        Role::Block(BlockKind::Quote) if !blank => {
            canvas.text(x, y, 1, canvas.signs.vertical, muted)
        }
        Role::Remark if !blank => canvas.text(x, y, 1, canvas.signs.bar, canvas.theme.accent),
        Role::Note if first => canvas.text(x, y, 1, canvas.signs.ellipsis, muted),
        Role::Block(BlockKind::Code) if !blank => {
            canvas.text(x, y, 1, canvas.signs.vertical, canvas.theme.border)
        }
        Role::Block(BlockKind::Item) if first && numbered(&paragraph.text).is_none() => {
            canvas.text(x, y, 1, canvas.signs.bullet, muted)
        }
        _ => x,
    };
}
