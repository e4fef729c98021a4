//! Mistakes in the files that a person writes for the program: `keymap.toml`, `config.toml`.
//!
//! A mistake costs the line that it stands on and nothing else: whoever reads such a file hands back what it could
//! read and a list of these.

use std::fmt;
use std::ops::Range;

use toml::de::DeTable;

use crate::model::Clean;
use crate::text;

/// One mistake in a file, said so that a person can mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong and what would be right; a sentence without a full stop.
    pub message: Clean,
}

impl Notice {
    /// A mistake at a byte of the text.
    pub fn at(file: &str, text: &str, offset: usize, message: impl Into<String>) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line = before.rsplit('\n').next().unwrap_or_default();
        // A quoted name in the file may hold anything, and this goes to a terminal.
        let message = text::line(&message.into());
        Self {
            file: file.to_owned(),
            line: before.matches('\n').count() + 1,
            column: line.chars().count() + 1,
            message,
        }
    }

    fn place(&self) -> (usize, usize) {
        (self.line, self.column)
    }
}

/// `file:line:column: message`, which editors and terminals can follow.
impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            line,
            column,
            message,
        } = self;
        write!(f, "{file}:{line}:{column}: {message}")
    }
}

/// A TOML file while it is read: its name and text, and the mistakes so far.
pub(crate) struct Reading<'a> {
    file: &'a str,
    text: &'a str,
    notices: Vec<Notice>,
}

impl<'a> Reading<'a> {
    /// Reads what can be read of the text.
    pub fn new(file: &'a str, text: &'a str) -> (Self, DeTable<'a>) {
        let (table, errors) = DeTable::parse_recoverable(text);
        let mut reading = Self {
            file,
            text,
            notices: Vec::new(),
        };
        for error in errors {
            let message = error.message().lines().next().unwrap_or("not TOML");
            reading.notice(error.span().unwrap_or_default(), message);
        }
        // One slip makes the reader stumble more than once.
        reading.notices.sort_by_key(Notice::place);
        reading.notices.dedup_by_key(|notice| notice.line);
        (reading, table.into_inner())
    }

    /// Notes a mistake.
    pub fn notice(&mut self, span: Range<usize>, message: impl Into<String>) {
        let notice = Notice::at(self.file, self.text, span.start, message);
        self.notices.push(notice);
    }

    /// The mistakes, from the top of the file down.
    pub fn finish(mut self) -> Vec<Notice> {
        self.notices.sort_by_key(Notice::place);
        self.notices
    }
}
