//! `recto check`: loads everything, counts records, names what was skipped.

use serde::Serialize;

use super::args::Check;
use super::output::{Failure, Outcome, Output, count};
use super::session::{self, Meter};
use crate::cancel::Cancel;
use crate::model::{Diagnostic, Severity};
use crate::store::ingest;

/// How much was loaded, and what was said about the rest.
#[derive(Serialize)]
struct Counts {
    articles: u64,
    errors: usize,
    warnings: usize,
}

/// Loads and counts.
pub(super) fn run(args: &Check, output: &mut Output) -> Outcome {
    let dirs = session::dirs()?;
    let paths = session::paths(&args.sources.paths, &dirs)?;
    let options = session::options(&args.sources, &dirs);
    let mut meter = Meter::new();
    let all = ingest::ingest(&paths, &options, &Cancel::new(), &mut |progress| {
        meter.show(progress);
    });
    meter.clear();
    session::complain(&all.diagnostics, usize::MAX);
    let articles = all.records.len() as u64;
    if args.json {
        let is_error = |it: &&Diagnostic| it.severity == Severity::Error;
        let errors = all.diagnostics.iter().filter(is_error).count();
        output.json(&Counts {
            articles,
            errors,
            warnings: all.diagnostics.len() - errors,
        })?;
    } else {
        output.line(&count(articles, "article"))?;
    }
    match all.records.len() {
        0 => Err(Failure::failed("no record was loaded")),
        _ => Ok(()),
    }
}
