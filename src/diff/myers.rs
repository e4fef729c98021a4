//! Myers under a budget of steps.
//!
//! `similar` does the work; it is bounded, but on two long texts that have little in common its bound is many seconds.
//! So the cost is estimated and charged before each call. Counting comparisons inside of it would be exact, but it
//! works on its own numbering of the items and cannot be stopped half-way.

use std::collections::HashSet;
use std::convert::Infallible;
use std::hash::{BuildHasherDefault, Hash};

use similar::algorithms::{DiffHook, myers};

use super::intern::Xxh3;
use crate::cancel::Cancel;

/// Steps that are left, and whether something had to do without.
pub(super) struct Budget {
    left: u64,
    /// Something was aligned by sentences or paragraphs only.
    pub coarse: bool,
    cancel: Cancel,
}

/// Cells (left times right) from which on a closer look at the cost pays.
const LARGE: usize = 1 << 18;

impl Budget {
    /// So many steps, and none once `cancel` is raised.
    pub fn new(steps: u64, cancel: &Cancel) -> Self {
        Self {
            left: steps,
            coarse: false,
            cancel: cancel.clone(),
        }
    }

    /// Says whether nobody waits for the result any more.
    pub fn is_called_off(&self) -> bool {
        self.cancel.is_cancelled()
    }

    /// Takes what Myers needs for these items; takes nothing when there is not enough.
    ///
    /// A step is about 15 ns. `similar` bounds each split by the square root of the size; where that is much, a look
    /// at how far the sides differ tells whether it is needed.
    pub fn charge<T: Copy + Eq + Hash>(&mut self, left: &[T], right: &[T]) -> bool {
        if self.is_called_off() {
            return false;
        }
        let (l, r);
        let (left, right) = if left.len().saturating_mul(right.len()) > LARGE {
            // Myers does not even look at what one side does not have.
            (l, r) = (common(left, right), common(right, left));
            (&l[..], &r[..])
        } else {
            (left, right)
        };
        let size = left.len() as u64 + right.len() as u64;
        let cells = (left.len() as u64).saturating_mul(right.len() as u64);
        let mut cost = (cells / 2).min(size.saturating_mul(size.isqrt().max(256)));
        if cost > 1 << 10 {
            cost = distance(left, right, 512).map_or(cost, |d| cost.min(size / 8 + d * d / 4));
        }
        let enough = cost <= self.left;
        self.left -= if enough { cost } else { 0 };
        enough
    }
}

/// The items that the other side has too.
fn common<T: Copy + Eq + Hash>(items: &[T], other: &[T]) -> Vec<T> {
    let known: HashSet<T, BuildHasherDefault<Xxh3>> = other.iter().copied().collect();
    items
        .iter()
        .copied()
        .filter(|item| known.contains(item))
        .collect()
}

/// The edit distance (insertions and deletions) if it is at most `limit` and cheap to find: the forward half of Myers.
fn distance<T: Eq>(left: &[T], right: &[T], limit: usize) -> Option<u64> {
    let (n, m) = (left.len(), right.len());
    let mut steps = 8 * (n + m) + (1 << 18);
    // For each diagonal (left minus right, shifted) how far the left was read; one cell of margin at both ends.
    let mut reach = vec![0usize; 2 * limit + 3];
    let middle = limit + 1;
    for d in 0..=limit {
        for k in (middle - d..=middle + d).step_by(2) {
            let down = k == middle - d || (k != middle + d && reach[k - 1] < reach[k + 1]);
            let mut x = if d == 0 {
                0
            } else if down {
                reach[k + 1]
            } else {
                reach[k - 1] + 1
            };
            // y = x - (k - middle); a diagonal that has left the field waits at its edge.
            let Some(mut y) = (x + middle).checked_sub(k) else {
                continue;
            };
            if x > n || y > m {
                continue;
            }
            while x < n && y < m && left[x] == right[y] {
                (x, y) = (x + 1, y + 1);
                steps = steps.checked_sub(1)?;
            }
            reach[k] = x;
            if x == n && y == m {
                return Some(d as u64);
            }
        }
        steps = steps.checked_sub(d)?;
    }
    None
}

/// Myers over two slices: equal stretches in order.
pub(super) fn equal<T: Hash + Eq>(left: &[T], right: &[T]) -> Vec<(usize, usize, usize)> {
    struct Equal(Vec<(usize, usize, usize)>);
    impl DiffHook for Equal {
        type Error = Infallible;

        fn equal(&mut self, l: usize, r: usize, len: usize) -> Result<(), Infallible> {
            self.0.push((l, r, len));
            Ok(())
        }
    }
    let mut hook = Equal(Vec::new());
    let Ok(()) = myers::diff(&mut hook, left, 0..left.len(), right, 0..right.len());
    hook.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_counts_insertions_and_deletions() {
        for (left, right, expected) in [
            ("", "", 0),
            ("abc", "abc", 0),
            ("abc", "abxc", 1),
            ("abcabba", "cbabac", 5),
            ("aaaa", "bb", 6),
        ] {
            let found = distance(left.as_bytes(), right.as_bytes(), 10);
            assert_eq!(found, Some(expected), "{left} {right}");
        }
        assert_eq!(distance(b"aaaa", b"bbbb", 7), None);
    }

    #[test]
    fn what_is_not_paid_for_is_not_done() {
        let (left, right) = ([1, 2, 3, 4], [4, 3, 2, 1]);
        let mut budget = Budget::new(10, &Cancel::new());
        assert!(budget.charge(&left, &right));
        assert!(!budget.charge(&left, &right));
    }
}
