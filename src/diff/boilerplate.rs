//! The class of a paragraph that stands on one side only and is known to say nothing about the text.
//!
//! The engine sees two texts and no collection, so it cannot know: whoever has evidence hands it in.

use std::ops::Range;

use super::{Class, Comparison, Op};

/// Gives the differences of rows of one side the class [`Class::Boilerplate`], where their paragraphs are known to be
/// boilerplate.
///
/// `known` holds for the left and the right side the bytes of such paragraphs, as they were given to
/// [`compare`](super::compare), in order. What is a move, or about the article, stays so.
pub fn mark_boilerplate(comparison: &mut Comparison, known: [&[Range<usize>]; 2]) {
    for row in &mut comparison.rows {
        let (cell, known) = match (row.op, &mut row.left, &mut row.right) {
            (Op::Delete, Some(cell), None) => (cell, known[0]),
            (Op::Insert, None, Some(cell)) => (cell, known[1]),
            _ => continue,
        };
        // The white space round a paragraph belongs to its cell, and a cell of one side holds one paragraph.
        let from = known.partition_point(|range| range.start < cell.range.start);
        let inside = |range: &Range<usize>| range.end <= cell.range.end;
        if !known.get(from).is_some_and(inside) {
            continue;
        }
        for span in &mut cell.spans {
            if matches!(span.class, Some(Class::Added | Class::Removed)) {
                span.class = Some(Class::Boilerplate);
            }
        }
        row.classes = cell.spans.iter().filter_map(|span| span.class).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::{Options, Side, compare, paragraphs};

    #[test]
    fn only_one_sided_paragraphs_with_evidence_are_boilerplate() {
        let left = "A first paragraph.\n\nSubscribe to our letter.\n\nAnd a third one.";
        let right = "A first paragraph.\n\nAnd a third one.\n\nRead 12 more articles.";
        let (of_left, of_right) = (paragraphs(left), paragraphs(right));
        let side = |text, paragraphs| Side { text, paragraphs };
        let found = || {
            compare(
                side(left, &of_left),
                side(right, &of_right),
                &Options::default(),
            )
        };
        let classes = |known: [&[Range<usize>]; 2]| {
            let mut found = found();
            mark_boilerplate(&mut found, known);
            let rows = found.rows.iter().filter(|row| row.differs());
            rows.map(|row| row.classes.iter().collect())
                .collect::<Vec<Vec<Class>>>()
        };
        assert_eq!(classes([&[], &[]]), [[Class::Removed], [Class::Added]]);
        let subscribe = of_left[1].range.clone();
        assert_eq!(
            classes([std::slice::from_ref(&subscribe), &[]]),
            [[Class::Boilerplate], [Class::Added]]
        );
        // Evidence about a paragraph that both have changes nothing.
        let first = of_left[0].range.clone();
        assert_eq!(
            classes([std::slice::from_ref(&first), std::slice::from_ref(&first)]),
            [[Class::Removed], [Class::Added]]
        );
    }
}
