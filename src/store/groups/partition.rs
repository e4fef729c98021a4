//! Which articles stand together: those of groups of two and more in a list, all others by a bit each, since most articles
//! of a large collection stand alone, and its first page waits until this is at hand.

use std::collections::HashMap;
use std::ops::Deref;

use roaring::RoaringBitmap;

/// The articles of a collection, by number, in groups: those that were listed first, then each other article in one of
/// its own.
#[derive(Clone, Debug)]
pub(in crate::store) struct Partition {
    articles: usize,
    /// A bit for each article that is listed.
    listed: Vec<u64>,
    /// How many are listed in front of each word of it.
    before: Vec<u32>,
    /// Members of listed groups, group by group; inside a group the best first.
    order: Vec<u32>,
    /// Where each of these groups begins in `order`; one more at the end.
    starts: Vec<u32>,
    /// By listed article, in the order of their numbers: the group, and where it stands in `order`.
    slots: Vec<(u32, u32)>,
}

/// The members of a group, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Members<'a> {
    /// As they are listed.
    Listed(&'a [u32]),
    /// A single one.
    Alone([u32; 1]),
}

impl Deref for Members<'_> {
    type Target = [u32];

    fn deref(&self) -> &[u32] {
        match self {
            Self::Listed(order) => order,
            Self::Alone(one) => one,
        }
    }
}

impl Default for Partition {
    fn default() -> Self {
        Self {
            articles: 0,
            listed: Vec::new(),
            before: Vec::new(),
            order: Vec::new(),
            starts: vec![0],
            slots: Vec::new(),
        }
    }
}

impl Partition {
    /// The groups of so many articles of which these are listed; the others stand alone. None where a number is not that
    /// of an article, or stands there twice, and where groups do not end where the list does.
    pub fn new(articles: usize, order: Vec<u32>, starts: Vec<u32>) -> Option<Self> {
        let ends = (starts.first(), starts.last());
        let whole = ends == (Some(&0), Some(&(order.len() as u32)));
        if !whole || !starts.is_sorted() {
            return None;
        }
        let mut listed = vec![0u64; articles.div_ceil(64)];
        for number in &order {
            let bit = 1 << (number % 64);
            let word = listed.get_mut(*number as usize / 64)?;
            if *number as usize >= articles || *word & bit != 0 {
                return None;
            }
            *word |= bit;
        }
        let mut all = 0;
        let before = listed.iter().map(|word| {
            let before = all;
            all += word.count_ones();
            before
        });
        let before = before.collect();
        let mut new = Self {
            articles,
            listed,
            before,
            slots: vec![(0, 0); order.len()],
            order,
            starts,
        };
        for (group, bounds) in (0u32..).zip(new.starts.windows(2)) {
            for slot in bounds[0]..bounds[1] {
                let at = new.place(new.order[slot as usize])?;
                new.slots[at] = (group, slot);
            }
        }
        Some(new)
    }

    /// Takes in articles up to so many: each stands alone.
    pub fn grow(&mut self, articles: usize) {
        self.articles = articles;
        self.listed.resize(articles.div_ceil(64), 0);
        self.before
            .resize(self.listed.len(), self.order.len() as u32);
    }

    /// How many groups are listed.
    pub fn groups(&self) -> usize {
        self.starts.len() - 1
    }

    /// The order of the members of listed groups, and where each group begins.
    pub fn list(&self) -> (&[u32], &[u32]) {
        (&self.order, &self.starts)
    }

    /// Where a listed article stands in `slots`.
    fn place(&self, number: u32) -> Option<usize> {
        let at = number as usize / 64;
        let (word, bit) = (*self.listed.get(at)?, 1 << (number % 64));
        let in_front = (word & (bit - 1)).count_ones();
        (word & bit != 0).then(|| (self.before[at] + in_front) as usize)
    }

    /// The group of an article: a number that no other group has, those of listed groups first.
    pub fn group(&self, number: u32) -> usize {
        match self.place(number) {
            Some(at) => self.slots[at].0 as usize,
            None => self.groups() + number as usize,
        }
    }

    /// Where a listed article stands in the list.
    pub fn slot(&self, number: u32) -> Option<u32> {
        self.place(number).map(|at| self.slots[at].1)
    }

    /// The members of a listed group.
    pub fn listed(&self, group: usize) -> Option<&[u32]> {
        let (from, to) = (*self.starts.get(group)?, *self.starts.get(group + 1)?);
        self.order.get(from as usize..to as usize)
    }

    /// The articles that an article stands with, itself included; none where there is no such article.
    pub fn versions(&self, number: u32) -> Option<Members<'_>> {
        match self.place(number) {
            Some(at) => self.listed(self.slots[at].0 as usize).map(Members::Listed),
            None => ((number as usize) < self.articles).then_some(Members::Alone([number])),
        }
    }

    /// The members of each group, those of listed ones first.
    pub fn all(&self) -> impl Iterator<Item = Members<'_>> {
        let listed = (0..self.groups()).filter_map(|group| self.listed(group));
        let alone = (0..self.articles as u32).filter(|number| self.place(*number).is_none());
        let alone = alone.map(|number| Members::Alone([number]));
        listed.map(Members::Listed).chain(alone)
    }

    /// The articles whose groups have so many members.
    pub fn sized(&self, fits: &dyn Fn(usize) -> bool) -> RoaringBitmap {
        let mut words: Vec<u64> = match fits(1) {
            true => self.listed.iter().map(|word| !word).collect(),
            false => vec![0; self.listed.len()],
        };
        let listed = (0..self.groups()).filter_map(|group| self.listed(group));
        for number in listed.filter(|it| fits(it.len())).flatten() {
            words[*number as usize / 64] |= 1 << (number % 64);
        }
        self.bitmap(words)
    }

    /// Of each group the first member that is among these articles.
    pub fn leads(&self, among: &RoaringBitmap) -> RoaringBitmap {
        // Few are looked up; for many all groups are gone through.
        const FEW: u64 = 8;
        if among.len() * FEW < self.order.len() as u64 {
            let mut leads = RoaringBitmap::new();
            let mut first: HashMap<u32, u32> = HashMap::new();
            for number in among {
                match self.place(number).map(|at| self.slots[at]) {
                    Some((group, slot)) => {
                        let first = first.entry(group).or_insert(slot);
                        *first = slot.min(*first);
                    }
                    None => {
                        leads.insert(number);
                    }
                }
            }
            leads.extend(first.values().map(|slot| self.order[*slot as usize]));
            return leads;
        }
        let mut words: Vec<u64> = match among.len() == self.articles as u64 {
            true => vec![u64::MAX; self.listed.len()],
            false => {
                let mut words = vec![0; self.listed.len()];
                for number in among {
                    if let Some(word) = words.get_mut(number as usize / 64) {
                        *word |= 1 << (number % 64);
                    }
                }
                words
            }
        };
        let is_among =
            |words: &[u64], number: u32| words[number as usize / 64] >> (number % 64) & 1 == 1;
        let listed = (0..self.groups()).filter_map(|group| self.listed(group));
        let leads: Vec<u32> = listed
            .filter_map(|group| group.iter().copied().find(|it| is_among(&words, *it)))
            .collect();
        for (word, listed) in words.iter_mut().zip(&self.listed) {
            *word &= !listed;
        }
        for number in leads {
            words[number as usize / 64] |= 1 << (number % 64);
        }
        self.bitmap(words)
    }

    /// The articles whose bits are set.
    fn bitmap(&self, words: Vec<u64>) -> RoaringBitmap {
        let bytes: Vec<u8> = words.into_iter().flat_map(u64::to_le_bytes).collect();
        let mut bitmap = RoaringBitmap::from_lsb0_bytes(0, &bytes);
        bitmap.remove_range(self.articles as u32..);
        bitmap
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_article_stands_in_one_group(
            articles in 1usize..300,
            groups in proptest::collection::vec(1usize..6, 0..40),
            seed in any::<u32>(),
            more in 0usize..200,
            some in proptest::collection::btree_set(0u32..500, 0..300),
        ) {
            // Numbers in no order.
            let mut numbers: Vec<u32> = (0..articles as u32).collect();
            numbers.sort_by_key(|it| it.wrapping_mul(0x9E37_79B1) ^ seed);
            let (mut order, mut starts) = (Vec::new(), vec![0]);
            for size in groups {
                let some: Vec<u32> = numbers.drain(..size.min(numbers.len())).collect();
                order.extend(some);
                starts.push(order.len() as u32);
            }
            let mut partition = Partition::new(articles, order.clone(), starts.clone()).unwrap();
            prop_assert_eq!(partition.list(), (&order[..], &starts[..]));
            partition.grow(articles + more);
            let mut seen = vec![0; articles + more];
            let all: RoaringBitmap = (0..seen.len() as u32).collect();
            let some: RoaringBitmap = some.into_iter().filter(|it| all.contains(*it)).collect();
            let (mut firsts, mut leads, mut pairs) = <(RoaringBitmap, RoaringBitmap, RoaringBitmap)>::default();
            for members in partition.all() {
                firsts.extend(members.first());
                leads.extend(members.iter().find(|it| some.contains(**it)));
                pairs.extend(members.iter().filter(|_| members.len() == 2));
                for member in members.iter() {
                    seen[*member as usize] += 1;
                    prop_assert_eq!(partition.versions(*member), Some(members));
                    prop_assert_eq!(partition.group(*member), partition.group(members[0]));
                    let slot = order.iter().position(|it| it == member);
                    prop_assert_eq!(partition.slot(*member), slot.map(|it| it as u32));
                }
            }
            prop_assert!(seen.iter().all(|it| *it == 1));
            prop_assert_eq!(partition.leads(&all), firsts);
            prop_assert_eq!(partition.leads(&some), leads);
            prop_assert_eq!(partition.sized(&|size| size != 2), &all - &pairs);
            prop_assert_eq!(partition.sized(&|size| size == 2), pairs);
            let groups: std::collections::HashSet<usize> =
                (0..seen.len() as u32).map(|it| partition.group(it)).collect();
            prop_assert_eq!(groups.len(), partition.all().filter(|it| !it.is_empty()).count());
            prop_assert_eq!(partition.versions(seen.len() as u32), None);
        }
    }

    #[test]
    fn what_is_no_partition_is_refused() {
        for (order, starts) in [
            (vec![1, 1], vec![0, 2]),
            (vec![0, 9], vec![0, 2]),
            (vec![0, 4], vec![0, 2]),
            (vec![0, 1], vec![0, 1]),
            (vec![0, 1], vec![1, 2]),
            (vec![0, 1, 2], vec![0, 2, 1, 3]),
            (vec![], vec![]),
        ] {
            let said = format!("{order:?} {starts:?}");
            assert!(Partition::new(4, order, starts).is_none(), "{said}");
        }
    }
}
