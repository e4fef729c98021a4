//! A row to a JSON object, by what the schema says about its values.

use std::fmt::Write;

use parquet::basic::{ConvertedType, LogicalType, TimeUnit};
use parquet::record::{Field, Row};
use parquet::schema::types::Type;

use crate::formats::csv::quoted;

/// Writes a row; gives how many characters could not be decoded.
pub fn to_json(row: &Row, schema: &Type, json: &mut String) -> u64 {
    json.clear();
    let mut writer = Writer { json, damage: 0 };
    writer.row(row, schema);
    writer.damage
}

struct Writer<'a> {
    json: &'a mut String,
    damage: u64,
}

impl Writer<'_> {
    fn row(&mut self, row: &Row, kind: &Type) {
        self.json.push('{');
        let fields = if kind.is_group() {
            kind.get_fields()
        } else {
            &[]
        };
        for (at, (name, field)) in row.get_column_iter().enumerate() {
            if at > 0 {
                self.json.push(',');
            }
            self.json.push_str(&quoted(name));
            self.json.push(':');
            match fields.get(at) {
                Some(kind) => self.field(field, kind),
                None => self.json.push_str("null"),
            }
        }
        self.json.push('}');
    }

    fn field(&mut self, field: &Field, kind: &Type) {
        match field {
            Field::Group(row) => self.row(row, kind),
            Field::ListInternal(list) => {
                let element = element(kind);
                self.json.push('[');
                for (at, field) in list.elements().iter().enumerate() {
                    if at > 0 {
                        self.json.push(',');
                    }
                    self.field(field, element);
                }
                self.json.push(']');
            }
            Field::MapInternal(map) => self.map(map.entries(), kind),
            Field::Bool(truth) => self.json.push_str(if *truth { "true" } else { "false" }),
            Field::Int(number) => self.int(i64::from(*number), kind, true),
            Field::Long(number) => self.int(*number, kind, false),
            Field::TimestampMillis(time) => self.time(*time, 1_000),
            Field::Float(number) => self.number(number.is_finite(), number),
            Field::Double(number) => self.number(number.is_finite(), number),
            Field::Bytes(bytes) => self.bytes(bytes.data(), kind),
            Field::Str(text) => self.json.push_str(&quoted(text)),
            _ => self.json.push_str("null"),
        }
    }

    fn map(&mut self, entries: &[(Field, Field)], kind: &Type) {
        let pair = kind.get_fields().first().filter(|it| it.is_group());
        let pair = pair.map_or(&[][..], |it| it.get_fields());
        self.json.push('{');
        for (at, (key, value)) in entries.iter().enumerate() {
            if at > 0 {
                self.json.push(',');
            }
            let start = self.json.len();
            if let Some(kind) = pair.first() {
                self.field(key, kind);
            }
            // Names of JSON are strings.
            if !self.json.get(start..).is_some_and(|it| it.starts_with('"')) {
                let name = self.json.split_off(start);
                self.json.push_str(&quoted(&name));
            }
            self.json.push(':');
            match pair.get(1) {
                Some(kind) => self.field(value, kind),
                None => self.json.push_str("null"),
            }
        }
        self.json.push('}');
    }

    fn number(&mut self, is_finite: bool, number: &dyn std::fmt::Display) {
        // JSON knows no infinity.
        match is_finite {
            true => self.plain(number),
            false => self.json.push_str("null"),
        }
    }

    fn plain(&mut self, value: &dyn std::fmt::Display) {
        // Writing to a string cannot fail.
        let _ = write!(self.json, "{value}");
    }

    fn int(&mut self, number: i64, kind: &Type, is_short: bool) {
        let info = kind.get_basic_info();
        let unsigned = match (info.converted_type(), is_short) {
            (ConvertedType::UINT_8 | ConvertedType::UINT_16 | ConvertedType::UINT_32, true) => {
                Some(number.cast_unsigned() & u64::from(u32::MAX))
            }
            (ConvertedType::UINT_64, false) => Some(number.cast_unsigned()),
            _ => None,
        };
        match (info.logical_type_ref(), info.converted_type()) {
            _ if unsigned.is_some() => self.plain(&unsigned.unwrap_or_default()),
            (Some(LogicalType::Timestamp(time)), _) => match time.unit {
                TimeUnit::MILLIS => self.time(number, 1_000),
                TimeUnit::MICROS => self.time(number, 1_000_000),
                TimeUnit::NANOS => self.time(number, 1_000_000_000),
            },
            (_, ConvertedType::TIMESTAMP_MILLIS) => self.time(number, 1_000),
            (_, ConvertedType::TIMESTAMP_MICROS) => self.time(number, 1_000_000),
            (_, ConvertedType::DATE) => self.day(number),
            (_, ConvertedType::DECIMAL) => self.decimal(i128::from(number), kind),
            _ => self.plain(&number),
        }
    }

    /// A point in time, in parts of a second since 1970.
    fn time(&mut self, number: i64, parts: i64) {
        let nanoseconds = number.rem_euclid(parts) * (1_000_000_000 / parts);
        let whole = jiff::Timestamp::new(
            number.div_euclid(parts),
            i32::try_from(nanoseconds).unwrap_or_default(),
        );
        match whole {
            Ok(time) => self.plain(&format_args!("\"{time}\"")),
            Err(_) => self.plain(&number),
        }
    }

    /// A day, in days since 1970.
    fn day(&mut self, number: i64) {
        let time = number
            .checked_mul(86_400)
            .and_then(|it| jiff::Timestamp::from_second(it).ok());
        match time {
            Some(time) => {
                let day = time.to_string();
                let day = day.split('T').next().unwrap_or_default();
                self.plain(&format_args!("\"{day}\""));
            }
            None => self.plain(&number),
        }
    }

    fn decimal(&mut self, number: i128, kind: &Type) {
        let scale = match kind {
            Type::PrimitiveType { scale, .. } => {
                usize::try_from(*scale).unwrap_or_default().min(60)
            }
            Type::GroupType { .. } => 0,
        };
        let digits = format!("{:0>width$}", number.unsigned_abs(), width = scale + 1);
        let (whole, part) = digits.split_at(digits.len() - scale);
        let sign = if number < 0 { "-" } else { "" };
        let dot = if part.is_empty() { "" } else { "." };
        self.plain(&format_args!("{sign}{whole}{dot}{part}"));
    }

    fn bytes(&mut self, bytes: &[u8], kind: &Type) {
        let converted = kind.get_basic_info().converted_type();
        if converted == ConvertedType::DECIMAL && !bytes.is_empty() && bytes.len() <= 16 {
            let negative = bytes.first().is_some_and(|it| it & 0x80 != 0);
            let start: i128 = if negative { -1 } else { 0 };
            let number = bytes
                .iter()
                .fold(start, |number, byte| (number << 8) | i128::from(*byte));
            return self.decimal(number, kind);
        }
        let is_text = matches!(
            converted,
            ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON
        );
        match std::str::from_utf8(bytes) {
            Ok(text) => self.json.push_str(&quoted(text)),
            Err(_) if is_text => {
                let text = String::from_utf8_lossy(bytes);
                self.damage += text.matches('\u{fffd}').count() as u64;
                self.json.push_str(&quoted(&text));
            }
            // Pictures and the like: as hexadecimal digits, so that they come back.
            Err(_) => {
                self.json.push('"');
                for byte in bytes {
                    self.plain(&format_args!("{byte:02x}"));
                }
                self.json.push('"');
            }
        }
    }
}

/// The type of a list's elements, as the crate that puts rows together sees it.
fn element(list: &Type) -> &Type {
    if list.is_primitive() || super::schema::shape(list) != ConvertedType::LIST {
        // A field that repeats by itself.
        return list;
    }
    let Some(repeated) = list.get_fields().first() else {
        return list;
    };
    let is_itself = repeated.is_primitive()
        || repeated.get_fields().len() > 1
        || repeated.name() == "array"
        || repeated.name().ends_with("_tuple");
    match repeated
        .is_group()
        .then(|| repeated.get_fields().first())
        .flatten()
    {
        Some(inner) if !is_itself => inner,
        _ => repeated,
    }
}
