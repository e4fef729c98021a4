//! Whether a page would take the parser too long, told by a scan that is linear whatever the page does.
//!
//! The parser is quadratic in the depth of nesting and in the number of attributes of one element, and elements such as
//! `<b>` that nobody closes are made anew in every paragraph that follows: a page of 1 MB became 80 million elements.

/// Elements that others of their kind end, or that never hold anything: they do not nest by being left open.
const SHALLOW: [&[u8]; 32] = [
    b"p",
    b"li",
    b"dt",
    b"dd",
    b"option",
    b"optgroup",
    b"tr",
    b"td",
    b"th",
    b"thead",
    b"tbody",
    b"tfoot",
    b"colgroup",
    b"col",
    b"br",
    b"hr",
    b"img",
    b"input",
    b"meta",
    b"link",
    b"area",
    b"base",
    b"embed",
    b"source",
    b"track",
    b"wbr",
    b"param",
    b"html",
    b"head",
    b"body",
    b"title",
    b"frame",
];

/// Elements whose content is no markup.
const RAW: [&[u8]; 4] = [b"script", b"style", b"textarea", b"title"];

/// Elements that are made anew behind the end of a block as long as they are open.
const COPIED: [&[u8]; 14] = [
    b"a", b"b", b"big", b"code", b"em", b"font", b"i", b"nobr", b"s", b"small", b"strike",
    b"strong", b"tt", b"u",
];

/// Elements that may be made anew; more are an attack where there are also more than [`PER_TAG`] for each tag of the page.
const COPIES: usize = 1 << 20;
const PER_TAG: usize = 8;

/// Attributes of one element that are read; more are an attack.
const ATTRIBUTES: usize = 2000;

/// Says whether more than `limit` elements are open at once somewhere, one has thousands of attributes, or elements that
/// nobody closes would be made anew by the million.
pub fn exceeds(page: &str, limit: usize) -> bool {
    let bytes = page.as_bytes();
    let mut open: std::collections::HashMap<Vec<u8>, usize> = std::collections::HashMap::new();
    let (mut depth, mut at) = (0_usize, 0);
    let (mut tags, mut copied, mut copies) = (0_usize, 0_usize, 0_usize);
    while let Some(step) = bytes[at..].iter().position(|&byte| byte == b'<') {
        at += step + 1;
        let rest = &bytes[at..];
        if rest.starts_with(b"!--") {
            at = page[at..]
                .find("-->")
                .map_or(bytes.len(), |end| at + end + 3);
            continue;
        }
        let closing = rest.first() == Some(&b'/');
        let name: Vec<u8> = rest[usize::from(closing)..]
            .iter()
            .take(16)
            .take_while(|byte| byte.is_ascii_alphanumeric())
            .map(u8::to_ascii_lowercase)
            .collect();
        if name.is_empty() {
            continue;
        }
        let end = rest
            .iter()
            .position(|&byte| byte == b'>')
            .unwrap_or(rest.len());
        if rest[..end]
            .iter()
            .filter(|byte| byte.is_ascii_whitespace())
            .count()
            > ATTRIBUTES
        {
            return true;
        }
        at += end;
        if RAW.contains(&&*name) && !closing {
            at += raw_length(&bytes[at..], &name);
            continue;
        }
        let is_copied = COPIED.contains(&&*name);
        tags += 1;
        if !is_copied {
            copies += copied;
            if copies > COPIES && copies > PER_TAG * tags {
                return true;
            }
        }
        if SHALLOW.contains(&&*name) {
            continue;
        }
        if closing {
            if let Some(count) = open.get_mut(&name).filter(|count| **count > 0) {
                *count -= 1;
                depth -= 1;
                copied -= usize::from(is_copied);
            }
            continue;
        }
        copied += usize::from(is_copied);
        *open.entry(name).or_default() += 1;
        depth += 1;
        if depth > limit {
            return true;
        }
    }
    false
}

/// Bytes up to the end tag of an element that holds no markup.
fn raw_length(rest: &[u8], name: &[u8]) -> usize {
    let mut at = 0;
    while let Some(step) = rest[at..].iter().position(|&byte| byte == b'<') {
        at += step;
        let tail = &rest[at + 1..];
        let ends = tail.first() == Some(&b'/')
            && tail
                .get(1..=name.len())
                .is_some_and(|found| found.eq_ignore_ascii_case(name));
        if ends {
            return at;
        }
        at += 1;
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_is_what_is_open_at_once() {
        for (page, deep) in [
            ("<div>".repeat(600), true),
            ("<div></div>".repeat(600), false),
            ("<p>".repeat(600), false),
            ("<ul><li>".repeat(600), true),
            ("<DIV></x>".repeat(600), true),
            ("<b>".repeat(600), true),
            (format!("<p {}>", "x=1 ".repeat(3000)), true),
            (format!("<a {}>", "x=1 ".repeat(3000)), true),
            (format!("<script>{}</script>", "<div>".repeat(600)), false),
            (format!("<!--{}-->", "<div>".repeat(600)), false),
            ("<br><img src=x>".repeat(600), false),
            ("< div>".repeat(600), false),
            (
                format!("<p>{}{}", "<b>".repeat(400), "x<p>".repeat(9000)),
                true,
            ),
            (format!("<font><i>{}", "<p>x".repeat(900_000)), false),
            ("<p><b>x</b> <a>y</a></p>".repeat(900_000), false),
        ] {
            assert_eq!(exceeds(&page, 512), deep, "{}", &page[..20]);
        }
    }
}
