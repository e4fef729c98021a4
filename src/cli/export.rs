//! `recto export`: the articles that a query finds, with every field that they came with and what was decided.
//!
//! In JSON a field of a record comes back as it was written, numbers of any size and unknown fields as well; what recto
//! knows stands behind them under the one name `recto`. The other forms have columns of their own. Every copy of an
//! article is a record, so counts of records stay; the cleaned collection (`--kept`) has each article once.

use std::borrow::Cow;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::args::{Export, ExportFormat};
use super::output::{self, Failure, Outcome, Output, count};
use super::session::{Session, parse_query};
use super::show;
use crate::cancel::Cancel;
use crate::formats::{Fields, Object};
use crate::model::{Article, ArticleId, Source};
use crate::store::local::LocalLibrary;
use crate::store::traits::{Library, ReviewLog};
use crate::store::types::{By, Entry, StoreError};
use crate::text;
use file::Whole;

mod file;
mod kept;
mod parquet;
mod row;

/// Writes the hits; finding nothing is exit code 1, and writes no file.
pub(super) fn run(args: &Export, output: &mut Output) -> Outcome {
    let (text, sources) = args.question.get().map_err(Failure::usage)?;
    let query = parse_query(&text)?;
    let form = args.format();
    if form == ExportFormat::Parquet && args.output.is_none() && output.is_terminal() {
        return Err(Failure::usage(
            "parquet is not for terminals: name a file with -o",
        ));
    }
    // What exists is told before a large collection is read.
    let files = match &args.output {
        None => None,
        Some(path) => {
            let beside = args.kept.then(|| left_out_path(path));
            let beside = beside.map(|it| Whole::begin(&it, args.force)).transpose()?;
            Some((path, Whole::begin(path, args.force)?, beside))
        }
    };
    let session = Session::open(&sources)?;
    let hits = session.hits(&query, By::Article)?;
    if hits.is_empty() {
        return Err(Failure::silent());
    }
    let mut entries = hits.iter().map(|hit| session.entry(hit.id));
    match files {
        None => {
            let mut writer = Writer::new(form, Screen(output))?;
            entries.try_for_each(|entry| writer.put_all(&session.library, &entry?))?;
            writer.finish()?;
        }
        Some((path, main, beside)) => {
            let decisions = session.log.decisions()?;
            let mut writer = Writer::new(form, BufWriter::new(main.file()?))?;
            let mut others = beside
                .as_ref()
                .map(|it| it.file())
                .transpose()?
                .map(BufWriter::new);
            let (mut written, mut left_out) = (0, 0);
            for entry in entries {
                let entry = entry?;
                for (at, source) in entry.sources.iter().enumerate() {
                    let out = others.as_mut().and_then(|others| {
                        Some((others, kept::left_out(&entry, at, source, &decisions)?))
                    });
                    match out {
                        Some((others, why)) => {
                            serde_json::to_writer(&mut *others, &why).map_err(io::Error::from)?;
                            others.write_all(b"\n")?;
                            left_out += 1;
                        }
                        None => {
                            writer.put(&session.library, &entry, source)?;
                            written += 1;
                        }
                    }
                }
            }
            writer.finish()?;
            if let Some(mut others) = others {
                others.flush()?;
            }
            let named = beside.is_some().then(|| left_out_path(path));
            Whole::end(beside.into_iter().chain([main]).collect())?;
            let mut said = format!("{} written to {}", count(written, "record"), path.display());
            if let Some(named) = named {
                let left_out = count(left_out, "record");
                said += &format!(", {left_out} left out: {}", named.display());
            }
            output::say(&said);
        }
    }
    session.outcome()
}

/// Writes articles to a new file in the form that its name asks for, whole or not at all, and gives the number of their
/// records: what the screen does. `told` hears how many articles are written.
#[cfg_attr(
    not(feature = "tui"),
    expect(dead_code, reason = "the screen asks for it")
)]
pub(crate) fn to_file(
    library: &LocalLibrary,
    ids: &[ArticleId],
    path: &Path,
    cancel: &Cancel,
    told: &mut dyn FnMut(usize),
) -> Result<u64, StoreError> {
    if path.symlink_metadata().is_ok() {
        let why = format!("{} exists: take another name", path.display());
        return Err(StoreError::Refused(why));
    }
    let refused = |failure: Failure| StoreError::Refused(failure.message.unwrap_or_default());
    let file = Whole::begin(path, false).map_err(refused)?;
    let to = BufWriter::new(file.file().map_err(refused)?);
    let mut writer = Writer::new(ExportFormat::of(path), to).map_err(refused)?;
    let mut records = 0;
    for (written, id) in ids.iter().enumerate() {
        told(written);
        if cancel.is_cancelled() {
            return Err(StoreError::Cancelled);
        }
        let entry = library.entry(*id, cancel)?;
        writer.put_all(library, &entry).map_err(refused)?;
        records += entry.sources.len() as u64;
    }
    writer.finish().map_err(refused)?;
    Whole::end(vec![file]).map_err(refused)?;
    Ok(records)
}

/// Where it is said why records are left out: `clean.jsonl.left-out.jsonl`.
fn left_out_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".left-out.jsonl");
    name.into()
}

/// Standard output; a terminal gets lines that are safe.
struct Screen<'a>(&'a mut Output);

impl Write for Screen<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let failed = |failure: Failure| match failure.message {
            None => io::Error::from(io::ErrorKind::BrokenPipe),
            Some(message) => io::Error::other(message),
        };
        if !self.0.is_terminal() {
            self.0.bytes(bytes).map_err(failed)?;
            return Ok(bytes.len());
        }
        // Each form hands over whole lines.
        let text = String::from_utf8_lossy(bytes);
        for line in text.lines() {
            self.0.line(&text::line(line)).map_err(failed)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes records in one of the forms.
enum Writer<W: Write + Send> {
    Jsonl(W),
    Table(Box<csv::Writer<W>>),
    Parquet(Box<parquet::Writer<W>>),
    Md(W),
}

impl<W: Write + Send> Writer<W> {
    fn new(form: ExportFormat, to: W) -> Result<Self, Failure> {
        let table = |separator, to| -> Result<Self, Failure> {
            let mut table = csv::WriterBuilder::new()
                .delimiter(separator)
                .from_writer(to);
            table
                .write_record(row::COLUMNS.map(|it| it.0))
                .map_err(io::Error::from)?;
            Ok(Self::Table(Box::new(table)))
        };
        Ok(match form {
            ExportFormat::Jsonl => Self::Jsonl(to),
            ExportFormat::Csv => table(b',', to)?,
            ExportFormat::Tsv => table(b'\t', to)?,
            ExportFormat::Parquet => Self::Parquet(Box::new(
                parquet::Writer::new(to).map_err(io::Error::other)?,
            )),
            ExportFormat::Md => Self::Md(to),
        })
    }

    fn put_all(&mut self, library: &LocalLibrary, entry: &Entry) -> Outcome {
        let mut sources = entry.sources.iter();
        sources.try_for_each(|source| self.put(library, entry, source))
    }

    fn put(&mut self, library: &LocalLibrary, entry: &Entry, source: &Source) -> Outcome {
        match self {
            Self::Jsonl(to) => {
                let mut line = line(&entry.article, source, &known(library, entry));
                line.push('\n');
                to.write_all(line.as_bytes())?;
            }
            Self::Table(table) => {
                let row = row::row(library, entry, source);
                let cells = row
                    .iter()
                    .map(|cell| row::defused(&cell.text()).into_owned());
                table.write_record(cells).map_err(io::Error::from)?;
            }
            Self::Parquet(file) => {
                let row = row::row(library, entry, source);
                file.put(row).map_err(io::Error::other)?;
            }
            Self::Md(to) => to.write_all(markdown(entry, source).as_bytes())?,
        }
        Ok(())
    }

    fn finish(self) -> Outcome {
        match self {
            Self::Jsonl(mut to) | Self::Md(mut to) => to.flush()?,
            Self::Table(mut table) => table.flush()?,
            Self::Parquet(file) => file.finish().map_err(io::Error::other)?,
        }
        Ok(())
    }
}

/// What recto knows of an article.
fn known(library: &LocalLibrary, entry: &Entry) -> Value {
    let standing = library.standing(&entry.article);
    json!({
        "id": entry.article.id,
        "tags": entry.decision.tags,
        "verdict": entry.decision.verdict,
        "superseded": entry.decision.superseded,
        "notes": entry.decision.notes,
        "group": standing.map_or(entry.article.id, |it| it.group),
        "versions": entry.versions.len(),
    })
}

/// An article for people: title, imprint, what was decided and noted, the text.
fn markdown(entry: &Entry, source: &Source) -> String {
    let mut lines = show::markdown_head(&entry.article);
    let path = source.path.to_string_lossy();
    let record = source
        .record
        .map(|it| format!(", record {it}"))
        .unwrap_or_default();
    lines.push(String::new());
    lines.push(format!("{}{record}", text::line(&path)));
    let decision = &entry.decision;
    let mut decided: Vec<String> = decision.tags.iter().map(|tag| format!("#{tag}")).collect();
    decided.extend(decision.verdict.map(|verdict| format!("**{verdict}**")));
    decided.extend(decision.superseded.then(|| "set aside".to_owned()));
    if !decided.is_empty() {
        lines.push(String::new());
        lines.push(text::line(&decided.join(" · ")).to_string());
    }
    for note in &decision.notes {
        lines.push(String::new());
        if let Some(on) = &note.on {
            lines.push(format!("> {}: “{}”", on.paragraph, text::line(&on.quote)));
            lines.push(">".to_owned());
        }
        lines.extend(
            note.text
                .lines()
                .map(|line| format!("> *Note:* {}", text::line(line))),
        );
    }
    lines.extend(show::markdown_body(&entry.article));
    lines.push(String::new());
    lines.join("\n") + "\n"
}

/// The record of a source with what is known about it.
fn line(article: &Article, source: &Source, known: &Value) -> String {
    let raw = source.fields.as_deref().unwrap_or("{}").trim();
    // A line end can stand only between values: inside a string it would be written as \n.
    let raw: Cow<'_, str> = match raw.contains(['\n', '\r']) {
        true => Cow::Owned(raw.replace(['\n', '\r'], " ")),
        false => Cow::Borrowed(raw),
    };
    let object = Object::parse(&raw).unwrap_or_default();
    let mut known = known.clone();
    known["path"] = Value::from(source.path.to_string_lossy());
    known["record"] = Value::from(source.record);
    let mut added = vec![("recto".to_owned(), known)];
    // A page or a text file has no fields of its own, or none for what was found in it.
    if Fields::find(&object, &[]).text(true).is_err() && !raw.contains("\"text\"") {
        let body: Vec<&str> = article.body().map(|block| block.text.as_str()).collect();
        let meta = &source.meta;
        let words = |text: &Option<crate::model::Clean>| text.as_deref().map(str::to_owned);
        let found = [
            ("title", words(&meta.title)),
            ("author", words(&meta.byline)),
            ("date", meta.date.map(|date| date.to_string())),
            ("url", words(&meta.url)),
            ("text", Some(body.join("\n\n"))),
        ];
        for (at, (name, value)) in found.into_iter().filter(|it| it.1.is_some()).enumerate() {
            if object.get(name).is_none() {
                added.insert(
                    at.min(added.len() - 1),
                    (name.to_owned(), Value::from(value)),
                );
            }
        }
    }
    let added: Vec<String> = added
        .into_iter()
        // A name that the record has is the record's.
        .filter(|(name, _)| object.get(name).is_none())
        .map(|(name, value)| format!("{}:{value}", Value::from(name)))
        .collect();
    let body = raw.strip_suffix('}').unwrap_or("{").trim_end();
    let comma = if object.iter().next().is_none() || added.is_empty() {
        ""
    } else {
        ","
    };
    format!("{body}{comma}{}}}", added.join(","))
}
