//! Articles in memory, with their sources: what the libraries that hold everything in memory are made of.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use crate::formats::Record;
use crate::model::{Article, ArticleId, Date, Decision, Diagnostic, Source, Verdict};
use crate::query::{Difference, Document};

use super::boilerplate;
use super::groups::{Groups, Standing, Versions};
use super::ingest::Loaded;
use super::types::{self, Boilerplate, By, Entry, Evidence, Hit, StoreError};

/// The decision about an article that nobody said anything about.
pub(super) static UNDECIDED: LazyLock<Decision> = LazyLock::new(Decision::default);

/// What was decided, by article.
pub(super) type Decisions = HashMap<ArticleId, Decision>;

/// One article and what is known about it here.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) article: Arc<Article>,
    pub(super) sources: Vec<Source>,
    words: u64,
    paths: Vec<String>,
    has_error: bool,
}

/// Articles by number, in the order of reading. It grows while files are read; a copy costs little, since the articles
/// themselves are shared.
#[derive(Clone, Debug, Default)]
pub(super) struct Collection {
    pub(super) members: Vec<Arc<Member>>,
    by_id: HashMap<ArticleId, u32>,
    /// What the last record was, and its article: what is said of it may come behind it.
    last: Option<(PathBuf, Option<u64>, usize)>,
    /// What was last said of a record that was not there yet.
    noted: Option<(PathBuf, Option<u64>)>,
}

impl Collection {
    /// Takes in what was read; gives what is to be said. Records of the same article are joined: it stands where its
    /// first record stood.
    pub(super) fn take(&mut self, loaded: Loaded) -> Option<Diagnostic> {
        match loaded {
            Loaded::Record(record, words) => {
                self.add(*record, words);
                None
            }
            Loaded::Diagnostic(diagnostic) => {
                self.note(&diagnostic);
                Some(diagnostic)
            }
        }
    }

    fn note(&mut self, diagnostic: &Diagnostic) {
        let of = (diagnostic.path.clone(), diagnostic.record);
        match &self.last {
            Some((path, record, place)) if *path == of.0 && *record == of.1 => {
                if let Some(member) = self.members.get_mut(*place) {
                    Arc::make_mut(member).has_error = true;
                }
            }
            _ => self.noted = Some(of),
        }
    }

    fn add(&mut self, record: Record, words: u64) {
        let Record { article, source } = record;
        let of = (source.path.clone(), source.record);
        let has_error = self.noted.take().is_some_and(|noted| noted == of);
        let path = source.path.to_string_lossy().into_owned();
        let place = self.members.len() as u32;
        let place = *self.by_id.entry(article.id).or_insert(place) as usize;
        self.last = Some((of.0, of.1, place));
        if let Some(member) = self.members.get_mut(place) {
            let member = Arc::make_mut(member);
            if !member.paths.contains(&path) {
                member.paths.push(path);
            }
            member.sources.push(source);
            member.has_error |= has_error;
            return;
        }
        self.members.push(Arc::new(Member {
            words,
            article: Arc::new(article),
            sources: vec![source],
            paths: vec![path],
            has_error,
        }));
    }

    pub(super) fn place(&self, id: ArticleId) -> Option<usize> {
        self.by_id.get(&id).map(|place| *place as usize)
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
        Some(Row {
            member,
            standing: self.groups.standing(place),
            group: self.groups.versions_of(place)?,
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

    fn member(self, place: u32) -> Option<&'a Member> {
        let members = &self.collection.members;
        members.get(place as usize).map(|member| &**member)
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
        let mut places = row.group.order.to_vec();
        places.sort_unstable();
        let members = places.iter().filter_map(|at| self.member(*at));
        members.map(|member| member.article.id).collect()
    }

    /// The line of a list for an article. That of a group is named by its best version: an extractor that lost the
    /// title must not name it.
    pub(super) fn hit(self, row: &Row<'_>, by: By) -> Hit {
        let best = match by {
            By::Group => row.group.order.first().and_then(|at| self.member(*at)),
            By::Article => None,
        };
        let own = &row.member.article;
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
        let elsewhere = self.groups.elsewhere(row.place);
        let mut all: Vec<Boilerplate> = elsewhere
            .into_iter()
            .map(|(block, groups)| Boilerplate {
                block,
                evidence: Evidence::Groups(groups),
            })
            .collect();
        let members = row.group.order.iter();
        let versions: Vec<&Article> = members
            .filter_map(|at| self.member(*at))
            .map(|member| &*member.article)
            .collect();
        let own = row.group.order.iter();
        let own = own.clone().position(|at| *at as usize == row.place);
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
    pub(super) standing: Standing,
    pub(super) group: Versions<'a>,
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

    fn notes(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        Box::new(self.decision.notes.iter().map(|note| note.text.as_str()))
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
        self.group
            .order
            .first()
            .is_some_and(|at| *at as usize == self.place)
    }

    fn group(&self) -> ArticleId {
        self.group.name
    }

    fn similarity(&self) -> Option<f64> {
        self.standing.similarity
    }

    fn boilerplate(&self) -> f64 {
        self.present.groups.share(self.place)
    }

    fn has_error(&self) -> bool {
        self.member.has_error
    }

    fn differs(&self, what: Difference) -> bool {
        let Present {
            collection, groups, ..
        } = self.present;
        groups.differ(collection, &self.group, what)
    }
}
