//! Sequences of keys and what they lead to.
//!
//! A sequence and the beginning of a longer one cannot both mean something, so putting one in takes the other out
//! and says so. The labels of what may follow come from the same tree that resolves keys: the box that explains an
//! unfinished sequence cannot disagree with it.

use std::collections::BTreeMap;

use super::command::Command;
use super::key::Key;
use crate::app::action::Action;

/// A tree of keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trie {
    children: BTreeMap<Key, Node>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    Leaf(Action),
    Branch(Trie),
}

/// Where a sequence of keys leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lookup<'a> {
    /// To an action.
    Action(Action),
    /// To a choice of further keys.
    Branch(&'a Trie),
    /// Nowhere.
    Nothing,
}

impl Trie {
    /// Binds the sequence. Returns what it takes out: a shorter sequence that it begins with, or longer ones that
    /// begin with it. The same sequence bound anew is no conflict.
    pub fn insert(&mut self, keys: &[Key], action: Action) -> Vec<Vec<Key>> {
        let Some((&first, rest)) = keys.split_first() else {
            return Vec::new();
        };
        if rest.is_empty() {
            let before = self.children.insert(first, Node::Leaf(action));
            return match before {
                Some(Node::Branch(hidden)) => under(first, hidden.sequences()),
                Some(Node::Leaf(_)) | None => Vec::new(),
            };
        }
        let node = self
            .children
            .entry(first)
            .or_insert_with(|| Node::Branch(Self::default()));
        match node {
            Node::Branch(branch) => under(first, branch.insert(rest, action)),
            Node::Leaf(_) => {
                let mut branch = Self::default();
                branch.insert(rest, action);
                *node = Node::Branch(branch);
                vec![vec![first]]
            }
        }
    }

    /// Where the keys lead.
    pub fn get(&self, keys: &[Key]) -> Lookup<'_> {
        let Some((first, rest)) = keys.split_first() else {
            return Lookup::Branch(self);
        };
        match self.children.get(first) {
            Some(Node::Branch(branch)) => branch.get(rest),
            Some(Node::Leaf(action)) if rest.is_empty() => Lookup::Action(*action),
            Some(Node::Leaf(_)) | None => Lookup::Nothing,
        }
    }

    /// The keys that may come next, each with what it does.
    pub fn labels(&self) -> Vec<(Key, String)> {
        self.children
            .iter()
            .map(|(key, node)| {
                let label = match node {
                    Node::Leaf(action) => Command::of(*action)
                        .map_or_else(String::new, |command| command.name.to_owned()),
                    Node::Branch(_) => "…".to_owned(),
                };
                (*key, label)
            })
            .collect()
    }

    /// Every sequence of the tree.
    pub fn sequences(&self) -> Vec<Vec<Key>> {
        self.children
            .iter()
            .flat_map(|(&key, node)| match node {
                Node::Leaf(_) => vec![vec![key]],
                Node::Branch(branch) => under(key, branch.sequences()),
            })
            .collect()
    }
}

/// Puts a key before each sequence.
fn under(first: Key, sequences: Vec<Vec<Key>>) -> Vec<Vec<Key>> {
    let put = |rest: Vec<Key>| std::iter::once(first).chain(rest).collect();
    sequences.into_iter().map(put).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<Key> {
        Key::sequence(text).expect(text)
    }

    #[test]
    fn sequences_lead_to_actions() {
        let mut trie = Trie::default();
        assert!(trie.insert(&keys("g g"), Action::Top).is_empty());
        assert!(trie.insert(&keys("g w"), Action::WhyGroup).is_empty());
        assert!(trie.insert(&keys("j"), Action::Down).is_empty());
        assert_eq!(trie.get(&keys("g g")), Lookup::Action(Action::Top));
        assert_eq!(trie.get(&keys("g x")), Lookup::Nothing);
        assert_eq!(trie.get(&keys("j j")), Lookup::Nothing);
        let Lookup::Branch(branch) = trie.get(&keys("g")) else {
            panic!("g waits for more")
        };
        let labels: Vec<_> = branch
            .labels()
            .into_iter()
            .map(|(key, label)| format!("{key} {label}"))
            .collect();
        assert_eq!(labels, ["g top", "w why-group"]);
    }

    #[test]
    fn a_conflict_says_what_it_takes_out() {
        let mut trie = Trie::default();
        trie.insert(&keys("g g"), Action::Top);
        trie.insert(&keys("g w"), Action::WhyGroup);
        assert_eq!(
            trie.insert(&keys("g"), Action::Down),
            [keys("g g"), keys("g w")]
        );
        assert_eq!(trie.insert(&keys("g g"), Action::Top), [keys("g")]);
        assert_eq!(trie.sequences(), [keys("g g")]);
    }
}
