//! A sealed segment: consecutive articles in a folder of their own that never changes.

use std::fs;
use std::io;
use std::path::Path;

use super::catalogue::{Catalogue, CatalogueWriter, Row, RowRecord};
use super::text::{TextIndex, TextWriter};

/// The names of its files in its folder.
const CATALOGUE: &str = "catalogue";
const TEXT: &str = "text";

/// Writes one segment. Nothing can be read before [`finish`](Self::finish); whoever seals renames the folder then.
pub struct SegmentWriter {
    catalogue: CatalogueWriter,
    text: TextWriter,
    folder: std::path::PathBuf,
}

impl SegmentWriter {
    /// Begins the segment of the articles from number `first` on, in a folder that is made for it unless it is there.
    pub fn create(folder: &Path, first: u32) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        Ok(Self {
            catalogue: CatalogueWriter::create(&folder.join(CATALOGUE), first)?,
            text: TextWriter::create(&folder.join(TEXT))?,
            folder: folder.to_owned(),
        })
    }

    /// Appends the next article: its row with the whole title, and the clean text of the blocks of its body.
    pub fn add<'a>(&mut self, row: &Row, body: impl Iterator<Item = &'a str>) -> io::Result<()> {
        self.text.add(&row.title, body, row.author.as_deref());
        self.catalogue.add(row)
    }

    /// Notes one more record of an article of an earlier segment, by the article's number.
    pub fn extra(&mut self, article: u32, record: &RowRecord) {
        self.catalogue.extra(article, record);
    }

    /// How many articles there are so far.
    pub fn rows(&self) -> u32 {
        self.catalogue.rows()
    }

    /// Writes everything and waits until it is on disk.
    pub fn finish(self) -> io::Result<()> {
        self.text.finish()?;
        self.catalogue.finish()?;
        sync_folder(&self.folder)
    }
}

/// A segment, open for reading.
#[derive(Debug)]
pub struct Segment {
    /// What it keeps of its articles.
    pub catalogue: Catalogue,
    /// Where their words stand.
    pub text: TextIndex,
}

impl Segment {
    /// Opens it: reads the header of the catalogue only.
    pub fn open(folder: &Path) -> io::Result<Self> {
        let catalogue = Catalogue::open(&folder.join(CATALOGUE))?;
        let text = TextIndex::new(folder.join(TEXT), catalogue.rows());
        Ok(Self { catalogue, text })
    }

    /// The number of its first article.
    pub fn first(&self) -> u32 {
        self.catalogue.first()
    }

    /// How many articles it has.
    pub fn rows(&self) -> u32 {
        self.catalogue.rows()
    }
}

/// A new name in a folder is on disk when the folder is.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
