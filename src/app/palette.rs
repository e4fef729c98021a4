//! Candidates for a typed line, ranked: commands by any of their words, tags by a part of their name.

use std::ops::Range;

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::action::Context;
use super::prompt::Candidate;
use super::state::{CommandInfo, State};
use crate::model::siglum;
use crate::query::{Vocabulary, complete};
use crate::store::types::Hit;

/// The commands of a context that the typed words may mean, best first; all of them for nothing typed.
pub fn commands(commands: &[CommandInfo], context: Context, typed: &str) -> Vec<Candidate> {
    let here = |info: &CommandInfo| {
        info.contexts.contains(&Context::Everywhere) || info.contexts.contains(&context)
    };
    let known: Vec<_> = commands
        .iter()
        .enumerate()
        .filter(|(_, info)| here(info))
        .collect();
    let texts = known.iter();
    let texts = texts.map(|(_, info)| format!("{} {}", info.name, info.doc));
    let mut ranked = rank(typed, texts);
    // What is called so comes before what is only described so.
    let typed = typed.trim().to_lowercase();
    let one_word = !typed.is_empty() && !typed.contains(char::is_whitespace);
    let called = |name: &str| match name.starts_with(&typed) {
        true => 0,
        false if name.split('-').any(|part| part.starts_with(&typed)) => 1,
        false => 2,
    };
    ranked.sort_by_key(|at| one_word.then(|| called(known[*at].1.name)));
    if typed.is_empty() {
        // Going up and down needs no palette.
        ranked.sort_by_key(|at| known[*at].1.contexts.contains(&Context::Everywhere));
    }
    ranked
        .into_iter()
        .map(|at| {
            let (index, info) = known[at];
            let key = info
                .keys
                .iter()
                .find(|(place, _)| *place == context || *place == Context::Everywhere);
            Candidate {
                label: format!("{:<20} {}", info.name, info.doc),
                note: key.map_or_else(String::new, |(_, key)| key.clone()),
                index,
            }
        })
        .collect()
}

/// The known tags that the typed letters may mean, best first.
pub fn tags(state: &State, typed: &str) -> Vec<Candidate> {
    let (sign, typed) = if let Some(rest) = typed.strip_prefix('-') {
        ("-", rest)
    } else {
        ("", typed)
    };
    let ranked = rank(typed, state.tags.iter().cloned());
    let quick = |tag: &str| {
        state
            .settings
            .quick_tags
            .iter()
            .position(|quick| quick == tag)
    };
    ranked
        .into_iter()
        .map(|index| {
            let tag = &state.tags[index];
            let note = quick(tag).map_or_else(String::new, |at| (at + 1).to_string());
            Candidate {
                label: format!("{sign}{tag}"),
                note,
                index,
            }
        })
        .collect()
}

/// How the word of a filter at the cursor may go on, and what bytes of it that stands in for. Nothing for an empty word:
/// whoever has typed nothing wants to see the list.
pub fn completions(state: &State, text: &str, cursor: usize) -> (Range<usize>, Vec<Candidate>) {
    let nothing = Vocabulary::default();
    let vocabulary = state.vocabulary.as_ref().unwrap_or(&nothing);
    let found = complete(text, cursor, vocabulary, &state.saved);
    let typed = text.get(found.at.clone()).unwrap_or_default();
    let waits = text.get(..found.at.start).unwrap_or_default();
    if typed.is_empty() && !waits.ends_with([':', '#']) {
        return (found.at, Vec::new());
    }
    let mut candidates: Vec<Candidate> = found
        .suggestions
        .into_iter()
        .enumerate()
        .map(|(index, suggestion)| Candidate {
            label: suggestion.text,
            note: suggestion.doc,
            index,
        })
        .collect();
    // What is there already needs no proposal.
    candidates.retain(|candidate| candidate.label != typed);
    (found.at, candidates)
}

/// The orders that a list is often wanted in: what a query says, and what it means.
pub const ORDERS: [(&str, &str); 10] = [
    ("-date", "newest first"),
    ("date", "oldest first"),
    ("title", "by title"),
    ("-versions", "most versions first"),
    ("-sim", "most alike first"),
    ("sim", "least alike first"),
    ("-words", "longest first"),
    ("words", "shortest first"),
    ("site", "by source"),
    ("-boiler", "most boilerplate first"),
];

/// The orders that the typed letters may mean, best first.
pub fn orders(typed: &str) -> Vec<Candidate> {
    let texts = ORDERS.iter().map(|(key, means)| format!("{means} {key}"));
    rank(typed, texts)
        .into_iter()
        .map(|index| {
            let (key, means) = ORDERS[index];
            Candidate {
                label: means.to_owned(),
                note: format!("sort:{key}"),
                index,
            }
        })
        .collect()
}

/// The versions to choose from that the typed letters may mean, best first.
pub fn versions(state: &State, typed: &str) -> Vec<Candidate> {
    let Some(choosing) = &state.choosing else {
        return Vec::new();
    };
    let dates = choosing.versions.iter().any(|hit| hit.date.is_some());
    let label = |(at, hit): (usize, &Hit)| {
        let date = hit.date.map_or_else(String::new, |date| date.to_string());
        let date = if dates { format!("{date:10}  ") } else { date };
        format!("{}  {date}{}", siglum(at), hit.title)
    };
    let all = choosing.versions.iter().enumerate();
    let others = |index: &usize| choosing.versions[*index].id != choosing.of;
    let mut ranked = rank(
        typed,
        all.map(|it| format!("{} {}", label(it), it.1.source)),
    );
    // Its letter is a version's name.
    let is_named = |index: &usize| siglum(*index).eq_ignore_ascii_case(typed.trim());
    ranked.sort_by_key(|index| !is_named(index));
    let candidate = |index: usize| Candidate {
        label: label((index, &choosing.versions[index])),
        note: choosing.versions[index].source.clone(),
        index,
    };
    ranked.into_iter().filter(others).map(candidate).collect()
}

/// A query with another order.
pub fn ordered(query: &str, key: &str) -> String {
    let words = query.split_whitespace();
    let rest: Vec<&str> = words.filter(|word| !word.starts_with("sort:")).collect();
    match rest.is_empty() {
        true => format!("sort:{key}"),
        false => format!("{} sort:{key}", rest.join(" ")),
    }
}

/// The saved filters that the typed letters may mean, best first.
pub fn saved(state: &State, typed: &str) -> Vec<Candidate> {
    let (sign, typed) = typed
        .strip_prefix('-')
        .map_or(("", typed), |rest| ("-", rest));
    let all: Vec<(&String, &String)> = state.saved.iter().collect();
    let ranked = rank(typed, all.iter().map(|(name, _)| (*name).clone()));
    let candidate = |index: usize| Candidate {
        label: format!("{sign}{}", all[index].0),
        note: crate::text::line(all[index].1).to_string(),
        index,
    };
    ranked.into_iter().map(candidate).collect()
}

/// Positions of the texts that match, best first; equal ones keep their order.
fn rank(typed: &str, texts: impl Iterator<Item = String>) -> Vec<usize> {
    let pattern = Pattern::parse(typed, CaseMatching::Ignore, Normalization::Smart);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut buffer = Vec::new();
    let mut scored: Vec<(u32, usize)> = texts
        .enumerate()
        .filter_map(|(at, text)| {
            Some((
                pattern.score(Utf32Str::new(&text, &mut buffer), &mut matcher)?,
                at,
            ))
        })
        .collect();
    scored.sort_by_key(|(score, at)| (std::cmp::Reverse(*score), *at));
    scored.into_iter().map(|(_, at)| at).collect()
}
