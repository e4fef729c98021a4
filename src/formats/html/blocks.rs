//! The tree of a page to blocks, by one walk without recursion.

use std::ops::Range;

use dom_query::{NodeId, NodeRef};

use crate::formats::draft::Draft;
use crate::model::{BlockKind, Metadata};
use crate::text::{Cleaner, clean_range};

use super::trim;

/// Elements that part what stands before them from what stands behind.
const PARTING: [&str; 40] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "thead",
    "tr",
    "ul",
];

/// Elements whose text nobody reads.
pub const UNREAD: [&str; 18] = [
    "audio",
    "button",
    "canvas",
    "datalist",
    "embed",
    "head",
    "iframe",
    "noscript",
    "object",
    "script",
    "select",
    "style",
    "svg",
    "template",
    "textarea",
    "title",
    "video",
    "annotation",
];

/// The longest cell of a row that is one line, in bytes.
const LONGEST_CELL: usize = 200;

/// A block in the making.
#[derive(Clone, Debug)]
pub struct Part {
    pub kind: BlockKind,
    /// Where it lies in the text.
    pub range: Range<usize>,
    /// How many of its visible characters are in links.
    pub linked: usize,
}

/// The text of a page and where its blocks lie in it.
#[derive(Debug, Default)]
pub struct Extracted {
    text: String,
    parts: Vec<Part>,
}

impl Extracted {
    /// Adds a block, parted from the one before by a blank line.
    pub fn push(&mut self, kind: BlockKind, content: &str, linked: usize) {
        let trimmed = content.trim_end();
        let trimmed = if kind == BlockKind::Code {
            trimmed.trim_start_matches('\n')
        } else {
            trimmed.trim_start()
        };
        if trimmed.is_empty() {
            return;
        }
        if !self.text.is_empty() {
            self.text.push_str("\n\n");
        }
        let start = self.text.len();
        self.text.push_str(trimmed);
        self.parts.push(Part {
            kind,
            range: start..self.text.len(),
            linked,
        });
    }

    /// Says whether there is nothing.
    pub fn is_bare(&self) -> bool {
        self.parts.is_empty()
    }

    /// What there is so far.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Puts a title in front.
    pub fn entitle(&mut self, title: &str) {
        let mut titled = Self::default();
        titled.push(BlockKind::Title, title, 0);
        for Part {
            kind,
            range,
            linked,
        } in &self.parts
        {
            titled.push(*kind, &self.text[range.clone()], *linked);
        }
        *self = titled;
    }

    /// Takes away what stands around the story.
    pub fn trim(&mut self) {
        trim::trim(&mut self.parts, &self.text);
    }

    /// Cleans the blocks.
    pub fn finish(self, meta: Metadata) -> (Draft, String) {
        let mut draft = Draft {
            meta,
            ..Draft::default()
        };
        for Part { kind, range, .. } in self.parts {
            let text = if kind == BlockKind::Code {
                let mut cleaner = Cleaner::code(&self.text);
                cleaner.push(range.clone());
                cleaner.finish()
            } else {
                clean_range(&self.text, range.clone())
            };
            draft.push(kind, range, text);
        }
        (draft, self.text)
    }
}

/// Adds the blocks below a node.
pub fn walk(root: NodeRef<'_>, extracted: &mut Extracted) {
    let mut walker = Walker {
        extracted,
        open: String::new(),
        linked: 0,
        links: 0,
        row: None,
        kinds: Vec::new(),
        numbers: Vec::new(),
    };
    let mut node = root.first_child();
    let mut parents = Vec::new();
    while let Some(current) = node {
        let descends = walker.enter(&current);
        if let Some(child) = current.first_child().filter(|_| descends) {
            parents.push(current);
            node = Some(child);
            continue;
        }
        walker.leave(&current);
        node = current.next_sibling();
        while node.is_none() {
            let Some(parent) = parents.pop() else {
                break;
            };
            walker.leave(&parent);
            node = parent.next_sibling();
        }
    }
    walker.flush();
}

struct Walker<'a> {
    extracted: &'a mut Extracted,
    /// Text of the block in the making.
    open: String,
    /// Characters of it that are in links.
    linked: usize,
    /// Links around the current place.
    links: usize,
    /// The row of a table around the current place, when its cells are short: it is one line, whatever is in them.
    row: Option<NodeId>,
    /// What the elements around the current place make of it, innermost last.
    kinds: Vec<BlockKind>,
    /// For each list around the current place the number of its next item, if its items are numbered.
    numbers: Vec<Option<i64>>,
}

impl Walker<'_> {
    /// Takes a node; says whether its children are read.
    fn enter(&mut self, node: &NodeRef<'_>) -> bool {
        if node.is_text() {
            self.words(&node.text());
            return false;
        }
        let Some(name) = node.node_name() else {
            return false;
        };
        if UNREAD.contains(&&*name) || is_hidden(node) {
            return false;
        }
        if PARTING.contains(&&*name) {
            self.part();
        }
        match &*name {
            "tr" if self.row.is_none() && is_row(node) => self.row = Some(node.id),
            "br" => self.open.push(if self.preformatted() { '\n' } else { ' ' }),
            "td" | "th" if !self.open.trim().is_empty() => {
                self.open.truncate(self.open.trim_end().len());
                self.open.push_str(" | ");
            }
            "ul" | "menu" => self.numbers.push(None),
            "ol" => {
                let start = node
                    .attr("start")
                    .and_then(|start| start.trim().parse().ok());
                self.numbers.push(Some(start.unwrap_or(1)));
            }
            "li" => self.number(),
            "a" => self.links += 1,
            _ => {}
        }
        self.kinds.extend(kind(&name));
        true
    }

    fn leave(&mut self, node: &NodeRef<'_>) {
        let Some(name) = node.node_name().filter(|_| node.is_element()) else {
            return;
        };
        if UNREAD.contains(&&*name) || is_hidden(node) {
            return;
        }
        if self.row == Some(node.id) {
            self.row = None;
        }
        if PARTING.contains(&&*name) {
            self.part();
        }
        if kind(&name).is_some() {
            self.kinds.pop();
        }
        match &*name {
            "ul" | "ol" | "menu" => {
                self.numbers.pop();
            }
            "a" => self.links = self.links.saturating_sub(1),
            _ => {}
        }
    }

    /// Ends the block in the making; inside a row the words only stay apart.
    fn part(&mut self) {
        if self.row.is_none() {
            self.flush();
        } else if !self.open.ends_with(' ') {
            self.open.push(' ');
        }
    }

    fn preformatted(&self) -> bool {
        self.kinds.contains(&BlockKind::Code)
    }

    /// The number of the item that begins: readers see it, so it is text.
    fn number(&mut self) {
        if let Some(Some(number)) = self.numbers.last_mut() {
            self.open = format!("{number}. ");
            *number = number.saturating_add(1);
        }
    }

    fn words(&mut self, text: &str) {
        if self.links > 0 {
            self.linked += text.chars().filter(|c| !c.is_whitespace()).count();
        }
        if self.preformatted() {
            self.open.push_str(text);
            return;
        }
        for character in text.chars() {
            if !character.is_whitespace() || character == '\u{a0}' {
                self.open.push(character);
            } else if !self.open.ends_with(' ') {
                self.open.push(' ');
            }
        }
    }

    fn flush(&mut self) {
        // An item whose text stands in a paragraph of its own has only its number so far.
        let number = self
            .open
            .strip_suffix(". ")
            .is_some_and(|n| n.parse::<i64>().is_ok());
        if number && self.kinds.last() == Some(&BlockKind::Item) {
            return;
        }
        let kind = self.kinds.last().copied().unwrap_or(BlockKind::Paragraph);
        self.extracted.push(kind, &self.open, self.linked);
        self.open.clear();
        self.linked = 0;
    }
}

/// What an element makes of the text in it, if it matters.
fn kind(name: &str) -> Option<BlockKind> {
    Some(match name {
        "h1" => BlockKind::Heading(1),
        "h2" => BlockKind::Heading(2),
        "h3" => BlockKind::Heading(3),
        "h4" => BlockKind::Heading(4),
        "h5" => BlockKind::Heading(5),
        "h6" => BlockKind::Heading(6),
        "blockquote" => BlockKind::Quote,
        "li" => BlockKind::Item,
        "pre" => BlockKind::Code,
        "figcaption" | "caption" => BlockKind::Caption,
        _ => return None,
    })
}

/// Says whether a row holds data: several cells, all of them short. Rows that lay out a page hold stories.
fn is_row(row: &NodeRef<'_>) -> bool {
    let mut cells = 0;
    for cell in row.children_it(false) {
        if cell.has_name("td") || cell.has_name("th") {
            cells += 1;
            if cell.text().len() > LONGEST_CELL {
                return false;
            }
        }
    }
    cells > 1
}

fn is_hidden(node: &NodeRef<'_>) -> bool {
    let styled = || {
        node.attr("style").is_some_and(|style| {
            let plain: String = style.chars().filter(|c| !c.is_whitespace()).collect();
            plain.to_ascii_lowercase().contains("display:none")
        })
    };
    node.is_element() && (node.has_attr("hidden") || styled())
}
