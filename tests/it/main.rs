//! All integration tests in one binary: one link step instead of ten.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "helpers of tests may fail a test; clippy exempts only functions marked as one"
)]

mod architecture;
mod changes;
mod cli;
mod conformance;
mod docs;
mod edges;
mod formats;
mod growing;
mod hostile;
mod jot;
mod journeys;
mod kept;
mod library;
mod personal;
mod pictures;
mod properties;
mod pty;
mod rebind;
mod review;
mod schemas;
mod screens;
mod sittings;
mod stage;
mod terminal;
