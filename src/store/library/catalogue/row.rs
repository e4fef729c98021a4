//! What the catalogue keeps of one article.

use xxhash_rust::xxh3::xxh3_64;

use super::bytes::{Bytes, put_number, put_optional, put_text};
use crate::formats::Format;
use crate::model::{Article, ArticleId, Date, host};

/// As much of a title as is kept, in bytes.
pub const TITLE_BYTES: usize = 400;

/// What the catalogue keeps of one article. All text is safe for a terminal, but the ids of records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The article.
    pub id: ArticleId,
    /// The title as lists show it. A row that was read has [`TITLE_BYTES`] of it at most.
    pub title: String,
    /// The title went on.
    pub title_cut: bool,
    /// The source gave it a title.
    pub has_title: bool,
    /// When it was published.
    pub date: Option<Date>,
    /// The language, as the source says it.
    pub lang: Option<String>,
    /// The host of the address, else the name of the site.
    pub site_name: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// Where it was published.
    pub url: Option<String>,
    /// Words of the body: runs between white space.
    pub words: u32,
    /// Where it was read: at least one.
    pub records: Vec<RowRecord>,
}

/// Where an article was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowRecord {
    /// The number of the file in the manifest's sources.
    pub file: u32,
    /// The number of the record in the file, from 1; none where the file is the record.
    pub record: Option<u64>,
    /// The record's own id.
    pub record_id: Option<String>,
    /// The day on which its file had been written when it was read.
    pub added: Option<Date>,
    /// The name of the format.
    pub format: &'static str,
    /// Something had to be replaced or ignored when it was read.
    pub has_error: bool,
    /// Where its bytes are.
    pub place: Place,
}

/// Where the bytes of a record are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The file is the record.
    File,
    /// A stretch of the file, such as a line.
    Line {
        /// Where it begins, in bytes.
        offset: u64,
        /// Its bytes.
        length: u32,
        /// xxh3 of them, to notice that the file changed.
        digest: u64,
    },
    /// A stretch of a block of the segment's spool.
    Spool {
        /// Where the block begins.
        offset: u64,
        /// Where the record begins in the block's content.
        at: u32,
        /// Its bytes.
        length: u32,
    },
}

impl Row {
    /// The row of an article of so many words that was read there.
    pub fn of(article: &Article, words: u64, records: Vec<RowRecord>) -> Self {
        let meta = &article.meta;
        let text = |text: Option<&str>| text.map(str::to_owned);
        let title = meta.title.as_deref();
        Self {
            id: article.id,
            title: article.shown_title().to_owned(),
            title_cut: false,
            has_title: title.is_some_and(|title| !title.trim().is_empty()),
            date: meta.date,
            lang: text(meta.lang.as_deref()),
            site_name: text(meta.site_name()),
            author: text(meta.byline.as_deref()),
            url: text(meta.url.as_deref()),
            words: u32::try_from(words).unwrap_or(u32::MAX),
            records,
        }
    }

    /// Something had to be replaced or ignored when one of its records was read.
    pub fn has_error(&self) -> bool {
        self.records.iter().any(|record| record.has_error)
    }

    /// The bytes of the heap: a checksum, then the row.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut out = vec![0; 4];
        out.extend_from_slice(self.id.bytes());
        let title = cut(&self.title);
        let is_cut = self.title_cut || title.len() < self.title.len();
        out.push(u8::from(self.has_title) | u8::from(is_cut) << 1);
        put_text(&mut out, title);
        put_number(&mut out, u64::from(pack(self.date)));
        // Most sites are the host of the address, which is written only once.
        let host = self.url.as_deref().and_then(host);
        let known = self.site_name.as_deref() == host;
        out.push(u8::from(known));
        put_optional(&mut out, self.url.as_deref());
        if !known {
            put_optional(&mut out, self.site_name.as_deref());
        }
        put_optional(&mut out, self.lang.as_deref());
        put_optional(&mut out, self.author.as_deref());
        put_number(&mut out, u64::from(self.words));
        put_number(&mut out, self.records.len() as u64);
        for record in &self.records {
            record.put(&mut out);
        }
        let checksum = checksum(&out[4..]);
        out[..4].copy_from_slice(&checksum);
        out
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote; nothing when it is anything else.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (sum, body) = bytes.split_at_checked(4)?;
        if sum != checksum(body) {
            return None;
        }
        let mut rest = Bytes(body);
        let own = |text: Option<&str>| text.map(str::to_owned);
        let id = ArticleId::from_bytes(rest.array()?);
        let bits = rest.byte()?;
        let title = rest.text()?.to_owned();
        let date = unpack(rest.small()?);
        let known = rest.byte()? == 1;
        let url = own(rest.optional()?);
        let site_name = match known {
            true => url.as_deref().and_then(host).map(str::to_owned),
            false => own(rest.optional()?),
        };
        let row = Self {
            id,
            title,
            title_cut: bits & 2 != 0,
            has_title: bits & 1 != 0,
            date,
            lang: own(rest.optional()?),
            site_name,
            author: own(rest.optional()?),
            url,
            words: rest.small()?,
            records: {
                let count = rest.number()?;
                (0..count)
                    .map(|_| RowRecord::take(&mut rest))
                    .collect::<Option<_>>()?
            },
        };
        rest.is_empty().then_some(row)
    }
}

impl RowRecord {
    pub(super) fn put(&self, out: &mut Vec<u8>) {
        put_number(out, u64::from(self.file));
        // From 1, so 0 means none.
        put_number(out, self.record.unwrap_or(0));
        put_optional(out, self.record_id.as_deref());
        put_number(out, u64::from(pack(self.added)));
        put_text(out, self.format);
        let kind = match self.place {
            Place::File => 0,
            Place::Line { .. } => 1,
            Place::Spool { .. } => 2,
        };
        out.push(u8::from(self.has_error) | kind << 1);
        match self.place {
            Place::File => {}
            Place::Line {
                offset,
                length,
                digest,
            } => {
                put_number(out, offset);
                put_number(out, u64::from(length));
                out.extend_from_slice(&digest.to_le_bytes());
            }
            Place::Spool { offset, at, length } => {
                put_number(out, offset);
                put_number(out, u64::from(at));
                put_number(out, u64::from(length));
            }
        }
    }

    pub(super) fn take(rest: &mut Bytes<'_>) -> Option<Self> {
        let file = rest.small()?;
        let record = Some(rest.number()?).filter(|record| *record > 0);
        let record_id = rest.optional()?.map(str::to_owned);
        let added = unpack(rest.small()?);
        let format = format(rest.text()?);
        let bits = rest.byte()?;
        let place = match bits >> 1 {
            0 => Place::File,
            1 => Place::Line {
                offset: rest.number()?,
                length: rest.small()?,
                digest: rest.array().map(u64::from_le_bytes)?,
            },
            2 => Place::Spool {
                offset: rest.number()?,
                at: rest.small()?,
                length: rest.small()?,
            },
            _ => return None,
        };
        Some(Self {
            file,
            record,
            record_id,
            added,
            format,
            has_error: bits & 1 != 0,
            place,
        })
    }
}

/// As much of a title as is kept.
pub(super) fn cut(title: &str) -> &str {
    let end = (0..=TITLE_BYTES.min(title.len())).rev();
    let end = end.into_iter().find(|at| title.is_char_boundary(*at));
    title.get(..end.unwrap_or(0)).unwrap_or(title)
}

/// The name of a format for as long as the program runs.
pub(super) fn format(name: &str) -> &'static str {
    Format::named(name).map_or("unknown", Format::name)
}

fn checksum(bytes: &[u8]) -> [u8; 4] {
    (xxh3_64(bytes) as u32).to_le_bytes()
}

/// A date as a number that orders as dates do; 0 for none.
pub fn pack(date: Option<Date>) -> u32 {
    date.map_or(0, |date| {
        let year = u32::try_from(date.year()).unwrap_or_default();
        let month = u32::from(date.month().unwrap_or(0));
        let day = u32::from(date.day().unwrap_or(0));
        (year << 9 | month << 5 | day) + 1
    })
}

/// The date of a number of [`pack`].
pub fn unpack(packed: u32) -> Option<Date> {
    let packed = packed.checked_sub(1)?;
    let year = i16::try_from(packed >> 9).ok()?;
    Date::new(year, (packed >> 5 & 15) as u8, (packed & 31) as u8)
}
