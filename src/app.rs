//! The state of the screen and how it changes: no IO, no clock, no threads, no keys.

pub mod action;

pub use action::Action;
