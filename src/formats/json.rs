//! JSON records to articles: a line each, or the values of one document.
//!
//! A record that is not what it should be is named by its number, from 1, and the rest loads. The number counts records,
//! not lines: a blank line is none. Of equal keys the last one counts.

pub mod lines;
pub mod object;
mod split;
#[cfg(test)]
mod tests;

use std::io::{self, BufRead, BufReader, Read};

use super::reader::{Place, Reader};
use super::{Format, encoding};
use lines::{Line, Lines};
use object::Object;
use split::Splitter;

/// Reads one object a line.
pub fn read_lines(reader: &mut Reader<'_>, input: &mut dyn Read) -> io::Result<()> {
    let mut input = BufReader::with_capacity(1 << 16, input);
    if starts_a_document(input.fill_buf()?) {
        return read_values(reader, &mut input, None);
    }
    let limits = reader.options.limits;
    let mut lines = Lines::new(input, limits.record_bytes);
    let mut numbers = 0;
    while !reader.cancel.is_cancelled() {
        let Some(line) = lines.next_line()? else {
            break;
        };
        numbers = line.number;
        read_line(reader, &line);
    }
    if numbers == 0 && !reader.cancel.is_cancelled() {
        reader.error("no records in it");
    }
    Ok(())
}

/// Reads the object of one line.
pub fn read_line(reader: &mut Reader<'_>, line: &Line<'_>) {
    let place = Place::record(Format::JsonLines, line.number).at(line.offset);
    match line.bytes {
        None => reader.fail(place, reader.options.limits.too_large()),
        Some(bytes) => read_record(reader, place, bytes),
    }
}

/// Says whether the first line only opens a value: the file is one document, whatever its name.
pub fn starts_a_document(head: &[u8]) -> bool {
    let first = head
        .split(|&byte| byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .find(|line| !line.is_empty());
    matches!(first, Some(b"{" | b"["))
}

/// Reads one object, an array of objects, or objects one after the other; with `within`, the array of objects that
/// is the value of this key.
pub fn read_values(
    reader: &mut Reader<'_>,
    input: &mut dyn Read,
    within: Option<&str>,
) -> io::Result<()> {
    let limits = reader.options.limits;
    let input = BufReader::with_capacity(1 << 16, input);
    let mut splitter = Splitter::new(input, limits.record_bytes);
    if let Some(key) = within {
        splitter.enter(key)?;
    }
    let format = match within {
        Some(_) => Format::JsonFeed,
        None => Format::Json,
    };
    let mut number = 0;
    let mut single = None;
    while !reader.cancel.is_cancelled() {
        let Some(value) = splitter.next_value()? else {
            break;
        };
        number += 1;
        let place = Place::record(format, number);
        match value {
            Err(split::NoValue::TooLarge) => reader.fail(place, limits.too_large()),
            Err(split::NoValue::NeverClosed) => {
                reader.fail(
                    place,
                    "the array is never closed: the file may be cut short",
                );
            }
            Ok(value) if number == 1 && !splitter.in_array() => single = Some(value),
            Ok(value) => {
                if let Some(first) = single.take() {
                    read_record(reader, Place::record(format, 1), &first);
                }
                read_record(reader, place, &value);
            }
        }
    }
    // A file that is one object is one article, not a collection of one; unless it only wraps a list of them.
    if let Some(value) = single {
        match wrapped(&value) {
            Some(records) => {
                for (at, record) in (1..).zip(records) {
                    read_record(reader, Place::record(format, at), record.as_bytes());
                }
            }
            None => read_record(reader, Place::file(format), &value),
        }
    }
    if number == 0 && !reader.cancel.is_cancelled() {
        reader.error("no records in it");
    }
    Ok(())
}

/// Keys under which interfaces wrap their list of articles: Diffbot, news interfaces, search engines.
const WRAPPERS: [&str; 7] = [
    "objects", "articles", "items", "results", "records", "data", "docs",
];

/// The records of an object that has no text of its own but a list of objects.
fn wrapped(value: &[u8]) -> Option<Vec<&str>> {
    let object = Object::parse(std::str::from_utf8(value).ok()?).ok()?;
    if super::schema::Fields::find(&object, &[])
        .text(false)
        .is_ok()
    {
        return None;
    }
    let lists = WRAPPERS.iter().filter_map(|key| object.get(key));
    lists
        .filter_map(object::array)
        .find(|list| list.first().is_some_and(|first| first.starts_with('{')))
}

/// Reads one record.
fn read_record(reader: &mut Reader<'_>, place: Place, bytes: &[u8]) {
    match std::str::from_utf8(bytes) {
        Ok(text) => reader.fields(place, text),
        Err(_) => {
            // JSON is UTF-8; a record that is not is decoded like any other text.
            let decoded = encoding::decode(bytes.to_vec(), None);
            if let Some(complaint) = decoded.complaint() {
                reader.warn(place, complaint);
            }
            reader.fields(place, &decoded.text);
        }
    }
}
