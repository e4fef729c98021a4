//! Groups as one line a record, of collections that are larger than memory.

use std::path::PathBuf;

use super::gauge::Gauge;
use super::interrupt;
use crate::cancel::Cancel;
use crate::cli::args::{Format, Groups};
use crate::cli::output::{self, Failure, Outcome, Output};
use crate::cli::session::{
    LISTED, complain, configured_memory, dirs, open_log, options, paths, remember,
};
use crate::formats;
use crate::store::dirs::Dirs;
use crate::store::regroup::{Regrouped, Settings, Telling, regroup, regroup_kept};
use crate::store::review::LocalReviewLog;
use crate::store::traits::ReviewLog;
use crate::store::types::StoreError;

/// What was found, and what a person said of it.
pub(super) struct Found {
    pub grouped: Regrouped,
    pub options: formats::Options,
    pub log: LocalReviewLog,
    pub cancel: Cancel,
}

/// Groups what is named, as a person corrected it, in the memory that it may take.
pub(super) fn find(args: &Groups, paths: &[PathBuf], dirs: &Dirs) -> Result<Found, Failure> {
    let mut settings = Settings::new(options(&args.sources, dirs));
    // What a person said parts groups by their links.
    let log = open_log(dirs);
    let corrections = log.corrections()?;
    settings.telling = match args.form.get() {
        Format::Tsv if corrections.is_empty() => Telling::Groups,
        Format::Tsv => Telling::Links,
        _ if args.why => Telling::Relations,
        _ => Telling::Links,
    };
    settings.memory = memory(args, dirs);
    if let Some(threads) = args.threads {
        settings.threads = usize::from(threads);
    }
    let mut gauge = Gauge::new();
    let cancel = Cancel::new();
    interrupt::watch(&cancel, args.keep.is_some());
    let mut told = |step| gauge.show(step);
    let mut found = match &args.keep {
        Some(folder) => regroup_kept(paths, &settings, folder, &cancel, &mut told),
        None => regroup(paths, &settings, &cancel, &mut told),
    };
    if let (Err(StoreError::Damaged(why)), Some(folder)) = (&found, &args.keep) {
        gauge.clear();
        output::say(&format!("{why}; everything is read anew"));
        let mut told = |step| gauge.show(step);
        found = regroup_kept(paths, &settings, folder, &cancel, &mut told);
    }
    gauge.clear();
    let mut grouped = match found {
        Err(StoreError::Cancelled) => return Err(interrupt::failure(args.keep.is_some())),
        found => found?,
    };
    complain(&grouped.diagnostics, LISTED);
    if grouped.records() == 0 {
        return Err(Failure::failed("nothing was loaded"));
    }
    remember(paths, dirs);
    // What a person said wins over the engine.
    grouped.correct(&corrections);
    Ok(Found {
        grouped,
        options: settings.formats,
        log,
        cancel,
    })
}

/// About how many bytes of memory the work may take.
pub(super) fn memory(args: &Groups, dirs: &Dirs) -> u64 {
    let named = args.memory.or_else(|| configured_memory(dirs));
    named.unwrap_or(Settings::new(formats::Options::default()).memory)
}

/// Prints every record: its own id, or where it stands, and its group.
pub(super) fn print(args: &Groups, output: &mut Output) -> Outcome {
    let dirs = dirs()?;
    let paths = paths(&args.sources.paths, &dirs)?;
    let found = find(args, &paths, &dirs)?;
    print_rows(&found.grouped, args.keep.is_some(), &found.cancel, output)?;
    if args.stats {
        say_steps(&found.grouped);
    }
    outcome(&found.log)
}

/// Says what each step did.
pub(super) fn say_steps(found: &Regrouped) {
    for report in &found.reports {
        let (name, took) = (report.stage.name(), report.took.as_secs_f64());
        output::say(&format!("{name}: {} in {took:.2} s", report.what));
    }
}

/// A damaged log gives results that may lack something.
pub(super) fn outcome(log: &LocalReviewLog) -> Outcome {
    match log.damage() {
        Some(_) => Err(Failure::silent()),
        None => Ok(()),
    }
}

fn print_rows(found: &Regrouped, kept: bool, cancel: &Cancel, output: &mut Output) -> Outcome {
    for row in found.rows() {
        // What was printed ends with a whole line.
        if cancel.is_cancelled() {
            return Err(interrupt::failure(kept));
        }
        output.columns(&[&row.name, &row.group.to_string()])?;
    }
    Ok(())
}
