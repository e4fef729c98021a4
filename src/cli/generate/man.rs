//! Man pages: that of recto, and one for each command.

use std::path::Path;

use clap::{Command, CommandFactory};
use clap_mangen::Man;

use super::write;
use crate::cli::args::Args;
use crate::cli::output::{Failure, Outcome, Output};

/// What the page of recto says beyond its help.
const MORE: &str = r#".SH EXIT STATUS
.TP
0
It worked; for a query: something was found.
.TP
1
Nothing was found, or it failed: a sentence on standard error says why.
.TP
2
The command line or the query was not understood.
.SH ENVIRONMENT
.TP
XDG_DATA_HOME, XDG_STATE_HOME, XDG_CACHE_HOME, XDG_CONFIG_HOME
Where the folders below stand; without them in .local/share, .local/state, .cache and .config of HOME.
.TP
RECTO_AUTHOR
The name that decisions are kept under, instead of that of config.toml or of whoever is logged in.
.TP
NO_COLOR
No colours on the screen.
.SH FILES
.TP
~/.local/share/recto/review.sqlite
The review log: tags, verdicts, notes, corrections of groups, saved queries. It cannot be made again.
.TP
~/.local/state/recto/
The last library and the last place in it.
.TP
~/.cache/recto/
What is derived from articles; may be deleted at any time.
.TP
~/.config/recto/config.toml, keymap.toml, theme.toml
Settings, keys, colours.
.SH EXAMPLES
.TP
recto crawl.jsonl
Reads on the screen.
.TP
recto diff left.txt right.txt
Says what differs, word by word.
.TP
recto groups crawl.jsonl \-\-format tsv
Prints a line for each record: its id and its group.
.TP
recto verdict keep is:best crawl.jsonl \-\-dry\-run
Says what keeping the best version of everything would leave out.
"#;

/// Prints the page of recto, or writes all pages into a folder.
pub(super) fn pages(out: Option<&Path>, output: &mut Output) -> Outcome {
    let mut root = Args::command().disable_help_subcommand(true);
    root.build();
    match out {
        Some(folder) => below(&root, folder),
        None => output.bytes(&page(&root)?.1),
    }
}

/// Writes the page of a command and those of the commands below it.
fn below(command: &Command, folder: &Path) -> Outcome {
    let (name, page) = page(command)?;
    write(folder, &name, &page)?;
    let shown = command.get_subcommands().filter(|it| !it.is_hide_set());
    shown
        .into_iter()
        .try_for_each(|command| below(command, folder))
}

/// The name of a page and what stands on it.
fn page(command: &Command) -> Result<(String, Vec<u8>), Failure> {
    let is_root = command.get_name() == "recto";
    let man = Man::new(command.clone());
    let mut page = Vec::new();
    man.render(&mut page)?;
    if is_root {
        page.extend_from_slice(MORE.as_bytes());
    }
    Ok((man.get_filename(), page))
}
