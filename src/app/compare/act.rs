//! What each action does on the comparison screen, and how one gets there.

use crate::app::action::Action;
use crate::app::changes;
use crate::app::decide::{go_on, record_rows};
use crate::app::effect::{Effect, Rows};
use crate::app::layout;
use crate::app::prompt::Purpose;
use crate::app::state::{Busy, Choosing, State};
use crate::app::typing;
use crate::diff::Classes;
use crate::model::{ArticleId, Verdict};
use crate::store::types::{Deed, Hit};
use crate::text;

/// Compares the article in the reader with its next version, as soon as it is there.
pub fn start_compare(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(entry) = &state.reader.entry else {
        state.compare_next = state.list.current().is_some();
        return;
    };
    if state.wanted != Some(entry.article.id) {
        state.compare_next = true;
        return;
    }
    let id = entry.article.id;
    let Some(other) = neighbour(&entry.versions, id, true, None) else {
        state.say("no other version to compare with");
        return;
    };
    // Versions stand in the order of their sigla: A is on the left.
    let at = |id| entry.versions.iter().position(|known| *known == id);
    let (left, right) = if at(id) <= at(other) {
        (id, other)
    } else {
        (other, id)
    };
    ask_for_comparison(state, left, right, effects);
}

/// Asks which version to compare with the one in the reader, or with the left one of a comparison.
pub fn choose(state: &mut State, effects: &mut Vec<Effect>) {
    let entry = match &state.compare {
        Some(compare) => Some(&compare.pair.left),
        None => state.reader.entry.as_ref(),
    };
    let entry = entry.filter(|it| state.compare.is_some() || state.wanted == Some(it.article.id));
    let Some(entry) = entry else {
        state.say("one moment, the article is being read");
        return;
    };
    match entry.versions.len() {
        0 | 1 => state.say("no other version to compare with"),
        2 if state.compare.is_none() => start_compare(state, effects),
        2 => state.say("there are only these two versions"),
        _ => {
            let of = entry.article.id;
            state.tickets.choose = state.tickets.issue();
            effects.push(Effect::Choose {
                ticket: state.tickets.choose,
                of,
            });
        }
    }
}

/// Shows the versions to choose from.
pub fn show_choices(
    state: &mut State,
    of: ArticleId,
    versions: Vec<Hit>,
    effects: &mut Vec<Effect>,
) {
    state.choosing = Some(Choosing { of, versions });
    typing::open(state, Purpose::Version, effects);
}

/// Compares with the version that was chosen, by its number among all.
pub fn compare_with(state: &mut State, chosen: usize, effects: &mut Vec<Effect>) {
    let Some(Choosing { of, versions }) = state.choosing.take() else {
        return;
    };
    let Some(other) = versions.get(chosen).map(|hit| hit.id) else {
        return;
    };
    let at = versions.iter().position(|hit| hit.id == of);
    // What stands on the left of a comparison stays there; else A is on the left.
    let in_order = state.compare.is_some() || at.is_some_and(|at| at < chosen);
    let (left, right) = if in_order { (of, other) } else { (other, of) };
    ask_for_comparison(state, left, right, effects);
}

/// Asks for a comparison.
pub fn ask_for_comparison(
    state: &mut State,
    left: ArticleId,
    right: ArticleId,
    effects: &mut Vec<Effect>,
) {
    state.compare_next = false;
    state.busy = Some(Busy::Comparing);
    state.tickets.compare = state.tickets.issue();
    effects.push(Effect::Compare {
        ticket: state.tickets.compare,
        left,
        right,
    });
}

/// Carries out an action of the comparison.
pub fn act(state: &mut State, action: Action, effects: &mut Vec<Effect>) {
    if matches!(action, Action::NextArticle | Action::PreviousArticle) {
        if !changes::step(state, action == Action::NextArticle, effects) {
            state.say("nothing follows: this was not opened from a list of changes");
        }
        return;
    }
    let lines = layout::layout(state)
        .compare
        .map_or(1, |body| isize::try_from(body.height).unwrap_or(1));
    let Some(compare) = &mut state.compare else {
        return;
    };
    let left_id = compare.pair.left.article.id;
    match action {
        Action::Down => compare.scroll(1),
        Action::Up => compare.scroll(-1),
        Action::PageDown | Action::Page => compare.scroll(lines / 2),
        Action::PageUp | Action::PageBack => compare.scroll(-lines / 2),
        Action::Top => compare.scroll(isize::MIN / 2),
        Action::Bottom => compare.scroll(isize::MAX / 2),
        Action::NextDifference if !compare.step(true) => state.say("the last difference"),
        Action::PreviousDifference if !compare.step(false) => state.say("the first difference"),
        Action::OtherEnd if !compare.other_end() => state.say("nothing was moved"),
        Action::Unified => compare.wants_unified = !compare.wants_unified,
        Action::Raw => compare.toggle_raw(),
        Action::Unfold => compare.set_unfolded(true),
        Action::Fold => compare.set_unfolded(false),
        Action::Hide(class) => {
            let hidden = &mut state.settings.hidden;
            hidden.toggle(class);
            compare.hide(*hidden);
            let what = if hidden.contains(class) {
                "hidden"
            } else {
                "shown"
            };
            let rows = compare.summary.count(class);
            state.say(match rows {
                0 => format!("{class}: {what}; there is none here"),
                1 => format!("{class}: 1 place {what}"),
                _ => format!("{class}: {rows} places {what}"),
            });
        }
        Action::ShowAll => {
            state.settings.hidden = Classes::NONE;
            compare.hide(Classes::NONE);
            state.say("every kind of difference is shown");
        }
        Action::FindNext => compare.find_step(true),
        Action::FindPrevious => compare.find_step(false),
        Action::CopyText => match compare.hunk_text() {
            Some(text) => effects.push(Effect::Copy {
                text: text::lines(&text),
                what: "difference",
            }),
            None => state.say("go to a difference first"),
        },
        Action::NextVersion | Action::PreviousVersion => {
            let (left, right) = (&compare.pair.left, compare.pair.right.article.id);
            let forward = action == Action::NextVersion;
            match neighbour(&left.versions, right, forward, Some(left.article.id)) {
                Some(other) => ask_for_comparison(state, left_id, other, effects),
                None if left.versions.contains(&right) => {
                    state.say("there are only these two versions");
                }
                None => state.say("these two are no versions of one text"),
            }
        }
        // The next comparison is on its way: the keys are meant for that one.
        Action::KeepLeft | Action::KeepRight if state.compare_next => {
            state.say("one moment, the next comparison is on its way");
        }
        Action::KeepLeft | Action::KeepRight => {
            let side = if action == Action::KeepLeft {
                &compare.pair.left
            } else {
                &compare.pair.right
            };
            let rows = Rows::Chosen(vec![(side.article.id, false)]);
            record_rows(state, rows, Deed::Verdict(Some(Verdict::Keep)), effects);
            let next = go_on(state);
            state.compare_next = next;
            if !next {
                state.compare = None;
            }
        }
        _ => {}
    }
}

/// The next (`forward`) or previous of the ids, round the end, without `skip`.
pub fn neighbour(
    ids: &[ArticleId],
    of: ArticleId,
    forward: bool,
    skip: Option<ArticleId>,
) -> Option<ArticleId> {
    let at = ids.iter().position(|id| *id == of)?;
    let len = ids.len();
    (1..len)
        .map(|step| ids[(at + if forward { step } else { len - step }) % len])
        .find(|id| Some(*id) != skip)
}
