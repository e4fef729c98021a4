//! A record with what is known about it, as a row of csv, tsv and parquet.

use std::borrow::Cow;

use crate::model::{Note, Source};
use crate::store::local::LocalLibrary;
use crate::store::types::Entry;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text that may be missing.
    Text,
    /// A number that may be missing.
    Number,
    /// Yes or no.
    Flag,
    /// Any number of texts.
    List,
}

/// The columns, in order.
pub(super) const COLUMNS: [(&str, Kind); 20] = [
    ("id", Kind::Text),
    ("record_id", Kind::Text),
    ("title", Kind::Text),
    ("author", Kind::Text),
    ("date", Kind::Text),
    ("url", Kind::Text),
    ("site", Kind::Text),
    ("lang", Kind::Text),
    ("words", Kind::Number),
    ("path", Kind::Text),
    ("record", Kind::Number),
    ("format", Kind::Text),
    ("tags", Kind::List),
    ("verdict", Kind::Text),
    ("superseded", Kind::Flag),
    ("group", Kind::Text),
    ("versions", Kind::Number),
    ("note", Kind::Text),
    ("quote", Kind::Text),
    ("text", Kind::Text),
];

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Text(Option<String>),
    Number(Option<u64>),
    Flag(bool),
    List(Vec<String>),
}

impl Cell {
    /// As text; a list with commas.
    pub(super) fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text.as_deref().unwrap_or_default()),
            Self::Number(number) => Cow::Owned(number.map(|it| it.to_string()).unwrap_or_default()),
            Self::Flag(true) => Cow::Borrowed("yes"),
            Self::Flag(false) => Cow::Borrowed(""),
            Self::List(all) => Cow::Owned(all.join(",")),
        }
    }
}

/// The row of one source of an article.
pub(super) fn row(library: &LocalLibrary, entry: &Entry, source: &Source) -> Vec<Cell> {
    let article = &entry.article;
    let meta = &source.meta;
    let standing = library.standing(article);
    let text = |text: Option<&str>| Cell::Text(text.map(str::to_owned));
    let number = |number: usize| Cell::Number(Some(number as u64));
    let notes = &entry.decision.notes;
    // Several notes are paragraphs of one cell, and what they quote are the same paragraphs of the next.
    let join = |of: &dyn Fn(&Note) -> String| {
        let all: Vec<String> = notes.iter().map(of).collect();
        Cell::Text((!notes.is_empty()).then(|| all.join("\n\n")))
    };
    let body: Vec<&str> = article.body().map(|block| block.text.as_str()).collect();
    let quote = |note: &Note| {
        note.on
            .as_ref()
            .map(|on| on.quote.clone())
            .unwrap_or_default()
    };
    vec![
        Cell::Text(Some(article.id.to_string())),
        Cell::Text(source.record_id.clone()),
        text(meta.title.as_deref().or(Some(article.shown_title()))),
        text(meta.byline.as_deref()),
        Cell::Text(meta.date.map(|date| date.to_string())),
        text(meta.url.as_deref()),
        text(meta.site_name()),
        text(meta.lang.as_deref()),
        number(article.words()),
        Cell::Text(Some(source.path.to_string_lossy().into_owned())),
        Cell::Number(source.record),
        text(Some(source.format)),
        Cell::List(entry.decision.tags.iter().cloned().collect()),
        Cell::Text(entry.decision.verdict.map(|it| it.to_string())),
        Cell::Flag(entry.decision.superseded),
        Cell::Text(Some(standing.map_or(article.id, |it| it.group).to_string())),
        number(entry.versions.len()),
        join(&|note| note.text.clone()),
        join(&quote),
        Cell::Text(Some(body.join("\n\n"))),
    ]
}

/// A cell that a spreadsheet would take for a formula, made one that it takes for text.
pub(super) fn defused(cell: &str) -> Cow<'_, str> {
    let begins = cell.trim_start_matches([' ', '\u{feff}']);
    match begins.starts_with([
        '=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', '|',
    ]) {
        true => Cow::Owned(format!("'{cell}")),
        false => Cow::Borrowed(cell),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_text() {
        for cell in ["=1+1", "+1", "-2", "@SUM(A1)", "\tx", " =cmd", "＝1"] {
            assert_eq!(defused(cell), format!("'{cell}"));
        }
        for cell in ["", "a=b", "1-2", "'quoted'"] {
            assert_eq!(defused(cell), cell);
        }
    }
}
