//! A verdict on all that a query finds: typed, shown with what it would cost, then done as one step of undo.

use crate::model::Verdict;
use crate::query;
use crate::store::types::Deed;

use super::act;
use super::action::Action;
use super::effect::{Effect, Rows};
use super::state::{Overlay, State};

/// A verdict on all that a query finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The verdict; none takes verdicts back.
    pub verdict: Option<Verdict>,
    /// The query, as typed.
    pub query: String,
}

/// What stands in the prompt at first.
pub const PROPOSED: &str = "keep is:best";

/// Reads `keep is:best`; an error says what is missing.
pub fn read(state: &State, typed: &str) -> Result<Rule, String> {
    let (word, query) = typed.trim().split_once(' ').unwrap_or((typed.trim(), ""));
    let verdict = match word {
        "none" => None,
        word => Some(
            word.parse()
                .map_err(|()| format!("{word}: none of keep, drop, skip, none"))?,
        ),
    };
    let context = query::Context {
        today: state.settings.today,
        saved: &state.saved,
    };
    match query::parse(query, context) {
        Err(error) => Err(error.to_string()),
        Ok(_) if query.trim().is_empty() => Err("which? a query stands behind the verdict".into()),
        Ok(_) => Ok(Rule {
            verdict,
            query: query.trim().to_owned(),
        }),
    }
}

/// Shows what a rule would cost.
pub fn show(state: &mut State, rule: Rule, lines: Vec<String>) {
    let verdict = rule.verdict.map_or("none", Verdict::as_str);
    let question = match state.key_of(Action::Open, super::action::Context::Why) {
        Some(key) => format!("{verdict} {}: {key} does it, Esc does not", rule.query),
        None => format!("{verdict} {}", rule.query),
    };
    state.overlay = Some(Overlay::Lines {
        title: "What it would do",
        lines: [question, String::new()].into_iter().chain(lines).collect(),
        top: 0,
    });
    state.rule = Some(rule);
}

/// Carries out an action in the box that says the cost.
pub fn act_in_box(state: &mut State, action: Action, effects: &mut Vec<Effect>) {
    if action != Action::Open {
        act::scroll_overlay(state, action);
        return;
    }
    let Some(rule) = state.rule.take() else {
        return;
    };
    state.overlay = None;
    let deed = Deed::Verdict(rule.verdict);
    match &state.read_only {
        Some(why) => state.fail(format!("not saved: {why}")),
        None => effects.push(Effect::ReviewRows {
            rows: Rows::Articles(rule.query),
            deed,
        }),
    }
}
