//! The text index of one segment: which article has which words, and where.
//!
//! It holds the words that `query::pattern` tells apart, so that a word, phrase or prefix is answered exactly, in
//! every script; what it cannot answer exactly (regular expressions, signs, small letters beside typed capitals) it
//! answers with candidates. No text is stored, nothing is merged or deleted, and a document's number is its row.

mod inverter;
mod lookup;
mod postings;
#[cfg(test)]
mod tests;
mod tokens;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use tantivy::directory::TerminatingWrite;
use tantivy::fastfield::FastFieldsWriter;
use tantivy::fieldnorm::FieldNormsSerializer;
use tantivy::index::{SegmentComponent, SegmentReader};
use tantivy::postings::InvertedIndexSerializer;
use tantivy::schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::store::{Compressor, StoreWriter};
use tantivy::{Directory, Index, IndexSettings, InvertedIndexReader, TantivyError};

use crate::cancel::Cancel;

use inverter::Inverter;
pub use lookup::Lookup;
use tokens::Tokenizer;

/// Which text of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The title as it is shown.
    Title,
    /// The blocks of the body.
    Body,
    /// The author's name.
    Author,
}

const PARTS: [(Part, &str); 3] = [
    (Part::Title, "title"),
    (Part::Body, "body"),
    (Part::Author, "author"),
];

/// The name of the tokenizer in the index. Nothing in tantivy asks for it.
const WORDS: &str = "words";

/// Positions between two values of a field, so that no phrase reaches over the gap: as tantivy leaves it.
const GAP: u32 = 1;

/// Writes the text index of one segment.
pub struct TextWriter {
    index: Index,
    /// The terms of each part,
    inverters: [Inverter; PARTS.len()],
    /// and its field.
    fields: [Field; PARTS.len()],
    tokenizer: Tokenizer,
    articles: u32,
}

impl TextWriter {
    /// Begins an index in a folder that is made for it.
    pub fn create(folder: &Path) -> io::Result<Self> {
        std::fs::create_dir(folder)?;
        let (schema, fields) = schema();
        // No text is stored.
        let settings = IndexSettings {
            docstore_compression: Compressor::None,
            docstore_compress_dedicated_thread: false,
            ..IndexSettings::default()
        };
        let index = Index::builder().schema(schema).settings(settings);
        Ok(Self {
            index: index.create_in_dir(folder).map_err(failed)?,
            inverters: Default::default(),
            fields,
            tokenizer: Tokenizer::default(),
            articles: 0,
        })
    }

    /// Appends the next article.
    pub fn add<'a>(
        &mut self,
        title: &str,
        body: impl Iterator<Item = &'a str>,
        author: Option<&str>,
    ) {
        let Self {
            inverters,
            tokenizer,
            articles,
            ..
        } = self;
        let mut add = |inverter: &mut Inverter, start: u32, text: &str| {
            let words = tokenizer.each(text, &mut |position, term| {
                inverter.add(start + position, term.as_bytes());
            });
            start + words + GAP
        };
        let [in_title, in_body, in_author] = &mut *inverters;
        add(in_title, 0, title);
        body.fold(0, |start, block| add(in_body, start, block));
        if let Some(author) = author {
            add(in_author, 0, author);
        }
        for inverter in inverters {
            inverter.end(*articles);
        }
        *articles += 1;
    }

    /// Writes the index and waits until it is on disk.
    pub fn finish(self) -> io::Result<()> {
        self.write().map_err(failed)
    }

    fn write(self) -> tantivy::Result<()> {
        let segment = self.index.new_segment().with_max_doc(self.articles);
        let mut serializer = InvertedIndexSerializer::open(&segment)?;
        let fields = self.fields.into_iter().zip(self.inverters);
        for (field, inverter) in fields.filter(|(_, inverter)| inverter.total() > 0) {
            let mut field = serializer.new_field(field, inverter.total(), None)?;
            inverter.write(&mut field)?;
            field.close()?;
        }
        serializer.close()?;
        // What else tantivy wants to see of a segment: none of it has anything in it.
        FieldNormsSerializer::from_write(segment.open_write(SegmentComponent::FieldNorms)?)?
            .close()?;
        let mut fast = segment.open_write(SegmentComponent::FastFields)?;
        let tokenizers = self.index.fast_field_tokenizer().clone();
        FastFieldsWriter::from_schema_and_tokenizer_manager(&segment.schema(), tokenizers)?
            .serialize(&mut fast, None)?;
        fast.terminate()?;
        let store = segment.open_write(SegmentComponent::Store)?;
        StoreWriter::new(store, Compressor::None, 0, false)?.close()?;
        let mut meta = self.index.load_metas()?;
        meta.segments = vec![segment.meta().clone()];
        let directory = self.index.directory();
        directory.sync_directory()?;
        directory.atomic_write(Path::new(META), &serde_json::to_vec(&meta)?)?;
        directory.sync_directory()?;
        Ok(())
    }
}

/// The file in which tantivy keeps which segments there are.
const META: &str = "meta.json";

fn schema() -> (Schema, [Field; PARTS.len()]) {
    let mut schema = Schema::builder();
    let fields = PARTS.map(|(_, name)| {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(WORDS)
            .set_fieldnorms(false)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        schema.add_text_field(name, TextOptions::default().set_indexing_options(indexing))
    });
    (schema.build(), fields)
}

/// The text index of one segment, open for reading.
pub struct TextIndex {
    folder: PathBuf,
    rows: u32,
    reader: OnceLock<SegmentReader>,
}

impl TextIndex {
    /// Names the index of that many articles; nothing is read before the first search.
    pub fn new(folder: PathBuf, rows: u32) -> Self {
        Self {
            folder,
            rows,
            reader: OnceLock::new(),
        }
    }

    fn reader(&self) -> io::Result<&SegmentReader> {
        if let Some(reader) = self.reader.get() {
            return Ok(reader);
        }
        let index = Index::open_in_dir(&self.folder).map_err(failed)?;
        let segments = index.searchable_segments().map_err(failed)?;
        let [segment] = segments.as_slice() else {
            return Err(damaged("it has not one segment"));
        };
        let reader = SegmentReader::open(segment).map_err(failed)?;
        if reader.max_doc() != self.rows || reader.has_deletes() {
            return Err(damaged("it has other articles than the catalogue"));
        }
        Ok(self.reader.get_or_init(|| reader))
    }

    /// Hands over the rows where that stands in the part, in no order and perhaps more than once, each with 1; with
    /// `counts` each once, with how often it stands there. Ends early when it is called off.
    pub fn find(
        &self,
        part: Part,
        lookup: &Lookup,
        counts: bool,
        cancel: &Cancel,
        each: &mut dyn FnMut(u32, u32),
    ) -> io::Result<()> {
        let index = self.part(part)?;
        let mut search = postings::Search {
            index: &index,
            rows: self.rows,
            counts,
            cancel,
        };
        search.find(lookup, each)
    }

    /// In how many articles of the part a single word stands. A beginning of words is not counted.
    pub fn spread(&self, part: Part, word: &Lookup) -> io::Result<u64> {
        postings::spread(&*self.part(part)?, word)
    }

    fn part(&self, part: Part) -> io::Result<Arc<InvertedIndexReader>> {
        let reader = self.reader()?;
        let name = PARTS.iter().find(|(known, _)| *known == part);
        let field = name.and_then(|(_, name)| reader.schema().get_field(name).ok());
        let field = field.ok_or_else(|| damaged("a field is missing"))?;
        reader.inverted_index(field).map_err(failed)
    }
}

impl std::fmt::Debug for TextIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TextIndex")
            .field("folder", &self.folder)
            .field("rows", &self.rows)
            .finish_non_exhaustive()
    }
}

fn failed(error: TantivyError) -> io::Error {
    match error {
        TantivyError::IoError(error) => io::Error::new(error.kind(), error.to_string()),
        other => damaged(&other.to_string()),
    }
}

fn damaged(why: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("the text index is damaged: {why}"),
    )
}
