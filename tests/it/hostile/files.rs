//! The table: one hostile file a line or two, with what comes of it.

use std::io::Write;

use super::{Case, case};

/// What loads says this, so that it can be looked for.
const SOUND: &str = "The lamp was lit at dusk and burned until the boats were in.";

fn record(id: &str) -> String {
    format!(r#"{{"id":"{id}","title":"Title {id}","text":"{SOUND}"}}"#)
}

/// Three lines, the second of them hostile.
fn lines(second: &str) -> String {
    format!("{}\n{second}\n{}\n", record("a"), record("c"))
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(bytes).expect("memory");
    out.finish().expect("memory")
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).expect("memory")
}

fn page(inside: &str) -> String {
    format!(
        "<!doctype html><html><head><title>A page</title></head><body><article><h1>A page</h1><p>{SOUND}</p>{inside}\
         <p>Nobody had asked him to keep a log, and yet he kept one for forty years, in a round hand.</p></article></body></html>"
    )
}

fn feed(before: &str, entry: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>{before}<rss version=\"2.0\"><channel><title>F</title>\
         <item><guid>a</guid><title>One</title><description>{SOUND}</description></item>{entry}</channel></rss>"
    )
}

fn warc(length: &str, body: &str) -> String {
    let length = match length {
        "" => body.len().to_string(),
        other => other.to_owned(),
    };
    format!(
        "WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Record-ID: <urn:uuid:{}>\r\nWARC-Date: 2020-04-01T00:00:00Z\r\n\
         WARC-Target-URI: https://x.example/{}\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\n\r\n{body}\r\n\r\n",
        body.len(),
        body.len()
    )
}

/// A book: its description's manifest and spine, and its chapters.
fn epub(manifest: &str, spine: &str, members: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let container =
        "<container><rootfiles><rootfile full-path=\"o/p.opf\"/></rootfiles></container>";
    let package = format!(
        "<package><metadata><title>Book</title></metadata><manifest>{manifest}</manifest><spine>{spine}</spine></package>"
    );
    let own = [
        ("mimetype", "application/epub+zip"),
        ("META-INF/container.xml", container),
        ("o/p.opf", &*package),
    ];
    for (name, text) in own.iter().chain(members) {
        zip.start_file(*name, options).expect("memory");
        zip.write_all(text.as_bytes()).expect("memory");
    }
    zip.finish().expect("memory").into_inner()
}

const ITEM: &str = r#"<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/>"#;
const REF: &str = r#"<itemref idref="a"/>"#;

fn chapter() -> String {
    format!("<html><head><title>C</title></head><body><h1>Chapter</h1><p>{SOUND}</p></body></html>")
}

/// A file of the examples, which we made, with some of its bytes changed.
fn parquet(change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/examples/hub/data/train-00001-of-00002.parquet"
    );
    let mut bytes = std::fs::read(path).expect("an example");
    change(&mut bytes);
    bytes
}

pub fn cases() -> Vec<Case> {
    let mut all = texts();
    all.extend(records());
    all.extend(compressed());
    all.extend(pages());
    all.extend(archives());
    all.extend(columns());
    all
}

#[rustfmt::skip] // A table to read.
fn texts() -> Vec<Case> {
    let with = |text: &str| format!("{SOUND}\n\n{text}\n");
    let is_shown = ("-", "The lamp was lit at dusk");
    vec![
        case("escape.txt", with("A \x1b[2J\x1b]0;title\x07 line"), 1, &[], ("-", "␛[2J␛]0;title␇ line")),
        case("c1.txt", with("A \u{9b}31m line"), 1, &[], ("-", "A \u{fffd}31m line")),
        case("bidi.txt", with("evil\u{202e}txt.exe"), 1, &[], ("-", "eviltxt.exe")),
        case("invisible.txt", with("pass\u{200b}word \u{e0041}\u{e0042}"), 1, &[], ("-", "password")),
        case("marks.txt", with(&format!("e{}nd", "\u{301}".repeat(500))), 1, &[], is_shown),
        case("nul.txt", with("a\0b\0c\0d\0e\0f\0g"), 0, &["not a text file (looks like binary data)"], None),
        case("latin.txt", b"The lamp was lit at dusk in caf\xe9 Zo\xeb.\n".as_slice(), 1,
            &["not UTF-8: read as windows-1252"], ("-", "dusk in café Zoë.")),
        case("cut.txt", b"The lamp was lit at dusk. \xe6\x97\xa5\xe6\x9c".as_slice(), 1, &["1 place could not be decoded as UTF-8"], is_shown),
        case("utf16.txt", with("x") .encode_utf16() .flat_map(u16::to_le_bytes) .collect::<Vec<_>>(), 1, &[], is_shown),
        case("utf32.txt", SOUND .chars() .flat_map(|c| u32::from(c).to_le_bytes()) .collect::<Vec<_>>(), 0,
            &["not a text file (looks like binary data)"], None),
        case("empty.txt", "", 0, &["empty file"], None),
        case("blank.txt", " \n\n \t\n", 0, &["no text in it"], None),
        case("unseen.txt", "\u{200b}\u{2060}\u{feff}\u{ad}\n", 1, &["nothing in it is shown"], None),
        case("program.txt", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".as_slice(), 0, &["not a text file (looks like ELF program)"], None),
        case("line.txt", format!("{SOUND} {}", "long ".repeat(200_000)), 1, &[], is_shown),
        case("large.txt", "x".repeat(33 << 20), 0, &["too large: more than 32 MB"], None),
        case("quotes.md", format!("{SOUND}\n\n{}x", "> ".repeat(20_000)), 1, &[], is_shown),
        case("lists.md", format!("{SOUND}\n\n{}x", "- ".repeat(5_000)), 1, &[], is_shown),
        case("brackets.md", format!("{SOUND}\n\n{}", "[".repeat(50_000)), 1, &[], is_shown),
        case("stars.md", format!("{SOUND}\n\n{}", "*a **a ".repeat(9_000)), 1, &[], is_shown),
        case("ticks.md", format!("{SOUND}\n\n{}", (1..400).map(|n| "`".repeat(n) + " ").collect::<String>()), 1, &[], is_shown),
        case("link.md", with("[click](javascript:alert(1)) ![x](file:///etc/passwd)"), 1, &[], ("-", "click")),
        case("front.md", format!("---\ntitle: [unclosed\n---\n\n{SOUND}\n"), 1, &[], is_shown),
    ]
}

#[rustfmt::skip] // A table to read.
fn records() -> Vec<Case> {
    let sound = ("a", SOUND);
    let deep = |open: &str, close: &str| {
        let nested = format!("{}1{}", open.repeat(600), close.repeat(600));
        lines(&format!(r#"{{"id":"b","text":"x y z","deep":{nested}}}"#))
    };
    vec![
        case("bad.jsonl", lines(r#"{"id":"b","text":"#), 2, &["record 2: not valid JSON"], ("c", SOUND)),
        case("first.jsonl", format!("nonsense\n{}", record("a")), 1, &["record 1: not valid JSON"], sound),
        case("last.jsonl", format!("{}\n{{\"id\":\"b\",\"te", record("a")), 1, &["record 2: not valid JSON"], sound),
        case("all-bad.jsonl", "nonsense\nmore of it\n", 0, &["record 1: not valid JSON", "record 2: not valid JSON"], None),
        case("empty.jsonl", "\n\n", 0, &["no records in it"], None),
        case("scalars.jsonl", "1\n\"a\"\n[]\nnull\n", 0, &["record 1: not an object but a number", "record 2: not an object but a string",
            "record 3: not an object but an array", "record 4: not an object but"], None),
        case("two.jsonl", lines(&format!("{} {}", record("b"), record("d"))), 2, &["record 2: not valid JSON"], sound),
        case("twice.jsonl", r#"{"id":"a","text":"The first text.","text":"The last text counts."}"#, 1, &[], ("a", "The last text counts.")),
        case("same-id.jsonl", format!("{}\n{}\n", record("a"), r#"{"id":"a","text":"Another text."}"#), 2, &[], None),
        case("no-text.jsonl", lines(r#"{"id":"b","title":"T"}"#), 2, &["record 2: no text in it"], sound),
        case("null.jsonl", lines(r#"{"id":"b","text":null}"#), 2, &["record 2: no text in it"], sound),
        case("number.jsonl", lines(r#"{"id":"b","text":12}"#), 2, &["record 2: \"text\" is a number, not text"], sound),
        case("array.jsonl", lines(r#"{"id":"b","text":["a"]}"#), 2, &["record 2: \"text\" is an array, not text"], sound),
        case("object.jsonl", lines(r#"{"id":"b","text":{"a":1}}"#), 2, &["record 2: \"text\" is an object, not text"], sound),
        case("deep.jsonl", deep("[", "]"), 2, &["record 2: nested deeper than 512, the limit (setting max-nesting)"], sound),
        case("deep-objects.jsonl", deep("{\"a\":", "}"), 2, &["record 2: nested deeper than 512"], sound),
        case("nan.jsonl", lines(r#"{"id":"b","text":"x y","n":NaN}"#), 2, &["record 2: not valid JSON"], sound),
        case("huge-number.jsonl", lines(r#"{"id":"b","text":"A number of 1e999.","n":1e999}"#), 3, &[], ("b", "A number of 1e999.")),
        case("surrogate.jsonl", lines(r#"{"id":"b","text":"A lone \ud800 half."}"#), 3, &[], ("b", "A lone \u{fffd} half.")),
        case("escapes.jsonl", lines(r#"{"id":"b","title":"\u001b[31m\u202e","text":"An \u001b]52;c;eA==\u0007 order."}"#), 3,
            &[], ("b", "An ␛]52;c;eA==␇ order.")),
        case("latin.jsonl", [lines("").as_bytes(), b"{\"id\":\"b\",\"text\":\"In a caf\xe9.\"}\n"] .concat(), 3,
            &["record 3: not UTF-8: read as windows-1252"], ("b", "In a café.")),
        case("html.jsonl", format!(r#"{{"id":"b","html":{}}}"#, serde_json::Value::from(page("<script>alert(1)</script>"))), 1,
            &[], ("b", "The lamp was lit at dusk")),
        case("deep-html.jsonl", lines(&format!(r#"{{"id":"b","html":"<html><body>{}x</body></html>"}}"#, "<div>".repeat(20_000))), 2,
            &["record 2: a page nested deeper than 512 elements"], sound),
        case("list.json", format!("[{},1,{}]", record("a"), record("c")), 2, &["record 2: not an object"], ("c", SOUND)),
        case("cut.json", format!("[{},{{\"id\":\"b\"", record("a")), 1, &["record 2: not valid JSON", "record 3: the array is never closed"], sound),
        case("deep.json", format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000)), 0, &["record 1: not an object but an array"], None),
        case("ragged.csv", format!("id,text\na,\"{SOUND}\"\nb\nc,\"{SOUND}\",more,cells\n"), 2,
            &["record 2: no text in it", "record 3: 2 cells more than there are columns"], sound),
        case("open.csv", format!("id,text\na,\"{SOUND}\"\nb,\"never closed\nand on\n"), 2, &[], sound),
        case("formula.csv", format!("id,text\na,\"=HYPERLINK(1) {SOUND}\"\n"), 1, &[], ("a", "=HYPERLINK(1)")),
    ]
}

#[rustfmt::skip] // A table to read.
fn compressed() -> Vec<Case> {
    let sound = ("a", SOUND);
    let plain = lines("").into_bytes();
    let packed = gzip(&plain);
    let cut = |bytes: &[u8], off: usize| bytes[..bytes.len() - off].to_vec();
    let change = |bytes: &[u8], from_end: usize| {
        let mut bytes = bytes.to_vec();
        let at = bytes.len() - from_end;
        bytes[at] ^= 0xff;
        bytes
    };
    vec![
        case("members.jsonl.gz", [gzip(format!("{}\n", record("a")).as_bytes()), gzip(record("c").as_bytes())] .concat(), 2, &[], ("c", SOUND)),
        case("cut.jsonl.gz", cut(&packed, 9), 2, &["cannot be read: truncated gzip data"], sound),
        case("checksum.jsonl.gz", change(&packed, 6), 2, &["cannot be read: corrupt gzip data"], sound),
        case("length.jsonl.gz", change(&packed, 2), 2, &["cannot be read: corrupt gzip data"], sound),
        case("behind.jsonl.gz", [&*packed, b"garbage"].concat(), 2, &["bytes behind the end of the gzip data are not read"], sound),
        case("zeros.jsonl.gz", [&*packed, &[0; 512]].concat(), 2, &[], sound),
        case("plain.jsonl.gz", plain.clone(), 2, &["not gzip data, whatever its name says"], sound),
        case("other.gz", zstd(&plain), 2, &[], sound),
        case("hidden.jsonl", packed.clone(), 2, &[], sound),
        case("double.jsonl.gz", gzip(&packed), 0, &["cannot be read: compressed twice (gzip in gzip)"], None),
        case("empty.jsonl.gz", gzip(b""), 0, &["cannot be read: empty: gzip of nothing"], None),
        case("bomb.txt.gz", gzip(&vec![b'a'; 80 << 20]), 0, &["too large: more than 32 MB"], None),
        case("bomb.jsonl.zst", zstd(&[format!("{}\n", record("a")).into_bytes(), vec![b'a'; 200 << 20]] .concat()), 1,
            &["cannot be read: a decompression bomb: it exceeds 1000 times its size"], sound),
        case("cut.jsonl.zst", cut(&zstd(&plain), 5), 0, &["cannot be read: truncated zstd data"], None),
        case("magic.zst", [b"\x28\xb5\x2f\xfc".as_slice(), &zstd(&plain)[4..]].concat(), 0, &["invalid zstd data: unknown magic number"], None),
        case("window.zst", b"\x28\xb5\x2f\xfd\x00\xf8\x01\x00\x00".as_slice(), 0,
            &["cannot be read: the zstd data want a window of more than 128 MB"], None),
    ]
}

#[rustfmt::skip] // A table to read.
fn pages() -> Vec<Case> {
    let is_shown = ("-", "The lamp was lit at dusk");
    let too_deep = &[
        "a page nested deeper than 512 elements, with thousands of attributes or with hundreds of elements left open",
    ];
    vec![
        case("script.html", page("<script>document.write('\u{1b}[2J')</script><style>p{}</style>"), 1, &[], is_shown),
        case("deep.html", page(&"<div>".repeat(20_000)), 0, too_deep, None),
        case("lists.html", page(&"<ul><li>".repeat(8_000)), 0, too_deep, None),
        case("adoption.html", page(&"<b><i><a>".repeat(9_000)), 0, too_deep, None),
        case("attributes.html", page(&format!("<p {}>x</p>", (0..50_000).map(|n| format!("a{n} ")).collect::<String>())), 0, too_deep, None),
        case("open.html", page(&format!("<p>{}{}", (0..400).map(|n| format!("<b id=a{n}>")).collect::<String>(), "x<p>x".repeat(50_000))),
            0, too_deep, None),
        case("less.html", page(&"<".repeat(200_000)), 1, &[], is_shown),
        case("comment.html", page("<!-- never closed"), 1, &[], is_shown),
        case("entities.html", page("<p>It reads &#27;[31m &#x202e;abc &#55555555; &nope; and goes on like this for a while.</p>"), 1, &[], is_shown),
        case("frames.html", "<html><frameset><frame src=\"file:///etc/passwd\"></frameset></html>", 1, &["nothing in it is shown"], None),
        case("laughs.rss", feed("<!DOCTYPE x [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;\">]>",
            "<item><title>&b;</title><description>&b; x</description></item>"), 2, &[], ("a", SOUND)),
        case("outside.rss", feed("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/hostname\">]>",
            "<item><guid>b</guid><description>It says &e; and no more.</description></item>"), 2, &[], ("b", "It says &e; and no more.")),
        case("deep.rss", feed("", &"<item>".repeat(2_000)), 1, &["record 2: nested deeper than 512, the limit (setting max-nesting); the rest is not read"], ("a", SOUND)),
        case("cut.rss", &feed("", "<item><guid>b</guid><title>Two</title><description>Cut off")[..220], 1, &["record 2: "], ("a", SOUND)),
        case("wrong.rss", "<html><body>no feed</body></html>", 0, &["not a feed"], None),
        case("empty.rss", "", 0, &["empty file"], None),
    ]
}

#[rustfmt::skip] // A table to read.
fn archives() -> Vec<Case> {
    let shows = ("<urn:uuid:60>", SOUND);
    let around = |middle: String| {
        [
            warc("", SOUND),
            middle,
            warc("", "The third record says so."),
        ]
        .concat()
    };
    let third = ("<urn:uuid:25>", "The third record says so.");
    let wrong_length: &[&str] = &["record 2: its Content-Length is not a number of bytes", "record 3: there is something in front of it"];
    vec![
        case("about.warc", warc("", "software: x").replace("conversion", "warcinfo"), 0,
            &["records that hold no article were passed over: 1 warcinfo"], None),
        case("negative.warc", around(warc("-1", "x")), 2, wrong_length, third),
        case("huge.warc", around(warc("99999999999999999999", "x")), 2, wrong_length, third),
        case("words.warc", around(warc("twelve", "x")), 2, wrong_length, third),
        case("over.warc", around(warc("5000000", "x")), 1, &["record 2: "], shows),
        case("short.warc", around(warc("3", "some text that is longer")), 3, &["record 3: there is something in front of it that is no record"], third),
        case("between.warc", around("garbage between two records\r\n".into()), 2, &["record 2: "], third),
        case("cut.warc", around(warc("", "x y z"))[..600].to_owned(), 2, &["record 3: its headers are truncated"], shows),
        case("members.warc.gz", [gzip(warc("", SOUND).as_bytes()), gzip(warc("", "The third record says so.").as_bytes())] .concat(), 2, &[], third),
        case("sound.epub", epub(ITEM, REF, &[("o/a.xhtml", &chapter())]), 1, &[], ("-", SOUND)),
        case("outside.epub", epub(r#"<item id="a" href="../../../etc/passwd" media-type="application/xhtml+xml"/>"#, REF, &[]), 0,
            &["damaged EPUB: its package document lists no chapters"], None),
        case("slip.epub", epub(ITEM, REF, &[("o/a.xhtml", &chapter()), ("../../../tmp/slip.txt", "x")]), 1, &[], ("-", SOUND)),
        case("loop.epub", epub(ITEM, &REF.repeat(1_000), &[("o/a.xhtml", &chapter())]), 1, &[], ("-", SOUND)),
        case("deep.epub", epub(ITEM, REF, &[("o/a.xhtml", &page(&"<div>".repeat(20_000)))]), 0,
            &["record 1: a page nested deeper than 512"], None),
        case("bomb.epub", epub(ITEM, REF, &[("o/a.xhtml", &"a".repeat(40 << 20))]), 0,
            &["record 1: its file o/a.xhtml is too large: more than 32 MB", "no text in it"], None),
        case("missing.epub", epub(ITEM, REF, &[]), 0, &["record 1: its file o/a.xhtml is not in the archive", "no text in it"], None),
        case("cut.epub", epub(ITEM, REF, &[("o/a.xhtml", &chapter())])[..200].to_vec(), 0, &["not an EPUB: "], None),
        case("wrong.epub", "no archive at all", 0, &["not an EPUB: "], None),
    ]
}

#[rustfmt::skip] // A table to read.
fn columns() -> Vec<Case> {
    vec![
        case("sound.parquet", parquet(|_| ()), 3, &[], ("fc8d0859", "The library of the agricultural school lends seeds.")),
        case("magic.parquet", "PAR1", 0, &["corrupt Parquet"], None),
        case("twice.parquet", "PAR1PAR1", 0, &["corrupt Parquet"], None),
        case("wrong.parquet", "no Parquet at all", 0, &["not Parquet, or truncated"], None),
        case("cut.parquet", parquet(|it| it.truncate(it.len() - 9)), 0, &["not Parquet, or truncated"], None),
        case("footer.parquet", parquet(|it| { let end = it.len(); it[end - 8..end - 4].fill(0xff); }), 0, &["corrupt Parquet: the length of its footer is wrong"], None),
        case("metadata.parquet", parquet(|it| { let end = it.len(); it[end - 400..end - 380].fill(0xff); }), 0, &["corrupt Parquet footer"], None),
        case("page.parquet", parquet(|it| it[4..40].fill(0xff)), 0, &["record 1: corrupt Parquet"], None),
    ]
}
