//! The folders that recto writes to, and no others. `XDG_*` variables are honoured where there are such.

use std::path::PathBuf;

use directories::ProjectDirs;

/// Where recto keeps what; docs/ON-DISK.md says what that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dirs {
    /// What cannot be rebuilt: the review log.
    pub data: PathBuf,
    /// What can be.
    pub cache: PathBuf,
    /// Where somebody was last; lost without much harm.
    pub state: PathBuf,
    /// What a person writes.
    pub config: PathBuf,
}

impl Dirs {
    /// Asks the system. Nothing where it knows no home folder.
    pub fn find() -> Option<Self> {
        let dirs = ProjectDirs::from("", "", "recto")?;
        let data = dirs.data_dir().to_owned();
        Some(Self {
            cache: dirs.cache_dir().to_owned(),
            // macOS and Windows have no folder for it.
            state: dirs
                .state_dir()
                .map_or_else(|| data.join("state"), Into::into),
            config: dirs.config_dir().to_owned(),
            data,
        })
    }
}
