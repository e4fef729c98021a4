//! Collections to search in, each with every backend: in memory, sealed, and both.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use roaring::RoaringBitmap;

use crate::cancel::Cancel;
use crate::formats::{self, Input, Item, Record};
use crate::group::{Group, Grouping, Link, Reason};
use crate::model::{Article, ArticleId, Clean, Date, Decision, Diagnostic, Source, Verdict};
use crate::query::relevance::{self, Counts, Relevance};
use crate::query::{self, Document};
use crate::store::boilerplate::Blocks;
use crate::store::collection::{Collection, Known, Member, Present};
use crate::store::groups::{Groups, Members};
use crate::store::ingest::{Facts, Loaded, NO_PLACE};
use crate::store::library::catalogue::{Place, Row, RowRecord};
use crate::store::library::search::{Decided, Records, Searcher, Snapshot, Standings, Tail, Texts};
use crate::store::library::segment::{Segment, SegmentWriter};
use crate::store::types::Personal;
use crate::store::types::{By, Find, Hit, Page, StoreError};
use crate::store::versions::Score;

pub fn today() -> Date {
    Date::new(2020, 4, 8).unwrap()
}

/// A collection behind one backend.
pub struct Case {
    pub name: &'static str,
    collection: Collection,
    groups: Groups,
    standing: Standing,
    segments: Vec<Arc<Segment>>,
    later: Later,
    paths: Vec<String>,
    dead: RoaringBitmap,
    decisions: Arc<HashMap<ArticleId, Decision>>,
    personal: Arc<Personal>,
    decided: Decided,
    texts: Shelf,
    articles: u64,
    _folder: tempfile::TempDir,
}

struct Standing {
    versions: Vec<Vec<u32>>,
    names: Vec<ArticleId>,
    similarity: Vec<Option<f64>>,
    boilerplate: Vec<f64>,
}

impl Standings for Standing {
    fn leads(&self, among: &RoaringBitmap) -> RoaringBitmap {
        let is_first = |number: &u32| {
            let mut versions = self.versions[*number as usize].iter();
            versions.find(|it| among.contains(**it)) == Some(number)
        };
        among.iter().filter(is_first).collect()
    }

    fn sized(&self, fits: &dyn Fn(usize) -> bool) -> RoaringBitmap {
        let all = (0u32..).zip(&self.versions);
        let all = all.filter(|(_, versions)| fits(versions.len()));
        all.map(|(number, _)| number).collect()
    }

    fn versions(&self, article: u32) -> Members<'_> {
        Members::Listed(&self.versions[article as usize])
    }

    fn name(&self, article: u32) -> ArticleId {
        self.names[article as usize]
    }

    fn similarity(&self, article: u32) -> Option<f64> {
        self.similarity[article as usize]
    }

    fn boilerplate(&self, article: u32) -> f64 {
        self.boilerplate[article as usize]
    }
}

/// Records that came after their segment was sealed; all files are there.
#[derive(Default)]
struct Later {
    records: BTreeMap<u32, Vec<RowRecord>>,
    frayed: RoaringBitmap,
}

impl Records for Later {
    fn later(&self, article: u32) -> Vec<&RowRecord> {
        self.records.get(&article).into_iter().flatten().collect()
    }

    fn all_later(&self) -> Box<dyn Iterator<Item = (u32, &RowRecord)> + '_> {
        let all = self.records.iter();
        Box::new(all.flat_map(|(article, all)| all.iter().map(|it| (*article, it))))
    }

    fn is_gone(&self, _: u32) -> bool {
        false
    }

    fn frayed(&self) -> &RoaringBitmap {
        &self.frayed
    }
}

/// The sealed articles, and how often one was read.
struct Shelf {
    articles: Vec<Arc<Article>>,
    reads: AtomicU32,
}

impl Texts for Shelf {
    fn article(&self, number: u32) -> Option<Arc<Article>> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        self.articles.get(number as usize).cloned()
    }
}

/// A small collection with something of everything, behind every backend.
pub fn backends() -> Vec<Case> {
    let make = |name, ends: &[usize], tail| Case::new(name, small(), ends, tail);
    vec![
        make("memory", &[], true),
        make("one segment", &[usize::MAX], false),
        make("segments", &[7, 8, 20, usize::MAX], false),
        make("segments and memory", &[9, 21], true),
    ]
}

impl Case {
    /// Thousands of short articles in segments.
    pub fn large() -> Self {
        let lines = (0..3000).map(|at| {
            let word = ["virus", "viral", "viruses", "nothing"][at % 4];
            format!(
                r#"{{"id":"{at}","title":"{word} {at}","text":"Only {at} words about {}"}}"#,
                at % 10
            )
        });
        let lines: Vec<String> = lines.collect();
        Self::new("large", records(&lines.join("\n")), &[1000, 2900], true)
    }

    fn new(name: &'static str, records: Vec<Record>, ends: &[usize], tail: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut collection = Collection::default();
        for (at, mut record) in records.into_iter().enumerate() {
            // Of some it is not known.
            record.source.added = Date::new(2020, 4, (at % 9) as u8).filter(|_| at % 5 > 0);
            let facts = Facts {
                words: record.article.words() as u64,
                place: NO_PLACE,
            };
            let noted = is_noted(&record.source);
            let loaded = Loaded::Record(Box::new(record), facts);
            let _ = collection.take(loaded, 0, &Known::new());
            if noted {
                let diagnostic = Diagnostic::warning("in/b.jsonl", "a byte was no letter");
                let loaded = Loaded::Diagnostic(diagnostic.at_record(5));
                let _ = collection.take(loaded, 0, &Known::new());
            }
        }
        let article = |at: usize| Some(Arc::clone(&collection.tail().get(at)?.article));
        let count = collection.tail().len();
        let blocks = Blocks::of_articles(count, article, &Cancel::new()).unwrap();
        let blocks = Arc::new(blocks);
        let found = Arc::new(grouping(&collection));
        let groups = Groups::new(&collection, &found, &blocks, &[], as_given, None);
        let mut case = Self {
            name,
            standing: Standing::of(&collection, &groups),
            groups,
            segments: Vec::new(),
            later: Later::default(),
            paths: Vec::new(),
            dead: RoaringBitmap::new(),
            decisions: Arc::default(),
            personal: Arc::new(personal(&collection)),
            decided: Decided::default(),
            texts: Shelf {
                articles: collection
                    .tail()
                    .iter()
                    .map(|it| Arc::clone(&it.article))
                    .collect(),
                reads: AtomicU32::new(0),
            },
            articles: 1,
            collection,
            _folder: folder,
        };
        let mut start = 0;
        for end in ends {
            let end = (*end).min(count);
            case.seal(start, end);
            start = end;
        }
        assert_eq!(start < count, tail, "{name}");
        case.decide(decisions(&case.collection));
        case
    }

    fn seal(&mut self, start: usize, end: usize) {
        let folder = self._folder.path().join(format!("seg-{start}"));
        let mut writer = SegmentWriter::create(&folder, number(start)).unwrap();
        for place in start..end {
            let member = &self.collection.tail()[place];
            let mut records = Vec::new();
            for source in &member.sources {
                let path = source.path.to_string_lossy().into_owned();
                let known = self.paths.iter().position(|it| *it == path);
                let file = known.unwrap_or_else(|| {
                    self.paths.push(path);
                    self.paths.len() - 1
                });
                records.push(RowRecord {
                    file: number(file),
                    record: source.record,
                    record_id: source.record_id.clone(),
                    added: source.added,
                    format: source.format,
                    has_error: is_noted(source),
                    place: Place::File,
                });
            }
            // Of every other article the copies come later.
            if place % 2 == 1 {
                let later = records.split_off(1);
                if !later.is_empty() {
                    self.later.records.insert(number(place), later);
                }
            }
            let row = Row::of(&member.article, member.words, records);
            let body = member.article.body().map(|block| block.text.as_str());
            writer.add(&row, body).unwrap();
        }
        writer.finish().unwrap();
        self.segments
            .push(Arc::new(Segment::open(&folder).unwrap()));
    }

    fn tail(&self) -> Tail<'_> {
        let last = self.segments.last();
        let sealed = last.map_or(0, |it| it.first() + it.rows());
        Tail {
            members: &self.collection.tail()[sealed as usize..],
        }
    }

    fn snapshot(&self) -> Snapshot<'_> {
        Snapshot {
            segments: &self.segments,
            tail: self.tail(),
            dead: &self.dead,
            records: &self.later,
            paths: &self.paths,
            standings: &self.standing,
            decided: &self.decided,
            texts: &self.texts,
            articles: self.articles,
            groups: 1,
        }
    }

    pub fn decisions(&self) -> HashMap<ArticleId, Decision> {
        HashMap::clone(&self.decisions)
    }

    pub fn decide(&mut self, decisions: HashMap<ArticleId, Decision>) {
        self.decisions = Arc::new(decisions);
        let decisions = Arc::clone(&self.decisions);
        let before = Some(&self.decided);
        let personal = Arc::clone(&self.personal);
        self.decided = Decided::new(decisions, personal, before);
    }

    /// All records of an article are gone.
    pub fn kill(&mut self, number: u32) {
        self.dead.insert(number);
        self.articles += 1;
    }

    pub fn store_order(&self, searcher: &Searcher, path: &Path, identity: u64) {
        let stored = searcher.store_order(&self.snapshot(), path, identity);
        stored.unwrap();
    }

    pub fn reads(&self) -> u32 {
        self.texts.reads.load(Ordering::Relaxed)
    }

    pub fn articles(&self) -> u32 {
        number(self.collection.tail().len())
    }

    pub fn find(&self, searcher: &Searcher, find: &Find) -> Page {
        self.find_in_parts(searcher, find, &Cancel::new(), &mut |_| {})
            .unwrap()
    }

    pub fn find_in_parts(
        &self,
        searcher: &Searcher,
        find: &Find,
        cancel: &Cancel,
        partial: &mut dyn FnMut(Page),
    ) -> Result<Page, StoreError> {
        searcher.find(&self.snapshot(), find, cancel, partial)
    }

    /// The order by relevance, by counting in every article.
    pub fn most_relevant(&self, find: &Find) -> Vec<ArticleId> {
        let mut plain = find.clone();
        plain.query = Arc::new(query::Query {
            limit: None,
            ..query::Query::clone(&find.query)
        });
        let words = relevance::words(&find.query);
        let members = self.collection.tail();
        let count = |member: &Arc<Member>| {
            let counts = |(field, pattern): &(_, _)| {
                let body = member.article.body().map(|block| block.text.as_str());
                relevance::counts(*field, pattern, member.article.shown_title(), body)
            };
            words.iter().map(counts).collect::<Vec<_>>()
        };
        let counted: Vec<Vec<Counts>> = members.iter().map(count).collect();
        let found: Vec<u64> = (0..words.len())
            .map(|word| counted.iter().filter(|it| it[word].is_some()).count() as u64)
            .collect();
        let all = members.iter().map(|it| it.words).sum();
        let relevance = Relevance::new(&found, members.len() as u64, all);
        let score = |id: ArticleId| {
            let place = self.collection.place(id).unwrap();
            relevance.score(counted[place].iter().copied(), members[place].words)
        };
        let mut hits = self.oracle(&plain);
        let turned = relevance::by_relevance(&find.query) == Some(true);
        // Sorting keeps the order of those that are equal.
        hits.sort_by(|a, b| {
            let best = score(b.id).total_cmp(&score(a.id));
            if turned { best.reverse() } else { best }
        });
        hits.truncate(find.query.limit.unwrap_or(usize::MAX));
        hits.iter().map(|hit| hit.id).collect()
    }

    /// What looking at every article finds.
    pub fn oracle(&self, find: &Find) -> Vec<Hit> {
        let present = Present {
            collection: &self.collection,
            groups: &self.groups,
            decisions: &self.decisions,
            personal: &self.personal,
        };
        let rows = (0..self.collection.tail().len()).filter_map(|place| present.row(place));
        let mut rows: Vec<_> = rows
            .filter(|row| query::matches(&find.query, row))
            .collect();
        if find.by == By::Group {
            let matches: Vec<usize> = rows.iter().map(|row| row.place).collect();
            rows.retain(|row| {
                let mut order = row.versions.iter();
                let lead = order.find(|place| matches.contains(&(**place as usize)));
                lead == Some(&number(row.place))
            });
        }
        rows.sort_by(|a, b| query::compare(&find.query, a, b));
        rows.truncate(find.query.limit.unwrap_or(usize::MAX));
        rows.iter().map(|row| present.hit(row, find.by)).collect()
    }
}

impl Standing {
    fn of(collection: &Collection, groups: &Groups) -> Self {
        let decisions = HashMap::new();
        let present = Present {
            collection,
            groups,
            decisions: &decisions,
            personal: &Personal::default(),
        };
        let rows: Vec<_> = (0..collection.tail().len())
            .filter_map(|it| present.row(it))
            .collect();
        Self {
            versions: rows.iter().map(|row| row.versions.to_vec()).collect(),
            names: rows.iter().map(Document::group).collect(),
            similarity: rows.iter().map(Document::similarity).collect(),
            boilerplate: rows.iter().map(Document::boilerplate).collect(),
        }
    }
}

/// Something had to be replaced in this record.
fn is_noted(source: &Source) -> bool {
    source.record == Some(5) && source.path.ends_with("b.jsonl")
}

fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap()
}

fn as_given(versions: &[&Article]) -> Vec<(usize, Option<Score>)> {
    // Not the order of reading: the last one is the best.
    (0..versions.len()).rev().map(|at| (at, None)).collect()
}

/// Every third article is a version of the one before.
fn grouping(collection: &Collection) -> Grouping {
    let ids: Vec<ArticleId> = collection.tail().iter().map(|it| it.article.id).collect();
    let groups = ids
        .chunks(5)
        .filter(|chunk| chunk.len() > 2)
        .map(|chunk| Group {
            members: chunk[..3].to_vec(),
            links: vec![Link {
                share_a: 0.75,
                share_b: 0.5,
                ..Link::bare(chunk[0], chunk[2], Reason::Said)
            }],
        });
    Grouping {
        groups: groups.collect(),
        relations: Vec::new(),
    }
}

/// Some articles are read, some marked, some chosen.
fn personal(collection: &Collection) -> Personal {
    let every = |step: usize| {
        let members = collection.tail().iter().step_by(step);
        members.map(|it| it.article.id).collect()
    };
    Personal {
        read: every(3),
        marked: every(11),
        selected: every(5),
    }
}

fn decisions(collection: &Collection) -> HashMap<ArticleId, Decision> {
    let mut decisions = HashMap::new();
    for (at, member) in collection
        .tail()
        .iter()
        .enumerate()
        .filter(|(at, _)| at % 3 == 1)
    {
        let tags: &[&str] = [&["todo"][..], &["topic/health", "Über"], &[]][at % 7 % 3];
        let verdicts = [
            Some(Verdict::Keep),
            Some(Verdict::Drop),
            Some(Verdict::Skip),
            None,
        ];
        let mut decision = Decision {
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            verdict: verdicts[at % 4],
            superseded: at % 5 == 0,
            notes: Vec::new(),
        };
        if at % 4 == 1 {
            decision.note(None, Some("The virus, as Reuters had it."));
        }
        if !decision.is_empty() {
            decisions.insert(member.article.id, decision);
        }
    }
    // About an article of another library.
    decisions.insert(
        ArticleId::from_bytes([7; 16]),
        Decision {
            superseded: true,
            ..Decision::default()
        },
    );
    decisions
}

fn records(lines: &str) -> Vec<Record> {
    let mut records = Vec::new();
    let mut bytes = lines.as_bytes();
    formats::read(
        &PathBuf::from("in/all.jsonl"),
        Input::stream(&mut bytes),
        &formats::Options::default(),
        &Cancel::new(),
        &mut |item| {
            if let Item::Record(record) = item {
                records.push(*record);
            }
        },
    );
    records
}

/// Titles and texts of many scripts; some stand twice.
const TEXTS: &[(&str, &str)] = &[
    (
        "Virus spreads",
        "The virus fights back. Nobody knew.\n\nA second paragraph of the US army.",
    ),
    (
        "A plane for Rome",
        "A military plane departed with masks.\n\nItaly said 1,000 thanks; 10 ventilators.",
    ),
    ("Été à Paris", "L’été est arrivé. Le virus aussi, naïve."),
    (
        "新型冠状病毒",
        "新型COVID肺炎通报。病 毒很多。\n\n今天天气很好",
    ),
    ("코로나바이러스", "한국에서 바이러스는 바이러스다."),
    ("ไวรัสโคโรนา", "เชื้อไวรัสโคโรนา 2019 ระบาด"),
    ("Über die Straße", "STRASSE und Straße, groß und klein."),
    (
        "virus fight",
        "the virus-fight, a VIRUS Fight; antivirus, viral.",
    ),
    (
        "",
        "No title here, only a sentence about Viruses. And another.",
    ),
    ("🙂 smile", "so 🙂! a—b. don’t U.S. soldiers."),
    ("क्षमा", "क्षमा। नमस्ते दुनिया"),
    ("かがカガ", "カタカナとひらがな。がっこう"),
    ("Zebra", "zebra zebra zebra crossing. The us of a."),
    ("aaa", "of the people, by the people, for the people"),
    (
        "A plane for Rome",
        "Another text under the same title: masks masks masks.",
    ),
];

const AUTHORS: &[&str] = &["AFP", "Zoé Dupont", "émile", "  ", "王伟", "AFP and others"];
const URLS: &[&str] = &[
    "https://www.themoscowtimes.com/2020/04/a?x=1",
    "http://lemonde.fr/planete/",
    "https://news.example.org/News/7",
    "no address",
];
const SITES: &[&str] = &["The Moscow Times", "example"];
const LANGS: &[&str] = &["en", "en_GB", "fr", "zh-Hans"];
const FORMATS: &[&str] = &["jsonl", "txt", "md"];
const PATHS: &[&str] = &["in/a.jsonl", "in/b.jsonl", "In/2020/04/c.md"];

fn small() -> Vec<Record> {
    let mut lines = Vec::new();
    for round in 0..3 {
        for (at, (title, text)) in TEXTS.iter().enumerate() {
            // The third round are exact copies of part of the first.
            let text = match round {
                1 => format!("{text}\n\nRound two has {} words more.", "some ".repeat(at)),
                _ => (*text).to_owned(),
            };
            let line = serde_json::json!({ "id": format!("r{at}"), "title": title, "text": text });
            if round < 2 || at % 3 == 0 {
                lines.push(line.to_string());
            }
        }
    }
    let long = "long ".repeat(150);
    for end in ["b", "a"] {
        let title = format!("{long}{end}");
        lines.push(serde_json::json!({ "title": title, "text": "long titles" }).to_string());
    }
    let mut records = records(&lines.join("\n"));
    for (at, record) in records.iter_mut().enumerate() {
        let pick = |from: &[&'static str], every: usize| {
            (at % every == 0).then(|| Clean::own(from[at / every % from.len()]))
        };
        let (month, day) = (at as u8 % 13, at as u8 % 4 * 9);
        let meta = &mut record.article.meta;
        meta.byline = pick(AUTHORS, 2);
        meta.url = pick(URLS, 3);
        meta.site = pick(SITES, 4);
        meta.lang = pick(LANGS, 2);
        meta.date = Date::new(
            2018 + at as i16 % 3,
            month,
            if month == 0 { 0 } else { day },
        );
        record.source.format = FORMATS[at % FORMATS.len()];
        record.source.path = PathBuf::from(PATHS[at % PATHS.len()]);
    }
    records
}
