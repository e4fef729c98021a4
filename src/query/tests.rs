//! A pile of fake articles that the tests below ask.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::*;
use crate::model::{Note, Verdict};

mod finding;
mod mistakes;
mod writing;

fn today() -> Date {
    Date::new(2020, 4, 8).expect("a date")
}

/// The day and some saved filters.
fn context() -> Context<'static> {
    static SAVED: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
        [
            ("inbox", "-is:reviewed versions:>1 sort:-words limit:5"),
            ("to do", "#todo OR query:inbox"),
            ("order", "sort:title"),
            ("loop", "a query:back"),
            ("back", "b query:loop"),
            ("broken", "(a"),
        ]
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .into()
    });
    Context {
        today: today(),
        saved: &SAVED,
    }
}

/// An article of no store.
#[derive(Clone, Default)]
struct Fake {
    number: u8,
    title: &'static str,
    untitled: bool,
    body: &'static [&'static str],
    author: Option<&'static str>,
    date: Option<Date>,
    url: Option<&'static str>,
    site: Option<&'static str>,
    lang: Option<&'static str>,
    path: &'static str,
    format: &'static str,
    words: u64,
    decision: Decision,
    versions: u64,
    copies: u64,
    best: bool,
    group: u8,
    similarity: Option<f64>,
    boilerplate: f64,
    error: bool,
    added: Option<Date>,
    differs: Option<Difference>,
    read: bool,
    marked: bool,
    selected: bool,
}

fn id(number: u8) -> ArticleId {
    let mut bytes = [number; 16];
    bytes[15] = 0xee;
    ArticleId::from_bytes(bytes)
}

impl Document for Fake {
    fn id(&self) -> ArticleId {
        id(self.number)
    }
    fn title(&self) -> &str {
        self.title
    }
    fn has_title(&self) -> bool {
        !self.untitled
    }
    fn body(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        Box::new(self.body.iter().copied())
    }
    fn author(&self) -> Option<&str> {
        self.author
    }
    fn date(&self) -> Option<Date> {
        self.date
    }
    fn url(&self) -> Option<&str> {
        self.url
    }
    fn site(&self) -> Option<&str> {
        self.site
    }
    fn lang(&self) -> Option<&str> {
        self.lang
    }
    fn paths(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        Box::new(std::iter::once(self.path))
    }
    fn format(&self) -> &str {
        self.format
    }
    fn words(&self) -> u64 {
        self.words
    }
    fn decision(&self) -> &Decision {
        &self.decision
    }
    fn versions(&self) -> u64 {
        self.versions
    }
    fn copies(&self) -> u64 {
        self.copies
    }
    fn is_best(&self) -> bool {
        self.best
    }
    fn group(&self) -> ArticleId {
        id(self.group)
    }
    fn similarity(&self) -> Option<f64> {
        self.similarity
    }
    fn boilerplate(&self) -> f64 {
        self.boilerplate
    }
    fn has_error(&self) -> bool {
        self.error
    }
    fn added(&self) -> Option<Date> {
        self.added
    }
    fn differs(&self, what: Difference) -> bool {
        self.differs == Some(what)
    }
    fn is_read(&self) -> bool {
        self.read
    }
    fn is_marked(&self) -> bool {
        self.marked
    }
    fn is_selected(&self) -> bool {
        self.selected
    }
}

fn tagged(names: &[&str]) -> Decision {
    Decision {
        tags: names.iter().map(|name| (*name).to_owned()).collect(),
        ..Decision::default()
    }
}

impl Decision {
    fn with(self, verdict: Verdict) -> Self {
        Self {
            verdict: Some(verdict),
            ..self
        }
    }

    fn noted(self, texts: &[&str]) -> Self {
        let note = |text: &&str| Note {
            on: None,
            text: (*text).to_owned(),
        };
        Self {
            notes: texts.iter().map(note).collect(),
            ..self
        }
    }
}

/// Ten articles, numbered from 1.
fn pile() -> Vec<Fake> {
    let alone = Fake {
        versions: 1,
        copies: 1,
        best: true,
        format: "txt",
        lang: Some("en"),
        ..Fake::default()
    };
    let mut pile = vec![
        Fake {
            title: "Russian Plane Heads to U.S. With Supplies for Virus Fight",
            body: &[
                "A Russian military plane departed.",
                "The Defense Ministry said so.",
            ],
            author: Some("AFP"),
            added: Date::new(2020, 4, 7),
            differs: Some(Difference::Number),
            date: Date::new(2020, 4, 1),
            url: Some("https://www.themoscowtimes.com/2020/04/01/plane"),
            site: Some("themoscowtimes.com"),
            path: "seeds/001.txt",
            words: 383,
            versions: 2,
            similarity: Some(0.95),
            decision: tagged(&["todo", "topic/health"])
                .with(Verdict::Keep)
                .noted(&["ask the source", "check"]),
            ..alone.clone()
        },
        Fake {
            added: Date::new(2020, 4, 8),
            differs: Some(Difference::Number),
            title: "A Russian military plane departed.",
            untitled: true,
            body: &["A Russian military plane", "departed for the US."],
            date: Date::new(2020, 4, 1),
            path: "seeds/000.txt",
            words: 494,
            boilerplate: 0.25,
            versions: 2,
            best: false,
            group: 1,
            similarity: Some(0.95),
            decision: Decision {
                superseded: true,
                ..Decision::default()
            },
            ..alone.clone()
        },
        Fake {
            title: "Été meurtrier : l’homme et le virus",
            body: &["Une canicule. Naïve, l'œuvre."],
            author: Some("Zoé Dupont"),
            date: Date::new(2019, 7, 0),
            url: Some("http://news.lemonde.fr/Planete/canicule"),
            site: Some("news.lemonde.fr"),
            lang: Some("fr-FR"),
            path: "crawl/2019/a.jsonl",
            format: "jsonl",
            words: 200,
            decision: tagged(&["Topic"]),
            ..alone.clone()
        },
        Fake {
            title: "新型冠状病毒肺炎疫情",
            body: &["武汉市卫健委通报。"],
            date: Date::new(2020, 0, 0),
            lang: Some("zh"),
            path: "crawl/2020/b.jsonl",
            format: "jsonl",
            words: 20,
            copies: 3,
            ..alone.clone()
        },
        Fake {
            title: "Antivirus software compared",
            body: &[
                "We tested ten viruses (1,000 files).",
                "AND the winner is: nobody",
            ],
            date: Date::new(2020, 4, 7),
            site: Some("The Moscow Times"),
            path: "web/index.html",
            format: "html",
            words: 801,
            error: true,
            decision: tagged(&["tools"]).with(Verdict::Drop),
            ..alone.clone()
        },
        Fake {
            title: "Italy extends lockdown until 12 April",
            read: true,
            marked: true,
            body: &["Rome said.", "More: see http://example.com/more"],
            author: Some("Reuters"),
            date: Date::new(2020, 3, 31),
            url: Some("https://example.com/italy"),
            site: Some("example.com"),
            lang: Some("en-GB"),
            path: "wire/2020-03-31.md",
            format: "md",
            words: 800,
            decision: tagged(&[]).with(Verdict::Skip).noted(&["one source only"]),
            ..alone.clone()
        },
        Fake {
            title: "Undated note",
            selected: true,
            body: &["say \"hello\" to 🙂"],
            lang: None,
            path: "wire/undated.md",
            format: "md",
            words: 4,
            decision: tagged(&["topic/health/virus"]),
            ..alone.clone()
        },
    ];
    for (fake, number) in pile.iter_mut().zip(1..) {
        fake.number = number;
        if fake.group == 0 {
            fake.group = number;
        }
    }
    pile
}
