//! The library on disk: sealed segments of articles, and what is found in them.

pub mod catalogue;
pub mod segment;
pub mod text;
