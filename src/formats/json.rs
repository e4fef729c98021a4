//! JSON records to articles: a line each, or the values of one document.
//!
//! A record that is not what it should be is named by its number, from 1, and the rest loads. The number counts records,
//! not lines: a blank line is none. Of equal keys the last one counts.

mod schema;
mod split;
#[cfg(test)]
mod tests;

use std::io::{self, BufRead, BufReader, Read};

use serde_json::{Map, Value};

use crate::model::{Basis, Diagnostic, Metadata, Source};

use super::{Format, Reader, article, article_id, text};
use schema::Fields;
use split::Splitter;

/// Reads one object a line.
pub fn read_lines(reader: &mut Reader<'_>, input: &mut dyn Read) -> io::Result<()> {
    let mut input = BufReader::with_capacity(1 << 16, input);
    if starts_a_document(input.fill_buf()?) {
        return read_values(reader, &mut input);
    }
    let limit = reader.options.max_record_bytes;
    let (mut number, mut line) = (0, Vec::new());
    while !reader.cancel.is_cancelled() {
        line.clear();
        let read = (&mut input)
            .take(limit.saturating_add(1))
            .read_until(b'\n', &mut line)?;
        if read == 0 {
            break;
        }
        let too_long = read as u64 > limit && line.last() != Some(&b'\n');
        if too_long {
            skip_line(&mut input)?;
        }
        let record = line
            .strip_prefix(b"\xef\xbb\xbf")
            .filter(|_| number == 0)
            .unwrap_or(&line)
            .trim_ascii();
        if record.is_empty() {
            continue;
        }
        number += 1;
        if too_long {
            fail(reader, number, super::too_large(limit));
        } else {
            read_record(reader, Format::JsonLines, Some(number), record);
        }
    }
    Ok(())
}

/// Says whether the first line only opens a value: the file is one document, whatever its name.
fn starts_a_document(head: &[u8]) -> bool {
    let first = head
        .split(|&byte| byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .find(|line| !line.is_empty());
    matches!(first, Some(b"{" | b"["))
}

fn skip_line(input: &mut impl BufRead) -> io::Result<()> {
    loop {
        let buffer = input.fill_buf()?;
        if buffer.is_empty() {
            return Ok(());
        }
        let newline = buffer.iter().position(|&byte| byte == b'\n');
        let used = newline.map_or(buffer.len(), |at| at + 1);
        input.consume(used);
        if newline.is_some() {
            return Ok(());
        }
    }
}

/// Reads one object, an array of objects, or objects one after the other.
pub fn read_values(reader: &mut Reader<'_>, input: &mut dyn Read) -> io::Result<()> {
    let mut splitter = Splitter::new(
        BufReader::with_capacity(1 << 16, input),
        reader.options.max_record_bytes,
    );
    let mut number = 0;
    let mut single = None;
    while !reader.cancel.is_cancelled() {
        let Some(value) = splitter.next_value()? else {
            break;
        };
        number += 1;
        match value {
            Err(reason) => fail(reader, number, reason),
            Ok(value) if number == 1 && !splitter.in_array() => single = Some(value),
            Ok(value) => {
                if let Some(first) = single.take() {
                    read_record(reader, Format::Json, Some(1), &first);
                }
                read_record(reader, Format::Json, Some(number), &value);
            }
        }
    }
    // A file that is one object is one article, not a collection of one.
    if let Some(value) = single {
        read_record(reader, Format::Json, None, &value);
    }
    if number == 0 && !reader.cancel.is_cancelled() {
        reader.error("no records in it");
    }
    Ok(())
}

fn fail(reader: &mut Reader<'_>, number: u64, reason: impl Into<String>) {
    let diagnostic = Diagnostic::error(reader.path, reason).at_record(number);
    reader.diagnostic(diagnostic);
}

/// Reads one record; `number` is none when it is the whole file.
fn read_record(reader: &mut Reader<'_>, format: Format, number: Option<u64>, bytes: &[u8]) {
    let at = |diagnostic: Diagnostic| match number {
        Some(number) => diagnostic.at_record(number),
        None => diagnostic,
    };
    let raw = String::from_utf8_lossy(bytes);
    if let std::borrow::Cow::Owned(_) = raw {
        let warning = Diagnostic::warning(
            reader.path,
            "not valid UTF-8: what could not be decoded is shown as \u{fffd}",
        );
        reader.diagnostic(at(warning));
    }
    match parse(&raw).and_then(|object| Fields::read(&object, &reader.options.map)) {
        Err(reason) => {
            let error = Diagnostic::error(reader.path, reason);
            reader.diagnostic(at(error));
        }
        Ok(fields) => {
            // The fields of the record first; what they leave open, the text may tell.
            let draft = text::parse(&fields.body, fields.meta);
            let id = article_id(&fields.title, &fields.body);
            let source = Source {
                path: reader.path.to_owned(),
                record: number,
                record_id: fields.id,
                format: format.name(),
                meta: Metadata::default(),
                fields: Some(raw.into_owned()),
            };
            reader.record(article(id, draft, fields.body, Basis::Decoded), source);
        }
    }
}

fn parse(raw: &str) -> Result<Map<String, Value>, String> {
    match serde_json::from_str(raw) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(other) => Err(format!("not an object but {}", schema::kind_of(&other))),
        Err(error) => Err(invalid(&error)),
    }
}

/// What is wrong with a record; places are counted inside it.
fn invalid(error: &serde_json::Error) -> String {
    let told = error.to_string();
    let what = told.split(" at line ").next().unwrap_or(&told);
    match (error.line(), error.column()) {
        (0, _) => format!("not valid JSON: {what}"),
        (1, column) => format!("not valid JSON: {what} (character {column} of the record)"),
        (line, column) => {
            format!("not valid JSON: {what} (line {line}, character {column} of the record)")
        }
    }
}
