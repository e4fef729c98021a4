//! Groups the articles of JSONL files and prints `id<TAB>group`, one line a record.
//!
//! `cargo run --release --example group_jsonl -- crawl.jsonl > groups.tsv`. A record has `id` and `text`, and may have
//! `title`, `url` and `date` (`2020-04-01`). Records with the same title and text are one article.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    #[cfg(feature = "index")]
    return program::run();
    #[cfg(not(feature = "index"))]
    Err("JSONL is read with feature `index`".into())
}

#[cfg(feature = "index")]
mod program {
    use std::collections::{BTreeMap, HashMap};
    use std::error::Error;
    use std::fs::File;
    use std::io::{BufRead, BufReader, BufWriter, Write, stdout};

    use recto::cancel::Cancel;
    use recto::group::{Document, Options, group};
    use recto::model::{ArticleId, Date};
    use serde_json::Value;

    pub fn run() -> Result<(), Box<dyn Error>> {
        let mut records: Vec<Value> = Vec::new();
        for path in std::env::args_os().skip(1) {
            for line in BufReader::new(File::open(path)?).lines() {
                let line = line?;
                if !line.trim().is_empty() {
                    records.push(serde_json::from_str(&line)?);
                }
            }
        }

        let mut holders: BTreeMap<ArticleId, Vec<usize>> = BTreeMap::new();
        for (number, record) in records.iter().enumerate() {
            holders.entry(identity(record)).or_default().push(number);
        }
        let documents: Vec<Document<'_>> = holders
            .iter()
            .map(|(id, numbers)| document(*id, &records[numbers[0]]))
            .collect();
        let grouping = group(&documents, &Options::default(), &Cancel::new()).unwrap_or_default();

        let mut names: HashMap<ArticleId, ArticleId> = HashMap::new();
        for group in &grouping.groups {
            names.extend(
                group
                    .members
                    .iter()
                    .map(|member| (*member, group.members[0])),
            );
        }
        let mut out = BufWriter::new(stdout().lock());
        for (number, record) in records.iter().enumerate() {
            let id = identity(record);
            let name = names.get(&id).unwrap_or(&id);
            match record.get("id") {
                Some(Value::String(id)) => writeln!(out, "{id}\t{name}")?,
                Some(id) => writeln!(out, "{id}\t{name}")?,
                None => writeln!(out, "{number}\t{name}")?,
            }
        }
        Ok(out.flush()?)
    }

    /// A name for the record's title and text.
    fn identity(record: &Value) -> ArticleId {
        let text = format!(
            "{}\0{}",
            field(record, "title").unwrap_or_default(),
            field(record, "text").unwrap_or_default()
        );
        ArticleId::from_bytes(xxhash_rust::xxh3::xxh3_128(text.as_bytes()).to_be_bytes())
    }

    fn document(id: ArticleId, record: &Value) -> Document<'_> {
        let text = field(record, "text").unwrap_or_default();
        Document {
            id,
            title: field(record, "title"),
            url: field(record, "url"),
            date: field(record, "date").and_then(date),
            blocks: text
                .lines()
                .map(str::trim)
                .filter(|line| !line.is_empty())
                .collect(),
        }
    }

    fn field<'a>(record: &'a Value, name: &str) -> Option<&'a str> {
        record.get(name)?.as_str()
    }

    /// The day of an ISO 8601 date or time.
    fn date(text: &str) -> Option<Date> {
        let mut parts = text.get(..10)?.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
    }
}
