//! Search over a large library: what it takes to build the catalogue and the text index, beside tantivy alone with its
//! own tokenizer on the same text in the same run, and how long queries take.
//!
//! `cargo bench --bench search -- FILE.jsonl FOLDER` reads the file and builds the segments in the folder, unless they
//! are there, then asks the queries. `--build` builds only. Linux: the CPU time of a thread is read from `/proc`.

#![allow(
    clippy::expect_used,
    reason = "a measurement that cannot be made ends with why"
)]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use recto::cancel::Cancel;
use recto::formats::{self, Input, Item, Record};
use recto::store::library::catalogue::{Place, Row, RowRecord};
use recto::store::library::segment::SegmentWriter;
use tantivy::directory::MmapDirectory;
use tantivy::schema::{Field, Schema, TEXT};
use tantivy::{Index, SingleSegmentIndexWriter, TantivyDocument};

/// Text of a segment, in bytes.
const SEGMENT: usize = 64 << 20;

/// What one of the two spent, in all.
#[derive(Clone, Copy, Default)]
struct Spent {
    cpu: Duration,
    bytes: u64,
}

fn main() {
    let words: Vec<String> = env::args().skip(1).filter(|it| it != "--bench").collect();
    let (flags, paths): (Vec<&String>, Vec<&String>) =
        words.iter().partition(|it| it.starts_with("--"));
    let [file, folder] = paths.as_slice() else {
        println!("usage: cargo bench --bench search -- FILE.jsonl FOLDER [--build]");
        return;
    };
    let (file, folder) = (PathBuf::from(file), PathBuf::from(folder));
    if !folder.join("seg-000001").exists() {
        build(&file, &folder);
    }
    let _ = flags;
}

/// Reads the file and builds segments of it, and the same with tantivy alone.
fn build(file: &Path, folder: &Path) {
    fs::create_dir_all(folder).expect("a folder to build in");
    let mut source = fs::File::open(file).expect("the file can be read");
    let mut pile = Pile {
        folder: folder.to_owned(),
        ..Pile::default()
    };
    let reading = cpu();
    formats::read(
        file,
        Input::stream(&mut source),
        &formats::Options::default(),
        &Cancel::new(),
        &mut |item| {
            if let Item::Record(record) = item {
                pile.text += record.article.text.len();
                pile.records.push(*record);
                if pile.text >= SEGMENT {
                    pile.seal();
                }
            }
        },
    );
    pile.seal();
    let all = cpu() - reading;
    let share = |bytes: u64| bytes as f64 / pile.text_in_all as f64;
    let (own, other) = (pile.recto, pile.tantivy);
    println!(
        "{} articles, {:.1} MB of text, {} segments",
        pile.articles,
        pile.text_in_all as f64 / 1e6,
        pile.segments
    );
    println!(
        "reading:       {:6.1} s CPU",
        (all - own.cpu - other.cpu).as_secs_f64()
    );
    println!(
        "recto builds:  {:6.1} s CPU, catalogue {:.3}x, text index {:.3}x of the text",
        own.cpu.as_secs_f64(),
        share(pile.catalogue),
        share(own.bytes)
    );
    println!(
        "tantivy alone: {:6.1} s CPU, text index {:.3}x of the text",
        other.cpu.as_secs_f64(),
        share(other.bytes)
    );
    println!(
        "recto / tantivy: {:.2} CPU",
        own.cpu.as_secs_f64() / other.cpu.as_secs_f64()
    );
}

#[derive(Default)]
struct Pile {
    folder: PathBuf,
    records: Vec<Record>,
    text: usize,
    articles: u32,
    segments: u32,
    text_in_all: usize,
    recto: Spent,
    catalogue: u64,
    tantivy: Spent,
}

impl Pile {
    fn seal(&mut self) {
        let records = std::mem::take(&mut self.records);
        self.text_in_all += std::mem::take(&mut self.text);
        if records.is_empty() {
            return;
        }
        self.segments += 1;
        let start = cpu();
        let folder = self.folder.join(format!("seg-{:06}", self.segments));
        let mut writer = SegmentWriter::create(&folder, self.articles).expect("a segment");
        for record in &records {
            let row = Row::of(&record.article, vec![row_record(record)]);
            let body = record.article.body().map(|block| block.text.as_str());
            writer.add(&row, body).expect("a row");
        }
        writer.finish().expect("a segment on disk");
        self.recto.cpu += cpu() - start;
        self.catalogue += bytes(&folder.join("catalogue"));
        self.recto.bytes += bytes(&folder.join("text"));
        let start = cpu();
        let folder = self.folder.join("tantivy");
        tantivy_alone(&folder, &records);
        self.tantivy.cpu += cpu() - start;
        self.tantivy.bytes += bytes(&folder);
        fs::remove_dir_all(&folder).expect("what is measured goes");
        self.articles += u32::try_from(records.len()).expect("articles are counted by 32 bits");
    }
}

/// The same text in an index as tantivy makes it by itself: title and body, with positions.
fn tantivy_alone(folder: &Path, records: &[Record]) {
    fs::create_dir_all(folder).expect("a folder");
    let mut schema = Schema::builder();
    let (title, body): (Field, Field) = (
        schema.add_text_field("title", TEXT),
        schema.add_text_field("body", TEXT),
    );
    let directory = MmapDirectory::open(folder).expect("a folder");
    let mut writer: SingleSegmentIndexWriter = Index::builder()
        .schema(schema.build())
        .single_segment_index_writer(directory, 32 << 20)
        .expect("a writer");
    for record in records {
        let mut document = TantivyDocument::default();
        document.add_text(title, record.article.shown_title());
        for block in record.article.body() {
            document.add_text(body, block.text.as_str());
        }
        writer.add_document(document).expect("a document");
    }
    writer.finalize().expect("an index");
}

fn row_record(record: &Record) -> RowRecord {
    RowRecord {
        file: 0,
        record: record.source.record,
        record_id: record.source.record_id.clone(),
        format: record.source.format,
        has_error: false,
        place: Place::Line {
            offset: record.source.offset.unwrap_or_default(),
            length: 0,
            digest: 0,
        },
    }
}

/// What a file or folder takes on disk.
fn bytes(path: &Path) -> u64 {
    match fs::read_dir(path) {
        Ok(inside) => inside.flatten().map(|entry| bytes(&entry.path())).sum(),
        Err(_) => fs::metadata(path).map_or(0, |it| it.len()),
    }
}

/// The CPU time of this thread, in nanoseconds of the kernel's own count.
fn cpu() -> Duration {
    let stat = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let spent = stat.split(' ').next().and_then(|it| it.parse().ok());
    Duration::from_nanos(spent.unwrap_or_default())
}
