//! `recto generate`: what packages and documentation need, made from the program itself.

mod completions;
mod man;
#[cfg(feature = "tui")]
mod screen;
#[cfg(feature = "tui")]
mod screens;
#[cfg(feature = "tui")]
mod svg;

use std::fs;
use std::path::Path;

use clap::CommandFactory;

use super::args::{Args, Document, Generate};
use super::output::{Failure, Outcome, Output};
use crate::store::ingest::reason;

/// Makes the document.
pub(super) fn run(args: &Generate, output: &mut Output) -> Outcome {
    match &args.what {
        Document::Man { out } => man::pages(out.as_deref(), output),
        Document::Completions { shell, out } => {
            completions::scripts(*shell, out.as_deref(), output)
        }
        Document::Commands => commands(output),
        #[cfg(feature = "tui")]
        Document::Keys => screen::keys(output),
        #[cfg(feature = "tui")]
        Document::Config => screen::config(output),
        #[cfg(feature = "tui")]
        Document::Screens(args) => screens::pictures(args),
        // A line is cleaned as one, so line breaks in it would be lost.
        Document::Query => crate::query::manual()
            .lines()
            .try_for_each(|line| output.line(line)),
    }
}

/// Writes a file into a folder that is made if it is missing.
fn write(folder: &Path, name: &str, content: &[u8]) -> Outcome {
    let file = folder.join(name);
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(&file, content));
    written.map_err(|error| {
        let file = file.display();
        Failure::failed(format!("{file} cannot be written: {}", reason(&error)))
    })
}

/// The help of every command, as Markdown.
fn commands(output: &mut Output) -> Outcome {
    let mut all = Args::command();
    all.build();
    output.line("# The commands of recto")?;
    output.line("")?;
    output.line("Made by `recto generate commands`.")?;
    print(&mut all, "recto", 2, output)
}

fn print(command: &mut clap::Command, name: &str, level: usize, output: &mut Output) -> Outcome {
    output.line("")?;
    output.line(&format!("{} `{name}`", "#".repeat(level)))?;
    output.line("")?;
    output.line("```")?;
    let help = command.clone().term_width(100).render_long_help();
    for line in help.to_string().trim_end().lines() {
        output.line(line.trim_end())?;
    }
    output.line("```")?;
    let below: Vec<clap::Command> = command.get_subcommands().cloned().collect();
    for mut command in below.into_iter().filter(|it| it.get_name() != "help") {
        let name = format!("{name} {}", command.get_name());
        print(&mut command, &name, level + 1, output)?;
    }
    Ok(())
}
