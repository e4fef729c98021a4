//! An article as one line of text, one row of columns, or one JSON object with every field.

use serde::Serialize;
use serde_json::value::RawValue;

use super::output::Failure;
use super::session::Session;
use crate::model::{ArticleId, Block, Date, Source, Verdict};
use crate::store::types::{Entry, Hit};

/// How many digits of an id stand in lists: enough for `recto show`.
const SHORT_ID: usize = 8;

/// Everything about an article but its text.
#[derive(Serialize)]
pub(super) struct Record {
    id: ArticleId,
    record_id: Option<String>,
    title: String,
    byline: Option<String>,
    date: Option<Date>,
    url: Option<String>,
    site: Option<String>,
    lang: Option<String>,
    words: usize,
    path: String,
    record: Option<u64>,
    format: &'static str,
    tags: Vec<String>,
    verdict: Option<Verdict>,
    superseded: bool,
    group: ArticleId,
    versions: usize,
    best: bool,
    similarity: Option<f64>,
    score: f64,
    copies: usize,
    sources: Vec<Place>,
}

/// Where one copy was read.
#[derive(Serialize)]
struct Place {
    path: String,
    record: Option<u64>,
    record_id: Option<String>,
    format: &'static str,
}

impl Record {
    /// Gathers it.
    pub(super) fn of(session: &Session, id: ArticleId) -> Result<Self, Failure> {
        let entry = session.entry(id)?;
        let standing = session.library.standing(&entry.article);
        let article = &entry.article;
        let meta = &article.meta;
        let own = |text: &Option<crate::model::Clean>| text.as_deref().map(str::to_owned);
        let places: Vec<Place> = entry
            .sources
            .iter()
            .map(|source| Place {
                path: source.path.to_string_lossy().into_owned(),
                record: source.record,
                record_id: source.record_id.clone(),
                format: source.format,
            })
            .collect();
        let first = entry.sources.first();
        Ok(Self {
            id,
            record_id: first.and_then(|source| source.record_id.clone()),
            title: article.shown_title().to_owned(),
            byline: own(&meta.byline),
            date: meta.date,
            url: own(&meta.url),
            site: meta.site_name().map(str::to_owned),
            lang: own(&meta.lang),
            words: article.words(),
            path: places.first().map(|it| it.path.clone()).unwrap_or_default(),
            record: first.and_then(|source| source.record),
            format: first.map_or("", |source| source.format),
            tags: entry.decision.tags.iter().cloned().collect(),
            verdict: entry.decision.verdict,
            superseded: entry.decision.superseded,
            group: standing.map_or(id, |it| it.group),
            versions: entry.versions.len(),
            best: standing.is_none_or(|it| it.best),
            similarity: standing.and_then(|it| it.similarity),
            score: standing.map_or(0.0, |it| it.score.points),
            copies: places.len(),
            sources: places,
        })
    }

    /// The columns of tsv; [`COLUMNS`] names them.
    pub(super) fn columns(&self) -> [String; 8] {
        let verdict = self.verdict.map(|it| it.to_string()).unwrap_or_default();
        let path = match self.record {
            Some(record) => format!("{}#{record}", self.path),
            None => self.path.clone(),
        };
        [
            self.id.to_string(),
            self.record_id.clone().unwrap_or_default(),
            self.date.map(|date| date.to_string()).unwrap_or_default(),
            self.versions.to_string(),
            verdict,
            self.tags.join(","),
            path,
            self.title.clone(),
        ]
    }
}

/// An article with its text.
#[derive(Serialize)]
pub(super) struct Whole<'a> {
    #[serde(flatten)]
    record: Record,
    version_ids: &'a [ArticleId],
    blocks: &'a [Block],
    /// Each source's record as it was read, in the order of the sources; null where the file is the text.
    fields: Vec<Option<&'a RawValue>>,
}

impl<'a> Whole<'a> {
    /// Gathers it.
    pub(super) fn of(session: &Session, entry: &'a Entry) -> Result<Self, Failure> {
        Ok(Self {
            record: Record::of(session, entry.article.id)?,
            version_ids: &entry.versions,
            blocks: &entry.article.blocks,
            fields: entry.sources.iter().map(fields).collect(),
        })
    }
}

/// What was read is known to be JSON.
fn fields(source: &Source) -> Option<&RawValue> {
    serde_json::from_str(source.fields.as_deref()?).ok()
}

/// A hit as a line: id, date, whole title, versions, tags, verdict.
pub(super) fn line(hit: &Hit) -> String {
    let Hit {
        id,
        title,
        date,
        source: _,
        versions,
        decision,
    } = hit;
    let date = date.map(|date| date.to_string()).unwrap_or_default();
    let mut line = format!("{}  {date:10}  {title}", short(*id));
    if *versions > 1 {
        line.push_str(&format!("  ×{versions}"));
    }
    for tag in &decision.tags {
        line.push_str(&format!("  #{tag}"));
    }
    if let Some(verdict) = decision.verdict {
        line.push_str(&format!("  {verdict}"));
    }
    if decision.superseded {
        line.push_str("  set aside");
    }
    line
}

/// The beginning of an id.
pub(super) fn short(id: ArticleId) -> String {
    id.to_string().chars().take(SHORT_ID).collect()
}

/// What names an article outside recto: the id of its first record, else its own.
pub(super) fn outer_id(entry: &Entry) -> String {
    let own = entry.sources.first().and_then(|it| it.record_id.clone());
    own.unwrap_or_else(|| entry.article.id.to_string())
}
