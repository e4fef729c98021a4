//! A prompt: typed text, its completion, and what it does while typing and when accepted.

use crate::query;

use super::action::{Action, Context};
use super::effect::Effect;
use super::prompt::{Prompt, Purpose};
use super::state::State;
use super::{act, ask_for_list, compare, decide, jot, jumps, layout, palette, rule, survey};

/// Opens a prompt.
pub fn open(state: &mut State, purpose: Purpose, effects: &mut Vec<Effect>) {
    let text = match purpose {
        Purpose::Filter => state.list.query.clone(),
        _ => String::new(),
    };
    open_with(state, purpose, &text, effects);
}

/// Opens a prompt that holds a text.
pub fn open_with(state: &mut State, purpose: Purpose, text: &str, effects: &mut Vec<Effect>) {
    if matches!(purpose, Purpose::Tag | Purpose::Retag) {
        effects.push(Effect::Tags);
    }
    if purpose == Purpose::Filter && state.vocabulary.is_none() && state.stats.is_none() {
        survey::count(state, effects);
    }
    let context = state.context();
    state.prompt = Some(Prompt::new(purpose, text));
    state.prompt_from = context;
    refresh(state);
}

/// Types text into the open prompt.
pub fn insert(state: &mut State, text: &str, effects: &mut Vec<Effect>) {
    let Some(prompt) = &mut state.prompt else {
        return;
    };
    // A mark is one letter: nothing to accept.
    if let (Purpose::Mark | Purpose::ToMark, Some(letter)) = (prompt.purpose, text.chars().next()) {
        let purpose = prompt.purpose;
        state.prompt = None;
        match purpose {
            Purpose::Mark if letter.is_control() || letter.is_whitespace() => {}
            Purpose::Mark => jumps::mark(state, letter),
            _ => jumps::to_mark(state, letter, effects),
        }
        return;
    }
    prompt.insert(text);
    changed(state, effects);
}

/// Carries out a command of the prompt; says whether it was one.
pub fn act(state: &mut State, action: Action, effects: &mut Vec<Effect>) -> bool {
    let Some(prompt) = &mut state.prompt else {
        return false;
    };
    match action {
        Action::CursorLeft => prompt.left(),
        Action::CursorRight => prompt.right(),
        Action::CursorStart => prompt.home(),
        Action::CursorEnd => prompt.end(),
        Action::Down => prompt.choose(true),
        Action::Up => prompt.choose(false),
        Action::DeleteBack => {
            if prompt.delete_back() {
                changed(state, effects);
            } else if prompt.text.is_empty() {
                give_up(state, effects);
            }
        }
        Action::DeleteForward => {
            prompt.delete();
            changed(state, effects);
        }
        Action::DeleteWord => {
            prompt.delete_word();
            changed(state, effects);
        }
        Action::DeleteToStart => {
            prompt.clear();
            changed(state, effects);
        }
        Action::Complete => complete(state, effects),
        Action::Accept => accept(state, effects),
        Action::Back | Action::Close | Action::Interrupt => give_up(state, effects),
        _ => return false,
    }
    true
}

/// What follows from other text in the line: the list narrows, the matches light up, candidates change.
fn changed(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(prompt) = &mut state.prompt else {
        return;
    };
    prompt.chosen = 0;
    prompt.picked = false;
    let text = prompt.text.clone();
    let context = query::Context {
        today: state.settings.today,
        saved: &state.saved,
    };
    match prompt.purpose {
        Purpose::Filter => match query::parse(&text, context) {
            Ok(_) => {
                prompt.error = None;
                ask_for_list(state, text, effects);
            }
            // The last good list stays.
            Err(error) => prompt.error = Some(error),
        },
        Purpose::Find => find(state, &text),
        _ => {}
    }
    refresh(state);
}

/// Ranks the candidates anew.
pub fn refresh(state: &mut State) {
    let Some(prompt) = &state.prompt else { return };
    let candidates = match prompt.purpose {
        Purpose::Palette => palette::commands(&state.commands, state.prompt_from, &prompt.text),
        Purpose::Tag => palette::tags(state, &prompt.text),
        Purpose::Sort => palette::orders(&prompt.text),
        Purpose::Version => palette::versions(state, &prompt.text),
        Purpose::ToMark => jumps::candidates(state),
        Purpose::Filter => {
            let (at, candidates) = palette::completions(state, &prompt.text, prompt.cursor);
            if let Some(prompt) = &mut state.prompt {
                prompt.completes = at;
            }
            candidates
        }
        // What stands behind the = is a new name, or one that is in use.
        Purpose::Retag => palette::tags(state, prompt.text.rsplit(['=', ',']).next().unwrap_or("")),
        Purpose::Saved => palette::saved(state, &prompt.text),
        Purpose::Find | Purpose::Mark | Purpose::Note | Purpose::Rule | Purpose::Export => {
            Vec::new()
        }
    };
    if let Some(prompt) = &mut state.prompt {
        prompt.chosen = prompt.chosen.min(candidates.len().saturating_sub(1));
        prompt.candidates = candidates;
    }
}

fn complete(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(prompt) = &mut state.prompt else {
        return;
    };
    if prompt.purpose == Purpose::Filter {
        if let Some(candidate) = prompt.candidates.get(prompt.chosen) {
            let (at, text) = (prompt.completes.clone(), candidate.label.clone());
            prompt.replace(at, &text);
            changed(state, effects);
        }
        return;
    }
    if !matches!(
        prompt.purpose,
        Purpose::Tag | Purpose::Retag | Purpose::Saved
    ) {
        prompt.choose(true);
        return;
    }
    if let Some(candidate) = prompt.candidates.get(prompt.chosen) {
        let kept = match prompt.purpose {
            // What was typed in front of the last tag stays.
            Purpose::Retag => prompt.text.rfind(['=', ',']).map_or(0, |at| at + 1),
            _ => 0,
        };
        prompt.text.truncate(kept);
        prompt.text.push_str(&candidate.label);
        prompt.end();
        changed(state, effects);
    }
}

fn accept(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(prompt) = &state.prompt else { return };
    // A suggestion that was gone to is meant.
    if prompt.purpose == Purpose::Filter && prompt.picked {
        return complete(state, effects);
    }
    // A filter with a mistake stays open, with its caret.
    if prompt.error.is_some() {
        return;
    }
    let Some(prompt) = state.prompt.take() else {
        return;
    };
    match prompt.purpose {
        Purpose::Filter | Purpose::Mark => {}
        Purpose::Find => {
            if prompt_is_of_reader(state) {
                jumps::leave(state);
            }
        }
        Purpose::Sort => {
            let order = prompt.candidates.get(prompt.chosen);
            if let Some((key, _)) = order.and_then(|it| palette::ORDERS.get(it.index)) {
                let query = palette::ordered(&state.list.query, key);
                ask_for_list(state, query, effects);
            }
        }
        Purpose::Version => {
            if let Some(chosen) = prompt.candidates.get(prompt.chosen) {
                compare::compare_with(state, chosen.index, effects);
            }
        }
        Purpose::Export => decide::export(state, &prompt.text, effects),
        Purpose::ToMark => {
            let chosen = prompt.candidates.get(prompt.chosen);
            if let Some(letter) = chosen.and_then(|it| it.note.chars().next()) {
                jumps::to_mark(state, letter, effects);
            }
        }
        Purpose::Tag => {
            let picked = prompt
                .candidates
                .get(prompt.chosen)
                .filter(|_| prompt.picked);
            let tag = picked.map_or(&prompt.text, |candidate| &candidate.label);
            if let Some(deed) = decide::tag_deed(tag) {
                decide::record_tag(state, deed, effects);
            }
        }
        Purpose::Note => jot::note(state, &prompt.text, effects),
        Purpose::Saved => {
            let picked = prompt.candidates.get(prompt.chosen);
            let picked = picked.filter(|_| prompt.picked);
            let name = picked.map_or(prompt.text, |it| it.label.clone());
            jot::saved(state, &name, effects);
        }
        Purpose::Retag => jot::retag(state, &prompt.text, effects),
        Purpose::Rule => match rule::read(state, &prompt.text) {
            Ok(rule) => {
                state.say("working out what it would cost");
                effects.push(Effect::Cost(rule));
            }
            Err(why) => state.fail(why),
        },
        Purpose::Palette => {
            let action = prompt
                .candidates
                .get(prompt.chosen)
                .and_then(|candidate| state.commands.get(candidate.index))
                .map(|info| info.action);
            if let Some(action) = action {
                act::act(state, action, effects);
            }
        }
    }
}

fn give_up(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(prompt) = state.prompt.take() else {
        return;
    };
    match prompt.purpose {
        Purpose::Filter if prompt.text != prompt.before => {
            ask_for_list(state, prompt.before, effects);
        }
        Purpose::Find => find(state, ""),
        _ => {}
    }
}

/// Says whether the prompt was opened from the reader.
fn prompt_is_of_reader(state: &State) -> bool {
    state.compare.is_none() && state.prompt_from == Context::Reader
}

/// Finds in the pane that the prompt was opened from.
fn find(state: &mut State, text: &str) {
    let layout = layout::layout(state);
    if let Some(compare) = &mut state.compare {
        compare.find(text);
    } else if state.prompt_from == Context::List {
        state.list.find(text);
    } else {
        let height = layout.reader.map_or(1, |reader| usize::from(reader.height));
        state.reader.find(text, height);
    }
}
