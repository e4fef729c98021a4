//! The last line: what was done or went wrong, else where one is; and the best keys of the pane.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::action::{Action, Context};
use crate::app::layout::Layout;
use crate::app::state::{Busy, Pane, State};
use crate::diff::Class;
use crate::text::{width, wrap};

use super::paint::{Canvas, thousands};
use super::{changes, header, versions};

/// Draws the footer; the prompt covers it when one is open.
pub fn draw(canvas: &mut Canvas<'_>, state: &State, layout: &Layout) {
    let row = layout.footer;
    let (text, style) = match &state.notice {
        // The pane says it already, and in full.
        Some(notice) if notice.failed && state.is_empty() && !state.touched => {
            (String::new(), canvas.theme.muted)
        }
        None if state.slow => (slow(state), canvas.theme.accent),
        Some(notice) if notice.failed => (notice.text.to_string(), canvas.theme.warning),
        Some(notice) => (notice.text.to_string(), canvas.theme.accent),
        None => (status(state), canvas.theme.muted),
    };
    if state.notice.is_some() && width::width(&text) > usize::from(row.width.saturating_sub(2)) {
        return long(canvas, layout, &text, style);
    }
    let end = canvas.text(row.x + 1, row.y, row.width.saturating_sub(2), &text, style);
    let end = match progress(state) {
        Some(progress) => canvas.text(
            end,
            row.y,
            row.width.saturating_sub(end + 1),
            &format!(" {} {progress}", canvas.signs.dot),
            canvas.theme.muted,
        ),
        None => end,
    };
    // Keys from the right, as many as fit whole; the last of them, the way to all others, before those in the middle.
    let mut right = row.width.saturating_sub(1);
    let known = best(state).iter().filter_map(|&(action, label)| {
        let key = state.key_of(action, state.context())?;
        Some((key, label, width::width(key) + 1 + width::width(label) + 2))
    });
    let mut keys: Vec<(&str, &str, usize)> = known.collect();
    let room = usize::from(right.saturating_sub(end + 2));
    while keys.iter().map(|(_, _, cells)| cells).sum::<usize>() > room {
        keys.remove(keys.len().saturating_sub(2));
    }
    for (key, label, _) in keys.into_iter().rev() {
        right = canvas
            .text_right(end, right, row.y, label, canvas.theme.muted)
            .saturating_sub(1);
        right = canvas
            .text_right(end, right, row.y, key, canvas.theme.key)
            .saturating_sub(2);
    }
}

/// What is said once and needs more than one line stands on as many as it needs, over what is above.
fn long(canvas: &mut Canvas<'_>, layout: &Layout, text: &str, style: Style) {
    let row = layout.footer;
    let room = row.width.saturating_sub(2);
    let lines = wrap::wrap(text, usize::from(room));
    let above = usize::from(row.y.saturating_sub(layout.rule.y + 1));
    let shown = lines.len().min(above + 1);
    let first = row.y - u16::try_from(shown - 1).unwrap_or(0);
    for (y, line) in (first..).zip(lines.into_iter().take(shown)) {
        canvas.clear(Rect { y, ..row });
        let line = text.get(line).unwrap_or_default();
        canvas.text(row.x + 1, y, room, line, style);
        canvas.to_ascii(Rect { y, ..row });
    }
}

/// What takes its time, and how to call it off.
fn slow(state: &State) -> String {
    let doing = state.busy.map_or("", Busy::doing);
    match state.key_of(Action::Interrupt, state.context()) {
        Some(key) => format!("{doing}…  {key} calls it off"),
        None => format!("{doing}…"),
    }
}

/// What is done and what is left, once anything is, where one decides: behind what was done, or behind the place.
fn progress(state: &State) -> Option<String> {
    let census = state.census.unwrap_or_default();
    let elsewhere = state.versions.is_some() || state.compare.is_some();
    let is_shown = match &state.notice {
        Some(notice) => !notice.failed,
        None => !elsewhere && state.same_as.is_none() && state.read_only.is_none(),
    };
    let is_shown = is_shown && state.stats.is_none() && !state.welcome && census.reviewed > 0;
    is_shown.then(|| {
        let left = census.rows.saturating_sub(census.reviewed);
        let (done, left) = (thousands(census.reviewed), thousands(left));
        format!("{done} done, {left} left")
    })
}

fn status(state: &State) -> String {
    if state.welcome {
        return String::new();
    }
    if let Some(why) = &state.read_only {
        return format!("nothing can be saved: {why}");
    }
    if let Some((_, title)) = &state.same_as {
        let key = state.key_of(Action::SameText, state.context());
        let title = width::truncate(title, usize::from(state.size.columns / 3));
        let key = key.unwrap_or("the same key");
        return format!("the same text as “{title}”: {key} on the other one · Esc calls it off");
    }
    if let Some(stats) = &state.stats {
        return match stats.numbers {
            Some(_) => String::new(),
            None => "counting…".to_owned(),
        };
    }
    if let (Some(open), None) = (&state.versions, &state.compare) {
        return versions::status(open);
    }
    if let Some(compare) = &state.compare {
        let found = compare.found.as_ref().map(|found| {
            let at = if found.hits.is_empty() {
                0
            } else {
                found.current + 1
            };
            format!("{}: {at}/{}", found.needle, found.hits.len())
        });
        let difference = compare.current.map(|at| {
            let classes: Vec<&str> = compare.classes().iter().map(Class::name).collect();
            let place = format!("difference {} of {}", at + 1, compare.hunks.len());
            format!("{place}: {}", classes.join(", "))
        });
        return found
            .or(difference)
            .unwrap_or_else(|| match compare.hunks.len() {
                0 => "the same words".to_owned(),
                count => format!("{count} to visit"),
            });
    }
    if let Some(open) = state.changes.as_ref().filter(|it| !it.reading) {
        return changes::status(open);
    }
    if let Some(found) = &state.list.found
        && state.focus == Pane::List
    {
        let at = if found.rows.is_empty() {
            0
        } else {
            found.current + 1
        };
        return format!("{}: {at}/{}", found.needle, found.rows.len());
    }
    let mut text = header::place(state.list.place(), state.list.count);
    let selected = state.list.selected.len();
    if state.list.all {
        text += ", all selected";
    } else if selected > 0 {
        text += &format!(", {selected} selected");
    }
    text
}

/// The commands most used in a pane, best first.
fn best(state: &State) -> &'static [(Action, &'static str)] {
    match state.context() {
        Context::List if state.welcome => &[(Action::Help, "help"), (Action::Close, "quit")],
        Context::List if state.is_empty() => &[
            (Action::Refresh, "look again"),
            (Action::Messages, "messages"),
            (Action::Help, "help"),
            (Action::Close, "quit"),
        ],
        Context::List => &[
            (Action::Open, "read"),
            (Action::Compare, "compare"),
            (Action::Keep, "keep"),
            (Action::Drop, "drop"),
            (Action::TagPrompt, "tag"),
            (Action::Filter, "filter"),
            (Action::Help, "help"),
        ],
        Context::Reader => &[
            (Action::Page, "page"),
            (Action::Compare, "compare"),
            (Action::Keep, "keep"),
            (Action::Find, "find"),
            (Action::Raw, "raw"),
            (Action::Close, "back"),
            (Action::Help, "help"),
        ],
        Context::Compare => &[
            (Action::NextDifference, "next"),
            (Action::PreviousDifference, "previous"),
            (Action::KeepLeft, "keep left"),
            (Action::KeepRight, "keep right"),
            (Action::Unified, "unified"),
            (Action::Raw, "raw"),
            (Action::Help, "help"),
        ],
        Context::Versions => &[
            (Action::NextView, "other view"),
            (Action::NextDifference, "next"),
            (Action::NextVersion, "version"),
            (Action::Open, "compare"),
            (Action::Base, "base"),
            (Action::Keep, "keep"),
            (Action::Help, "help"),
        ],
        Context::Changes => &[
            (Action::Open, "compare"),
            (Action::Down, "down"),
            (Action::Up, "up"),
            (Action::Close, "back"),
            (Action::Help, "help"),
        ],
        Context::Statistics => &[
            (Action::Down, "down"),
            (Action::Up, "up"),
            (Action::Close, "back"),
            (Action::Help, "help"),
        ],
        Context::Help => &[(Action::Close, "close")],
        Context::Why if state.rule.is_some() => {
            &[(Action::Open, "do it"), (Action::Close, "close")]
        }
        Context::Why => &[
            (Action::Open, "compare"),
            (Action::NotVersion, "no version"),
            (Action::SameText, "same text"),
            (Action::Close, "close"),
        ],
        Context::Everywhere | Context::Prompt => &[],
    }
}
