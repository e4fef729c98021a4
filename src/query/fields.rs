//! The one table of what a query can ask. The parser, its suggestions, documentation and completion come from it.

use super::ast::{
    DateField, Difference, NumberField, Part, PlaceField, ShareField, SortKey, State, Term,
    TextField,
};

/// One field of the language.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Field {
    /// Its name, before the colon.
    pub name: &'static str,
    /// What stands behind the colon.
    pub kind: Kind,
    /// What it asks, in a short sentence.
    pub doc: &'static str,
    /// Whole terms that show its use; never empty.
    pub examples: &'static [&'static str],
}

/// What a field takes and means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A word, "phrase", prefix* or /regex/.
    Text(TextField),
    /// A part of a path or address.
    Place(PlaceField),
    /// A host, or words of a site's name.
    Site,
    /// One of [`FORMATS`].
    Format,
    /// A language tag.
    Lang,
    /// The beginning of an article's id.
    Id,
    /// The beginning of a group's id.
    Group,
    /// A tag; `#name` for short.
    Tag,
    /// One of [`STATES`].
    Is,
    /// One of [`PARTS`].
    Has,
    /// A whole number or a stretch of them.
    Number(NumberField),
    /// A number from 0 to 1, or a share in per cent.
    Share(ShareField),
    /// A day, month, year, a stretch of them, or an age.
    Date(DateField),
    /// One of [`DIFFERENCES`].
    Differs,
    /// The name of a saved filter.
    Saved,
    /// One of [`SORT_KEYS`], `-` before it for the greatest first. Not a filter.
    Sort,
    /// A whole number. Not a filter.
    Limit,
}

impl Kind {
    /// Says whether a `/` behind the colon begins a regular expression. Paths begin so too.
    pub(super) fn takes_regex(self) -> bool {
        matches!(self, Self::Text(_) | Self::Site)
    }

    /// Says whether it is about the list and not about articles.
    pub(super) fn is_view(self) -> bool {
        matches!(self, Self::Sort | Self::Limit)
    }
}

const fn field(
    name: &'static str,
    kind: Kind,
    doc: &'static str,
    examples: &'static [&'static str],
) -> Field {
    Field {
        name,
        kind,
        doc,
        examples,
    }
}

/// Every field, in the order of the documentation.
#[rustfmt::skip] // One field a line: a table to read.
pub const FIELDS: &[Field] = &[
    field("title", Kind::Text(TextField::Title), "Words of the title.", &["title:virus", "title:\"virus fight\""]),
    field("body", Kind::Text(TextField::Body), "Words of the body.", &["body:masks", "body:ventil*"]),
    field("author", Kind::Text(TextField::Author), "Words of the author's name.", &["author:AFP"]),
    field("note", Kind::Text(TextField::Note), "Words of your notes.", &["note:source"]),
    field("path", Kind::Place(PlaceField::Path), "A part of the path of a source; * stands for anything.", &["path:2020/04", "path:*.jsonl"]),
    field("id", Kind::Id, "The beginning of the article's id, or the id of a record in its source.", &["id:3f9a"]),
    field("site", Kind::Site, "The host, subdomains included, or words of the site's name.", &["site:themoscowtimes.com", "site:\"moscow times\""]),
    field("url", Kind::Place(PlaceField::Url), "A part of the address; * stands for anything.", &["url:/news/"]),
    field("source", Kind::Place(PlaceField::Path), "The same as path:.", &["source:crawl.jsonl"]),
    field("format", Kind::Format, "The format of the first source.", &["format:html"]),
    field("lang", Kind::Lang, "The language; en covers en-GB.", &["lang:en", "lang:pt-BR"]),
    field("tag", Kind::Tag, "A tag or one below it; #name for short.", &["tag:todo", "#topic/health", "#to*"]),
    field("is", Kind::Is, "A state.", &["is:untagged", "-is:reviewed"]),
    field("has", Kind::Has, "Something that is there.", &["has:date", "-has:author"]),
    field("versions", Kind::Number(NumberField::Versions), "How many versions its group has, itself included.", &["versions:>1", "versions:2..5"]),
    field("copies", Kind::Number(NumberField::Copies), "How many records hold exactly this text.", &["copies:>1"]),
    field("group", Kind::Group, "The beginning of the group's id.", &["group:3f9a"]),
    field("sim", Kind::Share(ShareField::Similarity), "Likeness to the version it resembles most, 0 to 1.", &["sim:>=0.8", "sim:>80%"]),
    field("differs", Kind::Differs, "What differs between the versions of its group.", &["differs:title", "differs:number"]),
    field("boiler", Kind::Share(ShareField::Boilerplate), "The share of its text that stands in other groups too.", &["boiler:>20%", "boiler:>=0.5"]),
    field("words", Kind::Number(NumberField::Words), "How many words the body has.", &["words:200..800", "words:<50"]),
    field("date", Kind::Date(DateField::Published), "When it was published: a day, month, year, a stretch of them, or an age.",
        &["date:2020-04", "date:2020-04-01..2020-04-07", "date:>=2020", "date:<7d", "date:today"]),
    field("added", Kind::Date(DateField::Added), "The day on which it came into the library: on which its file had been written when it was first read.", &["added:today", "added:<7d"]),
    field("sort", Kind::Sort, "The order: the least or oldest first, with - the greatest or newest first.", &["sort:-date", "sort:title"]),
    field("limit", Kind::Limit, "At most so many hits.", &["limit:50"]),
    field("query", Kind::Saved, "A saved filter, by its name; it brings its order and limit along unless it is left out or in brackets.", &["query:inbox", "-query:\"to do\""]),
];

/// A word that a field knows, what it asks, and that in words.
pub type Word<T> = (&'static str, T, &'static str);

/// What `is:` knows.
#[rustfmt::skip] // A table to read.
pub const STATES: &[Word<State>] = &[
    ("tagged", State::Tagged, "has a tag"),
    ("untagged", State::Untagged, "has no tag"),
    ("kept", State::Kept, "the verdict is keep"),
    ("dropped", State::Dropped, "the verdict is drop"),
    ("skipped", State::Skipped, "the verdict is skip"),
    ("superseded", State::Superseded, "set aside because another version is kept"),
    ("reviewed", State::Reviewed, "has a verdict or was set aside"),
    ("dup", State::Dup, "has other versions or exact copies"),
    ("unique", State::Unique, "has neither other versions nor copies"),
    ("best", State::Best, "the first version of its group, or alone"),
    ("read", State::Read, "was opened in the reader"),
    ("unread", State::Unread, "was not opened"),
    ("marked", State::Marked, "has a mark in it"),
    ("selected", State::Selected, "is in the selection"),
];

/// What `has:` knows.
#[rustfmt::skip] // A table to read.
pub const PARTS: &[Word<Part>] = &[
    ("title", Part::Title, "the source gave it a title"),
    ("author", Part::Author, "the author is known"),
    ("date", Part::Date, "the date is known"),
    ("url", Part::Url, "the address is known"),
    ("lang", Part::Lang, "the language is known"),
    ("error", Part::Error, "something had to be replaced or ignored when it was read"),
    ("note", Part::Note, "has a note"),
];

/// What `sort:` knows.
#[rustfmt::skip] // A table to read.
pub const SORT_KEYS: &[Word<SortKey>] = &[
    ("date", SortKey::Date, "the date of publication"),
    ("title", SortKey::Title, "the title"),
    ("author", SortKey::Author, "the author"),
    ("site", SortKey::Site, "the site"),
    ("words", SortKey::Words, "the number of words"),
    ("versions", SortKey::Versions, "the number of versions"),
    ("copies", SortKey::Copies, "the number of exact copies"),
    ("added", SortKey::Added, "the day on which it came into the library"),
    ("sim", SortKey::Similarity, "the likeness to the nearest version"),
    ("boiler", SortKey::Boilerplate, "the share of boilerplate"),
    ("relevance", SortKey::Relevance, "how well the words fit, the best first; as the first of several only"),
];

/// What `differs:` knows.
#[rustfmt::skip] // A table to read.
pub const DIFFERENCES: &[Word<Difference>] = &[
    ("title", Difference::Title, "the title, or one has none"),
    ("author", Difference::Author, "the author, or one has none"),
    ("date", Difference::Date, "the date, or one has none"),
    ("url", Difference::Url, "the address, or one has none"),
    ("body", Difference::Body, "the words of the body; layout and typography do not count"),
    ("number", Difference::Number, "a number in the text"),
];

/// What `format:` knows. Where a format stands inside a compression, it is the format.
pub const FORMATS: &[&str] = &[
    "txt", "md", "html", "json", "jsonl", "jsonfeed", "feed", "csv", "tsv", "warc", "epub",
    "parquet",
];

/// The field of that name, capitals not counted.
pub fn by_name(name: &str) -> Option<&'static Field> {
    FIELDS
        .iter()
        .find(|field| field.name.eq_ignore_ascii_case(name))
}

/// The field that the term is written with; none for bare words and `#tags`.
pub(super) fn of(term: &Term) -> Option<&'static Field> {
    let kind = match term {
        Term::Text(TextField::Anywhere, _) | Term::Tag { .. } => return None,
        Term::Text(field, _) => Kind::Text(*field),
        Term::Place(field, _) => Kind::Place(*field),
        Term::Site(_) => Kind::Site,
        Term::Format(_) => Kind::Format,
        Term::Lang(_) => Kind::Lang,
        Term::Id(_) => Kind::Id,
        Term::Group(_) => Kind::Group,
        Term::Is(_) => Kind::Is,
        Term::Has(_) => Kind::Has,
        Term::Number(field, _) => Kind::Number(*field),
        Term::Share(field, _) => Kind::Share(*field),
        Term::Date(field, _) => Kind::Date(*field),
        Term::Differs(_) => Kind::Differs,
    };
    FIELDS.iter().find(|field| field.kind == kind)
}

/// The word that stands for the value.
pub(super) fn word<T: PartialEq>(words: &[Word<T>], value: T) -> &'static str {
    let found = words.iter().find(|(_, known, _)| *known == value);
    // A test walks the tables: every value has its word.
    found.map_or("", |(word, _, _)| word)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::model::Date;
    use crate::query::{Context, parse};

    #[test]
    fn every_field_is_documented_and_its_examples_are_right() {
        let names: BTreeSet<&str> = FIELDS.iter().map(|field| field.name).collect();
        assert_eq!(names.len(), FIELDS.len(), "names are unique");
        let saved = ["inbox", "to do"].map(|name| (name.to_owned(), "-is:reviewed".to_owned()));
        let saved = BTreeMap::from(saved);
        let context = Context {
            today: Date::new(2026, 11, 22).expect("a date"),
            saved: &saved,
        };
        for field in FIELDS {
            assert!(field.doc.ends_with('.'), "{}", field.name);
            assert!(!field.examples.is_empty(), "{}", field.name);
            for example in field.examples {
                let query = parse(example, context).expect(example);
                let again = parse(&query.to_string(), context);
                assert_eq!(again, Ok(query), "{example}");
            }
        }
    }

    #[test]
    fn every_word_is_understood_and_written_as_it_is_read() {
        fn words<T>(
            field: &'static str,
            words: &'static [Word<T>],
        ) -> impl Iterator<Item = (&'static str, &'static str)> {
            words.iter().map(move |(word, _, _)| (field, *word))
        }
        let all = words("is", STATES)
            .chain(words("has", PARTS))
            .chain(words("sort", SORT_KEYS))
            .chain(words("differs", DIFFERENCES))
            .chain(FORMATS.iter().map(|word| ("format", *word)));
        for (field, word) in all {
            let text = format!("{field}:{word}");
            let query = parse(&text, Date::new(2026, 11, 22).expect("a date")).expect(&text);
            assert_eq!(query.to_string(), text);
        }
    }
}
