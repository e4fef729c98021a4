//! The smallest addressable part of an article.

use std::ops::Range;

use serde::Serialize;

use super::Clean;

/// What a block is, as far as its source says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum BlockKind {
    /// The title of the article, standing in its text.
    Title,
    /// Who wrote it.
    Byline,
    /// When it was published.
    Date,
    /// Where it was published: a line such as `Original url: …`.
    Source,
    /// A heading inside the body, level 1 to 6.
    Heading(u8),
    /// A paragraph.
    Paragraph,
    /// A quotation.
    Quote,
    /// One item of a list.
    Item,
    /// Preformatted text; line breaks count.
    Code,
    /// The caption of a picture or table.
    Caption,
}

impl BlockKind {
    /// Says whether the block is about the article instead of part of its body.
    pub fn is_metadata(self) -> bool {
        matches!(self, Self::Title | Self::Byline | Self::Date | Self::Source)
    }
}

/// One part of an article: a paragraph, a heading, a byline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Bytes of [`Article::text`](super::Article::text) that it covers, markup included.
    #[serde(skip)]
    pub range: Range<usize>,
    /// What a reader sees. Its map leads to bytes of `Article::text`.
    pub text: Clean,
}
