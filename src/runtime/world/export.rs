//! Writes rows of the list to a file.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError};
use std::time::Instant;

use super::{BETWEEN_PARTS, World, all_hits};
use crate::app::effect::Rows;
use crate::app::event::Reply;
use crate::cancel::Cancel;
use crate::model::{ArticleId, Clean};
use crate::store::traits::Library;
use crate::store::types::{By, StoreError};
use crate::text::clean;

/// Writes articles to a new file in the form that its name asks for, whole or not at all; is told how many are written, and
/// gives the number of their records.
pub type Export = Arc<dyn Fn(Exported<'_>, &Cancel) -> Result<u64, StoreError> + Send + Sync>;

/// What is exported.
pub struct Exported<'a> {
    /// The articles.
    pub ids: &'a [ArticleId],
    /// Where to.
    pub path: &'a Path,
    /// Hears how many articles are written.
    pub told: &'a mut dyn FnMut(usize),
}

impl World {
    /// Writes what the list shows, or what is chosen in it, to a file; says how much that was.
    pub(super) fn export(
        &self,
        library: &dyn Library,
        rows: Rows,
        path: &str,
        cancel: &Cancel,
        meanwhile: &mut dyn FnMut(Reply),
    ) -> Result<Clean, StoreError> {
        let export = self.export.read().unwrap_or_else(PoisonError::into_inner);
        let Some(export) = export.clone() else {
            return Err(StoreError::Cancelled);
        };
        let mut ids = Vec::new();
        match rows {
            Rows::Hits(query) | Rows::Articles(query) => {
                let query = self
                    .parse(&query)
                    .map_err(|error| StoreError::Refused(error.to_string()))?;
                ids = all_hits(library, &Arc::new(query), By::Article, cancel)?;
            }
            Rows::Chosen(rows) => {
                for (id, whole_group) in rows {
                    match whole_group {
                        true => ids.extend(library.versions(id, cancel)?),
                        false => ids.push(id),
                    }
                }
            }
        }
        if ids.is_empty() {
            return Ok(Clean::own("nothing to export"));
        }
        let path = in_home(path);
        let (begin, mut told_at) = (Instant::now(), Instant::now());
        let all = ids.len();
        let mut told = |written: usize| {
            if told_at.elapsed() < BETWEEN_PARTS * 3 || written == 0 {
                return;
            }
            told_at = Instant::now();
            let left = begin.elapsed().as_secs_f64() / written as f64 * (all - written) as f64;
            let (percent, left) = (written * 100 / all, left.ceil());
            let said = format!("exporting: {percent}%, {left} s left; ^c calls it off");
            meanwhile(Reply::Said(clean::line(&said)));
        };
        let exported = Exported {
            ids: &ids,
            path: &path,
            told: &mut told,
        };
        let records = export(exported, cancel)?;
        let records = match records {
            1 => "1 record".to_owned(),
            _ => format!("{records} records"),
        };
        let path = path.to_string_lossy();
        Ok(clean::line(&format!("{records} written to {path}")))
    }
}

/// A path as a person types it: `~/` is his own folder.
fn in_home(path: &str) -> PathBuf {
    let home = directories::BaseDirs::new();
    match (path.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.home_dir().join(rest),
        _ => PathBuf::from(path),
    }
}
