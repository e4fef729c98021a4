//! What a page says about itself outside of its text: `<html lang>`, canonical link, OpenGraph, meta, `<time>`.

use dom_query::Document;

use crate::formats::date::{self, Order, Reading};
use crate::model::{Date, Metadata};
use crate::text::clean;

use super::linked_data;

/// As much of a page as is searched for its encoding; browsers look at less.
const DECLARATION: usize = 4096;

/// Places of a date of publication, the most telling first; each with the attribute that holds it.
const DATES: [(&str, &str); 16] = [
    ("meta[property='article:published_time']", "content"),
    ("meta[itemprop='datePublished']", "content"),
    ("meta[name='date']", "content"),
    ("meta[name='pubdate']", "content"),
    ("meta[name='publish-date']", "content"),
    ("meta[name='parsely-pub-date']", "content"),
    ("meta[name='DC.date.issued']", "content"),
    ("meta[name='DC.date']", "content"),
    ("meta[property='og:article:published_time']", "content"),
    ("meta[name='publishdate']", "content"),
    ("meta[name='sailthru.date']", "content"),
    ("[itemprop~='datePublished'][datetime]", "datetime"),
    ("time[pubdate]", "datetime"),
    (".published[title]", "title"),
    (".updated[title]", "title"),
    ("time[datetime]", "datetime"),
];

/// Places where a date stands in the page itself.
const DATE_LINES: &str = "[class*='publish' i], [class*='pubdate' i], [class*='pub-date' i], [class*='pubtime' i], \
    [class*='entry-date' i], [class*='post-date' i], [class*='article-date' i], [class*='timestamp' i], [class*='dateline' i]";

/// Places of the language.
const LANGUAGES: [(&str, &str); 5] = [
    ("html[lang]", "lang"),
    ("html", "xml:lang"),
    ("meta[http-equiv='content-language' i]", "content"),
    ("meta[name='language']", "content"),
    ("meta[property='og:locale']", "content"),
];

/// What was found.
#[derive(Debug, Default)]
pub struct Facts {
    /// What the head says.
    pub meta: Metadata,
    /// The text of the only heading of the first level.
    pub heading: Option<String>,
    /// A date that can mean more than one day.
    pub unclear: Option<String>,
    /// The text of the article, where the page says it in so many words.
    pub body: Option<String>,
}

/// Reads the facts of a page, before extraction takes the tree apart.
pub fn read(document: &Document) -> Facts {
    let attribute = |selector: &str, name: &str| {
        let value = document.select_single(selector).attr(name)?;
        Some(value.trim().to_owned()).filter(|value| !value.is_empty())
    };
    let url = attribute("link[rel='canonical']", "href")
        .into_iter()
        .chain(attribute("meta[property='og:url']", "content"))
        .find(|url| is_absolute(url));
    let headings = document.select("h1");
    let told = linked_data::read(document);
    let told_words = |text: Option<String>| text.map(|text| clean(&text));
    let lang = LANGUAGES
        .iter()
        .find_map(|(selector, name)| attribute(selector, name))
        .or(told.lang);
    let order = lang.as_deref().and_then(Order::of_language);
    let (mut date, mut unclear) = (None, None);
    for (selector, name) in DATES {
        let Some(text) = attribute(selector, name) else {
            continue;
        };
        match date::read(&text, order) {
            Reading::Date(found) => {
                date = Some(found);
                break;
            }
            Reading::Ambiguous => unclear = Some(text),
            Reading::None => {}
        }
    }
    let url = url.or(told.url.filter(|url| is_absolute(url)));
    let date = told
        .date
        .or(date)
        .or_else(|| url.as_deref().and_then(date_of_address))
        .or_else(|| date_line(document, order));
    Facts {
        meta: Metadata {
            title: attribute("meta[property='og:title']", "content")
                .map(|title| clean(&title))
                .or_else(|| told_words(told.title)),
            byline: told_words(told.byline)
                .or_else(|| attribute("meta[name='author']", "content").map(|name| clean(&name))),
            date,
            url: url.map(|url| clean(&url)),
            site: attribute("meta[property='og:site_name']", "content")
                .map(|site| clean(&site))
                .or_else(|| told_words(told.site)),
            lang: lang.map(|lang| clean(&lang)),
        },
        unclear: unclear.filter(|_| date.is_none()),
        body: told.body,
        heading: (headings.length() == 1).then(|| clean(&headings.text()).to_string()),
    }
}

/// `https://echo.example/2026/04/24/boats`, `/2026-04/24/`, `/20260424/`: the day on which the address was made.
fn date_of_address(url: &str) -> Option<Date> {
    let parts: Vec<&str> = url.split(['/', '-', '_']).collect();
    let number = |text: &str, length: usize| {
        let fits = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| text.parse::<i16>().ok())?
    };
    parts.windows(3).find_map(|window| {
        let [year, month, day] = window else {
            return None;
        };
        let year = number(year, 4).filter(|year| (1990..=2100).contains(year))?;
        let (month, day) = (number(month, 2)?, number(day, 2)?);
        let date = Date::new(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)?;
        date.day().map(|_| date)
    })
}

/// The first line that a page marks as a date of publication and that is one.
fn date_line(document: &Document, order: Option<Order>) -> Option<Date> {
    let lines = document.select(DATE_LINES);
    lines.nodes().iter().take(20).find_map(|node| {
        let text = clean(&node.text());
        match date::read(&text, order) {
            Reading::Date(date) => Some(date),
            Reading::Ambiguous | Reading::None => None,
        }
    })
}

fn is_absolute(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

/// The encoding that a page declares in its head.
pub fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let head = bytes[..bytes.len().min(DECLARATION)].to_ascii_lowercase();
    let head = String::from_utf8_lossy(&head);
    let tag = head
        .match_indices("<meta")
        .filter_map(|(at, _)| head[at..].split('>').next())
        .chain(
            head.strip_prefix("<?xml")
                .and_then(|rest| rest.split("?>").next()),
        );
    tag.filter_map(|tag| {
        let (_, value) = tag
            .split_once("charset=")
            .or_else(|| tag.split_once("encoding="))?;
        let value = value.trim_start_matches(['"', '\'', ' ']);
        let end = value
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '.')));
        Some(value[..end.unwrap_or(value.len())].to_owned())
    })
    .find(|label| !label.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_stands_in_an_address_or_in_a_line_that_says_so() {
        for (page, date) in [
            (
                "<link rel=canonical href='https://e.example/2026/04/24/boats'>",
                Some("2026-04-24"),
            ),
            (
                "<link rel=canonical href='https://e.example/n/2026-04/24/c_1.htm'>",
                Some("2026-04-24"),
            ),
            (
                "<link rel=canonical href='https://e.example/2026/99/24/boats'>",
                None,
            ),
            (
                "<link rel=canonical href='https://e.example/2026/boats'>",
                None,
            ),
            (
                "<div class='post-date'>Published on 24 April 2026</div>",
                Some("2026-04-24"),
            ),
            (
                "<div class='publisher'>The Echo, since 24 April 1906</div>",
                None,
            ),
            (
                "<abbr class=published title='2026-04-24T17:05:00Z'>two days ago</abbr>",
                Some("2026-04-24"),
            ),
            ("<p>24 April 2026</p>", None),
        ] {
            let found = read(&Document::from(page))
                .meta
                .date
                .map(|date| date.to_string());
            assert_eq!(found.as_deref(), date, "{page}");
        }
    }

    #[test]
    fn declared_encodings_are_found() {
        for (page, label) in [
            ("<meta charset=\"Windows-1251\">", Some("windows-1251")),
            (
                "<META http-equiv=Content-Type content='text/html; charset=ISO-8859-1'>",
                Some("iso-8859-1"),
            ),
            (
                "<?xml version=\"1.0\" encoding=\"koi8-r\"?><html>",
                Some("koi8-r"),
            ),
            ("<p>charset=utf-8</p>", None),
            ("<meta charset=\"\u{1b}]0;x\u{7}\">", None),
        ] {
            assert_eq!(
                declared_encoding(page.as_bytes()).as_deref(),
                label,
                "{page:?}"
            );
        }
    }
}
