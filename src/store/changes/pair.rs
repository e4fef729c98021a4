//! Which article of one collection belongs to which of another.

use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::Hash;
use std::path::{Path, PathBuf};

use crate::model::ArticleId;

/// An article where it stands in its collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The article.
    pub id: ArticleId,
    /// The path below the collection; empty where the collection is one file.
    pub path: PathBuf,
    /// The record's own id.
    pub own: Option<String>,
    /// The number of the record in its file; none for an article that is a file.
    pub record: Option<u64>,
    /// Its address.
    pub url: Option<String>,
}

/// Two places in lists of items that belong together, or one that has no other.
pub type Pair = (Option<usize>, Option<usize>);

impl Item {
    /// What it is called: the path below its collection, and the record's own id, else its number.
    pub fn name(&self) -> String {
        self.path.to_string_lossy().into_owned() + &self.label()
    }

    /// What the record is called in its file: `#17`; nothing for an article that is a file.
    pub fn label(&self) -> String {
        let number = || self.record.map(|it| it.to_string());
        let record = self.own.clone().or_else(number);
        record.map(|it| format!("#{it}")).unwrap_or_default()
    }

    /// The place that stays the same when other articles come and go.
    fn own_place(&self) -> Option<(&Path, Option<&str>)> {
        let is_file = self.record.is_none() && !self.path.as_os_str().is_empty();
        let lasts = self.own.is_some() || is_file;
        lasts.then_some((&*self.path, self.own.as_deref()))
    }
}

/// Finds what belongs together, in any order. `versions` is given the places of those that have no other so far, and says
/// which of them are versions of one text, the surest first.
pub fn pair(
    left: &[Item],
    right: &[Item],
    versions: impl FnOnce(&[usize], &[usize]) -> Vec<(usize, usize)>,
) -> Vec<Pair> {
    let mut open = Open {
        left: (0..left.len()).collect(),
        right: (0..right.len()).collect(),
        pairs: Vec::new(),
    };
    open.join((left, right), Item::own_place);
    open.join((left, right), |it| it.url.as_deref());
    open.join((left, right), |it| Some(it.id));
    if !open.left.is_empty() && !open.right.is_empty() {
        let found = versions(&open.left, &open.right);
        open.take(found);
    }
    open.join((left, right), |it| Some((&it.path, it.record?)));
    let Open { left, right, pairs } = open;
    let both = pairs.into_iter().map(|(l, r)| (Some(l), Some(r)));
    let alone = left.into_iter().map(|at| (Some(at), None));
    let other = right.into_iter().map(|at| (None, Some(at)));
    both.chain(alone).chain(other).collect()
}

/// What is paired, and what is not yet.
struct Open {
    left: Vec<usize>,
    right: Vec<usize>,
    pairs: Vec<(usize, usize)>,
}

impl Open {
    /// Pairs what has the same key on both sides, first with first. What has none waits for another step.
    fn join<'a, K: Eq + Hash>(
        &mut self,
        (left, right): (&'a [Item], &'a [Item]),
        key: impl Fn(&'a Item) -> Option<K>,
    ) {
        let mut waiting: HashMap<K, VecDeque<usize>> = HashMap::new();
        for &at in &self.right {
            if let Some(key) = key(&right[at]) {
                waiting.entry(key).or_default().push_back(at);
            }
        }
        let mut other = |at: usize| waiting.get_mut(&key(&left[at])?)?.pop_front();
        let found = self.left.iter().filter_map(|&at| Some((at, other(at)?)));
        let found = found.collect();
        self.take(found);
    }

    /// Pairs these, each article once.
    fn take(&mut self, found: Vec<(usize, usize)>) {
        let (mut left, mut right) = (HashSet::new(), HashSet::new());
        for (one, other) in found {
            if !left.contains(&one) && !right.contains(&other) {
                left.insert(one);
                right.insert(other);
                self.pairs.push((one, other));
            }
        }
        self.left.retain(|at| !left.contains(at));
        self.right.retain(|at| !right.contains(at));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `path#own@url=text`, all but the text optional; `:3` is the number of a record.
    fn item(said: &str) -> Item {
        let (place, text) = said.split_once('=').unwrap();
        let (place, url) = place.split_once('@').unwrap_or((place, ""));
        let (place, record) = place.split_once(':').unwrap_or((place, ""));
        let (path, own) = place.split_once('#').unwrap_or((place, ""));
        let some = |it: &str| Some(it.to_owned()).filter(|it| !it.is_empty());
        Item {
            id: crate::formats::article_id("", text),
            path: path.into(),
            own: some(own),
            record: record.parse().ok(),
            url: some(url),
        }
    }

    fn paired(left: &[&str], right: &[&str], versions: &[(usize, usize)]) -> Vec<Pair> {
        let items = |all: &[&str]| all.iter().map(|it| item(it)).collect::<Vec<_>>();
        let mut found = pair(&items(left), &items(right), |_, _| versions.to_vec());
        found.sort();
        found
    }

    #[test]
    fn articles_are_paired_by_the_surest_thing_that_they_share() {
        let both = |l, r| (Some(l), Some(r));
        for (what, left, right, versions, expected) in [
            (
                "the same path counts before the same text",
                &["a=x", "b=y"][..],
                &["a=y", "b=x"][..],
                &[][..],
                vec![both(0, 0), both(1, 1)],
            ),
            (
                "an id of its own",
                &["f#1:1=x", "f#2:2=y"],
                &["f#2:1=y", "f#1:2=z"],
                &[],
                vec![both(0, 1), both(1, 0)],
            ),
            (
                "an address counts before the text",
                &["f:1@u=x", "f:2@v=y"],
                &["g:1@v=x", "g:2@u=y"],
                &[],
                vec![both(0, 1), both(1, 0)],
            ),
            (
                "one record more in front",
                &["f:1=x", "f:2=y"],
                &["f:1=new", "f:2=x", "f:3=y"],
                &[],
                vec![(None, Some(0)), both(0, 1), both(1, 2)],
            ),
            (
                "versions before numbers",
                &["f:1=x", "f:2=y"],
                &["f:1=Y", "f:2=X"],
                &[(0, 1), (1, 0)],
                vec![both(0, 1), both(1, 0)],
            ),
            (
                "numbers last",
                &["f:1=x"],
                &["f:1=y"],
                &[],
                vec![both(0, 0)],
            ),
            (
                "other files have other numbers",
                &["f:1=x"],
                &["g:1=y"],
                &[],
                vec![(None, Some(0)), (Some(0), None)],
            ),
            (
                "copies, first with first",
                &["a=x", "b=x"],
                &["c=x"],
                &[],
                vec![both(0, 0), (Some(1), None)],
            ),
            (
                "two files that are collections",
                &[":1=x", ":2=y"],
                &[":1=y"],
                &[],
                vec![both(1, 0), (Some(0), None)],
            ),
            (
                "each article once",
                &["a=x"],
                &["b=y", "c=z"],
                &[(0, 1), (0, 0)],
                vec![(None, Some(0)), both(0, 1)],
            ),
        ] {
            let mut expected = expected;
            expected.sort();
            assert_eq!(paired(left, right, versions), expected, "{what}");
        }
    }
}
