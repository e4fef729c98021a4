//! Plain text to blocks: paragraphs by blank line, by line, or joined from broken lines; headings, lists and quotes
//! where their marks leave no doubt.
//!
//! Text that some extractor wrote is full of half a Markdown: `## Title`, `By <u>AFP</u>`. Giving it to a Markdown
//! parser was rejected: that parser reads an indented paragraph as code and a `_` in a name as emphasis.

use crate::model::{BlockKind, Metadata};
use crate::text::Cleaner;

use super::draft::Draft;
use super::lines::{self, Line};
use super::{front_matter, inline, markdown, metadata, paragraphs};

/// Reads a text in whichever of the two ways fits it: as Markdown when it is full of it, else as plain text. What `known`
/// says of it already holds.
pub fn parse(text: &str, known: Metadata) -> Draft {
    if markdown::is_likely(text) {
        return markdown::parse(text, known);
    }
    let front = front_matter::read(text);
    let mut draft = Draft {
        meta: known,
        ..Draft::default()
    };
    metadata::from_front_matter(&mut draft, text, &front);
    let groups = lines::groups(text, front.end);
    let column = lines::wrapped_at(&groups);
    for group in &groups {
        push_group(&mut draft, text, group, column);
    }
    metadata::recognise(&mut draft);
    paragraphs::mend(&mut draft.blocks);
    draft
}

/// Adds the paragraphs of lines that no blank line parts.
fn push_group(draft: &mut Draft, text: &str, group: &[Line], column: Option<usize>) {
    let mut lines = group.iter().peekable();
    while let Some(line) = lines.next() {
        let content = &text[line.range.clone()];
        if is_rule(content) {
            continue;
        }
        if let Some(underline) = lines.next_if(|next| is_underline(&text[next.range.clone()], line))
        {
            let level = if text[underline.range.clone()].starts_with('=') {
                1
            } else {
                2
            };
            let range = line.range.start..underline.range.end;
            draft.push_range(text, BlockKind::Heading(level), range, line.range.clone());
            continue;
        }
        let (mut kind, mark) = mark(content);
        if kind == BlockKind::Item && mark == 0 && !counts_on(draft, content) {
            kind = BlockKind::Paragraph;
        }
        if matches!(kind, BlockKind::Heading(_)) {
            let end = line.range.start + content.trim_end_matches('#').trim_end().len();
            draft.push_range(text, kind, line.range.clone(), line.range.start + mark..end);
            continue;
        }
        let mut cleaner = Cleaner::prose(text);
        inline::push(&mut cleaner, text, line.range.start + mark..line.range.end);
        let mut last = line;
        while let Some(next) = lines.next_if(|next| {
            // Whatever goes on was asked when it came; what is quoted never tells anything.
            let is_told = || last.range == line.range && tells(text, line);
            goes_on(text, kind, last, next, column, is_told)
        }) {
            let start = next.range.start + quote_mark(text, next, kind);
            cleaner.line_break(last.range.end..start);
            inline::push(&mut cleaner, text, start..next.range.end);
            last = next;
        }
        draft.push(kind, line.range.start..last.range.end, cleaner.finish());
    }
}

/// Says whether a line tells something about the article.
fn tells(text: &str, line: &Line) -> bool {
    metadata::is_line(&text[line.range.clone()])
}

/// Says whether `next` continues the block that `last` ends so far, which perhaps `tells` something.
fn goes_on(
    text: &str,
    kind: BlockKind,
    last: &Line,
    next: &Line,
    column: Option<usize>,
    is_told: impl FnOnce() -> bool,
) -> bool {
    let content = &text[next.range.clone()];
    let (next_kind, _) = mark(content);
    if kind == BlockKind::Quote && next_kind == BlockKind::Quote {
        return true;
    }
    let Some(column) = column else {
        return false;
    };
    next_kind == BlockKind::Paragraph
        && lines::belong_together(text, last, next, column)
        && (kind == BlockKind::Item || last.indented || !next.indented)
        && !is_rule(content)
        && !is_told()
        && !tells(text, next)
}

/// How many bytes of a line that goes on are the mark of a quotation.
fn quote_mark(text: &str, line: &Line, kind: BlockKind) -> usize {
    match mark(&text[line.range.clone()]) {
        (BlockKind::Quote, length) if kind == BlockKind::Quote => length,
        _ => 0,
    }
}

/// What the start of a line makes of it, and how many bytes of it are the mark.
fn mark(line: &str) -> (BlockKind, usize) {
    let behind =
        |length: usize| length + (line[length..].len() - line[length..].trim_start().len());
    let hashes = line.bytes().take_while(|&byte| byte == b'#').count();
    if (1..=6).contains(&hashes) && line[hashes..].starts_with([' ', '\t']) {
        return (BlockKind::Heading(hashes as u8), behind(hashes));
    }
    if line.starts_with('>') && !line.starts_with(">>") {
        return (BlockKind::Quote, behind(1));
    }
    for bullet in ["- ", "* ", "+ ", "• ", "‣ ", "◦ ", "▪ "] {
        if line.starts_with(bullet) {
            return (BlockKind::Item, behind(bullet.len()));
        }
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let numbered = (1..=2).contains(&digits)
        && (line[digits..].starts_with(". ") || line[digits..].starts_with(") "));
    // The number stays: it says which item this is.
    (
        if numbered {
            BlockKind::Item
        } else {
            BlockKind::Paragraph
        },
        0,
    )
}

/// Says whether a numbered line is the first item of a list or the next one: "12. Juni" is neither.
fn counts_on(draft: &Draft, line: &str) -> bool {
    let number = |text: &str| -> Option<u32> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        text[..digits].parse().ok()
    };
    let last = draft
        .blocks
        .last()
        .filter(|block| block.kind == BlockKind::Item);
    match (number(line), last.and_then(|block| number(&block.text))) {
        (Some(this), Some(before)) => this == before + 1,
        (this, _) => this == Some(1),
    }
}

/// Says whether a line only parts what stands above from what stands below.
fn is_rule(line: &str) -> bool {
    let mut marks = line.chars().filter(|c| !c.is_whitespace());
    let is_mark = |c: &char| matches!(c, '-' | '*' | '_' | '=' | '~' | '—' | '–' | '─' | '═' | '#');
    // Most lines end at their first letter.
    marks.clone().all(|c| is_mark(&c)) && marks.nth(2).is_some()
}

/// Says whether a line underlines the one above it, which makes that a heading.
fn is_underline(line: &str, above: &Line) -> bool {
    let first = line.chars().next();
    matches!(first, Some('=' | '-'))
        && line.len() >= 3
        && line.chars().all(|c| Some(c) == first)
        && above.width <= 120
        && line.len() + 3 >= above.width
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Blocks as `kind: text`.
    fn blocks(text: &str) -> Vec<String> {
        parse(text, Metadata::default())
            .blocks
            .iter()
            .map(|block| format!("{:?}: {}", block.kind, &*block.text))
            .collect()
    }

    #[test]
    fn a_line_is_a_paragraph_unless_lines_were_broken() {
        let long = format!("{}end.", "Word ".repeat(40));
        let text = format!("{long}\n{long}\n{long}");
        assert_eq!(blocks(&text).len(), 3);
        let wrapped = "The harbour authority in Port Ellery said on Tuesday that 41\n\
            fishing boats had been moved inland ahead of the storm,\n\
            which forecasters expect to reach the coast before midnight.\n\n\
            Officials asked residents of the lower town to leave by 6\n\
            p.m. and opened three schools.";
        let found = blocks(wrapped);
        assert_eq!(found.len(), 2, "{found:#?}");
        assert!(
            found[1].ends_with("leave by 6 p.m. and opened three schools."),
            "{found:#?}"
        );
    }

    #[test]
    fn what_is_quoted_tells_nothing() {
        for line in ["By Jane Roe", "1 April 2020", "By Jane Roe | 1 April 2020"] {
            assert!(metadata::is_line(line), "{line}");
            assert!(!metadata::is_line(&format!("> {line}")), "{line}");
            assert!(!metadata::is_line(&format!(">{line}")), "{line}");
        }
    }

    #[test]
    fn verse_keeps_its_lines() {
        assert_eq!(
            blocks("The tide is out, the boats lie still,\nthe gulls are on the pier,\nand no one walks.\n\nThe tide is in.").len(),
            4
        );
    }

    #[test]
    fn marks_make_kinds() {
        assert_eq!(
            blocks(
                "# Head\n\nText\n\n- one\n- two\n\n1. first\n\n> said\n> she\n\nUnder\n-----\n\n* * *\n\n#tag"
            ),
            [
                "Title: Head",
                "Paragraph: Text",
                "Item: one",
                "Item: two",
                "Item: 1. first",
                "Quote: said she",
                "Heading(2): Under",
                "Paragraph: #tag",
            ]
        );
    }

    #[test]
    fn broken_items_and_indented_paragraphs_keep_their_bounds() {
        let wrapped = "- The harbour authority in Port Ellery said on Tuesday\n  that 41 fishing boats had been moved.\n\
            - Officials asked residents of the lower town to leave\n  by 6 in the evening.";
        assert_eq!(
            blocks(wrapped),
            [
                "Item: The harbour authority in Port Ellery said on Tuesday that 41 fishing boats had been moved.",
                "Item: Officials asked residents of the lower town to leave by 6 in the evening.",
            ]
        );
        let indented = "The harbour authority in Port Ellery said on Tuesday that\nforty fishing boats had been moved inland to a safe place\n\
            \u{3000}Officials asked residents of the lower town to leave it at\nonce, or a little later.";
        assert_eq!(blocks(indented).len(), 2, "{:?}", blocks(indented));
    }

    #[test]
    fn plain_text_is_not_damaged() {
        for text in [
            "if a < b and b > c then *ptr = snake_case_name & 0xff;",
            "5 * 3 = 15, [sic] and (x)[1]",
            "He said: \"<no comment>\"",
            "-5 degrees, 3.5 percent",
            "12. Juni: Die Fähre legt ab.",
        ] {
            assert_eq!(blocks(text), [format!("Paragraph: {text}")]);
        }
    }

    #[test]
    fn broken_lines_of_japanese_join_without_a_blank() {
        let line = "吾輩は猫である名前はまだ無いどこで生れたかとんと見当がつかぬ何でも薄暗いじめじめした所で泣いていた事";
        let text = format!("{line}\n{line}\n{line}。");
        assert_eq!(blocks(&text), [format!("Paragraph: {line}{line}{line}。")]);
    }
}
