//! What `update` asks of the world.

use super::rule::Rule;
use crate::diff::Classes;
use crate::model::{ArticleId, Clean};
use crate::store::types::{Cursor, Deed, Edge, Personal};

/// One request; the runtime carries it out and answers with a [`Reply`](super::event::Reply).
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Read the collection again.
    Open,
    /// Call reading off; what was read so far stays.
    Stop,
    /// Filter the list. An answer with an older ticket is stale.
    Find {
        /// Numbers the request.
        ticket: u64,
        /// The filter as typed.
        query: String,
        /// The end of the list that pages begin at.
        from: Edge,
        /// Where to go on.
        after: Option<Cursor>,
        /// At most so many rows.
        limit: usize,
        /// A row that should be among them even where that makes them more: the one under the cursor of a list that
        /// grows.
        keep: Option<ArticleId>,
    },
    /// What the person did that queries may ask for, as of now.
    /// The rows are the selection.
    Personal(Personal, Rows),
    /// Count for the header.
    Census,
    /// List the versions of an article's group.
    Versions(ArticleId),
    /// List the versions of an article's group to choose from.
    Choose {
        /// Numbers the request.
        ticket: u64,
        /// The article.
        of: ArticleId,
    },
    /// Write articles to a file.
    Export {
        /// The articles.
        rows: Rows,
        /// The file, as typed.
        path: String,
    },
    /// Fetch an article for the reader.
    Read {
        /// Numbers the request.
        ticket: u64,
        /// The article.
        id: ArticleId,
    },
    /// Compare two articles.
    Compare {
        /// Numbers the request.
        ticket: u64,
        /// The left side.
        left: ArticleId,
        /// The right side.
        right: ArticleId,
    },
    /// Collate the versions of a text.
    Collate {
        /// Numbers the request.
        ticket: u64,
        /// One of the versions.
        of: ArticleId,
        /// The version to compare all others with; the one that has most in common with all without.
        base: Option<ArticleId>,
    },
    /// Count the collection.
    Statistics {
        /// Numbers the request.
        ticket: u64,
    },
    /// List what changed between the two inputs.
    Changes {
        /// Numbers the request.
        ticket: u64,
        /// The kinds of difference that do not count.
        hidden: Classes,
    },
    /// Explain the group of an article.
    Why {
        /// Numbers the request.
        ticket: u64,
        /// The article.
        of: ArticleId,
    },
    /// Fetch articles again that are on the screen, because their groups changed.
    Renew(Vec<ArticleId>),
    /// See whether another program wrote to the review log.
    Look,
    /// Record what was decided, as one step of undo.
    Review(Vec<(ArticleId, Deed)>),
    /// Record the same for many rows of the list, as one step of undo. A verdict on the row of a group is one on the
    /// group, as it is for a single row.
    ReviewRows {
        /// The rows.
        rows: Rows,
        /// What is done to each.
        deed: Deed,
    },
    /// Say what a verdict on all that a query finds would cost.
    Cost(Rule),
    /// Put a tag in the place of others, everywhere in the library, as one step of undo.
    Retag {
        /// The tags; one alone takes along what stands below it.
        old: Vec<String>,
        /// What takes their place.
        new: String,
    },
    /// Save a query under a name, or forget it.
    SaveFilter {
        /// The name.
        name: String,
        /// The query.
        query: Option<String>,
    },
    /// List the saved filters.
    Filters,
    /// Take back the newest step.
    Undo,
    /// Bring back the step taken back last.
    Redo,
    /// List the known tags.
    Tags,
    /// Put text on the clipboard; `what` names it for the notice.
    Copy {
        /// The text.
        text: Clean,
        /// What it is: "paragraph", "URL", "path".
        what: &'static str,
    },
    /// Open an address, which is one of the web, in the browser.
    Browse(String),
    /// Open a copy of a text in the person's editor, and wait until it is closed.
    Edit {
        /// How the copy is called, as a file.
        name: String,
        /// The text.
        text: String,
    },
    /// Give the terminal back to the shell until continued.
    Suspend,
    /// Paint everything anew.
    Redraw,
    /// Stop reading, comparing or counting.
    CallOff,
    /// End the program.
    Quit,
}

/// Many rows of the list.
#[derive(Clone, Debug, PartialEq)]
pub enum Rows {
    /// Every hit of a filter, as typed, whether its row has arrived or not.
    Hits(String),
    /// Every article that a query finds, whatever its group.
    Articles(String),
    /// Rows chosen by hand: the article, and whether the row stands for its whole group.
    Chosen(Vec<(ArticleId, bool)>),
}
