//! Which article has the text of one that is gone, by the sketch that the review log keeps of it.
//!
//! Certain is an article that is alike, has the same numbers, and is either the only one alike that has the record id, the
//! address or the name of the file as well, or the only one alike at all, overwhelmingly so. Versions of one text are all
//! alike: where nothing else tells which of them it was, the best is offered.

use std::collections::HashMap;
use std::num::NonZero;
use std::path::Path;
use std::thread;

use super::Found;
use crate::group::{Likeness, Looked, Sketch};
use crate::model::ArticleId;
use crate::store::collection::{Collection, Member};
use crate::store::types::Subject;

/// Share of the sketch that an article must have to be offered.
const OFFERED: f64 = 0.3;
/// Share of either side that must stand in the other for two texts to be alike.
const ALIKE: f64 = 0.5;
/// The same where nothing but the text, its numbers and the title speak for it,
const MUCH: f64 = 0.8;
/// and where nothing but the text does.
const ALL: f64 = 0.95;
/// Share of the numbers that must be the same: another issue of one form has others.
const NUMBERS: f64 = 0.75;
/// A gram of more sketches than this proposes nothing: it is the frame of a site.
const COMMON: usize = 256;
/// So many shared grams make it worth a look.
const WORTH: u32 = 3;

/// An article that may have the text.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    id: ArticleId,
    like: Likeness,
    /// Has the record id, the address, or the name of the file and the number of the record.
    key: bool,
    title: bool,
}

impl Candidate {
    fn is_alike(&self, least: f64) -> bool {
        let (one, other) = (self.like.of_sketch, self.like.of_text);
        one.max(other) >= least
            && one.min(other) >= ALIKE
            && self.like.numbers.is_none_or(|it| it >= NUMBERS)
    }
}

/// For each article that is gone, by its id, what has its text. Articles on disk are looked at only when `thorough`.
pub(super) fn look_for(
    collection: &Collection,
    wanted: &[(&Subject, Sketch)],
    thorough: bool,
) -> HashMap<ArticleId, Found> {
    if wanted.is_empty() {
        return HashMap::new();
    }
    let search = Search::new(wanted);
    let start = match thorough {
        true => 0,
        false => collection.first(),
    };
    let places: Vec<usize> = (start..collection.len()).collect();
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let share = places.len().div_ceil(threads).max(1);
    let mut candidates: Vec<Vec<Candidate>> = vec![Vec::new(); wanted.len()];
    let parts: Vec<Vec<(u32, Candidate)>> = thread::scope(|scope| {
        let search = &search;
        let parts: Vec<_> = places
            .chunks(share)
            .map(|part| scope.spawn(move || search.look_at(collection, part)))
            .collect();
        let joined = parts.into_iter().map(|part| {
            part.join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        joined.collect()
    });
    for (at, candidate) in parts.into_iter().flatten() {
        candidates[at as usize].push(candidate);
    }
    let all = wanted.iter().zip(candidates);
    all.map(|((gone, sketch), candidates)| (gone.article, decide(sketch, candidates)))
        .collect()
}

/// What the candidates come to.
fn decide(sketch: &Sketch, mut candidates: Vec<Candidate>) -> Found {
    candidates.sort_by(|a, b| {
        let rank = |it: &Candidate| (it.key, it.title);
        let share = b.like.of_sketch.total_cmp(&a.like.of_sketch);
        share
            .then(b.like.of_text.total_cmp(&a.like.of_text))
            .then(rank(b).cmp(&rank(a)))
            .then(a.id.cmp(&b.id))
    });
    let Some(best) = candidates.first() else {
        return Found::Nothing;
    };
    let mut alike = candidates.iter().filter(|it| it.is_alike(ALIKE));
    let mut keyed = alike.clone().filter(|it| it.key);
    if let (Some(one), None) = (keyed.next(), keyed.next()) {
        return Found::Certain(one.id);
    }
    // One that is alike at all, whatever it is like in numbers, is another that it could be.
    let near = |it: &&Candidate| it.like.of_sketch.max(it.like.of_text) >= ALIKE;
    let alone = candidates.iter().filter(near).count() == 1;
    match alike.next() {
        Some(one)
            if alone
                && !sketch.is_short()
                && (one.is_alike(ALL) && one.like.of_sketch >= MUCH
                    || one.title && one.is_alike(MUCH) && one.like.numbers.is_some()) =>
        {
            Found::Certain(one.id)
        }
        _ => {
            let named = candidates.iter().find(|it| it.key || it.title);
            Found::Perhaps(named.unwrap_or(best).id)
        }
    }
}

struct Search<'a> {
    wanted: &'a [(&'a Subject, Sketch)],
    /// The sampled grams, ascending, each with the place of its sketch.
    grams: Vec<(u32, u32)>,
}

impl<'a> Search<'a> {
    fn new(wanted: &'a [(&'a Subject, Sketch)]) -> Self {
        let mut grams: Vec<(u32, u32)> = (0..)
            .zip(wanted)
            .flat_map(|(at, (_, sketch))| sketch.grams().iter().map(move |gram| (*gram, at)))
            .collect();
        grams.sort_unstable();
        Self { wanted, grams }
    }

    fn look_at(&self, collection: &Collection, places: &[usize]) -> Vec<(u32, Candidate)> {
        let mut looked = Looked::default();
        let mut hits: HashMap<u32, u32> = HashMap::new();
        let mut found = Vec::new();
        for place in places {
            let Some(member) = collection.member(*place) else {
                continue;
            };
            looked.fill(super::words(&member.article));
            self.count(&looked, &mut hits);
            for (at, count) in hits.drain() {
                let (gone, sketch) = &self.wanted[at as usize];
                if count < WORTH && !sketch.is_short() {
                    continue;
                }
                let like = looked.likeness(sketch);
                if like.of_sketch >= OFFERED {
                    found.push((at, candidate(gone, &member, like)));
                }
            }
        }
        found
    }

    /// How many grams of which sketches stand in an article.
    fn count(&self, looked: &Looked, hits: &mut HashMap<u32, u32>) {
        let mut rest = &self.grams[..];
        for gram in looked.grams() {
            rest = &rest[rest.partition_point(|it| it.0 < *gram)..];
            let same = rest.iter().take_while(|it| it.0 == *gram);
            if same.clone().nth(COMMON).is_none() {
                same.for_each(|it| *hits.entry(it.1).or_default() += 1);
            }
        }
    }
}

fn candidate(gone: &Subject, member: &Member, like: Likeness) -> Candidate {
    let meta = &member.article.meta;
    let same = |now: Option<&str>, then: Option<&str>| now.is_some() && now == then;
    let stem = |path: &Path| path.file_stem().map(std::ffi::OsStr::to_owned);
    let key = |id: Option<&str>, path: &Path, record: Option<u64>| match &gone.record_id {
        Some(own) => id == Some(own),
        None => record == gone.record && stem(path) == stem(&gone.path),
    };
    let mut sources = member.sources.iter();
    Candidate {
        id: member.article.id,
        like,
        key: same(meta.url.as_deref(), gone.url.as_deref())
            || sources.any(|it| key(it.record_id.as_deref(), &it.path, it.record)),
        title: same(Some(member.article.shown_title()), gone.title.as_deref()),
    }
}
