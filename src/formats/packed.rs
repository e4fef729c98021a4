//! Records as bytes, for places that cannot be read in place again and for other processes, and back.
//!
//! The way back believes nothing: every length and offset is looked at, and text that claims to be safe for a terminal is
//! only taken as such when it is (`text::restore`). So bytes from a damaged disk or from a process that fell over a
//! hostile file cost a record, never the screen. Not a format for exchange: the version is that of the program's code.

use std::ops::Range;
use std::path::{Path, PathBuf};

use super::{Format, Record};
use crate::model::{
    Article, ArticleId, Basis, Block, BlockKind, Clean, Date, Metadata, Piece, Source,
};
use crate::text;

/// Changes with what is written.
const VERSION: u8 = 1;

/// Writes a record as bytes. Its path is left out: whoever keeps the bytes knows it.
pub fn pack(record: &Record) -> Vec<u8> {
    let Record { article, source } = record;
    let mut out = Vec::with_capacity(2 * article.text.len() + 1024);
    out.push(VERSION);
    out.extend_from_slice(article.id.bytes());
    put_meta(&mut out, &article.meta);
    put_text(&mut out, &article.text);
    out.push(match article.basis {
        Basis::File => 0,
        Basis::Decoded => 1,
        Basis::Extracted => 2,
    });
    put_number(&mut out, article.blocks.len());
    for block in &article.blocks {
        out.push(kind_to_byte(block.kind));
        put_range(&mut out, &block.range);
        put_clean(&mut out, &block.text);
    }
    put_optional(&mut out, article.original.as_deref());
    put_optional_number(&mut out, source.record);
    put_optional(&mut out, source.record_id.as_deref());
    put_optional_number(&mut out, source.offset);
    put_text(&mut out, source.format);
    // What a source says is nearly always what the article says.
    out.push(u8::from(source.meta != article.meta));
    if source.meta != article.meta {
        put_meta(&mut out, &source.meta);
    }
    put_optional(&mut out, source.fields.as_deref());
    out
}

/// Reads a record that [`pack`] wrote; `path` is that of its source. None when the bytes are not such.
pub fn unpack(bytes: &[u8], path: &Path) -> Option<Record> {
    let mut input = Bytes(bytes);
    if input.byte()? != VERSION {
        return None;
    }
    let id = ArticleId::from_bytes(*input.take(16)?.first_chunk()?);
    let meta = input.meta()?;
    let text = input.text()?.to_owned();
    let basis = match input.byte()? {
        0 => Basis::File,
        1 => Basis::Decoded,
        2 => Basis::Extracted,
        _ => return None,
    };
    let count = input.number()?;
    let mut blocks = Vec::with_capacity(count.min(bytes.len() / 4));
    let mut end = 0;
    for _ in 0..count {
        let kind = kind_of_byte(input.byte()?)?;
        let range = input.range()?;
        if range.start < end || text.get(range.clone()).is_none() {
            return None;
        }
        end = range.end;
        let text = input.clean(text.len())?;
        blocks.push(Block { kind, range, text });
    }
    let original = input.optional()?.map(str::to_owned);
    let source = Source {
        path: PathBuf::from(path),
        record: input.optional_number()?,
        record_id: input.optional()?.map(str::to_owned),
        offset: input.optional_number()?,
        added: None,
        format: Format::named(input.text()?)?.name(),
        meta: match input.byte()? {
            0 => meta.clone(),
            1 => input.meta()?,
            _ => return None,
        },
        fields: input.optional()?.map(str::to_owned),
    };
    let article = Article {
        id,
        meta,
        text,
        basis,
        blocks,
        original,
    };
    input.0.is_empty().then_some(Record { article, source })
}

fn kind_to_byte(kind: BlockKind) -> u8 {
    match kind {
        BlockKind::Title => 0,
        BlockKind::Byline => 1,
        BlockKind::Date => 2,
        BlockKind::Source => 3,
        BlockKind::Paragraph => 4,
        BlockKind::Quote => 5,
        BlockKind::Item => 6,
        BlockKind::Code => 7,
        BlockKind::Caption => 8,
        BlockKind::Heading(level) => 16 + level.min(15),
    }
}

fn kind_of_byte(byte: u8) -> Option<BlockKind> {
    Some(match byte {
        0 => BlockKind::Title,
        1 => BlockKind::Byline,
        2 => BlockKind::Date,
        3 => BlockKind::Source,
        4 => BlockKind::Paragraph,
        5 => BlockKind::Quote,
        6 => BlockKind::Item,
        7 => BlockKind::Code,
        8 => BlockKind::Caption,
        16..=31 => BlockKind::Heading(byte - 16),
        _ => return None,
    })
}

/// Seven bits a byte, the lowest first.
fn put_number(out: &mut Vec<u8>, number: usize) {
    let mut number = number as u64;
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    put_number(out, text.len());
    out.extend_from_slice(text.as_bytes());
}

fn put_optional(out: &mut Vec<u8>, text: Option<&str>) {
    out.push(u8::from(text.is_some()));
    if let Some(text) = text {
        put_text(out, text);
    }
}

fn put_optional_number(out: &mut Vec<u8>, number: Option<u64>) {
    out.push(u8::from(number.is_some()));
    out.extend(number.into_iter().flat_map(u64::to_le_bytes));
}

fn put_range(out: &mut Vec<u8>, range: &Range<usize>) {
    put_number(out, range.start);
    put_number(out, range.len());
}

fn put_clean(out: &mut Vec<u8>, clean: &Clean) {
    put_text(out, clean);
    let pieces = clean.map().pieces();
    put_number(out, pieces.len());
    for Piece { clean, source } in pieces {
        put_number(out, clean.len());
        put_range(out, source);
    }
}

fn put_meta(out: &mut Vec<u8>, meta: &Metadata) {
    let Metadata {
        title,
        byline,
        date,
        url,
        site,
        lang,
    } = meta;
    for text in [title, byline, url, site, lang] {
        out.push(u8::from(text.is_some()));
        if let Some(text) = text {
            put_clean(out, text);
        }
    }
    out.push(u8::from(date.is_some()));
    if let Some(date) = date {
        out.extend_from_slice(&date.year().to_le_bytes());
        out.extend([date.month().unwrap_or(0), date.day().unwrap_or(0)]);
    }
}

/// What is left to read.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        Some(*self.take(1)?.first()?)
    }

    fn flag(&mut self) -> Option<bool> {
        match self.byte()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    fn number(&mut self) -> Option<usize> {
        let mut number = 0u64;
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return usize::try_from(number).ok();
            }
        }
        None
    }

    fn text(&mut self) -> Option<&'a str> {
        let length = self.number()?;
        std::str::from_utf8(self.take(length)?).ok()
    }

    fn optional(&mut self) -> Option<Option<&'a str>> {
        Some(match self.flag()? {
            true => Some(self.text()?),
            false => None,
        })
    }

    fn optional_number(&mut self) -> Option<Option<u64>> {
        Some(match self.flag()? {
            true => Some(u64::from_le_bytes(*self.take(8)?.first_chunk()?)),
            false => None,
        })
    }

    fn range(&mut self) -> Option<Range<usize>> {
        let start = self.number()?;
        Some(start..start.checked_add(self.number()?)?)
    }

    /// Clean text whose map leads to a text of `length` bytes.
    fn clean(&mut self, length: usize) -> Option<Clean> {
        let text = self.text()?.to_owned();
        let count = self.number()?;
        let mut pieces = Vec::with_capacity(count.min(self.0.len() / 3));
        let mut at = 0usize;
        for _ in 0..count {
            let end = at.checked_add(self.number()?)?;
            let source = self.range()?;
            if source.end > length {
                return None;
            }
            pieces.push(Piece {
                clean: at..end,
                source,
            });
            at = end;
        }
        text::restore(text, pieces)
    }

    fn meta(&mut self) -> Option<Metadata> {
        let mut text = || -> Option<Option<Clean>> {
            Some(match self.flag()? {
                // The text that it stood in is not kept.
                true => Some(self.clean(usize::MAX)?),
                false => None,
            })
        };
        let (title, byline) = (text()?, text()?);
        let (url, site, lang) = (text()?, text()?, text()?);
        let date = match self.flag()? {
            true => {
                let year = i16::from_le_bytes(*self.take(2)?.first_chunk()?);
                Some(Date::new(year, self.byte()?, self.byte()?)?)
            }
            false => None,
        };
        Some(Metadata {
            title,
            byline,
            date,
            url,
            site,
            lang,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::super::{Input, Item, Options, read};
    use super::*;
    use crate::cancel::Cancel;

    fn records() -> Vec<(PathBuf, Record)> {
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/sample");
        let mut all = Vec::new();
        let mut folders = vec![sample];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let file = File::open(&path).unwrap();
                let mut stream = &file;
                let input = Input::file(&mut stream, &file);
                read(
                    &path,
                    input,
                    &Options::default(),
                    &Cancel::new(),
                    &mut |item| {
                        if let Item::Record(record) = item {
                            all.push((path.clone(), *record));
                        }
                    },
                );
            }
        }
        assert!(all.len() > 10);
        all
    }

    #[test]
    fn a_record_survives_the_way_there_and_back() {
        for (path, record) in records() {
            assert_eq!(unpack(&pack(&record), &path), Some(record));
        }
    }

    #[test]
    fn damaged_bytes_are_nothing_or_another_record_but_always_safe() {
        let (path, record) = records().remove(0);
        let bytes = pack(&record);
        for at in 0..bytes.len() {
            assert_eq!(unpack(&bytes[..at], &path), None, "cut at {at}");
            for change in [0x01, 0x80, 0xff] {
                let mut bytes = bytes.clone();
                bytes[at] ^= change;
                let Some(other) = unpack(&bytes, &path) else {
                    continue;
                };
                let article = &other.article;
                assert!(article.blocks.iter().all(|it| text::is_safe(&it.text)));
                assert!(text::is_safe(article.shown_title()));
            }
        }
    }

    #[test]
    fn text_that_is_not_safe_does_not_come_back() {
        let plain = |(_, record): &(PathBuf, Record)| record.source.fields.is_none();
        let (path, record) = records().into_iter().find(plain).unwrap();
        let mut bytes = pack(&record);
        let title = record.article.blocks[0].text.as_bytes();
        assert!(!title.is_empty());
        // Wherever it stands: which of them is the block's does not matter.
        let places: Vec<usize> = (0..bytes.len())
            .filter(|at| bytes[*at..].starts_with(title))
            .collect();
        for at in places {
            bytes[at] = 0x1b;
        }
        assert_eq!(unpack(&bytes, &path), None);
    }
}
