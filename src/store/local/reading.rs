//! How the library fills: articles as they are read, then the groups.

use std::sync::Arc;

use super::super::collection::{Collection, Member};
use super::super::regroup;
use super::{Blocks, Groups, LocalLibrary, Now, rank};
use crate::cancel::Cancel;
use crate::formats;
use crate::group::{self, Grouping};
use crate::model::Article;
use crate::store::ingest::{self, Loaded, Progress};
use crate::store::types::Correction;

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
}

impl LocalLibrary {
    /// Reads everything; `told` hears how far it is each time that it has grown. Says whether it came to the end: called
    /// off, what was read so far stays, without groups.
    pub fn read(&self, cancel: &Cancel, told: &mut dyn FnMut(Status)) -> bool {
        let mut take = |batch: ingest::Batch, progress| {
            told(self.take(batch.items, progress));
            !cancel.is_cancelled()
        };
        let mut said = ingest::stream(&self.paths, &self.options, cancel, &mut take);
        if cancel.is_cancelled() {
            return false;
        }
        let (collection, status) = {
            let mut now = self.now();
            said.extend(now.diagnostics.iter().cloned());
            now.diagnostics = Arc::new(said);
            now.status.stage = Stage::Grouping;
            (Arc::clone(&now.collection), now.status)
        };
        told(status);
        let Some(found) = group_articles(&collection, &self.options, cancel) else {
            return false;
        };
        let members = collection.members.iter();
        let articles: Vec<&Article> = members.map(|member| &*member.article).collect();
        let Some(blocks) = Blocks::new(&articles, cancel) else {
            return false;
        };
        let blocks = Arc::new(blocks);
        let mut known = self.snapshot();
        known.found = Arc::new(found);
        known.blocks = blocks;
        let mut groups = known.group(&known.corrections);
        let mut now = self.now();
        if !Arc::ptr_eq(&now.corrections, &known.corrections) {
            // Somebody corrected them meanwhile.
            groups = known.group(&now.corrections);
        }
        now.found = known.found;
        now.blocks = known.blocks;
        now.groups = Arc::new(groups);
        now.status.stage = Stage::Ready;
        now.answer = None;
        let status = now.status;
        drop(now);
        told(status);
        true
    }

    /// Takes in what was read.
    fn take(&self, items: Vec<Loaded>, progress: Progress) -> Status {
        let mut now = self.now();
        let Now {
            collection,
            groups,
            diagnostics,
            ..
        } = &mut *now;
        let collection = Arc::make_mut(collection);
        let diagnostics = Arc::make_mut(diagnostics);
        diagnostics.extend(items.into_iter().filter_map(|item| collection.take(item)));
        Arc::make_mut(groups).grow(collection);
        now.status.progress = progress;
        now.answer = None;
        now.status
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
fn group_articles(
    collection: &Collection,
    formats: &formats::Options,
    cancel: &Cancel,
) -> Option<Grouping> {
    let members = &collection.members;
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
