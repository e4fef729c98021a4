//! Draws the state. Reads only: where things stand comes from `app::layout`, and drawing changes nothing.

pub mod paint;

mod changes;
mod compare;
mod footer;
mod header;
mod list;
mod overlay;
mod prompt;
mod reader;
mod stats;
mod versions;

use ratatui::Frame;
use ratatui::layout::Position;

use crate::app::layout;
use crate::app::state::State;
use crate::theme::Theme;

use paint::{Canvas, Link};

/// Draws one frame; gives the cells that lead somewhere. The cursor stands in the prompt, else on the row or line with the
/// keys, for screen readers.
pub fn draw(frame: &mut Frame<'_>, state: &State, theme: &Theme) -> Vec<Link> {
    let size = frame.area();
    if (size.width, size.height) != (state.size.columns, state.size.rows) {
        // The terminal has just changed its size and the event is still on its way: the next frame fits.
        return Vec::new();
    }
    let layout = layout::layout(state);
    let mut canvas = Canvas::new(frame.buffer_mut(), theme, state.settings.ascii);
    if layout.too_small {
        canvas.text(0, 0, size.width, "too small", theme.muted);
        return Vec::new();
    }
    header::draw(&mut canvas, state, &layout);
    let mut cursor = Position::new(0, layout.header.y);
    if let (Some(stats), Some(body)) = (&state.stats, layout.stats) {
        stats::draw(&mut canvas, stats, body);
        cursor = Position::new(body.x, body.y);
    } else if let (Some(versions), Some(body)) = (&state.versions, layout.versions) {
        cursor = versions::draw(&mut canvas, versions, body);
    } else if let (Some(compare), Some(body)) = (&state.compare, layout.compare) {
        cursor = compare::draw(&mut canvas, compare, &layout, body);
    } else if let (Some(changes), Some(body)) = (&state.changes, layout.changes) {
        cursor = changes::draw(&mut canvas, changes, body);
    } else {
        if let Some(area) = layout.list {
            cursor = list::draw(&mut canvas, state, area);
        }
        if let Some(area) = layout.reader {
            reader::draw(&mut canvas, state, area);
            if state.focus == crate::app::state::Pane::Reader || state.zoomed {
                cursor = Position::new(area.x, area.y);
            }
        }
        if let (Some(x), Some(list)) = (layout.divider, layout.list) {
            canvas.divider(x, list.y, list.height);
        }
    }
    footer::draw(&mut canvas, state, &layout);
    overlay::draw(&mut canvas, state);
    if let Some(at) = prompt::draw(&mut canvas, state, &layout) {
        cursor = at;
    }
    // Below a box nothing can be followed, and what stands in the box leads nowhere.
    let covered = state.overlay.is_some() || state.prompt.is_some() || !state.hints.is_empty();
    if covered || !state.settings.hyperlinks {
        canvas.links.clear();
    }
    let links = canvas.finish();
    frame.set_cursor_position(cursor);
    links
}
