//! Bytes to articles and diagnostics, in every format.
//!
//! [`read`] takes one input and never fails: what cannot be read is named (path, record, reason) and the rest loads.
//! `compression` takes one layer off, `sniff` tells the format, and the format's own reader hands records to `reader`:
//! a record's fields as a JSON object, a page of HTML, or a whole document. `schema` finds what the fields are; each
//! text becomes a `draft::Draft`, metadata and blocks over one text, and an article is made of it.
//! Nothing here walks directories, keeps articles or decides which are versions of one another.

mod capped;
mod compression;
mod csv;
mod date;
mod draft;
mod encoding;
mod epub;
mod feed;
mod front_matter;
mod guard;
mod html;
mod identity;
mod inline;
mod input;
mod json;
mod lean;
mod lines;
mod markdown;
mod metadata;
mod options;
pub mod packed;
mod paragraphs;
mod parquet;
mod reader;
mod schema;
mod sniff;
mod text;
mod transcode;
mod warc;
mod xml;

#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::cancel::Cancel;
use crate::model::{Article, Diagnostic, Source};

pub use guard::is_guarded;
pub use identity::article_id;
pub use input::Input;
pub use json::lines::{Line, Lines};
pub use json::object::Object;
pub use lean::{Declared, Lean, declared, lean};
pub use options::{Limits, Options};
pub use schema::{Fields, Role};
pub use sniff::Format;

use compression::{Codec, Decompressed};
use reader::Reader;
use transcode::Transcoded;

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

/// Reads one input; `path` names it in messages and, by its extension and its content, its format.
///
/// This is the one door to every parser: a path that is only a name, bytes, plain options in; plain items out, in the
/// order of the input. A process with limits can stand behind it for formats whose parsers may hang or blow up. Ends
/// early, without a word, when `cancel` is raised.
pub fn read(
    path: &Path,
    input: Input<'_>,
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
    if let Err(error) = reader.open(input) {
        reader.error(format!("cannot be read: {error}"));
    }
}

/// Reads one line of a file with one record a line, as [`read`] does for all of them. For files that
/// [`is_plain_lines`] names: whoever cuts them into lines may read these in any order, on many threads.
pub fn read_line(path: &Path, line: &Line<'_>, options: &Options, sink: &mut dyn FnMut(Item)) {
    let mut reader = Reader {
        path,
        options,
        cancel: &Cancel::new(),
        sink,
    };
    json::read_line(&mut reader, line);
}

/// Says by its name and its first bytes (64 KB of them, or all) whether a file is nothing but lines of JSON: not
/// compressed, UTF-8, one record a line.
pub fn is_plain_lines(path: &Path, head: &[u8]) -> bool {
    Format::of_path(path) == Some(Format::JsonLines)
        && Codec::of_path(path).is_none()
        && Codec::of_content(head).is_none()
        && encoding::wide(head).is_none()
        && Format::of(path, head) == Format::JsonLines
        && sniff::binary(head).is_none()
        && !json::starts_a_document(head)
}

/// Says whether a line of JSON holds a page, which goes to the parser of HTML.
pub fn holds_page(line: &[u8], options: &Options) -> bool {
    // What begins a tag, plain or escaped: most lines have none.
    let has_tags = memchr::memchr(b'<', line).is_some()
        || memchr::memmem::find(line, b"u003c").is_some()
        || memchr::memmem::find(line, b"u003C").is_some();
    has_tags
        && match std::str::from_utf8(line).map(Object::parse) {
            Ok(Ok(object)) => {
                let fields = Fields::find(&object, &options.map);
                let text = fields.text(false);
                text.is_ok_and(|(text, name)| schema::is_html(name, &text, false))
            }
            // No record, which the reader of records says.
            Ok(Err(_)) => false,
            // It is decoded first, and may be anything then.
            Err(_) => true,
        }
}

/// Says whether an input goes to one of the parsers that a hostile file can make hang or blow up: those of HTML, feeds,
/// EPUB, Parquet and WARC, and those of records, which may hold pages. What is left is plain text and Markdown. `head` are
/// its first bytes, 64 kB of them where it has so many.
pub fn is_risky(path: &Path, head: &[u8], limits: Limits) -> bool {
    let named = Codec::of_path(path);
    let name = named.as_ref().map_or(path, |(_, inner)| inner);
    let inner = Codec::of_content(head).map(|codec| {
        let mut inner = Decompressed::new(codec, head, limits)?;
        Head::read(&mut inner)
    });
    let bytes = match inner {
        None => head.to_vec(),
        // The beginning of a stream ends in the middle: what came out before that is enough.
        Some(Ok(inner)) => inner.bytes,
        Some(Err(_)) => return true,
    };
    let bytes = match encoding::wide(&bytes) {
        Some(wide) => wide.decode(&bytes).0.into_owned().into_bytes(),
        None => bytes,
    };
    let is_risky = |name| !matches!(Format::of(name, &bytes), Format::Text | Format::Markdown);
    is_risky(name) || is_risky(Path::new("-"))
}

impl Reader<'_> {
    /// Takes the compression off, if there is one.
    fn open(&mut self, input: Input<'_>) -> io::Result<()> {
        let Input { stream, file } = input;
        let head = Head::read(stream)?;
        if head.bytes.is_empty() {
            self.error("empty file");
            return Ok(());
        }
        let named = Codec::of_path(self.path);
        let name = named.as_ref().map_or(self.path, |(_, inner)| inner);
        let Some(codec) = Codec::of_content(&head.bytes) else {
            if let Some((codec, _)) = &named {
                let codec = codec.name();
                // A name such as `a.jsonl.gz` still says what is in it, and most formats say it themselves.
                let is_known = Format::of_path(name).is_some()
                    || Format::of(Path::new("-"), &head.bytes) != Format::Text;
                if !is_known || sniff::binary(&head.bytes).is_some() {
                    self.error(format!("invalid {codec} data: unknown magic number"));
                    return Ok(());
                }
                self.warning(format!(
                    "not {codec} data, whatever its name says: read as it stands"
                ));
            }
            return self.plain(name, head, stream, file);
        };
        let packed = head.before(stream);
        let mut inner = Decompressed::new(codec, packed, self.options.limits)?;
        let head = Head::read(&mut inner)?;
        // A name that hides the compression may hide the format too.
        let nameless = Path::new("-");
        let name = match named.is_none() && Format::of(nameless, &head.bytes) != Format::Text {
            true => nameless,
            false => name,
        };
        let done = match Codec::of_content(&head.bytes) {
            _ if head.bytes.is_empty() => Err(io::Error::other(format!(
                "empty: {} of nothing",
                codec.name()
            ))),
            Some(second) => Err(io::Error::other(format!(
                "compressed twice ({} in {}): decompress it once and try again",
                second.name(),
                codec.name()
            ))),
            None => self.plain(name, head, &mut inner, None),
        };
        if let Some(complaint) = inner.complaint() {
            self.warning(complaint);
        }
        done
    }

    /// Reads what is not compressed; `name` is the path without the extension of a compression.
    fn plain(
        &mut self,
        name: &Path,
        head: Head,
        stream: &mut dyn Read,
        file: Option<&File>,
    ) -> io::Result<()> {
        let wide = encoding::wide(&head.bytes);
        let sample = match wide {
            Some(wide) => wide.decode(&head.bytes).0.into_owned().into_bytes(),
            None => head.bytes.clone(),
        };
        let format = Format::of(name, &sample);
        let has_magic = matches!(format, Format::Parquet | Format::Epub | Format::Warc);
        if let Some(kind) = sniff::binary(&sample).filter(|_| !has_magic) {
            self.error(format!("not a text file (looks like {kind})"));
            return Ok(());
        }
        let mut stream = head.before(stream);
        match format {
            Format::Text | Format::Markdown | Format::Html => {
                let limit = self.options.limits.record_bytes;
                let mut bytes = Vec::new();
                stream
                    .take(limit.saturating_add(1))
                    .read_to_end(&mut bytes)?;
                match bytes.len() as u64 > limit {
                    true => self.error(self.options.limits.too_large()),
                    false => self.document(format, bytes),
                }
                Ok(())
            }
            Format::Warc => warc::read(self, &mut stream),
            Format::Epub => epub::read(
                self,
                Input {
                    stream: &mut stream,
                    file,
                },
            ),
            Format::Parquet => parquet::read(
                self,
                Input {
                    stream: &mut stream,
                    file,
                },
            ),
            Format::Json
            | Format::JsonLines
            | Format::JsonFeed
            | Format::Csv
            | Format::Tsv
            | Format::Feed => {
                let declared = (format == Format::Feed)
                    .then(|| feed::declared_encoding(&sample))
                    .flatten();
                // JSON is UTF-8 by its definition; a record that is not is decoded by itself.
                let is_json = matches!(format, Format::Json | Format::JsonLines | Format::JsonFeed);
                let guess = || encoding::of_stream(&sample, declared.as_deref());
                let found = wide
                    .map(|wide| (wide, false))
                    .or_else(|| guess().filter(|_| !is_json));
                // The reader of XML takes nothing but sound UTF-8.
                let utf8 = (format == Format::Feed).then_some((encoding_rs::UTF_8, false));
                match found.or(utf8) {
                    None => self.text(format, &sample, &mut stream),
                    Some((encoding, guessed)) => {
                        let name = encoding.name();
                        if guessed {
                            self.warning(format!("not UTF-8: read as {name}"));
                        }
                        let mut decoded = Transcoded::new(stream, encoding);
                        let replaced = decoded.replaced();
                        let done = self.text(format, &sample, &mut decoded);
                        if let Some(complaint) = encoding::damage(name, replaced.get()) {
                            self.warning(complaint);
                        }
                        done
                    }
                }
            }
        }
    }

    /// Reads records from a stream of UTF-8.
    fn text(&mut self, format: Format, head: &[u8], stream: &mut dyn Read) -> io::Result<()> {
        match format {
            Format::JsonLines => json::read_lines(self, stream),
            Format::JsonFeed => json::read_values(self, stream, Some("items")),
            Format::Csv | Format::Tsv => csv::read(self, format, head, stream),
            Format::Feed => feed::read(self, stream),
            _ => json::read_values(self, stream, None),
        }
    }
}

/// The beginning of an input, and the mistake that ended it, if one did.
struct Head {
    bytes: Vec<u8>,
    error: Option<io::Error>,
}

impl Head {
    fn read(stream: &mut dyn Read) -> io::Result<Self> {
        let mut bytes = Vec::with_capacity(HEAD);
        let read = stream.take(HEAD as u64).read_to_end(&mut bytes);
        match read.err() {
            Some(error) if bytes.is_empty() => Err(error),
            error => Ok(Self { bytes, error }),
        }
    }

    /// The whole input again.
    fn before<'a>(self, rest: &'a mut dyn Read) -> impl Read + 'a {
        io::Cursor::new(self.bytes)
            .chain(Failing(self.error))
            .chain(rest)
    }
}

/// Gives a mistake once, at the place where it happened.
struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}
