//! `recto review`: looks after the review log.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use serde::Serialize;

use super::args::{Review, ReviewCommand};
use super::output::{self, Failure, Outcome, Output, count};
use super::session;
use crate::store::dirs::Dirs;
use crate::store::ingest::{STDIN, reason};
use crate::store::review::jsonl::{self, Line};
use crate::store::review::merge::{self, Agreement, Conflict};
use crate::store::review::{Event, LocalReviewLog, repair};

mod apply;
mod rebind;

/// So many conflicts are listed as text; JSON has all.
const LISTED: usize = 20;

/// Runs the subcommand.
pub(super) fn run(args: &Review, output: &mut Output) -> Outcome {
    let dirs = session::dirs()?;
    match &args.command {
        ReviewCommand::Verify => verify(&dirs, output),
        ReviewCommand::Dump => dump(&dirs, output),
        ReviewCommand::Restore { file } => restore(&dirs, file, output),
        ReviewCommand::Repair => mend(&dirs, output),
        ReviewCommand::Merge { files, json } => join(&dirs, files, *json, output),
        ReviewCommand::Agreement { json } => {
            let log = session::open_log(&dirs);
            let all = merge::agreement(&log.all_events()?);
            match json {
                true => output.json_array(all.iter().map(|it| Ok(Agreed::of(it)))),
                false if all.is_empty() => Err(Failure::failed(
                    "no two people of this log judged the same article",
                )),
                false => all.iter().try_for_each(|it| output.line(&agreed(it))),
            }
        }
        ReviewCommand::Apply { file, sources } => apply::run(open(file)?, sources, output),
        ReviewCommand::Rebind {
            gone,
            to,
            all,
            paths,
            json,
        } => {
            let wish = match (gone, to) {
                (Some(gone), Some(to)) => rebind::Wish::One { gone, to },
                _ if *all => rebind::Wish::Offered,
                _ => rebind::Wish::List,
            };
            rebind::run(wish, paths, *json, output)
        }
    }
}

/// Opens what is named; `-` is standard input.
fn open(path: &Path) -> Result<BufReader<Box<dyn Read>>, Failure> {
    if path == Path::new(STDIN) {
        return Ok(BufReader::new(Box::new(io::stdin())));
    }
    let file = File::open(path)
        .map_err(|error| Failure::failed(format!("{}: {}", path.display(), reason(&error))))?;
    Ok(BufReader::new(Box::new(file)))
}

fn restore(dirs: &Dirs, file: &Path, output: &mut Output) -> Outcome {
    let lines = open(file)?;
    let events = jsonl::restore(&dirs.data, lines)
        .map_err(|why| Failure::failed(format!("{}: {why}", file.display())))?;
    output.line(&format!("{} restored", count(events as u64, "event")))
}

/// Reads a dump or a log of somebody else, whichever it is.
fn read_log(path: &Path) -> Result<Vec<Event>, Failure> {
    let mut lines = open(path)?;
    let named = |why: String| Failure::failed(format!("{}: {why}", path.display()));
    let begin = lines.fill_buf().map_err(|it| named(reason(&it)))?;
    if !begin.starts_with(b"SQLite format 3\0") {
        return jsonl::read(lines).map_err(named);
    }
    // Its own folder may be read-only or hold a journal: a copy is opened.
    let copy = tempfile::tempdir()?;
    let mut bytes = Vec::new();
    lines.read_to_end(&mut bytes)?;
    std::fs::write(copy.path().join(crate::store::review::FILE), bytes)?;
    let log = LocalReviewLog::open(copy.path(), "", Box::new(|| 0));
    let events = log.all_events()?;
    match log.damage() {
        Some(_) => Err(named(
            "this log is damaged; whoever it belongs to can run `recto review repair`".into(),
        )),
        None => Ok(events),
    }
}

/// What a merge did, as JSON.
#[derive(Serialize)]
struct Merged<'a> {
    new_events: usize,
    new_steps: usize,
    known_steps: usize,
    said_again: usize,
    conflicts: Vec<Disagreement<'a>>,
    agreement: Vec<Agreed<'a>>,
}

#[derive(Serialize)]
struct Disagreement<'a> {
    article: String,
    title: Option<&'a str>,
    about: &'a str,
    /// Who says what; the last one counts.
    said: Vec<[&'a str; 2]>,
}

#[derive(Serialize)]
struct Agreed<'a> {
    authors: [&'a str; 2],
    articles: u64,
    alike: u64,
    percent: f64,
    kappa: Option<f64>,
}

impl<'a> Agreed<'a> {
    fn of(it: &'a Agreement) -> Self {
        Self {
            authors: it.authors.each_ref().map(String::as_str),
            articles: it.articles,
            alike: it.alike,
            percent: percent(it),
            kappa: it.kappa,
        }
    }
}

fn percent(it: &Agreement) -> f64 {
    100.0 * it.alike as f64 / it.articles as f64
}

/// How far two people agree, as a sentence.
fn agreed(it: &Agreement) -> String {
    let [one, other] = &it.authors;
    let articles = count(it.articles, "article");
    let kappa = match it.kappa {
        Some(kappa) => format!("Cohen's kappa {kappa:.2}"),
        None => "Cohen's kappa undefined: both said one thing of all".into(),
    };
    format!(
        "{one} and {other} judged {articles} both, {} alike: {:.0} %, {kappa}",
        it.alike,
        percent(it)
    )
}

fn join(dirs: &Dirs, files: &[std::path::PathBuf], json: bool, output: &mut Output) -> Outcome {
    // All are read before anything is written.
    let others: Vec<Vec<Event>> = files
        .iter()
        .map(|it| read_log(it))
        .collect::<Result<_, _>>()?;
    let mut log = session::open_log(dirs);
    let (mut new, mut steps, mut known, mut again) = (0, 0, 0, 0);
    let mut conflicts: Vec<Conflict> = Vec::new();
    for other in &others {
        let merge = log.take_in(other)?;
        new += merge.new.len();
        steps += merge.new_steps;
        known += merge.known_steps;
        again += merge.winners.len();
        // The last one knows them all.
        conflicts = merge.conflicts;
    }
    let agreement = merge::agreement(&log.all_events()?);
    if json {
        return output.json(&Merged {
            new_events: new,
            new_steps: steps,
            known_steps: known,
            said_again: again,
            conflicts: conflicts
                .iter()
                .map(|it| Disagreement {
                    article: it.article.to_string(),
                    title: it.title.as_deref(),
                    about: &it.about,
                    said: it
                        .said
                        .iter()
                        .map(|(who, what)| [&**who, &**what])
                        .collect(),
                })
                .collect(),
            agreement: agreement.iter().map(Agreed::of).collect(),
        });
    }
    let (steps, known) = (count(steps as u64, "step"), count(known as u64, "step"));
    output.line(&format!("{steps} taken in, {known} known already"))?;
    if !conflicts.is_empty() {
        let conflicts = count(conflicts.len() as u64, "conflict");
        output.line(&format!("{conflicts}; the newest word counts:"))?;
    }
    for it in conflicts.iter().take(LISTED) {
        let said: Vec<String> = it
            .said
            .iter()
            .map(|(who, what)| format!("{who} {what}"))
            .collect();
        let title = it.title.as_deref().unwrap_or_default();
        let id = super::record::short(it.article);
        output.line(&format!(
            "  {id}  {title}  {}: {}",
            it.about,
            said.join(", ")
        ))?;
    }
    if let Some(more @ 1..) = conflicts.len().checked_sub(LISTED) {
        output.line(&format!("  … and {more} more; --json lists all"))?;
    }
    agreement.iter().try_for_each(|it| output.line(&agreed(it)))
}

fn verify(dirs: &Dirs, output: &mut Output) -> Outcome {
    let report = repair::verify(&dirs.data).map_err(Failure::failed)?;
    let events = count(report.events, "event");
    match report.problem {
        None if report.sealed || report.events == 0 => output.line(&format!("{events}, all sound")),
        None => output.line(&format!(
            "{events}, all sound; bytes that hold no event were not checked, since the last change was not sealed"
        )),
        Some(problem) => Err(Failure::failed(format!(
            "{}: {problem}; {} of {events} verify; `recto review repair` sets the file aside and goes on with those",
            dirs.data.display(),
            report.sound
        ))),
    }
}

fn mend(dirs: &Dirs, output: &mut Output) -> Outcome {
    let (report, aside) = repair::repair(&dirs.data).map_err(Failure::failed)?;
    let Some(problem) = report.problem else {
        return output.line(&format!("{}, all sound", count(report.events, "event")));
    };
    output::say(&problem);
    if let Some(aside) = aside {
        output::say(&format!("the damaged file is now {}", aside.display()));
    }
    output.line(&format!(
        "{} of {} kept",
        report.sound,
        count(report.events, "event")
    ))
}

fn dump(dirs: &Dirs, output: &mut Output) -> Outcome {
    let log = session::open_log(dirs);
    let mut outcome = Ok(());
    log.events(&mut |event: &Event, hash| {
        outcome = output.json(&Line::of(event, hash));
        outcome.is_ok()
    })?;
    outcome?;
    match log.damage() {
        Some(why) => Err(Failure::failed(why)),
        None => Ok(()),
    }
}
