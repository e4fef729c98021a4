//! The one door for foreign text and the one ruler for width.
//!
//! Whatever was read from disk, from a command line or from a terminal passes [`clean`](clean::clean) before it may be
//! shown, logged or searched; whatever is laid out is measured by [`width`](width::width) and broken by
//! [`wrap`](wrap::wrap). Nothing here knows files, formats or colours.

pub mod clean;
pub mod find;
pub mod inline;
mod markup;
mod policy;
pub mod reveal;
pub mod width;
pub mod wrap;

pub use clean::{Cleaner, clean, clean_range, line, lines, restore};
pub use find::{Needle, find, fold};
pub use markup::page_text;
pub use policy::{is_safe, is_safe_cell};
pub use width::{pad, truncate, width};
pub use wrap::wrap;

/// The longest start of a text in whole characters that has at most so many bytes.
pub fn head(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests;
