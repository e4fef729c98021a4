//! Asking the query itself of what is possible and not certain.

use std::num::NonZero;
use std::thread;

use super::plan::Found;
use super::snapshot::Snapshot;
use super::{Order, Paper, disk};
use crate::cancel::Cancel;
use crate::query::{self, Query};
use crate::store::types::{Edge, StoreError};

/// So many articles are read between two looks at what was found.
const CHUNK: usize = 256;

/// Reads what is possible, in the order of the list, until all is certain. `partial` is told after each piece what is
/// found and the last article up to which everything is.
pub fn verify(
    snapshot: &Snapshot<'_>,
    query: &Query,
    order: &Order,
    found: &mut Found,
    cancel: &Cancel,
    partial: &mut dyn FnMut(&Found, u32),
) -> Result<(), StoreError> {
    if found.is_certain() {
        return Ok(());
    }
    let open = &found.maybe - &found.yes;
    let open: Vec<u32> = order.walk(&open, Edge::Top, None).collect();
    let (mut next, mut told) = (1, 0);
    for (at, piece) in open.chunks(CHUNK).enumerate() {
        read(snapshot, query, piece, found, cancel)?;
        let Some(last) = piece.last().filter(|_| at + 1 == next) else {
            continue;
        };
        // Telling costs as much as the list is long, so it is told at longer and longer intervals.
        (told, next) = (told + 1, next + 1 + told / 2);
        partial(found, *last);
    }
    Ok(())
}

/// Reads the first of what is possible, in the order of the list; gives the last article that it read.
pub fn glimpse(
    snapshot: &Snapshot<'_>,
    query: &Query,
    order: &Order,
    found: &mut Found,
    cancel: &Cancel,
) -> Result<Option<u32>, StoreError> {
    let open = &found.maybe - &found.yes;
    let first: Vec<u32> = order.walk(&open, Edge::Top, None).take(CHUNK).collect();
    read(snapshot, query, &first, found, cancel)?;
    Ok(first.last().copied())
}

/// Makes these certain.
fn read(
    snapshot: &Snapshot<'_>,
    query: &Query,
    numbers: &[u32],
    found: &mut Found,
    cancel: &Cancel,
) -> Result<(), StoreError> {
    let matches = matching(snapshot, query, numbers, cancel)?;
    if cancel.is_cancelled() {
        return Err(StoreError::Cancelled);
    }
    for number in numbers {
        found.maybe.remove(*number);
    }
    found.maybe.extend(matches.iter().copied());
    found.yes.extend(matches);
    Ok(())
}

/// Those of the articles that fulfil the query, asked by all cores.
pub fn matching(
    snapshot: &Snapshot<'_>,
    query: &Query,
    numbers: &[u32],
    cancel: &Cancel,
) -> Result<Vec<u32>, StoreError> {
    let ask = |numbers: &[u32]| {
        let mut matching = Vec::new();
        for number in numbers {
            if cancel.is_cancelled() {
                break;
            }
            let paper = Paper::read(snapshot, *number).map_err(disk)?;
            if paper.is_some_and(|paper| query::matches(query, &paper)) {
                matching.push(*number);
            }
        }
        Ok(matching)
    };
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let share = numbers.len().div_ceil(cores).max(CHUNK / 8);
    if share >= numbers.len() {
        return ask(numbers);
    }
    let parts: Vec<Result<Vec<u32>, StoreError>> = thread::scope(|scope| {
        let spawn = |part| scope.spawn(move || ask(part));
        let threads: Vec<_> = numbers.chunks(share).map(spawn).collect();
        let joined = threads.into_iter().map(|thread| match thread.join() {
            Ok(part) => part,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        joined.collect()
    });
    let mut matching = Vec::new();
    for part in parts {
        matching.extend(part?);
    }
    Ok(matching)
}
