//! `recto note` and `recto notes`: what a person wrote about articles and paragraphs.

use std::io::Read;

use serde::Serialize;

use super::args::{Format, Note, Notes};
use super::output::{Failure, Outcome, Output};
use super::record::outer_id;
use super::session::{Session, parse_query};
use super::{failed, show};
use crate::model::{Anchor, Article, ArticleId};
use crate::store::review::{note_text, summary};
use crate::store::rule;
use crate::store::traits::{Library, ReviewLog};
use crate::store::types::{By, Change, Deed, Entry, Subject};

/// What was done, or would be.
#[derive(Serialize)]
struct Done<'a> {
    article: ArticleId,
    changed: bool,
    dry_run: bool,
    event: Option<u64>,
    summary: &'a str,
}

/// Writes a note or takes it away.
pub(super) fn run(args: &Note, output: &mut Output) -> Outcome {
    let text = match args.text.as_deref() {
        None => None,
        Some("-") => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text)?;
            Some(text)
        }
        Some(text) => Some(text.to_owned()),
    };
    let text = match text {
        None => None,
        Some(text) => Some(
            note_text(&text)
                .ok_or_else(|| Failure::usage("a note cannot be empty; --remove takes one away"))?,
        ),
    };
    let (mut session, id) = show::find(&args.article, &args.sources)?;
    let entry = session.entry(id)?;
    let on = anchor(&entry, args.paragraph)?;
    let deed = Deed::Note { on, text };
    let deeds = [(Subject::of(&entry), deed.clone())];
    summary::check(&deeds)?;
    let changed = rule::changes(&entry.decision, &deed);
    let mut event = None;
    let summary = match (changed, args.dry_run) {
        (false, _) => "nothing to change · it is already so".to_owned(),
        (true, true) => format!("would be {}", summary::describe([&deed])),
        (true, false) => {
            let receipt = session.log.append(&Change {
                library: session.library.id(),
                deeds: deeds.into(),
            })?;
            event = Some(receipt.event);
            receipt.summary
        }
    };
    match args.json {
        true => output.json(&Done {
            article: id,
            changed,
            dry_run: args.dry_run,
            event,
            summary: &summary,
        }),
        false => output.line(&summary),
    }
}

/// The place of a note on a paragraph: that of the note that stands there, if there is one.
fn anchor(entry: &Entry, paragraph: Option<u32>) -> Result<Option<Anchor>, Failure> {
    let Some(number) = paragraph else {
        return Ok(None);
    };
    let at = usize::try_from(number).unwrap_or(usize::MAX) - 1;
    let Some(block) = entry.article.body().nth(at) else {
        let count = entry.article.body().count();
        return failed(format!("there is no paragraph {number}: it has {count}"));
    };
    let known = entry.decision.notes.iter().filter_map(|it| it.on.as_ref());
    let mut known = known.filter(|it| place(it, &entry.article) == Some(at));
    let new = || Anchor::new(number, &block.text);
    Ok(Some(known.next().cloned().unwrap_or_else(new)))
}

/// The place among the paragraphs of the body that a note is about now.
fn place(on: &Anchor, article: &Article) -> Option<usize> {
    on.find(article.body().map(|block| block.text.as_str()))
}

/// One note as JSON.
#[derive(Serialize)]
struct Row {
    id: ArticleId,
    record_id: Option<String>,
    title: String,
    /// Where its paragraph stands now, from 1.
    paragraph: Option<usize>,
    note: String,
    quote: Option<String>,
}

/// Prints the notes.
pub(super) fn list(args: &Notes, output: &mut Output) -> Outcome {
    let query = parse_query(args.of.as_deref().unwrap_or(""))?;
    let session = Session::open(&args.sources)?;
    let hits = session.hits(&query, By::Article)?;
    let mut rows = Vec::new();
    for hit in hits.iter().filter(|hit| !hit.decision.notes.is_empty()) {
        let entry = session.entry(hit.id)?;
        for note in &entry.decision.notes {
            let on = note.on.as_ref();
            let was = on.map(|it| usize::try_from(it.paragraph).unwrap_or(usize::MAX));
            rows.push((
                outer_id(&entry),
                Row {
                    id: hit.id,
                    record_id: entry.sources.first().and_then(|it| it.record_id.clone()),
                    title: hit.title.clone(),
                    paragraph: on
                        .and_then(|it| place(it, &entry.article))
                        .map(|at| at + 1)
                        .or(was),
                    note: note.text.clone(),
                    quote: on.map(|it| it.quote.clone()),
                },
            ));
        }
    }
    if rows.is_empty() {
        return Err(Failure::silent());
    }
    match args.form.get() {
        Format::Json => output.json_array(rows.into_iter().map(|it| Ok(it.1)))?,
        Format::Jsonl => rows.iter().try_for_each(|it| output.json(&it.1))?,
        Format::Tsv => rows.iter().try_for_each(|(id, row)| {
            let paragraph = row.paragraph.map(|it| it.to_string()).unwrap_or_default();
            let quote = row.quote.as_deref().unwrap_or_default();
            output.columns(&[id, &paragraph, &row.note, quote])
        })?,
        Format::Text => {
            let mut last = None;
            for (id, row) in &rows {
                if last != Some(row.id) {
                    output.line(&format!("{id}  {}", row.title))?;
                    last = Some(row.id);
                }
                if let (Some(paragraph), Some(quote)) = (row.paragraph, &row.quote) {
                    output.line(&format!("  {paragraph}: “{quote}”"))?;
                }
                for line in row.note.lines() {
                    output.line(&format!("    {line}"))?;
                }
            }
        }
    }
    session.outcome()
}
