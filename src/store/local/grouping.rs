//! Which articles are versions of one another: worked out for all of a library once it is read.

use std::num::NonZero;
use std::path::Path;
use std::sync::Arc;
use std::thread;

use super::super::collection::{Collection, Member};
use super::super::regroup::{self, Articles, Keeping, Kept, Reader};
use super::finding::stamp;
use super::{Blocks, Groups, LocalLibrary, Now, rank};
use crate::cancel::Cancel;
use crate::formats;
use crate::group::{self, Grouping, Profile, Profiler, Signer};
use crate::model::ArticleId;
use crate::store::types::{Correction, StoreError};

/// About how many bytes of memory grouping may take.
const MEMORY: u64 = 768 << 20;

impl LocalLibrary {
    /// Finds the groups of everything that was read, and shows them. None when called off.
    pub(super) fn regroup(&self, collection: &Arc<Collection>, cancel: &Cancel) -> Option<()> {
        let found = match collection.first() {
            0 => group_in_memory(collection, &self.options, cancel)?,
            _ => match self.group_kept(collection, cancel) {
                Ok(found) => found,
                Err(StoreError::Cancelled) => return None,
                Err(error) => {
                    let folder = self.folder().unwrap_or(Path::new("")).to_owned();
                    self.say(&folder, format!("versions cannot be looked for: {error}"));
                    Grouping::default()
                }
            },
        };
        let article = |at| Some(Arc::clone(&collection.member(at)?.article));
        let blocks = Blocks::new(collection.len(), article, cancel)?;
        let mut known = self.snapshot();
        known.found = Arc::new(found);
        known.blocks = Arc::new(blocks);
        let mut groups = known.group(&known.corrections);
        let mut now = self.now();
        if !Arc::ptr_eq(&now.corrections, &known.corrections) {
            // Somebody corrected them meanwhile.
            groups = known.group(&now.corrections);
        }
        now.found = known.found;
        now.blocks = known.blocks;
        now.groups = Arc::new(groups);
        now.standings = stamp();
        Some(())
    }

    /// Groups articles that are on disk. What was found out is kept beside them, so that the next time only what is new
    /// is looked at; where nothing can be kept, it is worked out in a folder that goes away.
    fn group_kept(&self, collection: &Collection, cancel: &Cancel) -> Result<Grouping, StoreError> {
        let keeping = Keeping {
            memory: MEMORY,
            threads: thread::available_parallelism().map_or(1, NonZero::get),
        };
        let kept = self.folder().map(|folder| folder.join("grouping"));
        let count = collection.len() as u32;
        let passing;
        let mut kept = match kept.map(|folder| Kept::open(&folder, keeping, count)) {
            Some(Ok(kept)) => kept,
            _ => {
                passing = tempfile::tempdir().map_err(|it| StoreError::Io(it.to_string()))?;
                Kept::open(passing.path(), keeping, count)?
            }
        };
        let numbered = Numbered {
            collection,
            ids: (0..collection.len())
                .map(|at| collection.id(at).unwrap_or(ArticleId::from_bytes([0; 16])))
                .collect(),
            options: &self.options,
        };
        // What was kept may turn out to be damaged: then it is worked out once more.
        for _ in 0..2 {
            sign_new(&mut kept, collection, cancel)?;
            kept.seal()?;
            match kept.group(&numbered, &collection.sealed.dead, cancel, &mut |_| {}) {
                Ok(grouped) => return Ok(grouped.grouping(&numbered)),
                Err(StoreError::Damaged(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Err(StoreError::Damaged("what grouping keeps".into()))
    }
}

/// Signs the articles that were not signed before.
fn sign_new(kept: &mut Kept, collection: &Collection, cancel: &Cancel) -> Result<(), StoreError> {
    const AT_ONCE: usize = 512;
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let mut signers: Vec<Signer> = (0..threads).map(|_| Signer::default()).collect();
    let mut from = kept.articles() as usize;
    while from < collection.len() {
        if cancel.is_cancelled() {
            return Err(StoreError::Cancelled);
        }
        let to = collection.len().min(from + threads * AT_ONCE);
        let share = (to - from).div_ceil(threads);
        let signed: Vec<Vec<group::Signature>> = thread::scope(|scope| {
            let parts: Vec<_> = signers
                .iter_mut()
                .zip((from..to).step_by(share))
                .map(|(signer, start)| {
                    scope.spawn(move || {
                        let part = start..to.min(start + share);
                        let sign = |at| match collection.member(at) {
                            Some(member) => regroup::sign(&member.article, signer),
                            // Its file changed: it has no words now.
                            None => group::Signature::default(),
                        };
                        part.map(sign).collect()
                    })
                })
                .collect();
            let joined = parts.into_iter().map(|part| {
                part.join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            });
            joined.collect()
        });
        for signature in signed.iter().flatten() {
            kept.add(signature)?;
        }
        from = to;
    }
    Ok(())
}

/// A collection as grouping reads it.
struct Numbered<'a> {
    collection: &'a Collection,
    ids: Vec<ArticleId>,
    options: &'a formats::Options,
}

impl Articles for Numbered<'_> {
    fn id(&self, article: u32) -> ArticleId {
        self.ids[article as usize]
    }

    fn reader(&self) -> Box<dyn Reader + '_> {
        Box::new(OfMember(self))
    }
}

struct OfMember<'a>(&'a Numbered<'a>);

impl Reader for OfMember<'_> {
    fn profile(&mut self, article: u32, profiler: &mut Profiler) -> Option<Profile> {
        let member = self.0.collection.member(article as usize)?;
        let options = self.0.options;
        Some(regroup::profile(
            &member.article,
            &member.sources,
            options,
            profiler,
        ))
    }
}

impl Now {
    /// The groups that were found, as they are corrected.
    pub(super) fn group(&self, corrections: &[Correction]) -> Groups {
        let before = Some(&*self.groups);
        Groups::new(
            &self.collection,
            &self.found,
            &self.blocks,
            corrections,
            rank,
            before,
        )
    }
}

/// Finds which articles are versions of one another. None when it was called off.
fn group_in_memory(
    collection: &Collection,
    formats: &formats::Options,
    cancel: &Cancel,
) -> Option<Grouping> {
    let members = collection.tail();
    let told = |member: &Arc<Member>| regroup::told(&member.article, &member.sources, formats);
    let told: Vec<_> = members.iter().map(told).collect();
    let documents: Vec<group::Document<'_>> = members
        .iter()
        .zip(&told)
        .map(|(member, told)| group::Document {
            id: member.article.id,
            title: told.title.as_deref(),
            url: told.url.as_deref(),
            date: told.date,
            blocks: regroup::grouped_by(&member.article),
        })
        .collect();
    let options = group::Options {
        blocks: true,
        ..group::Options::default()
    };
    group::group(&documents, &options, cancel)
}
