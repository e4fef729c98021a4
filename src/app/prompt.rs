//! The line that a person types into: find, filter, tag, palette.

use std::ops::Range;

use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

use crate::query::QueryError;
use crate::text::{clean, is_safe};

/// What the typed line is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Words to find in the pane.
    Find,
    /// A query that filters the list.
    Filter,
    /// A tag to put on or, with a leading `-`, take off.
    Tag,
    /// A note on what `State::noting` names.
    Note,
    /// The name of a saved filter, or a new name for the present one; with a leading `-` to forget it.
    Saved,
    /// A tag, `=` and its other name.
    Retag,
    /// A verdict and a query.
    Rule,
    /// A command by any of its words.
    Palette,
    /// An order for the list.
    Sort,
    /// A version to compare with.
    Version,
    /// A file to write the hits to.
    Export,
    /// A letter that names the place.
    Mark,
    /// The letter of a place to go to.
    ToMark,
}

/// A prompt that is open.
#[derive(Clone, Debug, PartialEq)]
pub struct Prompt {
    /// What it is for.
    pub purpose: Purpose,
    /// What was typed.
    pub text: String,
    /// The byte that the cursor stands before.
    pub cursor: usize,
    /// What the filter line has wrong.
    pub error: Option<QueryError>,
    /// What may be meant, best first.
    pub candidates: Vec<Candidate>,
    /// The candidate under the cursor.
    pub chosen: usize,
    /// The candidate was chosen with a key: it is meant, not what was typed.
    pub picked: bool,
    /// The bytes that a candidate stands in for, in a filter.
    pub completes: Range<usize>,
    /// What stood in the line when it was opened, for giving up.
    pub before: String,
}

/// Something the typed line may mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What stands in the list.
    pub label: String,
    /// The key that does the same, or how often it is used.
    pub note: String,
    /// Its place in the list that was searched.
    pub index: usize,
}

impl Prompt {
    /// Opens an empty line, or one that holds `text`.
    pub fn new(purpose: Purpose, text: &str) -> Self {
        Self {
            purpose,
            text: text.to_owned(),
            cursor: text.len(),
            error: None,
            candidates: Vec::new(),
            chosen: 0,
            picked: false,
            completes: 0..0,
            before: text.to_owned(),
        }
    }

    /// Types text before the cursor; line breaks of a paste become blanks.
    pub fn insert(&mut self, text: &str) {
        // Cleaning trims, and a blank typed by itself must stay.
        let text = text.replace(['\n', '\r', '\t'], " ");
        let text = if is_safe(&text) {
            text
        } else {
            clean::line(&text).to_string()
        };
        self.text.insert_str(self.cursor, &text);
        self.cursor += text.len();
    }

    /// Puts text in the place of some bytes, and the cursor behind it.
    pub fn replace(&mut self, at: Range<usize>, text: &str) {
        if self.text.get(at.clone()).is_some() {
            self.cursor = at.start + text.len();
            self.text.replace_range(at, text);
        }
    }

    /// Takes the character before the cursor away; says whether there was one.
    pub fn delete_back(&mut self) -> bool {
        let end = self.cursor;
        self.left();
        self.text.replace_range(self.cursor..end, "");
        end != self.cursor
    }

    /// Takes the character under the cursor away.
    pub fn delete(&mut self) {
        let start = self.cursor;
        self.right();
        self.text.replace_range(start..self.cursor, "");
        self.cursor = start;
    }

    /// Takes the word before the cursor away.
    pub fn delete_word(&mut self) {
        let before = self.text.get(..self.cursor).unwrap_or_default();
        let start = before
            .split_word_bound_indices()
            .rev()
            .find(|(_, word)| !word.trim().is_empty())
            .map_or(0, |(at, _)| at);
        self.text.replace_range(start..self.cursor, "");
        self.cursor = start;
    }

    /// Takes everything away.
    pub fn clear(&mut self) {
        self.text.clear();
        self.cursor = 0;
    }

    /// Goes one character back.
    pub fn left(&mut self) {
        let mut cursor = GraphemeCursor::new(self.cursor, self.text.len(), true);
        self.cursor = cursor
            .prev_boundary(&self.text, 0)
            .ok()
            .flatten()
            .unwrap_or(0);
    }

    /// Goes one character on.
    pub fn right(&mut self) {
        let mut cursor = GraphemeCursor::new(self.cursor, self.text.len(), true);
        self.cursor = cursor
            .next_boundary(&self.text, 0)
            .ok()
            .flatten()
            .unwrap_or(self.text.len());
    }

    /// Goes to the beginning.
    pub fn home(&mut self) {
        self.cursor = 0;
    }

    /// Goes to the end.
    pub fn end(&mut self) {
        self.cursor = self.text.len();
    }

    /// Goes to the next candidate, round the end.
    pub fn choose(&mut self, forward: bool) {
        let len = self.candidates.len();
        if len > 0 {
            self.picked = true;
            self.chosen = (self.chosen + if forward { 1 } else { len - 1 }) % len;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn editing_moves_by_what_a_person_sees_as_one_character() {
        let mut prompt = Prompt::new(Purpose::Find, "e\u{301}t👍🏽 zwei");
        prompt.delete_word();
        assert_eq!(prompt.text, "e\u{301}t👍🏽 ");
        prompt.delete_back();
        prompt.delete_back();
        assert_eq!(prompt.text, "e\u{301}t");
        prompt.home();
        prompt.delete();
        assert_eq!((prompt.text.as_str(), prompt.cursor), ("t", 0));
        prompt.insert("a\nb");
        assert_eq!((prompt.text.as_str(), prompt.cursor), ("a bt", 3));
        prompt.insert(" ");
        assert_eq!(prompt.text, "a b t");
    }
}
