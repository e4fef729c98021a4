//! Reads a record again from where it stands, and makes sure that it still is what it was.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use xxhash_rust::xxh3::xxh3_64;

use super::catalogue::{Place, RowRecord};
use super::spool;
use crate::cancel::Cancel;
use crate::formats::{Item, Line, Options, Record};
use crate::model::ArticleId;
use crate::store::ingest::process;

/// Reads lines where they stand, one after the other.
#[derive(Default)]
pub struct Lines {
    /// The file that was read last: its number, and the file.
    file: Option<(u32, File)>,
    line: Vec<u8>,
}

impl Lines {
    /// The line of a record. None when it is not what it was, or the record is no line.
    pub fn read(&mut self, record: &RowRecord, path: &Path) -> Option<&[u8]> {
        let Place::Line {
            offset,
            length,
            digest,
        } = record.place
        else {
            return None;
        };
        let known = self.file.take().filter(|(file, _)| *file == record.file);
        let (_, file) = match known {
            Some(known) => self.file.insert(known),
            None => self.file.insert((record.file, File::open(path).ok()?)),
        };
        self.line.resize(length as usize, 0);
        file.seek(SeekFrom::Start(offset)).ok()?;
        file.read_exact(&mut self.line).ok()?;
        (xxh3_64(&self.line) == digest).then_some(&*self.line)
    }
}

/// Reads the record of an article; `path` is that of its file, `segment` the folder of its segment. None when the file
/// changed since, or is gone.
pub fn read(
    record: &RowRecord,
    id: ArticleId,
    path: &Path,
    segment: &Path,
    options: &Options,
) -> Option<Record> {
    let mut found = None;
    let mut sink = |item| {
        if let Item::Record(record) = item
            && found.is_none()
        {
            found = Some(*record);
        }
    };
    match record.place {
        Place::Line { offset, .. } => {
            let mut lines = Lines::default();
            let line = Line {
                number: record.record?,
                offset,
                bytes: Some(lines.read(record, path)?),
            };
            process::read_line(path, &line, options, &Cancel::new(), &mut sink);
        }
        Place::File => {
            let file = File::open(path).ok()?;
            let mut stream = &file;
            // Nothing says that it still is the file that was read before.
            process::read(path, &file, options, &Cancel::new(), &mut stream, &mut sink);
        }
        Place::Spool { offset, at, length } => {
            found = spool::read(segment, (offset, at, length), path).ok();
        }
    }
    let mut found = found.filter(|found| found.article.id == id)?;
    found.source.added = record.added;
    Some(found)
}
