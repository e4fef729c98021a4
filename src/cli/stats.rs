//! `recto stats`: what a library holds, in numbers.

use super::args::{Format, Stats};
use super::output::{Outcome, Output};
use super::session::Session;

/// Prints the numbers.
pub(super) fn run(args: &Stats, output: &mut Output) -> Outcome {
    let session = Session::open(&args.sources)?;
    let stats = session.library.stats();
    match args.form.get() {
        Format::Json | Format::Jsonl => output.json(&stats)?,
        Format::Text | Format::Tsv => {
            let number = |value: u64| value.to_string();
            output.columns(&["files", &number(stats.files)])?;
            output.columns(&["records", &number(stats.records)])?;
            output.columns(&["articles", &number(stats.articles)])?;
            output.columns(&["groups", &number(stats.groups)])?;
            output.columns(&["versions", &number(stats.versions)])?;
            output.columns(&["words", &number(stats.words)])?;
            let tables = [
                ("format", &stats.formats),
                ("language", &stats.languages),
                ("bytes", &stats.bytes),
            ];
            for (name, table) in tables {
                for (key, value) in table {
                    output.columns(&[&format!("{name} {key}"), &number(*value)])?;
                }
            }
        }
    }
    session.outcome()
}
