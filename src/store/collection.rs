//! Articles in memory, with their sources and groups: what the libraries that hold everything in memory are made of.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use crate::formats::Record;
use crate::group::{Grouping, Link};
use crate::model::{Article, ArticleId, Date, Decision, Diagnostic, Source, Verdict};
use crate::query::Document;
use crate::store::versions::Score;

use super::types::{self, By, Entry, Hit};
use super::why;

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
    /// The place of its group.
    group: usize,
    pub(super) similarity: Option<f64>,
    /// How it stands in its group; none when alone.
    pub(super) score: Option<Score>,
}

/// Articles by number, and their groups. An article that is alone has a group of its own.
#[derive(Debug, Default)]
pub(super) struct Collection {
    pub(super) members: Vec<Member>,
    by_id: HashMap<ArticleId, usize>,
    groups: Vec<Versions>,
}

/// The versions of one text.
#[derive(Debug)]
pub(super) struct Versions {
    /// The smallest id among them, which names the group.
    pub(super) name: ArticleId,
    /// Places of the members, the best first.
    pub(super) order: Vec<usize>,
    /// What links them.
    links: Vec<Link>,
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
        self.groups.push(Versions {
            name: article.id,
            order: vec![place],
            links: Vec::new(),
        });
        self.members.push(Member {
            words: article.words() as u64,
            article: Arc::new(article),
            sources: vec![source],
            paths: vec![path],
            has_error,
            group: place,
            similarity: None,
            score: None,
        });
    }

    /// Takes over which articles are versions of one another; `rank` sorts the versions of a group and scores them.
    pub(super) fn set_groups(
        &mut self,
        grouping: &Grouping,
        rank: impl Fn(&[&Article]) -> Vec<(usize, Option<Score>)>,
    ) {
        self.groups.clear();
        let mut grouped = vec![false; self.members.len()];
        for group in &grouping.groups {
            let places: Vec<usize> = group
                .members
                .iter()
                .filter_map(|id| self.by_id.get(id).copied())
                .collect();
            let articles: Vec<&Article> = places
                .iter()
                .filter_map(|place| self.members.get(*place).map(|it| &*it.article))
                .collect();
            let ranked: Vec<(usize, Option<Score>)> = rank(&articles)
                .into_iter()
                .filter_map(|(at, score)| Some((*places.get(at)?, score)))
                .collect();
            for (place, score) in &ranked {
                if let Some(member) = self.members.get_mut(*place) {
                    member.score = *score;
                }
            }
            for place in &places {
                if let Some(known) = grouped.get_mut(*place) {
                    *known = true;
                }
            }
            let order = ranked.into_iter().map(|(place, _)| place).collect();
            self.push_group(order, group.links.clone());
            for link in &group.links {
                for id in [link.a, link.b] {
                    let place = self.by_id.get(&id).copied();
                    if let Some(member) = place.and_then(|place| self.members.get_mut(place)) {
                        let share = link.share_a.max(link.share_b);
                        member.similarity = Some(member.similarity.unwrap_or(0.0).max(share));
                    }
                }
            }
        }
        for (place, grouped) in grouped.into_iter().enumerate() {
            if !grouped {
                self.push_group(vec![place], Vec::new());
            }
        }
    }

    fn push_group(&mut self, order: Vec<usize>, links: Vec<Link>) {
        let at = self.groups.len();
        let mut name = None;
        for place in &order {
            if let Some(member) = self.members.get_mut(*place) {
                member.group = at;
                let id = member.article.id;
                name = Some(name.map_or(id, |name: ArticleId| name.min(id)));
            }
        }
        if let Some(name) = name {
            self.groups.push(Versions { name, order, links });
        }
    }

    /// An article with everything that belongs to it; its versions stand in the order of reading, which is the order
    /// of their letters.
    pub(super) fn entry(&self, row: &Row<'_>) -> Entry {
        let mut places = row.group.order.clone();
        places.sort_unstable();
        let members = places.iter().filter_map(|at| self.members.get(*at));
        let versions: Vec<ArticleId> = members.map(|member| member.article.id).collect();
        Entry {
            article: Arc::clone(&row.member.article),
            sources: row.member.sources.clone(),
            decision: row.decision.clone(),
            why: why::sentences(&row.group.links, &versions),
            versions,
        }
    }

    /// The line of a list for an article. That of a group is named by its best version: an extractor that lost the
    /// title must not name it.
    pub(super) fn hit(&self, row: &Row<'_>, by: By) -> Hit {
        let best = match by {
            By::Group => row.group.order.first().copied().unwrap_or(row.place),
            By::Article => row.place,
        };
        let own = &row.member.article;
        let best = self.members.get(best).map_or(own, |member| &member.article);
        Hit {
            id: own.id,
            title: best.shown_title().to_owned(),
            date: own.meta.date.or(best.meta.date),
            source: types::source_name(row.member.sources.first()),
            versions: u32::try_from(row.group.order.len()).unwrap_or(u32::MAX),
            decision: row.decision.clone(),
        }
    }

    pub(super) fn place(&self, id: ArticleId) -> Option<usize> {
        self.by_id.get(&id).copied()
    }

    pub(super) fn groups(&self) -> &[Versions] {
        &self.groups
    }

    /// An article as a query sees it.
    pub(super) fn row<'a>(&'a self, place: usize, decisions: &'a Decisions) -> Option<Row<'a>> {
        let member = self.members.get(place)?;
        Some(Row {
            member,
            group: self.groups.get(member.group)?,
            decision: decisions.get(&member.article.id).unwrap_or(&UNDECIDED),
            place,
        })
    }
}

/// An article with its group and decision.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    pub(super) member: &'a Member,
    pub(super) group: &'a Versions,
    pub(super) decision: &'a Decision,
    pub(super) place: usize,
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
        self.member.similarity
    }

    fn has_error(&self) -> bool {
        self.member.has_error
    }
}
