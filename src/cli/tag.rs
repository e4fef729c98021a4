//! `recto tag`: puts tags on everything that a query finds, or takes them off.

use super::args::Tag;
use super::decide::{self, How};
use super::output::{Failure, Outcome, Output};
use crate::store::review::check_tag;
use crate::store::types::Deed;

/// Tags.
pub(super) fn run(args: &Tag, output: &mut Output) -> Outcome {
    for tag in &args.add {
        check_tag(tag).map_err(Failure::usage)?;
    }
    if let Some(both) = args.add.iter().find(|tag| args.remove.contains(tag)) {
        let message = format!("{both} cannot be put on and taken off at once");
        return Err(Failure::usage(message));
    }
    let add = args.add.iter().cloned().map(Deed::Tag);
    let remove = args.remove.iter().cloned().map(Deed::Untag);
    let deeds: Vec<Deed> = add.chain(remove).collect();
    let how = How {
        dry_run: args.dry_run,
        json: args.json,
    };
    decide::run(&args.question, &deeds, how, output)
}
