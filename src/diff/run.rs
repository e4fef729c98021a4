//! Stretches of words that are the same on both sides, and the gaps between them.

use std::ops::Range;

/// Words that are the same on both sides: `len` tokens from `left` and from `right` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub left: usize,
    pub right: usize,
    pub len: usize,
}

impl Run {
    pub fn left_end(&self) -> usize {
        self.left + self.len
    }

    pub fn right_end(&self) -> usize {
        self.right + self.len
    }
}

/// What lies between two runs: tokens of the left and of the right.
pub(super) type Gap = (Range<usize>, Range<usize>);

/// The gaps round the runs inside of `all`, one more than runs.
pub(super) fn gaps<'a>(runs: &'a [Run], all: &Gap) -> impl Iterator<Item = Gap> + use<'a> {
    let (left, right) = (all.0.end, all.1.end);
    let mut at = (all.0.start, all.1.start);
    (0..=runs.len()).map(move |index| {
        let next = runs.get(index).copied().unwrap_or(Run {
            left,
            right,
            len: 0,
        });
        let gap = (at.0..next.left, at.1..next.right);
        at = (next.left_end(), next.right_end());
        gap
    })
}

/// Joins runs that touch on both sides; drops empty ones.
pub(super) fn join(runs: &mut Vec<Run>) {
    runs.retain(|run| run.len > 0);
    runs.dedup_by(|next, run| {
        let touch = run.left_end() == next.left && run.right_end() == next.right;
        if touch {
            run.len += next.len;
        }
        touch
    });
}
