//! State and transitions of the screen: no IO, no clock, no threads, no keys.
//!
//! [`update`] is the only function that changes [`State`]; it answers with [`Effect`]s for the runtime to carry out.
//! [`layout`] says where everything stands, for update and drawing alike, so that drawing never has to change state.

pub mod action;
pub mod changes;
pub mod compare;
pub mod decide;
pub mod effect;
pub mod event;
pub mod help;
mod jot;
pub mod jumps;
pub mod keepsake;
pub mod layout;
pub mod list;
pub mod palette;
pub mod personal;
pub mod prompt;
pub mod reader;
pub mod rule;
pub mod state;
pub mod stats;
pub mod versions;
pub mod why;

mod act;
mod mouse;
mod relate;
mod reply;
mod survey;
mod typing;

pub use act::is_of_the_web;

use crate::model::ArticleId;
use crate::store::types::Edge;
use effect::Effect;
use event::Event;
use state::State;

/// Rows that the list asks for at a time.
const PAGE: usize = 200;

/// Takes an event in and says what the world has to do.
pub fn update(state: &mut State, event: Event) -> Vec<Effect> {
    let mut effects = Vec::new();
    match event {
        Event::Action(action) => {
            state.touched = true;
            state.hints.clear();
            // Whoever does something does not want to be carried to the last place any more.
            state.taking_up = None;
            act::act(state, action, &mut effects);
        }
        Event::Insert(text) => typing::insert(state, &text, &mut effects),
        Event::Mouse(mouse) => {
            state.touched = true;
            mouse::take(state, mouse);
        }
        Event::Pending(hints) => state.hints = hints,
        Event::Resize { columns, rows } => state.size = state::Size { columns, rows },
        Event::Slow => state.slow = true,
        Event::Reply(reply) => reply::take(state, reply, &mut effects),
    }
    state.slow &= state.busy.is_some();
    settle(state, &mut effects);
    personal::note(state);
    personal::tell(state, &mut effects);
    effects
}

/// What follows from any change: lines broken at the present measure, the cursor on the screen, the article under the
/// cursor in the reader, the next page under way.
fn settle(state: &mut State, effects: &mut Vec<Effect>) {
    let layout = layout::layout(state);
    if layout.too_small {
        return;
    }
    if state.prompt.is_none() {
        state.list.before = None;
    }
    let height = layout.list.map_or(1, |list| usize::from(list.height));
    state.list.follow(height);
    if let Some(after) = state.list.wants_more(height) {
        state.tickets.more = state.tickets.issue();
        effects.push(Effect::Find {
            ticket: state.tickets.more,
            query: state.list.query.clone(),
            from: state.list.from,
            after: Some(after),
            limit: PAGE,
            keep: None,
        });
    }
    // The reader follows the cursor, not the other way round: `( )` may show another version of the row.
    let current = state.list.current().map(|row| row.hit.id);
    if let Some(id) = current.filter(|_| state.followed != current) {
        state.followed = current;
        ask_for(state, id, effects);
    }
    if let Some(reader) = layout.reader {
        state
            .reader
            .fit(usize::from(reader.width), usize::from(reader.height));
    }
    if let (Some(changes), Some(body)) = (&mut state.changes, layout.changes) {
        changes.follow(usize::from(body.height));
    }
    if let (Some(versions), Some(body)) = (&mut state.versions, layout.versions) {
        let (cells, columns) = layout::versions_fit(versions, body.width);
        versions.fit(cells, columns, usize::from(body.height));
    }
    let (column, unified) = (layout::compare_column(state), layout::is_unified(state));
    if let (Some(compare), Some(body)) = (&mut state.compare, layout.compare) {
        compare.reflow(column, unified, usize::from(body.height));
    }
}

/// Asks for an article for the reader.
fn ask_for(state: &mut State, id: ArticleId, effects: &mut Vec<Effect>) {
    state.wanted = Some(id);
    state.tickets.read = state.tickets.issue();
    effects.push(Effect::Read {
        ticket: state.tickets.read,
        id,
    });
}

/// Asks for the first page of a filter.
fn ask_for_list(state: &mut State, query: String, effects: &mut Vec<Effect>) {
    // The same filter again keeps the cursor's row within reach.
    let same = query == state.list.query;
    let (from, limit, keep) = match (&state.taking_up, same && state.touched) {
        (Some(keepsake), _) => (
            keepsake.from,
            keepsake::rows_wanted(state),
            keepsake.article.map(|(article, _)| article),
        ),
        (None, true) if state.asked_from != state.list.from => (state.asked_from, PAGE, None),
        (None, true) => {
            let limit = state.list.rows.len().max(PAGE);
            (state.list.from, limit, state.list.kept())
        }
        (None, false) => (Edge::Top, PAGE, None),
    };
    ask_for_rows(state, query, (from, limit, keep), effects);
}

/// Goes to an end of the list; where the rows there have not arrived, they are asked for.
fn go_to_edge(state: &mut State, edge: Edge, effects: &mut Vec<Effect>) {
    state.compare_next = false;
    state.list.move_by(match edge {
        Edge::Top => isize::MIN / 2,
        Edge::Bottom => isize::MAX / 2,
    });
    if !state.list.has(edge) {
        ask_for_rows(state, state.list.query.clone(), (edge, PAGE, None), effects);
    }
}

/// Asks for the first page of a filter from one end of it: at most so many rows, or more to have that article.
fn ask_for_rows(
    state: &mut State,
    query: String,
    (from, limit, keep): (Edge, usize, Option<ArticleId>),
    effects: &mut Vec<Effect>,
) {
    state.tickets.find = state.tickets.issue();
    state.asked.clone_from(&query);
    state.asked_from = from;
    effects.push(Effect::Find {
        ticket: state.tickets.find,
        query,
        from,
        after: None,
        limit,
        keep,
    });
}
