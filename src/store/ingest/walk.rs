//! Which files a path stands for.
//!
//! A link that the user names is followed, links met while walking are not: a collection from elsewhere must not be
//! able to point at the reader's own files. Hidden files and what `.gitignore` or `.ignore` files inside the folder
//! name are left out, and what `--exclude` names; ignore files above the folder say nothing about what was named on purpose.

use std::collections::HashSet;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use globset::GlobBuilder;
use ignore::WalkBuilder;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::{STDIN, reason};
use crate::cancel::Cancel;
use crate::model::{Date, Diagnostic};
use crate::store::{date_of, today};

/// A regular file that was found.
#[derive(Debug)]
pub(crate) struct Found {
    /// As the user would write it.
    pub(in crate::store) path: PathBuf,
    /// Its length when it was found.
    pub(in crate::store) bytes: u64,
    /// When it was changed last, in nanoseconds since 1970; 0 where that is not known.
    pub(in crate::store) modified: u64,
    /// The day of that, where the person is.
    pub(super) day: Option<Date>,
    identity: Option<Identity>,
}

impl Found {
    /// Says whether an opened file is the one that was found.
    pub(super) fn is_same(&self, opened: &Metadata) -> bool {
        opened.is_file() && self.identity == identity(opened)
    }
}

/// The day on which a file was changed last.
fn day(metadata: &Metadata) -> Option<Date> {
    let time = jiff::Timestamp::try_from(metadata.modified().ok()?).ok()?;
    Some(date_of(&time.to_zoned(jiff::tz::TimeZone::system())))
}

fn modified(metadata: &Metadata) -> u64 {
    let time = metadata.modified().ok();
    let since = time.and_then(|it| it.duration_since(UNIX_EPOCH).ok());
    since.map_or(0, |it| u64::try_from(it.as_nanos()).unwrap_or(u64::MAX))
}

/// What tells one file from another, where the system says it.
pub(super) type Identity = (u64, u64);

#[cfg(unix)]
pub(super) fn identity(metadata: &Metadata) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
pub(super) fn identity(_: &Metadata) -> Option<Identity> {
    None
}

/// Lists the files that paths stand for, each once: in the order of the paths, and by name inside a folder.
pub(in crate::store) fn expand(
    paths: &[PathBuf],
    exclude: &[String],
    cancel: &Cancel,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Found> {
    let mut files = Vec::new();
    each(paths, exclude, cancel, diagnostics, &mut |found| {
        files.push(found);
    });
    files
}

/// Hands out the same files while they are found.
pub(in crate::store) fn each(
    paths: &[PathBuf],
    exclude: &[String],
    cancel: &Cancel,
    diagnostics: &mut Vec<Diagnostic>,
    found: &mut dyn FnMut(Found),
) {
    let mut list = List {
        found,
        seen: HashSet::new(),
        diagnostics,
        exclude,
        cancel,
    };
    for path in paths {
        list.add(path);
    }
}

struct List<'a> {
    found: &'a mut dyn FnMut(Found),
    seen: HashSet<PathBuf>,
    diagnostics: &'a mut Vec<Diagnostic>,
    exclude: &'a [String],
    cancel: &'a Cancel,
}

impl List<'_> {
    fn add(&mut self, path: &Path) {
        if path == Path::new(STDIN) {
            if self.seen.insert(path.to_owned()) {
                (self.found)(Found {
                    path: path.to_owned(),
                    bytes: 0,
                    modified: 0,
                    day: Some(today()),
                    identity: None,
                });
            }
            return;
        }
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => self.add_folder(path),
            Ok(metadata) if metadata.is_file() => self.push(path.to_owned(), &metadata),
            Ok(_) => self.refuse(
                path,
                "neither a file nor a folder; pipe it in and name it `-`",
            ),
            Err(_) if fs::symlink_metadata(path).is_ok_and(|it| it.is_symlink()) => {
                self.refuse(path, "a link that leads nowhere");
            }
            Err(error) => match glob_base(path) {
                Some(base) => self.add_glob(path, &base),
                None => self.refuse(path, reason(&error)),
            },
        }
    }

    fn refuse(&mut self, path: &Path, why: impl Into<String>) {
        self.diagnostics.push(Diagnostic::error(path, why));
    }

    fn push(&mut self, path: PathBuf, metadata: &Metadata) {
        let canonical = fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
        if self.seen.insert(canonical) {
            (self.found)(Found {
                path,
                bytes: metadata.len(),
                modified: modified(metadata),
                day: day(metadata),
                identity: identity(metadata),
            });
        }
    }

    fn add_folder(&mut self, folder: &Path) {
        let found = self.walk(folder, |_| true);
        if found == 0 && !self.cancel.is_cancelled() {
            self.refuse(
                folder,
                "no files in this folder (hidden and ignored files and links are passed over)",
            );
        }
    }

    fn add_glob(&mut self, pattern: &Path, base: &Path) {
        let text = pattern.to_string_lossy();
        let glob = GlobBuilder::new(text.strip_prefix("./").unwrap_or(&text))
            .literal_separator(true)
            .build();
        match glob {
            Err(error) => self.refuse(pattern, format!("not a pattern: {}", error.kind())),
            Ok(glob) => {
                let matcher = glob.compile_matcher();
                let found = self.walk(base, |path| {
                    matcher.is_match(path.strip_prefix(".").unwrap_or(path))
                });
                if found == 0 && !self.cancel.is_cancelled() {
                    self.refuse(pattern, "no file matches this pattern");
                }
            }
        }
    }

    /// What `--exclude` leaves out below a folder; a pattern that is none is named once for each folder.
    fn excluded(&mut self, folder: &Path) -> Gitignore {
        let mut patterns = GitignoreBuilder::new(folder);
        for pattern in self.exclude {
            if let Err(error) = patterns.add_line(None, pattern) {
                self.refuse(folder, format!("--exclude {pattern}: {error}"));
            }
        }
        patterns.build().unwrap_or_else(|_| Gitignore::empty())
    }

    /// Adds the files below a folder that pass a filter; gives how many there were.
    fn walk(&mut self, folder: &Path, wanted: impl Fn(&Path) -> bool) -> u64 {
        // A named link to a folder is followed by walking what it leads to.
        let excluded = self.excluded(folder);
        let walk = WalkBuilder::new(folder)
            .filter_entry(move |entry| {
                let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
                // The folder itself was named on purpose.
                entry.depth() == 0 || !excluded.matched(entry.path(), is_folder).is_ignore()
            })
            .follow_links(false)
            .parents(false)
            .require_git(false)
            .git_global(false)
            .git_exclude(false)
            .sort_by_file_name(|a, b| a.cmp(b))
            .build();
        let mut count = 0;
        for entry in walk {
            if self.cancel.is_cancelled() {
                break;
            }
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let why = error.io_error().map_or_else(|| error.to_string(), reason);
                    let at = place(&error).unwrap_or(folder).to_owned();
                    self.refuse(&at, why);
                    count += 1;
                    continue;
                }
            };
            if !entry.file_type().is_some_and(|kind| kind.is_file()) || !wanted(entry.path()) {
                continue;
            }
            count += 1;
            match fs::symlink_metadata(entry.path()) {
                Ok(metadata) => self.push(entry.into_path(), &metadata),
                Err(error) => self.refuse(entry.path(), reason(&error)),
            }
        }
        count
    }
}

/// The path that an error of the walk is about.
fn place(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            place(err)
        }
        _ => None,
    }
}

/// The folder to walk for a pattern: its components before the first with a wildcard. Nothing for a plain path.
fn glob_base(path: &Path) -> Option<PathBuf> {
    let wild = |part: &std::path::Component<'_>| {
        part.as_os_str()
            .to_string_lossy()
            .contains(['*', '?', '[', '{'])
    };
    path.components().find(wild)?;
    let base: PathBuf = path.components().take_while(|part| !wild(part)).collect();
    Some(if base.as_os_str().is_empty() {
        PathBuf::from(".")
    } else {
        base
    })
}
