//! A file that is read at places, without a cursor that readers would have to share.

use std::fs::File;
use std::io;
use std::path::Path;

/// A file to read from.
#[derive(Debug)]
pub struct At {
    #[cfg(any(unix, windows))]
    file: File,
    #[cfg(not(any(unix, windows)))]
    file: std::sync::Mutex<File>,
    length: u64,
}

impl At {
    /// Opens it.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        #[cfg(not(any(unix, windows)))]
        let file = std::sync::Mutex::new(file);
        Ok(Self { file, length })
    }

    /// How many bytes it had when it was opened.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Reads so many bytes from there; they must lie inside.
    pub fn read(&self, offset: u64, count: u64) -> io::Result<Vec<u8>> {
        let inside = offset
            .checked_add(count)
            .is_some_and(|end| end <= self.length);
        let count = usize::try_from(count).ok().filter(|_| inside);
        let count = count.ok_or_else(|| damaged("it ends too early"))?;
        let mut bytes = vec![0; count];
        self.read_exact(&mut bytes, offset)?;
        Ok(bytes)
    }

    #[cfg(unix)]
    fn read_exact(&self, bytes: &mut [u8], offset: u64) -> io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(&self.file, bytes, offset)
    }

    #[cfg(windows)]
    fn read_exact(&self, mut bytes: &mut [u8], mut offset: u64) -> io::Result<()> {
        while !bytes.is_empty() {
            match std::os::windows::fs::FileExt::seek_read(&self.file, bytes, offset)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                count => {
                    bytes = &mut bytes[count..];
                    offset += count as u64;
                }
            }
        }
        Ok(())
    }

    #[cfg(not(any(unix, windows)))]
    fn read_exact(&self, bytes: &mut [u8], offset: u64) -> io::Result<()> {
        use std::io::{Read, Seek, SeekFrom};
        let mut file = self
            .file
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        file.seek(SeekFrom::Start(offset))?;
        file.read_exact(bytes)
    }
}

/// The error of a file that does not hold what it should.
pub fn damaged(why: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("the catalogue is damaged: {why}"),
    )
}
