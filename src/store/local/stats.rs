//! What a library holds, in numbers.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::LocalLibrary;
use crate::store::library::sealed::folder_bytes;

/// The numbers of a library.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stats {
    /// Files that something was read from.
    pub files: u64,
    /// Records: exact copies count each time.
    pub records: u64,
    /// Articles: exact copies count once.
    pub articles: u64,
    /// Groups of two versions and more.
    pub groups: u64,
    /// Articles in these.
    pub versions: u64,
    /// Words of all bodies: runs between white space.
    pub words: u64,
    /// Articles by the format of their first record.
    pub formats: BTreeMap<String, u64>,
    /// Articles by the language that their source says; `-` where it says none.
    pub languages: BTreeMap<String, u64>,
    /// Bytes by part: the sources, the text of the articles in memory, and the parts of the library on disk.
    pub bytes: BTreeMap<String, u64>,
}

impl LocalLibrary {
    /// Counts what there is. Articles on disk are counted by what the catalogue says of them.
    pub fn stats(&self) -> Stats {
        let now = self.snapshot();
        let collection = &now.collection;
        let mut stats = Stats {
            records: now.status.progress.records,
            articles: collection.alive(),
            ..Stats::default()
        };
        let groups = now.groups.all().filter(|it| it.len() > 1);
        for group in groups {
            stats.groups += 1;
            stats.versions += group.len() as u64;
        }
        let mut files = BTreeSet::new();
        let mut count = |words: u64, format: &str, lang: Option<&str>| {
            stats.words += words;
            *stats.formats.entry(format.to_owned()).or_default() += 1;
            let lang = lang.filter(|it| !it.trim().is_empty()).unwrap_or("-");
            *stats.languages.entry(lang.to_owned()).or_default() += 1;
        };
        let sealed = &collection.sealed;
        for segment in &sealed.segments {
            // A segment that cannot be read is said where it is used.
            let _ = segment.catalogue.walk(|at, row| {
                let number = segment.first() + at;
                let records = sealed.records(number, &row);
                files.extend(records.filter_map(|(_, it)| sealed.paths.get(it.file as usize)));
                if !sealed.dead.contains(number) {
                    let format = row.records.first().map_or("", |it| it.format);
                    count(u64::from(row.words), format, row.lang.as_deref());
                }
                true
            });
        }
        let mut texts = 0;
        for member in collection.tail() {
            files.extend(member.sources.iter().map(|it| &it.path));
            texts += member.article.text.len() as u64;
            let format = member.sources.first().map_or("", |it| it.format);
            count(member.words, format, member.article.meta.lang.as_deref());
        }
        stats.files = files.len() as u64;
        let sources = files.iter().filter_map(|path| path.metadata().ok());
        let mut bytes = vec![
            ("sources", sources.map(|it| it.len()).sum()),
            ("text in memory", texts),
        ];
        if !sealed.segments.is_empty() {
            let [catalogue, text, spool, marks] = sealed.bytes();
            let grouping = self.folder().map(|folder| folder.join("grouping"));
            bytes.extend([
                ("catalogue", catalogue),
                ("text index", text),
                ("spool", spool),
                ("marks of blocks", marks),
                ("grouping", grouping.map_or(0, |it| folder_bytes(&it))),
            ]);
        }
        let named = |(name, size): (&str, u64)| (name.to_owned(), size);
        stats.bytes = bytes.into_iter().map(named).collect();
        stats
    }
}
