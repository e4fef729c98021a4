//! What stands inside an article and is not of it: pictures with their captions, share bars, related links, author
//! boxes, advertisements, forms.
//!
//! The extractor keeps much of this, because it decides by whole containers. Here the article is known, so the names
//! that a page gives its parts can be believed, as long as a name does not cover much of the text: on some sites
//! `share` or `widget` is the class of the story itself.

use std::collections::HashMap;

use dom_query::{NodeId, NodeRef};

use super::blocks::UNREAD;

/// Names of parts that are never of the story, sorted.
const ALIEN: [&str; 106] = [
    "ad",
    "adbox",
    "ads",
    "adslot",
    "advert",
    "advertisement",
    "advertisements",
    "advertising",
    "adwrapper",
    "aside",
    "author",
    "authors",
    "banner",
    "bio",
    "bookmark",
    "breadcrumb",
    "breadcrumbs",
    "byl",
    "byline",
    "caption",
    "captions",
    "carousel",
    "comment",
    "commentlist",
    "comments",
    "consent",
    "cookie",
    "cookies",
    "copyright",
    "credit",
    "credits",
    "cta",
    "dfp",
    "disclaimer",
    "discussion",
    "disqus",
    "donate",
    "dropdown",
    "figcaption",
    "flyout",
    "follow",
    "inset",
    "keywords",
    "likes",
    "login",
    "meta",
    "metadata",
    "modal",
    "morefrom",
    "nav",
    "navbar",
    "navigation",
    "newsletter",
    "noprint",
    "outbrain",
    "overlay",
    "pager",
    "pagination",
    "paywall",
    "player",
    "popular",
    "popup",
    "postmeta",
    "promo",
    "promos",
    "promotion",
    "pubdate",
    "pullquote",
    "rating",
    "readmore",
    "readnext",
    "recirc",
    "recommend",
    "recommendation",
    "recommendations",
    "recommended",
    "register",
    "related",
    "seealso",
    "share",
    "sharebar",
    "sharing",
    "sidebar",
    "signin",
    "signup",
    "slideshow",
    "social",
    "sponsor",
    "sponsored",
    "subscribe",
    "subscription",
    "taboola",
    "tag",
    "taglist",
    "tags",
    "teaser",
    "teasers",
    "timestamp",
    "toolbar",
    "tooltip",
    "topics",
    "trending",
    "upload",
    "video",
    "videos",
    "widget",
];

/// The same in two words.
const ALIEN_PAIRS: [(&str, &str); 17] = [
    ("also", "read"),
    ("image", "description"),
    ("image", "info"),
    ("img", "descr"),
    ("img", "desc"),
    ("media", "info"),
    ("more", "from"),
    ("more", "on"),
    ("most", "read"),
    ("photo", "info"),
    ("pull", "quote"),
    ("read", "more"),
    ("read", "next"),
    ("screen", "reader"),
    ("see", "also"),
    ("sr", "only"),
    ("visually", "hidden"),
];

/// Elements that are left out of an article; tables and code in a figure stay.
const DROPPED: [&str; 9] = [
    "aside",
    "dialog",
    "figcaption",
    "figure",
    "footer",
    "form",
    "input",
    "label",
    "nav",
];

/// The most of an article, in hundredths of its text, that one part may be to be left out.
const LARGEST: usize = 30;
/// The most that all parts of one name may be together.
const LARGEST_OF_A_NAME: usize = 40;

/// A longer text is cut, in bytes.
const LONGEST_TEXT: usize = 16 * 1024;

/// Visible characters of an element, and how many of them are links.
#[derive(Clone, Copy, Default)]
struct Text {
    all: usize,
    linked: usize,
}

/// Takes out of an article what is not of it.
pub fn prune(root: NodeRef<'_>) {
    let texts = measure(root);
    let total = texts.get(&root.id).map_or(0, |text| text.all);
    let suspects: Vec<(NodeRef<'_>, &str)> = elements(root)
        .into_iter()
        .filter_map(|element| Some((element, suspicion(&element)?)))
        .filter(|(element, _)| {
            texts.get(&element.id).map_or(0, |text| text.all) * 100 <= total * LARGEST
        })
        .collect();
    let mut named: HashMap<&str, usize> = HashMap::new();
    for (element, name) in &suspects {
        *named.entry(name).or_default() += texts.get(&element.id).map_or(0, |text| text.all);
    }
    for (element, name) in suspects {
        if named[name] * 100 <= total * LARGEST_OF_A_NAME {
            element.remove_from_parent();
        }
    }
    for list in elements(root) {
        let text = texts.get(&list.id).copied().unwrap_or_default();
        if is_list(&list) && text.linked * 100 > text.all * 90 && text.all * 100 <= total * LARGEST
        {
            list.remove_from_parent();
        }
    }
}

/// The elements below a node, outer ones first.
fn elements(root: NodeRef<'_>) -> Vec<NodeRef<'_>> {
    root.descendants_it().filter(NodeRef::is_element).collect()
}

fn is_list(element: &NodeRef<'_>) -> bool {
    element
        .node_name()
        .is_some_and(|name| matches!(&*name, "ul" | "ol" | "menu"))
}

/// Counts the characters of all elements, from the leaves up.
fn measure(root: NodeRef<'_>) -> HashMap<NodeId, Text> {
    let nodes: Vec<NodeRef<'_>> = root.descendants_it().collect();
    let mut texts: HashMap<NodeId, Text> = HashMap::with_capacity(nodes.len());
    // Children stand behind their parents, so that backwards each node is complete when it is added to its parent.
    for node in nodes.iter().rev() {
        let mut text = texts.get(&node.id).copied().unwrap_or_default();
        if node.is_text() {
            text.all = node.text().chars().filter(|c| !c.is_whitespace()).count();
        } else if let Some(name) = node.node_name() {
            if UNREAD.contains(&&*name) {
                text = Text::default();
            } else if &*name == "a" {
                text.linked = text.all;
            }
        }
        texts.insert(node.id, text);
        if let Some(parent) = node.parent() {
            let sum = texts.entry(parent.id).or_default();
            sum.all += text.all;
            sum.linked += text.linked;
        }
    }
    texts
}

/// The name by which an element gives itself away.
fn suspicion(element: &NodeRef<'_>) -> Option<&'static str> {
    let tag = element.node_name()?;
    if let Some(dropped) = DROPPED.iter().find(|dropped| **dropped == &*tag) {
        let holds = |selector: &str| {
            element.descendants_it().any(|node| {
                node.node_name()
                    .is_some_and(|name| selector.split(' ').any(|tag| tag == &*name))
            })
        };
        return (*dropped != "figure" || !holds("pre table blockquote")).then_some(dropped);
    }
    if matches!(&*tag, "body" | "html" | "article" | "main" | "pre" | "code") {
        return None;
    }
    ["class", "id", "role", "data-component", "data-testid"]
        .iter()
        .filter_map(|name| element.attr(name))
        .find_map(|value| alien(&value))
}

/// The word of a class that says that something is not of the story.
fn alien(value: &str) -> Option<&'static str> {
    let words: Vec<String> = words(value).collect();
    let single = words
        .iter()
        .find_map(|word| ALIEN.binary_search(&&**word).ok().map(|at| ALIEN[at]));
    single.or_else(|| {
        words.windows(2).find_map(|pair| {
            ALIEN_PAIRS
                .iter()
                .find(|(first, second)| pair[0] == *first && pair[1] == *second)
                .map(|(first, _)| *first)
        })
    })
}

/// Makes a page ready for the extractor: it drops headings with `header` in their class, and it takes the only paragraph
/// of a container for the container, whose name would be lost.
pub fn prepare(root: NodeRef<'_>) {
    let texts: Vec<NodeRef<'_>> = root.descendants_it().filter(NodeRef::is_text).collect();
    for node in texts {
        cut(node);
    }
    for element in elements(root) {
        let Some(name) = element.node_name() else {
            continue;
        };
        let told = |attribute: &str| {
            element
                .attr(attribute)
                .filter(|value| alien(value).is_some())
        };
        match &*name {
            "h2" | "h3" | "h4" | "h5" | "h6" if told("class").is_none() && told("id").is_none() => {
                element.remove_attrs(&["class", "id"]);
            }
            "div" | "section" => {
                if let Some(name) = told("class").or_else(|| told("id"))
                    && let [only] = element.element_children().as_slice()
                    && only.has_name("p")
                {
                    only.set_attr("class", &name);
                }
            }
            _ => {}
        }
    }
}

/// Cuts a very long text into several: the extractor prints what it found, and the printer needs time quadratic in the
/// length of a text that is full of `&`.
fn cut(node: NodeRef<'_>) {
    let text = node.text();
    let mut rest: &str = &text;
    if rest.len() <= LONGEST_TEXT {
        return;
    }
    while !rest.is_empty() {
        let mut end = rest.len().min(LONGEST_TEXT);
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        let piece = node.tree.new_text(&rest[..end]);
        node.insert_before(&piece);
        rest = &rest[end..];
    }
    node.remove_from_parent();
}

/// The words of a class: `relatedLinks`, `related-links` and `related_links` say the same.
fn words(value: &str) -> impl Iterator<Item = String> {
    let mut parted = String::with_capacity(value.len() + 8);
    let mut before = ' ';
    for character in value.chars().take(400) {
        if character.is_uppercase() && before.is_lowercase() {
            parted.push(' ');
        }
        parted.extend(character.to_lowercase());
        before = character;
    }
    parted
        .split(|c: char| !c.is_alphanumeric())
        .map(str::to_owned)
        .collect::<Vec<_>>()
        .into_iter()
}
