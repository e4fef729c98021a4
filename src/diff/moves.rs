//! Text that stands elsewhere on the other side.
//!
//! Candidates are what the alignment left unmatched: stretches that occur once on each side, and whole sentences and
//! paragraphs, however short, that occur equally often. Paragraphs come first, then the heaviest. Each grows word by
//! word inside its paragraph on both sides, so a paragraph that was moved *and* edited is one move with its edits
//! marked. A paragraph that stands on one side once more than on the other leaves no unmatched counterpart, so it is
//! added, not moved.
//!
//! What could stay where it is without crossing other text is no move; it goes back into the alignment.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasherDefault;
use std::ops::Range;

use super::align::{units, words};
use super::anchor::{chain, hash_of, shared};
use super::cleanup::{Both, islands};
use super::frame::{Border, Text};
use super::intern::Xxh3;
use super::myers::Budget;
use super::run::{Gap, Run, gaps, join};
use super::weigh::WORD;

/// Tokens of a stretch that may turn out to be moved.
const WINDOW: usize = 4;

/// Finds moves among the words that `runs` leaves out. Adds to `runs` what is equal after all; returns for each move
/// its runs.
pub(super) fn find(both: &Both, runs: &mut Vec<Run>, budget: &mut Budget) -> Vec<Vec<Run>> {
    let open: Vec<Gap> = gaps(runs, &both.all()).collect();
    let left: Vec<Range<usize>> = open.iter().map(|gap| gap.0.clone()).collect();
    let right: Vec<Range<usize>> = open.iter().map(|gap| gap.1.clone()).collect();
    if left.iter().all(Range::is_empty) || right.iter().all(Range::is_empty) {
        return Vec::new();
    }
    let mut free = Free {
        left: mask(both.left, &left),
        right: mask(both.right, &right),
    };
    let weigh = |run: &Run| both.weights[0].of(&(run.left..run.left_end()));
    let heaviest = |run: &Run| (Reverse(weigh(run)), run.left, run.right);
    let mut candidates = wholes(both, &left, &right, Border::Paragraph);
    candidates.sort_by_key(heaviest);
    let mut parts = shared([(&both.left.ids, &left), (&both.right.ids, &right)], WINDOW);
    parts.extend(wholes(both, &left, &right, Border::Sentence));
    parts.sort_by_key(heaviest);
    candidates.extend(parts);

    let mut moves = Vec::new();
    let mut back = Vec::new();
    for candidate in candidates {
        if budget.is_called_off() {
            break;
        }
        let Some(seed) = free.longest(candidate) else {
            continue;
        };
        let grown = grow(both, &free, seed, budget);
        if !is_telling(both, &grown) {
            continue;
        }
        for run in &grown {
            free.take(run);
        }
        let in_place = |run: &Run| {
            runs.partition_point(|before| before.left_end() <= run.left)
                == runs.partition_point(|before| before.right_end() <= run.right)
        };
        if grown.iter().all(in_place) {
            back.push(grown);
        } else {
            moves.push(grown);
        }
    }
    settle(runs, back, &mut moves);
    leftovers(both, &free, budget, runs);
    moves.sort_by_key(|runs| runs[0].left);
    moves
}

/// Of what lies in the same gap on both sides, the heaviest chain stays; the rest are moves.
fn settle(runs: &mut Vec<Run>, back: Vec<Vec<Run>>, moves: &mut Vec<Vec<Run>>) {
    if back.is_empty() {
        return;
    }
    let stay = chain(back.iter().flatten().copied().collect());
    for mut grown in back {
        grown.retain(|run| {
            stay.binary_search_by_key(&run.left, |stays| stays.left)
                .is_err()
        });
        if !grown.is_empty() {
            moves.push(grown);
        }
    }
    runs.extend(stay);
    runs.sort_unstable_by_key(|run| run.left);
    join(runs);
}

/// Aligns once more what is left between the same neighbours where moved text is gone: it stood in the way.
fn leftovers(both: &Both, free: &Free, budget: &mut Budget, runs: &mut Vec<Run>) {
    let mut found = Vec::new();
    for gap in gaps(runs, &both.all()).filter(|gap| !gap.0.is_empty() && !gap.1.is_empty()) {
        let rest = |range: &Range<usize>, free: &[bool]| {
            let start = range.clone().find(|&token| free[token])?;
            let end = range.clone().rfind(|&token| free[token])? + 1;
            free[start..end]
                .iter()
                .all(|&free| free)
                .then_some(start..end)
        };
        let (l, r) = (rest(&gap.0, &free.left), rest(&gap.1, &free.right));
        let (Some(l), Some(r)) = (l, r) else {
            continue;
        };
        let rest = (l, r);
        if rest != gap {
            let mut again = Vec::new();
            words(both.left, both.right, &rest, budget, &mut again);
            join(&mut again);
            found.extend(islands(both, &again, &rest));
        }
    }
    if !found.is_empty() {
        runs.extend(found);
        runs.sort_unstable_by_key(|run| run.left);
        join(runs);
    }
}

/// Which tokens are still unmatched.
struct Free {
    left: Vec<bool>,
    right: Vec<bool>,
}

impl Free {
    fn take(&mut self, run: &Run) {
        self.left[run.left..run.left_end()].fill(false);
        self.right[run.right..run.right_end()].fill(false);
    }

    /// The longest part of the run that is free on both sides.
    fn longest(&self, run: Run) -> Option<Run> {
        let (mut best, mut from) = (0..0, 0);
        for step in 0..=run.len {
            if step < run.len && self.left[run.left + step] && self.right[run.right + step] {
                continue;
            }
            if step - from > best.len() {
                best = from..step;
            }
            from = step + 1;
        }
        let (left, right) = (run.left + best.start, run.right + best.start);
        (!best.is_empty()).then_some(Run {
            left,
            right,
            len: best.len(),
        })
    }
}

fn mask(text: &Text, open: &[Range<usize>]) -> Vec<bool> {
    let mut free = vec![false; text.tokens.len()];
    for range in open {
        free[range.clone()].fill(true);
    }
    free
}

/// Sentences or paragraphs that occur equally often among the open ones of both sides, paired in order.
fn wholes(both: &Both, left: &[Range<usize>], right: &[Range<usize>], border: Border) -> Vec<Run> {
    let mut places: HashMap<u64, [Vec<Range<usize>>; 2], BuildHasherDefault<Xxh3>> =
        HashMap::default();
    for (side, (text, open)) in [(both.left, left), (both.right, right)]
        .into_iter()
        .enumerate()
    {
        for range in open.iter().filter(|range| !range.is_empty()) {
            for unit in units(text, range, border) {
                if text.border[unit.start] >= border && text.border[unit.end] >= border {
                    let hash = hash_of(&text.ids[unit.clone()]);
                    places.entry(hash).or_default()[side].push(unit);
                }
            }
        }
    }
    let mut runs = Vec::new();
    for [l, r] in places.into_values().filter(|[l, r]| l.len() == r.len()) {
        let pairs = l.into_iter().zip(r);
        let same = pairs.filter(|(l, r)| both.left.ids[l.clone()] == both.right.ids[r.clone()]);
        runs.extend(same.map(|(l, r)| Run {
            left: l.start,
            right: r.start,
            len: l.len(),
        }));
    }
    runs
}

/// Tokens in front of a stretch and behind it that may belong to its move: more than a long paragraph has.
const ROOM: usize = 256;

/// Aligns what is free round the seed in its paragraph on both sides.
fn grow(both: &Both, free: &Free, seed: Run, budget: &mut Budget) -> Vec<Run> {
    let room = |text: &Text, free: &[bool], tokens: Range<usize>| {
        let frame = |token: usize| text.frames[text.frame_of[token] as usize].tokens.clone();
        let (first, last) = (frame(tokens.start), frame(tokens.end - 1));
        let is_free = |&token: &usize| free[token];
        let back = (first.start..tokens.start)
            .rev()
            .take(ROOM)
            .take_while(is_free)
            .count();
        let forth = (tokens.end..last.end)
            .take(ROOM)
            .take_while(is_free)
            .count();
        tokens.start - back..tokens.end + forth
    };
    let left = room(both.left, &free.left, seed.left..seed.left_end());
    let right = room(both.right, &free.right, seed.right..seed.right_end());
    let head = (left.start..seed.left, right.start..seed.right);
    let tail = (seed.left_end()..left.end, seed.right_end()..right.end);
    let mut runs = Vec::new();
    if resembles(both, &head) {
        words(both.left, both.right, &head, budget, &mut runs);
    }
    runs.push(seed);
    if resembles(both, &tail) {
        words(both.left, both.right, &tail, budget, &mut runs);
    }
    join(&mut runs);
    islands(both, &runs, &(left, right))
}

/// Says whether the sides share a third of their words, so that aligning them is worth the work.
fn resembles(both: &Both, gap: &Gap) -> bool {
    let (l, r) = (
        &both.left.ids[gap.0.clone()],
        &both.right.ids[gap.1.clone()],
    );
    let (few, many) = if l.len() < r.len() { (l, r) } else { (r, l) };
    let known: HashSet<u32, BuildHasherDefault<Xxh3>> = many.iter().copied().collect();
    few.iter().filter(|id| known.contains(id)).count() * 3 >= few.len()
}

/// Says whether it is more than a chance meeting: a whole paragraph or sentence, most of one on either side, or many
/// words.
fn is_telling(both: &Both, runs: &[Run]) -> bool {
    let (Some(first), Some(last)) = (runs.first(), runs.last()) else {
        return false;
    };
    let weight: u64 = runs
        .iter()
        .map(|run| both.weights[0].of(&(run.left..run.left_end())))
        .sum();
    let left = both.left.sentences(&(first.left..last.left_end()));
    let right = both.right.sentences(&(first.right..last.right_end()));
    let (l, r) = (both.weights[0].of(&left), both.weights[1].of(&right));
    let paragraph = both
        .border(left.start, right.start)
        .min(both.border(left.end, right.end))
        == Border::Paragraph;
    if weight == l.max(r) {
        weight
            >= if paragraph {
                WORD * 4 / 10
            } else {
                WORD * 15 / 10
            }
    } else if weight * 10 >= l.min(r) * 6 {
        weight >= WORD * 3
    } else {
        weight >= WORD * 6
    }
}
