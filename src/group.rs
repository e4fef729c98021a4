//! Which articles are versions of one text. Pure: documents in, groups with reasons out.
//!
//! Propose widely, decide exactly, explain always. The steps, each a pure function, so that whoever has the articles
//! (one process, many, a cluster) may run the same plan:
//! 1. *sign*: [`Signer`] keeps of every article a hash of its words and a winnowed sample of its word 4-grams;
//! 2. *propose*: [`candidates`] finds pairs that share fingerprints;
//! 3. *verify*: [`Profiler`] and [`Judge`] look at both articles of a pair: the shares of each side on the full sets
//!    of grams, the same context with other numbers or names (`guard`), titles, dates; points for and against;
//! 4. *link*: [`components`] makes groups of pairs, strongest first, unless the other pairs between two groups object;
//! 5. [`Weights`]: fingerprints are weighed by the number of groups they stand in, and 3 and 4 are done again for the
//!    articles that hold heavy ones.
//!
//! [`group()`] runs them over documents in memory; `store::regroup` over collections of any size. What each piece of
//! evidence is worth stands in docs/GROUPING.md.
//!
//! Rejected: resemblance (Jaccard) of whole pages: two fifths of the true pairs lie below .7, while low thresholds
//! merge the issues of a newsletter. Plain connected components: one page of teasers chains all its articles together.

mod boilerplate;
mod candidate;
pub mod correct;
mod guard;
mod judge;
mod link;
mod profile;
mod report;
mod signature;
mod sketch;
mod types;
mod verify;
mod words;

pub use boilerplate::{Named, Weights};
pub use candidate::{
    Candidates, Counting, Dealer, InMemory, PARTS, Pair, Parts, Postings, Rows, Take, Texts,
    candidates, is_faint,
};
pub use guard::Agreement;
pub use judge::{DECISION_VERSION, Dates, Evidence, Judge, Points, Titles, Tuning};
pub use link::{Linked, Vote, components, weighty};
pub use profile::{Facts, Profile, Profiler};
pub use report::{Told, report as tell};
pub use signature::{SIGNATURE_VERSION, Signature, Signer};
pub use sketch::{Likeness, Looked, Sketch};
pub use types::{
    Document, Group, Grouping, Link, Options, PairBlocks, Reason, Relation, RelationKind,
    SharedBlocks, Stage, Step,
};
pub use verify::Overlap;

use std::collections::HashMap;

use crate::cancel::Cancel;
use crate::model::ArticleId;

/// Groups articles. The order of `documents` does not matter. Nothing when cancelled.
pub fn group(documents: &[Document<'_>], options: &Options, cancel: &Cancel) -> Option<Grouping> {
    group_and_tell(documents, options, cancel, &mut |_| {})
}

/// The same for whoever wants to know how far it has come.
pub fn group_and_tell(
    documents: &[Document<'_>],
    options: &Options,
    cancel: &Cancel,
    progress: &mut dyn FnMut(Step),
) -> Option<Grouping> {
    let mut work = Work::new(documents, options, cancel, progress)?;
    let decided = work.decide(&Tuning::default(), cancel, progress)?;
    Some(work.report(&decided, options))
}

/// Articles in memory, signed, paired and looked at closely: everything that the decision needs.
pub struct Work {
    ids: Vec<ArticleId>,
    /// The first with the same words; articles stand in the order of their ids.
    leaders: Vec<u32>,
    /// A hash of the words of each.
    contents: Vec<u64>,
    blocks: Vec<u32>,
    postings: InMemory,
    candidates: Candidates,
    profiles: Vec<Option<Profile>>,
    /// The evidence while nothing is known of boilerplate.
    first: Option<Judged>,
    /// The evidence by the weights that follow from these groups, on candidates and on faint pairs.
    second: Option<(Vec<u32>, Judged, Judged)>,
}

/// Pairs and the evidence on them, ascending.
type Judged = Vec<(Pair, Evidence)>;

impl Work {
    /// Signs and pairs articles. Nothing when cancelled.
    pub fn new(
        documents: &[Document<'_>],
        options: &Options,
        cancel: &Cancel,
        progress: &mut dyn FnMut(Step),
    ) -> Option<Self> {
        let mut told = |stage, done: usize, all: usize| {
            progress(Step {
                stage,
                done: done as u64,
                all: all as u64,
            });
        };
        let mut documents: Vec<&Document<'_>> = documents.iter().collect();
        documents.sort_by_key(|document| document.id);
        let mut first: HashMap<u64, u32> = HashMap::new();
        let mut signer = Signer::default();
        let mut postings = InMemory::default();
        let mut dealer = Dealer::new(&mut postings);
        let mut leaders = Vec::with_capacity(documents.len());
        let mut contents = Vec::with_capacity(documents.len());
        for (number, document) in (0u32..).zip(&documents) {
            if cancel.is_cancelled() {
                return None;
            }
            told(Stage::Sign, number as usize, documents.len());
            let signature = signer.sign(document.blocks.iter().copied());
            let leader = match signature.content {
                Some(content) => *first.entry(content).or_insert(number),
                None => number,
            };
            if leader == number {
                let Ok(()) = dealer.post(number, &signature.prints);
            }
            leaders.push(leader);
            contents.push(signature.content.unwrap_or_default());
        }
        let Ok(()) = dealer.finish();
        postings.sort();
        let texts = Texts {
            order: &contents,
            was: &vec![false; documents.len()],
            is: &vec![true; documents.len()],
        };
        let counting = Counting {
            postings: &mut postings,
            pairs: [&mut InMemory::default(), &mut InMemory::default()],
            counted: &mut vec![Rows::default(); documents.len()],
            shared: &mut |_, _| Ok(0),
            progress: &mut |done, all| told(Stage::Propose, done as usize, all as usize),
        };
        let Ok(candidates) = candidates(&texts, counting, cancel);
        let mut work = Self {
            ids: documents.iter().map(|document| document.id).collect(),
            profiles: documents.iter().map(|_| None).collect(),
            blocks: vec![0; documents.len()],
            leaders,
            contents,
            postings,
            candidates: candidates?,
            first: None,
            second: None,
        };
        if !options.relations {
            work.candidates.faint.clear();
        }
        let copied = work.leaders.iter().enumerate();
        let copied = copied.filter(|(at, leader)| **leader as usize != *at);
        let mut wanted: Vec<u32> = copied.map(|(_, leader)| *leader).collect();
        let Candidates { pairs, faint, .. } = &work.candidates;
        wanted.extend(pairs.iter().chain(faint).flat_map(|(a, b)| [*a, *b]));
        wanted.sort_unstable();
        wanted.dedup();
        let mut profiler = Profiler::default();
        let all = wanted.len() + work.judgements();
        for (at, number) in wanted.into_iter().enumerate() {
            if cancel.is_cancelled() {
                return None;
            }
            told(Stage::Verify, at, all);
            let document = documents[number as usize];
            let profile = profiler.profile(&document.into(), document.blocks.iter().copied());
            work.blocks[number as usize] = profile.blocks();
            work.profiles[number as usize] = Some(profile);
        }
        Some(work)
    }

    /// How often a pair is looked at.
    fn judgements(&self) -> usize {
        2 * self.candidates.pairs.len() + self.candidates.faint.len()
    }

    /// Judges all pairs, twice, and makes groups. Called again with other numbers, it does only what these change.
    /// Nothing when cancelled.
    pub fn decide(
        &mut self,
        tuning: &Tuning,
        cancel: &Cancel,
        progress: &mut dyn FnMut(Step),
    ) -> Option<Decided> {
        // The articles of the pairs were read before.
        let mut done = self.profiles.iter().flatten().count();
        let all = done + self.judgements();
        let mut judged = || {
            done += 1;
            progress(Step {
                stage: Stage::Verify,
                done: done as u64,
                all: all as u64,
            });
        };
        if self.first.is_none() {
            self.weigh(&Weights::default());
            self.first = Some(self.judge(&self.candidates.pairs, cancel, &mut judged)?);
            self.second = None;
        }
        let first = self.first.as_deref().unwrap_or_default();
        let names = self.link(first, tuning, cancel)?;
        if !tuning.weigh {
            return Some(Decided {
                judged: first.to_vec(),
                faint: Vec::new(),
                names,
            });
        }
        // The first time nothing was known of boilerplate. A third time moved nothing on any collection measured.
        if self
            .second
            .as_ref()
            .is_none_or(|(known, _, _)| *known != names)
        {
            let mut weights = Weights::default();
            let (mut digests, mut shifts) = (vec![0; self.ids.len()], vec![0.0; self.ids.len()]);
            let all = vec![true; self.ids.len()];
            let before = Named {
                is: &vec![false; self.ids.len()],
                names: &names,
            };
            let now = Named {
                is: &all,
                names: &names,
            };
            let each = |take: &mut Take<'_, _>| self.postings.each(&all, take);
            let Ok(()) = weights.recount([before, now], &mut digests, &mut shifts, each);
            self.weigh(&weights);
            let pairs = self.judge(&self.candidates.pairs, cancel, &mut judged)?;
            let faint = self.judge(&self.candidates.faint, cancel, &mut judged)?;
            self.second = Some((names, pairs, faint));
        }
        let (_, judged, faint) = self.second.clone()?;
        let names = self.link(&judged, tuning, cancel)?;
        Some(Decided {
            judged,
            faint,
            names,
        })
    }

    fn link(
        &self,
        judged: &[(Pair, Evidence)],
        tuning: &Tuning,
        cancel: &Cancel,
    ) -> Option<Vec<u32>> {
        let vote = |(pair, evidence): &(Pair, Evidence)| (*pair, evidence.strength(tuning));
        let votes = judged.iter().map(vote);
        let crowded = &self.candidates.crowded;
        components(crowded, &self.contents, votes, tuning.absent, None, cancel)
    }

    fn weigh(&mut self, weights: &Weights) {
        for profile in self.profiles.iter_mut().flatten() {
            profile.weigh(weights);
        }
    }

    fn judge(
        &self,
        pairs: &[Pair],
        cancel: &Cancel,
        done: &mut dyn FnMut(),
    ) -> Option<Vec<(Pair, Evidence)>> {
        let mut judge = Judge::default();
        let mut judged = Vec::with_capacity(pairs.len());
        for pair @ (a, b) in pairs {
            if cancel.is_cancelled() {
                return None;
            }
            done();
            let sides = (&self.profiles[*a as usize], &self.profiles[*b as usize]);
            if let (Some(left), Some(right)) = sides {
                judged.push((*pair, judge.evidence(*a, left, right)));
            }
        }
        Some(judged)
    }

    /// The group of every article by the place of its id among all: the place of one of its members.
    pub fn groups(&self, decided: &Decided) -> Vec<u32> {
        let leaders = self.leaders.iter();
        leaders
            .map(|leader| decided.names[*leader as usize])
            .collect()
    }

    /// Tells what was decided.
    pub fn report(&self, decided: &Decided, options: &Options) -> Grouping {
        let mut judge = Judge::default();
        let explain = |(a, b): Pair| {
            let sides = (&self.profiles[a as usize], &self.profiles[b as usize]);
            let (Some(left), Some(right)) = sides else {
                return None;
            };
            options.blocks.then(|| {
                judge.evidence(a, left, right);
                judge.blocks(left, right)
            })
        };
        let own: Vec<u32> = (0..self.ids.len() as u32).collect();
        let told = Told {
            id: &|article| self.ids[article as usize],
            texts: &self.leaders,
            is: &vec![true; self.ids.len()],
            leaders: &own,
            blocks: &self.blocks,
            names: &decided.names,
        };
        let judged = decided.judged.iter().chain(&decided.faint).copied();
        report::report(&told, judged, options, explain)
    }
}

/// What was decided of articles.
pub struct Decided {
    /// The evidence on every pair that may be versions, ascending.
    pub judged: Vec<(Pair, Evidence)>,
    /// The evidence on pairs that may be related otherwise, ascending.
    pub faint: Vec<(Pair, Evidence)>,
    /// The group of every article, as the place of its smallest member in the order of ids.
    pub names: Vec<u32>,
}

#[cfg(test)]
mod tests;
