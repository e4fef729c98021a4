//! `recto query`: the articles that a query finds, in its order.

use super::args::{Format, Query};
use super::output::{Failure, Outcome, Output};
use super::record::{self, Record};
use super::session::{Session, parse_query};
use crate::store::types::{By, Hit};

/// Prints the hits; finding nothing is exit code 1.
pub(super) fn run(args: &Query, output: &mut Output) -> Outcome {
    let (text, sources) = args.question.get().map_err(Failure::usage)?;
    // A mistake in the query is told before a large collection is read.
    let query = parse_query(&text)?;
    let session = Session::open(&sources)?;
    let hits = session.hits(&query, By::Article)?;
    print(&session, &hits, args.form.get(), output)?;
    match hits.len() {
        0 => Err(Failure::silent()),
        _ => session.outcome(),
    }
}

/// Prints hits in any form.
pub(super) fn print(
    session: &Session,
    hits: &[Hit],
    format: Format,
    output: &mut Output,
) -> Outcome {
    let mut records = hits.iter().map(|hit| Record::of(session, hit.id));
    match format {
        Format::Text => hits
            .iter()
            .try_for_each(|hit| output.line(&record::line(hit))),
        Format::Json => output.json_array(records),
        Format::Jsonl => records.try_for_each(|record| output.json(&record?)),
        Format::Tsv => records.try_for_each(|record| {
            let columns = record?.columns();
            output.columns(&columns.each_ref().map(String::as_str))
        }),
    }
}
