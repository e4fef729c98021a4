//! What a difference is, in a few words for the header.

use crate::diff::Op;
use crate::model::BlockKind;

use super::{CellText, Mark, Shown};

/// "~ “38” → “41”", "+ title, byline, date", "– 8 paragraphs / + source", "+ “Related article: Russia …”".
pub(super) fn describe(rows: &[Shown]) -> String {
    if let [
        Shown {
            left, right, op, ..
        },
    ] = rows
        && let Some(cell) = left.as_ref().xor(right.as_ref())
        && matches!(cell.kind, None | Some(BlockKind::Paragraph))
    {
        let sign = match (left, op) {
            (_, Op::Moved) => "↕",
            (_, Op::Reflow | Op::Typo) => "≈",
            (Some(_), _) => "–",
            (None, _) => "+",
        };
        let opening = cell
            .text
            .split_whitespace()
            .take(3)
            .collect::<Vec<_>>()
            .join(" ");
        return format!("{sign} “{opening} …”");
    }
    if let [row] = rows
        && let Some(words) = words(row)
    {
        return words;
    }
    let name = |kind: Option<BlockKind>| match kind {
        Some(BlockKind::Title) => "title",
        Some(BlockKind::Byline) => "byline",
        Some(BlockKind::Date) => "date",
        Some(BlockKind::Source) => "source",
        Some(BlockKind::Heading(_)) => "heading",
        Some(BlockKind::Item) => "item",
        Some(BlockKind::Code) => "code",
        Some(BlockKind::Caption) => "caption",
        Some(BlockKind::Quote | BlockKind::Paragraph) | None => "paragraph",
    };
    let mut parts: Vec<(&str, Vec<(&str, usize)>)> = Vec::new();
    for row in rows {
        let (sign, cell) = match (&row.left, &row.right) {
            _ if row.op == Op::Moved => ("↕", row.left.as_ref().or(row.right.as_ref())),
            (Some(left), Some(_)) if matches!(row.op, Op::Reflow | Op::Typo) => ("≈", Some(left)),
            (Some(left), Some(_)) => ("~", Some(left)),
            (Some(left), None) => ("–", Some(left)),
            (None, right) => ("+", right.as_ref()),
        };
        let name = name(cell.and_then(|cell| cell.kind));
        if parts.last().is_none_or(|(last, _)| *last != sign) {
            parts.push((sign, Vec::new()));
        }
        if let Some((_, names)) = parts.last_mut() {
            match names.iter_mut().find(|(known, _)| *known == name) {
                Some((_, count)) => *count += 1,
                None => names.push((name, 1)),
            }
        }
    }
    let words = |names: Vec<(&str, usize)>| {
        let words = names.into_iter().map(|(name, count)| match count {
            1 => name.to_owned(),
            _ => format!("{count} {name}s"),
        });
        words.collect::<Vec<_>>().join(", ")
    };
    parts
        .into_iter()
        .map(|(sign, names)| format!("{sign} {}", words(names)))
        .collect::<Vec<_>>()
        .join(" / ")
}

/// So many characters of what differs are said as they are.
const SHORT: usize = 24;

/// What a paragraph says otherwise, where that is one short run of words on each side, or on one of them.
fn words(row: &Shown) -> Option<String> {
    if !matches!(row.op, Op::Replace) {
        return None;
    }
    let side = |cell: &CellText| match cell.marks.as_slice() {
        [] => Some(None),
        [(range, Mark::Changed)] => {
            let words = cell.text.get(range.clone())?.trim();
            (words.chars().count() <= SHORT).then(|| Some(format!("“{words}”")))
        }
        _ => None,
    };
    match (side(row.left.as_ref()?)?, side(row.right.as_ref()?)?) {
        (Some(left), Some(right)) => Some(format!("~ {left} → {right}")),
        (Some(left), None) => Some(format!("– {left}")),
        (None, Some(right)) => Some(format!("+ {right}")),
        (None, None) => None,
    }
}
