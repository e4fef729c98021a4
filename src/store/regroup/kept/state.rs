//! What was found the last time, in four files: texts, the weights of grams, the counts of pairs, and the evidence on
//! pairs.

use std::io;

use super::super::decide::{Found, Judged, Texts};
use super::super::file::{Numbers, Writer, damaged, push, push_signed};
use crate::group::{
    Agreement, Dates, Evidence, Overlap, Pair, Rows, SharedBlocks, Titles, Weights,
};

/// What the file of texts holds.
#[derive(Default)]
pub(super) struct Kept {
    pub was: Vec<bool>,
    pub leaders: Vec<u32>,
    pub rows: Vec<Rows>,
    pub digests: Vec<u64>,
    pub spans: Vec<f32>,
    pub names: [Vec<u32>; 2],
}

/// Writes what is known of texts.
pub(super) fn write_texts(texts: &Texts, found: &Found, file: &mut Writer) -> io::Result<()> {
    let mut bytes = Vec::new();
    for text in 0..texts.is.len() {
        let span = Some(found.spans[text]).filter(|span| span.is_finite());
        if !texts.is[text] {
            bytes.push(0);
        } else {
            bytes.push(1 | u8::from(span.is_some()) << 1);
            bytes.extend(span.map(f32::to_le_bytes).iter().flatten());
            push_signed(&mut bytes, i64::from(texts.leaders[text]) - text as i64);
            for number in found.rows[text].to_numbers() {
                push(&mut bytes, u64::from(number));
            }
            bytes.extend(found.digests[text].to_le_bytes());
            for names in &found.names {
                push_signed(&mut bytes, i64::from(names[text]) - text as i64);
            }
        }
        if bytes.len() > 1 << 16 {
            file.put(&bytes)?;
            bytes.clear();
        }
    }
    file.put(&bytes)
}

/// Reads it again.
pub(super) fn read_texts(bytes: &[u8]) -> io::Result<Kept> {
    let mut kept = Kept::default();
    let mut numbers = Numbers(bytes);
    while !numbers.0.is_empty() {
        let at = kept.was.len();
        let (is, span, leader, rows, digest, names) = text(&mut numbers, at).ok_or_else(damaged)?;
        kept.was.push(is);
        kept.leaders.push(leader);
        kept.rows.push(rows);
        kept.digests.push(digest);
        kept.spans.push(span);
        kept.names[0].push(names[0]);
        kept.names[1].push(names[1]);
    }
    Ok(kept)
}

fn text(numbers: &mut Numbers<'_>, at: usize) -> Option<(bool, f32, u32, Rows, u64, [u32; 2])> {
    let span = match numbers.byte()? {
        0 => {
            let alone = u32::try_from(at).ok()?;
            return Some((
                false,
                f32::INFINITY,
                u32::MAX,
                Rows::default(),
                0,
                [alone; 2],
            ));
        }
        1 => f32::INFINITY,
        _ => numbers.float()?,
    };
    let leader = u32::try_from(at as i64 + numbers.signed()?).ok()?;
    let mut rows = Rows::default().to_numbers();
    for number in &mut rows {
        *number = numbers.small()?;
    }
    let digest = numbers.eight()?;
    let mut name = || u32::try_from(at as i64 + numbers.signed()?).ok();
    let names = [name()?, name()?];
    Some((true, span, leader, Rows::from_numbers(rows), digest, names))
}

/// Writes which grams weigh less.
pub(super) fn write_weights(weights: &Weights, file: &mut Writer) -> io::Result<()> {
    let (mut bytes, mut last) = (Vec::new(), 0);
    for (gram, step) in weights.steps() {
        push(&mut bytes, u64::from(gram - last));
        bytes.push(step);
        last = gram;
    }
    file.put(&bytes)
}

/// Reads it again.
pub(super) fn read_weights(bytes: &[u8]) -> io::Result<Weights> {
    let (mut numbers, mut gram, mut whole) = (Numbers(bytes), 0u32, true);
    let steps = std::iter::from_fn(|| {
        let more = !numbers.0.is_empty();
        let mut next = || {
            gram = gram.checked_add(numbers.small()?)?;
            Some((gram, numbers.byte()?))
        };
        let step = if more { next() } else { None };
        whole = step.is_some() || !more;
        step
    });
    let weights = Weights::from_steps(steps);
    if whole { Ok(weights) } else { Err(damaged()) }
}

/// Pairs in ascending order, as differences.
#[derive(Clone, Copy, Default)]
struct Pairs {
    last: Pair,
}

impl Pairs {
    fn push(&mut self, bytes: &mut Vec<u8>, (a, b): Pair) {
        push(bytes, u64::from(a - self.last.0));
        let from = if a == self.last.0 { self.last.1 } else { a };
        push(bytes, u64::from(b - from));
        self.last = (a, b);
    }

    fn next(&mut self, numbers: &mut Numbers<'_>) -> Option<Pair> {
        let a = self.last.0.checked_add(numbers.small()?)?;
        let from = if a == self.last.0 { self.last.1 } else { a };
        self.last = (a, from.checked_add(numbers.small()?)?);
        Some(self.last)
    }
}

/// How many fingerprints pairs share: what changes is written anew, the rest is copied as it stands.
pub(super) struct Shared<'a> {
    file: Writer,
    known: &'a [u8],
    /// How much of it was copied, or left out.
    copied: usize,
    /// Behind `next`.
    numbers: Numbers<'a>,
    read: Pairs,
    next: Option<Known>,
    written: Pairs,
    /// Whether `next` follows another pair than it did.
    moved: bool,
    bytes: Vec<u8>,
}

/// A pair, what it shares, and where it stands.
#[derive(Clone, Copy)]
struct Known {
    pair: Pair,
    count: u32,
    start: usize,
}

impl<'a> Shared<'a> {
    pub fn new(known: &'a [u8], file: Writer) -> Self {
        let mut shared = Self {
            file,
            known,
            copied: 0,
            numbers: Numbers(known),
            read: Pairs::default(),
            next: None,
            written: Pairs::default(),
            moved: false,
            bytes: Vec::new(),
        };
        shared.advance();
        shared
    }

    fn place(&self) -> usize {
        self.known.len() - self.numbers.0.len()
    }

    fn advance(&mut self) {
        self.next = self.read();
    }

    fn read(&mut self) -> Option<Known> {
        let start = self.place();
        Some(Known {
            pair: self.read.next(&mut self.numbers)?,
            count: self.numbers.small()?,
            start,
        })
    }

    /// Goes on behind a pair that stays.
    #[inline]
    fn pass(&mut self, stays: Known) {
        if self.moved {
            self.moved = false;
            self.write(stays.pair, stays.count);
            self.copied = self.place();
        }
        self.written.last = stays.pair;
        self.advance();
    }

    fn write(&mut self, pair: Pair, count: u32) {
        self.written.push(&mut self.bytes, pair);
        push(&mut self.bytes, u64::from(count));
    }

    /// Copies what stands in front of a place and was not copied yet.
    fn copy(&mut self, end: usize) -> io::Result<()> {
        let span = self.known.get(self.copied..end).unwrap_or_default();
        self.copied = self.copied.max(end);
        self.bytes.extend_from_slice(span);
        if self.bytes.len() > 1 << 16 {
            self.file.put(&self.bytes)?;
            self.bytes.clear();
        }
        Ok(())
    }

    /// Changes what a pair shares and gives what it was; pairs come in ascending order.
    pub fn change(&mut self, pair: Pair, change: i64) -> io::Result<u32> {
        while let Some(stays) = self.next.filter(|next| next.pair < pair) {
            self.pass(stays);
        }
        self.copy(self.next.map_or(self.known.len(), |next| next.start))?;
        let known = self.next.filter(|next| next.pair == pair);
        let before = known.map_or(0, |known| known.count);
        if known.is_some() {
            self.copied = self.place();
            self.advance();
        }
        let now = (i64::from(before) + change).max(0);
        if now > 0 {
            self.write(pair, u32::try_from(now).unwrap_or(u32::MAX));
        }
        self.moved = true;
        Ok(before)
    }

    /// Writes the rest.
    pub fn finish(mut self) -> io::Result<()> {
        if let Some(next) = self.next.filter(|_| self.moved) {
            self.pass(next);
        }
        self.copy(self.known.len())?;
        self.file.put(&self.bytes)?;
        self.file.finish()
    }
}

/// Reads how many fingerprints pairs share.
pub(super) fn counts(bytes: &[u8]) -> impl Iterator<Item = (Pair, u32)> + '_ {
    let (mut pairs, mut numbers) = (Pairs::default(), Numbers(bytes));
    std::iter::from_fn(move || Some((pairs.next(&mut numbers)?, numbers.small()?)))
}

/// Writes the evidence on pairs, behind those pairs that could not be judged.
pub(super) fn write_judged(judged: &[Judged], lost: &[Pair], file: &mut Writer) -> io::Result<()> {
    let (mut pairs, mut bytes) = (Pairs::default(), Vec::new());
    push(&mut bytes, lost.len() as u64);
    for (a, b) in lost {
        push(&mut bytes, u64::from(*a));
        push(&mut bytes, u64::from(*b));
    }
    for it in judged {
        pairs.push(&mut bytes, it.pair);
        let drifts = it.drift > 0.0;
        push_signed(&mut bytes, i64::from(it.first) << 1 | i64::from(drifts));
        bytes.extend(drifts.then(|| it.drift.to_le_bytes()).iter().flatten());
        push_evidence(&mut bytes, &it.evidence);
        if bytes.len() > 1 << 16 {
            file.put(&bytes)?;
            bytes.clear();
        }
    }
    file.put(&bytes)
}

/// Reads it again.
pub(super) fn read_judged(bytes: &[u8]) -> io::Result<(Vec<Judged>, Vec<Pair>)> {
    let (lost, judged) = judged(bytes)?;
    Ok((judged.collect::<io::Result<_>>()?, lost))
}

/// The same, one after the other, behind those that could not be judged.
pub(super) fn judged(
    bytes: &[u8],
) -> io::Result<(Vec<Pair>, impl Iterator<Item = io::Result<Judged>> + '_)> {
    let (mut pairs, mut numbers, mut lost) = (Pairs::default(), Numbers(bytes), Vec::new());
    for _ in 0..numbers.next().ok_or_else(damaged)? {
        let mut text = || numbers.small().ok_or_else(damaged);
        lost.push((text()?, text()?));
    }
    let mut next = move |numbers: &mut Numbers<'_>| {
        let pair = pairs.next(numbers)?;
        let first = numbers.signed()?;
        Some(Judged {
            pair,
            first: i32::try_from(first >> 1).ok()?,
            drift: match first & 1 {
                0 => 0.0,
                _ => numbers.float()?,
            },
            evidence: evidence(numbers)?,
        })
    };
    let judged = std::iter::from_fn(move || {
        (!numbers.0.is_empty()).then(|| next(&mut numbers).ok_or_else(damaged))
    });
    Ok((lost, judged))
}

/// The shares of both sides; 0 and 1, which most of them are, take no room.
fn push_evidence(bytes: &mut Vec<u8>, evidence: &Evidence) {
    let Evidence {
        overlap,
        numbers,
        names,
        titles,
        dates,
        same_address,
    } = evidence;
    let Overlap {
        shared,
        plain,
        body,
        weight,
        frame,
        own_stretch,
        blocks,
        short,
    } = overlap;
    let titles = match titles {
        Titles::Unknown => 0,
        Titles::Same => 1,
        Titles::OtherNumbers => 2,
        Titles::Other => 3,
    };
    let dates = match dates {
        Dates::Unknown => 0,
        Dates::Same => 1,
        Dates::Other => 2,
    };
    bytes.push(titles | dates << 2 | u8::from(*same_address) << 4 | u8::from(*short) << 5);
    let small = [
        *shared,
        blocks.a,
        blocks.of_a,
        blocks.b,
        blocks.of_b,
        numbers.same,
        numbers.other,
        names.same,
        names.other,
    ];
    for number in small {
        push(bytes, u64::from(number));
    }
    let shares = [plain, body, weight, frame, own_stretch].map(|it| it.map(f64::to_bits));
    let shares = shares.as_flattened();
    let kinds = shares.iter().enumerate().map(|(at, bits)| {
        let kind = match *bits {
            ZERO => 0,
            ONE => 1,
            _ => 2,
        };
        kind << (2 * at)
    });
    push(bytes, kinds.sum());
    for bits in shares.iter().filter(|bits| ![ZERO, ONE].contains(bits)) {
        bytes.extend(bits.to_le_bytes());
    }
}

const ZERO: u64 = 0f64.to_bits();
const ONE: u64 = 1f64.to_bits();

fn evidence(numbers: &mut Numbers<'_>) -> Option<Evidence> {
    let flags = numbers.byte()?;
    let mut small = [0; 9];
    for number in &mut small {
        *number = numbers.small()?;
    }
    let kinds = numbers.next()?;
    let mut shares = [[0.0; 2]; 5];
    for (at, share) in shares.as_flattened_mut().iter_mut().enumerate() {
        *share = match kinds >> (2 * at) & 3 {
            0 => 0.0,
            1 => 1.0,
            _ => f64::from_bits(numbers.eight()?),
        };
    }
    let [plain, body, weight, frame, own_stretch] = shares;
    let [
        shared,
        a,
        of_a,
        b,
        of_b,
        same,
        other,
        names_same,
        names_other,
    ] = small;
    Some(Evidence {
        overlap: Overlap {
            shared,
            plain,
            body,
            weight,
            frame,
            own_stretch,
            blocks: SharedBlocks { a, of_a, b, of_b },
            short: flags >> 5 & 1 == 1,
        },
        numbers: Agreement { same, other },
        names: Agreement {
            same: names_same,
            other: names_other,
        },
        titles: match flags & 3 {
            0 => Titles::Unknown,
            1 => Titles::Same,
            2 => Titles::OtherNumbers,
            _ => Titles::Other,
        },
        dates: match flags >> 2 & 3 {
            0 => Dates::Unknown,
            1 => Dates::Same,
            _ => Dates::Other,
        },
        same_address: flags >> 4 & 1 == 1,
    })
}
