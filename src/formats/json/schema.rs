//! Which field of a record holds what.
//!
//! One table of names covers the schemas in use: trafilatura, newspaper and news-please, C4, FineWeb and datatrove,
//! Dolma, CC-News, Diffbot, JSON Feed, schema.org. The first name that holds a value wins; nested `metadata` objects
//! are asked after the record itself; `--map` is asked before everything.

use serde_json::{Map, Value};

use crate::formats::{date, inline};
use crate::model::{Date, Metadata};
use crate::text::clean;

const TEXT: &[&str] = &[
    "text",
    "body",
    "content",
    "maintext",
    "main_text",
    "articleBody",
    "article_body",
    "raw_content",
    "raw_text",
    "full_text",
    "fulltext",
    "content_text",
    "article",
    "story",
    "markdown",
    "text_content",
    "textContent",
    "plain_text",
];
const TITLE: &[&str] = &["title", "headline", "name", "title_page", "head_line"];
const BYLINE: &[&str] = &["author", "authors", "byline", "creator", "writer"];
const DATE: &[&str] = &[
    "date",
    "published",
    "publish_date",
    "date_publish",
    "date_published",
    "datePublished",
    "published_at",
    "publication_date",
    "publishedAt",
    "published_time",
    "pubDate",
    "pub_date",
    "created",
    "created_at",
    "timestamp",
];
const URL: &[&str] = &[
    "url",
    "source_url",
    "link",
    "canonical_url",
    "canonicalUrl",
    "pageUrl",
    "permalink",
    "external_url",
    "WARC-Target-URI",
    "source-url",
    "uri",
    "source",
];
const ID: &[&str] = &[
    "id",
    "uuid",
    "docid",
    "doc_id",
    "_id",
    "guid",
    "document_id",
    "WARC-Record-ID",
];
const SITE: &[&str] = &[
    "sitename",
    "site_name",
    "siteName",
    "site",
    "hostname",
    "domain",
    "source_domain",
    "publisher",
    "source",
];
const LANG: &[&str] = &[
    "language",
    "lang",
    "inLanguage",
    "languages",
    "language_code",
];

/// Objects inside a record that hold some of its fields.
const NESTED: [&str; 4] = ["metadata", "meta", "warc_headers", "warc_metadata"];

/// A record, mapped.
#[derive(Debug)]
pub struct Fields {
    /// The title as the record has it, empty without one.
    pub title: String,
    /// The body as the record has it.
    pub body: String,
    /// The record's own id.
    pub id: Option<String>,
    /// The rest.
    pub meta: Metadata,
}

impl Fields {
    /// Maps a record; the error says why it is no article.
    pub fn read(object: &Map<String, Value>, map: &[(String, String)]) -> Result<Self, String> {
        let record = Record { object, map };
        let body = match record.field("text", TEXT) {
            Some((_, Value::String(text))) => text.clone(),
            Some((name, other)) => {
                return Err(format!("\"{name}\" is {}, not text", kind_of(other)));
            }
            None => return Err(record.no_text()),
        };
        let title = match record.field("title", TITLE) {
            Some((_, Value::String(title))) => title.clone(),
            _ => String::new(),
        };
        let words = |what: &str, names: &[&str]| {
            let text = record.values(what, names).into_iter().find_map(words)?;
            Some(inline::clean(&text)).filter(|text| !text.is_empty())
        };
        let meta = Metadata {
            title: Some(inline::clean(&title)).filter(|title| !title.is_empty()),
            byline: words("author", BYLINE),
            date: record.values("date", DATE).into_iter().find_map(date_of),
            url: record
                .values("url", URL)
                .into_iter()
                .filter_map(Value::as_str)
                .find(|url| is_url(url))
                .map(clean),
            site: record
                .values("site", SITE)
                .into_iter()
                .filter_map(Value::as_str)
                .find(|site| !is_url(site) && !site.is_empty())
                .map(clean),
            lang: words("lang", LANG),
        };
        let id = record
            .values("id", ID)
            .into_iter()
            .find_map(|value| match value {
                Value::String(id) => Some(id.clone()),
                Value::Number(id) => Some(id.to_string()),
                _ => None,
            });
        Ok(Self {
            title,
            body,
            id,
            meta,
        })
    }
}

struct Record<'a> {
    object: &'a Map<String, Value>,
    map: &'a [(String, String)],
}

impl<'a> Record<'a> {
    /// Every value that may be `what`, in order of preference; null is none.
    fn values(&self, what: &str, names: &[&str]) -> Vec<&'a Value> {
        let named = self.named(what, names);
        named.into_iter().map(|(_, value)| value).collect()
    }

    /// The first field that may hold `what`.
    fn field<'n>(&'n self, what: &str, names: &[&'n str]) -> Option<(&'n str, &'a Value)> {
        self.named(what, names).into_iter().next()
    }

    /// What --map names is all that is asked: a silent second choice would hide a typing mistake.
    fn named<'n>(&'n self, what: &str, names: &[&'n str]) -> Vec<(&'n str, &'a Value)> {
        let mapped: Vec<&'n str> = self
            .map
            .iter()
            .filter(|(key, _)| key == what)
            .map(|(_, name)| &**name)
            .collect();
        let names = if mapped.is_empty() { names } else { &mapped };
        let nested = NESTED
            .iter()
            .filter_map(|name| self.object.get(*name)?.as_object());
        std::iter::once(self.object)
            .chain(nested)
            .flat_map(|object| names.iter().map(move |name| (*name, lookup(object, name))))
            .filter_map(|(name, value)| Some((name, value.filter(|value| !value.is_null())?)))
            .collect()
    }

    fn no_text(&self) -> String {
        match self.map.iter().find(|(key, _)| key == "text") {
            Some((_, name)) => format!("no field \"{name}\" (asked for by --map)"),
            None => "no text in it (looked for text, body, content and the like; --map text=FIELD names another)".to_owned(),
        }
    }
}

/// A field, also one inside another object: `warc.url`.
fn lookup<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object.get(name).or_else(|| {
        let (outer, inner) = name.split_once('.')?;
        lookup(object.get(outer)?.as_object()?, inner)
    })
}

/// Text of a field: a string, the `name` of an object, or a list of either.
fn words(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
        Value::Object(object) => object.get("name").and_then(words),
        Value::Array(list) => {
            let names: Vec<_> = list.iter().filter_map(words).collect();
            (!names.is_empty()).then(|| names.join(", "))
        }
        _ => None,
    }
}

fn date_of(value: &Value) -> Option<Date> {
    match value {
        Value::String(text) => date::parse(text),
        // Smaller numbers are years or counters.
        Value::Number(number) => number
            .as_i64()
            .filter(|number| *number > 100_000_000)
            .and_then(date::from_epoch),
        Value::Object(object) => object.get("$date").and_then(date_of),
        _ => None,
    }
}

fn is_url(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

/// A JSON value in words.
pub fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
