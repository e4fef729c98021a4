//! What a typed tag does to the review log.

use crate::store::types::Deed;

/// What a typed tag asks for: `name` puts it on, `-name` takes it off; nothing typed asks for nothing.
pub fn tag_deed(typed: &str) -> Option<Deed> {
    let typed = typed.trim();
    let (typed, off) = typed
        .strip_prefix('-')
        .map_or((typed, false), |rest| (rest.trim(), true));
    let name = typed
        .trim_start_matches('#')
        .split_whitespace()
        .collect::<Vec<_>>()
        .join("-");
    (!name.is_empty()).then_some(if off {
        Deed::Untag(name)
    } else {
        Deed::Tag(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_tag_is_one_word() {
        let tag = |name: &str| Some(Deed::Tag(name.to_owned()));
        for (typed, deed) in [
            ("todo", tag("todo")),
            ("  #to check ", tag("to-check")),
            ("-todo", Some(Deed::Untag("todo".to_owned()))),
            (" ", None),
            ("-", None),
        ] {
            assert_eq!(tag_deed(typed), deed, "{typed:?}");
        }
    }
}
