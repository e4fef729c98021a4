//! The terms of one field of a segment while it is written: in the order of the text first, by term at the end.
//!
//! tantivy's own writer keeps a growing list for each term and visits it at each of its places. Here a place is noted
//! behind the last one, whatever its term, and all places are put in order by counting once the segment is full: one
//! pass over memory instead of a jump for each word, less than half the time. What is written is the same to the last
//! byte, and tantivy reads it.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, Write};

use tantivy::postings::FieldSerializer;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Places in a piece of memory: it grows by pieces, so that nothing is ever moved.
const PIECE: usize = 1 << 18;

/// Where which terms stand.
#[derive(Default)]
pub(super) struct Inverter {
    terms: Terms,
    /// Term and position, in the order of the text.
    places: Vec<Vec<(u32, u32)>>,
    /// The articles that have places, ascending, and how many places there are up to the end of each.
    ends: Vec<(u32, usize)>,
    /// How many places there are.
    total: usize,
}

impl Inverter {
    /// Notes that a term stands there in the present article, behind all others of it.
    pub fn add(&mut self, position: u32, term: &[u8]) {
        let term = self.terms.number(term);
        match self.places.last_mut() {
            Some(piece) if piece.len() < PIECE => piece.push((term, position)),
            _ => {
                let mut piece = Vec::with_capacity(PIECE);
                piece.push((term, position));
                self.places.push(piece);
            }
        }
        self.total += 1;
    }

    /// Ends the present article, whose number is above those before.
    pub fn end(&mut self, article: u32) {
        if self.ends.last().map_or(0, |(_, end)| *end) < self.total {
            self.ends.push((article, self.total));
        }
    }

    /// How many places there are.
    pub fn total(&self) -> u64 {
        self.total as u64
    }

    /// Writes every term in order with its places.
    pub fn write<W: Write>(self, field: &mut FieldSerializer<'_, W>) -> io::Result<()> {
        let Self {
            terms,
            places,
            ends,
            total,
        } = self;
        let order = terms.in_order();
        let mut counts = vec![0u32; order.len()];
        for (term, _) in places.iter().flatten() {
            counts[*term as usize] += 1;
        }
        let mut next = vec![0; order.len()];
        let mut start = 0;
        for term in &order {
            next[*term as usize] = start;
            start += counts[*term as usize] as usize;
        }
        // Article and position, by term.
        let mut sorted = vec![(0u32, 0u32); total];
        let mut articles = ends.iter();
        let (mut article, mut end) = articles.next().copied().unwrap_or_default();
        let mut at = 0;
        for piece in places {
            for (term, position) in piece {
                while at >= end
                    && let Some(behind) = articles.next()
                {
                    (article, end) = *behind;
                }
                let next = &mut next[term as usize];
                sorted[*next] = (article, position);
                *next += 1;
                at += 1;
            }
        }
        let mut rest = sorted.as_slice();
        let mut deltas = Vec::new();
        for term in order {
            let (own, behind) = rest.split_at(counts[term as usize] as usize);
            rest = behind;
            // The number of articles serves scores that tantivy would give; they are not asked for.
            field.new_term(terms.bytes(term), 0, true)?;
            for same in own.chunk_by(|a, b| a.0 == b.0) {
                let mut before = 0;
                deltas.clear();
                for (_, position) in same {
                    deltas.push(position - before);
                    before = *position;
                }
                field.write_doc(same[0].0, same.len() as u32, &deltas);
            }
            field.close_term()?;
        }
        Ok(())
    }
}

/// Terms, numbered as they come.
struct Terms {
    /// An odd number that nobody can foretell: no text is made to put all of its words into one place.
    seed: u64,
    /// The bytes of all of them, one behind the other,
    bytes: Vec<u8>,
    /// and where each ends.
    ends: Vec<usize>,
    /// Each in a place that its hash tells or, where that is taken, in the next free one. Its length is a power of two.
    slots: Vec<Slot>,
}

/// A term, or nothing where its number is 0.
#[derive(Clone, Copy, Default)]
struct Slot {
    /// Its first bytes: most terms have no more, and are known by them.
    head: u64,
    /// How many bytes it has.
    length: u32,
    /// Its number plus one.
    number: u32,
}

/// So many bytes are a head.
const HEAD: usize = size_of::<u64>();

impl Default for Terms {
    fn default() -> Self {
        Self {
            seed: RandomState::new().build_hasher().finish() | 1,
            bytes: Vec::new(),
            ends: Vec::new(),
            slots: Vec::new(),
        }
    }
}

impl Terms {
    /// The number of a term; a new one gets the next.
    fn number(&mut self, term: &[u8]) -> u32 {
        if self.slots.len() <= 2 * self.ends.len() {
            self.grow();
        }
        let (head, length) = (head(term), term.len() as u32);
        let mask = self.slots.len() - 1;
        let mut at = self.place(head, term);
        loop {
            let slot = self.slots[at];
            if slot.number == 0 {
                break;
            }
            let is_like = (slot.head, slot.length) == (head, length);
            if is_like && (term.len() <= HEAD || self.bytes(slot.number - 1) == term) {
                return slot.number - 1;
            }
            at = (at + 1) & mask;
        }
        self.bytes.extend_from_slice(term);
        self.ends.push(self.bytes.len());
        let number = self.ends.len() as u32;
        self.slots[at] = Slot {
            head,
            length,
            number,
        };
        number - 1
    }

    /// Where in the table a term is looked for first: multiplicative hashing with a random factor (Dietzfelbinger et al.
    /// 1997, A Reliable Randomized Algorithm for the Closest-Pair Problem).
    fn place(&self, head: u64, term: &[u8]) -> usize {
        let hash = match term.len() {
            length @ ..=HEAD => (head ^ (length as u64) << 56).wrapping_mul(self.seed),
            _ => xxh3_64_with_seed(term, self.seed),
        };
        // The upper bits depend on all bytes.
        (hash >> (u64::BITS - self.slots.len().ilog2())) as usize
    }

    fn grow(&mut self) {
        let size = (2 * self.slots.len()).max(1 << 10);
        let known = std::mem::replace(&mut self.slots, vec![Slot::default(); size]);
        for slot in known.into_iter().filter(|slot| slot.number > 0) {
            let mut at = self.place(slot.head, self.bytes(slot.number - 1));
            while self.slots[at].number > 0 {
                at = (at + 1) & (size - 1);
            }
            self.slots[at] = slot;
        }
    }

    fn bytes(&self, number: u32) -> &[u8] {
        let number = number as usize;
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start..self.ends[number]]
    }

    /// The numbers of all terms, ordered by their bytes.
    fn in_order(&self) -> Vec<u32> {
        let numbers = 0..self.ends.len() as u32;
        let keyed = numbers.map(|it| (head(self.bytes(it)).swap_bytes(), it));
        let mut order: Vec<(u64, u32)> = keyed.collect();
        order.sort_unstable_by(|(a, first), (b, second)| {
            let rest = || self.bytes(*first).cmp(self.bytes(*second));
            a.cmp(b).then_with(rest)
        });
        order.into_iter().map(|(_, number)| number).collect()
    }
}

/// The first bytes of a term, the first lowest; zeros behind the last.
fn head(term: &[u8]) -> u64 {
    if let Some(eight) = term.first_chunk() {
        return u64::from_le_bytes(*eight);
    }
    let at = |at: usize| u64::from(term[at]) << (8 * at);
    match (term.first_chunk(), term.last_chunk()) {
        // They overlap, and the bytes of both are the same there.
        (Some(front), Some(back)) => {
            let back = u64::from(u32::from_le_bytes(*back));
            u64::from(u32::from_le_bytes(*front)) | back << (8 * (term.len() - 4))
        }
        _ if term.is_empty() => 0,
        // One to three: the first, the middle and the last are all there are.
        _ => at(0) | at(term.len() / 2) | at(term.len() - 1),
    }
}
