//! `recto review`: looks after the review log.

use serde::Serialize;

use super::args::{Review, ReviewCommand};
use super::output::{self, Failure, Outcome, Output, count};
use super::session;
use crate::store::dirs::Dirs;
use crate::store::review::{Event, repair};
use crate::store::types::Subject;

/// Runs the subcommand.
pub(super) fn run(args: &Review, output: &mut Output) -> Outcome {
    let dirs = session::dirs()?;
    match args.command {
        ReviewCommand::Verify => verify(&dirs, output),
        ReviewCommand::Dump => dump(&dirs, output),
        ReviewCommand::Repair => mend(&dirs, output),
    }
}

fn verify(dirs: &Dirs, output: &mut Output) -> Outcome {
    let report = repair::verify(&dirs.data).map_err(Failure::failed)?;
    let events = count(report.events, "event");
    match report.problem {
        None => output.line(&format!("{events}, all sound")),
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

/// One event as JSON, named like the columns of the file.
#[derive(Serialize)]
struct Line<'a> {
    number: u64,
    step: u64,
    library: &'a str,
    author: &'a str,
    time: i64,
    deed: &'a str,
    value: Option<String>,
    article: Option<String>,
    path: Option<String>,
    record: Option<u64>,
    record_id: Option<&'a str>,
    url: Option<&'a str>,
    title: Option<&'a str>,
    hash: String,
}

fn dump(dirs: &Dirs, output: &mut Output) -> Outcome {
    let log = session::open_log(dirs);
    let mut outcome = Ok(());
    log.events(&mut |event: &Event, hash| {
        let (deed, value) = event.act.words();
        let subject: Option<&Subject> = event.subject.as_ref();
        outcome = output.json(&Line {
            number: event.number,
            step: event.step,
            library: &event.library.0,
            author: &event.author,
            time: event.time,
            deed,
            value,
            article: subject.map(|it| it.article.to_string()),
            path: subject.map(|it| it.path.to_string_lossy().into_owned()),
            record: subject.and_then(|it| it.record),
            record_id: subject.and_then(|it| it.record_id.as_deref()),
            url: subject.and_then(|it| it.url.as_deref()),
            title: subject.and_then(|it| it.title.as_deref()),
            hash: hash.iter().map(|byte| format!("{byte:02x}")).collect(),
        });
        outcome.is_ok()
    })?;
    outcome?;
    match log.damage() {
        Some(why) => Err(Failure::failed(why)),
        None => Ok(()),
    }
}
