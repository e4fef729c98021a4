//! What went wrong with an input, said so that a person can act on it.

use std::fmt;
use std::path::PathBuf;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The article was loaded, but something in it was replaced or ignored.
    Warning,
    /// A file or record was not loaded.
    Error,
}

/// One file or record that could not be read as it stands. Never stops the rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// The file.
    pub path: PathBuf,
    /// The record in the file, from 1.
    pub record: Option<u64>,
    /// What is wrong and, where that helps, what to do next; a sentence without a full stop. Already safe for a terminal.
    pub message: String,
}

impl Diagnostic {
    /// Something was not loaded.
    pub fn error(path: impl Into<PathBuf>, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            path: path.into(),
            record: None,
            message: message.into(),
        }
    }

    /// Something was loaded, but not as it stood.
    pub fn warning(path: impl Into<PathBuf>, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(path, message)
        }
    }

    /// Names the record, from 1.
    pub fn at_record(self, record: u64) -> Self {
        Self {
            record: Some(record),
            ..self
        }
    }
}

/// `path: record 3: reason`. The path is written lossily; whoever prints it passes the line through `text::clean`.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.path.display())?;
        if let Some(record) = self.record {
            write!(f, "record {record}: ")?;
        }
        f.write_str(&self.message)
    }
}
