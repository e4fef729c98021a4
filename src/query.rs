//! The query language: typed text to a filter, and the filter's meaning.
//!
//! [`fields`] is the one table of what can be asked, `parse` reads a query with it, `ast` says what a query is and
//! writes it out again, `eval` says what it means. `eval` is the oracle for every index: an index may be faster,
//! never of another opinion. Dates such as `<7d` are counted from a day that is handed in, and so are saved filters:
//! nothing here has a clock or a disk. `complete` proposes how a query may go on, `manual` prints the table for people.
//!
//! ```text
//! flight -#todo versions:>1 (site:afp.com OR title:"virus fight") date:2020-04 sort:-words limit:50
//! ```

use crate::model::{ArticleId, Date, Decision};

mod ast;
mod complete;
mod error;
mod eval;
pub mod fields;
mod lexer;
mod manual;
mod parse;
mod pattern;
pub mod relevance;
mod value;
mod words;

pub use ast::{
    DateField, Difference, Expr, NumberField, Part, PlaceField, Query, ShareField, Sort, SortKey,
    Span, State, Term, TextField,
};
pub use complete::{Completion, Suggestion, Vocabulary, complete};
pub use error::QueryError;
pub use eval::{compare, date_fits, lang_fits, letters, matches, place_fits, site_fits, tag_fits};
pub use manual::manual;
pub use parse::{Context, parse};
pub use pattern::{Pattern, PatternForm, Sought};
pub use words::{Words, continues, is_in_unspaced_script};

/// What a filter may ask of an article. Stores implement it over whatever they hold.
pub trait Document {
    /// The article.
    fn id(&self) -> ArticleId;
    /// The ids that its records have in their sources.
    fn record_ids(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        Box::new(std::iter::empty())
    }
    /// The title as shown in lists.
    fn title(&self) -> &str;
    /// Says whether the source gave it a title; without, [`title`](Self::title) shows a heading or a sentence.
    fn has_title(&self) -> bool;
    /// The clean text of the body's blocks, in order.
    fn body(&self) -> Box<dyn Iterator<Item = &str> + '_>;
    /// Who wrote it.
    fn author(&self) -> Option<&str>;
    /// When it was published.
    fn date(&self) -> Option<Date>;
    /// Where it was published.
    fn url(&self) -> Option<&str>;
    /// The host of the URL without `www.`, else the site's name.
    fn site(&self) -> Option<&str>;
    /// The language, as a BCP 47 tag.
    fn lang(&self) -> Option<&str>;
    /// The paths of its sources.
    fn paths(&self) -> Box<dyn Iterator<Item = &str> + '_>;
    /// The format of its first source: one of [`fields::FORMATS`].
    fn format(&self) -> &str;
    /// Number of words of the body.
    fn words(&self) -> u64;
    /// What was decided about it: tags, verdict, notes.
    fn decision(&self) -> &Decision;
    /// How many versions its group has, itself included: 1 when alone.
    fn versions(&self) -> u64;
    /// How many records hold exactly this article.
    fn copies(&self) -> u64;
    /// The first version of its group by the group's order: what `is:best` asks. True when alone.
    fn is_best(&self) -> bool;
    /// The group that it is in: the smallest id among its versions.
    fn group(&self) -> ArticleId;
    /// Containment with the version it resembles most, 0 to 1; none when alone.
    fn similarity(&self) -> Option<f64>;
    /// The share of the body that is boilerplate because it stands in other groups too, 0 to 1.
    fn boilerplate(&self) -> f64;
    /// Something in it had to be replaced or ignored when it was read.
    fn has_error(&self) -> bool;
    /// The day on which it came into the library, where that is kept.
    fn added(&self) -> Option<Date> {
        None
    }
    /// Something is not the same in all versions of its group; never when it is alone.
    fn differs(&self, _what: Difference) -> bool {
        false
    }
    /// It was opened in the reader.
    fn is_read(&self) -> bool {
        false
    }
    /// It has a mark in it.
    fn is_marked(&self) -> bool {
        false
    }
    /// It is in the selection.
    fn is_selected(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests;
