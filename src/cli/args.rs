//! What can be said on the command line. The comments are the help.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand, ValueEnum};

use super::output;
use crate::formats;
#[cfg(feature = "tui")]
use crate::theme::ThemeName;

mod diff;
mod export;
mod generate;
mod review;

pub use diff::{Diff, DiffFormat};
pub use export::{Export, ExportFormat};
#[cfg(feature = "tui")]
pub use generate::Screens;
pub use generate::{Document, Generate};
pub use review::{Filters, FiltersCommand, Note, Notes, Review, ReviewCommand, Tags, TagsCommand};

/// Reads a pile of parsed articles, finds which are versions of one another, shows what differs, and keeps what you
/// decide.
#[derive(Debug, Parser)]
#[command(name = "recto", version, args_conflicts_with_subcommands = true)]
#[command(
    after_help = "A folder that is named like a command is written ./diff. \
                        Tags and verdicts are kept apart from the articles, which are never changed."
)]
pub struct Args {
    /// What to do; reading, when nothing is said.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// What to read.
    #[command(flatten)]
    pub read: Read,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read: the screen in a terminal, else the list as text.
    Read(Read),
    /// Load everything and name what was skipped, and why.
    #[command(after_help = "The exit code is 1 only when nothing at all was loaded.")]
    Check(Check),
    /// Print the articles that a query finds.
    Query(Query),
    /// Print one article.
    Show(Show),
    /// Compare two files, articles or folders, or more than two that are versions of one text.
    Diff(Diff),
    /// Print which articles are versions of one another.
    Groups(Groups),
    /// Say that two articles are no versions of one text, whatever grouping finds: one step of undo.
    Apart(Pair),
    /// Say that two articles are one text, whatever grouping finds: one step of undo.
    Join(Pair),
    /// Write the articles that a query finds with all their fields and what was decided about them.
    Export(Export),
    /// Put tags on everything that a query finds, or take them off: one step of undo.
    Tag(Tag),
    /// Keep, drop or skip everything that a query finds, and set the other versions of what is kept aside: one step of
    /// undo.
    Verdict(Verdict),
    /// Write a note on an article, or on a paragraph of it: one step of undo.
    Note(Note),
    /// Print the notes.
    Notes(Notes),
    /// Print the saved queries, save one, or remove one; `query:NAME` asks it.
    Filters(Filters),
    /// Take back the last change of tags, verdicts, notes, groups and saved queries.
    Undo(Undo),
    /// Bring back what was taken back last.
    Redo(Undo),
    /// Print the tags and how many articles have them, rename a tag, or merge several.
    Tags(Tags),
    /// Print what a library holds, in numbers: records, articles, groups, words, formats, languages, bytes by part.
    Stats(Stats),
    /// Look after the review log, which holds all that you decided.
    Review(Review),
    /// Make what packages and documentation need: man pages, completions for shells, the documents and
    /// their pictures.
    Generate(Generate),
}

/// Where articles come from.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Sources {
    /// Files, folders, patterns, or - for standard input; without one, the last library.
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Which fields or columns of records hold what: text=body,title=headline.
    #[arg(long, value_name = "FIELD=NAME", value_delimiter = ',', value_parser = field)]
    pub map: Vec<(String, String)>,
    /// Leave out files in folders that match, as in a .gitignore; may be given several times.
    #[arg(long, value_name = "GLOB")]
    pub exclude: Vec<String>,
}

impl Sources {
    /// What the readers of formats are told.
    pub fn options(&self, limits: formats::Limits) -> formats::Options {
        formats::Options {
            limits,
            map: self.map.clone(),
            exclude: self.exclude.clone(),
        }
    }
}

fn field(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((field, _)) if formats::Role::by_name(field).is_none() => {
            let roles: Vec<_> = formats::Role::names().collect();
            Err(format!("{field:?} is none of {}", roles.join(", ")))
        }
        Some((field, name)) if !name.is_empty() => Ok((field.to_owned(), name.to_owned())),
        _ => Err("write it as text=body".into()),
    }
}

/// In which form results are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// One JSON value.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// Columns with tabs between them.
    Tsv,
}

/// The form of results.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub struct Form {
    /// In which form.
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    format: Format,
    /// The same as --format json.
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

impl Form {
    /// The form that was asked for.
    pub fn get(self) -> Format {
        if self.json { Format::Json } else { self.format }
    }
}

/// Arguments of `read`.
#[derive(Debug, Default, clap::Args)]
pub struct Read {
    /// What to read.
    #[command(flatten)]
    pub sources: Sources,
    /// The form of the list.
    #[command(flatten)]
    pub form: Form,
    /// Draw lines and signs of the screen with plain ASCII.
    #[cfg(feature = "tui")]
    #[arg(long)]
    pub ascii: bool,
    /// When to use colours on the screen; NO_COLOR says never, unless this or a theme is given.
    #[cfg(feature = "tui")]
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = When::Auto)]
    pub color: When,
    /// The theme of the screen: auto, dark, light, high-contrast, colour-blind or mono.
    #[cfg(feature = "tui")]
    #[arg(long, value_name = "NAME", value_parser = theme)]
    pub theme: Option<ThemeName>,
}

#[cfg(feature = "tui")]
fn theme(name: &str) -> Result<ThemeName, String> {
    ThemeName::by_name(name)
        .ok_or_else(|| "auto, dark, light, high-contrast, colour-blind or mono".into())
}

/// When to use colours.
#[cfg(feature = "tui")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// Where the terminal has them and nothing speaks against them.
    #[default]
    Auto,
    /// In any case.
    Always,
    /// In no case.
    Never,
}

/// Arguments of `check`.
#[derive(Debug, clap::Args)]
pub struct Check {
    /// What to load.
    #[command(flatten)]
    pub sources: Sources,
    /// Print the counts as one JSON object.
    #[arg(long)]
    pub json: bool,
}

/// A query and where to ask it.
#[derive(Debug, clap::Args)]
pub struct Question {
    /// What to look for, as in the filter of the screen, e.g. 'virus date:2020-04 versions:>1'.
    #[arg(value_name = "QUERY", required_unless_present = "expression")]
    query: Option<OsString>,
    /// The query, where it begins with -.
    #[arg(
        short = 'e',
        long = "query",
        value_name = "QUERY",
        allow_hyphen_values = true
    )]
    expression: Option<String>,
    #[command(flatten)]
    sources: Sources,
}

impl Question {
    /// The query and the sources. With `-e`, what stands where the query would stand is a path.
    pub fn get(&self) -> Result<(String, Sources), String> {
        let mut sources = self.sources.clone();
        match (&self.expression, &self.query) {
            (Some(expression), path) => {
                if let Some(path) = path {
                    sources.paths.insert(0, path.into());
                }
                Ok((expression.clone(), sources))
            }
            (None, Some(query)) => match query.to_str() {
                Some(query) => Ok((query.to_owned(), sources)),
                None => Err("the query is not valid UTF-8".into()),
            },
            (None, None) => Err("a query is missing".into()),
        }
    }
}

/// Arguments of `query`.
#[derive(Debug, clap::Args)]
pub struct Query {
    /// What to look for, and where.
    #[command(flatten)]
    pub question: Question,
    /// The form of the hits.
    #[command(flatten)]
    pub form: Form,
}

/// In which form an article is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ArticleFormat {
    /// For people.
    #[default]
    Text,
    /// Markdown.
    Md,
    /// One JSON object.
    Json,
    /// As it was read.
    Raw,
}

/// Arguments of `show`.
#[derive(Debug, clap::Args)]
pub struct Show {
    /// Its id or the beginning of it, the id of its record, or its file.
    pub article: String,
    /// Where to look for it.
    #[command(flatten)]
    pub sources: Sources,
    /// In which form.
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    format: ArticleFormat,
    /// The same as --format json.
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

impl Show {
    /// The form that was asked for.
    pub fn format(&self) -> ArticleFormat {
        if self.json {
            ArticleFormat::Json
        } else {
            self.format
        }
    }
}

/// Arguments of `groups`.
#[derive(Debug, clap::Args)]
pub struct Groups {
    /// What to group.
    #[command(flatten)]
    pub sources: Sources,
    /// The form: tsv has one line a record, its id (or file) and its group.
    #[command(flatten)]
    pub form: Form,
    /// Say why articles belong together.
    #[arg(long)]
    pub why: bool,
    /// Say on standard error what each step did and how long it took (tsv, and where more is read than fits into memory).
    #[arg(long)]
    pub stats: bool,
    /// About how much memory the work may take, such as 500MB or 2GB; beyond it, it goes on through files. 2GB, or what
    /// config.toml says, if not given.
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub memory: Option<u64>,
    /// A folder for what grouping keeps, so that the next run reads and judges only what is new.
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
    /// How many threads work; as many as there are cores if not given (tsv).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: Option<u16>,
}

/// Reads a size in bytes: `500MB`, `2 GB`, `1048576`.
fn size(text: &str) -> Result<u64, String> {
    let text = text.trim();
    let digits = text.len()
        - text
            .trim_start_matches(|it: char| it.is_ascii_digit())
            .len();
    let (number, unit) = text.split_at(digits);
    let shift = match unit.trim().to_ascii_uppercase().as_str() {
        "" | "B" => Some(0),
        "K" | "KB" => Some(10),
        "M" | "MB" => Some(20),
        "G" | "GB" => Some(30),
        "T" | "TB" => Some(40),
        _ => None,
    };
    let size = number.parse::<u64>().ok().zip(shift);
    size.and_then(|(number, shift)| number.checked_mul(1 << shift))
        .filter(|size| *size >= 16 << 20)
        .ok_or_else(|| "write it as 500MB or 2GB, and no less than 16MB".into())
}

/// Arguments of `apart` and `join`.
#[derive(Debug, clap::Args)]
pub struct Pair {
    /// One article: its id or the beginning of it, the id of its record, or its file.
    #[arg(value_name = "ARTICLE")]
    pub one: String,
    /// The other, likewise.
    #[arg(value_name = "OTHER")]
    pub other: String,
    /// Where to look for them.
    #[command(flatten)]
    pub sources: Sources,
    /// Only say what would be done.
    #[arg(long)]
    pub dry_run: bool,
    /// Print what was done as one JSON object.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `tag`.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("tags").required(true).multiple(true).args(["add", "remove"])))]
pub struct Tag {
    /// Put a tag on them; may be given several times.
    #[arg(long, value_name = "TAG")]
    pub add: Vec<String>,
    /// Take a tag off them; may be given several times.
    #[arg(long, value_name = "TAG")]
    pub remove: Vec<String>,
    /// On which articles.
    #[command(flatten)]
    pub question: Question,
    /// Only say what would be done.
    #[arg(long)]
    pub dry_run: bool,
    /// Print what was done as one JSON object.
    #[arg(long)]
    pub json: bool,
}

/// What can be decided about an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Word {
    /// It belongs in the cleaned collection.
    Keep,
    /// It does not.
    Drop,
    /// Another time.
    Skip,
    /// Take the verdict back.
    None,
}

/// Arguments of `verdict`.
#[derive(Debug, clap::Args)]
pub struct Verdict {
    /// The verdict.
    pub verdict: Word,
    /// On which articles.
    #[command(flatten)]
    pub question: Question,
    /// Only say what would be done.
    #[arg(long)]
    pub dry_run: bool,
    /// Print what was done as one JSON object.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `undo` and `redo`.
#[derive(Debug, clap::Args)]
pub struct Undo {
    /// In which library.
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Print what was done as one JSON object.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `stats`.
#[derive(Debug, clap::Args)]
pub struct Stats {
    /// Of which articles.
    #[command(flatten)]
    pub sources: Sources,
    /// The form of the numbers.
    #[command(flatten)]
    pub form: Form,
}

/// Reads the command line.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Args, clap::Error> {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if let Some(command) = misplaced_command(&arguments) {
        let message = format!(
            "options stand behind the name of the command: recto {command} --option; a folder of this name is written \
             ./{command}"
        );
        return Err(Args::command().error(clap::error::ErrorKind::ArgumentConflict, message));
    }
    Args::try_parse_from(arguments)
}

/// The name of a command that stands behind an option. Without this check it would be taken for a folder, and all that
/// anybody would hear is that there is no such folder.
fn misplaced_command(arguments: &[OsString]) -> Option<String> {
    let mut words = arguments.iter().skip(1).peekable();
    let is_option = |word: &OsStr| {
        let bytes = word.as_encoded_bytes();
        bytes.starts_with(b"-") && bytes.len() > 1 && bytes != b"--"
    };
    if !words.peek().is_some_and(|word| is_option(word)) {
        return None;
    }
    let commands = Args::command();
    words
        .take_while(|word| word.as_encoded_bytes() != b"--")
        .filter_map(|word| word.to_str())
        .find(|word| commands.find_subcommand(word).is_some())
        .map(str::to_owned)
}

/// Prints help, version or a mistake, and gives the exit code for it.
pub fn report(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        // Help and version: nothing foreign is in them.
        let printed = error.print();
        return ExitCode::from(u8::from(printed.is_err()));
    }
    // Mistakes quote what was typed.
    let message = error.render().to_string();
    for line in message.lines() {
        output::print_clean(line);
    }
    if error.kind() == clap::error::ErrorKind::UnknownArgument && takes_query(&message) {
        output::print_clean("A QUERY that begins with - stands behind -e or behind --.");
    }
    ExitCode::from(2)
}

/// Says whether the command that a refusal is about is asked with a query.
fn takes_query(message: &str) -> bool {
    let mut lines = message.lines();
    lines.any(|line| line.starts_with("Usage:") && line.contains("QUERY"))
}

#[cfg(test)]
mod tests;
