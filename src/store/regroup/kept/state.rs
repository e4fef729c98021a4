//! What was found the last time, in three files: texts, the counts of pairs, and the evidence on pairs.

use std::io;

use super::super::decide::{Found, Judged, Texts};
use super::super::file::{Numbers, Writer, damaged, push, push_signed};
use crate::group::{Agreement, Dates, Evidence, Overlap, Pair, Rows, SharedBlocks, Titles};

/// What the file of texts holds.
#[derive(Default)]
pub(super) struct Kept {
    pub was: Vec<bool>,
    pub leaders: Vec<u32>,
    pub rows: Vec<Rows>,
    pub digests: Vec<u64>,
}

/// Writes what is known of texts.
pub(super) fn write_texts(texts: &Texts, found: &Found, file: &mut Writer) -> io::Result<()> {
    let mut bytes = Vec::new();
    for text in 0..texts.is.len() {
        if !texts.is[text] {
            bytes.push(0);
        } else {
            bytes.push(1);
            push_signed(&mut bytes, i64::from(texts.leaders[text]) - text as i64);
            for number in found.rows[text].to_numbers() {
                push(&mut bytes, u64::from(number));
            }
            bytes.extend(found.digests[text].to_le_bytes());
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
        let (is, leader, rows, digest) = text(&mut numbers, kept.was.len()).ok_or_else(damaged)?;
        kept.was.push(is);
        kept.leaders.push(leader);
        kept.rows.push(rows);
        kept.digests.push(digest);
    }
    Ok(kept)
}

fn text(numbers: &mut Numbers<'_>, at: usize) -> Option<(bool, u32, Rows, u64)> {
    if numbers.byte()? == 0 {
        return Some((false, u32::MAX, Rows::default(), 0));
    }
    let leader = u32::try_from(at as i64 + numbers.signed()?).ok()?;
    let mut rows = Rows::default().to_numbers();
    for number in &mut rows {
        *number = numbers.small()?;
    }
    Some((true, leader, Rows::from_numbers(rows), numbers.eight()?))
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

/// Writes how many fingerprints pairs share.
pub(super) struct Counts {
    file: Writer,
    pairs: Pairs,
    bytes: Vec<u8>,
}

impl Counts {
    pub fn new(file: Writer) -> Self {
        Self {
            file,
            pairs: Pairs::default(),
            bytes: Vec::new(),
        }
    }

    pub fn put(&mut self, pair: Pair, count: u32) -> io::Result<()> {
        self.pairs.push(&mut self.bytes, pair);
        push(&mut self.bytes, u64::from(count));
        if self.bytes.len() > 1 << 16 {
            self.file.put(&self.bytes)?;
            self.bytes.clear();
        }
        Ok(())
    }

    pub fn finish(mut self) -> io::Result<()> {
        self.file.put(&self.bytes)?;
        self.file.finish()
    }
}

/// Reads how many fingerprints pairs share.
pub(super) fn counts(bytes: &[u8]) -> impl Iterator<Item = (Pair, u32)> + '_ {
    let (mut pairs, mut numbers) = (Pairs::default(), Numbers(bytes));
    std::iter::from_fn(move || Some((pairs.next(&mut numbers)?, numbers.small()?)))
}

/// Writes the evidence on pairs.
pub(super) fn write_judged(judged: &[Judged], file: &mut Writer) -> io::Result<()> {
    let (mut pairs, mut bytes) = (Pairs::default(), Vec::new());
    for it in judged {
        pairs.push(&mut bytes, it.pair);
        push_signed(&mut bytes, i64::from(it.first));
        push_evidence(&mut bytes, &it.evidence);
        if bytes.len() > 1 << 16 {
            file.put(&bytes)?;
            bytes.clear();
        }
    }
    file.put(&bytes)
}

/// Reads it again.
pub(super) fn read_judged(bytes: &[u8]) -> io::Result<Vec<Judged>> {
    let (mut pairs, mut numbers) = (Pairs::default(), Numbers(bytes));
    let mut judged = Vec::new();
    let mut next = |numbers: &mut Numbers<'_>| {
        Some(Judged {
            pair: pairs.next(numbers)?,
            first: i32::try_from(numbers.signed()?).ok()?,
            evidence: evidence(numbers)?,
        })
    };
    while !numbers.0.is_empty() {
        judged.push(next(&mut numbers).ok_or_else(damaged)?);
    }
    Ok(judged)
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
