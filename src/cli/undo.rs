//! `recto undo` and `recto redo`: the last change in a library, without reading the library.

use serde::Serialize;

use super::args::Undo;
use super::output::{Failure, Outcome, Output};
use super::session;
use crate::store::traits::ReviewLog;

/// What was done.
#[derive(Serialize)]
struct Done<'a> {
    event: u64,
    summary: &'a str,
}

/// Takes back (or brings back) one step.
pub(super) fn run(args: &Undo, back: bool, output: &mut Output) -> Outcome {
    let dirs = session::dirs()?;
    let library = session::name(&args.paths, &dirs)?;
    let mut log = session::open_log(&dirs);
    let (receipt, word) = match back {
        true => (log.undo(&library)?, "undo"),
        false => (log.redo(&library)?, "redo"),
    };
    match receipt {
        Some(receipt) if args.json => output.json(&Done {
            event: receipt.event,
            summary: &receipt.summary,
        }),
        Some(receipt) => output.line(&receipt.summary),
        None => Err(Failure::failed(format!(
            "nothing to {word} in this library"
        ))),
    }
}
