//! What can be said to `recto diff`.

use clap::{ValueEnum, ValueHint};

use crate::diff::Class;
use crate::nearest::did_you_mean;

/// In which form a comparison is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum DiffFormat {
    /// Side by side where the terminal is wide enough, else unified; of three and more the apparatus.
    #[default]
    Text,
    /// Below each other.
    Unified,
    /// One JSON object, schema prose-diff/1, of three and more prose-versions/1.
    Json,
    /// One page that needs nothing else.
    Html,
}

/// Arguments of `diff`.
#[derive(Debug, clap::Args)]
pub struct Diff {
    /// A file, an article of the last library, or a collection: a folder, or a file of several articles.
    #[arg(value_hint = ValueHint::AnyPath)]
    pub left: String,
    /// Another; beside a collection a collection: their articles are paired by path and id, address, text, and as versions.
    #[arg(value_hint = ValueHint::AnyPath)]
    pub right: String,
    /// More versions of the same text: they are named A, B, C … in this order.
    #[arg(value_hint = ValueHint::AnyPath)]
    pub more: Vec<String>,
    /// The version that the others are compared with, by letter or as given; else the one that has most in common with
    /// all.
    #[arg(long, value_name = "VERSION", requires = "more")]
    pub base: Option<String>,
    /// In which form.
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    format: DiffFormat,
    /// The same as --format json.
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// Kinds of difference to pass over: reflow, typographic, case, metadata, boilerplate, moved, added, removed, edited.
    /// JSON holds them all the same.
    #[arg(long, value_name = "KINDS", value_delimiter = ',', value_parser = class)]
    pub hide: Vec<Class>,
    /// Of two collections only what was added, removed and changed, by how much; not how.
    #[arg(long)]
    pub stat: bool,
    /// Opens the screen on that list; without a terminal it is printed.
    #[cfg(feature = "tui")]
    #[arg(long, conflicts_with_all = ["format", "json", "stat", "width", "hide", "more"])]
    pub open: bool,
    /// How wide the text is, in columns.
    #[arg(long, value_name = "COLUMNS")]
    pub width: Option<usize>,
}

impl Diff {
    /// Of two collections the list is wanted, and no comparison.
    pub fn lists(&self) -> bool {
        #[cfg(feature = "tui")]
        let opens = self.open;
        #[cfg(not(feature = "tui"))]
        let opens = false;
        self.stat || opens
    }

    /// The form that was asked for.
    pub fn format(&self) -> DiffFormat {
        if self.json {
            DiffFormat::Json
        } else {
            self.format
        }
    }

    /// Everything that is to be compared, in order.
    pub fn names(&self) -> Vec<&str> {
        let more = self.more.iter().map(String::as_str);
        [&*self.left, &*self.right]
            .into_iter()
            .chain(more)
            .collect()
    }
}

/// The kind of difference of that name, if it may be hidden.
fn class(name: &str) -> Result<Class, String> {
    match Class::by_name(name) {
        Some(class) if class.can_hide() => Ok(class),
        Some(class) => Err(format!("a {class} that differs is never hidden")),
        None => {
            let names = Class::ALL.into_iter().filter(|class| class.can_hide());
            let hint = did_you_mean(name, names.map(Class::name));
            Err(format!("no kind of difference is called that{hint}"))
        }
    }
}
