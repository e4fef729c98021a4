//! The query language over things of one's own: parse once, ask anything that implements `Document`.
//!
//! `cargo run --example query`

#![allow(clippy::expect_used, reason = "an example that cannot go on says why")]

use std::fmt::Write;
use std::iter;

use recto::model::{ArticleId, Date, Decision};
use recto::query::{Document, compare, matches, parse};

struct Report {
    number: u8,
    title: &'static str,
    body: &'static str,
    date: Option<Date>,
    decision: Decision,
}

impl Document for Report {
    fn id(&self) -> ArticleId {
        ArticleId::from_bytes([self.number; 16])
    }
    fn title(&self) -> &str {
        self.title
    }
    fn has_title(&self) -> bool {
        true
    }
    fn body(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        Box::new(iter::once(self.body))
    }
    fn author(&self) -> Option<&str> {
        None
    }
    fn date(&self) -> Option<Date> {
        self.date
    }
    fn url(&self) -> Option<&str> {
        None
    }
    fn site(&self) -> Option<&str> {
        None
    }
    fn lang(&self) -> Option<&str> {
        Some("en")
    }
    fn paths(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        Box::new(iter::empty())
    }
    fn format(&self) -> &str {
        "txt"
    }
    fn words(&self) -> u64 {
        self.body.split_whitespace().count() as u64
    }
    fn decision(&self) -> &Decision {
        &self.decision
    }
    fn versions(&self) -> u64 {
        1
    }
    fn copies(&self) -> u64 {
        1
    }
    fn is_best(&self) -> bool {
        true
    }
    fn group(&self) -> ArticleId {
        self.id()
    }
    fn similarity(&self) -> Option<f64> {
        None
    }
    fn boilerplate(&self) -> f64 {
        0.0
    }
    fn has_error(&self) -> bool {
        false
    }
}

pub fn run() -> String {
    let report = |number, title, body, date: (i16, u8, u8)| Report {
        number,
        title,
        body,
        date: Date::new(date.0, date.1, date.2),
        decision: Decision::default(),
    };
    let reports = [
        report(
            1,
            "The bridge is open",
            "The new swing bridge was opened.",
            (2026, 3, 2),
        ),
        report(
            2,
            "Honey from the roofs",
            "Two hundred jars of honey.",
            (2026, 8, 30),
        ),
        report(
            3,
            "A bridge too late",
            "The swing bridge opens a year late.",
            (2025, 2, 1),
        ),
    ];

    // The core has no clock: ages such as `date:<7d` are counted from a day that is handed in.
    let today = Date::new(2026, 11, 23).expect("a day");
    let query = parse("\"swing bridge\" date:2025.. sort:date", today).expect("a query");
    let mut hits: Vec<&Report> = reports.iter().filter(|it| matches(&query, *it)).collect();
    hits.sort_by(|a, b| compare(&query, *a, *b));

    let mut said = String::new();
    for hit in hits {
        let _ = writeln!(said, "{}", hit.title);
    }
    // A mistake says where it is and what could have been meant.
    if let Err(error) = parse("titel:bridge", today) {
        let _ = writeln!(said, "{error}\n{}", error.render("titel:bridge"));
    }
    said
}

fn main() {
    print!("{}", run());
}
