//! Two collections compared.

use std::cmp::Reverse;

use serde::Serialize;

use crate::diff::{self, Classes, Comparison, Summary};
use crate::model::ArticleId;

/// Two collections compared: what is not the same, the largest difference first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// How many articles are the same.
    pub same: u64,
    /// The others, and those that are the same and stand elsewhere.
    pub changes: Vec<Change>,
}

/// What became of one article.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// How the two sides relate.
    pub status: Status,
    /// The article on the left.
    pub left: Option<End>,
    /// The article on the right.
    pub right: Option<End>,
    /// What kinds of difference there are; none for what is the same or stands on one side only.
    pub summary: Option<Summary>,
    /// The share of both texts that differs, from 0 to 1: see [`diff::share`].
    pub share: f64,
}

/// How the two sides of a change relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Something differs.
    Differs,
    /// It stands on the left only.
    OnlyLeft,
    /// It stands on the right only.
    OnlyRight,
    /// The same words in another layout or typography, or all that differs is hidden.
    Quiet,
    /// The same bytes.
    Same,
}

/// An article on one side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// The article.
    pub id: ArticleId,
    /// Its title; safe for a terminal.
    pub title: String,
    /// Its path below the collection, and what the record is called there; safe for a terminal.
    pub place: String,
    /// How many words it has.
    pub words: u64,
}

impl Change {
    /// What differs between two ends by their comparison, or says that one is missing. What is hidden does not count.
    pub fn new(
        ends: (Option<End>, Option<End>),
        comparison: Option<&Comparison>,
        hidden: Classes,
    ) -> Self {
        let hidden = hidden.and(Classes::QUIET);
        let summary = comparison.map(|it| diff::summary(it, hidden));
        let status = match (&ends, &summary) {
            ((Some(_), None), _) => Status::OnlyLeft,
            ((None, _), _) => Status::OnlyRight,
            (_, None) => Status::Same,
            (_, Some(summary)) if summary.differences == 0 => Status::Quiet,
            _ => Status::Differs,
        };
        let (left, right) = ends;
        Self {
            share: match status {
                Status::OnlyLeft | Status::OnlyRight => 1.0,
                _ => comparison.map_or(0.0, |it| diff::share(it, hidden)),
            },
            status,
            left,
            right,
            summary,
        }
    }

    /// It stands elsewhere on the other side.
    pub fn is_renamed(&self) -> bool {
        let both = self.left.as_ref().zip(self.right.as_ref());
        both.is_some_and(|(left, right)| left.place != right.place)
    }

    /// The side that is read where one is enough: the right one, which is the newer where there is one.
    pub fn end(&self) -> Option<&End> {
        self.right.as_ref().or(self.left.as_ref())
    }

    /// Where it stands: `old.md → new.md` where that is not the same on both sides.
    pub fn place(&self) -> String {
        match (&self.left, &self.right) {
            (Some(left), Some(right)) if self.is_renamed() => {
                format!("{} → {}", left.place, right.place)
            }
            _ => self.end().map_or_else(String::new, |it| it.place.clone()),
        }
    }

    /// How much it is: the percentage that differs, or the words that are gone or new. A difference is never nothing.
    pub fn extent(&self) -> String {
        let words = self.end().map_or(0, |it| it.words);
        let words = format!("{words} {}", if words == 1 { "word" } else { "words" });
        match self.status {
            Status::Differs => format!("{} %", (self.share * 100.0).ceil().clamp(1.0, 100.0)),
            Status::OnlyLeft | Status::OnlyRight => words,
            Status::Quiet | Status::Same => String::new(),
        }
    }

    /// What it is, in a few words: the kinds of difference with the paragraphs that have them, or what became of it.
    pub fn kinds(&self) -> String {
        match (self.status, &self.summary) {
            (Status::OnlyLeft, _) => "removed".to_owned(),
            (Status::OnlyRight, _) => "added".to_owned(),
            (Status::Same, _) => "renamed".to_owned(),
            (Status::Quiet | Status::Differs, None) => String::new(),
            (Status::Quiet | Status::Differs, Some(summary)) => {
                let classes = summary.classes.iter();
                let kinds: Vec<String> =
                    classes.map(|(it, count)| format!("{count} {it}")).collect();
                kinds.join(", ")
            }
        }
    }

    /// Sorts what differs before what is gone or new, and the larger before the smaller.
    pub fn rank(&self) -> impl Ord + use<> {
        let words = self.end().map_or(0, |it| it.words);
        // Shares lie between 0 and 1, where the order of the bits is the order of the numbers.
        (
            self.status,
            Reverse((self.share.to_bits(), words)),
            self.place(),
        )
    }
}

impl Changes {
    /// Joins what was found, the largest difference first.
    pub fn new(same: u64, mut changes: Vec<Change>) -> Self {
        changes.sort_by_cached_key(Change::rank);
        Self { same, changes }
    }

    /// How many are the same and what became of the others, in a line.
    pub fn sentence(&self) -> String {
        let of = |status| self.changes.iter().filter(|it| it.status == status).count();
        let noun = if self.same == 1 {
            "article"
        } else {
            "articles"
        };
        let mut parts = vec![
            format!("{} {noun} the same", self.same),
            format!("{} differ", of(Status::Differs)),
        ];
        let renamed = self.changes.iter().filter(|it| it.is_renamed()).count();
        for (number, what) in [
            (
                of(Status::Quiet),
                "the same but for what is hidden or layout",
            ),
            (renamed, "renamed"),
            (of(Status::OnlyLeft), "removed"),
            (of(Status::OnlyRight), "added"),
        ] {
            if number > 0 {
                parts.push(format!("{number} {what}"));
            }
        }
        parts.join(" · ")
    }
}
