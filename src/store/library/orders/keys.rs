//! One `sort:` as a column of numbers: the least comes first.

use std::collections::HashMap;
use std::io;

use super::names::Names;
use crate::cancel::Cancel;
use crate::query::{self, Document, Sort, SortKey};
use crate::store::library::catalogue::{Column, Dictionary, pack};
use crate::store::library::search::{Paper, Snapshot};

/// What an article without a value gets: it comes last in either direction.
const LAST: u64 = u64::MAX;

/// The keys of all articles by their numbers. None when it was called off.
pub fn keys(
    sort: Sort,
    snapshot: &Snapshot<'_>,
    names: &mut Names,
    cancel: &Cancel,
) -> io::Result<Option<Vec<u64>>> {
    let standings = snapshot.standings;
    let numbers = || 0..snapshot.end();
    let column = |column, of_member: fn(&crate::store::collection::Member) -> u64| {
        let mut keys = Vec::with_capacity(snapshot.end() as usize);
        let saturated = |member: &_| u32::try_from(of_member(member)).unwrap_or(u32::MAX);
        let push = |_, value: u32| keys.push(Some(u64::from(value)));
        snapshot.each(0, column, saturated, push)?;
        io::Result::Ok(keys)
    };
    let keys: Vec<Option<u64>> = match sort.key {
        SortKey::Date => dates(column(Column::Dates, |it| {
            u64::from(pack(it.article.meta.date))
        })?),
        SortKey::Added => {
            let mut days = column(Column::Added, |it| {
                u64::from(pack(it.sources.first().and_then(|source| source.added)))
            })?;
            for number in snapshot.records.frayed() {
                let day = Paper::read(snapshot, number)?.and_then(|it| it.added());
                if let Some(known) = days.get_mut(number as usize) {
                    *known = Some(u64::from(pack(day)));
                }
            }
            dates(days)
        }
        // Of each answer by itself.
        SortKey::Relevance => numbers().map(|_| Some(0)).collect(),
        SortKey::Words => column(Column::Words, |member| member.words)?,
        SortKey::Copies => {
            let mut copies = column(Column::Copies, |member| member.sources.len() as u64)?;
            for (number, _) in snapshot.records.all_later() {
                if let Some(Some(copies)) = copies.get_mut(number as usize) {
                    *copies += 1;
                }
            }
            for number in snapshot.records.frayed() {
                let counted = Paper::read(snapshot, number)?.map(|it| it.copies());
                if let Some(copies) = copies.get_mut(number as usize) {
                    *copies = counted;
                }
            }
            copies
        }
        SortKey::Versions => {
            let versions = |number| standings.versions(number).len() as u64;
            numbers().map(|number| Some(versions(number))).collect()
        }
        SortKey::Similarity => {
            let similar = |number| standings.similarity(number).map(in_order);
            numbers().map(similar).collect()
        }
        SortKey::Boilerplate => {
            let share = |number| Some(in_order(standings.boilerplate(number)));
            numbers().map(share).collect()
        }
        SortKey::Title => {
            let Some(ranks) = names.ranks(snapshot, cancel)? else {
                return Ok(None);
            };
            ranks.iter().map(|rank| Some(*rank)).collect()
        }
        SortKey::Author => {
            let of_member = |it: &crate::store::collection::Member| {
                it.article.meta.byline.as_deref().map(str::to_owned)
            };
            by_name(Dictionary::Authors, snapshot, of_member)?
        }
        SortKey::Site => {
            let of_member = |it: &crate::store::collection::Member| {
                it.article.meta.site_name().map(str::to_owned)
            };
            by_name(Dictionary::Sites, snapshot, of_member)?
        }
    };
    let turned = |key: u64| match sort.descending {
        // One less, so that none of them is the last.
        true => LAST - 1 - key,
        false => key,
    };
    let keys = keys.into_iter().map(|key| key.map_or(LAST, turned));
    Ok((!cancel.is_cancelled()).then(|| keys.collect()))
}

/// Packed dates; there is none where there is a 0.
fn dates(packed: Vec<Option<u64>>) -> Vec<Option<u64>> {
    let known = packed.into_iter().map(|it| it.filter(|date| *date > 0));
    known.collect()
}

/// A number that orders as `f64::total_cmp` does, for shares: from 0 to 1, so never negative.
fn in_order(share: f64) -> u64 {
    share.to_bits()
}

/// The place of each article's name among all names; names that are sorted by the same letters have the same.
fn by_name(
    dictionary: Dictionary,
    snapshot: &Snapshot<'_>,
    of_member: impl Fn(&crate::store::collection::Member) -> Option<String>,
) -> io::Result<Vec<Option<u64>>> {
    let letters = |name: &str| query::letters(name).collect::<String>();
    let here: Vec<Option<String>> = snapshot
        .tail
        .members
        .iter()
        .map(|member| of_member(member).map(|name| letters(&name)))
        .collect();
    let mut all: Vec<String> = here.iter().flatten().cloned().collect();
    for segment in snapshot.segments {
        let names = &segment.catalogue.names(dictionary)?.names;
        all.extend(names.iter().map(|name| letters(name)));
    }
    all.sort_unstable();
    all.dedup();
    let places: HashMap<&str, u64> = all.iter().map(String::as_str).zip(0..).collect();
    let place = |letters: &str| places.get(letters).copied();
    let mut keys = Vec::with_capacity(snapshot.end() as usize);
    for segment in snapshot.segments {
        let names = segment.catalogue.names(dictionary)?;
        let mut ranks = vec![None];
        ranks.extend(names.names.iter().map(|name| place(&letters(name))));
        let of_row = names.rows.iter();
        keys.extend(of_row.map(|name| ranks.get(*name as usize).copied().flatten()));
    }
    keys.extend(here.iter().map(|name| name.as_deref().and_then(place)));
    Ok(keys)
}
