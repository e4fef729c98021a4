//! recto reads parsed articles, groups versions of one text, compares them as prose, and records decisions.
//!
//! The program is the command line; this is the library behind it. Its core knows neither disk, clock nor terminal and
//! builds without any feature:
//!
//! ```toml
//! recto = { version = "0.1", default-features = false }
//! ```
//!
//! | module | question that it answers | begin with |
//! |---|---|---|
//! | [`model`] | what is an article, a block, a date, a decision? | [`model::Article`], [`model::Clean`] |
//! | [`text`] | how may a stranger's text be shown, measured, broken into lines, searched? | [`text::clean()`], [`text::wrap()`], [`text::find()`] |
//! | [`diff`] | what differs between two texts, or between many versions of one? | [`diff::compare`], [`diff::versions::versions`] |
//! | [`group`] | which texts are versions of one another, and why? | [`group::group()`] |
//! | [`query`] | what does a typed filter mean? | [`query::parse()`], [`query::matches`] |
//! | [`cancel`] | how is long work called off? | [`cancel::Cancel`] |
//!
//! Each has an example that runs: `cargo run --example text`, `diff`, `group`, `query`. The shortest way to a comparison:
//!
//! ```
//! use recto::diff::{Classes, Options, Side, compare, paragraphs, summary};
//!
//! let (left, right) = ("Some 4,000 people\ncame.", "Some 4,100 people came.");
//! let (l, r) = (paragraphs(left), paragraphs(right));
//! let comparison = compare(
//!     Side { text: left, paragraphs: &l },
//!     Side { text: right, paragraphs: &r },
//!     &Options::default(),
//! );
//! assert_eq!(summary(&comparison, Classes::QUIET).differences, 1);
//! ```
//!
//! Conventions: offsets are bytes of UTF-8 and fall between characters. The same input gives the same output on every
//! machine; work is bounded by counted steps, never by a clock. Nothing here panics on foreign text.
//!
//! # What the features add
//!
//! - `index`: everything that touches disks. `formats` makes articles of bytes, `store` keeps and finds them and holds the
//!   review log, `cli` is the command line.
//! - `tui` (brings `index`): the screen. `app` is its state without IO, `view` draws it, `keymap`, `config` and `theme`
//!   are what a person may have otherwise, `runtime` owns threads, terminal and clock.
//!
//! Those modules are public for the program and its tests. Only the core is meant to be built upon: until 1.0 its items may
//! still be renamed in a minor version, and CHANGELOG.md says so; of the others nothing is promised. ARCHITECTURE.md
//! draws the map.

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
