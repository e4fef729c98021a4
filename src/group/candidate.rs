//! Which pairs are worth a look: those that share fingerprints.
//!
//! Texts are numbered as they come, and in a row they stand in the order of the hash of their words, so that neither
//! the order of reading nor what else there is changes who stands beside whom.
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
//!
//! *What changes* when texts come or go: a row proposes other pairs only if a text came to it or left it, or if one of
//! its texts became active there or ceased to be. [`candidates`] therefore takes what was counted before, asks only for
//! the rows of such texts ([`Postings`]), and says by how much the counts of pairs change. Grouping all at once is the
//! same with nothing counted before.

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

/// Two texts by number; the first is the smaller.
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

/// Fingerprints with the texts that hold them, in rows.
pub trait Postings {
    /// Why they could not be read.
    type Error;
    /// Gives the rows of each part, one part after the other, as sorted numbers `(fingerprint << 32) | text`: at least
    /// every row with a text that is `wanted`, and rows are whole. Ends early where `take` says false. May be called
    /// again.
    fn each(
        &mut self,
        wanted: &[bool],
        take: &mut Take<'_, Self::Error>,
    ) -> Result<(), Self::Error>;
}

/// Takes in the rows of a part and says whether to go on.
pub type Take<'a, E> = dyn FnMut(usize, &[u64]) -> Result<bool, E> + 'a;

impl InMemory {
    /// Brings the numbers of each part into order, each once, as [`Postings`] must be.
    pub fn sort(&mut self) {
        for part in &mut self.0 {
            part.sort_unstable();
            part.dedup();
        }
    }
}

impl Postings for InMemory {
    type Error = std::convert::Infallible;

    fn each(&mut self, _: &[bool], take: &mut Take<'_, Self::Error>) -> Result<(), Self::Error> {
        for (number, part) in self.0.iter().enumerate() {
            if !take(number, part)? {
                break;
            }
        }
        Ok(())
    }
}

/// Deals numbers into parts, a handful at a time. Making one costs as much as an article, so one deals for all.
pub struct Dealer<'a, P> {
    parts: &'a mut P,
    hands: Vec<Vec<u64>>,
}

impl<'a, P: Parts> Dealer<'a, P> {
    const HAND: usize = 512;

    /// Deals into these parts.
    pub fn new(parts: &'a mut P) -> Self {
        Self {
            parts,
            hands: (0..PARTS).map(|_| Vec::with_capacity(Self::HAND)).collect(),
        }
    }

    /// Adds the fingerprints of a text.
    pub fn post(&mut self, text: u32, prints: &[u32]) -> Result<(), P::Error> {
        for print in prints {
            let posting = u64::from(*print) << 32 | u64::from(text);
            self.deal((print >> 24) as usize, posting)?;
        }
        Ok(())
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

    /// Adds what is still in hand.
    pub fn finish(self) -> Result<(), P::Error> {
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

/// The pairs worth a look, as far as what they share changed since rows were counted last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidates {
    /// The pairs that may be versions, ascending.
    pub pairs: Vec<Pair>,
    /// Pairs that share too little for that, ascending: they may be related otherwise.
    pub faint: Vec<Pair>,
    /// Pairs that may be no versions any more, ascending.
    pub gone: Vec<Pair>,
    /// Says of every text, changed or not, whether most of its fingerprints are common, so that it lacks most of its
    /// pairs.
    pub crowded: Vec<bool>,
    /// The texts that were crowded and are not, or the other way round.
    pub turned: Vec<u32>,
}

/// The texts that stand in rows, by number.
#[derive(Clone, Copy, Debug)]
pub struct Texts<'a> {
    /// Their order in a row: the hash of their words.
    pub order: &'a [u64],
    /// Which there were when rows were counted last.
    pub was: &'a [bool],
    /// Which there are now.
    pub is: &'a [bool],
}

/// How many fingerprints of a text stand in rows of which length.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    all: u32,
    /// Rows no longer than each of [`ROWS`], and longer than the one before.
    of: [u32; ROWS.len()],
}

/// Where rows and pairs wait, and what was counted before.
pub struct Counting<'a, S: Postings, P: Parts<Error = S::Error>> {
    /// All fingerprints.
    pub postings: &'a mut S,
    /// Pairs that came and pairs that went.
    pub pairs: [&'a mut P; 2],
    /// By text: as it was counted, and as it is now.
    pub counted: &'a mut [Rows],
    /// Takes in by how much it changes what a pair shares, ascending by pair, and gives how many fingerprints that were.
    pub shared: &'a mut dyn FnMut(Pair, i64) -> Result<u32, S::Error>,
    /// Takes in how much is done of how much.
    pub progress: &'a mut dyn FnMut(u64, u64),
}

impl Rows {
    fn add(&mut self, length: usize) {
        self.all += 1;
        if let Some(count) = self.of.get_mut(step(length)) {
            *count += 1;
        }
    }

    fn remove(&mut self, length: usize) {
        self.all = self.all.saturating_sub(1);
        if let Some(count) = self.of.get_mut(step(length)) {
            *count = count.saturating_sub(1);
        }
    }

    /// Which step of [`ROWS`] the longest row has that the text is active in.
    fn reach(&self) -> u8 {
        let mut sum = 0;
        for (step, count) in (0..).zip(self.of) {
            sum += count;
            if 2 * sum >= self.all {
                return step;
            }
        }
        ROWS.len() as u8
    }

    /// The numbers that it is made of, for keeping.
    pub fn to_numbers(self) -> [u32; ROWS.len() + 1] {
        let mut numbers = [self.all; ROWS.len() + 1];
        numbers[1..].copy_from_slice(&self.of);
        numbers
    }

    /// Made of those numbers again.
    pub fn from_numbers([all, of @ ..]: [u32; ROWS.len() + 1]) -> Self {
        Self { all, of }
    }
}

/// Which of [`ROWS`] a row of that length counts for.
fn step(length: usize) -> usize {
    ROWS.partition_point(|most| *most < length)
}

/// What a row asks of a text, in one byte: rows are long and texts stand far apart.
#[derive(Clone, Copy, PartialEq)]
struct Standing(u8);

impl Standing {
    fn new([was, is]: [bool; 2], [reached, reaches]: [u8; 2]) -> Self {
        Self(u8::from(was) | u8::from(is) << 1 | reached << 2 | reaches << 5)
    }

    /// Whether it was there; whether it is there.
    fn there(self, now: bool) -> bool {
        self.0 >> u8::from(now) & 1 == 1
    }

    fn came_or_went(self) -> bool {
        self.there(false) != self.there(true)
    }

    /// Which step of [`ROWS`] it was, or is, active up to.
    fn reach(self, now: bool) -> u8 {
        self.0 >> if now { 5 } else { 2 } & 7
    }
}

/// Says whether most fingerprints of a text that reaches so far are common.
fn is_crowded(reach: u8) -> bool {
    usize::from(reach) > step(COMMON)
}

/// Says whether texts that share so many fingerprints may be related although they share too little for versions.
pub fn is_faint(count: u32, [a, b]: [Rows; 2]) -> bool {
    let share = f64::from(count) / f64::from(a.all.min(b.all));
    (FAINT..SHARE).contains(&share)
}

/// Proposes pairs. Nothing when cancelled.
pub fn candidates<S: Postings, P: Parts<Error = S::Error>>(
    texts: &Texts<'_>,
    counting: Counting<'_, S, P>,
    cancel: &Cancel,
) -> Result<Option<Candidates>, S::Error> {
    let Counting {
        postings,
        pairs: [more, fewer],
        counted,
        shared,
        progress,
    } = counting;
    let steps = 3 * PARTS as u64;
    let reach = |counted: &[Rows]| -> Vec<u8> { counted.iter().map(Rows::reach).collect() };
    let reached = reach(counted);
    let mut wanted: Vec<bool> = texts
        .was
        .iter()
        .zip(texts.is)
        .map(|(was, is)| was != is)
        .collect();
    postings.each(&wanted, &mut |part, rows| {
        progress(part as u64, steps);
        count(texts, rows, counted);
        Ok(!cancel.is_cancelled())
    })?;
    let reaches = reach(counted);
    let mut found = Candidates {
        crowded: reaches.iter().map(|it| is_crowded(*it)).collect(),
        ..Candidates::default()
    };
    for (text, (was, is)) in (0u32..).zip(reached.iter().zip(&reaches)) {
        wanted[text as usize] |= was != is;
        if is_crowded(*was) != is_crowded(*is) {
            found.turned.push(text);
        }
    }

    let there = texts.was.iter().zip(texts.is);
    let reach = reached.iter().zip(&reaches);
    let standings = there.zip(reach);
    let standings: Vec<Standing> = standings
        .map(|((was, is), (reached, reaches))| Standing::new([*was, *is], [*reached, *reaches]))
        .collect();
    drop((reached, reaches));

    // The upper bits of the smaller text say which part a pair is dealt into.
    let shift = (u32::BITS - (texts.is.len() as u32).leading_zeros()).saturating_sub(8);
    let (mut more_dealer, mut fewer_dealer) = (Dealer::new(&mut *more), Dealer::new(&mut *fewer));
    let mut proposer = Proposer::default();
    postings.each(&wanted, &mut |part, rows| {
        progress((PARTS + part) as u64, steps);
        for row in rows.chunk_by(|a, b| a >> 32 == b >> 32) {
            proposer.compare(texts.order, row, &standings);
            let part = |pair: u64| (pair >> 32 >> shift) as usize;
            for pair in &proposer.more {
                more_dealer.deal(part(*pair), *pair)?;
            }
            for pair in &proposer.fewer {
                fewer_dealer.deal(part(*pair), *pair)?;
            }
        }
        Ok(!cancel.is_cancelled())
    })?;
    more_dealer.finish()?;
    fewer_dealer.finish()?;

    for part in 0..PARTS {
        if cancel.is_cancelled() {
            return Ok(None);
        }
        progress((2 * PARTS + part) as u64, steps);
        let (mut came, mut went) = (more.take(part)?, fewer.take(part)?);
        came.sort_unstable();
        went.sort_unstable();
        let (mut came, mut went) = (&came[..], &went[..]);
        while let Some(pair) = came.first().into_iter().chain(went.first()).min().copied() {
            let change = i64::from(run(&mut came, pair)) - i64::from(run(&mut went, pair));
            if change == 0 {
                continue;
            }
            let (a, b) = ((pair >> 32) as u32, pair as u32);
            let before = shared((a, b), change)?;
            let count = (i64::from(before) + change).max(0);
            let smaller = counted[a as usize].all.min(counted[b as usize].all);
            let share = count as f64 / f64::from(smaller);
            if count > 0 && share >= SHARE {
                found.pairs.push((a, b));
            } else {
                if count > 0 && share >= FAINT {
                    found.faint.push((a, b));
                }
                if before > 0 {
                    found.gone.push((a, b));
                }
            }
        }
    }
    Ok(Some(found))
}

fn key(a: u32, b: u32) -> u64 {
    u64::from(a) << 32 | u64::from(b)
}

/// How often a sorted list begins with a number; takes these off.
fn run(list: &mut &[u64], number: u64) -> u32 {
    let count = list.iter().take_while(|it| **it == number).count();
    *list = &list[count..];
    count as u32
}

/// Counts rows for the texts in them.
fn count(texts: &Texts<'_>, rows: &[u64], counted: &mut [Rows]) {
    let text = |posting: &u64| *posting as u32 as usize;
    for row in rows.chunk_by(|a, b| a >> 32 == b >> 32) {
        let (mut was, mut is, mut changed) = (0, 0, false);
        for text in row.iter().map(text) {
            was += usize::from(texts.was[text]);
            is += usize::from(texts.is[text]);
            changed |= texts.was[text] != texts.is[text];
        }
        if !changed {
            continue;
        }
        // Nothing changes for a text that stays while the row does not reach another length.
        let same = was > 0 && is > 0 && step(was) == step(is);
        for text in row.iter().map(text) {
            if same && texts.was[text] == texts.is[text] {
                continue;
            }
            if texts.was[text] {
                counted[text].remove(was);
            }
            if texts.is[text] {
                counted[text].add(is);
            }
        }
    }
}

/// Takes out of two sorted lists, which have each number once, what stands in both.
fn part(one: &mut Vec<u64>, other: &mut Vec<u64>) {
    let (mut at, mut of_other, mut kept, mut kept_of_other) = (0, 0, 0, 0);
    while let (Some(a), Some(b)) = (one.get(at).copied(), other.get(of_other).copied()) {
        if a < b {
            one[kept] = a;
            (at, kept) = (at + 1, kept + 1);
        } else if b < a {
            other[kept_of_other] = b;
            (of_other, kept_of_other) = (of_other + 1, kept_of_other + 1);
        } else {
            (at, of_other) = (at + 1, of_other + 1);
        }
    }
    one.drain(kept..at);
    other.drain(kept_of_other..of_other);
}

/// A text in a row: its order, its number, and whether it is active.
type Holder = (u64, u32, bool);

/// Finds which pairs a row proposes that it did not propose before, and the other way round.
#[derive(Default)]
struct Proposer {
    more: Vec<u64>,
    fewer: Vec<u64>,
    holders: Vec<Holder>,
    active: Vec<Holder>,
}

impl Proposer {
    fn compare(&mut self, order: &[u64], row: &[u64], standings: &[Standing]) {
        self.more.clear();
        self.fewer.clear();
        let (mut was, mut is, mut changed, mut active) = (0, 0, false, false);
        for standing in row.iter().map(|it| standings[*it as u32 as usize]) {
            was += usize::from(standing.there(false));
            is += usize::from(standing.there(true));
            changed |= standing.came_or_went();
            active |= standing.reach(false) != standing.reach(true);
        }
        if !changed && (!active || is <= FEW) {
            return;
        }
        if was > 1 {
            self.propose(order, row, standings, false, was);
            std::mem::swap(&mut self.more, &mut self.fewer);
        }
        if is > 1 {
            self.propose(order, row, standings, true, is);
        }
        if self.more.is_empty() || self.fewer.is_empty() {
            return;
        }
        // What stays is neither.
        self.more.sort_unstable();
        self.fewer.sort_unstable();
        part(&mut self.more, &mut self.fewer);
    }

    /// Proposes the pairs of one row: of those texts in it that are there `now`, or were, `length` of them.
    fn propose(
        &mut self,
        order: &[u64],
        row: &[u64],
        standings: &[Standing],
        now: bool,
        length: usize,
    ) {
        let standing = |text: u32| standings[text as usize];
        let numbers = row.iter().map(|posting| *posting as u32);
        let numbers = numbers.filter(|text| standing(*text).there(now));
        let Self {
            more,
            holders,
            active,
            ..
        } = self;
        let mut pair = |a: u32, b: u32| more.push(key(a.min(b), a.max(b)));
        if length <= FEW {
            for (at, a) in numbers.clone().enumerate() {
                for b in numbers.clone().skip(at + 1) {
                    pair(a, b);
                }
            }
            return;
        }
        let reaches = step(length) as u8;
        let is_active = |text: &u32| standing(*text).reach(now) >= reaches;
        active.clear();
        active.extend(
            numbers
                .clone()
                .filter(is_active)
                .map(|text| (order[text as usize], text, true)),
        );
        if active.is_empty() {
            return;
        }
        active.sort_unstable();
        holders.clear();
        // A family, or the frame of some site.
        if 2 * active.len() >= length {
            holders.extend(numbers.map(|text| (order[text as usize], text, is_active(&text))));
        } else {
            holders.extend_from_slice(active);
        }
        holders.sort_unstable();
        let within = match length <= COMMON {
            true => COMMON,
            false => NEIGHBOURS,
        };
        let mut behind = 0;
        for holder @ (_, text, is_active) in holders.iter() {
            behind += usize::from(active.get(behind) == Some(holder));
            for (_, other, _) in active[behind..].iter().take(within) {
                pair(*text, *other);
            }
            // A text that is not active is paired with the active ones in front of it too, or the last would have none.
            if !is_active {
                for (_, other, _) in active[..behind].iter().rev().take(within) {
                    pair(*other, *text);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::part;

    #[test]
    fn what_stands_in_both_lists_goes_from_both() {
        for (one, other, left) in [
            (&[1, 2, 5, 9][..], &[2, 3, 9][..], (&[1, 5][..], &[3][..])),
            (&[], &[4], (&[], &[4])),
            (&[4], &[4], (&[], &[])),
            (&[1, 2], &[3, 4], (&[1, 2], &[3, 4])),
            (&[7, 8], &[1, 7], (&[8], &[1])),
        ] {
            let (mut one, mut other) = (one.to_vec(), other.to_vec());
            part(&mut one, &mut other);
            assert_eq!((&one[..], &other[..]), left);
        }
    }
}
