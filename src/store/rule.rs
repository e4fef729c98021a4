//! What a verdict, a tag or a note does to many rows of a list: the deeds of one step of undo, on the screen and on the
//! command line alike. [`cost`](crate::store::cost) says what it would cost.
//!
//! - *Keep* keeps each article that is named. The other versions of its group are set aside, and a verdict *keep* of
//!   an earlier day is taken off them: the newest word counts. Two versions that are kept at once both stay.
//! - *Drop*, *skip* and no verdict at all free the versions that were set aside because of it, unless another version
//!   of the group is still kept. Without a verdict, an article that is itself set aside is free too.
//! - The row of a whole group stands for its lead when it is kept, and for all its versions otherwise.
//!
//! What is so already is left out, so a rule may be applied again.

use std::collections::HashSet;

use super::traits::Library;
use super::types::{Decisions, Deed, StoreError, Subject};
use crate::cancel::Cancel;
use crate::model::{ArticleId, Decision, Verdict};

/// A row of a list: the article, and whether the row stands for its whole group.
pub type Chosen = (ArticleId, bool);

/// What is to be done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The deeds, in the order of the rows.
    pub deeds: Vec<(ArticleId, Deed)>,
    /// How many rows it is about.
    pub rows: usize,
    /// The rows that something changes for, in their order.
    pub changed: Vec<ArticleId>,
}

/// Says whether a deed changes what is decided.
pub fn changes(decision: &Decision, deed: &Deed) -> bool {
    match deed {
        Deed::Tag(tag) => !decision.tags.contains(tag),
        Deed::Untag(tag) => decision.tags.contains(tag),
        Deed::Verdict(verdict) => decision.verdict != *verdict,
        Deed::Supersede(set) => decision.superseded != *set,
        Deed::Note { on, text } => decision.note_on(on.as_ref()) != text.as_deref(),
        Deed::Rebind { .. } | Deed::Apart(_) | Deed::Same(_) | Deed::Sketch(_) => true,
    }
}

/// Plans deeds on rows. A verdict follows the rules above; anything else is done to each article that is named.
pub fn plan(
    library: &dyn Library,
    decisions: &Decisions,
    rows: &[Chosen],
    deeds: &[Deed],
    cancel: &Cancel,
) -> Result<Plan, StoreError> {
    let mut plan = Plan {
        rows: rows.len(),
        ..Plan::default()
    };
    let undecided = Decision::default();
    for deed in deeds {
        if let Deed::Verdict(verdict) = deed {
            judge(library, decisions, rows, *verdict, &mut plan, cancel)?;
            continue;
        }
        for (id, _) in rows {
            if changes(decisions.get(id).unwrap_or(&undecided), deed) {
                plan.deeds.push((*id, deed.clone()));
            }
        }
    }
    if plan.changed.is_empty() {
        let touched: HashSet<ArticleId> = plan.deeds.iter().map(|it| it.0).collect();
        let ids = rows.iter().map(|row| row.0);
        plan.changed = ids.filter(|id| touched.contains(id)).collect();
    }
    Ok(plan)
}

/// The deeds with what finds their articles again.
pub fn with_subjects(
    library: &dyn Library,
    deeds: Vec<(ArticleId, Deed)>,
    cancel: &Cancel,
) -> Result<Vec<(Subject, Deed)>, StoreError> {
    let deeds = deeds.into_iter();
    deeds
        .map(|(id, deed)| Ok((library.subject(id, cancel)?, deed)))
        .collect()
}

/// Plans a verdict.
fn judge(
    library: &dyn Library,
    decisions: &Decisions,
    rows: &[Chosen],
    verdict: Option<Verdict>,
    plan: &mut Plan,
    cancel: &Cancel,
) -> Result<(), StoreError> {
    let keep = verdict == Some(Verdict::Keep);
    let mut groups = Vec::with_capacity(rows.len());
    let mut named: HashSet<ArticleId> = HashSet::with_capacity(rows.len());
    for (id, is_group) in rows {
        let versions = library.versions(*id, cancel)?;
        match *is_group && !keep {
            true => named.extend(&versions),
            false => _ = named.insert(*id),
        }
        groups.push(versions);
    }
    let undecided = Decision::default();
    let decision = |id: &ArticleId| decisions.get(id).unwrap_or(&undecided);
    let mut done: HashSet<ArticleId> = HashSet::with_capacity(named.len());
    for ((row, _), versions) in rows.iter().zip(&groups) {
        let before = plan.deeds.len();
        let here = versions.iter().filter(|id| named.contains(id));
        let here: Vec<&ArticleId> = here.filter(|id| done.insert(**id)).collect();
        let was_kept = |id: &ArticleId| decision(id).verdict == Some(Verdict::Keep);
        let still_kept = versions
            .iter()
            .any(|id| !named.contains(id) && was_kept(id) && !decision(id).superseded);
        let frees = !keep && !still_kept && here.iter().any(|id| was_kept(id));
        for id in &here {
            let now = decision(id);
            if now.verdict != verdict {
                plan.deeds.push((**id, Deed::Verdict(verdict)));
            }
            let itself = keep || frees || verdict.is_none() && !still_kept;
            if now.superseded && itself {
                plan.deeds.push((**id, Deed::Supersede(false)));
            }
        }
        for other in versions.iter().filter(|id| !named.contains(id)) {
            let now = decision(other);
            if keep && done.insert(*other) {
                if was_kept(other) {
                    plan.deeds.push((*other, Deed::Verdict(None)));
                }
                if !now.superseded {
                    plan.deeds.push((*other, Deed::Supersede(true)));
                }
            } else if frees && now.superseded && done.insert(*other) {
                plan.deeds.push((*other, Deed::Supersede(false)));
            }
        }
        if plan.deeds.len() > before {
            plan.changed.push(*row);
        }
    }
    Ok(())
}
