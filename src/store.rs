//! Articles, what is derived from them, and the review log, behind traits of plain data.

mod collection;
pub mod dirs;
pub mod ingest;
pub mod local;
pub mod memory;
pub mod rebind;
pub mod review;
pub mod traits;
pub mod types;
pub mod versions;
pub mod why;
