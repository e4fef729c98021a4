//! What is kept of each block to find it again elsewhere: a mark, in memory or in a file beside the articles.

use std::fs;
use std::io;
use std::path::Path;

use xxhash_rust::xxh3::xxh3_64;

use super::super::letters::push_words;
use crate::model::Article;

/// The marks of consecutive articles, in order.
///
/// The mark of a block is 48 bits of a hash of its letters, and how many letters it has in the lowest 16 (a block with
/// more counts as one of 65,535). Equal texts have equal marks; that two others among twenty million blocks do is about
/// as likely as not, and would dim one short passage. 0 stands for a block that is no text of the body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Of all blocks, article by article.
    all: Vec<u64>,
    /// Where those of each article end.
    ends: Vec<u32>,
    /// A buffer.
    words: String,
}

/// What the file begins with; the last byte is the version.
const MAGIC: &[u8; 16] = b"recto marks    \x01";

impl Marks {
    /// Adds an article; one that cannot be read has no blocks.
    pub fn add(&mut self, article: Option<&Article>) {
        for block in article.into_iter().flat_map(|article| &article.blocks) {
            let mark = match block.kind.is_metadata() {
                true => 0,
                false => {
                    self.words.clear();
                    let count = push_words(&block.text, &mut self.words);
                    let count = u64::from(count.min(0xFFFF));
                    let hash = xxh3_64(self.words.as_bytes()) & !0xFFFF;
                    if count == 0 { 0 } else { hash | count }
                }
            };
            self.all.push(mark);
        }
        self.ends.push(self.all.len() as u32);
    }

    /// Adds the articles behind these.
    pub fn append(&mut self, behind: &Self) {
        let start = self.all.len() as u32;
        self.all.extend(&behind.all);
        self.ends.extend(behind.ends.iter().map(|end| start + end));
    }

    /// How many articles there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The marks of each article.
    pub fn each(&self) -> impl Iterator<Item = &[u64]> {
        let starts = std::iter::once(&0).chain(&self.ends);
        let bounds = starts.zip(&self.ends);
        bounds.map(|(from, to)| {
            self.all
                .get(*from as usize..*to as usize)
                .unwrap_or_default()
        })
    }

    /// Writes them into a new file and waits until it is on disk.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend((self.ends.len() as u64).to_le_bytes());
        bytes.extend(self.ends.iter().flat_map(|it| it.to_le_bytes()));
        bytes.extend(self.all.iter().flat_map(|it| it.to_le_bytes()));
        let sum = xxh3_64(&bytes).to_le_bytes();
        bytes.extend(sum);
        let file = fs::File::create(path)?;
        io::Write::write_all(&mut &file, &bytes)?;
        file.sync_all()
    }

    /// Reads them again.
    pub fn read(path: &Path) -> io::Result<Self> {
        let bytes = fs::read(path)?;
        let read = || {
            let (bytes, sum) = bytes.split_last_chunk::<8>()?;
            let sound = u64::from_le_bytes(*sum) == xxh3_64(bytes);
            let rest = bytes.strip_prefix(MAGIC).filter(|_| sound)?;
            let (count, rest) = rest.split_first_chunk::<8>()?;
            let count = usize::try_from(u64::from_le_bytes(*count)).ok()?;
            let (ends, all) = rest.split_at_checked(count.checked_mul(4)?)?;
            let ends = ends.as_chunks().0.iter().map(|it| u32::from_le_bytes(*it));
            let all = all.as_chunks().0.iter().map(|it| u64::from_le_bytes(*it));
            Some(Self {
                all: all.collect(),
                ends: ends.collect(),
                words: String::new(),
            })
        };
        let damaged = || io::Error::new(io::ErrorKind::InvalidData, "the marks are damaged");
        read().ok_or_else(damaged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_come_back_or_are_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("marks");
        let marks = Marks {
            all: vec![3, 0, 1 << 40 | 7],
            ends: vec![0, 2, 3],
            words: String::new(),
        };
        marks.write(&path).unwrap();
        assert_eq!(Marks::read(&path).unwrap(), marks);
        let each: Vec<&[u64]> = marks.each().collect();
        assert_eq!(each, [&[][..], &[3, 0], &[1 << 40 | 7]]);
        let whole = fs::read(&path).unwrap();
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 4;
            fs::write(&path, bytes).unwrap();
            assert!(Marks::read(&path).is_err(), "byte {at}");
            fs::write(&path, &whole[..at]).unwrap();
            assert!(Marks::read(&path).is_err(), "cut at {at}");
        }
    }
}
