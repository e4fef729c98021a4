//! Decisions: verdicts and tags on what is chosen or under the cursor, and on to the next open row.

use crate::model::{ArticleId, Verdict};
use crate::store::types::Deed;

use super::effect::{Effect, Rows};
use super::list::{List, Row};
use super::state::{Busy, Pane, State};

/// Records a verdict on what is chosen, else on the row or article with the keys, and goes on.
pub fn verdict(state: &mut State, verdict: Verdict, effects: &mut Vec<Effect>) {
    let deed = Deed::Verdict(Some(verdict));
    if chosen(state) {
        record_on_chosen(state, deed, effects);
        return;
    }
    if state.focus == Pane::List && state.list.current().is_none() {
        // What the reader still shows is none of these rows.
        state.say("there is no row to decide on");
        return;
    }
    let Some(entry) = state
        .reader
        .entry
        .clone()
        .filter(|entry| state.wanted == Some(entry.article.id))
    else {
        // The article under the cursor has not arrived: it is decided on when it has, unless another key comes first.
        state.decide_next = state.wanted.map(|id| (id, verdict));
        return;
    };
    let on_group = state.focus == Pane::List && state.list.current().is_some_and(Row::is_group);
    let rows = Rows::Chosen(vec![(entry.article.id, on_group)]);
    record_rows(state, rows, deed, effects);
    go_on(state);
}

/// Goes to the next open row, if that is wished; says whether that is a group to compare.
pub fn go_on(state: &mut State) -> bool {
    let next = state.list.next_open().filter(|_| state.settings.go_on);
    if let Some(row) = next {
        state.list.cursor = row;
    }
    next.is_some() && state.list.current().is_some_and(|row| row.hit.versions > 1)
}

fn chosen(state: &State) -> bool {
    state.focus == Pane::List && (state.list.all || !state.list.selected.is_empty())
}

pub fn toggle_tag(state: &mut State, tag: String, effects: &mut Vec<Effect>) {
    let has = |id: ArticleId| {
        let row = state.list.rows.iter().find(|row| row.hit.id == id);
        row.is_some_and(|row| row.hit.decision.tags.contains(&tag))
    };
    let on = if chosen(state) {
        !state.list.all && state.list.selected.iter().all(|id| has(*id))
    } else {
        match (state.focus, &state.reader.entry, state.list.current()) {
            (Pane::Reader, Some(entry), _) => entry.decision.tags.contains(&tag),
            (_, _, Some(row)) => row.hit.decision.tags.contains(&tag),
            _ => return,
        }
    };
    record_tag(
        state,
        if on { Deed::Untag(tag) } else { Deed::Tag(tag) },
        effects,
    );
}

/// Puts a tag on what is chosen, else on the row or article with the keys, or takes it off.
pub fn record_tag(state: &mut State, deed: Deed, effects: &mut Vec<Effect>) {
    if chosen(state) {
        record_on_chosen(state, deed, effects);
        return;
    }
    let id = match (state.focus, &state.reader.entry, state.list.current()) {
        (Pane::Reader, Some(entry), _) => entry.article.id,
        (_, _, Some(row)) => row.hit.id,
        _ => return,
    };
    record(state, vec![(id, deed.clone())], deed, effects);
}

fn record_on_chosen(state: &mut State, deed: Deed, effects: &mut Vec<Effect>) {
    record_rows(state, chosen_rows(&state.list), deed, effects);
}

/// The rows of the list that are chosen, or were before the filter that is being typed.
pub fn chosen_rows(list: &List) -> Rows {
    if let Some(before) = &list.before {
        return match before.all {
            true => Rows::Hits(before.query.clone()),
            false => Rows::Chosen(before.rows.iter().map(|id| (*id, true)).collect()),
        };
    }
    if list.all {
        return Rows::Hits(list.query.clone());
    }
    let is_group = |id: &ArticleId| {
        let row = list.rows.iter().find(|row| row.hit.id == *id);
        row.is_some_and(Row::is_group)
    };
    Rows::Chosen(list.selected.iter().map(|id| (*id, is_group(id))).collect())
}

/// Writes what is selected, else every hit of the filter, to the file that was typed.
pub fn export(state: &mut State, typed: &str, effects: &mut Vec<Effect>) {
    let path = typed.trim().to_owned();
    if path.is_empty() {
        return;
    }
    let rows = match chosen(state) {
        true => chosen_rows(&state.list),
        false => Rows::Hits(state.list.query.clone()),
    };
    state.busy = Some(Busy::Exporting);
    effects.push(Effect::Export { rows, path });
}

/// Records the same on many rows, where anything can be saved.
pub fn record_rows(state: &mut State, rows: Rows, deed: Deed, effects: &mut Vec<Effect>) {
    state.last_deed = Some(deed.clone());
    match &state.read_only {
        Some(why) => state.fail(format!("not saved: {why}")),
        None => effects.push(Effect::ReviewRows { rows, deed }),
    }
}

fn record(state: &mut State, deeds: Vec<(ArticleId, Deed)>, deed: Deed, effects: &mut Vec<Effect>) {
    state.last_deed = Some(deed);
    match &state.read_only {
        Some(why) => state.fail(format!("not saved: {why}")),
        None => effects.push(Effect::Review(deeds)),
    }
}

/// What a typed tag asks for: `name` puts it on, `-name` takes it off; nothing typed asks for nothing.
pub fn tag_deed(typed: &str) -> Option<Deed> {
    let typed = typed.trim();
    let (typed, off) = typed
        .strip_prefix('-')
        .map_or((typed, false), |rest| (rest.trim(), true));
    let name = typed
        .trim_start_matches('#')
        .split_whitespace()
        .collect::<Vec<_>>()
        .join("-");
    (!name.is_empty()).then_some(if off {
        Deed::Untag(name)
    } else {
        Deed::Tag(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_tag_is_one_word() {
        let tag = |name: &str| Some(Deed::Tag(name.to_owned()));
        for (typed, deed) in [
            ("todo", tag("todo")),
            ("  #to check ", tag("to-check")),
            ("-todo", Some(Deed::Untag("todo".to_owned()))),
            (" ", None),
            ("-", None),
        ] {
            assert_eq!(tag_deed(typed), deed, "{typed:?}");
        }
    }
}
