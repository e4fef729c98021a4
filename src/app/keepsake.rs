//! What is kept from one run to the next: where a person was in a library, and how wide things are.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::ArticleId;
use crate::store::types::Edge;

use super::effect::Effect;
use super::jumps::Spot;
use super::personal::Opened;
use super::reader::Place;
use super::state::{Pane, Phase, State};
use super::{PAGE, ask_for};

/// No more rows than these are asked for to find the one that the cursor stood on.
const FARTHEST: usize = 10_000;

/// Where a person was, and how wide things are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Keepsake {
    /// Columns of a line, where they were changed by a key, with the number that the settings had then: newer settings
    /// count more.
    pub measure: Option<(u16, u16)>,
    /// How much of the width the list takes, in thousandths.
    pub list_share: Option<u16>,
    /// The filter.
    pub filter: String,
    /// The row of the list, from 0,
    pub row: usize,
    /// counted from this end of it.
    pub from: Edge,
    /// The article that was read, and where in it.
    pub article: Option<(ArticleId, Place)>,
    /// The reader had the keys.
    pub reading: bool,
    /// The reader had the whole screen.
    pub zoomed: bool,
    /// The marks.
    pub marks: BTreeMap<char, Spot>,
    /// What was opened in the reader.
    pub opened: Opened,
}

/// What is to be kept of the state as it is; nothing while the last keepsake is still being taken up.
pub fn of(state: &State) -> Option<Keepsake> {
    if state.taking_up.is_some() || state.name.is_none() {
        return None;
    }
    let (measure, configured) = (state.settings.measure, state.configured_measure);
    let share = state.settings.list_share;
    let entry = state.reader.entry.as_ref();
    Some(Keepsake {
        measure: (measure != configured).then_some((measure, configured)),
        list_share: (share != super::state::LIST_SHARE).then_some(share),
        filter: state.list.query.clone(),
        row: state.list.depth(),
        from: state.list.from,
        article: entry.map(|entry| (entry.article.id, state.reader.place())),
        reading: state.focus == Pane::Reader,
        zoomed: state.zoomed,
        marks: state.jumps.marks.clone(),
        opened: state.opened.clone(),
    })
}

/// Takes up a keepsake before anything is read: sizes and marks at once, the place when there are rows.
pub fn take_up(state: &mut State, keepsake: Keepsake) {
    if let Some((measure, configured)) = keepsake.measure
        && configured == state.configured_measure
    {
        state.settings.measure = measure.clamp(20, 200);
    }
    if let Some(share) = keepsake.list_share {
        state.settings.list_share = share.min(1000);
    }
    state.jumps.marks.clone_from(&keepsake.marks);
    state.opened = keepsake.opened.clone();
    if crate::query::parse(&keepsake.filter, state.settings.today).is_ok() {
        state.list.query.clone_from(&keepsake.filter);
        state.asked.clone_from(&keepsake.filter);
    }
    state.taking_up = Some(keepsake);
}

/// How many rows the first page needs so that the row of the keepsake is among them.
pub fn rows_wanted(state: &State) -> usize {
    let row = state.taking_up.as_ref().map_or(0, |keepsake| keepsake.row);
    row.saturating_add(PAGE).min(FARTHEST)
}

/// Goes to the place of the keepsake, now that rows are there. Where its article is not among them it waits for more,
/// until the person does something else.
pub fn rows_arrived(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(keepsake) = &state.taking_up else {
        return;
    };
    let Some((article, place)) = keepsake.article else {
        state.taking_up = None;
        return;
    };
    let rows = &state.list.rows;
    let is_it = |at: usize| rows.get(at).is_some_and(|row| row.hit.id == article);
    let row = match state.list.from {
        Edge::Top => keepsake.row,
        Edge::Bottom => rows.len().wrapping_sub(keepsake.row.saturating_add(1)),
    };
    // Another version of the row may have been read: once all is there, the row itself says where.
    let found = Some(row)
        .filter(|row| is_it(*row))
        .or_else(|| (0..rows.len()).find(|at| is_it(*at)))
        .or(Some(row).filter(|row| *row < rows.len() && state.phase == Phase::Open));
    let Some(row) = found else { return };
    let (reading, zoomed) = (keepsake.reading, keepsake.zoomed);
    state.taking_up = None;
    // As if the person had gone there: a list that grows keeps to it.
    state.touched = true;
    state.list.cursor = row;
    if reading {
        state.focus = Pane::Reader;
    }
    state.zoomed = zoomed;
    state.followed = state.list.current().map(|row| row.hit.id);
    ask_for(state, article, effects);
    state.jumps.going = Some((state.tickets.read, place));
}
