//! A set of article numbers while it is collected.

use roaring::RoaringBitmap;

/// One bit a number: what comes in no order costs nothing more.
#[derive(Clone, Debug, Default)]
pub struct Bits(Vec<u8>);

impl Bits {
    /// An empty set of numbers below `end`.
    pub fn new(end: u32) -> Self {
        Self(vec![0; (end as usize).div_ceil(8)])
    }

    /// Puts a number in; one that is too large is left out.
    pub fn set(&mut self, number: u32) {
        if let Some(byte) = self.0.get_mut(number as usize / 8) {
            *byte |= 1 << (number % 8);
        }
    }

    /// The numbers of this and of another set of numbers below the same end.
    pub fn or(mut self, other: &Self) -> Self {
        for (byte, other) in self.0.iter_mut().zip(&other.0) {
            *byte |= other;
        }
        self
    }

    /// The numbers.
    pub fn to_bitmap(&self) -> RoaringBitmap {
        RoaringBitmap::from_lsb0_bytes(0, &self.0)
    }
}
