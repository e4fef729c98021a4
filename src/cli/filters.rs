//! `recto filters`: queries with names.

use serde::Serialize;

use super::args::{Filters, FiltersCommand, Format};
use super::output::{Failure, Outcome, Output};
use super::session;
use crate::store::traits::ReviewLog;
use crate::store::types::Filter;

/// One saved query as JSON.
#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    query: &'a str,
}

/// Prints the saved queries, saves one, or removes one.
pub(super) fn run(args: &Filters, output: &mut Output) -> Outcome {
    let dirs = session::dirs()?;
    let mut log = session::open_log(&dirs);
    let (name, query, paths) = match &args.command {
        None => {
            let filters = log.filters()?;
            print(&filters, args.form.get(), output)?;
            return match log.damage() {
                Some(why) => Err(Failure::failed(why)),
                None => Ok(()),
            };
        }
        Some(FiltersCommand::Save { name, query, paths }) => {
            // A mistake is told before it is saved, and `query:` in it is resolved like in any other.
            session::parse_query(query)?;
            (name, Some(query.as_str()), paths)
        }
        Some(FiltersCommand::Remove { name, paths }) => {
            if !log.filters()?.iter().any(|it| it.name == *name) {
                return Err(Failure::failed(format!("no filter is called {name}")));
            }
            (name, None, paths)
        }
    };
    let library = session::name(paths, &dirs)?;
    let receipt = log.save_filter(&library, name, query)?;
    output.line(&receipt.summary)
}

fn print(filters: &[Filter], form: Format, output: &mut Output) -> Outcome {
    let mut rows = filters.iter().map(|it| Row {
        name: &it.name,
        query: &it.query,
    });
    match form {
        Format::Json => output.json_array(rows.map(Ok)),
        Format::Jsonl => rows.try_for_each(|row| output.json(&row)),
        Format::Text | Format::Tsv => {
            rows.try_for_each(|row| output.columns(&[row.name, row.query]))
        }
    }
}
