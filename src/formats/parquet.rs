//! Columns of Parquet to articles, one row group after the other.
//!
//! The crate `parquet` (without arrow: rows are what is wanted here, and arrow would triple the build) reads the
//! metadata and puts columns together to rows. Everything that a file can claim about sizes is checked before: the
//! depth of its schema (`thrift`), the place, size and number of its pages, and how large they are when unpacked
//! (`pages`). What the values mean is read from the schema here (`value`), since the crate gives up a whole row for one
//! character that is not UTF-8.

mod pages;
mod schema;
mod thrift;
mod value;

use std::io;
use std::sync::{Arc, Mutex};

use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};
use parquet::record::reader::TreeBuilder;

use super::input::{Input, Seekable};
use super::options::Limits;
use super::reader::{Place, Reader};
use super::{Format, guard};
use pages::Group;

/// The most that the description at the end of a file may take, in bytes.
const FOOTER: u64 = 64 * 1024 * 1024;

/// Reads a file of columns.
pub fn read(reader: &mut Reader<'_>, input: Input<'_>) -> io::Result<()> {
    let limits = reader.options.limits;
    let mut input = input.seekable(&limits)?;
    let metadata = match guard::guarded(|| metadata(&mut input, &limits)) {
        Some(Ok(metadata)) => metadata,
        Some(Err(reason)) => {
            reader.error(reason);
            return Ok(());
        }
        None => {
            reader.error("corrupt Parquet: its footer makes no sense");
            return Ok(());
        }
    };
    let names = schema::names(&metadata);
    if !schema::has_text(&metadata, &reader.options.map) {
        let columns = names
            .iter()
            .take(50)
            .cloned()
            .collect::<Vec<_>>()
            .join(", ");
        reader.error(format!(
            "no text column; the columns are {columns} (--map text=COLUMN names one)"
        ));
        return Ok(());
    }
    let file = Arc::new(Mutex::new(input));
    let mut before = 0;
    for at in 0..metadata.num_row_groups() {
        let expected = u64::try_from(metadata.row_group(at).num_rows()).unwrap_or_default();
        let read = guard::guarded(|| rows(reader, &metadata, at, &file, before));
        let (done, why) = match read {
            Some(Ok(())) => {
                before += expected;
                continue;
            }
            Some(Err(broken)) => broken,
            None => (
                before,
                "corrupt Parquet: its pages make no sense".to_owned(),
            ),
        };
        let rest = before.saturating_add(expected);
        let more = match rest.saturating_sub(done) {
            0 | 1 => String::new(),
            _ => format!("; rows up to {rest}, the end of its row group, are not read"),
        };
        reader.fail(
            Place::record(Format::Parquet, done + 1),
            format!("{why}{more}"),
        );
        before = rest;
        if before > 1 << 40 {
            break;
        }
    }
    if before == 0 && !reader.cancel.is_cancelled() {
        reader.error("no rows in this Parquet file");
    }
    Ok(())
}

fn metadata(input: &mut Seekable, limits: &Limits) -> Result<ParquetMetaData, String> {
    let length = input.length();
    let short = |_| "corrupt Parquet: too short for a footer".to_owned();
    let tail = input
        .range(length.saturating_sub(8), 8.min(length))
        .map_err(short)?;
    let (size, magic) = match tail.split_first_chunk::<4>() {
        Some((size, magic)) if length >= 12 => (u64::from(u32::from_le_bytes(*size)), magic),
        _ => return Err("corrupt Parquet: too short for a footer".to_owned()),
    };
    match magic {
        b"PAR1" => {}
        b"PARE" => return Err("an encrypted Parquet footer is not supported".to_owned()),
        _ => {
            return Err(
                "not Parquet, or truncated: the magic bytes at the end are missing".to_owned(),
            );
        }
    }
    if size > FOOTER || size + 12 > length {
        return Err("corrupt Parquet: the length of its footer is wrong".to_owned());
    }
    let footer = input
        .range(length - 8 - size, size)
        .map_err(|error| format!("corrupt Parquet footer: {error}"))?;
    thrift::check_schema(&footer, limits.nesting.min(schema::DEEPEST))
        .map_err(|why| format!("corrupt Parquet footer: {why}"))?;
    let metadata = ParquetMetaDataReader::decode_metadata(&footer)
        .map_err(|error| format!("corrupt Parquet footer: {error}"))?;
    Ok(metadata)
}

/// Reads the rows of a group; a mistake comes with the number of rows in front of it.
fn rows(
    reader: &mut Reader<'_>,
    metadata: &ParquetMetaData,
    at: usize,
    file: &Arc<Mutex<Seekable>>,
    before: u64,
) -> Result<(), (u64, String)> {
    let mut number = before;
    let corrupt =
        |number: u64, why: &dyn std::fmt::Display| (number, format!("corrupt Parquet: {why}"));
    let group = Group::new(metadata, at, Arc::clone(file), reader.options.limits)
        .map_err(|why| corrupt(number, &why))?;
    let rows = TreeBuilder::new()
        .with_batch_size(256)
        .as_iter(group.schema(), &group)
        .map_err(|error| corrupt(number, &error))?;
    let schema = metadata.file_metadata().schema();
    let mut json = String::new();
    for row in rows {
        if reader.cancel.is_cancelled() {
            return Ok(());
        }
        let row = row.map_err(|error| corrupt(number, &error))?;
        number += 1;
        let place = Place::record(Format::Parquet, number);
        let damage = value::to_json(&row, schema, &mut json);
        if let Some(complaint) = super::encoding::damage("UTF-8", damage) {
            reader.warn(place, complaint);
        }
        match json.len() as u64 > reader.options.limits.record_bytes {
            true => reader.fail(place, reader.options.limits.too_large()),
            false => reader.fields(place, &json),
        }
    }
    Ok(())
}
