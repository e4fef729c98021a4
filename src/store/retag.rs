//! Other names for tags: renamed, with all that stands below them, or merged into one.

use std::collections::HashSet;

use super::traits::{Library, ReviewLog};
use super::types::{Deed, StoreError, Subject};
use crate::cancel::Cancel;
use crate::model::ArticleId;

/// What takes the place of what. A tag stands below another when its name goes on behind a `/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    old: Vec<String>,
    new: String,
    /// What stands below goes with it.
    deep: bool,
}

impl Names {
    /// Another name for one tag: `a` and `a/b` become `x` and `x/b`.
    pub fn rename(old: &str, new: &str) -> Self {
        Self {
            old: vec![old.to_owned()],
            new: new.to_owned(),
            deep: true,
        }
    }

    /// One tag in the place of several.
    pub fn merge(old: &[String], new: &str) -> Self {
        Self {
            old: old.iter().filter(|it| *it != new).cloned().collect(),
            new: new.to_owned(),
            deep: false,
        }
    }

    /// The new name.
    pub fn new_name(&self) -> &str {
        &self.new
    }

    /// The names that are replaced.
    pub fn old_names(&self) -> &[String] {
        &self.old
    }

    /// What a tag is called from now on; nothing when it stays.
    pub fn of(&self, tag: &str) -> Option<String> {
        let new = self.old.iter().find_map(|old| {
            let below = tag.strip_prefix(old.as_str())?;
            match below.starts_with('/') {
                _ if below.is_empty() => Some(self.new.clone()),
                true if self.deep => Some(format!("{}{below}", self.new)),
                _ => None,
            }
        });
        new.filter(|new| new != tag)
    }
}

/// The deeds that rename tags on every article of a library that has them, on those that are gone at present as well.
pub fn plan(
    library: &dyn Library,
    log: &dyn ReviewLog,
    names: &Names,
) -> Result<Vec<(Subject, Deed)>, StoreError> {
    let cancel = Cancel::new();
    let decisions = log.decisions()?;
    let mut subjects = log.subjects(&library.id())?;
    let known: HashSet<ArticleId> = subjects.iter().map(|it| it.article).collect();
    // Tagged in another library, and here too.
    for id in decisions.keys().filter(|id| !known.contains(id)) {
        match library.subject(*id, &cancel) {
            Ok(subject) => subjects.push(subject),
            Err(StoreError::NoArticle(_)) => {}
            Err(error) => return Err(error),
        }
    }
    subjects.sort_by(|a, b| (&a.path, a.record, a.article).cmp(&(&b.path, b.record, b.article)));
    let mut deeds = Vec::new();
    for subject in subjects {
        let Some(decision) = decisions.get(&subject.article) else {
            continue;
        };
        let mut put: HashSet<String> = HashSet::new();
        for tag in &decision.tags {
            let Some(new) = names.of(tag) else { continue };
            deeds.push((subject.clone(), Deed::Untag(tag.clone())));
            if !decision.tags.contains(&new) && put.insert(new.clone()) {
                deeds.push((subject.clone(), Deed::Tag(new)));
            }
        }
    }
    Ok(deeds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_below_a_tag_goes_with_it() {
        let names = Names::rename("a", "x/y");
        assert_eq!(names.of("a").as_deref(), Some("x/y"));
        assert_eq!(names.of("a/b").as_deref(), Some("x/y/b"));
        assert_eq!(names.of("ab"), None);
        let names = Names::merge(&["a".into(), "x".into()], "x");
        assert_eq!(names.of("a").as_deref(), Some("x"));
        assert_eq!((names.of("x"), names.of("a/b")), (None, None));
    }
}
