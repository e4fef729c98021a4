//! The articles of a library that are on disk, by number.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use roaring::RoaringBitmap;
use xxhash_rust::xxh3::xxh3_64;

use super::catalogue::{Column, Place, Row, RowRecord};
use super::manifest::Manifest;
use super::place;
use super::segment::Segment;
use crate::formats::Options;
use crate::model::{Article, ArticleId, Source};
use crate::store::boilerplate::Marks;

/// The name of the file with the marks of blocks in the folder of a segment.
pub(super) const MARKS: &str = "marks";

/// Sealed segments, open for reading. What is in it never changes; one more segment makes a new one.
#[derive(Clone, Debug, Default)]
pub struct Sealed {
    folder: PathBuf,
    /// The library.
    pub identity: u64,
    options: Arc<Options>,
    /// By their articles, without gaps.
    pub segments: Vec<Arc<Segment>>,
    /// The folder of each.
    names: Vec<String>,
    /// The file of each number,
    pub paths: Arc<Vec<PathBuf>>,
    /// and how it is shown.
    pub shown_paths: Arc<Vec<String>>,
    /// Files whose records no longer count.
    pub gone: Arc<HashSet<u32>>,
    /// Records that were read after the segment of their article was sealed, with the segment that has them.
    pub extra: Arc<HashMap<u32, Vec<(usize, RowRecord)>>>,
    /// Articles without a record that counts,
    pub dead: Arc<RoaringBitmap>,
    /// and those with some that count and some that do not.
    pub frayed: Arc<RoaringBitmap>,
}

/// An article that was read from where it stands, with all of its records.
#[derive(Debug)]
pub struct Found {
    /// The article.
    pub article: Article,
    /// Where it was read.
    pub sources: Vec<Source>,
    /// As the catalogue has it.
    pub row: Row,
}

impl Sealed {
    /// Opens the segments of a library. An error names what is damaged.
    pub fn open(folder: &Path, manifest: &Manifest, options: &Options) -> io::Result<Self> {
        let mut sealed = Self {
            folder: folder.to_owned(),
            identity: manifest.identity,
            options: Arc::new(options.clone()),
            ..Self::default()
        };
        for entry in &manifest.segments {
            let segment = Segment::open(&folder.join(&entry.name))?;
            if (segment.first(), segment.rows()) != (entry.first, entry.rows) {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    "a segment is not the one that was written",
                ));
            }
            sealed.push(entry.name.clone(), segment)?;
        }
        sealed.read_sources(manifest)?;
        Ok(sealed)
    }

    fn push(&mut self, name: String, segment: Segment) -> io::Result<()> {
        let at = self.segments.len();
        let extra = segment.catalogue.extra()?;
        if !extra.is_empty() {
            let all = Arc::make_mut(&mut self.extra);
            for (article, record) in extra {
                all.entry(*article).or_default().push((at, record.clone()));
                // It was read again.
                if self.dead.contains(*article) {
                    Arc::make_mut(&mut self.dead).remove(*article);
                    Arc::make_mut(&mut self.frayed).insert(*article);
                }
            }
        }
        self.segments.push(Arc::new(segment));
        self.names.push(name);
        Ok(())
    }

    /// The same with the segments that came since.
    pub fn with(&self, folder: &Path, manifest: &Manifest, options: &Options) -> io::Result<Self> {
        if self.segments.is_empty() {
            return Self::open(folder, manifest, options);
        }
        let mut sealed = self.clone();
        for entry in manifest.segments.iter().skip(self.segments.len()) {
            let segment = Segment::open(&self.folder.join(&entry.name))?;
            sealed.push(entry.name.clone(), segment)?;
        }
        sealed.read_sources(manifest)?;
        Ok(sealed)
    }

    /// The same where other files are gone.
    pub fn read_sources(&mut self, manifest: &Manifest) -> io::Result<()> {
        self.paths = Arc::new(manifest.sources.iter().map(|it| it.path.path()).collect());
        let shown = self.paths.iter().map(|it| it.to_string_lossy());
        self.shown_paths = Arc::new(shown.map(Cow::into_owned).collect());
        let gone = (0..).zip(&manifest.sources).filter(|(_, it)| it.gone);
        let gone: HashSet<u32> = gone.map(|(file, _)| file).collect();
        if gone != *self.gone {
            self.gone = Arc::new(gone);
            self.bury()?;
        }
        Ok(())
    }

    /// Finds the articles that lost records.
    fn bury(&mut self) -> io::Result<()> {
        let (mut dead, mut frayed) = (RoaringBitmap::new(), RoaringBitmap::new());
        for number in self.touched()? {
            let Some(row) = self.row(number) else {
                continue;
            };
            match self.records(number, &row).next() {
                None => dead.insert(number),
                Some(_) => frayed.insert(number),
            };
        }
        (self.dead, self.frayed) = (Arc::new(dead), Arc::new(frayed));
        Ok(())
    }

    /// The articles with a record of a file that is gone.
    fn touched(&self) -> io::Result<RoaringBitmap> {
        let mut touched = RoaringBitmap::new();
        for segment in &self.segments {
            let files = segment.catalogue.column(Column::Files)?.iter();
            let first = (segment.first()..).zip(files);
            let first = first.filter(|(_, file)| self.gone.contains(file));
            touched.extend(first.map(|(number, _)| number));
            let more = segment.catalogue.more_files()?.as_chunks::<2>().0.iter();
            let more = more.filter(|[_, file]| self.gone.contains(file));
            touched.extend(more.map(|[row, _]| segment.first() + row));
        }
        let late = self.extra.iter();
        let late = late.filter(|(_, all)| all.iter().any(|(_, it)| self.gone.contains(&it.file)));
        touched.extend(late.map(|(number, _)| *number));
        Ok(touched)
    }

    /// Differs when other files are gone.
    pub fn gone_digest(&self) -> u64 {
        let mut gone: Vec<u32> = self.gone.iter().copied().collect();
        gone.sort_unstable();
        let bytes: Vec<u8> = gone.iter().flat_map(|file| file.to_le_bytes()).collect();
        xxh3_64(&bytes)
    }

    /// The number behind the last.
    pub fn end(&self) -> u32 {
        self.segments
            .last()
            .map_or(0, |last| last.first() + last.rows())
    }

    /// Which segment has an article.
    fn segment_of(&self, number: u32) -> Option<usize> {
        let behind = self.segments.partition_point(|it| it.first() <= number);
        let at = behind.checked_sub(1)?;
        (number < self.end()).then_some(at)
    }

    /// What the catalogue says of an article.
    pub fn row(&self, number: u32) -> Option<Row> {
        let segment = &self.segments[self.segment_of(number)?];
        segment.catalogue.row(number - segment.first()).ok()
    }

    /// The name of an article.
    pub fn id(&self, number: u32) -> Option<ArticleId> {
        self.row(number).map(|row| row.id)
    }

    /// The number of an article that has a record which counts.
    pub fn find(&self, id: ArticleId) -> Option<u32> {
        let mut all = self.segments.iter();
        let found = all.find_map(|it| Some(it.first() + it.catalogue.find(id).ok()??));
        found.filter(|number| !self.dead.contains(*number))
    }

    /// Every article with its number, dead ones too: what a reader must know.
    pub fn ids(&self) -> io::Result<HashMap<ArticleId, u32>> {
        let mut all = HashMap::with_capacity(self.end() as usize);
        for segment in &self.segments {
            let ids = segment.catalogue.ids()?.iter();
            all.extend(ids.map(|(id, row)| (*id, segment.first() + row)));
        }
        Ok(all)
    }

    /// The records of an article that count, each with the segment that keeps it.
    pub fn records<'a>(
        &'a self,
        number: u32,
        row: &'a Row,
    ) -> impl Iterator<Item = (usize, &'a RowRecord)> {
        let own = self.segment_of(number).unwrap_or(0);
        let own = row.records.iter().map(move |record| (own, record));
        let extra = self.extra.get(&number).into_iter().flatten();
        let all = own.chain(extra.map(|(at, record)| (*at, record)));
        all.filter(|(_, record)| !self.gone.contains(&record.file))
    }

    /// Reads an article from where it stands. None when none of its files is what it was.
    pub fn article(&self, number: u32) -> Option<Found> {
        let row = self.row(number)?;
        let mut article = None;
        let mut sources = Vec::new();
        for (segment, record) in self.records(number, &row) {
            let Some(path) = self.paths.get(record.file as usize) else {
                continue;
            };
            let folder = self.folder.join(&self.names[segment]);
            if let Some(found) = place::read(record, row.id, path, &folder, &self.options) {
                sources.push(found.source);
                article = article.or(Some(found.article));
            }
        }
        Some(Found {
            article: article?,
            sources,
            row,
        })
    }

    /// The only record of an article that counts, and its file, if it is a line.
    pub fn line(&self, number: u32) -> Option<(RowRecord, &Path)> {
        let row = self.row(number)?;
        let mut records = self.records(number, &row).map(|(_, record)| record);
        let record = records
            .next()
            .filter(|it| matches!(it.place, Place::Line { .. }))?;
        if records.next().is_some() {
            return None;
        }
        Some((record.clone(), self.paths.get(record.file as usize)?))
    }

    /// Hands over the marks of the blocks of all articles, in order.
    pub fn marks(&self, take: &mut dyn FnMut(&Marks)) -> io::Result<()> {
        for (name, segment) in self.names.iter().zip(&self.segments) {
            let marks = Marks::read(&self.folder.join(name).join(MARKS))?;
            if marks.len() != segment.rows() as usize {
                let why = "the marks of a segment are not its own";
                return Err(io::Error::new(io::ErrorKind::InvalidData, why));
            }
            take(&marks);
        }
        Ok(())
    }

    /// Bytes on disk by part: catalogue, text index, spool, marks of blocks.
    pub fn bytes(&self) -> [u64; 4] {
        let size = |path: PathBuf| folder_bytes(&path);
        let mut all = [0; 4];
        for name in &self.names {
            let folder = self.folder.join(name);
            all[0] += size(folder.join("catalogue"));
            all[1] += size(folder.join("text"));
            all[2] += size(folder.join(super::spool::NAME));
            all[3] += size(folder.join(MARKS));
        }
        all
    }
}

/// Bytes of a file, or of all files in a folder.
pub fn folder_bytes(path: &Path) -> u64 {
    match fs::read_dir(path) {
        Ok(entries) => entries
            .filter_map(Result::ok)
            .map(|entry| folder_bytes(&entry.path()))
            .sum(),
        Err(_) => fs::metadata(path).map_or(0, |it| it.len()),
    }
}
