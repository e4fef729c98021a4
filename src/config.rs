//! The settings: the defaults, a person's `config.toml` over them, and flags over both.
//!
//! Layers are kept apart until all are there and each setting remembers which one it came from, so that the program
//! can say why something is as it is. `file` reads a layer; a mistake there costs its line and the program starts.
//! Nothing here reads a disk or the environment: whoever starts the program hands in text and flags.

use std::fmt;
use std::ops::Deref;

use crate::theme::ThemeName;

mod file;
pub mod theme;

pub use file::{DEFAULT, SETTINGS, SettingInfo, read};

/// How many quick tags there are: the keys 1 to 9.
pub const QUICK_TAGS: usize = 9;

/// What one layer says; where it says nothing, the layer below counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layer {
    /// Columns of a line of an article.
    pub measure: Option<u16>,
    /// The theme.
    pub theme: Option<ThemeName>,
    /// Plain ASCII only.
    pub ascii: Option<bool>,
    /// Take the mouse.
    pub mouse: Option<bool>,
    /// Tell the terminal where links lead.
    pub hyperlinks: Option<bool>,
    /// Nothing moves by itself.
    pub reduced_motion: Option<bool>,
    /// The focus dims what stands around the paragraph on top.
    pub focus_dims: Option<bool>,
    /// Whose decisions these are.
    pub author: Option<String>,
    /// Go to the next article after a decision.
    pub go_on_after_decision: Option<bool>,
    /// The largest article, in megabytes.
    pub max_record_mb: Option<u64>,
    /// The largest file after decompression, in megabytes.
    pub max_file_mb: Option<u64>,
    /// How many times its size a file may have after decompression, past 64 MB.
    pub max_ratio: Option<u64>,
    /// How deep the parts of a record may stand in each other.
    pub max_nesting: Option<u64>,
    /// The largest window of zstd and xz, in megabytes.
    pub max_window_mb: Option<u64>,
    /// About how much memory grouping may take, in megabytes.
    pub memory_mb: Option<u64>,
    /// The quick tags 1 to 9.
    pub quick_tags: [Option<String>; QUICK_TAGS],
}

/// The layer that a setting came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Built in.
    Default,
    /// The person's `config.toml`.
    File,
    /// The command line.
    Flag,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Default => "default",
            Self::File => "config.toml",
            Self::Flag => "flag",
        })
    }
}

/// A value and the layer that it came from. Stands for the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting<T> {
    value: T,
    origin: Origin,
}

impl<T> Setting<T> {
    const fn default(value: T) -> Self {
        Self {
            value,
            origin: Origin::Default,
        }
    }

    /// The layer that it came from.
    pub fn origin(&self) -> Origin {
        self.origin
    }

    fn lay(&mut self, value: Option<T>, origin: Origin) {
        if let Some(value) = value {
            *self = Self { value, origin };
        }
    }
}

impl<T> Deref for Setting<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// The settings that count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Columns of a line of an article.
    pub measure: Setting<u16>,
    /// The theme.
    pub theme: Setting<ThemeName>,
    /// Plain ASCII only.
    pub ascii: Setting<bool>,
    /// Take the mouse.
    pub mouse: Setting<bool>,
    /// Tell the terminal where links lead.
    pub hyperlinks: Setting<bool>,
    /// Nothing moves by itself.
    pub reduced_motion: Setting<bool>,
    /// The focus dims what stands around the paragraph on top.
    pub focus_dims: Setting<bool>,
    /// Whose decisions these are; empty for the name of whoever is logged in.
    pub author: Setting<String>,
    /// Go to the next article after a decision.
    pub go_on_after_decision: Setting<bool>,
    /// The largest article, in megabytes.
    pub max_record_mb: Setting<u64>,
    /// The largest file after decompression, in megabytes.
    pub max_file_mb: Setting<u64>,
    /// How many times its size a file may have after decompression, past 64 MB.
    pub max_ratio: Setting<u64>,
    /// How deep the parts of a record may stand in each other.
    pub max_nesting: Setting<u64>,
    /// The largest window of zstd and xz, in megabytes.
    pub max_window_mb: Setting<u64>,
    /// About how much memory grouping may take, in megabytes.
    pub memory_mb: Setting<u64>,
    /// The quick tags; an empty name is none.
    quick_tags: [Setting<String>; QUICK_TAGS],
}

impl Default for Config {
    fn default() -> Self {
        let tags = [
            "todo",
            "good",
            "bad",
            "check",
            "quote",
            "translate",
            "source",
            "later",
            "done",
        ];
        Self {
            measure: Setting::default(72),
            theme: Setting::default(ThemeName::Auto),
            ascii: Setting::default(false),
            mouse: Setting::default(true),
            hyperlinks: Setting::default(false),
            reduced_motion: Setting::default(false),
            focus_dims: Setting::default(true),
            author: Setting::default(String::new()),
            go_on_after_decision: Setting::default(true),
            max_record_mb: Setting::default(32),
            max_file_mb: Setting::default(8192),
            max_ratio: Setting::default(1000),
            max_nesting: Setting::default(512),
            max_window_mb: Setting::default(128),
            memory_mb: Setting::default(2048),
            quick_tags: tags.map(|tag| Setting::default(tag.to_owned())),
        }
    }
}

impl Config {
    /// The defaults with a file and flags laid over them.
    pub fn new(file: Layer, flags: Layer) -> Self {
        let mut config = Self::default();
        config.lay(file, Origin::File);
        config.lay(flags, Origin::Flag);
        config
    }

    /// The quick tag of a key, 1 to 9, if the key has one.
    pub fn quick_tag(&self, number: u8) -> Option<&str> {
        let index = usize::from(number).checked_sub(1)?;
        let tag = self.quick_tags.get(index)?;
        (!tag.is_empty()).then_some(tag.as_str())
    }

    fn lay(&mut self, layer: Layer, origin: Origin) {
        // Taken apart whole, so that a new setting is not forgotten.
        let Layer {
            measure,
            theme,
            ascii,
            mouse,
            hyperlinks,
            reduced_motion,
            focus_dims,
            author,
            go_on_after_decision,
            max_record_mb,
            max_file_mb,
            max_ratio,
            max_nesting,
            max_window_mb,
            memory_mb,
            quick_tags,
        } = layer;
        self.measure.lay(measure, origin);
        self.theme.lay(theme, origin);
        self.ascii.lay(ascii, origin);
        self.mouse.lay(mouse, origin);
        self.hyperlinks.lay(hyperlinks, origin);
        self.reduced_motion.lay(reduced_motion, origin);
        self.focus_dims.lay(focus_dims, origin);
        self.author.lay(author, origin);
        self.go_on_after_decision.lay(go_on_after_decision, origin);
        self.max_record_mb.lay(max_record_mb, origin);
        self.max_file_mb.lay(max_file_mb, origin);
        self.max_ratio.lay(max_ratio, origin);
        self.max_nesting.lay(max_nesting, origin);
        self.max_window_mb.lay(max_window_mb, origin);
        self.memory_mb.lay(memory_mb, origin);
        for (below, tag) in self.quick_tags.iter_mut().zip(quick_tags) {
            below.lay(tag, origin);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_lie_over_the_file_and_the_file_over_the_defaults() {
        let (file, notices) = read(
            "config.toml",
            "measure = 66\nmouse = false\n[quick-tags]\n2 = \"great\"\n3 = \"\"\n",
        );
        assert_eq!(notices, []);
        let flags = Layer {
            measure: Some(80),
            ..Layer::default()
        };
        let config = Config::new(file, flags);
        assert_eq!(
            (*config.measure, config.measure.origin()),
            (80, Origin::Flag)
        );
        assert_eq!(
            (*config.mouse, config.mouse.origin()),
            (false, Origin::File)
        );
        assert_eq!(
            (*config.ascii, config.ascii.origin()),
            (false, Origin::Default)
        );
        assert_eq!(config.quick_tag(1), Some("todo"));
        assert_eq!(config.quick_tag(2), Some("great"));
        assert_eq!(config.quick_tag(3), None, "taken away");
        assert_eq!(config.quick_tag(0), None);
        assert_eq!(config.quick_tag(10), None);
    }
}
