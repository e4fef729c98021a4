//! A comparison as plain text. Signs carry the meaning, as there may be no colour: `-` only on the left, `+` only on
//! the right, `≈` the same words in another layout or typography, and within a line `[-gone-]` and `{+new+}`.

use crate::cli::output::{Outcome, Output, count};
use crate::diff::{Cell, Classes, Comparison, Op, Row, Span, SpanKind};
use crate::text;

/// A side of a row.
#[derive(Clone, Copy, PartialEq)]
enum At {
    Left,
    Right,
}

/// The rows below each other.
pub(super) fn unified(
    (comparison, hidden): (&Comparison, Classes),
    texts: (&str, &str),
    width: usize,
    output: &mut Output,
) -> Outcome {
    folded(comparison, hidden, output, |row, output| {
        let left = row
            .left
            .as_ref()
            .map(|cell| words(cell, texts.0, At::Left, row.op, hidden));
        let right = row
            .right
            .as_ref()
            .map(|cell| words(cell, texts.1, At::Right, row.op, hidden));
        let (left_sign, right_sign) = signs(row);
        // The same words twice would only hide that nothing else differs.
        let left = left.filter(|_| row.differs() || row.right.is_none());
        for (sign, text) in [(left_sign, left), (right_sign, right)] {
            for (at, line) in lines(&text.unwrap_or_default(), width.saturating_sub(2)).enumerate()
            {
                let sign = if at == 0 { sign } else { " " };
                output.line(&format!("{sign} {line}"))?;
            }
        }
        Ok(())
    })
}

/// The rows next to each other.
pub(super) fn side_by_side(
    (comparison, hidden): (&Comparison, Classes),
    texts: (&str, &str),
    width: usize,
    output: &mut Output,
) -> Outcome {
    let column = (width - 1) / 2 - 2;
    folded(comparison, hidden, output, |row, output| {
        let (left_sign, right_sign) = signs(row);
        let cell = |cell: &Option<Cell>, text: &str, at: At| {
            let shown = cell.as_ref().map(|it| words(it, text, at, row.op, hidden));
            let lines: Vec<String> = lines(&shown.unwrap_or_default(), column).collect();
            lines
        };
        let left = cell(&row.left, texts.0, At::Left);
        let right = cell(&row.right, texts.1, At::Right);
        for at in 0..left.len().max(right.len()) {
            let (l, r) = (left.get(at), right.get(at));
            let sign = |sign: &'static str, line: Option<&String>| match (at, line) {
                (0, Some(_)) => sign,
                _ => " ",
            };
            let padded = text::pad(l.map_or("", String::as_str), column);
            let line = format!(
                "{} {padded}│{} {}",
                sign(left_sign, l),
                sign(right_sign, r),
                r.map_or("", String::as_str)
            );
            output.line(line.trim_end())?;
        }
        Ok(())
    })
}

/// Paints the rows that differ in more than what is hidden, and says how many between them do not.
fn folded(
    comparison: &Comparison,
    hidden: Classes,
    output: &mut Output,
    mut paint: impl FnMut(&Row, &mut Output) -> Outcome,
) -> Outcome {
    let shown = |row: &Row| row.differs_despite(hidden);
    for (at, rows) in comparison
        .rows
        .chunk_by(|one, other| shown(one) == shown(other))
        .enumerate()
    {
        if shown(&rows[0]) {
            for row in rows {
                output.line("")?;
                paint(row, output)?;
            }
            continue;
        }
        if at > 0 {
            output.line("")?;
        }
        output.line(&format!("  ⋯ {} ⋯", passed_over(rows)))?;
    }
    Ok(())
}

/// What rows that are not shown hold, in words: `2 paragraphs the same · 1 with hidden differences`.
pub(super) fn passed_over(rows: &[Row]) -> String {
    // Front matter, titles and bylines are no paragraphs.
    let is_body = |row: &Row| row.kind.is_some_and(|kind| !kind.is_metadata());
    let what = match rows.iter().all(is_body) {
        true => "paragraph",
        false => "block",
    };
    let same = rows.iter().filter(|row| row.classes.is_empty()).count();
    let hidden = rows.len() - same;
    let (all, differ) = (count(same as u64, what), "with hidden differences");
    match (same, hidden) {
        (_, 0) => format!("{all} the same"),
        (0, _) => format!("{} {differ}", count(hidden as u64, what)),
        _ => format!("{all} the same · {hidden} {differ}"),
    }
}

/// The signs of a row's two sides.
pub(super) fn signs(row: &Row) -> (&'static str, &'static str) {
    match row.op {
        Op::Equal => (" ", " "),
        Op::Reflow | Op::Typo => ("≈", "≈"),
        Op::Moved => ("<", ">"),
        Op::Replace | Op::Insert | Op::Delete => ("-", "+"),
    }
}

/// A side's text, with marks round what is only there. Whole paragraphs need no marks: their sign says it.
fn words(cell: &Cell, source: &str, at: At, op: Op, hidden: Classes) -> String {
    let mut line = String::new();
    let mut open = false;
    let (begin, end) = match at {
        At::Left => ("[-", "-]"),
        At::Right => ("{+", "+}"),
    };
    let spans = &cell.spans;
    let is_changed = |span: &Span| {
        let shown = span.class.is_some_and(|class| !hidden.contains(class));
        span.kind == SpanKind::Changed && shown && op == Op::Replace
    };
    for (number, span) in spans.iter().enumerate() {
        // White space between two changed words belongs to the change.
        let next = spans.get(number + 1);
        let changed = is_changed(span)
            || open && span.kind == SpanKind::Space && next.is_some_and(is_changed);
        if changed != open {
            line.push_str(if changed { begin } else { end });
            open = changed;
        }
        line.push_str(source.get(span.range.clone()).unwrap_or_default());
    }
    if open {
        line.push_str(end);
    }
    text::clean(&line).to_string()
}

/// Breaks text into lines; nothing has none.
pub(super) fn lines(content: &str, width: usize) -> impl Iterator<Item = String> {
    let ranges = match content.is_empty() {
        true => Vec::new(),
        false => text::wrap(content, width),
    };
    ranges
        .into_iter()
        .filter_map(|range| content.get(range).map(str::to_owned))
}
