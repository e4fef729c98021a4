//! What a page says about its article in JSON-LD, the vocabulary of schema.org: names, dates, the address, and on many
//! pages the text once more.

use dom_query::Document;
use serde_json::Value;

use crate::formats::date;
use crate::model::Date;

/// Scripts that are longer hold other things.
const LONGEST: usize = 4 * 1024 * 1024;
/// How deep an article may lie in lists and graphs.
const DEEPEST: usize = 5;

/// What was found, as it stands in the page.
#[derive(Debug, Default)]
pub struct LinkedData {
    pub title: Option<String>,
    pub byline: Option<String>,
    pub date: Option<Date>,
    pub url: Option<String>,
    pub site: Option<String>,
    pub lang: Option<String>,
    /// The text of the article; it may hold markup.
    pub body: Option<String>,
}

/// Reads the first article that a page describes.
pub fn read(document: &Document) -> LinkedData {
    for script in document
        .select("script[type='application/ld+json']")
        .nodes()
    {
        let text = script.text();
        if text.len() > LONGEST {
            continue;
        }
        // Some pages wrap it in a comment or leave line breaks in strings.
        let plain: String = text
            .trim()
            .trim_start_matches("<!--")
            .trim_end_matches("-->")
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        if let Ok(value) = serde_json::from_str::<Value>(&plain)
            && let Some(article) = article(&value, 0)
        {
            return describe(article);
        }
    }
    LinkedData::default()
}

/// The first article in a value.
fn article(value: &Value, depth: usize) -> Option<&Value> {
    if depth > DEEPEST {
        return None;
    }
    match value {
        Value::Array(items) => items.iter().find_map(|item| article(item, depth + 1)),
        Value::Object(fields) => {
            if is_article(&value["@type"]) {
                return Some(value);
            }
            ["@graph", "mainEntity", "mainEntityOfPage"]
                .iter()
                .filter_map(|key| fields.get(*key))
                .find_map(|inner| article(inner, depth + 1))
        }
        _ => None,
    }
}

fn is_article(kind: &Value) -> bool {
    match kind {
        Value::String(name) => {
            let name = name.rsplit(['/', ':']).next().unwrap_or(name);
            name.ends_with("Article")
                || matches!(
                    name,
                    "BlogPosting" | "Report" | "LiveBlogPosting" | "SocialMediaPosting"
                )
        }
        Value::Array(names) => names.iter().any(is_article),
        _ => false,
    }
}

fn describe(article: &Value) -> LinkedData {
    let text = |key: &str| words(&article[key]);
    let date = |key: &str| date::parse(article[key].as_str()?);
    LinkedData {
        title: text("headline").or_else(|| text("name")),
        byline: names(&article["author"]),
        date: date("datePublished").or_else(|| date("dateCreated")),
        url: text("url").or_else(|| {
            let page = &article["mainEntityOfPage"];
            words(page).or_else(|| words(&page["@id"]))
        }),
        site: words(&article["publisher"]["name"]),
        lang: text("inLanguage"),
        body: text("articleBody"),
    }
}

fn words(value: &Value) -> Option<String> {
    let text = value.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Names of people: a text, an object with a name, or a list of these.
fn names(value: &Value) -> Option<String> {
    match value {
        Value::Array(people) => {
            let mut found: Vec<String> = people.iter().filter_map(names).collect();
            found.dedup();
            (!found.is_empty()).then(|| found.join(", "))
        }
        Value::Object(_) => names(&value["name"]),
        _ => words(value).filter(|name| !name.starts_with("http")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_script(json: &str) -> LinkedData {
        let page = format!("<script type='application/ld+json'>{json}</script><p>Text");
        read(&Document::from(page.as_str()))
    }

    #[test]
    fn an_article_is_found_in_lists_and_graphs() {
        let plain = r#"{"@type":"NewsArticle","headline":"Boats","author":[{"name":"Ann Lee"},{"name":"Bo Ray"}],
            "datePublished":"2026-04-24T17:05:00+02:00","articleBody":"One.\nTwo.","inLanguage":"de"}"#;
        for json in [
            plain.to_owned(),
            format!("[{{\"@type\":\"WebSite\"}},{plain}]"),
            format!("{{\"@graph\":[{{\"@type\":\"Person\",\"name\":\"x\"}},{plain}]}}"),
            format!("<!-- {plain} -->"),
        ] {
            let found = read_script(&json);
            assert_eq!(found.title.as_deref(), Some("Boats"), "{json}");
            assert_eq!(found.byline.as_deref(), Some("Ann Lee, Bo Ray"));
            assert_eq!(found.date, Date::new(2026, 4, 24));
            assert_eq!(found.lang.as_deref(), Some("de"));
            assert!(found.body.is_some_and(|body| body.starts_with("One.")));
        }
    }

    #[test]
    fn other_things_and_broken_ones_are_left_alone() {
        for json in ["", "{", "[]", "7", r#"{"@type":"Product","name":"x"}"#] {
            assert!(read_script(json).title.is_none(), "{json}");
        }
        let deep = "[".repeat(5000);
        assert!(read_script(&deep).title.is_none());
    }
}
