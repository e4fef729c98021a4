//! The lines of a plain text, and which of them make one paragraph.
//!
//! Three layouts are in use, often in one file: paragraphs parted by blank lines, one paragraph a line, and lines broken
//! at some column. The last is told from the others by the rule that broke the lines: a line ended because the first
//! word of the next one did not fit any more.

use std::ops::Range;

/// Narrower than this, lines are verse, addresses or tables.
const NARROWEST: usize = 45;
/// Wider than this, a line is a paragraph.
const WIDEST: usize = 110;

/// One line without its break and without white space around it.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// Characters of it.
    pub width: usize,
    /// Characters of its first word.
    pub first_word: usize,
    /// It begins with white space.
    pub indented: bool,
}

/// Runs of lines that are not blank.
pub fn groups(text: &str, from: usize) -> Vec<Vec<Line>> {
    let mut groups = vec![Vec::new()];
    for (at, line) in Lines::new(text, from) {
        let trimmed = line.trim_matches(is_blank);
        if trimmed.is_empty() {
            // "\r\n" is seen as a line and an empty rest: only a second break parts paragraphs.
            let crlf = text[..at].ends_with('\r') && text[at..].starts_with('\n');
            if !crlf && groups.last().is_some_and(|group| !group.is_empty()) {
                groups.push(Vec::new());
            }
        } else {
            let start = at + (line.len() - line.trim_start_matches(is_blank).len());
            let first_word = trimmed.split_whitespace().next().unwrap_or_default();
            if let Some(group) = groups.last_mut() {
                group.push(Line {
                    range: start..start + trimmed.len(),
                    width: trimmed.chars().count(),
                    first_word: width_of_word(first_word),
                    indented: start > at && !text[at..start].starts_with('\u{feff}'),
                });
            }
        }
    }
    groups.retain(|group| !group.is_empty());
    groups
}

/// Lines without their breaks, each with its place.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    /// The next break of one byte, once it was looked for.
    plain: Option<usize>,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str, at: usize) -> Self {
        let plain = None;
        Self { text, at, plain }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = (usize, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let (at, bytes) = (self.at, self.text.as_bytes());
        if at >= bytes.len() {
            return None;
        }
        if self.plain.is_none_or(|plain| plain < at) {
            let found = memchr::memchr2(b'\n', b'\r', &bytes[at..]);
            self.plain = Some(found.map_or(bytes.len(), |found| at + found));
        }
        let plain = self.plain.unwrap_or(bytes.len());
        // The other breaks begin with one of these two bytes, which are rare in most scripts and begin a character.
        let mut rare = memchr::memchr2_iter(0xC2, 0xE2, &bytes[at..plain]).map(|found| at + found);
        let other = rare.find(|at| self.text[*at..].starts_with(is_line_break));
        let end = other.unwrap_or(plain);
        let width = self.text[end..].chars().next().map_or(0, char::len_utf8);
        self.at = end + width;
        Some((at, &self.text[at..end]))
    }
}

/// Characters that stay together at the end of a line: a word, or one sign of a script without blanks, where a line may
/// end behind any.
fn width_of_word(word: &str) -> usize {
    let is_unspaced = |first: char| {
        matches!(first, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
            | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
    };
    match word.starts_with(is_unspaced) {
        true => 1,
        false => word.chars().count(),
    }
}

fn is_line_break(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn is_blank(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{feff}' | '\u{200b}')
}

/// The column at which the lines of a text were broken; none when they were not.
pub fn wrapped_at(groups: &[Vec<Line>]) -> Option<usize> {
    let lines = || groups.iter().flatten();
    let column = lines()
        .map(|line| line.width)
        .filter(|&width| width <= WIDEST)
        .max()?;
    let long = lines().filter(|line| line.width > WIDEST).count();
    if !(NARROWEST..=WIDEST).contains(&column) || long * 10 > lines().count() {
        return None;
    }
    let pairs = || groups.iter().flat_map(|group| group.windows(2));
    let full = pairs()
        .filter(|pair| is_full(&pair[0], &pair[1], column))
        .count();
    // Lines that were not broken end anywhere.
    (full > 0 && full * 2 >= pairs().count()).then_some(column)
}

/// Says whether the first word of the next line did not fit any more.
fn is_full(line: &Line, next: &Line, column: usize) -> bool {
    line.width + 1 + next.first_word + 2 > column
}

/// Says whether two lines of a group that was broken at `column` are one paragraph.
pub fn belong_together(text: &str, line: &Line, next: &Line, column: usize) -> bool {
    if line.width > WIDEST {
        return false;
    }
    let this = &text[line.range.clone()];
    is_full(line, next, column) || line.width * 10 >= column * 6 && !ends_sentence(this)
}

/// Says whether a text ends as a sentence does, closing quotes and brackets aside.
pub fn ends_sentence(text: &str) -> bool {
    let end = text.trim_end_matches(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '"' | '\''
                    | '”'
                    | '’'
                    | '“'
                    | '‘'
                    | '»'
                    | '«'
                    | ')'
                    | ']'
                    | '」'
                    | '』'
                    | '）'
                    | '*'
                    | '_'
            )
    });
    end.ends_with(['.', '!', '?', '…', '。', '！', '？', ':', '：', '।', '؟'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_parted_by_blank_lines_of_any_kind() {
        for (text, expected) in [
            ("", vec![]),
            ("\n\n", vec![]),
            ("a\nb\n\nc", vec![vec!["a", "b"], vec!["c"]]),
            ("a\r\nb\r\n\r\nc\r\n", vec![vec!["a", "b"], vec!["c"]]),
            ("a\rb\r\rc", vec![vec!["a", "b"], vec!["c"]]),
            ("a \n \t\n\u{3000}b", vec![vec!["a"], vec!["b"]]),
            ("a\u{2028}b\u{85}c", vec![vec!["a", "b", "c"]]),
            (
                "â “b” Â\n…c\u{85}\u{2029}d\n",
                vec![vec!["â “b” Â", "…c"], vec!["d"]],
            ),
        ] {
            let found: Vec<Vec<&str>> = groups(text, 0)
                .iter()
                .map(|group| group.iter().map(|line| &text[line.range.clone()]).collect())
                .collect();
            assert_eq!(found, expected, "{text:?}");
        }
    }

    #[test]
    fn a_line_of_chinese_is_no_long_word() {
        let paragraph = |count: usize| format!("{}。\n", "茶".repeat(count));
        let text = [paragraph(82), paragraph(90), paragraph(61)].concat();
        assert_eq!(wrapped_at(&groups(&format!("2024-03-18\n{text}"), 0)), None);
        let broken = "茶".repeat(60) + "\n";
        assert_eq!(wrapped_at(&groups(&broken.repeat(5), 0)), Some(60));
    }

    #[test]
    fn sentences_end_behind_quotes() {
        for (text, ends) in [
            ("It did.", true),
            ("“It did.”", true),
            ("It did (twice.)", true),
            ("on the", false),
            ("on the delivery,", false),
            ("なにか。」", true),
            ("", false),
        ] {
            assert_eq!(ends_sentence(text), ends, "{text:?}");
        }
    }
}
