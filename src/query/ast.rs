//! What a query is, and how it is written.
//!
//! Writing gives the canonical form: `parse(query.to_string())` is the same query again. Relative dates and names
//! of saved filters are resolved while parsing, so the tree means the same tomorrow; [`Query::text`] keeps what was
//! typed, for saved filters that should follow the day.

use std::fmt;

use super::fields::{self, DIFFERENCES, PARTS, SORT_KEYS, STATES};
use super::pattern::{Pattern, write_value};
use crate::model::Date;

/// A parsed query. Two queries are equal when they ask the same, however they were typed.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// What an article must fulfil; nothing lets every article through.
    pub expr: Option<Expr>,
    /// In which order, the most important first; without, the newest first.
    pub sort: Vec<Sort>,
    /// At most so many hits.
    pub limit: Option<usize>,
    /// What was typed.
    pub text: String,
}

impl PartialEq for Query {
    fn eq(&self, other: &Self) -> bool {
        let Self {
            expr,
            sort,
            limit,
            text: _,
        } = self;
        *expr == other.expr && *sort == other.sort && *limit == other.limit
    }
}

/// A filter.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// All of these, at least two; none of them is an `And`.
    And(Vec<Self>),
    /// One of these, at least two; none of them is an `Or`.
    Or(Vec<Self>),
    /// Not this.
    Not(Box<Self>),
    /// One thing asked.
    Term(Term),
}

/// One thing that a filter asks of an article.
#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    /// Text that stands there.
    Text(TextField, Pattern),
    /// A part of where it comes from; `*` stands for anything.
    Place(PlaceField, String),
    /// A host, with its subdomains, or words of a site's name.
    Site(Pattern),
    /// The format, by its name.
    Format(&'static str),
    /// A language; `en` covers `en-GB`.
    Lang(String),
    /// The beginning of an article's id, or the whole id of a record.
    Id(String),
    /// The beginning of a group's id.
    Group(String),
    /// A tag or one below it; with `prefix` every tag that begins so.
    Tag {
        /// The tag.
        name: String,
        /// It was written with a `*` behind it.
        prefix: bool,
    },
    /// A state.
    Is(State),
    /// Something that is there.
    Has(Part),
    /// A number.
    Number(NumberField, Span<u64>),
    /// A share, 0 to 1.
    Share(ShareField, Span<f64>),
    /// A day; bounds are whole days.
    Date(DateField, Span<Date>),
    /// Something that is not the same in all versions of its group.
    Differs(Difference),
}

/// Where text is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextField {
    /// In the title and the body.
    Anywhere,
    /// In the title as it is shown.
    Title,
    /// In the body.
    Body,
    /// In the author's name.
    Author,
    /// In one of the notes on it.
    Note,
}

/// What an article's place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PlaceField {
    /// The path of one of its sources.
    Path,
    /// Its address.
    Url,
}

/// A number of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NumberField {
    /// Words of the body.
    Words,
    /// Versions in its group.
    Versions,
    /// Records that hold exactly this article.
    Copies,
}

/// A share that an article has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ShareField {
    /// Likeness to the version it resembles most; an article that is alone has none.
    Similarity,
    /// Text that stands in other groups too.
    Boilerplate,
}

/// A day of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DateField {
    /// When it was published.
    Published,
    /// When it came into the library.
    Added,
}

/// What may not be the same in all versions of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Difference {
    /// The title.
    Title,
    /// The author.
    Author,
    /// The date of publication.
    Date,
    /// The address.
    Url,
    /// The words of the body.
    Body,
    /// A number in the text.
    Number,
}

/// What `is:` asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Has a tag.
    Tagged,
    /// Has no tag.
    Untagged,
    /// The verdict is *keep*.
    Kept,
    /// The verdict is *drop*.
    Dropped,
    /// The verdict is *skip*.
    Skipped,
    /// Set aside because another version is kept.
    Superseded,
    /// Has a verdict or was set aside.
    Reviewed,
    /// Is not the only version or record of its text.
    Dup,
    /// Is the only version and record of its text.
    Unique,
    /// The first version of its group, or alone.
    Best,
    /// Was opened in the reader.
    Read,
    /// Was not.
    Unread,
    /// Has a mark in it.
    Marked,
    /// Is in the selection.
    Selected,
}

/// What `has:` asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// A title that the source gave it.
    Title,
    /// An author.
    Author,
    /// A date.
    Date,
    /// An address.
    Url,
    /// A known language.
    Lang,
    /// Something that had to be replaced or ignored when it was read.
    Error,
    /// A note.
    Note,
}

/// A stretch of values: exactly what the language can write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span<T> {
    /// From the first to the second, both included; one value when they are equal.
    Between(T, T),
    /// This or more.
    From(T),
    /// More than this.
    Above(T),
    /// This or less.
    UpTo(T),
    /// Less than this.
    Below(T),
}

impl<T: PartialOrd> Span<T> {
    /// Says whether the value lies in it.
    pub fn contains(&self, value: &T) -> bool {
        self.covers(value, value)
    }

    /// Says whether everything from `first` to `last` lies in it.
    pub fn covers(&self, first: &T, last: &T) -> bool {
        match self {
            Self::Between(from, to) => first >= from && last <= to,
            Self::From(from) => first >= from,
            Self::Above(from) => first > from,
            Self::UpTo(to) => last <= to,
            Self::Below(to) => last < to,
        }
    }
}

/// One key of the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// What is compared.
    pub key: SortKey,
    /// The greatest first.
    pub descending: bool,
}

/// What a sort compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SortKey {
    /// The date of publication.
    Date,
    /// The title.
    Title,
    /// The author.
    Author,
    /// The site.
    Site,
    /// The number of words.
    Words,
    /// The number of versions.
    Versions,
    /// The number of exact copies.
    Copies,
    /// The day on which it came into the library.
    Added,
    /// The likeness to the version it resembles most.
    Similarity,
    /// The share of boilerplate.
    Boilerplate,
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        // An OR at the top takes in everything behind it, the sort included: brackets keep them apart.
        match &self.expr {
            Some(expr @ Expr::Or(_)) if !self.sort.is_empty() || self.limit.is_some() => {
                parts.push(format!("({expr})"));
            }
            Some(expr) => parts.push(expr.to_string()),
            None => {}
        }
        parts.extend(self.sort.iter().map(Sort::to_string));
        parts.extend(self.limit.map(|limit| format!("limit:{limit}")));
        f.write_str(&parts.join(" "))
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let join = |f: &mut fmt::Formatter<'_>, children: &[Self], between: &str| {
            for (index, child) in children.iter().enumerate() {
                if index > 0 {
                    f.write_str(between)?;
                }
                match child {
                    Self::Or(_) | Self::And(_) => write!(f, "({child})")?,
                    Self::Not(_) | Self::Term(_) => write!(f, "{child}")?,
                }
            }
            Ok(())
        };
        match self {
            Self::And(children) => join(f, children, " "),
            Self::Or(children) => join(f, children, " OR "),
            Self::Not(child) => match **child {
                Self::And(_) | Self::Or(_) => write!(f, "-({child})"),
                Self::Not(_) | Self::Term(_) => write!(f, "-{child}"),
            },
            Self::Term(term) => write!(f, "{term}"),
        }
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(field) = fields::of(self) {
            write!(f, "{}:", field.name)?;
        }
        match self {
            Self::Text(_, pattern) | Self::Site(pattern) => write!(f, "{pattern}"),
            Self::Place(_, text) | Self::Lang(text) | Self::Id(text) | Self::Group(text) => {
                write_value(f, text)
            }
            Self::Format(name) => f.write_str(name),
            Self::Tag { name, prefix } => {
                f.write_str("#")?;
                write_value(f, name)?;
                f.write_str(if *prefix { "*" } else { "" })
            }
            Self::Is(state) => f.write_str(fields::word(STATES, *state)),
            Self::Has(part) => f.write_str(fields::word(PARTS, *part)),
            Self::Number(_, span) => span.fmt(f),
            Self::Share(_, span) => span.fmt(f),
            Self::Date(_, span) => span.fmt(f),
            Self::Differs(what) => f.write_str(fields::word(DIFFERENCES, *what)),
        }
    }
}

impl<T: fmt::Display + PartialEq> fmt::Display for Span<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Between(from, to) if from == to => write!(f, "{from}"),
            Self::Between(from, to) => write!(f, "{from}..{to}"),
            Self::From(from) => write!(f, ">={from}"),
            Self::Above(from) => write!(f, ">{from}"),
            Self::UpTo(to) => write!(f, "<={to}"),
            Self::Below(to) => write!(f, "<{to}"),
        }
    }
}

impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = fields::word(SORT_KEYS, self.key);
        write!(f, "sort:{}{key}", if self.descending { "-" } else { "" })
    }
}
