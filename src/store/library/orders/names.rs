//! Sorting by what articles are called.
//!
//! The catalogue keeps the first bytes of what a title is sorted by. Where those are equal, the rows are read: each
//! once, a whole segment in one go where many of it are needed.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io;
use std::ops::Range;

use crate::cancel::Cancel;
use crate::model::ArticleId;
use crate::query;
use crate::store::library::catalogue::{Column, pack, title_key};
use crate::store::library::search::Snapshot;

/// The places of titles among all titles.
#[derive(Debug, Default)]
pub struct Names {
    /// Of each article; equal titles have equal places. Those of a library with so many articles.
    ranks: Vec<u64>,
    articles: u64,
}

/// What titles are sorted by, whole, and the ids, of the articles where the beginnings do not tell.
type Known = HashMap<u32, (String, ArticleId)>;

/// One article of many: the whole segment is read when more than one of so many are needed.
const MANY: usize = 16;

impl Names {
    /// The place of each article's title among all titles. None when it was called off.
    pub fn ranks(
        &mut self,
        snapshot: &Snapshot<'_>,
        cancel: &Cancel,
    ) -> io::Result<Option<&[u64]>> {
        if self.articles == snapshot.articles && self.ranks.len() == snapshot.end() as usize {
            return Ok(Some(&self.ranks));
        }
        let keys = title_keys(0..snapshot.end(), snapshot)?;
        let mut sorted: Vec<(u64, u32)> = keys.into_iter().zip(0..).collect();
        sorted.sort_unstable();
        let Some(known) = known(&sorted, |it| it.0, |it| it.1, snapshot, cancel)? else {
            return Ok(None);
        };
        self.ranks = vec![0; sorted.len()];
        let mut rank = 0;
        for run in sorted.chunk_by_mut(|a, b| a.0 == b.0) {
            let title = |number: u32| known.get(&number).map(|it| it.0.as_str());
            if run.len() > 1 {
                run.sort_unstable_by(|a, b| title(a.1).cmp(&title(b.1)));
            }
            let mut before = None;
            for (_, number) in run {
                let own = title(*number);
                rank += u64::from(before != Some(own));
                before = Some(own);
                if let Some(place) = self.ranks.get_mut(*number as usize) {
                    *place = rank;
                }
            }
        }
        self.articles = snapshot.articles;
        Ok(Some(&self.ranks))
    }
}

/// The articles, newest first, then by title and id. None when it was called off.
pub fn by_date(
    articles: Range<u32>,
    snapshot: &Snapshot<'_>,
    cancel: &Cancel,
) -> io::Result<Option<Vec<u32>>> {
    let dates = dates(articles.clone(), snapshot)?;
    let titles = title_keys(articles.clone(), snapshot)?;
    let keys = dates.into_iter().zip(titles);
    let mut sorted: Vec<((u32, u64), u32)> = keys.zip(articles).collect();
    sorted.sort_unstable();
    let Some(known) = known(&sorted, |it| it.0, |it| it.1, snapshot, cancel)? else {
        return Ok(None);
    };
    for run in sorted.chunk_by_mut(|a, b| a.0 == b.0) {
        if run.len() > 1 {
            run.sort_unstable_by(|a, b| known.get(&a.1).cmp(&known.get(&b.1)));
        }
    }
    Ok(Some(sorted.into_iter().map(|(_, number)| number).collect()))
}

/// Puts articles in order between others in order.
pub fn merge(old: &[u32], new: &[u32], snapshot: &Snapshot<'_>) -> io::Result<Vec<u32>> {
    if old.is_empty() {
        return Ok(new.to_vec());
    }
    let mut known = Known::new();
    let mut all = Vec::with_capacity(old.len() + new.len());
    let mut rest = old;
    for number in new {
        // Only what is told apart by reading can fail; a search by halves asks few.
        let (mut low, mut high) = (0, rest.len());
        while low < high {
            let middle = low.midpoint(high);
            match compare(rest[middle], *number, snapshot, &mut known)? {
                Ordering::Less => low = middle + 1,
                Ordering::Equal | Ordering::Greater => high = middle,
            }
        }
        let (before, behind) = rest.split_at(low);
        all.extend_from_slice(before);
        all.push(*number);
        rest = behind;
    }
    all.extend_from_slice(rest);
    Ok(all)
}

fn compare(a: u32, b: u32, snapshot: &Snapshot<'_>, known: &mut Known) -> io::Result<Ordering> {
    let key = |number: u32| -> io::Result<(u32, u64)> {
        let date = dates(number..number + 1, snapshot)?.first().copied();
        Ok((date.unwrap_or_default(), snapshot.title_key(number)?))
    };
    let order = key(a)?.cmp(&key(b)?);
    if order.is_ne() {
        return Ok(order);
    }
    for number in [a, b] {
        if let Entry::Vacant(place) = known.entry(number) {
            place.insert(snapshot.name(number)?);
        }
    }
    Ok(known.get(&a).cmp(&known.get(&b)))
}

/// Numbers that order dates from the newest to the oldest, with those that are not known behind.
fn dates(articles: Range<u32>, snapshot: &Snapshot<'_>) -> io::Result<Vec<u32>> {
    let newest_first = |packed: u32| match packed {
        0 => u32::MAX,
        packed => u32::MAX - packed,
    };
    if articles.len() == 1 {
        let packed = match (
            snapshot.row(articles.start),
            snapshot.member(articles.start),
        ) {
            (Some((catalogue, row)), _) => {
                let dates = catalogue.column(Column::Dates)?;
                dates.get(row as usize).copied().unwrap_or_default()
            }
            (None, Some(member)) => pack(member.article.meta.date),
            (None, None) => 0,
        };
        return Ok(vec![newest_first(packed)]);
    }
    let mut dates = Vec::with_capacity(articles.len());
    let of_member = |member: &crate::store::collection::Member| pack(member.article.meta.date);
    snapshot.each(
        articles.start,
        Column::Dates,
        of_member,
        |number, packed| {
            if articles.contains(&number) {
                dates.push(newest_first(packed));
            }
        },
    )?;
    Ok(dates)
}

fn title_keys(articles: Range<u32>, snapshot: &Snapshot<'_>) -> io::Result<Vec<u64>> {
    let mut keys = Vec::with_capacity(articles.len());
    for segment in snapshot.segments {
        let own = (segment.first()..).zip(segment.catalogue.title_keys()?);
        let own = own.filter(|(number, _)| articles.contains(number));
        keys.extend(own.map(|(_, key)| *key));
    }
    let members = (snapshot.sealed()..).zip(snapshot.tail.members);
    let members = members.filter(|(number, _)| articles.contains(number));
    keys.extend(members.map(|(_, member)| title_key(member.article.shown_title())));
    Ok(keys)
}

/// Reads what the articles are called that have equal keys in a list that is ordered by them.
fn known<T, K: PartialEq>(
    sorted: &[T],
    key: impl Fn(&T) -> K,
    number: impl Fn(&T) -> u32,
    snapshot: &Snapshot<'_>,
    cancel: &Cancel,
) -> io::Result<Option<Known>> {
    let runs = sorted.chunk_by(|a, b| key(a) == key(b));
    let several = runs.filter(|run| run.len() > 1);
    let mut needed: Vec<u32> = several.flatten().map(number).collect();
    needed.sort_unstable();
    let mut known = Known::with_capacity(needed.len());
    let mut rest = needed.as_slice();
    for segment in snapshot.segments {
        let (here, behind) =
            rest.split_at(rest.partition_point(|it| *it < segment.first() + segment.rows()));
        rest = behind;
        if cancel.is_cancelled() {
            return Ok(None);
        }
        if here.len() <= segment.rows() as usize / MANY {
            for number in here {
                known.insert(*number, snapshot.name(*number)?);
            }
            continue;
        }
        let mut wanted = here.iter().copied().peekable();
        let mut cut = Vec::new();
        segment.catalogue.walk(|row, it| {
            let number = segment.first() + row;
            if wanted.next_if_eq(&number).is_some() {
                if it.title_cut {
                    cut.push(number);
                } else {
                    let letters = query::letters(&it.title).collect();
                    known.insert(number, (letters, it.id));
                }
            }
            wanted.peek().is_some()
        })?;
        for number in cut {
            known.insert(number, snapshot.name(number)?);
        }
    }
    for number in rest {
        known.insert(*number, snapshot.name(*number)?);
    }
    Ok(Some(known))
}
