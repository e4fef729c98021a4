//! Which words of the left stand on the right, in the same order.
//!
//! Anchors first: runs of words that occur once on each side (a few words or a whole paragraph), grown as far as the
//! sides agree; of these the heaviest chain that keeps its order stays in place, so that of two swapped paragraphs the
//! shorter one counts as moved. Between the anchors Myers aligns word by word. The work is charged to a budget before
//! it is done; what the budget does not cover is aligned by sentences, then by paragraphs, then not at all.
//!
//! Not used: a deadline (same input must give the same output), and Patience or Histogram over lines (a line is no unit
//! of prose).

use std::collections::{HashMap, HashSet};
use std::convert::Infallible;
use std::hash::{BuildHasherDefault, Hash};
use std::ops::Range;

use similar::algorithms::{DiffHook, myers};

use super::frame::{Border, Text};
use super::token::Xxh3;

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

/// Steps that are left, and whether something had to do without.
pub(super) struct Budget {
    left: u64,
    /// Something was aligned by sentences or paragraphs only.
    pub coarse: bool,
}

impl Budget {
    pub fn new(steps: u64) -> Self {
        Self {
            left: steps,
            coarse: false,
        }
    }

    /// Takes what Myers needs for these items; takes nothing when there is not enough.
    ///
    /// A step is about 15 ns. `similar` bounds each split by the square root of the size; where that is much, a look
    /// at how far the sides differ tells whether it is needed.
    fn charge<T: Copy + Eq + Hash>(&mut self, left: &[T], right: &[T]) -> bool {
        let (l, r);
        let (left, right) = if left.len().saturating_mul(right.len()) > LARGE_GAP {
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
        anchors.extend(shared_frames(left, right, &middle));
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

pub(super) fn hash_of(ids: &[u32]) -> u64 {
    ids.iter()
        .fold(ids.len() as u64, |hash, &id| roll(hash, id))
}

fn roll(hash: u64, id: u32) -> u64 {
    hash.wrapping_mul(BASE).wrapping_add(mix(id))
}

const BASE: u64 = 0x9E37_79B9_7F4A_7C15;

fn mix(id: u32) -> u64 {
    let mixed = (u64::from(id) + 1).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    mixed ^ (mixed >> 29)
}

/// Myers over two slices: equal stretches in order.
fn equal<T: Hash + Eq>(left: &[T], right: &[T]) -> Vec<(usize, usize, usize)> {
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

/// Stretches that occur once in the given ranges of each side, grown as far as the sides agree inside the ranges.
pub(super) fn shared(sides: [(&[u32], &[Range<usize>]); 2], window: usize) -> Vec<Run> {
    #[derive(Clone, Copy, Default)]
    struct Place {
        count: u8,
        at: usize,
        range: usize,
    }
    let size: usize = sides[0].1.iter().map(Range::len).sum();
    // A large text has anchors enough: one window in eight, chosen by its own words, finds the same runs.
    let keep = if size > 1 << 18 { 7 } else { 0 };
    let mut places: HashMap<u64, [Place; 2], BuildHasherDefault<Xxh3>> = HashMap::default();
    let drop = (0..window).fold(1u64, |power, _| power.wrapping_mul(BASE));
    for (side, (ids, ranges)) in sides.iter().enumerate() {
        for (index, range) in ranges
            .iter()
            .enumerate()
            .filter(|(_, range)| range.len() >= window)
        {
            let mut hash = 0u64;
            for at in range.clone() {
                hash = roll(hash, ids[at]);
                if at >= range.start + window {
                    hash = hash.wrapping_sub(mix(ids[at - window]).wrapping_mul(drop));
                }
                if at + 1 < range.start + window || (hash ^ (hash >> 32)) & keep != 0 {
                    continue;
                }
                let place = if side == 0 {
                    &mut places.entry(hash).or_default()[0]
                } else if let Some(both) = places.get_mut(&hash) {
                    &mut both[1]
                } else {
                    continue;
                };
                *place = Place {
                    count: place.count.saturating_add(1),
                    at: at + 1 - window,
                    range: index,
                };
            }
        }
    }
    let mut seeds: Vec<[Place; 2]> = places
        .into_values()
        .filter(|places| places.iter().all(|place| place.count == 1))
        .collect();
    seeds.sort_unstable_by_key(|[l, _]| l.at);
    let mut runs: Vec<Run> = Vec::new();
    for [l, r] in seeds {
        let inside = |run: &Run| l.at < run.left_end() && l.at + run.right == r.at + run.left;
        if runs.last().is_some_and(inside) {
            continue;
        }
        let seed = Run {
            left: l.at,
            right: r.at,
            len: window,
        };
        runs.extend(grow(
            sides[0].0,
            sides[1].0,
            seed,
            &(sides[0].1[l.range].clone(), sides[1].1[r.range].clone()),
        ));
    }
    runs
}

/// Paragraphs that occur once on each side, however short.
fn shared_frames(left: &Text, right: &Text, inside: &Gap) -> Vec<Run> {
    let mut places: HashMap<u64, [(u8, usize); 2], BuildHasherDefault<Xxh3>> = HashMap::default();
    for (side, (text, inside)) in [(left, &inside.0), (right, &inside.1)]
        .into_iter()
        .enumerate()
    {
        for (index, frame) in text.frames.iter().enumerate() {
            let tokens = &frame.tokens;
            if tokens.is_empty() || tokens.start < inside.start || tokens.end > inside.end {
                continue;
            }
            let place = places
                .entry(hash_of(&text.ids[tokens.clone()]))
                .or_default();
            place[side] = (place[side].0.saturating_add(1), index);
        }
    }
    let mut runs: Vec<Run> = places
        .into_values()
        .filter(|[l, r]| l.0 == 1 && r.0 == 1)
        .filter_map(|[l, r]| {
            let (l, r) = (&left.frames[l.1].tokens, &right.frames[r.1].tokens);
            let run = Run {
                left: l.start,
                right: r.start,
                len: l.len(),
            };
            // Windows have found the longer ones.
            (run.len < WINDOW && left.ids[l.clone()] == right.ids[r.clone()]).then_some(run)
        })
        .collect();
    runs.sort_unstable_by_key(|run| run.left);
    runs
}

/// Grows a run as far as the sides agree; nothing when they do not even agree on the run itself (equal hashes).
fn grow(left: &[u32], right: &[u32], seed: Run, inside: &Gap) -> Option<Run> {
    if left[seed.left..seed.left_end()] != right[seed.right..seed.right_end()] {
        return None;
    }
    let l = left[inside.0.start..seed.left].iter().rev();
    let back = l.zip(right[inside.1.start..seed.right].iter().rev());
    let back = back.take_while(|(l, r)| l == r).count();
    let l = left[seed.left_end()..inside.0.end].iter();
    let forth = l.zip(&right[seed.right_end()..inside.1.end]);
    let forth = forth.take_while(|(l, r)| l == r).count();
    let len = back + seed.len + forth;
    Some(Run {
        left: seed.left - back,
        right: seed.right - back,
        len,
    })
}

/// The heaviest of all chains of runs that ascend on both sides, overlaps cut off.
pub(super) fn chain(mut runs: Vec<Run>) -> Vec<Run> {
    runs.sort_unstable_by_key(|run| (run.left, std::cmp::Reverse(run.right), run.len));
    let mut rights: Vec<usize> = runs.iter().map(|run| run.right).collect();
    rights.sort_unstable();
    rights.dedup();
    // A Fenwick tree over the right ends: the best chain that ends below a given place.
    let mut best: Vec<(usize, usize)> = vec![(0, usize::MAX); rights.len() + 1];
    let mut before = vec![usize::MAX; runs.len()];
    let mut top = (0, usize::MAX);
    for (index, run) in runs.iter().enumerate() {
        let rank = rights.partition_point(|&right| right < run.right);
        let mut under = (0, usize::MAX);
        let mut at = rank;
        while at > 0 {
            if best[at].0 > under.0 {
                under = best[at];
            }
            at &= at - 1;
        }
        before[index] = under.1;
        let here = (under.0 + run.len, index);
        let mut at = rank + 1;
        while at < best.len() {
            if here.0 > best[at].0 {
                best[at] = here;
            }
            at += at & at.wrapping_neg();
        }
        if here.0 > top.0 {
            top = here;
        }
    }
    let mut chain = Vec::new();
    let mut at = top.1;
    while let Some(&run) = runs.get(at) {
        chain.push(run);
        at = before[at];
    }
    chain.reverse();
    let (mut left, mut right) = (0, 0);
    for run in &mut chain {
        let cut = left.max(run.left) - run.left;
        let cut = cut.max(right.max(run.right) - run.right).min(run.len);
        *run = Run {
            left: run.left + cut,
            right: run.right + cut,
            len: run.len - cut,
        };
        if run.len > 0 {
            (left, right) = (run.left_end(), run.right_end());
        }
    }
    chain.retain(|run| run.len > 0);
    chain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(left: usize, right: usize, len: usize) -> Run {
        Run { left, right, len }
    }

    #[test]
    fn the_heaviest_chain_stays_in_place() {
        for (runs, expected) in [
            (vec![run(0, 10, 5), run(5, 0, 10)], vec![run(5, 0, 10)]),
            (
                vec![run(0, 0, 3), run(3, 9, 1), run(4, 3, 6)],
                vec![run(0, 0, 3), run(4, 3, 6)],
            ),
            (
                vec![run(0, 0, 6), run(4, 8, 6)],
                vec![run(0, 0, 6), run(6, 10, 4)],
            ),
            (vec![], vec![]),
        ] {
            assert_eq!(chain(runs), expected);
        }
    }

    #[test]
    fn windows_find_what_occurs_once() {
        let l = [1, 2, 3, 4, 5, 9, 9, 9];
        let r = [7, 9, 9, 9, 1, 2, 3, 4, 5];
        let found = shared(
            [
                (&l, std::slice::from_ref(&(0..8))),
                (&r, std::slice::from_ref(&(0..9))),
            ],
            3,
        );
        assert_eq!(found, [run(0, 4, 5), run(5, 1, 3)]);
    }
}
