//! Which articles are versions of one text. Pure: documents in, groups with reasons out.
//!
//! Propose widely, decide exactly, explain always:
//! 1. [`sketch`]: the set of word 4-grams of every article and a winnowed sample of it;
//! 2. [`candidate`]: pairs that share enough of their samples;
//! 3. [`verify`]: the shares of each side on the full sets, and the [`guard`] against the next issue of a form;
//! 4. [`link`]: pairs become groups;
//! 5. [`boilerplate`]: grams are weighed by the number of groups they stand in, and 3 and 4 are done again.

mod boilerplate;
mod candidate;
mod guard;
mod judge;
mod link;
mod sketch;
mod verify;
mod words;

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use serde::Serialize;

use crate::cancel::Cancel;
use crate::model::{ArticleId, Date};
use boilerplate::Frequencies;
use candidate::Pair;
use guard::Slots;
use judge::{Evidence, Titles, Verdict};
use sketch::Sketch;
use words::Text;

/// One article as grouping sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Document<'a> {
    /// Its name; the caller passes each once.
    pub id: ArticleId,
    /// The title, where the source says it.
    pub title: Option<&'a str>,
    /// The address, where the source says it.
    pub url: Option<&'a str>,
    /// The date of publication, where the source says it.
    pub date: Option<Date>,
    /// The clean text of all blocks in reading order.
    pub blocks: Vec<&'a str>,
}

/// What a caller may choose.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Whether template siblings and quotations are reported.
    pub relations: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { relations: true }
    }
}

/// The articles that are versions of one another, and other relations worth showing.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Grouping {
    /// Groups of at least two, ordered by their smallest member.
    pub groups: Vec<Group>,
    /// Pairs across groups, ordered by their articles.
    pub relations: Vec<Relation>,
}

/// Articles that are versions of one text.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Group {
    /// The articles, ascending.
    pub members: Vec<ArticleId>,
    /// Why they belong together; every member stands in at least one link.
    pub links: Vec<Link>,
}

/// Why two articles are versions of one text.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Link {
    /// The smaller article.
    pub a: ArticleId,
    /// The other.
    pub b: ArticleId,
    /// Share of the 4-grams of `a` that stand in `b`.
    pub share_a: f64,
    /// Share of the 4-grams of `b` that stand in `a`.
    pub share_b: f64,
    /// The blocks that stand on both sides.
    pub shared_blocks: SharedBlocks,
    /// What decided.
    pub reason: Reason,
}

/// How many blocks of each side stand in the other, word for word or nearly so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SharedBlocks {
    /// Blocks of `a` that stand in `b`.
    pub a: u32,
    /// Blocks of `a`.
    pub of_a: u32,
    /// Blocks of `b` that stand in `a`.
    pub b: u32,
    /// Blocks of `b`.
    pub of_b: u32,
}

/// What decided that two articles are versions of one text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// All words are the same, in the same order.
    SameWords,
    /// Nearly all of each stands in the other.
    SameText,
    /// Nearly all of the shorter stands in the longer.
    Contained,
    /// Most of the text is shared once what stands in many groups is set aside.
    SharedBody,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::SameWords => "All words are the same, in the same order.",
            Self::SameText => "Nearly all of each text stands in the other.",
            Self::Contained => "Nearly all of the shorter text stands in the longer one.",
            Self::SharedBody => {
                "Most of the text is shared once the frame of the pages is set aside."
            }
        })
    }
}

/// Two articles that are no versions of one text and yet share some.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Relation {
    /// The smaller article.
    pub a: ArticleId,
    /// The other.
    pub b: ArticleId,
    /// How they relate.
    pub kind: RelationKind,
    /// Share of the 4-grams of `a` that stand in `b`.
    pub share_a: f64,
    /// Share of the 4-grams of `b` that stand in `a`.
    pub share_b: f64,
}

/// How two articles relate that are no versions of one text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RelationKind {
    /// Two issues of one form: the same sentences with other numbers or names.
    Sibling,
    /// A passage of one stands in the other.
    Quotes,
}

impl fmt::Display for RelationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Sibling => "The same form with other numbers or names.",
            Self::Quotes => "A passage of one stands in the other.",
        })
    }
}

/// Groups articles. The order of `documents` does not matter. Nothing when cancelled.
pub fn group(documents: &[Document<'_>], options: &Options, cancel: &Cancel) -> Option<Grouping> {
    let mut documents: Vec<&Document<'_>> = documents.iter().collect();
    documents.sort_by_key(|document| document.id);

    let mut sketches = Vec::with_capacity(documents.len());
    for document in &documents {
        if cancel.is_cancelled() {
            return None;
        }
        sketches.push(Sketch::new(&Text::new(&document.blocks)));
    }
    // Exact copies stand for one another: the first is judged, the others follow it.
    let mut first_of_text: HashMap<u64, u32> = HashMap::new();
    let leader: Vec<u32> = (0u32..)
        .zip(&sketches)
        .map(|(index, sketch)| *first_of_text.entry(sketch.text).or_insert(index))
        .collect();
    for (index, sketch) in sketches.iter_mut().enumerate() {
        if leader[index] as usize != index || documents[index].blocks.is_empty() {
            sketch.clear();
        }
    }

    let pairs = candidate::candidates(&sketches, cancel)?;
    let mut slots: Vec<Option<Slots>> = vec![None; documents.len()];
    for index in pairs.iter().flat_map(|(a, b)| [*a as usize, *b as usize]) {
        if cancel.is_cancelled() {
            return None;
        }
        if slots[index].is_none() {
            slots[index] = Some(Slots::new(
                documents[index].title,
                &Text::new(&documents[index].blocks),
            ));
        }
    }
    let none = Slots::default();
    let slots = |index: u32| slots[index as usize].as_ref().unwrap_or(&none);

    let mut frequencies = Frequencies::default();
    let mut judged: Vec<(Pair, Evidence)> = Vec::new();
    let mut names: Vec<u32> = Vec::new();
    for _ in 0..3 {
        judged.clear();
        for (a, b) in &pairs {
            if cancel.is_cancelled() {
                return None;
            }
            let evidence = Evidence {
                overlap: verify::overlap(
                    &sketches[*a as usize],
                    &sketches[*b as usize],
                    &frequencies,
                ),
                numbers: slots(*a).numbers(slots(*b)),
                names: slots(*a).names(slots(*b)),
                titles: titles(documents[*a as usize].title, documents[*b as usize].title),
                same_url: documents[*a as usize]
                    .url
                    .is_some_and(|url| documents[*b as usize].url == Some(url)),
            };
            judged.push(((*a, *b), evidence));
        }
        let votes: Vec<(Pair, f64)> = judged
            .iter()
            .map(|(pair, evidence)| (*pair, evidence.points()))
            .collect();
        names = link::components(documents.len(), &votes);
        frequencies = Frequencies::count(&sketches, &names, cancel)?;
    }

    let mut groups: BTreeMap<u32, Group> = BTreeMap::new();
    let id = |index: u32| documents[index as usize].id;
    let name = |index: u32| names[leader[index as usize] as usize];
    for index in 0..documents.len() as u32 {
        if documents[index as usize].blocks.is_empty() {
            continue;
        }
        let group = groups.entry(name(index)).or_insert_with(|| Group {
            members: Vec::new(),
            links: Vec::new(),
        });
        group.members.push(id(index));
        let first = leader[index as usize];
        if first != index {
            group.links.push(Link {
                a: id(first),
                b: id(index),
                share_a: 1.0,
                share_b: 1.0,
                shared_blocks: SharedBlocks::default(),
                reason: Reason::SameWords,
            });
        }
    }
    let mut relations = Vec::new();
    for ((a, b), evidence) in judged {
        let [share_a, share_b] = evidence.overlap.plain;
        let kind = match evidence.verdict() {
            Verdict::Version if name(a) == name(b) => {
                if let Some(group) = groups.get_mut(&name(a)) {
                    group.links.push(Link {
                        a: id(a),
                        b: id(b),
                        share_a,
                        share_b,
                        shared_blocks: evidence.overlap.blocks,
                        reason: if share_a.min(share_b) >= 0.9 {
                            Reason::SameText
                        } else if share_a.max(share_b) >= 0.9 {
                            Reason::Contained
                        } else {
                            Reason::SharedBody
                        },
                    });
                }
                continue;
            }
            Verdict::Sibling => RelationKind::Sibling,
            Verdict::Quotes => RelationKind::Quotes,
            _ => continue,
        };
        if options.relations && name(a) != name(b) {
            relations.push(Relation {
                a: id(a),
                b: id(b),
                kind,
                share_a,
                share_b,
            });
        }
    }
    let mut groups: Vec<Group> = groups
        .into_values()
        .filter(|group| group.members.len() > 1)
        .collect();
    for group in &mut groups {
        group.links.sort_by_key(|link| (link.a, link.b));
    }
    groups.sort_by_key(|group| group.members.first().copied());
    Some(Grouping { groups, relations })
}

/// Compares two titles.
fn titles(left: Option<&str>, right: Option<&str>) -> Titles {
    let (Some(left), Some(right)) = (left, right) else {
        return Titles::Unknown;
    };
    let (left, right) = (Text::new(&[left]).words, Text::new(&[right]).words);
    if left.is_empty() || right.is_empty() {
        return Titles::Unknown;
    }
    if left.iter().map(|w| w.hash).eq(right.iter().map(|w| w.hash)) {
        return Titles::Same;
    }
    let masked = |word: &words::Word| (word.shape != words::Shape::Number).then_some(word.hash);
    if left.iter().map(masked).eq(right.iter().map(masked)) {
        Titles::OtherNumbers
    } else {
        Titles::Other
    }
}
