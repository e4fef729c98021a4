//! What a person writes down: notes, names of filters, other names of tags.

use crate::model::{Anchor, ArticleId};
use crate::store::types::Deed;

use super::effect::Effect;
use super::state::{Pane, State};

/// Stands for a line break in the line that a note is typed into.
const BREAK: &str = " ⏎ ";

/// What a note would be about, and the note that stands there: the paragraph on top of the reader, or the article where
/// the list has the keys or the reader shows its beginning.
pub fn begin_note(state: &mut State) -> Option<String> {
    let entry = state.reader.entry.clone();
    let entry = entry.filter(|entry| state.wanted == Some(entry.article.id));
    let Some(entry) = entry else {
        state.say("one moment, the article is being read");
        return None;
    };
    let on = match state.focus {
        Pane::Reader if !state.reader.is_at_top() => {
            state.reader.block_on_top().map(|(number, words)| {
                let at = usize::try_from(number).unwrap_or(usize::MAX);
                let words_of = || entry.article.body().map(|block| block.text.as_str());
                let known = entry.decision.notes.iter().filter_map(|it| it.on.as_ref());
                let mut here = known.filter(|it| it.find(words_of()) == Some(at - 1));
                let new = || Anchor::new(number, words);
                here.next().cloned().unwrap_or_else(new)
            })
        }
        _ => None,
    };
    let text = entry.decision.note_on(on.as_ref()).unwrap_or_default();
    let text = text.replace('\n', BREAK);
    state.noting = Some((entry.article.id, on));
    Some(text)
}

/// Writes the note that was typed; nothing typed takes it away.
pub fn note(state: &mut State, typed: &str, effects: &mut Vec<Effect>) {
    let Some((id, on)) = state.noting.take() else {
        return;
    };
    let lines: Vec<&str> = typed.split('⏎').map(str::trim).collect();
    let text = lines.join("\n");
    let text = Some(text.trim()).filter(|it| !it.is_empty());
    let text = text.map(str::to_owned);
    review(state, id, Deed::Note { on, text }, effects);
}

fn review(state: &mut State, id: ArticleId, deed: Deed, effects: &mut Vec<Effect>) {
    match &state.read_only {
        Some(why) => state.fail(format!("not saved: {why}")),
        None => effects.push(Effect::Review(vec![(id, deed)])),
    }
}

/// Asks the saved filter of that name, forgets it (`-name`), or saves the present one under a new name.
pub fn saved(state: &mut State, typed: &str, effects: &mut Vec<Effect>) {
    let name = typed.trim();
    if name.is_empty() {
        return;
    }
    if let Some(name) = name.strip_prefix('-') {
        let name = name.trim().to_owned();
        match state.saved.contains_key(&name) {
            true => effects.push(Effect::SaveFilter { name, query: None }),
            false => state.fail(format!("no filter is called {name}")),
        }
    } else if state.saved.contains_key(name) {
        super::ask_for_list(state, format!("query:{name}"), effects);
    } else if state.list.query.trim().is_empty() {
        state.fail("nothing to save: filter the list first");
    } else {
        effects.push(Effect::SaveFilter {
            name: name.to_owned(),
            query: Some(state.list.query.clone()),
        });
    }
}

/// Calls tags otherwise: `old = new`, `one, two = new`.
pub fn retag(state: &mut State, typed: &str, effects: &mut Vec<Effect>) {
    let Some((old, new)) = typed.split_once('=') else {
        state.fail("write it as old = new, or one, two = new");
        return;
    };
    let old = old.split(',').map(|it| it.trim().to_owned());
    let old: Vec<String> = old.filter(|it| !it.is_empty()).collect();
    let new = new.split_whitespace().collect::<Vec<_>>().join("-");
    match &state.read_only {
        Some(why) => state.fail(format!("not saved: {why}")),
        None if old.is_empty() || new.is_empty() => state.fail("write it as old = new"),
        None => effects.push(Effect::Retag { old, new }),
    }
}
