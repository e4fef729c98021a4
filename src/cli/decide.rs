//! What `tag` and `verdict` share: one change over everything that a query finds.

use std::collections::HashSet;

use serde::Serialize;

use super::args::Question;
use super::output::{Failure, Outcome, Output, count};
use super::record;
use super::session::{Session, parse_query};
use crate::model::{ArticleId, Decision};
use crate::store::review::summary::describe;
use crate::store::traits::{Library, ReviewLog};
use crate::store::types::{By, Change, Deed, Entry, Subject};

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
}

/// Does what `plan` gives for every hit, as far as it changes anything, as one step of undo. What a plan does to
/// another hit is left out: that one has a plan of its own.
pub(super) fn run(
    question: &Question,
    plan: impl Fn(&Entry) -> Vec<(ArticleId, Deed)>,
    how: How,
    output: &mut Output,
) -> Outcome {
    let (text, sources) = question.get().map_err(Failure::usage)?;
    let query = parse_query(&text)?;
    let mut session = Session::open(&sources)?;
    let hits = session.hits(&query, By::Article)?;
    if hits.is_empty() {
        return Err(Failure::failed("nothing found, nothing changed"));
    }
    let ids: HashSet<ArticleId> = hits.iter().map(|hit| hit.id).collect();
    let mut others = HashSet::new();
    let mut done = Vec::new();
    let mut changed = 0;
    let mut samples = Vec::new();
    for hit in &hits {
        let entry = session.entry(hit.id)?;
        let before = done.len();
        for (id, deed) in plan(&entry) {
            if id == hit.id {
                if changes(&hit.decision, &deed) {
                    done.push((Subject::of(&entry), deed));
                }
            } else if !ids.contains(&id) && others.insert(id) {
                let other = session.entry(id)?;
                if changes(&other.decision, &deed) {
                    done.push((Subject::of(&other), deed));
                }
            }
        }
        if done.len() > before {
            changed += 1;
            if samples.len() < SAMPLES {
                samples.push(record::line(hit));
            }
        }
    }
    let found = hits.len();
    let say = |summary: &str, event: Option<u64>, output: &mut Output| match how.json {
        true => output.json(&Done {
            found,
            changed,
            dry_run: how.dry_run,
            event,
            summary,
        }),
        false => output.line(summary),
    };
    if done.is_empty() {
        let hits = count(found as u64, "article");
        let summary = format!("nothing to change · {hits} already so");
        return say(&summary, None, output);
    }
    if how.dry_run {
        let deeds: Vec<Deed> = done.into_iter().map(|(_, deed)| deed).collect();
        say(&format!("would be {}", describe(&deeds)), None, output)?;
        if how.json {
            return Ok(());
        }
        return samples
            .iter()
            .try_for_each(|sample| output.line(&format!("  {sample}")));
    }
    let change = Change {
        library: session.library.id(),
        deeds: done,
    };
    let receipt = session.log.append(&change)?;
    say(&receipt.summary, Some(receipt.event), output)
}

/// Says whether a deed changes what is decided.
fn changes(decision: &Decision, deed: &Deed) -> bool {
    match deed {
        Deed::Tag(tag) => !decision.tags.contains(tag),
        Deed::Untag(tag) => decision.tags.contains(tag),
        Deed::Verdict(verdict) => decision.verdict != *verdict,
        Deed::Supersede(set) => decision.superseded != *set,
        Deed::Rebind { .. } | Deed::Apart(_) | Deed::Same(_) => true,
    }
}
