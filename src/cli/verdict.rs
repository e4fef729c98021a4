//! `recto verdict`: keeps, drops or skips everything that a query finds, by the rules of the screen
//! ([`rule`](crate::store::rule)); a dry run says what it would cost.

use super::args::{Verdict, Word};
use super::decide::{self, How};
use super::output::{Outcome, Output};
use crate::model;
use crate::store::types::Deed;

/// Decides.
pub(super) fn run(args: &Verdict, output: &mut Output) -> Outcome {
    let verdict = match args.verdict {
        Word::Keep => Some(model::Verdict::Keep),
        Word::Drop => Some(model::Verdict::Drop),
        Word::Skip => Some(model::Verdict::Skip),
        Word::None => None,
    };
    let how = How {
        dry_run: args.dry_run,
        json: args.json,
    };
    decide::run(&args.question, &[Deed::Verdict(verdict)], how, output)
}
