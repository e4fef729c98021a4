//! The differences of all versions, merged into sites.
//!
//! Differences that overlap become one site, and so does an addition with the words that it touches: `4,000 ] A · about
//! 4,100 B` must not fall in two. An omission is cut instead at the borders of the others, since it may be cut
//! anywhere: where one version lacks a paragraph in which two others differ by a word, that word is a site of its own
//! with `om.` in it, and not a paragraph with three readings. White space and typography never cut anything.

use std::ops::Range;

use super::collate::{Collation, Difference, DifferenceKind, byte_at, tokens};
use super::{Reading, Site};
use crate::diff::frame::Text;
use crate::diff::{Class, Classes, classify};

/// Merges the differences. There is a collation for each version but the base.
pub(super) fn sites(texts: &[Text], base: usize, collations: &[Option<Collation>]) -> Vec<Site> {
    let places = places(collations);
    let mut sites: Vec<Site> = places
        .iter()
        .map(|place| Site {
            range: byte_at(&texts[base], place.range.start)..byte_at(&texts[base], place.range.end),
            classes: Classes::NONE,
            readings: Vec::new(),
        })
        .collect();
    for site in &mut sites {
        site.readings.push(Reading {
            range: site.range.clone(),
            versions: vec![base],
        });
    }
    for (version, collation) in collations.iter().enumerate() {
        let Some(collation) = collation else { continue };
        let mut shifts = shifts(&places, collation).into_iter().peekable();
        // How far the version has fallen behind (`lost`) and got ahead (`won`) of the base.
        let (mut won, mut lost) = (0, 0);
        for (at, (place, site)) in places.iter().zip(&mut sites).enumerate() {
            let start = place.range.start + won - lost;
            let mut touched = false;
            while let Some(shift) = shifts.next_if(|shift| shift.place == at) {
                (won, lost) = (won + shift.won, lost + shift.lost);
                touched = true;
            }
            if !touched {
                site.readings[0].versions.push(version);
                continue;
            }
            let own = start..place.range.end + won - lost;
            let range = byte_at(&texts[version], own.start)..byte_at(&texts[version], own.end);
            if enter(site, texts, version, range) > 0 {
                let both = Both {
                    texts: [&texts[base], &texts[version]],
                    elements: [&place.range, &own],
                    collation,
                };
                site.classes.insert(both.class());
            }
        }
    }
    // Where an alignment left equal words apart nobody differs after all.
    sites.retain(|site| site.readings.len() > 1);
    sites
}

/// Puts a version to the reading that it shares, or to a new one; gives the number of the reading.
fn enter(site: &mut Site, texts: &[Text], version: usize, range: Range<usize>) -> usize {
    let own = &texts[version].text[range.clone()];
    let is_own = |reading: &Reading| {
        let first = reading.versions.first().map(|&first| &texts[first]);
        first.is_some_and(|first| first.text[reading.range.clone()] == *own)
    };
    let shared = site.readings.iter().position(is_own);
    let at = shared.unwrap_or(site.readings.len());
    match site.readings.get_mut(at) {
        Some(reading) => reading.versions.push(version),
        None => site.readings.push(Reading {
            range,
            versions: vec![version],
        }),
    }
    at
}

/// A site to be, in elements of the base.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    range: Range<usize>,
    kind: DifferenceKind,
}

/// Where sites are: in order, without overlap.
fn places(collations: &[Option<Collation>]) -> Vec<Place> {
    let of = |kind: DifferenceKind| -> Vec<Range<usize>> {
        let all = collations.iter().flatten().flat_map(|it| &it.differences);
        let mut ranges: Vec<_> = all
            .filter(|difference| difference.kind == kind)
            .map(|difference| difference.base.clone())
            .collect();
        ranges.sort_unstable_by_key(|range| (range.start, range.end));
        ranges.dedup();
        ranges
    };
    let words = joined(of(DifferenceKind::Words));
    let omissions = cut(&of(DifferenceKind::Omission), &words);
    let place = |kind| move |range| Place { range, kind };
    let mut places: Vec<Place> = words
        .into_iter()
        .map(place(DifferenceKind::Words))
        .chain(omissions.into_iter().map(place(DifferenceKind::Omission)))
        .collect();
    let order = |place: &Place| (place.range.start, place.range.end);
    places.sort_unstable_by_key(order);
    let soft = of(DifferenceKind::Soft).into_iter();
    let soft: Vec<Place> = soft
        .filter(|range| !overlapping(&places, range).any(|_| true))
        .map(place(DifferenceKind::Soft))
        .collect();
    places.extend(soft);
    places.sort_unstable_by_key(order);
    places
}

/// Joins sorted ranges that overlap, and an empty one with what it touches.
fn joined(ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    let adds = |range: &Range<usize>| range.start == range.end;
    for range in ranges {
        let (start, added) = (range.start, adds(&range));
        match out.last_mut() {
            Some(last) if start < last.end || start == last.end && (added || adds(last)) => {
                last.end = last.end.max(range.end);
            }
            _ => out.push(range),
        }
    }
    out
}

/// Cuts omissions at their own borders and those of the places with words, and takes those places out.
fn cut(omissions: &[Range<usize>], words: &[Range<usize>]) -> Vec<Range<usize>> {
    let ranges = omissions.iter().chain(words);
    let mut borders: Vec<usize> = ranges.flat_map(|range| [range.start, range.end]).collect();
    borders.sort_unstable();
    borders.dedup();
    let mut out = Vec::new();
    let (mut open, mut word) = (0, 0);
    // The omissions that begin before a border, and the furthest end among them.
    let mut reach = 0;
    for piece in borders.windows(2) {
        let (start, end) = (piece[0], piece[1]);
        while let Some(omission) = omissions.get(open).filter(|it| it.start <= start) {
            reach = reach.max(omission.end);
            open += 1;
        }
        while words.get(word).is_some_and(|it| it.end <= start) {
            word += 1;
        }
        let taken = words.get(word).is_some_and(|it| it.start <= start);
        if start < reach && !taken {
            out.push(start..end);
        }
    }
    out
}

/// The places that share an element with a range that is not empty, with their indices.
fn overlapping<'p>(
    places: &'p [Place],
    range: &Range<usize>,
) -> impl Iterator<Item = (usize, &'p Place)> + use<'p> {
    let range = range.clone();
    let first = places.partition_point(|place| place.range.end <= range.start);
    let found = places.iter().enumerate().skip(first);
    found
        .take_while(move |(_, place)| place.range.start < range.end)
        .filter(|(_, place)| !place.range.is_empty())
}

/// What a version's difference does at a place: elements that it has more, and that it lacks.
struct Shift {
    place: usize,
    won: usize,
    lost: usize,
}

/// Gives each difference of a version to its place, an omission to several.
fn shifts(places: &[Place], collation: &Collation) -> Vec<Shift> {
    let mut out = Vec::new();
    for Difference { base, len, kind } in &collation.differences {
        match kind {
            DifferenceKind::Words => {
                let from = places.partition_point(|place| place.range.end < base.end);
                let holds = |place: &Place| {
                    place.kind == DifferenceKind::Words && place.range.start <= base.start
                };
                let place = places.iter().skip(from).position(holds);
                out.extend(place.map(|place| Shift {
                    place: from + place,
                    won: *len,
                    lost: base.len(),
                }));
            }
            DifferenceKind::Omission | DifferenceKind::Soft => {
                for (at, place) in overlapping(places, base) {
                    let start = place.range.start.max(base.start);
                    let end = place.range.end.min(base.end);
                    let lacks = *kind == DifferenceKind::Omission;
                    out.push(Shift {
                        place: at,
                        won: 0,
                        lost: if lacks { end - start } else { 0 },
                    });
                }
            }
        }
    }
    out
}

/// Base and version at a site.
struct Both<'t, 'a> {
    texts: [&'t Text<'a>; 2],
    elements: [&'t Range<usize>; 2],
    collation: &'t Collation,
}

impl Both<'_, '_> {
    /// What kind of difference it is.
    fn class(&self) -> Class {
        let [mut left, mut right] = self.elements.map(tokens);
        let ids = |side: usize, range: &Range<usize>| &self.texts[side].ids[range.clone()];
        let same = |(l, r): &(&u32, &u32)| l == r;
        let (l, r) = (ids(0, &left), ids(1, &right));
        if l == r {
            let mut words = left.zip(right);
            let typography = words.any(|(l, r)| self.texts[0].word(l) != self.texts[1].word(r));
            return match typography {
                true => Class::Typographic,
                false => Class::Reflow,
            };
        }
        // What others change round it is not this version's difference.
        let head = l.iter().zip(r).take_while(same).count();
        let (l, r) = (&l[head..], &r[head..]);
        let tail = l.iter().rev().zip(r.iter().rev()).take_while(same).count();
        left = left.start + head..left.end - tail;
        right = right.start + head..right.end - tail;
        let elsewhere = |side: usize, range: &Range<usize>| {
            self.collation.moved[side][range.clone()]
                .iter()
                .all(|it| *it)
        };
        if elsewhere(0, &left) && elsewhere(1, &right) {
            return Class::Moved;
        }
        let (left, right): (Vec<usize>, Vec<usize>) = (left.collect(), right.collect());
        classify::of(self.texts, [&left, &right])
    }
}
