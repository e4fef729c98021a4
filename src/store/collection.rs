//! Articles in memory, with their sources: what the libraries that hold everything in memory are made of.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use crate::formats::Record;
use crate::model::{Article, ArticleId, Date, Decision, Diagnostic, Source, Verdict};
use crate::query::{Difference, Document};

use super::boilerplate::{self, Blocks};
use super::groups::{Groups, Standing, Versions};
use super::types::{self, Boilerplate, By, Entry, Evidence, Hit, StoreError};

/// The decision about an article that nobody said anything about.
pub(super) static UNDECIDED: LazyLock<Decision> = LazyLock::new(Decision::default);

/// What was decided, by article.
pub(super) type Decisions = HashMap<ArticleId, Decision>;

/// One article and what is known about it here.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) article: Arc<Article>,
    pub(super) sources: Vec<Source>,
    words: u64,
    paths: Vec<String>,
    has_error: bool,
}

/// Articles by number: what does not change while they are open.
#[derive(Debug, Default)]
pub(super) struct Collection {
    pub(super) members: Vec<Member>,
    by_id: HashMap<ArticleId, usize>,
    pub(super) blocks: Blocks,
}

impl Collection {
    /// Joins records of the same article; each article stands where its first record stood.
    pub(super) fn new(records: Vec<Record>, diagnostics: &[Diagnostic]) -> Self {
        let noted: HashSet<(&PathBuf, Option<u64>)> =
            diagnostics.iter().map(|it| (&it.path, it.record)).collect();
        let mut all = Self::default();
        for Record { article, source } in records {
            let has_error = noted.contains(&(&source.path, source.record));
            all.add(article, source, has_error);
        }
        let articles = all.members.iter().map(|member| &*member.article);
        all.blocks = Blocks::new(&articles.collect::<Vec<_>>());
        all
    }

    fn add(&mut self, article: Article, source: Source, has_error: bool) {
        let path = source.path.to_string_lossy().into_owned();
        let place = self.members.len();
        let place = *self.by_id.entry(article.id).or_insert(place);
        if let Some(member) = self.members.get_mut(place) {
            if !member.paths.contains(&path) {
                member.paths.push(path);
            }
            member.sources.push(source);
            member.has_error |= has_error;
            return;
        }
        self.members.push(Member {
            words: article.words() as u64,
            article: Arc::new(article),
            sources: vec![source],
            paths: vec![path],
            has_error,
        });
    }

    pub(super) fn place(&self, id: ArticleId) -> Option<usize> {
        self.by_id.get(&id).copied()
    }
}

/// A collection as it stands now: in these groups, with these decisions.
#[derive(Clone, Copy)]
pub(super) struct Present<'a> {
    pub(super) collection: &'a Collection,
    pub(super) groups: &'a Groups,
    pub(super) decisions: &'a Decisions,
}

impl<'a> Present<'a> {
    /// An article as a query sees it.
    pub(super) fn row(self, place: usize) -> Option<Row<'a>> {
        let member = self.collection.members.get(place)?;
        let standing = self.groups.standing(place)?;
        Some(Row {
            member,
            standing,
            group: self.groups.versions(standing.group)?,
            decision: self.decisions.get(&member.article.id).unwrap_or(&UNDECIDED),
            place,
            present: self,
        })
    }

    /// The article of that name as a query sees it.
    pub(super) fn row_of(self, id: ArticleId) -> Result<Row<'a>, StoreError> {
        let place = self.collection.place(id);
        let row = place.and_then(|place| self.row(place));
        row.ok_or(StoreError::NoArticle(id))
    }

    /// An article with everything that belongs to it.
    pub(super) fn entry(self, row: &Row<'_>) -> Entry {
        Entry {
            article: Arc::clone(&row.member.article),
            sources: row.member.sources.clone(),
            decision: row.decision.clone(),
            versions: self.versions(row),
        }
    }

    /// The versions of a group in the order of reading, which is the order of their letters.
    pub(super) fn versions(self, row: &Row<'_>) -> Vec<ArticleId> {
        let mut places = row.group.order.clone();
        places.sort_unstable();
        let members = places
            .iter()
            .filter_map(|at| self.collection.members.get(*at));
        members.map(|member| member.article.id).collect()
    }

    /// The line of a list for an article. That of a group is named by its best version: an extractor that lost the
    /// title must not name it.
    pub(super) fn hit(self, row: &Row<'_>, by: By) -> Hit {
        let best = match by {
            By::Group => row.group.order.first().copied().unwrap_or(row.place),
            By::Article => row.place,
        };
        let own = &row.member.article;
        let best = self.collection.members.get(best);
        let best = best.map_or(own, |member| &member.article);
        Hit {
            id: own.id,
            title: best.shown_title().to_owned(),
            date: own.meta.date.or(best.meta.date),
            source: types::source_name(row.member.sources.first()),
            versions: u32::try_from(row.group.order.len()).unwrap_or(u32::MAX),
            decision: row.decision.clone(),
        }
    }

    /// The blocks of an article that are boilerplate, in order.
    pub(super) fn boilerplate(self, row: &Row<'_>) -> Vec<Boilerplate> {
        let elsewhere = self
            .collection
            .blocks
            .elsewhere(row.place, &self.groups.counts);
        let mut all: Vec<Boilerplate> = elsewhere
            .into_iter()
            .map(|(block, groups)| Boilerplate {
                block,
                evidence: Evidence::Groups(groups),
            })
            .collect();
        let members = row.group.order.iter();
        let versions: Vec<&Article> = members
            .filter_map(|at| self.collection.members.get(*at))
            .map(|member| &*member.article)
            .collect();
        let own = row.group.order.iter().position(|at| *at == row.place);
        for found in own.map_or_else(Vec::new, |own| boilerplate::frame(&versions, own)) {
            if !all.iter().any(|known| known.block == found.block) {
                all.push(found);
            }
        }
        all.sort_by_key(|it| it.block);
        all
    }
}

/// An article with its group and decision.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    pub(super) member: &'a Member,
    pub(super) standing: &'a Standing,
    pub(super) group: &'a Versions,
    pub(super) decision: &'a Decision,
    pub(super) place: usize,
    present: Present<'a>,
}

impl Document for Row<'_> {
    fn id(&self) -> ArticleId {
        self.member.article.id
    }

    fn record_ids(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        let sources = self.member.sources.iter();
        Box::new(sources.filter_map(|source| source.record_id.as_deref()))
    }

    fn title(&self) -> &str {
        self.member.article.shown_title()
    }

    fn has_title(&self) -> bool {
        let title = self.member.article.meta.title.as_ref();
        title.is_some_and(|title| !title.trim().is_empty())
    }

    fn body(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        Box::new(self.member.article.body().map(|block| block.text.as_str()))
    }

    fn author(&self) -> Option<&str> {
        self.member.article.meta.byline.as_deref()
    }

    fn date(&self) -> Option<Date> {
        self.member.article.meta.date
    }

    fn url(&self) -> Option<&str> {
        self.member.article.meta.url.as_deref()
    }

    fn site(&self) -> Option<&str> {
        self.member.article.meta.site_name()
    }

    fn lang(&self) -> Option<&str> {
        self.member.article.meta.lang.as_deref()
    }

    fn paths(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        Box::new(self.member.paths.iter().map(String::as_str))
    }

    fn format(&self) -> &str {
        self.member.sources.first().map_or("", |it| it.format)
    }

    fn words(&self) -> u64 {
        self.member.words
    }

    fn tags(&self) -> &BTreeSet<String> {
        &self.decision.tags
    }

    fn verdict(&self) -> Option<Verdict> {
        self.decision.verdict
    }

    fn superseded(&self) -> bool {
        self.decision.superseded
    }

    fn versions(&self) -> u64 {
        self.group.order.len() as u64
    }

    fn copies(&self) -> u64 {
        self.member.sources.len() as u64
    }

    fn is_best(&self) -> bool {
        self.group.order.first() == Some(&self.place)
    }

    fn group(&self) -> ArticleId {
        self.group.name
    }

    fn similarity(&self) -> Option<f64> {
        self.standing.similarity
    }

    fn boilerplate(&self) -> f64 {
        let Present {
            collection, groups, ..
        } = self.present;
        collection.blocks.share(self.place, &groups.counts)
    }

    fn has_error(&self) -> bool {
        self.member.has_error
    }

    fn differs(&self, what: Difference) -> bool {
        self.group.differ(self.present.collection, what)
    }
}
