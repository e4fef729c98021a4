//! One event of the review log: what a row of the table `events` says, and the hash that chains it to its predecessor.
//!
//! The hash covers every column of the row, numbers and lengths included, and the hash of the row before. Columns
//! and not one JSON text: anybody can read and count them with `sqlite3`, and no serializer decides what is hashed.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::model::{Anchor, ArticleId, Verdict};
use crate::store::types::{Deed, LibraryId, Subject};

/// The hash of one event over its predecessor's hash.
pub(super) type Hash = [u8; 32];

/// What stands before the first event.
pub(super) const GENESIS: Hash = [0; 32];

/// One entry of the review log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its number; events are numbered in the order of writing.
    pub number: u64,
    /// The number of the first event of its change: what undo takes back together.
    pub step: u64,
    /// The library that it was done in.
    pub library: LibraryId,
    /// Who did it.
    pub author: String,
    /// When, in milliseconds since 1970.
    pub time: i64,
    /// The article that it is about; undo, redo and saved queries are about none.
    pub subject: Option<Subject>,
    /// What was done.
    pub act: Act,
}

/// An event that borrows what is long, so that a change of a hundred thousand articles is written without a copy.
#[derive(Clone, Debug)]
pub(super) struct Row<'a> {
    pub(super) number: u64,
    pub(super) step: u64,
    pub(super) library: &'a LibraryId,
    pub(super) author: &'a str,
    pub(super) time: i64,
    pub(super) subject: Option<&'a Subject>,
    pub(super) act: Cow<'a, Act>,
}

/// What an event records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Something done to an article.
    Deed(Deed),
    /// A query is saved under this name, or the name is free again.
    Filter {
        /// The name.
        name: String,
        /// The query.
        query: Option<String>,
    },
    /// The step of this number is taken back.
    Undo(u64),
    /// The step of this number counts again.
    Redo(u64),
    /// Written by a newer recto; kept, but not understood.
    Unknown {
        /// The word in column `deed`.
        kind: String,
        /// What stands in column `value`.
        value: Option<String>,
    },
}

/// What column `value` says of a note. The order of the fields is that of the file.
#[derive(Serialize, Deserialize)]
struct NoteValue {
    #[serde(skip_serializing_if = "Option::is_none", default)]
    text: Option<String>,
    #[serde(flatten, skip_serializing_if = "Option::is_none", default)]
    on: Option<Anchor>,
}

/// What column `value` says of a saved query.
#[derive(Serialize, Deserialize)]
struct FilterValue {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    query: Option<String>,
}

/// Such values are strings and numbers: nothing that JSON could not write.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

impl Act {
    /// The words for the columns `deed` and `value`.
    pub fn words(&self) -> (&str, Option<Cow<'_, str>>) {
        let own = |text: String| Some(Cow::Owned(text));
        match self {
            Self::Deed(Deed::Tag(tag)) => ("tag", Some(Cow::Borrowed(tag.as_str()))),
            Self::Deed(Deed::Untag(tag)) => ("untag", Some(Cow::Borrowed(tag.as_str()))),
            Self::Deed(Deed::Verdict(verdict)) => {
                ("verdict", verdict.map(|it| Cow::Borrowed(it.as_str())))
            }
            Self::Deed(Deed::Supersede(set)) => (
                "supersede",
                Some(Cow::Borrowed(if *set { "yes" } else { "no" })),
            ),
            Self::Deed(Deed::Note { on, text }) => {
                let (on, text) = (on.clone(), text.clone());
                ("note", own(json(&NoteValue { text, on })))
            }
            Self::Deed(Deed::Rebind { from }) => ("rebind", own(from.to_string())),
            Self::Deed(Deed::Apart(other)) => ("apart", own(other.to_string())),
            Self::Deed(Deed::Same(other)) => ("same", own(other.to_string())),
            Self::Deed(Deed::Sketch(sketch)) => ("sketch", Some(Cow::Borrowed(sketch.as_str()))),
            Self::Filter { name, query } => {
                let (name, query) = (name.clone(), query.clone());
                ("filter", own(json(&FilterValue { name, query })))
            }
            Self::Undo(step) => ("undo", own(step.to_string())),
            Self::Redo(step) => ("redo", own(step.to_string())),
            Self::Unknown { kind, value } => (kind, value.as_deref().map(Cow::Borrowed)),
        }
    }

    /// Reads the columns `deed` and `value`; anything that [`Act::words`] would not write becomes [`Act::Unknown`].
    pub fn parse(kind: String, value: Option<String>) -> Self {
        let article = |text: &str| text.parse::<ArticleId>().ok();
        let known = match (kind.as_str(), value.as_deref()) {
            ("tag", Some(tag)) => Some(Self::Deed(Deed::Tag(tag.to_owned()))),
            ("untag", Some(tag)) => Some(Self::Deed(Deed::Untag(tag.to_owned()))),
            ("verdict", None) => Some(Self::Deed(Deed::Verdict(None))),
            ("verdict", Some(word)) => {
                let verdict: Option<Verdict> = word.parse().ok();
                verdict.map(|verdict| Self::Deed(Deed::Verdict(Some(verdict))))
            }
            ("supersede", Some("yes")) => Some(Self::Deed(Deed::Supersede(true))),
            ("supersede", Some("no")) => Some(Self::Deed(Deed::Supersede(false))),
            ("note", Some(note)) => {
                let note: Option<NoteValue> = serde_json::from_str(note).ok();
                note.map(|NoteValue { text, on }| Self::Deed(Deed::Note { on, text }))
            }
            ("rebind", Some(from)) => article(from).map(|from| Self::Deed(Deed::Rebind { from })),
            ("apart", Some(other)) => article(other).map(|other| Self::Deed(Deed::Apart(other))),
            ("same", Some(other)) => article(other).map(|other| Self::Deed(Deed::Same(other))),
            ("sketch", Some(sketch)) => Some(Self::Deed(Deed::Sketch(sketch.to_owned()))),
            ("filter", Some(filter)) => {
                let filter: Option<FilterValue> = serde_json::from_str(filter).ok();
                filter.map(|FilterValue { name, query }| Self::Filter { name, query })
            }
            ("undo", Some(step)) => step.parse().ok().map(Self::Undo),
            ("redo", Some(step)) => step.parse().ok().map(Self::Redo),
            _ => None,
        };
        // A value such as "007" parses but would be written otherwise: not ours, and its hash must stay its own.
        match known {
            Some(act) if act.words().1.as_deref() == value.as_deref() => act,
            _ => Self::Unknown { kind, value },
        }
    }
}

impl Event {
    /// The same without its own copy of anything.
    pub(super) fn row(&self) -> Row<'_> {
        Row {
            number: self.number,
            step: self.step,
            library: &self.library,
            author: &self.author,
            time: self.time,
            subject: self.subject.as_ref(),
            act: Cow::Borrowed(&self.act),
        }
    }

    /// The hash that stands beside the event, given the one before it.
    pub(super) fn hash(&self, predecessor: &Hash) -> Hash {
        self.row().hash(predecessor, &mut Vec::with_capacity(512))
    }
}

impl Row<'_> {
    /// The hash that stands beside the event, given the one before it. `bytes` is room to work in.
    pub(super) fn hash(&self, predecessor: &Hash, bytes: &mut Vec<u8>) -> Hash {
        let (kind, value) = self.act.words();
        bytes.clear();
        bytes.extend_from_slice(predecessor);
        bytes.extend_from_slice(&self.number.to_le_bytes());
        bytes.extend_from_slice(&self.step.to_le_bytes());
        put(bytes, Some(self.library.0.as_bytes()));
        put(bytes, Some(self.author.as_bytes()));
        bytes.extend_from_slice(&self.time.to_le_bytes());
        put(bytes, Some(kind.as_bytes()));
        put(bytes, value.as_deref().map(str::as_bytes));
        let subject = self.subject;
        put(bytes, subject.map(|it| it.article.bytes().as_slice()));
        put(bytes, subject.map(|it| path_bytes(&it.path)).as_deref());
        let record = subject.and_then(|it| it.record).map(u64::to_le_bytes);
        put(bytes, record.as_ref().map(<[u8; 8]>::as_slice));
        for text in [
            subject.and_then(|it| it.record_id.as_deref()),
            subject.and_then(|it| it.url.as_deref()),
            subject.and_then(|it| it.title.as_deref()),
        ] {
            put(bytes, text.map(str::as_bytes));
        }
        *blake3::hash(bytes).as_bytes()
    }
}

/// Appends a field so that no two rows give the same bytes: presence, length, content.
fn put(bytes: &mut Vec<u8>, field: Option<&[u8]>) {
    match field {
        None => bytes.push(0),
        Some(content) => {
            bytes.push(1);
            bytes.extend_from_slice(&(content.len() as u64).to_le_bytes());
            bytes.extend_from_slice(content);
        }
    }
}

/// The bytes of a path, which on Unix need not be UTF-8.
#[cfg(unix)]
pub(super) fn path_bytes(path: &Path) -> Cow<'_, [u8]> {
    use std::os::unix::ffi::OsStrExt;
    Cow::Borrowed(path.as_os_str().as_bytes())
}

/// The path of such bytes.
#[cfg(unix)]
pub(super) fn path_from_bytes(bytes: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    std::ffi::OsString::from_vec(bytes).into()
}

/// The bytes of a path; elsewhere paths are Unicode but for oddities that are replaced.
#[cfg(not(unix))]
pub(super) fn path_bytes(path: &Path) -> Cow<'_, [u8]> {
    Cow::Owned(path.to_string_lossy().into_owned().into_bytes())
}

/// The path of such bytes.
#[cfg(not(unix))]
pub(super) fn path_from_bytes(bytes: Vec<u8>) -> PathBuf {
    String::from_utf8_lossy(&bytes).into_owned().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(act: Act) -> Event {
        Event {
            number: 7,
            step: 6,
            library: LibraryId("lib".into()),
            author: "ada".into(),
            time: -5,
            subject: Some(Subject {
                article: ArticleId::from_bytes([3; 16]),
                path: "a/b.txt".into(),
                record: Some(2),
                record_id: None,
                url: Some("http://example.org".into()),
                title: None,
            }),
            act,
        }
    }

    #[test]
    fn every_act_survives_its_columns() {
        let acts = [
            Act::Deed(Deed::Tag("x".into())),
            Act::Deed(Deed::Untag("x".into())),
            Act::Deed(Deed::Verdict(Some(Verdict::Skip))),
            Act::Deed(Deed::Verdict(None)),
            Act::Deed(Deed::Supersede(true)),
            Act::Deed(Deed::Supersede(false)),
            Act::Deed(Deed::Rebind {
                from: ArticleId::from_bytes([9; 16]),
            }),
            Act::Deed(Deed::Apart(ArticleId::from_bytes([9; 16]))),
            Act::Deed(Deed::Same(ArticleId::from_bytes([9; 16]))),
            Act::Deed(Deed::Sketch("99 of another version".into())),
            Act::Deed(Deed::Note {
                on: Some(Anchor::new(3, "He said: \"No\".\n")),
                text: Some("why?".into()),
            }),
            Act::Deed(Deed::Note {
                on: None,
                text: Some("two\nlines".into()),
            }),
            Act::Deed(Deed::Note {
                on: Some(Anchor::new(3, "gone")),
                text: None,
            }),
            Act::Deed(Deed::Note {
                on: None,
                text: None,
            }),
            Act::Filter {
                name: "inbox".into(),
                query: Some("-is:reviewed title:\"a b\"".into()),
            },
            Act::Filter {
                name: "inbox".into(),
                query: None,
            },
            Act::Undo(12),
            Act::Redo(12),
        ];
        for act in acts {
            let (kind, value) = act.words();
            let value = value.map(Cow::into_owned);
            assert_eq!(Act::parse(kind.to_owned(), value), act);
        }
    }

    #[test]
    fn a_value_that_we_would_not_write_is_kept_as_it_is() {
        for (kind, value) in [
            ("undo", Some("007")),
            ("verdict", Some("maybe")),
            ("same", Some("ABCDEFABCDEFABCDEFABCDEFABCDEFAB")),
            (
                "note",
                Some("{\"quote\":\"q\",\"paragraph\":1,\"text\":\"t\"}"),
            ),
            ("note", Some("{\"text\":\"t\",\"paragraph\":1}")),
            ("note", Some("{\"text\":\"t\",\"more\":1}")),
            ("filter", Some("{ \"name\": \"n\" }")),
            ("praise", None),
        ] {
            let act = Act::parse(kind.to_owned(), value.map(str::to_owned));
            assert!(matches!(act, Act::Unknown { .. }), "{act:?}");
            assert_eq!(act.words(), (kind, value.map(Cow::Borrowed)));
        }
    }

    #[test]
    fn the_hash_covers_every_column() {
        let base = event(Act::Deed(Deed::Tag("x".into())));
        let mut others = vec![event(Act::Deed(Deed::Untag("x".into())))];
        let subject = base.subject.clone().unwrap();
        for change in 0..10 {
            let mut other = base.clone();
            let mut about = subject.clone();
            match change {
                0 => other.number += 1,
                1 => other.step += 1,
                2 => other.library.0.push('x'),
                3 => other.author.push('x'),
                4 => other.time += 1,
                5 => about.article = ArticleId::from_bytes([4; 16]),
                6 => about.path.push("x"),
                7 => about.record = None,
                // The same bytes in the neighbouring column.
                8 => std::mem::swap(&mut about.url, &mut about.title),
                _ => about.record_id = Some(String::new()),
            }
            other.subject = Some(about);
            others.push(other);
        }
        for other in others {
            assert_ne!(base.hash(&GENESIS), other.hash(&GENESIS), "{other:?}");
        }
        assert_ne!(base.hash(&GENESIS), base.hash(&[1; 32]));
    }
}
