//! What decides in grouping: what each piece of evidence is worth, how the numbers fare on sets that they were not
//! chosen on, and how far each may move. `cargo bench --bench grouping -- DIR`, where DIR has `input/NAME.jsonl` and
//! `labels/NAME.jsonl` (`{"id": …, "cluster": …}`); the tables of docs/GROUPING.md come from here.

#![allow(
    clippy::expect_used,
    reason = "a measurement that cannot be made ends with why"
)]

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use recto::cancel::Cancel;
use recto::formats::{self, Input, Item};
use recto::group::{Document, Options, Tuning, Work};
use recto::model::{Article, ArticleId, Date};

/// A labelled collection.
struct Set {
    name: String,
    work: Work,
    /// The cluster of every record, by the rank of its article.
    labels: Vec<(u32, u32)>,
}

/// A number that decides: its name, how to read and how to set it.
type Knob = (&'static str, fn(&mut Tuning) -> &mut f64);

const KNOBS: [Knob; 19] = [
    ("threshold", |it| &mut it.threshold),
    ("larger", |it| &mut it.larger),
    ("smaller", |it| &mut it.smaller),
    ("little", |it| &mut it.little),
    ("edited", |it| &mut it.edited),
    ("stretch", |it| &mut it.stretch),
    ("stretch_most", |it| &mut it.stretch_most),
    ("numbers_free", |it| &mut it.numbers_free),
    ("numbers", |it| &mut it.numbers),
    ("corrected", |it| &mut it.corrected),
    ("corrected_in_short", |it| &mut it.corrected_in_short),
    ("names_free", |it| &mut it.names_free),
    ("names", |it| &mut it.names),
    ("title_same", |it| &mut it.title_same),
    ("title_numbers", |it| &mut it.title_numbers),
    ("title_other", |it| &mut it.title_other),
    ("date", |it| &mut it.date),
    ("address", |it| &mut it.address),
    ("absent", |it| &mut it.absent),
];

/// What is left out, and how.
type Piece = (&'static str, fn(&mut Tuning));

const PIECES: [Piece; 12] = [
    ("nothing", |_| {}),
    ("weights of boilerplate", |it| it.weigh = false),
    ("stretch of own text", |it| it.stretch = 0.0),
    ("numbers", |it| it.numbers = 0.0),
    ("names", |it| it.names = 0.0),
    ("numbers and names", |it| {
        (it.numbers, it.names) = (0.0, 0.0);
    }),
    ("a corrected figure is forgiven", |it| {
        (it.corrected, it.corrected_in_short) = (99.0, 99.0);
    }),
    ("titles", |it| {
        (it.title_same, it.title_numbers, it.title_other) = (0.0, 0.0, 0.0);
    }),
    ("dates and addresses", |it| {
        (it.date, it.address) = (0.0, 0.0);
    }),
    ("the smaller share", |it| it.smaller = 0.0),
    ("votes of missing pairs", |it| it.absent = 0.0),
    ("all votes (connected components)", |it| it.absent = -1e9),
];

/// Multiples of a number that are tried.
const GRID: [f64; 5] = [0.5, 0.75, 1.0, 1.5, 2.0];

fn main() {
    let folder = std::env::args().skip(1).find(|it| !it.starts_with('-'));
    let Some(folder) = folder else {
        println!("name a folder with labelled sets: cargo bench --bench grouping -- DIR");
        return;
    };
    let mut sets = read_sets(Path::new(&folder));
    let base = Tuning::default();

    println!("| left out | {} |", names(&sets));
    println!("|---{}|", "|---".repeat(sets.len()));
    for (name, leave_out) in PIECES {
        let mut tuning = base;
        leave_out(&mut tuning);
        let scores: Vec<String> = sets
            .iter_mut()
            .map(|set| format!("{:.4}", set.score(&tuning)))
            .collect();
        println!("| {name} | {} |", scores.join(" | "));
    }

    println!(
        "\n| set left out | F1 on it | mean F1 on the others | numbers that differ from the ones in use |"
    );
    println!("|---|---|---|---|");
    for left_out in 0..sets.len() {
        let (tuning, mean) = search(&mut sets, left_out);
        let score = sets[left_out].score(&tuning);
        let changed: Vec<String> = KNOBS
            .iter()
            .filter_map(|(name, knob)| {
                let (mut new, mut old) = (tuning, base);
                let (new, old) = (*knob(&mut new), *knob(&mut old));
                (new != old).then(|| format!("{name} {:.2}×", new / old))
            })
            .collect();
        println!(
            "| {} | {score:.4} | {mean:.4} | {} |",
            sets[left_out].name,
            changed.join(", ")
        );
    }

    println!("\n| number | in use | F1 stays within .005 on every set from | to |");
    println!("|---|---|---|---|");
    let known: Vec<f64> = sets.iter_mut().map(|set| set.score(&base)).collect();
    for (name, knob) in KNOBS {
        let value = *knob(&mut base.clone());
        let mut holds = |factor: f64| {
            let mut tuning = base;
            *knob(&mut tuning) = value * factor;
            sets.iter_mut()
                .zip(&known)
                .all(|(set, known)| set.score(&tuning) >= known - 0.005)
        };
        let down = (0..20)
            .map(|step| 1.0 - 0.05 * f64::from(step))
            .take_while(|it| holds(*it))
            .last();
        let up = (0..41)
            .map(|step| 1.0 + 0.1 * f64::from(step))
            .take_while(|it| holds(*it))
            .last();
        let (down, up) = (value * down.unwrap_or(1.0), up.unwrap_or(1.0));
        let most = if up > 4.9 {
            "5 times as much".into()
        } else {
            format!("{:.2}", value * up)
        };
        println!("| `{name}` | {value} | {down:.2} | {most} |");
    }
}

fn names(sets: &[Set]) -> String {
    let names: Vec<&str> = sets.iter().map(|set| set.name.as_str()).collect();
    names.join(" | ")
}

/// Chooses every number anew on all sets but one: from half of each, twice around, the value that is best on average,
/// of equals the one nearest to where the search stands.
fn search(sets: &mut [Set], left_out: usize) -> (Tuning, f64) {
    let mut tuning = Tuning::default();
    let values: Vec<f64> = KNOBS.iter().map(|(_, knob)| *knob(&mut tuning)).collect();
    for ((_, knob), value) in KNOBS.iter().zip(&values) {
        *knob(&mut tuning) = value * GRID[0];
    }
    let mut mean = |tuning: &Tuning| {
        let others = sets
            .iter_mut()
            .enumerate()
            .filter(|(at, _)| *at != left_out);
        let scores: Vec<f64> = others.map(|(_, set)| set.score(tuning)).collect();
        scores.iter().sum::<f64>() / scores.len() as f64
    };
    let mut best = mean(&tuning);
    for _ in 0..2 {
        for ((_, knob), value) in KNOBS.iter().zip(&values) {
            for factor in GRID {
                let mut other = tuning;
                *knob(&mut other) = value * factor;
                let score = mean(&other);
                if score > best + 1e-6 {
                    (best, tuning) = (score, other);
                }
            }
        }
    }
    (tuning, best)
}

impl Set {
    /// Pairwise F1 over records.
    fn score(&mut self, tuning: &Tuning) -> f64 {
        let decided = self
            .work
            .decide(tuning, &Cancel::new(), &mut |_| {})
            .expect("nobody cancels");
        let groups = self.work.groups(&decided);
        let mut cells: HashMap<(u32, u32), u64> = HashMap::new();
        let (mut found, mut wanted): (HashMap<u32, u64>, HashMap<u32, u64>) = Default::default();
        for (rank, cluster) in &self.labels {
            let group = groups[*rank as usize];
            *cells.entry((group, *cluster)).or_default() += 1;
            *found.entry(group).or_default() += 1;
            *wanted.entry(*cluster).or_default() += 1;
        }
        fn pairs<'a>(counts: impl Iterator<Item = &'a u64>) -> f64 {
            counts.map(|count| count * (count - 1) / 2).sum::<u64>() as f64
        }
        2.0 * pairs(cells.values()) / (pairs(found.values()) + pairs(wanted.values())).max(1.0)
    }
}

/// An article and what its record says of it.
struct Read {
    article: Article,
    record_id: String,
    title: Option<String>,
    url: Option<String>,
    date: Option<Date>,
}

fn read_sets(folder: &Path) -> Vec<Set> {
    let mut paths: Vec<_> = fs::read_dir(folder.join("labels"))
        .expect("DIR/labels can be listed")
        .map(|entry| entry.expect("DIR/labels can be listed").path())
        .collect();
    paths.sort();
    paths.iter().map(|path| read_set(folder, path)).collect()
}

fn read_set(folder: &Path, labels: &Path) -> Set {
    let input = folder
        .join("input")
        .join(labels.file_name().expect("a name"));
    let mut clusters: HashMap<String, u32> = HashMap::new();
    let mut numbers: HashMap<String, u32> = HashMap::new();
    for line in fs::read_to_string(labels)
        .expect("labels can be read")
        .lines()
    {
        let label: serde_json::Value = serde_json::from_str(line).expect("labels are JSON");
        let (id, cluster) = (
            label["id"].as_str().expect("an id"),
            label["cluster"].to_string(),
        );
        let next = numbers.len() as u32;
        clusters.insert(id.to_owned(), *numbers.entry(cluster).or_insert(next));
    }
    let mut read = Vec::new();
    let mut file = fs::File::open(&input).expect("the input can be read");
    let options = formats::Options::default();
    formats::read(
        &input,
        Input::stream(&mut file),
        &options,
        &Cancel::new(),
        &mut |item| {
            let Item::Record(record) = item else { return };
            let raw = record.source.fields.as_deref().unwrap_or_default();
            let meta = &record.article.meta;
            let (title, url, date) = match formats::declared(raw, &[]) {
                Some(told) => (Some(told.title), told.url, told.date),
                None => (meta.title.clone(), meta.url.clone(), meta.date),
            };
            read.push(Read {
                record_id: record.source.record_id.clone().unwrap_or_default(),
                title: title.map(|it| it.to_string()),
                url: url.map(|it| it.to_string()),
                date,
                article: record.article,
            });
        },
    );
    let mut seen: HashMap<ArticleId, ()> = HashMap::new();
    let documents: Vec<Document<'_>> = read
        .iter()
        .filter(|it| seen.insert(it.article.id, ()).is_none())
        .map(|it| Document {
            id: it.article.id,
            title: it.title.as_deref(),
            url: it.url.as_deref(),
            date: it.date,
            blocks: it.article.text.lines().collect(),
        })
        .collect();
    let mut ids: Vec<ArticleId> = documents.iter().map(|document| document.id).collect();
    ids.sort_unstable();
    let labels = read.iter().filter_map(|it| {
        let rank = ids.binary_search(&it.article.id).ok()?;
        Some((rank as u32, *clusters.get(&it.record_id)?))
    });
    let options = Options {
        relations: false,
        ..Options::default()
    };
    Set {
        name: input
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned(),
        labels: labels.collect(),
        work: Work::new(&documents, &options, &Cancel::new(), &mut |_| {}).expect("nobody cancels"),
    }
}
