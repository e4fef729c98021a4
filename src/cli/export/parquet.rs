//! Rows as a Parquet file: one column a column, tags as a list, uncompressed, a row group for every ten thousand rows.

use std::io::Write;
use std::sync::Arc;

use parquet::data_type::{BoolType, ByteArray, ByteArrayType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use super::row::{COLUMNS, Cell, Kind};

/// So many rows are held back.
const GROUP: usize = 10_000;

/// Writes rows.
pub(super) struct Writer<W: Write + Send> {
    file: SerializedFileWriter<W>,
    rows: Vec<Vec<Cell>>,
}

impl<W: Write + Send> Writer<W> {
    /// Begins a file.
    pub(super) fn new(to: W) -> Result<Self, ParquetError> {
        let columns = COLUMNS.map(|(name, kind)| match kind {
            Kind::Text => format!("optional binary {name} (STRING);"),
            Kind::Number => format!("optional int64 {name};"),
            Kind::Flag => format!("required boolean {name};"),
            Kind::List => format!(
                "required group {name} (LIST) {{ repeated group list {{ required binary element (STRING); }} }}"
            ),
        });
        let schema = parse_message_type(&format!("message recto {{ {} }}", columns.join(" ")))?;
        Ok(Self {
            file: SerializedFileWriter::new(to, Arc::new(schema), Arc::default())?,
            rows: Vec::new(),
        })
    }

    /// Writes a row.
    pub(super) fn put(&mut self, row: Vec<Cell>) -> Result<(), ParquetError> {
        self.rows.push(row);
        match self.rows.len() {
            GROUP.. => self.flush(),
            _ => Ok(()),
        }
    }

    /// Ends the file.
    pub(super) fn finish(mut self) -> Result<(), ParquetError> {
        self.flush()?;
        self.file.close().map(drop)
    }

    fn flush(&mut self) -> Result<(), ParquetError> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let rows = std::mem::take(&mut self.rows);
        let mut group = self.file.next_row_group()?;
        for (at, (_, kind)) in COLUMNS.iter().enumerate() {
            let cells = rows.iter().filter_map(|row| row.get(at));
            let Some(mut column) = group.next_column()? else {
                break;
            };
            // Levels say which rows have a value, and which values belong to one list.
            let (mut defined, mut repeated) = (Vec::new(), Vec::new());
            match kind {
                Kind::Text | Kind::List => {
                    let mut values = Vec::new();
                    let bytes = |text: &str| ByteArray::from(text.as_bytes().to_vec());
                    for cell in cells {
                        match cell {
                            Cell::List(all) if all.is_empty() => {
                                defined.push(0);
                                repeated.push(0);
                            }
                            Cell::List(all) => {
                                defined.extend(all.iter().map(|_| 1));
                                repeated.extend((0..all.len()).map(|at| i16::from(at > 0)));
                                values.extend(all.iter().map(|it| bytes(it)));
                            }
                            Cell::Text(text) => {
                                defined.push(i16::from(text.is_some()));
                                values.extend(text.as_deref().map(bytes));
                            }
                            Cell::Number(_) | Cell::Flag(_) => {}
                        }
                    }
                    let repeated = (*kind == Kind::List).then_some(&*repeated);
                    let typed = column.typed::<ByteArrayType>();
                    typed.write_batch(&values, Some(&defined), repeated)?;
                }
                Kind::Number => {
                    let mut values = Vec::new();
                    for cell in cells {
                        if let Cell::Number(number) = cell {
                            defined.push(i16::from(number.is_some()));
                            values.extend(number.and_then(|it| i64::try_from(it).ok()));
                        }
                    }
                    let typed = column.typed::<Int64Type>();
                    typed.write_batch(&values, Some(&defined), None)?;
                }
                Kind::Flag => {
                    let flags = cells.map(|cell| *cell == Cell::Flag(true));
                    let typed = column.typed::<BoolType>();
                    typed.write_batch(&flags.collect::<Vec<_>>(), None, None)?;
                }
            }
            column.close()?;
        }
        group.close().map(drop)
    }
}
