//! The words of an article as grouping compares them: small hashes of folded words, with what the guard must know.
//!
//! Case, quotes, dashes, soft hyphens, markup and layout vanish here, digits never do (`1,000.5` is one word and keeps
//! its signs). Addresses are left out: one extractor prints the target of a link and another does not, and neither
//! is prose. Word borders are those of UAX #29 inside of what white space parts; in scripts without spaces every
//! character is a word, which weighs less.
//!
//! Most text is ASCII with a few quotes and accents, so a table walks over it a byte at a time (`scan`); a run between
//! white space that holds anything else is read again by the full rules (`slow`), and both give the same words.
//!
//! Rejected: splitting at white space alone (glues punctuation, loses Chinese), stemming (language by language, and
//! versions of one text keep their inflections), a list of stop words (the group frequencies of `boilerplate` do that
//! for every language).

mod scan;
mod slow;
#[cfg(test)]
mod tests;

/// What a word looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Any other word.
    Plain,
    /// Begins with a capital.
    Capital,
    /// Holds a digit.
    Number,
    /// One character of a script without spaces.
    Ideograph,
}

/// One word: 30 bits of the hash of its folded form, and its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word(u32);

impl Word {
    fn new(folded: &[u8], shape: Shape) -> Self {
        Self::of_hash(hash(folded), shape)
    }

    #[inline]
    fn of_hash(hash: u64, shape: Shape) -> Self {
        Self((hash >> 32) as u32 & !3 | shape as u32)
    }

    /// Hash of the folded word.
    pub fn hash(self) -> u32 {
        self.0 & !3
    }

    /// What it looks like.
    pub fn shape(self) -> Shape {
        match self.0 & 3 {
            0 => Shape::Plain,
            1 => Shape::Capital,
            2 => Shape::Number,
            _ => Shape::Ideograph,
        }
    }
}

/// Spreads a number over 64 bits.
pub(super) fn mix(value: u64) -> u64 {
    let value = (value ^ value >> 32).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (value ^ value >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9)
}

/// A hash of bytes, eight at a time: words are short.
fn hash(bytes: &[u8]) -> u64 {
    let (pieces, rest) = bytes.as_chunks::<8>();
    let mut state = bytes.len() as u64;
    for piece in pieces {
        state = mix(state ^ u64::from_le_bytes(*piece));
    }
    if !rest.is_empty() {
        let piece = (0..)
            .zip(rest)
            .fold(0, |piece, (at, byte)| piece | u64::from(*byte) << (8 * at));
        state = mix(state ^ piece);
    }
    state ^ state >> 31
}

/// The same of a word of `length` bytes, up to 16, that stands in two numbers, the first byte lowest.
#[inline]
fn hash_packed(low: u64, high: u64, length: usize) -> u64 {
    let mut state = mix(length as u64 ^ low);
    if length > 8 {
        state = mix(state ^ high);
    }
    state ^ state >> 31
}

/// The words of an article, block by block. Meant to be filled again and again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Text {
    /// All words, in order.
    pub words: Vec<Word>,
    /// Where each block ends in `words`; blocks without words are left out.
    pub ends: Vec<u32>,
    /// For each of those, which of the blocks given it was.
    pub numbers: Vec<u32>,
    /// Whether any word is an ideograph.
    pub ideographs: bool,
}

impl Text {
    #[cfg(test)]
    pub fn new<'a>(blocks: impl Iterator<Item = &'a str> + Clone) -> Self {
        let mut text = Self::default();
        text.fill(blocks);
        text
    }

    /// Collects the words of the blocks. Metadata in front of the text is left out, unless there is nothing else.
    pub fn fill<'a>(&mut self, blocks: impl Iterator<Item = &'a str> + Clone) {
        let front = front_matter(blocks.clone());
        self.collect(blocks.clone(), front);
        if self.words.is_empty() && front > 0 {
            self.collect(blocks, 0);
        }
    }

    fn collect<'a>(&mut self, blocks: impl Iterator<Item = &'a str>, skip: usize) {
        self.words.clear();
        self.ends.clear();
        self.numbers.clear();
        for (number, block) in (0u32..).zip(blocks).skip(skip) {
            let before = self.words.len();
            scan::scan(without_marker(block), &mut self.words);
            if self.words.len() > before {
                self.ends.push(self.words.len() as u32);
                self.numbers.push(number);
            }
        }
        self.ideographs = self
            .words
            .iter()
            .any(|word| word.shape() == Shape::Ideograph);
    }

    /// The ranges of the blocks in `words`.
    pub fn blocks(&self) -> impl Iterator<Item = std::ops::Range<usize>> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts
            .zip(&self.ends)
            .map(|(start, end)| start as usize..*end as usize)
    }
}

/// The block without the number of a list item in front: one extractor prints it and another does not.
fn without_marker(block: &str) -> &str {
    let block = block.trim_start();
    let digits = block.bytes().take_while(u8::is_ascii_digit).count();
    if !(1..=3).contains(&digits) {
        return block;
    }
    let item = block[digits..]
        .strip_prefix(['.', ')'])
        .filter(|item| item.starts_with(char::is_whitespace));
    item.unwrap_or(block)
}

/// How many blocks are front matter: lines between two fences `---` or `+++` at the very beginning.
fn front_matter<'a>(mut blocks: impl Iterator<Item = &'a str>) -> usize {
    const LINES: usize = 64;
    match blocks.next() {
        Some(fence @ ("---" | "+++")) => blocks
            .take(LINES)
            .position(|block| block == fence)
            .map_or(0, |at| at + 2),
        _ => 0,
    }
}
