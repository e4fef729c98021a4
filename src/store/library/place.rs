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
        Place::Line {
            offset,
            length,
            digest,
        } => {
            let mut file = File::open(path).ok()?;
            file.seek(SeekFrom::Start(offset)).ok()?;
            let mut bytes = vec![0; length as usize];
            file.read_exact(&mut bytes).ok()?;
            if xxh3_64(&bytes) != digest {
                return None;
            }
            let line = Line {
                number: record.record?,
                offset,
                bytes: Some(&bytes),
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
