//! How fast articles are read, format by format: `cargo bench --bench formats`.
//!
//! Each format is read by recto and, in turns with it, by the decompressor or parser alone that it stands on: what counts
//! is the ratio in one run. The articles come from a seed, so every run measures the same ones. MB are those of the
//! (decompressed) input. Words alone choose rows: `cargo bench --bench formats -- jsonl`.
//!
//! `cargo bench --bench formats -- apart` measures something else: what the process costs that parses for another one.
//!
//! A plain program and no bench framework, because the figure is a ratio between contenders.

use std::fmt::Write as _;
use std::hint::black_box;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use recto::cancel::Cancel;
use recto::formats::{Fields, Input, Item, Lines, Object, Options, read};
use recto::store::ingest;

/// Articles in each input.
const ARTICLES: usize = 8_000;

/// Turns that each contender takes; the fastest counts, since the machine may be busy.
const TURNS: usize = 5;

/// A format and who reads it.
struct Row {
    name: &'static str,
    /// The name that the input goes by.
    path: &'static str,
    bytes: Vec<u8>,
    /// Bytes after decompression.
    size: usize,
    alone: (&'static str, fn(&[u8])),
}

fn main() {
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|it| !it.starts_with('-'))
        .collect();
    if wanted.iter().any(|it| it == "apart") {
        return apart(&rows(&jsonl()));
    }
    println!(
        "{:<28} {:>9} {:>9} {:>7}   alone",
        "format", "recto", "alone", "share"
    );
    let jsonl = jsonl();
    if wanted.is_empty() || wanted.iter().any(|it| "jsonl catalogue".contains(&**it)) {
        let recto = fastest(|| catalogue(&jsonl));
        let alone = fastest(|| values(&jsonl));
        report(
            "jsonl catalogue",
            jsonl.len(),
            recto,
            alone,
            "serde_json, values skipped",
        );
    }
    for row in rows(&jsonl) {
        if !wanted.is_empty() && !wanted.iter().any(|it| row.name.contains(&**it)) {
            continue;
        }
        let recto = fastest(|| whole(row.path, &row.bytes));
        let alone = fastest(|| (row.alone.1)(&row.bytes));
        report(row.name, row.size, recto, alone, row.alone.0);
    }
}

/// Reads each input as a file, first in this process, then in one of its own.
fn apart(rows: &[Row]) {
    let Ok(folder) = tempfile::tempdir() else {
        return;
    };
    let files: Vec<PathBuf> = rows
        .iter()
        .map(|row| {
            let file = folder.path().join(row.path);
            let _ = std::fs::write(&file, &row.bytes);
            file
        })
        .collect();
    let all = |files: &[PathBuf]| -> Vec<Duration> {
        let read = |file: &PathBuf| {
            fastest(|| {
                let paths = std::slice::from_ref(file);
                let read = ingest::ingest(paths, &Options::default(), &Cancel::new());
                assert_eq!(read.records.len(), ARTICLES, "{}", file.display());
            })
        };
        files.iter().map(read).collect()
    };
    let here = all(&files);
    ingest::process::enable(PathBuf::from(env!("CARGO_BIN_EXE_recto")));
    let there = all(&files);
    println!(
        "{:<28} {:>9} {:>9} {:>7}",
        "format", "apart", "here", "share"
    );
    for ((row, here), there) in rows.iter().zip(here).zip(there) {
        report(row.name, row.size, there, here, "");
    }
}

fn report(name: &str, size: usize, recto: Duration, alone: Duration, what: &str) {
    let rate = |time: Duration| size as f64 / 1e6 / time.as_secs_f64();
    let share = alone.as_secs_f64() / recto.as_secs_f64();
    println!(
        "{name:<28} {:>9.0} {:>9.0} {:>6.0}%   {what}",
        rate(recto),
        rate(alone),
        share * 100.0
    );
}

fn fastest(mut work: impl FnMut()) -> Duration {
    let turn = |_| {
        let begin = Instant::now();
        work();
        begin.elapsed()
    };
    (0..TURNS).map(turn).min().unwrap_or_default()
}

/// What a catalogue needs: where each record stands, its id and its title.
fn catalogue(bytes: &[u8]) {
    let mut lines = Lines::new(bytes, 1 << 25);
    while let Ok(Some(line)) = lines.next_line() {
        let text = std::str::from_utf8(line.bytes.unwrap_or_default()).unwrap_or_default();
        if let Ok(object) = Object::parse(text) {
            let fields = Fields::find(&object, &[]);
            black_box((line.offset, fields.id(), fields.title()));
        }
    }
}

/// Every article, cleaned and cut into blocks.
fn whole(path: &str, bytes: &[u8]) {
    let mut input = bytes;
    let (options, cancel) = (Options::default(), Cancel::new());
    let mut articles = 0;
    read(
        Path::new(path),
        Input::stream(&mut input),
        &options,
        &cancel,
        &mut |item| {
            articles += usize::from(matches!(black_box(item), Item::Record(_)));
        },
    );
    assert_eq!(articles, ARTICLES, "{path}");
}

fn values(bytes: &[u8]) {
    let stream = serde_json::Deserializer::from_slice(bytes).into_iter::<serde::de::IgnoredAny>();
    black_box(stream.filter(Result::is_ok).count());
}

fn drain(mut reader: impl Read) {
    let mut buffer = vec![0; 1 << 16];
    while reader.read(&mut buffer).is_ok_and(|count| count > 0) {
        black_box(&buffer);
    }
}

fn frames(bytes: &[u8]) {
    if let Ok(decoder) = zstd::Decoder::new(bytes) {
        drain(decoder);
    }
}

/// The rows as the crate itself gives them.
fn parquet_rows(bytes: &[u8]) {
    let bytes = bytes::Bytes::copy_from_slice(bytes);
    if let Ok(file) = SerializedFileReader::new(bytes)
        && let Ok(rows) = file.get_row_iter(None)
    {
        rows.flatten().for_each(|row| drop(black_box(row)));
    }
}

fn columns() -> Vec<u8> {
    let schema = "message m { required binary id (UTF8); required binary title (UTF8); required binary text (UTF8); }";
    let columns: [fn(usize) -> String; 3] =
        [|at| format!("a{at}"), |at| format!("Article {at}"), text];
    let write = || -> Result<Vec<u8>, parquet::errors::ParquetError> {
        let schema = Arc::new(parse_message_type(schema)?);
        let mut file = SerializedFileWriter::new(Vec::new(), schema, Arc::default())?;
        let mut group = file.next_row_group()?;
        for column in columns {
            let values: Vec<ByteArray> = (0..ARTICLES)
                .map(|at| column(at).into_bytes().into())
                .collect();
            if let Some(mut writer) = group.next_column()? {
                writer
                    .typed::<ByteArrayType>()
                    .write_batch(&values, None, None)?;
                writer.close()?;
            }
        }
        group.close()?;
        file.into_inner()
    };
    write().unwrap_or_default()
}

fn events(bytes: &[u8]) {
    let mut xml = quick_xml::Reader::from_reader(bytes);
    let mut buffer = Vec::new();
    while let Ok(event) = xml.read_event_into(&mut buffer) {
        if matches!(black_box(event), quick_xml::events::Event::Eof) {
            break;
        }
        buffer.clear();
    }
}

fn cells(bytes: &[u8]) {
    let mut reader = csv::Reader::from_reader(bytes);
    let mut row = csv::ByteRecord::new();
    while reader.read_byte_record(&mut row).is_ok_and(|more| more) {
        black_box(&row);
    }
}

fn pages(bytes: &[u8]) {
    for page in bytes.split(|byte| *byte == 0) {
        black_box(dom_query::Document::from(
            String::from_utf8_lossy(page).as_ref(),
        ));
    }
}

fn members(bytes: &[u8]) {
    let Ok(mut archive) = zip::ZipArchive::new(std::io::Cursor::new(bytes)) else {
        return;
    };
    for at in 0..archive.len() {
        if let Ok(member) = archive.by_index(at) {
            drain(member);
        }
    }
}

fn rows(jsonl: &[u8]) -> Vec<Row> {
    let gz = {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder
            .write_all(jsonl)
            .and_then(|()| encoder.finish())
            .unwrap_or_default()
    };
    let bz2 = {
        let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::default());
        encoder
            .write_all(jsonl)
            .and_then(|()| encoder.finish())
            .unwrap_or_default()
    };
    let zst = zstd::encode_all(jsonl, 3).unwrap_or_default();
    let row = |name, path, bytes: Vec<u8>, size, alone| Row {
        name,
        path,
        bytes,
        size,
        alone,
    };
    let own = |name, path, bytes: Vec<u8>, alone| {
        let size = bytes.len();
        row(name, path, bytes, size, alone)
    };
    vec![
        own(
            "jsonl",
            "a.jsonl",
            jsonl.to_vec(),
            ("serde_json, values skipped", values),
        ),
        row(
            "jsonl.gz",
            "a.jsonl.gz",
            gz,
            jsonl.len(),
            ("flate2 (zlib-rs)", |it| {
                drain(flate2::read::GzDecoder::new(it));
            }),
        ),
        row(
            "jsonl.zst",
            "a.jsonl.zst",
            zst,
            jsonl.len(),
            ("zstd", frames),
        ),
        row(
            "jsonl.bz2",
            "a.jsonl.bz2",
            bz2,
            jsonl.len(),
            ("bzip2 (libbz2-rs)", |it| {
                drain(bzip2::read::BzDecoder::new(it));
            }),
        ),
        own("csv", "a.csv", table(), ("csv", cells)),
        own(
            "parquet",
            "a.parquet",
            columns(),
            ("parquet, its own rows", parquet_rows),
        ),
        own("feed", "a.rss", feed(), ("quick-xml events", events)),
        own(
            "warc, text (wet)",
            "a.wet",
            archive("conversion", "text/plain", text),
            ("a copy", |it| drain(it)),
        ),
        own(
            "warc, pages",
            "a.warc",
            archive("resource", "text/html", page),
            ("dom_query, the tree alone", pages),
        ),
        {
            let size = (0..ARTICLES).map(|at| page(at).len()).sum();
            row("epub", "a.epub", book(), size, ("zip and zlib-rs", members))
        },
    ]
}

/// A number that looks random, the same in every run.
fn number(seed: usize) -> usize {
    let mut it = seed as u64;
    it = (it ^ (it >> 31)).wrapping_mul(0x7fb5_d329_728e_a185);
    it = (it ^ (it >> 27)).wrapping_mul(0x81da_def4_bc2d_d44d);
    usize::try_from((it ^ (it >> 33)) & 0xffff_ffff).unwrap_or_default()
}

const WORDS: [&str; 24] = [
    "the",
    "harbour",
    "of",
    "ferry",
    "said",
    "Tuesday,",
    "that",
    "boats",
    "moved",
    "inland",
    "and",
    "storm",
    "über",
    "Brücke",
    "снег",
    "поезда",
    "council",
    "in",
    "voted",
    "budget",
    "a",
    "to",
    "“quiet”",
    "night",
];

fn paragraphs(article: usize) -> Vec<String> {
    let paragraph = |at: usize| {
        let words =
            (0..70).map(|word| WORDS[number(article * 1009 + at * 71 + word) % WORDS.len()]);
        words.collect::<Vec<_>>().join(" ") + "."
    };
    (0..6).map(paragraph).collect()
}

fn text(article: usize) -> String {
    paragraphs(article).join("\n\n")
}

fn page(article: usize) -> String {
    let body: String = paragraphs(article)
        .iter()
        .map(|it| format!("<p>{it}</p>\n"))
        .collect();
    format!(
        "<!DOCTYPE html><html><head><title>Article {article}</title></head><body><article><h1>Article {article}</h1>\n{body}</article></body></html>"
    )
}

fn jsonl() -> Vec<u8> {
    let mut lines = String::new();
    for at in 0..ARTICLES {
        let record = serde_json::json!({"id": format!("a{at}"), "url": format!("https://e.org/{at}"),
            "title": format!("Article {at}"), "date": "2024-03-05", "text": text(at), "score": 0.25});
        let _ = writeln!(lines, "{record}");
    }
    lines.into_bytes()
}

fn table() -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut write = |row: [&str; 3]| writer.write_record(row).is_ok();
    write(["id", "title", "text"]);
    for at in 0..ARTICLES {
        write([&format!("a{at}"), &format!("Article {at}"), &text(at)]);
    }
    writer.into_inner().unwrap_or_default()
}

fn feed() -> Vec<u8> {
    let mut feed = "<?xml version='1.0'?><rss version='2.0'><channel><title>F</title>".to_owned();
    for at in 0..ARTICLES {
        let body: String = paragraphs(at)
            .iter()
            .map(|it| format!("&lt;p&gt;{it}&lt;/p&gt;"))
            .collect();
        let _ = write!(
            feed,
            "<item><title>Article {at}</title><link>https://e.org/{at}</link><description>{body}</description></item>"
        );
    }
    feed.push_str("</channel></rss>");
    feed.into_bytes()
}

fn archive(kind: &str, content: &str, body: fn(usize) -> String) -> Vec<u8> {
    let mut archive = String::new();
    for at in 0..ARTICLES {
        let body = body(at);
        let _ = write!(
            archive,
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://e.org/{at}\r\nContent-Type: {content}\r\nContent-Length: {}\r\n\r\n{body}\r\n\r\n",
            body.len()
        );
    }
    archive.into_bytes()
}

fn book() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let mut put = |name: &str, text: &str| {
        zip.start_file(name, options).is_ok() && zip.write_all(text.as_bytes()).is_ok()
    };
    put("mimetype", "application/epub+zip");
    put(
        "META-INF/container.xml",
        "<container><rootfiles><rootfile full-path='p.opf'/></rootfiles></container>",
    );
    let (mut items, mut spine) = (String::new(), String::new());
    for at in 0..ARTICLES {
        let _ = write!(
            items,
            "<item id='c{at}' href='c{at}.xhtml' media-type='application/xhtml+xml'/>"
        );
        let _ = write!(spine, "<itemref idref='c{at}'/>");
        put(&format!("c{at}.xhtml"), &page(at));
    }
    put(
        "p.opf",
        &format!("<package><manifest>{items}</manifest><spine>{spine}</spine></package>"),
    );
    zip.finish()
        .map(std::io::Cursor::into_inner)
        .unwrap_or_default()
}
