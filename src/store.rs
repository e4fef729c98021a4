//! Articles, what is derived from them, and the review log, behind traits of plain data.

pub mod memory;
pub mod review;
pub mod traits;
pub mod types;
