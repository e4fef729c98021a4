//! Bytes to articles and diagnostics, in every format.
//!
//! [`read`] takes one input and never fails: what cannot be read is named (path, record, reason) and the rest loads.
//! Each format gives a `draft::Draft`: metadata and blocks over one text; this module makes the article of it.
//! Nothing here walks directories, keeps articles or decides which are versions of one another.

mod date;
mod draft;
mod encoding;
mod front_matter;
mod html;
mod identity;
mod inline;
mod json;
mod lines;
mod markdown;
mod metadata;
mod paragraphs;
mod sniff;
mod text;

#[cfg(test)]
mod tests;

use std::io::{self, Read};
use std::path::Path;

use crate::cancel::Cancel;
use crate::model::{Article, ArticleId, Basis, Diagnostic, Metadata, Source};

pub use identity::article_id;
pub use sniff::Format;

use draft::Draft;
use encoding::Decoded;

/// As much of an input as is read to tell what it is.
const HEAD: usize = 64 * 1024;

/// What a reader yields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// An article and where it stood.
    Record(Box<Record>),
    /// Something that could not be read as it stands.
    Diagnostic(Diagnostic),
}

/// An article as one record of one input has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The article.
    pub article: Article,
    /// Where it stood.
    pub source: Source,
}

/// What a reader needs to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The largest record that is read, in bytes.
    pub max_record_bytes: u64,
    /// Which field of a JSON record holds what: `("text", "body")`, asked before the known schemas.
    pub map: Vec<(String, String)>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            max_record_bytes: 32 * 1024 * 1024,
            map: Vec::new(),
        }
    }
}

/// Reads one input; `path` names it in messages and, by its extension and then by its content, its format.
///
/// Ends early, without a word, when `cancel` is raised.
pub fn read(
    path: &Path,
    input: &mut dyn Read,
    options: &Options,
    cancel: &Cancel,
    sink: &mut dyn FnMut(Item),
) {
    let mut reader = Reader {
        path,
        options,
        cancel,
        sink,
    };
    if let Err(error) = reader.read(input) {
        reader.error(format!("cannot be read: {error}"));
    }
}

/// One input on its way in.
struct Reader<'a> {
    path: &'a Path,
    options: &'a Options,
    cancel: &'a Cancel,
    sink: &'a mut dyn FnMut(Item),
}

impl Reader<'_> {
    fn read(&mut self, input: &mut dyn Read) -> io::Result<()> {
        let mut head = Vec::with_capacity(HEAD);
        input.take(HEAD as u64).read_to_end(&mut head)?;
        if head.is_empty() {
            self.error("empty file");
            return Ok(());
        }
        if let Some(kind) = sniff::binary(&head) {
            self.error(format!("not a text file (looks like {kind})"));
            return Ok(());
        }
        let format = Format::of_path(self.path).unwrap_or_else(|| Format::of_content(&head));
        let mut input = io::Cursor::new(head).chain(input);
        match format {
            Format::Json => json::read_values(self, &mut input),
            Format::JsonLines => json::read_lines(self, &mut input),
            Format::Text | Format::Markdown | Format::Html => {
                let limit = self.options.max_record_bytes;
                let mut bytes = Vec::new();
                input
                    .take(limit.saturating_add(1))
                    .read_to_end(&mut bytes)?;
                if bytes.len() as u64 > limit {
                    self.error(too_large(limit));
                    return Ok(());
                }
                self.document(format, bytes);
                Ok(())
            }
        }
    }

    /// Reads an input that is one article.
    fn document(&mut self, format: Format, bytes: Vec<u8>) {
        let declared = (format == Format::Html)
            .then(|| html::declared_encoding(&bytes))
            .flatten();
        let decoded = encoding::decode(bytes, declared.as_deref());
        if let Some(complaint) = decoded.complaint() {
            self.warning(complaint);
        }
        let id = article_id("", decoded.without_mark());
        let source = Source {
            path: self.path.to_owned(),
            format: format.name(),
            ..Source::default()
        };
        let article = match format {
            Format::Html => match html::parse(&decoded.text) {
                Ok((draft, text)) => {
                    self.notes(&draft);
                    Article {
                        original: Some(decoded.text),
                        ..article(id, draft, text, Basis::Extracted)
                    }
                }
                Err(reason) => return self.error(reason),
            },
            _ => {
                let draft = match format {
                    Format::Markdown => markdown::parse(&decoded.text, Metadata::default()),
                    _ => text::parse(&decoded.text, Metadata::default()),
                };
                self.notes(&draft);
                let Decoded {
                    text, as_in_file, ..
                } = decoded;
                let basis = if as_in_file {
                    Basis::File
                } else {
                    Basis::Decoded
                };
                article(id, draft, text, basis)
            }
        };
        if article.blocks.is_empty() {
            if article.raw().trim().is_empty() {
                return self.error("no text in it");
            }
            self.warning("nothing in it is shown: it holds only markup");
        }
        self.record(article, source);
    }

    /// Says what could not be made out.
    fn notes(&mut self, draft: &Draft) {
        for note in &draft.notes {
            self.warning(note.clone());
        }
    }

    /// Hands over an article; the source says the same about it as the article does.
    fn record(&mut self, article: Article, source: Source) {
        let source = Source {
            meta: article.meta.clone(),
            ..source
        };
        (self.sink)(Item::Record(Box::new(Record { article, source })));
    }

    fn error(&mut self, message: impl Into<String>) {
        self.diagnostic(Diagnostic::error(self.path, message));
    }

    fn warning(&mut self, message: impl Into<String>) {
        self.diagnostic(Diagnostic::warning(self.path, message));
    }

    /// Messages may quote the input, so they pass the door like all foreign text.
    fn diagnostic(&mut self, diagnostic: Diagnostic) {
        let message = crate::text::line(&diagnostic.message).to_string();
        (self.sink)(Item::Diagnostic(Diagnostic {
            message,
            ..diagnostic
        }));
    }
}

fn article(id: ArticleId, draft: Draft, text: String, basis: Basis) -> Article {
    Article {
        id,
        meta: draft.meta,
        text,
        basis,
        blocks: draft.blocks,
        original: None,
    }
}

fn too_large(limit: u64) -> String {
    format!(
        "larger than {} MB, the most that one article may have",
        limit / (1024 * 1024)
    )
}
