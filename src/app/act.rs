//! What each action does, by the pane that has the keys.

use crate::model::Verdict;
use crate::store::types::{Count, Deed, Edge};

use super::action::Action;
use super::compare::{neighbour, start_compare};
use super::decide::{record_tag, toggle_tag, verdict};
use super::effect::Effect;
use super::prompt::Purpose;
use super::reader::Role;
use super::state::{Busy, Overlay, Pane, Phase, State};
use super::{
    ask_for, changes, compare, go_to_edge, jot, jumps, layout, relate, rule, survey, typing,
};
use crate::model::BlockKind;
use crate::text;

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
        Action::Interrupt if state.busy.is_some() => {
            let called_off = state.busy.take().map_or("", Busy::called_off);
            state.compare_next = false;
            // Whatever still comes of it is stale.
            state.tickets.compare = state.tickets.issue();
            state.tickets.collate = state.tickets.issue();
            state.tickets.statistics = state.tickets.issue();
            state.tickets.changes = state.tickets.issue();
            state.changes.take_if(|changes| changes.found.is_none());
            effects.push(Effect::CallOff);
            state.say(called_off);
        }
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
        Action::CompareWith => compare::choose(state, effects),
        Action::Versions => survey::versions(state, effects),
        Action::Statistics => survey::statistics(state, effects),
        Action::Changes => changes::open(state, effects),
        _ if matches!(state.overlay, Some(Overlay::Why(_))) => {
            relate::act_in_box(state, action, effects);
        }
        _ if state.rule.is_some() => rule::act_in_box(state, action, effects),
        _ if state.overlay.is_some() => scroll_overlay(state, action),
        _ if state.stats.is_some() => survey::act_in_statistics(state, action),
        _ if state.compare.is_some() => compare::act(state, action, effects),
        _ if state.versions.is_some() => survey::act_in_versions(state, action, effects),
        _ if state.lists_changes() => changes::act(state, action, effects),
        _ if review(state, action, effects) => {}
        _ if state.focus == Pane::Reader => reader(state, action, effects),
        _ => list(state, action, effects),
    }
}

/// Closes the topmost thing; `q` with nothing left to close quits.
fn close(state: &mut State, action: Action, effects: &mut Vec<Effect>) {
    state.compare_next = false;
    state.rule = None;
    if state.overlay.take().is_some()
        || state.stats.take().is_some()
        || state.compare.take().is_some()
    {
        return;
    }
    if let Some(versions) = state.versions.take() {
        state.compare = versions.below.map(|below| *below);
        return;
    }
    if changes::close(state) {
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
        Action::NextArticle => next_article(state, true, effects),
        Action::PreviousArticle => next_article(state, false, effects),
        Action::NextPane | Action::PreviousPane => {
            state.focus = if state.focus == Pane::List {
                Pane::Reader
            } else {
                Pane::List
            };
        }
        Action::ListWider => resize(state, 4),
        Action::ListNarrower => resize(state, -4),
        Action::ToMark => typing::open(state, Purpose::ToMark, effects),
        Action::Browse => browse(state, effects),
        Action::Edit => edit(state, effects),
        _ => return false,
    }
    true
}

/// Moves the divider between list and reader.
fn resize(state: &mut State, cells: i16) {
    match layout::layout(state).divider {
        Some(at) => layout::set_list_width(state, at.saturating_add_signed(cells)),
        None => state.say("list and reader stand beside each other in a wider terminal"),
    }
}

/// Opens the address of the article in the browser: one of the web, and nothing else.
fn browse(state: &mut State, effects: &mut Vec<Effect>) {
    let entry = state.reader.entry.as_ref();
    let url = entry.and_then(|entry| entry.article.meta.url.as_ref());
    match url.map(ToString::to_string) {
        Some(url) if is_of_the_web(&url) => effects.push(Effect::Browse(url)),
        Some(_) => state.fail("not opened: the address is not one of the web"),
        None => state.fail("this article has no address"),
    }
}

/// Says whether a browser may be given the address.
pub fn is_of_the_web(url: &str) -> bool {
    let scheme = url.split_once("://").map(|(scheme, _)| scheme);
    let is_web = scheme
        .is_some_and(|it| it.eq_ignore_ascii_case("https") || it.eq_ignore_ascii_case("http"));
    is_web && !url.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// Opens a copy of the article as it was read in the person's editor.
fn edit(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(entry) = &state.reader.entry else {
        return;
    };
    let ending = match entry.sources.first().map(|source| source.format) {
        Some("md") => "md",
        _ if entry.article.original.is_some() => "html",
        _ => "txt",
    };
    let id = entry.article.id.to_string();
    effects.push(Effect::Edit {
        name: format!("recto-{}.{ending}", id.get(..8).unwrap_or(&id)),
        text: entry.article.raw().to_owned(),
    });
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
        Action::Top => go_to_edge(state, Edge::Top, effects),
        Action::Bottom => go_to_edge(state, Edge::Bottom, effects),
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
        Action::SelectRange => state.list.select_range(),
        Action::Sort => typing::open(state, Purpose::Sort, effects),
        Action::Export if state.list.rows.is_empty() => state.say("nothing to export"),
        Action::Export => {
            let name = state.name.as_deref().unwrap_or("articles");
            let stem = name.split('.').next().filter(|it| !it.is_empty());
            let file = format!("{}-export.jsonl", stem.unwrap_or("articles"));
            typing::open_with(state, Purpose::Export, &file.replace(' ', "-"), effects);
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

/// Goes to the next or previous article of the list that the reader was opened from.
fn next_article(state: &mut State, forward: bool, effects: &mut Vec<Effect>) {
    if !changes::step(state, forward, effects) {
        move_list(state, if forward { 1 } else { -1 });
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
        // At the end of the text the focus goes on where the lines cannot.
        Action::Down if state.zoomed && reader.is_at_end(height) => reader.focus_on(true),
        Action::Up if state.zoomed && reader.is_focus_below() => reader.focus_on(false),
        Action::Down => reader.scroll(1, height),
        Action::Up => reader.scroll(-1, height),
        Action::PageDown => reader.scroll(lines / 2, height),
        Action::PageUp => reader.scroll(-lines / 2, height),
        Action::Top | Action::Bottom => {
            jumps::leave(state);
            match action {
                Action::Top => state.reader.go_to_start(),
                _ => state.reader.go_to_end(height),
            }
        }
        Action::Mark => typing::open(state, Purpose::Mark, effects),
        Action::JumpBack => jumps::along(state, true, effects),
        Action::JumpForward => jumps::along(state, false, effects),
        Action::Reveal => {
            reader.toggle_revealed();
            let said = match reader.revealed {
                true => "what cannot be seen is shown by signs",
                false => "the text as it reads",
            };
            state.say(said);
        }
        Action::Page if reader.is_at_end(height) => next_article(state, true, effects),
        // Two lines of the last screen stay, so that the eye finds its place.
        Action::Page => reader.scroll((lines - 2).max(1), height),
        Action::PageBack => reader.scroll(-(lines - 2).max(1), height),
        Action::NextParagraph if state.zoomed => reader.focus_on(true),
        Action::PreviousParagraph if state.zoomed => reader.focus_on(false),
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
            let text = reader.paragraph_on_top().map(text::lines);
            effects.extend(text.map(|text| Effect::Copy {
                text,
                what: "paragraph",
            }));
        }
        Action::CopyUrl => {
            let url = reader
                .entry
                .as_ref()
                .and_then(|entry| entry.article.meta.url.clone());
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
            let text = path.map(|source| text::line(&source.path.to_string_lossy()));
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
