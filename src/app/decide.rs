//! What a key does to the review log: verdicts and tags as deeds, one step of undo each.

use crate::model::{ArticleId, Verdict};
use crate::store::types::{Deed, Entry};

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

/// What a typed tag asks for: `name` puts it on, `-name` takes it off; nothing typed asks for nothing.
pub fn tag_deed(typed: &str) -> Option<Deed> {
    let typed = typed.trim();
    let (typed, off) = typed
        .strip_prefix('-')
        .map_or((typed, false), |rest| (rest.trim(), true));
    let name = typed
        .trim_start_matches('#')
        .split_whitespace()
        .collect::<Vec<_>>()
        .join("-");
    (!name.is_empty()).then_some(if off {
        Deed::Untag(name)
    } else {
        Deed::Tag(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_tag_is_one_word() {
        let tag = |name: &str| Some(Deed::Tag(name.to_owned()));
        for (typed, deed) in [
            ("todo", tag("todo")),
            ("  #to check ", tag("to-check")),
            ("-todo", Some(Deed::Untag("todo".to_owned()))),
            (" ", None),
            ("-", None),
        ] {
            assert_eq!(tag_deed(typed), deed, "{typed:?}");
        }
    }
}
