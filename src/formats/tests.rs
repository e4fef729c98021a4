//! Whole inputs through the door, and the two documents the project started from.

mod shapes;

use std::path::Path;

use super::{Format, Input, Item, Options, Record, read};
use crate::cancel::Cancel;
use crate::model::{Basis, BlockKind, Date, Diagnostic};
use crate::text::is_safe;

/// Reads an input that is named like this.
pub(super) fn load(name: &str, bytes: &[u8]) -> (Vec<Record>, Vec<Diagnostic>) {
    load_with(name, bytes, &Options::default())
}

pub(super) fn load_with(
    name: &str,
    bytes: &[u8],
    options: &Options,
) -> (Vec<Record>, Vec<Diagnostic>) {
    let (mut records, mut diagnostics) = (Vec::new(), Vec::new());
    let mut input = bytes;
    read(
        Path::new(name),
        Input::stream(&mut input),
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
            b"a\0b\0",
            "not a text file (looks like binary data)",
        ),
        ("a.json", b"[]", "no records in it"),
        (
            "a.json",
            b"nonsense",
            "not valid JSON: expected ident (character 2 of the record)",
        ),
    ] {
        let (records, diagnostics) = load(name, bytes);
        assert_eq!(records, []);
        let messages: Vec<_> = diagnostics.iter().map(|d| &*d.message).collect();
        assert_eq!(messages, [reason], "{name}");
    }
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

#[test]
fn metadata_is_found_in_many_shapes() {
    let body = "The harbour authority said on Tuesday that 41 fishing boats had been moved inland ahead of the storm, \
        which forecasters expect to reach the coast before midnight. It closed the lower bridge as well.";
    for (head, tail, title, byline, date, url) in [
        (
            "## Boats Moved\n\nBy <u>AFP</u>\n\nApril 01, 2020",
            "",
            "Boats Moved",
            "AFP",
            "2020-04-01",
            "",
        ),
        (
            "# Boats Moved\n\n**By Jane Roe | 1 April 2020**",
            "",
            "Boats Moved",
            "Jane Roe",
            "2020-04-01",
            "",
        ),
        (
            "# Boats Moved\nBy Jane Roe and John Doe\n1 April 2020",
            "",
            "Boats Moved",
            "Jane Roe and John Doe",
            "2020-04-01",
            "",
        ),
        (
            "Boote verlegt\n\nVon Änne Strößner\n\n1. April 2020",
            "",
            "Boote verlegt",
            "Änne Strößner",
            "2020-04-01",
            "",
        ),
        (
            "Bateaux déplacés\n\nPar Luc Noël\n\n1er avril 2020",
            "",
            "Bateaux déplacés",
            "Luc Noël",
            "2020-04-01",
            "",
        ),
        (
            "Title: Boats Moved\nAuthor: Jane Roe\nDate: 2020-04-01\nUrl: https://example.org/a",
            "",
            "Boats Moved",
            "Jane Roe",
            "2020-04-01",
            "https://example.org/a",
        ),
        (
            "---\ntitle: Boats Moved\nauthors: [Jane Roe, John Doe]\ndate: 2020-04-01 10:00\n---",
            "",
            "Boats Moved",
            "Jane Roe, John Doe",
            "2020-04-01",
            "",
        ),
        (
            "+++\ntitle = \"Boats Moved\"\ndate = 2020-04-01\n+++",
            "",
            "Boats Moved",
            "",
            "2020-04-01",
            "",
        ),
        (
            "",
            "Original url: https://example.org/a",
            "",
            "",
            "",
            "https://example.org/a",
        ),
        (
            "",
            "Source: <https://example.org/a>",
            "",
            "",
            "",
            "https://example.org/a",
        ),
        ("Published: April 1, 2020", "", "", "", "2020-04-01", ""),
        (
            "By the river, boats were moved.",
            "By the river",
            "",
            "",
            "",
            "",
        ),
        ("A short first line", "", "", "", "", ""),
    ] {
        for name in ["a.txt", "a.md"] {
            let text = format!("{head}\n\n{body}\n\n{tail}\n");
            let (records, diagnostics) = load(name, text.as_bytes());
            assert_eq!(diagnostics, [], "{name}: {text}");
            let meta = &records[0].article.meta;
            let date_found = meta.date.map(|date| date.to_string());
            let found = [
                meta.title.as_deref(),
                meta.byline.as_deref(),
                date_found.as_deref(),
                meta.url.as_deref(),
            ]
            .map(Option::unwrap_or_default);
            assert_eq!(found, [title, byline, date, url], "{name}: {text}");
            let body_blocks: Vec<_> = records[0].article.body().collect();
            assert!(
                body_blocks.iter().any(|block| *block.text == *body),
                "{name}: {text}"
            );
        }
    }
}

/// Bytes with a taste of every format.
fn inputs() -> impl proptest::strategy::Strategy<Value = Vec<u8>> {
    use proptest::prelude::*;
    let scraps: Vec<&[u8]> = vec![
        b"# ",
        b"## Title\n",
        b"\n",
        b"\n\n",
        b"---\n",
        b"+++\n",
        b"title: x\n",
        b"By <u>AFP</u>",
        b"By Ann Lee",
        b"1 April 2020",
        b"Original url: https://e.org/x",
        b"- ",
        b"> ",
        b"1. ",
        b"```\n",
        b"**",
        b"*",
        b"_",
        b"`",
        b"[",
        b"](https://e.org)",
        b"![",
        b"|",
        b"|-|\n",
        b"<p>",
        b"</p>",
        b"<li>",
        b"<ol>",
        b"<b>",
        b"</b>",
        b"<!--",
        b"-->",
        b"<script>",
        b"</script>",
        b"<pre>",
        b"<br>",
        b"&amp;",
        b"&#27;",
        b"{\"text\":\"",
        b"\"}",
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"\\u0000",
        b"\\",
        b"word ",
        b"on the",
        b"delivery, which.",
        b"\xc3\xa9",
        b"\xff",
        b"\xef\xbb\xbf",
        b"\r\n",
        b"\x1b[31m",
        b"\xe2\x80\xae",
        b"\xcc\x81",
        b"\xe6\x97\xa5",
        b"\t",
        b"    ",
        b"\0",
        b"===\n",
    ];
    prop_oneof![
        proptest::collection::vec(proptest::sample::select(scraps), 0..60)
            .prop_map(|scraps| scraps.concat()),
        proptest::collection::vec(any::<u8>(), 0..200),
    ]
}

proptest::proptest! {
    #[test]
    fn nothing_panics_and_everything_is_in_bounds(bytes in inputs()) {
        for name in ["a.txt", "a.md", "a.html", "a.json", "a.jsonl", "a"] {
            // `load` checks each record.
            let (records, diagnostics) = load(name, &bytes);
            proptest::prop_assert!(!records.is_empty() || !diagnostics.is_empty() || name == "a.jsonl" || name == "a");
            for diagnostic in diagnostics {
                proptest::prop_assert!(is_safe(&diagnostic.message));
            }
        }
    }
}

#[test]
fn what_has_no_letters_names_no_article() {
    let first = "The bridge at the point opened again on Tuesday.";
    for (text, expected) in [
        (format!("* * *\n\n•\n\n{first} People came.\n"), first),
        (format!("# ***\n\n{first} People came.\n"), first),
        ("…\n".to_owned(), "…"),
    ] {
        let (records, _) = load("a.md", text.as_bytes());
        assert_eq!(records[0].article.shown_title(), expected, "{text}");
    }
}
