//! The schema of a file: which columns there are, and a copy of it that makes the crate give plain values.

use std::sync::Arc;

use parquet::basic::{ConvertedType, LogicalType, Repetition};
use parquet::errors::ParquetError;
use parquet::file::metadata::ParquetMetaData;
use parquet::schema::types::{Type, TypePtr};

use crate::formats::csv::quoted;
use crate::formats::json::object;
use crate::formats::schema::Fields;

/// Columns stand at most so deep in each other; the crate calls itself once a level.
pub const DEEPEST: usize = 64;

/// The names of the columns.
pub fn names(metadata: &ParquetMetaData) -> Vec<String> {
    let fields = metadata.file_metadata().schema().get_fields();
    fields.iter().map(|it| it.name().to_owned()).collect()
}

/// Says whether one of the columns may hold the text: a column that is no text is none.
pub fn has_text(metadata: &ParquetMetaData, map: &[(String, String)]) -> bool {
    let row = example(metadata.file_metadata().schema());
    let object = object::object(&row).unwrap_or_default();
    Fields::find(&object, map).text(false).is_ok()
}

/// A row as JSON in which every text is `x`.
fn example(kind: &Type) -> String {
    if kind.is_group() {
        let fields = kind.get_fields().iter();
        let fields: Vec<String> = fields
            .map(|it| format!("{}:{}", quoted(it.name()), example(it)))
            .collect();
        return format!("{{{}}}", fields.join(","));
    }
    match kind.get_physical_type() {
        parquet::basic::Type::BYTE_ARRAY => "\"x\"".to_owned(),
        _ => "0".to_owned(),
    }
}

/// What a group is, where it is shaped like that: only such are handed to the crate under this name.
pub fn shape(kind: &Type) -> ConvertedType {
    let info = kind.get_basic_info();
    let named = match (info.logical_type_ref(), info.converted_type()) {
        (Some(LogicalType::List), _) | (_, ConvertedType::LIST) => ConvertedType::LIST,
        (Some(LogicalType::Map), _) | (_, ConvertedType::MAP | ConvertedType::MAP_KEY_VALUE) => {
            ConvertedType::MAP
        }
        _ => ConvertedType::NONE,
    };
    let [only] = kind.get_fields() else {
        return ConvertedType::NONE;
    };
    let repeats = only.get_basic_info().has_repetition()
        && only.get_basic_info().repetition() == Repetition::REPEATED;
    let children = if only.is_group() {
        only.get_fields().len()
    } else {
        0
    };
    match named {
        ConvertedType::LIST if repeats && (only.is_primitive() || children > 0) => named,
        ConvertedType::MAP if repeats && (1..=2).contains(&children) => named,
        _ => ConvertedType::NONE,
    }
}

/// The same schema, in which values are what they are stored as.
pub fn plain(kind: &Type) -> Result<TypePtr, ParquetError> {
    plain_at(kind, 0)
}

fn plain_at(kind: &Type, depth: usize) -> Result<TypePtr, ParquetError> {
    let info = kind.get_basic_info();
    let plain = if kind.is_group() {
        let fields = kind.get_fields().iter();
        let fields: Result<Vec<_>, _> = fields.map(|it| plain_at(it, depth + 1)).collect();
        let builder = Type::group_type_builder(kind.name()).with_fields(fields?);
        match info.has_repetition() && depth > 0 {
            true => builder
                .with_repetition(info.repetition())
                .with_converted_type(shape(kind))
                .build()?,
            false => builder.build()?,
        }
    } else {
        let length = match kind {
            Type::PrimitiveType { type_length, .. } => *type_length,
            Type::GroupType { .. } => -1,
        };
        Type::primitive_type_builder(kind.name(), kind.get_physical_type())
            .with_repetition(info.repetition())
            .with_length(length)
            .build()?
    };
    Ok(Arc::new(plain))
}
