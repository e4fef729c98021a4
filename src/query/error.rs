//! What is wrong with a query, where, and what would be right.

use std::fmt;
use std::ops::Range;

use unicode_width::UnicodeWidthChar;

use crate::text::is_safe;

/// A mistake in a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// The bytes of the query that it is about; empty where something is missing.
    pub at: Range<usize>,
    /// What is wrong; a sentence without a full stop.
    pub message: String,
    /// What could stand there instead.
    pub suggestion: Option<String>,
}

impl QueryError {
    pub(super) fn new(at: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            at,
            message: message.into(),
            suggestion: None,
        }
    }

    pub(super) fn suggest(self, suggestion: impl Into<String>) -> Self {
        Self {
            suggestion: Some(suggestion.into()),
            ..self
        }
    }

    /// The query and, below it, carets under the mistake. `query` is the text that was parsed.
    ///
    /// ```text
    /// titel:virus -is:reviewed
    /// ^^^^^^
    /// ```
    pub fn render(&self, query: &str) -> String {
        let shown: String = query.chars().map(harmless).collect();
        let before = query.get(..self.at.start).map_or(0, columns);
        let under = query.get(self.at.clone()).map_or(0, columns).max(1);
        format!("{shown}\n{}{}", " ".repeat(before), "^".repeat(under))
    }
}

/// The message and, if there is one, the suggestion, in one line.
impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |text: &str| text.chars().map(harmless).collect::<String>();
        f.write_str(&shown(&self.message))?;
        match &self.suggestion {
            Some(suggestion) => write!(f, "; try {}", shown(suggestion)),
            None => Ok(()),
        }
    }
}

impl std::error::Error for QueryError {}

/// The cells that the text takes, character by character, as [`QueryError::render`] shows it.
fn columns(text: &str) -> usize {
    text.chars()
        .map(|character| harmless(character).width().unwrap_or(0))
        .sum()
}

/// What stands for a character that a terminal would obey instead of show.
fn harmless(character: char) -> char {
    match character {
        '\t' | '\n' | '\r' => ' ',
        // Behind a letter, where a mark may stand.
        _ if !is_safe(&format!("a{character}")) => '\u{fffd}',
        _ => character,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carets_stand_under_the_mistake_whatever_the_width() {
        let query = "新闻 e\u{301}té titel:x";
        let at = query.find("titel").expect("there");
        let error = QueryError::new(at..at + 6, "no field is called titel").suggest("title:");
        assert_eq!(
            error.render(query),
            format!("{query}\n{}^^^^^^", " ".repeat(9))
        );
        assert_eq!(error.to_string(), "no field is called titel; try title:");
    }

    #[test]
    fn what_is_missing_gets_one_caret() {
        let error = QueryError::new(4..4, "OR needs something behind it");
        assert_eq!(error.render("a OR"), "a OR\n    ^");
    }

    #[test]
    fn nothing_in_a_query_reaches_the_terminal_as_an_order() {
        let error = QueryError::new(0..1, "wrong");
        assert_eq!(
            error.render("\u{1b}[2J\u{202e}\n"),
            "\u{fffd}[2J\u{fffd} \n^"
        );
    }
}
