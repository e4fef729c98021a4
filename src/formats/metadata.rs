//! Title, byline, date and source where they stand in the text itself.
//!
//! News pages that were turned into text keep these lines above (and the source below) the story. They are recognised by
//! shape and place, never by shape alone: `By the river` in the middle of a story is prose.

mod words;

use crate::model::{Block, BlockKind, Date};
use crate::text::{Cleaner, clean};

use super::date::{self, Order, Reading};
use super::draft::Draft;
use super::front_matter::FrontMatter;
use super::inline;
use super::lines::ends_sentence;
use words::{AUTHOR_LABELS, BYLINES, DATE_LABELS, PARTICLES, TITLE_LABELS, URL_LABELS};

/// Lines above the story that are looked at.
const HEAD: usize = 8;
/// Lines below the story that are looked at.
const TAIL: usize = 3;
/// A longer line is prose.
const LONGEST: usize = 160;

/// What one line above or below a story is.
#[derive(Debug, PartialEq, Eq)]
enum Telling<'a> {
    Title(&'a str),
    Byline(&'a str, Option<Date>),
    Date(Date),
    /// A date that can mean several days.
    Unclear(&'a str),
    Url(&'a str),
    Site(&'a str),
}

/// Says whether a line of a plain text stands for itself: it tells something about the article.
pub fn is_line(line: &str) -> bool {
    line.len() <= LONGEST && read(line, None).is_some()
}

/// Takes over what a front matter says, with a block for each line that a reader wants to see.
pub fn from_front_matter(draft: &mut Draft, text: &str, front: &FrontMatter) {
    let lang = front
        .entries
        .iter()
        .find(|entry| matches!(&*entry.key, "lang" | "language"));
    let order = lang
        .and_then(|entry| Order::of_language(&entry.value))
        .or_else(|| order(draft));
    for entry in &front.entries {
        let value = clean(&entry.value);
        if value.is_empty() {
            continue;
        }
        let kind = match &*entry.key {
            "title" | "headline" => {
                draft.meta.title.get_or_insert(value);
                BlockKind::Title
            }
            "author" | "authors" | "by" | "byline" => {
                draft.meta.byline.get_or_insert(value);
                BlockKind::Byline
            }
            "date" | "published" | "publish_date" | "pubdate" | "created" => {
                match date::read(&value, order) {
                    Reading::Date(date) => draft.meta.date = draft.meta.date.or(Some(date)),
                    Reading::Ambiguous if draft.meta.date.is_none() => draft.note_date(&value),
                    _ => {}
                }
                BlockKind::Date
            }
            "url" | "link" | "canonical" | "canonical_url" | "source" | "source_url"
            | "original_url"
                if is_url(&value) =>
            {
                draft.meta.url.get_or_insert(value);
                BlockKind::Source
            }
            "site" | "sitename" | "publisher" | "source" => {
                draft.meta.site.get_or_insert(value);
                continue;
            }
            "lang" | "language" => {
                draft.meta.lang.get_or_insert(value);
                continue;
            }
            _ => continue,
        };
        if !draft.blocks.iter().any(|block| block.kind == kind) {
            let mut cleaner = Cleaner::prose(text);
            for (index, piece) in entry.pieces.iter().enumerate() {
                if index > 0 {
                    cleaner.replace(entry.pieces[index - 1].end..piece.start, ", ");
                }
                inline::push(&mut cleaner, text, piece.clone());
            }
            draft.push(kind, entry.range.clone(), cleaner.finish());
        }
    }
}

/// Finds title, byline, date and source among the blocks and gives them their kinds.
pub fn recognise(draft: &mut Draft) {
    let head = draft
        .blocks
        .iter()
        .take(HEAD)
        .take_while(|block| is_headline(block))
        .count();
    for index in 0..head {
        apply(draft, index, true);
    }
    name_title(draft, head);
    for index in draft.blocks.len().saturating_sub(TAIL).max(head)..draft.blocks.len() {
        apply(draft, index, false);
    }
}

/// Says whether a block may stand above a story.
fn is_headline(block: &Block) -> bool {
    match block.kind {
        BlockKind::Paragraph => block.text.chars().count() <= LONGEST,
        // "1. April 2020" looks like an item.
        BlockKind::Item => date::parse(&block.text).is_some(),
        BlockKind::Quote | BlockKind::Code => false,
        _ => true,
    }
}

/// Gives one block its kind, if it tells something. Below the story only sources do.
fn apply(draft: &mut Draft, index: usize, above: bool) {
    let order = order(draft);
    let Draft { meta, blocks, .. } = draft;
    let block = &mut blocks[index];
    if block.kind != BlockKind::Paragraph && !(above && block.kind == BlockKind::Item) {
        return;
    }
    let text = block.text.clone();
    let telling = match above {
        true => read(&text, order),
        // What else a line may tell counts above only.
        false => labelled(text.trim(), order),
    };
    match telling {
        Some(Telling::Url(url)) => {
            meta.url.get_or_insert_with(|| clean(url));
            block.kind = BlockKind::Source;
        }
        Some(Telling::Site(site)) if above || text.len() <= 60 => {
            meta.site.get_or_insert_with(|| clean(site));
            block.kind = BlockKind::Source;
        }
        Some(Telling::Title(title)) if above => {
            meta.title.get_or_insert_with(|| clean(title));
            block.kind = BlockKind::Title;
        }
        Some(Telling::Byline(name, when)) if above => {
            meta.byline.get_or_insert_with(|| clean(name));
            meta.date = meta.date.or(when);
            block.kind = BlockKind::Byline;
        }
        Some(Telling::Date(when)) if above => {
            meta.date.get_or_insert(when);
            block.kind = BlockKind::Date;
        }
        Some(Telling::Unclear(unclear)) if above && meta.date.is_none() => {
            draft.note_date(unclear);
        }
        _ => {}
    }
}

/// The title is the first heading of the head; or, above a byline or a date, the first line that is no sentence.
fn name_title(draft: &mut Draft, head: usize) {
    let Draft { meta, blocks, .. } = draft;
    let title = meta.title.clone();
    if blocks.iter().any(|block| block.kind == BlockKind::Title) && title.is_some() {
        return;
    }
    let tells = |block: &Block| matches!(block.kind, BlockKind::Byline | BlockKind::Date);
    let heads = &mut blocks[..head];
    let last_telling = heads.iter().rposition(tells);
    let found = heads
        .iter()
        .position(|block| matches!(block.kind, BlockKind::Heading(_)))
        .or_else(|| {
            let at = heads
                .iter()
                .position(|block| block.kind == BlockKind::Paragraph)?;
            let same = title
                .as_ref()
                .is_some_and(|title| **title == *heads[at].text);
            (same || is_title(&heads[at].text) && last_telling.is_some_and(|telling| at < telling))
                .then_some(at)
        });
    let Some(block) = found.map(|index| &mut heads[index]) else {
        return;
    };
    match title {
        None => meta.title = Some(clean(&block.text)),
        Some(title) if *title == *block.text => {}
        Some(_) => return,
    }
    block.kind = BlockKind::Title;
}

/// Says whether a line above a byline or a date can be a title: no sentence, no clock time, no name of an agency.
fn is_title(line: &str) -> bool {
    let letters = line.chars().filter(|c| c.is_alphabetic()).count();
    let wide = line.chars().any(|c| c > '\u{2e80}');
    !ends_sentence(line)
        && (wide && letters >= 4 || line.split_whitespace().count() >= 2)
        && letters * 2 > line.chars().filter(|c| !c.is_whitespace()).count()
}

/// Reads one line.
fn read(line: &str, order: Option<Order>) -> Option<Telling<'_>> {
    let line = line.trim();
    labelled(line, order)
        .or_else(|| byline(line, order))
        .or_else(|| dated(line, order))
}

/// A date alone.
fn dated(text: &str, order: Option<Order>) -> Option<Telling<'_>> {
    match date::read(text, order) {
        Reading::Date(date) => Some(Telling::Date(date)),
        Reading::Ambiguous => Some(Telling::Unclear(text)),
        Reading::None => None,
    }
}

/// What the language of a text says about the order of its dates.
fn order(draft: &Draft) -> Option<Order> {
    Order::of_language(draft.meta.lang.as_deref()?)
}

/// `Original url: https://…`, `Source: AFP`, `Published: 1 April 2020`, `Title: …`.
fn labelled(line: &str, order: Option<Order>) -> Option<Telling<'_>> {
    let (label, value) = line.split_once([':', '：'])?;
    let (label, value) = (label.trim().to_lowercase(), value.trim());
    let is = |labels: &[&str]| labels.contains(&&*label);
    if value.is_empty() || label.len() > 40 {
        return None;
    }
    if is(&URL_LABELS) {
        let url = value
            .split_whitespace()
            .next()
            .unwrap_or_default()
            .trim_matches(['<', '>']);
        if is_url(url) {
            return Some(Telling::Url(url));
        }
        let names = ["source", "quelle", "fuente", "来源", "出典"];
        return (names.contains(&&*label) && is_name(value)).then_some(Telling::Site(value));
    }
    if is(&DATE_LABELS) {
        return dated(value, order);
    }
    if is(&AUTHOR_LABELS) {
        return is_name(value).then_some(Telling::Byline(value, None));
    }
    (is(&TITLE_LABELS) && !ends_sentence(value)).then_some(Telling::Title(value))
}

/// `By AFP`, `By Jane Roe and John Doe | 1 April 2020`.
fn byline(line: &str, order: Option<Order>) -> Option<Telling<'_>> {
    let rest = BYLINES
        .iter()
        .find_map(|by| {
            line.strip_prefix(by)?
                .strip_prefix([' ', ':', '：', '/', '／', '\u{a0}'])
        })
        .map(str::trim)
        .or_else(|| signed(line, order))?;
    let (name, rest) = match [
        " | ", " · ", " • ", " – ", " — ", " - ", " on ", " am ", " le ", ", ",
    ]
    .iter()
    .find_map(|cut| rest.split_once(cut))
    {
        Some((name, tail)) if date::read(tail, order) != Reading::None => {
            match date::read(tail, order) {
                Reading::Date(date) => (name, Some(date)),
                _ => (name, None),
            }
        }
        _ => (rest, None),
    };
    is_name(name).then_some(Telling::Byline(name.trim(), rest))
}

/// `Jane Roe | 1 April 2020`: a name needs no `By` in front of a date.
fn signed(line: &str, order: Option<Order>) -> Option<&str> {
    // Most lines that are asked have none of these.
    if !line.bytes().any(|byte| byte == b'|' || !byte.is_ascii()) {
        return None;
    }
    [" | ", " · ", " • ", " – ", " — "].iter().find_map(|cut| {
        let (name, when) = line.split_once(cut)?;
        let is_person = (2..=4).contains(&name.split_whitespace().count()) && is_name(name);
        (is_person && date::read(when, order) != Reading::None).then_some(line)
    })
}

/// Says whether a text looks like the name of people or of an agency.
fn is_name(text: &str) -> bool {
    let mut words = text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '/'))
        .filter(|word| !word.is_empty());
    let shaped = |word: &str| {
        PARTICLES.contains(&word)
            || word.starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase())
    };
    text.chars().count() <= 80
        && !text.contains(|c: char| {
            c.is_ascii_digit() || matches!(c, '!' | '?' | ';' | ':' | '"' | '“')
        })
        && (!ends_sentence(text) || text.ends_with("Jr."))
        && words.clone().count() <= 12
        && words
            .clone()
            .next()
            .is_some_and(|word| !PARTICLES.contains(&word) || word == "the")
        && words.all(shaped)
}

fn is_url(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}
