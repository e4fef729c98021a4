//! What changed between two collections: two crawls, two releases, what two extractors made of the same pages.
//!
//! Articles are paired in five steps, each for those that the steps before left over:
//!
//! 1. the same path below its collection, and the same id for a record of a file;
//! 2. the same address;
//! 3. the same text, wherever it stands;
//! 4. versions of one text, those of the same title first;
//! 5. the same number of the record, in files of the same path.
//!
//! Rejected: versions first. A path at which another text stands now is a difference that a person looks for, and a form
//! that is filled in anew is no version for grouping. Numbers come last, since one record more shifts all behind it.

mod library;
mod pair;

pub use self::library::in_library;
pub use self::pair::{Item, Pair, pair};

use super::types::changes::End;
use crate::model::Article;
use crate::text;

impl End {
    /// An article where it stands.
    pub fn new(item: &Item, article: &Article) -> Self {
        Self {
            id: article.id,
            title: article.shown_title().to_owned(),
            place: text::line(&item.name()).to_string(),
            words: article.words() as u64,
        }
    }
}
