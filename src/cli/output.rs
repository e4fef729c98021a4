//! Where results and messages go, and how they end.
//!
//! Text is cleaned before it gets here, or by [`say`] and [`Output::line`]; JSON escapes whatever a terminal would obey,
//! which loses nothing. A reader that has seen enough (`| head`) ends the program without a word.

use std::io::{self, BufWriter, IsTerminal, Write};

use serde::Serialize;

use crate::store::ingest::reason;
use crate::store::types::StoreError;
use crate::text;

/// How a command ends early: an exit code and, mostly, a sentence for standard error.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) code: u8,
    pub(super) message: Option<String>,
}

pub(super) type Outcome = Result<(), Failure>;

impl Failure {
    /// It failed, or found nothing.
    pub(super) fn failed(message: impl Into<String>) -> Self {
        Self {
            code: 1,
            message: Some(message.into()),
        }
    }

    /// It was not understood.
    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self {
            code: 2,
            message: Some(message.into()),
        }
    }

    /// All was said; only the exit code is left to give.
    pub(super) fn silent() -> Self {
        Self {
            code: 1,
            message: None,
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self {
                code: 0,
                message: None,
            },
            _ => Self::failed(format!("the output cannot be written: {}", reason(&error))),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::failed(error.to_string())
    }
}

/// Standard output.
pub(super) struct Output {
    writer: BufWriter<io::Stdout>,
    terminal: bool,
}

impl Output {
    /// Takes standard output.
    pub(super) fn standard() -> Self {
        let stdout = io::stdout();
        Self {
            terminal: stdout.is_terminal(),
            writer: BufWriter::with_capacity(1 << 16, stdout),
        }
    }

    /// Says whether somebody is looking.
    pub(super) fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Writes one line of text, made safe.
    pub(super) fn line(&mut self, line: &str) -> Outcome {
        let (indent, rest) = line.split_at(line.len() - line.trim_start_matches(' ').len());
        match text::is_safe(rest) && !rest.contains('\n') {
            true => writeln!(self.writer, "{line}")?,
            false => writeln!(self.writer, "{indent}{}", text::line(rest))?,
        }
        Ok(())
    }

    /// Writes columns with tabs between them.
    pub(super) fn columns(&mut self, columns: &[&str]) -> Outcome {
        for (at, column) in columns.iter().enumerate() {
            let tab = if at == 0 { "" } else { "\t" };
            write!(self.writer, "{tab}{}", text::line(column))?;
        }
        writeln!(self.writer)?;
        Ok(())
    }

    /// Writes one JSON value and a line break.
    pub(super) fn json(&mut self, value: &impl Serialize) -> Outcome {
        let mut serializer = serde_json::Serializer::with_formatter(&mut self.writer, Escaping);
        value.serialize(&mut serializer).map_err(io::Error::from)?;
        writeln!(self.writer)?;
        Ok(())
    }

    /// Writes values that come one by one as one JSON array, a line each.
    pub(super) fn json_array<T: Serialize>(
        &mut self,
        values: impl Iterator<Item = Result<T, Failure>>,
    ) -> Outcome {
        let mut first = true;
        for value in values {
            self.json_item(&value?, &mut first)?;
        }
        self.json_end(first)
    }

    /// Writes one value of a JSON array; `first` is true for the first.
    pub(super) fn json_item(&mut self, value: &impl Serialize, first: &mut bool) -> Outcome {
        write!(self.writer, "{}", if *first { "[\n" } else { "," })?;
        *first = false;
        self.json(value)
    }

    /// Ends a JSON array; `first` is true where nothing stands in it.
    pub(super) fn json_end(&mut self, first: bool) -> Outcome {
        writeln!(self.writer, "{}", if first { "[]" } else { "]" })?;
        Ok(())
    }

    /// Writes bytes as they are. Not for terminals.
    pub(super) fn bytes(&mut self, bytes: &[u8]) -> Outcome {
        Ok(self.writer.write_all(bytes)?)
    }

    /// Writes out what is held back.
    pub(super) fn finish(&mut self) -> Outcome {
        Ok(self.writer.flush()?)
    }
}

/// JSON in which every character that is unsafe in a terminal is written as `\u….`
struct Escaping;

impl serde_json::ser::Formatter for Escaping {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        match text::is_safe(fragment) {
            true => writer.write_all(fragment.as_bytes()),
            false => fragment.chars().try_for_each(|it| escape(writer, it)),
        }
    }

    /// JSON as it was read: what is unsafe stands inside of strings, but for the white space between values.
    fn write_raw_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        fragment.chars().try_for_each(|character| match character {
            '\n' | '\r' | '\t' => writer.write_all(b" "),
            _ => escape(writer, character),
        })
    }
}

/// Writes a character inside of a JSON string.
fn escape<W: ?Sized + Write>(writer: &mut W, character: char) -> io::Result<()> {
    let mut buffer = [0; 4];
    let one = character.encode_utf8(&mut buffer);
    if text::is_safe(one) {
        return writer.write_all(one.as_bytes());
    }
    let mut units = [0; 2];
    let mut units = character.encode_utf16(&mut units).iter();
    units.try_for_each(|unit| write!(writer, "\\u{unit:04x}"))
}

/// Says something to the person: on standard error, made safe, with the program's name in front.
pub(super) fn say(message: &str) {
    for (at, line) in message.lines().enumerate() {
        print_clean(&if at == 0 {
            format!("recto: {line}")
        } else {
            format!("       {line}")
        });
    }
}

/// Prints a line on standard error, made safe; blanks in front of it stay.
pub(super) fn print_clean(line: &str) {
    let (indent, rest) = line.split_at(line.len() - line.trim_start_matches(' ').len());
    let shown = if text::is_safe(rest) {
        rest.to_owned()
    } else {
        text::line(rest).to_string()
    };
    // Nobody is left to hear that standard error is closed.
    let _ = writeln!(io::stderr(), "{indent}{shown}");
}

/// `1 article`, `12 articles`.
pub(super) fn count(number: u64, noun: &str) -> String {
    match number {
        1 => format!("1 {noun}"),
        _ => format!("{number} {noun}s"),
    }
}
