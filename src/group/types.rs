//! What goes in and what comes out.

use std::fmt;

use serde::Serialize;

use super::judge::Points;
use crate::model::{ArticleId, Date};

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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Whether template siblings and quotations are reported besides groups.
    pub relations: bool,
    /// Whether links and relations say which blocks they share.
    pub blocks: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            relations: true,
            blocks: false,
        }
    }
}

/// The articles that are versions of one another, and other relations worth showing.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Grouping {
    /// Groups of at least two, ordered by their smallest member.
    pub groups: Vec<Group>,
    /// Pairs of articles of different groups, ordered.
    pub relations: Vec<Relation>,
}

/// Articles that are versions of one text.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Group {
    /// The articles, ascending.
    pub members: Vec<ArticleId>,
    /// Why they belong together, ordered by article; every member stands in at least one link.
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
    /// Share of each side that was set aside as frame, since it stands in many groups: that of `a`, then of `b`.
    pub frame: [f64; 2],
    /// What decided.
    pub reason: Reason,
    /// What each piece of evidence says.
    pub points: Points,
    /// Which blocks are shared and which are frame, if it was asked for.
    #[serde(skip)]
    pub blocks: Option<PairBlocks>,
}

impl Link {
    /// A link of which only the reason is known.
    pub(crate) fn bare(a: ArticleId, b: ArticleId, reason: Reason) -> Self {
        Self {
            a,
            b,
            share_a: 0.0,
            share_b: 0.0,
            shared_blocks: SharedBlocks::default(),
            frame: [0.0; 2],
            reason,
            points: Points::default(),
            blocks: None,
        }
    }
}

/// Which blocks two articles share, and which are frame, by their numbers among the blocks of each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PairBlocks {
    /// Blocks of `a` that stand in `b`.
    pub shared_a: Vec<u32>,
    /// Blocks of `b` that stand in `a`.
    pub shared_b: Vec<u32>,
    /// Blocks of `a` that stand in many groups.
    pub frame_a: Vec<u32>,
    /// Blocks of `b` that stand in many groups.
    pub frame_b: Vec<u32>,
}

/// How many blocks of each side stand in the other, word for word or nearly so. Blocks without words do not count.
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

impl SharedBlocks {
    /// The same of the pair the other way round.
    pub fn swapped(self) -> Self {
        Self {
            a: self.b,
            of_a: self.of_b,
            b: self.a,
            of_b: self.of_a,
        }
    }
}

impl PairBlocks {
    /// The same of the pair the other way round.
    pub(super) fn swapped(self) -> Self {
        Self {
            shared_a: self.shared_b,
            shared_b: self.shared_a,
            frame_a: self.frame_b,
            frame_b: self.frame_a,
        }
    }
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
    /// Nearly all of the shorter stands in the longer once short blocks and boilerplate are set aside.
    SameBody,
    /// Much of the text is shared, and nothing speaks against it.
    MuchShared,
    /// A person said so. Where nothing else ties the two, the shares are 0.
    Said,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::SameWords => "All words are the same, in the same order.",
            Self::SameText => "Nearly all of each text stands in the other.",
            Self::Contained => "Nearly all of the shorter text stands in the longer one.",
            Self::SameBody => "The body is the same once the frame of the page is set aside.",
            Self::MuchShared => "Much of the text is the same.",
            Self::Said => "You said that they are one text.",
        })
    }
}

/// Two articles that share text and are no versions of one another.
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
    /// The blocks that stand on both sides.
    pub shared_blocks: SharedBlocks,
    /// Share of each side that was set aside as frame: that of `a`, then of `b`.
    pub frame: [f64; 2],
    /// What each piece of evidence says.
    pub points: Points,
    /// Which blocks are shared and which are frame, if it was asked for.
    #[serde(skip)]
    pub blocks: Option<PairBlocks>,
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
            Self::Sibling => "The same form with other numbers or names in it.",
            Self::Quotes => "A passage of one stands in the other.",
        })
    }
}

/// The steps, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Each article is signed: counted in articles, or in bytes where files are read for it.
    Sign,
    /// Pairs are proposed; counted in parts.
    Propose,
    /// Pairs are judged; counted in pairs.
    Verify,
    /// Pairs that share too little for versions are judged, where that was asked for; counted in pairs.
    Relate,
    /// Groups are made of pairs; counted in pairs.
    Link,
    /// The versions of each group are put in order, the best first, where that was asked for; counted in groups.
    Rank,
}

impl Stage {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sign => "read and sign",
            Self::Propose => "propose",
            Self::Verify => "verify",
            Self::Relate => "relate",
            Self::Link => "link",
            Self::Rank => "rank",
        }
    }
}

/// How far a step has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The step.
    pub stage: Stage,
    /// How much is done.
    pub done: u64,
    /// How much there is.
    pub all: u64,
}
