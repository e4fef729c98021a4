//! What the keys pressed so far mean where they were pressed.

use std::collections::BTreeMap;

use super::command::Context;
use super::file;
use super::key::Key;
use super::trie::{Lookup, Trie};
use crate::app::action::Action;
use crate::notice::Notice;

/// Which keys mean what, in every context. Built once, when the program starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap {
    bindings: Vec<Binding>,
    tries: BTreeMap<Context, Trie>,
}

/// One line of a keymap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// Where it counts.
    pub context: Context,
    /// The keys to press, one after the other.
    pub keys: Vec<Key>,
    /// What they ask for.
    pub action: Action,
}

/// What a sequence of keys means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// This is to be done, and the next key begins anew.
    Action(Action),
    /// More keys are needed: these may follow, with what they do.
    Pending(Vec<(Key, String)>),
    /// Nothing; the next key begins anew. In a prompt the key may be typed.
    None,
}

impl Keymap {
    /// The keymap of `assets/keymap.toml`.
    pub fn standard() -> Self {
        file::standard()
    }

    /// The default keymap with the user's laid over it. A mistake costs its own line, never the rest.
    pub fn with_user(file_name: &str, text: &str) -> (Self, Vec<Notice>) {
        file::with_user(file_name, text)
    }

    /// Lays the contexts over one another; of two bindings that stand in each other's way the earlier one wins.
    /// Also returns the sequences that cannot be reached.
    pub(super) fn build(bindings: Vec<Binding>) -> (Self, Vec<Hidden>) {
        let mut tries = BTreeMap::new();
        let mut hidden = Vec::new();
        for context in Context::ALL {
            let mut trie = Trie::default();
            for layer in context.layers() {
                let of_layer = |binding: &&Binding| binding.context == *layer;
                for binding in bindings.iter().rev().filter(of_layer) {
                    let out = trie.insert(&binding.keys, binding.action);
                    hidden.extend(out.into_iter().map(|lost| Hidden {
                        by: (*layer, binding.keys.clone()),
                        lost,
                    }));
                }
            }
            tries.insert(context, trie);
        }
        (Self { bindings, tries }, hidden)
    }

    /// What the keys pressed so far mean.
    pub fn resolve(&self, context: Context, pending: &[Key]) -> Resolution {
        match self.tries.get(&context).map(|trie| trie.get(pending)) {
            Some(Lookup::Action(action)) => Resolution::Action(action),
            Some(Lookup::Branch(branch)) => Resolution::Pending(branch.labels()),
            Some(Lookup::Nothing) | None => Resolution::None,
        }
    }

    /// The keys that ask for the action there, as they are written: those of the pane first, each in the order of
    /// the files, the user's before the default.
    pub fn keys_for(&self, context: Context, action: Action) -> Vec<String> {
        let mut found: Vec<&Binding> = self
            .bindings
            .iter()
            .filter(|binding| {
                binding.action == action
                    && context.layers().contains(&binding.context)
                    && self.resolve(context, &binding.keys) == Resolution::Action(action)
            })
            .collect();
        found.sort_by_key(|binding| binding.context != context);
        found
            .iter()
            .map(|binding| Key::join(&binding.keys))
            .collect()
    }

    /// Everything that is bound, in the order of the files, the user's before the default.
    pub fn bindings(&self) -> impl Iterator<Item = &Binding> {
        self.bindings.iter()
    }
}

/// A sequence that cannot be reached because another one, shorter or longer, stands in its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hidden {
    /// What stands in its way.
    pub by: (Context, Vec<Key>),
    /// What cannot be reached.
    pub lost: Vec<Key>,
}
