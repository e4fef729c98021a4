//! Which articles are versions of one text. Pure: documents in, groups with reasons out.
//!
//! Propose widely, decide exactly, explain always:
//! 1. `sketch`: the set of word 4-grams of every article, over all block borders, and a winnowed sample of it;
//! 2. `candidate`: pairs that share fingerprints;
//! 3. `verify`: the shares of each side on the full sets; `guard`: the same context with other numbers or names;
//!    `judge`: points of evidence for and against;
//! 4. `link`: pairs become groups, strongest first, unless the other pairs between two groups object;
//! 5. `boilerplate`: grams are weighed by the number of groups they stand in, and 3 and 4 are done again.
//!
//! What each is worth, measured by leaving it out: without the guard five of six pairs found among the issues of
//! templates are wrong; without the weights of 5 one in seven; without the malus for two long stretches of own text
//! one in twenty among whole pages of the same sites.
//!
//! Rejected: resemblance (Jaccard) of whole pages: two fifths of the true pairs lie below .7, while low thresholds
//! merge the issues of a newsletter. Plain connected components: one page of teasers chains all its articles together.

mod articles;
mod boilerplate;
mod candidate;
pub mod correct;
mod guard;
mod judge;
mod link;
mod report;
mod sketch;
mod types;
mod verify;
mod words;

pub use types::{
    Document, Group, Grouping, Link, Options, Reason, Relation, RelationKind, SharedBlocks,
};

use crate::cancel::Cancel;
use articles::Articles;
use candidate::Candidates;

/// Groups articles. The order of `documents` does not matter. Nothing when cancelled.
pub fn group(documents: &[Document<'_>], options: &Options, cancel: &Cancel) -> Option<Grouping> {
    let mut articles = Articles::new(documents, cancel)?;
    let Candidates { pairs, crowded } = candidate::candidates(&articles.sketches, cancel)?;
    articles.prepare(&pairs, cancel)?;

    let mut judged = articles.judge(&pairs, cancel)?;
    let mut names = link::components(&crowded, &judged);
    // The first time nothing was known of boilerplate. A third time moved nothing on any collection measured.
    boilerplate::count(&mut articles.sketches, &names, cancel)?;
    judged = articles.judge(&pairs, cancel)?;
    names = link::components(&crowded, &judged);
    Some(report::report(&articles, &names, &judged, options))
}

#[cfg(test)]
mod tests;
