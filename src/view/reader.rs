//! The reading pane.

use std::ops::Range;

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::reader::{CELLS, Line, Paragraph, Role, indent, numbered};
use crate::app::state::{Phase, State};
use crate::model::BlockKind;
use crate::text::inline::Inline;
use crate::text::width;

use super::paint::{self, Canvas, Link};

/// Draws the lines of the article.
pub fn draw(canvas: &mut Canvas<'_>, state: &State, area: Rect) {
    let reader = &state.reader;
    if reader.entry.is_none() {
        if state.phase == Phase::Open && !state.list.rows.is_empty() {
            canvas.text(area.x, area.y, area.width, "…", canvas.theme.muted);
        }
        return;
    }
    let mut y = area.y;
    // What is marked is looked for once a paragraph: a very long one may have a hundred thousand links.
    for lines in reader.lines.chunk_by(|a, b| a.paragraph == b.paragraph) {
        if let (Some(first), Some(last)) = (lines.first(), lines.last()) {
            let shown = first.range.start..last.range.end;
            paragraph_lines(canvas, state, (area, y), lines, shown);
        }
        y += u16::try_from(lines.len()).unwrap_or(area.height);
    }
}

/// Draws lines of one paragraph, from line `y` on; `shown` are the bytes that stand in them.
fn paragraph_lines(
    canvas: &mut Canvas<'_>,
    state: &State,
    (area, y): (Rect, u16),
    lines: &[Line],
    shown: Range<usize>,
) {
    let reader = &state.reader;
    let Some(paragraph) = lines
        .first()
        .and_then(|line| reader.paragraphs.get(line.paragraph))
    else {
        return;
    };
    let inline = paragraph.inline.iter();
    let mut runs: Vec<_> = inline
        .filter(|(range, _)| range.start < shown.end && range.end > shown.start)
        .map(|(range, kind)| (range.clone(), style_of_run(canvas, paragraph.role, kind)))
        .collect();
    let marked = runs.len();
    runs.extend(reader.found.iter().flat_map(|found| {
        let theme = canvas.theme;
        let hits = found.hits_in(lines[0].paragraph, shown.clone());
        hits.map(move |(at, range)| match at == found.current {
            true => (range, theme.current_match),
            false => (range, theme.matched),
        })
    }));
    let focus = state.zoomed && state.settings.focus_dims;
    let is_in_focus = lines[0].paragraph == reader.in_focus();
    let dims = focus && !is_in_focus;
    let style = match dims {
        true => canvas.theme.muted,
        false => style_of(canvas, paragraph),
    };
    if dims {
        // Links and stress step back too; what was looked for does not.
        runs.drain(..marked);
    }
    let left = u16::try_from(indent(paragraph)).unwrap_or(0);
    let is_item = paragraph.role == Role::Block(BlockKind::Item);
    for (line, y) in lines.iter().zip(y..area.bottom()) {
        let (first, blank) = (line.range.start == 0, line.range.is_empty());
        margin(canvas, paragraph, first && !blank, area.x, y, blank);
        if focus && is_in_focus && !blank {
            // Not every theme has a dimmer colour.
            let beside = area.x.saturating_sub(2);
            canvas.text(beside, y, 1, canvas.signs.bar, canvas.theme.accent);
        }
        if let Some(columns) = paragraph
            .columns
            .as_ref()
            .filter(|_| !blank && reader.is_row(paragraph))
        {
            table_row(canvas, paragraph, columns, (area.x, y), style, &runs);
            continue;
        }
        // The number of an item stands in its own margin.
        let x = match is_item && first && numbered(&paragraph.text).is_some() {
            true => area.x,
            false => area.x + left,
        };
        let room = area.right().saturating_sub(x);
        let end = canvas.runs(
            (x, y),
            room,
            &paragraph.text,
            line.range.clone(),
            style,
            &runs,
        );
        if matches!(paragraph.role, Role::Byline | Role::Note) {
            canvas.to_ascii(Rect::new(x, y, end.saturating_sub(x), 1));
        }
        if state.settings.hyperlinks {
            let area = Rect::new(x, y, end.saturating_sub(x), 1);
            links(canvas, paragraph, line, area);
        }
    }
}

/// Says where the links in a line lead that stands in an area.
fn links(canvas: &mut Canvas<'_>, paragraph: &Paragraph, line: &Line, area: Rect) {
    for (range, kind) in &paragraph.inline {
        let Inline::Link(address) = kind else {
            continue;
        };
        let (from, to) = (
            range.start.max(line.range.start),
            range.end.min(line.range.end),
        );
        let Some(address) = (from < to).then(|| paint::address(address)).flatten() else {
            continue;
        };
        let cells = |bytes: Range<usize>| {
            let text = paragraph.text.get(bytes).unwrap_or_default();
            u16::try_from(width::width(text)).unwrap_or(u16::MAX)
        };
        let before = cells(line.range.start..from).min(area.width);
        canvas.links.push(Link {
            area: Rect {
                x: area.x + before,
                width: cells(from..to).min(area.width - before),
                ..area
            },
            address,
            id: (line.paragraph as u64) << 32 | range.start as u64,
        });
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

fn style_of_run(canvas: &Canvas<'_>, role: Role, kind: &Inline) -> Style {
    match kind {
        // That the source is an address needs no saying.
        _ if role == Role::Source => Style::new(),
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
