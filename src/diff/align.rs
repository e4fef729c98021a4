//! Which words of the left stand on the right, in the same order.
//!
//! Anchors first: runs of words that occur once on each side (a few words or a whole paragraph), grown as far as the
//! sides agree; of these the heaviest chain that keeps its order stays in place, so that of two swapped paragraphs the
//! shorter one counts as moved. Between the anchors Myers aligns word by word. The work is charged to a budget before
//! it is done; what the budget does not cover is aligned by sentences, then by paragraphs, then not at all.
//!
//! Not used: a deadline (same input must give the same output), and Patience or Histogram over lines (a line is no unit
//! of prose).

use std::ops::Range;

use super::anchor::{chain, hash_of, shared, shared_frames};
use super::frame::{Border, Text};
use super::myers::{Budget, equal};
use super::run::{Gap, Run, gaps, join};

/// Aligns two texts. The runs ascend on both sides.
pub(super) fn align(left: &Text, right: &Text, budget: &mut Budget) -> Vec<Run> {
    let (l, r) = (&left.ids[..], &right.ids[..]);
    let head = l.iter().zip(r).take_while(|(l, r)| l == r).count();
    let tail = l[head..].iter().rev().zip(r[head..].iter().rev());
    let tail = tail.take_while(|(l, r)| l == r).count();
    let middle = (head..l.len() - tail, head..r.len() - tail);

    let mut runs = vec![Run {
        left: 0,
        right: 0,
        len: head,
    }];
    if !middle.0.is_empty() && !middle.1.is_empty() {
        let sides = [
            (&left.ids[..], &[middle.0.clone()][..]),
            (&right.ids[..], &[middle.1.clone()][..]),
        ];
        let mut anchors = shared(sides, WINDOW);
        anchors.extend(shared_frames(left, right, &middle, WINDOW));
        let anchors = chain(anchors);
        fill(left, right, &anchors, &middle, budget, &mut runs);
    }
    runs.push(Run {
        left: middle.0.end,
        right: middle.1.end,
        len: tail,
    });
    join(&mut runs);
    runs
}

/// Tokens that make an anchor: long enough that a chance meeting is rare, short enough for edited text.
const WINDOW: usize = 8;
/// The same inside of a large gap between anchors.
const SMALL_WINDOW: usize = 4;
/// Cells of a gap from which on it is searched for smaller anchors.
const LARGE_GAP: usize = 1 << 18;

fn fill(
    left: &Text,
    right: &Text,
    anchors: &[Run],
    all: &Gap,
    budget: &mut Budget,
    runs: &mut Vec<Run>,
) {
    for (index, gap) in gaps(anchors, all).enumerate() {
        if gap.0.len().saturating_mul(gap.1.len()) > LARGE_GAP {
            let l = (&left.ids[..], &[gap.0.clone()][..]);
            let small = chain(shared(
                [l, (&right.ids[..], &[gap.1.clone()][..])],
                SMALL_WINDOW,
            ));
            for (index, gap) in gaps(&small, &gap).enumerate() {
                words(left, right, &gap, budget, runs);
                runs.extend(small.get(index));
            }
        } else {
            words(left, right, &gap, budget, runs);
        }
        runs.extend(anchors.get(index));
    }
}

/// Aligns a gap word by word, or by larger units when the budget is short.
pub(super) fn words(
    left: &Text,
    right: &Text,
    gap: &Gap,
    budget: &mut Budget,
    runs: &mut Vec<Run>,
) {
    if gap.0.is_empty() || gap.1.is_empty() {
        return;
    }
    let (l, r) = (&left.ids[gap.0.clone()], &right.ids[gap.1.clone()]);
    if budget.charge(l, r) {
        for (l, r, len) in equal(l, r) {
            runs.push(Run {
                left: gap.0.start + l,
                right: gap.1.start + r,
                len,
            });
        }
        return;
    }
    budget.coarse = true;
    for border in [Border::Sentence, Border::Paragraph] {
        let (l, r) = (units(left, &gap.0, border), units(right, &gap.1, border));
        let hash = |text: &Text, unit: &Range<usize>| hash_of(&text.ids[unit.clone()]);
        let l_ids: Vec<u64> = l.iter().map(|unit| hash(left, unit)).collect();
        let r_ids: Vec<u64> = r.iter().map(|unit| hash(right, unit)).collect();
        if budget.charge(&l_ids, &r_ids) {
            for (i, j, len) in equal(&l_ids, &r_ids) {
                let units = l[i..i + len].iter().zip(&r[j..j + len]);
                let same = units.filter(|(l, r)| left.ids[(*l).clone()] == right.ids[(*r).clone()]);
                runs.extend(same.map(|(l, r)| Run {
                    left: l.start,
                    right: r.start,
                    len: l.len(),
                }));
            }
            return;
        }
    }
}

/// The token ranges between borders of at least this strength.
pub(super) fn units(text: &Text, range: &Range<usize>, border: Border) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = range.start;
    for at in range.start + 1..=range.end {
        if at == range.end || text.border[at] >= border {
            out.push(start..at);
            start = at;
        }
    }
    out
}
