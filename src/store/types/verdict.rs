//! What a verdict does to the review log, on the screen and on the command line alike: deeds, one step of undo.

use super::{Deed, Entry};
use crate::model::{ArticleId, Verdict};

/// A verdict on one version. Keeping it sets the other versions of its group aside: that is the same step of undo.
pub fn on_version(entry: &Entry, verdict: Verdict) -> Vec<(ArticleId, Deed)> {
    let id = entry.article.id;
    let mut deeds = vec![(id, Deed::Verdict(Some(verdict)))];
    if verdict == Verdict::Keep {
        if entry.decision.superseded {
            deeds.push((id, Deed::Supersede(false)));
        }
        deeds.extend(
            entry
                .versions
                .iter()
                .filter(|other| **other != id)
                .map(|other| (*other, Deed::Supersede(true))),
        );
    }
    deeds
}

/// A verdict on the row of a whole group: its lead is kept, but all versions are dropped or skipped.
pub fn on_group(entry: &Entry, verdict: Verdict) -> Vec<(ArticleId, Deed)> {
    match verdict {
        Verdict::Keep => on_version(entry, verdict),
        Verdict::Drop | Verdict::Skip => entry
            .versions
            .iter()
            .map(|id| (*id, Deed::Verdict(Some(verdict))))
            .collect(),
    }
}
