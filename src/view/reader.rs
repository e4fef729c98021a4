//! The reading pane.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::reader::{Paragraph, Role, indent};
use crate::app::state::{Phase, State};
use crate::model::BlockKind;

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
        let left = u16::try_from(indent(paragraph.role)).unwrap_or(0);
        let runs: Vec<_> = reader
            .found
            .iter()
            .flat_map(|found| {
                let theme = canvas.theme;
                found
                    .hits
                    .iter()
                    .enumerate()
                    .filter(|(_, (of, _))| *of == line.paragraph)
                    .map(move |(at, (_, range))| {
                        (
                            range.clone(),
                            if at == found.current {
                                theme.current_match
                            } else {
                                theme.matched
                            },
                        )
                    })
            })
            .collect();
        let style = style_of(canvas, paragraph);
        canvas.runs(
            (area.x + left, y),
            area.width.saturating_sub(left),
            &paragraph.text,
            line.range.clone(),
            style,
            &runs,
        );
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
        Role::Block(BlockKind::Quote | BlockKind::Caption) => theme.body,
        Role::Block(BlockKind::Code) => theme.body,
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
        Role::Block(BlockKind::Item) if first => canvas.text(x, y, 1, canvas.signs.bullet, muted),
        _ => x,
    };
}
