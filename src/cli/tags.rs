//! `recto tags`: the tags of a library with their numbers, or the tags of articles; other names for tags.

use std::collections::BTreeMap;

use serde::Serialize;

use super::args::{Format, Sources, Tags, TagsCommand};
use super::output::{Failure, Outcome, Output};
use super::record::outer_id;
use super::session::{Session, parse_query};
use crate::store::retag::{self, Names};
use crate::store::review::{check_tag, summary};
use crate::store::traits::{Library, ReviewLog};
use crate::store::types::{By, Change, Deed};

/// One tag as JSON.
#[derive(Serialize)]
struct Row<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    tag: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    articles: Option<u64>,
}

/// What was done, or would be.
#[derive(Serialize)]
struct Done<'a> {
    changed: usize,
    dry_run: bool,
    event: Option<u64>,
    summary: &'a str,
}

/// Prints tags, or calls them otherwise.
pub(super) fn run(args: &Tags, output: &mut Output) -> Outcome {
    match &args.command {
        None => list(args, output),
        Some(TagsCommand::Rename {
            old,
            new,
            sources,
            dry_run,
            json,
        }) => {
            let names = Names::rename(old, new);
            rename(&names, sources, (*dry_run, *json), output)
        }
        Some(TagsCommand::Merge {
            tags,
            paths,
            dry_run,
            json,
        }) => {
            let sources = Sources {
                paths: paths.clone(),
                ..Sources::default()
            };
            let (into, old) = tags
                .split_last()
                .ok_or_else(|| Failure::usage("two tags at least are needed"))?;
            let names = Names::merge(old, into);
            rename(&names, &sources, (*dry_run, *json), output)
        }
    }
}

/// Puts other tags in the place of those that articles of the library have, as one step of undo; decided articles that
/// are gone at present are among them.
fn rename(
    names: &Names,
    sources: &Sources,
    (dry_run, json): (bool, bool),
    output: &mut Output,
) -> Outcome {
    check_tag(names.new_name()).map_err(Failure::usage)?;
    let mut session = Session::open(sources)?;
    let deeds = retag::plan(&session.library, &session.log, names)?;
    if deeds.is_empty() {
        let old = names.old_names().join(", ");
        return Err(Failure::failed(format!("no article has the tag {old}")));
    }
    let done: Vec<Deed> = deeds.iter().map(|it| it.1.clone()).collect();
    let (event, summary) = match dry_run {
        true => (None, format!("would be {}", summary::describe(&done))),
        false => {
            let receipt = session.log.append(&Change {
                library: session.library.id(),
                deeds,
            })?;
            (Some(receipt.event), receipt.summary)
        }
    };
    match json {
        true => output.json(&Done {
            changed: done
                .iter()
                .filter(|it| matches!(it, Deed::Untag(_)))
                .count(),
            dry_run,
            event,
            summary: &summary,
        }),
        false => output.line(&summary),
    }
}

fn list(args: &Tags, output: &mut Output) -> Outcome {
    let query = parse_query(args.of.as_deref().unwrap_or(""))?;
    let session = Session::open(&args.sources)?;
    let hits = session.hits(&query, By::Article)?;
    let form = args.form.get();
    if args.of.is_some() {
        let mut tags = Vec::new();
        for hit in hits.iter().filter(|hit| !hit.decision.tags.is_empty()) {
            let id = outer_id(&session.entry(hit.id)?);
            tags.extend(hit.decision.tags.iter().map(|tag| (id.clone(), tag)));
        }
        let rows = tags.iter().map(|(id, tag)| Row {
            id: Some(id),
            tag,
            articles: None,
        });
        print(rows, form, output)?;
    } else {
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for tag in hits.iter().flat_map(|hit| &hit.decision.tags) {
            *counts.entry(tag).or_default() += 1;
        }
        let rows = counts.iter().map(|(tag, articles)| Row {
            id: None,
            tag,
            articles: Some(*articles),
        });
        print(rows, form, output)?;
    }
    session.outcome()
}

/// Text and tsv are the same: two columns are readable as they are.
fn print<'a>(
    mut rows: impl Iterator<Item = Row<'a>>,
    form: Format,
    output: &mut Output,
) -> Outcome {
    match form {
        Format::Json => output.json_array(rows.map(Ok)),
        Format::Jsonl => rows.try_for_each(|row| output.json(&row)),
        Format::Text | Format::Tsv => rows.try_for_each(|row| match (row.id, row.articles) {
            (Some(id), _) => output.columns(&[id, row.tag]),
            (None, articles) => {
                output.columns(&[row.tag, &articles.unwrap_or_default().to_string()])
            }
        }),
    }
}
