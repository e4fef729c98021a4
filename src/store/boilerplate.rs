//! Blocks that say nothing about the article they stand in, with the evidence for it.
//!
//! Two kinds of evidence, and nothing is boilerplate without one:
//!
//! - **The block stands in other groups.** Groups are counted and not articles: a story under twenty mastheads is no
//!   boilerplate. Three other groups are enough; so are two when they are half of all others, as in a small collection.
//!   A sentence of a form that every issue repeats counts like any other: whoever reads the fortieth issue wants to see
//!   what is new in it. So does the background that an agency adds to all of its stories.
//! - **Few versions of many have the block in their frame**: at most a quarter of four and more versions, in front of or
//!   behind everything that most of them have, and about something else. (A cut-off end of the article stands behind
//!   what most have, too, but is about the same things.)
//!
//! Short blocks need more, since "By AFP", "Comment" and "London" are soon the same: they count when ten other groups
//! have them and they do not stand at the head of the article, where bylines and places stand; or when three have them
//! and they stand beside a longer block of boilerplate, as the heading of a box does.
//!
//! Blocks are compared by a hash of their letters and digits, small, without what layout and typography add. Only blocks
//! that two articles have are kept: 16 bytes each.
//!
//! Rejected: near-equal blocks (a cookie notice with another name in it is another sentence, and one wrong block dimmed
//! costs more than ten that are not); a list of known phrases; the share of *articles* (punishes what is copied most).

mod marks;

use std::io;
use std::num::NonZero;
use std::ops::{Deref, Range};
use std::sync::Arc;
use std::thread;

use super::types::{Boilerplate, Evidence};
use super::versions;
use crate::cancel::Cancel;
use crate::model::Article;
pub use marks::Marks;

/// In so many other groups a block is boilerplate.
const MANY: u32 = 3;
/// In so many it is when they are half of all others.
const HALF: u32 = 2;
/// In so many a short block is by itself.
const SHORT_MANY: u32 = 10;
/// A block with fewer letters is short.
const SHORT: u32 = 30;
/// So many blocks at the beginning are the head of an article.
const HEAD: u32 = 3;
/// From so many versions on, few have something.
const VERSIONS: usize = 4;
/// More versions than this, or more bytes in all, are not looked through for their frame: the work grows with the
/// paragraphs of one times the bytes of all.
const MOST_VERSIONS: usize = 64;
const MOST_BYTES: usize = 1 << 18;

/// The part of a mark that counts letters.
const LETTERS: u64 = 0xFFFF;

/// The blocks of a collection that stand in two articles or more.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    /// Ordered by member and place.
    postings: Vec<Posting>,
    /// By member: where its postings begin; one more at the end.
    starts: Vec<u32>,
    /// By member: letters of its body.
    letters: Vec<u32>,
    /// How many different texts there are.
    texts: usize,
    /// Of a part of a collection: how often texts stand in all of it.
    counted: Option<Arc<Counts>>,
}

/// A block of an article that stands elsewhere too.
#[derive(Clone, Copy, Debug)]
struct Posting {
    /// The member.
    member: u32,
    /// The text.
    text: u32,
    /// Its place among the blocks of the article.
    block: u32,
    /// How many letters it has.
    letters: u32,
}

/// The boilerplate of an article.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Found {
    /// Blocks that stand in other groups, each with how many those are.
    pub blocks: Vec<(usize, u32)>,
    /// Their share of its text, 0 to 1.
    pub share: f64,
}

/// In how many groups each text stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Counts {
    of_text: Vec<u32>,
    groups: u32,
}

impl Blocks {
    /// Looks through the marks of so many articles, which `parts` gives part by part, in order; more than once.
    /// Nothing when cancelled. An error is one of `parts`.
    pub(super) fn new(
        count: usize,
        parts: impl Fn(&mut dyn FnMut(&Marks)) -> io::Result<()>,
        cancel: &Cancel,
    ) -> io::Result<Option<Self>> {
        // First which marks come up twice, as far as few bits can tell: most blocks stand in one article only, and
        // those of all articles together would not fit into memory beside everything else.
        let mut total = 0;
        let mut letters = Vec::with_capacity(count);
        parts(&mut |marks| {
            for own in marks.each() {
                total += own.len();
                let sum = own.iter().map(|mark| mark & LETTERS).sum::<u64>();
                letters.push(u32::try_from(sum).unwrap_or(u32::MAX));
            }
        })?;
        let mut seen = Seen::new(total);
        parts(&mut |marks| {
            if !cancel.is_cancelled() {
                let all = marks.each().flatten().filter(|mark| **mark > 0);
                all.for_each(|mark| seen.add(*mark));
            }
        })?;
        let mut found: Vec<(u64, u32, u32)> = Vec::new();
        let mut member = 0;
        parts(&mut |marks| {
            for own in marks.each().filter(|_| !cancel.is_cancelled()) {
                for (mark, block) in own.iter().zip(0u32..) {
                    if *mark > 0 && seen.is_twice(*mark) {
                        found.push((*mark, member, block));
                    }
                }
                member += 1;
            }
        })?;
        drop(seen);
        if cancel.is_cancelled() {
            return Ok(None);
        }
        found.sort_unstable();
        let mut texts = 0;
        let mut postings = Vec::new();
        for same in found.chunk_by(|a, b| a.0 == b.0) {
            if same[0].1 != same[same.len() - 1].1 {
                postings.extend(same.iter().map(|(mark, member, block)| Posting {
                    member: *member,
                    text: texts,
                    block: *block,
                    letters: (mark & LETTERS) as u32,
                }));
                texts += 1;
            }
        }
        drop(found);
        if cancel.is_cancelled() {
            return Ok(None);
        }
        postings.sort_unstable_by_key(|posting| (posting.member, posting.block));
        postings.shrink_to_fit();
        let mut starts = Vec::with_capacity(count + 1);
        let mut at = 0;
        for member in 0..=count as u32 {
            while postings.get(at).is_some_and(|it| it.member < member) {
                at += 1;
            }
            starts.push(at as u32);
        }
        Ok(Some(Self {
            postings,
            starts,
            letters,
            texts: texts as usize,
            counted: None,
        }))
    }

    /// The same for articles in memory.
    pub(super) fn of_articles(
        count: usize,
        article: impl Fn(usize) -> Option<Arc<Article>> + Sync,
        cancel: &Cancel,
    ) -> Option<Self> {
        let marks = marks_of(0..count, &article, cancel);
        let parts = |take: &mut dyn FnMut(&Marks)| {
            take(&marks);
            Ok(())
        };
        // Memory does not fail.
        Self::new(count, parts, cancel).ok().flatten()
    }

    fn of(&self, member: usize) -> &[Posting] {
        let bounds = (self.starts.get(member), self.starts.get(member + 1));
        let (Some(from), Some(to)) = bounds else {
            return &[];
        };
        self.postings
            .get(*from as usize..*to as usize)
            .unwrap_or_default()
    }

    /// The same for some articles of the collection, in that order, whose texts were counted in all of it.
    pub(super) fn part(
        &self,
        members: impl Iterator<Item = Option<usize>>,
        counted: &Arc<Counts>,
    ) -> Self {
        let mut part = Self {
            texts: self.texts,
            counted: Some(Arc::clone(counted)),
            ..Self::default()
        };
        for (new, member) in (0u32..).zip(members) {
            part.starts.push(part.postings.len() as u32);
            let own = member.map(|member| self.of(member)).unwrap_or_default();
            let own = own.iter().map(|it| Posting { member: new, ..*it });
            part.postings.extend(own);
            let letters = member.and_then(|member| self.letters.get(member));
            part.letters.push(letters.copied().unwrap_or(0));
        }
        part.starts.push(part.postings.len() as u32);
        part
    }

    /// Counts the groups of every text.
    pub(super) fn count(&self, groups: impl Iterator<Item = impl Deref<Target = [u32]>>) -> Counts {
        if let Some(counted) = &self.counted {
            return Counts::clone(counted);
        }
        let mut of_text = vec![0; self.texts];
        let mut last = vec![u32::MAX; self.texts];
        let mut all = 0;
        for (group, at) in groups.zip(0u32..) {
            all = at + 1;
            let members = group.iter();
            for posting in members.flat_map(|member| self.of(*member as usize)) {
                let text = posting.text as usize;
                if last[text] != at {
                    last[text] = at;
                    of_text[text] += 1;
                }
            }
        }
        Counts {
            of_text,
            groups: all,
        }
    }

    /// What of a member is boilerplate because it stands in other groups.
    pub(super) fn elsewhere(&self, member: usize, counts: &Counts) -> Found {
        let postings = self.of(member);
        let mut others: Vec<u32> = postings
            .iter()
            .map(|it| counts.of_text[it.text as usize].saturating_sub(1))
            .collect();
        let long = |at: usize| {
            let is_long = postings[at].letters >= SHORT;
            is_long && counts.is_many(others[at])
        };
        let known: Vec<bool> = (0..postings.len()).map(long).collect();
        let beside = |at: usize| {
            let block = postings[at].block;
            let before = at.checked_sub(1).filter(|at| known[*at]);
            let before = before.is_some_and(|at| postings[at].block + 1 == block);
            let behind = known.get(at + 1).is_some_and(|known| *known);
            before || behind && postings[at + 1].block == block + 1
        };
        for at in 0..postings.len() {
            let Posting { block, letters, .. } = postings[at];
            let counts_short = letters < SHORT
                && (others[at] >= SHORT_MANY && block >= HEAD
                    || counts.is_many(others[at]) && beside(at));
            if !known[at] && !counts_short {
                others[at] = 0;
            }
        }
        let mut found = Found::default();
        let mut part = 0;
        for (posting, others) in postings.iter().zip(others).filter(|it| it.1 > 0) {
            found.blocks.push((posting.block as usize, others));
            part += u64::from(posting.letters);
        }
        let all = self.letters.get(member).copied().unwrap_or(0).max(1);
        found.share = (part as f64 / f64::from(all)).min(1.0);
        found
    }
}

impl Counts {
    fn is_many(&self, others: u32) -> bool {
        let all = self.groups.saturating_sub(1);
        others >= MANY || others >= HALF && 2 * others >= all
    }
}

/// The marks of some articles, found by all cores. Fewer when cancelled.
pub(super) fn marks_of(
    articles: Range<usize>,
    article: &(impl Fn(usize) -> Option<Arc<Article>> + Sync),
    cancel: &Cancel,
) -> Marks {
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    let size = articles.len().div_ceil(workers.min(8)).max(1);
    let mut all = Marks::default();
    thread::scope(|scope| {
        let starts = articles.clone().step_by(size);
        let parts = starts.map(|first| first..articles.end.min(first + size));
        let threads: Vec<_> = parts
            .map(|part| {
                scope.spawn(move || {
                    let mut marks = Marks::default();
                    for at in part.take_while(|_| !cancel.is_cancelled()) {
                        marks.add(article(at).as_deref());
                    }
                    marks
                })
            })
            .collect();
        for thread in threads {
            // A panic in a worker is one of ours: it goes on here.
            let part = thread.join();
            all.append(&part.unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
    });
    all
}

/// Which marks were seen once and twice, in a table of bits without their names: one that was seen once is taken for
/// one that was seen twice now and then.
struct Seen {
    once: Vec<u64>,
    twice: Vec<u64>,
}

impl Seen {
    fn new(marks: usize) -> Self {
        let words = (marks / 8).next_power_of_two().max(64);
        Self {
            once: vec![0; words],
            twice: vec![0; words],
        }
    }

    fn place(&self, mark: u64) -> (usize, u64) {
        let hash = mark >> 16;
        let word = (hash >> 6) as usize & (self.once.len() - 1);
        (word, 1 << (hash & 63))
    }

    fn add(&mut self, mark: u64) {
        let (word, bit) = self.place(mark);
        self.twice[word] |= self.once[word] & bit;
        self.once[word] |= bit;
    }

    fn is_twice(&self, mark: u64) -> bool {
        let (word, bit) = self.place(mark);
        self.twice[word] & bit != 0
    }
}

/// Says whether so many versions may have a frame.
pub(super) fn has_frame(versions: usize) -> bool {
    (VERSIONS..=MOST_VERSIONS).contains(&versions)
}

/// The blocks of one of many versions that stand in the frame of few: `versions[at]`.
pub(super) fn frame(versions: &[&Article], at: usize) -> Vec<Boilerplate> {
    let of = versions.len();
    let Some(own) = versions.get(at) else {
        return Vec::new();
    };
    let bytes: usize = versions.iter().map(|it| it.text.len()).sum();
    if !has_frame(of) || bytes > MOST_BYTES {
        return Vec::new();
    }
    let whole: Vec<String> = versions.iter().map(|it| versions::whole(it)).collect();
    let body = own.blocks.iter().enumerate();
    let body: Vec<(usize, String, usize)> = body
        .filter(|(_, block)| !block.kind.is_metadata())
        .map(|(place, block)| (place, versions::paragraph(&block.text)))
        .filter(|(_, paragraph)| !paragraph.is_empty())
        .map(|(place, paragraph)| {
            let has = whole
                .iter()
                .filter(|text| text.contains(&*paragraph))
                .count();
            (place, paragraph, has)
        })
        .collect();
    let most = |(_, _, has): &(usize, String, usize)| 2 * has > of;
    let (first, last) = (body.iter().position(most), body.iter().rposition(most));
    let (Some(first), Some(last)) = (first, last) else {
        return Vec::new();
    };
    let shared = body.iter().filter(|it| most(it)).map(|it| it.1.as_str());
    let about = versions::long_words_of(shared);
    let in_frame = body.iter().enumerate().filter(|(at, (_, paragraph, has))| {
        !(first..=last).contains(at) && 4 * has <= of && versions::is_unrelated(paragraph, &about)
    });
    in_frame
        .map(|(_, (place, _, has))| Boilerplate {
            block: *place,
            evidence: Evidence::Versions {
                has: *has as u32,
                of: of as u32,
            },
        })
        .collect()
}

#[cfg(test)]
mod tests;
