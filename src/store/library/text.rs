//! The text index of one segment: which article has which words, and where.
//!
//! It holds the words that `query::pattern` tells apart, so that a word, phrase or prefix is answered exactly, in
//! every script; what it cannot answer exactly (regular expressions, signs, small letters beside typed capitals) it
//! answers with candidates. No text is stored, nothing is merged or deleted, and a document's number is its row.

mod lookup;
mod postings;
#[cfg(test)]
mod tests;
mod tokens;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use tantivy::directory::MmapDirectory;
use tantivy::index::SegmentReader;
use tantivy::schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::store::Compressor;
use tantivy::{
    Index, IndexSettings, InvertedIndexReader, SingleSegmentIndexWriter, TantivyDocument,
    TantivyError,
};

use crate::cancel::Cancel;

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

/// The name of the tokenizer in the index.
const WORDS: &str = "words";

/// Memory that a writer begins with: its table of words. It grows as it needs.
const TABLE: usize = 32 << 20;

/// Writes the text index of one segment.
pub struct TextWriter {
    writer: SingleSegmentIndexWriter,
    fields: [Field; PARTS.len()],
}

impl TextWriter {
    /// Begins an index in a folder that is made for it.
    pub fn create(folder: &Path) -> io::Result<Self> {
        std::fs::create_dir(folder)?;
        let mut schema = Schema::builder();
        let fields = PARTS.map(|(_, name)| {
            let indexing = TextFieldIndexing::default()
                .set_tokenizer(WORDS)
                .set_fieldnorms(false)
                .set_index_option(IndexRecordOption::WithFreqsAndPositions);
            schema.add_text_field(name, TextOptions::default().set_indexing_options(indexing))
        });
        let tokenizers = tantivy::tokenizer::TokenizerManager::new();
        tokenizers.register(WORDS, Tokenizer);
        let settings = IndexSettings {
            docstore_compression: Compressor::None,
            docstore_compress_dedicated_thread: false,
            ..IndexSettings::default()
        };
        let directory = MmapDirectory::open(folder).map_err(|error| failed(error.into()))?;
        let writer = Index::builder()
            .schema(schema.build())
            .settings(settings)
            .tokenizers(tokenizers)
            .single_segment_index_writer(directory, TABLE)
            .map_err(failed)?;
        Ok(Self { writer, fields })
    }

    /// Appends the next article.
    pub fn add<'a>(
        &mut self,
        title: &str,
        body: impl Iterator<Item = &'a str>,
        author: Option<&str>,
    ) -> io::Result<()> {
        let [in_title, in_body, in_author] = self.fields;
        let mut document = TantivyDocument::default();
        document.add_text(in_title, title);
        // One value a block: positions leave a gap between values, so that no phrase reaches over it.
        for block in body {
            document.add_text(in_body, block);
        }
        if let Some(author) = author {
            document.add_text(in_author, author);
        }
        self.writer.add_document(document).map_err(failed)
    }

    /// Bytes of memory that it holds.
    pub fn memory(&self) -> usize {
        self.writer.mem_usage()
    }

    /// Writes the index and waits until it is on disk.
    pub fn finish(self) -> io::Result<()> {
        self.writer.finalize().map(drop).map_err(failed)
    }
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
