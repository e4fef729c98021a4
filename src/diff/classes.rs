//! What kind of difference a row holds, so that a reader may hide what does not matter to him.
//!
//! Numbers with their signs have a class of their own that is never hidden, whatever else changed with them.

use std::ops::Range;

use super::fold::fold;
use super::frame::Text;
use super::rows::{Aligned, Fate};
use super::token::Kind;
use super::{Class, Op};
use crate::model::BlockKind;

/// The classes of a row, most telling first.
pub(super) fn of(
    aligned: &Aligned,
    op: Op,
    kind: Option<BlockKind>,
    left: Range<usize>,
    right: Range<usize>,
) -> Vec<Class> {
    let mut found = Vec::new();
    match op {
        Op::Equal => return found,
        Op::Reflow => found.push(Class::Reflow),
        Op::Typo => {}
        Op::Replace | Op::Insert | Op::Delete | Op::Moved => {
            if kind.is_some_and(BlockKind::is_metadata) {
                found.push(Class::Metadata);
            }
            if op == Op::Insert {
                found.push(Class::Added);
            }
            if op == Op::Delete {
                found.push(Class::Removed);
            }
        }
    }
    let marks = |side: usize, tokens: &Range<usize>| aligned.marks[side][tokens.clone()].iter();
    for mark in marks(0, &left).chain(marks(1, &right)) {
        if mark.moved > 0 {
            found.push(Class::Moved);
        }
        if mark.fate == Fate::Typo {
            found.push(Class::Typographic);
        }
        // Two kinds may repeat a thousand times over; the end of the list is all that repeats.
        found.dedup();
    }
    if !matches!(op, Op::Insert | Op::Delete) {
        for (l, r) in groups(aligned, left, right) {
            let sides = [aligned.left, aligned.right];
            classify(sides, [&l, &r], op == Op::Moved, &mut found);
        }
    }
    sort(&mut found);
    found
}

/// Puts the most telling class first, each once.
pub(super) fn sort(classes: &mut Vec<Class>) {
    classes.sort_unstable_by_key(|&class| rank(class));
    classes.dedup();
}

/// How telling a class is; 0 is most.
fn rank(class: Class) -> usize {
    const ORDER: [Class; 10] = [
        Class::Metadata,
        Class::Boilerplate,
        Class::Number,
        Class::Moved,
        Class::Edited,
        Class::Added,
        Class::Removed,
        Class::Case,
        Class::Typographic,
        Class::Reflow,
    ];
    ORDER
        .iter()
        .position(|&other| other == class)
        .unwrap_or(ORDER.len())
}

/// The changed words between words that have a counterpart.
fn groups(
    aligned: &Aligned,
    mut left: Range<usize>,
    mut right: Range<usize>,
) -> Vec<(Vec<usize>, Vec<usize>)> {
    // Up to the next word in place and past it, without what is moved.
    let changed = |side: usize, tokens: &mut Range<usize>| -> Vec<usize> {
        let marks = &aligned.marks[side];
        tokens
            .take_while(|&token| !marks[token].in_place())
            .filter(|&token| marks[token].moved == 0)
            .collect()
    };
    let mut groups = Vec::new();
    // Words in place are as many on both sides, in the same order.
    while !left.is_empty() || !right.is_empty() {
        let group = (changed(0, &mut left), changed(1, &mut right));
        if !group.0.is_empty() || !group.1.is_empty() {
            groups.push(group);
        }
    }
    groups
}

/// Adds what kind of difference lies between these words of the left and these of the right.
pub(super) fn classify(
    texts: [&Text; 2],
    [left, right]: [&[usize]; 2],
    moved: bool,
    found: &mut Vec<Class>,
) {
    let both = || {
        let left = left.iter().map(|&token| (texts[0], token));
        left.chain(right.iter().map(|&token| (texts[1], token)))
    };
    if both().all(|(text, token)| text.tokens[token].kind == Kind::Invisible) {
        found.push(Class::Typographic);
        return;
    }
    let lower = |text: &Text, tokens: &[usize]| -> String {
        tokens
            .iter()
            .map(|&token| fold(text.word(token)).to_lowercase())
            .collect()
    };
    if lower(texts[0], left) == lower(texts[1], right) {
        found.push(Class::Case);
        return;
    }
    let numbers = both()
        .filter(|&(text, token)| is_number(text, token))
        .count();
    if numbers > 0 {
        found.push(Class::Number);
    }
    if numbers < left.len() + right.len() {
        found.push(match (left.is_empty(), right.is_empty()) {
            _ if moved => Class::Edited,
            (true, _) => Class::Added,
            (_, true) => Class::Removed,
            _ => Class::Edited,
        });
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
