//! What a person says about groups: "no version of this", "the same text as …", and why they are as they are.

use super::action::Action;
use super::compare::ask_for_comparison;
use super::effect::Effect;
use super::layout;
use super::state::{Overlay, Pane, State};
use crate::model::ArticleId;
use crate::store::types::{Deed, Entry, Said};

/// Asks why the article with the keys stands in its group.
pub fn why(state: &mut State, effects: &mut Vec<Effect>) {
    let of = match (&state.compare, &state.reader.entry, state.list.current()) {
        (Some(compare), _, _) => compare.pair.left.article.id,
        (None, Some(entry), _) if state.focus == Pane::Reader => entry.article.id,
        (None, _, Some(row)) => row.hit.id,
        _ => return,
    };
    ask_why(state, of, effects);
}

/// Asks for the box about an article.
pub fn ask_why(state: &mut State, of: ArticleId, effects: &mut Vec<Effect>) {
    state.tickets.why = state.tickets.issue();
    effects.push(Effect::Why {
        ticket: state.tickets.why,
        of,
    });
}

/// Carries out an action in the box that says why.
pub fn act_in_box(state: &mut State, action: Action, effects: &mut Vec<Effect>) {
    let (measure, height) = (
        layout::overlay_measure(state),
        layout::overlay_height(state),
    );
    let lines = isize::try_from(height / 2).unwrap_or(1);
    let Some(Overlay::Why(open)) = &mut state.overlay else {
        return;
    };
    match action {
        Action::Down => open.step(true, measure, height),
        Action::Up => open.step(false, measure, height),
        Action::PageDown => open.scroll(lines, measure, height),
        Action::PageUp => open.scroll(-lines, measure, height),
        Action::Top => open.scroll(isize::MIN / 2, measure, height),
        Action::Bottom => open.scroll(isize::MAX / 2, measure, height),
        Action::Open => {
            if let Some((left, right)) = open.pair() {
                state.overlay = None;
                ask_for_comparison(state, left, right, effects);
            }
        }
        _ => {}
    }
}

/// Says that two articles are no versions of one text: the two on the screen, the two selected, or the one with the
/// keys and version A of its group (version B, if it is A itself).
pub fn part(state: &mut State, effects: &mut Vec<Effect>) {
    if let Some(Overlay::Why(open)) = &state.overlay {
        match open.pair() {
            Some(pair) => say(state, Said::Apart, &[pair], effects),
            None => state.say("nothing to part here"),
        }
        return;
    }
    if let Some(compare) = &state.compare {
        let (left, right) = (&compare.pair.left, &compare.pair.right);
        if !left.versions.contains(&right.article.id) {
            state.say("these two are no versions of one text already");
            return;
        }
        let pair = (left.article.id, right.article.id);
        let at = left.versions.iter().position(|id| *id == pair.1);
        let mut others = left.versions.clone();
        others.rotate_left(at.map_or(0, |at| at + 1));
        others.retain(|id| *id != pair.0 && *id != pair.1);
        state.parting = Some(others);
        say(state, Said::Apart, &[pair], effects);
        return;
    }
    if let Some(selected) = selected(state) {
        match selected.as_slice() {
            [one, other] => say(state, Said::Apart, &[(*one, *other)], effects),
            _ => state.fail("two are parted from one another: select two, or none"),
        }
        return;
    }
    let Some(entry) = entry(state) else { return };
    let id = entry.article.id;
    let Some(other) = entry.versions.iter().copied().find(|other| *other != id) else {
        state.say("it has no other version to part it from");
        return;
    };
    let row = state.list.current().filter(|_| state.focus == Pane::List);
    if row.is_some_and(super::list::Row::is_group) && entry.versions.len() > 2 {
        let count = entry.versions.len();
        let key = state.key_of(Action::Unfold, state.context()).unwrap_or("l");
        state.say(format!(
            "which of the {count}? {key} shows them; then on the one that is no version"
        ));
        return;
    }
    say(state, Said::Apart, &[(other, id)], effects);
}

/// Says that articles are one text: the two on the screen, those selected, or first the one with the keys and then
/// another.
pub fn join(state: &mut State, effects: &mut Vec<Effect>) {
    let already = "these are versions of one text already";
    if let Some(Overlay::Why(open)) = &state.overlay {
        match open.pair() {
            Some(pair) => say(state, Said::Same, &[pair], effects),
            None => state.say("nothing to join here"),
        }
        return;
    }
    if let Some(compare) = &state.compare {
        let (left, right) = (&compare.pair.left, &compare.pair.right);
        let pair = (left.article.id, right.article.id);
        if left.versions.contains(&pair.1) {
            state.say(already);
        } else {
            say(state, Said::Same, &[pair], effects);
        }
        return;
    }
    if let Some(selected) = selected(state) {
        match selected.as_slice() {
            [_] | [] => {}
            several => {
                let pairs: Vec<_> = several.windows(2).map(|it| (it[0], it[1])).collect();
                say(state, Said::Same, &pairs, effects);
                return;
            }
        }
    }
    let (id, title) = match (&state.reader.entry, state.list.current()) {
        (Some(entry), _) if state.focus == Pane::Reader => {
            (entry.article.id, entry.article.shown_title().to_owned())
        }
        (_, Some(row)) => (row.hit.id, row.hit.title.clone()),
        _ => return,
    };
    match state.same_as.take() {
        None => state.same_as = Some((id, title)),
        Some((first, _)) if first == id => state.say("called off: it is the same article"),
        Some((first, _)) => {
            let known = state.reader.entry.as_ref().filter(|it| it.article.id == id);
            if known.is_some_and(|entry| entry.versions.contains(&first)) {
                state.say(already);
            } else {
                say(state, Said::Same, &[(first, id)], effects);
            }
        }
    }
}

/// The article with the keys, once it is there.
fn entry(state: &mut State) -> Option<std::sync::Arc<Entry>> {
    let entry = state.reader.entry.clone();
    let entry = entry.filter(|entry| state.wanted == Some(entry.article.id));
    if entry.is_none() && state.list.current().is_some() {
        state.say("one moment, the article is being read");
    }
    entry
}

/// The articles selected by hand, where the list has the keys and there are any.
fn selected(state: &mut State) -> Option<Vec<ArticleId>> {
    if state.focus != Pane::List {
        return None;
    }
    if state.list.all {
        state.fail("groups are corrected a few at a time: select rows one by one");
        return Some(Vec::new());
    }
    let chosen = &state.list.selected;
    (!chosen.is_empty()).then(|| chosen.iter().copied().collect())
}

fn say(state: &mut State, said: Said, pairs: &[(ArticleId, ArticleId)], effects: &mut Vec<Effect>) {
    let deeds: Vec<(ArticleId, Deed)> = pairs
        .iter()
        .flat_map(|(a, b)| Deed::correction(said, *a, *b))
        .collect();
    match &state.read_only {
        Some(why) => {
            state.parting = None;
            state.fail(format!("not saved: {why}"));
        }
        None => {
            state.list.selected.clear();
            effects.push(Effect::Review(deeds));
        }
    }
}

/// What follows when groups changed: the list is asked for again, and everything on the screen that knows its group.
pub fn regrouped(state: &mut State, effects: &mut Vec<Effect>) {
    super::ask_for_list(state, state.asked.clone(), effects);
    let mut ids: Vec<ArticleId> = Vec::new();
    ids.extend(state.reader.entry.as_ref().map(|entry| entry.article.id));
    if let Some(compare) = &state.compare {
        ids.extend([&compare.pair.left, &compare.pair.right].map(|entry| entry.article.id));
    }
    if !ids.is_empty() {
        effects.push(Effect::Renew(ids));
    }
    if let Some(Overlay::Why(open)) = &state.overlay {
        let of = open.of;
        ask_why(state, of, effects);
    }
}

/// What follows when the articles on the screen are there as they are now: after two versions were parted in a
/// comparison, the next one of the left takes the place of the right.
pub fn renewed(state: &mut State, effects: &mut Vec<Effect>) {
    let (Some(others), Some(compare)) = (state.parting.take(), &state.compare) else {
        return;
    };
    let left = &compare.pair.left;
    let next = others.into_iter().find(|id| left.versions.contains(id));
    match next {
        Some(next) => {
            let left = left.article.id;
            ask_for_comparison(state, left, next, effects);
        }
        None => state.compare = None,
    }
}
