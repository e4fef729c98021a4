//! What the world answers, taken into the state.

use std::sync::Arc;

use crate::text::clean;

use super::action::Action;
use super::compare::Compare;
use super::effect::Effect;
use super::event::{Fetched, Progress, Reply, Share};
use super::state::{Busy, Overlay, Pane, Phase, State};
use super::why::WhyBox;
use super::{ask_for_list, changes, compare, keepsake, layout, relate, rule, survey, typing};
use crate::diff;
use crate::store::types::Entry;

/// Says the first of what there is to say, and how much more there is.
fn say_messages(state: &mut State) {
    if let Some(first) = state.messages.first().cloned() {
        let more = state.messages.len() - 1;
        let rest = if more > 0 {
            format!("(and {more} more: g l) ")
        } else {
            String::new()
        };
        state.fail(format!("{rest}{first}"));
    }
}

/// Says whether reading has come so far that it is said where nothing moves by itself: another tenth, or ten times as much
/// where nobody knows how much there is.
fn is_a_step(phase: Phase, now: Progress) -> bool {
    let Phase::Reading(before) = phase else {
        return true;
    };
    match (before.percent(), now.percent()) {
        (Some(before), Some(now)) => before / 10 != now / 10,
        _ => now.records >= before.records.saturating_mul(10),
    }
}

/// Takes an answer in; a stale one changes nothing.
pub fn take(state: &mut State, reply: Reply, effects: &mut Vec<Effect>) {
    match reply {
        Reply::Progress(progress) => {
            if !state.settings.reduced_motion || is_a_step(state.phase, progress) {
                state.phase = Phase::Reading(progress);
            }
        }
        Reply::Grouping(share) => {
            let tenth = |share: Share| share.percent / 10;
            let same = matches!(state.phase, Phase::Grouping(now) if tenth(now) == tenth(share));
            if !(state.settings.reduced_motion && same) {
                state.phase = Phase::Grouping(share);
            }
        }
        Reply::Opened {
            name,
            read_only,
            notices,
        } => {
            state.name = Some(name);
            state.vocabulary = None;
            let unsaved = read_only
                .as_ref()
                .map(|why| clean::line(&format!("nothing can be saved: {why}")));
            state.messages = unsaved.into_iter().chain(notices).collect();
            say_messages(state);
            state.read_only = read_only;
            ask_for_list(state, state.asked.clone(), effects);
            effects.push(Effect::Tags);
        }
        // Rows that come by themselves move what one looks at.
        Reply::Grown if state.settings.reduced_motion => {}
        Reply::Grown => {
            // A filter that is on its way sees what has grown since.
            if !state.is_finding() {
                ask_for_list(state, state.asked.clone(), effects);
            }
        }
        Reply::Complete {
            stopped,
            notices,
            diagnostics,
        } => {
            state.phase = Phase::Open;
            state.vocabulary = None;
            let news = !notices.is_empty() || !diagnostics.is_empty();
            state.messages.extend(notices);
            state.messages.extend(diagnostics);
            if stopped {
                let key = state.key_of(Action::Refresh, state.context());
                let again = key.unwrap_or("R").to_owned();
                state.say(format!("reading was called off; {again} reads everything"));
            } else if news {
                say_messages(state);
            }
            relate::regrouped(state, effects);
            effects.push(Effect::Census);
            effects.push(Effect::Tags);
            effects.push(Effect::Filters);
            changes::ask(state, effects);
            // What was counted while it was read was a part.
            if state.stats.is_some() {
                survey::count(state, effects);
            }
        }
        Reply::Census(census) => state.census = Some(census),
        Reply::Found {
            ticket,
            page,
            query,
        } if ticket == state.tickets.find => {
            let unfolded = state.list.take(page, Some((&query, state.asked_from)));
            state.tickets.found = ticket;
            if !state.touched {
                state.list.to_top();
            } else if state.phase != Phase::Open && state.reader.entry.is_some() {
                // Whoever reads while the list grows goes on with what he reads.
                state.followed = state.list.current().map(|row| row.hit.id);
            }
            if state.list.rows.is_empty() && state.focus == Pane::List {
                // An article that is not in the list is not what one looks at.
                state.reader.entry = None;
                state.followed = None;
                state.tickets.read = state.tickets.issue();
            }
            effects.extend(unfolded.into_iter().map(Effect::Versions));
            // A next page of the list before is stale now.
            state.tickets.more = state.tickets.issue();
            keepsake::rows_arrived(state, effects);
        }
        Reply::Found { ticket, page, .. } if ticket == state.tickets.more => {
            let _ = state.list.take(page, None);
        }
        Reply::Found { .. } => {}
        Reply::Versions { of, hits } => state.list.unfold(of, hits),
        Reply::Choices { ticket, of, hits } => {
            if ticket == state.tickets.choose && state.prompt.is_none() {
                compare::show_choices(state, of, hits, effects);
            }
        }
        Reply::Exported(text) => {
            if state.busy == Some(Busy::Exporting) {
                state.busy = None;
            }
            state.say(text.to_string());
        }
        Reply::Entry { ticket, article } if ticket == state.tickets.read => {
            let width = layout::layout(state)
                .reader
                .map_or(usize::from(state.settings.measure), |r| r.width.into());
            let going = state.jumps.going.take().filter(|(of, _)| *of == ticket);
            if let Some((_, place)) = going {
                state.reader.show_at(article, width, place);
            } else if state.keep_place.take() == Some(ticket) {
                state.reader.show_version(article, width);
            } else if state.reader.shows(article.entry.article.id) {
                // Read again, because files were looked at again: nothing moves.
                let place = state.reader.place();
                state.reader.show_at(article, width, place);
            } else {
                state.reader.show(article, width);
            }
            if state.compare_next {
                compare::start_compare(state, effects);
            }
        }
        Reply::Entry { .. } => {}
        Reply::Compared { ticket, pair } if ticket == state.tickets.compare => {
            state.busy = None;
            let unified = state
                .compare
                .as_ref()
                .is_some_and(|compare| compare.wants_unified);
            let [left, right] = [&pair.left, &pair.right].map(|side| &*side.article.text);
            let unseen = diff::unseen(&pair.comparison, left, right);
            if !unseen.is_empty() {
                state.say(format!("not to be seen: {}", unseen.join(" · ")));
            }
            let mut compare = Compare::new(pair, state.settings.hidden);
            compare.wants_unified = unified;
            state.compare = Some(compare);
        }
        Reply::Compared { .. } => {}
        Reply::Renewed(articles) => {
            let has = |id| articles.iter().any(|it| it.entry.article.id == id);
            let shown = state.reader.entry.as_ref().map(|entry| entry.article.id);
            if shown.is_some_and(|id| !has(id)) {
                // It is gone.
                state.followed = None;
            }
            for Fetched { entry, boilerplate } in articles {
                state.list.follow_into(entry.article.id, &entry.versions);
                let is_it = |known: &Entry| known.article.id == entry.article.id;
                if state.reader.entry.as_deref().is_some_and(is_it) {
                    let article = Fetched {
                        entry: Arc::clone(&entry),
                        boilerplate,
                    };
                    state.reader.renew(article);
                }
                if let Some(compare) = &mut state.compare {
                    let pair = Arc::make_mut(&mut compare.pair);
                    for side in [&mut pair.left, &mut pair.right] {
                        if is_it(side) {
                            *side = Arc::clone(&entry);
                        }
                    }
                }
            }
            relate::renewed(state, effects);
        }
        Reply::Why {
            ticket,
            of,
            why,
            first,
        } if ticket == state.tickets.why => {
            let mut new = WhyBox::new(of, why);
            let measure = layout::overlay_measure(state);
            let height = layout::overlay_height(state);
            match &state.overlay {
                Some(Overlay::Why(before)) => {
                    new.top = before.top;
                    // It may be shorter now.
                    new.scroll(0, measure, height);
                    // What is told later stands behind what was there.
                    if !first && before.pair().is_some() {
                        new.chosen = before.chosen;
                    }
                }
                // It was closed meanwhile.
                _ if !first => return,
                _ => {}
            }
            state.overlay = Some(Overlay::Why(new));
        }
        Reply::Why { .. } => {}
        Reply::Collated { ticket, collated } if ticket == state.tickets.collate => {
            state.busy = None;
            survey::show(state, collated);
        }
        Reply::Collated { .. } => {}
        Reply::Statistics { ticket, numbers } => {
            if ticket != state.tickets.statistics {
                return;
            }
            state.vocabulary = Some(survey::vocabulary(&numbers));
            typing::refresh(state);
            if let Some(stats) = &mut state.stats {
                state.busy = None;
                stats.numbers = Some(numbers);
            }
        }
        Reply::Compares { ticket, done, of } => {
            let changes = state.changes.as_mut();
            if let Some(changes) = changes.filter(|_| ticket == state.tickets.changes) {
                changes.progress = Some((done, of));
            }
        }
        Reply::Changes { ticket, changes } => {
            if ticket == state.tickets.changes {
                state.busy = None;
                changes::show(state, changes);
            }
        }
        Reply::Reviewed {
            receipt,
            decisions,
            regrouped,
        } => {
            state.list.decide(&decisions);
            if let Some(entry) = &mut state.reader.entry
                && let Some((_, decision)) =
                    decisions.iter().find(|(id, _)| *id == entry.article.id)
            {
                let notes_changed = entry.decision.notes != decision.notes;
                Arc::make_mut(entry).decision = decision.clone();
                if notes_changed {
                    state.reader.rebuild_in_place();
                }
            }
            if let Some(receipt) = receipt {
                state.say(receipt.summary);
            }
            effects.push(Effect::Census);
            effects.push(Effect::Filters);
            if regrouped {
                relate::regrouped(state, effects);
            }
        }
        Reply::Cost { rule, lines } => {
            state.notice = None;
            rule::show(state, rule, lines);
        }
        Reply::Filters(saved) => {
            state.saved = saved;
            typing::refresh(state);
        }
        Reply::Tags(tags) => {
            state.tags = tags;
            typing::refresh(state);
        }
        Reply::Said(text) => state.say(text.to_string()),
        Reply::Failed(text) => {
            state.compare_next = false;
            if state.busy.take() == Some(Busy::ListingChanges) {
                state.changes.take_if(|changes| changes.found.is_none());
            }
            state.parting = None;
            state.list.stop_waiting();
            state.fail(text.to_string());
        }
    }
}
