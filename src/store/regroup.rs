//! Groups over a collection of any size: the steps of `group`, with files, threads and a limit of memory.
//!
//! Each article is read twice at most: once to sign it, and once more if it stands in a candidate pair. Between the two
//! only its fingerprints, its name and its place are kept. [`crate::group`] decides; nothing here does.

mod catalogue;
mod read;
mod record;
mod spill;
mod verify;

use std::collections::HashSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::cancel::Cancel;
use crate::formats;
use crate::group::correct::{Correction, correct};
use crate::group::{
    Candidates, Grouping, PARTS, Parts, Told, Tuning, Weights, candidates, components, post, tell,
};
use crate::model::{ArticleId, Diagnostic};
use crate::store::ingest::{expand, reason};
use crate::store::types::StoreError;
use catalogue::{Catalogue, Place};
use read::{Batch, Task};
pub use record::grouped_by;
pub(super) use record::told;
use spill::Spill;
use verify::Verifier;

/// How to work.
#[derive(Clone, Debug)]
pub struct Settings {
    /// About how many bytes of memory the work may take; behind it, it goes on through files.
    pub memory: u64,
    /// How many threads work.
    pub threads: usize,
    /// How articles are read.
    pub formats: formats::Options,
}

impl Settings {
    /// 2 GB, and a thread for each core.
    pub fn new(formats: formats::Options) -> Self {
        Self {
            memory: 2 << 30,
            threads: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            formats,
        }
    }
}

/// The steps, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Files are read and each article is signed; counted in bytes.
    Sign,
    /// Pairs are proposed; counted in parts.
    Propose,
    /// Pairs are judged; counted in pairs.
    Verify,
    /// Groups are made of pairs; counted in pairs.
    Link,
}

impl Stage {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sign => "read and sign",
            Self::Propose => "propose",
            Self::Verify => "verify",
            Self::Link => "link",
        }
    }
}

/// How far a step has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The step.
    pub stage: Stage,
    /// How much is done.
    pub done: u64,
    /// How much there is.
    pub all: u64,
}

/// What a step did.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The step.
    pub stage: Stage,
    /// What it did, in words.
    pub what: String,
    /// How long it took.
    pub took: Duration,
}

/// A record and its article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The id that the record gives itself, else the file, and the number of the record in it.
    pub name: String,
    /// Its article.
    pub article: ArticleId,
}

/// What was found.
pub struct Regrouped {
    catalogue: Catalogue,
    /// Which articles are versions of one another, and why. Relations of other kinds are not looked for.
    pub grouping: Grouping,
    /// What was not read, or not as it stood.
    pub diagnostics: Vec<Diagnostic>,
    /// What each step did.
    pub reports: Vec<Report>,
}

impl Regrouped {
    /// How many records were read.
    pub fn records(&self) -> u64 {
        self.catalogue.records.len() as u64
    }

    /// How many articles these are.
    pub fn articles(&self) -> u64 {
        self.catalogue.ids.len() as u64
    }

    /// Takes over what a person said of articles, which wins over what was found.
    pub fn correct(&mut self, corrections: &[Correction]) {
        if !corrections.is_empty() {
            let ids: HashSet<ArticleId> = self.catalogue.ids.iter().copied().collect();
            self.grouping = correct(&self.grouping, corrections, |id| ids.contains(&id));
        }
    }

    /// Every record, in the order of reading.
    pub fn rows(&self) -> impl Iterator<Item = Row> + '_ {
        let records = self.catalogue.records.iter().enumerate();
        records.map(|(at, (article, file, number))| {
            let own = self.catalogue.name(at).map(str::to_owned);
            Row {
                name: own.unwrap_or_else(|| {
                    let path = self.catalogue.files[*file as usize].to_string_lossy();
                    match number {
                        0 => path.into_owned(),
                        number => format!("{path}#{number}"),
                    }
                }),
                article: self.catalogue.ids[*article as usize],
            }
        })
    }
}

/// Reads what paths name and groups it.
pub fn regroup(
    paths: &[PathBuf],
    settings: &Settings,
    cancel: &Cancel,
    progress: &mut dyn FnMut(Step),
) -> Result<Regrouped, StoreError> {
    let disk = |error: std::io::Error| {
        StoreError::Io(format!(
            "the work cannot go on through files: {}",
            reason(&error)
        ))
    };
    let mut clock = Clock::new();
    let mut diagnostics = Vec::new();
    let files = expand(paths, &settings.formats.exclude, cancel, &mut diagnostics);
    let all = files.iter().map(|file| file.bytes).sum();
    let mut catalogue = Catalogue::default();
    catalogue.files = files.iter().map(|file| file.path.clone()).collect();
    let tasks: Vec<Task> = files
        .into_iter()
        .map(|found| Task {
            found,
            from: (0, 0),
        })
        .collect();
    let mut postings = Spill::new(settings.memory / 2);
    let mut done = 0;
    read::read(
        &tasks,
        &settings.formats,
        settings.threads,
        cancel,
        |batch| {
            done += batch.bytes;
            progress(Step {
                stage: Stage::Sign,
                done,
                all,
            });
            take(batch, &mut catalogue, &mut postings, &mut diagnostics)
        },
    )
    .map_err(disk)?;
    if cancel.is_cancelled() {
        return Err(StoreError::Cancelled);
    }
    catalogue.shrink();
    let order = catalogue.order();
    clock.report(
        Stage::Sign,
        format!(
            "{} records, {} articles, {} MB",
            catalogue.records.len(),
            catalogue.ids.len(),
            done >> 20
        ),
    );

    let mut pairs = Spill::new(settings.memory / 4);
    let stage = Stage::Propose;
    progress(Step {
        stage,
        done: 0,
        all: 1,
    });
    let found = candidates(&mut postings, &mut pairs, &order.ranks, cancel).map_err(disk)?;
    let Candidates {
        pairs: proposed,
        crowded,
        ..
    } = found.ok_or(StoreError::Cancelled)?;
    let spilled = postings.spilled() || pairs.spilled();
    drop(pairs);
    clock.report(
        stage,
        format!(
            "{} pairs{}",
            proposed.len(),
            if spilled { ", through files" } else { "" }
        ),
    );

    let tuning = Tuning::default();
    let room = usize::try_from(settings.memory / 4).unwrap_or(usize::MAX);
    let mut verifier = Verifier::new(
        &catalogue,
        &order,
        &settings.formats,
        settings.threads,
        room,
    );
    let stage = Stage::Verify;
    let all = 2 * proposed.len() as u64;
    let mut told = |done| progress(Step { stage, done, all });
    let mut judged = verifier
        .judge(&proposed, cancel, &mut told)
        .ok_or(StoreError::Cancelled)?;
    let names = components(&crowded, &judged, &tuning, cancel).ok_or(StoreError::Cancelled)?;

    // The same again for texts with boilerplate, now that it is known what stands in many groups.
    let by_article: Vec<u32> = order
        .ranks
        .iter()
        .map(|rank| names[*rank as usize])
        .collect();
    let mut digests = vec![0u64; by_article.len()];
    let mut weights = Weights::default();
    for part in 0..PARTS {
        if cancel.is_cancelled() {
            return Err(StoreError::Cancelled);
        }
        weights.count(
            &postings.take(part).map_err(disk)?,
            &by_article,
            &mut digests,
        );
    }
    drop(postings);
    weights.finish();
    let mut weighed = vec![false; by_article.len()];
    for (article, digest) in digests.iter().enumerate() {
        weighed[order.ranks[article] as usize] = *digest != 0;
    }
    let is_weighed = |(a, b): &(u32, u32)| weighed[*a as usize] || weighed[*b as usize];
    let again: Vec<_> = judged
        .iter()
        .map(|(pair, _)| *pair)
        .filter(is_weighed)
        .collect();
    verifier.weigh(weights);
    let half = proposed.len() as u64;
    let mut told = |done| {
        progress(Step {
            stage,
            done: half + done,
            all,
        });
    };
    let better = verifier
        .judge(&again, cancel, &mut told)
        .ok_or(StoreError::Cancelled)?;
    let mut better = better.into_iter().peekable();
    for (pair, evidence) in &mut judged {
        if let Some((_, new)) = better.next_if(|(known, _)| known == pair) {
            *evidence = new;
        }
    }
    for article in std::mem::take(&mut verifier.changed) {
        if let Place::Line { file, .. } = catalogue.places[article as usize] {
            let path = &catalogue.files[file as usize];
            let why = "it changed while it was read; run this again";
            diagnostics.push(Diagnostic::error(path, why));
        }
    }
    drop(verifier);
    diagnostics.dedup();
    clock.report(
        stage,
        format!("{} pairs, {} of them twice", judged.len(), again.len()),
    );

    let stage = Stage::Link;
    let names = components(&crowded, &judged, &tuning, cancel).ok_or(StoreError::Cancelled)?;
    let blocks = vec![0; names.len()];
    let grouping = tell(
        &Told {
            ids: &order.ids,
            leaders: &order.leaders,
            blocks: &blocks,
            names: &names,
            judged: &judged,
            faint: &[],
        },
        &crate::group::Options {
            relations: false,
            ..Default::default()
        },
        |_| None,
    );
    clock.report(stage, format!("{} groups", grouping.groups.len()));
    Ok(Regrouped {
        catalogue,
        grouping,
        diagnostics,
        reports: clock.reports,
    })
}

/// Takes in what was signed.
fn take(
    batch: Batch,
    catalogue: &mut Catalogue,
    postings: &mut Spill,
    diagnostics: &mut Vec<Diagnostic>,
) -> std::io::Result<()> {
    let base = catalogue.held.len() as u32;
    let mut new = Vec::new();
    for (at, (signed, name)) in batch.signed.iter().zip(&batch.names).enumerate() {
        let mut signed = *signed;
        if let Place::Held(held) = signed.place {
            signed.place = Place::Held(base + held);
        }
        if let Some(article) = catalogue.add(&signed, name.as_deref()) {
            new.push((article, batch.prints_of(at)));
        }
    }
    post(new.into_iter(), postings)?;
    catalogue.held.extend(batch.held);
    diagnostics.extend(batch.diagnostics);
    Ok(())
}

/// Says how long each step took.
struct Clock {
    last: Instant,
    reports: Vec<Report>,
}

impl Clock {
    fn new() -> Self {
        Self {
            last: Instant::now(),
            reports: Vec::new(),
        }
    }

    fn report(&mut self, stage: Stage, what: String) {
        self.reports.push(Report {
            stage,
            what,
            took: self.last.elapsed(),
        });
        self.last = Instant::now();
    }
}

#[cfg(test)]
mod tests;
