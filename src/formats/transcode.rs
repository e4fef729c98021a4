//! A stream in any encoding, read as UTF-8, for formats that are too long to be decoded whole.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use encoding_rs::{Decoder, Encoding};
use memchr::memmem;

/// How much is decoded at once, in bytes.
const BLOCK: usize = 64 * 1024;

/// Decodes a stream. What cannot be decoded becomes U+FFFD and is counted; a byte order mark is gone.
pub struct Transcoded<R> {
    input: R,
    decoder: Decoder,
    raw: Vec<u8>,
    text: Vec<u8>,
    from: usize,
    ended: bool,
    replaced: Rc<Cell<u64>>,
}

impl<R: Read> Transcoded<R> {
    /// Decodes `input`, which is in `encoding`.
    pub fn new(input: R, encoding: &'static Encoding) -> Self {
        Self {
            input,
            decoder: encoding.new_decoder_with_bom_removal(),
            raw: vec![0; BLOCK],
            text: Vec::with_capacity(BLOCK * 3 + 16),
            from: 0,
            ended: false,
            replaced: Rc::default(),
        }
    }

    /// Counts, while the stream is read, how many U+FFFD stand for what could not be decoded.
    pub fn replaced(&self) -> Rc<Cell<u64>> {
        Rc::clone(&self.replaced)
    }

    fn fill(&mut self) -> io::Result<()> {
        let count = self.input.read(&mut self.raw)?;
        self.ended = count == 0;
        let mut raw = self.raw.get(..count).unwrap_or_default();
        self.text.clear();
        self.from = 0;
        // A decoder that is given three bytes of room for each one never comes back for more, but it may say so.
        loop {
            let room = self
                .decoder
                .max_utf8_buffer_length(raw.len())
                .unwrap_or(BLOCK * 3);
            let start = self.text.len();
            self.text.resize(start + room, 0);
            let space = self.text.get_mut(start..).unwrap_or_default();
            let (result, read, written, bad) = self.decoder.decode_to_utf8(raw, space, self.ended);
            self.text.truncate(start + written);
            raw = raw.get(read..).unwrap_or_default();
            if bad {
                let decoded = self.text.get(start..).unwrap_or_default();
                let marks = memmem::find_iter(decoded, "\u{fffd}").count();
                self.replaced.set(self.replaced.get() + marks as u64);
            }
            if result == encoding_rs::CoderResult::InputEmpty {
                return Ok(());
            }
        }
    }
}

impl<R: Read> Read for Transcoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.from == self.text.len() {
            if self.ended {
                return Ok(0);
            }
            self.fill()?;
        }
        let rest = self.text.get(self.from..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        let (now, _) = rest.split_at(count);
        buffer[..count].copy_from_slice(now);
        self.from += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_decoded_across_blocks_and_damage_is_counted() {
        let text = "Zürich, 東京 😀. ".repeat(20_000);
        let mut bytes = vec![0xff, 0xfe];
        bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        let mut decoded = String::new();
        let mut stream = Transcoded::new(&*bytes, encoding_rs::UTF_16LE);
        stream.read_to_string(&mut decoded).unwrap();
        assert_eq!((decoded == text, stream.replaced().get()), (true, 0));
        let mut stream = Transcoded::new(&b"a\xffb\xffc"[..], encoding_rs::UTF_8);
        decoded.clear();
        stream.read_to_string(&mut decoded).unwrap();
        assert_eq!(decoded, "a\u{fffd}b\u{fffd}c");
        assert_eq!(stream.replaced().get(), 2);
    }
}
