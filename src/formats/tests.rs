//! Whole inputs through the door, and the two documents the project started from.

use std::path::Path;

use super::{Format, Item, Options, Record, read};
use crate::cancel::Cancel;
use crate::model::{Basis, BlockKind, Date, Diagnostic};
use crate::text::is_safe;

/// Reads an input that is named like this.
pub(super) fn load(name: &str, bytes: &[u8]) -> (Vec<Record>, Vec<Diagnostic>) {
    load_with(name, bytes, &Options::default())
}

fn load_with(name: &str, bytes: &[u8], options: &Options) -> (Vec<Record>, Vec<Diagnostic>) {
    let (mut records, mut diagnostics) = (Vec::new(), Vec::new());
    let mut input = bytes;
    read(
        Path::new(name),
        &mut input,
        options,
        &Cancel::new(),
        &mut |item| match item {
            Item::Record(record) => {
                check(&record);
                records.push(*record);
            }
            Item::Diagnostic(diagnostic) => diagnostics.push(diagnostic),
        },
    );
    (records, diagnostics)
}

/// What holds for every article, whatever it was read from.
#[track_caller]
pub(super) fn check(record: &Record) {
    let article = &record.article;
    let mut end = 0;
    for block in &article.blocks {
        assert!(
            end <= block.range.start && block.range.start < block.range.end,
            "{block:?}"
        );
        assert!(article.text.get(block.range.clone()).is_some(), "{block:?}");
        assert!(is_safe(&block.text) && !block.text.is_empty(), "{block:?}");
        for piece in block.text.map().pieces() {
            assert!(
                block.range.start <= piece.source.start && piece.source.end <= block.range.end,
                "{piece:?} outside of {block:?}"
            );
            let (clean, source) = (
                &block.text[piece.clean.clone()],
                &article.text[piece.source.clone()],
            );
            assert!(clean.len() != source.len() || clean == source || source.chars().count() == 1);
        }
        end = block.range.end;
    }
    let meta = &article.meta;
    for text in [&meta.title, &meta.byline, &meta.url, &meta.site, &meta.lang]
        .into_iter()
        .flatten()
    {
        assert!(is_safe(text) && !text.contains('\n'), "{text:?}");
    }
}

fn kinds(record: &Record) -> Vec<BlockKind> {
    record
        .article
        .blocks
        .iter()
        .map(|block| block.kind)
        .collect()
}

/// A seed document, or nothing where the repository stands alone.
fn seed(name: &str) -> Option<Record> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/seeds")).join(name);
    let Ok(bytes) = std::fs::read(&path) else {
        eprintln!("skipped: ../shared not found");
        return None;
    };
    let (mut records, diagnostics) = load(name, &bytes);
    assert_eq!((records.len(), diagnostics), (1, vec![]));
    records.pop()
}

#[test]
fn the_bare_seed_is_twenty_paragraphs() {
    let Some(record) = seed("000_5231ec1324461bb1.txt") else {
        return;
    };
    assert_eq!(record.article.meta, crate::model::Metadata::default());
    assert_eq!(kinds(&record), [BlockKind::Paragraph; 20]);
    assert_eq!(record.article.basis, Basis::File);
    assert!(
        record
            .article
            .shown_title()
            .starts_with("A Russian military plane carrying")
    );
}

#[test]
fn the_other_seed_has_all_its_parts() {
    use BlockKind::{Byline, Date as Day, Paragraph, Source, Title};
    let Some(record) = seed("001_8e67398fe1586015.txt") else {
        return;
    };
    let meta = &record.article.meta;
    assert_eq!(
        meta.title.as_deref(),
        Some("Russian Plane Heads to U.S. With Supplies for Virus Fight")
    );
    assert_eq!(meta.byline.as_deref(), Some("AFP"));
    assert_eq!(meta.date, Date::new(2020, 4, 1));
    assert_eq!(
        meta.url.as_deref(),
        Some(
            "https://www.themoscowtimes.com/2020/04/01/russian-plane-heads-to-us-with-supplies-for-virus-fighta69821"
        )
    );
    let mut expected = vec![Title, Byline, Day];
    expected.extend([Paragraph; 13]);
    expected.push(Source);
    assert_eq!(kinds(&record), expected);
    let blocks = &record.article.blocks;
    assert_eq!(&*blocks[1].text, "By AFP");
    assert!(blocks[5].text.starts_with("Related article: "));
    assert!(
        blocks[7]
            .text
            .contains("information on the delivery, which came")
    );
    assert!(record.article.text[blocks[7].range.clone()].contains("on the\n\ndelivery"));
}

#[test]
fn formats_are_named_as_the_catalogue_names_them() {
    for (name, text, format) in [
        ("a.txt", "A text.", Format::Text),
        ("a.md", "A text.", Format::Markdown),
        ("a.json", "{\"text\":\"A text.\"}", Format::Json),
        ("a.jsonl", "{\"text\":\"A text.\"}\n", Format::JsonLines),
        ("a", "A text.", Format::Text),
        (
            "b",
            "{\"text\":\"A text.\"}\n{\"text\":\"B\"}\n",
            Format::JsonLines,
        ),
    ] {
        let (records, diagnostics) = load(name, text.as_bytes());
        assert_eq!(diagnostics, [], "{name}");
        assert_eq!(records[0].source.format, format.name(), "{name}");
    }
}

#[test]
fn what_is_no_text_is_named() {
    for (name, bytes, reason) in [
        ("a.txt", &b""[..], "empty file"),
        ("a.txt", b"\n \n", "no text in it"),
        (
            "a.txt",
            b"\x89PNG\r\n\x1a\n",
            "not a text file (looks like PNG)",
        ),
        (
            "a.txt",
            b"a\0b",
            "not a text file (looks like binary data: it holds NUL bytes)",
        ),
        ("a.json", b"[]", "no records in it"),
        (
            "a.json",
            b"nonsense",
            "not valid JSON: expected ident at line 1 column 2",
        ),
    ] {
        let (records, diagnostics) = load(name, bytes);
        assert_eq!(records, []);
        let messages: Vec<_> = diagnostics.iter().map(|d| &*d.message).collect();
        assert_eq!(messages, [reason], "{name}");
    }
}

#[test]
fn records_are_numbered_without_blank_lines() {
    let text = "\u{feff}{\"text\":\"One.\",\"id\":\"a\"}\r\n\n{\"text\":\n[1]\n{\"text\":7}\n{\"title\":\"t\"}\n{\"text\":\"Six.\",\"id\":6}";
    let (records, diagnostics) = load("a.jsonl", text.as_bytes());
    let loaded: Vec<_> = records
        .iter()
        .map(|r| {
            (
                r.source.record,
                r.source.record_id.as_deref(),
                &*r.article.text,
            )
        })
        .collect();
    assert_eq!(
        loaded,
        [(Some(1), Some("a"), "One."), (Some(6), Some("6"), "Six.")]
    );
    let named: Vec<_> = diagnostics.iter().map(ToString::to_string).collect();
    assert_eq!(
        named,
        [
            "a.jsonl: record 2: not valid JSON: EOF while parsing a value at line 1 column 8",
            "a.jsonl: record 3: not an object but an array",
            "a.jsonl: record 4: \"text\" is a number, not text",
            "a.jsonl: record 5: no text in it (looked for text, body, content and the like; --map text=FIELD names another)",
        ]
    );
}

#[test]
fn a_record_that_is_too_large_does_not_stop_the_rest() {
    let options = Options {
        max_record_bytes: 40,
        ..Options::default()
    };
    let long = "x".repeat(100);
    let lines = format!("{{\"text\":\"a\"}}\n{{\"text\":\"{long}\"}}\n{{\"text\":\"b\"}}\n");
    let array = format!("[{{\"text\":\"a\"}}, {{\"text\":\"{long}\"}}, {{\"text\":\"b\"}}]");
    for (name, text) in [("a.jsonl", lines), ("a.json", array)] {
        let (records, diagnostics) = load_with(name, text.as_bytes(), &options);
        assert_eq!(records.len(), 2, "{name}");
        assert_eq!(diagnostics.len(), 1, "{name}");
        assert_eq!(diagnostics[0].record, Some(2), "{name}");
    }
    let (records, diagnostics) = load_with("a.txt", long.as_bytes(), &options);
    assert_eq!((records.len(), diagnostics.len()), (0, 1));
}

#[test]
fn a_byte_order_mark_counts_but_does_not_show() {
    let (records, _) = load("a.txt", "\u{feff}A text.".as_bytes());
    let article = &records[0].article;
    assert_eq!(&*article.blocks[0].text, "A text.");
    assert_eq!(
        (article.blocks[0].range.clone(), article.basis),
        (3..10, Basis::File)
    );
    let (bare, _) = load("a.txt", b"A text.");
    assert_eq!(bare[0].article.id, article.id);
    let (wide, _) = load("a.txt", b"\xff\xfeA\0.\0");
    assert_eq!(wide[0].article.basis, Basis::Decoded);
}
