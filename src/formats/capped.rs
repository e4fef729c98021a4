//! A stream that gives no more than a record may have, between one record and the next.
//!
//! Parsers that keep a field until it ends (CSV after a quote that is never closed, XML in a comment without an end)
//! would otherwise take as much memory as there is input.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

/// A stream with a limit that is set anew for each record.
pub struct Capped<R> {
    input: R,
    left: Rc<Cell<u64>>,
}

/// Sets the limit of a stream anew.
#[derive(Clone)]
pub struct Allowance {
    left: Rc<Cell<u64>>,
    limit: u64,
}

impl<R: Read> Capped<R> {
    /// Gives `limit` bytes a record. Parsers read ahead, so a record may end somewhat earlier.
    pub fn new(input: R, limit: u64) -> (Self, Allowance) {
        let left = Rc::new(Cell::new(limit));
        let allowance = Allowance {
            left: Rc::clone(&left),
            limit,
        };
        (Self { input, left }, allowance)
    }
}

impl Allowance {
    /// A record ended.
    pub fn renew(&self) {
        self.left.set(self.limit);
    }

    /// The limit was reached.
    pub fn is_used_up(&self) -> bool {
        self.left.get() == 0
    }
}

impl<R: Read> Read for Capped<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.left.get();
        if left == 0 {
            return Err(io::Error::other("the limit for one article was reached"));
        }
        let room = usize::try_from(left)
            .unwrap_or(usize::MAX)
            .min(buffer.len());
        let count = self
            .input
            .read(buffer.get_mut(..room).unwrap_or_default())?;
        self.left.set(left - count as u64);
        Ok(count)
    }
}
