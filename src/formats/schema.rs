//! Which field of a record holds what.
//!
//! One table of names covers the schemas in use, whatever the container: JSON, columns of Parquet and CSV, elements of
//! a feed, headers of WARC. The first name that holds a value wins; objects such as `metadata` are asked after the
//! record itself; what `--map` names is all that is asked for that field.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use super::date::{self, Order, Reading};
use super::inline;
use super::json::object::{self, Object, kind_of};
use crate::model::{Clean, Date, Metadata};
use crate::text::clean;

/// What a field of a record may be. The names are those that `--map` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The body.
    Text,
    /// The title.
    Title,
    /// Who wrote it.
    Author,
    /// When it was published.
    Date,
    /// Where it was published.
    Url,
    /// The record's own id.
    Id,
    /// The name of the site.
    Site,
    /// The language.
    Lang,
}

/// Every role, its name, and the names of fields that have it, the best first.
const ROLES: [(Role, &str, &[&str]); 8] = [
    (Role::Text, "text", TEXT),
    (Role::Title, "title", TITLE),
    (Role::Author, "author", AUTHOR),
    (Role::Date, "date", DATE),
    (Role::Url, "url", URL),
    (Role::Id, "id", ID),
    (Role::Site, "site", SITE),
    (Role::Lang, "lang", LANG),
];

impl Role {
    /// The role with a name.
    pub fn by_name(name: &str) -> Option<Self> {
        let found = ROLES.iter().find(|role| role.1 == name)?;
        Some(found.0)
    }

    /// The names of all roles.
    pub fn names() -> impl Iterator<Item = &'static str> {
        ROLES.iter().map(|role| role.1)
    }
}

const TEXT: &[&str] = &[
    "text",
    "body",
    "content_text",
    "textContent",
    "maintext",
    "main_text",
    "content",
    "articleBody",
    "article_body",
    "raw_content",
    "raw_text",
    "full_text",
    "fulltext",
    "fullText",
    "article",
    "story",
    "markdown",
    "text_content",
    "plain_text",
    "plaintext",
    "document",
    "content_html",
    "content.rendered",
    "html",
    "raw_html",
    "content:encoded",
    "description",
    "summary",
];

/// Fields that hold the text in a feed and a mere teaser elsewhere.
const FEED_TEXT: [&str; 3] = ["content:encoded", "description", "summary"];
const TITLE: &[&str] = &[
    "title",
    "headline",
    "name",
    "title_page",
    "title.rendered",
    "head_line",
    "og_title",
    "title_rss",
];
const AUTHOR: &[&str] = &[
    "author",
    "authors",
    "byline",
    "creator",
    "dc:creator",
    "writer",
    "author_name",
    "by",
];
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
    "publishedTime",
    "published_time",
    "published_date",
    "pubDate",
    "pub_date",
    "dc:date",
    "issued",
    "estimatedDate",
    "created",
    "created_at",
    "updated",
    "date_modified",
    "dateModified",
    "timestamp",
];
const URL: &[&str] = &[
    "url",
    "canonical_url",
    "canonicalUrl",
    "canonical_link",
    "source_url",
    "link",
    "pageUrl",
    "resolvedPageUrl",
    "permalink",
    "permalinkUrl",
    "external_url",
    "WARC-Target-URI",
    "warc-target-uri",
    "target_uri",
    "source-url",
    "sourceURL",
    "uri",
    "u",
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
    "warc-record-id",
    "diffbotUri",
];
const SITE: &[&str] = &[
    "sitename",
    "site_name",
    "siteName",
    "meta_site_name",
    "site",
    "hostname",
    "source-hostname",
    "domain",
    "source_domain",
    "publisher",
    "source",
];
const LANG: &[&str] = &[
    "language",
    "lang",
    "inLanguage",
    "humanLanguage",
    "meta_lang",
    "languages",
    "language_code",
];

/// Objects inside a record that hold some of its fields.
const NESTED: [&str; 5] = ["metadata", "meta", "warc_headers", "warc_metadata", "warc"];

/// Fields whose value may be a page or a part of one, when it looks so.
const MAY_BE_HTML: [&str; 7] = [
    "content",
    "content_html",
    "content.rendered",
    "html",
    "raw_html",
    "body",
    "articleBody",
];

/// The roles that a name may have, each with its place in the order of preference.
static BY_NAME: LazyLock<HashMap<&str, Vec<(Role, usize)>>> = LazyLock::new(|| {
    let mut by_name: HashMap<&str, Vec<_>> = HashMap::new();
    for (role, _, names) in ROLES {
        for (rank, name) in names.iter().enumerate() {
            by_name.entry(name).or_default().push((role, rank));
        }
    }
    by_name
});

/// What the fields of one record are, not decoded yet.
#[derive(Debug, Default)]
pub struct Fields<'a> {
    /// Role, preference, name, raw value; the best of each role first.
    found: Vec<(Role, usize, Cow<'a, str>, &'a str)>,
    /// The field that `--map` names for the text.
    asked_for: Option<&'a str>,
}

impl<'a> Fields<'a> {
    /// Finds the roles of a record's fields; `map` has pairs such as `("text", "body")`.
    pub fn find(record: &Object<'a>, map: &'a [(String, String)]) -> Self {
        let mut all = Self {
            found: Vec::new(),
            asked_for: None,
        };
        all.add(record, map, 0);
        for (at, name) in NESTED.iter().enumerate() {
            if let Some(inner) = record.get(name).and_then(object::object) {
                all.add(&inner, map, at + 1);
            }
        }
        for (rank, (role, path)) in map.iter().enumerate() {
            let Some(role) = Role::by_name(role) else {
                continue;
            };
            if role == Role::Text {
                all.asked_for = Some(path);
            }
            if let Some(raw) = lookup(record, path).filter(|raw| *raw != "null") {
                all.found.push((role, rank, Cow::Borrowed(path), raw));
            }
        }
        // Sorting is stable: of equal names in one object the last one counts, and it was put in front.
        all.found.sort_by_key(|(_, rank, ..)| *rank);
        all
    }

    fn add(&mut self, record: &Object<'a>, map: &[(String, String)], level: usize) {
        let mut add = |role: Role, rank: usize, name: &str, raw: &'a str| {
            // What --map names is all that is asked: a silent second choice would hide a typing mistake.
            let mapped = map.iter().any(|(it, _)| Role::by_name(it) == Some(role));
            if !mapped && raw != "null" {
                let rank = level * 1000 + rank;
                self.found.retain(|it| (it.0, it.1) != (role, rank));
                self.found
                    .push((role, rank, Cow::Owned(name.to_owned()), raw));
            }
        };
        for (name, raw) in record.iter() {
            for (role, rank) in BY_NAME.get(name).into_iter().flatten() {
                add(*role, *rank, name, raw);
            }
            // Where a system such as WordPress puts the words one deeper.
            if raw.starts_with('{')
                && (name == "title" || name == "content")
                && let Some(inner) = object::object(raw).and_then(|it| it.get("rendered"))
            {
                let path = format!("{name}.rendered");
                for (role, rank) in BY_NAME.get(&*path).into_iter().flatten() {
                    add(*role, *rank, &path, inner);
                }
            }
        }
    }

    /// The raw values that may have a role, the best first.
    fn values(&self, role: Role) -> impl Iterator<Item = (&str, &'a str)> {
        self.found
            .iter()
            .filter(move |it| it.0 == role)
            .map(|(_, _, name, raw)| (&**name, *raw))
    }

    /// The body and the name of its field; the error says why there is none. A teaser is a body only in a feed.
    pub fn text(&self, in_feed: bool) -> Result<(Cow<'a, str>, &str), String> {
        let values = || {
            let is_text = move |name: &str| {
                in_feed || !FEED_TEXT.contains(&name) || self.asked_for == Some(name)
            };
            self.values(Role::Text).filter(move |it| is_text(it.0))
        };
        let mut strings = values().filter_map(|(name, raw)| Some((object::string(raw)?, name)));
        let found = strings.find(|(text, _)| !text.trim().is_empty());
        found.ok_or_else(|| match (values().next(), self.asked_for) {
            (Some((name, raw)), _) if raw.starts_with('"') => format!("no text in it: \"{name}\" is empty"),
            (Some((name, raw)), _) => format!("\"{name}\" is {}, not text", kind_of(raw)),
            (None, Some(name)) => format!("no field \"{name}\" (asked for by --map)"),
            (None, None) => "no text in it (looked for text, body, content and the like; --map text=FIELD names another)".to_owned(),
        })
    }

    /// The title as it stands in the record, empty without one.
    pub fn title(&self) -> Cow<'a, str> {
        let mut titles = self.values(Role::Title);
        titles
            .find_map(|(_, raw)| object::string(raw))
            .unwrap_or_default()
    }

    /// The record's own id: a string, or a number as it is written.
    pub fn id(&self) -> Option<Cow<'a, str>> {
        self.values(Role::Id).find_map(|(_, raw)| id_of(raw))
    }

    /// What the record says about the article.
    pub fn meta(&self) -> Metadata {
        let filled = |text: Clean| Some(text).filter(|text| !text.trim().is_empty());
        let strings = |role| self.values(role).filter_map(|(_, raw)| object::string(raw));
        Metadata {
            title: filled(inline::clean(&self.title())),
            byline: self.words(Role::Author),
            date: self.date(),
            url: self
                .values(Role::Url)
                .find_map(|(_, raw)| url_of(raw))
                .map(|url| clean(&url)),
            site: strings(Role::Site)
                .find(|site| !is_url(site) && !site.is_empty())
                .map(|site| clean(&site)),
            lang: self.words(Role::Lang),
        }
    }

    /// When it was published. The record's language decides about `03/04/2020`, if it can.
    fn date(&self) -> Option<Date> {
        self.dates().find_map(|(_, reading)| match reading {
            Reading::Date(date) => Some(date),
            Reading::Ambiguous | Reading::None => None,
        })
    }

    /// The first date that can mean several days.
    pub fn ambiguous_date(&self) -> Option<Cow<'a, str>> {
        let mut ambiguous = self
            .dates()
            .filter(|(_, reading)| *reading == Reading::Ambiguous);
        ambiguous.find_map(|(raw, _)| object::string(raw))
    }

    fn dates(&self) -> impl Iterator<Item = (&'a str, Reading)> {
        let mut languages = self.values(Role::Lang);
        let language = languages.find_map(|(_, raw)| object::string(raw));
        let order = language.and_then(|tag| Order::of_language(&tag));
        self.values(Role::Date)
            .map(move |(_, raw)| (raw, date_of(raw, order)))
    }

    fn words(&self, role: Role) -> Option<Clean> {
        let text = self.values(role).find_map(|(_, raw)| words(raw))?;
        Some(inline::clean(&text)).filter(|text| !text.is_empty())
    }
}

/// Says whether the value of a field is to be read as a page or a part of one. Feeds carry HTML, whole or in scraps.
pub fn is_html(name: &str, text: &str, in_feed: bool) -> bool {
    let text = text.trim();
    if in_feed && (FEED_TEXT.contains(&name) || MAY_BE_HTML.contains(&name)) {
        let mut tags = text.match_indices('<');
        return tags.any(|(at, _)| {
            text.get(at + 1..).is_some_and(|rest| {
                rest.starts_with(|it: char| it == '/' || it.is_ascii_alphabetic())
            })
        });
    }
    MAY_BE_HTML.contains(&name)
        && text.ends_with('>')
        && text.strip_prefix('<').is_some_and(|rest| {
            rest.starts_with(|first: char| first.is_ascii_alphabetic() || first == '!')
        })
}

fn is_number(first: char) -> bool {
    first.is_ascii_digit() || first == '-'
}

/// A field, also one inside another object: `warc.url`.
fn lookup<'a>(object: &Object<'a>, path: &str) -> Option<&'a str> {
    object.get(path).or_else(|| {
        let (outer, inner) = path.split_once('.')?;
        lookup(&object::object(object.get(outer)?)?, inner)
    })
}

/// Text of a field: a string, the `name` of an object, or a list of either.
fn words(raw: &str) -> Option<String> {
    match raw.as_bytes().first()? {
        b'"' => object::string(raw)
            .filter(|text| !text.trim().is_empty())
            .map(Cow::into_owned),
        b'{' => words(object::object(raw)?.get("name")?),
        b'[' => {
            let values = object::array(raw)?;
            let names: Vec<_> = values.into_iter().filter_map(words).collect();
            (!names.is_empty()).then(|| names.join(", "))
        }
        _ => None,
    }
}

/// The roles that a name may have, each with its place in the order of preference.
pub(super) fn roles(name: &str) -> &'static [(Role, usize)] {
    BY_NAME.get(name).map_or(&[], Vec::as_slice)
}

/// Says whether the name is that of an object that may hold fields of the record.
pub(super) fn is_nested(name: &str) -> bool {
    NESTED.contains(&name)
}

/// Says whether a field of this name holds the text in a feed only.
pub(super) fn is_feed_text(name: &str) -> bool {
    FEED_TEXT.contains(&name)
}

/// An id of the record's own.
pub(super) fn id_of(raw: &str) -> Option<Cow<'_, str>> {
    match object::string(raw) {
        Some(id) => Some(id).filter(|id| !id.is_empty()),
        None => raw.starts_with(is_number).then_some(Cow::Borrowed(raw)),
    }
}

/// An address.
pub(super) fn url_of(raw: &str) -> Option<Cow<'_, str>> {
    object::string(raw).filter(|url| is_url(url))
}

/// A date of publication.
pub(super) fn date_of(raw: &str, order: Option<Order>) -> Reading {
    let epoch = || {
        // Smaller numbers are years or counters; a fraction of a second changes no day.
        let number = raw.split('.').next()?.parse::<i64>().ok()?;
        let number = (number > 100_000_000).then_some(number);
        number.and_then(date::from_epoch)
    };
    match raw.as_bytes().first() {
        Some(b'"') => {
            let text = object::string(raw);
            text.map_or(Reading::None, |text| date::read(&text, order))
        }
        Some(b'{') => {
            let inner = object::object(raw).and_then(|object| object.get("$date"));
            inner.map_or(Reading::None, |raw| date_of(raw, order))
        }
        _ => epoch().map_or(Reading::None, Reading::Date),
    }
}

fn is_url(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}
