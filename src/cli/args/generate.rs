//! The arguments of `generate`.

use std::path::PathBuf;

use clap::Subcommand;
use clap_complete::Shell;

#[cfg(feature = "tui")]
use super::Sources;

/// Arguments of `generate`.
#[derive(Debug, clap::Args)]
pub struct Generate {
    /// What to make.
    #[command(subcommand)]
    pub what: Document,
}

/// What can be generated.
#[derive(Debug, Subcommand)]
pub enum Document {
    /// Man pages: recto.1, and one for each command.
    Man {
        /// The folder for all pages, made if it is missing; without it, the page of recto itself goes to standard output.
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
    /// Completions of the command line.
    Completions {
        /// For which shell; without it, for all of them, which needs --out.
        shell: Option<Shell>,
        /// The folder for the scripts, made if it is missing; without it, that of one shell goes to standard output.
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
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
    /// Pictures of the screen on a collection, as SVG: library, reader, compare, versions, statistics.
    #[cfg(feature = "tui")]
    Screens(Screens),
}

/// Arguments of `generate screens`.
#[cfg(feature = "tui")]
#[derive(Debug, clap::Args)]
pub struct Screens {
    /// What is shown.
    #[command(flatten)]
    pub sources: Sources,
    /// The folder for the pictures, made if it is missing.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}
