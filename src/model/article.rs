//! Articles and where they were read.

use serde::Serialize;

use super::{ArticleId, Block, BlockKind, Clean, Date};

/// One parsed text as loaded: metadata and blocks. Immutable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    /// Hash of title and body as they stood in the source.
    pub id: ArticleId,
    /// What is known about it.
    pub meta: Metadata,
    /// The text that the blocks' ranges point into.
    pub text: String,
    /// What `text` is, which is also what the offsets of a comparison count.
    pub basis: Basis,
    /// The parts, in reading order; their ranges ascend and do not overlap.
    pub blocks: Vec<Block>,
    /// What was read, where `text` was extracted from it (the HTML of a page).
    pub original: Option<String>,
}

impl Article {
    /// Blocks of the body, without title, byline, date and source line.
    pub fn body(&self) -> impl Iterator<Item = &Block> + Clone {
        self.blocks.iter().filter(|block| !block.kind.is_metadata())
    }

    /// The text as it was read, before any extraction. Not safe for a terminal.
    pub fn raw(&self) -> &str {
        self.original.as_deref().unwrap_or(&self.text)
    }

    /// Number of words of the body: runs between white space.
    pub fn words(&self) -> usize {
        self.body().map(|block| runs(&block.text)).sum()
    }

    /// What stands in lists: the title, else the first heading, else the first sentence. Never the file name.
    pub fn shown_title(&self) -> &str {
        // A lone star or rule, as menus leave them behind, names nothing.
        let says = |text: &Clean| text.contains(char::is_alphanumeric);
        let title = self.meta.title.as_ref();
        if let Some(title) = title.filter(|title| says(title)) {
            return title;
        }
        let is_heading =
            |block: &&Block| matches!(block.kind, BlockKind::Title | BlockKind::Heading(_));
        let mut headings = self.blocks.iter().filter(is_heading);
        if let Some(heading) = headings.find(|block| says(&block.text)) {
            return &heading.text;
        }
        if let Some(block) = self.body().find(|block| says(&block.text)) {
            return first_sentence(&block.text);
        }
        let texts = title
            .into_iter()
            .chain(self.body().map(|block| &block.text));
        let mut texts = texts.filter(|text| !text.trim().is_empty());
        texts.next().map_or("(empty article)", |text| text)
    }
}

/// The text up to the first full stop, question or exclamation mark that ends a sentence.
fn first_sentence(text: &str) -> &str {
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let ends = match character {
            '。' | '！' | '？' => true,
            '.' | '!' | '?' => {
                characters
                    .peek()
                    .is_none_or(|(_, next)| next.is_whitespace())
                    && at > 20
            }
            _ => false,
        };
        if ends {
            return text.get(..at + character.len_utf8()).unwrap_or(text);
        }
    }
    text
}

/// What the offsets into [`Article::text`] count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// Bytes of the file (valid UTF-8 txt and md; the byte order mark counts).
    File,
    /// Bytes of the text decoded to UTF-8, or of the record's body field.
    Decoded,
    /// Bytes of the text extracted from another format.
    Extracted,
}

/// What is known about an article besides its text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Metadata {
    /// The title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Clean>,
    /// Who wrote it, without "By".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub byline: Option<Clean>,
    /// When it was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// Where it was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<Clean>,
    /// The name of the site, where the source says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<Clean>,
    /// The language, as a BCP 47 tag, where the source says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<Clean>,
}

impl Metadata {
    /// The host of the URL without `www.`, else the name of the site.
    pub fn site_name(&self) -> Option<&str> {
        self.url.as_deref().and_then(host).or(self.site.as_deref())
    }
}

/// Runs between white space, which every article of a collection is counted by.
fn runs(text: &str) -> usize {
    // What is no ASCII is hardly ever white space: only characters that begin like it are looked at.
    let bytes = text.as_bytes();
    if bytes.contains(&0xE1) {
        return text.split_whitespace().count();
    }
    let (mut all, mut start) = (0, 0);
    for at in memchr::memchr3_iter(0xC2, 0xE2, 0xE3, bytes) {
        let wide = text[at..].chars().next();
        if let Some(wide) = wide.filter(|it| it.is_whitespace()) {
            all += runs_of_ascii(&bytes[start..at]);
            start = at + wide.len_utf8();
        }
    }
    all + runs_of_ascii(&bytes[start..])
}

/// The same where only ASCII is white space, many bytes at a time.
fn runs_of_ascii(bytes: &[u8]) -> usize {
    let blank = |byte: u8| (byte.wrapping_sub(b'\t') < 5) | (byte == b' ');
    let ends = |(this, next): (&u8, &u8)| u8::from(!blank(*this) & blank(*next));
    let behind = bytes.get(1..).unwrap_or_default();
    // As many as a byte can count: nothing overflows, and looking whether it does would take longer than counting.
    let pieces = bytes.chunks(255).zip(behind.chunks(255));
    let count = |all: u8, end| all.wrapping_add(end);
    let counts = pieces.map(|(these, next)| these.iter().zip(next).map(ends).fold(0, count));
    let last = bytes.last().is_some_and(|last| !blank(*last));
    counts.map(usize::from).sum::<usize>() + usize::from(last)
}

/// The host of an address without `www.`.
pub fn host(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let host = host.strip_prefix("www.").unwrap_or(host);
    Some(host).filter(|host| !host.is_empty())
}

/// Where an article was read: a file, and a record in it. One article may have several (exact copies), each with its own metadata.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// The path as the user would write it (may hold bytes that are not UTF-8, so this is not text for the screen).
    pub path: std::path::PathBuf,
    /// The number of the record in the file, from 1; none where the file is the record.
    pub record: Option<u64>,
    /// The record's own id, where it has one.
    pub record_id: Option<String>,
    /// Where the record begins, in bytes of the input (after decompression), in formats of one record a line.
    pub offset: Option<u64>,
    /// The day on which its file had been written when it was read, where that is known: when it came into the library.
    pub added: Option<Date>,
    /// The name of the format: `txt`, `md`, `html`, `json`, `jsonl`, `csv`, `rss`, `warc` and so on.
    pub format: &'static str,
    /// What this record says about the article.
    pub meta: Metadata,
    /// The whole record as a JSON object, so that fields we do not know come back on export: byte for byte as it was
    /// read from JSON, and its columns, elements or headers from other formats. None where the file is the text.
    pub fields: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::runs;

    #[test]
    fn runs_are_counted_as_the_standard_library_cuts_them() {
        for text in [
            "",
            " ",
            "a",
            " a",
            "a ",
            "a b",
            "a  b\tc\n",
            "\u{b}a\u{c}b\r",
            "é b",
            "a\u{a0}b",
            "\u{a0}é\u{2003}“b” c\u{1680}d\u{3000}\u{3000}日本\u{85}…",
            "â€ Âb\u{2028}\u{205f} ",
            "a\u{1f}b",
        ] {
            assert_eq!(runs(text), text.split_whitespace().count(), "{text:?}");
        }
    }
}
