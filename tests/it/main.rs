//! All integration tests in one binary: one link step instead of ten.

mod conformance;
mod review;
