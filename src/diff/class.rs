//! What kind of difference something is, so that a reader may hide what does not matter to him.

use std::fmt;

use serde::ser::{Serialize, SerializeSeq, Serializer};

/// What kind of difference it is, the most telling first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// A number, sign or unit; never hidden.
    Number,
    /// A word that turns what is said round: *not*, *never*, *kein*, *ne … pas*; never hidden.
    Negation,
    /// Title, byline, date, source.
    Metadata,
    /// Text that stands in other groups too.
    Boilerplate,
    /// Stands elsewhere on the other side.
    Moved,
    /// Other words.
    Edited,
    /// Only on the right.
    Added,
    /// Only on the left.
    Removed,
    /// Capitals against small letters.
    Case,
    /// Other quotes, dashes, invisible characters.
    Typographic,
    /// Other line or paragraph breaks.
    Reflow,
}

impl Class {
    /// Every class, the most telling first.
    pub const ALL: [Self; 11] = [
        Self::Number,
        Self::Negation,
        Self::Metadata,
        Self::Boilerplate,
        Self::Moved,
        Self::Edited,
        Self::Added,
        Self::Removed,
        Self::Case,
        Self::Typographic,
        Self::Reflow,
    ];

    /// Its name, which is also its name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Negation => "negation",
            Self::Metadata => "metadata",
            Self::Boilerplate => "boilerplate",
            Self::Moved => "moved",
            Self::Edited => "edited",
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Case => "case",
            Self::Typographic => "typographic",
            Self::Reflow => "reflow",
        }
    }

    /// The class of that name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.name() == name)
    }

    /// Says whether a reader may hide it: another number or a *not* changes what a text says, whoever looks.
    pub const fn can_hide(self) -> bool {
        !matches!(self, Self::Number | Self::Negation)
    }

    /// The same difference seen from the other side.
    pub(super) const fn mirrored(self) -> Self {
        match self {
            Self::Added => Self::Removed,
            Self::Removed => Self::Added,
            other => other,
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A set of classes.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Classes(u16);

impl Classes {
    /// No class.
    pub const NONE: Self = Self(0);
    /// What changes no word: layout and typography. Hidden unless a reader asks for it.
    pub const QUIET: Self = Self(1 << Class::Reflow as u16 | 1 << Class::Typographic as u16);

    /// Adds a class.
    pub fn insert(&mut self, class: Class) {
        self.0 |= 1 << class as u16;
    }

    /// Adds a class that is not in it, or takes it out.
    pub fn toggle(&mut self, class: Class) {
        self.0 ^= 1 << class as u16;
    }

    /// Says whether a class is in it.
    pub const fn contains(self, class: Class) -> bool {
        self.0 & 1 << class as u16 != 0
    }

    /// Says whether there is none in it.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// What is in one of both.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Says whether something of these classes is shown while others are hidden: when one of them is not hidden.
    pub const fn shows_despite(self, hidden: Self) -> bool {
        self.0 & !hidden.0 != 0
    }

    /// What is in it, the most telling first.
    pub fn iter(self) -> impl Iterator<Item = Class> {
        Class::ALL
            .into_iter()
            .filter(move |class| self.contains(*class))
    }

    /// The same differences seen from the other side.
    pub(super) fn mirrored(self) -> Self {
        self.iter().map(Class::mirrored).collect()
    }
}

impl FromIterator<Class> for Classes {
    fn from_iter<T: IntoIterator<Item = Class>>(classes: T) -> Self {
        let mut all = Self::NONE;
        classes.into_iter().for_each(|class| all.insert(class));
        all
    }
}

impl fmt::Debug for Classes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl Serialize for Classes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        for class in self.iter() {
            list.serialize_element(&class)?;
        }
        list.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_knows_its_classes() {
        let mut set: Classes = [Class::Case, Class::Added].into_iter().collect();
        assert_eq!(format!("{set:?}"), "{Added, Case}");
        assert_eq!(set.mirrored().iter().next(), Some(Class::Removed));
        set.toggle(Class::Case);
        assert!(!set.contains(Class::Case) && set.shows_despite(Classes::QUIET));
        assert!(!Classes::QUIET.shows_despite(Classes::QUIET) && !Classes::NONE.shows_despite(set));
    }

    #[test]
    fn every_class_has_its_place_and_name() {
        for (at, class) in Class::ALL.into_iter().enumerate() {
            assert_eq!(
                (class as usize, Class::by_name(class.name())),
                (at, Some(class))
            );
        }
    }
}
