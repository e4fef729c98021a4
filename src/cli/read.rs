//! `recto [PATH…]`: the screen, or without a terminal the list.

use super::args::{Format, Read};
use super::output::{Outcome, Output};
use super::query;
use super::session::{Session, parse_query};
use crate::store::types::By;

/// Opens the screen in a terminal; else prints the list, titles whole.
pub(super) fn run(args: &Read, output: &mut Output) -> Outcome {
    if output.is_terminal() && args.form.get() == Format::Text {
        return screen(args, output);
    }
    list(args, output)
}

/// The door to the screen. Until there is one, a terminal gets the list too.
fn screen(args: &Read, output: &mut Output) -> Outcome {
    list(args, output)
}

/// Prints a row for each group, led by its best version.
fn list(args: &Read, output: &mut Output) -> Outcome {
    let session = Session::open(&args.sources)?;
    let everything = parse_query("")?;
    let hits = session.hits(&everything, By::Group)?;
    query::print(&session, &hits, args.form.get(), output)
}
