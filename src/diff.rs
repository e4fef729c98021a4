//! The prose diff: what differs between two versions of a text, and nothing else.
//!
//! The unit is the word and the frame is the paragraph; layout never counts. Pure: no IO, no clock, same input, same
//! output. One way through:
//!
//! ```text
//! token    text -> words (role: what a character may do); fold, intern: ids that typography does not change
//! frame    one side: paragraphs, words, borders of sentences
//! weigh    how much an equal word says
//! align    which words stand in the same order on both sides: anchor, then myers under a budget of steps
//! cleanup  away with chance meetings in rewritten text; insertions and deletions slide to borders
//! moves    what stands elsewhere on the other side, edited or not
//! rows     paragraphs linked by words -> rows, cells, spans that tile both texts
//! classify the class of each difference (class): number, negation, case, typographic, …
//! boilerplate  a class that needs evidence from outside
//! report   the comparison as JSON
//! versions many versions of one text against a base: places where they differ, paragraph by paragraph
//! ```
//!
//! ```
//! use recto::diff::{Class, Classes, Options, Side, compare, hunks, paragraphs};
//!
//! let (left, right) = ("Some 4,000 people\ncame.", "Some 4,100 people came.");
//! let (l, r) = (paragraphs(left), paragraphs(right));
//! let left = Side { text: left, paragraphs: &l };
//! let right = Side { text: right, paragraphs: &r };
//!
//! let comparison = compare(left, right, &Options::default());
//! assert_eq!(hunks(&comparison, Classes::QUIET), [0..1]);
//! assert!(comparison.rows[0].classes.contains(Class::Number));
//! ```
//!
//! The sides are put in a canonical order first and mirrored back at the end, so that swapping them marks the same
//! words.

mod align;
mod anchor;
mod boilerplate;
mod class;
mod classify;
mod cleanup;
mod fold;
mod frame;
mod intern;
mod moves;
mod myers;
mod negation;
pub mod report;
mod role;
mod rows;
mod run;
mod token;
mod unseen;
pub mod versions;
mod weigh;

#[cfg(test)]
mod tests;

use std::num::NonZeroU32;
use std::ops::Range;

use serde::Serialize;

pub use self::boilerplate::mark_boilerplate;
pub use self::class::{Class, Classes};
pub use self::unseen::unseen;

use self::cleanup::Both;
use self::frame::Text;
use self::intern::Interner;
use self::myers::Budget;
use self::run::Run;
use self::weigh::Weights;
use crate::cancel::Cancel;
use crate::model::{Article, BlockKind};

/// One side of a comparison.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// The text as it stood in the source, markup included; every byte of it is covered by the rows.
    pub text: &'a str,
    /// Its paragraphs, in order; their ranges ascend and do not overlap. What lies between them belongs to none.
    pub paragraphs: &'a [Paragraph],
}

/// One paragraph of a side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paragraph {
    /// Bytes in the text.
    pub range: Range<usize>,
    /// What it is.
    pub kind: BlockKind,
}

/// How two texts differ: rows in reading order whose cells tile both texts byte for byte.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// The rows, in display order.
    pub rows: Vec<Row>,
    /// The step budget ran out: part of it is compared by sentences or paragraphs only.
    pub coarse: bool,
}

/// One line of a comparison: a paragraph of the left, of the right, or both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// How its sides relate.
    pub op: Op,
    /// What its paragraph is; none for text outside of all paragraphs, such as front matter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<BlockKind>,
    /// What kinds of difference it holds; none for an equal row.
    pub classes: Classes,
    /// The left side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<Cell>,
    /// The right side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub right: Option<Cell>,
}

impl Row {
    /// Says whether the words of the row differ (layout and typography do not count).
    pub fn differs(&self) -> bool {
        self.differs_despite(Classes::QUIET)
    }

    /// Says whether the row differs in more than what is hidden.
    pub fn differs_despite(&self, hidden: Classes) -> bool {
        self.classes.shows_despite(hidden)
    }
}

/// How the sides of a row relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Op {
    /// The same bytes, but for white space round them.
    Equal,
    /// The same words, other line or paragraph breaks.
    Reflow,
    /// The same words, other quotes, dashes or invisible characters.
    Typo,
    /// Both sides, other words.
    Replace,
    /// Only on the right.
    Insert,
    /// Only on the left.
    Delete,
    /// One end of a move: stands elsewhere on the other side.
    Moved,
}

/// One side of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// Bytes of the side's text. The cells of a side, in row order, tile it.
    pub range: Range<usize>,
    /// Spans that tile the range.
    pub spans: Vec<Span>,
}

/// A run of text of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Span {
    /// Bytes of the side's text.
    pub range: Range<usize>,
    /// What it is.
    pub kind: SpanKind,
    /// What kind of difference it is; none for equal words and white space.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<Class>,
    /// The number that it shares with its counterpart on the other side (equal, typographic and moved spans).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pair: Option<NonZeroU32>,
    /// The number of the move that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved: Option<NonZeroU32>,
}

/// What a span is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum SpanKind {
    /// The same on both sides.
    #[serde(rename = "eq")]
    Equal,
    /// The same but for typography.
    #[serde(rename = "typo")]
    Typo,
    /// The same words, elsewhere.
    #[serde(rename = "mov")]
    Moved,
    /// Only on this side.
    #[serde(rename = "chg")]
    Changed,
    /// White space between others.
    #[serde(rename = "ws")]
    Space,
}

/// How much work a comparison may do before it becomes coarse.
#[derive(Clone, Debug)]
pub struct Options {
    /// Steps of the alignment, a number of inner-loop iterations, never a time.
    pub budget: u64,
    /// Raised, the comparison ends soon with what it has: whoever called it off throws it away.
    pub cancel: Cancel,
}

impl Default for Options {
    /// Enough for any two articles and for any pair of 10 MB that is one text: about a second of alignment at worst.
    fn default() -> Self {
        Self {
            budget: 1 << 26,
            cancel: Cancel::new(),
        }
    }
}

/// Compares two sides word by word.
pub fn compare(left: Side, right: Side, options: &Options) -> Comparison {
    let swap = swaps(&left, &right);
    let (left, right) = if swap { (right, left) } else { (left, right) };
    let mut comparison = in_order(left, right, options);
    if swap {
        comparison.mirror();
    }
    comparison
}

/// Says whether the canonical order of the sides is the other way round.
fn swaps(left: &Side, right: &Side) -> bool {
    let starts = |side: &Side| -> Vec<_> {
        let paragraphs = side.paragraphs.iter();
        paragraphs.map(|paragraph| paragraph.range.start).collect()
    };
    (right.text, starts(right)) < (left.text, starts(left))
}

fn in_order(left: Side, right: Side, options: &Options) -> Comparison {
    let mut ids = Interner::default();
    let [left, right] = Text::both(left, right, &mut ids);
    let common = Common::find(&left, &right, ids.len(), options);
    let aligned = rows::Aligned::new(&left, &right, &common.runs, &common.moves);
    Comparison {
        rows: rows::rows(&aligned, &common.runs, &common.weights),
        coarse: common.coarse,
    }
}

/// What two texts have in common.
struct Common {
    /// Words in the same order.
    runs: Vec<Run>,
    /// Words that stand elsewhere: for each move its runs.
    moves: Vec<Vec<Run>>,
    weights: [Weights; 2],
    coarse: bool,
}

impl Common {
    /// Looks for it. The sides are in canonical order; `ids` is the number of ids that their words come from.
    fn find(left: &Text, right: &Text, ids: usize, options: &Options) -> Self {
        let weights = Weights::both(left, right, ids);
        let both = Both {
            left,
            right,
            weights: &weights,
        };
        let mut budget = Budget::new(options.budget, &options.cancel);

        let mut runs = align::align(left, right, &mut budget);
        cleanup::slide(&both, &mut runs);
        runs = cleanup::islands(&both, &runs, &both.all());
        runs = cleanup::links(&both, &runs);
        cleanup::slide(&both, &mut runs);
        let moves = moves::find(&both, &mut runs, &mut budget);
        Self {
            runs,
            moves,
            weights,
            coarse: budget.coarse,
        }
    }

    /// Swaps left and right.
    fn mirror(&mut self) {
        for run in self.runs.iter_mut().chain(self.moves.iter_mut().flatten()) {
            std::mem::swap(&mut run.left, &mut run.right);
        }
        self.weights.swap(0, 1);
    }
}

impl Comparison {
    /// Swaps left and right.
    fn mirror(&mut self) {
        for row in &mut self.rows {
            std::mem::swap(&mut row.left, &mut row.right);
            row.op = match row.op {
                Op::Insert => Op::Delete,
                Op::Delete => Op::Insert,
                other => other,
            };
            row.classes = row.classes.mirrored();
            for cell in row.left.iter_mut().chain(&mut row.right) {
                for span in &mut cell.spans {
                    span.class = span.class.map(Class::mirrored);
                }
            }
        }
        // What stands only on the left comes before what stands only on the right.
        let one_sided = |row: &Row| row.left.is_none() || row.right.is_none();
        for group in self
            .rows
            .chunk_by_mut(|one, other| one_sided(one) == one_sided(other))
        {
            if one_sided(&group[0]) {
                group.sort_by_key(|row| row.left.is_none());
            }
        }
    }
}

/// Compares two articles by their blocks, under the usual budget.
pub fn compare_articles(left: &Article, right: &Article) -> Comparison {
    compare_articles_unless(left, right, &Cancel::new())
}

/// The same, unless it is called off: then it ends soon, and what it gives is of no use.
pub fn compare_articles_unless(left: &Article, right: &Article, cancel: &Cancel) -> Comparison {
    let options = Options {
        cancel: cancel.clone(),
        ..Options::default()
    };
    let (of_left, of_right) = (blocks(left), blocks(right));
    let side = |article, paragraphs| Side {
        text: article,
        paragraphs,
    };
    compare(
        side(&left.text, &of_left),
        side(&right.text, &of_right),
        &options,
    )
}

/// The blocks of an article as paragraphs of its text.
pub fn blocks(article: &Article) -> Vec<Paragraph> {
    let blocks = article.blocks.iter();
    blocks
        .map(|block| Paragraph {
            range: block.range.clone(),
            kind: block.kind,
        })
        .collect()
}

/// Finds the paragraphs of a text whose structure is not known: between blank lines, or one a line when there is no
/// blank line.
pub fn paragraphs(text: &str) -> Vec<Paragraph> {
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let words = line.trim_matches(|c| role::is_space(c) || c == '\u{FEFF}');
        let at = start + words.as_ptr().addr() - line.as_ptr().addr();
        lines.push(at..at + words.len());
        start += line.len();
    }
    let words = |line: &Range<usize>| !line.is_empty();
    let first = lines.iter().position(words).unwrap_or(lines.len());
    let last = lines.iter().rposition(words).map_or(first, |last| last + 1);
    let lines = &lines[first..last];
    let blank_lines = lines.iter().any(Range::is_empty);
    let paragraph = |range| Paragraph {
        range,
        kind: BlockKind::Paragraph,
    };
    if blank_lines {
        let groups = lines
            .split(|line| line.is_empty())
            .filter(|group| !group.is_empty());
        groups
            .map(|group| paragraph(group[0].start..group[group.len() - 1].end))
            .collect()
    } else {
        lines.iter().cloned().map(paragraph).collect()
    }
}

/// The numbers in the header of a comparison.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Paragraphs of the body whose words are the same.
    pub same: usize,
    /// Runs of adjacent rows that differ in more than what is hidden.
    pub differences: usize,
    /// For each class that occurs the number of rows that hold it, hidden or not, the most telling first.
    pub classes: Vec<(Class, usize)>,
}

impl Summary {
    /// The number of rows that hold a class.
    pub fn count(&self, class: Class) -> usize {
        let mut classes = self.classes.iter();
        classes
            .find(|(known, _)| *known == class)
            .map_or(0, |(_, count)| *count)
    }
}

/// Counts what is the same and what differs in more than what is hidden.
pub fn summary(comparison: &Comparison, hidden: Classes) -> Summary {
    let body = |row: &&Row| row.kind.is_some_and(|kind| !kind.is_metadata());
    let same = |row: &&Row| !row.differs() && row.left.is_some() && row.right.is_some();
    let rows = || comparison.rows.iter();
    let count = |class| rows().filter(|row| row.classes.contains(class)).count();
    let counts = Class::ALL.into_iter().map(|class| (class, count(class)));
    Summary {
        same: rows().filter(body).filter(same).count(),
        differences: hunks(comparison, hidden).len(),
        classes: counts.filter(|(_, count)| *count > 0).collect(),
    }
}

/// The share of both texts that differs in more than what is hidden, from 0 to 1: bytes of differing spans over bytes of
/// all but those that are white space alone. Two empty texts are the same.
pub fn share(comparison: &Comparison, hidden: Classes) -> f64 {
    let cells = comparison
        .rows
        .iter()
        .flat_map(|row| [&row.left, &row.right]);
    let spans = cells.flatten().flat_map(|cell| &cell.spans);
    let (mut differ, mut all) = (0, 0);
    for span in spans.filter(|span| span.kind != SpanKind::Space) {
        all += span.range.len();
        if span.class.is_some_and(|class| !hidden.contains(class)) {
            differ += span.range.len();
        }
    }
    differ as f64 / all.max(1) as f64
}

/// The differences: ranges of adjacent rows that differ in more than what is hidden.
pub fn hunks(comparison: &Comparison, hidden: Classes) -> Vec<Range<usize>> {
    let mut at = 0;
    let mut hunks = Vec::new();
    let differs = |row: &Row| row.differs_despite(hidden);
    for group in comparison
        .rows
        .chunk_by(|one, other| differs(one) == differs(other))
    {
        if differs(&group[0]) {
            hunks.push(at..at + group.len());
        }
        at += group.len();
    }
    hunks
}
