//! The arguments of `generate`.

use std::path::PathBuf;

use clap::ValueEnum;
use clap_complete::Shell;

/// Arguments of `generate`.
#[derive(Debug, clap::Args)]
pub struct Generate {
    /// What to make.
    pub what: Document,
    /// For which shell (completions); without it, for all of them, which needs --out.
    pub shell: Option<Shell>,
    /// The folder for man pages and completions, made if it is missing; without it, the page of recto itself or the
    /// completions of one shell go to standard output.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// What can be generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Document {
    /// Man pages: recto.1, and one for each command.
    Man,
    /// Completions of the command line.
    Completions,
    /// The command line, as Markdown.
    Commands,
    /// The keys and the commands of the screen, as Markdown.
    #[cfg(feature = "tui")]
    Keys,
    /// The settings and the roles of the colours, as Markdown.
    #[cfg(feature = "tui")]
    Config,
    /// The query language, as Markdown.
    Query,
}
