//! Groups over a collection of any size: the steps of `group`, with files, threads and a limit of memory.
//!
//! Each article is read once to sign it, and again where it stands in a candidate pair. Between the two only its
//! fingerprints, its name and its place are kept. [`crate::group`] decides; nothing here does.
//!
//! [`regroup`] groups files and keeps nothing; [`Kept`] is what grouping keeps between two runs, so that adding
//! articles costs what is new.

mod articles;
mod catalogue;
mod decide;
mod file;
mod grouped;
mod keep;
mod kept;
mod part;
mod read;
mod record;
mod spill;
mod verify;

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::cancel::Cancel;
use crate::formats;
use crate::group::correct::{Correction, correct};
use crate::group::{Dealer, Grouping, Told, tell};
pub use crate::group::{Stage, Step};
use crate::model::{ArticleId, Diagnostic};
use crate::store::hashes::Hashed;
use crate::store::ingest::{expand, reason};
use crate::store::types::StoreError;
pub use articles::{Articles, Reader, profile, profile_line, sign};
use catalogue::{Catalogue, OnDisk, Place, Whole};
use decide::{Found, Known, Means, Prints, Texts, decide};
pub use grouped::Grouped;
pub use keep::regroup_kept;
pub use kept::{Keeping, Kept, related};
pub use part::Shelves;
use read::{Batch, Task};
pub use record::grouped_by;
pub(super) use record::told;
use spill::{Spill, Unkept};

/// How to work.
#[derive(Clone, Debug)]
pub struct Settings {
    /// About how many bytes of memory the work may take; behind it, it goes on through files.
    pub memory: u64,
    /// How many threads work.
    pub threads: usize,
    /// What will be told.
    pub telling: Telling,
    /// How articles are read.
    pub formats: formats::Options,
}

impl Settings {
    /// 2 GB, and a thread for each core.
    pub fn new(formats: formats::Options) -> Self {
        Self {
            memory: 2 << 30,
            threads: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            telling: Telling::Links,
            formats,
        }
    }
}

/// What will be told of the groups. The less, the less has to be weighed again where what was found is kept: groups are
/// exact in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Telling {
    /// Which articles are versions of one another.
    Groups,
    /// The evidence on what links them too.
    Links,
    /// Template siblings and quotations too.
    Relations,
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
    /// The group of that, named by its smallest member; a single one is a group by itself.
    pub group: ArticleId,
}

/// What was found.
pub struct Regrouped {
    catalogue: Catalogue,
    /// Records, in the order of reading.
    order: Vec<u32>,
    grouped: Grouped,
    /// By article: the name of its group.
    names: Vec<ArticleId>,
    /// What comes of what a person said, if anything was said.
    corrected: Option<Grouping>,
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
        let there = self.catalogue.places.iter().flatten();
        there.count() as u64
    }

    fn new(catalogue: Catalogue, order: Vec<u32>, grouped: Grouped, clock: Clock) -> Self {
        let mut names = catalogue.ids.clone();
        for (id, group) in catalogue.ids.iter().zip(&grouped.names) {
            let name = &mut names[*group as usize];
            *name = (*name).min(*id);
        }
        for (article, group) in grouped.names.iter().enumerate() {
            names[article] = names[*group as usize];
        }
        Self {
            catalogue,
            order,
            grouped,
            names,
            corrected: None,
            diagnostics: Vec::new(),
            reports: clock.reports,
        }
    }

    /// Takes over what a person said of articles, which wins over what was found.
    pub fn correct(&mut self, corrections: &[Correction]) {
        if corrections.is_empty() {
            return;
        }
        let there = self.catalogue.places.iter().zip(0u32..);
        let there = there.filter(|(place, _)| place.is_some());
        let articles: HashMap<ArticleId, u32> = there
            .map(|(_, article)| (self.catalogue.ids[article as usize], article))
            .collect();
        let grouping = correct(&self.grouping(), corrections, |id| {
            articles.contains_key(&id)
        });
        self.names.clone_from(&self.catalogue.ids);
        for group in &grouping.groups {
            for id in &group.members {
                if let (Some(article), Some(name)) = (articles.get(id), group.members.first()) {
                    self.names[*article as usize] = *name;
                }
            }
        }
        self.corrected = Some(grouping);
    }

    /// Which articles are versions of one another, and why; other relations where they were looked for.
    pub fn grouping(&self) -> Grouping {
        match &self.corrected {
            Some(corrected) => corrected.clone(),
            None => self
                .grouped
                .grouping_by(&|article| self.catalogue.ids[article as usize]),
        }
    }

    /// Every record, in the order of reading.
    pub fn rows(&self) -> impl Iterator<Item = Row> + '_ {
        self.order.iter().map(|at| {
            let at = *at as usize;
            let record = &self.catalogue.records[at];
            let own = self.catalogue.name(at).map(str::to_owned);
            Row {
                name: own.unwrap_or_else(|| {
                    let path = self.catalogue.files[record.file as usize].to_string_lossy();
                    match record.number {
                        0 => path.into_owned(),
                        number => format!("{path}#{number}"),
                    }
                }),
                article: self.catalogue.ids[record.article as usize],
                group: self.names[record.article as usize],
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
    let mut dealer = Dealer::new(&mut postings);
    let (mut firsts, mut contents) = (Vec::new(), Vec::new());
    let mut by_content: HashMap<u64, u32, Hashed> = HashMap::default();
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
            let add = |article, content: Option<u64>, prints: &[u32]| {
                let first = match content {
                    Some(content) => *by_content.entry(content).or_insert(article),
                    None => article,
                };
                firsts.push(first);
                contents.push(content.unwrap_or_default());
                match first == article {
                    true => dealer.post(article, prints),
                    false => Ok(()),
                }
            };
            take(batch, &mut catalogue, &mut diagnostics, add)
        },
    )
    .map_err(disk)?;
    if cancel.is_cancelled() {
        return Err(StoreError::Cancelled);
    }
    dealer.finish().map_err(disk)?;
    drop(by_content);
    catalogue.shrink();
    catalogue.settle();
    clock.report(
        Stage::Sign,
        format!(
            "{} records, {} articles, {} MB",
            catalogue.records.len(),
            catalogue.ids.len(),
            done >> 20
        ),
    );

    let articles = OnDisk {
        catalogue: &catalogue,
        options: &settings.formats,
        whole: Whole::default(),
    };
    let texts = Texts::new(firsts, contents, |_| true, &articles);
    let prints = Prints {
        postings: Unkept::new(postings, settings.threads),
        shared: &mut |_, _| Ok(0),
    };
    let means = Means {
        articles: &articles,
        memory: settings.memory,
        threads: settings.threads,
        telling: settings.telling,
        keeps: false,
        cancel,
    };
    let mut done = |stage, what| clock.report(stage, what);
    let found = decide(
        &texts,
        Known::default(),
        prints,
        &means,
        progress,
        &mut done,
    )?;
    let all = vec![true; texts.firsts.len()];
    let grouped = Grouped::new(texts, all, found);
    complain(grouped.changed(), &catalogue, &mut diagnostics);
    clock.report(Stage::Link, format!("{} groups", grouped.groups()));
    let order = (0..catalogue.records.len() as u32).collect();
    let found = Regrouped::new(catalogue, order, grouped, clock);
    Ok(Regrouped {
        diagnostics,
        ..found
    })
}

/// Groups with their links, and the relations that were looked for.
fn told_of(texts: &Texts, is: &[bool], found: &Found, id: &dyn Fn(u32) -> ArticleId) -> Grouping {
    let told = Told {
        id,
        texts: &texts.firsts,
        is,
        leaders: &texts.leaders,
        blocks: &[],
        names: &found.names[1],
    };
    let options = crate::group::Options {
        // Siblings may stand among the pairs that share much.
        relations: found.related,
        ..Default::default()
    };
    let judged = found.judged.iter().map(|it| (it.pair, it.evidence));
    let judged = judged.chain(found.faint.iter().copied());
    tell(&told, judged, &options, |_| None)
}

/// Work that could not go on through files.
fn disk(error: std::io::Error) -> StoreError {
    StoreError::Io(format!(
        "the work cannot go on through files: {}",
        reason(&error)
    ))
}

/// Takes in what was signed; `add` gets each new article: a hash of its words, and its fingerprints.
fn take<E>(
    batch: Batch,
    catalogue: &mut Catalogue,
    diagnostics: &mut Vec<Diagnostic>,
    mut add: impl FnMut(u32, Option<u64>, &[u32]) -> Result<(), E>,
) -> Result<(), E> {
    let base = catalogue.held.len() as u32;
    for (at, (signed, name)) in batch.signed.iter().zip(&batch.names).enumerate() {
        let mut signed = *signed;
        if let Place::Held(held) = signed.place {
            signed.place = Place::Held(base + held);
        }
        if let Some(article) = catalogue.add(&signed, name.as_deref()) {
            add(article, signed.content, batch.prints_of(at))?;
        }
    }
    catalogue.held.extend(batch.held);
    diagnostics.extend(batch.diagnostics);
    Ok(())
}

/// Names the files whose articles could not be read as they were signed.
fn complain(
    changed: impl Iterator<Item = u32>,
    catalogue: &Catalogue,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for article in changed {
        if let Some(Place::Line { file, .. } | Place::Within { file, .. }) =
            catalogue.places[article as usize]
        {
            let path = &catalogue.files[file as usize];
            let why = "it changed while it was read; run this again";
            diagnostics.push(Diagnostic::error(path, why));
        }
    }
    diagnostics.dedup();
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
