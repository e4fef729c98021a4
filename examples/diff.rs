//! Two texts compared as prose: rows and spans that tile both sides byte for byte.
//!
//! `cargo run --example diff`

use std::fmt::Write;

use recto::diff::{Classes, Options, Side, SpanKind, compare, paragraphs, summary};

pub fn run() -> String {
    let left = "The bridge opened on Monday.\n\nSome 4,000 people came to\nsee it, the mayor said.";
    let right = "The bridge opened on Monday.\n\nSome 4,100 people came to see it, the mayor said.";
    let (l, r) = (paragraphs(left), paragraphs(right));
    let comparison = compare(
        Side {
            text: left,
            paragraphs: &l,
        },
        Side {
            text: right,
            paragraphs: &r,
        },
        &Options::default(),
    );

    let mut said = String::new();
    // Layout and typography are classes that are hidden here; numbers never are.
    let counted = summary(&comparison, Classes::QUIET);
    let _ = writeln!(
        said,
        "{} the same, {} differ",
        counted.same, counted.differences
    );
    for row in comparison.rows.iter().filter(|row| row.differs()) {
        for (cell, text) in [(&row.left, left), (&row.right, right)] {
            let spans = cell.iter().flat_map(|cell| &cell.spans);
            let changed = spans.filter(|span| span.kind == SpanKind::Changed);
            for span in changed {
                let class = span.class.map(|class| class.name()).unwrap_or_default();
                let _ = writeln!(
                    said,
                    "{class} at {}: {}",
                    span.range.start,
                    &text[span.range.clone()]
                );
            }
        }
    }
    said
}

fn main() {
    print!("{}", run());
}
