//! The screen of changes: what was added, removed and changed between the two inputs of the library, as a list. A change
//! opens as a comparison, what stands on one side only in the reader; closing those leads back to the list.

use std::sync::Arc;

use super::action::Action;
use super::compare::ask_for_comparison;
use super::effect::Effect;
use super::state::{Busy, Pane, Phase, State};
use super::{ask_for, layout};
use crate::store::types::Changes;
use crate::store::types::changes::Change;

/// The state of the screen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChangesScreen {
    /// What was found, once it is.
    pub found: Option<Arc<Changes>>,
    /// Pairs compared so far, and of how many.
    pub progress: Option<(u64, u64)>,
    /// The row under the cursor.
    pub cursor: usize,
    /// The first row on the screen.
    pub top: usize,
    /// An article of the list is in the reader, which covers the list.
    pub reading: bool,
}

impl ChangesScreen {
    /// The rows.
    pub fn rows(&self) -> &[Change] {
        self.found.as_ref().map_or(&[], |found| &found.changes)
    }

    /// The change under the cursor.
    pub fn current(&self) -> Option<&Change> {
        self.rows().get(self.cursor)
    }

    /// Moves the cursor by rows; says whether there was a row to move to.
    pub fn move_by(&mut self, rows: isize) -> bool {
        let last = self.rows().len().saturating_sub(1);
        let before = self.cursor;
        self.cursor = before.saturating_add_signed(rows).min(last);
        self.cursor != before
    }

    /// Scrolls until the cursor is on the screen.
    pub fn follow(&mut self, height: usize) {
        let lowest = (self.cursor + 1).saturating_sub(height);
        self.top = self.top.clamp(lowest, self.cursor.max(lowest));
    }
}

/// Opens the list, or goes back to it.
pub fn open(state: &mut State, effects: &mut Vec<Effect>) {
    match &mut state.changes {
        Some(changes) => changes.reading = false,
        None => {
            state.changes = Some(ChangesScreen::default());
            ask(state, effects);
        }
    }
}

/// Asks for the list, unless the library is still being read: then its end asks.
pub fn ask(state: &mut State, effects: &mut Vec<Effect>) {
    if state.changes.is_none() || state.phase != Phase::Open {
        return;
    }
    state.busy = Some(Busy::ListingChanges);
    state.tickets.changes = state.tickets.issue();
    effects.push(Effect::Changes {
        ticket: state.tickets.changes,
        hidden: state.settings.hidden,
    });
}

/// Takes the list in. The cursor stays at its article where that is still among them.
pub fn show(state: &mut State, found: Arc<Changes>) {
    let Some(changes) = &mut state.changes else {
        return;
    };
    let ids = |it: &Change| [&it.left, &it.right].map(|end| end.as_ref().map(|end| end.id));
    let before = changes.current().map(ids);
    let at = before.and_then(|before| found.changes.iter().position(|it| ids(it) == before));
    changes.cursor = at.unwrap_or(0);
    changes.found = Some(found);
    changes.progress = None;
}

/// Closes what covers the library because of the list; says whether anything did.
pub fn close(state: &mut State) -> bool {
    match &mut state.changes {
        Some(changes) if changes.reading => {
            changes.reading = false;
            state.focus = Pane::List;
        }
        Some(_) => state.changes = None,
        None => return false,
    }
    true
}

/// After a decision: back to the list, at the next row.
pub fn go_on(changes: &mut ChangesScreen) {
    changes.reading = false;
    changes.move_by(1);
}

/// Carries out an action in the list.
pub fn act(state: &mut State, action: Action, effects: &mut Vec<Effect>) {
    let height = layout::layout(state).changes;
    let height = height.map_or(1, |body| isize::try_from(body.height).unwrap_or(1));
    let Some(changes) = &mut state.changes else {
        return;
    };
    let by = match action {
        Action::Down => 1,
        Action::Up => -1,
        Action::PageDown | Action::Page => height / 2,
        Action::PageUp | Action::PageBack => -height / 2,
        Action::Top => isize::MIN / 2,
        Action::Bottom => isize::MAX / 2,
        Action::Open | Action::Compare => {
            show_current(state, effects);
            return;
        }
        _ => return,
    };
    changes.move_by(by);
}

/// Opens the next or previous change from within a comparison; says whether the list is what it came from.
pub fn step(state: &mut State, forward: bool, effects: &mut Vec<Effect>) -> bool {
    let Some(changes) = &mut state.changes else {
        return false;
    };
    match changes.move_by(if forward { 1 } else { -1 }) {
        true => {
            state.compare = None;
            show_current(state, effects);
        }
        false if forward => state.say("the last change"),
        false => state.say("the first change"),
    }
    true
}

/// Opens the change under the cursor: two sides are compared, one is read.
fn show_current(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(change) = state.changes.as_ref().and_then(ChangesScreen::current) else {
        return;
    };
    let sides = (change.left.as_ref(), change.right.as_ref());
    match sides {
        (Some(left), Some(right)) if left.id != right.id => {
            let (left, right) = (left.id, right.id);
            if let Some(changes) = &mut state.changes {
                changes.reading = false;
            }
            ask_for_comparison(state, left, right, effects);
        }
        (Some(end), _) | (_, Some(end)) => {
            let id = end.id;
            if let Some(changes) = &mut state.changes {
                changes.reading = true;
            }
            state.focus = Pane::Reader;
            ask_for(state, id, effects);
        }
        (None, None) => {}
    }
}
