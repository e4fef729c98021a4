//! The index answers as the pattern does, in every script.

use std::collections::BTreeMap;

use proptest::prelude::*;
use tantivy::directory::MmapDirectory;
use tantivy::tokenizer::{Token, TokenStream};
use tantivy::{SingleSegmentIndexWriter, TantivyDocument};

use super::tokens::LONGEST;
use super::*;
use crate::query::Pattern;

/// What texts and patterns are put together from: the same pieces, so that they meet.
const PIECES: &[&str] = &[
    " ",
    " ",
    " ",
    "-",
    ", ",
    "。",
    "’",
    "🙂",
    "a",
    "b",
    "ab",
    "aba",
    "A",
    "Ab",
    "é",
    "É",
    "ñ",
    "ß",
    "ẞ",
    "ﬁ",
    "İ",
    "ς",
    "Σ",
    "10",
    "²",
    "½",
    "x",
    "新",
    "型",
    "病",
    "毒",
    "哈",
    "か",
    "が",
    "カ",
    "한",
    "국",
    "\u{1112}\u{1161}",
    "ก",
    "ไ",
    "ว",
    "รั",
    "ส",
    "ำ",
    "क्ष",
    "मा",
    "\u{301}",
    "ك",
    "ت",
    "ب\u{64e}",
    "d’A",
    "the",
    "The",
    "THE",
    "virus",
    "Virus",
];

fn text(longest: usize) -> impl Strategy<Value = String> {
    let piece = prop::sample::select(PIECES);
    prop::collection::vec(piece, 0..longest).prop_map(|pieces| pieces.concat())
}

#[derive(Clone, Debug)]
struct Paper {
    title: String,
    body: Vec<String>,
    author: Option<String>,
}

fn paper() -> impl Strategy<Value = Paper> {
    let body = prop::collection::vec(text(14), 0..4);
    (text(8), body, prop::option::of(text(5))).prop_map(|(title, body, author)| Paper {
        title,
        body,
        author,
    })
}

fn index(papers: &[Paper]) -> (tempfile::TempDir, TextIndex) {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("text");
    let mut writer = TextWriter::create(&inside).unwrap();
    for paper in papers {
        let body = paper.body.iter().map(String::as_str);
        let author = paper.author.as_deref();
        writer.add(&paper.title, body, author);
    }
    writer.finish().unwrap();
    let index = TextIndex::new(inside, u32::try_from(papers.len()).unwrap());
    (folder, index)
}

/// The terms of a text as tantivy asks for them.
struct Stream(Vec<(u32, String)>, Token);

impl TokenStream for Stream {
    fn advance(&mut self) -> bool {
        let Some((position, term)) = self.0.pop() else {
            return false;
        };
        self.1.position = position as usize;
        self.1.text = term;
        true
    }

    fn token(&self) -> &Token {
        &self.1
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.1
    }
}

#[derive(Clone)]
struct Cutter;

impl tantivy::tokenizer::Tokenizer for Cutter {
    type TokenStream<'a> = Stream;

    fn token_stream(&mut self, text: &str) -> Stream {
        let mut terms = Vec::new();
        Tokenizer::default().each(text, &mut |position, term| {
            terms.push((position, term.to_owned()));
        });
        terms.reverse();
        Stream(terms, Token::default())
    }
}

/// Lets tantivy write the index.
fn by_tantivy(papers: &[Paper]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let tokenizers = tantivy::tokenizer::TokenizerManager::new();
    tokenizers.register(WORDS, Cutter);
    let (schema, fields) = schema();
    let mut writer: SingleSegmentIndexWriter = Index::builder()
        .schema(schema)
        .tokenizers(tokenizers)
        .single_segment_index_writer(MmapDirectory::open(folder.path()).unwrap(), 15 << 20)
        .unwrap();
    for paper in papers {
        let [title, body, author] = fields;
        let mut document = TantivyDocument::default();
        document.add_text(title, &paper.title);
        for block in &paper.body {
            document.add_text(body, block);
        }
        if let Some(name) = &paper.author {
            document.add_text(author, name);
        }
        writer.add_document(document).unwrap();
    }
    writer.finalize().unwrap();
    folder
}

/// The bytes of terms, places and positions.
fn bytes(folder: &Path) -> Vec<Vec<u8>> {
    let endings = ["term", "idx", "pos", "fieldnorm"];
    let files = endings.map(|ending| {
        let mut entries = std::fs::read_dir(folder)
            .unwrap()
            .map(|it| it.unwrap().path());
        entries.find(|path| path.extension().is_some_and(|it| it == ending))
    });
    let files = files.into_iter();
    files
        .map(|path| std::fs::read(path.unwrap()).unwrap())
        .collect()
}

/// How often the pattern stands in a part of a paper.
fn count(pattern: &Pattern, part: Part, paper: &Paper) -> u32 {
    match part {
        Part::Title => pattern.count_in(&paper.title),
        Part::Body => paper.body.iter().map(|it| pattern.count_in(it)).sum(),
        Part::Author => paper.author.iter().map(|it| pattern.count_in(it)).sum(),
    }
}

fn found(index: &TextIndex, part: Part, lookup: &Lookup, counts: bool) -> BTreeMap<u32, u32> {
    let mut found = BTreeMap::new();
    let each = &mut |row, count| {
        found.insert(row, count);
    };
    index
        .find(part, lookup, counts, &Cancel::new(), each)
        .unwrap();
    found
}

fn agree(papers: &[Paper], index: &TextIndex, pattern: &Pattern) -> Result<(), TestCaseError> {
    let Some(lookup) = Lookup::new(pattern) else {
        return Ok(());
    };
    for (part, _) in PARTS {
        let counts = (0..)
            .zip(papers)
            .map(|(row, it)| (row, count(pattern, part, it)));
        let expected: BTreeMap<u32, u32> = counts.filter(|(_, count)| *count > 0).collect();
        let rows = found(index, part, &lookup, false);
        let counted = found(index, part, &lookup, true);
        prop_assert_eq!(
            rows.keys().collect::<Vec<_>>(),
            counted.keys().collect::<Vec<_>>()
        );
        if lookup.exact {
            prop_assert_eq!(&counted, &expected, "{} in {:?}", pattern, part);
        }
        for row in expected.keys() {
            prop_assert!(
                rows.contains_key(row),
                "{} in {:?} of {}",
                pattern,
                part,
                row
            );
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(60) })]

    #[test]
    fn the_index_answers_as_the_pattern_does(
        papers in prop::collection::vec(paper(), 1..12),
        asked in prop::collection::vec((text(4), any::<bool>()), 60),
    ) {
        let (_folder, index) = index(&papers);
        for (text, prefix) in &asked {
            if let Some(pattern) = Pattern::words(text, *prefix) {
                agree(&papers, &index, &pattern)?;
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(40) })]

    #[test]
    fn the_index_is_the_one_that_tantivy_writes(papers in prop::collection::vec(paper(), 1..12)) {
        let (ours, _) = index(&papers);
        let theirs = by_tantivy(&papers);
        prop_assert_eq!(bytes(&ours.path().join("text")), bytes(theirs.path()));
    }
}

#[test]
fn many_words_and_many_places_are_written_as_tantivy_does() {
    let block = |at: usize| format!("The word{} in block {at} of many", at % 3000);
    let papers: Vec<Paper> = (0..30)
        .map(|paper| Paper {
            title: format!("Paper {paper}"),
            body: (0..1500).map(|at| block(paper * 1501 + at)).collect(),
            author: None,
        })
        .collect();
    let (ours, _) = index(&papers);
    let theirs = by_tantivy(&papers);
    assert!(bytes(&ours.path().join("text")) == bytes(theirs.path()));
}

fn exact(typed: &str, prefix: bool) -> Option<bool> {
    let pattern = Pattern::words(typed, prefix).unwrap();
    Lookup::new(&pattern).map(|lookup| lookup.exact)
}

#[test]
fn most_of_what_people_type_is_answered_exactly() {
    for typed in [
        "virus",
        "virus fight",
        "病毒",
        "毒",
        "ไวรัส",
        "COVID",
        "Donald Trump",
        "COVID 19",
        "新型COVID肺炎",
        "U.S.",
    ] {
        assert_eq!(exact(typed, false), Some(true), "{typed}");
        assert_eq!(exact(typed, true), Some(true), "{typed}*");
    }
    // The index does not know that a word has small letters only.
    assert_eq!(exact("US army", false), Some(false));
    assert_eq!(exact("🙂", false), None);
    assert_eq!(exact("\u{93e}a", false), None);
}

#[test]
fn terms_are_what_the_table_says() {
    let cut = format!("{}\u{2}", "x".repeat(LONGEST));
    let pair = format!("{cut}\0新");
    let text = format!("{}新", "x".repeat(LONGEST + 1));
    let cases: &[(&str, &[(u32, &str)])] = &[
        ("", &[]),
        (" - ", &[]),
        (
            "One two-two",
            &[(0, "one"), (0, "\u{1}One"), (1, "two"), (2, "two")],
        ),
        ("Élan", &[(0, "elan"), (0, "\u{1}Elan")]),
        ("新型 a", &[(0, "新\0型"), (1, "型\0"), (2, "a")]),
        (&text, &[(0, &cut), (0, &pair), (1, "新\0")]),
    ];
    for (text, expected) in cases {
        let mut found = Vec::new();
        let mut take = |at, term: &str| found.push((at, term.to_owned()));
        Tokenizer::default().each(text, &mut take);
        let found: Vec<(u32, &str)> = found.iter().map(|(at, term)| (*at, &**term)).collect();
        assert_eq!(&found, expected, "{text}");
    }
}

#[test]
fn words_of_any_length_are_found() {
    let long = |end: &str| format!("{}{end}", "ä".repeat(80));
    let papers: Vec<Paper> = ["", "a", "b"]
        .iter()
        .map(|end| Paper {
            title: long(end),
            body: vec![format!("新{}", long(end))],
            author: None,
        })
        .collect();
    let (_folder, index) = index(&papers);
    for typed in [
        long(""),
        long("a"),
        "ä".repeat(50),
        "ä".repeat(60),
        format!("新{}", long("b")),
    ] {
        for prefix in [false, true] {
            let pattern = Pattern::words(&typed, prefix).unwrap();
            agree(&papers, &index, &pattern).unwrap();
        }
    }
}

#[test]
fn a_search_that_is_called_off_ends() {
    let paper = Paper {
        title: "a b".to_owned(),
        body: Vec::new(),
        author: None,
    };
    let (_folder, index) = index(&vec![paper; 3000]);
    let cancel = Cancel::new();
    cancel.cancel();
    for typed in ["a", "a b"] {
        let lookup = Lookup::new(&Pattern::words(typed, false).unwrap()).unwrap();
        let mut rows = 0;
        index
            .find(Part::Title, &lookup, false, &cancel, &mut |_, _| rows += 1)
            .unwrap();
        assert!(rows < 3000, "{typed}");
    }
}
