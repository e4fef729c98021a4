//! One record of a collection as grouping needs it, read by the short way where that will do.

use std::path::Path;

use crate::cancel::Cancel;
use crate::formats::{self, Declared, Item, Lean, Line};
use crate::group::{Facts, Profile, Profiler};
use crate::model::{Article, ArticleId, Basis, Diagnostic, Source};
use crate::store::ingest::process;

/// A record of a file with one record a line.
pub(super) enum Opened<'a> {
    /// A plain one: its text is borrowed.
    Lean(Lean<'a>),
    /// Any other.
    Full(Box<Held>),
}

/// An article in memory, as far as grouping needs it.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub id: ArticleId,
    pub record: Option<u64>,
    pub record_id: Option<String>,
    blocks: Vec<String>,
    told: Declared,
    has_title: bool,
}

/// Reads a line; what is wrong with it, or with a part of it, goes to `diagnostics`.
pub(super) fn open<'a>(
    path: &Path,
    line: &'a [u8],
    options: &formats::Options,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Opened<'a>> {
    if options.map.is_empty()
        && let Some(lean) = std::str::from_utf8(line).ok().and_then(formats::lean)
    {
        return Some(Opened::Lean(lean));
    }
    let mut found = None;
    read(path, line, options, &mut |item| match item {
        Item::Record(record) => {
            found = Some(Held::new(&record.article, &[record.source], options));
        }
        Item::Diagnostic(diagnostic) => diagnostics.push(diagnostic),
    });
    found.map(|held| Opened::Full(Box::new(held)))
}

/// Reads a line; whoever asks knows which one it is.
fn read(path: &Path, line: &[u8], options: &formats::Options, sink: &mut dyn FnMut(Item)) {
    let line = Line {
        number: 1,
        offset: 0,
        bytes: Some(line),
    };
    process::read_line(path, &line, options, &Cancel::new(), sink);
}

impl Opened<'_> {
    /// Names the article.
    pub fn id(&self) -> ArticleId {
        match self {
            Self::Lean(lean) => lean.id(),
            Self::Full(held) => held.id,
        }
    }

    /// The record's own id.
    pub fn record_id(&self) -> Option<&str> {
        match self {
            Self::Lean(lean) => lean.record_id.as_deref(),
            Self::Full(held) => held.record_id.as_deref(),
        }
    }

    /// Does something with its blocks.
    pub fn with_blocks<T>(&self, work: impl BlockWork<T>) -> T {
        match self {
            Self::Lean(lean) => work.run(lean.body.lines()),
            Self::Full(held) => work.run(held.blocks.iter().map(String::as_str)),
        }
    }

    /// Looks closely at it. A record that names no title may tell one in its text, which only the full rules find.
    pub fn profile(
        &self,
        line: &[u8],
        options: &formats::Options,
        profiler: &mut Profiler,
    ) -> Option<Profile> {
        match self {
            Self::Full(held) => Some(held.profile(profiler)),
            Self::Lean(lean) => match lean.declared() {
                Some(told) => Some(profiler.profile(&facts(&told), lean.body.lines())),
                None => {
                    let mut found = None;
                    read(Path::new(""), line, options, &mut |item| {
                        if let Item::Record(record) = item {
                            found = Some(Held::new(&record.article, &[record.source], options));
                        }
                    });
                    found.map(|held| held.profile(profiler))
                }
            },
        }
    }
}

/// Work on the blocks of an article, whichever way they are kept.
pub(super) trait BlockWork<T> {
    fn run<'a>(self, blocks: impl Iterator<Item = &'a str> + Clone) -> T;
}

fn facts(told: &Declared) -> Facts<'_> {
    Facts {
        title: Some(&told.title),
        url: told.url.as_deref(),
        date: told.date,
    }
}

impl Held {
    /// Takes what grouping needs from an article and the records that it was read from.
    pub fn new(article: &Article, sources: &[Source], options: &formats::Options) -> Self {
        let told = told(article, sources, options);
        Self {
            id: article.id,
            record: sources.first().and_then(|source| source.record),
            record_id: sources.first().and_then(|source| source.record_id.clone()),
            blocks: grouped_by(article).into_iter().map(str::to_owned).collect(),
            has_title: told.title.is_some(),
            told: Declared {
                title: told.title.unwrap_or_default(),
                url: told.url,
                date: told.date,
            },
        }
    }

    /// Looks closely at it.
    pub fn profile(&self, profiler: &mut Profiler) -> Profile {
        let facts = Facts {
            title: self.has_title.then_some(&*self.told.title),
            ..facts(&self.told)
        };
        profiler.profile(&facts, self.blocks.iter().map(String::as_str))
    }

    /// Does something with its blocks.
    pub fn with_blocks<T>(&self, work: impl BlockWork<T>) -> T {
        work.run(self.blocks.iter().map(String::as_str))
    }
}

/// What an article's sources say of it.
pub(in crate::store) struct Told {
    pub title: Option<crate::model::Clean>,
    pub url: Option<crate::model::Clean>,
    pub date: Option<crate::model::Date>,
}

/// What grouping takes for granted about an article: a record that names its title is taken at its word, of any other
/// the text is asked too. Of several records of one article the one with the smallest hash speaks, so that their order
/// does not matter.
pub(in crate::store) fn told(
    article: &Article,
    sources: &[Source],
    options: &formats::Options,
) -> Told {
    let records = sources.iter().filter_map(|source| source.fields.as_deref());
    let first = records.min_by_key(|raw| raw_hash(raw.as_bytes()));
    match first.and_then(|raw| formats::declared(raw, &options.map)) {
        Some(declared) => Told {
            title: Some(declared.title),
            url: declared.url,
            date: declared.date,
        },
        None => Told {
            title: article.meta.title.clone(),
            url: article.meta.url.clone(),
            date: article.meta.date,
        },
    }
}

/// A hash of a record as it was read.
pub(super) fn raw_hash(record: &[u8]) -> u64 {
    xxhash_rust::xxh3::xxh3_64(record)
}

/// What grouping compares: lines as they stood, where the text is the source's own, since what cleaning takes away,
/// such as the addresses of links, tells two issues of one form apart; else, where markup would drown the words, the
/// cleaned blocks.
pub fn grouped_by(article: &Article) -> Vec<&str> {
    match article.basis {
        Basis::File | Basis::Decoded => article.text.lines().collect(),
        Basis::Extracted => article
            .blocks
            .iter()
            .map(|block| block.text.as_str())
            .collect(),
    }
}
