//! From aligned words to rows: what stands next to what on the screen.
//!
//! Paragraphs that share words in place are one row, with everything between them: a split, a merge and a sentence
//! broken in the middle need no mark. The other paragraphs are rows of one side: only there, or one end of a move.
//! Deleted and inserted paragraphs that have nothing in common are never laid side by side.

use std::num::NonZeroU32;
use std::ops::Range;

use super::classify;
use super::cleanup::{cut, frames_change};
use super::frame::{Frame, Text};
use super::role::is_space;
use super::run::Run;
use super::token::Kind;
use super::weigh::Weights;
use super::{Cell, Class, Classes, Op, Row, Span, SpanKind};
use crate::model::BlockKind;

/// What became of the words of both sides.
pub(super) struct Aligned<'t, 'a> {
    pub left: &'t Text<'a>,
    pub right: &'t Text<'a>,
    pub marks: [Vec<Mark>; 2],
}

/// What became of one word. Eight bytes: there is one for each word of both texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// The pair of spans that it belongs to, from 1; 0 for a word without a counterpart.
    pair: u32,
    /// The number of the move that it belongs to, from 1, times two; one more where typography differs.
    state: u32,
}

/// Whether and how a word has a counterpart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Changed,
    Equal,
    Typo,
}

impl Mark {
    const CHANGED: Self = Self { pair: 0, state: 0 };

    fn new(typo: bool, pair: u32, moved: u32) -> Self {
        let state = moved << 1 | u32::from(typo);
        Self { pair, state }
    }

    /// Whether and how it has a counterpart.
    pub fn fate(self) -> Fate {
        match (self.pair, self.state & 1) {
            (0, _) => Fate::Changed,
            (_, 0) => Fate::Equal,
            _ => Fate::Typo,
        }
    }

    /// The move that it belongs to; 0 for none.
    pub fn moved(self) -> u32 {
        self.state >> 1
    }

    /// Says whether it stands in the same place on the other side.
    pub fn in_place(self) -> bool {
        self.pair != 0 && self.moved() == 0
    }

    /// The span of words with this mark.
    fn span(self, range: Range<usize>) -> Span {
        let kind = match self.fate() {
            Fate::Changed => SpanKind::Changed,
            Fate::Typo => SpanKind::Typo,
            Fate::Equal if self.moved() > 0 => SpanKind::Moved,
            Fate::Equal => SpanKind::Equal,
        };
        Span {
            range,
            kind,
            class: None,
            pair: NonZeroU32::new(self.pair),
            moved: NonZeroU32::new(self.moved()),
        }
    }
}

impl<'t, 'a> Aligned<'t, 'a> {
    /// Numbers the pairs: stretches of the same kind that cross no paragraph border on either side.
    pub fn new(left: &'t Text<'a>, right: &'t Text<'a>, runs: &[Run], moves: &[Vec<Run>]) -> Self {
        let mut marks = [left, right].map(|text| vec![Mark::CHANGED; text.tokens.len()]);
        let moved = moves
            .iter()
            .zip(1..)
            .flat_map(|(runs, number)| runs.iter().map(move |run| (run, number)));
        let mut pair = 0u32;
        for (run, moved) in runs.iter().map(|run| (run, 0)).chain(moved) {
            for piece in cut(std::slice::from_ref(run), frames_change(left, right)) {
                let (l, r) = (piece.left..piece.left_end(), piece.right..piece.right_end());
                if left.bytes(&l) == right.bytes(&r) {
                    pair += 1;
                    let mark = Mark::new(false, pair, moved);
                    marks[0][l].fill(mark);
                    marks[1][r].fill(mark);
                    continue;
                }
                // Equal words go on in one pair; each one that differs in typography has its own.
                let mut goes_on = false;
                for (l, r) in l.zip(r) {
                    let same = left.word(l) == right.word(r);
                    if !(goes_on && same) {
                        pair += 1;
                    }
                    goes_on = same;
                    let mark = Mark::new(!same, pair, moved);
                    marks[0][l] = mark;
                    marks[1][r] = mark;
                }
            }
        }
        Self { left, right, marks }
    }

    /// The mark of all these tokens when they are in one pair, which is a stretch without holes.
    fn one_pair(&self, side: usize, tokens: &Range<usize>) -> Option<Mark> {
        let marks = &self.marks[side][tokens.clone()];
        let (first, last) = (marks.first()?, marks.last()?);
        (first == last && first.fate() != Fate::Changed).then_some(*first)
    }

    fn side(&self, side: usize) -> &'t Text<'a> {
        if side == 0 { self.left } else { self.right }
    }
}

/// Lays out the rows.
pub(super) fn rows(aligned: &Aligned, runs: &[Run], weights: &[Weights; 2]) -> Vec<Row> {
    let (left, right) = (&aligned.left.frames, &aligned.right.frames);
    let mut rows = Vec::new();
    let mut at = (0, 0);
    for (l, r) in components(aligned, runs) {
        rows.extend((at.0..l.start).map(|frame| alone(aligned, weights, 0, frame)));
        rows.extend((at.1..r.start).map(|frame| alone(aligned, weights, 1, frame)));
        at = (l.end, r.end);
        rows.push(linked(aligned, l, r));
    }
    if aligned.left.tokens.is_empty()
        && aligned.right.tokens.is_empty()
        && !left.is_empty()
        && !right.is_empty()
    {
        rows.push(linked(aligned, 0..1, 0..1));
        return rows;
    }
    rows.extend((at.0..left.len()).map(|frame| alone(aligned, weights, 0, frame)));
    rows.extend((at.1..right.len()).map(|frame| alone(aligned, weights, 1, frame)));
    rows
}

/// Frames that hang together by words in place: ranges of frames, in order.
fn components(aligned: &Aligned, runs: &[Run]) -> Vec<(Range<usize>, Range<usize>)> {
    let mut out: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    let (left, right) = (&aligned.left.frame_of, &aligned.right.frame_of);
    for run in runs {
        let mut step = 0;
        while step < run.len {
            let (l, r) = (
                left[run.left + step] as usize,
                right[run.right + step] as usize,
            );
            match out.last_mut() {
                Some((ls, rs)) if l < ls.end || r < rs.end => {
                    ls.end = ls.end.max(l + 1);
                    rs.end = rs.end.max(r + 1);
                }
                _ => out.push((l..l + 1, r..r + 1)),
            }
            // To the next border on either side.
            let l_left = aligned.left.frames[l].tokens.end - (run.left + step);
            let r_left = aligned.right.frames[r].tokens.end - (run.right + step);
            step += l_left.min(r_left);
        }
    }
    out
}

/// A row of one side.
fn alone(aligned: &Aligned, weights: &[Weights; 2], side: usize, frame: usize) -> Row {
    let text = aligned.side(side);
    let Frame { tokens, kind, .. } = &text.frames[frame];
    let visible = tokens
        .clone()
        .any(|token| text.tokens[token].kind != Kind::Invisible);
    let moved: u64 = tokens
        .clone()
        .filter(|&token| aligned.marks[side][token].moved() > 0)
        .map(|token| weights[side].of(&(token..token + 1)))
        .sum();
    let op = if tokens.is_empty() {
        Op::Reflow
    } else if !visible {
        Op::Typo
    } else if moved > 0 && moved * 2 >= weights[side].of(tokens) {
        Op::Moved
    } else if side == 0 {
        Op::Delete
    } else {
        Op::Insert
    };
    let cell = Some(cell(aligned, side, frame..frame + 1));
    let mut row = Row {
        op,
        kind: *kind,
        classes: Classes::NONE,
        left: None,
        right: None,
    };
    let mut sides = [0..0, 0..0];
    sides[side] = tokens.clone();
    if side == 0 {
        row.left = cell;
    } else {
        row.right = cell;
    }
    classify::row(aligned, &mut row, sides);
    row
}

/// A row of both sides.
fn linked(aligned: &Aligned, left: Range<usize>, right: Range<usize>) -> Row {
    let tokens = [(aligned.left, &left), (aligned.right, &right)].map(|(text, frames)| {
        text.frames[frames.start].tokens.start..text.frames[frames.end - 1].tokens.end
    });
    let (mut differs, mut typo) = (false, false);
    for (side, tokens) in tokens.iter().enumerate() {
        let text = aligned.side(side);
        let whole = aligned.one_pair(side, tokens);
        if whole.is_some_and(|mark| mark.fate() == Fate::Equal && mark.in_place()) {
            continue;
        }
        for token in tokens.clone() {
            let mark = aligned.marks[side][token];
            let visible = text.tokens[token].kind != Kind::Invisible;
            differs |= !mark.in_place() && visible;
            typo |= mark.fate() == Fate::Typo || !mark.in_place();
        }
    }
    let cells = [
        cell(aligned, 0, left.clone()),
        cell(aligned, 1, right.clone()),
    ];
    let bytes = |side: usize| {
        let trim = |c: char| c.is_ascii_whitespace() || c == '\u{0B}';
        aligned.side(side).text[cells[side].range.clone()].trim_matches(trim)
    };
    let op = if differs {
        Op::Replace
    } else if typo {
        Op::Typo
    } else if bytes(0) == bytes(1) {
        Op::Equal
    } else {
        Op::Reflow
    };
    let kind = kind(
        &aligned.left.frames[left.clone()],
        &aligned.right.frames[right.clone()],
    );
    let [l, r] = cells;
    let mut row = Row {
        op,
        kind,
        classes: Classes::NONE,
        left: Some(l),
        right: Some(r),
    };
    classify::row(aligned, &mut row, tokens);
    if op != Op::Equal && left.len() != right.len() {
        row.classes.insert(Class::Reflow);
    }
    row
}

/// What a row is: metadata when one side is nothing else, or what its first paragraph is.
fn kind(left: &[Frame], right: &[Frame]) -> Option<BlockKind> {
    let metadata = |frames: &[Frame]| {
        let all = frames
            .iter()
            .all(|frame| frame.kind.is_some_and(BlockKind::is_metadata));
        frames[0].kind.filter(|_| all)
    };
    metadata(left)
        .or_else(|| metadata(right))
        .or_else(|| left.iter().chain(right).find_map(|frame| frame.kind))
}

/// Cuts the bytes of frames into spans.
fn cell(aligned: &Aligned, side: usize, frames: Range<usize>) -> Cell {
    let text = aligned.side(side);
    let range = text.frames[frames.start].bytes.start..text.frames[frames.end - 1].bytes.end;
    let mut spans: Vec<Span> = Vec::new();
    let mut at = range.start;
    for frame in &text.frames[frames] {
        let mut before = None;
        if let Some(mark) = aligned.one_pair(side, &frame.tokens) {
            let [first, last] =
                [frame.tokens.start, frame.tokens.end - 1].map(|token| text.tokens[token]);
            space(&mut spans, at..first.start);
            spans.push(mark.span(first.start..last.end()));
            at = last.end();
            continue;
        }
        for token in frame.tokens.clone() {
            let (mark, bytes) = (aligned.marks[side][token], text.tokens[token].range());
            if let Some(span) = spans.last_mut().filter(|_| before == Some(mark)) {
                span.range.end = bytes.end;
            } else {
                space(&mut spans, at..bytes.start);
                spans.push(mark.span(bytes.clone()));
            }
            before = Some(mark);
            at = bytes.end;
        }
    }
    space(&mut spans, at..range.end);
    // A long text has a hundred thousand of these lists.
    spans.shrink_to_fit();
    debug_assert!(spans.iter().all(|span| {
        span.kind != SpanKind::Space
            || text.text[span.range.clone()]
                .chars()
                .all(|c| is_space(c) || c == '\u{FEFF}')
    }));
    Cell { range, spans }
}

fn space(spans: &mut Vec<Span>, range: Range<usize>) {
    if !range.is_empty() {
        spans.push(Span {
            range,
            kind: SpanKind::Space,
            class: None,
            pair: None,
            moved: None,
        });
    }
}
