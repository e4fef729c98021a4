//! The head of a text that is about it: YAML between `---`, TOML between `+++`, or plain `Key: value` lines.
//!
//! Only what news needs is read: scalars, and lists of scalars, at the top level. A whole YAML parser was rejected:
//! aliases and tags are how a front matter of 1 KB becomes 1 GB, and the one maintained crate was archived in 2024.

use std::ops::Range;

/// One key of a front matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The key in lower case.
    pub key: String,
    /// The value without quotes; the items of a list joined by `, `.
    pub value: String,
    /// The bytes of the text that the value stands in, quotes included; for a list the whole list.
    pub range: Range<usize>,
    /// The bytes of the value without quotes; for a list those of each item.
    pub pieces: Vec<Range<usize>>,
}

/// A front matter and where the text behind it begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FrontMatter {
    /// What it says, in order.
    pub entries: Vec<Entry>,
    /// The offset of the text behind it; 0 when there is none.
    pub end: usize,
}

/// Keys that make plain `Key: value` lines a front matter.
const TELLING: [&str; 9] = [
    "title",
    "headline",
    "date",
    "published",
    "author",
    "authors",
    "by",
    "url",
    "lang",
];

/// Reads the front matter of a text. One that is never closed is no front matter: its text must not vanish.
pub fn read(text: &str) -> FrontMatter {
    let start = text.len() - text.trim_start_matches(['\u{feff}', '\n', '\r']).len();
    let head = &text[start..];
    for (fence, separator) in [("---", ':'), ("+++", '=')] {
        if let Some(body) = after_fence(head, fence) {
            let from = start + head.len() - body.len();
            return fenced(text, from, fence, separator).unwrap_or_default();
        }
    }
    header_lines(text, start)
}

/// What follows a line that is only the fence.
fn after_fence<'a>(head: &'a str, fence: &str) -> Option<&'a str> {
    let rest = head.strip_prefix(fence)?;
    let (line, body) = rest.split_once('\n')?;
    line.trim().is_empty().then_some(body)
}

fn fenced(text: &str, from: usize, fence: &str, separator: char) -> Option<FrontMatter> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut at = from;
    let mut keys = 0;
    for line in text[from..].split_inclusive('\n') {
        let range = at..at + line.trim_end().len();
        at += line.len();
        // A quoted value may go on over lines, at whatever indentation.
        if let Some(entry) = entries.last_mut().filter(|entry| is_open(text, entry))
            && line.trim_end() != fence
        {
            entry.range.end = range.end;
            entry.value = value_of(&folded(&text[entry.range.clone()]));
            entry.pieces = pieces_of(&text[entry.range.clone()], entry.range.start);
            continue;
        }
        let trimmed = line.trim();
        if line.trim_end() == fence || fence == "---" && line.trim_end() == "..." {
            return (keys > 0).then_some(FrontMatter { entries, end: at });
        }
        if let Some(item) = trimmed.strip_prefix("- ") {
            if let Some(entry) = entries.last_mut().filter(|_| keys > 0) {
                add_item(entry, item, range.end - item.len());
            }
        } else if !line.starts_with([' ', '\t', '#', ']']) && !trimmed.is_empty() {
            // Any other line at the left edge means that this is prose between two rules.
            entries.push(entry(line, range.start, separator)?);
            keys += 1;
        }
    }
    None
}

/// `Title: …` lines at the very start, at least two, one of them telling.
fn header_lines(text: &str, start: usize) -> FrontMatter {
    let mut entries = Vec::new();
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        if line.trim().is_empty() {
            at += line.len();
            break;
        }
        match entry(line, at, ':') {
            Some(entry) if entry.key.len() <= 20 && !entry.value.starts_with("//") => {
                entries.push(entry);
            }
            // Prose right behind the lines: they are a header all the same.
            _ => break,
        }
        at += line.len();
    }
    let telling = entries.iter().any(|entry| TELLING.contains(&&*entry.key));
    if entries.len() < 2 || !telling {
        return FrontMatter::default();
    }
    FrontMatter { entries, end: at }
}

/// `key: value` at the left edge.
fn entry(line: &str, start: usize, separator: char) -> Option<Entry> {
    let (key, value) = line.split_once(separator)?;
    let key = key.trim_end().trim_matches('"');
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ');
    if key.is_empty()
        || key.starts_with(' ')
        || key.split(' ').count() > 2
        || !key.chars().all(plain)
    {
        return None;
    }
    let offset = line.len() - value.trim_start().len();
    let trimmed = value.trim();
    let start = start + offset.min(line.trim_end().len());
    Some(Entry {
        key: key.to_lowercase(),
        value: value_of(trimmed),
        range: start..start + trimmed.len(),
        pieces: pieces_of(trimmed, start),
    })
}

fn add_item(entry: &mut Entry, item: &str, start: usize) {
    if entry.value.is_empty() {
        entry.pieces.clear();
    } else {
        entry.value.push_str(", ");
    }
    entry.value.push_str(&value_of(item.trim()));
    entry.range.end = start + item.trim_end().len();
    entry.pieces.extend(pieces_of(item.trim_end(), start));
}

/// Says whether the value of an entry is a quoted one whose end has not come yet.
fn is_open(text: &str, entry: &Entry) -> bool {
    let value = &text[entry.range.clone()];
    ['"', '\''].iter().any(|&quote| {
        value.starts_with(quote)
            && (value.len() < 2 || !value.ends_with(quote))
            && !value[1..].contains(quote)
    })
}

/// A value that goes over lines as one line.
fn folded(value: &str) -> String {
    value.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Where the scalars of a value stand, without their quotes; `start` is where the value does.
fn pieces_of(value: &str, start: usize) -> Vec<Range<usize>> {
    let list = value
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let (items, mut at): (Vec<&str>, usize) = match list {
        Some(list) => (list.split(',').collect(), start + 1),
        None => (vec![value], start),
    };
    let mut pieces = Vec::new();
    for item in items {
        let begin = at + (item.len() - item.trim_start().len());
        let bare = item.trim();
        let quoted = bare.len() >= 2
            && ['"', '\'']
                .iter()
                .any(|&quote| bare.starts_with(quote) && bare.ends_with(quote));
        let inset = usize::from(quoted);
        if bare.len() > 2 * inset {
            pieces.push(begin + inset..begin + bare.len() - inset);
        }
        at += item.len() + 1;
    }
    pieces
}

/// A scalar without quotes, or an inline list joined by `, `.
fn value_of(value: &str) -> String {
    if let Some(list) = value
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    {
        let items: Vec<_> = list.split(',').map(|item| unquote(item.trim())).collect();
        return items.join(", ");
    }
    unquote(value)
}

fn unquote(value: &str) -> String {
    for quote in ['"', '\''] {
        if let Some(inner) = value
            .strip_prefix(quote)
            .and_then(|rest| rest.strip_suffix(quote))
        {
            return inner.replace("\\\"", "\"").replace("''", "'");
        }
    }
    value.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(text: &str, entries: &[(&str, &str)], rest: &str) {
        let front = read(text);
        let found: Vec<_> = front.entries.iter().map(|e| (&*e.key, &*e.value)).collect();
        assert_eq!((&*found, &text[front.end..]), (entries, rest), "{text:?}");
        for entry in &front.entries {
            assert!(
                text.get(entry.range.clone()).is_some(),
                "{entry:?} in {text:?}"
            );
        }
    }

    #[test]
    fn heads_are_read() {
        reads(
            "---\ntitle: \"A: b\"\ndate: 2020-04-01\n---\n\nText",
            &[("title", "A: b"), ("date", "2020-04-01")],
            "\nText",
        );
        reads(
            "\u{feff}---\r\ntitle: A\r\n---\r\nText",
            &[("title", "A")],
            "Text",
        );
        reads(
            "---\nauthors:\n- ann\n- 'bo'\ntags: [x, \"y\"]\n---\nText",
            &[("authors", "ann, bo"), ("tags", "x, y")],
            "Text",
        );
        reads(
            "---\ntitle: A\nexcerpt: \"over\nlines: and\nmore\"\ndate: 2020-04-01\n---\nText",
            &[
                ("title", "A"),
                ("excerpt", "over lines: and more"),
                ("date", "2020-04-01"),
            ],
            "Text",
        );
        reads("+++\ntitle = \"A\"\n+++\nText", &[("title", "A")], "Text");
        reads(
            "Title: Week 419\nNumber: 419\n\nText",
            &[("title", "Week 419"), ("number", "419")],
            "Text",
        );
        reads(
            "---\ntitle: A\nnested:\n  x: y\n---\nText",
            &[("title", "A"), ("nested", "")],
            "Text",
        );
    }

    #[test]
    fn what_is_no_head_stays_text() {
        for text in [
            "---\ntitle: never closed\n\nText",
            "---\nA rule, then prose.\n---\nText",
            "Text: with a colon.\nMore text",
            "",
            "---",
            "---\n---\n",
            "Q: Why?\nA: Because.",
            "http://a\nhttp://b",
            "Title: alone\n\nText",
        ] {
            reads(text, &[], text);
        }
    }
}
