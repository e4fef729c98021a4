//! Files that other programs made, through the door: the same five articles come out of every one of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use recto::cancel::Cancel;
use recto::formats::{Input, Item, Limits, Options, Record, read};
use recto::model::{BlockKind, Diagnostic};
use recto::store::ingest::{Ingested, ingest};
use serde_json::Value;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

fn load(names: &[&str], options: &Options) -> Ingested {
    let paths: Vec<PathBuf> = names.iter().map(|name| fixtures().join(name)).collect();
    ingest(&paths, options, &Cancel::new())
}

fn options(map: &[(&str, &str)]) -> Options {
    let own = |(a, b): &(&str, &str)| ((*a).to_owned(), (*b).to_owned());
    Options {
        map: map.iter().map(own).collect(),
        ..Options::default()
    }
}

/// Reads bytes under a name, as from a pipe.
fn pipe(name: &str, bytes: &[u8], options: &Options) -> (Vec<Record>, Vec<Diagnostic>) {
    let (mut records, mut diagnostics) = (Vec::new(), Vec::new());
    let mut bytes = bytes;
    let input = Input::stream(&mut bytes);
    read(
        Path::new(name),
        input,
        options,
        &Cancel::new(),
        &mut |item| match item {
            Item::Record(record) => records.push(*record),
            Item::Diagnostic(diagnostic) => diagnostics.push(diagnostic),
        },
    );
    (records, diagnostics)
}

/// What an article says, and what it should say: title, byline, date, address, paragraphs.
type Said = (String, String, String, String, Vec<String>);

fn truth() -> BTreeMap<String, Said> {
    let text = std::fs::read_to_string(fixtures().join("articles.json")).unwrap();
    let articles: Vec<Value> = serde_json::from_str(&text).unwrap();
    let word = |it: &Value, name: &str| it[name].as_str().unwrap().to_owned();
    let paragraphs = |it: &Value| {
        let list = it["paragraphs"].as_array().unwrap().iter();
        list.map(|it| it.as_str().unwrap().to_owned()).collect()
    };
    let said = |it: &Value| {
        let words = ["title", "byline", "date", "url"].map(|name| word(it, name));
        let [title, byline, date, url] = words;
        (title, byline, date, url, paragraphs(it))
    };
    articles
        .iter()
        .map(|it| (word(it, "url"), said(it)))
        .collect()
}

fn said(record: &Record) -> Said {
    let article = &record.article;
    let meta = &article.meta;
    let body = article.body().filter(|it| it.kind == BlockKind::Paragraph);
    let own = |text: &Option<recto::model::Clean>| text.as_deref().unwrap_or_default().to_owned();
    (
        own(&meta.title),
        own(&meta.byline),
        meta.date.map(|it| it.to_string()).unwrap_or_default(),
        own(&meta.url),
        body.map(|block| block.text.to_string()).collect(),
    )
}

#[track_caller]
fn are_the_five(what: &str, records: &[Record]) {
    let truth = truth();
    assert_eq!(records.len(), truth.len(), "{what}");
    for record in records {
        let found = said(record);
        let expected = truth
            .get(&found.3)
            .unwrap_or_else(|| panic!("{what}: {found:?}"));
        assert_eq!(&found, expected, "{what}");
    }
}

#[test]
fn the_same_five_articles_come_out_of_every_format() {
    for (name, formats) in [
        ("html", "html"),
        ("md", "md"),
        ("txt", "txt"),
        ("articles.jsonl", "jsonl"),
        ("articles.json-array.json", "json"),
        ("articles.utf16.jsonl", "jsonl"),
        ("articles.none.parquet", "parquet"),
        ("articles.snappy.parquet", "parquet"),
        ("articles.gzip.parquet", "parquet"),
        ("articles.zstd.parquet", "parquet"),
        ("articles.brotli.parquet", "parquet"),
        ("articles.lz4.parquet", "parquet"),
        ("articles.csv", "csv"),
        ("articles.tsv", "tsv"),
        ("articles.warc", "warc"),
        ("articles.warc.gz", "warc"),
        ("articles.wet.gz", "warc"),
        ("articles.rss", "feed"),
        ("articles.atom", "feed"),
        ("articles.feed.json", "jsonfeed"),
        ("articles.epub", "epub"),
        ("articles.ebooklib.epub", "epub"),
        ("articles.jsonl.gz", "jsonl"),
        ("articles.jsonl.zst", "jsonl"),
        ("articles.jsonl.bz2", "jsonl"),
        ("articles.jsonl.xz", "jsonl"),
        ("members.jsonl.gz", "jsonl"),
        ("members.jsonl.zst", "jsonl"),
        ("members.jsonl.bz2", "jsonl"),
        ("members.jsonl.xz", "jsonl"),
    ] {
        let all = load(&[name], &Options::default());
        let errors: Vec<String> = all.diagnostics.iter().map(ToString::to_string).collect();
        let expected = usize::from(name.starts_with("articles.warc"));
        assert_eq!(errors.len(), expected, "{name}: {errors:?}");
        are_the_five(name, &all.records);
        assert!(
            all.records.iter().all(|it| it.source.format == formats),
            "{name}"
        );
        assert_eq!(all.progress.bytes, all.progress.bytes_found, "{name}");
    }
}

#[test]
fn they_come_from_a_pipe_and_under_wrong_names_too() {
    for name in [
        "articles.zstd.parquet",
        "articles.epub",
        "articles.warc.gz",
        "articles.rss",
        "articles.feed.json",
        "articles.jsonl.xz",
    ] {
        let bytes = std::fs::read(fixtures().join(name)).unwrap();
        for pretended in ["-", "stdin.dat"] {
            let (records, _) = pipe(pretended, &bytes, &Options::default());
            are_the_five(name, &records);
        }
    }
    are_the_five(
        "lies.txt",
        &load(&["lies.txt"], &Options::default()).records,
    );
    let parquet = std::fs::read(fixtures().join("articles.zstd.parquet")).unwrap();
    are_the_five(
        "parquet as txt",
        &pipe("a.txt", &parquet, &Options::default()).0,
    );
    let (records, diagnostics) = pipe(
        "a.jsonl.gz",
        b"{\"text\":\"A text.\"}\n",
        &Options::default(),
    );
    assert_eq!((records.len(), diagnostics.len()), (1, 1));
    assert!(diagnostics[0].message.contains("read as it stands"));
}

#[test]
fn encodings_are_found_and_named() {
    let all = load(&["latin1.csv"], &Options::default());
    assert_eq!(all.diagnostics.len(), 1);
    assert_eq!(
        all.diagnostics[0].message,
        "not UTF-8: read as windows-1252"
    );
    let truth = truth();
    assert!(
        all.records
            .iter()
            .map(said)
            .all(|it| truth.get(&it.3) == Some(&it))
    );
    let feed = b"<?xml version='1.0' encoding='windows-1251'?><rss><channel><item><title>\xcc\xe8\xf0</title>\
        <description>\xcf\xf0\xe8\xe2\xe5\xf2 &nbsp; \x98</description></item></channel></rss>";
    let (records, diagnostics) = pipe("a.rss", feed, &Options::default());
    assert_eq!(records[0].article.meta.title.as_deref(), Some("Мир"));
    assert!(records[0].article.text.starts_with("Привет"));
    assert!(
        diagnostics.iter().all(|it| it.message.contains("1 place")),
        "{diagnostics:?}"
    );
}

#[test]
fn a_mapping_holds_in_every_container() {
    let map = options(&[("text", "headline"), ("title", "text")]);
    let all = load(&["articles.snappy.parquet"], &map);
    let titles: Vec<String> = all
        .records
        .iter()
        .map(|it| it.article.text.clone())
        .collect();
    assert!(
        titles.contains(&"山城茶园提前半个月开采".to_owned()),
        "{titles:?}"
    );
    let (records, _) = pipe(
        "a.csv",
        b"a;b\nT;Body\n",
        &options(&[("text", "b"), ("title", "a")]),
    );
    assert_eq!(said(&records[0]).0, "T");
    let (_, diagnostics) = pipe("a.csv", b"a,b\nT,Body\n", &Options::default());
    assert!(diagnostics[0].message.contains("the columns are a, b"));
}

#[test]
fn fields_that_are_not_known_stay_as_they_were() {
    let line = r#"{"text":"T.","n":1.10e400,"big":123456789012345678901234567890,"u":"\u00e9","l":[ 1 ],"x":{"y":null}}"#;
    let (records, _) = pipe("a.jsonl", line.as_bytes(), &Options::default());
    assert_eq!(records[0].source.fields.as_deref(), Some(line));
    let all = load(&["articles.snappy.parquet"], &Options::default());
    let fields = all.records[0].source.fields.as_deref().unwrap();
    assert!(fields.contains(r#""authors":["Ann Lee"]"#), "{fields}");
    assert!(fields.contains(r#""publish_date":"2024-03-05""#) && fields.contains(r#""score":0.5"#));
    let all = load(&["articles.warc"], &Options::default());
    let fields = all.records[0].source.fields.as_deref().unwrap();
    assert!(
        fields.contains("WARC-Date") && fields.contains("http_headers"),
        "{fields}"
    );
}

#[test]
fn a_teaser_is_the_text_of_a_feed_only() {
    let item = br#"{"title":"T","description":"A teaser."}"#;
    assert_eq!(pipe("a.json", item, &Options::default()).0.len(), 0);
    let feed = b"<rss><channel><item><title>T</title><description>A teaser &amp;amp; more.</description></item></channel></rss>";
    let (records, _) = pipe("-", feed, &Options::default());
    assert_eq!(said(&records[0]).4, ["A teaser & more."]);
}

/// A whole input in one WARC record.
fn warc(number: u32, length: &str, body: &str) -> String {
    format!(
        "WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: https://e.org/{number}\r\n\
         Content-Type: text/plain\r\nContent-Length: {length}\r\n\r\n{body}\r\n\r\n"
    )
}

#[test]
fn damage_is_named_and_the_rest_loads() {
    let lie = format!(
        "{}{}{}",
        warc(1, "4", "One."),
        warc(2, "-5", "Two."),
        warc(3, "6", "Three.")
    );
    let cut = warc(1, "4", "One.") + &warc(2, "400", "Two.");
    let csv = "title,text\na,One.\nb,\nc,Three.,more\n".to_owned();
    let feed =
        "<rss><channel><item><title>1</title><description>One.</description></item><item><title>2"
            .to_owned();
    for (name, text, loaded, told) in [
        (
            "a.warc",
            lie,
            2,
            "record 2: its Content-Length is not a number of bytes",
        ),
        ("a.warc", cut, 1, "record 2: it is truncated"),
        (
            "a.csv",
            csv,
            2,
            "record 2: no text in it: \"text\" is empty",
        ),
        ("a.rss", feed, 1, "record 2: it is cut short"),
        (
            "a.rss",
            "<html><p>x</html>".to_owned(),
            0,
            "not a feed: its root element is html",
        ),
    ] {
        let (records, diagnostics) = pipe(name, text.as_bytes(), &Options::default());
        let all: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
        assert_eq!(records.len(), loaded, "{name}: {all:?}");
        assert!(all.iter().any(|it| it.contains(told)), "{told}: {all:?}");
    }
    let whole = std::fs::read(fixtures().join("articles.jsonl.gz")).unwrap();
    let (records, diagnostics) = pipe(
        "a.jsonl.gz",
        &whole[..whole.len() - 900],
        &Options::default(),
    );
    assert!(!records.is_empty() && records.len() < 5);
    assert!(
        diagnostics
            .last()
            .unwrap()
            .message
            .contains("truncated gzip data")
    );
    let mut padded = whole.clone();
    padded.extend([0; 1000]);
    assert_eq!(pipe("a.jsonl.gz", &padded, &Options::default()).1, []);
    padded.extend(b"junk");
    let (records, diagnostics) = pipe("a.jsonl.gz", &padded, &Options::default());
    assert_eq!((records.len(), diagnostics.len()), (5, 1));
}

#[test]
fn limits_hold_and_each_is_a_setting() {
    let tight = |limits: Limits| Options {
        limits,
        ..Options::default()
    };
    let all = Limits::default();
    let zst = std::fs::read(fixtures().join("articles.jsonl.zst")).unwrap();
    let says = |name: &str, bytes: &[u8], limits: Limits| {
        let (_, diagnostics) = pipe(name, bytes, &tight(limits));
        diagnostics
            .last()
            .map(|it| it.message.clone())
            .unwrap_or_default()
    };
    let said = says(
        "a.jsonl.zst",
        &zst,
        Limits {
            file_bytes: 5000,
            ..all
        },
    );
    assert!(said.contains("max-file-mb"), "{said}");
    let said = says(
        "a.jsonl",
        br#"{"text":"T.","a":[[[1]]]}"#,
        Limits { nesting: 3, ..all },
    );
    assert!(said.contains("max-nesting"), "{said}");
    let said = says("a.rss", b"<rss><a><b><c>", Limits { nesting: 3, ..all });
    assert!(said.contains("max-nesting"), "{said}");
    let open = format!("title,text\na,One.\nb,\"{}", "x".repeat(200_000));
    let said = says(
        "a.csv",
        open.as_bytes(),
        Limits {
            record_bytes: 100_000,
            ..all
        },
    );
    assert!(
        said.contains("max-record-mb") && said.contains("quote"),
        "{said}"
    );
    let comment = format!("<rss><!--{}", "x".repeat(300_000));
    let said = says(
        "a.rss",
        comment.as_bytes(),
        Limits {
            record_bytes: 100_000,
            ..all
        },
    );
    assert!(said.contains("max-record-mb"), "{said}");
    let bomb = zstd::encode_all(&*vec![b' '; 70 << 20], 1).unwrap();
    let said = says(
        "a.txt.zst",
        &bomb,
        Limits {
            record_bytes: 1 << 30,
            ratio: 100,
            ..all
        },
    );
    assert!(said.contains("max-ratio"), "{said}");
    let twice = zstd::encode_all(&*zst, 1).unwrap();
    let said = says("a.jsonl.zst", &twice, all);
    assert!(said.contains("compressed twice"), "{said}");
}

#[test]
fn a_query_can_ask_for_every_format() {
    let formats: Vec<&str> = recto::formats::Format::ALL
        .iter()
        .map(|format| format.name())
        .collect();
    assert_eq!(recto::query::fields::FORMATS, formats);
}
