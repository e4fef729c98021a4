//! recto reads parsed articles, groups versions of one text, compares them as prose, and records decisions.
//!
//! The pure core builds without features and knows neither disk, clock nor terminal:
//! [`model`] says what things are, [`text`] is the door for foreign text, [`diff`] compares two
//! articles, [`group`] finds which are versions of one another, [`query`] filters them.
//! Feature `index` adds [`formats`], [`store`] and the command line, feature `tui` the screen: [`app`] is its state,
//! [`keymap`], [`config`] and [`theme`] are what a person may have otherwise.
//! ARCHITECTURE.md draws the map.

pub mod cancel;
pub mod diff;
pub mod group;
pub mod model;
pub mod nearest;
pub mod query;
pub mod text;

#[cfg(feature = "index")]
pub mod cli;
#[cfg(feature = "index")]
pub mod formats;
#[cfg(feature = "index")]
pub mod store;

#[cfg(feature = "tui")]
pub mod app;
#[cfg(feature = "tui")]
pub mod config;
#[cfg(feature = "tui")]
pub mod keymap;
#[cfg(feature = "tui")]
pub mod notice;
#[cfg(feature = "tui")]
pub mod runtime;
#[cfg(feature = "tui")]
pub mod theme;
#[cfg(feature = "tui")]
pub mod view;
