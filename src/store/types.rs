//! What the stores take and give. Plain data, so that another backend can stand behind the same traits.

pub mod changes;
pub mod statistics;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use self::changes::Changes;
pub use self::statistics::Statistics;
pub use crate::group::correct::{Correction, Said};
use crate::model::{Anchor, Article, ArticleId, Date, Decision, Source, Verdict};
use crate::query::Query;
use crate::text;

/// How many there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Exactly as many.
    Exact(u64),
    /// As many were found before the search was called off.
    AtLeast(u64),
}

/// An opaque place in a list of hits: where the next page begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor(pub(crate) String);

/// What a list is asked for.
#[derive(Clone, Debug)]
pub struct Find {
    /// The filter.
    pub query: Arc<Query>,
    /// One row a group (its lead), or one row an article.
    pub by: By,
    /// The end of the list that pages begin at: from the bottom, hits come in the opposite order.
    pub from: Edge,
    /// Where to go on; from that end without.
    pub after: Option<Cursor>,
    /// At most so many hits.
    pub limit: usize,
}

/// An end of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Edge {
    /// Where the first hit is.
    #[default]
    Top,
    /// Where the last hit is.
    Bottom,
}

impl Edge {
    /// Walks over what stands in the order of a list, from this end of it.
    pub(super) fn first<'a, I>(
        self,
        rows: impl DoubleEndedIterator<Item = I> + 'a,
    ) -> Box<dyn Iterator<Item = I> + 'a> {
        match self {
            Self::Top => Box::new(rows),
            Self::Bottom => Box::new(rows.rev()),
        }
    }
}

/// What a row of a list stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// A group, shown by the first of its versions that matches.
    Group,
    /// An article.
    Article,
}

/// Some hits and where to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The hits, in the order of the query, or in the opposite one from the bottom.
    pub hits: Vec<Hit>,
    /// How many there are in all.
    pub count: Count,
    /// Where the next page begins; none at the end.
    pub next: Option<Cursor>,
}

/// What a person did in a library that is no decision: it takes part in queries, and no log keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Personal {
    /// Articles that were opened in the reader,
    pub read: BTreeSet<ArticleId>,
    /// those with a mark in them,
    pub marked: BTreeSet<ArticleId>,
    /// and those that are chosen in the list.
    pub selected: BTreeSet<ArticleId>,
}

/// One line of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The article that stands for the row.
    pub id: ArticleId,
    /// The title to show: safe for a terminal.
    pub title: String,
    /// When it was published.
    pub date: Option<Date>,
    /// Where it was first read, in short: the name of the file and the record. Safe for a terminal.
    pub source: String,
    /// How many versions its group has, itself included: 1 when it is alone.
    pub versions: u32,
    /// What was decided about it.
    pub decision: Decision,
}

impl Hit {
    /// The line for one version of a group.
    pub fn of(version: &Entry) -> Self {
        Self {
            id: version.article.id,
            title: version.article.shown_title().to_owned(),
            date: version.article.meta.date,
            source: source_name(version.sources.first()),
            versions: u32::try_from(version.versions.len()).unwrap_or(u32::MAX),
            decision: version.decision.clone(),
        }
    }
}

/// The name of the file and the number of the record: `crawl.jsonl 17`.
pub(super) fn source_name(source: Option<&Source>) -> String {
    let Some(source) = source else {
        return String::new();
    };
    let name = source
        .path
        .file_name()
        .unwrap_or(source.path.as_os_str())
        .to_string_lossy();
    let record = source
        .record
        .map_or_else(String::new, |record| format!(" {record}"));
    text::line(&format!("{name}{record}")).to_string()
}

/// An article with everything that belongs to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The article.
    pub article: Arc<Article>,
    /// Where it was read: at least one.
    pub sources: Vec<Source>,
    /// What was decided about it.
    pub decision: Decision,
    /// The versions of its group in the order of reading, itself included: A, B, C …
    pub versions: Vec<ArticleId>,
}

/// A block that says nothing about the article that it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Boilerplate {
    /// Its place among the blocks of the article.
    pub block: usize,
    /// How that is known.
    pub evidence: Evidence,
}

/// How a block is known to be boilerplate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// The same block stands in so many other groups.
    Groups(u32),
    /// It stands in the frame of few versions, and is about something else than what most have.
    Versions {
        /// Versions that have it.
        has: u32,
        /// Versions of the group.
        of: u32,
    },
}

impl fmt::Display for Evidence {
    /// What is said of the block: "in 212 other articles".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Groups(1) => f.write_str("in 1 other article"),
            Self::Groups(count) => write!(f, "in {count} other articles"),
            Self::Versions { has, of } => write!(f, "in {has} of {of} versions"),
        }
    }
}

/// Why an article is a version of others, what a person said about that, and what else it has in common with whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Why {
    /// What there is to say, in sections without empty ones.
    pub sections: Vec<Section>,
}

/// A part of a [`Why`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// What it is about, in a few words.
    pub title: String,
    /// Its sentences.
    pub ties: Vec<Tie>,
}

/// What ties two articles, or parts them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tie {
    /// In sentences; safe for a terminal.
    pub text: String,
    /// The two articles, which can be compared.
    pub pair: Option<(ArticleId, ArticleId)>,
}

/// What is decided, by article; articles without a decision are left out.
pub type Decisions = HashMap<ArticleId, Decision>;

/// Authors, by the numbers of what they said.
pub type Authors = BTreeMap<u64, String>;

/// Names a library in the review log: a digest of its canonical input paths, as hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LibraryId(pub String);

/// What a person does, as one step of undo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The library that it is done in.
    pub library: LibraryId,
    /// What is done to which article, in order.
    pub deeds: Vec<(Subject, Deed)>,
}

/// The article that an event is about, with what finds it again when its text was edited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The article.
    pub article: ArticleId,
    /// The file that it was read from.
    pub path: PathBuf,
    /// The number of the record in the file, from 1.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub record: Option<u64>,
    /// The record's own id.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub record_id: Option<String>,
    /// Its URL.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub url: Option<String>,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub title: Option<String>,
}

impl Subject {
    /// An article without what finds it again.
    pub fn bare(article: ArticleId) -> Self {
        Self {
            article,
            path: PathBuf::new(),
            record: None,
            record_id: None,
            url: None,
            title: None,
        }
    }

    /// The subject of a deed about an entry: its article as its first source has it. The path is made absolute, so
    /// that it means the same from another folder.
    pub fn of(entry: &Entry) -> Self {
        Self::at(entry, entry.sources.first())
    }

    /// The same for each of its sources.
    pub fn all(entry: &Entry) -> Vec<Self> {
        let sources = entry.sources.iter();
        sources.map(|it| Self::at(entry, Some(it))).collect()
    }

    fn at(entry: &Entry, source: Option<&Source>) -> Self {
        let article = &entry.article;
        let url = article.meta.url.as_deref();
        Self::new(article.id, source, url, article.shown_title())
    }

    /// An article by that name, where it was read first.
    pub(super) fn new(
        article: ArticleId,
        source: Option<&Source>,
        url: Option<&str>,
        title: &str,
    ) -> Self {
        let path = source.map(|it| it.path.clone()).unwrap_or_default();
        Self {
            article,
            path: std::path::absolute(&path).unwrap_or(path),
            record: source.and_then(|it| it.record),
            record_id: source.and_then(|it| it.record_id.clone()),
            url: url.map(str::to_owned),
            // An article without a title is shown by its first sentence, which may be all of it.
            title: Some(title.chars().take(200).collect()),
        }
    }
}

/// One thing done to one article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// Puts a tag on it.
    Tag(String),
    /// Takes a tag off it.
    Untag(String),
    /// Gives a verdict, or takes it back with `None`.
    Verdict(Option<Verdict>),
    /// Sets it aside because another version is kept, or takes that back.
    Supersede(bool),
    /// Writes a note on it or on a paragraph of it, in the place of the one that stands there.
    Note {
        /// The paragraph; none for the article.
        #[serde(flatten, skip_serializing_if = "Option::is_none")]
        on: Option<Anchor>,
        /// What is noted; nothing takes the note away.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        text: Option<String>,
    },
    /// The decisions about another article, whose source was edited, belong to this one.
    Rebind {
        /// The article that is no longer found.
        from: ArticleId,
    },
    /// It is no version of this article, whatever grouping finds. Stands in the log once from each side, so that both
    /// articles can be found again when their sources are edited.
    Apart(ArticleId),
    /// It is the same text as this article, whatever grouping finds. Stands in the log once from each side.
    Same(ArticleId),
    /// What finds its text again when nothing else does: a [`Sketch`](crate::group::Sketch) as text, of whatever version.
    /// Decides nothing.
    Sketch(String),
}

impl Deed {
    /// What a correction says of an article, and of which other one.
    pub fn said(&self) -> Option<(Said, ArticleId)> {
        match self {
            Self::Apart(other) => Some((Said::Apart, *other)),
            Self::Same(other) => Some((Said::Same, *other)),
            _ => None,
        }
    }

    /// A correction of groups as deeds: one from each side.
    pub fn correction(said: Said, a: ArticleId, b: ArticleId) -> [(ArticleId, Self); 2] {
        let deed = match said {
            Said::Apart => Self::Apart,
            Said::Same => Self::Same,
        };
        [(a, deed(b)), (b, deed(a))]
    }
}

/// A query with a name: `query:NAME` stands for it in other queries.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Filter {
    /// Its name.
    pub name: String,
    /// The query, as typed.
    pub query: String,
}

/// The acknowledgement of a change: it is on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The number of its last event.
    pub event: u64,
    /// Names it for the status line, e.g. `tagged todo · 3 articles`.
    pub summary: String,
}

/// Why a store could not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The work was called off.
    #[error("called off")]
    Cancelled,
    /// No such article in this library.
    #[error("no article {0} in this library")]
    NoArticle(ArticleId),
    /// The change itself is wrong; says why.
    #[error("refused: {0}")]
    Refused(String),
    /// The review log cannot be written; says why and what to do next.
    #[error("nothing can be saved: {0}")]
    ReadOnly(String),
    /// The review log is damaged.
    #[error("the review log is damaged: {0}")]
    Damaged(String),
    /// The disk said no.
    #[error("{0}")]
    Io(String),
}
