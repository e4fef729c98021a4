//! Stores that live in memory and are harsher than the real ones, for tests: they promise nothing beyond the traits
//! and refuse what a careless caller gets away with elsewhere.

mod library;
mod log;

pub use library::MemoryLibrary;
pub use log::MemoryReviewLog;
