//! The arguments of the commands that keep what a person says: notes, tags, saved queries, the review log.

use std::path::PathBuf;

use clap::Subcommand;

use super::{Form, Sources};

/// Arguments of `note`.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("what").required(true).args(["text", "remove"])))]
pub struct Note {
    /// Its id or the beginning of it, the id of its record, or its file.
    pub article: String,
    /// What to note; - reads it from standard input. Takes the place of the note that stands there.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub text: Option<String>,
    /// Take the note away.
    #[arg(long)]
    pub remove: bool,
    /// On this paragraph, counted from 1 as `recto show` prints them; it is quoted in the note.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub paragraph: Option<u32>,
    /// Where to look for the article.
    #[command(flatten)]
    pub sources: Sources,
    /// Only say what would be done.
    #[arg(long)]
    pub dry_run: bool,
    /// Print what was done as one JSON object.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `notes`.
#[derive(Debug, clap::Args)]
pub struct Notes {
    /// Of the articles that this query finds.
    #[arg(long, value_name = "QUERY", allow_hyphen_values = true)]
    pub of: Option<String>,
    /// Of which articles.
    #[command(flatten)]
    pub sources: Sources,
    /// The form of the list; tsv has the id, the paragraph, the note and the quoted words.
    #[command(flatten)]
    pub form: Form,
}

/// Arguments of `tags`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Tags {
    /// What to do instead of printing.
    #[command(subcommand)]
    pub command: Option<TagsCommand>,
    /// Print the tags of each article that this query finds, one line a tag: id, tab, tag.
    #[arg(long, value_name = "QUERY", allow_hyphen_values = true)]
    pub of: Option<String>,
    /// Of which articles.
    #[command(flatten)]
    pub sources: Sources,
    /// The form of the list.
    #[command(flatten)]
    pub form: Form,
}

/// What can be done with tags.
#[derive(Debug, Subcommand)]
pub enum TagsCommand {
    /// Call a tag otherwise, with all that stands below it: a/b becomes x/b. One step of undo.
    Rename {
        /// The tag.
        old: String,
        /// Its new name; one that is in use already joins both.
        new: String,
        /// In which collection.
        #[command(flatten)]
        sources: Sources,
        /// Only say what would be done.
        #[arg(long)]
        dry_run: bool,
        /// Print what was done as one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Put the last tag in the place of the others: one step of undo.
    Merge {
        /// The tags; the last takes the place of the others.
        #[arg(value_name = "TAG", required = true, num_args = 2..)]
        tags: Vec<String>,
        /// In which collection; without it, the last one.
        #[arg(long = "in", value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// Only say what would be done.
        #[arg(long)]
        dry_run: bool,
        /// Print what was done as one JSON object.
        #[arg(long)]
        json: bool,
    },
}

/// Arguments of `filters`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Filters {
    /// What to do instead of printing.
    #[command(subcommand)]
    pub command: Option<FiltersCommand>,
    /// The form of the list.
    #[command(flatten)]
    pub form: Form,
}

/// What can be done with saved queries.
#[derive(Debug, Subcommand)]
pub enum FiltersCommand {
    /// Save a query under a name: one step of undo.
    Save {
        /// One word.
        name: String,
        /// The query.
        #[arg(allow_hyphen_values = true)]
        query: String,
        /// The library whose undo takes it back; without it, the last one.
        #[arg(value_name = "PATH")]
        paths: Vec<PathBuf>,
    },
    /// Forget a saved query: one step of undo.
    Remove {
        /// Its name.
        name: String,
        /// The library whose undo brings it back; without it, the last one.
        #[arg(value_name = "PATH")]
        paths: Vec<PathBuf>,
    },
}

/// Arguments of `review`.
#[derive(Debug, clap::Args)]
pub struct Review {
    /// What to do with the log.
    #[command(subcommand)]
    pub command: ReviewCommand,
}

/// What can be done with the review log.
#[derive(Debug, Subcommand)]
pub enum ReviewCommand {
    /// Check every page and every event; exit 1 when something is wrong.
    Verify,
    /// Print every event as one JSON object a line.
    Dump,
    /// Write a dump back where there is no log yet: event for event, hash for hash.
    Restore {
        /// The dump, or - for standard input.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Set a damaged log aside and go on with every event that verifies.
    Repair,
    /// Take in what other people decided: dumps, or their review.sqlite. Says what is new, what you disagree about, and
    /// how far you agree.
    Merge {
        /// The logs.
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
        /// Print it as one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Say how far the people of this log agree.
    Agreement {
        /// Print it as one JSON array.
        #[arg(long)]
        json: bool,
    },
    /// Read changes, one a line, and say of each `ok` and its event once it is on disk. A line is an article and a tag
    /// with a tab between them, or a JSON object: {"article":"…","tag":"…"}, with "untag", "verdict" or "note"
    /// (and "paragraph") instead.
    Apply {
        /// The changes; - is standard input.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Where the articles are.
        #[command(flatten)]
        sources: Sources,
    },
    /// List decisions whose articles are gone, and hand them to the articles that may have taken their place.
    Rebind {
        /// The gone article, as listed; without it, all are listed.
        #[arg(value_name = "GONE", requires = "to")]
        gone: Option<String>,
        /// The article that takes its place: its id or the beginning of it, the id of its record, or its file.
        #[arg(long, value_name = "ARTICLE")]
        to: Option<String>,
        /// Take every article that is offered.
        #[arg(long, conflicts_with = "gone")]
        all: bool,
        /// Where the articles are.
        #[arg(long = "in", value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// Print the list as one JSON array.
        #[arg(long)]
        json: bool,
    },
}
