//! How well articles are found in web pages: `cargo bench --bench extraction -- FOLDER [OUTPUT.json …]`.
//!
//! The folder holds pages, `NAME.html`, and `truth.json`: for each name an object with `articleBody` and, where known,
//! `title`, `authors` (or `byline`), `publish_date`, `canonical_link` and `meta_lang`. Outputs are what other programs
//! found: for each name the text. No pages are part of the project, because none of them are ours.
//!
//! The measure is that of the article-extraction benchmark of Zyte: runs of four words as a multiset, precision and
//! recall of each page, the means of both, and F1 of the means. `docs/EXTRACTION.md` holds what was measured.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{env, fs};

use recto::cancel::Cancel;
use recto::formats::{self, Input, Item};
use recto::model::Article;
use serde_json::Value;

/// Words in a run.
const RUN: usize = 4;

type Truth = BTreeMap<String, Value>;

/// Runs of words, each with how often it occurs.
type Runs = HashMap<Vec<String>, usize>;

fn main() {
    // Cargo adds `--bench`.
    let arguments: Vec<PathBuf> = env::args_os()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .map(PathBuf::from)
        .collect();
    let Some((folder, outputs)) = arguments.split_first() else {
        println!("no folder of pages was given: nothing is measured");
        return;
    };
    let truth: Truth = json(&folder.join("truth.json"));
    println!(
        "{} pages; precision / recall / F1 of the body\n",
        truth.len()
    );
    println!("| program | first half | second half | all |\n|---|---|---|---|");
    for output in outputs {
        let found: BTreeMap<String, String> = json(output);
        row(
            &output.file_stem().unwrap_or_default().to_string_lossy(),
            &truth,
            &found,
        );
    }
    let mut spent = Duration::ZERO;
    let articles: BTreeMap<&str, Article> = truth
        .keys()
        .filter_map(|name| {
            let page = folder.join(format!("{name}.html"));
            let bytes = read(&page);
            let start = Instant::now();
            let article = extract(&page, &bytes);
            spent += start.elapsed();
            Some((name.as_str(), article?))
        })
        .collect();
    let found: BTreeMap<String, String> = articles
        .iter()
        .map(|(name, article)| ((*name).to_owned(), body(article)))
        .collect();
    row("recto", &truth, &found);
    println!("\nrecto: {:.2} s for all of them\n", spent.as_secs_f64());
    if let Some(path) = env::var_os("EXTRACTION_OUTPUT") {
        let json = Value::from_iter(found);
        if let Err(error) = fs::write(&path, json.to_string()) {
            println!("{}: {error}", Path::new(&path).display());
        }
    }
    facts(&truth, &articles);
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What a file of JSON holds.
fn json<T: serde::de::DeserializeOwned>(path: &Path) -> T {
    serde_json::from_slice(&read(path))
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The article that recto finds.
fn extract(path: &Path, mut bytes: &[u8]) -> Option<Article> {
    let mut found = None;
    let options = formats::Options::default();
    formats::read(
        path,
        Input::stream(&mut bytes),
        &options,
        &Cancel::default(),
        &mut |item| {
            if let Item::Record(record) = item {
                found = Some(record.article);
            }
        },
    );
    found
}

fn body(article: &Article) -> String {
    let blocks: Vec<&str> = article.body().map(|block| &*block.text).collect();
    blocks.join("\n")
}

/// Prints a line of the table.
fn row(program: &str, truth: &Truth, found: &BTreeMap<String, String>) {
    let scores: Vec<(bool, f64, f64)> = truth
        .iter()
        .map(|(name, facts)| {
            let text = found.get(name).map_or("", String::as_str);
            let (precision, recall) = score(facts["articleBody"].as_str().unwrap_or(""), text);
            (is_second(name), precision, recall)
        })
        .collect();
    let cell = |wanted: &dyn Fn(bool) -> bool| {
        let chosen = scores.iter().filter(|(half, ..)| wanted(*half));
        // A page of which nothing was found has no precision.
        let precision = mean(chosen.clone().map(|s| s.1).filter(|p| !p.is_nan()));
        let recall = mean(chosen.map(|s| s.2).filter(|r| !r.is_nan()));
        let f1 = 2.0 * precision * recall / (precision + recall);
        format!("{precision:.3} / {recall:.3} / {f1:.3}")
    };
    println!(
        "| {program} | {} | {} | {} |",
        cell(&|half| !half),
        cell(&|half| half),
        cell(&|_| true)
    );
}

fn mean(values: impl Iterator<Item = f64> + Clone) -> f64 {
    values.clone().sum::<f64>() / values.count() as f64
}

/// Halves are told by a hash of the name without its number, so that the pages of one site stay together.
fn is_second(name: &str) -> bool {
    let site = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-' || c == '_');
    let hash = site.bytes().fold(2_166_136_261_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(16_777_619)
    });
    hash.count_ones() % 2 == 1
}

/// Precision and recall of runs of words.
fn score(truth: &str, found: &str) -> (f64, f64) {
    let (truth, found) = (runs(truth), runs(found));
    let hits: usize = found
        .iter()
        .map(|(run, count)| *count.min(truth.get(run).unwrap_or(&0)))
        .sum();
    let of = |runs: &Runs| hits as f64 / runs.values().sum::<usize>() as f64;
    (of(&found), of(&truth))
}

fn runs(text: &str) -> Runs {
    let words: Vec<String> = text
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    let mut runs = Runs::new();
    if !words.is_empty() {
        for run in words.windows(RUN.min(words.len())) {
            *runs.entry(run.to_vec()).or_default() += 1;
        }
    }
    runs
}

/// Prints how often the facts about an article are those of the truth, of the pages whose truth has them.
fn facts(truth: &Truth, articles: &BTreeMap<&str, Article>) {
    println!(
        "| fact | right | wrong | none | found where the truth has none |\n|---|---|---|---|---|"
    );
    let found = |name: &str, key: &str| -> Option<String> {
        let meta = &articles.get(name)?.meta;
        match key {
            "title" => meta.title.as_deref().map(str::to_owned),
            "byline" => meta.byline.as_deref().map(str::to_owned),
            "date" => meta.date.map(|date| date.to_string()),
            "url" => meta.url.as_deref().map(str::to_owned),
            _ => meta.lang.as_deref().map(str::to_owned),
        }
    };
    for key in ["title", "byline", "date", "url", "language"] {
        let (mut right, mut wrong, mut none, mut more) = (0, 0, 0, 0);
        for (name, page) in truth {
            let expected = expected(page, key);
            let found = found(name, key);
            match (expected, found) {
                (Some(expected), Some(found)) if same(key, &expected, &found) => right += 1,
                (Some(expected), Some(found)) => {
                    wrong += 1;
                    if env::var_os("EXTRACTION_WRONG").is_some() {
                        println!("  {name}: {key}: {expected:?}, not {found:?}");
                    }
                }
                (Some(expected), None) => {
                    none += 1;
                    if env::var_os("EXTRACTION_WRONG").is_some() {
                        println!("  {name}: {key}: {expected:?}, not found");
                    }
                }
                (None, Some(_)) => more += 1,
                (None, None) => {}
            }
        }
        println!("| {key} | {right} | {wrong} | {none} | {more} |");
    }
}

fn expected(page: &Value, key: &str) -> Option<String> {
    let text = |key: &str| page[key].as_str().map(str::to_owned);
    let value = match key {
        "title" => text("title"),
        "byline" => text("byline").or_else(|| {
            let names: Vec<&str> = page["authors"]
                .as_array()?
                .iter()
                .filter_map(Value::as_str)
                .collect();
            Some(names.join(", "))
        }),
        "date" => text("publish_date").map(|date| date.chars().take(10).collect()),
        "url" => text("canonical_link"),
        _ => text("meta_lang"),
    };
    value.filter(|value| !value.trim().is_empty())
}

/// Says whether two facts are the same to a reader: case, spaces and what a site adds to its titles aside.
fn same(key: &str, expected: &str, found: &str) -> bool {
    let plain = |text: &str| -> String {
        text.to_lowercase()
            .chars()
            .filter(|c| c.is_alphanumeric())
            .collect()
    };
    let (a, b) = (plain(expected), plain(found));
    match key {
        "title" | "byline" => a.contains(&b) || b.contains(&a),
        "language" => a.get(..2) == b.get(..2),
        _ => a == b,
    }
}
