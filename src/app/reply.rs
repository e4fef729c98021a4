//! What the world answers, taken into the state.

use std::sync::Arc;

use super::compare::Compare;
use super::effect::Effect;
use super::event::Reply;
use super::state::{Phase, State};
use super::{act, ask_for_list, layout, typing};

/// Takes an answer in; a stale one changes nothing.
pub fn take(state: &mut State, reply: Reply, effects: &mut Vec<Effect>) {
    match reply {
        Reply::Progress { records, bytes } => state.phase = Phase::Reading { records, bytes },
        Reply::Opened {
            name,
            diagnostics,
            read_only,
            notices,
        } => {
            state.phase = Phase::Open;
            state.name = Some(name);
            state.followed = None;
            if let Some(why) = &read_only {
                state.fail(format!("nothing can be saved: {why}"));
            } else if let Some(first) = notices.first() {
                state.fail(first.to_string());
            } else if let Some(first) = diagnostics.first() {
                let more = diagnostics.len() - 1;
                let rest = if more > 0 {
                    format!(" (and {more} more: g l)")
                } else {
                    String::new()
                };
                state.fail(format!("{first}{rest}"));
            }
            state.messages = read_only
                .iter()
                .cloned()
                .chain(notices)
                .chain(diagnostics)
                .collect();
            state.read_only = read_only;
            ask_for_list(state, state.list.query.clone(), effects);
            effects.push(Effect::Census);
            effects.push(Effect::Tags);
        }
        Reply::Census(census) => state.census = census,
        Reply::Found {
            ticket,
            page,
            query,
        } if ticket == state.tickets.find => {
            state.list.take(page, Some(&query));
            set_error(state, None);
        }
        Reply::Found { ticket, page, .. } if ticket == state.tickets.more => {
            state.list.take(page, None);
        }
        Reply::Found { .. } => {}
        Reply::BadQuery { ticket, error } if ticket == state.tickets.find => {
            set_error(state, Some(error));
        }
        Reply::BadQuery { .. } => {}
        Reply::Versions { of, hits } => state.list.unfold(of, hits),
        Reply::Entry { ticket, entry } if ticket == state.tickets.read => {
            let width = layout::layout(state)
                .reader
                .map_or(usize::from(state.settings.measure), |r| r.width.into());
            if std::mem::take(&mut state.keep_place) {
                state.reader.show_version(entry, width);
            } else {
                state.reader.show(entry, width);
            }
            if state.compare_next {
                act::act(state, super::action::Action::Compare, effects);
            }
        }
        Reply::Entry { .. } => {}
        Reply::Compared { ticket, pair } if ticket == state.tickets.compare => {
            let unified = state
                .compare
                .as_ref()
                .is_some_and(|compare| compare.wants_unified);
            let mut compare = Compare::new(pair);
            compare.wants_unified = unified;
            state.compare = Some(compare);
        }
        Reply::Compared { .. } => {}
        Reply::Reviewed { receipt: None, .. } => state.say("nothing to take back"),
        Reply::Reviewed {
            receipt: Some(receipt),
            decisions,
        } => {
            state.list.decide(&decisions);
            if let Some(entry) = &mut state.reader.entry
                && let Some((_, decision)) =
                    decisions.iter().find(|(id, _)| *id == entry.article.id)
            {
                Arc::make_mut(entry).decision = decision.clone();
            }
            state.say(receipt.summary);
            effects.push(Effect::Census);
        }
        Reply::Tags(tags) => {
            state.tags = tags;
            typing::refresh(state);
        }
        Reply::Said(text) => state.say(text.to_string()),
        Reply::Failed(text) => state.fail(text.to_string()),
    }
}

fn set_error(state: &mut State, error: Option<crate::query::QueryError>) {
    if let Some(prompt) = &mut state.prompt {
        prompt.error = error;
    }
}
