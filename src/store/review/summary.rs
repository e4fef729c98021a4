//! The words of a receipt: what a change did, for the status line.

use crate::store::types::{Deed, StoreError, Subject};
use crate::text;

/// The longest tag, in bytes.
const LONGEST_TAG: usize = 200;

/// The longest note, in bytes.
const LONGEST_NOTE: usize = 64 << 10;

/// Says what deeds do: `tagged todo · 3 articles`, or `kept (1), set aside (2)`.
pub(crate) fn describe<'a>(deeds: impl IntoIterator<Item = &'a Deed>) -> String {
    let mut parts: Vec<(String, u64)> = Vec::new();
    let mut corrected = std::collections::HashSet::new();
    // Most changes do one thing to many articles.
    let mut before: Option<(&Deed, usize)> = None;
    let deeds = deeds.into_iter();
    for deed in deeds.filter(|it| !matches!(it, Deed::Sketch(_))) {
        if let Some((_, at)) = before.filter(|it| it.0 == deed && deed.said().is_none()) {
            parts[at].1 += 1;
            continue;
        }
        // A correction stands there from both sides: each article counts once, however often it is named.
        if deed.said().is_some_and(|said| !corrected.insert(said)) {
            continue;
        }
        let verb = verb(deed);
        let at = parts.iter().position(|(known, _)| *known == verb);
        let at = at.unwrap_or_else(|| {
            parts.push((verb, 0));
            parts.len() - 1
        });
        parts[at].1 += 1;
        before = Some((deed, at));
    }
    match parts.as_slice() {
        [] => "nothing".into(),
        [(verb, 1)] => format!("{verb} · 1 article"),
        [(verb, count)] => format!("{verb} · {count} articles"),
        several => {
            let listed: Vec<String> = several
                .iter()
                .map(|(verb, count)| format!("{verb} ({count})"))
                .collect();
            listed.join(", ")
        }
    }
}

/// Says what happened to a saved query.
pub(crate) fn describe_filter(name: &str, query: Option<&str>) -> String {
    match query {
        Some(query) => format!("saved filter {name}: {query}"),
        None => format!("removed filter {name}"),
    }
}

fn verb(deed: &Deed) -> String {
    use crate::model::Verdict;
    match deed {
        Deed::Tag(tag) => format!("tagged {tag}"),
        Deed::Untag(tag) => format!("untagged {tag}"),
        Deed::Verdict(Some(Verdict::Keep)) => "kept".into(),
        Deed::Verdict(Some(Verdict::Drop)) => "dropped".into(),
        Deed::Verdict(Some(Verdict::Skip)) => "skipped".into(),
        Deed::Verdict(None) => "verdict taken back".into(),
        Deed::Supersede(true) => "set aside".into(),
        Deed::Supersede(false) => "no longer set aside".into(),
        Deed::Note { text: Some(_), .. } => "noted".into(),
        Deed::Note { text: None, .. } => "note taken away".into(),
        Deed::Rebind { .. } => "rebound".into(),
        Deed::Apart(_) => "parted".into(),
        Deed::Same(_) => "joined".into(),
        Deed::Sketch(_) => "sketched".into(),
    }
}

/// Refuses changes that no log takes: empty ones, and tags that could not be shown as they are.
pub(crate) fn check(deeds: &[(Subject, Deed)]) -> Result<(), StoreError> {
    if deeds.is_empty() {
        return Err(StoreError::Refused("a change without deeds".into()));
    }
    let mut before = None;
    for (subject, deed) in deeds {
        if matches!(deed, Deed::Tag(_)) && before.replace(deed) == Some(deed) {
            continue;
        }
        match deed {
            Deed::Tag(tag) => check_tag(tag).map_err(StoreError::Refused)?,
            // A log written elsewhere may hold any tag, and it must be possible to take it off.
            Deed::Untag(_) | Deed::Verdict(_) | Deed::Supersede(_) => {}
            Deed::Note { text, .. } => {
                let text = text.as_deref();
                text.map_or(Ok(()), check_note)
                    .map_err(StoreError::Refused)?;
            }
            Deed::Rebind { from } if *from == subject.article => {
                return Err(StoreError::Refused(
                    "an article cannot replace itself".into(),
                ));
            }
            Deed::Apart(other) | Deed::Same(other) if *other == subject.article => {
                return Err(StoreError::Refused(
                    "an article is itself, whatever is said of it".into(),
                ));
            }
            Deed::Rebind { .. } | Deed::Apart(_) | Deed::Same(_) | Deed::Sketch(_) => {}
        }
    }
    Ok(())
}

/// A note as it is kept: lines made safe, without blank ones at its ends. Nothing when nothing is left.
pub fn note_text(typed: &str) -> Option<String> {
    let lines: Vec<String> = typed.lines().map(|it| text::line(it).to_string()).collect();
    let note = lines.join("\n");
    let note = note.trim_matches('\n');
    (!note.is_empty()).then(|| note.to_owned())
}

fn check_note(note: &str) -> Result<(), String> {
    if note.trim().is_empty() {
        return Err("a note cannot be empty".into());
    }
    if note.len() > LONGEST_NOTE {
        return Err(format!("a note cannot be longer than {LONGEST_NOTE} bytes"));
    }
    if !text::is_safe(note) {
        return Err("a note cannot hold control or invisible characters".into());
    }
    Ok(())
}

/// Says why a text cannot be the name of a saved query: it stands behind `query:`, as one word.
pub fn check_filter_name(name: &str) -> Result<(), String> {
    let fits = |it: char| it.is_alphanumeric() || matches!(it, '-' | '_' | '.' | '/');
    match name.chars().find(|it| !fits(*it)) {
        Some(_) => Err("a filter's name is one word of letters, digits, - _ . and /".into()),
        None if name.is_empty() => Err("a filter needs a name".into()),
        None if name.len() > LONGEST_TAG => {
            Err(format!("a name cannot be longer than {LONGEST_TAG} bytes"))
        }
        None => Ok(()),
    }
}

/// Says why a text cannot be a tag.
pub fn check_tag(tag: &str) -> Result<(), String> {
    if tag.is_empty() {
        return Err("a tag cannot be empty".into());
    }
    if tag.len() > LONGEST_TAG {
        return Err(format!("a tag cannot be longer than {LONGEST_TAG} bytes"));
    }
    if tag.trim() != tag {
        return Err("a tag cannot begin or end with white space".into());
    }
    if text::line(tag).as_str() != tag {
        return Err("a tag cannot hold control or invisible characters, or several blanks".into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Verdict;

    #[test]
    fn receipts_say_what_was_done() {
        let tag = || Deed::Tag("todo".into());
        let same = |other: u8| Deed::Same(crate::model::ArticleId::from_bytes([other; 16]));
        let cases: [(Vec<Deed>, &str); 5] = [
            (vec![tag()], "tagged todo · 1 article"),
            (vec![tag(), tag(), tag()], "tagged todo · 3 articles"),
            (
                vec![
                    Deed::Verdict(Some(Verdict::Keep)),
                    Deed::Supersede(true),
                    Deed::Supersede(true),
                ],
                "kept (1), set aside (2)",
            ),
            (vec![Deed::Verdict(None)], "verdict taken back · 1 article"),
            (
                // A with B, then B with C.
                vec![same(2), same(1), same(3), same(2)],
                "joined · 3 articles",
            ),
        ];
        for (deeds, words) in cases {
            assert_eq!(describe(&deeds), words);
        }
    }

    #[test]
    fn tags_that_cannot_be_shown_are_refused() {
        for wrong in [
            "",
            " x",
            "x\n",
            "a\tb",
            "a\u{1b}[2J",
            "a  b",
            "\u{202e}x",
            &"x".repeat(201),
        ] {
            assert!(check_tag(wrong).is_err(), "{wrong:?}");
        }
        for right in ["todo", "zu prüfen", "日本", "c++", "a:b"] {
            assert_eq!(check_tag(right), Ok(()), "{right:?}");
        }
    }
}
