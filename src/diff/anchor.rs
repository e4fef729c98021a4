//! What certainly belongs together: stretches that occur once on each side.
//!
//! Windows of a few words are hashed; those that occur once on either side are grown as far as the sides agree. Hashes
//! only propose: every stretch is compared word by word. [`chain`] picks what can stay in place.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::ops::Range;

use super::frame::Text;
use super::intern::Xxh3;
use super::run::{Gap, Run};

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

/// Stretches that occur once in the given ranges of each side, grown as far as the sides agree inside the ranges.
pub(super) fn shared(sides: [(&[u32], &[Range<usize>]); 2], window: usize) -> Vec<Run> {
    let size: usize = sides[0].1.iter().map(Range::len).sum();
    // A large text has anchors enough: one window in eight, chosen by its own words, finds the same runs.
    let keep = if size > 1 << 16 { 7 } else { 0 };
    let mut places: HashMap<u64, [Seen; 2], BuildHasherDefault<Xxh3>> = HashMap::default();
    let drop = (0..window).fold(1u64, |power, _| power.wrapping_mul(BASE));
    for (side, (ids, ranges)) in sides.iter().enumerate() {
        for range in ranges.iter().filter(|range| range.len() >= window) {
            let mut hash = 0u64;
            for at in range.clone() {
                hash = roll(hash, ids[at]);
                if at >= range.start + window {
                    hash = hash.wrapping_sub(mix(ids[at - window]).wrapping_mul(drop));
                }
                if at + 1 < range.start + window || (hash ^ (hash >> 32)) & keep != 0 {
                    continue;
                }
                let seen = if side == 0 {
                    &mut places.entry(hash).or_default()[0]
                } else if let Some(both) = places.get_mut(&hash) {
                    &mut both[1]
                } else {
                    continue;
                };
                seen.again(at + 1 - window);
            }
        }
    }
    let mut seeds: Vec<(usize, usize)> = places
        .into_values()
        .filter_map(|[l, r]| Some((l.once()?, r.once()?)))
        .collect();
    seeds.sort_unstable();
    let range_of = |side: usize, at: usize| {
        let ranges = sides[side].1;
        ranges[ranges.partition_point(|range| range.end <= at)].clone()
    };
    let mut runs: Vec<Run> = Vec::new();
    for (left, right) in seeds {
        let inside = |run: &Run| left < run.left_end() && left + run.right == right + run.left;
        if runs.last().is_some_and(inside) {
            continue;
        }
        let seed = Run {
            left,
            right,
            len: window,
        };
        let inside = (range_of(0, left), range_of(1, right));
        runs.extend(grow(sides[0].0, sides[1].0, seed, &inside));
    }
    runs
}

/// Where something stands on one side, in few bytes: there is one for each stretch of a text.
#[derive(Clone, Copy, Default)]
enum Seen {
    #[default]
    Never,
    Once(u32),
    Often,
}

impl Seen {
    /// Notes that it stands here. Places that `u32` cannot tell are no anchors.
    fn again(&mut self, at: usize) {
        *self = match (*self, u32::try_from(at)) {
            (Self::Never, Ok(at)) => Self::Once(at),
            _ => Self::Often,
        };
    }

    /// The place, if it is the only one.
    fn once(self) -> Option<usize> {
        match self {
            Self::Once(at) => Some(at as usize),
            Self::Never | Self::Often => None,
        }
    }
}

/// Paragraphs of less than so many tokens that occur once on each side; windows find the longer ones.
pub(super) fn shared_frames(left: &Text, right: &Text, inside: &Gap, shorter: usize) -> Vec<Run> {
    let mut places: HashMap<u64, [Seen; 2], BuildHasherDefault<Xxh3>> = HashMap::default();
    for (side, (text, inside)) in [(left, &inside.0), (right, &inside.1)]
        .into_iter()
        .enumerate()
    {
        for (index, frame) in text.frames.iter().enumerate() {
            let tokens = &frame.tokens;
            let out = tokens.start < inside.start || tokens.end > inside.end;
            if out || tokens.is_empty() || tokens.len() >= shorter {
                continue;
            }
            let hash = hash_of(&text.ids[tokens.clone()]);
            places.entry(hash).or_default()[side].again(index);
        }
    }
    let frames = |[l, r]: [Seen; 2]| Some((&left.frames[l.once()?], &right.frames[r.once()?]));
    let mut runs: Vec<Run> = places
        .into_values()
        .filter_map(frames)
        .map(|(l, r)| (&l.tokens, &r.tokens))
        .filter(|(l, r)| left.ids[(*l).clone()] == right.ids[(*r).clone()])
        .map(|(l, r)| Run {
            left: l.start,
            right: r.start,
            len: l.len(),
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
    runs.sort_unstable_by_key(|run| (run.left, Reverse(run.right), run.len));
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
