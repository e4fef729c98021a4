//! Reads the articles of candidate pairs once more and judges the pairs.
//!
//! Pairs are taken in the order of reading of their later article, so that files are read forwards. What was read stays
//! in memory as long as a later pair needs it and there is room; else it is read again. Neither that nor the number of
//! threads changes what is found.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use super::catalogue::{Catalogue, Order, Place};
use super::record;
use crate::cancel::Cancel;
use crate::formats;
use crate::group::{Evidence, Judge, Pair, Profile, Profiler, Weights};

/// How many articles are read before their pairs are judged.
const BATCH: usize = 1024;

/// Articles at hand, and where the rest is.
pub(super) struct Verifier<'a> {
    catalogue: &'a Catalogue,
    order: &'a Order,
    options: &'a formats::Options,
    threads: usize,
    /// How many bytes of articles stay in memory.
    limit: usize,
    held: usize,
    /// By the number of the article.
    profiles: Vec<Option<Box<Profile>>>,
    weights: Weights,
    workers: Vec<Worker>,
    /// Records that are not what they were when they were signed.
    pub changed: Vec<u32>,
}

/// What a thread keeps between two pieces of work.
#[derive(Default)]
struct Worker {
    profiler: Profiler,
    judge: Judge,
    files: HashMap<u32, File>,
    line: Vec<u8>,
}

impl<'a> Verifier<'a> {
    pub fn new(
        catalogue: &'a Catalogue,
        order: &'a Order,
        options: &'a formats::Options,
        threads: usize,
        limit: usize,
    ) -> Self {
        Self {
            catalogue,
            order,
            options,
            threads,
            limit,
            held: 0,
            profiles: catalogue.ids.iter().map(|_| None).collect(),
            weights: Weights::default(),
            workers: (0..threads).map(|_| Worker::default()).collect(),
            changed: Vec::new(),
        }
    }

    /// Weighs grams from now on.
    pub fn weigh(&mut self, weights: Weights) {
        self.weights = weights;
        for profile in self.profiles.iter_mut().flatten() {
            profile.weigh(&self.weights);
        }
    }

    /// Judges pairs; a pair of which an article changed meanwhile has no evidence. `progress` gets how many are done.
    /// Nothing when cancelled.
    pub fn judge(
        &mut self,
        pairs: &[Pair],
        cancel: &Cancel,
        progress: &mut dyn FnMut(u64),
    ) -> Option<Vec<(Pair, Evidence)>> {
        let article = |rank: u32| self.order.by_rank[rank as usize];
        let mut jobs: Vec<(u32, u32, Pair)> = pairs
            .iter()
            .map(|pair| {
                let (a, b) = (article(pair.0), article(pair.1));
                (a.max(b), a.min(b), *pair)
            })
            .collect();
        jobs.sort_unstable();
        let mut last_use = vec![0u32; self.profiles.len()];
        for (later, earlier, _) in &jobs {
            last_use[*earlier as usize] = *later;
            last_use[*later as usize] = (*later).max(last_use[*later as usize]);
        }
        let mut judged = Vec::with_capacity(pairs.len());
        let mut rest = &jobs[..];
        while !rest.is_empty() {
            if cancel.is_cancelled() {
                return None;
            }
            // So many pairs that about a batch of articles must be read.
            let mut wanted: Vec<u32> = Vec::new();
            let mut count = 0;
            while count < rest.len() && wanted.len() < BATCH && count < 16 * BATCH {
                let (later, earlier, _) = rest[count];
                wanted.extend(
                    [later, earlier]
                        .into_iter()
                        .filter(|it| self.profiles[*it as usize].is_none()),
                );
                count += 1;
            }
            wanted.sort_unstable();
            wanted.dedup();
            self.load(&wanted, cancel);
            let (now, later) = rest.split_at(count);
            rest = later;
            let mut pairs: Vec<Pair> = now.iter().map(|(_, _, pair)| *pair).collect();
            pairs.sort_unstable();
            self.compare(&pairs, &mut judged);
            progress(judged.len() as u64);
            if self.held > self.limit {
                let done = now.last().map_or(0, |(later, _, _)| *later);
                self.forget(|article| last_use[article] <= done);
                if self.held > self.limit / 2 {
                    self.forget(|_| true);
                }
            }
        }
        judged.sort_unstable_by_key(|(pair, _)| *pair);
        Some(judged)
    }

    fn forget(&mut self, which: impl Fn(usize) -> bool) {
        for (article, slot) in self.profiles.iter_mut().enumerate() {
            if let Some(profile) = slot
                && which(article)
            {
                self.held = self.held.saturating_sub(profile.bytes());
                *slot = None;
            }
        }
    }

    /// Reads articles.
    fn load(&mut self, wanted: &[u32], cancel: &Cancel) {
        if wanted.is_empty() {
            return;
        }
        let share = wanted.len().div_ceil(self.threads).max(1);
        let (catalogue, options, weights) = (self.catalogue, self.options, &self.weights);
        let loaded: Vec<Vec<Option<Box<Profile>>>> = std::thread::scope(|scope| {
            let parts: Vec<_> = wanted
                .chunks(share)
                .zip(&mut self.workers)
                .map(|(part, worker)| {
                    scope.spawn(move || {
                        let read = |article: &u32| match cancel.is_cancelled() {
                            true => None,
                            false => worker.profile(*article, catalogue, options, weights),
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
        for (article, profile) in wanted.iter().zip(loaded.into_iter().flatten()) {
            match profile {
                Some(profile) => {
                    self.held += profile.bytes();
                    self.profiles[*article as usize] = Some(profile);
                }
                None => self.changed.push(*article),
            }
        }
    }

    fn compare(&mut self, pairs: &[Pair], judged: &mut Vec<(Pair, Evidence)>) {
        let share = pairs.len().div_ceil(self.threads).max(1);
        let (profiles, order) = (&self.profiles, self.order);
        let profile = |rank: u32| profiles[order.by_rank[rank as usize] as usize].as_deref();
        std::thread::scope(|scope| {
            let parts: Vec<_> = pairs
                .chunks(share)
                .zip(&mut self.workers)
                .map(|(part, worker)| {
                    scope.spawn(move || -> Vec<(Pair, Evidence)> {
                        let judge = |pair: &Pair| {
                            let (left, right) = (profile(pair.0)?, profile(pair.1)?);
                            Some((*pair, worker.judge.evidence(pair.0, left, right)))
                        };
                        part.iter().filter_map(judge).collect()
                    })
                })
                .collect();
            for part in parts {
                judged.extend(part.join().unwrap_or_default());
            }
        });
    }
}

impl Worker {
    fn profile(
        &mut self,
        article: u32,
        catalogue: &Catalogue,
        options: &formats::Options,
        weights: &Weights,
    ) -> Option<Box<Profile>> {
        let mut profile = match catalogue.places[article as usize] {
            Place::Held(at) => catalogue.held.get(at as usize)?.profile(&mut self.profiler),
            Place::Line {
                file,
                length,
                offset,
            } => {
                let path = &catalogue.files[file as usize];
                let input = match self.files.entry(file) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(new) => new.insert(File::open(path).ok()?),
                };
                self.line.resize(length as usize, 0);
                input.seek(SeekFrom::Start(offset)).ok()?;
                input.read_exact(&mut self.line).ok()?;
                let opened = record::open(path, &self.line, options, &mut Vec::new())?;
                opened.profile(&self.line, options, &mut self.profiler)?
            }
        };
        let content = catalogue.contents[article as usize];
        if content.is_some_and(|content| content != profile.content()) {
            return None;
        }
        profile.weigh(weights);
        Some(Box::new(profile))
    }
}
