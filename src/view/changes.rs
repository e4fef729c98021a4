//! The list of what changed between two collections: a sign, how much, what, and where. The signs are those of the matrix
//! of versions.

use ratatui::layout::{Position, Rect};

use crate::app::changes::ChangesScreen;
use crate::app::layout::Layout;
use crate::store::types::changes::{Change, Status};

use super::paint::{Canvas, thousands};

/// From this width on a row says where its article stands.
const PLACE_FROM: u16 = 100;
/// From this width on it says what differs.
const KINDS_FROM: u16 = 60;
/// From this width on it says how much it is.
const EXTENT_FROM: u16 = 36;
/// Cells of the column that says how much it is.
const EXTENT: u16 = 12;

/// Draws what the list is about into the rule.
pub fn header(canvas: &mut Canvas<'_>, changes: &ChangesScreen, layout: &Layout) {
    let rule = layout.rule;
    let said = changes.found.as_ref().map(|found| found.sentence());
    let label = match said {
        Some(said) => format!(" Changes · {said} "),
        None => " Changes ".to_owned(),
    };
    canvas.label(
        1,
        rule.y,
        rule.width.saturating_sub(2),
        &label,
        canvas.theme.title,
    );
    canvas.to_ascii(rule);
}

/// Draws the rows; gives the place of the cursor.
pub fn draw(canvas: &mut Canvas<'_>, changes: &ChangesScreen, area: Rect) -> Position {
    if changes.rows().is_empty() {
        let said = match (&changes.found, changes.progress) {
            (Some(_), _) => "Both hold the same articles.".to_owned(),
            (None, Some((done, of))) => {
                format!(
                    "comparing {} of {} articles",
                    thousands(done),
                    thousands(of)
                )
            }
            (None, None) => "looking for what belongs together".to_owned(),
        };
        canvas.text(
            area.x + 2,
            area.y + 1,
            area.width.saturating_sub(4),
            &said,
            canvas.theme.muted,
        );
        return Position::new(area.x, area.y);
    }
    let rows = changes.rows().iter().enumerate().skip(changes.top);
    for ((at, change), y) in rows.zip(area.y..area.bottom()) {
        let line = Rect {
            y,
            height: 1,
            ..area
        };
        if at == changes.cursor {
            canvas.style(line, canvas.theme.selection);
            canvas.text(line.x, y, 1, canvas.signs.bar, canvas.theme.accent);
        }
        row(canvas, change, line);
        if at == changes.cursor {
            canvas.even(line);
        }
    }
    let y = area.y + u16::try_from(changes.cursor.saturating_sub(changes.top)).unwrap_or(0);
    Position::new(area.x, y.min(area.bottom().saturating_sub(1)))
}

fn row(canvas: &mut Canvas<'_>, change: &Change, line: Rect) {
    let theme = canvas.theme;
    let (sign, style) = match change.status {
        Status::Differs => ("~", theme.accent),
        Status::OnlyLeft => ("-", theme.left),
        Status::OnlyRight => ("+", theme.right),
        Status::Quiet => ("=", theme.muted),
        Status::Same => (">", theme.moved),
    };
    let y = line.y;
    canvas.text(line.x + 2, y, 1, sign, style);
    let from = match line.width >= EXTENT_FROM {
        true => line.x + 4 + EXTENT,
        false => line.x + 2,
    };
    canvas.text_right(line.x + 4, from, y, &change.extent(), theme.body);
    let mut right = line.right().saturating_sub(1);
    let mut column = |canvas: &mut Canvas<'_>, text: &str, cells: u16| {
        let from = right.saturating_sub(cells);
        canvas.text(from, y, cells, text, theme.muted);
        canvas.to_ascii(Rect::new(from, y, cells, 1));
        right = right.saturating_sub(cells + 2);
    };
    if line.width >= KINDS_FROM {
        column(canvas, &change.kinds(), (line.width / 4).min(28));
    }
    if line.width >= PLACE_FROM {
        column(canvas, &change.place(), line.width / 4);
    }
    let title = change.end().map_or("", |end| &end.title);
    canvas.text(
        from + 2,
        y,
        right.saturating_sub(from + 2),
        title,
        theme.body,
    );
}

/// What the footer says: which of how many, and where its article stands.
pub fn status(changes: &ChangesScreen) -> String {
    match changes.current() {
        Some(change) => {
            let (at, of) = (changes.cursor as u64 + 1, changes.rows().len() as u64);
            format!(
                "{} of {} · {}",
                thousands(at),
                thousands(of),
                change.place()
            )
        }
        None => String::new(),
    }
}
