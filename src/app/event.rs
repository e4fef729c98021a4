//! What `update` is told: an action of a person, typed text, a new size, or the answer to an effect.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diff::Comparison;
use crate::model::{ArticleId, Clean, Decision};
use crate::store::types::{Boilerplate, Changes, Entry, Hit, Page, Receipt, Statistics, Why};

use super::action::Action;
use super::rule::Rule;
use super::versions::Collated;

/// One thing that happened. Closed, so that a journey can be logged and replayed.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A command, from a key or the palette.
    Action(Action),
    /// Text typed or pasted while a prompt is open.
    Insert(String),
    /// The mouse.
    Mouse(Mouse),
    /// Keys typed so far that begin a longer sequence, with what may follow; empty when the sequence has ended.
    Pending(Vec<Hint>),
    /// The terminal has this size now, in cells.
    Resize {
        /// Columns.
        columns: u16,
        /// Rows.
        rows: u16,
    },
    /// What was asked for takes its time.
    Slow,
    /// The world answers.
    Reply(Reply),
}

/// What the mouse did, and at which cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mouse {
    /// What it did.
    pub gesture: Gesture,
    /// The column.
    pub column: u16,
    /// The row.
    pub row: u16,
}

/// What a mouse does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gesture {
    /// The left button went down.
    Click,
    /// The mouse moved while the left button is down.
    Drag,
    /// The left button went up.
    Release,
    /// The wheel turned towards the person.
    WheelDown,
    /// The wheel turned away.
    WheelUp,
}

/// A key that may follow an unfinished sequence, and what it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The key as written in the keymap.
    pub key: String,
    /// What it leads to.
    pub label: String,
}

/// The answer to an effect.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// Reading goes on.
    Progress(Progress),
    /// Everything is read; groups are looked for.
    Grouping(Share),
    /// The collection is at hand. It may still be read: its first articles are there.
    Opened {
        /// What it is called: its first path, shortened.
        name: Clean,
        /// Why nothing can be saved, when nothing can.
        read_only: Option<Clean>,
        /// Things to be said at the start: mistakes in the configuration.
        notices: Vec<Clean>,
    },
    /// There are more articles than before.
    Grown,
    /// Reading has ended.
    Complete {
        /// It was called off before the end.
        stopped: bool,
        /// Things to be said: decisions without an article.
        notices: Vec<Clean>,
        /// What could not be read as it stands.
        diagnostics: Vec<Clean>,
    },
    /// Numbers for the header.
    Census(Census),
    /// Rows of the list.
    Found {
        /// The ticket of the request.
        ticket: u64,
        /// The filter as typed.
        query: String,
        /// The hits.
        page: Page,
    },
    /// The versions of a group, for unfolding it.
    Versions {
        /// The article whose row is unfolded.
        of: ArticleId,
        /// All versions, in order.
        hits: Vec<Hit>,
    },
    /// The versions of a group, to choose from.
    Choices {
        /// The ticket of the request.
        ticket: u64,
        /// The article that one is chosen for.
        of: ArticleId,
        /// All versions, in order.
        hits: Vec<Hit>,
    },
    /// Articles were written to a file; what there is to say of it.
    Exported(Clean),
    /// An article to read.
    Entry {
        /// The ticket of the request.
        ticket: u64,
        /// The article.
        article: Fetched,
    },
    /// Articles on the screen as they are now.
    Renewed(Vec<Fetched>),
    /// Why an article is a version of others.
    Why {
        /// The ticket of the request.
        ticket: u64,
        /// The article.
        of: ArticleId,
        /// What there is to say.
        why: Arc<Why>,
        /// Whether nothing of it was told before.
        first: bool,
    },
    /// Two articles compared.
    Compared {
        /// The ticket of the request.
        ticket: u64,
        /// Both sides and their comparison.
        pair: Arc<Compared>,
    },
    /// The versions of a text, collated.
    Collated {
        /// The ticket of the request.
        ticket: u64,
        /// The versions and how they differ.
        collated: Arc<Collated>,
    },
    /// The collection in numbers.
    Statistics {
        /// The ticket of the request.
        ticket: u64,
        /// The numbers.
        numbers: Arc<Statistics>,
    },
    /// So many pairs of how many are compared.
    Compares {
        /// The ticket of the request.
        ticket: u64,
        /// Those that are done.
        done: u64,
        /// All of them.
        of: u64,
    },
    /// What changed between the two inputs.
    Changes {
        /// The ticket of the request.
        ticket: u64,
        /// The list.
        changes: Arc<Changes>,
    },
    /// A change, an undo or a redo is on disk.
    Reviewed {
        /// What was done; nothing when somebody else did it.
        receipt: Option<Receipt>,
        /// Everything decided about the articles that it touched.
        decisions: Vec<(ArticleId, Decision)>,
        /// Groups changed.
        regrouped: bool,
    },
    /// What a rule would cost, in lines.
    Cost {
        /// The rule.
        rule: Rule,
        /// The lines, safe for a terminal.
        lines: Vec<String>,
    },
    /// The saved filters, by name.
    Filters(BTreeMap<String, String>),
    /// The tags in use, most used first.
    Tags(Vec<String>),
    /// Something was done or failed that deserves a line.
    Said(Clean),
    /// Something failed.
    Failed(Clean),
}

/// How far reading has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Records read so far.
    pub records: u64,
    /// Bytes read so far.
    pub bytes: u64,
    /// Bytes of all files that were found so far; 0 for standard input.
    pub of: u64,
    /// Bytes read in a second.
    pub rate: u64,
}

impl Progress {
    /// The share that is read, in percent; none where the end is not known.
    pub fn percent(self) -> Option<u64> {
        (self.of > 0).then(|| self.bytes.min(self.of) * 100 / self.of)
    }

    /// Seconds until the end, where that can be told.
    pub fn seconds_left(self) -> Option<u64> {
        let left = self.of.saturating_sub(self.bytes);
        (left > 0 && self.rate > 0).then(|| left.div_ceil(self.rate))
    }
}

/// How far looking for versions has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// In percent.
    pub percent: u64,
    /// Seconds until the end, once that can be told.
    pub seconds_left: Option<u64>,
}

/// An article to read.
#[derive(Clone, Debug, PartialEq)]
pub struct Fetched {
    /// The article.
    pub entry: Arc<Entry>,
    /// Its blocks that are boilerplate, in order.
    pub boilerplate: Arc<[Boilerplate]>,
}

/// Two articles and how they differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// The left side.
    pub left: Arc<Entry>,
    /// The right side.
    pub right: Arc<Entry>,
    /// How they differ.
    pub comparison: Comparison,
}

/// Numbers for the header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Census {
    /// Articles.
    pub articles: u64,
    /// Articles that are in a group of two or more.
    pub versions: u64,
    /// Groups of two or more.
    pub groups: u64,
    /// Rows of the unfiltered list: groups and single articles.
    pub rows: u64,
    /// Rows with a verdict.
    pub reviewed: u64,
}
