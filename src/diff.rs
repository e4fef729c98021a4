//! The prose diff: what differs between two versions of a text, and nothing else.
//!
//! The unit is the word and the frame is the paragraph; layout never counts. Pure: no IO, no clock, same input, same output.

use std::ops::Range;

use serde::Serialize;

use crate::model::BlockKind;

/// One side of a comparison.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// The text as it stood in the source, markup included; every byte of it is covered by the rows.
    pub text: &'a str,
    /// Its paragraphs, in order; their ranges ascend and do not overlap. What lies between them belongs to none.
    pub paragraphs: &'a [Paragraph],
}

/// One paragraph of a side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paragraph {
    /// Bytes in the text.
    pub range: Range<usize>,
    /// What it is.
    pub kind: BlockKind,
}

/// How two texts differ: rows in reading order whose cells tile both texts byte for byte.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// The rows, in display order.
    pub rows: Vec<Row>,
    /// The step budget ran out: part of it is compared by sentences or paragraphs only.
    pub coarse: bool,
}

/// One line of a comparison: a paragraph of the left, of the right, or both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// How its sides relate.
    pub op: Op,
    /// What kind of difference it holds, most telling first; empty for an equal row.
    pub classes: Vec<Class>,
    /// The left side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<Cell>,
    /// The right side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub right: Option<Cell>,
}

impl Row {
    /// Says whether the words of the row differ (layout and typography do not count).
    pub fn differs(&self) -> bool {
        !matches!(self.op, Op::Equal | Op::Reflow | Op::Typo)
    }
}

/// How the sides of a row relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Op {
    /// The same bytes, but for white space round them.
    Equal,
    /// The same words, other line or paragraph breaks.
    Reflow,
    /// The same words, other quotes, dashes or invisible characters.
    Typo,
    /// Both sides, other words.
    Replace,
    /// Only on the right.
    Insert,
    /// Only on the left.
    Delete,
    /// One end of a move: stands elsewhere on the other side.
    Moved,
}

/// What kind of difference it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// Other line or paragraph breaks.
    Reflow,
    /// Other quotes, dashes, invisible characters.
    Typographic,
    /// Capitals against small letters.
    Case,
    /// A number, sign or unit; never hidden.
    Number,
    /// Title, byline, date, source.
    Metadata,
    /// Text that stands in other groups too.
    Boilerplate,
    /// Stands elsewhere on the other side.
    Moved,
    /// Only on the right.
    Added,
    /// Only on the left.
    Removed,
    /// Other words.
    Edited,
}

/// One side of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// Bytes of the side's text. The cells of a side, in row order, tile it.
    pub range: Range<usize>,
    /// Spans that tile the range.
    pub spans: Vec<Span>,
}

/// A run of text of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Span {
    /// Bytes of the side's text.
    pub range: Range<usize>,
    /// What it is.
    pub kind: SpanKind,
    /// The number that it shares with its counterpart on the other side (equal, typographic and moved spans).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pair: Option<u32>,
    /// The number of the move that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved: Option<u32>,
}

/// What a span is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum SpanKind {
    /// The same on both sides.
    #[serde(rename = "eq")]
    Equal,
    /// The same but for typography.
    #[serde(rename = "typo")]
    Typo,
    /// The same words, elsewhere.
    #[serde(rename = "mov")]
    Moved,
    /// Only on this side.
    #[serde(rename = "chg")]
    Changed,
    /// White space between others.
    #[serde(rename = "ws")]
    Space,
}

/// How much work a comparison may do before it becomes coarse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Steps of the alignment, a number of inner-loop iterations, never a time.
    pub budget: u64,
}
