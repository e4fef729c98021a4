//! `recto [PATH…]`: the screen, or without a terminal the list.

#[cfg(feature = "tui")]
use super::args::Format;
use super::args::Read;
use super::output::{Outcome, Output};
use super::query;
use super::session::{Session, parse_query};
use crate::store::types::By;

/// Opens the screen in a terminal that can draw one; else prints the list, titles whole.
pub(super) fn run(args: &Read, output: &mut Output) -> Outcome {
    #[cfg(feature = "tui")]
    if output.is_terminal() && args.form.get() == Format::Text && !is_dumb() {
        return super::screen::run(args);
    }
    list(args, output)
}

/// A terminal that cannot even move its cursor.
#[cfg(feature = "tui")]
fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|term| term == "dumb")
}

/// Prints a row for each group, led by its best version.
fn list(args: &Read, output: &mut Output) -> Outcome {
    let session = Session::open(&args.sources)?;
    let everything = parse_query("")?;
    let hits = session.hits(&everything, By::Group)?;
    query::print(&session, &hits, args.form.get(), output)
}
