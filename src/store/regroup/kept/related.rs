//! What a few articles are related to otherwise, looked for when somebody asks.
//!
//! Template siblings and quotations make no group, and a collection has so many pairs that may be either that to judge
//! them all again with every article that comes would cost more than grouping. The pairs of one group are few.

use std::io;
use std::path::Path;
use std::sync::Arc;

use super::super::decide::{Means, Texts, relate};
use super::super::file::{damaged, read};
use super::super::{Articles, Telling};
use super::{Keeping, Manifest, failed, state};
use crate::cancel::Cancel;
use crate::group::{Options, Pair, Relation, Told, is_faint, tell};
use crate::store::types::StoreError;

/// The template siblings and quotations of some articles, ascending, to the last digit those that
/// [`Telling::Relations`] tells of them. `articles` are all that `folder` keeps groups of; none where it keeps none, or
/// those of fewer or more.
///
/// # Errors
///
/// When what is kept cannot be read, and when it was called off.
pub fn related(
    folder: &Path,
    keeping: Keeping,
    (of, all): (&[u32], u32),
    articles: &dyn Articles,
    cancel: &Cancel,
) -> Result<Option<Vec<Relation>>, StoreError> {
    let fail = |error: io::Error| failed(folder, &error);
    let manifest = Manifest::read(folder).map_err(fail)?.unwrap_or_default();
    let Some(kept) = manifest.state.filter(|state| state.articles == all) else {
        return Ok(None);
    };
    let bytes = |name: &str| read(&folder.join(name)).map_err(fail);
    let mut of = of.to_vec();
    of.sort_unstable();
    let texts = state::read_texts(&bytes(&kept.texts)?).map_err(fail)?;
    let is_asked = |leader: &u32| of.binary_search(leader).is_ok();
    let asked: Vec<bool> = texts.leaders.iter().map(is_asked).collect();
    let is_asked = |(a, b): &Pair| asked[*a as usize] || asked[*b as usize];
    let rows = |text: &u32| texts.rows[*text as usize];
    let mut pairs = std::thread::scope(|scope| {
        // Both are large.
        let judged = scope.spawn(|| {
            let bytes = bytes(&kept.judged)?;
            let (_, judged) = state::judged(&bytes).map_err(fail)?;
            let judged = judged.take_while(|_| !cancel.is_cancelled());
            let pairs = judged.map(|it| it.map(|it| it.pair));
            let asked = pairs.filter(|pair| pair.as_ref().map_or(true, is_asked));
            asked.collect::<io::Result<Vec<Pair>>>().map_err(fail)
        });
        let bytes = bytes(&kept.pairs)?;
        let counts = state::counts(&bytes).take_while(|_| !cancel.is_cancelled());
        let counts = counts.filter(|(pair, _)| is_asked(pair));
        let faint = counts.filter(|((a, b), count)| is_faint(*count, [rows(a), rows(b)]));
        let mut pairs: Vec<Pair> = faint.map(|(pair, _)| pair).collect();
        pairs.extend(judged.join().unwrap_or_else(|_| Err(fail(damaged())))?);
        Ok::<_, StoreError>(pairs)
    })?;
    if cancel.is_cancelled() {
        return Err(StoreError::Cancelled);
    }
    let names = &texts.names[1];
    pairs.retain(|(a, b)| names[*a as usize] != names[*b as usize]);
    pairs.sort_unstable();
    let mut contents = Vec::with_capacity(all as usize);
    for run in &manifest.runs {
        contents.extend(run.contents(folder).map_err(fail)?);
    }
    let means = Means {
        articles,
        memory: keeping.memory,
        threads: keeping.threads,
        telling: Telling::Relations,
        keeps: true,
        cancel,
    };
    let known = Texts {
        firsts: Vec::new(),
        contents,
        is: texts.was,
        leaders: texts.leaders,
    };
    if known.contents.len() < known.is.len() {
        return Err(fail(damaged()));
    }
    let weights = state::read_weights(&bytes(&kept.weights)?).map_err(fail)?;
    let judged = relate(&known, pairs, Arc::new(weights), &means, &mut |_| {})?;
    let told = Told {
        id: &|article| articles.id(article),
        // Groups are not asked for.
        texts: &[],
        is: &[],
        leaders: &known.leaders,
        blocks: &[],
        names,
    };
    let options = Options {
        relations: true,
        ..Options::default()
    };
    let found = tell(&told, judged.into_iter(), &options, |_| None);
    Ok(Some(found.relations))
}
