//! `recto generate`: what packages and documentation need, made from the program itself.

use clap::CommandFactory;

use super::args::{Args, Document, Generate};
use super::output::{Outcome, Output};

/// Prints the document.
pub(super) fn run(args: &Generate, output: &mut Output) -> Outcome {
    match args.what {
        Document::Commands => commands(output),
        Document::Query => output.line(crate::query::manual().trim_end()),
    }
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
