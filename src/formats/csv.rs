//! Rows of a table to articles: the first row names the columns.
//!
//! Quotes follow RFC 4180, in files with tabs too, as spreadsheets and data frames write them. A comma file may be
//! separated by semicolons or tabs; the first line shows.

use std::io::{self, Read};

use csv::{ByteRecord, ErrorKind, ReaderBuilder};

use super::Format;
use super::capped::Capped;
use super::reader::{Place, Reader};
use super::schema::Fields;

/// Reads a table; `head` is its beginning.
pub fn read(
    reader: &mut Reader<'_>,
    format: Format,
    head: &[u8],
    input: &mut dyn Read,
) -> io::Result<()> {
    let limits = reader.options.limits;
    let (capped, allowance) = Capped::new(input, limits.record_bytes);
    let separator = match format {
        Format::Tsv => b'\t',
        _ => separator(head),
    };
    let mut rows = ReaderBuilder::new()
        .delimiter(separator)
        .flexible(true)
        .buffer_capacity(1 << 16)
        .from_reader(capped);
    let names: Vec<String> = match rows.byte_headers() {
        Ok(names) => names.iter().map(name).collect(),
        Err(_) if allowance.is_used_up() => {
            reader.error(limits.too_large());
            return Ok(());
        }
        Err(error) => return Err(io::Error::other(error)),
    };
    if !has_text(&names, &reader.options.map) {
        let columns = names.join(", ");
        reader.error(format!(
            "no text column; the columns are {columns} (--map text=COLUMN names one)"
        ));
        return Ok(());
    }
    let (mut number, mut row, mut json) = (0, ByteRecord::new(), String::new());
    while !reader.cancel.is_cancelled() {
        allowance.renew();
        let read = rows.read_byte_record(&mut row);
        let place = Place::record(format, number + 1);
        match read {
            Ok(false) => break,
            Ok(true) => {}
            Err(_) if allowance.is_used_up() => {
                let why = "a quote in front of it may never be closed, so the rest is not read";
                reader.fail(place, format!("{}; {why}", limits.too_large()));
                return Ok(());
            }
            Err(error) => match error.into_kind() {
                ErrorKind::Io(error) => return Err(error),
                kind => return Err(io::Error::other(format!("{kind:?}"))),
            },
        }
        number += 1;
        let place = match row.position() {
            Some(position) => place.at(position.byte()),
            None => place,
        };
        if row.len() > names.len() {
            let more = row.len() - names.len();
            reader.warn(place, format!("{more} cells more than there are columns"));
        }
        let damage = to_json(&names, &row, &mut json);
        if let Some(complaint) = super::encoding::damage("UTF-8", damage) {
            reader.warn(place, complaint);
        }
        reader.fields(place, &json);
    }
    if number == 0 && !reader.cancel.is_cancelled() {
        reader.error("no rows in it");
    }
    Ok(())
}

fn name(cell: &[u8]) -> String {
    let name = String::from_utf8_lossy(cell);
    name.trim_start_matches('\u{feff}').trim().to_owned()
}

/// Says whether one of the columns may hold the text.
fn has_text(names: &[String], map: &[(String, String)]) -> bool {
    let row: String = names
        .iter()
        .map(|name| format!("{}:\"x\",", quoted(name)))
        .collect();
    let row = format!("{{{}}}", row.trim_end_matches(','));
    let object = super::json::object::object(&row).unwrap_or_default();
    Fields::find(&object, map).text(false).is_ok()
}

/// Writes a row as a JSON object; gives how many characters could not be decoded.
fn to_json(names: &[String], row: &ByteRecord, json: &mut String) -> u64 {
    json.clear();
    json.push('{');
    let mut damage = 0;
    for (at, cell) in row.iter().enumerate() {
        let extra = format!("column {}", at + 1);
        let name = names.get(at).unwrap_or(&extra);
        let text = String::from_utf8_lossy(cell);
        if let std::borrow::Cow::Owned(text) = &text {
            damage += text.matches('\u{fffd}').count() as u64;
        }
        if at > 0 {
            json.push(',');
        }
        json.push_str(&quoted(name));
        json.push(':');
        json.push_str(&quoted(&text));
    }
    json.push('}');
    damage
}

/// A text as a JSON string.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The separator of the first line: what stands there most often outside of quotes.
fn separator(head: &[u8]) -> u8 {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0), (b'|', 0)];
    let mut in_quotes = false;
    for byte in head {
        match byte {
            b'"' => in_quotes = !in_quotes,
            b'\n' if !in_quotes => break,
            _ if in_quotes => {}
            _ => {
                if let Some(count) = counts.iter_mut().find(|it| it.0 == *byte) {
                    count.1 += 1;
                }
            }
        }
    }
    // The first of equals: a single column has no separator at all.
    let most = counts.iter().map(|it| it.1).max().unwrap_or_default();
    counts
        .iter()
        .find(|it| it.1 == most)
        .map_or(b',', |it| it.0)
}
