//! One record of each schema in use, as its program writes it: every field that we know is found by itself.

use std::path::Path;

use recto::cancel::Cancel;
use recto::formats::{Input, Item, Options, Record, read};

/// Name, record, and what is found: title, byline, date, address, id, language.
type Row = (&'static str, &'static str, [&'static str; 6]);

const BODY: &str = "The ferry sails again.\n\nIt takes seven hours.";

#[rustfmt::skip] // One schema a row: a table to read.
const TABLE: &[Row] = &[
    ("trafilatura", r#"{"title":"T","author":"Ann Lee","hostname":"e.org","date":"2024-03-05","fingerprint":"b2a4","id":null,"license":null,"comments":"","raw_text":"The ferry sails again. It takes seven hours.","text":"BODY","language":"en","image":null,"pagetype":"article","filedate":"2026-01-01","source":"https://e.org/a","source-hostname":"E","excerpt":null,"categories":"","tags":""}"#,
        ["T", "Ann Lee", "2024-03-05", "https://e.org/a", "", "en"]),
    ("newspaper", r#"{"url":"https://e.org/a","source_url":"https://e.org","title":"T","authors":["Ann Lee","Bo Ek"],"publish_date":"2024-03-05T00:00:00+00:00","text":"BODY","summary":"Short.","keywords":["ferry"],"top_image":"https://e.org/i.jpg","meta_lang":"en","meta_site_name":"E","canonical_link":"https://e.org/c"}"#,
        ["T", "Ann Lee, Bo Ek", "2024-03-05", "https://e.org/a", "", "en"]),
    ("news-please", r#"{"authors":["Ann Lee"],"date_download":"2024-04-01 10:00:00","date_modify":null,"date_publish":"2024-03-05 08:30:00","description":"Short.","filename":"https%3A%2F%2Fe.org%2Fa.json","image_url":null,"language":"en","localpath":null,"maintext":"BODY","source_domain":"e.org","title":"T","title_page":null,"title_rss":null,"url":"https://e.org/a"}"#,
        ["T", "Ann Lee", "2024-03-05", "https://e.org/a", "", "en"]),
    ("Diffbot", r#"{"request":{"pageUrl":"https://e.org/a","api":"article"},"objects":[{"type":"article","title":"T","text":"BODY","html":"<p>The ferry sails again.</p>","date":"Tue, 05 Mar 2024 00:00:00 GMT","author":"Ann Lee","authors":[{"name":"Ann Lee","link":"https://e.org/ann"}],"siteName":"E","pageUrl":"https://e.org/a","humanLanguage":"en","diffbotUri":"article|3|-1"}]}"#,
        ["T", "Ann Lee", "2024-03-05", "https://e.org/a", "article|3|-1", "en"]),
    ("C4", r#"{"text":"BODY","timestamp":"2024-03-05T12:57:54Z","url":"https://e.org/a"}"#,
        ["", "", "2024-03-05", "https://e.org/a", "", ""]),
    ("FineWeb", r#"{"text":"BODY","id":"<urn:uuid:1-2>","dump":"CC-MAIN-2024-10","url":"https://e.org/a","date":"2024-03-05T02:15:07Z","file_path":"s3://commoncrawl/x.warc.gz","language":"en","language_score":0.97,"token_count":11}"#,
        ["", "", "2024-03-05", "https://e.org/a", "<urn:uuid:1-2>", "en"]),
    ("datatrove", r#"{"text":"BODY","id":"shard/17","media":[],"metadata":{"url":"https://e.org/a","date":"2024-03-05","language":"en","title":"T"}}"#,
        ["T", "", "2024-03-05", "https://e.org/a", "shard/17", "en"]),
    ("Dolma", r#"{"id":"d-1","text":"BODY","source":"common-crawl","added":"2024-04-01T00:00:00.000Z","created":"2024-03-05T10:00:00.000Z","metadata":{"url":"https://e.org/a","language":"en"}}"#,
        ["", "", "2024-03-05", "https://e.org/a", "d-1", "en"]),
    ("CC-News", r#"{"title":"T","text":"BODY","domain":"e.org","date":"2024-03-05 17:06:00","description":"Short.","url":"https://e.org/a","image_url":""}"#,
        ["T", "", "2024-03-05", "https://e.org/a", "", ""]),
    ("Hugging Face text", r#"{"text":"BODY"}"#,
        ["", "", "", "", "", ""]),
    ("RedPajama", r#"{"url":"https://e.org/a","date_download":"2024-04-01","raw_content":"BODY","title":"T","language":"en","source_domain":"e.org"}"#,
        ["T", "", "", "https://e.org/a", "", "en"]),
    ("OSCAR", r#"{"content":"BODY","warc_headers":{"warc-record-id":"<urn:uuid:3>","warc-target-uri":"https://e.org/a","content-type":"text/plain"},"metadata":{"language":"en"}}"#,
        ["", "", "", "https://e.org/a", "<urn:uuid:3>", "en"]),
    ("Readability.js", r#"{"title":"T","byline":"Ann Lee","content":"<div><p>The ferry sails again.</p><p>It takes seven hours.</p></div>","textContent":"BODY","siteName":"E","lang":"en","publishedTime":"2024-03-05"}"#,
        ["T", "Ann Lee", "2024-03-05", "", "", "en"]),
    ("WordPress", r#"{"id":17,"date":"2024-03-05T08:30:00","link":"https://e.org/a","title":{"rendered":"T"},"content":{"rendered":"<p>The ferry sails again.</p>\n<p>It takes seven hours.</p>"}}"#,
        ["T", "", "2024-03-05", "https://e.org/a", "17", ""]),
    ("schema.org", r#"{"@type":"NewsArticle","headline":"T","author":{"@type":"Person","name":"Ann Lee"},"datePublished":"2024-03-05","inLanguage":"en","articleBody":"BODY","url":"https://e.org/a"}"#,
        ["T", "Ann Lee", "2024-03-05", "https://e.org/a", "", "en"]),
];

fn load(text: &str) -> (Vec<Record>, Vec<String>) {
    let (mut records, mut told) = (Vec::new(), Vec::new());
    let mut bytes = text.as_bytes();
    let input = Input::stream(&mut bytes);
    let options = Options::default();
    read(
        Path::new("a.json"),
        input,
        &options,
        &Cancel::new(),
        &mut |item| match item {
            Item::Record(record) => records.push(*record),
            Item::Diagnostic(diagnostic) => told.push(diagnostic.to_string()),
        },
    );
    (records, told)
}

#[test]
fn the_fields_of_well_known_schemas_map_by_themselves() {
    for (schema, record, expected) in TABLE {
        let text = record.replace("BODY", &BODY.replace('\n', "\\n"));
        let (records, told) = load(&text);
        assert_eq!((records.len(), told), (1, vec![]), "{schema}");
        let Record { article, source } = &records[0];
        let meta = &article.meta;
        let own =
            |text: &Option<recto::model::Clean>| text.as_deref().unwrap_or_default().to_owned();
        let found = [
            own(&meta.title),
            own(&meta.byline),
            meta.date.map(|it| it.to_string()).unwrap_or_default(),
            own(&meta.url),
            source.record_id.clone().unwrap_or_default(),
            own(&meta.lang),
        ];
        assert_eq!(found, expected.map(str::to_owned), "{schema}");
        let body: Vec<&str> = article.body().map(|block| block.text.as_str()).collect();
        assert_eq!(body.join("\n\n"), BODY, "{schema}");
        // What comes back on export is the record as it was.
        let fields = source.fields.as_deref().unwrap();
        assert!(text.contains(fields), "{schema}");
    }
}
