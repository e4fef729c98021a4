//! Keys to actions.
//!
//! `key` says what a key is, `command` lists every command, `trie` holds sequences of keys, `resolve` walks them,
//! `file` reads `keymap.toml`. Names are parsed once, when a file is read: a key press never meets a string. Nothing
//! here knows a terminal library; the runtime turns its events into [`Key`]s.

pub mod command;
pub mod file;
pub mod key;
pub mod resolve;
pub mod trie;

pub use command::{COMMANDS, Command, Context};
pub use key::{Code, Key, Modifiers};
pub use resolve::{Binding, Keymap, Resolution};

#[cfg(test)]
mod tests;
