//! Articles by number, as grouping reads them: whoever holds a collection hands it in as this.

use std::path::Path;

use super::record::{self, Held, grouped_by};
use crate::formats;
use crate::group::{Profile, Profiler, Signature, Signer};
use crate::model::{Article, ArticleId, Source};

/// Articles by number.
pub trait Articles: Sync {
    /// The name of an article.
    fn id(&self, article: u32) -> ArticleId;
    /// Reads articles on one thread.
    fn reader(&self) -> Box<dyn Reader + '_>;
}

/// Reads articles; keeps open what it reads from.
pub trait Reader: Send {
    /// Looks closely at an article. None where it is not what was signed any more.
    fn profile(&mut self, article: u32, profiler: &mut Profiler) -> Option<Profile>;
}

/// Signs an article.
pub fn sign(article: &Article, signer: &mut Signer) -> Signature {
    signer.sign(grouped_by(article).into_iter())
}

/// Looks closely at an article that was read from these records.
pub fn profile(
    article: &Article,
    sources: &[Source],
    options: &formats::Options,
    profiler: &mut Profiler,
) -> Profile {
    Held::new(article, sources, options).profile(profiler)
}

/// The same of the only record of an article, which is that line of a file.
pub fn profile_line(
    path: &Path,
    line: &[u8],
    options: &formats::Options,
    profiler: &mut Profiler,
) -> Option<Profile> {
    let opened = record::open(path, line, options, &mut Vec::new())?;
    opened.profile(line, options, profiler)
}
