//! What a store must do. `memory` is the strict one for tests, `local` the one on this machine; both pass one
//! conformance suite (`tests/it/conformance.rs`).

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::types::{
    Authors, Boilerplate, Change, Correction, Decisions, Entry, Filter, Find, LibraryId, Page,
    Personal, Receipt, Statistics, StoreError, Subject, Why,
};
use crate::cancel::Cancel;
use crate::group::Sketch;
use crate::model::ArticleId;

/// The articles of a collection, their groups, and the search over them.
///
/// Nothing returns "all"; places in lists are opaque.
pub trait Library: Send + Sync {
    /// Names the library in the review log.
    fn id(&self) -> LibraryId;

    /// What it is read from, as it was named.
    fn inputs(&self) -> Vec<PathBuf>;

    /// Some hits of a query, in its order, with how many there are in all.
    fn find(&self, find: &Find, cancel: &Cancel) -> Result<Page, StoreError>;

    /// The same. Where articles have to be read to tell, `partial` gets what is certain so far: the first hits, which
    /// stay, with a count that grows.
    fn find_in_parts(
        &self,
        find: &Find,
        cancel: &Cancel,
        partial: &mut dyn FnMut(Page),
    ) -> Result<Page, StoreError> {
        let _ = partial;
        self.find(find, cancel)
    }

    /// One article with its sources, decision and versions.
    fn entry(&self, id: ArticleId, cancel: &Cancel) -> Result<Entry, StoreError>;

    /// The versions of an article's group in the order of reading, itself included.
    fn versions(&self, id: ArticleId, cancel: &Cancel) -> Result<Vec<ArticleId>, StoreError> {
        Ok(self.entry(id, cancel)?.versions)
    }

    /// An article as the review log names it. A store that knows it without reading the text says it so.
    fn subject(&self, id: ArticleId, cancel: &Cancel) -> Result<Subject, StoreError> {
        Ok(Subject::of(&self.entry(id, cancel)?))
    }

    /// The same for each place that it was read from, in the order of reading: exact copies are one article.
    fn subjects(&self, id: ArticleId, cancel: &Cancel) -> Result<Vec<Subject>, StoreError> {
        Ok(Subject::all(&self.entry(id, cancel)?))
    }

    /// Why an article is a version of others, and what else it has in common with whom.
    fn why(&self, id: ArticleId, cancel: &Cancel) -> Result<Why, StoreError>;

    /// The same. Where related articles have to be looked for, `partial` gets all the rest before that is done.
    fn why_in_parts(
        &self,
        id: ArticleId,
        cancel: &Cancel,
        partial: &mut dyn FnMut(Why),
    ) -> Result<Why, StoreError> {
        let _ = partial;
        self.why(id, cancel)
    }

    /// The blocks of an article that are boilerplate, in order, with the evidence.
    fn boilerplate(&self, id: ArticleId, cancel: &Cancel) -> Result<Vec<Boilerplate>, StoreError>;

    /// The collection in numbers.
    fn statistics(&self, cancel: &Cancel) -> Result<Statistics, StoreError>;

    /// Hands over what was decided, for lists, queries and entries from now on.
    fn set_decisions(&self, decisions: Arc<Decisions>);

    /// Hands over what the person read, marked and chose, for queries from now on.
    fn set_personal(&self, personal: Arc<Personal>);

    /// Hands over what was said about groups; they change at once. Statements about articles of other libraries are
    /// among them.
    fn set_corrections(&self, corrections: &[Correction]);

    /// Hands over who said what about groups, where it was somebody else.
    fn set_authors(&self, others: Authors);
}

/// The append-only record of what people decided: the only data that cannot be rebuilt.
///
/// A method that returns `Ok` has put the change on disk. Undo works per library and never takes back somebody
/// else's change.
pub trait ReviewLog: Send {
    /// Why nothing can be saved, when nothing can.
    fn read_only(&self) -> Option<String>;

    /// Does what can wait until a change was acknowledged: called when nobody waits.
    fn settle(&mut self) {}

    /// Appends a change as one undo step.
    fn append(&mut self, change: &Change) -> Result<Receipt, StoreError>;

    /// Saves a query under a name, in the place of one that has it, as one undo step; without a query the name is free
    /// again.
    fn save_filter(
        &mut self,
        library: &LibraryId,
        name: &str,
        query: Option<&str>,
    ) -> Result<Receipt, StoreError>;

    /// Takes back the newest step of this library that is not taken back; nothing to undo gives `None`.
    fn undo(&mut self, library: &LibraryId) -> Result<Option<Receipt>, StoreError>;

    /// Brings back the step that was taken back last; a change since then leaves nothing to redo.
    fn redo(&mut self, library: &LibraryId) -> Result<Option<Receipt>, StoreError>;

    /// What is decided now, over all libraries.
    fn decisions(&self) -> Result<Arc<Decisions>, StoreError>;

    /// What was said about groups and was not taken back, over all libraries, each statement once, ordered. An article
    /// that took the place of another has what was said of that one until then.
    fn corrections(&self) -> Result<Vec<Correction>, StoreError>;

    /// Who said what about groups, by the number of the correction, where it was somebody else.
    fn others(&self) -> Result<Authors, StoreError>;

    /// The saved queries, by name, over all libraries.
    fn filters(&self) -> Result<Vec<Filter>, StoreError>;

    /// The articles that something is decided about in this library, each as it was last seen, in any order. Left out
    /// are those whose place another article took, unless something was decided about them since.
    fn subjects(&self, library: &LibraryId) -> Result<Vec<Subject>, StoreError>;

    /// The articles that something was decided about and that have no sketch yet, over all libraries, in any order.
    fn unsketched(&self) -> Result<Vec<ArticleId>, StoreError>;

    /// The sketches that can be compared, over all libraries.
    fn sketches(&self) -> Result<HashMap<ArticleId, Sketch>, StoreError>;

    /// The number of the newest event: grows when anybody changes anything.
    fn revision(&self) -> Result<u64, StoreError>;
}
