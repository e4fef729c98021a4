//! What a segment keeps of its articles besides their text: one file of fixed-width columns and a heap of rows.
//!
//! A row is read by two positioned reads, so the first screen of a million articles costs fifty of them. Columns are
//! read whole, each at its first use: a search needs few of them. Every offset, length and checksum is looked at
//! before it is believed: a damaged file is an error (`InvalidData`), never a panic. The layout stands in
//! `docs/ON-DISK.md`.

mod bytes;
mod file;
mod layout;
mod read;
mod row;
#[cfg(test)]
mod tests;
mod write;

pub use file::At;
pub use read::{Catalogue, Names, once};
pub use row::{Place, Row, RowRecord, TITLE_BYTES};
pub use write::{CatalogueWriter, title_key};

/// A column of one number a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The date of publication as [`pack`]ed; 0 when not known.
    Dates,
    /// The day on which the file of the first record had been written when it was read, as [`pack`]ed; 0 when not known.
    Added,
    /// Words of the body as a person counts them: runs between white space.
    Words,
    /// Records that hold the article, those of later segments not counted.
    Copies,
    /// The file of the first record: its number in the manifest.
    Files,
    /// The bits of [`flags`].
    Flags,
}

/// A column of few different texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dictionary {
    /// The language, as the source says it.
    Langs,
    /// The host of the address, else the name of the site.
    Sites,
    /// The author.
    Authors,
    /// The format of the first record.
    Formats,
}

/// What the bits of [`Column::Flags`] say.
pub mod flags {
    /// The source gave it a title.
    pub const TITLE: u32 = 1;
    /// Something in it had to be replaced or ignored when it was read.
    pub const ERROR: u32 = 2;
    /// It has an address.
    pub const URL: u32 = 4;
    /// Its title is longer than the row keeps.
    pub const TITLE_CUT: u32 = 8;
    /// It has an author, and not only blanks.
    pub const AUTHOR: u32 = 16;
    /// It has a language, and not only blanks.
    pub const LANG: u32 = 32;
}

pub use row::{pack, unpack};
