//! How the library fills: what is on disk, then articles as they are read, then the groups.
//!
//! A collection that fits into a budget of memory is read anew each time. Of a larger one the articles in memory are
//! sealed into a segment whenever they are over the budget, while reading goes on, and are read from where they stand
//! from then on. The manifest that is saved with a segment says how far each file was read with it: a process that is
//! killed loses what was in memory, and the next one goes on behind the last segment.

use std::collections::HashMap;
use std::io;
use std::mem;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::super::collection::{Collection, Known};
use super::finding::stamp;
use super::{LocalLibrary, Now};
use crate::cancel::Cancel;
use crate::group::{self, Step};
use crate::model::Diagnostic;
use crate::store::ingest::{self, Batch, Found, Loaded, Progress, Task, reason};
use crate::store::library::keeper::{Keeper, ORDER};
use crate::store::library::manifest::{Manifest, Name, Noted, SourceFile};
use crate::store::library::sealed::Sealed;

/// A collection that takes up this part of the budget is kept.
const WORTH: usize = 4;

/// What is under way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    /// Files are read: the library grows.
    #[default]
    Reading,
    /// Everything is read; versions of one text are looked for.
    Grouping,
    /// Everything is there.
    Ready,
}

/// How far a library is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// What is under way.
    pub stage: Stage,
    /// How far reading has come.
    pub progress: Progress,
    /// While versions are looked for: which step is under way, and how far it has come.
    pub step: Option<Step>,
}

/// One reading of the sources.
struct Reading<'a> {
    library: &'a LocalLibrary,
    /// Where articles are kept; none while they all fit into memory, and where nothing can be kept.
    keeper: Option<Arc<Keeper>>,
    /// Nothing can be kept.
    hopeless: bool,
    /// How far each file was read. The thread that finds files writes into it too.
    manifest: Mutex<Manifest>,
    /// The articles on disk or on their way there, once something is read.
    known: Option<Known>,
    /// What was on disk when it began.
    before: Manifest,
    /// Records of a file that were kept the time before and come once more.
    passed: HashMap<u32, u64>,
    /// Records that were on disk before.
    records: u64,
    /// The order by date was on disk.
    ordered: bool,
    /// Bytes in memory.
    weight: usize,
    sealing: Option<Sealing>,
}

/// A segment on its way to the disk.
struct Sealing {
    thread: JoinHandle<io::Result<Manifest>>,
    late: usize,
    /// How many of its articles are written and signed, and how many there are.
    done: Arc<AtomicU64>,
    all: usize,
}

impl LocalLibrary {
    /// Reads everything that is not at hand; `told` hears how far it is each time that it has grown. Says whether it came
    /// to the end: called off, what was read so far stays, without groups.
    pub fn read(&self, cancel: &Cancel, told: &mut dyn FnMut(Status)) -> bool {
        let mut reading = Reading::begin(self);
        if reading.records > 0 {
            told(self.status());
        }
        let Some(mut said) = reading.read(cancel, told) else {
            reading.call_off();
            return false;
        };
        if reading.weight > 0 {
            // What is left is signed for it when it is sealed.
            let grouping = self.enter(Stage::Grouping);
            told(grouping);
            reading.end(&mut |step| {
                told(Status {
                    step: Some(step),
                    ..grouping
                });
            });
        } else {
            reading.end(&mut |_| {});
        }
        said.extend(reading.said());
        // Held until the groups are kept.
        let (keeper, ordered) = (reading.keeper.take(), reading.ordered);
        drop(reading);
        {
            let mut now = self.now();
            said.extend(now.diagnostics.iter().cloned());
            now.diagnostics = Arc::new(said);
        }
        if self.is_as_stored() {
            if let Some(keeper) = keeper.filter(|_| !ordered) {
                // Without it the next start takes longer, no more.
                let _ = self.store_order(&keeper);
            }
        } else {
            let grouping = self.enter(Stage::Grouping);
            told(grouping);
            let collection = Arc::clone(&self.now().collection);
            let regrouped = self.regroup(&collection, keeper.as_deref(), cancel, &mut |step| {
                told(Status {
                    step: Some(step),
                    ..grouping
                });
            });
            if regrouped.is_none() {
                return false;
            }
        }
        told(self.enter(Stage::Ready));
        true
    }

    fn enter(&self, stage: Stage) -> Status {
        let mut now = self.now();
        now.status.stage = stage;
        now.status
    }

    /// Says whether the groups on disk are those of everything that was read; shows them as they were corrected.
    fn is_as_stored(&self) -> bool {
        let mut known = self.snapshot();
        // Nobody waits for that any more.
        let is_sound = known.stored.is_some() && known.base.is_sound();
        if !is_sound || known.of() != known.stored {
            return false;
        }
        loop {
            let groups = known.group(&known.corrections);
            let mut now = self.now();
            if Arc::ptr_eq(&now.corrections, &known.corrections) {
                now.groups = groups;
                now.standings = stamp();
                return true;
            }
            // Somebody corrected them meanwhile.
            drop(now);
            known = self.snapshot();
        }
    }

    /// Takes in what was read.
    fn take(&self, batch: Batch, known: &Known, progress: Progress) -> Status {
        let mut now = self.now();
        let Now {
            collection,
            groups,
            diagnostics,
            ..
        } = &mut *now;
        let collection = Arc::make_mut(collection);
        let diagnostics = Arc::make_mut(diagnostics);
        let file = batch.task.file;
        let items = batch.items.into_iter();
        diagnostics.extend(items.filter_map(|item| collection.take(item, file, known)));
        Arc::make_mut(groups).grow(collection);
        now.status.progress = progress;
        now.grew();
        now.status
    }
}

impl<'a> Reading<'a> {
    /// Opens what is on disk and shows it.
    fn begin(library: &'a LocalLibrary) -> Self {
        let mut reading = Self {
            library,
            keeper: None,
            hopeless: library.folder().is_none(),
            manifest: Mutex::new(Manifest::new(&library.options)),
            known: None,
            before: Manifest::default(),
            passed: HashMap::new(),
            records: 0,
            ordered: false,
            weight: 0,
            sealing: None,
        };
        if let Some(folder) = library.folder().filter(|folder| Keeper::is_in(folder)) {
            match Keeper::open(folder) {
                Ok(keeper) => reading.keeper = Some(Arc::new(keeper)),
                Err(why) => {
                    reading.hopeless = true;
                    library.say(folder, why);
                }
            }
            reading.open(folder);
        }
        reading
    }

    fn open(&mut self, folder: &Path) {
        let options = &self.library.options;
        let manifest = Manifest::load(folder, options);
        let opened = manifest
            .as_ref()
            .map(|manifest| Sealed::open(folder, manifest, options));
        let (manifest, sealed) = match (manifest, opened) {
            // A third of it is dead: what is left is read anew.
            (Some(manifest), Some(Ok(sealed)))
                if sealed.dead.len() * 3 < u64::from(sealed.end()).max(1) =>
            {
                (manifest, sealed)
            }
            (_, opened) => {
                if let Some(Err(error)) = opened {
                    let why = reason(&error);
                    let why = format!("the library was damaged ({why}) and is built anew");
                    self.library.say(folder, why);
                }
                (Manifest::new(options), Sealed::default())
            }
        };
        if let Some(keeper) = &self.keeper {
            keeper.clear(&manifest);
        }
        self.records = manifest.records();
        let (library, path) = (self.library, folder.join(ORDER));
        // Each takes its time in a large library, and nobody sees anything before.
        self.ordered = thread::scope(|scope| {
            let order = scope.spawn(|| library.take_order(&path, manifest.identity));
            let mut now = library.now();
            let mut collection = Collection::of(Arc::new(sealed));
            mem::swap(Arc::make_mut(&mut now.collection), &mut collection);
            // Without the groups on disk it takes longer, no more.
            if !now.take_stored(folder) {
                let collection = Arc::clone(&now.collection);
                Arc::make_mut(&mut now.groups).grow(&collection);
            }
            now.status.progress.records = self.records;
            now.grew();
            drop(now);
            // What breaks there breaks here.
            order.join().unwrap_or_else(|panic| resume_unwind(panic))
        });
        self.before = manifest.clone();
        self.manifest = Mutex::new(manifest);
    }

    /// The articles on disk or on their way there.
    fn known(&mut self) -> &mut Known {
        let library = self.library;
        self.known.get_or_insert_with(|| {
            let sealed = Arc::clone(&library.now().collection.sealed);
            sealed.ids().unwrap_or_else(|error| {
                let folder = library.folder().unwrap_or(Path::new(""));
                let why = reason(&error);
                library.say(folder, format!("the library is damaged ({why})"));
                Known::new()
            })
        })
    }

    fn manifest(&self) -> MutexGuard<'_, Manifest> {
        // Whole between any two statements.
        self.manifest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads what is new or changed. Gives what was wrong with the paths; none when called off.
    fn read(&mut self, cancel: &Cancel, told: &mut dyn FnMut(Status)) -> Option<Vec<Diagnostic>> {
        let mut said = Vec::new();
        let library = self.library;
        let before = self.manifest();
        let files = (0..).zip(&before.sources).filter(|(_, it)| !it.gone);
        let files: HashMap<PathBuf, u32> = files.map(|(file, it)| (it.path.path(), file)).collect();
        drop(before);
        // The manifest stands apart while two threads write into it.
        let manifest = mem::take(&mut self.manifest);
        let find = |hand: &mut dyn FnMut(Task)| {
            let mut files = files;
            let exclude = &library.options.exclude;
            ingest::each(&library.paths, exclude, cancel, &mut said, &mut |found| {
                let mut manifest = manifest.lock().unwrap_or_else(PoisonError::into_inner);
                let known = files.remove(&found.path);
                if let Some(task) = task(&mut manifest, known, found) {
                    drop(manifest);
                    hand(task);
                }
            });
            if !cancel.is_cancelled() {
                let mut manifest = manifest.lock().unwrap_or_else(PoisonError::into_inner);
                for file in files.into_values() {
                    manifest.sources[file as usize].gone = true;
                }
            }
        };
        ingest::read(find, &library.options, cancel, &mut |batch, progress| {
            let status = self.take(batch, progress, &manifest);
            told(status);
            !cancel.is_cancelled()
        });
        self.manifest = manifest;
        (!cancel.is_cancelled()).then_some(said)
    }

    /// Takes in what was read, and seals what is in memory when it is over the budget.
    fn take(&mut self, mut batch: Batch, progress: Progress, manifest: &Mutex<Manifest>) -> Status {
        let file = batch.task.file;
        let passed = self.passed.entry(file).or_insert(batch.task.known);
        batch.items.retain(|item| match item {
            // What was said of records that are known is known, too.
            _ if *passed == 0 => true,
            Loaded::Record(..) => {
                *passed -= 1;
                false
            }
            Loaded::Diagnostic(_) => false,
        });
        {
            let mut manifest = manifest.lock().unwrap_or_else(PoisonError::into_inner);
            let noted = batch.items.iter().filter_map(|item| match item {
                Loaded::Diagnostic(diagnostic) => Some(Noted::of(file, diagnostic)),
                Loaded::Record(..) => None,
            });
            manifest.diagnostics.extend(noted);
            let source = &mut manifest.sources[file as usize];
            source.upto = (batch.upto.0, batch.upto.1.max(source.upto.1));
            source.whole = batch.last;
            let loaded = batch.items.iter();
            let loaded = loaded.filter(|it| matches!(it, Loaded::Record(..)));
            source.loaded += loaded.count() as u64;
        }
        self.weight += batch.items.iter().map(Loaded::weight).sum::<usize>();
        let progress = Progress {
            records: progress.records + self.records,
            ..progress
        };
        let library = self.library;
        let status = library.take(batch, self.known(), progress);
        if self.weight > self.library.budget && !self.hopeless {
            self.seal(manifest, false);
        }
        status
    }

    /// Begins to seal what is in memory.
    fn seal(&mut self, manifest: &Mutex<Manifest>, complete: bool) {
        let mut manifest = manifest.lock().unwrap_or_else(PoisonError::into_inner);
        self.wait(&mut manifest);
        let Some(keeper) = self.keeper() else {
            return;
        };
        let collection = Arc::clone(&self.library.now().collection);
        let (articles, late) = collection.to_seal(self.known());
        let first = collection.first() as u32;
        drop(collection);
        self.weight = 0;
        let mut next = manifest.clone();
        next.complete = complete;
        let (count, all) = (late.len(), articles.len());
        let done = Arc::new(AtomicU64::new(0));
        let so_far = Arc::clone(&done);
        let thread = thread::spawn(move || {
            keeper.seal(&mut next, first, &articles, &late, &so_far)?;
            Ok(next)
        });
        self.sealing = Some(Sealing {
            thread,
            late: count,
            done,
            all,
        });
    }

    /// The folder to write to; made when there is the first thing for it.
    fn keeper(&mut self) -> Option<Arc<Keeper>> {
        if self.keeper.is_none() && !self.hopeless {
            let folder = self.library.folder()?;
            let keeper = Keeper::open(folder).and_then(|keeper| match Keeper::is_in(folder) {
                false => Ok(keeper),
                // Somebody else has read it meanwhile.
                true => Err("another recto has read this collection: nothing new is kept".into()),
            });
            match keeper {
                Ok(keeper) => self.keeper = Some(Arc::new(keeper)),
                Err(why) => {
                    self.hopeless = true;
                    self.library.say(folder, why);
                }
            }
        }
        self.keeper.clone().filter(|_| !self.hopeless)
    }

    /// Waits for the segment that is on its way, and lets go of its articles.
    fn wait(&mut self, manifest: &mut Manifest) {
        let Some(Sealing { thread, late, .. }) = self.sealing.take() else {
            return;
        };
        let written = thread
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        let written = written.and_then(|written| {
            manifest.segments = written.segments;
            manifest.next = written.next;
            manifest.complete = written.complete;
            let sealed = Arc::clone(&self.library.now().collection.sealed);
            let folder = self.library.folder().unwrap_or(Path::new(""));
            sealed.with(folder, manifest, &self.library.options)
        });
        match written {
            Ok(sealed) => {
                let mut now = self.library.now();
                Arc::make_mut(&mut now.collection).sealed_as(Arc::new(sealed), late);
                now.grew();
            }
            Err(error) => {
                self.hopeless = true;
                let folder = self.library.folder().unwrap_or(Path::new(""));
                let why = reason(&error);
                let why = format!("the library cannot be kept ({why}): it stays in memory");
                self.library.say(folder, why);
            }
        }
    }

    /// What was read last goes to the disk too, where the rest is.
    /// `progress` hears how far it is.
    fn end(&mut self, progress: &mut dyn FnMut(Step)) {
        let manifest = mem::take(&mut self.manifest);
        self.watch(progress);
        {
            let mut manifest = manifest.lock().unwrap_or_else(PoisonError::into_inner);
            self.wait(&mut manifest);
        }
        let is_kept = {
            let manifest = manifest.lock().unwrap_or_else(PoisonError::into_inner);
            !manifest.segments.is_empty()
        };
        // What fits into one segment is worth keeping too, when it takes a while to read.
        let worth = self.weight > self.library.budget / WORTH;
        if (is_kept && self.keeper.is_some() || worth) && !self.hopeless {
            if self.weight > 0 {
                self.seal(&manifest, true);
                self.watch(progress);
            }
            let mut manifest = manifest.lock().unwrap_or_else(PoisonError::into_inner);
            self.wait(&mut manifest);
            manifest.complete = true;
            if let Some(keeper) = self.keeper.as_ref().filter(|_| *manifest != self.before) {
                // What is not said now is found out the next time.
                let _ = keeper.save(&manifest);
            }
        }
        self.manifest = manifest;
        self.forget_gone();
    }

    /// Tells how far the segment is that is on its way to the disk, until it is there.
    fn watch(&self, progress: &mut dyn FnMut(Step)) {
        const EVERY: Duration = Duration::from_millis(50);
        let Some(sealing) = &self.sealing else {
            return;
        };
        while !sealing.thread.is_finished() {
            progress(Step {
                stage: group::Stage::Sign,
                done: sealing.done.load(Ordering::Relaxed),
                all: sealing.all as u64,
            });
            thread::sleep(EVERY);
        }
    }

    /// Articles whose files are gone no longer count.
    fn forget_gone(&self) {
        let manifest = self.manifest();
        let mut now = self.library.now();
        now.status.progress.records = manifest.records();
        let mut sealed = Sealed::clone(&now.collection.sealed);
        if sealed.read_sources(&manifest).is_ok() {
            Arc::make_mut(&mut now.collection).set_sealed(sealed);
            now.grew();
        }
    }

    /// Lets what is on its way to the disk arrive.
    fn call_off(&mut self) {
        let manifest = mem::take(&mut self.manifest);
        let mut manifest = manifest.lock().unwrap_or_else(PoisonError::into_inner);
        self.wait(&mut manifest);
    }

    /// What was said when articles were read that are on disk since before.
    fn said(&self) -> Vec<Diagnostic> {
        let manifest = self.manifest();
        let now = self.library.now();
        let noted = manifest.diagnostics.iter();
        let noted = noted.filter(|it| !manifest.sources[it.file as usize].gone);
        let all = noted.map(|it| it.diagnostic(&manifest.sources[it.file as usize].path.path()));
        all.filter(|it| !now.diagnostics.contains(it)).collect()
    }
}

/// What there is to read of a file that was found.
fn task(manifest: &mut Manifest, known: Option<u32>, found: Found) -> Option<Task> {
    if let Some(file) = known {
        let source = &mut manifest.sources[file as usize];
        let same = (source.bytes, source.modified) == (found.bytes, found.modified);
        if same && source.whole {
            return None;
        }
        if same || source.grew(&found.path, found.bytes) {
            (source.bytes, source.modified) = (found.bytes, found.modified);
            source.whole = false;
            let (from, known) = match source.upto {
                (0, records) => ((0, 0), records),
                upto => (upto, 0),
            };
            return Some(Task {
                found,
                file,
                from,
                known,
            });
        }
        source.gone = true;
    }
    let file = manifest.sources.len() as u32;
    manifest.sources.push(SourceFile {
        path: Name::of(&found.path),
        bytes: found.bytes,
        modified: found.modified,
        upto: (0, 0),
        loaded: 0,
        tail: 0,
        whole: false,
        gone: false,
    });
    manifest.complete = false;
    Some(Task {
        found,
        file,
        from: (0, 0),
        known: 0,
    })
}
