//! Numbers for words: tokens that differ at most in typography get the same id.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::fold::fold;

/// Hands out ids; one for both sides of a comparison.
#[derive(Default)]
pub(super) struct Interner<'a> {
    /// Forms of up to 15 bytes, most of all words, without a pointer to follow.
    short: HashMap<u128, u32, BuildHasherDefault<Xxh3>>,
    long: HashMap<Cow<'a, str>, u32, BuildHasherDefault<Xxh3>>,
    /// Tokens whose form had to be computed.
    folded: HashMap<&'a str, u32, BuildHasherDefault<Xxh3>>,
}

impl<'a> Interner<'a> {
    /// The id of a token.
    pub fn id(&mut self, token: &'a str) -> u32 {
        if token
            .bytes()
            .all(|b| b.is_ascii() && !matches!(b, b'`' | b'-'))
        {
            return self.form(Cow::Borrowed(token));
        }
        if let Some(&id) = self.folded.get(token) {
            return id;
        }
        let id = self.form(Cow::Owned(fold(token)));
        self.folded.insert(token, id);
        id
    }

    fn form(&mut self, form: Cow<'a, str>) -> u32 {
        let next = u32::try_from(self.len()).unwrap_or(u32::MAX);
        let mut packed = [0u8; 16];
        match (packed.get_mut(..form.len()), u8::try_from(form.len())) {
            (Some(head), Ok(len @ 0..=15)) => {
                head.copy_from_slice(form.as_bytes());
                packed[15] = len;
                *self
                    .short
                    .entry(u128::from_le_bytes(packed))
                    .or_insert(next)
            }
            _ => *self.long.entry(form).or_insert(next),
        }
    }

    /// The number of ids handed out.
    pub fn len(&self) -> usize {
        self.short.len() + self.long.len()
    }
}

/// xxh3 as a hasher for short strings.
#[derive(Default)]
pub(super) struct Xxh3(u64);

impl Hasher for Xxh3 {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = xxh3_64_with_seed(bytes, self.0);
    }

    fn write_u8(&mut self, _: u8) {
        // The end mark of a string: nothing follows it in a key.
    }

    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }

    fn write_u128(&mut self, value: u128) {
        self.write_u64((value >> 64) as u64);
        self.write_u64(value as u64);
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0 ^ value).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 ^= self.0 >> 32;
    }
}
