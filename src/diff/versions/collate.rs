//! One version against the base: its differences in the order of the base, and its part of the matrix.
//!
//! Both texts are read as *elements*, white space (often empty) and words in turn, so that they tile every byte:
//!
//! ```text
//! element   0     1      2    3      4
//! "Yes, no" ""   "Yes"   ""  ","    " " …      word `i` is element 2i+1, the space in front of it 2i
//! ```
//! A difference takes from the base whole words with the space behind each. White space that differs between two words
//! that do not is a difference of its own.

use std::ops::Range;

use crate::diff::frame::{Border, Frame, Text};
use crate::diff::run::{Gap, Run, gaps};
use crate::diff::token::Kind;
use crate::diff::versions::State;
use crate::diff::{Common, Options, Side, swaps};

/// A version as it differs from the base.
pub(super) struct Collation {
    /// The differences; they ascend and do not overlap.
    pub differences: Vec<Difference>,
    /// Which words of the base (0) and of the version (1) stand elsewhere on the other side.
    pub moved: [Vec<bool>; 2],
    /// For each paragraph of the base what became of it.
    pub states: Vec<State>,
    /// Paragraphs that the base does not have: where they belong, and which of the version's they are.
    pub added: Vec<Added>,
    /// The budget ran out.
    pub coarse: bool,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    /// Elements of the base.
    pub base: Range<usize>,
    /// How many elements of the version stand for them.
    pub len: usize,
    /// What it is.
    pub kind: DifferenceKind,
}

/// What a difference is, as far as merging must know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DifferenceKind {
    /// Other words, or more.
    Words,
    /// Nothing instead of words.
    Omission,
    /// One element that differs in typography or white space.
    Soft,
}

/// A paragraph that the base does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Added {
    /// The paragraph of the base in front of which it belongs; their number at the end.
    pub before: usize,
    /// The paragraph of the version.
    pub frame: usize,
}

impl Collation {
    /// Aligns a version to the base.
    pub fn new(
        (base_side, base): (&Side, &Text),
        (side, text): (&Side, &Text),
        ids: usize,
        options: &Options,
    ) -> Self {
        let common = if swaps(base_side, side) {
            let mut common = Common::find(text, base, ids, options);
            common.mirror();
            common
        } else {
            Common::find(base, text, ids, options)
        };
        let mut moved = [base, text].map(|text| vec![false; text.tokens.len()]);
        for run in common.moves.iter().flatten() {
            moved[0][run.left..run.left_end()].fill(true);
            moved[1][run.right..run.right_end()].fill(true);
        }
        let (states, added) = paragraphs(base, text, &common.runs, &moved);
        Self {
            differences: differences(base, text, &common.runs),
            moved,
            states,
            added,
            coarse: common.coarse,
        }
    }
}

/// The byte at which an element begins.
pub(super) fn byte_at(text: &Text, element: usize) -> usize {
    let token = element / 2;
    let start = if element % 2 == 1 {
        text.tokens.get(token).map(|token| token.start)
    } else {
        let before = token.checked_sub(1).map(|token| text.tokens[token].end());
        Some(before.unwrap_or(0))
    };
    start.unwrap_or(text.text.len())
}

/// The words of a range of elements.
pub(super) fn tokens(elements: &Range<usize>) -> Range<usize> {
    elements.start / 2..elements.end / 2
}

fn bytes<'a>(text: &Text<'a>, element: usize) -> &'a str {
    &text.text[byte_at(text, element)..byte_at(text, element + 1)]
}

fn differences(base: &Text, text: &Text, runs: &[Run]) -> Vec<Difference> {
    let mut out = Vec::new();
    let compare = |out: &mut Vec<Difference>, l: usize, r: usize| {
        if bytes(base, l) != bytes(text, r) {
            out.push(Difference {
                base: l..l + 1,
                len: 1,
                kind: DifferenceKind::Soft,
            });
        }
    };
    let all = (0..base.tokens.len(), 0..text.tokens.len());
    for (index, (l, r)) in gaps(runs, &all).enumerate() {
        // The space in front of a gap stands behind equal words; the space at its end belongs to it.
        compare(&mut out, 2 * l.start, 2 * r.start);
        let pieces = pieces(base, text, (l, r)).into_iter();
        out.extend(
            pieces
                .filter(|(l, r)| !l.is_empty() || !r.is_empty())
                .map(|(l, r)| Difference {
                    base: 2 * l.start + 1..2 * l.end + 1,
                    len: 2 * r.len(),
                    kind: match r.is_empty() {
                        true => DifferenceKind::Omission,
                        false => DifferenceKind::Words,
                    },
                }),
        );
        if let Some(run) = runs.get(index) {
            let (l, r) = (2 * run.left + 1, 2 * run.right + 1);
            // Words and the spaces between them.
            for step in 0..(2 * run.len).saturating_sub(1) {
                compare(&mut out, l + step, r + step);
            }
        }
    }
    out
}

/// Takes whole paragraphs of the base out of a gap: paragraphs that have nothing in common are never laid side by side,
/// so they are left out here and others are put in behind them.
fn pieces(base: &Text, text: &Text, (l, r): Gap) -> Vec<Gap> {
    match (borders(base, &l), borders(text, &r)) {
        (Some((first, last)), Some((r_first, r_last))) if first < last && !r.is_empty() => vec![
            (l.start..first, r.start..r_first),
            (first..last, r_first..r_first),
            (last..last, r_first..r_last),
            (last..l.end, r_last..r.end),
        ],
        _ => vec![(l, r)],
    }
}

/// The first and the last border of paragraphs in a range of words or at its ends.
fn borders(text: &Text, range: &Range<usize>) -> Option<(usize, usize)> {
    let mut all = range.start..=range.end;
    let is_border = |at: &usize| text.border[*at] == Border::Paragraph;
    let first = all.clone().find(is_border)?;
    Some((first, all.rfind(is_border)?))
}

/// What became of the paragraphs of the base, and which paragraphs the version adds.
fn paragraphs(
    base: &Text,
    text: &Text,
    runs: &[Run],
    moved: &[Vec<bool>; 2],
) -> (Vec<State>, Vec<Added>) {
    // For each word of the version the paragraph of the base that it stands in, and for both sides who is in place.
    let mut home = vec![None; text.tokens.len()];
    let mut in_place = vec![false; base.tokens.len()];
    for run in runs {
        in_place[run.left..run.left_end()].fill(true);
        for step in 0..run.len {
            home[run.right + step] = Some(base.frame_of[run.left + step] as usize);
        }
    }
    let fates = base.frames.iter().map(|frame| {
        let is_in_place = |token: usize| in_place[token];
        match fate(base, frame, is_in_place, &moved[0]) {
            Fate::Whole => State::Same,
            Fate::Partly => State::Changed,
            Fate::Elsewhere => State::Moved,
            Fate::Alone => State::Missing,
        }
    });
    let mut states: Vec<State> = fates.collect();
    let mut added = Vec::new();
    for (index, frame) in text.frames.iter().enumerate() {
        match fate(text, frame, |token| home[token].is_some(), &moved[1]) {
            Fate::Whole | Fate::Elsewhere => {}
            Fate::Partly => {
                // What is new in it changes the paragraph of the word in front of it, at the beginning behind it.
                let homes = &home[frame.tokens.clone()];
                let mut near = homes.iter().flatten().next().copied();
                for token in frame.tokens.clone() {
                    match home[token] {
                        Some(here) => near = Some(here),
                        None if text.tokens[token].kind == Kind::Invisible => {}
                        None => {
                            if let Some(state) = near.and_then(|near| states.get_mut(near)) {
                                *state = State::Changed;
                            }
                        }
                    }
                }
            }
            Fate::Alone => added.push(Added {
                before: next_paragraph(base, runs, frame),
                frame: index,
            }),
        }
    }
    (states, added)
}

/// What became of a paragraph, seen from its own side.
enum Fate {
    Whole,
    Partly,
    Elsewhere,
    Alone,
}

fn fate(text: &Text, frame: &Frame, in_place: impl Fn(usize) -> bool, moved: &[bool]) -> Fate {
    let (mut all, mut here, mut elsewhere) = (0, 0, 0);
    for token in frame.tokens.clone() {
        let visible = usize::from(text.tokens[token].kind != Kind::Invisible);
        all += visible;
        here += if in_place(token) { visible } else { 0 };
        elsewhere += if moved[token] { visible } else { 0 };
    }
    match (all, here, elsewhere) {
        _ if here == all => Fate::Whole,
        (_, 1.., _) => Fate::Partly,
        _ if elsewhere * 2 >= all => Fate::Elsewhere,
        _ => Fate::Alone,
    }
}

/// The paragraph of the base in front of which a paragraph without counterpart belongs.
fn next_paragraph(base: &Text, runs: &[Run], frame: &Frame) -> usize {
    let next = runs.partition_point(|run| run.right_end() <= frame.tokens.start);
    let Some(token) = runs.get(next).map(|run| run.left) else {
        return base.frames.len();
    };
    let here = base.frame_of[token] as usize;
    // In the middle of a paragraph that the version breaks: behind it.
    here + usize::from(base.frames[here].tokens.start < token)
}
