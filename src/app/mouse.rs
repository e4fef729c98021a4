//! The mouse: the wheel scrolls what it turns over, a click goes there.

use ratatui::layout::Position;

use super::event::{Gesture, Mouse};
use super::layout;
use super::state::{Pane, State};

/// Lines that one turn of the wheel scrolls.
const LINES: isize = 3;

/// Takes a gesture in. Boxes and prompts are for keys.
pub fn take(state: &mut State, mouse: Mouse) {
    if state.overlay.is_some() || state.prompt.is_some() {
        return;
    }
    let layout = layout::layout(state);
    let at = Position::new(mouse.column, mouse.row);
    let lines = match mouse.gesture {
        Gesture::WheelDown => LINES,
        Gesture::WheelUp => -LINES,
        Gesture::Click | Gesture::Drag | Gesture::Release => 0,
    };
    match mouse.gesture {
        // The divider is one cell wide, which is little to aim at: its neighbours will do.
        Gesture::Click if layout.list.is_some() => {
            let near = |at: u16| mouse.column.abs_diff(at) <= 1 && mouse.row > 0;
            state.dragging = layout.divider.is_some_and(near);
            if state.dragging {
                return;
            }
        }
        Gesture::Drag => {
            if state.dragging && layout.list.is_some() {
                layout::set_list_width(state, mouse.column);
            }
            return;
        }
        Gesture::Release => {
            state.dragging = false;
            return;
        }
        _ => {}
    }
    if let (Some(stats), Some(body)) = (&mut state.stats, layout.stats) {
        stats.scroll(lines, body.width, usize::from(body.height));
        return;
    }
    if let (Some(changes), Some(body)) = (&mut state.changes, layout.changes) {
        let row = changes.top + usize::from(mouse.row.saturating_sub(body.y));
        if mouse.gesture != Gesture::Click {
            changes.move_by(lines);
        } else if body.contains(at) && row < changes.rows().len() {
            changes.cursor = row;
        }
        return;
    }
    if let (Some(versions), Some(body)) = (&mut state.versions, layout.versions) {
        if mouse.gesture == Gesture::Click {
            versions.click(usize::from(mouse.row.saturating_sub(body.y)));
        } else {
            versions.move_by(lines);
        }
        return;
    }
    if let Some(compare) = &mut state.compare {
        compare.scroll(lines);
    } else if let Some(list) = layout.list.filter(|list| list.contains(at)) {
        if mouse.gesture == Gesture::Click {
            let row = state.list.top + usize::from(mouse.row - list.y);
            if row < state.list.rows.len() {
                state.focus = Pane::List;
                state.list.cursor = row;
            }
        } else {
            state.list.move_by(lines);
        }
    } else if let Some(reader) = layout.reader {
        if mouse.gesture == Gesture::Click {
            state.focus = Pane::Reader;
        } else {
            state.reader.scroll(lines, usize::from(reader.height));
        }
    }
}
