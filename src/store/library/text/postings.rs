//! Walking the lists of a segment: one term, all terms that begin so, and terms one behind the other.

use std::io;

use tantivy::postings::{Postings, SegmentPostings, TermInfo};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, InvertedIndexReader, TERMINATED};

use super::lookup::{Lookup, Slot, Terms};
use super::tokens::JOINT;
use crate::cancel::Cancel;

/// One search in one field of one segment.
pub struct Search<'a> {
    pub index: &'a InvertedIndexReader,
    pub rows: u32,
    /// How often it stands there is asked too.
    pub counts: bool,
    pub cancel: &'a Cancel,
}

/// The place where the first slot would stand: the row, and the position in it.
type Start = (u32, u32);

/// How many rows are walked between two looks at the flag.
const POLL_EVERY: u32 = 1024;

/// In how many rows the word of a lookup stands.
pub fn spread(index: &InvertedIndexReader, word: &Lookup) -> io::Result<u64> {
    let [slot] = word.slots.as_slice() else {
        return Ok(0);
    };
    let Terms::One(term) = &slot.terms else {
        return Ok(0);
    };
    let info = index.terms().get(term)?;
    Ok(info.map_or(0, |info| u64::from(info.doc_freq)))
}

impl Search<'_> {
    /// Hands over each row where the terms stand, and how often (1 unless counts are asked).
    pub fn find(&mut self, lookup: &Lookup, each: &mut dyn FnMut(u32, u32)) -> io::Result<()> {
        if let [slot] = lookup.slots.as_slice() {
            return match &slot.terms {
                Terms::One(term) => self.one(term, each),
                Terms::From { .. } => self.all(slot, each),
            };
        }
        let (single, several): (Vec<&Slot>, Vec<&Slot>) = lookup
            .slots
            .iter()
            .partition(|slot| matches!(slot.terms, Terms::One(_)));
        let mut lists = Vec::new();
        for slot in single {
            let Some(list) = self.list(slot)? else {
                return Ok(());
            };
            lists.push(list);
        }
        if several.is_empty() {
            self.phrase(&mut lists, &mut |row, starts| {
                each(row, u32::try_from(starts.len()).unwrap_or(u32::MAX));
            });
            return Ok(());
        }
        let mut starts: Vec<Start> = Vec::new();
        let mut several = several.into_iter();
        if lists.is_empty() {
            if let Some(slot) = several.next() {
                starts = self.starts(slot)?;
            }
        } else {
            // Every start is needed: what follows takes some away.
            let counts = std::mem::replace(&mut self.counts, true);
            self.phrase(&mut lists, &mut |row, found| {
                starts.extend(found.iter().map(|start| (row, *start)));
            });
            self.counts = counts;
        }
        for slot in several {
            self.keep(&mut starts, slot)?;
        }
        for same in starts.chunk_by(|a, b| a.0 == b.0) {
            each(same[0].0, u32::try_from(same.len()).unwrap_or(u32::MAX));
        }
        Ok(())
    }

    fn one(&self, term: &str, each: &mut dyn FnMut(u32, u32)) -> io::Result<()> {
        match self.index.terms().get(term)? {
            Some(info) => self.rows_of(&info, each),
            None => Ok(()),
        }
    }

    fn rows_of(&self, info: &TermInfo, each: &mut dyn FnMut(u32, u32)) -> io::Result<()> {
        let option = match self.counts {
            true => IndexRecordOption::WithFreqs,
            false => IndexRecordOption::Basic,
        };
        let mut blocks = self.index.read_block_postings_from_terminfo(info, option)?;
        while !blocks.docs().is_empty() && !self.cancel.is_cancelled() {
            if self.counts {
                for (row, count) in blocks.docs().iter().zip(blocks.freqs()) {
                    each(*row, *count);
                }
            } else {
                for row in blocks.docs() {
                    each(*row, 1);
                }
            }
            blocks.advance();
        }
        Ok(())
    }

    /// The rows of every term of a slot.
    fn all(&self, slot: &Slot, each: &mut dyn FnMut(u32, u32)) -> io::Result<()> {
        if !self.counts {
            return self.each_term(slot, |info| self.rows_of(info, each));
        }
        let mut sums = vec![0u32; self.rows as usize];
        self.each_term(slot, |info| {
            self.rows_of(info, &mut |row, count| {
                if let Some(sum) = sums.get_mut(row as usize) {
                    *sum = sum.saturating_add(count);
                }
            })
        })?;
        for (row, sum) in (0..).zip(sums) {
            if sum > 0 {
                each(row, sum);
            }
        }
        Ok(())
    }

    /// The terms of a slot in order.
    fn each_term(
        &self,
        slot: &Slot,
        mut each: impl FnMut(&TermInfo) -> io::Result<()>,
    ) -> io::Result<()> {
        let terms = self.index.terms();
        let (start, single) = match &slot.terms {
            Terms::One(term) => return terms.get(term)?.map_or(Ok(()), |info| each(&info)),
            Terms::From { start, single } => (start, *single),
        };
        let mut end = start.clone().into_bytes();
        // No byte of UTF-8 is the greatest there is.
        if let Some(last) = end.last_mut() {
            *last += 1;
        }
        let mut stream = terms.range().ge(start.as_bytes()).lt(&end).into_stream()?;
        while stream.advance() && !self.cancel.is_cancelled() {
            if single && stream.key().contains(&(JOINT as u8)) {
                continue;
            }
            each(stream.value())?;
        }
        Ok(())
    }

    fn list(&self, slot: &Slot) -> io::Result<Option<(SegmentPostings, u32)>> {
        let Terms::One(term) = &slot.terms else {
            return Ok(None);
        };
        let Some(info) = self.index.terms().get(term)? else {
            return Ok(None);
        };
        Ok(Some((self.positions(&info)?, slot.offset)))
    }

    fn positions(&self, info: &TermInfo) -> io::Result<SegmentPostings> {
        let option = IndexRecordOption::WithFreqsAndPositions;
        self.index.read_postings_from_terminfo(info, option)
    }

    /// The rows where the lists stand at their offsets from one place, with all such places, or one when counts are
    /// not asked. Rows where all of them stand somewhere are found by leaping, the shortest list first.
    fn phrase(&self, lists: &mut [(SegmentPostings, u32)], each: &mut dyn FnMut(u32, &[u32])) {
        lists.sort_by_key(|(list, _)| list.size_hint());
        let Some(((lead, lead_offset), others)) = lists.split_first_mut() else {
            return;
        };
        let (mut starts, mut positions) = (Vec::new(), Vec::new());
        let mut row = lead.doc();
        let mut walked = 0u32;
        'rows: while row != TERMINATED {
            walked += 1;
            if walked.is_multiple_of(POLL_EVERY) && self.cancel.is_cancelled() {
                return;
            }
            for (other, _) in others.iter_mut() {
                let there = other.seek(row.max(other.doc()));
                if there > row {
                    row = lead.seek(there);
                    continue 'rows;
                }
            }
            lead.positions(&mut positions);
            starts.clear();
            let before = positions.iter().map(|at| at.checked_sub(*lead_offset));
            starts.extend(before.flatten());
            for (other, offset) in others.iter_mut() {
                other.positions(&mut positions);
                keep_common(&mut starts, &positions, *offset);
                if starts.is_empty() {
                    break;
                }
            }
            if !starts.is_empty() {
                starts.truncate(if self.counts { starts.len() } else { 1 });
                each(row, &starts);
            }
            row = lead.advance();
        }
    }

    /// Every start that a slot of several terms allows, in order.
    fn starts(&self, slot: &Slot) -> io::Result<Vec<Start>> {
        let mut starts = Vec::new();
        let mut positions = Vec::new();
        self.each_term(slot, |info| {
            let mut list = self.positions(info)?;
            while list.doc() != TERMINATED {
                list.positions(&mut positions);
                let row = list.doc();
                let before = positions.iter().map(|at| at.checked_sub(slot.offset));
                starts.extend(before.flatten().map(|start| (row, start)));
                list.advance();
            }
            Ok(())
        })?;
        starts.sort_unstable();
        starts.dedup();
        Ok(starts)
    }

    /// Keeps the starts that a slot of several terms allows too.
    fn keep(&self, starts: &mut Vec<Start>, slot: &Slot) -> io::Result<()> {
        let mut allowed = vec![false; starts.len()];
        let mut positions = Vec::new();
        self.each_term(slot, |info| {
            let mut list = self.positions(info)?;
            let mut at = 0;
            while let Some((row, _)) = starts.get(at).copied() {
                let there = list.seek(row.max(list.doc()));
                if there == TERMINATED {
                    break;
                }
                if there > row {
                    at += starts[at..].partition_point(|(row, _)| *row < there);
                    continue;
                }
                list.positions(&mut positions);
                while let Some((_, start)) = starts.get(at).filter(|(other, _)| *other == row) {
                    let place = start.saturating_add(slot.offset);
                    allowed[at] |= positions.binary_search(&place).is_ok();
                    at += 1;
                }
            }
            Ok(())
        })?;
        let mut allowed = allowed.into_iter();
        starts.retain(|_| allowed.next() == Some(true));
        Ok(())
    }
}

/// Keeps the starts that have one of the positions at the offset; both are in order.
fn keep_common(starts: &mut Vec<u32>, positions: &[u32], offset: u32) {
    let mut rest = positions.iter().peekable();
    starts.retain(|start| {
        let place = start.saturating_add(offset);
        while rest.next_if(|at| **at < place).is_some() {}
        rest.peek().is_some_and(|at| **at == place)
    });
}
