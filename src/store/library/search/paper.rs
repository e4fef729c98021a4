//! An article as a query sees it: sealed or in memory.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use super::snapshot::Snapshot;
use crate::model::{Article, ArticleId, Date, Decision, Source};
use crate::query::{Difference, Document};
use crate::store::collection::Member;
use crate::store::differs::{TextDifference, metadata_differs};
use crate::store::library::catalogue::{Row, RowRecord};
use crate::store::types::{self, By, Hit, Subject};

/// An article as a query sees it. A sealed one is read only when its text is asked for.
pub struct Paper<'a> {
    snapshot: &'a Snapshot<'a>,
    number: u32,
    held: Held<'a>,
    decision: &'a Decision,
}

enum Held<'a> {
    Sealed {
        row: Box<Row>,
        /// Those that count.
        records: Vec<RowRecord>,
        article: OnceCell<Option<Arc<Article>>>,
    },
    Here(&'a Member),
}

impl<'a> Paper<'a> {
    /// The article of that number.
    pub fn read(snapshot: &'a Snapshot<'a>, number: u32) -> io::Result<Option<Self>> {
        let held = if let Some((catalogue, row)) = snapshot.row(number) {
            let mut row = Box::new(catalogue.row(row)?);
            let mut records = std::mem::take(&mut row.records);
            records.retain(|it| !snapshot.records.is_gone(it.file));
            records.extend(snapshot.records.later(number).into_iter().cloned());
            Held::Sealed {
                row,
                records,
                article: OnceCell::new(),
            }
        } else if let Some(member) = snapshot.member(number) {
            Held::Here(member)
        } else {
            return Ok(None);
        };
        let id = match &held {
            Held::Sealed { row, .. } => row.id,
            Held::Here(member) => member.article.id,
        };
        Ok(Some(Self {
            snapshot,
            number,
            held,
            decision: snapshot.decided.of(id),
        }))
    }

    /// The article itself: nothing when its source is gone.
    fn article(&self) -> Option<&Article> {
        match &self.held {
            Held::Sealed { article, .. } => {
                let read = || self.snapshot.texts.article(self.number);
                article.get_or_init(read).as_deref()
            }
            Held::Here(member) => Some(&member.article),
        }
    }

    fn records(&self) -> impl Iterator<Item = &RowRecord> {
        match &self.held {
            Held::Sealed { records, .. } => records.iter(),
            Held::Here(_) => [].iter(),
        }
    }

    fn path(&self, record: &RowRecord) -> Option<&'a str> {
        let path = self.snapshot.paths.get(record.file as usize)?;
        Some(path)
    }

    /// Where the article was read first; without the record itself where that is on disk.
    fn source(&self) -> Option<Cow<'_, Source>> {
        match &self.held {
            Held::Here(member) => member.sources.first().map(Cow::Borrowed),
            Held::Sealed { records, .. } => Some(Cow::Owned(self.source_of(records.first()?))),
        }
    }

    /// A record as a source, without the record itself.
    fn source_of(&self, record: &RowRecord) -> Source {
        Source {
            path: PathBuf::from(self.path(record).unwrap_or_default()),
            record: record.record,
            record_id: record.record_id.clone(),
            ..Source::default()
        }
    }

    /// Says whether it has a record that counts.
    pub fn is_alive(&self) -> bool {
        !self.snapshot.dead.contains(self.number)
    }

    /// The article as the review log names it.
    pub fn subject(&self) -> Subject {
        let source = self.source();
        Subject::new(self.id(), source.as_deref(), self.url(), self.title())
    }

    /// The same for each place that it was read from.
    pub fn subjects(&self) -> Vec<Subject> {
        let sources: Vec<Source> = match &self.held {
            Held::Sealed { records, .. } => records.iter().map(|it| self.source_of(it)).collect(),
            Held::Here(member) => {
                // Read again while it was on its way to the disk.
                let later = self.snapshot.records.later(self.number).into_iter();
                let later = later.map(|it| self.source_of(it));
                member.sources.iter().cloned().chain(later).collect()
            }
        };
        let named = |it| Subject::new(self.id(), Some(it), self.url(), self.title());
        sources.iter().map(named).collect()
    }

    /// The line of a list for the article. That of a group is named by its best version.
    pub fn hit(&self, by: By) -> io::Result<Hit> {
        let versions = self.snapshot.versions(self.number);
        let best = versions
            .first()
            .filter(|it| by == By::Group && **it != self.number);
        let best = best
            .map(|best| Paper::read(self.snapshot, *best))
            .transpose()?
            .flatten();
        let best = best.as_ref().unwrap_or(self);
        Ok(Hit {
            id: self.id(),
            title: best.title().to_owned(),
            date: self.date().or_else(|| best.date()),
            source: types::source_name(self.source().as_deref()),
            versions: u32::try_from(versions.len()).unwrap_or(u32::MAX),
            decision: self.decision.clone(),
        })
    }
}

impl Document for Paper<'_> {
    fn id(&self) -> ArticleId {
        match &self.held {
            Held::Sealed { row, .. } => row.id,
            Held::Here(member) => member.article.id,
        }
    }

    fn record_ids(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        match &self.held {
            Held::Sealed { .. } => {
                Box::new(self.records().filter_map(|it| it.record_id.as_deref()))
            }
            Held::Here(member) => {
                let sources = member.sources.iter();
                Box::new(sources.filter_map(|it| it.record_id.as_deref()))
            }
        }
    }

    fn title(&self) -> &str {
        match &self.held {
            Held::Sealed { row, .. } if row.title_cut => {
                self.article().map_or(&row.title, Article::shown_title)
            }
            Held::Sealed { row, .. } => &row.title,
            Held::Here(member) => member.article.shown_title(),
        }
    }

    fn has_title(&self) -> bool {
        match &self.held {
            Held::Sealed { row, .. } => row.has_title,
            Held::Here(member) => {
                let title = member.article.meta.title.as_ref();
                title.is_some_and(|title| !title.trim().is_empty())
            }
        }
    }

    fn body(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        let blocks = self.article().into_iter().flat_map(Article::body);
        Box::new(blocks.map(|block| block.text.as_str()))
    }

    fn author(&self) -> Option<&str> {
        match &self.held {
            Held::Sealed { row, .. } => row.author.as_deref(),
            Held::Here(member) => member.article.meta.byline.as_deref(),
        }
    }

    fn date(&self) -> Option<Date> {
        match &self.held {
            Held::Sealed { row, .. } => row.date,
            Held::Here(member) => member.article.meta.date,
        }
    }

    fn url(&self) -> Option<&str> {
        match &self.held {
            Held::Sealed { row, .. } => row.url.as_deref(),
            Held::Here(member) => member.article.meta.url.as_deref(),
        }
    }

    fn site(&self) -> Option<&str> {
        match &self.held {
            Held::Sealed { row, .. } => row.site_name.as_deref(),
            Held::Here(member) => member.article.meta.site_name(),
        }
    }

    fn lang(&self) -> Option<&str> {
        match &self.held {
            Held::Sealed { row, .. } => row.lang.as_deref(),
            Held::Here(member) => member.article.meta.lang.as_deref(),
        }
    }

    fn paths(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        match &self.held {
            Held::Sealed { .. } => Box::new(self.records().filter_map(|it| self.path(it))),
            Held::Here(member) => Box::new(member.paths.iter().map(String::as_str)),
        }
    }

    fn format(&self) -> &str {
        match &self.held {
            Held::Sealed { records, .. } => records.first().map_or("", |it| it.format),
            Held::Here(member) => member.sources.first().map_or("", |it| it.format),
        }
    }

    fn words(&self) -> u64 {
        match &self.held {
            Held::Sealed { row, .. } => u64::from(row.words),
            Held::Here(member) => member.words,
        }
    }

    fn decision(&self) -> &Decision {
        self.decision
    }

    fn versions(&self) -> u64 {
        self.snapshot.versions(self.number).len() as u64
    }

    fn copies(&self) -> u64 {
        match &self.held {
            Held::Sealed { .. } => self.records().count() as u64,
            Held::Here(member) => member.sources.len() as u64,
        }
    }

    fn is_best(&self) -> bool {
        self.snapshot.versions(self.number).first() == Some(&self.number)
    }

    fn group(&self) -> ArticleId {
        self.snapshot.standings.name(self.number)
    }

    fn similarity(&self) -> Option<f64> {
        self.snapshot.standings.similarity(self.number)
    }

    fn boilerplate(&self) -> f64 {
        self.snapshot.standings.boilerplate(self.number)
    }

    fn differs(&self, what: Difference) -> bool {
        let versions = self.snapshot.versions(self.number);
        if versions.len() < 2 {
            return false;
        }
        let articles = versions.iter().filter_map(|it| self.snapshot.article(*it));
        let articles: Vec<Arc<Article>> = articles.collect();
        let articles: Vec<&Article> = articles.iter().map(|it| &**it).collect();
        metadata_differs(what, &articles).unwrap_or_else(|| {
            let text = TextDifference::of(&articles);
            match what {
                Difference::Body => text.body,
                Difference::Number => text.number,
                _ => false,
            }
        })
    }

    fn added(&self) -> Option<Date> {
        match &self.held {
            Held::Sealed { records, .. } => records.first()?.added,
            Held::Here(member) => member.sources.first()?.added,
        }
    }

    fn is_read(&self) -> bool {
        self.snapshot.decided.personal.read.contains(&self.id())
    }

    fn is_marked(&self) -> bool {
        self.snapshot.decided.personal.marked.contains(&self.id())
    }

    fn is_selected(&self) -> bool {
        self.snapshot.decided.personal.selected.contains(&self.id())
    }

    fn has_error(&self) -> bool {
        match &self.held {
            Held::Sealed { .. } => self.records().any(|record| record.has_error),
            Held::Here(member) => member.has_error,
        }
    }
}
