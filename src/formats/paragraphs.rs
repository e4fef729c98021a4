//! Mends paragraphs that an extractor broke in the middle of a sentence.
//!
//! ```text
//! …any further information on the
//!
//! delivery, which came after…
//! ```
//!
//! Two neighbours are one paragraph when the first does not end a sentence and the second begins with a lower-case
//! letter. Short first parts are spared: they are verse, captions, headlines and signatures.

use crate::model::{Block, BlockKind};
use crate::text::clean;

use super::lines::ends_sentence;

/// Shorter than this, a paragraph without an end was meant that way.
const SHORTEST: usize = 50;

/// Joins the paragraphs that belong together; their block covers both and what lies between them.
pub fn mend(blocks: &mut Vec<Block>) {
    let mut mended: Vec<Block> = Vec::with_capacity(blocks.len());
    for block in blocks.drain(..) {
        match mended.last_mut() {
            Some(last) if is_broken(last, &block) => {
                last.text = clean::join(&last.text, &block.text);
                last.range.end = block.range.end;
            }
            _ => mended.push(block),
        }
    }
    *blocks = mended;
}

fn is_broken(first: &Block, second: &Block) -> bool {
    first.kind == BlockKind::Paragraph
        && second.kind == BlockKind::Paragraph
        && first.text.chars().count() >= SHORTEST
        && second.text.starts_with(char::is_lowercase)
        && stops_midway(&first.text)
}

/// Says whether a text stops where no writer stops: behind a word, a comma or a dash.
fn stops_midway(text: &str) -> bool {
    let last = text.chars().next_back();
    !ends_sentence(text)
        && last.is_some_and(|c| {
            c.is_alphanumeric()
                || matches!(
                    c,
                    ',' | '-' | '–' | '—' | '&' | '%' | ')' | '"' | '”' | '’' | '\'' | '»'
                )
        })
}

#[cfg(test)]
mod tests {
    use crate::formats::text;
    use crate::model::{Block, Metadata};

    fn blocks(text: &str) -> Vec<Block> {
        text::parse(text, Metadata::default()).blocks
    }

    const START: &str = "The ministry refused to provide any further information on the";

    #[test]
    fn a_broken_sentence_is_one_block() {
        let text = format!("{START}\n\ndelivery, which came after a call.\n\nNext.");
        let blocks = blocks(&text);
        assert_eq!(blocks.len(), 2);
        assert_eq!(
            &*blocks[0].text,
            format!("{START} delivery, which came after a call.")
        );
        assert_eq!(&text[blocks[0].range.clone()], &text[..text.len() - 7]);
        let at = blocks[0].text.find("delivery").unwrap();
        assert_eq!(
            blocks[0].text.map().to_source(at),
            text.find("delivery").unwrap()
        );
    }

    #[test]
    fn what_was_meant_stays() {
        for (first, second) in [
            (
                format!("{START} delivery."),
                "lower case begins this one.".to_owned(),
            ),
            (
                format!("{START} following:"),
                "a list without marks".to_owned(),
            ),
            (START.to_owned(), "Delivery came later.".to_owned()),
            ("A short caption".to_owned(), "of a picture.".to_owned()),
            (format!("# {START}"), "delivery of the heading".to_owned()),
            (format!("- {START}"), "delivery in a list".to_owned()),
            (START.to_owned(), "- delivery in a list".to_owned()),
        ] {
            let text = format!("{first}\n\n{second}");
            assert_eq!(blocks(&text).len(), 2, "{text:?}");
        }
    }
}
