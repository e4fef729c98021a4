//! The screens that look at much at once: all versions of a text, and the whole collection in numbers.

use std::sync::Arc;

use super::action::Action;
use super::compare::ask_for_comparison;
use super::decide::{go_on, record_rows};
use super::effect::{Effect, Rows};
use super::layout;
use super::state::{Busy, Pane, State};
use super::stats::Stats;
use super::versions::{Collated, VersionsScreen};
use crate::model::{ArticleId, Verdict};
use crate::query::Vocabulary;
use crate::store::types::{Deed, Statistics};
use crate::text;

/// Opens the versions of the text on the screen, or closes them.
pub fn versions(state: &mut State, effects: &mut Vec<Effect>) {
    if state.versions.is_some() {
        // Behind a comparison that was opened from them they are there already.
        if state.compare.take().is_none() {
            super::act::act(state, Action::Back, effects);
        }
        return;
    }
    let (of, base) = match (&state.compare, &state.reader.entry, state.list.current()) {
        (Some(compare), _, _) => {
            let left = compare.pair.left.article.id;
            (left, Some(left))
        }
        (None, Some(entry), _) if state.focus == Pane::Reader => (entry.article.id, None),
        (None, _, Some(row)) => (row.hit.id, None),
        _ => return,
    };
    ask(state, of, base, effects);
}

fn ask(state: &mut State, of: ArticleId, base: Option<ArticleId>, effects: &mut Vec<Effect>) {
    state.busy = Some(Busy::Comparing);
    state.tickets.collate = state.tickets.issue();
    effects.push(Effect::Collate {
        ticket: state.tickets.collate,
        of,
        base,
    });
}

/// Shows versions that were collated; where they were on the screen already, at the same place in the same way.
pub fn show(state: &mut State, collated: Arc<Collated>) {
    if collated.versions.len() < 2 {
        state.versions = None;
        state.say("there is only this version");
        return;
    }
    let mut new = VersionsScreen::new(collated);
    match state.versions.take() {
        Some(before) => {
            new.view = before.view;
            new.cursor = before.cursor.min(new.len().saturating_sub(1));
            new.below = before.below;
        }
        None => new.below = state.compare.take().map(Box::new),
    }
    state.versions = Some(Box::new(new));
}

/// Carries out an action on the screen of versions.
pub fn act_in_versions(state: &mut State, action: Action, effects: &mut Vec<Effect>) {
    let lines = layout::layout(state)
        .versions
        .map_or(1, |body| isize::try_from(body.height).unwrap_or(1));
    let Some(versions) = &mut state.versions else {
        return;
    };
    match action {
        Action::Down => versions.move_by(1),
        Action::Up => versions.move_by(-1),
        Action::PageDown => versions.move_by((lines / 2).max(2)),
        Action::PageUp => versions.move_by(-(lines / 2).max(2)),
        Action::Top => versions.move_by(isize::MIN / 2),
        Action::Bottom => versions.move_by(isize::MAX / 2),
        Action::NextView | Action::NextPane => versions.next_view(true),
        Action::PreviousView | Action::PreviousPane => versions.next_view(false),
        Action::NextDifference if !versions.step(true) => state.say("the last place"),
        Action::PreviousDifference if !versions.step(false) => state.say("the first place"),
        Action::NextVersion => versions.choose(true),
        Action::PreviousVersion => versions.choose(false),
        Action::Open => {
            if let (Some(base), Some(chosen)) = (versions.base(), versions.chosen()) {
                ask_for_comparison(state, base, chosen, effects);
            }
        }
        Action::Base => {
            if let Some(chosen) = versions.chosen() {
                ask(state, chosen, Some(chosen), effects);
            }
        }
        Action::Keep => {
            let chosen = versions.collated.versions.get(versions.chosen).cloned();
            if let Some(entry) = chosen {
                let rows = Rows::Chosen(vec![(entry.article.id, false)]);
                record_rows(state, rows, Deed::Verdict(Some(Verdict::Keep)), effects);
                go_on(state);
                state.versions = None;
            }
        }
        Action::CopyText => {
            let text = versions.text().map(|text| text::lines(&text));
            effects.extend(text.map(|text| Effect::Copy {
                text,
                what: "place",
            }));
        }
        _ => {}
    }
}

/// Opens the statistics.
pub fn statistics(state: &mut State, effects: &mut Vec<Effect>) {
    state.stats = Some(Stats::default());
    state.busy = Some(Busy::Counting);
    count(state, effects);
}

/// Asks for the numbers.
pub fn count(state: &mut State, effects: &mut Vec<Effect>) {
    state.tickets.statistics = state.tickets.issue();
    effects.push(Effect::Statistics {
        ticket: state.tickets.statistics,
    });
}

/// Names kept for completing a filter, of each kind: nobody looks through more.
const NAMES: usize = 2_000;

/// What a filter can name in a collection.
pub fn vocabulary(numbers: &Statistics) -> Vocabulary {
    let some = |names: &[(String, u64)]| names.iter().take(NAMES).cloned().collect();
    Vocabulary {
        tags: some(&numbers.tags),
        sites: some(&numbers.sites),
        languages: some(&numbers.languages),
    }
}

/// Carries out an action on the statistics screen.
pub fn act_in_statistics(state: &mut State, action: Action) {
    let Some(body) = layout::layout(state).stats else {
        return;
    };
    let (width, height) = (body.width, usize::from(body.height));
    let page = isize::try_from(body.height / 2).unwrap_or(1);
    let by = match action {
        Action::Down => 1,
        Action::Up => -1,
        Action::PageDown => page,
        Action::PageUp => -page,
        Action::Top => isize::MIN / 2,
        Action::Bottom => isize::MAX / 2,
        _ => return,
    };
    if let Some(stats) = &mut state.stats {
        stats.scroll(by, width, height);
    }
}
