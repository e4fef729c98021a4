//! What is decided: written to the log, and taken in from there.

use std::collections::HashMap;
use std::sync::{Arc, MutexGuard, PoisonError};

use super::World;
use crate::app::effect::Rows;
use crate::app::event::Reply;
use crate::cancel::Cancel;
use crate::model::{ArticleId, Clean, Decision};
use crate::store::rebind;
use crate::store::rule::{self, Plan};
use crate::store::traits::{Library, ReviewLog};
use crate::store::types::{Change, Correction, Decisions, Deed, LibraryId, Receipt, StoreError};
use crate::text::clean;

/// The log, and what the screen knows of it.
pub(super) struct Review {
    pub log: Box<dyn ReviewLog>,
    /// The newest event that the screen knows of.
    pub revision: u64,
    /// What the screen knows to be decided.
    pub decisions: Arc<Decisions>,
    /// What the screen knows to be said about groups.
    pub corrections: Vec<Correction>,
}

/// So many texts are sketched at a time: a few hundredths of a second, for which a decision may have to wait.
pub(super) const REMEMBERED: usize = 1_000;

impl World {
    pub(super) fn change(
        &self,
        library: &dyn Library,
        deeds: Vec<(ArticleId, Deed)>,
        cancel: &Cancel,
    ) -> Result<Reply, StoreError> {
        let change = Change {
            library: library.id(),
            deeds: rule::with_subjects(library, deeds, cancel)?,
        };
        if change.deeds.is_empty() {
            return Ok(Reply::Said(Clean::own("nothing is selected")));
        }
        self.step("nothing is selected", |log, _| {
            log.append(&change).map(Some)
        })
    }

    /// Does something to the log and hands over what is decided since. The library is looked up while the log is held:
    /// a collection that was read again meanwhile must learn of it too.
    pub(super) fn step(
        &self,
        nothing: &'static str,
        act: impl FnOnce(&mut dyn ReviewLog, &LibraryId) -> Result<Option<Receipt>, StoreError>,
    ) -> Result<Reply, StoreError> {
        let mut review = self.review();
        let Some(library) = self.library() else {
            return Ok(Reply::Said(Clean::own(nothing)));
        };
        let Some(receipt) = act(&mut *review.log, &library.id())? else {
            return Ok(Reply::Said(Clean::own(nothing)));
        };
        take_in(&mut review, &*library, Some(receipt))
    }

    /// Takes in what another program wrote to the log, if it wrote anything. It comes within a second of each change, our
    /// own too, when nobody waits: the time for what could wait.
    pub(super) fn look(&self) -> Result<Vec<Reply>, StoreError> {
        let mut review = self.review();
        let Some(library) = self.library() else {
            return Ok(Vec::new());
        };
        let known = review.log.revision()? == review.revision;
        let mut reply = match known {
            true => None,
            false => Some(take_in(&mut review, &*library, None)?),
        };
        // What cannot be kept now is kept another time.
        if let Ok(1..) = rebind::remember(&*library, &mut *review.log, REMEMBERED) {
            let news = take_in(&mut review, &*library, None)?;
            reply = reply.or(Some(news).filter(says_something));
        }
        review.log.settle();
        Ok(reply.into_iter().collect())
    }

    /// Does what can wait, when the session ends.
    pub(in crate::runtime) fn settle(&self) {
        self.review().log.settle();
    }

    /// What a deed on rows of the list means for articles.
    pub(super) fn plan(
        &self,
        library: &dyn Library,
        rows: Rows,
        deed: &Deed,
        cancel: &Cancel,
    ) -> Result<Plan, StoreError> {
        let rows = self.rows(library, rows, cancel)?;
        let decisions = Arc::clone(&self.review().decisions);
        rule::plan(
            library,
            &decisions,
            &rows,
            std::slice::from_ref(deed),
            cancel,
        )
    }

    /// The known tags, most used first, then the quick tags that nobody has used yet.
    pub(super) fn tags(&self) -> Vec<String> {
        let review = self.review();
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for tag in review
            .decisions
            .values()
            .flat_map(|decision| &decision.tags)
        {
            *counts.entry(tag).or_default() += 1;
        }
        let mut used: Vec<_> = counts.into_iter().collect();
        used.sort_by(|(a, more), (b, less)| less.cmp(more).then(a.cmp(b)));
        let mut tags: Vec<String> = used.into_iter().map(|(tag, _)| tag.to_owned()).collect();
        for tag in self.quick_tags.iter().filter(|tag| !tag.is_empty()) {
            if !tags.contains(tag) {
                tags.push(tag.clone());
            }
        }
        tags
    }

    pub(super) fn review(&self) -> MutexGuard<'_, Review> {
        // A panic while the log was held left it as its last transaction left it: whole.
        self.review.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Hands what is decided and said now to the library; gives what went wrong.
pub(super) fn hand_over(review: &mut Review, library: &dyn Library) -> Option<Clean> {
    let (decisions, wrong) = match review.log.decisions() {
        Ok(decisions) => (decisions, None),
        Err(error) => (Arc::default(), Some(clean::line(&error.to_string()))),
    };
    library.set_decisions(Arc::clone(&decisions));
    review.decisions = decisions;
    // Where the log cannot be read, the decisions have just said so.
    let corrections = review.log.corrections().unwrap_or_default();
    library.set_authors(review.log.others().unwrap_or_default());
    library.set_corrections(&corrections);
    review.corrections = corrections;
    review.revision = review.log.revision().unwrap_or_default();
    wrong
}

/// Hands what is decided now to the library, and says what is other than the screen knows.
fn take_in(
    review: &mut Review,
    library: &dyn Library,
    receipt: Option<Receipt>,
) -> Result<Reply, StoreError> {
    let now = review.log.decisions()?;
    let corrections = review.log.corrections()?;
    review.revision = review.log.revision()?;
    let before = std::mem::replace(&mut review.decisions, Arc::clone(&now));
    library.set_decisions(Arc::clone(&now));
    let regrouped = corrections != review.corrections;
    if regrouped {
        library.set_authors(review.log.others()?);
        library.set_corrections(&corrections);
        review.corrections = corrections;
    }
    let mut decisions = Vec::new();
    if !Arc::ptr_eq(&before, &now) {
        let changed = now
            .iter()
            .filter(|(id, decision)| before.get(id) != Some(decision));
        decisions.extend(changed.map(|(id, decision)| (*id, decision.clone())));
        let gone = before.keys().filter(|id| !now.contains_key(id));
        decisions.extend(gone.map(|id| (*id, Decision::default())));
    }
    Ok(Reply::Reviewed {
        receipt,
        decisions,
        regrouped,
    })
}

/// Says whether the screen learns anything from it.
fn says_something(reply: &Reply) -> bool {
    !matches!(reply, Reply::Reviewed { receipt: None, decisions, regrouped: false } if decisions.is_empty())
}
