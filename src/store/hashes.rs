//! Tables of what is a hash already, and hashes that nobody can foretell.

use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};
use std::sync::LazyLock;

use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Of ids, contents and [secret] hashes.
pub(super) type Hashed = BuildHasherDefault<Taken>;

/// Takes a hash as it is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Taken(u64);

impl Hasher for Taken {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes.iter().take(16) {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_usize(&mut self, _: usize) {}

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

/// The hash of a text in this process and in no other: no text is made to put all of its words into one place of a
/// table. Nothing of it is stored.
pub(super) fn secret(text: &[u8]) -> u64 {
    static SEED: LazyLock<u64> = LazyLock::new(|| RandomState::new().build_hasher().finish());
    xxh3_64_with_seed(text, *SEED)
}
