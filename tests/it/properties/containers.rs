//! Readers of containers: compression, WARC, feeds, EPUB, Parquet, pages inside of them, and the bytes that one process
//! sends another. Lengths and offsets lie, and nothing believes them.

use std::path::Path;

use recto::formats::{Item, packed};

use super::records;

/// One name for each reader; the last has none, so the content decides.
const NAMES: &[&str] = &[
    "a.warc",
    "a.wet",
    "a.epub",
    "a.parquet",
    "a.atom",
    "a.html",
    "a.jsonl.gz",
    "a.warc.gz",
    "a.txt.zst",
    "a.json.bz2",
    "a.csv.xz",
    "a",
];

/// The first byte chooses a reader, the rest is the file, or the bytes of a packed record.
pub fn holds(data: &[u8]) {
    let Some((&which, bytes)) = data.split_first() else {
        return;
    };
    let which = usize::from(which) % (NAMES.len() + 1);
    let Some(name) = NAMES.get(which) else {
        unpacked(bytes);
        return;
    };
    let path = Path::new(name);
    let options = records::options();
    let items = records::read(path, bytes, &options);
    records::all_is_well(&items, path);
}

/// Bytes that claim to be a record are one, or nothing.
fn unpacked(bytes: &[u8]) {
    let path = Path::new("a.html");
    if let Some(record) = packed::unpack(bytes, path) {
        records::all_is_well(&[Item::Record(Box::new(record))], path);
    }
}
