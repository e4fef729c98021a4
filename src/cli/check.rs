//! `recto check`: loads everything, counts records, names what was skipped.

use super::args::Check;
use super::output::{Failure, Outcome, Output, count};
use super::session::{self, Meter};
use crate::cancel::Cancel;
use crate::store::ingest;

/// Loads and counts.
pub(super) fn run(args: &Check, output: &mut Output) -> Outcome {
    let paths = session::paths(&args.sources.paths, &session::dirs()?)?;
    let mut meter = Meter::new();
    let all = ingest::ingest(
        &paths,
        &args.sources.options(),
        &Cancel::new(),
        &mut |progress| meter.show(progress),
    );
    meter.clear();
    session::complain(&all.diagnostics, usize::MAX);
    output.line(&count(all.records.len() as u64, "article"))?;
    match all.records.len() {
        0 => Err(Failure::failed("no record was loaded")),
        _ => Ok(()),
    }
}
