//! Markdown to blocks, by the events of `pulldown-cmark` and the offsets it gives with them.
//!
//! Only prose reaches the clean text: marks, link targets, raw HTML and the info strings of fences are left out, and
//! each piece keeps the way back to its bytes. The number of an ordered item stays, because it says which item it is.
//! Smart punctuation is off: a quote must be compared as it stands in the file.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::model::{BlockKind, Metadata};
use crate::text::Cleaner;

use super::draft::Draft;
use super::{front_matter, inline, metadata, paragraphs};

/// Containers that are followed into; what lies deeper is read as one paragraph.
const DEEPEST: usize = 512;

/// Says whether a text that does not claim to be Markdown is full of it: fences, or headings together with links.
pub fn is_likely(text: &str) -> bool {
    let (mut fences, mut headings) = (0, false);
    for line in text.lines() {
        let hashes = line.bytes().take_while(|&byte| byte == b'#').count();
        fences += usize::from(line.starts_with("```"));
        headings |= (1..=6).contains(&hashes) && line[hashes..].starts_with(' ');
    }
    let links = || {
        let refers = |line: &str| line.starts_with('[') && line.contains("]: http");
        text.starts_with("---\n") || text.contains("](http") || text.lines().any(refers)
    };
    fences >= 2 || headings && links()
}

/// Reads a Markdown text. What `known` says of it already holds.
pub fn parse(text: &str, known: Metadata) -> Draft {
    let front = front_matter::read(text);
    let mut draft = Draft {
        meta: known,
        ..Draft::default()
    };
    metadata::from_front_matter(&mut draft, text, &front);
    let start = front
        .end
        .max(text.len() - text.trim_start_matches('\u{feff}').len());
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES;
    let mut builder = Builder {
        text,
        draft,
        leaf: None,
        containers: Vec::new(),
        skipped: 0,
    };
    for (event, range) in Parser::new_ext(&text[start..], options).into_offset_iter() {
        builder.take(event, range.start + start..range.end + start);
    }
    builder.close();
    let mut draft = builder.draft;
    metadata::recognise(&mut draft);
    paragraphs::mend(&mut draft.blocks);
    draft
}

/// Turns events into blocks. Leaves are opened by what holds text and closed by the next block or the end of their own.
struct Builder<'a> {
    text: &'a str,
    draft: Draft,
    leaf: Option<Leaf<'a>>,
    /// Quotes and items around the current place, innermost last.
    containers: Vec<Container>,
    /// Containers beyond the deepest.
    skipped: usize,
}

/// A block in the making.
struct Leaf<'a> {
    kind: BlockKind,
    start: usize,
    /// The end of what was taken.
    end: usize,
    cleaner: Cleaner<'a>,
    /// Everything in it so far belongs to pictures.
    only_pictures: bool,
    /// Inside a picture's description.
    picture: bool,
}

#[derive(Clone, Copy)]
enum Container {
    Quote,
    /// The start of an item that no block has taken for its own yet.
    Item(Option<usize>),
}

impl<'a> Builder<'a> {
    fn take(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(&tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(content) => self.words(&content, range),
            Event::Code(content) => self.code(&content, range),
            Event::SoftBreak | Event::HardBreak => self.line_break(range),
            Event::InlineHtml(tag) => self.tag(&tag, range),
            Event::Rule => self.close(),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Paragraph => self.open(BlockKind::Paragraph, range.start),
            Tag::Heading { level, .. } => self.open(BlockKind::Heading(depth(*level)), range.start),
            Tag::CodeBlock(_) => self.open(BlockKind::Code, range.start),
            Tag::TableHead | Tag::TableRow => self.open(BlockKind::Paragraph, range.start),
            Tag::HtmlBlock => {
                self.open(BlockKind::Paragraph, range.start);
                self.html(range);
            }
            Tag::TableCell => self.cell(range.start),
            Tag::BlockQuote(_) => self.enter(Container::Quote),
            Tag::Item => self.enter(Container::Item(Some(range.start))),
            Tag::FootnoteDefinition(_) | Tag::List(_) | Tag::Table(_) => self.close(),
            Tag::Image { .. } => {
                let leaf = self.leaf(range.start);
                leaf.only_pictures &= leaf.picture || leaf.cleaner.is_empty();
                leaf.picture = true;
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::Paragraph
            | TagEnd::Heading(_)
            | TagEnd::TableHead
            | TagEnd::TableRow
            | TagEnd::HtmlBlock => self.close(),
            TagEnd::CodeBlock => {
                // The fence at the end belongs to the block.
                let end = range.start + self.text[range].trim_end().len();
                self.extend(end);
                self.close();
            }
            TagEnd::BlockQuote(_) | TagEnd::Item => {
                self.close();
                match self.skipped.checked_sub(1) {
                    Some(fewer) => self.skipped = fewer,
                    None => drop(self.containers.pop()),
                }
            }
            TagEnd::Image => {
                if let Some(leaf) = &mut self.leaf {
                    leaf.picture = false;
                }
                self.extend(range.end);
            }
            TagEnd::Link | TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => {
                self.extend(range.end);
            }
            _ => {}
        }
    }

    fn enter(&mut self, container: Container) {
        self.close();
        if self.containers.len() < DEEPEST {
            self.containers.push(container);
        } else {
            self.skipped += 1;
        }
    }

    fn open(&mut self, kind: BlockKind, start: usize) {
        self.close();
        let leaf = self.new_leaf(kind, start);
        self.leaf = Some(leaf);
    }

    /// A block; where it stands decides what a paragraph is.
    fn new_leaf(&mut self, kind: BlockKind, start: usize) -> Leaf<'a> {
        let (mut kind, mut start) = (kind, start);
        let mut number = None;
        if let Some(Container::Item(first)) = self.containers.last_mut()
            && let Some(item) = first.take()
        {
            if kind == BlockKind::Paragraph {
                kind = BlockKind::Item;
                number = numbering(self.text, item);
                start = item;
            }
        } else if kind == BlockKind::Paragraph
            && self
                .containers
                .iter()
                .any(|c| matches!(c, Container::Quote))
        {
            kind = BlockKind::Quote;
        }
        let mut cleaner = if kind == BlockKind::Code {
            Cleaner::code(self.text)
        } else {
            Cleaner::prose(self.text)
        };
        if let Some(number) = number {
            cleaner.push(number);
        }
        Leaf {
            kind,
            start,
            end: start,
            cleaner,
            only_pictures: true,
            picture: false,
        }
    }

    /// The open block; an item's text may come without a paragraph around it.
    fn leaf(&mut self, start: usize) -> &mut Leaf<'a> {
        let leaf = match self.leaf.take() {
            Some(leaf) => leaf,
            None => self.new_leaf(BlockKind::Paragraph, start),
        };
        self.leaf.insert(leaf)
    }

    /// Text that stands in the source, or that an escape or a character reference stands for.
    fn words(&mut self, content: &str, range: Range<usize>) {
        let verbatim = self.text.get(range.clone()) == Some(content);
        let leaf = self.leaf(range.start);
        leaf.only_pictures &= leaf.picture;
        leaf.end = leaf.end.max(range.end);
        if verbatim || leaf.kind == BlockKind::Code {
            leaf.cleaner.push(range);
        } else {
            leaf.cleaner.replace(range, content);
        }
    }

    /// Code inside a paragraph: its text without the backticks.
    fn code(&mut self, content: &str, range: Range<usize>) {
        let source = &self.text[range.clone()];
        let inner = source
            .find(content)
            .map(|at| range.start + at..range.start + at + content.len());
        let leaf = self.leaf(range.start);
        leaf.only_pictures = false;
        leaf.end = leaf.end.max(range.end);
        match inner {
            Some(inner) => leaf.cleaner.push(inner),
            None => leaf.cleaner.replace(range, content),
        }
    }

    /// A tag inside a paragraph.
    fn tag(&mut self, tag: &str, range: Range<usize>) {
        self.extend(range.end);
        if ["<br", "<hr", "<img"]
            .iter()
            .any(|part| tag.starts_with(part))
        {
            self.line_break(range);
        }
    }

    /// Markup at the end of a block belongs to it.
    fn extend(&mut self, end: usize) {
        if let Some(leaf) = &mut self.leaf {
            leaf.end = leaf.end.max(end);
        }
    }

    fn line_break(&mut self, range: Range<usize>) {
        if let Some(leaf) = &mut self.leaf {
            leaf.cleaner.line_break(range);
        }
    }

    /// A block of raw HTML: its text.
    fn html(&mut self, range: Range<usize>) {
        let text = self.text;
        let leaf = self.leaf(range.start);
        leaf.only_pictures = false;
        leaf.end = leaf
            .end
            .max(range.start + text[range.clone()].trim_end().len());
        inline::push_html(&mut leaf.cleaner, text, range);
    }

    /// The next cell of a row: a bar parts it from the one before.
    fn cell(&mut self, start: usize) {
        let text = self.text;
        if let Some(leaf) = &mut self.leaf {
            leaf.only_pictures = false;
            if !leaf.cleaner.is_empty() && leaf.end <= start {
                let gap = leaf.end..start;
                match text[gap.clone()].find('|') {
                    Some(bar) => {
                        let bar = gap.start + bar;
                        leaf.cleaner.blank(gap.start..bar);
                        leaf.cleaner.push(bar..bar + 1);
                        leaf.cleaner.blank(bar + 1..gap.end);
                    }
                    None => leaf.cleaner.blank(gap),
                }
            }
        }
    }

    fn close(&mut self) {
        let Some(leaf) = self.leaf.take() else {
            return;
        };
        let kind = match leaf.kind {
            BlockKind::Paragraph if leaf.only_pictures => BlockKind::Caption,
            kind => kind,
        };
        let range = leaf.start..leaf.end;
        if kind == BlockKind::Paragraph && self.telling_lines(range.clone()) {
            return;
        }
        self.draft.push(kind, range, leaf.cleaner.finish());
    }

    /// A byline and a date on lines of their own are one paragraph to Markdown, and two blocks to a reader.
    fn telling_lines(&mut self, range: Range<usize>) -> bool {
        let source = &self.text[range.clone()];
        let lines = source.lines().count();
        let tells = |line: &str| metadata::is_line(&inline::clean(line));
        if !(2..=4).contains(&lines) || !source.lines().all(tells) {
            return false;
        }
        let mut at = range.start;
        for line in source.split_inclusive('\n') {
            let end = at + line.trim_end().len();
            self.draft
                .push_range(self.text, BlockKind::Paragraph, at..end, at..end);
            at += line.len();
        }
        true
    }
}

/// The number of an ordered item, with its dot.
fn numbering(text: &str, item: usize) -> Option<Range<usize>> {
    let rest = &text[item..];
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let marked = digits > 0 && rest[digits..].starts_with(['.', ')']);
    marked.then(|| item..item + digits + 2.min(rest.len() - digits))
}

fn depth(level: HeadingLevel) -> u8 {
    level as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(text: &str) -> Vec<String> {
        parse(text, Metadata::default())
            .blocks
            .iter()
            .map(|block| format!("{:?}: {}", block.kind, &*block.text))
            .collect()
    }

    #[test]
    fn marks_never_reach_the_text() {
        for (text, expected) in [
            (
                "A **bold** and _soft_ `code` ~~gone~~ word.",
                "Paragraph: A bold and soft code gone word.",
            ),
            (
                "See [the page](https://example.org \"title\") now.",
                "Paragraph: See the page now.",
            ),
            (
                "See [the page][1].\n\n[1]: https://example.org",
                "Paragraph: See the page.",
            ),
            ("AT&amp;T &copy; 2 \\* 3", "Paragraph: AT&T © 2 * 3"),
            ("By <u>AFP</u><br>today", "Paragraph: By AFP today"),
            ("two\nlines", "Paragraph: two lines"),
            ("![A bridge](bridge.jpg)", "Caption: A bridge"),
            (
                "<div class=\"x\">\nRaw <b>text</b> &amp; more\n</div>",
                "Paragraph: Raw text & more",
            ),
            (
                "```rust\nfn main() {\n\tbody();\n}\n```",
                "Code: fn main() {\n    body();\n}",
            ),
            ("> said **she**\n> twice", "Quote: said she twice"),
        ] {
            assert_eq!(blocks(text), [expected], "{text:?}");
        }
    }

    #[test]
    fn structure_becomes_kinds() {
        assert_eq!(
            blocks(
                "Intro\n=====\n\nText.\n\n- one\n- two\n  - deep\n\n3. third\n\n   more of it\n\n---\n\n## Part\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
            ),
            [
                "Title: Intro",
                "Paragraph: Text.",
                "Item: one",
                "Item: two",
                "Item: deep",
                "Item: 3. third",
                "Paragraph: more of it",
                "Heading(2): Part",
                "Paragraph: a | b",
                "Paragraph: 1 | 2",
            ]
        );
    }

    #[test]
    fn front_matter_is_metadata() {
        let text = "---\ntitle: \"Tools: a library\"\nauthor: Ruben Ashdown\ndate: 2026-02-18\nlayout: post\n---\n\nText.\n";
        assert_eq!(
            blocks(text),
            [
                "Title: Tools: a library",
                "Byline: Ruben Ashdown",
                "Date: 2026-02-18",
                "Paragraph: Text."
            ]
        );
        let meta = parse(text, Metadata::default()).meta;
        assert_eq!(meta.title.as_deref(), Some("Tools: a library"));
        assert_eq!(meta.byline.as_deref(), Some("Ruben Ashdown"));
    }

    #[test]
    fn offsets_lead_to_the_bytes_of_the_file() {
        let text = "\u{feff}# Head\n\nA **bold** &amp; word.";
        let draft = parse(text, Metadata::default());
        let block = &draft.blocks[1];
        assert_eq!(&*block.text, "A bold & word.");
        let map = block.text.map();
        let bold = text.find("bold").unwrap();
        assert_eq!(map.to_clean(bold..bold + 4), 2..6);
        let amp = text.find("&amp;").unwrap();
        assert_eq!(map.to_clean(amp..amp + 5), 7..8);
        assert_eq!(map.to_source(9), text.find("word").unwrap());
    }

    #[test]
    fn likeness_needs_more_than_one_sign() {
        assert!(is_likely("# A\n\nSee [x](https://example.org)."));
        assert!(is_likely("```\ncode\n```\n"));
        assert!(!is_likely("## Title\n\nBy <u>AFP</u>\n\n* star"));
        assert!(!is_likely("See [x](https://example.org)."));
    }
}
