//! `recto review apply`: changes from a stream, each acknowledged once it is on disk.
//!
//! Lines that have arrived together are written together, which is many times faster than one by one; each is a step of
//! its own all the same, and no line is acknowledged before the disk has it. A line that cannot be done is answered with
//! `error` and costs no other.

use std::io::{BufRead, BufReader, Read};
use std::sync::Arc;

use serde::Deserialize;

use super::super::args::Sources;
use super::super::output::{Failure, Outcome, Output, say};
use super::super::session::Session;
use super::super::show;
use crate::cancel::Cancel;
use crate::model::{Anchor, Verdict};
use crate::store::review::{note_text, summary};
use crate::store::rule;
use crate::store::traits::{Library, ReviewLog};
use crate::store::types::{Change, Deed};

/// So many lines are written together at most.
const BATCH: usize = 500;

/// A line as JSON. Unknown fields are mistakes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    article: String,
    tag: Option<String>,
    untag: Option<String>,
    /// `keep`, `drop`, `skip` or `none`.
    verdict: Option<String>,
    /// Empty takes it away.
    note: Option<String>,
    paragraph: Option<u32>,
}

/// What becomes of a line.
enum Answer {
    /// The change is to be written.
    Write(Change),
    /// It is so already.
    Nothing,
    /// It cannot be done.
    Refuse(String),
}

/// Reads to the end. Exit code 1 when a line could not be done.
pub(super) fn run(
    mut lines: BufReader<Box<dyn Read>>,
    sources: &Sources,
    output: &mut Output,
) -> Outcome {
    let mut session = Session::open(sources)?;
    let mut refused = 0_u64;
    let mut number = 0_u64;
    let mut line = String::new();
    loop {
        let mut batch = Vec::new();
        let mut ended = false;
        // Waits for one line, then takes what is there already.
        while batch.len() < BATCH {
            line.clear();
            match lines.read_line(&mut line) {
                Ok(0) => {
                    ended = true;
                    break;
                }
                Ok(_) => {}
                Err(error) => {
                    say(&format!("line {}: {error}", number + 1));
                    refused += 1;
                    ended = true;
                    break;
                }
            }
            number += 1;
            let text = line.trim_end_matches(['\n', '\r']);
            // A verdict goes by what was decided before it, so what is held back is written first.
            let alone = is_verdict(text);
            if alone && !batch.is_empty() {
                refused += write(&mut session, std::mem::take(&mut batch), output)?;
            }
            batch.push((number, answer(&session, text)));
            // The next line is read on only when it has arrived whole, so that it waits for nobody.
            if alone || !lines.buffer().contains(&b'\n') {
                break;
            }
        }
        refused += write(&mut session, batch, output)?;
        if ended {
            return match refused {
                0 => session.outcome(),
                1 => Err(Failure::failed("1 line could not be done")),
                count => Err(Failure::failed(format!("{count} lines could not be done"))),
            };
        }
    }
}

fn is_verdict(text: &str) -> bool {
    text.starts_with('{') && text.contains("\"verdict\"")
}

/// Writes the changes of a batch, then answers its lines in order; says how many were refused.
fn write(
    session: &mut Session,
    batch: Vec<(u64, Answer)>,
    output: &mut Output,
) -> Result<u64, Failure> {
    let mut changes = Vec::new();
    for (_, answer) in &batch {
        if let Answer::Write(change) = answer {
            changes.push(change.clone());
        }
    }
    let receipts = match changes.is_empty() {
        true => Ok(Vec::new()),
        false => session.log.append_each(&changes),
    };
    let mut refused = 0;
    let mut receipts = receipts.map(Vec::into_iter);
    for (number, answer) in batch {
        let why = match (answer, &mut receipts) {
            (Answer::Nothing, _) => {
                output.line(&format!("ok {} nothing to change", session.log.revision()?))?;
                continue;
            }
            (Answer::Write(_), Ok(receipts)) => {
                let receipt = receipts.next();
                let event = receipt.map_or(0, |it| it.event);
                output.line(&format!("ok {event}"))?;
                continue;
            }
            (Answer::Write(_), Err(error)) => error.to_string(),
            (Answer::Refuse(why), _) => why,
        };
        refused += 1;
        output.line(&format!("error line {number}: {why}"))?;
    }
    output.finish()?;
    Ok(refused)
}

/// What a line asks for.
fn answer(session: &Session, text: &str) -> Answer {
    match plan(session, text) {
        Ok(Some(change)) => Answer::Write(change),
        Ok(None) => Answer::Nothing,
        Err(why) => Answer::Refuse(why),
    }
}

fn plan(session: &Session, text: &str) -> Result<Option<Change>, String> {
    let wish = match text.split_once('\t') {
        Some((article, tag)) if !text.starts_with('{') => Wish {
            article: article.to_owned(),
            tag: Some(tag.to_owned()),
            untag: None,
            verdict: None,
            note: None,
            paragraph: None,
        },
        _ => serde_json::from_str(text).map_err(|error| format!("not understood: {error}"))?,
    };
    let said = |failure: Failure| failure.message.unwrap_or_default();
    let id = show::only(session, &wish.article).map_err(said)?;
    let entry = session.entry(id).map_err(said)?;
    let mut deeds = Vec::new();
    deeds.extend(wish.tag.map(Deed::Tag));
    deeds.extend(wish.untag.map(Deed::Untag));
    if let Some(verdict) = wish.verdict {
        deeds.push(Deed::Verdict(match verdict.as_str() {
            "none" => None,
            word => Some(
                word.parse::<Verdict>()
                    .map_err(|()| format!("{word} is none of keep, drop, skip, none"))?,
            ),
        }));
    }
    if let Some(note) = wish.note {
        let on = match wish.paragraph {
            None => None,
            Some(number) => {
                let at = usize::try_from(number)
                    .unwrap_or(usize::MAX)
                    .wrapping_sub(1);
                let block = entry.article.body().nth(at);
                let block = block.ok_or_else(|| format!("there is no paragraph {number}"))?;
                Some(Anchor::new(number, &block.text))
            }
        };
        let text = note_text(&note);
        deeds.push(Deed::Note { on, text });
    }
    if deeds.is_empty() {
        return Err("it names nothing to do: tag, untag, verdict or note".into());
    }
    // A tag that stands there is written again: whoever sent it wants an event for it, and it costs little.
    let decisions = match deeds.iter().any(|it| matches!(it, Deed::Verdict(_))) {
        true => session.log.decisions().map_err(|it| it.to_string())?,
        false => Arc::default(),
    };
    let cancel = Cancel::new();
    let planned = rule::plan(
        &session.library,
        &decisions,
        &[(id, false)],
        &deeds,
        &cancel,
    )
    .map_err(|it| it.to_string())?;
    if planned.deeds.is_empty() {
        return Ok(None);
    }
    let deeds = rule::with_subjects(&session.library, planned.deeds, &cancel)
        .map_err(|it| it.to_string())?;
    summary::check(&deeds).map_err(|it| it.to_string())?;
    Ok(Some(Change {
        library: session.library.id(),
        deeds,
    }))
}
