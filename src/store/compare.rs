//! Two articles of a library compared by their blocks, with what the library knows to be boilerplate.

use std::ops::Range;

use super::traits::Library;
use super::types::StoreError;
use crate::cancel::Cancel;
use crate::diff::{self, Comparison};
use crate::model::Article;

/// Compares two articles of a library; what stands in other groups too has its own class.
pub fn in_library(
    library: &dyn Library,
    left: &Article,
    right: &Article,
    cancel: &Cancel,
) -> Result<Comparison, StoreError> {
    let mut comparison = diff::compare_articles_unless(left, right, cancel);
    if cancel.is_cancelled() {
        return Err(StoreError::Cancelled);
    }
    let known = [
        boilerplate(library, left, cancel)?,
        boilerplate(library, right, cancel)?,
    ];
    diff::mark_boilerplate(&mut comparison, known.each_ref().map(Vec::as_slice));
    Ok(comparison)
}

/// The bytes of the blocks of an article that are known to be boilerplate, in order.
fn boilerplate(
    library: &dyn Library,
    article: &Article,
    cancel: &Cancel,
) -> Result<Vec<Range<usize>>, StoreError> {
    let found = library.boilerplate(article.id, cancel)?;
    let blocks = found.iter().filter_map(|it| article.blocks.get(it.block));
    Ok(blocks.map(|block| block.range.clone()).collect())
}
