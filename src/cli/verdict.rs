//! `recto verdict`: keeps, drops or skips everything that a query finds. As on the screen, keeping a version sets those
//! of its group aside that are not kept with it.

use super::args::{Verdict, Word};
use super::decide::{self, How};
use super::output::{Outcome, Output};
use crate::model;
use crate::store::types::{Deed, Entry, verdict};

/// Decides.
pub(super) fn run(args: &Verdict, output: &mut Output) -> Outcome {
    let verdict = match args.verdict {
        Word::Keep => Some(model::Verdict::Keep),
        Word::Drop => Some(model::Verdict::Drop),
        Word::Skip => Some(model::Verdict::Skip),
        Word::None => None,
    };
    let plan = |entry: &Entry| match verdict {
        Some(verdict) => verdict::on_version(entry, verdict),
        None => vec![(entry.article.id, Deed::Verdict(None))],
    };
    let how = How {
        dry_run: args.dry_run,
        json: args.json,
    };
    decide::run(&args.question, plan, how, output)
}
