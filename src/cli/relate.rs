//! `recto apart` and `recto join`: what a person says of two articles, whatever grouping finds.

use serde::Serialize;

use super::args::Pair;
use super::output::{Failure, Outcome, Output, count};
use super::session::Session;
use super::show;
use crate::group::correct::standing;
use crate::model::ArticleId;
use crate::store::traits::{Library, ReviewLog};
use crate::store::types::{Change, Correction, Deed, Said, Subject};

/// What was done, or would be.
#[derive(Serialize)]
struct Done<'a> {
    articles: [ArticleId; 2],
    changed: bool,
    dry_run: bool,
    event: Option<u64>,
    /// Older statements that no longer count beside this one.
    overruled: usize,
    summary: &'a str,
}

/// Says it of two articles, as one step of undo.
pub(super) fn run(args: &Pair, said: Said, output: &mut Output) -> Outcome {
    let mut session = Session::open(&args.sources)?;
    let one = show::only(&session, &args.one)?;
    let other = show::only(&session, &args.other)?;
    if one == other {
        return Err(Failure::usage(format!(
            "{} and {} are one article",
            args.one, args.other
        )));
    }
    let before = standing(&session.log.corrections()?);
    let newest = before.first().map_or(1, |it| it.number + 1);
    let new = Correction::new(newest, one, other, said);
    let is_known =
        |it: &&Correction| (it.a, it.b, it.said) == (one.min(other), one.max(other), said);
    let say = |summary: &str, changed, event, overruled, output: &mut Output| match args.json {
        true => output.json(&Done {
            articles: [one, other],
            changed,
            dry_run: args.dry_run,
            event,
            overruled,
            summary,
        }),
        false => output.line(summary),
    };
    if before.iter().any(|it| is_known(&it)) {
        return say(
            "nothing to change · you said so already",
            false,
            None,
            0,
            output,
        );
    }
    let all: Vec<Correction> = before.iter().copied().chain(new).collect();
    let overruled = all.len() - standing(&all).len();
    let word = match said {
        Said::Apart => "parted",
        Said::Same => "joined",
    };
    if args.dry_run {
        return say(
            &format!("would be {word} · 2 articles"),
            true,
            None,
            overruled,
            output,
        );
    }
    let deeds = Deed::correction(said, one, other).into_iter();
    let deeds = deeds.map(|(id, deed)| Ok((Subject::of(&session.entry(id)?), deed)));
    let change = Change {
        library: session.library.id(),
        deeds: deeds.collect::<Result<_, Failure>>()?,
    };
    let receipt = session.log.append(&change)?;
    let mut summary = receipt.summary;
    if overruled > 0 {
        let overruled = count(overruled as u64, "older statement");
        summary += &format!(" · overrules {overruled}");
    }
    say(&summary, true, Some(receipt.event), overruled, output)
}
