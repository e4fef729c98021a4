//! Reads the articles of candidate pairs once more and judges the pairs.
//!
//! Pairs that hang together by other pairs are judged one after the other, so that each article is read once, however
//! far apart in the files its versions stand, and may be forgotten behind its last pair. Where that is more than memory
//! holds, articles are forgotten earlier and read again. Neither that nor the number of threads changes what is found.

use std::sync::Arc;

use super::articles::{Articles, Reader};
use super::decide::Texts;
use crate::cancel::Cancel;
use crate::group::{Evidence, Judge, Pair, Profile, Profiler, Weights};

/// How many articles are read before their pairs are judged.
const BATCH: usize = 1024;

/// Articles at hand, and where the rest is.
pub(super) struct Verifier<'a> {
    articles: &'a dyn Articles,
    texts: &'a Texts,
    threads: usize,
    /// How many bytes of articles stay in memory.
    limit: usize,
    held: usize,
    /// By text.
    profiles: Vec<Option<Box<Profile>>>,
    /// Which of these are in memory.
    loaded: Vec<u32>,
    weights: Arc<Weights>,
    workers: Vec<Worker<'a>>,
    /// By text, where that was asked for: [`Profile::span`] of those that were read.
    pub spans: Vec<f32>,
    /// Texts that are not what they were when they were signed.
    pub changed: Vec<u32>,
}

/// What a thread keeps between two pieces of work.
struct Worker<'a> {
    reader: Option<Box<dyn Reader + 'a>>,
    profiler: Profiler,
    judge: Judge,
}

/// A pair to judge: its place among the pairs.
type Job = usize;

/// The evidence on the pair in a place.
pub(super) type Known<'a> = dyn Fn(usize) -> Evidence + Sync + 'a;

impl<'a> Verifier<'a> {
    pub fn new(articles: &'a dyn Articles, texts: &'a Texts, threads: usize, limit: usize) -> Self {
        let threads = threads.max(1);
        Self {
            articles,
            texts,
            threads,
            limit,
            held: 0,
            profiles: Vec::new(),
            loaded: Vec::new(),
            weights: Arc::default(),
            workers: Vec::new(),
            spans: Vec::new(),
            changed: Vec::new(),
        }
    }

    /// Weighs grams from now on.
    pub fn weigh(&mut self, weights: Arc<Weights>) {
        self.weights = weights;
        for text in &self.loaded {
            if let Some(profile) = &mut self.profiles[*text as usize] {
                profile.weigh(&self.weights);
            }
        }
    }

    /// Judges pairs, ascending; where evidence is `known` only what the weights change in it. A pair of which an
    /// article changed meanwhile has no evidence. `progress` gets how many are done. Nothing when cancelled.
    pub fn judge(
        &mut self,
        pairs: &[Pair],
        known: Option<&Known<'_>>,
        cancel: &Cancel,
        progress: &mut dyn FnMut(u64),
    ) -> Option<Vec<Option<Evidence>>> {
        let mut judged: Vec<Option<Evidence>> = vec![None; pairs.len()];
        if pairs.is_empty() {
            return Some(judged);
        }
        self.profiles.resize_with(self.texts.is.len(), || None);
        for worker in &mut self.workers {
            worker.profiler.only_grams(known.is_some());
        }
        let jobs = together(pairs, self.texts.is.len());
        let mut last_use = vec![0u32; self.profiles.len()];
        for (at, job) in (0u32..).zip(&jobs) {
            let (a, b) = pairs[*job];
            (last_use[a as usize], last_use[b as usize]) = (at, at);
        }
        let mut done = 0;
        while done < jobs.len() {
            if cancel.is_cancelled() {
                return None;
            }
            // So many pairs that about a batch of articles must be read.
            let mut wanted: Vec<u32> = Vec::new();
            let mut end = done;
            while end < jobs.len() && wanted.len() < BATCH && end - done < 16 * BATCH {
                let (a, b) = pairs[jobs[end]];
                let new = |text: &u32| self.profiles[*text as usize].is_none();
                wanted.extend([a, b].into_iter().filter(new));
                end += 1;
            }
            wanted.sort_unstable_by_key(|text| self.texts.leaders[*text as usize]);
            wanted.dedup();
            self.load(&wanted, known.is_some(), cancel);
            let mut now = jobs[done..end].to_vec();
            now.sort_unstable();
            self.compare(pairs, known, &now, &mut judged, cancel);
            done = end;
            progress(done as u64);
            // What stays is not read again when pairs are weighed.
            if self.held > self.limit {
                self.forget(|text| last_use[text as usize] < done as u32);
            }
            if self.held > self.limit {
                self.forget(|_| true);
            }
        }
        if cancel.is_cancelled() {
            return None;
        }
        Some(judged)
    }

    fn forget(&mut self, which: impl Fn(u32) -> bool) {
        let Self {
            profiles,
            loaded,
            held,
            ..
        } = self;
        loaded.retain(|text| {
            if !which(*text) {
                return true;
            }
            if let Some(profile) = profiles[*text as usize].take() {
                *held = held.saturating_sub(profile.bytes());
            }
            false
        });
    }

    fn workers(&mut self, only_grams: bool) {
        while self.workers.len() < self.threads {
            let mut profiler = Profiler::default();
            profiler.only_grams(only_grams);
            self.workers.push(Worker {
                reader: None,
                profiler,
                judge: Judge::default(),
            });
        }
    }

    /// Reads articles.
    fn load(&mut self, wanted: &[u32], only_grams: bool, cancel: &Cancel) {
        if wanted.is_empty() {
            return;
        }
        self.workers(only_grams);
        let share = wanted.len().div_ceil(self.threads).max(1);
        let (articles, texts, weights) = (self.articles, self.texts, &*self.weights);
        let loaded: Vec<Vec<Option<Box<Profile>>>> = std::thread::scope(|scope| {
            let parts: Vec<_> = wanted
                .chunks(share)
                .zip(&mut self.workers)
                .map(|(part, worker)| {
                    scope.spawn(move || {
                        let read = |text: &u32| match cancel.is_cancelled() {
                            true => None,
                            false => worker.profile(*text, articles, texts, weights),
                        };
                        part.iter().map(read).collect()
                    })
                })
                .collect();
            parts
                .into_iter()
                .map(|part| part.join().unwrap_or_default())
                .collect()
        });
        for (text, profile) in wanted.iter().zip(loaded.into_iter().flatten()) {
            match profile {
                Some(profile) => {
                    self.held += profile.bytes();
                    if let Some(span) = self.spans.get_mut(*text as usize) {
                        *span = profile.span();
                    }
                    self.profiles[*text as usize] = Some(profile);
                    self.loaded.push(*text);
                }
                None => self.changed.push(*text),
            }
        }
    }

    fn compare(
        &mut self,
        pairs: &[Pair],
        known: Option<&Known<'_>>,
        now: &[Job],
        judged: &mut [Option<Evidence>],
        cancel: &Cancel,
    ) {
        self.workers(known.is_some());
        let share = now.len().div_ceil(self.threads).max(1);
        let profiles = &self.profiles;
        let profile = |text: u32| profiles[text as usize].as_deref();
        std::thread::scope(|scope| {
            let parts: Vec<_> = now
                .chunks(share)
                .zip(&mut self.workers)
                .map(|(part, worker)| {
                    scope.spawn(move || -> Vec<(Job, Evidence)> {
                        let judge = |job: &Job| {
                            if cancel.is_cancelled() {
                                return None;
                            }
                            let (a, b) = pairs[*job];
                            let (left, right) = (profile(a)?, profile(b)?);
                            let evidence = match known {
                                Some(known) => worker.judge.again(a, left, right, &known(*job)),
                                None => worker.judge.evidence(a, left, right),
                            };
                            Some((*job, evidence))
                        };
                        part.iter().filter_map(judge).collect()
                    })
                })
                .collect();
            for part in parts {
                for (job, evidence) in part.join().unwrap_or_default() {
                    judged[job] = Some(evidence);
                }
            }
        });
    }
}

impl<'a> Worker<'a> {
    fn profile(
        &mut self,
        text: u32,
        articles: &'a dyn Articles,
        texts: &Texts,
        weights: &Weights,
    ) -> Option<Box<Profile>> {
        let reader = self.reader.get_or_insert_with(|| articles.reader());
        let leader = texts.leaders[text as usize];
        let mut profile = reader.profile(leader, &mut self.profiler)?;
        if texts.contents[text as usize] != profile.content() {
            return None;
        }
        profile.weigh(weights);
        Some(Box::new(profile))
    }
}

/// The places of pairs, those together that hang together.
fn together(pairs: &[Pair], texts: usize) -> Vec<Job> {
    let mut parent: Vec<u32> = (0..texts as u32).collect();
    fn root(parent: &mut [u32], mut text: u32) -> u32 {
        while parent[text as usize] != text {
            parent[text as usize] = parent[parent[text as usize] as usize];
            text = parent[text as usize];
        }
        text
    }
    for (a, b) in pairs {
        let (a, b) = (root(&mut parent, *a), root(&mut parent, *b));
        parent[a.max(b) as usize] = a.min(b);
    }
    let mut jobs: Vec<(u32, Job)> = pairs
        .iter()
        .enumerate()
        .map(|(at, (a, _))| (root(&mut parent, *a), at))
        .collect();
    jobs.sort_unstable();
    jobs.into_iter().map(|(_, at)| at).collect()
}
