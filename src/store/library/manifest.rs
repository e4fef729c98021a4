//! What a library on disk is made of: its sources as they were read, and its segments.
//!
//! Written whole under another name and renamed, so that it is the old one or the new one. Its first line is a hash of
//! the rest. What stands in it is on disk already; whatever else lies in the folder is left over and removed.

use std::fs::{self, File};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::formats;
use crate::model::{Diagnostic, Severity};

/// Changes with what is written anywhere in the folder.
const FORMAT: u32 = 1;
/// The name of the file.
const NAME: &str = "manifest.json";

/// The sources and segments of a library.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    format: u32,
    /// The program that wrote it: another one may read sources in another way.
    program: String,
    options: formats::Options,
    /// Another one for each library that is begun: what is stored beside it names it.
    pub identity: u64,
    /// By their number. A file that was read anew has a new number.
    pub sources: Vec<SourceFile>,
    /// In the order of their articles, without gaps.
    pub segments: Vec<SegmentEntry>,
    /// What was not loaded, or not as it stood.
    pub diagnostics: Vec<Noted>,
    /// Everything was read to its end.
    pub complete: bool,
    /// The number of the next segment.
    pub next: u32,
}

/// A file as it was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    /// As the user would write it.
    pub path: Name,
    /// Its length when it was found.
    pub bytes: u64,
    /// When it was changed last, in nanoseconds since 1970.
    pub modified: u64,
    /// How far it was read: bytes (0 where it cannot be read from its middle), and records.
    pub upto: (u64, u64),
    /// How many of its records were loaded.
    pub loaded: u64,
    /// xxh3 of the bytes in front of `upto`, at most [`SourceFile::TAIL`]: a file that grew has them still.
    pub tail: u64,
    /// It was read to its end.
    pub whole: bool,
    /// It is no longer there, or not as it was: its records do not count.
    pub gone: bool,
}

impl SourceFile {
    /// How many bytes tell whether a file grew or was written anew.
    pub const TAIL: u64 = 4096;

    /// The digest of the bytes in front of a place of a file.
    pub fn digest(path: &Path, upto: u64) -> io::Result<u64> {
        let mut file = File::open(path)?;
        let from = upto.saturating_sub(Self::TAIL);
        file.seek(SeekFrom::Start(from))?;
        let mut bytes = Vec::new();
        file.take(upto - from).read_to_end(&mut bytes)?;
        Ok(xxh3_64(&bytes))
    }

    /// Says whether a file that is longer than it was only grew.
    pub fn grew(&self, path: &Path, bytes: u64) -> bool {
        let longer = self.upto.0 > 0 && bytes > self.bytes;
        longer && Self::digest(path, self.upto.0).is_ok_and(|it| it == self.tail)
    }
}

/// A segment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentEntry {
    /// Its folder.
    pub name: String,
    /// The number of its first article.
    pub first: u32,
    /// How many articles it has.
    pub rows: u32,
}

/// A path, whatever bytes it has.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Name {
    /// As text.
    Text(String),
    /// Not UTF-8.
    Bytes(Vec<u8>),
}

impl Name {
    /// The name of a path.
    pub fn of(path: &Path) -> Self {
        match path.to_str() {
            Some(text) => Self::Text(text.to_owned()),
            None => Self::Bytes(path.as_os_str().as_encoded_bytes().to_vec()),
        }
    }

    /// The path of a name.
    pub fn path(&self) -> PathBuf {
        match self {
            Self::Text(text) => PathBuf::from(text),
            #[cfg(unix)]
            Self::Bytes(bytes) => {
                use std::os::unix::ffi::OsStrExt;
                PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
            }
            #[cfg(not(unix))]
            Self::Bytes(bytes) => PathBuf::from(String::from_utf8_lossy(bytes).into_owned()),
        }
    }
}

/// A diagnostic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noted {
    /// The number of its file.
    pub file: u32,
    error: bool,
    record: Option<u64>,
    message: String,
}

impl Noted {
    /// Keeps what was said of a file.
    pub fn of(file: u32, diagnostic: &Diagnostic) -> Self {
        Self {
            file,
            error: diagnostic.severity == Severity::Error,
            record: diagnostic.record,
            message: diagnostic.message.clone(),
        }
    }

    /// Says it again. The message is cleaned once more: it comes from a disk.
    pub fn diagnostic(&self, path: &Path) -> Diagnostic {
        let message = crate::text::line(&self.message).to_string();
        let make = match self.error {
            true => Diagnostic::error,
            false => Diagnostic::warning,
        };
        Diagnostic {
            record: self.record,
            ..make(path.to_owned(), message)
        }
    }
}

impl Manifest {
    /// Of a library with nothing in it.
    pub fn new(options: &formats::Options) -> Self {
        Self {
            format: FORMAT,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            options: options.clone(),
            // Random: two hashers never begin with the same keys.
            identity: RandomState::new().build_hasher().finish(),
            next: 1,
            ..Self::default()
        }
    }

    /// Reads the one of a folder. None when there is none, or none that this program can go on with: of another format,
    /// damaged, or of articles that were read with other options.
    pub fn load(folder: &Path, options: &formats::Options) -> Option<Self> {
        let text = fs::read_to_string(folder.join(NAME)).ok()?;
        let (sum, rest) = text.split_once('\n')?;
        if blake3::hash(rest.as_bytes()).to_hex().as_str() != sum {
            return None;
        }
        let manifest: Self = serde_json::from_str(rest).ok()?;
        let wanted = Self::new(options);
        let fits = manifest.format == wanted.format
            && manifest.program == wanted.program
            && manifest.options == wanted.options;
        let mut next = 0;
        let in_order = manifest.segments.iter().all(|it| {
            let fits = it.first == next;
            next = it.first.saturating_add(it.rows);
            fits
        });
        (fits && in_order).then_some(manifest)
    }

    /// Writes it into a folder.
    pub fn save(&self, folder: &Path) -> io::Result<()> {
        let text = serde_json::to_string(self).map_err(io::Error::other)?;
        let new = folder.join(format!("{NAME}.new"));
        let mut file = File::create(&new)?;
        writeln!(file, "{}", blake3::hash(text.as_bytes()).to_hex())?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(new, folder.join(NAME))?;
        #[cfg(unix)]
        File::open(folder)?.sync_all()?;
        Ok(())
    }

    /// How many articles its segments have.
    pub fn articles(&self) -> u32 {
        self.segments.last().map_or(0, |it| it.first + it.rows)
    }

    /// How many records were read from files that still count.
    pub fn records(&self) -> u64 {
        let files = self.sources.iter().filter(|it| !it.gone);
        files.map(|it| it.loaded).sum()
    }
}
