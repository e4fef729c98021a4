//! Web pages to blocks: the main content, told from menus and footers by `dom_smoothie`, and what the page says about
//! itself.
//!
//! The text of the article is the extracted text, block by block; the page itself stays reachable as the original.
//! Extraction is a guess, so a page in which it finds nothing gives all of its text instead of none. Nothing is ever
//! fetched, and hidden elements are left out of view and search alike.

mod blocks;
mod depth;
mod head;
mod prune;
mod trim;

use dom_query::Document;
use dom_smoothie::{Config, Readability};

use crate::model::{Block, BlockKind, Metadata};
use crate::text::clean;

use super::draft::Draft;
use super::{date, metadata, paragraphs};

pub use head::declared_encoding;

/// Deeper pages are refused: the parser needs time quadratic in the depth (20,000 nested elements: minutes).
const DEEPEST: usize = 512;

/// Finds the article in a page: its metadata and blocks, and the text that they point into.
pub fn parse(page: &str) -> Result<(Draft, String), String> {
    if depth::exceeds(page, DEEPEST) {
        return Err(format!(
            "a page nested deeper than {DEEPEST} elements, or with thousands of attributes, is not read"
        ));
    }
    let config = Config {
        keep_classes: true,
        ..Config::default()
    };
    let mut readability =
        Readability::new(page, None, Some(config)).map_err(|error| error.to_string())?;
    let facts = head::read(&readability.doc);
    prune::protect_headings(readability.doc.root());
    let found = readability.parse().ok();
    let mut meta = facts.meta;
    let mut extracted = blocks::Extracted::default();
    let heading = facts
        .heading
        .as_deref()
        .filter(|heading| !heading.is_empty());
    if let Some(article) = found {
        complete(&mut meta, &article);
        if let Some(heading) = heading {
            extracted.push(BlockKind::Title, heading, 0);
        }
        let fragment = Document::fragment(article.content);
        prune::prune(fragment.root());
        blocks::walk(fragment.root(), &mut extracted);
        extracted.trim();
    }
    if extracted.is_bare() {
        extracted = blocks::Extracted::default();
        let document = Document::from(page);
        blocks::walk(
            document.body().unwrap_or_else(|| document.root()),
            &mut extracted,
        );
    }
    let (mut draft, text) = extracted.finish(meta);
    drop_repeated_title(&mut draft.blocks);
    metadata::recognise(&mut draft);
    paragraphs::mend(&mut draft.blocks);
    Ok((draft, text))
}

/// What the page itself does not say in so many words, the extractor may have found.
fn complete(meta: &mut Metadata, article: &dom_smoothie::Article) {
    let words = |text: Option<&str>| text.map(clean).filter(|text| !text.is_empty());
    meta.title = words(Some(&article.title)).or(meta.title.take());
    let byline = article.byline.as_deref().map(|name| {
        name.trim()
            .trim_start_matches("By ")
            .trim_start_matches("by ")
    });
    meta.byline = words(byline).or(meta.byline.take());
    meta.site = meta
        .site
        .take()
        .or_else(|| words(article.site_name.as_deref()));
    meta.lang = meta.lang.take().or_else(|| words(article.lang.as_deref()));
    meta.date = article
        .published_time
        .as_deref()
        .and_then(date::parse)
        .or(meta.date);
}

/// Below the title, a heading that repeats it says nothing.
fn drop_repeated_title(blocks: &mut Vec<Block>) {
    let repeats = |block: &Block| {
        matches!(block.kind, BlockKind::Heading(_))
            && block.text.to_lowercase() == blocks[0].text.to_lowercase()
    };
    if blocks
        .first()
        .is_some_and(|block| block.kind == BlockKind::Title)
        && let Some(index) = blocks.iter().take(5).position(repeats)
    {
        blocks.remove(index);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Date;

    fn blocks(page: &str) -> Vec<String> {
        let (draft, text) = parse(page).unwrap();
        draft
            .blocks
            .iter()
            .map(|block| {
                assert!(text.get(block.range.clone()).is_some());
                format!("{:?}: {}", block.kind, &*block.text)
            })
            .collect()
    }

    const SENTENCE: &str = "The harbour authority in Port Ellery said on Tuesday that 41 fishing boats had been moved \
        inland ahead of the storm, which forecasters expect to reach the coast before midnight, or a little later. ";

    #[test]
    fn an_article_is_found_among_the_clutter() {
        let page = format!(
            "<!DOCTYPE html><html lang=de><head><title>Boats Moved Inland Before the Storm | The Echo</title>
            <link rel=canonical href='https://echo.example/boats'><meta property='og:site_name' content='The Echo'>
            <meta property='article:published_time' content='2026-04-24T17:05:00+02:00'><meta name=author content='By Ann Lee'>
            </head><body><nav><ul><li><a href=/>Home</a><li><a href=/news>News</a></ul></nav>
            <article><h1>Boats Moved Inland Before the Storm</h1>
            <p>{SENTENCE}</p><h2>Why now</h2><p>{SENTENCE}<b>Bold</b> &amp; bright.</p><blockquote><p>{SENTENCE}</p></blockquote>
            <ol start=3><li>{SENTENCE}</li><li><p>{SENTENCE}</p></li></ol>
            <pre>a\n  b</pre><p hidden>unseen</p></article>
            <footer>Imprint</footer></body></html>"
        );
        let sentence = SENTENCE.trim();
        assert_eq!(
            blocks(&page),
            [
                "Title: Boats Moved Inland Before the Storm".to_owned(),
                format!("Paragraph: {sentence}"),
                "Heading(2): Why now".to_owned(),
                format!("Paragraph: {sentence} Bold & bright."),
                format!("Quote: {sentence}"),
                format!("Item: 3. {sentence}"),
                format!("Item: 4. {sentence}"),
                "Code: a\n  b".to_owned(),
            ]
        );
        let meta = parse(&page).unwrap().0.meta;
        assert_eq!(
            meta.title.as_deref(),
            Some("Boats Moved Inland Before the Storm")
        );
        assert_eq!(meta.byline.as_deref(), Some("Ann Lee"));
        assert_eq!(meta.date, Date::new(2026, 4, 24));
        assert_eq!(meta.url.as_deref(), Some("https://echo.example/boats"));
        assert_eq!(
            (meta.site.as_deref(), meta.lang.as_deref()),
            (Some("The Echo"), Some("de"))
        );
    }

    #[test]
    fn a_page_without_an_article_gives_all_its_text() {
        assert_eq!(
            blocks("<table><tr><th>Town<th>Price<tr><td>Oxenholt<td>18.20</table>"),
            ["Paragraph: Town | Price", "Paragraph: Oxenholt | 18.20"]
        );
        assert_eq!(
            blocks("<p>One.<p>Two.<script>x()</script>"),
            ["Paragraph: One.", "Paragraph: Two."]
        );
        assert_eq!(blocks(""), Vec::<String>::new());
        assert_eq!(
            blocks("<p>&#27;]0;x&#7; &#x202e;y</p>"),
            ["Paragraph: ␛]0;x␇ y"]
        );
    }

    #[test]
    fn a_page_that_is_too_deep_is_refused() {
        assert!(parse(&"<div>".repeat(600)).is_err());
    }
}
