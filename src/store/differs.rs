//! What is not the same in all versions of a group: what `differs:` asks.

use crate::diff::{self, Class};
use crate::model::Article;
use crate::query::Difference;

/// How the texts of some versions differ from the first of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct TextDifference {
    /// In words.
    pub body: bool,
    /// In a number.
    pub number: bool,
}

impl TextDifference {
    /// Compares every version with the first: where all are like that one, no two differ.
    pub fn of(versions: &[&Article]) -> Self {
        let mut found = Self::default();
        let Some((first, others)) = versions.split_first() else {
            return found;
        };
        for other in others {
            for row in diff::compare_articles(first, other).rows {
                let is_body = row.kind.is_none_or(|kind| !kind.is_metadata());
                found.number |= row.classes.contains(Class::Number);
                found.body |= is_body && row.classes.iter().any(changes_words);
            }
            if found.body && found.number {
                break;
            }
        }
        found
    }
}

fn changes_words(class: Class) -> bool {
    match class {
        Class::Number
        | Class::Negation
        | Class::Boilerplate
        | Class::Edited
        | Class::Added
        | Class::Removed => true,
        Class::Metadata | Class::Moved | Class::Case | Class::Typographic | Class::Reflow => false,
    }
}

/// Says whether something in the metadata is not the same in all of them; nothing where only the text can tell.
pub(super) fn metadata_differs(what: Difference, versions: &[&Article]) -> Option<bool> {
    fn any<T: PartialEq>(versions: &[&Article], of: impl Fn(&Article) -> T) -> bool {
        let mut values = versions.iter().map(|version| of(version));
        let first = values.next();
        values.any(|value| Some(value) != first)
    }
    let text =
        |clean: &Option<crate::model::Clean>| clean.as_deref().map(|it| it.trim().to_owned());
    Some(match what {
        Difference::Title => any(versions, |it| text(&it.meta.title)),
        Difference::Author => any(versions, |it| text(&it.meta.byline)),
        Difference::Url => any(versions, |it| text(&it.meta.url)),
        Difference::Date => any(versions, |it| it.meta.date),
        Difference::Body | Difference::Number => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::cancel::Cancel;
    use crate::formats::{self, Input, Item, Options};

    fn article(text: &str) -> Article {
        let mut bytes = text.as_bytes();
        let mut found = None;
        let input = Input::stream(&mut bytes);
        let mut sink = |item| {
            if let Item::Record(record) = item {
                found = Some(record.article);
            }
        };
        formats::read(
            Path::new("a.md"),
            input,
            &Options::default(),
            &Cancel::new(),
            &mut sink,
        );
        found.expect("an article")
    }

    #[test]
    fn layout_and_typography_change_no_words_and_numbers_are_told_apart() {
        let base = article("Alice said \"no\" to 12 people in the town.\n\nBob went home early.");
        #[rustfmt::skip] // A table to read: another version, whether words differ, whether a number does.
        let table = [
            ("Alice said “no” to 12 people\nin the town.\n\nBob went home early.", false, false),
            ("Alice said \"no\" to 13 people in the town.\n\nBob went home early.", true, true),
            ("Alice said \"no\" to 12 people in the town.", true, false),
            ("Alice said \"no\" to 12 people in the village.\n\nBob went home early.", true, false),
        ];
        for (text, body, number) in table {
            let found = TextDifference::of(&[&base, &base, &article(text)]);
            assert_eq!(found, TextDifference { body, number }, "{text}");
        }
        assert_eq!(TextDifference::of(&[&base]), TextDifference::default());
    }

    #[test]
    fn metadata_differs_when_one_has_none() {
        let with = article("---\ntitle: A title\ndate: 2020-04-01\n---\nText of it.");
        let without = article("Text of it.");
        let differs = |what| metadata_differs(what, &[&with, &with, &without]);
        assert_eq!(differs(Difference::Title), Some(true));
        assert_eq!(differs(Difference::Date), Some(true));
        assert_eq!(differs(Difference::Author), Some(false));
        assert_eq!(differs(Difference::Body), None);
    }
}
