//! The library on disk: what building it costs beside tantivy alone, opening it again, and how fast it answers.
//!
//! `cargo bench --bench library -- FILE.jsonl FOLDER` (Linux) reads the file into a library below the folder; called
//! again, it opens what is there. `--alone` indexes the same text by tantivy alone, in the same run; where ripgrep is
//! installed, it looks for the same words in the file.

#![allow(clippy::expect_used)]

use std::collections::HashMap;
use std::env;
use std::fs;
use std::mem;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use recto::cancel::Cancel;
use recto::formats::{self, Input, Item, Record};
use recto::model::{Date, Decision};
use recto::query;
use recto::store::local::{BUDGET, LocalLibrary, Stage};
use recto::store::traits::Library;
use recto::store::types::{By, Count, Edge, Find};
use tantivy::directory::MmapDirectory;
use tantivy::schema::{Field, Schema, TEXT};
use tantivy::{Index, IndexWriter, SingleSegmentIndexWriter, TantivyDocument};

/// Text of a segment of tantivy alone, in bytes.
const SEGMENT: usize = 64 << 20;

fn main() {
    let words: Vec<String> = env::args().skip(1).filter(|it| it != "--bench").collect();
    let (flags, paths): (Vec<&String>, Vec<&String>) =
        words.iter().partition(|it| it.starts_with("--"));
    let [file, folder] = paths.as_slice() else {
        println!("usage: cargo bench --bench library -- FILE.jsonl FOLDER [--alone]");
        return;
    };
    let (file, folder) = (PathBuf::from(file), PathBuf::from(folder));
    let start = cpu();
    let library = open(&file, &folder);
    let ours = cpu() - start;
    if flags.iter().any(|it| *it == "--alone") {
        let theirs = alone(&file, &folder);
        println!("recto beside both: {:.2}", ours.div_duration_f64(theirs));
    }
    let titles = ask(&library);
    beside_ripgrep(&library, &file, &titles);
}

/// Opens the library, or reads it for the first time; says when what was there.
fn open(file: &Path, folder: &Path) -> LocalLibrary {
    let clock = Instant::now();
    let library = LocalLibrary::new(&[file.to_owned()], &formats::Options::default());
    let library = library.kept_in(folder, BUDGET);
    let (mut first, mut stage) = (None, Stage::Reading);
    library.read(&Cancel::new(), &mut |status| {
        if first.is_none() {
            let page = library.find(&find("", By::Group), &Cancel::new());
            first = page.ok().filter(|page| !page.hits.is_empty()).map(|_| {
                println!("first page: {:?}, {}", clock.elapsed(), spent());
            });
        }
        if status.stage != stage {
            stage = status.stage;
            println!("{stage:?}: {:?}, {}", clock.elapsed(), spent());
        }
    });
    println!("whole: {:?}, {}", clock.elapsed(), spent());
    for (part, bytes) in library.stats().bytes {
        println!("{part}: {:.1} MB", bytes as f64 / 1e6);
    }
    library
}

fn find(text: &str, by: By) -> Find {
    let today = Date::new(2026, 11, 22).expect("a day");
    let query = query::parse(text, today).unwrap_or_else(|error| panic!("{text}: {error}"));
    Find {
        query: Arc::new(query),
        by,
        from: Edge::Top,
        after: None,
        limit: 50,
    }
}

/// Indexes the same text by tantivy alone: by its own writer, as its documentation does it, and, as the least that it can
/// cost, segment by segment without merging. Gives what the first takes together with reading the file.
fn alone(file: &Path, folder: &Path) -> Duration {
    let records = |take: &mut dyn FnMut(Record)| {
        let mut source = fs::File::open(file).expect("the file can be read");
        let options = formats::Options::default();
        let input = Input::stream(&mut source);
        formats::read(file, input, &options, &Cancel::new(), &mut |item| {
            if let Item::Record(record) = item {
                take(*record);
            }
        });
    };
    let start = cpu();
    let mut text = 0;
    records(&mut |record| text += record.article.text.len());
    let reading = cpu() - start;
    println!(
        "{:.1} MB of text; reading alone {:.1} s CPU",
        text as f64 / 1e6,
        reading.as_secs_f64()
    );
    let tell = |what: &str, index: &mut dyn FnMut(&Path)| -> Duration {
        let (folder, start) = (folder.join("alone"), cpu());
        fs::create_dir_all(&folder).expect("a folder");
        index(&folder);
        let (spent, size) = (cpu() - start - reading, bytes(&folder));
        fs::remove_dir_all(&folder).expect("what is measured goes");
        println!(
            "tantivy alone, {what}: {:.1} s CPU, {:.1} MB",
            spent.as_secs_f64(),
            size as f64 / 1e6
        );
        spent
    };
    let own = tell("its own writer", &mut |folder| {
        let (schema, fields) = schema();
        let index = Index::create_in_dir(folder, schema).expect("an index");
        let mut writer: IndexWriter = index.writer(BUDGET).expect("a writer");
        records(&mut |record| {
            let document = document(fields, &record);
            writer.add_document(document).expect("a document");
        });
        writer.commit().expect("a commit");
        writer.wait_merging_threads().expect("merged segments");
    });
    tell("segments of 64 MB", &mut |folder| {
        let (schema, fields) = schema();
        let begin = |number: usize| {
            let folder = folder.join(number.to_string());
            fs::create_dir_all(&folder).expect("a folder");
            let directory = MmapDirectory::open(folder).expect("a folder");
            let index = Index::builder().schema(schema.clone());
            let writer: Result<SingleSegmentIndexWriter, _> =
                index.single_segment_index_writer(directory, 32 << 20);
            writer.expect("a writer")
        };
        let (mut writer, mut size, mut segments) = (begin(0), 0, 0);
        records(&mut |record| {
            let document = document(fields, &record);
            writer.add_document(document).expect("a document");
            size += record.article.text.len();
            if size >= SEGMENT {
                (size, segments) = (0, segments + 1);
                let full = mem::replace(&mut writer, begin(segments));
                full.finalize().expect("an index");
            }
        });
        writer.finalize().expect("an index");
    });
    reading + own
}

/// How many queries of each kind are asked.
const ASKED: usize = 200;

/// A common word stands in more than one article in so many.
const COMMON: u64 = 10;

/// The words of a title, without the shortest.
fn words_of(title: &str) -> Vec<String> {
    let words = title.split(|it: char| !it.is_alphanumeric());
    let words = words.filter(|it| it.len() > 2).map(str::to_lowercase);
    words.collect()
}

/// Asks queries of many kinds, made of words of titles that a seed picks. Gives the titles.
fn ask(library: &LocalLibrary) -> Vec<String> {
    let all = |by: By| {
        let mut find = find("", by);
        find.limit = usize::MAX;
        let page = library.find(&find, &Cancel::new());
        page.expect("an answer").hits
    };
    let hits = all(By::Article);
    let mut decisions = HashMap::new();
    for hit in hits.iter().step_by(10) {
        let tags = ["todo".to_owned()].into();
        let decision = Decision {
            tags,
            ..Decision::default()
        };
        decisions.insert(hit.id, decision);
    }
    println!("{} articles, {} tagged", hits.len(), decisions.len());
    library.set_decisions(Arc::new(decisions));
    let titles: Vec<String> = hits.into_iter().map(|hit| hit.title).collect();
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let mut title = || titles[dice.roll(titles.len() as u64) as usize].clone();
    let find = |text: &str, by: By| {
        let find = find(text, by);
        let mut first = None;
        let clock = Instant::now();
        let page = library.find_in_parts(&find, &Cancel::new(), &mut |page| {
            if !page.hits.is_empty() {
                first.get_or_insert(clock.elapsed());
            }
        });
        (clock.elapsed(), first, page.expect("an answer").count)
    };
    let (spent, _, found) = find("", By::Group);
    println!("the list: {spent:?}, {found:?}");
    let mut spread = HashMap::new();
    let mut is_common = |word: &String| {
        let known = spread.entry(word.clone());
        let count = known.or_insert_with(|| match find(word, By::Article).2 {
            Count::Exact(count) | Count::AtLeast(count) => count,
        });
        *count * COMMON > titles.len() as u64
    };
    let names = [
        "one word",
        "two words",
        "phrase of two",
        "phrase of three",
        "phrase of two common words",
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
    println!("\n| kind | p50 | p99 | first hits, p99 | longest, for |\n|---|---|---|---|---|");
    for name in names {
        let (mut times, mut firsts) = (Vec::new(), Vec::new());
        for at in 0..ASKED {
            let (length, common) = match name {
                "phrase of two" => (2, Some(false)),
                "phrase of three" => (3, Some(false)),
                "phrase of two common words" => (2, Some(true)),
                _ => (0, None),
            };
            let mut fits = |words: &Vec<String>| {
                let typed = words.len() >= 4 && words[0].is_ascii() && words[0].len() >= 4;
                let all = |common| words[..length].iter().all(&mut is_common) == common;
                typed && common.is_none_or(all)
            };
            let mut some = (0..1_000).map(|_| words_of(&title()));
            let Some(words) = some.find(&mut fits) else {
                continue;
            };
            let prefix = |length: usize| words[0].chars().take(length).collect::<String>();
            let capital = || {
                let (first, rest) = words[0].split_at(1);
                first.to_uppercase() + rest
            };
            let text = match name {
                "one word" => words[0].clone(),
                "two words" => format!("{} {}", words[0], words[2]),
                "phrase of two" | "phrase of two common words" => {
                    format!("\"{} {}\"", words[0], words[1])
                }
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
            let (all, first, _) = find(&text, by);
            firsts.push(first.unwrap_or(all));
            times.push((all, text));
        }
        if times.is_empty() {
            println!("| {name} | none | | | |");
            continue;
        }
        times.sort();
        firsts.sort();
        let first = firsts[firsts.len() * 99 / 100].as_secs_f64() * 1e3;
        let ms = |at: usize| times[at].0.as_secs_f64() * 1e3;
        let (half, most) = (ms(times.len() / 2), ms(times.len() * 99 / 100));
        let last = &times[times.len() - 1];
        println!(
            "| {name} | {half:.1} ms | {most:.1} ms | {first:.1} ms | {:.1} ms, `{}` |",
            last.0.as_secs_f64() * 1e3,
            last.1
        );
    }
    println!("\n| query | first hits | all | hits |\n|---|---|---|---|");
    let [first, second] = common_pair(&titles);
    let letters = |count: usize| second.chars().take(count).collect::<String>();
    for text in [
        format!("\"{first} {second}\""),
        format!("\"{second}\""),
        format!("{}*", letters(1)),
        format!("{}*", letters(2)),
        second.clone(),
        format!("-{second}"),
        "sort:title".to_owned(),
        format!("sort:title {second}"),
        format!("sort:-words {second}"),
        "url:x".to_owned(),
    ] {
        let (all, first, count) = find(&text, By::Article);
        println!(
            "| `{text}` | {:?} | {all:?} | {count:?} |",
            first.unwrap_or(all)
        );
    }
    titles
}

/// Two words of titles that stand one behind the other more often than others do.
fn common_pair(titles: &[String]) -> [String; 2] {
    let mut counts: HashMap<[String; 2], usize> = HashMap::new();
    for title in titles.iter().take(100_000) {
        for pair in words_of(title).windows(2) {
            let pair = [pair[0].clone(), pair[1].clone()];
            *counts.entry(pair).or_default() += 1;
        }
    }
    let most = counts
        .into_iter()
        .max_by_key(|(pair, count)| (*count, pair.clone()));
    most.map_or_else(Default::default, |(pair, _)| pair)
}

/// Asks for words, each beside ripgrep looking through the file for the same word: what a person without an index does.
fn beside_ripgrep(library: &LocalLibrary, file: &Path, titles: &[String]) {
    let ripgrep = |word: &str| {
        let mut command = Command::new("rg");
        command.args([
            "--count",
            "--ignore-case",
            "--word-regexp",
            "--fixed-strings",
        ]);
        let clock = Instant::now();
        let said = command.arg(word).arg(file).output();
        said.ok().map(|_| clock.elapsed())
    };
    if ripgrep("once").is_none() {
        println!("skipped: rg not found");
        return;
    }
    println!("\n| word | recto | ripgrep | beside it |\n|---|---|---|---|");
    let mut words: Vec<String> = common_pair(titles).into();
    let some = titles.iter().step_by(titles.len().div_ceil(4).max(1));
    words.extend(some.filter_map(|title| words_of(title).pop()));
    for word in words {
        let clock = Instant::now();
        let page = library.find(&find(&word, By::Article), &Cancel::new());
        let (count, ours) = (page.expect("an answer").count, clock.elapsed());
        let theirs = ripgrep(&word).unwrap_or_default();
        let ratio = ours.as_secs_f64() / theirs.as_secs_f64().max(1e-9);
        println!("| {word}, {count:?} | {ours:.1?} | {theirs:.1?} | {ratio:.4} |");
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

/// Title and body.
type Fields = [Field; 2];

fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let fields = ["title", "body"].map(|name| schema.add_text_field(name, TEXT));
    (schema.build(), fields)
}

fn document([title, body]: Fields, record: &Record) -> TantivyDocument {
    let mut document = TantivyDocument::default();
    document.add_text(title, record.article.shown_title());
    for block in record.article.body() {
        document.add_text(body, block.text.as_str());
    }
    document
}

/// What a file or folder takes on disk.
fn bytes(path: &Path) -> u64 {
    match fs::read_dir(path) {
        Ok(inside) => inside.flatten().map(|entry| bytes(&entry.path())).sum(),
        Err(_) => fs::metadata(path).map_or(0, |it| it.len()),
    }
}

/// The CPU time of this process so far.
fn cpu() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let ticks = fields.split_whitespace().skip(11).take(2);
    let ticks: u64 = ticks.filter_map(|it| it.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

/// What this process spent so far, as a sentence.
fn spent() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kb = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name));
        let number = line.and_then(|line| line.split_whitespace().nth(1));
        number.and_then(|it| it.parse::<u64>().ok()).unwrap_or(0)
    };
    format!(
        "{:.1} s CPU, {} MB now, {} MB at most",
        cpu().as_secs_f64(),
        kb("VmRSS") / 1000,
        kb("VmHWM") / 1000
    )
}
