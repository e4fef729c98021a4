//! The order by date on disk, so that the first list after opening is a walk: the numbers of the articles in their
//! order, behind a header with a checksum.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use xxhash_rust::xxh3::xxh3_64_with_seed;

/// What the file begins with; the last byte is the version.
const MAGIC: &[u8; 16] = b"recto order    \x02";

/// Writes the numbers, of the library of that identity, under another name and puts the file in its place.
pub fn write(path: &Path, identity: u64, numbers: impl Iterator<Item = u32>) -> io::Result<()> {
    let numbers: Vec<u8> = numbers.flat_map(u32::to_le_bytes).collect();
    let sum = xxh3_64_with_seed(&numbers, identity);
    let unfinished = path.with_extension("new");
    let mut file = File::create(&unfinished)?;
    file.write_all(MAGIC)?;
    file.write_all(&sum.to_le_bytes())?;
    file.write_all(&numbers)?;
    file.sync_all()?;
    fs::rename(unfinished, path)
}

/// Reads them as they were written. An error when the file is damaged, or of another library or version.
pub fn read(path: &Path, identity: u64) -> io::Result<Vec<u32>> {
    let bytes = fs::read(path)?;
    let rest = bytes.strip_prefix(MAGIC).ok_or_else(damaged)?;
    let (sum, numbers) = rest.split_first_chunk::<8>().ok_or_else(damaged)?;
    let (chunks, more) = numbers.as_chunks::<4>();
    if !more.is_empty() || u64::from_le_bytes(*sum) != xxh3_64_with_seed(numbers, identity) {
        return Err(damaged());
    }
    Ok(chunks.iter().map(|it| u32::from_le_bytes(*it)).collect())
}

/// What is wrong with a file that cannot be taken over.
pub fn damaged() -> io::Error {
    let why = "the stored order is damaged or of another version";
    io::Error::new(io::ErrorKind::InvalidData, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_comes_back_or_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("orders-1");
        write(&path, 9, [2, 0, 1].into_iter()).unwrap();
        assert_eq!(read(&path, 9).unwrap(), [2, 0, 1]);
        let whole = fs::read(&path).unwrap();
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 4;
            fs::write(&path, bytes).unwrap();
            assert!(read(&path, 9).is_err(), "byte {at}");
            fs::write(&path, &whole[..at]).unwrap();
            assert!(read(&path, 9).is_err(), "cut at {at}");
        }
        fs::write(&path, &whole).unwrap();
        assert!(super::read(&path, 8).is_err(), "of another library");
    }
}
