//! The two files that describe a book: where its package document is, and what that lists.

use std::collections::HashMap;

use quick_xml::Reader as Xml;
use quick_xml::events::{BytesStart, Event};

use crate::formats::csv::quoted;
use crate::formats::xml::attribute;

/// What the package document says.
pub struct Package {
    /// Paths of the documents in reading order, inside the archive.
    pub chapters: Vec<String>,
    /// What is known about the whole book, as a JSON object: `book` with title, creator, date and so on, and the
    /// language and author under the names that hold for a chapter too.
    pub fields: String,
}

/// The path of the package document that the container names first.
pub fn root_file(container: &[u8]) -> Option<String> {
    let mut found = None;
    each(container, |start, _| {
        if local(start) == "rootfile" && found.is_none() {
            found = attribute(start, "full-path");
        }
    });
    resolve("", &found?)
}

impl Package {
    /// Reads a package document that stands at `path`.
    pub fn read(path: &str, document: &[u8]) -> Self {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut manifest: HashMap<String, (String, String)> = HashMap::new();
        let mut spine = Vec::new();
        let mut said: Vec<(String, String)> = Vec::new();
        each(document, |start, text| match &*local(start) {
            "item" => {
                if let (Some(id), Some(href)) = (attribute(start, "id"), attribute(start, "href")) {
                    // Tables of contents are no chapters.
                    let is_contents = attribute(start, "properties")
                        .is_some_and(|it| it.split_ascii_whitespace().any(|it| it == "nav"));
                    let kind = attribute(start, "media-type").unwrap_or_default();
                    if !is_contents {
                        manifest.insert(id, (href, kind));
                    }
                }
            }
            "itemref" => spine.extend(attribute(start, "idref")),
            name @ ("title" | "creator" | "date" | "language" | "publisher" | "source"
            | "identifier")
                if start.name().into_inner().starts_with("dc:") && !text.trim().is_empty() =>
            {
                said.push((name.to_owned(), text.trim().to_owned()));
            }
            _ => {}
        });
        let readable =
            |kind: &str| kind.is_empty() || kind.contains("html") || kind.contains("xml");
        let chapters = spine
            .iter()
            .filter_map(|id| manifest.get(id))
            .filter(|(_, kind)| readable(kind))
            .filter_map(|(href, _)| resolve(folder, href))
            .collect();
        Self {
            chapters,
            fields: fields(&said),
        }
    }
}

/// What is said of the book is true of its chapters where it names a language or an author; a title, a date or an
/// address of the book are not those of a chapter.
fn fields(said: &[(String, String)]) -> String {
    let list = |names: &[&str]| {
        let chosen = said
            .iter()
            .filter(|it| names.is_empty() || names.contains(&&*it.0));
        let mut known = Vec::new();
        for (name, text) in chosen {
            if !known.iter().any(|(it, _)| it == name) {
                known.push((name.clone(), text.clone()));
            }
        }
        let fields = known
            .iter()
            .map(|(name, text)| format!("{}:{}", quoted(name), quoted(text)));
        fields.collect::<Vec<_>>().join(",")
    };
    let mut fields = list(&["creator", "language"]);
    if !fields.is_empty() {
        fields.push(',');
    }
    format!("{{{fields}\"book\":{{{}}}}}", list(&[]))
}

/// The path of a member of the archive that `href` names, seen from a folder; none for what leads out of it.
fn resolve(folder: &str, href: &str) -> Option<String> {
    let href = href.split('#').next().unwrap_or_default();
    if href.is_empty() || href.contains("://") || href.contains('\\') {
        return None;
    }
    let href = percent_decoded(href)?;
    let folder = if href.starts_with('/') { "" } else { folder };
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(href.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, others)) = rest.split_first() {
        let code = others
            .get(..2)
            .filter(|_| *first == b'%')
            .and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        bytes.push(code.unwrap_or(*first));
        rest = match code {
            Some(_) => others.get(2..)?,
            None => others,
        };
    }
    String::from_utf8(bytes).ok()
}

/// Calls back for each element with the text right inside it. No entity but the five of XML is known; where the XML is
/// broken, that is its end.
fn each(document: &[u8], mut call: impl FnMut(&BytesStart<'_>, &str)) {
    let decoded = crate::formats::encoding::decode(document.to_vec(), None);
    let mut xml = Xml::from_str(decoded.without_mark());
    xml.config_mut().check_end_names = false;
    xml.config_mut().allow_unmatched_ends = true;
    let mut open: Option<(BytesStart<'static>, String)> = None;
    loop {
        match xml.read_event() {
            Ok(Event::Start(start)) => {
                if let Some((before, text)) = open.take() {
                    call(&before, &text);
                }
                open = Some((start.into_owned(), String::new()));
            }
            Ok(Event::Empty(start)) => call(&start, ""),
            Ok(Event::End(_)) => {
                if let Some((before, text)) = open.take() {
                    call(&before, &text);
                }
            }
            Ok(Event::Text(text)) => {
                if let Some((_, inside)) = &mut open {
                    inside.push_str(&text);
                }
            }
            Ok(Event::GeneralRef(reference)) => {
                if let Some((_, inside)) = &mut open {
                    inside.push_str(&crate::formats::feed::resolved(&reference));
                }
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    if let Some((before, text)) = open {
        call(&before, &text);
    }
}

fn local(start: &BytesStart<'_>) -> String {
    start.local_name().into_inner().to_owned()
}
