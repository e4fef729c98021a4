//! Which pairs are worth a look: those that share fingerprints.
//!
//! Fingerprints are sorted with the texts that hold them, so that the holders of one stand in a row; each row proposes
//! pairs, equal pairs are counted, and those that share enough of the smaller sample are candidates. Neither a list of
//! all pairs nor a table of all fingerprints ever exists: both kinds of numbers are dealt into parts by their upper
//! bits, and one part at a time is sorted. Where the parts wait is the caller's affair ([`Parts`]): in memory, or on
//! disk when memory is short.
//!
//! A fingerprint in more than [`FEW`] texts (a cookie notice, the menu of a site, a popular agency report) must not
//! propose the square of them. A story that was copied a hundred times is told from the frame of a site by what it is
//! to its holders: the better part of them, or one end. So a text is *active* in a row no longer than those that half
//! of its own fingerprints stand in. Where most holders are active the row is a family and every holder is paired with
//! active ones behind it; else only the active are paired among themselves; and in a long row each with the next few
//! only, since a family is held together by many rows at once.

use crate::cancel::Cancel;

/// A fingerprint in so many texts proposes all pairs of them.
const FEW: usize = 8;
/// A fingerprint in more texts than this proposes only neighbours.
const COMMON: usize = 64;
/// How many of the texts behind it a text is paired with in a long row.
const NEIGHBOURS: usize = 8;
/// What part of the smaller sample two texts must share to be related at all.
const FAINT: f64 = 0.05;
/// What part they must share to be judged as versions. Below it no text is one, whatever else speaks for it: see the
/// points of `judge`.
const SHARE: f64 = 0.12;
/// Lengths of rows that are told apart when the rows of a text are counted.
const ROWS: [usize; 6] = [FEW, 16, 32, COMMON, 128, 256];
/// How many parts the numbers are dealt into.
pub const PARTS: usize = 256;

/// Two texts, as places in the order of their names; the first is the smaller.
pub type Pair = (u32, u32);

/// Where numbers wait in [`PARTS`] parts until one part at a time is worked on.
pub trait Parts {
    /// Why they could not be kept.
    type Error;
    /// Adds numbers to a part.
    fn put(&mut self, part: usize, numbers: &[u64]) -> Result<(), Self::Error>;
    /// Takes a part out, in any order.
    fn take(&mut self, part: usize) -> Result<Vec<u64>, Self::Error>;
}

/// Parts in memory.
#[derive(Clone, Debug)]
pub struct InMemory(Vec<Vec<u64>>);

impl Default for InMemory {
    fn default() -> Self {
        Self(vec![Vec::new(); PARTS])
    }
}

impl Parts for InMemory {
    type Error = std::convert::Infallible;

    fn put(&mut self, part: usize, numbers: &[u64]) -> Result<(), Self::Error> {
        self.0[part].extend_from_slice(numbers);
        Ok(())
    }

    fn take(&mut self, part: usize) -> Result<Vec<u64>, Self::Error> {
        Ok(std::mem::take(&mut self.0[part]))
    }
}

/// Deals numbers into parts, a handful at a time.
struct Dealer<'a, P> {
    parts: &'a mut P,
    hands: Vec<Vec<u64>>,
}

impl<'a, P: Parts> Dealer<'a, P> {
    const HAND: usize = 512;

    fn new(parts: &'a mut P) -> Self {
        Self {
            parts,
            hands: (0..PARTS).map(|_| Vec::with_capacity(Self::HAND)).collect(),
        }
    }

    #[inline]
    fn deal(&mut self, part: usize, number: u64) -> Result<(), P::Error> {
        let hand = &mut self.hands[part];
        hand.push(number);
        if hand.len() == Self::HAND {
            self.parts.put(part, hand)?;
            hand.clear();
        }
        Ok(())
    }

    fn finish(self) -> Result<(), P::Error> {
        for (part, hand) in self
            .hands
            .iter()
            .enumerate()
            .filter(|(_, hand)| !hand.is_empty())
        {
            self.parts.put(part, hand)?;
        }
        Ok(())
    }
}

/// Adds the fingerprints of texts to parts; `texts` gives the number of each and its fingerprints.
pub fn post<'a, P: Parts>(
    texts: impl Iterator<Item = (u32, &'a [u32])>,
    parts: &mut P,
) -> Result<(), P::Error> {
    let mut dealer = Dealer::new(parts);
    for (text, prints) in texts {
        for print in prints {
            dealer.deal(
                (print >> 24) as usize,
                u64::from(*print) << 32 | u64::from(text),
            )?;
        }
    }
    dealer.finish()
}

/// The pairs worth a look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidates {
    /// The pairs that may be versions, ascending.
    pub pairs: Vec<Pair>,
    /// Pairs that share too little for that, ascending: they may be related otherwise.
    pub faint: Vec<Pair>,
    /// Says of every text whether most of its fingerprints are common, so that it lacks most of its pairs.
    pub crowded: Vec<bool>,
}

/// How many fingerprints of a text stand in rows of which length.
#[derive(Clone, Copy, Debug, Default)]
struct Rows {
    all: u32,
    /// Rows no longer than each of [`ROWS`], and longer than the one before.
    of: [u32; ROWS.len()],
}

impl Rows {
    fn add(&mut self, length: usize) {
        self.all += 1;
        let at = ROWS.partition_point(|most| *most < length);
        if let Some(count) = self.of.get_mut(at) {
            *count += 1;
        }
    }

    /// The longest row that the text is active in.
    fn reach(&self) -> usize {
        let mut sum = 0;
        for (most, count) in ROWS.iter().zip(self.of) {
            sum += count;
            if 2 * sum >= self.all {
                return *most;
            }
        }
        usize::MAX
    }
}

/// Proposes pairs. `ranks` is the place of every text in the order of the names; the pairs are made of those.
/// What is left in `postings` are the sorted rows of fingerprints that several texts hold, for
/// [`super::Weights::count`]. Nothing when cancelled.
pub fn candidates<P: Parts>(
    postings: &mut P,
    pairs: &mut P,
    ranks: &[u32],
    cancel: &Cancel,
) -> Result<Option<Candidates>, P::Error> {
    let mut rows = vec![Rows::default(); ranks.len()];
    for part in 0..PARTS {
        if cancel.is_cancelled() {
            return Ok(None);
        }
        let mut all = postings.take(part)?;
        all.sort_unstable();
        all.dedup();
        let mut kept = 0;
        let mut start = 0;
        while start < all.len() {
            let print = all[start] >> 32;
            let mut end = start + 1;
            while end < all.len() && all[end] >> 32 == print {
                end += 1;
            }
            for posting in &all[start..end] {
                rows[*posting as u32 as usize].add(end - start);
            }
            if end - start > 1 {
                all.copy_within(start..end, kept);
                kept += end - start;
            }
            start = end;
        }
        all.truncate(kept);
        postings.put(part, &all)?;
    }
    let reach: Vec<usize> = rows.iter().map(Rows::reach).collect();
    let mut found = Candidates {
        crowded: vec![false; ranks.len()],
        ..Candidates::default()
    };
    let mut prints = vec![0; ranks.len()];
    for ((rank, reach), rows) in ranks.iter().zip(&reach).zip(&rows) {
        found.crowded[*rank as usize] = *reach > COMMON;
        prints[*rank as usize] = rows.all;
    }
    drop(rows);

    // The upper bits of the smaller rank say which part a pair is dealt into.
    let shift = (u32::BITS - (ranks.len() as u32).leading_zeros()).saturating_sub(8);
    let mut dealer = Dealer::new(pairs);
    let (mut holders, mut active) = (Vec::new(), Vec::new());
    for part in 0..PARTS {
        if cancel.is_cancelled() {
            return Ok(None);
        }
        let all = postings.take(part)?;
        for row in all.chunk_by(|a, b| a >> 32 == b >> 32) {
            holders.clear();
            holders.extend(row.iter().map(|posting| {
                let text = *posting as u32 as usize;
                (ranks[text], reach[text] >= row.len())
            }));
            propose(&mut holders, &mut active, |a, b| {
                dealer.deal((a >> shift) as usize, u64::from(a) << 32 | u64::from(b))
            })?;
        }
        postings.put(part, &all)?;
    }
    dealer.finish()?;
    for part in 0..PARTS {
        if cancel.is_cancelled() {
            return Ok(None);
        }
        let mut all = pairs.take(part)?;
        all.sort_unstable();
        for equal in all.chunk_by(|a, b| a == b) {
            let (a, b) = ((equal[0] >> 32) as u32, equal[0] as u32);
            let smaller = prints[a as usize].min(prints[b as usize]);
            let share = equal.len() as f64 / f64::from(smaller);
            if share >= SHARE {
                found.pairs.push((a, b));
            } else if share >= FAINT {
                found.faint.push((a, b));
            }
        }
    }
    Ok(Some(found))
}

/// Proposes the pairs of one row; `holders` are the texts and whether each is active.
fn propose<E>(
    holders: &mut [(u32, bool)],
    active: &mut Vec<u32>,
    mut pair: impl FnMut(u32, u32) -> Result<(), E>,
) -> Result<(), E> {
    let few = holders.len() <= FEW;
    let actives = holders.iter().filter(|(_, active)| *active).count();
    if !few && actives == 0 {
        return Ok(());
    }
    holders.sort_unstable();
    let family = few || 2 * actives >= holders.len();
    let within = if holders.len() <= COMMON {
        COMMON
    } else {
        NEIGHBOURS
    };
    active.clear();
    active.extend(
        holders
            .iter()
            .filter(|(_, active)| few || *active)
            .map(|(text, _)| *text),
    );
    let mut behind = 0;
    for (text, is_active) in holders.iter() {
        behind += usize::from(active.get(behind) == Some(text));
        if !family && !is_active {
            continue;
        }
        for other in active[behind..].iter().take(within) {
            pair(*text, *other)?;
        }
        // A text that is not active is paired with the active ones in front of it too, or the last would have none.
        if !few && !is_active {
            for other in active[..behind].iter().rev().take(within) {
                pair(*other, *text)?;
            }
        }
    }
    Ok(())
}
