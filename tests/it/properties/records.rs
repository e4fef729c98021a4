//! Readers of text and of records in text: whatever comes in, what comes out is safe, in order, within its text, the same
//! each time, and survives the way between two processes.

use std::path::Path;

use recto::cancel::Cancel;
use recto::formats::{self, Input, Item, Limits, Lines, Options, Record, packed};
use recto::model::{Article, Clean, Metadata};
use recto::text;

/// One name for each reader; the last has none, so the content decides.
const NAMES: &[&str] = &[
    "a.txt", "a.md", "a.json", "a.jsonl", "a.csv", "a.tsv", "a.html", "a.rss", "a",
];

/// The first byte chooses a name, the rest is the file.
pub fn holds(data: &[u8]) {
    let Some((&which, bytes)) = data.split_first() else {
        return;
    };
    let path = Path::new(NAMES[usize::from(which) % NAMES.len()]);
    let options = options();
    let items = read(path, bytes, &options);
    all_is_well(&items, path);
    assert_eq!(
        items,
        read(path, bytes, &options),
        "reading twice gives the same"
    );
    if formats::is_plain_lines(path, bytes) {
        line_by_line(path, bytes, &options, &items);
    }
    for item in &items {
        if let Item::Record(record) = item
            && let Some(fields) = record.source.fields.as_deref()
        {
            lean_agrees(fields, record);
        }
    }
}

/// Small limits, so that small files reach them.
pub fn options() -> Options {
    Options {
        limits: Limits {
            record_bytes: 64 << 10,
            file_bytes: 4 << 20,
            nesting: 48,
            window_bytes: 8 << 20,
            ..Limits::default()
        },
        ..Options::default()
    }
}

/// Everything that a reader says of a file.
pub fn read(path: &Path, bytes: &[u8], options: &Options) -> Vec<Item> {
    let mut items = Vec::new();
    let mut stream = bytes;
    let _ = formats::is_risky(path, text_head(bytes), options.limits);
    formats::read(
        path,
        Input::stream(&mut stream),
        options,
        &Cancel::new(),
        &mut |item| items.push(item),
    );
    items
}

fn text_head(bytes: &[u8]) -> &[u8] {
    bytes.get(..64 << 10).unwrap_or(bytes)
}

/// A file is never passed over in silence, and what is said or loaded is safe.
pub fn all_is_well(items: &[Item], path: &Path) {
    assert!(!items.is_empty(), "neither an article nor a word about it");
    for item in items {
        match item {
            Item::Diagnostic(diagnostic) => {
                assert!(
                    text::is_safe(&diagnostic.message),
                    "{:?}",
                    diagnostic.message
                );
                assert!(!diagnostic.message.is_empty());
            }
            Item::Record(record) => sound(record, path),
        }
    }
}

fn sound(record: &Record, path: &Path) {
    let Article {
        meta, text, blocks, ..
    } = &record.article;
    safe(meta);
    safe(&record.source.meta);
    assert!(text::is_safe(record.article.shown_title()));
    let mut end = 0;
    for block in blocks {
        assert!(block.range.start >= end, "blocks are in order");
        end = block.range.end;
        assert!(
            text.get(block.range.clone()).is_some(),
            "blocks lie in the text"
        );
        is_safe(&block.text);
        for piece in block.text.map().pieces() {
            assert!(
                text.get(piece.source.clone()).is_some(),
                "pieces lie in the text"
            );
        }
    }
    if let Some(fields) = &record.source.fields {
        let parsed: Result<serde_json::Value, _> = serde_json::from_str(fields);
        let deep = parsed
            .as_ref()
            .is_err_and(|error| error.to_string().contains("recursion"));
        assert!(
            deep || parsed.is_ok_and(|it| it.is_object()),
            "fields are an object: {fields}"
        );
    }
    let bytes = packed::pack(record);
    assert_eq!(
        packed::unpack(&bytes, path).as_ref(),
        Some(record),
        "packed and unpacked"
    );
}

fn safe(meta: &Metadata) {
    let Metadata {
        title,
        byline,
        url,
        site,
        lang,
        ..
    } = meta;
    for text in [title, byline, url, site, lang].into_iter().flatten() {
        is_safe(text);
        assert!(!text.contains('\n'), "one line: {text:?}");
    }
}

fn is_safe(text: &Clean) {
    assert!(text::is_safe(text), "{text:?}");
}

/// The same file, cut into lines as the threads that read large files do.
fn line_by_line(path: &Path, bytes: &[u8], options: &Options, whole: &[Item]) {
    let mut lines = Lines::new(bytes, options.limits.record_bytes);
    let mut items = Vec::new();
    while let Some(line) = lines.next_line().expect("memory can be read") {
        formats::read_line(path, &line, options, &mut |item| items.push(item));
    }
    if !items.is_empty() {
        assert_eq!(items, whole, "lines by themselves give what the file gives");
    }
}

/// What grouping reads of a record is what its article says.
fn lean_agrees(fields: &str, record: &Record) {
    if let Some(lean) = formats::lean(fields) {
        assert_eq!(lean.id(), record.article.id, "{fields}");
    }
    let declared = formats::declared(fields, &[]);
    if let Some(declared) = declared {
        is_safe(&declared.title);
    }
}
