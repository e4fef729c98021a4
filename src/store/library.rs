//! The library on disk: sealed segments of articles, and what is found in them.

pub mod catalogue;
pub mod keeper;
pub mod manifest;
mod orders;
pub mod place;
pub mod sealed;
pub mod search;
pub mod segment;
pub mod spool;
pub mod text;
