//! The library on disk: sealed segments of articles, and what is found in them.

pub mod catalogue;
pub mod keeper;
pub mod manifest;
pub mod place;
pub mod sealed;
pub mod segment;
pub mod spool;
pub mod text;
