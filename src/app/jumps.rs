//! Marks and the way back: places in articles that a person set or came from.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::ArticleId;

use super::ask_for;
use super::effect::Effect;
use super::prompt::Candidate;
use super::reader::Place;
use super::state::{Pane, State};

/// So many places of the way back are kept.
const KEPT: usize = 100;

/// A place in an article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spot {
    /// The article.
    pub article: ArticleId,
    /// The place in it.
    pub place: Place,
    /// Its title, for the list of marks.
    pub title: String,
}

/// Marks, the way back, and the way on again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Jumps {
    /// The marks by their letters.
    pub marks: BTreeMap<char, Spot>,
    back: Vec<Spot>,
    forward: Vec<Spot>,
    /// The ticket of an article that was asked for, and where to go in it.
    pub going: Option<(u64, Place)>,
}

/// Where the person is.
fn here(state: &State) -> Option<Spot> {
    let article = &state.reader.entry.as_ref()?.article;
    Some(Spot {
        article: article.id,
        place: state.reader.place(),
        title: article.shown_title().to_owned(),
    })
}

/// Keeps the place as one to come back to.
pub fn leave(state: &mut State) {
    if let Some(here) = here(state) {
        state.jumps.forward.clear();
        push(&mut state.jumps.back, here);
    }
}

fn push(way: &mut Vec<Spot>, spot: Spot) {
    if way.last() == Some(&spot) {
        return;
    }
    if way.len() == KEPT {
        way.remove(0);
    }
    way.push(spot);
}

/// Sets a mark.
pub fn mark(state: &mut State, letter: char) {
    match here(state) {
        Some(here) => {
            state.jumps.marks.insert(letter, here);
            state.say(format!("mark {letter} is set"));
        }
        None => state.say("nothing to mark yet"),
    }
}

/// Goes to a mark.
pub fn to_mark(state: &mut State, letter: char, effects: &mut Vec<Effect>) {
    match state.jumps.marks.get(&letter).cloned() {
        Some(spot) => {
            leave(state);
            go(state, spot, effects);
        }
        None => state.say(format!("no mark {letter} is set")),
    }
}

/// Goes back to where the person came from, or on again.
pub fn along(state: &mut State, back: bool, effects: &mut Vec<Effect>) {
    let Some(here) = here(state) else { return };
    let jumps = &mut state.jumps;
    let (from, to) = match back {
        true => (&mut jumps.back, &mut jumps.forward),
        false => (&mut jumps.forward, &mut jumps.back),
    };
    let mut next = from.pop();
    // The place where one stands is no place to go to.
    if next.as_ref() == Some(&here) {
        next = from.pop();
    }
    match next {
        Some(spot) => {
            push(to, here);
            go(state, spot, effects);
        }
        None if back => state.say("no place to go back to"),
        None => state.say("no place to go on to"),
    }
}

fn go(state: &mut State, spot: Spot, effects: &mut Vec<Effect>) {
    state.focus = Pane::Reader;
    let shown = state.reader.entry.as_ref().map(|entry| entry.article.id);
    if shown == Some(spot.article) {
        state.reader.go_to(spot.place);
    } else {
        ask_for(state, spot.article, effects);
        state.jumps.going = Some((state.tickets.read, spot.place));
    }
}

/// The marks to choose from.
pub fn candidates(state: &State) -> Vec<Candidate> {
    let marks = state.jumps.marks.iter().enumerate();
    marks
        .map(|(index, (letter, spot))| Candidate {
            label: spot.title.clone(),
            note: letter.to_string(),
            index,
        })
        .collect()
}
