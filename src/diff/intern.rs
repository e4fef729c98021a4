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
            return self.plain(token, token.len());
        }
        if let Some(&id) = self.folded.get(token) {
            return id;
        }
        let form = fold(token);
        let id = match packed(form.as_bytes(), form.len()) {
            Some(packed) => self.short(packed),
            None => self.long(Cow::Owned(form)),
        };
        self.folded.insert(token, id);
        id
    }

    /// The id of a token that is its own form: the first `len` bytes of a text.
    pub fn plain(&mut self, text: &'a str, len: usize) -> u32 {
        match packed(text.as_bytes(), len) {
            Some(packed) => self.short(packed),
            None => self.long(Cow::Borrowed(&text[..len])),
        }
    }

    fn short(&mut self, packed: u128) -> u32 {
        let next = self.next();
        *self.short.entry(packed).or_insert(next)
    }

    fn long(&mut self, form: Cow<'a, str>) -> u32 {
        let next = self.next();
        *self.long.entry(form).or_insert(next)
    }

    fn next(&self) -> u32 {
        u32::try_from(self.len()).unwrap_or(u32::MAX)
    }

    /// Takes over what another one knows; gives for each of its ids the one that counts now.
    pub fn adopt(&mut self, other: Self) -> Vec<u32> {
        let mut ids = vec![0; other.len()];
        for (form, id) in other.short {
            ids[id as usize] = self.short(form);
        }
        for (form, id) in other.long {
            ids[id as usize] = self.long(form);
        }
        let folded = other.folded.into_iter();
        self.folded
            .extend(folded.map(|(token, id)| (token, ids[id as usize])));
        ids
    }

    /// The number of ids handed out.
    pub fn len(&self) -> usize {
        self.short.len() + self.long.len()
    }
}

/// The first `len` bytes as a number, their length in its highest byte; none for more than 15.
fn packed(text: &[u8], len: usize) -> Option<u128> {
    let length = u8::try_from(len).ok().filter(|&len| len <= 15)?;
    let bytes = match text.first_chunk() {
        // What stands behind the token is cut off below.
        Some(&chunk) => chunk,
        None => {
            let mut bytes = [0; 16];
            bytes[..len].copy_from_slice(&text[..len]);
            bytes
        }
    };
    let kept = u128::from_le_bytes(bytes) & ((1 << (8 * length)) - 1);
    Some(kept | u128::from(length) << 120)
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
        let (high, low) = ((value >> 64) as u64, value as u64);
        self.write_u64(high.rotate_left(29).wrapping_mul(0xD6E8_FEB8_6659_FD93) ^ low);
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0 ^ value).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 ^= self.0 >> 32;
    }
}
