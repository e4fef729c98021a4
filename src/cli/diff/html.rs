//! A comparison as one HTML page that needs nothing else: it can be mailed, put beside the texts, or printed.
//!
//! No script: equal paragraphs fold with `<details>`, the ends of a move are links to each other. Signs and underline
//! carry the meaning and colour only helps; it follows the reader's light or dark. The classes are the words of the
//! other forms. Every foreign character passes [`escape`], which cleans it as for a terminal first: a page that turns
//! text round with an override character would lie as well.
//!
//! Rejected: a table, as `diff` reports have it. On a narrow screen its columns cannot stand below each other.

use std::num::NonZeroU32;

use super::paint::{passed_over, signs};
use super::{Version, sentence};
use crate::cli::output::{Outcome, Output, count};
use crate::diff::{Cell, Class, Classes, Comparison, Op, Row, Span, SpanKind};
use crate::model::BlockKind;
use crate::text;

/// How the page looks.
const STYLE: &str = include_str!("html/page.css");

/// So many equal paragraphs in a row fold.
const FOLDED: usize = 3;

/// The two sides: the name of each, and of the other.
const SIDES: [(&str, &str); 2] = [("left", "right"), ("right", "left")];

/// Writes the page.
pub(super) fn page(
    comparison: &Comparison,
    hidden: Classes,
    versions: [&Version; 2],
    output: &mut Output,
) -> Outcome {
    let names = versions.map(|version| escape(&version.name));
    let title = versions.map(|version| escape(version.article.shown_title()));
    let [left, right] = versions.map(|version| &*version.name);
    begin(&format!("{left} and {right} compared"), output)?;
    output.line("<header>")?;
    output.line(&format!("<h1 dir=\"auto\">{}</h1>", title[0]))?;
    output.line(&format!(
        "<p>{}.</p>",
        escape(&sentence(comparison, hidden))
    ))?;
    output.line(
        "<p class=\"legend\"><b>-</b> <del>only on the left</del>, <b>+</b> <ins>only on the right</ins>, \
         <b>&lt; &gt;</b> <span class=\"moved\">stands elsewhere</span> (a link leads there), \
         <b>≈</b> the same words in other layout or typography</p>",
    )?;
    output.line("</header>")?;
    output.line("<main>")?;
    output.line("<div class=\"row names\">")?;
    for ((side, _), (version, name)) in SIDES.iter().zip(versions.iter().zip(&names)) {
        let words = count(version.article.words() as u64, "word");
        output.line(&format!(
            "<div class=\"cell {side}\"><span class=\"sign\"></span><p>{name} · {words}</p></div>"
        ))?;
    }
    output.line("</div>")?;
    let texts = versions.map(|version| &*version.article.text);
    rows(comparison, hidden, texts, output)?;
    output.line("</main>")?;
    end(output)
}

/// Begins a page.
pub(super) fn begin(title: &str, output: &mut Output) -> Outcome {
    output.line("<!DOCTYPE html>")?;
    output.line("<html lang=\"en\">")?;
    output.line("<head>")?;
    output.line("<meta charset=\"utf-8\">")?;
    output.line("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")?;
    output.line("<meta name=\"generator\" content=\"recto\">")?;
    output.line(&format!("<title>{}</title>", escape(title)))?;
    output.line("<style>")?;
    STYLE.lines().try_for_each(|line| output.line(line))?;
    output.line("</style>")?;
    output.line("</head>")?;
    output.line("<body>")
}

/// Ends it.
pub(super) fn end(output: &mut Output) -> Outcome {
    output.line("</body>")?;
    output.line("</html>")
}

/// The rows; those that differ in nothing, or in what is hidden, fold where there are many.
fn rows(
    comparison: &Comparison,
    hidden: Classes,
    texts: [&str; 2],
    output: &mut Output,
) -> Outcome {
    // The first piece of a move on each side bears its name.
    let mut named = [Vec::new(), Vec::new()];
    let equal = |row: &Row| !row.differs_despite(hidden);
    for group in comparison
        .rows
        .chunk_by(|one, other| equal(one) == equal(other))
    {
        let alike = group.iter().all(|row| row.classes.is_empty());
        let folds = equal(&group[0]) && (group.len() >= FOLDED || !alike);
        if folds {
            let what = passed_over(group);
            output.line(&format!("<details><summary>{what}</summary>"))?;
        }
        // Who opens the fold wants to see what is in it.
        let hidden = if folds { Classes::NONE } else { hidden };
        for row in group {
            write_row(row, hidden, texts, &mut named, output)?;
        }
        if folds {
            output.line("</details>")?;
        }
    }
    Ok(())
}

fn write_row(
    row: &Row,
    hidden: Classes,
    texts: [&str; 2],
    named: &mut [Vec<NonZeroU32>; 2],
    output: &mut Output,
) -> Outcome {
    let metadata = match row.kind {
        Some(BlockKind::Title | BlockKind::Heading(_)) => " heading",
        Some(kind) if kind.is_metadata() => " about",
        None => " about",
        _ => "",
    };
    output.line(&format!(
        "<div class=\"row {}{metadata}\">",
        op_name(row.op)
    ))?;
    // What the sign says already needs no word.
    let said = |class: &Class| {
        let sign = match row.op {
            Op::Insert => Class::Added,
            Op::Delete => Class::Removed,
            Op::Moved => Class::Moved,
            _ => return false,
        };
        *class == sign
    };
    let classes = row.classes.iter().filter(|class| !said(class));
    let classes: Vec<&str> = classes.map(Class::name).collect();
    if !classes.is_empty() {
        let side = if row.left.is_none() { " over" } else { "" };
        let classes = classes.join(" · ");
        output.line(&format!("<p class=\"classes{side}\">{classes}</p>"))?;
    }
    let signs = signs(row);
    let sides = [(&row.left, signs.0), (&row.right, signs.1)];
    for (at, (cell, sign)) in sides.into_iter().enumerate() {
        let side = SIDES[at].0;
        let Some(cell) = cell else {
            output.line(&format!("<div class=\"cell {side} none\"></div>"))?;
            continue;
        };
        let words = words(cell, texts[at], at, (row.op, hidden), &mut named[at]);
        let sign = escape(sign.trim());
        output.line(&format!(
            "<div class=\"cell {side}\"><span class=\"sign\">{sign}</span><p dir=\"auto\">{words}</p></div>"
        ))?;
    }
    output.line("</div>")
}

fn op_name(op: Op) -> &'static str {
    match op {
        Op::Equal => "equal",
        Op::Reflow | Op::Typo => "alike",
        Op::Replace => "replace",
        Op::Insert => "insert",
        Op::Delete => "delete",
        Op::Moved => "move",
    }
}

/// A side's text. Whole paragraphs need no marks: their sign says it.
fn words(
    cell: &Cell,
    source: &str,
    side: usize,
    (op, hidden): (Op, Classes),
    named: &mut Vec<NonZeroU32>,
) -> String {
    let tag = if side == 0 { "del" } else { "ins" };
    let mut html = String::new();
    let mut open = false;
    let spans = &cell.spans;
    for (at, span) in spans.iter().enumerate() {
        let is_changed = |span: &Span| {
            let shown = span.class.is_some_and(|class| !hidden.contains(class));
            span.kind == SpanKind::Changed && shown && op == Op::Replace
        };
        // White space between two changed words belongs to the change.
        let next = spans.get(at + 1);
        let changed = is_changed(span)
            || open && span.kind == SpanKind::Space && next.is_some_and(is_changed);
        if changed != open {
            let end = if changed { "" } else { "/" };
            html.push_str(&format!("<{end}{tag}>"));
            open = changed;
        }
        let words = match span.kind {
            SpanKind::Space => " ".to_owned(),
            _ => escape(source.get(span.range.clone()).unwrap_or_default()),
        };
        match span.moved {
            Some(number) => html.push_str(&link(number, side, &words, named)),
            None => html.push_str(&words),
        }
    }
    if open {
        html.push_str(&format!("</{tag}>"));
    }
    html.trim().to_owned()
}

/// Moved words, as a link to their place on the other side.
fn link(number: NonZeroU32, side: usize, words: &str, named: &mut Vec<NonZeroU32>) -> String {
    let (here, there) = SIDES[side];
    let mut name = String::new();
    let mut mark = String::new();
    if !named.contains(&number) {
        named.push(number);
        name = format!(" id=\"{here}-{number}\"");
        mark = format!("<sup>{number}</sup>");
    }
    format!(
        "<a class=\"moved\"{name} href=\"#{there}-{number}\" title=\"to its place on the {there}\">{mark}{words}</a>"
    )
}

/// Makes foreign text safe, and text of a page.
pub(super) fn escape(foreign: &str) -> String {
    let mut out = String::with_capacity(foreign.len());
    for character in text::clean(foreign).chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_foreign_gets_through() {
        for (foreign, expected) in [
            ("a < b & \"c\"", "a &lt; b &amp; &quot;c&quot;"),
            (
                "<script>alert('x')</script>",
                "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;",
            ),
            ("&amp;", "&amp;amp;"),
        ] {
            assert_eq!(escape(foreign), expected);
        }
        assert!(!escape("txt\u{202e}exe.\u{1b}[31m").contains(['\u{202e}', '\u{1b}']));
    }
}
