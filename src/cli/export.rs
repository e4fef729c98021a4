//! `recto export`: the articles that a query finds, one JSON object a line, with every field that they came with.
//!
//! A field of a record comes back as it was written, numbers of any size and unknown fields as well; what recto knows
//! stands behind them under the one name `recto`. Every copy of an article is a line, so counts of records stay.

use std::borrow::Cow;
use std::io::{BufWriter, Write};
use std::path::Path;

use serde_json::{Value, json};

use super::args::Export;
use super::output::{self, Failure, Outcome, Output, count};
use super::session::{Session, parse_query};
use crate::formats::{Fields, Object};
use crate::model::{Article, Source};
use crate::store::ingest::reason;
use crate::store::types::{By, Entry};
use crate::text;

/// Writes the hits; finding nothing is exit code 1, and writes no file.
pub(super) fn run(args: &Export, output: &mut Output) -> Outcome {
    let (text, sources) = args.question.get().map_err(Failure::usage)?;
    let query = parse_query(&text)?;
    if let Some(path) = &args.output
        && path.exists()
        && !args.force
    {
        let path = path.display();
        return Err(Failure::failed(format!(
            "{path} exists; --force writes over it"
        )));
    }
    let session = Session::open(&sources)?;
    let hits = session.hits(&query, By::Article)?;
    if hits.is_empty() {
        return Err(Failure::silent());
    }
    match &args.output {
        None => {
            for hit in &hits {
                lines(
                    &session,
                    &session.entry(hit.id)?,
                    &mut |line| match output.is_terminal() {
                        true => output.line(&text::line(line)),
                        false => output
                            .bytes(line.as_bytes())
                            .and_then(|()| output.bytes(b"\n")),
                    },
                )?;
            }
        }
        Some(path) => {
            let ids = hits.iter().map(|hit| session.entry(hit.id));
            let written = write_whole(path, args.force, &session, ids)?;
            output::say(&format!(
                "{} written to {}",
                count(written, "record"),
                path.display()
            ));
        }
    }
    session.outcome()
}

/// Writes a file whole or not at all: under another name beside it, and renamed at the end.
fn write_whole(
    path: &Path,
    force: bool,
    session: &Session,
    entries: impl Iterator<Item = Result<Entry, Failure>>,
) -> Result<u64, Failure> {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
    let failed = |error: &std::io::Error| {
        Failure::failed(format!(
            "{} cannot be written: {}",
            path.display(),
            reason(error)
        ))
    };
    let mut file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))
        .map_err(|it| failed(&it))?;
    let mut written = 0;
    {
        let mut writer = BufWriter::new(file.as_file_mut());
        for entry in entries {
            lines(session, &entry?, &mut |line| {
                written += 1;
                writeln!(writer, "{line}").map_err(|it| failed(&it))
            })?;
        }
        writer.flush().map_err(|it| failed(&it))?;
    }
    file.as_file().sync_all().map_err(|it| failed(&it))?;
    open_to_others(file.as_file());
    let moved = match force {
        true => file.persist(path),
        false => file.persist_noclobber(path),
    };
    moved.map_err(|error| failed(&error.error))?;
    Ok(written)
}

/// A temporary file is private; a result is as readable as other files that a person makes.
#[cfg(unix)]
fn open_to_others(file: &std::fs::File) {
    use std::os::unix::fs::PermissionsExt;
    // Where that is not possible, it stays private.
    let _ = file.set_permissions(std::fs::Permissions::from_mode(0o644));
}

#[cfg(not(unix))]
fn open_to_others(_: &std::fs::File) {}

/// Gives the lines of an article, one for each of its sources.
fn lines(session: &Session, entry: &Entry, take: &mut dyn FnMut(&str) -> Outcome) -> Outcome {
    let standing = session.library.standing(entry.article.id);
    let known = json!({
        "id": entry.article.id,
        "tags": entry.decision.tags,
        "verdict": entry.decision.verdict,
        "superseded": entry.decision.superseded,
        "group": standing.map_or(entry.article.id, |it| it.group),
        "versions": entry.versions.len(),
    });
    entry
        .sources
        .iter()
        .try_for_each(|source| take(&line(&entry.article, source, &known)))
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
