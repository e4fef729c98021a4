//! Web pages to blocks.

use super::draft::Draft;

/// The encoding that a page declares in its head.
pub fn declared_encoding(_bytes: &[u8]) -> Option<String> {
    None
}

/// Finds the article in a page: its metadata and blocks, and the text that they point into.
pub fn parse(_page: &str) -> Result<(Draft, String), String> {
    Err("web pages are not read yet".to_owned())
}
