//! The name of an article: a hash over what stood in its source.
//!
//! Title and body are hashed as the source has them, decoded to UTF-8 but before any cleaning or extraction. Hashing
//! the cleaned text was rejected: the next, better cleaner would give every article a new name and orphan every
//! decision in the review log. The price is that the same article with other line ends is another article; grouping
//! finds the two.
//!
//! | input | title | body |
//! |---|---|---|
//! | txt, md | empty | the whole text without a byte order mark |
//! | html | empty | the whole page without a byte order mark |
//! | JSON record | the title field's string | the body field's string |

use crate::model::ArticleId;

/// Separates these hashes from all others; a change here renames every article ever decided on.
const CONTEXT: &str = "recto 2026-11-22 article identity v1";

/// Names the article with this title and body.
pub fn article_id(title: &str, body: &str) -> ArticleId {
    let mut hasher = blake3::Hasher::new_derive_key(CONTEXT);
    for field in [title, body] {
        // The length in front keeps ("ab", "c") and ("a", "bc") apart.
        hasher.update(&(field.len() as u64).to_le_bytes());
        hasher.update(field.as_bytes());
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    ArticleId::from_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// These values are a promise: review logs hold them.
    #[test]
    fn names_never_change() {
        for (title, body, name) in [
            ("", "", "8711c4e57ecb32caaf44abf7219233e2"),
            (
                "",
                "A plane has departed.",
                "4d9aa023c05281d448495376381c172f",
            ),
            (
                "Plane departs",
                "A plane has departed.",
                "f8d73d8fdecf32958e2575704efaced9",
            ),
        ] {
            assert_eq!(
                article_id(title, body).to_string(),
                name,
                "{title:?}, {body:?}"
            );
        }
    }

    #[test]
    fn fields_do_not_run_into_each_other() {
        assert_ne!(article_id("ab", "c"), article_id("a", "bc"));
        assert_ne!(article_id("", "x"), article_id("x", ""));
    }
}
