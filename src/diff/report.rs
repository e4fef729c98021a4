//! The comparison as JSON, schema `prose-diff/1`.
//!
//! ```json
//! {"schema":"prose-diff/1","coarse":false,"rows":[
//!  {"op":"replace","classes":["edited"],
//!   "left":{"range":[0,9],"spans":[{"s":0,"e":4,"k":"eq","p":1,"text":"Only"},
//!                                  {"s":4,"e":5,"k":"ws","text":" "},{"s":5,"e":9,"k":"chg","class":"edited","text":"four"}]},
//!   "right":{…}}]}
//! ```
//! Offsets are bytes of the compared text. It borrows everything, so that a comparison of 10 MB is written as a stream.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::{Cell, Comparison, Row, Span};

/// A comparison that serialises as `prose-diff/1`.
#[derive(Clone, Copy, Debug)]
pub struct Json<'a> {
    comparison: &'a Comparison,
    left: &'a str,
    right: &'a str,
}

/// Makes the comparison of these two texts ready to be written as JSON.
pub fn to_json<'a>(comparison: &'a Comparison, left: &'a str, right: &'a str) -> Json<'a> {
    Json {
        comparison,
        left,
        right,
    }
}

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("schema", "prose-diff/1")?;
        map.serialize_entry("coarse", &self.comparison.coarse)?;
        map.serialize_entry("rows", &Rows(self))?;
        map.end()
    }
}

struct Rows<'a>(&'a Json<'a>);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let rows = &self.0.comparison.rows;
        let mut list = serializer.serialize_seq(Some(rows.len()))?;
        for row in rows {
            list.serialize_element(&JsonRow {
                row,
                left: self.0.left,
                right: self.0.right,
            })?;
        }
        list.end()
    }
}

struct JsonRow<'a> {
    row: &'a Row,
    left: &'a str,
    right: &'a str,
}

impl Serialize for JsonRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("op", &self.row.op)?;
        map.serialize_entry("classes", &self.row.classes)?;
        if let Some(kind) = &self.row.kind {
            map.serialize_entry("kind", kind)?;
        }
        if let Some(cell) = &self.row.left {
            map.serialize_entry(
                "left",
                &JsonCell {
                    cell,
                    text: self.left,
                },
            )?;
        }
        if let Some(cell) = &self.row.right {
            map.serialize_entry(
                "right",
                &JsonCell {
                    cell,
                    text: self.right,
                },
            )?;
        }
        map.end()
    }
}

struct JsonCell<'a> {
    cell: &'a Cell,
    text: &'a str,
}

impl Serialize for JsonCell<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let range = &self.cell.range;
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("range", &[range.start, range.end])?;
        map.serialize_entry(
            "spans",
            &JsonSpans {
                spans: &self.cell.spans,
                text: self.text,
            },
        )?;
        map.end()
    }
}

struct JsonSpans<'a> {
    spans: &'a [Span],
    text: &'a str,
}

impl Serialize for JsonSpans<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.spans.len()))?;
        for span in self.spans {
            list.serialize_element(&JsonSpan {
                span,
                text: self.text,
            })?;
        }
        list.end()
    }
}

struct JsonSpan<'a> {
    span: &'a Span,
    text: &'a str,
}

impl Serialize for JsonSpan<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Span {
            range,
            kind,
            class,
            pair,
            moved,
        } = self.span;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("s", &range.start)?;
        map.serialize_entry("e", &range.end)?;
        map.serialize_entry("k", kind)?;
        if let Some(class) = class {
            map.serialize_entry("class", class)?;
        }
        if let Some(pair) = pair {
            map.serialize_entry("p", pair)?;
        }
        if let Some(moved) = moved {
            map.serialize_entry("moved", moved)?;
        }
        map.serialize_entry("text", self.text.get(range.clone()).unwrap_or_default())?;
        map.end()
    }
}
