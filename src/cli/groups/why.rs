//! Why two articles belong together, or what else they have in common, as JSON.

use serde::Serialize;

use crate::cli::output::Failure;
use crate::cli::session::Session;
use crate::group::{Link, PairBlocks, Reason, Relation};
use crate::model::ArticleId;
use crate::store::regroup::grouped_by;

/// A pair that linked a group, or that is related otherwise: shares, points, and the text of the blocks.
#[derive(Serialize)]
pub(super) struct Explained<T: Serialize> {
    #[serde(flatten)]
    pair: T,
    /// The blocks that stand on both sides, as each side has them.
    shared: Sides,
    /// The blocks that say little because they stand in many groups.
    set_aside: Sides,
}

#[derive(Serialize)]
struct Sides {
    a: Vec<Block>,
    b: Vec<Block>,
}

/// A block and its number among those of the article, from 0.
#[derive(Serialize)]
struct Block {
    block: u32,
    text: String,
}

/// Explains a link of a group.
pub(super) fn link<'a>(session: &Session, link: &'a Link) -> Result<Explained<&'a Link>, Failure> {
    let all = link.blocks.is_none() && link.reason == Reason::SameWords;
    explain(session, link, (link.a, link.b), link.blocks.as_ref(), all)
}

/// Explains a relation between groups.
pub(super) fn relation<'a>(
    session: &Session,
    relation: &'a Relation,
) -> Result<Explained<&'a Relation>, Failure> {
    let pair = (relation.a, relation.b);
    explain(session, relation, pair, relation.blocks.as_ref(), false)
}

fn explain<T: Serialize>(
    session: &Session,
    pair: T,
    (a, b): (ArticleId, ArticleId),
    blocks: Option<&PairBlocks>,
    all: bool,
) -> Result<Explained<T>, Failure> {
    let texts = |id: ArticleId, numbers: Option<&[u32]>| -> Result<Vec<Block>, Failure> {
        let entry = session.entry(id)?;
        let known = (0u32..).zip(grouped_by(&entry.article));
        let wanted = known.filter(|(number, text)| match numbers {
            Some(numbers) => numbers.binary_search(number).is_ok(),
            None => all && !text.trim().is_empty(),
        });
        let block = |(block, text): (u32, &str)| Block {
            block,
            text: text.to_owned(),
        };
        Ok(wanted.map(block).collect())
    };
    let none = PairBlocks::default();
    let frame = blocks.unwrap_or(&none);
    Ok(Explained {
        pair,
        shared: Sides {
            a: texts(a, blocks.map(|it| &*it.shared_a))?,
            b: texts(b, blocks.map(|it| &*it.shared_b))?,
        },
        set_aside: Sides {
            a: texts(a, Some(&frame.frame_a))?,
            b: texts(b, Some(&frame.frame_b))?,
        },
    })
}
