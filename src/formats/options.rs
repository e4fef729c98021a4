//! What a reader needs to be told, and how much it may take.

use serde::{Deserialize, Serialize};

/// One mebibyte.
const MB: u64 = 1024 * 1024;

/// How articles are read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// How much one input may take.
    pub limits: Limits,
    /// Which field of a record holds what: `("text", "body")`, asked before the known schemas.
    pub map: Vec<(String, String)>,
    /// Patterns of files that are left out while folders are walked, as in a `.gitignore`.
    pub exclude: Vec<String>,
}

/// How much one input may take, so that a hostile file costs a line and not the machine. Each is a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// The largest record, in bytes.
    pub record_bytes: u64,
    /// The largest file after decompression, in bytes.
    pub file_bytes: u64,
    /// How many times larger than its file the content may be, once it is past [`Limits::RATIO_FROM`].
    pub ratio: u64,
    /// How deep arrays, objects and elements may stand in each other.
    pub nesting: usize,
    /// The largest window of zstd, and dictionary of xz, in bytes.
    pub window_bytes: u64,
}

impl Limits {
    /// Contents that are smaller may have any ratio, in bytes.
    pub const RATIO_FROM: u64 = 64 * MB;

    /// The record limit in words.
    pub fn too_large(&self) -> String {
        format!(
            "too large: more than {} MB, the limit for one article (setting max-record-mb)",
            self.record_bytes / MB
        )
    }

    /// The nesting limit in words.
    pub fn too_deep(&self) -> String {
        format!(
            "nested deeper than {}, the limit (setting max-nesting)",
            self.nesting
        )
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            record_bytes: 32 * MB,
            file_bytes: 8 * 1024 * MB,
            ratio: 1000,
            nesting: 512,
            window_bytes: 128 * MB,
        }
    }
}
