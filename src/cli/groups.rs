//! `recto groups`: which articles are versions of one another, and why.

mod gauge;
mod interrupt;
mod records;
mod why;

use serde::Serialize;

use super::args::{Format, Groups};
use super::output::{Failure, Outcome, Output};
use super::record::{Record, short};
use super::session::Session;
use crate::cancel::Cancel;
use crate::group::{Group, Link, Relation};
use crate::model::{ArticleId, Source, siglum};
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
    if args.keep.is_some() {
        return Err(Failure::usage("--keep goes with --format tsv"));
    }
    let session = Session::open(&args.sources)?;
    let grouping = session.library.grouping()?;
    let groups = &grouping.groups;
    let row = |group: &'_ Group| -> Result<Vec<Record>, Failure> {
        let ids = versions(&session, group)?;
        ids.into_iter().map(|id| Record::of(&session, id)).collect()
    };
    let rows = groups.iter().map(|group| {
        let links = group.links.iter().map(|link| why::link(&session, link));
        Ok(Row::Group {
            group: group.members.first().copied(),
            versions: row(group)?,
            links: args.why.then(|| links.collect()).transpose()?,
        })
    });
    let relations = grouping.relations.iter().filter(|_| args.why);
    let relations = relations.map(|pair| {
        let relation = why::relation(&session, pair)?;
        Ok(Row::Relation { relation })
    });
    let rows = rows.chain(relations);
    match args.form.get() {
        Format::Text => {
            for (at, group) in groups.iter().enumerate() {
                if at > 0 {
                    output.line("")?;
                }
                print_text(&session, group, args.why, output)?;
            }
        }
        Format::Json => output.json_array(rows)?,
        Format::Jsonl => {
            for row in rows {
                output.json(&row?)?;
            }
        }
        // Answered above, in the memory that it needs.
        Format::Tsv => {}
    }
    Ok(())
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
