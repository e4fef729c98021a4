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
    if args.form.get() == Format::Text && has_screen(output) {
        return super::screen::run(args);
    }
    list(args, output)
}

/// Says whether output goes to a terminal that can draw a screen: a dumb one cannot even move its cursor.
#[cfg(feature = "tui")]
pub(super) fn has_screen(output: &Output) -> bool {
    output.is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// Prints a row for each group, led by its best version.
fn list(args: &Read, output: &mut Output) -> Outcome {
    let session = Session::open(&args.sources)?;
    let everything = parse_query("")?;
    let hits = session.hits(&everything, By::Group)?;
    query::print(&session, &hits, args.form.get(), output)
}
