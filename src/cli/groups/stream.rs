//! Groups as text and JSON of collections that are larger than memory: grouped through files, and told a few groups at a
//! time.

use std::path::PathBuf;
use std::sync::Arc;

use super::{Printer, interrupt, records};
use crate::cli::args::{Format, Groups};
use crate::cli::output::{self, Outcome, Output, count};
use crate::cli::session::{Session, options};
use crate::store::dirs::Dirs;
use crate::store::ingest;
use crate::store::local::BUDGET;
use crate::store::regroup::Shelves;
use crate::store::traits::{Library, ReviewLog};

/// Articles in memory take about so many times the bytes of their files.
const IN_MEMORY: u64 = 4;
/// So many groups or relations are told at a time.
const AT_ONCE: usize = 128;

/// Says whether what is named is better not held in memory. A library that may be over its budget goes to disk, and there
/// it knows neither which blocks a pair shares nor siblings and quotations.
pub(super) fn is_large(args: &Groups, paths: &[PathBuf], dirs: &Dirs) -> bool {
    let exclude = &options(&args.sources, dirs).exclude;
    let bytes = ingest::bytes(paths, exclude);
    let memory = records::memory(args, dirs);
    let most = match args.why {
        true => memory.min(BUDGET as u64 / 2),
        false => memory,
    };
    IN_MEMORY * bytes > most
}

/// Prints the groups of two and more.
pub(super) fn print(args: &Groups, paths: &[PathBuf], dirs: &Dirs, output: &mut Output) -> Outcome {
    let records::Found {
        grouped,
        options,
        log,
        cancel,
    } = records::find(args, paths, dirs)?;
    let corrections = log.corrections()?;
    let mut shelves = Shelves::new(&grouped, &options, &corrections);
    let grouping = shelves.grouping();
    let decisions = log.decisions()?;
    let mut printer = Printer::new(args, output);
    let library = shelves.empty();
    let mut session = Session { library, log };
    let goes_on = || match cancel.is_cancelled() {
        true => Err(interrupt::failure(args.keep.is_some())),
        false => Ok(()),
    };
    let is_text = args.form.get() == Format::Text;
    if args.why && is_text {
        // It says which paragraphs stand in how many other articles.
        shelves.look_for_boilerplate(&cancel);
    }
    for groups in grouping.groups.chunks(AT_ONCE) {
        goes_on()?;
        session.library = shelves.of_groups(groups, args.why && is_text, args.why && !is_text);
        let members = groups.iter().flat_map(|group| &group.members);
        let decided = members.filter_map(|id| Some((*id, decisions.get(id)?.clone())));
        session.library.set_decisions(Arc::new(decided.collect()));
        session.library.set_corrections(&corrections);
        for group in &session.library.grouping()?.groups {
            printer.group(&session, group)?;
        }
    }
    let untold = !args.why || is_text;
    for relations in grouping.relations.chunks(AT_ONCE).filter(|_| !untold) {
        goes_on()?;
        session.library = shelves.of_relations(relations, true);
        for relation in &session.library.grouping()?.relations {
            printer.relation(&session, relation)?;
        }
    }
    printer.end()?;
    if shelves.missing() > 0 {
        let missing = count(shelves.missing() as u64, "article");
        output::say(&format!(
            "{missing} changed meanwhile and were left out; run this again"
        ));
    }
    if args.stats {
        records::say_steps(&grouped);
    }
    records::outcome(&session.log)
}
