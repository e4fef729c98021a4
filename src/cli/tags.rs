//! `recto tags`: the tags of a library with their numbers, or the tags of articles.

use std::collections::BTreeMap;

use serde::Serialize;

use super::args::{Format, Tags};
use super::output::{Outcome, Output};
use super::record::outer_id;
use super::session::{Session, parse_query};
use crate::store::types::By;

/// One tag as JSON.
#[derive(Serialize)]
struct Row<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    tag: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    articles: Option<u64>,
}

/// Prints tags.
pub(super) fn run(args: &Tags, output: &mut Output) -> Outcome {
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
