//! What was grouped, a few groups at a time, as libraries in memory: whoever tells of groups asks these as he asks any
//! other, however large the collection is. Articles are read again from where they stand.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use super::Regrouped;
use super::articles::{Articles, Reader};
use super::catalogue::{OnDisk, Place, Whole};
use super::record::raw_hash;
use crate::cancel::Cancel;
use crate::formats::{self, Item, Line, Record};
use crate::group::{Group, Grouping, Judge, PairBlocks, Profile, Profiler, Reason, Relation};
use crate::model::{Article, ArticleId};
use crate::store::boilerplate::{Blocks, Counts, Marks, marks_of};
use crate::store::hashes::Hashed;
use crate::store::ingest::{expand, open, process};
use crate::store::local::LocalLibrary;
use crate::store::types::Correction;

/// So many relations of an article are told.
const RELATIONS: usize = 100;

/// What was grouped, by articles.
pub struct Shelves<'a> {
    found: &'a Regrouped,
    options: &'a formats::Options,
    articles: HashMap<ArticleId, u32, Hashed>,
    /// Records, those of one article together in the order of reading; where those of each begin.
    records: Vec<u32>,
    starts: Vec<u32>,
    /// Where each relation is, by both of its articles.
    related: Vec<(ArticleId, u32)>,
    /// Of whom something was said, both ways.
    said: Vec<(ArticleId, ArticleId)>,
    grouping: Arc<Grouping>,
    missing: usize,
    /// Which blocks stand in which articles, by number, and in how many groups, if that was looked for.
    blocks: Option<(Blocks, Arc<Counts>)>,
    /// The records of the file that was read last as a whole.
    last: Option<(u32, Vec<Record>)>,
}

/// Finds out which blocks pairs share.
struct Explainer<'a> {
    found: &'a Regrouped,
    reader: Box<dyn Reader + 'a>,
    profiler: Profiler,
    judge: Judge,
    left: Option<(u32, Profile)>,
}

impl<'a> Shelves<'a> {
    /// A library with nothing in it.
    pub fn empty(&self) -> LocalLibrary {
        LocalLibrary::of_records(self.options, Vec::new(), Grouping::default(), |_| {
            Blocks::default()
        })
    }

    /// Sorts what was found by articles; `corrections` are what a person said of them.
    pub fn new(
        found: &'a Regrouped,
        options: &'a formats::Options,
        corrections: &[Correction],
    ) -> Self {
        let catalogue = &found.catalogue;
        let mut starts = vec![0; catalogue.ids.len() + 1];
        for record in &catalogue.records {
            starts[record.article as usize + 1] += 1;
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let (mut next, mut records) = (starts.clone(), vec![0; catalogue.records.len()]);
        for at in &found.order {
            let place = &mut next[catalogue.records[*at as usize].article as usize];
            records[*place as usize] = *at;
            *place += 1;
        }
        let grouping = found.grouping();
        let ends = grouping.relations.iter().zip(0u32..);
        let mut related: Vec<_> = ends.flat_map(|(it, at)| [(it.a, at), (it.b, at)]).collect();
        related.sort_unstable();
        let said = corrections
            .iter()
            .flat_map(|it| [(it.a, it.b), (it.b, it.a)]);
        let mut said: Vec<(ArticleId, ArticleId)> = said.collect();
        said.sort_unstable();
        Self {
            said,
            found,
            options,
            articles: catalogue.ids.iter().copied().zip(0..).collect(),
            records,
            starts,
            related,
            grouping: Arc::new(grouping),
            missing: 0,
            blocks: None,
            last: None,
        }
    }

    /// All groups of two and more, ordered by their smallest member, and relations.
    pub fn grouping(&self) -> Arc<Grouping> {
        Arc::clone(&self.grouping)
    }

    /// How many articles could not be read as they were grouped, and were left out.
    pub fn missing(&self) -> usize {
        self.missing
    }

    /// The articles of some groups; with `related` also what these are related to, and with `explained` which blocks
    /// are shared.
    pub fn of_groups(&mut self, groups: &[Group], related: bool, explained: bool) -> LocalLibrary {
        let members = || groups.iter().flat_map(|group| &group.members).copied();
        let mut relations: Vec<u32> = Vec::new();
        for id in members().filter(|_| related) {
            let start = self.related.partition_point(|(known, _)| *known < id);
            let own = self.related[start..]
                .iter()
                .take_while(|(known, _)| *known == id);
            relations.extend(own.take(RELATIONS).map(|(_, at)| *at));
        }
        relations.sort_unstable();
        relations.dedup();
        let relations = relations
            .iter()
            .map(|at| &self.grouping.relations[*at as usize]);
        let relations: Vec<Relation> = relations.cloned().collect();
        let ends = relations.iter().flat_map(|it| [it.a, it.b]);
        let mut ids: Vec<ArticleId> = members().chain(ends).collect();
        for id in members().filter(|_| related) {
            let start = self.said.partition_point(|(known, _)| *known < id);
            let own = self.said[start..].iter();
            let own = own.take_while(|(known, _)| *known == id);
            let others = own.map(|(_, other)| *other);
            ids.extend(others.filter(|other| self.articles.contains_key(other)));
        }
        let groups = groups.to_vec();
        self.library(ids, Grouping { groups, relations }, explained)
    }

    /// The articles of some relations; with `explained` also which blocks are shared.
    pub fn of_relations(&mut self, relations: &[Relation], explained: bool) -> LocalLibrary {
        let ids = relations.iter().flat_map(|it| [it.a, it.b]).collect();
        let relations = relations.to_vec();
        let groups = Vec::new();
        self.library(ids, Grouping { groups, relations }, explained)
    }

    fn library(
        &mut self,
        ids: Vec<ArticleId>,
        mut part: Grouping,
        explained: bool,
    ) -> LocalLibrary {
        let articles = ids.iter().filter_map(|id| self.articles.get(id).copied());
        let mut articles: Vec<u32> = articles.collect();
        articles.sort_unstable();
        articles.dedup();
        let mut records = Vec::new();
        for article in articles {
            let (start, end) = (
                self.starts[article as usize],
                self.starts[article as usize + 1],
            );
            for at in start..end {
                let at = self.records[at as usize];
                records.extend(self.read(at));
            }
        }
        let read: HashSet<ArticleId> = records.iter().map(|it| it.article.id).collect();
        let asked = ids.iter().collect::<HashSet<_>>().len();
        if read.len() < asked {
            self.missing += asked - read.len();
            for group in &mut part.groups {
                group.members.retain(|id| read.contains(id));
                group
                    .links
                    .retain(|it| read.contains(&it.a) && read.contains(&it.b));
            }
            part.groups.retain(|group| group.members.len() > 1);
            part.relations
                .retain(|it| read.contains(&it.a) && read.contains(&it.b));
        }
        if explained {
            self.explain(&mut part);
        }
        let number = |id: &ArticleId| self.articles.get(id).map(|article| *article as usize);
        LocalLibrary::of_records(self.options, records, part, |ids| match &self.blocks {
            Some((blocks, counts)) => blocks.part(ids.iter().map(number), counts),
            None => Blocks::default(),
        })
    }

    /// Finds out which blocks stand in other articles too: every article is read once more, by all cores.
    pub fn look_for_boilerplate(&mut self, cancel: &Cancel) {
        const AT_ONCE: usize = 4096;
        let count = self.found.catalogue.ids.len();
        let mut marks = Marks::default();
        for start in (0..count).step_by(AT_ONCE) {
            let articles = start..count.min(start + AT_ONCE);
            // What stands in a line is read by whoever needs it, any other file once and as a whole.
            let mut held: HashMap<usize, Arc<Article>> = HashMap::new();
            for article in articles.clone() {
                if let Some((at, false)) = self.first(article) {
                    let record = self.read(at);
                    held.extend(record.map(|it| (article, Arc::new(it.article))));
                }
            }
            let this = &*self;
            let article = |article: usize| match this.first(article) {
                Some((at, true)) => Some(Arc::new(this.line(at)?.article)),
                _ => held.get(&article).cloned(),
            };
            marks.append(&marks_of(articles, &article, cancel));
        }
        let parts = |take: &mut dyn FnMut(&Marks)| {
            take(&marks);
            Ok(())
        };
        // Memory does not fail.
        let Ok(Some(blocks)) = Blocks::new(count, parts, cancel) else {
            return;
        };
        let mut alone = vec![true; count];
        let mut groups: Vec<Vec<u32>> = Vec::new();
        for group in &self.grouping.groups {
            let members = group.members.iter();
            let members: Vec<u32> = members
                .filter_map(|id| self.articles.get(id).copied())
                .collect();
            members.iter().for_each(|it| alone[*it as usize] = false);
            groups.push(members);
        }
        let alone = (0u32..).zip(alone);
        let alone =
            alone.filter(|(article, alone)| *alone && self.first(*article as usize).is_some());
        groups.extend(alone.map(|(article, _)| vec![article]));
        let counts = Arc::new(blocks.count(groups.into_iter()));
        self.blocks = Some((blocks, counts));
    }

    /// The first record of an article, and whether that is a line of a file.
    fn first(&self, article: usize) -> Option<(u32, bool)> {
        let (start, end) = (self.starts[article], self.starts[article + 1]);
        let at = *self.records.get(start as usize).filter(|_| start < end)?;
        let place = self.found.catalogue.records[at as usize].place;
        Some((at, matches!(place, Place::Line { .. })))
    }

    /// Reads a record that is a line of a file. None where it is not what it was, or is none.
    fn line(&self, at: u32) -> Option<Record> {
        let record = self.found.catalogue.records[at as usize];
        let path = &self.found.catalogue.files[record.file as usize];
        let Place::Line { length, offset, .. } = record.place else {
            return None;
        };
        line(
            path,
            offset,
            length,
            record.number,
            record.raw,
            self.options,
        )
    }

    /// Reads a record. None where it is not what it was.
    fn read(&mut self, at: u32) -> Option<Record> {
        let (found, options) = (self.found, self.options);
        let record = found.catalogue.records[at as usize];
        let id = found.catalogue.ids[record.article as usize];
        let path = &found.catalogue.files[record.file as usize];
        if let Place::Line { .. } = record.place {
            return self.line(at);
        }
        if self
            .last
            .as_ref()
            .is_none_or(|(file, _)| *file != record.file)
        {
            self.last = Some((record.file, whole(path, options)));
        }
        let number = (record.number > 0).then_some(u64::from(record.number));
        let (_, records) = self.last.as_ref()?;
        let is_it = |it: &&Record| it.article.id == id && it.source.record == number;
        records.iter().find(is_it).cloned()
    }

    /// Adds to links and relations which blocks they share.
    fn explain(&self, part: &mut Grouping) {
        let disk = OnDisk {
            catalogue: &self.found.catalogue,
            options: self.options,
            whole: Whole::default(),
        };
        let mut explainer = Explainer {
            found: self.found,
            reader: disk.reader(),
            profiler: Profiler::default(),
            judge: Judge::default(),
            left: None,
        };
        let article = |id: &ArticleId| self.articles.get(id).copied();
        for link in part.groups.iter_mut().flat_map(|group| &mut group.links) {
            let (Some(a), Some(b)) = (article(&link.a), article(&link.b)) else {
                continue;
            };
            match link.reason {
                Reason::Said => {}
                Reason::SameWords => {
                    let blocks = explainer.count(a);
                    let shared = &mut link.shared_blocks;
                    for count in [
                        &mut shared.a,
                        &mut shared.of_a,
                        &mut shared.b,
                        &mut shared.of_b,
                    ] {
                        *count = blocks;
                    }
                }
                _ => link.blocks = explainer.blocks(a, b),
            }
        }
        for relation in &mut part.relations {
            if let (Some(a), Some(b)) = (article(&relation.a), article(&relation.b)) {
                relation.blocks = explainer.blocks(a, b);
            }
        }
    }
}

impl Explainer<'_> {
    fn profile(&mut self, article: u32) -> Option<Profile> {
        let mut profile = self.reader.profile(article, &mut self.profiler)?;
        profile.weigh(self.found.grouped.weights());
        Some(profile)
    }

    fn left(&mut self, article: u32) -> Option<Profile> {
        match self.left.take() {
            Some((known, profile)) if known == article => Some(profile),
            _ => self.profile(article),
        }
    }

    fn count(&mut self, article: u32) -> u32 {
        let profile = self.left(article);
        let count = profile.as_ref().map_or(0, Profile::blocks);
        self.left = profile.map(|profile| (article, profile));
        count
    }

    fn blocks(&mut self, a: u32, b: u32) -> Option<PairBlocks> {
        let left = self.left(a)?;
        let right = self.profile(b)?;
        self.judge.evidence(a, &left, &right);
        let blocks = self.judge.blocks(&left, &right);
        self.left = Some((a, left));
        Some(blocks)
    }
}

/// Reads a line, if it is what it was.
fn line(
    path: &Path,
    offset: u64,
    length: u32,
    number: u32,
    raw: u64,
    options: &formats::Options,
) -> Option<Record> {
    let mut file = File::open(path).ok()?;
    file.seek(SeekFrom::Start(offset)).ok()?;
    let mut bytes = vec![0; length as usize];
    file.read_exact(&mut bytes).ok()?;
    if raw_hash(&bytes) != raw {
        return None;
    }
    let line = Line {
        number: u64::from(number),
        offset,
        bytes: Some(&bytes),
    };
    let mut found = None;
    process::read_line(path, &line, options, &Cancel::new(), &mut |item| {
        if let Item::Record(record) = item {
            found.get_or_insert(*record);
        }
    });
    found
}

/// Reads all records of a file that can only be read as a whole.
fn whole(path: &Path, options: &formats::Options) -> Vec<Record> {
    let mut records = Vec::new();
    let found = expand(&[path.to_owned()], &[], &Cancel::new(), &mut Vec::new());
    for found in &found {
        let Ok(Some(file)) = open(found) else {
            continue;
        };
        let mut stream = &file;
        let mut sink = |item| {
            if let Item::Record(record) = item {
                records.push(*record);
            }
        };
        process::read(path, &file, options, &Cancel::new(), &mut stream, &mut sink);
    }
    records
}
