//! What `tag` and `verdict` share: one change over everything that a query finds.

use serde::Serialize;

use super::args::Question;
use super::output::{Failure, Outcome, Output, count};
use super::record::line;
use super::session::{Meter, Session, parse_query};
use crate::cancel::Cancel;
use crate::store::cost::{self, Cost};
use crate::store::review::summary::describe;
use crate::store::rule::{self, Plan};
use crate::store::traits::{Library, ReviewLog};
use crate::store::types::{By, Change, Deed, Hit};

/// A dry run shows so many of the articles.
const SAMPLES: usize = 10;

/// How it is done.
#[derive(Clone, Copy)]
pub(super) struct How {
    /// It is only said what would be done.
    pub(super) dry_run: bool,
    /// It is said as JSON.
    pub(super) json: bool,
}

/// What was done, or would be.
#[derive(Serialize)]
struct Done<'a> {
    found: usize,
    changed: usize,
    dry_run: bool,
    event: Option<u64>,
    summary: &'a str,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    cost: Option<&'a Cost>,
}

/// Does the deeds to every hit, as far as they change anything, as one step of undo.
pub(super) fn run(question: &Question, deeds: &[Deed], how: How, output: &mut Output) -> Outcome {
    let (text, sources) = question.get().map_err(Failure::usage)?;
    let query = parse_query(&text)?;
    let mut session = Session::open(&sources)?;
    let hits = session.hits(&query, By::Article)?;
    if hits.is_empty() {
        return Err(Failure::failed("nothing found, nothing changed"));
    }
    let decisions = session.log.decisions()?;
    let cancel = Cancel::new();
    let rows: Vec<_> = hits.iter().map(|hit| (hit.id, false)).collect();
    let plan = rule::plan(&session.library, &decisions, &rows, deeds, &cancel)?;
    let say = |summary: &str, event, cost: Option<&Cost>, output: &mut Output| match how.json {
        true => output.json(&Done {
            found: plan.rows,
            changed: plan.changed.len(),
            dry_run: how.dry_run,
            event,
            summary,
            cost,
        }),
        false => output.line(summary),
    };
    if plan.deeds.is_empty() {
        let hits = count(plan.rows as u64, "article");
        let summary = format!("nothing to change · {hits} already so");
        return say(&summary, None, None, output);
    }
    if how.dry_run {
        let deeds: Vec<Deed> = plan.deeds.iter().map(|it| it.1.clone()).collect();
        let is_verdict = |it: &Deed| matches!(it, Deed::Verdict(_));
        let cost = match deeds.iter().any(is_verdict) {
            true => {
                let mut meter = Meter::new();
                let mut progress = |done, of| meter.count("comparing", done, of);
                let cost = cost::cost(&session.library, &decisions, &plan, &cancel, &mut progress);
                meter.clear();
                Some(cost?)
            }
            false => None,
        };
        let summary = format!("would be {}", describe(&deeds));
        say(&summary, None, cost.as_ref(), output)?;
        return match (how.json, cost) {
            (true, _) => Ok(()),
            (false, Some(cost)) => {
                let lines = cost.lines(SAMPLES);
                lines.iter().try_for_each(|it| output.line(it))
            }
            (false, None) => samples(&hits, &plan, output),
        };
    }
    let change = Change {
        library: session.library.id(),
        deeds: rule::with_subjects(&session.library, plan.deeds.clone(), &cancel)?,
    };
    let receipt = session.log.append(&change)?;
    say(&receipt.summary, Some(receipt.event), None, output)
}

/// Some of the articles that would change.
fn samples(hits: &[Hit], plan: &Plan, output: &mut Output) -> Outcome {
    for id in plan.changed.iter().take(SAMPLES) {
        if let Some(hit) = hits.iter().find(|hit| hit.id == *id) {
            output.line(&format!("  {}", line(hit)))?;
        }
    }
    Ok(())
}
