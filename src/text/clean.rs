//! Foreign text made safe, with the way back to what was read.
//!
//! [`clean`] takes a whole text; a reader of a format that must leave markup out drives a [`Cleaner`]: it pushes the
//! source ranges that are prose, replaces what is escaped, and joins lines. The result is a [`Clean`] whose map leads
//! from each piece to the bytes it stands for:
//!
//! ```text
//! source   A <b>bold</b>  move &amp; more
//! clean    A bold move & more
//! pieces   "A " 0..2 · "bold" 5..9 · " " 13..15 · "move " 15..20 · "&" 20..25 · " more" 25..30
//! ```
//!
//! Normalising to NFC was rejected: what a reader sees must be what stands in the source, byte for byte, wherever that
//! is safe; folding for search and comparison is the business of those who search and compare.

use std::ops::Range;

use crate::model::{Clean, OffsetMap, Piece};

use super::policy::{Fate, Gate, is_hard_blank, is_safe, is_unspaced};

/// Blanks that a tab in preformatted text becomes.
const TAB: &str = "    ";

/// Cleans a whole text as prose: runs of white space become one blank, the ends are trimmed.
pub fn clean(source: &str) -> Clean {
    clean_range(source, 0..source.len())
}

/// Cleans a part of a text as prose; the map leads to bytes of the whole text.
pub fn clean_range(text: &str, range: Range<usize>) -> Clean {
    let mut cleaner = Cleaner::prose(text);
    cleaner.push(range);
    cleaner.finish()
}

/// Cleans a message, a path or a name: one line, safe to print.
pub fn line(text: &str) -> Clean {
    clean(text)
}

/// Cleans a text of several lines: line breaks and blanks stay.
pub fn lines(text: &str) -> Clean {
    let mut cleaner = Cleaner::code(text);
    cleaner.push(0..text.len());
    cleaner.finish()
}

/// Takes clean text back from where it was kept, with its pieces. None when it is not safe after all, or when the pieces
/// are not those of such a text: in order, touching each other, none beyond the end.
pub fn restore(text: String, pieces: Vec<Piece>) -> Option<Clean> {
    let mut before = &(0..0);
    let mut from = 0;
    for Piece { clean, source } in &pieces {
        let fits = clean.start == before.end && text.get(clean.clone()).is_some();
        if !fits || source.start < from || source.end < source.start {
            return None;
        }
        (before, from) = (clean, source.end);
    }
    let whole = before.end == text.len();
    (whole && is_safe(&text)).then(|| Clean::from_parts(text, OffsetMap::new(pieces)))
}

/// Joins two clean parts of one text by a blank that stands for what lies between them.
///
/// Between two Chinese or Japanese characters there is no blank.
pub fn join(left: &Clean, right: &Clean) -> Clean {
    let mut text = String::with_capacity(left.len() + right.len() + 1);
    let mut pieces = left.map().pieces().to_vec();
    text.push_str(left);
    let from = pieces.last().map(|piece| piece.source.end);
    let to = right.map().pieces().first().map(|piece| piece.source.start);
    if let (Some(from), Some(to)) = (from, to)
        && from <= to
        && !is_unspaced_border(left, right)
    {
        let start = text.len();
        text.push(' ');
        pieces.push(Piece {
            clean: start..start + 1,
            source: from..to,
        });
    }
    let shift = text.len();
    pieces.extend(right.map().pieces().iter().map(|piece| Piece {
        clean: piece.clean.start + shift..piece.clean.end + shift,
        source: piece.source.clone(),
    }));
    text.push_str(right);
    Clean::from_parts(text, OffsetMap::new(pieces))
}

/// Says whether a line break between the two stands for nothing.
fn is_unspaced_border(left: &str, right: &str) -> bool {
    left.chars().next_back().is_some_and(is_unspaced)
        && right.chars().next().is_some_and(is_unspaced)
}

/// Builds a [`Clean`] out of ranges of one source text, in order.
#[derive(Debug)]
pub struct Cleaner<'a> {
    source: &'a str,
    preformatted: bool,
    out: String,
    pieces: Vec<Piece>,
    /// The last piece holds the very bytes of its source and may grow.
    grows: bool,
    /// White space that was read and not yet written.
    pending: Option<Pending>,
    gate: Gate,
}

/// A run of white space.
#[derive(Debug)]
struct Pending {
    source: Range<usize>,
    /// What it is written as.
    blank: char,
}

impl<'a> Cleaner<'a> {
    /// A cleaner for prose: a run of white space is one blank.
    pub fn prose(source: &'a str) -> Self {
        Self {
            source,
            preformatted: false,
            out: String::new(),
            pieces: Vec::new(),
            grows: false,
            pending: None,
            gate: Gate::default(),
        }
    }

    /// A cleaner for preformatted text: blanks and line breaks stay, a tab becomes four blanks.
    pub fn code(source: &'a str) -> Self {
        Self {
            preformatted: true,
            ..Self::prose(source)
        }
    }

    /// Takes over a range of the source. What lies between this range and the one before is markup and is left out.
    ///
    /// A range that goes backwards, beyond the end or into a character is ignored.
    pub fn push(&mut self, range: Range<usize>) {
        let Some(text) = self.source.get(range.clone()) else {
            return;
        };
        if self.is_backwards(range.start) {
            return;
        }
        // Most text comes in one range and is kept as it stands.
        self.out.reserve(text.len());
        if self.pieces.is_empty() {
            self.pieces.reserve_exact(1);
        }
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let at = range.end - rest.len();
            let plain = if self.preformatted {
                0
            } else {
                plain_run(rest.as_bytes())
            };
            if plain > 0 {
                self.flush();
                self.keep(&rest[..plain], at);
                if let Some(last) = rest[..plain].chars().next_back() {
                    self.gate.pass(last);
                }
                rest = &rest[plain..];
                continue;
            }
            let (step, after) = rest.split_at(first.len_utf8());
            match self.gate.fate(first, after) {
                Fate::Keep => {
                    self.flush();
                    self.keep(step, at);
                    self.gate.pass(first);
                }
                Fate::Blank => {
                    let crlf = self.preformatted && first == '\r' && after.starts_with('\n');
                    let length = first.len_utf8() + usize::from(crlf);
                    self.white(first, at..at + length);
                    rest = &rest[length..];
                    continue;
                }
                Fate::Replace(with) => {
                    self.flush();
                    self.write(with.encode_utf8(&mut [0; 4]), at..at + step.len());
                    self.gate.pass(with);
                }
                Fate::Drop => self.drop(at..at + step.len()),
            }
            rest = after;
        }
    }

    /// Lets `with` stand for a range of the source: a character reference, an escape. `with` is foreign and is cleaned too.
    pub fn replace(&mut self, range: Range<usize>, with: &str) {
        if self.is_backwards(range.start) || self.source.get(range.clone()).is_none() {
            return;
        }
        let mut safe = String::new();
        let mut characters = with.chars();
        while let Some(character) = characters.next() {
            match self.gate.fate(character, characters.as_str()) {
                Fate::Keep => {
                    if safe.is_empty() {
                        self.flush();
                    }
                    self.gate.pass(character);
                    safe.push(character);
                }
                Fate::Replace(other) => {
                    if safe.is_empty() {
                        self.flush();
                    }
                    self.gate.pass(other);
                    safe.push(other);
                }
                Fate::Blank if safe.is_empty() => {
                    self.white(character, range.start..range.start);
                }
                Fate::Blank if safe.ends_with(' ') => {}
                Fate::Blank => {
                    self.gate.pass(' ');
                    safe.push(' ');
                }
                Fate::Drop => {}
            }
        }
        let trimmed = safe.trim_end_matches(' ');
        let end = range.end;
        if trimmed.is_empty() {
            self.drop(range);
        } else {
            self.write_over(trimmed, range);
        }
        if trimmed.len() < safe.len() {
            self.white(' ', end..end);
        }
    }

    /// Lets one blank stand for a range of the source, such as a line break between two parts of a paragraph.
    pub fn blank(&mut self, range: Range<usize>) {
        if self.source.get(range.clone()).is_some() && !self.is_backwards(range.start) {
            self.white(' ', range);
        }
    }

    /// Joins two lines: as [`Cleaner::blank`], but nothing stands between two Chinese or Japanese characters.
    pub fn line_break(&mut self, range: Range<usize>) {
        let rest = self.source.get(range.end..).unwrap_or_default();
        if is_unspaced_border(&self.out, rest) && self.pending.is_none() {
            self.drop(range);
        } else {
            self.blank(range);
        }
    }

    /// Says whether nothing but white space has been pushed.
    pub fn is_empty(&self) -> bool {
        self.out.is_empty()
    }

    /// The text, without white space at its end.
    pub fn finish(mut self) -> Clean {
        let trimmed = self.out.trim_end().len();
        while let Some(piece) = self.pieces.last_mut() {
            if piece.clean.end <= trimmed {
                break;
            }
            if piece.clean.start >= trimmed {
                self.pieces.pop();
            } else {
                if piece.clean.len() == piece.source.len() {
                    piece.source.end -= piece.clean.end - trimmed;
                }
                piece.clean.end = trimmed;
            }
        }
        self.out.truncate(trimmed);
        Clean::from_parts(self.out, OffsetMap::new(self.pieces))
    }

    fn is_backwards(&self, start: usize) -> bool {
        let last = self.pieces.last().map_or(0, |piece| piece.source.end);
        let pending = self.pending.as_ref().map_or(0, |run| run.source.end);
        start < last.max(pending)
    }

    /// Reads white space: prose remembers it, preformatted text writes it.
    fn white(&mut self, character: char, source: Range<usize>) {
        self.gate.pass(' ');
        if self.preformatted {
            let blank = match character {
                '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{b}' | '\u{c}' => "\n",
                '\t' => TAB,
                _ => " ",
            };
            if self.out.is_empty() && blank == "\n" {
                return;
            }
            if self.source.get(source.clone()) == Some(blank) {
                self.keep(blank, source.start);
            } else {
                self.write_over(blank, source);
            }
            return;
        }
        match &mut self.pending {
            Some(run) => {
                run.source.end = source.end;
                run.blank = ' ';
            }
            None => {
                let blank = if is_hard_blank(character) {
                    character
                } else {
                    ' '
                };
                self.pending = Some(Pending { source, blank });
            }
        }
    }

    /// Writes the white space that stands before the next character; none at the start.
    fn flush(&mut self) {
        let Some(run) = self.pending.take() else {
            return;
        };
        if self.out.is_empty() {
            return;
        }
        let mut buffer = [0; 4];
        let blank = &*run.blank.encode_utf8(&mut buffer);
        if self.source.get(run.source.clone()) == Some(blank) {
            self.keep(blank, run.source.start);
        } else {
            self.write(blank, run.source);
        }
    }

    /// Writes bytes that stand in the source at `at`.
    fn keep(&mut self, text: &str, at: usize) {
        let start = self.out.len();
        self.out.push_str(text);
        match self.pieces.last_mut() {
            Some(piece) if self.grows && piece.source.end == at => {
                piece.clean.end += text.len();
                piece.source.end += text.len();
            }
            _ => self.pieces.push(Piece {
                clean: start..self.out.len(),
                source: at..at + text.len(),
            }),
        }
        self.grows = true;
    }

    /// Writes other bytes than the source has.
    fn write(&mut self, text: &str, source: Range<usize>) {
        let start = self.out.len();
        self.out.push_str(text);
        self.pieces.push(Piece {
            clean: start..self.out.len(),
            source,
        });
        self.grows = false;
    }

    /// Writes other bytes than the source has, where both may be several characters long. Equal lengths would read as
    /// "the same bytes" in the map, so the last byte of such a source goes into a piece of its own.
    fn write_over(&mut self, text: &str, source: Range<usize>) {
        if text.len() != source.len() || source.len() < 2 {
            return self.write(text, source);
        }
        let Some((last, _)) = self
            .source
            .get(source.clone())
            .and_then(|s| s.char_indices().next_back())
        else {
            return;
        };
        let middle = source.start + last;
        self.write(text, source.start..middle);
        self.drop(middle..source.end);
    }

    /// Leaves out a piece of the source that is not markup.
    fn drop(&mut self, source: Range<usize>) {
        if let Some(run) = &mut self.pending {
            run.source.end = source.end;
            return;
        }
        let at = self.out.len();
        match self.pieces.last_mut() {
            Some(piece) if piece.clean.is_empty() => piece.source.end = source.end,
            Some(_) => self.pieces.push(Piece {
                clean: at..at,
                source,
            }),
            None => {}
        }
        self.grows = false;
    }
}

/// Bytes at the start that need no thought: printable ASCII, and single blanks inside it.
fn plain_run(bytes: &[u8]) -> usize {
    let printable = |byte: &u8| (0x21..=0x7e).contains(byte);
    let mut length = match bytes.first() {
        Some(first) if printable(first) => plain_steps(bytes),
        _ => 0,
    };
    // The last step may have ended behind a blank that nothing printable follows.
    if length > 0 && bytes[length - 1] == b' ' && !bytes.get(length).is_some_and(printable) {
        return length - 1;
    }
    loop {
        length += bytes[length..].iter().take_while(|b| printable(b)).count();
        let goes_on = length > 0
            && bytes.get(length) == Some(&b' ')
            && bytes.get(length + 1).is_some_and(printable);
        if !goes_on {
            return length;
        }
        length += 1;
    }
}

/// Whole steps of bytes that are printable ASCII and blanks, none behind another: looked at all at once, without a branch
/// for each.
fn plain_steps(bytes: &[u8]) -> usize {
    const STEP: usize = 32;
    let mut at = 0;
    while let Some(step) = bytes.get(at..=at + STEP) {
        let pairs = step.iter().zip(&step[1..]);
        let other = pairs.fold(false, |other, (byte, next)| {
            other | !(0x20..=0x7e).contains(byte) | (*byte == b' ') & (*next == b' ')
        });
        if other {
            break;
        }
        at += STEP;
    }
    at
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The same, byte by byte.
    fn slow(bytes: &[u8]) -> usize {
        let printable = |at: usize| bytes.get(at).is_some_and(|it| (0x21..=0x7e).contains(it));
        let mut length = 0;
        while printable(length)
            || length > 0 && bytes.get(length) == Some(&b' ') && printable(length + 1)
        {
            length += 1;
        }
        length
    }

    proptest! {
        #[test]
        fn plain_runs_end_where_thought_begins(text in "[a-z ]{0,40}([a-z]{1,9} ){0,20}[a-z ]{0,3}(\n|é|\t|\x7f|)[a-z ]{0,40}") {
            prop_assert_eq!(plain_run(text.as_bytes()), slow(text.as_bytes()), "{:?}", text);
        }
    }
}
