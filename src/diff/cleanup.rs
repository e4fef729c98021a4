//! Semantic clean-up: an alignment of words becomes one that a reader would have drawn.
//!
//! A shortest edit script pairs whatever it can: rewritten text comes out as confetti of "the", "of" and commas.
//! [`islands`] decides stretch by stretch between two readings. *Revised*: every changed word costs its weight.
//! *Replaced*: changed words are free, but equal words in the stretch are lost, and it costs something to begin and to
//! end, less at the border of a sentence or paragraph. The cheapest way through (Viterbi, two states) is linear and
//! needs no threshold on a single island. [`links`] does the same for whole paragraphs that hang together by a word.
//! [`slide`] then shifts insertions and deletions to the strongest border.
//!
//! Rejected: the rule of diff-match-patch (drop an equality shorter than the changes round it). On words it drops
//! sound islands in edited text and keeps chance ones in rewritten text.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use super::frame::{Border, Text};
use super::intern::Xxh3;
use super::run::{Gap, Run, gaps, join};
use super::weigh::{WORD, Weights};

/// Both sides and their weights.
pub(super) struct Both<'t, 'a> {
    pub left: &'t Text<'a>,
    pub right: &'t Text<'a>,
    pub weights: &'t [Weights; 2],
}

impl Both<'_, '_> {
    /// How strong the border is on both sides.
    pub fn border(&self, left: usize, right: usize) -> Border {
        self.left.border[left].min(self.right.border[right])
    }

    /// What it costs to begin or end a replaced stretch here.
    fn turn(&self, left: usize, right: usize) -> u64 {
        match self.border(left, right) {
            Border::Paragraph => WORD,
            Border::Sentence => WORD * 14 / 10,
            Border::Clause => WORD * 18 / 10,
            Border::Word | Border::None => WORD * 22 / 10,
        }
    }

    /// What the changed words of a gap cost as a revision. Text that was only added or only removed speaks less
    /// against its surroundings: there they touch on the other side.
    fn revised(&self, gap: &Gap) -> u64 {
        let (l, r) = (self.weights[0].of(&gap.0), self.weights[1].of(&gap.1));
        if l.min(r) == 0 {
            l.max(r) / 4
        } else {
            l.midpoint(r)
        }
    }

    /// All tokens of both sides.
    pub fn all(&self) -> Gap {
        (0..self.left.tokens.len(), 0..self.right.tokens.len())
    }
}

/// Drops the runs of `all` that stand in replaced text.
pub(super) fn islands(both: &Both, runs: &[Run], all: &Gap) -> Vec<Run> {
    let pieces = sentences(both, runs);
    let Some(last) = pieces.last() else {
        return pieces;
    };
    let mut keep_from = Vec::with_capacity(pieces.len());
    // The cheapest readings up to here, the last piece kept or lost, and where each came from.
    let (mut kept, mut lost) = (0, both.turn(all.0.start, all.1.start));
    let mut after = (all.0.start, all.1.start);
    let spaces: Vec<Gap> = gaps(&pieces, all).collect();
    for (index, piece) in pieces.iter().enumerate() {
        let (out, back) = (
            both.turn(after.0, after.1),
            both.turn(piece.left, piece.right),
        );
        let gap = &spaces[index];
        let alone = !touches(gap) && !touches(&spaces[index + 1]);
        let mut worth = both.weights[0].of(&(piece.left..piece.left_end()));
        if alone && !whole(both, piece) {
            worth = worth.saturating_sub(WORD * 3 / 10);
        }
        let across = both.revised(gap).min(out + back);
        let (from_kept, from_lost) = (kept + across, lost + back);
        let (lose_kept, lose_lost) = (kept + out + worth, lost + worth);
        keep_from.push([from_kept <= from_lost, lose_kept < lose_lost]);
        (kept, lost) = (from_kept.min(from_lost), lose_kept.min(lose_lost));
        after = (piece.left_end(), piece.right_end());
    }
    let end = both.turn(all.0.end, all.1.end);
    let rest = &spaces[pieces.len()];
    let out = both.turn(last.left_end(), last.right_end());
    kept += both.revised(rest).min(out + end);
    lost += end;
    let mut keeps = kept <= lost;
    let mut out = Vec::with_capacity(pieces.len());
    for (piece, from) in pieces.iter().zip(&keep_from).rev() {
        if keeps {
            out.push(*piece);
        }
        keeps = from[usize::from(!keeps)];
    }
    out.reverse();
    join(&mut out);
    out
}

fn touches(gap: &Gap) -> bool {
    gap.0.is_empty() && gap.1.is_empty()
}

/// Says whether the piece is a whole sentence or paragraph on both sides.
fn whole(both: &Both, piece: &Run) -> bool {
    both.border(piece.left, piece.right) >= Border::Sentence
        && both.border(piece.left_end(), piece.right_end()) >= Border::Sentence
}

/// Cuts runs where a sentence or paragraph begins on either side.
fn sentences(both: &Both, runs: &[Run]) -> Vec<Run> {
    cut(runs, |left, right| {
        both.left.border[left].max(both.right.border[right]) >= Border::Sentence
    })
}

/// Says where another paragraph begins on either side; for [`cut`].
pub(super) fn frames_change(left: &Text, right: &Text) -> impl Fn(usize, usize) -> bool {
    move |l, r| {
        left.frame_of[l] != left.frame_of[l - 1] || right.frame_of[r] != right.frame_of[r - 1]
    }
}

/// Cuts runs where `at` says so.
pub(super) fn cut(runs: &[Run], at: impl Fn(usize, usize) -> bool) -> Vec<Run> {
    let mut out = Vec::with_capacity(runs.len());
    for run in runs {
        let mut from = 0;
        for step in 1..=run.len {
            if step == run.len || at(run.left + step, run.right + step) {
                let (left, right) = (run.left + from, run.right + from);
                out.push(Run {
                    left,
                    right,
                    len: step - from,
                });
                from = step;
            }
        }
    }
    out
}

/// Drops what links two paragraphs that do not belong together: less than a quarter of what would be left unmatched in
/// either of them without it, or anything when one of them stands elsewhere as a whole.
pub(super) fn links(both: &Both, runs: &[Run]) -> Vec<Run> {
    let frames = |run: &Run| {
        (
            both.left.frame_of[run.left] as usize,
            both.right.frame_of[run.right] as usize,
        )
    };
    let pieces = cut(runs, frames_change(both.left, both.right));
    let weigh = |side: usize, at: usize, len: usize| both.weights[side].of(&(at..at + len));
    let mut open = [0, 1].map(|side| -> Vec<u64> {
        let text = if side == 0 { both.left } else { both.right };
        text.frames
            .iter()
            .map(|frame| both.weights[side].of(&frame.tokens))
            .collect()
    });
    for piece in &pieces {
        let (l, r) = frames(piece);
        open[0][l] -= weigh(0, piece.left, piece.len);
        open[1][r] -= weigh(1, piece.right, piece.len);
    }
    let elsewhere = elsewhere(both, &open);
    let mut out = Vec::with_capacity(pieces.len());
    for group in pieces.chunk_by(|one, other| frames(one) == frames(other)) {
        let (l, r) = frames(&group[0]);
        let link: u64 = group
            .iter()
            .map(|piece| weigh(0, piece.left, piece.len))
            .sum();
        if link * 3 >= open[0][l].min(open[1][r]) && !elsewhere[0][l] && !elsewhere[1][r] {
            out.extend(group);
        }
    }
    join(&mut out);
    out
}

/// Marks paragraphs with unmatched words that the other side holds equally often, with unmatched words too.
fn elsewhere(both: &Both, open: &[Vec<u64>; 2]) -> [Vec<bool>; 2] {
    let mut twins: HashMap<&[u32], [Vec<usize>; 2], BuildHasherDefault<Xxh3>> = HashMap::default();
    for (side, text) in [both.left, both.right].into_iter().enumerate() {
        for (index, frame) in text
            .frames
            .iter()
            .enumerate()
            .filter(|&(at, _)| open[side][at] > 0)
        {
            twins.entry(&text.ids[frame.tokens.clone()]).or_default()[side].push(index);
        }
    }
    let mut out = [
        vec![false; both.left.frames.len()],
        vec![false; both.right.frames.len()],
    ];
    for [left, right] in twins
        .into_values()
        .filter(|[left, right]| left.len() == right.len())
    {
        left.into_iter().for_each(|frame| out[0][frame] = true);
        right.into_iter().for_each(|frame| out[1][frame] = true);
    }
    out
}

/// Shifts insertions and deletions, which often fit in several places, to the strongest border; joins those that meet.
pub(super) fn slide(both: &Both, runs: &mut Vec<Run>) {
    for index in 1..runs.len() {
        let (before, next) = (runs[index - 1], runs[index]);
        let gap = (before.left_end()..next.left, before.right_end()..next.right);
        let (text, gap) = match (gap.0.is_empty(), gap.1.is_empty()) {
            (true, false) => (both.right, gap.1),
            (false, true) => (both.left, gap.0),
            _ => continue,
        };
        let ids = &text.ids;
        let back = (0..before.len)
            .take_while(|step| ids[gap.start - 1 - step] == ids[gap.end - 1 - step])
            .count();
        let forth = (0..next.len)
            .take_while(|step| ids[gap.start + step] == ids[gap.end + step])
            .count();
        let places = gap.start - back..=gap.start + forth;
        // The first and the last place may join the neighbouring gap; then there is one difference less.
        let joins = |at: usize| {
            (at + before.len == gap.start && index > 1)
                || (at == gap.start + next.len && index + 1 < runs.len())
        };
        let rank = |at: usize| {
            let (start, end) = (text.border[at], text.border[at + gap.len()]);
            (joins(at), start.min(end), start.max(end), at == gap.start)
        };
        let best = places.max_by_key(|&at| rank(at)).unwrap_or(gap.start);
        let (before, next) = (&mut runs[index - 1], best as isize - gap.start as isize);
        before.len = before.len.saturating_add_signed(next);
        let run = &mut runs[index];
        run.left = run.left.saturating_add_signed(next);
        run.right = run.right.saturating_add_signed(next);
        run.len = run.len.saturating_add_signed(-next);
    }
    join(runs);
}
