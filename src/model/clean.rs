//! Foreign text made safe for a terminal, and the way back to what was read.

use std::fmt;
use std::ops::{Deref, Range};

use serde::{Serialize, Serializer};

/// Text that may reach a terminal: no control, bidirectional or invisible characters, no floods of combining marks.
///
/// Only `text::clean` makes one from foreign text; the screen, messages and logs take nothing else.
/// It remembers where each piece of it stood in what was read.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Clean {
    text: Box<str>,
    map: OffsetMap,
}

impl Clean {
    /// Joins cleaned text and its map. The caller (`text::clean`) vouches that `text` is safe.
    pub(crate) fn from_parts(text: String, map: OffsetMap) -> Self {
        Self {
            text: text.into(),
            map,
        }
    }

    /// Text of our own that needs no cleaning.
    pub fn own(text: &'static str) -> Self {
        Self {
            text: text.into(),
            map: OffsetMap::identity(0, text.len()),
        }
    }

    /// The safe text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Where each piece of it came from.
    pub fn map(&self) -> &OffsetMap {
        &self.map
    }
}

impl Deref for Clean {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl AsRef<str> for Clean {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Clean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl fmt::Debug for Clean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.text, f)
    }
}

impl Serialize for Clean {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

/// One run of clean text and the source bytes it stands for.
///
/// Verbatim when both lengths are equal; else the whole run stands for the whole source range (a replaced or dropped
/// character, a line break that became a blank).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Byte range in the clean text; empty for what was dropped.
    pub clean: Range<usize>,
    /// Byte range in the source text.
    pub source: Range<usize>,
}

/// Piecewise map between byte offsets of a clean text and of the text that it was made from.
///
/// Pieces are in order and touch each other on the clean side; gaps on the source side are markup.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OffsetMap {
    pieces: Vec<Piece>,
}

impl OffsetMap {
    /// Wraps pieces that are in order and touch each other on the clean side.
    pub(crate) fn new(pieces: Vec<Piece>) -> Self {
        debug_assert!(
            pieces
                .windows(2)
                .all(|p| p[0].clean.end == p[1].clean.start)
        );
        debug_assert!(
            pieces
                .windows(2)
                .all(|p| p[0].source.end <= p[1].source.start)
        );
        Self { pieces }
    }

    /// The map of `len` bytes that stand unchanged at `source_start`.
    pub fn identity(source_start: usize, len: usize) -> Self {
        Self {
            pieces: vec![Piece {
                clean: 0..len,
                source: source_start..source_start + len,
            }],
        }
    }

    /// The pieces, in order.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The clean range that shows the source range: empty when all of it is markup or was dropped.
    pub fn to_clean(&self, source: Range<usize>) -> Range<usize> {
        let first = self
            .pieces
            .partition_point(|piece| piece.source.end <= source.start);
        let inside = |piece: &Piece, at: usize| {
            if piece.clean.len() == piece.source.len() {
                piece.clean.start + at.clamp(piece.source.start, piece.source.end)
                    - piece.source.start
            } else if at <= piece.source.start {
                piece.clean.start
            } else {
                piece.clean.end
            }
        };
        let mut range: Option<Range<usize>> = None;
        for piece in self.pieces[first..]
            .iter()
            .take_while(|piece| piece.source.start < source.end)
        {
            let start = if piece.clean.len() == piece.source.len() {
                inside(piece, source.start)
            } else {
                piece.clean.start
            };
            let end = inside(piece, source.end);
            range = Some(range.map_or(start, |r| r.start)..end);
        }
        range.unwrap_or_else(|| {
            let at = self.pieces.get(first).map_or_else(
                || self.pieces.last().map_or(0, |piece| piece.clean.end),
                |piece| piece.clean.start,
            );
            at..at
        })
    }

    /// The source offset that the clean offset stands for.
    pub fn to_source(&self, clean: usize) -> usize {
        let index = self
            .pieces
            .partition_point(|piece| piece.clean.end <= clean);
        match self.pieces.get(index).or(self.pieces.last()) {
            None => 0,
            Some(piece) if piece.clean.len() == piece.source.len() => {
                piece.source.start + clean.clamp(piece.clean.start, piece.clean.end)
                    - piece.clean.start
            }
            Some(piece) if clean >= piece.clean.end => piece.source.end,
            Some(piece) => piece.source.start,
        }
    }
}
