//! One entry of a feed: its elements by name, as a JSON object.

use quick_xml::events::BytesStart;

use crate::formats::csv::quoted;
use crate::formats::xml::attribute;

/// The elements of an entry.
#[derive(Default)]
pub struct Entry {
    /// Names and texts, in order; a name may come several times.
    elements: Vec<(String, String)>,
    open: Option<Open>,
}

/// An element of the entry whose end was not seen yet.
struct Open {
    name: String,
    text: String,
    /// Markup inside it is text of it: XHTML in Atom.
    keeps_markup: bool,
    /// The names of markup that is open inside it.
    inside: Vec<String>,
}

impl Entry {
    /// An element begins, `depth` levels inside the entry.
    pub fn open(&mut self, name: &str, start: &BytesStart<'_>, depth: usize) {
        if let Some(open) = &mut self.open {
            if open.keeps_markup {
                let local = name.rsplit(':').next().unwrap_or(name);
                open.text.push_str(&format!("<{local}>"));
            }
            open.inside.push(name.to_owned());
            return;
        }
        if depth != 1 {
            return;
        }
        let attribute = |key: &str| attribute(start, key);
        let kind = attribute("type").unwrap_or_default();
        let mut name = name.to_owned();
        let mut text = String::new();
        match &*name {
            // Atom: the address is an attribute, and there are several kinds of links.
            "link" | "atom:link" => {
                if let Some(address) = attribute("href") {
                    let relation = attribute("rel").unwrap_or_else(|| "alternate".to_owned());
                    name = match &*relation {
                        "alternate" => "link".to_owned(),
                        other => format!("link {other}"),
                    };
                    text = address;
                }
            }
            "category" => text = attribute("term").unwrap_or_default(),
            // Atom: plain text is not HTML, even if it looks so.
            "content" | "summary" if kind == "text" => name = format!("{name}_text"),
            "content" if kind.is_empty() && attribute("src").is_none() => {
                "content_text".clone_into(&mut name);
            }
            "enclosure" | "media:content" | "media:thumbnail" => {
                text = attribute("url").unwrap_or_default();
            }
            _ => {}
        }
        self.open = Some(Open {
            name,
            text,
            keeps_markup: kind == "xhtml",
            inside: Vec::new(),
        });
    }

    /// An element ends, `depth` levels inside the entry.
    pub fn close(&mut self, depth: usize) {
        let Some(open) = &mut self.open else {
            return;
        };
        if depth > 1 {
            if let Some(name) = open.inside.pop().filter(|_| open.keeps_markup) {
                let local = name.rsplit(':').next().unwrap_or(&name).to_owned();
                open.text.push_str(&format!("</{local}>"));
            }
            return;
        }
        if let Some(Open { name, text, .. }) = self.open.take() {
            self.elements.push((name, text));
        }
    }

    /// Text inside an element.
    pub fn text(&mut self, text: &str) {
        if let Some(open) = &mut self.open {
            // Atom: of a person only the name is wanted, not the address.
            let is_person = matches!(&*open.name, "author" | "contributor");
            let within = open
                .inside
                .last()
                .map(|name| name.rsplit(':').next().unwrap_or(name));
            if is_person && within.is_some_and(|name| name != "name") {
                return;
            }
            match open.keeps_markup {
                true => open
                    .text
                    .push_str(&text.replace('&', "&amp;").replace('<', "&lt;")),
                false => open.text.push_str(text),
            }
        }
    }

    /// The entry as a JSON object; a name that comes several times has a list.
    pub fn into_json(mut self) -> String {
        if let Some(Open { name, text, .. }) = self.open.take() {
            self.elements.push((name, text));
        }
        let mut names: Vec<(String, Vec<String>)> = Vec::new();
        for (name, text) in self.elements {
            let text = match name.starts_with("content") || name.starts_with("description") {
                true => text,
                false => text.trim().to_owned(),
            };
            match names.iter_mut().find(|it| it.0 == name) {
                Some((_, texts)) => texts.push(text),
                None => names.push((name, vec![text])),
            }
        }
        let fields: Vec<String> = names
            .into_iter()
            .map(|(name, texts)| {
                let list: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
                match list.as_slice() {
                    [one] => format!("{}:{one}", quoted(&name)),
                    several => format!("{}:[{}]", quoted(&name), several.join(",")),
                }
            })
            .collect();
        format!("{{{}}}", fields.join(","))
    }
}
