//! What grouping keeps between two runs, in a folder, so that adding articles costs what is new.
//!
//! ```text
//! kept.json     versions and the names of all other files; written last and renamed
//! lock          one program at a time
//! run-N         fingerprints of consecutive articles, sorted
//! texts-N       of every text: who speaks for it, how common its fingerprints are, its groups
//! weights-N     how heavy fingerprints are that stand in many groups
//! pairs-N       how many fingerprints every pair shares
//! judged-N      the evidence on every pair that may be versions
//! ```
//!
//! All of it can be made again from the articles, and every file carries checksums: what is damaged, or was written by
//! another version of signature or decision, is thrown away, and the work is done anew. A crash leaves the last
//! `kept.json` and the files that it names.

mod related;
mod rows;
mod runs;
mod state;

use std::collections::{HashMap, HashSet};
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use roaring::RoaringBitmap;
use serde::{Deserialize, Serialize};

use super::articles::Articles;
use super::decide::{Found, Known, Means, Prints, Texts, decide, relate};
use super::file::damaged;
use super::grouped::Grouped;
use super::{Stage, Step, Telling, file};
use crate::cancel::Cancel;
use crate::group::{
    DECISION_VERSION, InMemory, Pair, Parts, Postings, SIGNATURE_VERSION, Signature, Take, is_faint,
};
use crate::store::hashes::Hashed;
use crate::store::ingest::reason;
use crate::store::types::StoreError;
pub use related::related;
use rows::{Opened, Reading};
use runs::Run;

/// The version of these files.
const FORMAT: u32 = 3;
const MANIFEST: &str = "kept.json";
const LOCK: &str = "lock";

/// How to work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keeping {
    /// About how many bytes of memory the work may take.
    pub memory: u64,
    /// How many threads work.
    pub threads: usize,
}

/// What grouping keeps between two runs.
pub struct Kept {
    folder: PathBuf,
    keeping: Keeping,
    manifest: Manifest,
    /// By article: a hash of its words, 0 for a blank one, and the first article with these.
    contents: Vec<u64>,
    firsts: Vec<u32>,
    by_content: HashMap<u64, u32, Hashed>,
    /// What was added behind the last run.
    tail: InMemory,
    tail_prints: u64,
    touched: HashSet<u32>,
    /// Why what stood there was thrown away.
    anew: Option<String>,
    /// Held as long as this lives.
    _lock: File,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Manifest {
    format: u32,
    signature: u32,
    decision: u32,
    /// Files are named by it, so that no name comes twice.
    next: u64,
    runs: Vec<Run>,
    state: Option<State>,
    /// Articles whose title, address or date changed since they were grouped.
    touched: Vec<u32>,
}

/// What was found the last time.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct State {
    /// How many articles there were.
    articles: u32,
    texts: String,
    weights: String,
    pairs: String,
    judged: String,
}

impl Manifest {
    /// Reads that of a folder, if there is one.
    fn read(folder: &Path) -> io::Result<Option<Self>> {
        let bytes = match fs::read(folder.join(MANIFEST)) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let manifest: Self = serde_json::from_slice(&bytes)?;
        let versions = (manifest.format, manifest.signature, manifest.decision);
        if versions != (FORMAT, SIGNATURE_VERSION, DECISION_VERSION) {
            let why = "another version of recto wrote it";
            return Err(io::Error::new(io::ErrorKind::InvalidData, why));
        }
        Ok(Some(manifest))
    }
}

impl Kept {
    /// Opens a folder, or begins one. `known` is how many articles the caller knows: what was kept of later ones is
    /// forgotten. What is damaged or of another version is thrown away: see [`Self::articles`].
    pub fn open(folder: &Path, keeping: Keeping, known: u32) -> Result<Self, StoreError> {
        let fail = |error: io::Error| failed(folder, &error);
        fs::create_dir_all(folder).map_err(fail)?;
        let lock = File::create(folder.join(LOCK)).map_err(fail)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(StoreError::Io(format!(
                    "another recto is grouping in {}; wait until it is done",
                    folder.display()
                )));
            }
            Err(TryLockError::Error(error)) => return Err(fail(error)),
        }
        let mut kept = Self {
            folder: folder.to_owned(),
            keeping,
            manifest: Manifest::default(),
            contents: Vec::new(),
            firsts: Vec::new(),
            by_content: HashMap::default(),
            tail: InMemory::default(),
            tail_prints: 0,
            touched: HashSet::new(),
            anew: None,
            _lock: lock,
        };
        match kept.load(known) {
            Ok(()) => {}
            Err(error) => {
                kept.anew = Some(reason(&error));
                kept.forget();
            }
        }
        kept.sweep().map_err(fail)?;
        Ok(kept)
    }

    fn load(&mut self, known: u32) -> io::Result<()> {
        let Some(manifest) = Manifest::read(&self.folder)? else {
            return Ok(());
        };
        self.manifest = manifest;
        let ends = self.manifest.runs.iter().map(|it| it.first + it.articles);
        let fits = ends.take_while(|end| *end <= known).count();
        self.manifest.runs.truncate(fits);
        for run in &self.manifest.runs {
            if run.first as usize != self.contents.len() {
                return Err(file::damaged());
            }
            self.contents.extend(run.contents(&self.folder)?);
        }
        let articles = self.contents.len() as u32;
        let state = self.manifest.state.take();
        self.manifest.state = state.filter(|state| state.articles <= articles);
        self.touched = self.manifest.touched.iter().copied().collect();
        self.by_content.reserve(self.contents.len());
        for (article, content) in (0u32..).zip(&self.contents) {
            self.firsts.push(match content {
                0 => article,
                content => *self.by_content.entry(*content).or_insert(article),
            });
        }
        Ok(())
    }

    /// Forgets what was kept of articles from that number on.
    pub(super) fn forget_from(&mut self, known: u32) -> Result<(), StoreError> {
        if self.articles() > known {
            self.forget();
            if let Err(error) = self.load(known) {
                self.anew = Some(reason(&error));
                self.forget();
            }
            self.sweep().map_err(|error| self.failed(&error))?;
        }
        Ok(())
    }

    /// Throws everything away.
    pub(super) fn forget(&mut self) {
        let next = self.manifest.next;
        self.manifest = Manifest {
            next,
            ..Manifest::default()
        };
        self.contents.clear();
        self.firsts.clear();
        self.by_content.clear();
        self.tail = InMemory::default();
        self.tail_prints = 0;
        self.touched.clear();
    }

    /// Takes away files that nothing names: what a crash left behind, or what was kept of an earlier time.
    fn sweep(&self) -> io::Result<()> {
        let state = self.manifest.state.iter();
        let state = state.flat_map(|it| [&it.texts, &it.weights, &it.pairs, &it.judged]);
        let named: HashSet<&str> = self
            .manifest
            .runs
            .iter()
            .map(|run| &run.name)
            .chain(state)
            .map(String::as_str)
            .collect();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let name = entry.file_name();
            let Some(name) = name.to_str() else { continue };
            let ours = ["run-", "texts-", "weights-", "pairs-", "judged-"];
            if ours.iter().any(|it| name.starts_with(it)) && !named.contains(name) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// Why what stood in the folder was thrown away when it was opened, if it was.
    pub fn begun_anew(&self) -> Option<&str> {
        self.anew.as_deref()
    }

    /// How many articles were added: the number of the next one.
    pub fn articles(&self) -> u32 {
        self.contents.len() as u32
    }

    /// How many bytes stand in the folder.
    pub fn bytes(&self) -> u64 {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        entries
            .filter_map(|entry| entry.metadata().ok())
            .map(|it| it.len())
            .sum()
    }

    /// Adds an article and gives its number. It is in memory until there is enough for a run.
    pub fn add(&mut self, signature: &Signature) -> Result<u32, StoreError> {
        self.add_prints(
            signature.content.unwrap_or_default(),
            signature.content.is_some().then_some(&signature.prints),
        )
    }

    pub(super) fn add_prints(
        &mut self,
        content: u64,
        prints: Option<&[u32]>,
    ) -> Result<u32, StoreError> {
        let article = self.articles();
        let first = match content {
            0 => article,
            content => *self.by_content.entry(content).or_insert(article),
        };
        self.contents.push(content);
        self.firsts.push(first);
        if let Some(prints) = prints.filter(|_| first == article) {
            for print in prints {
                let posting = u64::from(*print) << 32 | u64::from(article);
                let Ok(()) = self.tail.put((print >> 24) as usize, &[posting]);
            }
            self.tail_prints += prints.len() as u64;
        }
        if 8 * self.tail_prints > self.keeping.memory / 4 {
            self.write_run().map_err(|error| self.failed(&error))?;
        }
        Ok(article)
    }

    /// The title, the address or the date of an article changed: its pairs will be judged anew.
    pub fn touch(&mut self, article: u32) {
        self.touched.insert(article);
    }

    /// Puts everything that was added on disk.
    pub fn seal(&mut self) -> Result<(), StoreError> {
        self.write_run()
            .and_then(|()| self.merge())
            .and_then(|()| self.save())
            .map_err(|error| self.failed(&error))
    }

    fn name(&mut self, kind: &str) -> String {
        self.manifest.next += 1;
        format!("{kind}-{}", self.manifest.next)
    }

    fn write_run(&mut self) -> io::Result<()> {
        let runs = &self.manifest.runs;
        let first = runs.last().map_or(0, |run| run.first + run.articles);
        let contents = self.contents[first as usize..].to_vec();
        if contents.is_empty() {
            return Ok(());
        }
        let name = self.name("run");
        let mut tail = std::mem::take(&mut self.tail);
        let mut part = |part| {
            let Ok(mut all) = tail.take(part);
            all.sort_unstable();
            all.dedup();
            Ok(all)
        };
        let run = Run::write(&self.folder, name, first, &contents, &mut part)?;
        self.tail_prints = 0;
        self.manifest.runs.push(run);
        Ok(())
    }

    fn merge(&mut self) -> io::Result<()> {
        while let Some(count) = runs::to_merge(&self.manifest.runs) {
            let name = self.name("run");
            let front = self.manifest.runs.len() - count;
            let last = &self.manifest.runs[front..];
            let first = last.first().map_or(0, |run| run.first);
            let end = last.last().map_or(0, |run| run.first + run.articles);
            let contents = &self.contents[first as usize..end as usize];
            let mut reading = Reading::open(&self.folder, last)?;
            let run = Run::write(&self.folder, name, first, contents, &mut |part| {
                reading.part(part)
            })?;
            self.manifest.runs.truncate(front);
            self.manifest.runs.push(run);
        }
        Ok(())
    }

    fn save(&mut self) -> io::Result<()> {
        self.manifest.format = FORMAT;
        self.manifest.signature = SIGNATURE_VERSION;
        self.manifest.decision = DECISION_VERSION;
        self.manifest.touched = self.touched.iter().copied().collect();
        let path = self.folder.join(MANIFEST);
        let temporary = path.with_extension("tmp");
        fs::write(&temporary, serde_json::to_vec(&self.manifest)?)?;
        fs::rename(&temporary, &path)?;
        self.sweep()
    }

    /// Groups all articles but the `dead`. What was judged the last time is not judged again, and the result, links and
    /// the evidence on them included, is that of grouping all at once. When it fails with [`StoreError::Damaged`], everything
    /// kept was thrown away.
    pub fn group(
        &mut self,
        articles: &dyn Articles,
        dead: &RoaringBitmap,
        cancel: &Cancel,
        progress: &mut dyn FnMut(Step),
    ) -> Result<Grouped, StoreError> {
        let telling = Telling::Links;
        self.group_and_tell(articles, dead, telling, cancel, progress, &mut |_, _| {})
    }

    pub(super) fn group_and_tell(
        &mut self,
        articles: &dyn Articles,
        dead: &RoaringBitmap,
        telling: Telling,
        cancel: &Cancel,
        progress: &mut dyn FnMut(Step),
        done: &mut dyn FnMut(Stage, String),
    ) -> Result<Grouped, StoreError> {
        self.seal()?;
        let is: Vec<bool> = (0..self.articles()).map(|it| !dead.contains(it)).collect();
        let (firsts, contents) = (self.firsts.clone(), self.contents.clone());
        let texts = Texts::new(firsts, contents, |it| is[it as usize], articles);
        let (known, counts) = self.known();
        let names = KINDS.map(|kind| self.name(kind));
        let fail = |error: &io::Error| failed(&self.folder, error);
        let mut damage = false;
        let outcome = (|| {
            let writer = |name: &str| file::Writer::new(&self.folder.join(name));
            let file = writer(&names[2]).map_err(|it| fail(&it))?;
            let mut shared = state::Shared::new(&counts, file);
            let prints = Prints {
                postings: Noticing {
                    opened: Opened {
                        folder: &self.folder,
                        runs: &self.manifest.runs,
                        threads: self.keeping.threads,
                        articles,
                        texts: &texts,
                    },
                    damage: &mut damage,
                },
                shared: &mut |pair, change| shared.change(pair, change),
            };
            let means = Means {
                articles,
                memory: self.keeping.memory,
                threads: self.keeping.threads,
                telling,
                keeps: true,
                cancel,
            };
            let found = decide(&texts, known, prints, &means, progress, done)?;
            let write = || {
                std::thread::scope(|scope| {
                    let texts = scope.spawn(|| {
                        let mut file = writer(&names[0])?;
                        state::write_texts(&texts, &found, &mut file)?;
                        file.finish()?;
                        let mut file = writer(&names[1])?;
                        state::write_weights(&found.weights, &mut file)?;
                        file.finish()?;
                        shared.finish()
                    });
                    let mut file = writer(&names[3])?;
                    state::write_judged(&found.judged, &found.lost, &mut file)?;
                    file.finish()?;
                    texts.join().unwrap_or_else(|_| Err(damaged()))
                })
            };
            write().map_err(|error| fail(&error))?;
            Ok(found)
        })();
        let found: Found = match outcome {
            Err(_) if damage => {
                self.forget();
                self.save().map_err(|error| self.failed(&error))?;
                return Err(StoreError::Damaged(format!(
                    "what grouping kept in {} was damaged and has been thrown away",
                    self.folder.display()
                )));
            }
            outcome => outcome?,
        };
        let [texts_name, weights, pairs, judged] = names;
        self.manifest.state = Some(State {
            articles: self.articles(),
            texts: texts_name,
            weights,
            pairs,
            judged,
        });
        self.touched.clear();
        self.save().map_err(|error| self.failed(&error))?;
        Ok(Grouped::new(texts, is, found))
    }

    /// Looks for template siblings and quotations among the articles that were just grouped, to be told
    /// [`Telling::Relations`]. Nothing of it is kept.
    pub fn relate(
        &self,
        grouped: &mut Grouped,
        articles: &dyn Articles,
        cancel: &Cancel,
        progress: &mut dyn FnMut(Step),
    ) -> Result<(), StoreError> {
        let Some(state) = &self.manifest.state else {
            return Ok(());
        };
        let bytes = file::read(&self.folder.join(&state.pairs)).map_err(|it| self.failed(&it))?;
        let rows = |text: u32| grouped.found.rows[text as usize];
        let counts = state::counts(&bytes);
        let faint = counts.filter(|((a, b), count)| is_faint(*count, [rows(*a), rows(*b)]));
        let faint: Vec<Pair> = faint.map(|(pair, _)| pair).collect();
        drop(bytes);
        let means = Means {
            articles,
            memory: self.keeping.memory,
            threads: self.keeping.threads,
            telling: Telling::Relations,
            keeps: true,
            cancel,
        };
        let weights = Arc::clone(&grouped.found.weights);
        grouped.found.faint = relate(&grouped.texts, faint, weights, &means, progress)?;
        grouped.found.related = true;
        Ok(())
    }

    /// What was found the last time; nothing where that cannot be read.
    fn known(&self) -> (Known, Vec<u8>) {
        let read = |state: &State| -> io::Result<(Known, Vec<u8>)> {
            let bytes = |name: &str| file::read(&self.folder.join(name));
            let (texts, weights, counts, judged) = std::thread::scope(|scope| {
                let texts = scope.spawn(|| {
                    let texts = state::read_texts(&bytes(&state.texts)?)?;
                    let weights = state::read_weights(&bytes(&state.weights)?)?;
                    io::Result::Ok((texts, weights, bytes(&state.pairs)?))
                });
                let judged = state::read_judged(&bytes(&state.judged)?)?;
                let (texts, weights, counts) = texts.join().unwrap_or_else(|_| Err(damaged()))?;
                io::Result::Ok((texts, weights, counts, judged))
            })?;
            let (judged, lost) = judged;
            let known = Known {
                was: texts.was,
                leaders: texts.leaders,
                rows: texts.rows,
                digests: texts.digests,
                spans: texts.spans,
                names: texts.names,
                weights,
                judged,
                lost,
                touched: self.touched.clone(),
            };
            Ok((known, counts))
        };
        let state = self.manifest.state.as_ref();
        state.and_then(|it| read(it).ok()).unwrap_or_default()
    }

    fn failed(&self, error: &io::Error) -> StoreError {
        failed(&self.folder, error)
    }
}

/// The files of what was found.
const KINDS: [&str; 4] = ["texts", "weights", "pairs", "judged"];

/// Runs, and whether one of them could not be read.
struct Noticing<'a> {
    opened: Opened<'a>,
    damage: &'a mut bool,
}

impl Postings for Noticing<'_> {
    type Error = io::Error;

    fn each(&mut self, wanted: &[bool], take: &mut Take<'_, io::Error>) -> io::Result<()> {
        let mut ours = true;
        let mut take = |part, rows: &[u64]| {
            let goes_on = take(part, rows);
            ours = goes_on.is_ok();
            goes_on
        };
        let read = self.opened.each(wanted, &mut take);
        *self.damage |= read.is_err() && ours;
        read
    }
}

fn failed(folder: &Path, error: &io::Error) -> StoreError {
    StoreError::Io(format!(
        "what grouping keeps in {} cannot be read or written: {}",
        folder.display(),
        reason(error)
    ))
}

#[cfg(test)]
mod tests;
