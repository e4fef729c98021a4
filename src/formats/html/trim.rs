//! What stands above and below a story in its own container: crumbs, share lines, lists of other stories, notices.
//!
//! These carry no class that tells them, so they are told by place, by how much of them is a link, and, in a few
//! languages, by their words. Only what is short goes, and only up to the first and behind the last paragraph of prose.

use crate::formats::lines::ends_sentence;
use crate::formats::{date, metadata};
use crate::model::BlockKind;

use super::blocks::Part;

/// Characters from which a paragraph without links is prose. Half as many in scripts that need few.
const PROSE: usize = 90;
/// The longest that a line of furniture is, in characters.
const LONGEST: usize = 200;

/// Words besides the date in a line that says when a story was put there.
const OTHER_WORDS: usize = 5;

/// Lines that are furniture wherever they stand.
const FURNITURE: [&str; 64] = [
    "advertisement",
    "advertisements",
    "advertising",
    "ad",
    "anzeige",
    "werbung",
    "publicité",
    "publicidad",
    "pubblicità",
    "publicidade",
    "advertentie",
    "reklama",
    "реклама",
    "广告",
    "広告",
    "광고",
    "story continues below advertisement",
    "article continues below advertisement",
    "article continues after advertisement",
    "continue reading",
    "continue reading the main story",
    "read more",
    "read full story",
    "keep reading",
    "weiterlesen",
    "lire la suite",
    "leer más",
    "читать далее",
    "share",
    "share this",
    "share this article",
    "share this story",
    "share on facebook",
    "share on twitter",
    "teilen",
    "partager",
    "compartir",
    "condividi",
    "поделиться",
    "tweet",
    "facebook",
    "twitter",
    "whatsapp",
    "linkedin",
    "pinterest",
    "reddit",
    "email",
    "e-mail",
    "print",
    "drucken",
    "imprimer",
    "imprimir",
    "save",
    "copy link",
    "link copied",
    "comments",
    "comment",
    "leave a comment",
    "loading",
    "skip advertisement",
    "play video",
    "watch",
    "listen",
    "next page",
];

/// Lines behind which other stories or notices stand, as what they begin with.
const OPENERS: [&str; 49] = [
    "related",
    "recommended",
    "more from",
    "more on this",
    "more news",
    "more stories",
    "more:",
    "most read",
    "most popular",
    "read more",
    "read also",
    "read next",
    "also read",
    "see also:",
    "see more",
    "further reading",
    "you may also like",
    "you might also like",
    "what to read next",
    "don't miss",
    "trending",
    "the latest on",
    "latest news",
    "editor's picks",
    "top stories",
    "follow us",
    "sign up",
    "subscribe",
    "get the",
    "about the author",
    "filed under",
    "tags:",
    "topics:",
    "mehr zum thema",
    "lesen sie auch",
    "auch interessant",
    "à lire aussi",
    "a lire aussi",
    "lire aussi",
    "sur le même sujet",
    "lea también",
    "le puede interesar",
    "leggi anche",
    "leia também",
    "lees ook",
    "читайте также",
    "相关阅读",
    "相关新闻",
    "関連記事",
];

/// Lines about the page itself, as what they begin with; they end a story like the ones above, but are no heads of lists.
const NOTICES: [&str; 20] = [
    "©",
    "copyright",
    "(c)",
    "all rights reserved",
    "follow ",
    "like us on",
    "join the conversation",
    "click here to",
    "download our",
    "download the app",
    "questions? comments?",
    "\"questions? comments?",
    "have a tip",
    "got a tip",
    "特别声明",
    "免责声明",
    "notice:",
    "contact us",
    "report a correction",
    "found a typo",
];

/// Takes the furniture away.
pub fn trim(parts: &mut Vec<Part>, text: &str) {
    parts.retain(|part| !is_furniture(part, line(part, text)));
    let prose = |part: &Part| is_prose(part, line(part, text));
    let Some(last) = parts.iter().rposition(prose) else {
        return;
    };
    let first = parts.iter().position(prose).unwrap_or(0);
    // A head that parts the story from others: what is behind it goes if most of it is links or short.
    let all: usize = parts.iter().map(|part| part.range.len()).sum();
    let told: usize = parts
        .iter()
        .filter(|part| prose(part))
        .map(|part| part.range.len())
        .sum();
    let (mut all_before, mut told_before) = (0, 0);
    let mut end = parts.len();
    for (index, part) in parts.iter().enumerate() {
        let length = part.range.len();
        all_before += length;
        told_before += if prose(part) { length } else { 0 };
        let words = || line(part, text).to_lowercase();
        if index > first
            && part.kind != BlockKind::Title
            && length <= 180
            && OPENERS.iter().any(|opener| words().starts_with(opener))
            && !ends_tale(&words())
            && (told - told_before) * 2 <= all - all_before
            && all - all_before + length <= all_before
        {
            end = index;
            break;
        }
    }
    parts.truncate(end);
    while parts.len() > first + 1
        && parts.len() > last.min(end) / 2
        && parts
            .last()
            .is_some_and(|part| is_end_matter(part, line(part, text)))
    {
        parts.pop();
    }
    let mut index = 0;
    parts.retain(|part| {
        index += 1;
        index > first || !(is_crumb(part) || is_stamp(part, line(part, text)))
    });
}

fn line<'a>(part: &Part, text: &'a str) -> &'a str {
    text[part.range.clone()].trim()
}

/// A paragraph or quotation of some length that is not mostly links.
fn is_prose(part: &Part, line: &str) -> bool {
    let weight: usize = line.chars().map(|c| 1 + usize::from(c > '\u{2e80}')).sum();
    matches!(
        part.kind,
        BlockKind::Paragraph | BlockKind::Quote | BlockKind::Item | BlockKind::Code
    ) && weight >= PROSE
        && part.linked * 2 < line.chars().count()
}

/// Says whether a line is furniture wherever it stands: its words say so, or it only points at another story.
fn is_furniture(part: &Part, line: &str) -> bool {
    if part.kind == BlockKind::Title || line.chars().count() > LONGEST {
        return false;
    }
    let words = line
        .trim_matches(|c: char| !c.is_alphanumeric())
        .to_lowercase();
    FURNITURE.contains(&&*words) || points_elsewhere(part, line)
}

/// `READ MORE: Boats moved inland`: a short label and a link that is all the rest.
fn points_elsewhere(part: &Part, line: &str) -> bool {
    let Some((label, rest)) = line.split_once([':', '：']) else {
        return false;
    };
    let plain = line.chars().filter(|c| !c.is_whitespace()).count();
    let label_length = label.chars().filter(|c| !c.is_whitespace()).count();
    part.kind == BlockKind::Paragraph
        && label_length <= 24
        && rest.split_whitespace().count() >= 3
        && part.linked + label_length + 2 >= plain
        && part.linked > label_length
}

/// Says whether a line behind the story is not of it.
fn is_end_matter(part: &Part, line: &str) -> bool {
    let length = line.chars().filter(|c| !c.is_whitespace()).count();
    let words = line.to_lowercase();
    match part.kind {
        BlockKind::Title => false,
        // Nothing stands behind it.
        BlockKind::Heading(_) => true,
        _ => {
            length <= LONGEST
                && (part.linked * 10 > length * 7
                    || NOTICES.iter().any(|notice| words.starts_with(notice))
                    || length <= 60 && OPENERS.iter().any(|opener| words.starts_with(opener)))
        }
    }
}

/// A line above the story that is mostly links: crumbs, sections, tags.
fn is_crumb(part: &Part) -> bool {
    part.kind != BlockKind::Title && part.linked > 0 && part.linked * 10 > part.range.len() * 6
}

/// A line above the story that says when it was put there, and by whom or where: a date and little else.
fn is_stamp(part: &Part, line: &str) -> bool {
    let words: Vec<&str> = line
        .split(|c: char| c.is_whitespace() || matches!(c, '|' | '·' | '•'))
        .filter(|word| !word.is_empty())
        .collect();
    part.kind == BlockKind::Paragraph
        && words.len() <= 12
        && !ends_sentence(line)
        && !metadata::is_line(line)
        && (1..=words.len().min(5)).rev().any(|length| {
            words.len() - length <= OTHER_WORDS
                && words
                    .windows(length)
                    .any(|window| date::parse(&window.join(" ")).is_some())
        })
}

/// A sentence is no head.
fn ends_tale(words: &str) -> bool {
    words.ends_with(['.', '!', '”', '"', '。'])
}
