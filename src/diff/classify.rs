//! Which class each difference of a row belongs to.
//!
//! Numbers with their signs have a class of their own that is never hidden, whatever else changed with them; so has a
//! change of negation.

use std::ops::Range;

use super::fold::fold;
use super::frame::Text;
use super::rows::Aligned;
use super::token::Kind;
use super::{Cell, Class, Op, Row, Span, SpanKind, negation};
use crate::model::BlockKind;

/// Gives each difference of a row its class. The ranges are the tokens of both sides.
pub(super) fn row(aligned: &Aligned, row: &mut Row, tokens: [Range<usize>; 2]) {
    match row.op {
        Op::Equal => return,
        Op::Reflow => return row.classes.insert(Class::Reflow),
        Op::Typo | Op::Replace | Op::Insert | Op::Delete | Op::Moved => {}
    }
    let metadata = row.kind.is_some_and(BlockKind::is_metadata);
    let about = |class: Class| match class {
        Class::Edited | Class::Added | Class::Removed if metadata => Class::Metadata,
        other => other,
    };
    // A paragraph that stands on one side only is one difference.
    let whole = match row.op {
        Op::Insert => Some(about(Class::Added)),
        Op::Delete => Some(about(Class::Removed)),
        _ => None,
    };
    for cell in row.left.iter_mut().chain(&mut row.right) {
        for span in &mut cell.spans {
            span.class = match span.kind {
                SpanKind::Equal | SpanKind::Space => None,
                _ if span.moved.is_some() => Some(Class::Moved),
                SpanKind::Moved => Some(Class::Moved),
                SpanKind::Typo => Some(Class::Typographic),
                SpanKind::Changed => whole,
            };
        }
    }
    if whole.is_none() {
        let texts = [aligned.left, aligned.right];
        for [left, right] in groups(aligned, tokens) {
            let class = match of(texts, [&left, &right]) {
                // Of the two ends of a move neither side lacks anything.
                Class::Added | Class::Removed if row.op == Op::Moved => Class::Edited,
                class => about(class),
            };
            set(row.left.as_mut(), aligned.left, &left, class);
            set(row.right.as_mut(), aligned.right, &right, class);
        }
    }
    let cells = row.left.iter().chain(&row.right);
    let classes = cells
        .flat_map(|cell| &cell.spans)
        .filter_map(|span| span.class);
    row.classes = classes.collect();
}

/// Gives the spans of these tokens a class.
fn set(cell: Option<&mut Cell>, text: &Text, tokens: &[usize], class: Class) {
    let Some(Cell { spans, .. }) = cell else {
        return;
    };
    for token in tokens {
        let start = text.tokens[*token].start;
        let at = spans.partition_point(|Span { range, .. }| range.end <= start);
        if let Some(span) = spans.get_mut(at) {
            span.class = Some(class);
        }
    }
}

/// The changed words between words that have a counterpart.
fn groups(aligned: &Aligned, [mut left, mut right]: [Range<usize>; 2]) -> Vec<[Vec<usize>; 2]> {
    // Up to the next word in place and past it, without what is moved.
    let changed = |side: usize, tokens: &mut Range<usize>| -> Vec<usize> {
        let marks = &aligned.marks[side];
        tokens
            .take_while(|&token| !marks[token].in_place())
            .filter(|&token| marks[token].moved() == 0)
            .collect()
    };
    let mut groups = Vec::new();
    // Words in place are as many on both sides, in the same order.
    while !left.is_empty() || !right.is_empty() {
        let group = [changed(0, &mut left), changed(1, &mut right)];
        if group.iter().any(|side| !side.is_empty()) {
            groups.push(group);
        }
    }
    groups
}

/// What kind of difference lies between these words of the left and these of the right.
pub(super) fn of(texts: [&Text; 2], [left, right]: [&[usize]; 2]) -> Class {
    let both = || {
        let left = left.iter().map(|&token| (texts[0], token));
        left.chain(right.iter().map(|&token| (texts[1], token)))
    };
    if both().all(|(text, token)| text.tokens[token].kind == Kind::Invisible) {
        return Class::Typographic;
    }
    let words = |side: usize| {
        let tokens = [left, right][side].iter();
        tokens.map(move |&token| texts[side].word(token))
    };
    let lower = |side| -> String { words(side).map(|it| fold(it).to_lowercase()).collect() };
    if begin_alike(words(0).next(), words(1).next()) && lower(0) == lower(1) {
        return Class::Case;
    }
    if both().any(|(text, token)| is_number(text, token)) {
        return Class::Number;
    }
    if negation::differs(words(0), words(1)) {
        return Class::Negation;
    }
    match (left.is_empty(), right.is_empty()) {
        (true, _) => Class::Added,
        (_, true) => Class::Removed,
        _ => Class::Edited,
    }
}

/// Says whether two words may be the same but for case: a quick look that spares most words a long one.
fn begin_alike(left: Option<&str>, right: Option<&str>) -> bool {
    let first = |word: &str| word.bytes().next().unwrap_or_default();
    match (left.map(first), right.map(first)) {
        (Some(left), Some(right))
            if left.is_ascii_alphanumeric() && right.is_ascii_alphanumeric() =>
        {
            left.eq_ignore_ascii_case(&right)
        }
        (left, right) => left.is_some() && right.is_some(),
    }
}

/// A number, or a sign that touches one and changes what it says.
fn is_number(text: &Text, token: usize) -> bool {
    let here = &text.tokens[token];
    let number = |token: Option<usize>, at: usize| {
        token
            .and_then(|token| text.tokens.get(token))
            .is_some_and(|other| {
                other.kind == Kind::Number && (other.end() == at || other.start == at)
            })
    };
    match here.kind {
        Kind::Number => true,
        Kind::Sign => {
            let sign = text.word(token).chars().next().is_some_and(|c| {
                matches!(
                    c,
                    '-' | '+' | '±' | '−' | '–' | '%' | '‰' | '°' | '#' | '/' | '.' | ',' | ':'
                ) || matches!(c, '$' | '£' | '¥' | '¢' | '\u{20A0}'..='\u{20CF}')
            });
            let before = token.checked_sub(1);
            match text.word(token).chars().next() {
                Some('.' | ',' | ':' | '/') => {
                    number(before, here.start) && number(Some(token + 1), here.end())
                }
                _ => sign && (number(before, here.start) || number(Some(token + 1), here.end())),
            }
        }
        _ => text.word(token).chars().any(char::is_numeric),
    }
}
