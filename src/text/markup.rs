//! All text of a page of HTML, to look at beside the article that was found in it.
//!
//! A scan and no parser: nothing is left out by judgement, whatever the page does the time is linear, and the screen needs
//! no tree. What scripts, styles and comments hold nobody reads.

/// Elements whose content is no text.
const SILENT: [&str; 6] = ["script", "style", "noscript", "template", "svg", "head"];

/// Elements that run on in their line.
const INLINE: [&str; 26] = [
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u",
];

/// The text of a page, one block a line, blank lines left out. Not safe for a terminal.
pub fn page_text(markup: &str) -> String {
    let mut lines = Lines::default();
    let mut rest = markup;
    while let Some(open) = rest.find('<') {
        lines.push(&rest[..open]);
        rest = &rest[open..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let name = tag_name(rest);
        if name.is_empty() {
            lines.push("<");
            rest = &rest[1..];
            continue;
        }
        let Some(end) = rest.find('>') else {
            break;
        };
        let closed = &rest[end + 1..];
        rest = match SILENT.iter().find(|silent| **silent == name) {
            Some(silent) if !rest.starts_with("</") => behind(closed, silent),
            _ => closed,
        };
        if !INLINE.contains(&&*name) {
            lines.end();
        }
    }
    if !rest.starts_with('<') {
        lines.push(rest);
    }
    lines.end();
    lines.text
}

/// The name of the tag or closing tag at the start, in lower case; empty when there is none.
fn tag_name(rest: &str) -> String {
    let inner = rest[1..].trim_start_matches(['/', '!', '?']);
    inner
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric())
        .take(16)
        .collect::<String>()
        .to_ascii_lowercase()
}

/// What follows the end of an element; nothing when it never ends.
fn behind<'a>(text: &'a str, name: &str) -> &'a str {
    let mut from = 0;
    while let Some(at) = text[from..].find("</") {
        let start = from + at + 2;
        let is_end = text
            .get(start..start + name.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(name));
        if is_end {
            return text[start..]
                .find('>')
                .map_or("", |end| &text[start + end + 1..]);
        }
        from = start;
    }
    ""
}

/// Lines in the making.
#[derive(Default)]
struct Lines {
    text: String,
    open: String,
}

impl Lines {
    fn push(&mut self, mut text: &str) {
        while let Some(at) = text.find('&') {
            self.open.push_str(&text[..at]);
            text = &text[at..];
            let length = match reference(text) {
                Some((character, length)) => {
                    self.open.push(character);
                    length
                }
                None => {
                    self.open.push('&');
                    1
                }
            };
            text = &text[length..];
        }
        self.open.push_str(text);
    }

    fn end(&mut self) {
        let mut words = self.open.split_whitespace();
        if let Some(first) = words.next() {
            self.text.push_str(first);
            for word in words {
                self.text.push(' ');
                self.text.push_str(word);
            }
            self.text.push('\n');
        }
        self.open.clear();
    }
}

/// The character that a reference stands for, and its length in bytes.
fn reference(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(10).position(|byte| byte == b';')?;
    let name = &text[1..end];
    let character = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "ndash" => '–',
        "mdash" => '—',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        "hellip" => '…',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((character, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_page_and_nothing_else() {
        for (markup, expected) in [
            ("<p>One <b>b</b>ig\n word<p>Two", "One big word\nTwo\n"),
            (
                "<head><title>T</title></head><nav><a href=/>Home</a> <a>News</a></nav>x",
                "Home News\nx\n",
            ),
            (
                "a<script>if (a < b) x('</p>')</script>b<!-- <p>no -->c",
                "a\nbc\n",
            ),
            (
                "1 < 2 &amp; 3 &#62; 2 &unknown; &",
                "1 < 2 & 3 > 2 &unknown; &\n",
            ),
            ("<STYLE>x</Style>y", "y\n"),
            ("<script>never closed", ""),
            ("text <b", "text\n"),
            ("", ""),
            ("<td>a</td><td>b</td>", "a\nb\n"),
        ] {
            assert_eq!(page_text(markup), expected, "{markup:?}");
        }
    }
}
