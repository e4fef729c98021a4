//! The few things of a record that grouping asks for, without making an article of it.
//!
//! [`lean`] reads a line of JSON once, borrows what it can and knows only the plain case: an object with the fields of
//! the table at its top. Whatever is not plain (a mapping, nested metadata, two texts, HTML, damage) is nothing here and
//! left to [`super::read`], which gives the same for the plain case; a test holds the two together.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer as _, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::date::Reading;
use super::json::object::Object;
use super::schema::{self, Fields, Role};
use super::{article_id, inline};
use crate::model::{ArticleId, Clean, Date};
use crate::text::clean;

/// What grouping asks of a record.
#[derive(Debug, Default)]
pub struct Lean<'a> {
    /// The title as the record has it, empty without one.
    pub title: Cow<'a, str>,
    /// The body as the record has it.
    pub body: Cow<'a, str>,
    /// The record's own id.
    pub record_id: Option<Cow<'a, str>>,
    url: Option<Cow<'a, str>>,
    date: Option<Date>,
}

/// What a record that names its title says of the article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// The title.
    pub title: Clean,
    /// The address.
    pub url: Option<Clean>,
    /// The date of publication.
    pub date: Option<Date>,
}

impl Lean<'_> {
    /// Names the article.
    pub fn id(&self) -> ArticleId {
        article_id(&self.title, &self.body)
    }

    /// What the record says of the article; nothing where it names no title.
    pub fn declared(&self) -> Option<Declared> {
        let title = inline::clean(&self.title);
        (!title.trim().is_empty()).then(|| Declared {
            title,
            url: self.url.as_deref().map(clean),
            date: self.date,
        })
    }
}

/// What the fields of any record say of the article; nothing where they name no title.
pub fn declared(raw: &str, map: &[(String, String)]) -> Option<Declared> {
    let object = Object::parse(raw).ok()?;
    let meta = Fields::find(&object, map).meta();
    Some(Declared {
        title: meta.title?,
        url: meta.url,
        date: meta.date,
    })
}

/// Reads a record; nothing where it is not plain.
pub fn lean(line: &str) -> Option<Lean<'_>> {
    let mut reader = serde_json::Deserializer::from_str(line);
    let found = reader.deserialize_map(Plain).ok()?;
    reader.end().ok()?;
    found
}

/// A string that is borrowed where nothing in it is escaped.
#[derive(serde::Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// Of the fields that may hold something, the one whose name stands first in the table.
struct Best<T>(Option<(usize, T)>);

impl<T> Best<T> {
    fn offer(&mut self, rank: usize, value: Option<T>) {
        if let Some(value) = value
            && self.0.as_ref().is_none_or(|(known, _)| rank <= *known)
        {
            self.0 = Some((rank, value));
        }
    }

    fn value(self) -> Option<T> {
        self.0.map(|(_, value)| value)
    }
}

struct Plain;

impl<'de> Visitor<'de> for Plain {
    type Value = Option<Lean<'de>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut title, mut body): (Option<Cow<'de, str>>, Option<Cow<'de, str>>) = (None, None);
        let (mut id, mut url, mut date) = (Best(None), Best(None), Best(None));
        // Which of two texts or titles counts is for the full rules to say.
        let mut plain = true;
        while let Some(Text(key)) = map.next_key()? {
            let roles = schema::roles(&key);
            let has = |role| roles.iter().any(|(known, _)| *known == role);
            if has(Role::Text) && !schema::is_feed_text(&key) {
                let Text(text) = map.next_value()?;
                plain &= !schema::is_html(&key, &text, false) && !text.trim().is_empty();
                plain &= body.replace(text).is_none();
            } else if has(Role::Title) {
                let Text(text) = map.next_value()?;
                plain &= title.replace(text).is_none();
            } else if has(Role::Id) || has(Role::Url) || has(Role::Date) {
                let raw = map.next_value::<&RawValue>()?.get();
                for (role, rank) in roles {
                    match role {
                        Role::Id => id.offer(*rank, schema::id_of(raw)),
                        Role::Url => url.offer(*rank, schema::url_of(raw)),
                        Role::Date => match schema::date_of(raw, None) {
                            Reading::Date(found) => date.offer(*rank, Some(found)),
                            // Another field may say what it means.
                            Reading::Ambiguous => plain = false,
                            Reading::None => {}
                        },
                        _ => {}
                    }
                }
            } else {
                plain &= !schema::is_nested(&key);
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(body.filter(|_| plain).map(|body| Lean {
            title: title.unwrap_or_default(),
            body,
            record_id: id.value(),
            url: url.value(),
            date: date.value(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cancel::Cancel;
    use crate::formats::{Input, Item, Options, Record, read};

    fn full(line: &str) -> Option<Record> {
        let mut found = None;
        let mut bytes = line.as_bytes();
        let input = Input::stream(&mut bytes);
        let path = std::path::Path::new("a.jsonl");
        read(
            path,
            input,
            &Options::default(),
            &Cancel::new(),
            &mut |item| {
                if let Item::Record(record) = item {
                    found = Some(*record);
                }
            },
        );
        found
    }

    #[test]
    fn what_is_plain_is_what_the_full_rules_say() {
        for (line, plain) in [
            (
                r#"{"id":"a","title":"A \u00e4 <b>b</b>","text":"One.\nTwo.","url":"https://e.org/","date":"2024-03-01"}"#,
                true,
            ),
            (
                r#"{"id":7,"text":"One.","source":"site","link":"https://b.org","url":"https://a.org","published":"x","date":1700000000}"#,
                true,
            ),
            (
                r#"{"text":"One.","description":"a teaser","tags":[1,{"a":2}],"doc_id":"b","id":"a","date":null}"#,
                true,
            ),
            (r#"{"body":"<p>One.</p>"}"#, false),
            (r#"{"text":"One.","content":"Two."}"#, false),
            (r#"{"text":"One.","metadata":{"title":"A"}}"#, false),
            (r#"{"text":"  "}"#, false),
            (r#"{"text":null,"body":"One."}"#, false),
            (r#"{"text":"One."} x"#, false),
            (r#"["text"]"#, false),
            (
                r#"{"text":"One.","date":"03/04/2020","lang":"en-US"}"#,
                false,
            ),
        ] {
            let found = lean(line);
            assert_eq!(found.is_some(), plain, "{line}");
            let Some(found) = found else { continue };
            let record = full(line).expect(line);
            assert_eq!(found.id(), record.article.id, "{line}");
            assert_eq!(found.body, record.article.text, "{line}");
            assert_eq!(
                found.record_id.as_deref(),
                record.source.record_id.as_deref(),
                "{line}"
            );
            assert_eq!(found.declared(), declared(line, &[]), "{line}");
            if let Some(declared) = found.declared() {
                assert_eq!(
                    Some(&declared.title),
                    record.article.meta.title.as_ref(),
                    "{line}"
                );
            }
        }
    }
}
