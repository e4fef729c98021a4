//! Decisions: verdicts and tags on what is chosen or under the cursor, and on to the next open row.

use crate::model::{ArticleId, Verdict};
use crate::store::types::Deed;

use super::changes;
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
    let id = match (state.focus, state.list.current()) {
        // Known before its text is there: whoever types ahead loses nothing. Another version of it may be shown.
        (Pane::List, Some(row)) => {
            let id = row.hit.id;
            state
                .wanted
                .filter(|_| state.followed == Some(id))
                .or(Some(id))
        }
        (Pane::List, None) => {
            // What the reader still shows is none of these rows.
            state.say("there is no row to decide on");
            return;
        }
        _ => {
            let entry = state.reader.entry.as_ref().map(|it| it.article.id);
            entry.filter(|id| state.wanted == Some(*id))
        }
    };
    let Some(id) = id else {
        // What is asked for has not arrived: deciding blind could hit the wrong one.
        state.say("one moment, the article is being read");
        return;
    };
    let on_group = state.focus == Pane::List && state.list.current().is_some_and(Row::is_group);
    let rows = Rows::Chosen(vec![(id, on_group)]);
    record_rows(state, rows, deed, effects);
    go_on(state);
}

/// Goes to the next open row, if that is wished; says whether that is a group to compare.
pub fn go_on(state: &mut State) -> bool {
    if let Some(changes) = &mut state.changes {
        changes::go_on(changes);
        return false;
    }
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

/// The rows that are selected, all or by hand, or were before the filter that is being typed.
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
    use crate::app::action::Action;
    use crate::app::event::Event;
    use crate::app::state::{Settings, Size};
    use crate::app::update;
    use crate::model::Decision;
    use crate::store::types::{Count, Edge, Hit, Page};

    #[test]
    fn whoever_types_ahead_decides_on_the_rows_that_are_meant() {
        let size = Size {
            columns: 120,
            rows: 40,
        };
        let mut state = State::new(size, Settings::default(), Vec::new());
        let ids = [1, 2, 3].map(|byte| ArticleId::from_bytes([byte; 16]));
        let hits = ids.map(|id| Hit {
            id,
            title: "A row".into(),
            date: None,
            source: String::new(),
            versions: 1,
            decision: Decision::default(),
        });
        let page = Page {
            hits: hits.to_vec(),
            count: Count::Exact(3),
            next: None,
        };
        let _ = state.list.take(page, Some(("", Edge::Top)));
        // No article has arrived at all.
        let mut decided = Vec::new();
        for action in [Action::Down, Action::Drop, Action::Drop] {
            for effect in update(&mut state, Event::Action(action)) {
                if let Effect::ReviewRows {
                    rows: Rows::Chosen(rows),
                    ..
                } = effect
                {
                    decided.extend(rows.into_iter().map(|(id, _)| id));
                }
            }
        }
        assert_eq!(decided, [ids[1], ids[2]]);
    }

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
