//! Paragraphs to lines of the present measure.

use crate::model::BlockKind;
use crate::text::width;
use crate::text::wrap;

use super::{Line, Paragraph, Role, indent};

/// What parts the cells of a row of a table, as the readers of formats write it.
pub const CELLS: &str = " | ";

/// A column of a table is at least as wide.
const COLUMN_FROM: usize = 3;

/// Breaks all lines.
pub(super) fn break_lines(paragraphs: &mut [Paragraph], measure: usize) -> Vec<Line> {
    columns(paragraphs, measure);
    let mut lines = Vec::with_capacity(paragraphs.len() * 2);
    for (index, paragraph) in paragraphs.iter().enumerate() {
        break_paragraph(paragraph, index, measure, &mut lines);
        let next = paragraphs.get(index + 1);
        if next.is_some_and(|next| blank_between(paragraph, next)) {
            let end = paragraph.text.len();
            lines.push(Line {
                paragraph: index,
                range: end..end,
            });
        }
    }
    lines
}

fn break_paragraph(paragraph: &Paragraph, index: usize, measure: usize, lines: &mut Vec<Line>) {
    if paragraph.columns.is_some() {
        lines.push(Line {
            paragraph: index,
            range: 0..paragraph.text.len(),
        });
        return;
    }
    let measure = measure.saturating_sub(indent(paragraph)).max(1);
    let code = paragraph.role == Role::Block(BlockKind::Code);
    let mut start = 0;
    for part in paragraph.text.split(|c| code && c == '\n') {
        let ranges = wrap::wrap(part, measure);
        if ranges.is_empty() {
            lines.push(Line {
                paragraph: index,
                range: start..start,
            });
        }
        for range in ranges {
            lines.push(Line {
                paragraph: index,
                range: start + range.start..start + range.end,
            });
        }
        start += part.len() + 1;
    }
}

/// Finds tables: paragraphs one after the other with as many cells each. Where all columns fit, they are aligned.
fn columns(paragraphs: &mut [Paragraph], measure: usize) {
    let cells = |paragraph: &Paragraph| match paragraph.role {
        Role::Block(BlockKind::Paragraph) => paragraph.text.matches(CELLS).count(),
        _ => 0,
    };
    let mut at = 0;
    while at < paragraphs.len() {
        paragraphs[at].columns = None;
        let count = cells(&paragraphs[at]);
        let same = paragraphs[at..].iter().take_while(|it| cells(it) == count);
        let rows = if count == 0 { 1 } else { same.count() };
        if rows > 1 {
            let run = &mut paragraphs[at..at + rows];
            let mut widths = vec![COLUMN_FROM; count + 1];
            for paragraph in run.iter() {
                for (cell, wide) in paragraph.text.split(CELLS).zip(&mut widths) {
                    *wide = (*wide).max(width::width(cell.trim()));
                }
            }
            let all = widths.iter().sum::<usize>() + count * CELLS.len();
            let columns = (all <= measure).then(|| widths.into());
            for paragraph in run {
                paragraph.columns.clone_from(&columns);
            }
        }
        at += rows;
    }
}

fn blank_between(this: &Paragraph, next: &Paragraph) -> bool {
    // A note stands on what it is about, unless that is folded.
    let is_its_note = this.role == Role::Note && next.dimmed;
    let is_row = this.columns.is_some() && this.columns == next.columns;
    !is_its_note
        && !is_row
        && !matches!(
            (this.role, next.role),
            (Role::Raw, _)
                | (Role::Title | Role::Byline, Role::Byline | Role::Source)
                | (Role::Block(BlockKind::Item), Role::Block(BlockKind::Item))
        )
}
