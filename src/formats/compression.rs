//! One layer of compression round any input: gzip, zstd, bzip2, xz, told by content and not by name.
//!
//! All members, frames and streams are read. What comes out is counted against [`Limits`]: a bomb ends with a message.
//! A second layer is refused by name: nobody compresses twice on purpose, and each layer multiplies what a bomb can do.
//! Padding of zeros behind the last member, as tapes have it, is passed over; other bytes there end the input with a
//! warning, and everything in front of them stays.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::options::Limits;

/// A way to compress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    Gzip,
    Zstd,
    Bzip2,
    Xz,
}

/// Each codec: its name, how it begins, the extensions that stand for it.
const CODECS: [(Codec, &str, &[u8], &[&str]); 4] = [
    (Codec::Gzip, "gzip", b"\x1f\x8b", &["gz", "gzip", "tgz"]),
    (Codec::Zstd, "zstd", b"\x28\xb5\x2f\xfd", &["zst", "zstd"]),
    (Codec::Bzip2, "bzip2", b"BZh", &["bz2"]),
    (Codec::Xz, "xz", b"\xfd7zXZ\0", &["xz"]),
];

impl Codec {
    /// The codec that an input begins like.
    pub fn of_content(head: &[u8]) -> Option<Self> {
        let found = CODECS.iter().find(|it| head.starts_with(it.2));
        // A zstd stream may begin with a frame that is to be skipped.
        let is_skippable =
            head.get(1..4) == Some(b"\x2a\x4d\x18") && matches!(head.first(), Some(0x50..=0x5f));
        // A text may begin with BZh; a bzip2 stream goes on with a digit and the digits of pi.
        let is_text = head.starts_with(b"BZh")
            && head
                .get(4..8)
                .is_some_and(|it| it != b"1AY&" && it != b"\x17\x72\x45\x38");
        match found {
            Some(it) if !is_text => Some(it.0),
            _ => is_skippable.then_some(Self::Zstd),
        }
    }

    /// The codec that the extension of a file stands for, and the path without it.
    pub fn of_path(path: &Path) -> Option<(Self, PathBuf)> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        let found = CODECS.iter().find(|it| it.3.contains(&&*extension))?;
        Some((found.0, path.with_extension("")))
    }

    /// The name of the program that everybody knows.
    pub fn name(self) -> &'static str {
        CODECS.iter().find(|it| it.0 == self).map_or("", |it| it.1)
    }
}

/// What is in a compressed input.
pub struct Decompressed<'a> {
    codec: Codec,
    decoder: Box<dyn Read + 'a>,
    limits: Limits,
    /// Compressed bytes that were read.
    taken: Rc<Cell<u64>>,
    /// Bytes that came out.
    given: u64,
    /// Something behind the end that is not part of it.
    rest: Rc<Cell<bool>>,
}

impl<'a> Decompressed<'a> {
    /// Decompresses an input.
    pub fn new(codec: Codec, input: impl Read + 'a, limits: Limits) -> io::Result<Self> {
        let taken = Rc::new(Cell::new(0));
        let rest = Rc::new(Cell::new(false));
        let input = Counted {
            input,
            taken: Rc::clone(&taken),
        };
        let input = BufReader::with_capacity(1 << 16, input);
        let decoder: Box<dyn Read + 'a> = match codec {
            Codec::Gzip => Box::new(Members::new(input, Rc::clone(&rest))),
            Codec::Zstd => {
                let mut decoder = zstd::Decoder::with_buffer(input)?;
                decoder.window_log_max(limits.window_bytes.max(1024).ilog2())?;
                Box::new(decoder)
            }
            Codec::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(input)),
            Codec::Xz => {
                let kb = u32::try_from(limits.window_bytes / 1024).unwrap_or(u32::MAX - 1);
                // The dictionary is what counts; the rest of a decoder is small.
                let kb = kb.saturating_add(1024);
                Box::new(lzma_rust2::XzReader::new_mem_limit(input, true, kb))
            }
        };
        Ok(Self {
            codec,
            decoder,
            limits,
            taken,
            given: 0,
            rest,
        })
    }

    /// What to tell about the end of the input, once it was read.
    pub fn complaint(&self) -> Option<String> {
        self.rest.get().then(|| {
            format!(
                "bytes behind the end of the {} data are not read",
                self.codec.name()
            )
        })
    }

    fn check(&self) -> io::Result<()> {
        let Limits {
            file_bytes, ratio, ..
        } = self.limits;
        let given = self.given;
        if given > file_bytes {
            return Err(io::Error::other(format!(
                "too large: more than {} MB after decompression, the limit (setting max-file-mb)",
                file_bytes / (1024 * 1024)
            )));
        }
        if given > Limits::RATIO_FROM && given / ratio.max(1) > self.taken.get() {
            return Err(io::Error::other(format!(
                "a decompression bomb: it exceeds {ratio} times its size (setting max-ratio)"
            )));
        }
        Ok(())
    }

    fn explain(&self, error: &io::Error) -> io::Error {
        let name = self.codec.name();
        let said = error.to_string();
        let message = match error.kind() {
            io::ErrorKind::UnexpectedEof => {
                format!(
                    "truncated {name} data (unexpected end); what stands in front of it was read"
                )
            }
            _ if said.contains("incomplete frame") => {
                format!(
                    "truncated {name} data (unexpected end); what stands in front of it was read"
                )
            }
            _ if said.contains("requires too much memory")
                || said.contains("needed memory too big") =>
            {
                format!(
                    "the {name} data want a window of more than {} MB, the limit (setting max-window-mb)",
                    self.limits.window_bytes / (1024 * 1024)
                )
            }
            _ => format!("corrupt {name} data: {said}"),
        };
        io::Error::new(error.kind(), message)
    }
}

impl Read for Decompressed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.decoder.read(buffer) {
            Ok(count) => {
                self.given += count as u64;
                self.check()?;
                Ok(count)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => Err(self.explain(&error)),
        }
    }
}

/// Counts the bytes that pass.
struct Counted<R> {
    input: R,
    taken: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.taken.set(self.taken.get() + count as u64);
        Ok(count)
    }
}

/// All members of a gzip file. `flate2`'s own reader of many members takes padding for a broken member.
struct Members<R> {
    member: Option<flate2::bufread::GzDecoder<R>>,
    rest: Rc<Cell<bool>>,
}

impl<R: BufRead> Members<R> {
    fn new(input: R, rest: Rc<Cell<bool>>) -> Self {
        Self {
            member: Some(flate2::bufread::GzDecoder::new(input)),
            rest,
        }
    }

    /// Goes to the next member; says whether there is one.
    fn advance(&mut self) -> io::Result<bool> {
        let Some(member) = self.member.take() else {
            return Ok(false);
        };
        let mut input = member.into_inner();
        loop {
            let buffer = input.fill_buf()?;
            match buffer.iter().position(|byte| *byte != 0) {
                _ if buffer.is_empty() => return Ok(false),
                None => {
                    let length = buffer.len();
                    input.consume(length);
                }
                Some(at) => {
                    input.consume(at);
                    break;
                }
            }
        }
        if input.fill_buf()?.first() != Some(&0x1f) {
            self.rest.set(true);
            return Ok(false);
        }
        self.member = Some(flate2::bufread::GzDecoder::new(input));
        Ok(true)
    }
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        while let Some(member) = &mut self.member {
            let count = member.read(buffer)?;
            if count > 0 {
                return Ok(count);
            }
            self.advance()?;
        }
        Ok(0)
    }
}
