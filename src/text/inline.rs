//! What the markup inside of a paragraph says: links, emphasis, code. Cleaning drops the markup and keeps the way back to
//! it, so it is read from the gaps between the pieces of the map.
//!
//! ```text
//! source   see [the map](https://x.example) of **all** words     bare: https://y.example/a
//! clean    see  the map                     of   all   words     bare: https://y.example/a
//! runs          ------- link                     === strong            ------------------- link
//! ```

use std::ops::Range;

use crate::model::OffsetMap;

/// What a run of a paragraph is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    /// Leads to this address.
    Link(String),
    /// Stressed strongly.
    Strong,
    /// Stressed.
    Emphasis,
    /// Code.
    Code,
}

/// A run of the clean text.
pub type Run = (Range<usize>, Inline);

/// Longer addresses are hardly meant to be followed.
const LONGEST_ADDRESS: usize = 4096;

/// The runs of a paragraph, ordered by where they begin. `source` is the text that the map leads to, `clean` the text
/// that it leads from.
pub fn runs(source: &str, clean: &str, map: &OffsetMap) -> Vec<Run> {
    let mut open = Open::default();
    let pieces = map.pieces();
    let mut before = pieces.first().map_or(0, |first| {
        // The sign in front of the first word, where there is one: `**`, `[`, `<a …>` in the same line.
        let line = source.get(..first.source.start).unwrap_or_default();
        line.rfind('\n').map_or(0, |at| at + 1)
    });
    for piece in pieces {
        let gap = source.get(before..piece.source.start).unwrap_or_default();
        if !gap.is_empty() {
            open.take(gap, piece.clean.start);
        }
        before = piece.source.end;
    }
    let rest = source.get(before..).unwrap_or_default();
    let line = rest.find('\n').map_or(rest, |end| &rest[..end]);
    open.take(super::head(line, LONGEST_ADDRESS), clean.len());
    let mut runs = open.runs;
    runs.retain(|(range, _)| !range.is_empty());
    bare(clean, &mut runs);
    runs.sort_by_key(|(range, _)| (range.start, range.end));
    runs
}

/// What has begun and not ended yet, with where it began.
#[derive(Default)]
struct Open {
    bracket: Option<usize>,
    anchor: Option<(usize, String)>,
    strong: Option<usize>,
    emphasis: Option<usize>,
    code: Option<usize>,
    runs: Vec<Run>,
}

impl Open {
    /// Reads the markup of a gap that stands at a place of the clean text.
    fn take(&mut self, gap: &str, at: usize) {
        let mut rest = gap;
        while let Some(first) = rest.chars().next() {
            let length = match first {
                '<' => self.tag(rest, at),
                ']' => self.target(rest, at),
                '[' => {
                    self.bracket = Some(at);
                    1
                }
                '*' | '_' => {
                    let length = rest.len() - rest.trim_start_matches(first).len();
                    if length >= 2 {
                        toggle(&mut self.strong, at, Inline::Strong, &mut self.runs);
                    }
                    if length % 2 == 1 {
                        toggle(&mut self.emphasis, at, Inline::Emphasis, &mut self.runs);
                    }
                    length
                }
                '`' => {
                    toggle(&mut self.code, at, Inline::Code, &mut self.runs);
                    rest.len() - rest.trim_start_matches('`').len()
                }
                other => other.len_utf8(),
            };
            rest = rest.get(length..).unwrap_or_default();
        }
    }

    /// The end of `[words](address)`; gives its length.
    fn target(&mut self, rest: &str, at: usize) -> usize {
        let Some(start) = self.bracket.take() else {
            return 1;
        };
        let Some(inside) = rest.strip_prefix("](") else {
            return 1;
        };
        let end = inside.find(')').unwrap_or(inside.len());
        let address = inside.get(..end).unwrap_or_default();
        let address = address.split_whitespace().next().unwrap_or_default();
        self.link(start..at, address.trim_matches(['<', '>']));
        2 + end
    }

    /// A tag of HTML; gives its length.
    fn tag(&mut self, rest: &str, at: usize) -> usize {
        let end = rest.find('>').map_or(rest.len(), |end| end + 1);
        let inside = rest.get(1..end).unwrap_or_default().trim_end_matches('>');
        let (closes, inside) = match inside.strip_prefix('/') {
            Some(inside) => (true, inside),
            None => (false, inside),
        };
        let name = inside.split(|c: char| !c.is_ascii_alphanumeric()).next();
        let name = name.unwrap_or_default().to_ascii_lowercase();
        let set = |place: &mut Option<usize>, kind: Inline, runs: &mut Vec<Run>| match closes {
            true => {
                if let Some(start) = place.take() {
                    runs.push((start..at, kind));
                }
            }
            false => {
                place.get_or_insert(at);
            }
        };
        match &*name {
            "a" if closes => {
                if let Some((start, address)) = self.anchor.take() {
                    self.link(start..at, &address);
                }
            }
            "a" => self.anchor = href(inside).map(|address| (at, address.to_owned())),
            "b" | "strong" => set(&mut self.strong, Inline::Strong, &mut self.runs),
            "i" | "em" | "cite" => set(&mut self.emphasis, Inline::Emphasis, &mut self.runs),
            "code" | "kbd" | "samp" => set(&mut self.code, Inline::Code, &mut self.runs),
            _ => {}
        }
        end
    }

    fn link(&mut self, range: Range<usize>, address: &str) {
        if !address.is_empty() && address.len() <= LONGEST_ADDRESS {
            self.runs.push((range, Inline::Link(address.to_owned())));
        }
    }
}

fn toggle(place: &mut Option<usize>, at: usize, kind: Inline, runs: &mut Vec<Run>) {
    match place.take() {
        Some(start) => runs.push((start..at, kind)),
        None => *place = Some(at),
    }
}

/// The address in a tag.
fn href(tag: &str) -> Option<&str> {
    let lower = tag.to_ascii_lowercase();
    let at = lower.find("href=")? + 5;
    let rest = tag.get(at..)?;
    match rest.chars().next()? {
        quote @ ('"' | '\'') => rest.get(1..)?.split(quote).next(),
        _ => rest.split([' ', '\t', '\n']).next(),
    }
}

/// Addresses that stand in the text as they are.
fn bare(clean: &str, runs: &mut Vec<Run>) {
    let links = runs
        .iter()
        .filter(|(_, kind)| matches!(kind, Inline::Link(_)));
    let mut links: Vec<Range<usize>> = links.map(|(range, _)| range.clone()).collect();
    links.sort_by_key(|range| range.start);
    // Links and addresses are walked side by side: a page of nothing but links has a hundred thousand.
    let mut links = links.into_iter().peekable();
    let mut at = 0;
    while let Some(found) = clean.get(at..).and_then(|rest| rest.find("://")) {
        let colon = at + found;
        let head = clean.get(..colon).unwrap_or_default();
        let start = ["https", "http"]
            .iter()
            .find(|scheme| head.ends_with(**scheme))
            .map(|scheme| colon - scheme.len());
        at = colon + 3;
        let Some(start) = start else { continue };
        let tail = clean.get(at..).unwrap_or_default();
        let length = tail
            .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '“' | '”' | '|'))
            .unwrap_or(tail.len());
        let tail = tail.get(..length).unwrap_or_default();
        let tail = tail.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\'', '…']);
        let end = at + tail.len();
        while links.next_if(|link| link.end <= start).is_some() {}
        let taken = links.peek().is_some_and(|link| link.start < end);
        if !tail.is_empty() && !taken {
            let address = clean.get(start..end).unwrap_or_default();
            runs.push((start..end, Inline::Link(address.to_owned())));
        }
        at = end.max(at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Piece;

    /// Cleans by taking the marked pieces of a source: `‹…›` stays, the rest is markup.
    fn case(marked: &str) -> Vec<(String, Inline)> {
        let (mut source, mut clean, mut pieces) = (String::new(), String::new(), Vec::new());
        for (at, part) in marked.split(['‹', '›']).enumerate() {
            if at % 2 == 1 {
                let piece = Piece {
                    clean: clean.len()..clean.len() + part.len(),
                    source: source.len()..source.len() + part.len(),
                };
                pieces.push(piece);
                clean.push_str(part);
            }
            source.push_str(part);
        }
        let map = OffsetMap::new(pieces);
        runs(&source, &clean, &map)
            .into_iter()
            .map(|(range, kind)| (clean[range].to_owned(), kind))
            .collect()
    }

    fn link(address: &str) -> Inline {
        Inline::Link(address.to_owned())
    }

    #[test]
    fn markup_in_the_gaps_says_what_a_run_is() {
        for (marked, expected) in [
            (
                "‹see ›[‹the map›](https://x.example \"title\")‹ of ›**‹all›**‹ words›",
                vec![
                    ("the map", link("https://x.example")),
                    ("all", Inline::Strong),
                ],
            ),
            (
                "<p><a class=x href='/a'>‹here›</a>‹, and ›<em>‹there›</em>",
                vec![("here", link("/a")), ("there", Inline::Emphasis)],
            ),
            (
                "*‹one›*‹ ›`‹two›`",
                vec![("one", Inline::Emphasis), ("two", Inline::Code)],
            ),
            (
                "‹at https://y.example/a, and ftp://z›",
                vec![("https://y.example/a", link("https://y.example/a"))],
            ),
            ("‹no [link] at all *›", vec![]),
        ] {
            let expected: Vec<_> = expected
                .into_iter()
                .map(|(text, kind)| (text.to_owned(), kind))
                .collect();
            assert_eq!(case(marked), expected, "{marked}");
        }
    }

    #[test]
    fn what_never_ends_is_nothing() {
        assert_eq!(case("**‹open›"), []);
        assert_eq!(case("<a href=\"/x\">‹open›"), []);
        assert_eq!(case("‹a›](‹b›"), []);
    }
}
