//! A collection as it stands at one moment: each article in its group, with its decision, as queries see it.

use std::sync::Arc;

use super::{Collection, Decisions, Member, UNDECIDED};
use crate::model::{Article, ArticleId, Date, Decision};
use crate::query::{Difference, Document};
use crate::store::boilerplate;
use crate::store::groups::{Groups, Members};
use crate::store::types::{self, Boilerplate, By, Entry, Evidence, Hit, Personal, StoreError};

/// A collection as it stands now: in these groups, with these decisions.
#[derive(Clone, Copy)]
pub(in crate::store) struct Present<'a> {
    pub(in crate::store) collection: &'a Collection,
    pub(in crate::store) groups: &'a Groups,
    pub(in crate::store) decisions: &'a Decisions,
    pub(in crate::store) personal: &'a Personal,
}

impl<'a> Present<'a> {
    /// An article as a query sees it.
    pub(in crate::store) fn row(self, place: usize) -> Option<Row<'a>> {
        let member = self.collection.member(place)?;
        let decision = self.decisions.get(&member.article.id);
        Some(Row {
            group: self.groups.group(place),
            versions: self.groups.versions_of(place)?,
            decision: decision.unwrap_or(&UNDECIDED),
            member,
            place,
            present: self,
        })
    }

    /// The article of that name as a query sees it.
    pub(in crate::store) fn row_of(self, id: ArticleId) -> Result<Row<'a>, StoreError> {
        let place = self.collection.place(id).ok_or(StoreError::NoArticle(id))?;
        self.row(place).ok_or_else(|| {
            StoreError::Io("its file changed since it was read; R reads it again".into())
        })
    }

    /// An article with everything that belongs to it.
    pub(in crate::store) fn entry(self, row: &Row<'_>) -> Entry {
        Entry {
            article: Arc::clone(&row.member.article),
            sources: row.member.sources.clone(),
            decision: row.decision.clone(),
            versions: self.versions(row),
        }
    }

    /// The versions of a group in the order of reading, which is the order of their letters.
    pub(in crate::store) fn versions(self, row: &Row<'_>) -> Vec<ArticleId> {
        self.in_order(&row.versions)
    }

    /// The articles at places, in the order of reading.
    pub(in crate::store) fn in_order(self, places: &[u32]) -> Vec<ArticleId> {
        let mut places = places.to_vec();
        places.sort_unstable();
        let ids = places
            .iter()
            .filter_map(|at| self.collection.id(*at as usize));
        ids.collect()
    }

    /// The line of a list for an article. That of a group is named by its best version: an extractor that lost the
    /// title must not name it.
    pub(in crate::store) fn hit(self, row: &Row<'_>, by: By) -> Hit {
        let best = match by {
            By::Group => row.versions.first().copied(),
            By::Article => None,
        };
        let best = best.map(|at| at as usize).filter(|at| *at != row.place);
        let best = best.and_then(|at| self.collection.member(at));
        let own = &row.member.article;
        let best = best.as_ref().map_or(own, |member| &member.article);
        Hit {
            id: own.id,
            title: best.shown_title().to_owned(),
            date: own.meta.date.or(best.meta.date),
            source: types::source_name(row.member.sources.first()),
            versions: u32::try_from(row.versions.len()).unwrap_or(u32::MAX),
            decision: row.decision.clone(),
        }
    }

    /// The blocks of an article that are boilerplate, in order.
    pub(in crate::store) fn boilerplate(self, row: &Row<'_>) -> Vec<Boilerplate> {
        let elsewhere = self.groups.elsewhere(row.place);
        let mut all: Vec<Boilerplate> = elsewhere
            .blocks
            .into_iter()
            .map(|(block, groups)| Boilerplate {
                block,
                evidence: Evidence::Groups(groups),
            })
            .collect();
        let order = row.versions;
        let own = order.iter().position(|at| *at as usize == row.place);
        // A frame is looked for in few versions; many are not worth reading.
        let own = own.filter(|_| boilerplate::has_frame(order.len()));
        let members: Vec<Arc<Member>> = match own {
            Some(_) => order
                .iter()
                .filter_map(|at| self.collection.member(*at as usize))
                .collect(),
            None => Vec::new(),
        };
        let own = own.filter(|_| members.len() == order.len());
        let versions: Vec<&Article> = members.iter().map(|it| &*it.article).collect();
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
#[derive(Clone)]
pub(in crate::store) struct Row<'a> {
    pub(in crate::store) member: Arc<Member>,
    /// The number of its group.
    pub(in crate::store) group: usize,
    /// The places of the members of that.
    pub(in crate::store) versions: Members<'a>,
    pub(in crate::store) decision: &'a Decision,
    pub(in crate::store) place: usize,
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

    fn decision(&self) -> &Decision {
        self.decision
    }

    fn versions(&self) -> u64 {
        self.versions.len() as u64
    }

    fn copies(&self) -> u64 {
        self.member.sources.len() as u64
    }

    fn is_best(&self) -> bool {
        self.versions
            .first()
            .is_some_and(|at| *at as usize == self.place)
    }

    fn group(&self) -> ArticleId {
        let name = self.present.groups.name(self.group);
        name.unwrap_or(self.member.article.id)
    }

    fn similarity(&self) -> Option<f64> {
        self.present.groups.similarity(self.place)
    }

    fn boilerplate(&self) -> f64 {
        self.present.groups.share(self.place)
    }

    fn has_error(&self) -> bool {
        self.member.has_error
    }

    fn added(&self) -> Option<Date> {
        self.member.sources.first()?.added
    }

    fn is_read(&self) -> bool {
        self.present.personal.read.contains(&self.id())
    }

    fn is_marked(&self) -> bool {
        self.present.personal.marked.contains(&self.id())
    }

    fn is_selected(&self) -> bool {
        self.present.personal.selected.contains(&self.id())
    }

    fn differs(&self, what: Difference) -> bool {
        let Present {
            collection, groups, ..
        } = self.present;
        groups.differ(collection, self.group, what)
    }
}
