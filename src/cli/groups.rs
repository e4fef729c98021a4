//! `recto groups`: which articles are versions of one another, and why.

use std::collections::HashMap;

use serde::Serialize;

use super::args::{Format, Groups};
use super::output::{Failure, Outcome, Output};
use super::record::{Record, short};
use super::session::Session;
use crate::cancel::Cancel;
use crate::group::{Group, Link};
use crate::model::{ArticleId, Source, siglum};
use crate::store::traits::Library;
use crate::store::types::Entry;

/// One group as JSON.
#[derive(Serialize)]
struct Row<'a> {
    group: Option<ArticleId>,
    versions: Vec<Record>,
    #[serde(skip_serializing_if = "Option::is_none")]
    links: Option<&'a [Link]>,
}

/// Prints the groups of two and more; tsv has every record.
pub(super) fn run(args: &Groups, output: &mut Output) -> Outcome {
    let session = Session::open(&args.sources)?;
    let groups = &session.library.grouping().groups;
    let row = |group: &'_ Group| -> Result<Vec<Record>, Failure> {
        let ids = versions(&session, group)?;
        ids.into_iter().map(|id| Record::of(&session, id)).collect()
    };
    let rows = groups.iter().map(|group| {
        Ok(Row {
            group: group.members.first().copied(),
            versions: row(group)?,
            links: args.why.then_some(group.links.as_slice()),
        })
    });
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
        Format::Tsv => print_records(&session, output)?,
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
        let standing = session.library.standing(entry.article.id);
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

/// One line a record: its own id, or where it stands, and its group.
fn print_records(session: &Session, output: &mut Output) -> Outcome {
    let groups = &session.library.grouping().groups;
    let mut names: HashMap<ArticleId, ArticleId> = HashMap::new();
    for group in groups {
        if let Some(name) = group.members.first() {
            names.extend(group.members.iter().map(|member| (*member, *name)));
        }
    }
    for id in session.library.ids() {
        let group = names.get(&id).copied().unwrap_or(id).to_string();
        for source in &session.entry(id)?.sources {
            let name = source.record_id.clone().unwrap_or_else(|| place(source));
            output.columns(&[&name, &group])?;
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
