//! One side, cut up: frames (paragraphs and whatever stands between them), tokens, and the borders between tokens.
//!
//! Frames tile the text. White space between two paragraphs belongs to the one before it; anything with words or signs
//! between them (front matter, say) is a frame of its own.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::ops::Range;

use super::Side;
use super::intern::{Interner, Xxh3};
use super::role::is_space;
use super::token::{Kind, Token, tokenise};
use crate::model::BlockKind;

/// One side of a comparison, cut up.
pub(super) struct Text<'a> {
    /// All of it.
    pub text: &'a str,
    /// Its tokens, in order.
    pub tokens: Vec<Token>,
    /// The ids of its tokens: equal for tokens that differ at most in typography.
    pub ids: Vec<u32>,
    /// Its frames, in order.
    pub frames: Vec<Frame>,
    /// For each token the index of its frame.
    pub frame_of: Vec<u32>,
    /// For each token how strong the border in front of it is; one more at the end.
    pub border: Vec<Border>,
    /// The tokens with which sentences and paragraphs begin, and the end.
    sentences: Vec<usize>,
}

/// A piece of the text: a paragraph, or what stands between two.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    /// Bytes; the frames of a side tile its text.
    pub bytes: Range<usize>,
    /// Tokens.
    pub tokens: Range<usize>,
    /// What the paragraph is; none for text outside of all paragraphs.
    pub kind: Option<BlockKind>,
}

/// What begins between two tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Border {
    /// Nothing: both stand in one word or run.
    None,
    /// A word.
    Word,
    /// A part of a sentence.
    Clause,
    /// A sentence.
    Sentence,
    /// A paragraph.
    Paragraph,
}

/// Texts of more bytes than this, both together, are cut up by two threads: below, starting one costs more.
const TWO_THREADS_FROM: usize = 1 << 18;

impl<'a> Text<'a> {
    /// Cuts up one side.
    pub fn new(side: Side<'a>, ids: &mut Interner<'a>) -> Self {
        Self::like(None, side, Ahead::default(), ids)
    }

    /// Cuts up both sides, long ones at the same time; paragraphs that are the same byte for byte only once.
    pub fn both(left: Side<'a>, right: Side<'a>, ids: &mut Interner<'a>) -> [Self; 2] {
        if left.text.len() + right.text.len() >= TWO_THREADS_FROM {
            return Self::at_once(left, right, ids);
        }
        let twins = Twins::new(left, right);
        let left = Self::new(left, ids);
        let right = Self::like(Some((&left, &twins)), right, Ahead::default(), ids);
        [left, right]
    }

    /// Cuts up both sides at the same time.
    fn at_once(left: Side<'a>, right: Side<'a>, ids: &mut Interner<'a>) -> [Self; 2] {
        let (left, (twins, mut ahead)) = std::thread::scope(|scope| {
            let other = scope.spawn(|| {
                let twins = Twins::new(left, right);
                let ahead = Ahead::new(right, &twins);
                (twins, ahead)
            });
            let left = Self::new(left, ids);
            // A thread that could not do it leaves the work to this one.
            (left, other.join().unwrap_or_default())
        });
        ahead.adopt(ids);
        let right = Self::like(Some((&left, &twins)), right, ahead, ids);
        [left, right]
    }

    /// Cuts up one side; takes over the paragraphs that `other` cut up already, byte for byte the same, and those that
    /// were cut up ahead.
    fn like(
        other: Option<(&Self, &Twins)>,
        side: Side<'a>,
        ahead: Ahead<'a>,
        ids: &mut Interner<'a>,
    ) -> Self {
        // In prose a word and the space behind it are six bytes; the signs make it a little less.
        let guess = other.map_or(side.text.len() / 5, |(other, _)| other.tokens.len());
        let mut text = Self {
            text: side.text,
            tokens: Vec::with_capacity(guess),
            ids: Vec::with_capacity(guess),
            frames: Vec::with_capacity(side.paragraphs.len()),
            frame_of: Vec::with_capacity(guess),
            border: Vec::with_capacity(guess + 1),
            sentences: Vec::new(),
        };
        for (bytes, kind) in pieces(side) {
            let words =
                || side.text[bytes.clone()].trim_matches(|c| is_space(c) || c == '\u{FEFF}');
            if kind.is_some() || !words().is_empty() {
                text.push(bytes, kind, (other, &ahead), ids);
            } else if let Some(last) = text.frames.last_mut() {
                last.bytes.end = bytes.end;
            }
        }
        // White space in front of everything belongs to the first frame.
        if let Some(first) = text.frames.first_mut() {
            first.bytes.start = 0;
        } else if !side.text.is_empty() {
            text.frames.push(Frame {
                bytes: 0..side.text.len(),
                tokens: 0..0,
                kind: None,
            });
        }
        text.absorb_blank();
        text.border.push(Border::Paragraph);
        let sentences = (0..text.border.len()).filter(|&at| text.border[at] >= Border::Sentence);
        text.sentences = sentences.collect();
        text
    }

    fn push(
        &mut self,
        bytes: Range<usize>,
        kind: Option<BlockKind>,
        (other, ahead): (Option<(&Self, &Twins)>, &Ahead),
        ids: &mut Interner<'a>,
    ) {
        let from = self.tokens.len();
        let twin = other.and_then(|(other, twins)| {
            let twin = twins.of(&bytes)?;
            Some((other, other.frame_from(twin.left)?, twin))
        });
        if let Some((other, tokens, twin)) = twin {
            let (begin, start) = (twin.left, twin.right);
            let moved = other.tokens[tokens.clone()].iter();
            self.tokens
                .extend(moved.map(|token| token.shifted(begin, start)));
            self.ids.extend_from_slice(&other.ids[tokens.clone()]);
            self.border.extend_from_slice(&other.border[tokens]);
        } else if let Some(tokens) = ahead.find(&bytes) {
            self.tokens.extend_from_slice(&ahead.tokens[tokens.clone()]);
            self.ids.extend_from_slice(&ahead.ids[tokens]);
            self.push_borders(from);
        } else {
            tokenise(self.text, bytes.clone(), ids, |token, id| {
                self.tokens.push(token);
                self.ids.push(id);
            });
            self.push_borders(from);
        }
        let frame = u32::try_from(self.frames.len()).unwrap_or(u32::MAX);
        self.frame_of.resize(self.tokens.len(), frame);
        self.frames.push(Frame {
            bytes,
            tokens: from..self.tokens.len(),
            kind,
        });
    }

    /// Appends the borders in front of the tokens of a paragraph.
    fn push_borders(&mut self, from: usize) {
        let mut ended = Border::None;
        for index in from..self.tokens.len() {
            self.border.push(if index == from {
                Border::Paragraph
            } else {
                border(self, index, ended)
            });
            ended = ending(self, index, ended);
        }
    }

    /// Joins frames without tokens to a neighbour; one is left when the whole text is blank.
    fn absorb_blank(&mut self) {
        if self.frames.iter().all(|frame| !frame.tokens.is_empty()) {
            return;
        }
        let mut joined: Vec<Frame> = Vec::with_capacity(self.frames.len());
        for frame in self.frames.drain(..) {
            match joined.last_mut() {
                Some(last) if frame.tokens.is_empty() => last.bytes.end = frame.bytes.end,
                Some(last) if last.tokens.is_empty() => {
                    *last = Frame {
                        bytes: last.bytes.start..frame.bytes.end,
                        ..frame
                    };
                }
                _ => joined.push(frame),
            }
        }
        self.frames = joined;
        for (index, frame) in self.frames.iter().enumerate() {
            self.frame_of[frame.tokens.clone()].fill(u32::try_from(index).unwrap_or(u32::MAX));
        }
    }

    /// The tokens of the frame whose first token begins with this byte.
    fn frame_from(&self, byte: usize) -> Option<Range<usize>> {
        let token = self.tokens.partition_point(|token| token.start < byte);
        let frame = *self.frame_of.get(token)?;
        let tokens = self.frames[frame as usize].tokens.clone();
        (tokens.start == token && self.tokens[token].start == byte).then_some(tokens)
    }

    /// The sentences round these tokens.
    pub fn sentences(&self, tokens: &Range<usize>) -> Range<usize> {
        let first = self.sentences.partition_point(|&at| at <= tokens.start);
        let last = self.sentences.partition_point(|&at| at < tokens.end);
        let first = first
            .checked_sub(1)
            .map_or(0, |first| self.sentences[first]);
        first..self.sentences.get(last).copied().unwrap_or(tokens.end)
    }

    /// The text from the first of these tokens to the last.
    pub fn bytes(&self, tokens: &Range<usize>) -> &'a str {
        match &self.tokens[tokens.clone()] {
            [] => "",
            [first, .., last] => &self.text[first.start..last.end()],
            [only] => &self.text[only.range()],
        }
    }

    /// The bytes of a token.
    pub fn word(&self, token: usize) -> &'a str {
        &self.text[self.tokens[token].range()]
    }
}

/// The character border at or behind `at`.
fn border_at(text: &str, at: usize) -> usize {
    (at..text.len())
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or(text.len())
}

/// The paragraphs of a side with their kinds, and what stands between them.
fn pieces(side: Side) -> Vec<(Range<usize>, Option<BlockKind>)> {
    let mut pieces = Vec::with_capacity(2 * side.paragraphs.len() + 1);
    let mut at = 0;
    for paragraph in side.paragraphs {
        let start = border_at(side.text, paragraph.range.start.max(at));
        let end = border_at(side.text, paragraph.range.end.max(start));
        pieces.extend([(at..start, None), (start..end, Some(paragraph.kind))]);
        at = end;
    }
    pieces.push((at..side.text.len(), None));
    pieces.retain(|(bytes, kind)| kind.is_some() || !bytes.is_empty());
    pieces
}

/// Pieces of the second text that were cut up while the first was: those that the first does not hold too.
#[derive(Default)]
struct Ahead<'a> {
    /// The first byte of each piece, and its tokens; ascending.
    pieces: Vec<(usize, Range<usize>)>,
    tokens: Vec<Token>,
    ids: Vec<u32>,
    /// Who gave the ids out.
    interner: Interner<'a>,
}

impl<'a> Ahead<'a> {
    fn new(side: Side<'a>, twins: &Twins) -> Self {
        let mut ahead = Self::default();
        for (bytes, _) in pieces(side) {
            if twins.of(&bytes).is_some() {
                continue;
            }
            let from = ahead.tokens.len();
            tokenise(
                side.text,
                bytes.clone(),
                &mut ahead.interner,
                |token, id| {
                    ahead.tokens.push(token);
                    ahead.ids.push(id);
                },
            );
            ahead.pieces.push((bytes.start, from..ahead.tokens.len()));
        }
        ahead
    }

    /// Exchanges the ids for those of the interner of the first text.
    fn adopt(&mut self, ids: &mut Interner<'a>) {
        let new = ids.adopt(std::mem::take(&mut self.interner));
        for id in &mut self.ids {
            *id = new[*id as usize];
        }
    }

    /// The tokens of a piece.
    fn find(&self, bytes: &Range<usize>) -> Option<Range<usize>> {
        // A blank piece and the one behind it may begin at the same byte.
        let at = self
            .pieces
            .partition_point(|(start, _)| *start < bytes.start);
        let found = self.pieces[at..]
            .iter()
            .take_while(|(start, _)| *start == bytes.start);
        found.last().map(|(_, tokens)| tokens.clone())
    }
}

/// Which paragraphs of the second text stand, byte for byte, in the first: hashed before anything is cut up.
#[derive(Default)]
struct Twins(Vec<Twin>);

/// A paragraph of the second text that the first holds too.
#[derive(Clone, Copy)]
struct Twin {
    /// The first byte of the piece.
    piece: usize,
    /// The first byte of its words on the left, and on the right.
    left: usize,
    right: usize,
}

impl Twins {
    fn new(left: Side, right: Side) -> Self {
        // At the very start a byte order mark is no token, as it is elsewhere.
        let words = |side: Side<'_>, bytes: &Range<usize>| {
            let behind = side.text[bytes.clone()].trim_start_matches(is_space).len();
            let start = bytes.end - behind;
            let end = start + side.text[start..bytes.end].trim_end_matches(is_space).len();
            (bytes.start > 0 && start < end).then_some(start..end)
        };
        let mut known: HashMap<&str, usize, BuildHasherDefault<Xxh3>> = HashMap::default();
        for words in pieces(left)
            .iter()
            .filter_map(|(bytes, _)| words(left, bytes))
        {
            known.insert(&left.text[words.clone()], words.start);
        }
        let pieces = pieces(right).into_iter();
        let twins = pieces.filter_map(|(bytes, _)| {
            let words = words(right, &bytes)?;
            Some(Twin {
                piece: bytes.start,
                left: *known.get(&right.text[words.clone()])?,
                right: words.start,
            })
        });
        Self(twins.collect())
    }

    /// The twin of a piece. An empty paragraph may begin where the next one does.
    fn of(&self, piece: &Range<usize>) -> Option<Twin> {
        let at = self.0.partition_point(|twin| twin.piece < piece.start);
        let twin = self.0.get(at).copied();
        twin.filter(|twin| twin.piece == piece.start && twin.right < piece.end)
    }
}

/// The border in front of a token inside of a paragraph; `ended` is what the token before it ended.
fn border(text: &Text, index: usize, ended: Border) -> Border {
    let (before, token) = (&text.tokens[index - 1], &text.tokens[index]);
    let space = before.end() < token.start;
    if token.kind == Kind::Sign && space {
        let item = matches!(text.word(index), "*" | "-" | "+" | "•" | "#" | "|");
        if item && text.text[before.end()..token.start].contains('\n') {
            return Border::Sentence;
        }
    }
    let cluster = before.kind == Kind::Cluster || token.kind == Kind::Cluster;
    let stop = || text.word(index - 1).starts_with(['。', '！', '？', '｡']);
    match ended {
        Border::Sentence if (space || cluster || stop()) && !closes(text, index) => {
            // A small letter goes on after "p.m." and the like.
            let small = text.word(index).starts_with(char::is_lowercase);
            if space && small {
                Border::Clause
            } else {
                Border::Sentence
            }
        }
        Border::Clause if space || cluster => Border::Clause,
        // Scripts without spaces between words set them between phrases.
        _ if space && cluster => Border::Clause,
        _ if space => Border::Word,
        _ => Border::None,
    }
}

/// What the token ends; closing quotes and brackets pass on what stands in front of them.
fn ending(text: &Text, token: usize, before: Border) -> Border {
    match text.tokens[token].kind {
        Kind::Sign => {}
        Kind::Invisible => return before,
        _ => return Border::None,
    }
    match text.word(token).chars().next() {
        Some(
            '.' | '!' | '?' | '…' | '。' | '！' | '？' | '｡' | '؟' | '۔' | '।' | '॥' | '።' | '។',
        ) => Border::Sentence,
        Some(',' | ';' | ':' | '，' | '；' | '：' | '、' | '،' | '؛' | '—' | '–' | '-') => {
            Border::Clause
        }
        _ if closes(text, token) => before,
        _ => Border::None,
    }
}

/// Says whether the token is a quote or bracket that closes: one that touches what stands in front of it.
fn closes(text: &Text, token: usize) -> bool {
    let touches = token > 0 && text.tokens[token - 1].end() == text.tokens[token].start;
    match text.word(token).chars().next() {
        Some(')' | ']' | '}' | '”' | '’' | '»' | '」' | '』' | '）' | '】' | '》') => {
            true
        }
        Some('"' | '\'') => touches,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::{Paragraph, paragraphs};

    fn cut(text: &str) -> String {
        let paragraphs = paragraphs(text);
        let side = Side {
            text,
            paragraphs: &paragraphs,
        };
        let text = Text::new(side, &mut Interner::default());
        let mut out = String::new();
        for index in 0..text.tokens.len() {
            out.push_str(match text.border[index] {
                Border::Paragraph => "¶",
                Border::Sentence => "|",
                Border::Clause => "/",
                Border::Word => " ",
                Border::None => "",
            });
            out.push_str(text.word(index));
        }
        out
    }

    #[test]
    fn borders_follow_the_sense() {
        for (text, expected) in [
            ("He came. \"No,\" he said.", "¶He came.|\"No,\"/he said."),
            ("By 6 p.m. and later.\n\nNext", "¶By 6 p.m./and later.¶Next"),
            ("一律平等。他们", "¶一律平等。|他们"),
            ("Items:\n* one\n* two\n\nEnd", "¶Items:|* one|* two¶End"),
            ("Was it \"so?\" Yes", "¶Was it \"so?\"|Yes"),
        ] {
            assert_eq!(cut(text), expected);
        }
    }

    /// Everything about two texts but the numbers of the ids: instead the first word with the same id.
    fn told<'a>([left, right]: [Text<'a>; 2]) -> Vec<(&'a str, &'a str, Border, usize, usize)> {
        let all: Vec<u32> = left.ids.iter().chain(&right.ids).copied().collect();
        let first = |id: u32| all.iter().position(|known| *known == id).unwrap();
        let mut out = Vec::new();
        for text in [left, right] {
            for at in 0..text.tokens.len() {
                let frame = &text.frames[text.frame_of[at] as usize];
                let bytes = &text.text[frame.bytes.clone()];
                out.push((
                    text.word(at),
                    bytes,
                    text.border[at],
                    first(text.ids[at]),
                    frame.tokens.len(),
                ));
            }
        }
        out
    }

    #[test]
    fn two_threads_cut_as_one_does() {
        for (left, right) in [
            (
                "One — a.\n\nTwo, b.\n\nOne — a.",
                "Two, b.\n\nTwo, c - d.\n\n\n\nOne – a.",
            ),
            (
                "\u{FEFF}Same.\n\nMore.",
                "\u{FEFF}Same.\n\nSame.\n\n\u{FEFF}Same.",
            ),
            ("", "Only 1,000.5 here\n\n \n\nand “there”"),
            ("前の文。\n\n次の文。", "次の文。\n\n前の文です。"),
        ] {
            let (l, r) = (paragraphs(left), paragraphs(right));
            let left = Side {
                text: left,
                paragraphs: &l,
            };
            let right = Side {
                text: right,
                paragraphs: &r,
            };
            let one = Text::both(left, right, &mut Interner::default());
            let two = Text::at_once(left, right, &mut Interner::default());
            assert_eq!(told(one), told(two));
        }
    }

    #[test]
    fn frames_tile_the_text() {
        let text = "\u{FEFF}---\nfront\n---\n\nBody  \n";
        let body = Paragraph {
            range: 18..22,
            kind: BlockKind::Paragraph,
        };
        let side = Side {
            text,
            paragraphs: &[body],
        };
        let text = Text::new(side, &mut Interner::default());
        let bytes: Vec<_> = text
            .frames
            .iter()
            .map(|frame| frame.bytes.clone())
            .collect();
        assert_eq!(bytes, [0..18, 18..text.text.len()]);
    }
}
