//! The one door for foreign text and the one ruler for width.

pub mod find;
