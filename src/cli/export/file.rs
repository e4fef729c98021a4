//! Files that are written whole or not at all: under another name beside their place, and renamed at the end.

use std::fs::File;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::super::output::Failure;
use crate::store::ingest::reason;

/// A file that is being written.
pub(super) struct Whole {
    path: PathBuf,
    file: NamedTempFile,
    force: bool,
}

impl Whole {
    /// Begins one. A file that exists is refused, unless `force` says that it may be written over.
    pub(super) fn begin(path: &Path, force: bool) -> Result<Self, Failure> {
        if path.symlink_metadata().is_ok() && !force {
            return Err(exists(path));
        }
        let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
        let file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))
            .map_err(|error| failed(path, &error))?;
        Ok(Self {
            path: path.to_owned(),
            file,
            force,
        })
    }

    /// What is written to.
    pub(super) fn file(&self) -> Result<File, Failure> {
        self.file
            .as_file()
            .try_clone()
            .map_err(|error| failed(&self.path, &error))
    }

    /// Puts all of them in their places; after an error none of those that are new is there.
    pub(super) fn end(all: Vec<Self>) -> Result<(), Failure> {
        for one in &all {
            let file = one.file.as_file();
            file.sync_all().map_err(|error| failed(&one.path, &error))?;
            open_to_others(file);
        }
        let mut new: Vec<PathBuf> = Vec::new();
        for Self { path, file, force } in all {
            let is_new = path.symlink_metadata().is_err();
            let moved = match force {
                true => file.persist(&path),
                false => file.persist_noclobber(&path),
            };
            if let Err(error) = moved {
                for path in new {
                    // The error is told; that this fails too would only bury it.
                    let _ = std::fs::remove_file(path);
                }
                return Err(match error.error.kind() {
                    std::io::ErrorKind::AlreadyExists => exists(&path),
                    _ => failed(&path, &error.error),
                });
            }
            new.extend(is_new.then_some(path));
        }
        Ok(())
    }
}

fn exists(path: &Path) -> Failure {
    let path = path.display();
    Failure::failed(format!("{path} exists; --force writes over it"))
}

fn failed(path: &Path, error: &std::io::Error) -> Failure {
    let (path, why) = (path.display(), reason(error));
    Failure::failed(format!("{path} cannot be written: {why}"))
}

/// A temporary file is private; a result is as readable as other files that a person makes.
#[cfg(unix)]
fn open_to_others(file: &File) {
    use std::os::unix::fs::PermissionsExt;
    // Where that is not possible, it stays private.
    let _ = file.set_permissions(std::fs::Permissions::from_mode(0o644));
}

#[cfg(not(unix))]
fn open_to_others(_: &File) {}
