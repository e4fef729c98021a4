//! Markup inside a paragraph of plain text that some extractor left behind.
//!
//! Only what cannot be anything else is taken for markup: a known HTML tag that is opened and closed in the same
//! paragraph, a character reference, `**bold**`, `[text](https://…)`. A lone `<`, `*` or `_` is text.

use std::ops::Range;

use crate::model::Clean;
use crate::text::Cleaner;

/// Tags that style running text.
const STYLING: [&str; 24] = [
    "a", "abbr", "b", "cite", "code", "del", "div", "em", "font", "i", "ins", "li", "mark", "p",
    "q", "s", "small", "span", "strike", "strong", "sub", "sup", "u", "ul",
];

/// Tags that stand alone and part words.
const PARTING: [&str; 3] = ["br", "hr", "img"];

/// Character references that survive careless extraction; numeric ones are read as well.
const REFERENCES: [(&str, &str); 22] = [
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", " "),
    ("ndash", "–"),
    ("mdash", "—"),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("ldquo", "“"),
    ("rdquo", "”"),
    ("bdquo", "„"),
    ("hellip", "…"),
    ("laquo", "«"),
    ("raquo", "»"),
    ("euro", "€"),
    ("pound", "£"),
    ("copy", "©"),
    ("deg", "°"),
    ("eacute", "é"),
    ("shy", ""),
];

/// Cleans a text of its own, such as a title, without its markup.
pub fn clean(text: &str) -> Clean {
    let mut cleaner = Cleaner::prose(text);
    push(&mut cleaner, text, 0..text.len());
    cleaner.finish()
}

/// Pushes a range of the cleaner's source, without its markup.
pub fn push(cleaner: &mut Cleaner<'_>, source: &str, range: Range<usize>) {
    // A heading of nothing but its marks ends before it begins.
    if range.start >= range.end {
        return;
    }
    let paired = paired_tags(&source[range.clone()]);
    push_within(cleaner, source, range, paired);
}

/// Pushes a range that is HTML: every tag and comment is markup, known or not.
pub fn push_html(cleaner: &mut Cleaner<'_>, source: &str, range: Range<usize>) {
    let mut at = range.start;
    while let Some(open) = source[at..range.end].find('<') {
        push_within(cleaner, source, at..at + open, 0);
        at += open;
        let end = at + html_length(&source[at..range.end]);
        cleaner.blank(at..end);
        at = end;
    }
    push_within(cleaner, source, at..range.end, 0);
}

/// Bytes of the tag or comment at the start; a script or a style sheet goes with its tag.
fn html_length(rest: &str) -> usize {
    let closed_by = |close: &str| rest.find(close).map_or(rest.len(), |at| at + close.len());
    if rest.starts_with("<!--") {
        closed_by("-->")
    } else if is_tag(&rest[1..], "script") {
        closed_by("</script>")
    } else if is_tag(&rest[1..], "style") {
        closed_by("</style>")
    } else {
        closed_by(">")
    }
}

/// `paired` are the tags that count as markup, one bit each.
fn push_within(cleaner: &mut Cleaner<'_>, source: &str, range: Range<usize>, paired: u32) {
    let mut at = range.start;
    let mut plain = at;
    let mut marks = Marks::default();
    while let Some(mark) = marks.next(&source.as_bytes()[..range.end], at) {
        at = mark;
        let Some(markup) = Markup::read(&source[at..range.end], paired) else {
            at += 1;
            continue;
        };
        cleaner.push(plain..at);
        let end = at + markup.length();
        match markup {
            Markup::Tag { parts: true, .. } => cleaner.blank(at..end),
            Markup::Tag { .. } => {}
            Markup::Reference { character, .. } => cleaner.replace(at..end, &character),
            Markup::Styled { inner, .. } => {
                push_within(cleaner, source, at + inner.start..at + inner.end, paired);
            }
        }
        at = end;
        plain = end;
    }
    cleaner.push(plain..range.end);
}

/// Finds the bytes that markup begins with.
#[derive(Default)]
struct Marks {
    /// The next bracket, once it was looked for: three kinds of bytes are looked for at a time.
    bracket: Option<usize>,
}

impl Marks {
    /// The first one at `from` or behind it; places that are asked for ascend.
    fn next(&mut self, bytes: &[u8], from: usize) -> Option<usize> {
        if self.bracket.is_none_or(|at| at < from) {
            let found = memchr::memchr(b'[', &bytes[from..]);
            self.bracket = Some(found.map_or(bytes.len(), |at| from + at));
        }
        let bracket = self.bracket.unwrap_or(bytes.len());
        let other = memchr::memchr3(b'<', b'&', b'*', &bytes[from..bracket]);
        let next = other.map_or(bracket, |at| from + at);
        (next < bytes.len()).then_some(next)
    }
}

/// The styling tags that are both opened and closed in a paragraph, one bit each.
fn paired_tags(paragraph: &str) -> u32 {
    let (mut opened, mut closed) = (0, 0);
    for (at, _) in paragraph.match_indices('<') {
        let rest = &paragraph[at + 1..];
        let (mask, inner) = match rest.strip_prefix('/') {
            Some(inner) => (&mut closed, inner),
            None => (&mut opened, rest),
        };
        if let Some(index) = STYLING.iter().position(|name| is_tag(inner, name)) {
            *mask |= 1 << index;
        }
    }
    opened & closed
}

/// Says whether a tag of this name begins here, behind the `<` or `</`.
fn is_tag(inner: &str, name: &str) -> bool {
    let bytes = inner.as_bytes();
    bytes
        .get(..name.len())
        .is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
        && bytes
            .get(name.len())
            .is_some_and(|byte| matches!(byte, b'>' | b' ' | b'/'))
}

/// The first `length` bytes of a text, or a little less.
fn near(text: &str, length: usize) -> &str {
    let mut end = text.len().min(length);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// One piece of markup at the start of a text.
enum Markup {
    Tag { length: usize, parts: bool },
    Reference { length: usize, character: String },
    Styled { length: usize, inner: Range<usize> },
}

impl Markup {
    fn read(rest: &str, paired: u32) -> Option<Self> {
        match rest.as_bytes().first()? {
            b'<' => tag(rest, paired),
            b'&' => reference(rest),
            b'*' => bold(rest),
            b'[' => link(rest),
            _ => None,
        }
    }

    fn length(&self) -> usize {
        match self {
            Self::Tag { length, .. }
            | Self::Reference { length, .. }
            | Self::Styled { length, .. } => *length,
        }
    }
}

fn tag(rest: &str, paired: u32) -> Option<Markup> {
    let inner = rest[1..].strip_prefix('/').unwrap_or(&rest[1..]);
    let parts = PARTING.iter().any(|name| is_tag(inner, name));
    let styles = || {
        let index = STYLING.iter().position(|name| is_tag(inner, name));
        index.is_some_and(|index| paired & (1 << index) != 0)
    };
    if !parts && !styles() {
        return None;
    }
    let length = near(rest, 2000).find('>')? + 1;
    Some(Markup::Tag { length, parts })
}

fn reference(rest: &str) -> Option<Markup> {
    let end = rest.bytes().take(12).position(|byte| byte == b';')?;
    let name = &rest[1..end];
    let character = if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        char::from_u32(code)?.to_string()
    } else {
        REFERENCES
            .iter()
            .find(|(known, _)| *known == name)?
            .1
            .to_owned()
    };
    Some(Markup::Reference {
        length: end + 1,
        character,
    })
}

fn bold(rest: &str) -> Option<Markup> {
    let inner = rest.strip_prefix("**")?;
    if inner.starts_with(|c: char| c.is_whitespace() || c == '*') {
        return None;
    }
    let end = near(inner, 1000).find("**")?;
    if inner[..end].ends_with(char::is_whitespace) {
        return None;
    }
    Some(Markup::Styled {
        length: end + 4,
        inner: 2..end + 2,
    })
}

fn link(rest: &str) -> Option<Markup> {
    let near = near(rest, 600);
    let middle = near.find("](")?;
    let target = &near[middle + 2..];
    let is_target = ["http://", "https://", "mailto:"]
        .iter()
        .any(|scheme| target.starts_with(scheme));
    let end = target
        .find([')', ' ', '\n'])
        .filter(|&end| target.as_bytes()[end] == b')')?;
    (is_target && !near[1..middle].contains('[')).then_some(Markup::Styled {
        length: middle + 2 + end + 1,
        inner: 1..middle,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_goes_and_text_stays() {
        for (source, expected) in [
            ("By <u>AFP</u>", "By AFP"),
            ("a < b and c > d", "a < b and c > d"),
            ("the <b> tag", "the <b> tag"),
            ("<generic> and <T>", "<generic> and <T>"),
            (
                "AT&amp;T &#8217;20 &unknown; & co",
                "AT&T ’20 &unknown; & co",
            ),
            ("&#27;[31m &#0; &#xd800;", "␛[31m ␀ &#xd800;"),
            ("one<br>two<br/>three", "one two three"),
            (
                "**Bold** move, 2**3 and * star",
                "Bold move, 2**3 and * star",
            ),
            (
                "see [the page](https://example.org/x) now",
                "see the page now",
            ),
            ("[1] note (see) [x](y)", "[1] note (see) [x](y)"),
            ("<a href=\"https://example.org\">link</a>", "link"),
            ("snake_case_name _it_", "snake_case_name _it_"),
            ("<", "<"),
            ("&lt;script&gt;", "<script>"),
        ] {
            assert_eq!(&*clean(source), expected, "{source:?}");
        }
    }
}
