//! One suite, every backend: what the store traits promise.

mod library;
mod log;
