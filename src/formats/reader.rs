//! One input on its way in: what all readers share, from a record's fields or a document's bytes to an article.

use std::path::Path;

use super::draft::Draft;
use super::encoding::{self, Decoded};
use super::json::object::{self, Object, kind_of};
use super::schema::{self, Fields};
use super::{Format, Item, Options, Record, article_id, guard, html, markdown, text};
use crate::cancel::Cancel;
use crate::model::{Article, ArticleId, Basis, BlockKind, Diagnostic, Metadata, Source};

/// An input, how it is to be read, and where its articles go.
pub struct Reader<'a> {
    /// Names the input in messages.
    pub path: &'a Path,
    pub options: &'a Options,
    pub cancel: &'a Cancel,
    pub sink: &'a mut dyn FnMut(Item),
}

/// Where in the input an article stands.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub format: Format,
    /// The number of the record, from 1; none where the file is the record.
    pub number: Option<u64>,
    /// Where the record begins, in bytes of the (decompressed) input.
    pub offset: Option<u64>,
}

impl Place {
    /// The whole input.
    pub fn file(format: Format) -> Self {
        Self {
            format,
            number: None,
            offset: None,
        }
    }

    /// A record of the input, from 1.
    pub fn record(format: Format, number: u64) -> Self {
        Self {
            number: Some(number),
            ..Self::file(format)
        }
    }

    /// Adds where it begins.
    pub fn at(self, offset: u64) -> Self {
        Self {
            offset: Some(offset),
            ..self
        }
    }
}

/// A page of HTML that came with fields of its own: a response in a WARC file, a chapter of a book.
pub struct Page<'a> {
    /// The bytes of the page.
    pub bytes: Vec<u8>,
    /// The encoding that whoever sent it named.
    pub charset: Option<String>,
    /// All of the page is the article: nothing of it is a menu or a footer.
    pub whole: bool,
    /// What is known beside the page, as a JSON object.
    pub fields: &'a str,
}

impl Reader<'_> {
    /// Makes an article of a record's fields, a JSON object.
    pub fn fields(&mut self, place: Place, raw: &str) {
        match self.mapped(place, raw) {
            Ok((article, source)) => self.record(article, source),
            Err(reason) => self.fail(place, reason),
        }
    }

    fn mapped(&mut self, place: Place, raw: &str) -> Result<(Article, Source), String> {
        let object = self.object(raw)?;
        let fields = Fields::find(&object, &self.options.map);
        let in_feed = matches!(place.format, Format::Feed | Format::JsonFeed);
        let (body, name) = fields.text(in_feed)?;
        let id = article_id(&fields.title(), &body);
        let source = Source {
            record_id: fields.id().map(|id| id.into_owned()),
            fields: Some(raw.to_owned()),
            ..self.source(place)
        };
        // The fields of the record first; what they leave open, the text may tell.
        let article = if schema::is_html(name, &body, in_feed) {
            let (mut draft, text) = guarded(|| html::fragment(&body, fields.meta()))?;
            self.notes(place, &mut draft, &fields);
            Article {
                original: Some(body.into_owned()),
                ..article(id, draft, text, Basis::Extracted)
            }
        } else {
            let mut draft = text::parse(&body, fields.meta());
            self.notes(place, &mut draft, &fields);
            article(id, draft, body.into_owned(), Basis::Decoded)
        };
        Ok((article, source))
    }

    fn object<'r>(&self, raw: &'r str) -> Result<Object<'r>, String> {
        let object = match Object::parse(raw) {
            Ok(object) => object,
            // A whole value that is something else; a number may stand in front of rubbish.
            Err(_)
                if !raw.starts_with('{')
                    && serde_json::from_str::<&serde_json::value::RawValue>(raw).is_ok() =>
            {
                return Err(format!("not an object but {}", kind_of(raw)));
            }
            Err(error) => return Err(invalid(&error)),
        };
        let limits = self.options.limits;
        let deepest = limits.nesting.saturating_sub(1);
        let is_deep = |(_, value): (&str, &str)| {
            value.starts_with(['{', '[']) && object::is_deeper(value, deepest)
        };
        let too_deep = object.iter().any(is_deep);
        match too_deep {
            true => Err(limits.too_deep()),
            false => Ok(object),
        }
    }

    /// Makes an article of a page.
    pub fn page(&mut self, place: Place, page: Page<'_>) {
        let Page {
            bytes,
            charset,
            whole,
            fields: raw,
        } = page;
        let declared = charset.or_else(|| html::declared_encoding(&bytes));
        let decoded = encoding::decode(bytes, declared.as_deref());
        if let Some(complaint) = decoded.complaint() {
            self.warn(place, complaint);
        }
        let id = article_id("", decoded.without_mark());
        let object = object::object(raw).unwrap_or_default();
        let fields = Fields::find(&object, &self.options.map);
        let known = fields.meta();
        let parsed = guarded(|| match whole {
            true => html::fragment(&decoded.text, known.clone()),
            false => html::parse(&decoded.text),
        });
        let (mut draft, text) = match parsed {
            Ok(parsed) => parsed,
            Err(reason) => return self.fail(place, reason),
        };
        complete(&mut draft.meta, known);
        name_byline(&mut draft);
        self.notes(place, &mut draft, &fields);
        let source = Source {
            record_id: fields.id().map(|id| id.into_owned()),
            fields: (raw != "{}").then(|| raw.to_owned()),
            ..self.source(place)
        };
        let article = Article {
            original: Some(decoded.text),
            ..article(id, draft, text, Basis::Extracted)
        };
        self.checked(place, article, source);
    }

    /// Makes an article of an input that is one.
    pub fn document(&mut self, format: Format, bytes: Vec<u8>) {
        let place = Place::file(format);
        if format == Format::Html {
            let page = Page {
                bytes,
                charset: None,
                whole: false,
                fields: "{}",
            };
            return self.page(place, page);
        }
        let decoded = encoding::decode(bytes, None);
        if let Some(complaint) = decoded.complaint() {
            self.warn(place, complaint);
        }
        let id = article_id("", decoded.without_mark());
        let mut draft = match format {
            Format::Markdown => markdown::parse(&decoded.text, Metadata::default()),
            _ => text::parse(&decoded.text, Metadata::default()),
        };
        self.notes(place, &mut draft, &Fields::default());
        let Decoded {
            text, as_in_file, ..
        } = decoded;
        let basis = match as_in_file {
            true => Basis::File,
            false => Basis::Decoded,
        };
        let source = self.source(place);
        self.checked(place, article(id, draft, text, basis), source);
    }

    /// Says what a reader could not make out: a date, where no other field says it.
    fn notes(&mut self, place: Place, draft: &mut Draft, fields: &Fields<'_>) {
        if draft.meta.date.is_some() {
            return;
        }
        if let Some(date) = fields.ambiguous_date() {
            draft.note_date(&date);
        }
        for note in draft.notes.drain(..) {
            self.warn(place, note);
        }
    }

    /// Hands over an article, unless there is nothing to read in it.
    fn checked(&mut self, place: Place, article: Article, source: Source) {
        if article.blocks.is_empty() {
            if article.raw().trim().is_empty() {
                return self.fail(place, "no text in it");
            }
            self.warn(place, "nothing in it is shown: it holds only markup");
        }
        self.record(article, source);
    }

    fn source(&self, place: Place) -> Source {
        Source {
            path: self.path.to_owned(),
            record: place.number,
            offset: place.offset,
            format: place.format.name(),
            ..Source::default()
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

    /// The input was not loaded, or not to its end.
    pub fn error(&mut self, message: impl Into<String>) {
        self.diagnostic(Diagnostic::error(self.path, message));
    }

    /// The input was not loaded as it stands.
    pub fn warning(&mut self, message: impl Into<String>) {
        self.diagnostic(Diagnostic::warning(self.path, message));
    }

    /// A record was not loaded.
    pub fn fail(&mut self, place: Place, reason: impl Into<String>) {
        self.at(place, Diagnostic::error(self.path, reason));
    }

    /// A record was loaded, but not as it stood.
    pub fn warn(&mut self, place: Place, message: impl Into<String>) {
        self.at(place, Diagnostic::warning(self.path, message));
    }

    fn at(&mut self, place: Place, diagnostic: Diagnostic) {
        self.diagnostic(match place.number {
            Some(number) => diagnostic.at_record(number),
            None => diagnostic,
        });
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

/// Reads a page behind a wall: a panic in there costs the page.
fn guarded(
    read: impl FnOnce() -> Result<(Draft, String), String>,
) -> Result<(Draft, String), String> {
    let read = guard::guarded(read);
    read.unwrap_or_else(|| Err("the reader of pages failed on it".to_owned()))
}

/// A paragraph near the top that says nothing but who wrote it is the byline.
fn name_byline(draft: &mut Draft) {
    let Some(byline) = draft.meta.byline.as_deref().filter(|it| !it.is_empty()) else {
        return;
    };
    let mut first = draft.blocks.iter_mut().take(4);
    if let Some(block) = first.find(|it| it.kind == BlockKind::Paragraph && *it.text == *byline) {
        block.kind = BlockKind::Byline;
    }
}

/// What a page leaves open, the fields beside it may tell.
fn complete(meta: &mut Metadata, known: Metadata) {
    let Metadata {
        title,
        byline,
        date,
        url,
        site,
        lang,
    } = known;
    let or = |own: &mut Option<_>, other| *own = own.take().or(other);
    or(&mut meta.title, title);
    or(&mut meta.byline, byline);
    or(&mut meta.url, url);
    or(&mut meta.site, site);
    or(&mut meta.lang, lang);
    meta.date = meta.date.or(date);
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

/// What is wrong with a record; places are counted inside it.
fn invalid(error: &serde_json::Error) -> String {
    let told = error.to_string();
    let what = told.split(" at line ").next().unwrap_or(&told);
    match (error.line(), error.column()) {
        (0, _) => format!("not valid JSON: {what}"),
        (1, column) => format!("not valid JSON: {what} (character {column} of the record)"),
        (line, column) => {
            format!("not valid JSON: {what} (line {line}, character {column} of the record)")
        }
    }
}
