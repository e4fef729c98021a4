//! Search over a large library: what it takes to build the catalogue and the text index, beside tantivy alone with its
//! own tokenizer on the same text in the same run, and how long queries take.
//!
//! `cargo bench --bench search -- FILE.jsonl FOLDER` reads the file and builds the segments in the folder, unless they
//! are there, then asks the queries. `--build` builds only. Linux: the CPU time of a thread is read from `/proc`.

#![allow(
    clippy::expect_used,
    reason = "a measurement that cannot be made ends with why"
)]

use std::collections::HashMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use recto::cancel::Cancel;
use recto::formats::{self, Input, Item, Record};
use recto::model::{Article, ArticleId, Date, Decision};
use recto::query;
use recto::store::library::catalogue::{Place, Row, RowRecord};
use recto::store::library::search::{Decided, Records, Searcher, Snapshot, Standings, Tail, Texts};
use recto::store::library::segment::{Segment, SegmentWriter};
use recto::store::types::{By, Find};
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
    if !flags.iter().any(|it| *it == "--build") {
        ask(&file, &folder);
    }
}

/// No record came later.
#[derive(Default)]
struct NoneLater(roaring::RoaringBitmap);

impl Records for NoneLater {
    fn later(&self, _: u32) -> Vec<&RowRecord> {
        Vec::new()
    }

    fn all_later(&self) -> Box<dyn Iterator<Item = (u32, &RowRecord)> + '_> {
        Box::new(std::iter::empty())
    }

    fn is_gone(&self, _: u32) -> bool {
        false
    }

    fn frayed(&self) -> &roaring::RoaringBitmap {
        &self.0
    }
}

/// How many queries of each kind are asked.
const ASKED: usize = 200;

/// Groups of three consecutive articles.
struct Threes(Vec<u32>);

impl Standings for Threes {
    fn group(&self, article: u32) -> u32 {
        article / 3
    }

    fn members(&self, group: u32) -> &[u32] {
        let start = group as usize * 3;
        &self.0[start..self.0.len().min(start + 3)]
    }

    fn name(&self, group: u32) -> ArticleId {
        ArticleId::from_bytes(u128::from(group).to_be_bytes())
    }

    fn similarity(&self, article: u32) -> Option<f64> {
        Some(f64::from(article % 100) / 100.0)
    }

    fn boilerplate(&self, article: u32) -> f64 {
        f64::from(article % 7) / 10.0
    }
}

/// Reads articles again from the lines where they stood.
struct Lines {
    file: fs::File,
    path: PathBuf,
    segments: Vec<Arc<Segment>>,
}

impl Texts for Lines {
    fn article(&self, number: u32) -> Option<Arc<Article>> {
        let at = self.segments.partition_point(|it| it.first() <= number);
        let segment = self.segments.get(at.checked_sub(1)?)?;
        let row = segment.catalogue.row(number - segment.first()).ok()?;
        let Place::Line { offset, .. } = row.records.first()?.place else {
            return None;
        };
        let mut bytes = vec![0; 1 << 14];
        let mut line = Vec::new();
        while !line.contains(&b'\n') {
            let at = offset + line.len() as u64;
            let count = std::os::unix::fs::FileExt::read_at(&self.file, &mut bytes, at).ok()?;
            line.extend_from_slice(&bytes[..count]);
            if count == 0 {
                break;
            }
        }
        let end = line
            .iter()
            .position(|it| *it == b'\n')
            .unwrap_or(line.len());
        let mut found = None;
        let options = formats::Options::default();
        let mut line = &line[..end];
        let input = Input::stream(&mut line);
        formats::read(&self.path, input, &options, &Cancel::new(), &mut |item| {
            if let Item::Record(record) = item {
                found = Some(Arc::new(record.article));
            }
        });
        found
    }
}

/// Asks queries of every kind and prints how long they took.
fn ask(file: &Path, folder: &Path) {
    let mut names: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder can be listed")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.to_string_lossy().contains("seg-"))
        .collect();
    names.sort();
    let clock = Instant::now();
    let open = |path: &PathBuf| Arc::new(Segment::open(path).expect("a segment"));
    let segments: Vec<Arc<Segment>> = names.iter().map(open).collect();
    println!(
        "{} segments open after {:?}",
        segments.len(),
        clock.elapsed()
    );
    let last = segments.last().expect("at least one segment");
    let count = last.first() + last.rows();
    let mut dice = Dice(88_172_645_463_325_252);
    let mut title = || {
        let number = dice.roll(u64::from(count)) as u32;
        let at = segments.partition_point(|it| it.first() <= number) - 1;
        let row = segments[at].catalogue.row(number - segments[at].first());
        row.expect("a row").title
    };
    let mut decisions = HashMap::new();
    for segment in &segments {
        for (id, row) in segment.catalogue.ids().expect("ids") {
            if row % 10 == 0 {
                let tags = ["todo".to_owned()].into();
                decisions.insert(
                    *id,
                    Decision {
                        tags,
                        ..Decision::default()
                    },
                );
            }
        }
    }
    let tagged = decisions.len();
    let decisions = Arc::new(decisions);
    let clock = Instant::now();
    let decided = Decided::new(decisions, &segments, Tail::default(), None).expect("decisions");
    println!("{tagged} decisions joined in {:?}", clock.elapsed());
    let texts = Lines {
        file: fs::File::open(file).expect("the file can be read"),
        path: file.to_owned(),
        segments: segments.clone(),
    };
    let (dead, records, paths) = (
        Default::default(),
        NoneLater::default(),
        [file.to_string_lossy().into_owned()],
    );
    let standings = Threes((0..count).collect());
    let mut snapshot = Snapshot {
        segments: &segments,
        tail: Tail::default(),
        dead: &dead,
        records: &records,
        paths: &paths,
        standings: &standings,
        decided: &decided,
        texts: &texts,
        articles: 1,
        groups: 1,
    };
    let searcher = Searcher::default();
    let mut find = |text: &str, by: By| {
        // As if something had been read since: nothing but the order is kept from the query before.
        snapshot.articles += 1;
        let today = Date::new(2026, 11, 22).expect("a day");
        let find = Find {
            query: Arc::new(
                query::parse(text, today).unwrap_or_else(|error| panic!("{text}: {error}")),
            ),
            by,
            after: None,
            limit: 50,
        };
        let mut first = None;
        let clock = Instant::now();
        let page = searcher.find(&snapshot, &find, &Cancel::new(), &mut |page| {
            if !page.hits.is_empty() {
                first.get_or_insert(clock.elapsed());
            }
        });
        (clock.elapsed(), first, page.expect("an answer").count)
    };
    let (spent, _, found) = find("", By::Group);
    println!("the first list, with its order: {spent:?}, {found:?}");
    let (spent, _, found) = find("", By::Group);
    println!("the second: {spent:?}, {found:?}");
    let mut words = || {
        let title = title();
        let words = title.split(|it: char| !it.is_alphanumeric());
        let words = words.filter(|it| it.len() > 2).map(str::to_lowercase);
        words.collect::<Vec<_>>()
    };
    let mut with = |least: usize| loop {
        let words = words();
        if words.len() >= least && words[0].is_ascii() && words[0].len() >= 4 {
            return words;
        }
    };
    let names = [
        "one word",
        "two words",
        "phrase of two",
        "phrase of three",
        "prefix of 3",
        "prefix of 4",
        "tag:",
        "a range",
        "sim:, versions:",
        "word, tag:, range",
        "word -word",
        "title:word",
        "Capital",
        "word OR prefix*",
    ];
    println!("\n| kind | p50 | p99 | longest, for |\n|---|---|---|---|");
    for name in names {
        let mut times = Vec::new();
        for at in 0..ASKED {
            let words = with(4);
            let prefix = |length: usize| words[0].chars().take(length).collect::<String>();
            let capital = || {
                let (first, rest) = words[0].split_at(1);
                first.to_uppercase() + rest
            };
            let text = match name {
                "one word" => words[0].clone(),
                "two words" => format!("{} {}", words[0], words[2]),
                "phrase of two" => format!("\"{} {}\"", words[0], words[1]),
                "phrase of three" => format!("\"{} {} {}\"", words[0], words[1], words[2]),
                "prefix of 3" => format!("{}*", prefix(3)),
                "prefix of 4" => format!("{}*", prefix(4)),
                "tag:" => "tag:todo".to_owned(),
                "a range" => format!("words:{}..{}", at, at * 4 + 100),
                "sim:, versions:" => format!("sim:>0.{} versions:>1", at % 10),
                "word, tag:, range" => format!("{} tag:todo words:100..900", words[0]),
                "word -word" => format!("{} -{}", words[0], words[1]),
                "title:word" => format!("title:{}", words[0]),
                "Capital" => capital(),
                _ => format!("{} OR {}*", words[0], prefix(3)),
            };
            let by = if at % 2 == 0 { By::Group } else { By::Article };
            times.push((find(&text, by).0, text));
        }
        times.sort();
        let ms = |at: usize| times[at].0.as_secs_f64() * 1e3;
        let (half, most, last) = (ms(ASKED / 2), ms(ASKED * 99 / 100), &times[ASKED - 1]);
        println!(
            "| {name} | {half:.1} ms | {most:.1} ms | {:.1} ms, `{}` |",
            last.0.as_secs_f64() * 1e3,
            last.1
        );
    }
    println!("\n| query | first hits | all | hits |\n|---|---|---|---|");
    for text in [
        "\"of the\"",
        "\"the\"",
        "t*",
        "th*",
        "a*",
        "the",
        "-the",
        "sort:title",
        "sort:title the",
        "sort:-words the",
        "url:x",
    ] {
        let (all, first, count) = find(text, By::Article);
        println!(
            "| `{text}` | {:?} | {all:?} | {count:?} |",
            first.unwrap_or(all)
        );
    }
}

/// Numbers that look random and are the same in every run (xorshift).
struct Dice(u64);

impl Dice {
    /// A number below `sides`.
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
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
