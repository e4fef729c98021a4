//! Where everything stands on the screen: one pure function, used by update, drawing and hit-testing alike.

use ratatui::layout::Rect;

use super::help;
use super::state::{LIST_SHARE, Overlay, Pane, State};
use super::versions::{VersionsScreen, View};
use crate::text::wrap;

/// The rectangles of the screen; what is not shown has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// Nothing useful fits: only a word is shown.
    pub too_small: bool,
    /// The first line: collection and progress, or title of a comparison.
    pub header: Rect,
    /// The second line of a comparison: what differs.
    pub summary: Option<Rect>,
    /// The rule below, with the names of the panes.
    pub rule: Rect,
    /// The rows of the list.
    pub list: Option<Rect>,
    /// The lines of the reader, margins not included.
    pub reader: Option<Rect>,
    /// The lines of a comparison.
    pub compare: Option<Rect>,
    /// The lines of the versions.
    pub versions: Option<Rect>,
    /// The rows of the list of changes.
    pub changes: Option<Rect>,
    /// The charts of the statistics.
    pub stats: Option<Rect>,
    /// The column between two panes or sides.
    pub divider: Option<u16>,
    /// The last line: status and keys, or the prompt.
    pub footer: Rect,
}

/// From this width on list and reader stand side by side.
pub const SPLIT_FROM: u16 = 90;
/// From this width on a comparison stands side by side.
pub const SIDES_FROM: u16 = 60;

/// Lays the screen out.
pub fn layout(state: &State) -> Layout {
    let (columns, rows) = (state.size.columns, state.size.rows);
    if columns < 20 || rows < 5 {
        return Layout {
            too_small: true,
            ..Layout::default()
        };
    }
    let line = |y: u16| Rect::new(0, y, columns, 1);
    let mut all = Layout {
        header: line(0),
        footer: line(rows - 1),
        rule: line(1),
        ..Layout::default()
    };
    if state.stats.is_some() {
        all.stats = Some(Rect::new(0, 2, columns, rows - 3));
        return all;
    }
    if state.compare.is_none() && state.versions.is_some() {
        all.summary = Some(line(1));
        all.rule = line(2);
        all.versions = Some(Rect::new(0, 3, columns, rows - 4));
        return all;
    }
    if state.compare.is_some() {
        let body = Rect::new(0, 3, columns, rows - 4);
        all.summary = Some(line(1));
        all.rule = line(2);
        all.compare = Some(body);
        all.divider = (!is_unified(state)).then_some(columns / 2);
        return all;
    }
    let body = Rect::new(0, 2, columns, rows - 3);
    if state.lists_changes() {
        all.changes = Some(body);
        return all;
    }
    if state.changes.is_some() {
        all.reader = Some(margins(body, state));
        return all;
    }
    // Where there is nothing to read no pane waits for it.
    let one_pane = state.zoomed || state.welcome || state.is_empty();
    if columns >= SPLIT_FROM && !one_pane {
        let list = list_width(state);
        all.list = Some(Rect {
            width: list,
            ..body
        });
        all.divider = Some(list);
        all.reader = Some(margins(
            Rect {
                x: list + 1,
                width: columns - list - 1,
                ..body
            },
            state,
        ));
    } else if state.zoomed || state.focus == Pane::Reader {
        all.reader = Some(margins(body, state));
    } else {
        all.list = Some(body);
    }
    all
}

/// Cells in front of the rows of an apparatus or a matrix: the bar, and the number of the paragraph.
pub fn versions_margin(versions: &VersionsScreen) -> u16 {
    let rows = versions.collated.rows.iter();
    let last = rows.filter_map(|row| row.number).next_back().unwrap_or(1);
    u16::try_from(last.to_string().len()).unwrap_or(4) + 4
}

/// A column of the screen of versions is never narrower than this, unless the screen is.
const COLUMN_FROM: u16 = 32;

/// Cells of a row's text, or of a column and how many columns there are, on the screen of versions.
pub fn versions_fit(versions: &VersionsScreen, width: u16) -> (usize, usize) {
    match versions.view {
        View::Apparatus | View::Matrix => {
            let cells = width.saturating_sub(versions_margin(versions) + 1);
            (usize::from(cells).min(120), 1)
        }
        View::Sides => {
            let all = versions.collated.versions.len();
            let columns = usize::from(width / COLUMN_FROM).clamp(1, all.max(1)).max(2);
            let cells = usize::from(width) / columns;
            (cells.saturating_sub(4).max(2), columns)
        }
    }
}

/// Neither list nor reader is ever narrower.
const PANE_FROM: u16 = 24;

/// Cells of the list beside the reader. As long as nobody said otherwise, no more than titles gain from.
fn list_width(state: &State) -> u16 {
    let (columns, share) = (state.size.columns, state.settings.list_share);
    let wide = u32::from(columns) * u32::from(share) / 1000;
    let wide = u16::try_from(wide).unwrap_or(columns);
    let most = if share == LIST_SHARE { 84 } else { columns };
    wide.min(most).clamp(PANE_FROM, columns - PANE_FROM)
}

/// Puts the divider between list and reader at a column, or near it.
pub fn set_list_width(state: &mut State, cells: u16) {
    let columns = state.size.columns.max(2 * PANE_FROM);
    let cells = cells.clamp(PANE_FROM, columns - PANE_FROM);
    // Rounded up, so that the width that comes of it is the one that was asked for.
    let share = (u32::from(cells) * 1000).div_ceil(u32::from(columns));
    state.settings.list_share = u16::try_from(share).unwrap_or(LIST_SHARE);
}

/// Says whether the sides of a comparison stand one under the other, by wish or for want of room.
pub fn is_unified(state: &State) -> bool {
    state.size.columns < SIDES_FROM
        || state
            .compare
            .as_ref()
            .is_some_and(|compare| compare.wants_unified)
}

/// Cells of one column of a comparison: three for bar and sign, one of air at the right.
pub fn compare_column(state: &State) -> usize {
    let columns = usize::from(state.size.columns);
    let column = if is_unified(state) {
        columns.min(usize::from(state.settings.measure) + 20)
    } else {
        columns / 2
    };
    column.saturating_sub(4).max(1)
}

/// The measure of the reader, centred.
fn margins(pane: Rect, state: &State) -> Rect {
    let room = pane.width.saturating_sub(4).max(1);
    let width = room.min(state.settings.measure);
    Rect {
        x: pane.x + (pane.width - width) / 2,
        width,
        ..pane
    }
}

/// Lines that a box over the screen shows at a time.
pub fn overlay_height(state: &State) -> usize {
    usize::from(state.size.rows.saturating_sub(4)).max(1)
}

/// Lines that a box over the screen has in all.
pub fn overlay_len(state: &State) -> usize {
    match &state.overlay {
        Some(Overlay::Help { of, .. }) => help::lines(state, *of).len(),
        Some(Overlay::Lines { lines, .. }) => lines
            .iter()
            .map(|line| wrap::wrap(line, overlay_measure(state)).len().max(1))
            .sum(),
        Some(Overlay::Why(open)) => open.lines(overlay_measure(state)).len(),
        None => 0,
    }
}

/// Cells of a line in a box over the screen.
pub fn overlay_measure(state: &State) -> usize {
    usize::from(state.size.columns.saturating_sub(6).clamp(10, 84))
}
