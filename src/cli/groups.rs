//! `recto groups`: which articles are versions of one another, and why.

mod gauge;
mod interrupt;
mod records;
mod stream;
mod why;

use std::path::Path;

use serde::Serialize;

use super::args::{Format, Groups};
use super::output::{Failure, Outcome, Output};
use super::record::{Record, short};
use super::session::{Session, dirs, paths};
use crate::cancel::Cancel;
use crate::group::{Group, Link, Relation};
use crate::model::{ArticleId, Source, siglum};
use crate::store::ingest::STDIN;
use crate::store::traits::Library;
use crate::store::types::Entry;
use why::Explained;

/// A line of JSON.
#[derive(Serialize)]
#[serde(untagged)]
enum Row<'a> {
    /// A group; with `--why` with what links it.
    Group {
        group: Option<ArticleId>,
        versions: Vec<Record>,
        #[serde(skip_serializing_if = "Option::is_none")]
        links: Option<Vec<Explained<&'a Link>>>,
    },
    /// With `--why`, behind the groups: two articles that have something in common and are no versions.
    Relation { relation: Explained<&'a Relation> },
}

/// Prints the groups of two and more; tsv has every record.
pub(super) fn run(args: &Groups, output: &mut Output) -> Outcome {
    if args.form.get() == Format::Tsv {
        return records::print(args, output);
    }
    let dirs = dirs()?;
    let paths = paths(&args.sources.paths, &dirs)?;
    let from_stdin = paths.iter().any(|it| it == Path::new(STDIN));
    if from_stdin && args.keep.is_some() {
        let why = "standard input is read once: with --keep it goes with --format tsv";
        return Err(Failure::usage(why));
    }
    if args.keep.is_some() || !from_stdin && stream::is_large(args, &paths, &dirs) {
        return stream::print(args, &paths, &dirs, output);
    }
    interrupt::watch(&Cancel::new(), false);
    let session = Session::open(&args.sources)?;
    let grouping = session.library.grouping()?;
    let mut printer = Printer::new(args, output);
    for group in &grouping.groups {
        printer.group(&session, group)?;
    }
    for relation in &grouping.relations {
        printer.relation(&session, relation)?;
    }
    printer.end()
}

/// Prints groups in one of the forms.
struct Printer<'a> {
    form: Format,
    why: bool,
    output: &'a mut Output,
    /// Nothing was printed yet.
    first: bool,
}

impl<'a> Printer<'a> {
    fn new(args: &Groups, output: &'a mut Output) -> Self {
        Self {
            form: args.form.get(),
            why: args.why,
            output,
            first: true,
        }
    }

    fn group(&mut self, session: &Session, group: &Group) -> Outcome {
        if self.form == Format::Text {
            if !std::mem::take(&mut self.first) {
                self.output.line("")?;
            }
            return print_text(session, group, self.why, self.output);
        }
        let ids = versions(session, group)?.into_iter();
        let records: Result<_, Failure> = ids.map(|id| Record::of(session, id)).collect();
        let links = group.links.iter().map(|link| why::link(session, link));
        self.row(&Row::Group {
            group: group.members.first().copied(),
            versions: records?,
            links: self.why.then(|| links.collect()).transpose()?,
        })
    }

    /// Text says with each article what it is related to.
    fn relation(&mut self, session: &Session, relation: &Relation) -> Outcome {
        if !self.why || self.form == Format::Text {
            return Ok(());
        }
        let relation = why::relation(session, relation)?;
        self.row(&Row::Relation { relation })
    }

    fn row(&mut self, row: &Row<'_>) -> Outcome {
        match self.form {
            Format::Jsonl => self.output.json(row),
            _ => self.output.json_item(row, &mut self.first),
        }
    }

    fn end(self) -> Outcome {
        match self.form {
            Format::Json => self.output.json_end(self.first),
            _ => Ok(()),
        }
    }
}

/// The versions of a group, in the order of reading.
fn versions(session: &Session, group: &Group) -> Result<Vec<ArticleId>, Failure> {
    match group.members.first() {
        Some(first) => Ok(session.entry(*first)?.versions),
        None => Ok(Vec::new()),
    }
}

fn print_text(session: &Session, group: &Group, why: bool, output: &mut Output) -> Outcome {
    let versions = versions(session, group)?;
    let entries: Result<Vec<Entry>, Failure> =
        versions.iter().map(|id| session.entry(*id)).collect();
    let entries = entries?;
    // As the row of the group on the screen: the best version lends its title.
    let is_best = |entry: &&Entry| {
        let standing = session.library.standing(&entry.article);
        standing.is_some_and(|standing| standing.best)
    };
    let lead = entries.iter().find(is_best);
    if let Some(lead) = lead.or(entries.first()) {
        output.line(&format!(
            "{}  ×{}",
            lead.article.shown_title(),
            entries.len()
        ))?;
    }
    for (at, entry) in entries.iter().enumerate() {
        for source in &entry.sources {
            let (name, id) = (siglum(at), short(entry.article.id));
            output.line(&format!("  {name}  {id}  {}", place(source)))?;
        }
    }
    let Some(first) = entries.first().filter(|_| why) else {
        return Ok(());
    };
    for section in session
        .library
        .why(first.article.id, &Cancel::new())?
        .sections
    {
        output.line(&format!("  {}", section.title))?;
        for tie in section.ties {
            output.line(&format!("    {}", tie.text))?;
        }
    }
    Ok(())
}

/// The file, and the number of the record in it.
fn place(source: &Source) -> String {
    let path = source.path.to_string_lossy();
    match source.record {
        Some(record) => format!("{path}#{record}"),
        None => path.into_owned(),
    }
}
