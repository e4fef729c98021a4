//! The comparison: signs and underlines say what differs, colour only helps.

use std::ops::Range;

use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use crate::app::compare::{CellText, Compare, Line, Mark, Shown};
use crate::app::layout::Layout;
use crate::app::state::State;
use crate::diff::Op;
use crate::model::BlockKind;
use crate::store::types::{Entry, Hit};
use crate::text::width;

use super::paint::{Canvas, counted};

/// Draws title, sides and what differs.
pub fn header(canvas: &mut Canvas<'_>, compare: &Compare, layout: &Layout) {
    let (row, dot) = (layout.header, canvas.signs.dot);
    let (left, right) = (&compare.pair.left, &compare.pair.right);
    let title = [left, right]
        .into_iter()
        .find_map(|side| side.article.meta.title.as_deref());
    let title = title.unwrap_or_else(|| left.article.shown_title());
    let words = |side: &Entry, other: &Entry, words: usize| {
        let letter = State::siglum_beside(side, other);
        let letter = letter.map_or_else(String::new, |letter| format!("{letter} "));
        letter + &counted(words as u64, "word")
    };
    let sides = format!(
        "left {}   right {} ",
        words(left, right, compare.words[0]),
        words(right, left, compare.words[1])
    );
    let from = canvas.text_right(row.width / 2, row.width, row.y, &sides, canvas.theme.muted);
    canvas.text(1, row.y, from.saturating_sub(3), title, canvas.theme.title);

    if let Some(row) = layout.summary {
        let summary = &compare.summary;
        let same = format!("{} the same", counted(summary.same as u64, "paragraph"));
        // As many as there are to visit: what is nothing but markup has no place on the screen.
        let differences = counted(compare.hunks.len() as u64, "difference");
        let mut x = canvas.text(
            1,
            row.y,
            row.width,
            &format!("{same} {dot} {differences}"),
            canvas.theme.accent,
        );
        if !compare.hunks.is_empty() {
            x = canvas.text(x, row.y, 1, ":", canvas.theme.accent);
        }
        for (at, words) in compare.described().enumerate() {
            if x + 2 >= row.width {
                break;
            }
            let here = compare.current == Some(at);
            let style = if here {
                canvas.theme.title
            } else {
                canvas.theme.body
            };
            x = canvas.text(x + 2, row.y, row.width.saturating_sub(x + 2), &words, style);
        }
        let coarse = compare.pair.comparison.coarse;
        if coarse {
            canvas.text_right(
                x,
                row.width,
                row.y,
                "coarse: too different to compare word by word ",
                canvas.theme.warning,
            );
        }
    }
    let name = |side: &Entry, other: &Entry| {
        let letter = State::siglum_beside(side, other);
        let letter = letter.map_or_else(String::new, |letter| format!("{letter} {dot} "));
        format!(" {letter}{} ", Hit::of(side).source)
    };
    let rule = layout.rule;
    let hidden = compare.summary.classes.iter();
    let hidden = hidden.filter(|(class, _)| compare.hidden.contains(*class));
    let hidden: Vec<String> = hidden
        .map(|(class, count)| format!("{count} {class}"))
        .collect();
    let hidden = match hidden.is_empty() {
        true => String::new(),
        false => format!(" hidden: {} ", hidden.join(", ")),
    };
    let hidden_cells = u16::try_from(width::width(&hidden)).unwrap_or(u16::MAX);
    // Both names come first.
    let names = layout.divider.map_or(44, |x| x + 20);
    let room = rule.width.saturating_sub(names);
    let end = rule.width.saturating_sub(1);
    let right_end = match !hidden.is_empty() && hidden_cells < room {
        true => canvas.text_right(0, end, rule.y, &hidden, canvas.theme.muted),
        false => end,
    };
    match layout.divider {
        Some(x) => {
            canvas.label(
                1,
                rule.y,
                x.saturating_sub(2),
                &name(left, right),
                canvas.theme.left,
            );
            canvas.label(
                x + 2,
                rule.y,
                right_end.saturating_sub(x + 3),
                &name(right, left),
                canvas.theme.right,
            );
        }
        None => {
            let end = canvas.label(
                1,
                rule.y,
                rule.width / 2 - 1,
                &name(left, right),
                canvas.theme.left,
            );
            canvas.label(
                end + 1,
                rule.y,
                right_end.saturating_sub(end + 2),
                &name(right, left),
                canvas.theme.right,
            );
        }
    }
}

/// Draws the lines of both sides; gives the place of the difference that the screen stands on.
pub fn draw(canvas: &mut Canvas<'_>, compare: &Compare, layout: &Layout, area: Rect) -> Position {
    let mut cursor = None;
    if let Some(x) = layout.divider {
        canvas.divider(x, area.y, area.height);
    }
    let hunk = compare.current.map(|at| compare.hunks[at].clone());
    for (at, (y, line)) in (area.y..area.bottom()).zip(&compare.lines).enumerate() {
        let first = match at.checked_sub(1).map(|above| &compare.lines[above]) {
            Some(above) => !matches!(above, Line::Text { row, .. } if *row == line.row()),
            None => compare.begins,
        };
        let in_hunk = hunk.as_ref().is_some_and(|hunk| hunk.contains(&line.row()));
        let between = matches!(line, Line::Blank { row } if hunk.as_ref().is_some_and(|hunk| row + 1 == hunk.end));
        if in_hunk && !between {
            canvas.text(area.x, y, 1, canvas.signs.bar, canvas.theme.accent);
            cursor = cursor.or(Some(Position::new(area.x, y)));
        }
        match line {
            Line::Blank { .. } => {}
            Line::Folded { rows, hidden } => {
                let text = folded(compare, rows.clone(), *hidden, canvas.signs.dot);
                let text = format!("{0} {text} {0}", canvas.signs.ellipsis);
                canvas.text(
                    area.x + 3,
                    y,
                    area.width.saturating_sub(4),
                    &text,
                    canvas.theme.muted,
                );
                if let Some(x) = layout.divider {
                    canvas.text(x + 3, y, 6, canvas.signs.ellipsis, canvas.theme.muted);
                }
            }
            Line::Text { row, left, right } => {
                let shown = &compare.rows[*row];
                let width = layout.divider.unwrap_or(area.width);
                if let (Some(cell), Some(range)) = (&shown.left, left) {
                    let side = Side {
                        x: area.x,
                        cells: width,
                        is_left: true,
                        key: 2 * row,
                        first,
                    };
                    draw_cell(canvas, compare, shown, cell, range, &side, y);
                }
                if let (Some(cell), Some(range)) = (&shown.right, right) {
                    let x = layout.divider.unwrap_or(area.x);
                    let first = first || (layout.divider.is_none() && range.start == 0);
                    let side = Side {
                        x,
                        cells: area.width - (x - area.x),
                        is_left: false,
                        key: 2 * row + 1,
                        first,
                    };
                    draw_cell(canvas, compare, shown, cell, range, &side, y);
                }
            }
        }
    }
    cursor.unwrap_or(Position::new(area.x, area.y))
}

/// What is folded away, in words: `2 paragraphs the same · 1 hidden`.
fn folded(compare: &Compare, rows: Range<usize>, hidden: usize, dot: &str) -> String {
    // Title and byline are no paragraphs.
    let metadata = |row: &Shown| {
        let cell = row.left.as_ref().or(row.right.as_ref());
        cell.and_then(|cell| cell.kind)
            .is_some_and(BlockKind::is_metadata)
    };
    let what = match compare.rows[rows.clone()].iter().any(metadata) {
        true => "block",
        false => "paragraph",
    };
    let same = (rows.len() - hidden) as u64;
    match (same, hidden) {
        (_, 0) => format!("{} the same", counted(same, what)),
        (0, _) => format!("{} with hidden differences", counted(hidden as u64, what)),
        _ => format!(
            "{} the same {dot} {hidden} with hidden differences",
            counted(same, what)
        ),
    }
}

/// Where and as what a cell is drawn.
struct Side {
    x: u16,
    cells: u16,
    is_left: bool,
    /// The number of the cell among what was found.
    key: usize,
    /// The line is the first of its cell, which has the sign.
    first: bool,
}

fn draw_cell(
    canvas: &mut Canvas<'_>,
    compare: &Compare,
    shown: &Shown,
    cell: &CellText,
    line: &Range<usize>,
    side: &Side,
    y: u16,
) {
    let theme = canvas.theme;
    let (changed, words) = if side.is_left {
        (theme.left, theme.left_changed)
    } else {
        (theme.right, theme.right_changed)
    };
    if side.first {
        let sign = match shown.op {
            Op::Reflow | Op::Typo if compare.is_difference(side.key / 2) => canvas.signs.alike,
            Op::Equal | Op::Reflow | Op::Typo => " ",
            Op::Moved => canvas.signs.moved,
            Op::Replace | Op::Insert | Op::Delete if side.is_left => canvas.signs.minus,
            Op::Replace | Op::Insert | Op::Delete => "+",
        };
        canvas.text(side.x + 1, y, 1, sign, changed);
    }
    // A paragraph that stands on one side only needs no underline: its sign and colour say it.
    let whole = shown.left.is_none() || shown.right.is_none();
    let mut runs: Vec<(Range<usize>, Style)> = cell
        .marks
        .iter()
        .map(|(range, mark)| {
            let style = match mark {
                Mark::Changed if whole => changed,
                Mark::Changed => words,
                Mark::Moved => theme.moved,
                Mark::Typo => theme.muted,
            };
            (range.clone(), style)
        })
        .collect();
    if let Some(found) = &compare.found {
        let hits = found.hits_in(side.key, line.clone());
        runs.extend(hits.map(|(at, range)| {
            (
                range,
                if at == found.current {
                    theme.current_match
                } else {
                    theme.matched
                },
            )
        }));
    }
    canvas.runs(
        (side.x + 3, y),
        side.cells.saturating_sub(3),
        &cell.text,
        line.clone(),
        theme.body,
        &runs,
    );
}
