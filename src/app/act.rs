//! What each action does, by the pane that has the keys.

use crate::diff::Classes;
use crate::model::{ArticleId, Verdict};
use crate::store::types::{Count, Deed};

use super::action::Action;
use super::effect::{Effect, Rows};
use super::prompt::Purpose;
use super::reader::Role;
use super::state::{Overlay, Pane, Phase, State};
use super::{ask_for, jot, layout, relate, rule, typing};
use crate::model::BlockKind;

/// Carries out an action of a person.
pub fn act(state: &mut State, action: Action, effects: &mut Vec<Effect>) {
    let interrupted = std::mem::take(&mut state.interrupted);
    if typing::act(state, action, effects) {
        return;
    }
    state.notice = None;
    match action {
        Action::Quit => effects.push(Effect::Quit),
        Action::Interrupt if interrupted => effects.push(Effect::Quit),
        Action::Interrupt if state.phase != Phase::Open => {
            state.interrupted = true;
            effects.push(Effect::Stop);
            state.say("reading is called off; ^c again quits");
        }
        Action::Interrupt => {
            state.interrupted = true;
            state.say("press q to go back or quit, or ^c again to quit at once");
        }
        Action::Back | Action::Close => close(state, action, effects),
        Action::Palette => typing::open(state, Purpose::Palette, effects),
        Action::Filter => typing::open(state, Purpose::Filter, effects),
        Action::Find => typing::open(state, Purpose::Find, effects),
        Action::Note => {
            if let Some(text) = jot::begin_note(state) {
                typing::open_with(state, Purpose::Note, &text, effects);
            }
        }
        Action::SavedFilters => typing::open(state, Purpose::Saved, effects),
        Action::RenameTag => typing::open(state, Purpose::Retag, effects),
        Action::Rule => typing::open_with(state, Purpose::Rule, rule::PROPOSED, effects),
        Action::NotVersion | Action::SameText if state.rule.is_some() => {}
        Action::TagPrompt => typing::open(state, Purpose::Tag, effects),
        Action::Help => {
            state.overlay = match state.overlay {
                Some(Overlay::Help { .. }) => None,
                _ => Some(Overlay::Help {
                    of: state.context(),
                    top: 0,
                }),
            };
        }
        Action::Messages => messages(state),
        Action::WhyGroup => relate::why(state, effects),
        Action::NotVersion => relate::part(state, effects),
        Action::SameText => relate::join(state, effects),
        Action::Undo => effects.push(Effect::Undo),
        Action::Redo => effects.push(Effect::Redo),
        Action::Refresh => effects.push(Effect::Open),
        Action::Redraw => effects.push(Effect::Redraw),
        Action::Suspend => effects.push(Effect::Suspend),
        _ if matches!(state.overlay, Some(Overlay::Why(_))) => {
            relate::act_in_box(state, action, effects);
        }
        _ if state.rule.is_some() => rule::act_in_box(state, action, effects),
        _ if state.overlay.is_some() => scroll_overlay(state, action),
        _ if state.compare.is_some() => compare(state, action, effects),
        _ if review(state, action, effects) => {}
        _ if state.focus == Pane::Reader => reader(state, action, effects),
        _ => list(state, action, effects),
    }
}

/// Closes the topmost thing; `q` with nothing left to close quits.
fn close(state: &mut State, action: Action, effects: &mut Vec<Effect>) {
    state.compare_next = false;
    state.rule = None;
    if state.overlay.take().is_some() || state.compare.take().is_some() {
        return;
    }
    if state.same_as.take().is_some() {
        state.say("called off: nothing was joined");
    } else if state.zoomed {
        state.zoomed = false;
    } else if state.focus == Pane::Reader {
        state.focus = Pane::List;
    } else if action == Action::Close {
        effects.push(Effect::Quit);
    } else {
        state.list.selected.clear();
        state.list.all = false;
        state.list.find("");
    }
}

/// Actions of the list and the reader that decide or compare; says whether it was one.
fn review(state: &mut State, action: Action, effects: &mut Vec<Effect>) -> bool {
    match action {
        Action::Keep => verdict(state, Verdict::Keep, effects),
        Action::Drop => verdict(state, Verdict::Drop, effects),
        Action::Skip => verdict(state, Verdict::Skip, effects),
        Action::QuickTag(number) => {
            let tag = state
                .settings
                .quick_tags
                .get(usize::from(number).saturating_sub(1))
                .cloned();
            if let Some(tag) = tag.filter(|tag| !tag.is_empty()) {
                toggle_tag(state, tag, effects);
            }
        }
        Action::RepeatLast => match state.last_deed.clone() {
            Some(Deed::Verdict(Some(again))) => verdict(state, again, effects),
            Some(deed) => record_tag(state, deed, effects),
            None => state.say("nothing to repeat yet"),
        },
        Action::Compare => start_compare(state, effects),
        Action::NextArticle => {
            move_list(state, 1);
        }
        Action::PreviousArticle => {
            move_list(state, -1);
        }
        Action::NextPane | Action::PreviousPane => {
            state.focus = if state.focus == Pane::List {
                Pane::Reader
            } else {
                Pane::List
            };
        }
        _ => return false,
    }
    true
}

fn list(state: &mut State, action: Action, effects: &mut Vec<Effect>) {
    let height = layout::layout(state)
        .list
        .map_or(1, |list| isize::try_from(list.height).unwrap_or(1));
    match action {
        Action::Down => move_list(state, 1),
        Action::Up => move_list(state, -1),
        Action::PageDown => move_list(state, height / 2),
        Action::PageUp => move_list(state, -height / 2),
        Action::Top => move_list(state, isize::MIN / 2),
        Action::Bottom => move_list(state, isize::MAX / 2),
        Action::Open if state.list.current().is_some() => state.focus = Pane::Reader,
        Action::Unfold => {
            let group = state
                .list
                .current()
                .filter(|row| row.is_group() && !row.unfolded);
            effects.extend(group.map(|row| Effect::Versions(row.hit.id)));
        }
        Action::Fold => state.list.fold(),
        Action::FindNext => state.list.find_step(true),
        Action::FindPrevious => state.list.find_step(false),
        Action::Select => {
            state.list.toggle_selected();
            move_list(state, 1);
        }
        Action::SelectAll => {
            state.list.selected.clear();
            state.list.all = !state.list.all;
            if state.list.all {
                let count = match state.list.count {
                    Count::Exact(count) => count.to_string(),
                    Count::AtLeast(count) => format!("at least {count}"),
                };
                state.say(format!("{count} hits selected"));
            }
        }
        _ => {}
    }
}

/// Moves the cursor; whatever waited for the article that was under it is off.
fn move_list(state: &mut State, rows: isize) {
    state.compare_next = false;
    state.list.move_by(rows);
}

fn reader(state: &mut State, action: Action, effects: &mut Vec<Effect>) {
    let height = layout::layout(state)
        .reader
        .map_or(1, |reader| usize::from(reader.height));
    let lines = isize::try_from(height).unwrap_or(1);
    let reader = &mut state.reader;
    match action {
        Action::Down => reader.scroll(1, height),
        Action::Up => reader.scroll(-1, height),
        Action::PageDown => reader.scroll(lines / 2, height),
        Action::PageUp => reader.scroll(-lines / 2, height),
        Action::Top => reader.scroll(isize::MIN / 2, height),
        Action::Bottom => reader.scroll(isize::MAX / 2, height),
        Action::Page if reader.top >= reader.last_top(height) => move_list(state, 1),
        // Two lines of the last screen stay, so that the eye finds its place.
        Action::Page => reader.scroll((lines - 2).max(1), height),
        Action::PageBack => reader.scroll(-(lines - 2).max(1), height),
        Action::NextParagraph => reader.step(true, |_| true),
        Action::PreviousParagraph => reader.step(false, |_| true),
        Action::NextHeading => reader.step(true, is_heading),
        Action::PreviousHeading => reader.step(false, is_heading),
        Action::FindNext => reader.find_step(true, height),
        Action::FindPrevious => reader.find_step(false, height),
        Action::Raw => {
            reader.toggle_raw();
            let said = if reader.raw {
                "the text as it was read"
            } else {
                "the text as cleaned"
            };
            state.say(said);
        }
        Action::FoldBoilerplate => {
            let said = reader.toggle_folded();
            state.say(said);
        }
        Action::Focus => state.zoomed = !state.zoomed,
        Action::MeasureWider => state.settings.measure = (state.settings.measure + 2).min(200),
        Action::MeasureNarrower => state.settings.measure = (state.settings.measure - 2).max(20),
        Action::NextVersion => other_version(state, true, effects),
        Action::PreviousVersion => other_version(state, false, effects),
        Action::CopyText => {
            let text = reader.paragraph_on_top().map(str::to_owned);
            effects.extend(text.map(|text| Effect::Copy {
                text,
                what: "paragraph",
            }));
        }
        Action::CopyUrl => {
            let url = reader
                .entry
                .as_ref()
                .and_then(|entry| entry.article.meta.url.as_ref())
                .map(ToString::to_string);
            match url {
                Some(text) => effects.push(Effect::Copy {
                    text,
                    what: "address",
                }),
                None => state.fail("this article has no address"),
            }
        }
        Action::CopyPath => {
            let path = reader
                .entry
                .as_ref()
                .and_then(|entry| entry.sources.first());
            let text = path.map(|source| source.path.to_string_lossy().into_owned());
            effects.extend(text.map(|text| Effect::Copy { text, what: "path" }));
        }
        _ => {}
    }
}

fn is_heading(role: Role) -> bool {
    matches!(role, Role::Title | Role::Block(BlockKind::Heading(_)))
}

/// Shows the next or previous version of the text in the reader, at the same paragraph.
fn other_version(state: &mut State, forward: bool, effects: &mut Vec<Effect>) {
    let Some(entry) = &state.reader.entry else {
        return;
    };
    let Some(id) = neighbour(&entry.versions, entry.article.id, forward, None) else {
        state.say("the only version");
        return;
    };
    ask_for(state, id, effects);
    state.keep_place = Some(state.tickets.read);
}

/// The next (`forward`) or previous of the ids, round the end, without `skip`.
fn neighbour(
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

/// Compares the article in the reader with its next version, as soon as it is there.
pub fn start_compare(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(entry) = &state.reader.entry else {
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

/// Asks for a comparison.
pub fn ask_for_comparison(
    state: &mut State,
    left: ArticleId,
    right: ArticleId,
    effects: &mut Vec<Effect>,
) {
    state.compare_next = false;
    state.tickets.compare = state.tickets.issue();
    effects.push(Effect::Compare {
        ticket: state.tickets.compare,
        left,
        right,
    });
}

fn compare(state: &mut State, action: Action, effects: &mut Vec<Effect>) {
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
                text,
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

/// Records a verdict on what is chosen, else on the row or article with the keys, and goes on.
fn verdict(state: &mut State, verdict: Verdict, effects: &mut Vec<Effect>) {
    let deed = Deed::Verdict(Some(verdict));
    if chosen(state) {
        record_on_chosen(state, deed, effects);
        return;
    }
    let Some(entry) = state
        .reader
        .entry
        .clone()
        .filter(|entry| state.wanted == Some(entry.article.id))
    else {
        // The article under the cursor has not arrived: deciding blind could hit the wrong one.
        state.say("one moment, the article is being read");
        return;
    };
    let on_group =
        state.focus == Pane::List && state.list.current().is_some_and(super::list::Row::is_group);
    let rows = Rows::Chosen(vec![(entry.article.id, on_group)]);
    record_rows(state, rows, deed, effects);
    go_on(state);
}

/// Goes to the next open row, if that is wished; says whether that is a group to compare.
fn go_on(state: &mut State) -> bool {
    let next = state.list.next_open().filter(|_| state.settings.go_on);
    if let Some(row) = next {
        state.list.cursor = row;
    }
    next.is_some() && state.list.current().is_some_and(|row| row.hit.versions > 1)
}

fn chosen(state: &State) -> bool {
    state.focus == Pane::List && (state.list.all || !state.list.selected.is_empty())
}

fn toggle_tag(state: &mut State, tag: String, effects: &mut Vec<Effect>) {
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
    let list = &state.list;
    let rows = if list.all {
        Rows::Hits(list.query.clone())
    } else {
        let is_group = |id: &ArticleId| {
            let row = list.rows.iter().find(|row| row.hit.id == *id);
            row.is_some_and(super::list::Row::is_group)
        };
        Rows::Chosen(list.selected.iter().map(|id| (*id, is_group(id))).collect())
    };
    record_rows(state, rows, deed, effects);
}

fn record_rows(state: &mut State, rows: Rows, deed: Deed, effects: &mut Vec<Effect>) {
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

fn messages(state: &mut State) {
    let lines = match state.messages.is_empty() {
        true => vec!["Everything was read as it stands.".to_owned()],
        false => state.messages.iter().map(ToString::to_string).collect(),
    };
    state.overlay = Some(Overlay::Lines {
        title: "Messages",
        lines,
        top: 0,
    });
}

/// Scrolls the box that is open.
pub fn scroll_overlay(state: &mut State, action: Action) {
    let page = isize::from(i16::try_from(state.size.rows / 2).unwrap_or(1));
    let by = match action {
        Action::Down => 1,
        Action::Up => -1,
        Action::PageDown | Action::Page => page,
        Action::PageUp | Action::PageBack => -page,
        Action::Top => isize::MIN / 2,
        Action::Bottom => isize::MAX / 2,
        _ => return,
    };
    let height = layout::overlay_height(state);
    let len = layout::overlay_len(state);
    if let Some(Overlay::Help { top, .. } | Overlay::Lines { top, .. }) = &mut state.overlay {
        *top = top
            .saturating_add_signed(by)
            .min(len.saturating_sub(height));
    }
}
