//! The folder of a library: who may write to it, what is in it, and how a segment comes to it.

use std::fs::{self, File};
use std::io;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::catalogue::{Row, RowRecord};
use super::manifest::{Manifest, SegmentEntry, SourceFile};
use super::sealed::MARKS;
use super::segment::SegmentWriter;
use super::spool::SpoolWriter;
use crate::formats::{Options, Record};
use crate::group::{Signature, Signer};
use crate::model::{Article, Source};
use crate::store::boilerplate::Marks;
use crate::store::ingest::{NO_PLACE, reason};
use crate::store::regroup::{self, Keeping};
use crate::store::types::StoreError;

/// The folder of what grouping keeps between runs,
pub const GROUPING: &str = "grouping";
/// the file of the groups as they were found,
pub const GROUPS: &str = "groups";
/// and that of the order by date.
pub const ORDER: &str = "order";

/// About how many bytes of memory grouping may take.
const MEMORY: u64 = 768 << 20;

/// A folder that this process may write to. It is let go of when this is dropped.
pub struct Keeper {
    folder: PathBuf,
    /// Held: the system lets go of it when the process ends in whatever way.
    _lock: File,
    /// What grouping keeps, once a segment was sealed.
    grouping: Mutex<Option<regroup::Kept>>,
}

/// How grouping works beside everything else.
pub fn keeping() -> Keeping {
    Keeping {
        memory: MEMORY,
        threads: thread::available_parallelism().map_or(1, NonZero::get),
    }
}

/// An article to be kept.
pub struct Kept {
    /// The article.
    pub article: Arc<Article>,
    /// Words of its body.
    pub words: u64,
    /// Its records.
    pub records: Vec<KeptRecord>,
}

/// A record to be kept.
#[derive(Clone, Debug)]
pub struct KeptRecord {
    /// What the catalogue says of it; a place that has to be found is `NO_PLACE`.
    record: RowRecord,
    /// What else was read with one that is kept here, since it cannot be read in place again.
    source: Option<Source>,
}

impl KeptRecord {
    /// A record and where it was read.
    pub fn new(record: RowRecord, source: &Source) -> Self {
        let source = (record.place == NO_PLACE).then(|| source.clone());
        Self { record, source }
    }
}

/// A record of an article whose segment is sealed, by the number of the article.
pub type LateRecord = (u32, Arc<Article>, KeptRecord);

impl Keeper {
    /// Takes hold of a folder, which is made where there is none. An error says why nothing can be kept.
    pub fn open(folder: &Path) -> Result<Self, String> {
        let say = |error: io::Error| {
            format!(
                "nothing of this collection is kept for the next time: {}: {}",
                folder.display(),
                reason(&error)
            )
        };
        fs::create_dir_all(folder).map_err(say)?;
        let path = folder.join("lock");
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path)
            .map_err(say)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self {
                folder: folder.to_owned(),
                _lock: lock,
                grouping: Mutex::default(),
            }),
            Err(fs::TryLockError::WouldBlock) => Err(
                "another recto is reading this collection: what this one reads is not kept".into(),
            ),
            Err(fs::TryLockError::Error(error)) => Err(say(error)),
        }
    }

    /// Removes what no manifest knows of: what a process left that was killed.
    pub fn clear(&self, manifest: &Manifest) {
        let known = |name: &str| {
            let of_segments = [ORDER, GROUPS, GROUPING].contains(&name);
            ["lock", "manifest.json"].contains(&name)
                || of_segments && !manifest.segments.is_empty()
                || manifest.segments.iter().any(|it| it.name == name)
        };
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            if !known(&entry.file_name().to_string_lossy()) {
                let path = entry.path();
                // What cannot be removed costs room, no more.
                let _ = fs::remove_dir_all(&path).or_else(|_| fs::remove_file(&path));
            }
        }
    }

    /// Writes a segment of articles from number `first` on and, once it is on disk, the manifest that has it.
    pub fn seal(
        &self,
        manifest: &mut Manifest,
        first: u32,
        articles: &[Kept],
        late: &[LateRecord],
        done: &AtomicU64,
    ) -> io::Result<()> {
        let name = format!("seg-{:06}", manifest.next);
        let new = self.folder.join(format!("new-{:06}", manifest.next));
        let _ = fs::remove_dir_all(&new);
        fs::create_dir_all(&new)?;
        let written = write(&new, first, articles, late, done).and_then(|signatures| {
            fs::rename(&new, self.folder.join(&name))?;
            Ok(signatures)
        });
        let signatures = match written {
            Ok(signatures) => signatures,
            Err(error) => {
                let _ = fs::remove_dir_all(&new);
                return Err(error);
            }
        };
        let mut next = with_tails(manifest);
        next.next += 1;
        next.segments.push(SegmentEntry {
            name,
            first,
            rows: articles.len() as u32,
        });
        next.save(&self.folder)?;
        *manifest = next;
        self.sign(first, &signatures);
        Ok(())
    }

    /// Keeps the signatures of articles from number `first` on. Where that fails they are signed again when they are
    /// grouped.
    fn sign(&self, first: u32, signatures: &[Signature]) {
        let mut grouping = self.grouping.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = match grouping.take() {
            Some(kept) => Ok(kept),
            None => regroup::Kept::open(&self.folder.join(GROUPING), keeping(), first),
        };
        let added = kept.and_then(|mut kept| {
            if kept.articles() == first {
                for signature in signatures {
                    kept.add(signature)?;
                }
                kept.seal()?;
            }
            Ok(kept)
        });
        *grouping = added.ok();
    }

    /// What grouping keeps of the library's articles, of which there are so many.
    pub fn grouping(&self, articles: u32) -> Result<regroup::Kept, StoreError> {
        let mut grouping = self.grouping.lock().unwrap_or_else(PoisonError::into_inner);
        match grouping.take() {
            Some(kept) => Ok(kept),
            None => regroup::Kept::open(&self.folder.join(GROUPING), keeping(), articles),
        }
    }

    /// The path of a file in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Writes the manifest.
    pub fn save(&self, manifest: &Manifest) -> io::Result<()> {
        with_tails(manifest).save(&self.folder)
    }

    /// Says whether a folder has a library in it.
    pub fn is_in(folder: &Path) -> bool {
        folder.join("manifest.json").exists()
    }

    /// The manifest of the folder, or a new one where that cannot be gone on with.
    pub fn manifest(&self, options: &Options) -> Manifest {
        Manifest::load(&self.folder, options).unwrap_or_else(|| Manifest::new(options))
    }
}

/// The same with the ends of what was read, by which a file is known that grew.
fn with_tails(manifest: &Manifest) -> Manifest {
    let mut next = manifest.clone();
    for source in next.sources.iter_mut() {
        if source.upto.0 > 0 && !source.gone {
            // One that cannot be read just now has not grown next time, but changed.
            source.tail = SourceFile::digest(&source.path.path(), source.upto.0).unwrap_or(0);
        }
    }
    next
}

/// Writes a segment; gives the signatures of its articles, by which their versions are looked for.
fn write(
    folder: &Path,
    first: u32,
    articles: &[Kept],
    late: &[LateRecord],
    done: &AtomicU64,
) -> io::Result<Vec<Signature>> {
    let mut segment = SegmentWriter::create(folder, first)?;
    let mut spool = SpoolWriter::new(folder);
    let (mut marks, mut signer) = (Marks::default(), Signer::default());
    let mut signatures = Vec::with_capacity(articles.len());
    for kept in articles {
        let Kept {
            article, records, ..
        } = kept;
        let records = records.iter().map(|it| placed(&mut spool, article, it));
        let row = Row::of(article, kept.words, records.collect::<io::Result<_>>()?);
        segment.add(&row, article.body().map(|block| block.text.as_str()))?;
        marks.add(Some(article));
        signatures.push(regroup::sign(article, &mut signer));
        done.fetch_add(1, Ordering::Relaxed);
    }
    marks.write(&folder.join(MARKS))?;
    for (number, article, record) in late {
        let record = placed(&mut spool, article, record)?;
        segment.extra(*number, &record);
    }
    spool.finish()?;
    segment.finish()?;
    Ok(signatures)
}

/// A record with its place, which is in the spool unless it can be read where it stands.
fn placed(
    spool: &mut SpoolWriter,
    article: &Arc<Article>,
    kept: &KeptRecord,
) -> io::Result<RowRecord> {
    let mut record = kept.record.clone();
    if let Some(source) = kept.source.clone() {
        record.place = spool.add(&Record {
            article: Article::clone(article),
            source,
        })?;
    }
    Ok(record)
}
