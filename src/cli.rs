//! The command line: what recto does without its screen, and the door to the screen.
//!
//! Results go to standard output, everything else to standard error. Exit codes: 0, 1 (nothing found, or it failed), 2
//! (not understood). Only this module and the runtime read the environment, the clock and the terminal; one file a
//! command.

use std::ffi::OsString;
use std::process::ExitCode;

pub mod args;
mod check;
mod decide;
mod diff;
pub(crate) mod export;
mod filters;
mod generate;
mod groups;
mod note;
mod output;
mod query;
mod read;
mod record;
mod relate;
mod review;
#[cfg(feature = "tui")]
mod screen;
mod session;
mod show;
mod stats;
mod tag;
mod tags;
mod undo;
mod verdict;

use args::{Args, Command};
use output::{Failure, Outcome, Output};

use crate::store::ingest::process;
use crate::store::types::Said;

/// Runs the program with its arguments, the name of the program in front.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    mute_guarded_panics();
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if arguments.get(1).is_some_and(|it| it == process::COMMAND) {
        return match process::serve() {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        };
    }
    if let Ok(program) = std::env::current_exe() {
        process::enable(program);
    }
    let args = match args::parse(arguments) {
        Ok(args) => args,
        Err(error) => return args::report(&error),
    };
    let mut output = Output::standard();
    let outcome = run(args, &mut output).and_then(|()| output.finish());
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // What was found so far is still a result.
            let flushed = output.finish();
            if let (Some(message), Ok(())) = (&failure.message, flushed) {
                output::say(message);
            }
            ExitCode::from(failure.code)
        }
    }
}

/// A panic that becomes a message about a file is not reported twice.
fn mute_guarded_panics() {
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !crate::formats::is_guarded() {
            report(info);
        }
    }));
}

fn run(args: Args, output: &mut Output) -> Outcome {
    match args.command {
        None => read::run(&args.read, output),
        Some(Command::Read(args)) => read::run(&args, output),
        Some(Command::Check(args)) => check::run(&args, output),
        Some(Command::Query(args)) => query::run(&args, output),
        Some(Command::Show(args)) => show::run(&args, output),
        Some(Command::Diff(args)) => diff::run(&args, output),
        Some(Command::Groups(args)) => groups::run(&args, output),
        Some(Command::Apart(args)) => relate::run(&args, Said::Apart, output),
        Some(Command::Join(args)) => relate::run(&args, Said::Same, output),
        Some(Command::Export(args)) => export::run(&args, output),
        Some(Command::Tag(args)) => tag::run(&args, output),
        Some(Command::Verdict(args)) => verdict::run(&args, output),
        Some(Command::Note(args)) => note::run(&args, output),
        Some(Command::Notes(args)) => note::list(&args, output),
        Some(Command::Filters(args)) => filters::run(&args, output),
        Some(Command::Undo(args)) => undo::run(&args, true, output),
        Some(Command::Redo(args)) => undo::run(&args, false, output),
        Some(Command::Tags(args)) => tags::run(&args, output),
        Some(Command::Stats(args)) => stats::run(&args, output),
        Some(Command::Review(args)) => review::run(&args, output),
        Some(Command::Generate(args)) => generate::run(&args, output),
    }
}

/// A command could not do what it was asked, said in one sentence.
fn failed<T>(message: impl Into<String>) -> Result<T, Failure> {
    Err(Failure::failed(message))
}
