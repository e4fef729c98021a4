//! What a reader found in one text, before it is an article.

use std::ops::Range;

use crate::model::{Block, BlockKind, Clean, Metadata};
use crate::text::Cleaner;

use super::inline;

/// Metadata and blocks of one text.
#[derive(Debug, Default)]
pub struct Draft {
    /// What the text says about itself.
    pub meta: Metadata,
    /// Its parts, in order.
    pub blocks: Vec<Block>,
    /// What could not be made out and is worth saying.
    pub notes: Vec<String>,
}

impl Draft {
    /// Says that a date could mean several days and was left as it stands.
    pub fn note_date(&mut self, text: &str) {
        self.notes.push(format!(
            "the date {} can mean more than one day, so it stays text",
            text.trim()
        ));
    }

    /// Adds a block, unless it shows nothing or begins before the last one ended.
    pub fn push(&mut self, kind: BlockKind, range: Range<usize>, text: Clean) {
        let end = self.blocks.last().map_or(0, |block| block.range.end);
        if !text.is_empty() && range.start >= end && range.start < range.end {
            self.blocks.push(Block { kind, range, text });
        }
    }

    /// Adds a block that is one range of the text, markup inside it removed.
    pub fn push_range(
        &mut self,
        text: &str,
        kind: BlockKind,
        range: Range<usize>,
        content: Range<usize>,
    ) {
        let mut cleaner = Cleaner::prose(text);
        inline::push(&mut cleaner, text, content);
        self.push(kind, range, cleaner.finish());
    }
}
