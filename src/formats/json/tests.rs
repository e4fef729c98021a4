//! JSON inputs through the door.

use crate::formats::tests::{load, load_with};
use crate::formats::{Limits, Options, Record};
use crate::model::{Basis, BlockKind};

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
            "a.jsonl: record 2: not valid JSON: EOF while parsing a value (character 8 of the record)",
            "a.jsonl: record 3: not an object but an array",
            "a.jsonl: record 4: \"text\" is a number, not text",
            "a.jsonl: record 5: no text in it (looked for text, body, content and the like; --map text=FIELD names another)",
        ]
    );
}

#[test]
fn a_record_that_is_too_large_does_not_stop_the_rest() {
    let options = Options {
        limits: Limits {
            record_bytes: 40,
            ..Limits::default()
        },
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
fn known_schemas_are_mapped() {
    for (record, title, byline, date, url, lang) in [
        (
            r#"{"text":"T.","title":"A","author":"Ann","date":"2020-04-01","url":"https://e.org","language":"en"}"#,
            "A",
            "Ann",
            "2020-04-01",
            "https://e.org",
            "en",
        ),
        (
            r#"{"maintext":"T.","title":"A","authors":["Ann","Bo"],"date_publish":"2020-04-01 10:00:00","url":"https://e.org","language":"en"}"#,
            "A",
            "Ann, Bo",
            "2020-04-01",
            "https://e.org",
            "en",
        ),
        (
            r#"{"text":"T.","id":"x","metadata":{"title":"A","url":"https://e.org","language":"en","created":"2020-04-01T00:00:00Z"}}"#,
            "A",
            "",
            "2020-04-01",
            "https://e.org",
            "en",
        ),
        (
            r#"{"articleBody":"T.","headline":"A","author":{"@type":"Person","name":"Ann"},"datePublished":1585735200,"source":"https://e.org","inLanguage":"en"}"#,
            "A",
            "Ann",
            "2020-04-01",
            "https://e.org",
            "en",
        ),
        (
            r#"{"content_text":"T.","title":"","date_published":"not a date","url":null,"external_url":"https://e.org"}"#,
            "",
            "",
            "",
            "https://e.org",
            "",
        ),
        (
            r#"{"text":"T.","url":"javascript:alert(1)","date":2020,"author":7}"#,
            "",
            "",
            "",
            "",
            "",
        ),
    ] {
        let (records, diagnostics) = load("a.json", record.as_bytes());
        assert_eq!(diagnostics, [], "{record}");
        let Record { article, source } = &records[0];
        let date_found = article.meta.date.map(|date| date.to_string());
        let meta = &article.meta;
        let found = [
            meta.title.as_deref(),
            meta.byline.as_deref(),
            date_found.as_deref(),
            meta.url.as_deref(),
            meta.lang.as_deref(),
        ];
        assert_eq!(
            found.map(Option::unwrap_or_default),
            [title, byline, date, url, lang],
            "{record}"
        );
        assert_eq!((&*article.text, article.basis), ("T.", Basis::Decoded));
        assert_eq!(source.fields.as_deref(), Some(record));
        assert_eq!(source.record, None);
    }
}

#[test]
fn a_mapping_is_all_that_is_asked() {
    let map = |text: &str| Options {
        map: vec![
            ("text".to_owned(), text.to_owned()),
            ("title".to_owned(), "a.b".to_owned()),
        ],
        ..Options::default()
    };
    let record = br#"{"text":"no","story":"yes","title":"no","a":{"b":"Deep"}}"#;
    let (records, _) = load_with("a.json", record, &map("story"));
    assert_eq!(&*records[0].article.text, "yes");
    assert_eq!(records[0].article.meta.title.as_deref(), Some("Deep"));
    let (_, diagnostics) = load_with("a.json", record, &map("stroy"));
    assert_eq!(
        diagnostics[0].message,
        "no field \"stroy\" (asked for by --map)"
    );
}

#[test]
fn arrays_and_values_in_a_row_are_records() {
    for (text, records, errors) in [
        (r#"[{"text":"a"},{"text":"b ] } , \" "}]"#, 2, 0),
        (r#"{"text":"a"}{"text":"b"}"#, 2, 0),
        ("{\n\"text\":\"a\"\n}\n{\n\"text\":\"b\"\n}\n", 2, 0),
        (r#"[{"text":"a"},oops,{"text":"b"}]"#, 2, 1),
        (r#"[{"text":"a"},{"text":"b"}"#, 2, 1),
        (r#"[{"text":"a"}"#, 1, 1),
        (r#"{"text":"a"}}{"text":"b"}"#, 1, 1),
        ("]", 0, 1),
        ("{", 0, 1),
    ] {
        let (loaded, diagnostics) = load("a.json", text.as_bytes());
        assert_eq!(
            (loaded.len(), diagnostics.len()),
            (records, errors),
            "{text}"
        );
    }
    let (loaded, _) = load("a.jsonl", b"{\n\"text\":\"a\"\n}\n{\n\"text\":\"b\"\n}\n");
    assert_eq!(loaded.len(), 2, "pretty-printed");
}

#[test]
fn a_title_that_the_body_repeats_is_its_title() {
    let record = br#"{"title":"Boats &amp; storms","text":"Boats & storms\nThe boats were moved. It rained, and it blew."}"#;
    let (records, _) = load("a.json", record);
    let article = &records[0].article;
    assert_eq!(article.meta.title.as_deref(), Some("Boats & storms"));
    assert_eq!(article.blocks[0].kind, BlockKind::Title);
    assert_eq!(article.body().count(), 1);
}
