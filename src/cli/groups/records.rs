//! Groups as one line a record, of collections that are larger than memory.

use std::collections::HashMap;

use super::gauge::Gauge;
use super::interrupt;
use crate::cancel::Cancel;
use crate::cli::args::Groups;
use crate::cli::output::{self, Failure, Outcome, Output};
use crate::cli::session::{
    LISTED, complain, configured_memory, dirs, open_log, options, paths, remember,
};
use crate::model::ArticleId;
use crate::store::regroup::{Regrouped, Settings, regroup, regroup_kept};
use crate::store::traits::ReviewLog;
use crate::store::types::StoreError;

/// Prints every record: its own id, or where it stands, and its group.
pub(super) fn print(args: &Groups, output: &mut Output) -> Outcome {
    let dirs = dirs()?;
    let paths = paths(&args.sources.paths, &dirs)?;
    let mut settings = Settings::new(options(&args.sources, &dirs));
    if let Some(memory) = args.memory.or_else(|| configured_memory(&dirs)) {
        settings.memory = memory;
    }
    if let Some(threads) = args.threads {
        settings.threads = usize::from(threads);
    }
    let mut gauge = Gauge::new();
    let cancel = Cancel::new();
    interrupt::watch(&cancel, args.keep.is_some());
    let mut told = |step| gauge.show(step);
    let mut found = match &args.keep {
        Some(folder) => regroup_kept(&paths, &settings, folder, &cancel, &mut told),
        None => regroup(&paths, &settings, &cancel, &mut told),
    };
    if let (Err(StoreError::Damaged(why)), Some(folder)) = (&found, &args.keep) {
        gauge.clear();
        output::say(&format!("{why}; everything is read anew"));
        let mut told = |step| gauge.show(step);
        found = regroup_kept(&paths, &settings, folder, &cancel, &mut told);
    }
    gauge.clear();
    let mut found = match found {
        Err(StoreError::Cancelled) => return Err(interrupt::failure(args.keep.is_some())),
        found => found?,
    };
    complain(&found.diagnostics, LISTED);
    if found.records() == 0 {
        return Err(Failure::failed("nothing was loaded"));
    }
    remember(&paths, &dirs);
    // What a person said wins over the engine.
    let log = open_log(&dirs);
    found.correct(&log.corrections()?);
    print_rows(&found, args.keep.is_some(), &cancel, output)?;
    if args.stats {
        for report in &found.reports {
            let (name, took) = (report.stage.name(), report.took.as_secs_f64());
            output::say(&format!("{name}: {} in {took:.2} s", report.what));
        }
    }
    match log.damage() {
        Some(_) => Err(Failure::silent()),
        None => Ok(()),
    }
}

fn print_rows(found: &Regrouped, kept: bool, cancel: &Cancel, output: &mut Output) -> Outcome {
    let mut names: HashMap<ArticleId, ArticleId> = HashMap::new();
    for group in &found.grouping.groups {
        if let Some(name) = group.members.first() {
            names.extend(group.members.iter().map(|member| (*member, *name)));
        }
    }
    for row in found.rows() {
        // What was printed ends with a whole line.
        if cancel.is_cancelled() {
            return Err(interrupt::failure(kept));
        }
        let group = names.get(&row.article).copied().unwrap_or(row.article);
        output.columns(&[&row.name, &group.to_string()])?;
    }
    Ok(())
}
