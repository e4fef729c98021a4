//! `recto check`: loads everything, counts records, names what was skipped.

use serde::Serialize;

use super::args::Check;
use super::output::{Failure, Outcome, Output, count};
use super::session::{self, Meter};
use crate::cancel::Cancel;
use crate::model::{Diagnostic, Severity};
use crate::store::ingest::{self, Loaded};

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
    let (mut articles, mut found) = (0, Vec::new());
    let mut take = |batch: ingest::Batch, progress: ingest::Progress| {
        articles = progress.records;
        found.extend(batch.items.into_iter().filter_map(|item| match item {
            Loaded::Record(..) => None,
            Loaded::Diagnostic(diagnostic) => Some(diagnostic),
        }));
        meter.show(progress);
        true
    };
    let mut diagnostics = ingest::stream(&paths, &options, &Cancel::new(), &mut take);
    diagnostics.append(&mut found);
    meter.clear();
    session::complain(&diagnostics, usize::MAX);
    if args.json {
        let is_error = |it: &&Diagnostic| it.severity == Severity::Error;
        let errors = diagnostics.iter().filter(is_error).count();
        output.json(&Counts {
            articles,
            errors,
            warnings: diagnostics.len() - errors,
        })?;
    } else {
        output.line(&count(articles, "article"))?;
    }
    match articles {
        0 => Err(Failure::failed("no record was loaded")),
        _ => Ok(()),
    }
}
