//! Web pages to blocks: the main content, told from menus and footers by `dom_smoothie`, and what the page says about
//! itself.
//!
//! The text of the article is the extracted text, block by block; the page itself stays reachable as the original.
//! Extraction is a guess, so a page in which it finds nothing gives all of its text instead of none. Nothing is ever
//! fetched, and hidden elements are left out of view and search alike.

mod blocks;
mod depth;
mod head;
mod linked_data;
mod prune;
mod trim;

#[cfg(test)]
mod tests;

use std::collections::HashSet;

use dom_query::{Document, NodeRef};
use dom_smoothie::{Config, Readability};

use crate::model::{Block, BlockKind, Metadata};
use crate::text::clean;

use super::draft::Draft;
use super::{date, metadata, paragraphs};

pub use head::declared_encoding;

/// Deeper pages are refused: the parser needs time quadratic in the depth (20,000 nested elements: minutes).
const DEEPEST: usize = 512;

/// Words of a text that a page gives as that of its article, from which it is believed.
const EVIDENCE: usize = 60;
/// Words in a run when two texts are compared.
const RUN: usize = 4;

/// Finds the article in a page: its metadata and blocks, and the text that they point into.
pub fn parse(page: &str) -> Result<(Draft, String), String> {
    check(page)?;
    let config = Config {
        // The names that a page gives its parts tell which are not of the story.
        keep_classes: true,
        ..Config::default()
    };
    let mut readability =
        Readability::new(page, None, Some(config)).map_err(|error| error.to_string())?;
    let facts = head::read(&readability.doc);
    prune::prepare(readability.doc.root());
    let found = readability.parse().ok();
    let mut meta = facts.meta;
    let heading = facts.heading.filter(|heading| !heading.is_empty());
    let mut extracted = blocks::Extracted::default();
    if let Some(article) = found {
        complete(&mut meta, &article);
        extracted = story(Document::fragment(article.content).root());
    }
    if let Some(evidence) = &facts.body
        && let Some(better) = rescue(page, evidence, extracted.text())
    {
        extracted = better;
    }
    if extracted.is_bare() {
        let document = Document::from(page);
        blocks::walk(
            document.body().unwrap_or_else(|| document.root()),
            &mut extracted,
        );
    } else if let Some(heading) = heading {
        extracted.entitle(&heading);
    }
    let (mut draft, text) = extracted.finish(meta);
    drop_repeated_title(&mut draft.blocks);
    metadata::recognise(&mut draft);
    paragraphs::mend(&mut draft.blocks);
    if let Some(date) = facts.unclear.filter(|_| draft.meta.date.is_none()) {
        draft.note_date(&date);
    }
    Ok((draft, text))
}

/// Cuts a part of a page into blocks, all of it: what stands in a feed or in a record was extracted before.
pub fn fragment(part: &str, known: Metadata) -> Result<(Draft, String), String> {
    check(part)?;
    let document = Document::from(part);
    let mut extracted = blocks::Extracted::default();
    let root = document.body().unwrap_or_else(|| document.root());
    blocks::walk(root, &mut extracted);
    let (mut draft, text) = extracted.finish(known);
    metadata::recognise(&mut draft);
    paragraphs::mend(&mut draft.blocks);
    Ok((draft, text))
}

/// Refuses what would take the parser too long.
fn check(page: &str) -> Result<(), String> {
    match depth::exceeds(page, DEEPEST) {
        false => Ok(()),
        true => Err(format!(
            "a page nested deeper than {DEEPEST} elements, with thousands of attributes or with hundreds of elements left open, \
             is not read"
        )),
    }
}

/// The blocks below a node that holds an article.
fn story(root: NodeRef<'_>) -> blocks::Extracted {
    let mut extracted = blocks::Extracted::default();
    prune::prune(root);
    blocks::walk(root, &mut extracted);
    extracted.trim();
    extracted
}

/// The article that agrees with what the page says it is, when the one that was found does not.
fn rescue(page: &str, evidence: &str, found: &str) -> Option<blocks::Extracted> {
    let plain = if evidence.contains("</") {
        // The page hid it from the scan of its own.
        check(evidence).ok()?;
        let fragment = Document::fragment(evidence);
        let mut extracted = blocks::Extracted::default();
        blocks::walk(fragment.root(), &mut extracted);
        extracted.text().to_owned()
    } else {
        evidence.to_owned()
    };
    let wanted = runs(&plain);
    if wanted.len() < EVIDENCE || shared(&wanted, found) * 2 >= wanted.len() {
        return None;
    }
    let document = Document::from(page);
    let candidates = document.select("[itemprop~='articleBody'], article, main, [role='main']");
    let best = candidates
        .nodes()
        .iter()
        .take(20)
        .map(|node| story(*node))
        .map(|story| (shared(&wanted, story.text()), story))
        .filter(|(shared, story)| {
            shared * 2 >= wanted.len() && runs(story.text()).len() < wanted.len() * 2
        })
        .max_by_key(|(shared, _)| *shared);
    if let Some((_, story)) = best {
        return Some(story);
    }
    // The text stands only in the description: the page would have been built by its scripts.
    let mut extracted = blocks::Extracted::default();
    for line in plain.lines() {
        extracted.push(BlockKind::Paragraph, line, 0);
    }
    Some(extracted)
}

/// The runs of words of a text.
fn runs(text: &str) -> HashSet<Vec<&str>> {
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    words.windows(RUN).map(<[&str]>::to_vec).collect()
}

/// How many of some runs a text has.
fn shared(wanted: &HashSet<Vec<&str>>, text: &str) -> usize {
    runs(text)
        .iter()
        .filter(|run| wanted.contains(*run))
        .count()
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
