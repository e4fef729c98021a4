//! A comparison as plain text. Signs carry the meaning, as there may be no colour: `-` only on the left, `+` only on
//! the right, `≈` the same words in another layout or typography, and within a line `[-gone-]` and `{+new+}`.

use crate::cli::output::{Outcome, Output, count};
use crate::diff::{Cell, Class, Comparison, Op, Row, SpanKind};
use crate::text;

/// The words of a class.
pub(super) fn class_name(class: Class) -> &'static str {
    match class {
        Class::Reflow => "reflow",
        Class::Typographic => "typographic",
        Class::Case => "case",
        Class::Number => "number",
        Class::Metadata => "metadata",
        Class::Boilerplate => "boilerplate",
        Class::Moved => "moved",
        Class::Added => "added",
        Class::Removed => "removed",
        Class::Edited => "edited",
    }
}

/// A side of a row.
#[derive(Clone, Copy, PartialEq)]
enum At {
    Left,
    Right,
}

/// The rows below each other.
pub(super) fn unified(
    comparison: &Comparison,
    texts: (&str, &str),
    width: usize,
    output: &mut Output,
) -> Outcome {
    folded(comparison, output, |row, output| {
        let left = row
            .left
            .as_ref()
            .map(|cell| words(cell, texts.0, At::Left, row.op));
        let right = row
            .right
            .as_ref()
            .map(|cell| words(cell, texts.1, At::Right, row.op));
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
    comparison: &Comparison,
    texts: (&str, &str),
    width: usize,
    output: &mut Output,
) -> Outcome {
    let column = (width - 1) / 2 - 2;
    folded(comparison, output, |row, output| {
        let (left_sign, right_sign) = signs(row);
        let cell = |cell: &Option<Cell>, text: &str, at: At| {
            let shown = cell.as_ref().map(|it| words(it, text, at, row.op));
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

/// Paints the rows that differ, and says how many between them do not.
fn folded(
    comparison: &Comparison,
    output: &mut Output,
    mut paint: impl FnMut(&Row, &mut Output) -> Outcome,
) -> Outcome {
    let mut same = 0;
    let fold = |same: &mut u64, output: &mut Output| {
        let line = format!("  ⋯ {} the same ⋯", count(*same, "paragraph"));
        match std::mem::take(same) {
            0 => Ok(()),
            _ => output.line(&line),
        }
    };
    for row in &comparison.rows {
        if row.op == Op::Equal {
            same += 1;
            continue;
        }
        fold(&mut same, output)?;
        output.line("")?;
        paint(row, output)?;
    }
    if same > 0 {
        output.line("")?;
    }
    fold(&mut same, output)
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
fn words(cell: &Cell, source: &str, at: At, op: Op) -> String {
    let mut line = String::new();
    let mut open = false;
    let (begin, end) = match at {
        At::Left => ("[-", "-]"),
        At::Right => ("{+", "+}"),
    };
    let spans = &cell.spans;
    for (number, span) in spans.iter().enumerate() {
        let changed = match span.kind {
            SpanKind::Changed => true,
            // White space between two changed words belongs to the change.
            SpanKind::Space => {
                let next = spans.get(number + 1);
                open && next.is_some_and(|next| next.kind == SpanKind::Changed)
            }
            SpanKind::Equal | SpanKind::Typo | SpanKind::Moved => false,
        } && op == Op::Replace;
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
