//! Where the bytes come from: in order, or from any place.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};

use super::options::Limits;

/// An input: its bytes in order, and the file behind them where there is one, for formats that are read from the end.
pub struct Input<'a> {
    pub(super) stream: &'a mut dyn Read,
    pub(super) file: Option<&'a File>,
}

impl<'a> Input<'a> {
    /// Bytes that come once and in order.
    pub fn stream(stream: &'a mut dyn Read) -> Self {
        Self { stream, file: None }
    }

    /// Bytes of a file: `stream` is at its beginning.
    pub fn file(stream: &'a mut dyn Read, file: &'a File) -> Self {
        Self {
            stream,
            file: Some(file),
        }
    }

    /// Something that can be read from any place. A stream is copied first: into memory, or when it is long into a
    /// file without a name.
    pub fn seekable(self, limits: &Limits) -> io::Result<Seekable> {
        if let Some(file) = self.file {
            return Seekable::new(Box::new(file.try_clone()?));
        }
        let mut memory = Vec::new();
        (&mut *self.stream)
            .take(IN_MEMORY)
            .read_to_end(&mut memory)?;
        if (memory.len() as u64) < IN_MEMORY {
            return Seekable::new(Box::new(Cursor::new(memory)));
        }
        let mut file = tempfile::tempfile()?;
        file.write_all(&memory)?;
        drop(memory);
        let room = limits.file_bytes.saturating_sub(IN_MEMORY);
        if io::copy(
            &mut (&mut *self.stream).take(room.saturating_add(1)),
            &mut file,
        )? > room
        {
            return Err(io::Error::other(format!(
                "too large: more than {} MB, the limit (setting max-file-mb)",
                limits.file_bytes / (1024 * 1024)
            )));
        }
        Seekable::new(Box::new(file))
    }
}

/// Copies up to this size, in bytes, stay in memory.
const IN_MEMORY: u64 = 64 * 1024 * 1024;

/// Reads and seeks, from any thread.
pub trait ReadSeek: Read + Seek + Send {}

impl<T: Read + Seek + Send> ReadSeek for T {}

/// An input that can be read from any place.
pub struct Seekable {
    input: Box<dyn ReadSeek>,
    length: u64,
}

impl Seekable {
    fn new(mut input: Box<dyn ReadSeek>) -> io::Result<Self> {
        let length = input.seek(SeekFrom::End(0))?;
        input.rewind()?;
        Ok(Self { input, length })
    }

    /// Bytes in all.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// A range of bytes. The input must have them: what a file claims is checked before anything is reserved for it.
    pub fn range(&mut self, from: u64, count: u64) -> io::Result<Vec<u8>> {
        if from.checked_add(count).is_none_or(|end| end > self.length) {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "corrupt: it points behind the end of the file",
            ));
        }
        self.input.seek(SeekFrom::Start(from))?;
        let mut bytes = Vec::new();
        (&mut self.input).take(count).read_to_end(&mut bytes)?;
        match bytes.len() as u64 == count {
            true => Ok(bytes),
            false => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }
}

impl Read for Seekable {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.input.read(buffer)
    }
}

impl Seek for Seekable {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.input.seek(to)
    }
}
