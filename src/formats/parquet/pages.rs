//! The pages of a row group, checked before they are unpacked.
//!
//! What a page claims is believed only as far as the file, its column and the limits allow; it is unpacked bit by bit
//! and no further than it says. The crate's own reader reserves what a page claims and unpacks to the end.

use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use parquet::basic::{CompressionCodec, Encoding};
use parquet::bloom_filter::Sbbf;
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, RowGroupMetaData};
use parquet::file::reader::RowGroupReader;
use parquet::record::reader::RowIter;
use parquet::schema::types::{SchemaDescPtr, SchemaDescriptor, Type};

use super::thrift::{self, Broken, Compact, Fields};
use crate::formats::input::Seekable;
use crate::formats::options::Limits;

/// A page may be as large as so many of the largest records.
const RECORDS_A_PAGE: u64 = 8;

/// As much of a page header as is looked at first, and at most, in bytes: it may hold the smallest and largest value.
const HEADER: (u64, u64) = (1 << 12, 1 << 25);

/// The most values that a page may have: more than any writer puts there.
const VALUES: i64 = 1 << 26;

/// One row group.
pub struct Group {
    metadata: RowGroupMetaData,
    chunks: Vec<Chunk>,
    file: Arc<Mutex<Seekable>>,
    limits: Limits,
}

/// Where the pages of a column stand, and how they are packed.
#[derive(Clone, Copy)]
struct Chunk {
    from: u64,
    to: u64,
    codec: CompressionCodec,
    values: i64,
    has_repetition: bool,
    has_definition: bool,
}

fn wrong(why: impl Into<String>) -> ParquetError {
    ParquetError::General(why.into())
}

impl Group {
    /// Looks at the columns of a row group; the mistake says what is wrong with them.
    pub fn new(
        metadata: &ParquetMetaData,
        at: usize,
        file: Arc<Mutex<Seekable>>,
        limits: Limits,
    ) -> Result<Self> {
        let group = metadata.row_group(at);
        let plain = super::schema::plain(metadata.file_metadata().schema())?;
        let schema = Arc::new(SchemaDescriptor::new(plain));
        if group.num_columns() != schema.num_columns() {
            return Err(wrong("a row group has other columns than the schema"));
        }
        let length = file.lock().unwrap_or_else(PoisonError::into_inner).length();
        let mut chunks = Vec::with_capacity(group.num_columns());
        let mut columns = Vec::with_capacity(group.num_columns());
        for (column, plain) in group.columns().iter().zip(schema.columns()) {
            let chunk = Chunk::new(column, length)?;
            if !chunk.has_repetition && chunk.values != group.num_rows() {
                return Err(wrong(
                    "a column has another number of values than there are rows",
                ));
            }
            chunks.push(chunk);
            columns.push(ColumnChunkMetaData::builder(Arc::clone(plain)).build()?);
        }
        let metadata = RowGroupMetaData::builder(schema)
            .set_num_rows(group.num_rows())
            .set_column_metadata(columns)
            .build()?;
        Ok(Self {
            metadata,
            chunks,
            file,
            limits,
        })
    }

    /// The schema of the rows, in which values are what they are stored as.
    pub fn schema(&self) -> SchemaDescPtr {
        self.metadata.schema_descr_ptr()
    }
}

impl RowGroupReader for Group {
    fn metadata(&self) -> &RowGroupMetaData {
        &self.metadata
    }

    fn num_columns(&self) -> usize {
        self.chunks.len()
    }

    fn get_column_page_reader(&self, at: usize) -> Result<Box<dyn PageReader>> {
        let chunk = *self.chunks.get(at).ok_or_else(|| wrong("no such column"))?;
        Ok(Box::new(Pages {
            chunk,
            file: Arc::clone(&self.file),
            limits: self.limits,
            values_left: chunk.values,
            has_dictionary: false,
        }))
    }

    fn get_column_bloom_filter(&self, _: usize) -> Option<&Sbbf> {
        None
    }

    fn get_row_iter(&self, _: Option<Type>) -> Result<RowIter<'_>> {
        Err(wrong("rows are read by the tree"))
    }
}

impl Chunk {
    fn new(column: &ColumnChunkMetaData, length: u64) -> Result<Self> {
        let outside = || wrong("a column points outside of the file");
        let place = |number: i64| u64::try_from(number).map_err(|_| outside());
        let data = place(column.data_page_offset())?;
        let from = match column.dictionary_page_offset() {
            // Some writers say 0 where there is none.
            Some(offset) if offset > 0 => place(offset)?.min(data),
            _ => data,
        };
        let to = from
            .checked_add(place(column.compressed_size())?)
            .filter(|to| *to <= length && from >= 4)
            .ok_or_else(outside)?;
        let descr = column.column_descr();
        Ok(Self {
            from,
            to,
            codec: column.compression_codec(),
            values: column.num_values(),
            has_repetition: descr.max_rep_level() > 0,
            has_definition: descr.max_def_level() > 0,
        })
    }
}

/// The pages of one column.
struct Pages {
    chunk: Chunk,
    file: Arc<Mutex<Seekable>>,
    limits: Limits,
    /// Values that the pages to come must have.
    values_left: i64,
    has_dictionary: bool,
}

/// A page header and the bytes behind it.
struct Raw {
    header: Fields,
    packed: Vec<u8>,
    /// Bytes that it says it has when unpacked.
    size: u64,
}

impl Pages {
    fn bytes(&self, from: u64, count: u64) -> Result<Vec<u8>> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.range(from, count)
            .map_err(|error| wrong(error.to_string()))
    }

    fn header(&self) -> Result<(Fields, u64)> {
        let left = self.chunk.to - self.chunk.from;
        let mut size = HEADER.0.min(left);
        loop {
            let bytes = self.bytes(self.chunk.from, size)?;
            let mut compact = Compact::new(&bytes);
            match compact.fields(0) {
                Ok(fields) => return Ok((fields, compact.position() as u64)),
                Err(Broken::Short) if size < left && size < HEADER.1 => size = (size * 8).min(left),
                Err(_) => return Err(wrong("the header of a page is damaged")),
            }
        }
    }

    fn raw(&mut self) -> Result<Raw> {
        let (header, length) = self.header()?;
        self.chunk.from += length;
        let number = |id| thrift::int(&header, id).and_then(|it| u64::try_from(it).ok());
        let (Some(size), Some(packed)) = (number(2), number(3)) else {
            return Err(wrong("a page has no size"));
        };
        if packed > self.chunk.to - self.chunk.from {
            return Err(wrong("a page is longer than its column"));
        }
        if size > self.limits.record_bytes.saturating_mul(RECORDS_A_PAGE) {
            let mb = self.limits.record_bytes / (1024 * 1024);
            return Err(wrong(format!(
                "too large: a page of more than {RECORDS_A_PAGE} times {mb} MB, the limit for one article (setting max-record-mb)"
            )));
        }
        if size > Limits::RATIO_FROM && size / self.limits.ratio.max(1) > packed {
            let ratio = self.limits.ratio;
            return Err(wrong(format!(
                "a decompression bomb: a page exceeds {ratio} times its size (setting max-ratio)"
            )));
        }
        let packed_bytes = self.bytes(self.chunk.from, packed)?;
        self.chunk.from += packed;
        Ok(Raw {
            header,
            packed: packed_bytes,
            size,
        })
    }

    fn unpack(&self, packed: Vec<u8>, size: u64) -> Result<Vec<u8>> {
        let unpacked = unpacked(self.chunk.codec, packed, size)?;
        match unpacked.len() as u64 == size {
            true => Ok(unpacked),
            false => Err(wrong("a page is not as long as it says")),
        }
    }

    /// The number of values of a data page, taken off those that are left.
    fn values(&mut self, fields: &Fields) -> Result<u32> {
        let count = thrift::int(fields, 1).unwrap_or(-1);
        if !(0..=self.values_left.min(VALUES)).contains(&count) {
            return Err(wrong("a page says a wrong number of values"));
        }
        self.values_left -= count;
        u32::try_from(count).map_err(|_| wrong("a page says a wrong number of values"))
    }

    fn encoding(&self, number: Option<i64>, values: &[u8], count: u32) -> Result<Encoding> {
        let encoding = encoding(number)?;
        let from_dictionary = matches!(number, Some(2 | 8));
        if from_dictionary && !self.has_dictionary {
            return Err(wrong("a page wants a dictionary that is not there"));
        }
        // These begin with a number of values, for which memory is taken.
        if matches!(number, Some(5..=7)) && count > 0 {
            let mut head = Compact::new(values);
            let numbers = (head.varint(), head.varint(), head.varint());
            match numbers {
                (Ok(_), Ok(_), Ok(total)) if total <= u64::from(count) => {}
                _ => return Err(wrong("a page says a wrong number of values")),
            }
        }
        Ok(encoding)
    }

    fn dictionary(&mut self, raw: Raw, fields: &Fields) -> Result<Page> {
        let buf = self.unpack(raw.packed, raw.size)?;
        let count = thrift::int(fields, 1).and_then(|it| u32::try_from(it).ok());
        // A value takes at least a bit.
        let count = count.filter(|it| u64::from(*it) <= (buf.len() as u64).saturating_mul(8));
        self.has_dictionary = true;
        Ok(Page::DictionaryPage {
            buf: Bytes::from(buf),
            num_values: count.ok_or_else(|| wrong("a dictionary says a wrong number of values"))?,
            encoding: encoding(thrift::int(fields, 2))?,
            is_sorted: thrift::truth(fields, 3).unwrap_or(false),
        })
    }

    fn first(&mut self, raw: Raw, fields: &Fields) -> Result<Page> {
        let num_values = self.values(fields)?;
        let buf = self.unpack(raw.packed, raw.size)?;
        let mut values = buf.as_slice();
        for levels in [self.chunk.has_repetition, self.chunk.has_definition] {
            if levels {
                let short = || wrong("the levels of a page are damaged");
                let (size, rest) = values.split_first_chunk::<4>().ok_or_else(short)?;
                let size = usize::try_from(u32::from_le_bytes(*size)).unwrap_or(usize::MAX);
                values = rest.get(size..).ok_or_else(short)?;
            }
        }
        let level = |id| encoding(thrift::int(fields, id));
        Ok(Page::DataPage {
            encoding: self.encoding(thrift::int(fields, 2), values, num_values)?,
            def_level_encoding: level(3)?,
            rep_level_encoding: level(4)?,
            num_values,
            buf: Bytes::from(buf),
            statistics: None,
        })
    }

    fn second(&mut self, raw: Raw, fields: &Fields) -> Result<Page> {
        let num_values = self.values(fields)?;
        let number = |id| thrift::int(fields, id).and_then(|it| u32::try_from(it).ok());
        let (Some(nulls), Some(rows), Some(definition), Some(repetition)) =
            (number(2), number(3), number(5), number(6))
        else {
            return Err(wrong("the header of a page is damaged"));
        };
        let levels = u64::from(definition) + u64::from(repetition);
        if nulls > num_values || levels > raw.size || levels > raw.packed.len() as u64 {
            return Err(wrong("the levels of a page are longer than the page"));
        }
        let mut buf = raw.packed;
        let rest = buf.split_off(usize::try_from(levels).unwrap_or(usize::MAX));
        let values = match thrift::truth(fields, 7).unwrap_or(true) {
            true if raw.size == levels => Vec::new(),
            true => self.unpack(rest, raw.size - levels)?,
            false => rest,
        };
        let encoding = self.encoding(thrift::int(fields, 4), &values, num_values - nulls)?;
        buf.extend_from_slice(&values);
        Ok(Page::DataPageV2 {
            buf: Bytes::from(buf),
            num_values,
            encoding,
            num_nulls: nulls,
            num_rows: rows,
            def_levels_byte_len: definition,
            rep_levels_byte_len: repetition,
            is_compressed: false,
            statistics: None,
        })
    }
}

impl Iterator for Pages {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

impl PageReader for Pages {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        while self.values_left > 0 {
            if self.chunk.from >= self.chunk.to {
                return Err(wrong("a column ends before its last value"));
            }
            let mut raw = self.raw()?;
            let header = std::mem::take(&mut raw.header);
            // A page is what its header has a part for.
            if let Some(fields) = thrift::inner(&header, 5) {
                return self.first(raw, fields).map(Some);
            } else if let Some(fields) = thrift::inner(&header, 8) {
                return self.second(raw, fields).map(Some);
            } else if let Some(fields) = thrift::inner(&header, 7) {
                if self.has_dictionary {
                    return Err(wrong("a column has two dictionaries"));
                }
                return self.dictionary(raw, fields).map(Some);
            }
        }
        Ok(None)
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        Err(wrong("pages are not skipped"))
    }

    fn skip_next_page(&mut self) -> Result<()> {
        Err(wrong("pages are not skipped"))
    }

    fn at_record_boundary(&mut self) -> Result<bool> {
        Ok(self.values_left <= 0)
    }
}

/// Unpacks a page, at most a byte more than `size`.
fn unpacked(codec: CompressionCodec, packed: Vec<u8>, size: u64) -> Result<Vec<u8>> {
    let damaged =
        |error: &dyn std::fmt::Display| wrong(format!("a page cannot be unpacked ({error})"));
    let stream = |decoder: &mut dyn Read| {
        let mut bytes = Vec::new();
        match decoder.take(size.saturating_add(1)).read_to_end(&mut bytes) {
            Ok(_) => Ok(bytes),
            Err(error) => Err(damaged(&error)),
        }
    };
    match codec {
        CompressionCodec::UNCOMPRESSED => Ok(packed),
        CompressionCodec::SNAPPY => {
            let claimed = snap::raw::decompress_len(&packed).map_err(|it| damaged(&it))?;
            if claimed as u64 != size {
                return Err(wrong("a page is not as long as it says"));
            }
            snap::raw::Decoder::new()
                .decompress_vec(&packed)
                .map_err(|it| damaged(&it))
        }
        CompressionCodec::GZIP => stream(&mut flate2::read::MultiGzDecoder::new(&*packed)),
        CompressionCodec::BROTLI => {
            stream(&mut brotli_decompressor::Decompressor::new(&*packed, 4096))
        }
        CompressionCodec::ZSTD => {
            let mut decoder = zstd::Decoder::new(&*packed).map_err(|it| damaged(&it))?;
            decoder.window_log_max(27).map_err(|it| damaged(&it))?;
            stream(&mut decoder)
        }
        CompressionCodec::LZ4_RAW => {
            // A byte of LZ4 stands for 255 at most.
            let most = (packed.len() as u64).saturating_mul(255).saturating_add(64);
            let size = usize::try_from(size.min(most)).unwrap_or_default();
            lz4_flex::block::decompress(&packed, size).map_err(|it| damaged(&it))
        }
        other => Err(wrong(format!(
            "pages packed with {other} are not supported"
        ))),
    }
}

fn encoding(number: Option<i64>) -> Result<Encoding> {
    #[expect(deprecated, reason = "old files have it in their levels")]
    Ok(match number {
        Some(0) => Encoding::PLAIN,
        Some(2) => Encoding::PLAIN_DICTIONARY,
        Some(3) => Encoding::RLE,
        Some(4) => Encoding::BIT_PACKED,
        Some(5) => Encoding::DELTA_BINARY_PACKED,
        Some(6) => Encoding::DELTA_LENGTH_BYTE_ARRAY,
        Some(7) => Encoding::DELTA_BYTE_ARRAY,
        Some(8) => Encoding::RLE_DICTIONARY,
        Some(9) => Encoding::BYTE_STREAM_SPLIT,
        _ => return Err(wrong("a page is encoded in a way that is not known")),
    })
}
