//! What a person read and marked, as the screen left it in the state directory: for whoever has no screen.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::types::{LibraryId, Personal};
use crate::model::ArticleId;

/// The folder below the state directory.
const FOLDER: &str = "places";

/// The file of a library.
pub fn file(state: &Path, library: &LibraryId) -> PathBuf {
    state.join(FOLDER).join(format!("{}.json", library.0))
}

/// What is needed of it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Kept {
    opened: BTreeSet<ArticleId>,
    marks: BTreeMap<char, Marked>,
}

#[derive(Deserialize)]
struct Marked {
    article: ArticleId,
}

/// Reads what was kept of a library; nothing where there is nothing, or nothing that can be read. A selection lasts as
/// long as a screen.
pub fn read(state: &Path, library: &LibraryId) -> Personal {
    let text = fs::read(file(state, library)).unwrap_or_default();
    let kept: Kept = serde_json::from_slice(&text).unwrap_or_default();
    Personal {
        read: kept.opened,
        marked: kept.marks.into_values().map(|it| it.article).collect(),
        selected: BTreeSet::new(),
    }
}
