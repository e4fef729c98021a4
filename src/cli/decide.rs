//! What `tag` and `verdict` share: one change over everything that a query finds.

use super::args::Question;
use super::output::{Failure, Outcome, Output, count};
use super::record;
use super::session::{Session, parse_query};
use crate::model::Decision;
use crate::store::review::summary::describe;
use crate::store::traits::{Library, ReviewLog};
use crate::store::types::{By, Change, Deed, Subject};

/// A dry run shows so many of the articles.
const SAMPLES: usize = 10;

/// Does the deeds to every hit on which they change anything, as one step of undo.
pub(super) fn run(
    question: &Question,
    deeds: &[Deed],
    dry_run: bool,
    output: &mut Output,
) -> Outcome {
    let (text, sources) = question.get().map_err(Failure::usage)?;
    let query = parse_query(&text)?;
    let mut session = Session::open(&sources)?;
    let hits = session.hits(&query, By::Article)?;
    if hits.is_empty() {
        return Err(Failure::failed("nothing found, nothing changed"));
    }
    let mut done = Vec::new();
    let mut samples = Vec::new();
    for hit in &hits {
        let mut changes = deeds
            .iter()
            .filter(|deed| changes(&hit.decision, deed))
            .peekable();
        if changes.peek().is_none() {
            continue;
        }
        if samples.len() < SAMPLES {
            samples.push(record::line(hit));
        }
        let subject = Subject::of(&session.entry(hit.id)?);
        done.extend(changes.map(|deed| (subject.clone(), deed.clone())));
    }
    if done.is_empty() {
        let hits = count(hits.len() as u64, "article");
        return output.line(&format!("nothing to change · {hits} already so"));
    }
    if dry_run {
        let deeds: Vec<Deed> = done.into_iter().map(|(_, deed)| deed).collect();
        output.line(&format!("would be {}", describe(&deeds)))?;
        return samples
            .iter()
            .try_for_each(|sample| output.line(&format!("  {sample}")));
    }
    let change = Change {
        library: session.library.id(),
        deeds: done,
    };
    let receipt = session.log.append(&change)?;
    output.line(&receipt.summary)
}

/// Says whether a deed changes what is decided.
fn changes(decision: &Decision, deed: &Deed) -> bool {
    match deed {
        Deed::Tag(tag) => !decision.tags.contains(tag),
        Deed::Untag(tag) => decision.tags.contains(tag),
        Deed::Verdict(verdict) => decision.verdict != *verdict,
        Deed::Supersede(set) => decision.superseded != *set,
        Deed::Rebind { .. } => true,
    }
}
