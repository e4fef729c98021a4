//! Completions of the command line for the shells that clap knows.

use std::path::Path;

use clap::{CommandFactory, ValueEnum};
use clap_complete::{Generator, Shell};

use super::write;
use crate::cli::args::Args;
use crate::cli::output::{Failure, Outcome, Output};

/// Prints the completions for a shell, or writes those for it or for all into a folder, named as shells look for them.
pub(super) fn scripts(shell: Option<Shell>, out: Option<&Path>, output: &mut Output) -> Outcome {
    match (shell, out) {
        (Some(shell), None) => output.bytes(&script(shell)),
        (Some(shell), Some(folder)) => write(folder, &shell.file_name("recto"), &script(shell)),
        (None, Some(folder)) => Shell::value_variants()
            .iter()
            .try_for_each(|shell| write(folder, &shell.file_name("recto"), &script(*shell))),
        (None, None) => Err(Failure::usage(
            "say for which shell, or name a folder for all of them: recto generate completions --out DIR",
        )),
    }
}

fn script(shell: Shell) -> Vec<u8> {
    let mut bytes = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "recto", &mut bytes);
    bytes
}
