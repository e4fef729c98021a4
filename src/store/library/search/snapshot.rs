//! What a search looks at: everything that is known at one moment.

use std::fmt;
use std::io;
use std::sync::Arc;

use roaring::RoaringBitmap;

use super::decided::{Decided, Sets};
use crate::model::{Article, ArticleId};
use crate::query;
use crate::store::collection::Member;
use crate::store::groups::Members;
use crate::store::library::catalogue::{Catalogue, Column, RowRecord, title_key};
use crate::store::library::segment::Segment;

/// Reads sealed articles again from where they are.
pub trait Texts: Sync {
    /// The article of that number; none when its source is gone or has changed.
    fn article(&self, number: u32) -> Option<Arc<Article>>;
}

/// The groups of a library, by the numbers of articles. Every article has one, be it alone in it.
pub trait Standings: Sync {
    /// The articles of the group of an article, the best first; at least one.
    fn versions(&self, article: u32) -> Members<'_>;
    /// Of each group the first article, in the order of the group, that is among these.
    fn leads(&self, among: &RoaringBitmap) -> RoaringBitmap;
    /// The articles whose groups have so many.
    fn sized(&self, fits: &dyn Fn(usize) -> bool) -> RoaringBitmap;
    /// The smallest id in the group of an article.
    fn name(&self, article: u32) -> ArticleId;
    /// Containment with the version that the article resembles most, 0 to 1; none when alone.
    fn similarity(&self, article: u32) -> Option<f64>;
    /// The share of the article's text that stands in other groups too, 0 to 1.
    fn boilerplate(&self, article: u32) -> f64;
}

/// What became of the records of sealed articles since their segments were sealed.
pub trait Records: Sync {
    /// Those of an article that came later and count, in the order of reading.
    fn later(&self, article: u32) -> Vec<&RowRecord>;
    /// All that came later and count, with their articles, those of one in the order of reading.
    fn all_later(&self) -> Box<dyn Iterator<Item = (u32, &RowRecord)> + '_>;
    /// Says whether a file is gone, or not what it was: its records do not count.
    fn is_gone(&self, file: u32) -> bool;
    /// Articles that have records which count, and others which do not.
    fn frayed(&self) -> &RoaringBitmap;
}

/// Articles in memory, numbered from the end of the segments.
#[derive(Clone, Copy, Default)]
pub struct Tail<'a> {
    pub(in crate::store) members: &'a [Arc<Member>],
}

/// What a search looks at. Numbers are those of articles: segments have theirs without a gap, the tail goes on.
#[derive(Clone, Copy)]
pub struct Snapshot<'a> {
    /// In the order of their numbers.
    pub segments: &'a [Arc<Segment>],
    /// The articles behind them.
    pub tail: Tail<'a>,
    /// Articles whose records are all gone.
    pub dead: &'a RoaringBitmap,
    /// Records that came later, or count no more.
    pub records: &'a dyn Records,
    /// The paths of files, by their numbers in the manifest.
    pub paths: &'a [String],
    /// The groups.
    pub standings: &'a dyn Standings,
    /// The decisions.
    pub decided: &'a Decided,
    /// Where sealed articles are read.
    pub texts: &'a dyn Texts,
    /// Changes when articles come, go or get records, and never comes back.
    pub articles: u64,
    /// Changes when groups do, and never comes back.
    pub groups: u64,
}

/// What an answer was true for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamps {
    pub articles: u64,
    pub groups: u64,
    pub decisions: u64,
}

impl fmt::Debug for Tail<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tail({})", self.members.len())
    }
}

impl<'a> Snapshot<'a> {
    pub(super) fn stamps(&self) -> Stamps {
        Stamps {
            articles: self.articles,
            groups: self.groups,
            decisions: self.decided.stamp(),
        }
    }

    /// The number behind the last sealed article: the first of the tail.
    pub fn sealed(&self) -> u32 {
        let last = self.segments.last();
        last.map_or(0, |segment| segment.first() + segment.rows())
    }

    /// The number behind the last article.
    pub fn end(&self) -> u32 {
        let count = u32::try_from(self.tail.members.len()).unwrap_or(u32::MAX);
        self.sealed().saturating_add(count)
    }

    /// The sealed articles that live.
    pub(super) fn alive(&self) -> RoaringBitmap {
        let mut all = RoaringBitmap::new();
        all.insert_range(0..self.sealed());
        all - self.dead
    }

    /// The segment and row of a sealed article.
    pub(in crate::store::library) fn row(&self, number: u32) -> Option<(&'a Catalogue, u32)> {
        let behind = self.segments.partition_point(|it| it.first() <= number);
        let segment = self.segments.get(behind.checked_sub(1)?)?;
        let row = number - segment.first();
        (row < segment.rows()).then_some((&segment.catalogue, row))
    }

    /// An article in memory.
    pub(in crate::store::library) fn member(&self, number: u32) -> Option<&'a Member> {
        let at = number.checked_sub(self.sealed())?;
        self.tail.members.get(at as usize).map(|it| &**it)
    }

    /// An article, from memory or read again.
    pub(super) fn article(&self, number: u32) -> Option<Arc<Article>> {
        match self.member(number) {
            Some(member) => Some(Arc::clone(&member.article)),
            None => self.texts.article(number),
        }
    }

    /// The number of an article.
    pub fn number(&self, id: ArticleId) -> io::Result<Option<u32>> {
        for segment in self.segments {
            if let Some(row) = segment.catalogue.find(id)? {
                return Ok(Some(segment.first() + row));
            }
        }
        let mut members = (self.sealed()..).zip(self.tail.members);
        let found = members.find(|(_, member)| member.article.id == id);
        Ok(found.map(|(number, _)| number))
    }

    /// A number of each article from `from` on, sealed and in memory.
    pub(in crate::store::library) fn each(
        &self,
        from: u32,
        column: Column,
        of_member: impl Fn(&Member) -> u32,
        mut each: impl FnMut(u32, u32),
    ) -> io::Result<()> {
        for segment in self.segments {
            if segment.first() + segment.rows() <= from {
                continue;
            }
            let skip = from.saturating_sub(segment.first());
            let numbers = segment.catalogue.column(column)?.iter();
            for (number, value) in (segment.first()..).zip(numbers).skip(skip as usize) {
                each(number, *value);
            }
        }
        let skip = from.saturating_sub(self.sealed());
        let members = (self.sealed()..).zip(self.tail.members);
        for (number, member) in members.skip(skip as usize) {
            each(number, of_member(member));
        }
        Ok(())
    }

    /// The beginning of an article's title as it is sorted by.
    pub(in crate::store::library) fn title_key(&self, number: u32) -> io::Result<u64> {
        if let Some((catalogue, row)) = self.row(number) {
            let keys = catalogue.title_keys()?;
            return Ok(keys.get(row as usize).copied().unwrap_or_default());
        }
        let member = self.member(number);
        Ok(member.map_or(0, |it| title_key(it.article.shown_title())))
    }

    /// What an article's title is sorted by, whole, and its id.
    pub(in crate::store::library) fn name(&self, number: u32) -> io::Result<(String, ArticleId)> {
        let letters = |title: &str| query::letters(title).collect::<String>();
        if let Some((catalogue, row)) = self.row(number) {
            let row = catalogue.row(row)?;
            let whole = match row.title_cut {
                true => self.texts.article(number),
                false => None,
            };
            let title = whole.as_ref().map_or(&*row.title, |it| it.shown_title());
            return Ok((letters(title), row.id));
        }
        let member = self.member(number);
        let name = member.map(|it| (letters(it.article.shown_title()), it.article.id));
        Ok(name.unwrap_or_else(|| (String::new(), ArticleId::from_bytes([0; 16]))))
    }

    /// What was decided, as sets.
    pub(super) fn decided(&self) -> io::Result<&'a Sets> {
        self.decided.sets(self.segments, self.tail)
    }

    /// The articles with a note of which that is true.
    pub(super) fn noted(&self, fits: impl Fn(&str) -> bool) -> io::Result<RoaringBitmap> {
        Ok(self.decided.noted(self.decided()?, fits))
    }

    /// The articles of the group of an article, the best first.
    pub(super) fn versions(&self, number: u32) -> Members<'a> {
        self.standings.versions(number)
    }
}
