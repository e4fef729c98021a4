//! Which articles are versions of one another: worked out for all of a library once it is read.

use std::num::NonZero;
use std::path::Path;
use std::sync::Arc;
use std::thread;

use super::super::boilerplate::{self, Blocks, Marks};
use super::super::collection::{Collection, Member, Row};
use super::super::groups::{self, GroupsFile};
use super::super::library::keeper::{GROUPING, GROUPS, Keeper, keeping};
use super::super::library::place::Lines;
use super::super::regroup::{self, Articles, Kept, Reader};
use super::super::why::Related;
use super::finding::stamp;
use super::{Engine, Groups, LocalLibrary, Now, Of, rank};
use crate::cancel::Cancel;
use crate::formats;
use crate::group::correct::standing;
use crate::group::{self, Grouping, Profile, Profiler, Signer, Step};
use crate::model::ArticleId;
use crate::store::ingest::reason;
use crate::store::types::{Correction, StoreError};

impl LocalLibrary {
    /// Finds the groups of everything that was read, shows and keeps them. None when called off.
    pub(super) fn regroup(
        &self,
        collection: &Arc<Collection>,
        keeper: Option<&Keeper>,
        cancel: &Cancel,
        progress: &mut dyn FnMut(Step),
    ) -> Option<()> {
        let found = match collection.first() {
            0 => group_in_memory(collection, &self.options, cancel, progress)?,
            _ => match self.group_kept(collection, keeper, cancel, progress) {
                Ok(found) => found,
                Err(StoreError::Cancelled) => return None,
                Err(error) => {
                    let folder = self.folder().unwrap_or(Path::new("")).to_owned();
                    self.say(&folder, format!("versions cannot be looked for: {error}"));
                    Grouping::default()
                }
            },
        };
        let blocks = self.blocks(collection, cancel)?;
        let mut known = self.snapshot();
        known.engine = Engine::here(found, blocks);
        let (found, blocks) = (known.engine.found(), known.engine.blocks());
        let before = Some(&*known.base);
        let base = Groups::new_and_tell(collection, found, blocks, &[], rank, before, progress);
        known.base = Arc::new(base);
        known.stored = keeper.and_then(|keeper| self.store(keeper, &known));
        let mut groups = known.group(&known.corrections);
        let mut now = self.now();
        if !Arc::ptr_eq(&now.corrections, &known.corrections) {
            // Somebody corrected them meanwhile.
            groups = known.group(&now.corrections);
        }
        now.engine = known.engine;
        now.base = known.base;
        now.groups = groups;
        now.stored = known.stored;
        now.standings = stamp();
        Some(())
    }

    /// Keeps the groups and the order by date for the next opening; says what of.
    fn store(&self, keeper: &Keeper, now: &Now) -> Option<Of> {
        let of = now.of()?;
        let written = groups::write(&keeper.path(GROUPS), of, &now.base, now.engine.found());
        let written = written.and_then(|()| self.store_order(keeper));
        match written {
            Ok(()) => Some(of),
            Err(error) => {
                let folder = self.folder().unwrap_or(Path::new("")).to_owned();
                let why = reason(&error);
                let what = "the groups are not kept and will be looked for again the next time";
                self.say(&folder, format!("{what}: {why}"));
                None
            }
        }
    }
}

impl Now {
    /// Takes over the groups that are on disk, if they are those of the articles there; says whether they are.
    pub(super) fn take_stored(&mut self, folder: &Path) -> bool {
        let Some(of) = self.of() else { return false };
        let open = || GroupsFile::open(&folder.join(GROUPS), of);
        let kept = open().and_then(|file| Groups::kept(file, self.collection.len()));
        let Ok(kept) = kept else { return false };
        self.base = Arc::new(kept);
        let (path, sealed) = (folder.join(GROUPS), Arc::clone(&self.collection.sealed));
        let count = self.collection.len();
        self.engine = Engine::later(
            // Both were sound when they were opened; what breaks under our hands is looked for again the next time.
            move || {
                let file = GroupsFile::open(&path, of);
                let found = file.and_then(|file| file.grouping());
                found.unwrap_or_default()
            },
            move || {
                let blocks = Blocks::new(count, |take| sealed.marks(take), &Cancel::new());
                blocks.ok().flatten().unwrap_or_default()
            },
        );
        self.groups = Arc::clone(&self.base);
        self.stored = Some(of);
        self.standings = stamp();
        true
    }
}

impl LocalLibrary {
    /// The blocks that stand in two articles and more. None when called off.
    fn blocks(&self, collection: &Collection, cancel: &Cancel) -> Option<Blocks> {
        let first = collection.first();
        let article = |at| Some(Arc::clone(&collection.member(at)?.article));
        if first == 0 {
            return Blocks::of_articles(collection.len(), article, cancel);
        }
        let tail = boilerplate::marks_of(first..collection.len(), &article, cancel);
        let parts = |take: &mut dyn FnMut(&Marks)| {
            collection.sealed.marks(take)?;
            take(&tail);
            Ok(())
        };
        match Blocks::new(collection.len(), parts, cancel) {
            Ok(blocks) => blocks,
            Err(error) => {
                let folder = self.folder().unwrap_or(Path::new("")).to_owned();
                let why = reason(&error);
                self.say(&folder, format!("boilerplate cannot be looked for: {why}"));
                Some(Blocks::default())
            }
        }
    }

    /// What the group of an article on disk is related to: what is kept of grouping has groups only.
    pub(super) fn related(&self, now: &Now, row: &Row<'_>, cancel: &Cancel) -> Related {
        let not = |why: &str| Related::Unknown(why.to_owned());
        let (Some(folder), Some(_)) = (self.folder(), now.stored) else {
            return not("what was found of this collection is not kept on disk");
        };
        let numbered = Numbered {
            collection: &now.collection,
            ids: None,
            options: &self.options,
        };
        let asked = (&*row.versions, now.collection.len() as u32);
        let found = regroup::related(&folder.join(GROUPING), keeping(), asked, &numbered, cancel);
        match found {
            Ok(Some(found)) => Related::Found(found),
            Ok(None) => not("versions are looked for again just now"),
            Err(StoreError::Cancelled) => not("that was called off"),
            Err(error) => Related::Unknown(error.to_string()),
        }
    }

    /// Groups articles that are on disk. What was found out is kept beside them, so that the next time only what is new
    /// is looked at; where nothing can be kept, it is worked out in a folder that goes away.
    fn group_kept(
        &self,
        collection: &Collection,
        keeper: Option<&Keeper>,
        cancel: &Cancel,
        progress: &mut dyn FnMut(Step),
    ) -> Result<Grouping, StoreError> {
        let count = collection.len() as u32;
        let passing;
        let mut kept = match keeper.map(|keeper| keeper.grouping(count)) {
            Some(Ok(kept)) => kept,
            _ => {
                passing = tempfile::tempdir().map_err(|it| StoreError::Io(it.to_string()))?;
                Kept::open(passing.path(), keeping(), count)?
            }
        };
        let numbered = Numbered {
            collection,
            ids: Some(collection.ids()?),
            options: &self.options,
        };
        // What was kept may turn out to be damaged: then it is worked out once more.
        for _ in 0..2 {
            sign_new(&mut kept, collection, cancel, progress)?;
            kept.seal()?;
            match kept.group(&numbered, &collection.sealed.dead, cancel, progress) {
                Ok(grouped) => return Ok(grouped.grouping(&numbered)),
                Err(StoreError::Damaged(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Err(StoreError::Damaged("what grouping keeps".into()))
    }
}

/// Signs the articles that were not signed before.
fn sign_new(
    kept: &mut Kept,
    collection: &Collection,
    cancel: &Cancel,
    progress: &mut dyn FnMut(Step),
) -> Result<(), StoreError> {
    const AT_ONCE: usize = 512;
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let mut signers: Vec<Signer> = (0..threads).map(|_| Signer::default()).collect();
    let known = kept.articles() as usize;
    let mut from = known;
    while from < collection.len() {
        if cancel.is_cancelled() {
            return Err(StoreError::Cancelled);
        }
        progress(Step {
            stage: group::Stage::Sign,
            done: (from - known) as u64,
            all: (collection.len() - known) as u64,
        });
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
    /// Where all are asked for.
    ids: Option<Vec<ArticleId>>,
    options: &'a formats::Options,
}

impl Articles for Numbered<'_> {
    fn id(&self, article: u32) -> ArticleId {
        let id = match &self.ids {
            Some(ids) => ids.get(article as usize).copied(),
            None => self.collection.id(article as usize),
        };
        // Only of articles that are there it is asked.
        id.unwrap_or(ArticleId::from_bytes([0; 16]))
    }

    fn reader(&self) -> Box<dyn Reader + '_> {
        Box::new(OfMember {
            of: self,
            lines: Lines::default(),
        })
    }
}

struct OfMember<'a> {
    of: &'a Numbered<'a>,
    lines: Lines,
}

impl Reader for OfMember<'_> {
    fn profile(&mut self, article: u32, profiler: &mut Profiler) -> Option<Profile> {
        let Numbered {
            collection,
            options,
            ..
        } = *self.of;
        // Most are one line, of which not everything has to be made for this.
        if let Some((record, path)) = collection.line(article as usize)
            && let Some(line) = self.lines.read(&record, path)
        {
            return regroup::profile_line(path, line, options, profiler);
        }
        let member = collection.member(article as usize)?;
        Some(regroup::profile(
            &member.article,
            &member.sources,
            options,
            profiler,
        ))
    }
}

impl Now {
    /// What groups of the articles on disk are true of; none while there are others.
    pub(super) fn of(&self) -> Option<Of> {
        let collection = &self.collection;
        let sealed = &collection.sealed;
        let all = collection.len() == sealed.end() as usize && !collection.has_late();
        let there = all && !sealed.segments.is_empty();
        there.then(|| Of {
            identity: sealed.identity,
            articles: sealed.end(),
            gone: sealed.gone_digest(),
        })
    }

    /// The groups that were found, as they are corrected.
    pub(super) fn group(&self, corrections: &[Correction]) -> Arc<Groups> {
        let is_here = |id| self.collection.place(id).is_some();
        let said = standing(corrections);
        if said.is_empty() {
            return Arc::clone(&self.base);
        }
        // What is said of other libraries changes nothing here.
        if !said.iter().any(|it| is_here(it.a) || is_here(it.b)) {
            return Arc::new(self.base.with_said(corrections));
        }
        let (found, blocks) = (self.engine.found(), self.engine.blocks());
        let before = Some(&*self.base);
        Arc::new(Groups::new(
            &self.collection,
            found,
            blocks,
            corrections,
            rank,
            before,
        ))
    }
}

/// Finds which articles are versions of one another. None when it was called off.
fn group_in_memory(
    collection: &Collection,
    formats: &formats::Options,
    cancel: &Cancel,
    progress: &mut dyn FnMut(Step),
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
    group::group_and_tell(&documents, &options, cancel, progress)
}
