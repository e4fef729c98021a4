//! Many versions as JSON, schema `prose-versions/1`.
//!
//! ```json
//! {"schema":"prose-versions/1","base":"A","coarse":false,
//!  "versions":[{"version":"A","name":"a.txt","basis":"file","words":7,"rank":1,"score":{…},"reasons":["title",…]},…],
//!  "sites":[{"range":[5,11],"paragraph":1,"classes":["number"],
//!            "readings":[{"text":"4,000 ","versions":["A","C"]},{"text":"4,100 ","versions":["B"]},…]},…],
//!  "paragraphs":[{"kind":"paragraph","version":"A","range":[0,34],"states":{"A":"same","B":"changed",…}},…]}
//! ```
//! Offsets are bytes of the named version, those of sites of the base. The base with each `range` replaced by the
//! reading of a version is that version, byte for byte.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Version, ranked};
use crate::diff::Classes;
use crate::diff::versions::apparatus::Apparatus;
use crate::diff::versions::{Line, Reading, Site, State, Versions};
use crate::model::{Basis, BlockKind, siglum};
use crate::store::versions::Score;

/// Everything.
#[derive(serde::Serialize)]
pub(super) struct Report<'a> {
    schema: &'static str,
    base: String,
    coarse: bool,
    versions: Vec<Named<'a>>,
    sites: Vec<JsonSite<'a>>,
    paragraphs: Vec<JsonLine<'a>>,
}

#[derive(serde::Serialize)]
struct Named<'a> {
    version: String,
    name: &'a str,
    basis: Basis,
    words: usize,
    rank: usize,
    score: Score,
    reasons: Vec<String>,
}

#[derive(serde::Serialize)]
struct JsonSite<'a> {
    range: [usize; 2],
    paragraph: usize,
    classes: Classes,
    readings: Vec<JsonReading<'a>>,
}

#[derive(serde::Serialize)]
struct JsonReading<'a> {
    text: &'a str,
    versions: Vec<String>,
}

#[derive(serde::Serialize)]
struct JsonLine<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<BlockKind>,
    version: String,
    range: [usize; 2],
    states: States<'a>,
}

/// For each version its state.
struct States<'a>(&'a [State]);

impl Serialize for States<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (at, state) in self.0.iter().enumerate() {
            map.serialize_entry(&siglum(at), state)?;
        }
        map.end()
    }
}

impl<'a> Report<'a> {
    /// Puts it together.
    pub(super) fn of(all: &'a [Version], found: &'a Versions) -> Self {
        let mut versions: Vec<(usize, Named)> = ranked(all)
            .into_iter()
            .zip(1..)
            .filter_map(|((at, score, reasons), rank)| {
                let version = all.get(at)?;
                let named = Named {
                    version: siglum(at),
                    name: &version.name,
                    basis: version.article.basis,
                    words: version.article.words(),
                    rank,
                    score,
                    reasons,
                };
                Some((at, named))
            })
            .collect();
        versions.sort_by_key(|(at, _)| *at);
        Self {
            schema: "prose-versions/1",
            base: siglum(found.base),
            coarse: found.coarse,
            versions: versions.into_iter().map(|(_, named)| named).collect(),
            sites: found.sites.iter().map(|it| site(all, found, it)).collect(),
            paragraphs: found.paragraphs.iter().map(line).collect(),
        }
    }
}

fn site<'a>(all: &'a [Version], found: &Versions, site: &'a Site) -> JsonSite<'a> {
    let reading = |reading: &'a Reading| {
        let first = reading.versions.first().and_then(|&at| all.get(at));
        let text = first.and_then(|first| first.article.text.get(reading.range.clone()));
        JsonReading {
            text: text.unwrap_or_default(),
            versions: reading.versions.iter().map(|&at| siglum(at)).collect(),
        }
    };
    JsonSite {
        range: [site.range.start, site.range.end],
        paragraph: Apparatus::new(found, &[], &|_, _| String::new()).paragraph(site),
        classes: site.classes,
        readings: site.readings.iter().map(reading).collect(),
    }
}

fn line(line: &Line) -> JsonLine<'_> {
    JsonLine {
        kind: line.kind,
        version: siglum(line.version),
        range: [line.range.start, line.range.end],
        states: States(&line.states),
    }
}
