//! The line that is typed into, its caret under a mistake, and what may be meant.

use ratatui::layout::{Position, Rect};

use crate::app::action::Context;
use crate::app::layout::Layout;
use crate::app::prompt::{Prompt, Purpose};
use crate::app::reader::Found;
use crate::app::state::State;
use crate::text::width;

use super::header;
use super::paint::Canvas;

/// Candidates shown at a time.
const CANDIDATES: usize = 10;

/// Draws the prompt over the footer; gives the place of the cursor.
pub fn draw(canvas: &mut Canvas<'_>, state: &State, layout: &Layout) -> Option<Position> {
    let prompt = state.prompt.as_ref()?;
    let mut row = layout.footer;
    if prompt.error.is_some() {
        row.y -= 1;
        canvas.clear(layout.footer);
    }
    canvas.clear(row);
    let name = match prompt.purpose {
        Purpose::Find => "/",
        Purpose::Filter => "f ",
        Purpose::Tag => "tag ",
        Purpose::Note => "note ",
        Purpose::Saved => "saved filter ",
        Purpose::Retag => "tag = new name ",
        Purpose::Rule => "rule ",
        Purpose::Palette => ": ",
        Purpose::Sort => "order ",
        Purpose::Version => "compare with ",
        Purpose::Export => "export to ",
        Purpose::Mark => "mark: a letter ",
        Purpose::ToMark => "to mark: its letter ",
    };
    let x = canvas.text(row.x + 1, row.y, row.width, name, canvas.theme.accent);
    let before = prompt.text.get(..prompt.cursor).unwrap_or_default();
    // A line longer than the screen shows its end.
    let room = usize::from(row.width.saturating_sub(x + 1));
    let hidden = width::width(before).saturating_sub(room.saturating_sub(1));
    let shown = skip_cells(&prompt.text, hidden);
    let end = canvas.text(
        x,
        row.y,
        row.width.saturating_sub(x),
        shown,
        canvas.theme.body,
    );
    let cursor = x + u16::try_from(width::width(before).saturating_sub(hidden)).unwrap_or(0);
    canvas.text_right(
        end + 2,
        row.width.saturating_sub(1),
        row.y,
        &count(state, prompt),
        canvas.theme.muted,
    );
    if let Some(error) = &prompt.error {
        let before = prompt.text.get(..error.at.start).unwrap_or(&prompt.text);
        let caret = x + u16::try_from(width::width(before).saturating_sub(hidden)).unwrap_or(0);
        let caret = caret.min(row.width.saturating_sub(2));
        let y = layout.footer.y;
        let message = error.to_string();
        let cells = u16::try_from(width::width(&message)).unwrap_or(u16::MAX);
        canvas.text(caret, y, 1, "^", canvas.theme.warning);
        if caret.saturating_add(3).saturating_add(cells) <= row.width {
            canvas.text(
                caret + 2,
                y,
                row.width - caret - 2,
                &message,
                canvas.theme.warning,
            );
        } else {
            // No room behind the caret: the message stands before it, or it is cut.
            let room = caret
                .saturating_sub(2)
                .max(row.width.saturating_sub(caret + 3));
            let at = if caret.saturating_sub(2) >= room {
                1
            } else {
                caret + 2
            };
            canvas.text(at, y, room, &message, canvas.theme.warning);
        }
    }
    candidates(canvas, state, prompt, row);
    Some(Position::new(
        cursor.min(row.width.saturating_sub(1)),
        row.y,
    ))
}

/// How many there are of what is typed.
fn count(state: &State, prompt: &Prompt) -> String {
    let found = |current: usize, len: usize| {
        if len == 0 {
            "nothing found".to_owned()
        } else {
            format!("{}/{len}", current + 1)
        }
    };
    match prompt.purpose {
        Purpose::Filter if prompt.error.is_none() => {
            header::place(state.list.rows.len().min(1), state.list.count)
        }
        Purpose::Find if prompt.text.is_empty() => String::new(),
        Purpose::Find => {
            let hits = |hits: &Option<Found>| {
                hits.as_ref()
                    .map(|hits| found(hits.current, hits.hits.len()))
            };
            let counted = match (&state.compare, state.prompt_from) {
                (Some(compare), _) => hits(&compare.found),
                (None, Context::List) => state
                    .list
                    .found
                    .as_ref()
                    .map(|rows| found(rows.current, rows.rows.len())),
                (None, _) => hits(&state.reader.found),
            };
            counted.unwrap_or_default()
        }
        _ => String::new(),
    }
}

fn candidates(canvas: &mut Canvas<'_>, state: &State, prompt: &Prompt, row: Rect) {
    let title = match prompt.purpose {
        Purpose::Palette => "Commands",
        Purpose::Tag | Purpose::Retag => "Tags",
        Purpose::Saved => "Saved filters",
        Purpose::Sort => "Order",
        Purpose::Version => "Versions",
        Purpose::ToMark => "Marks",
        Purpose::Filter => "Tab completes",
        Purpose::Find | Purpose::Mark | Purpose::Note | Purpose::Rule | Purpose::Export => return,
    };
    if prompt.purpose == Purpose::Saved && state.saved.is_empty() {
        return nothing_saved(canvas, state, row);
    }
    let len = prompt.candidates.len();
    if len == 0 {
        return;
    }
    let shown = len
        .min(CANDIDATES)
        .min(usize::from(row.y.saturating_sub(3)));
    let height = u16::try_from(shown).unwrap_or(0) + 2;
    let width = state.size.columns.min(match prompt.purpose {
        Purpose::Palette | Purpose::Filter | Purpose::Version => 78,
        Purpose::ToMark => 60,
        _ => 40,
    });
    let area = Rect {
        x: 0,
        y: row.y.saturating_sub(height),
        width,
        height,
    };
    let inside = canvas.boxed(area, title);
    let top = (prompt.chosen + 1).saturating_sub(shown);
    let labels = prompt.candidates.iter().map(|it| width::width(&it.label));
    let labels = u16::try_from(labels.max().unwrap_or(0) + 2).unwrap_or(u16::MAX);
    let labels = labels.min(inside.width / 2);
    for (y, (at, candidate)) in
        (inside.y..).zip(prompt.candidates.iter().enumerate().skip(top).take(shown))
    {
        let line = Rect {
            x: area.x + 1,
            y,
            width: area.width - 2,
            height: 1,
        };
        let chosen = at == prompt.chosen;
        if chosen {
            canvas.style(line, canvas.theme.selection);
        }
        // A sentence is no key, and sentences begin below one another.
        let note = candidate.note.as_str();
        let end = match prompt.purpose {
            Purpose::Filter => {
                let from = inside.x + labels;
                let room = inside.right().saturating_sub(from);
                canvas.text(from, y, room, note, canvas.theme.muted);
                from
            }
            Purpose::Version => {
                let note = canvas.cut(note, inside.width * 2 / 3);
                canvas.text_right(inside.x, inside.right(), y, &note, canvas.theme.muted)
            }
            _ => canvas.text_right(inside.x, inside.right(), y, note, canvas.theme.key),
        };
        canvas.text(
            inside.x,
            y,
            end.saturating_sub(inside.x + 1),
            &candidate.label,
            canvas.theme.body,
        );
        if chosen {
            canvas.even(line);
        }
    }
}

/// Says how there would be something to choose from.
fn nothing_saved(canvas: &mut Canvas<'_>, state: &State, row: Rect) {
    let how = match state.list.query.trim().is_empty() {
        true => "None is saved yet: filter the list first.",
        false => "None is saved yet: a name saves the filter of the list.",
    };
    let cells = u16::try_from(width::width(how) + 4).unwrap_or(u16::MAX);
    let area = Rect {
        x: 0,
        y: row.y.saturating_sub(3),
        width: state.size.columns.min(cells),
        height: 3,
    };
    let inside = canvas.boxed(area, "Saved filters");
    canvas.text(inside.x, inside.y, inside.width, how, canvas.theme.muted);
}

/// What stands behind the first `cells` cells.
fn skip_cells(text: &str, cells: usize) -> &str {
    if cells == 0 {
        return text;
    }
    let at = text
        .char_indices()
        .map(|(at, _)| at)
        .find(|at| width::width(&text[..*at]) >= cells);
    at.map_or("", |at| &text[at..])
}
