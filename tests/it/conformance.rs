//! One suite, every backend: what the store traits promise.

mod log;
