//! What queries find, and in which order.

use super::*;

/// The numbers of what the query finds, in its order.
#[track_caller]
fn hits(text: &str) -> Vec<u8> {
    let query = match parse(text, context()) {
        Ok(query) => query,
        Err(error) => panic!("{error}\n{}", error.render(text)),
    };
    let mut found = pile();
    found.retain(|fake| matches(&query, fake));
    found.sort_by(|a, b| compare(&query, a, b));
    found.iter().map(|fake| fake.number).collect()
}

#[test]
fn queries_find_what_they_say() {
    let all = [5, 2, 1, 6, 4, 3, 7];
    #[rustfmt::skip] // A table to read.
    let table: &[(&str, &[u8])] = &[
        // Everything, in the order without a sort: newest first, then by title, the undated last.
        ("", &all),
        ("   ", &all),
        // Words.
        ("virus", &[1, 3]),
        ("VIRUS", &[]),
        ("Virus", &[1]),
        ("virus*", &[5, 1, 3]),
        ("antivir*", &[5]),
        ("us", &[2]),
        ("U.S.", &[1]),
        ("ete", &[3]),
        ("naive", &[3]),
        ("homme", &[3]),
        ("病毒", &[4]),
        ("冠状 通报", &[4]),
        ("🙂", &[7]),
        ("1,000", &[5]),
        ("or and not", &[]),
        ("and", &[5]),
        // Phrases.
        ("\"virus fight\"", &[1]),
        ("\"fight virus\"", &[]),
        ("\"plane departed\"", &[2, 1]),
        ("\"military plane dep\"*", &[2, 1]),
        ("\"the us\"", &[2]),
        ("\"AND\"", &[5]),
        ("\"say \\\"hello\\\"\"", &[7]),
        ("\"http://example.com/more\"", &[6]),
        // Regular expressions.
        ("/vir(us|al)/", &[5, 1, 3]),
        ("title:/^a russian/", &[2]),
        ("/http:\\/\\/\\S+/", &[6]),
        ("/Rome/", &[6]),
        ("/ROME/", &[]),
        // AND, OR, NOT, brackets.
        ("russian ministry", &[1]),
        ("russian AND ministry", &[1]),
        ("russian -ministry", &[2]),
        ("russian NOT ministry", &[2]),
        ("russian -(ministry OR us)", &[]),
        ("NOT russian -virus*", &[6, 4, 7]),
        ("--italy", &[6]),
        ("italy OR été", &[6, 3]),
        ("italy OR été virus", &[6, 3]),
        ("(italy OR été) virus", &[3]),
        ("italy OR (été AND -virus)", &[6]),
        ("((italy))", &[6]),
        ("(russian)(ministry)", &[1]),
        // Text fields.
        ("title:virus", &[1, 3]),
        ("body:virus", &[]),
        ("body:ministry", &[1]),
        ("author:afp", &[1]),
        ("author:\"zoe dupont\"", &[3]),
        ("author:du*", &[3]),
        ("TITLE:virus", &[1, 3]),
        // Places.
        ("path:seeds", &[2, 1]),
        ("path:seeds/001", &[1]),
        ("path:/2019/", &[3]),
        ("path:2*.jsonl", &[4, 3]),
        ("source:wire", &[6, 7]),
        ("path:Seeds", &[]),
        ("url:/planete/", &[3]),
        ("url:http://", &[3]),
        ("site:themoscowtimes.com", &[1]),
        ("site:www.themoscowtimes.com", &[1]),
        ("site:lemonde.fr", &[3]),
        ("site:monde.fr", &[]),
        ("site:lemonde", &[3]),
        ("site:moscow", &[5]),
        ("site:\"moscow times\"", &[5]),
        ("format:md", &[6, 7]),
        ("format:JSONL", &[4, 3]),
        ("lang:en", &[5, 2, 1, 6]),
        ("lang:EN_gb", &[6]),
        ("lang:fr", &[3]),
        // Notes, differences, saved filters.
        ("note:source", &[1, 6]),
        ("note:\"ask source\"", &[]),
        ("has:note", &[1, 6]),
        ("differs:number", &[2, 1]),
        ("differs:title", &[]),
        ("query:inbox", &[]),
        ("query:\"to do\" -us", &[1]),
        ("-query:inbox russian", &[2, 1]),
        // Names.
        ("id:03", &[3]),
        ("id:0303", &[3]),
        ("id:04040404040404040404040404040EEE", &[]),
        ("id:040404040404040404040404040404ee", &[4]),
        ("group:0101", &[2, 1]),
        // Tags.
        ("#todo", &[1]),
        ("tag:todo", &[1]),
        ("#topic", &[1, 3, 7]),
        ("#topic/health", &[1, 7]),
        ("#to*", &[5, 1, 3, 7]),
        ("#\"topic/health\"", &[1, 7]),
        ("-#topic is:tagged", &[5]),
        ("is:untagged", &[2, 6, 4]),
        // States.
        ("is:kept", &[1]),
        ("is:dropped", &[5]),
        ("is:skipped", &[6]),
        ("is:superseded", &[2]),
        ("is:reviewed", &[5, 2, 1, 6]),
        ("-is:reviewed", &[4, 3, 7]),
        ("is:dup", &[2, 1, 4]),
        ("is:unique", &[5, 6, 3, 7]),
        ("is:dup is:best", &[1, 4]),
        // What is there.
        ("-has:title", &[2]),
        ("has:author", &[1, 6, 3]),
        ("-has:date", &[7]),
        ("has:url", &[1, 6, 3]),
        ("-has:lang", &[7]),
        ("has:error", &[5]),
        // Numbers.
        ("words:200..800", &[2, 1, 6, 3]),
        ("words:800", &[6]),
        ("words:=800", &[6]),
        ("words:>800", &[5]),
        ("words:>=800", &[5, 6]),
        ("words:<20", &[7]),
        ("words:<=20", &[4, 7]),
        ("words:..20", &[4, 7]),
        ("words:800..", &[5, 6]),
        ("words:<1_0", &[7]),
        ("versions:>1", &[2, 1]),
        ("copies:>1", &[4]),
        ("sim:>=0.95", &[2, 1]),
        ("sim:>95%", &[]),
        ("boiler:>20%", &[2]),
        ("boiler:>=0.26", &[]),
        ("sim:>80%", &[2, 1]),
        ("-sim:>0.8", &[5, 6, 4, 3, 7]),
        // Dates; a year or month counts when all of it lies inside.
        ("date:2020", &[5, 2, 1, 6, 4]),
        ("date:2020-04", &[5, 2, 1]),
        ("date:2020-04-01", &[2, 1]),
        ("date:2020-04-01..2020-04-07", &[5, 2, 1]),
        ("date:2020-03..2020-04", &[5, 2, 1, 6]),
        ("date:>=2020-04", &[5, 2, 1]),
        ("date:>2020-03", &[5, 2, 1]),
        ("date:<2020", &[3]),
        ("date:<=2019-07", &[3]),
        ("date:<2019-07-31", &[]),
        ("date:..2019", &[3]),
        ("date:2020-04-02..", &[5]),
        // Ages, counted from 8 April 2020.
        ("date:<7d", &[5]),
        ("date:<=7d", &[5, 2, 1]),
        ("date:<1w", &[5]),
        ("date:>7d", &[6, 3]),
        ("date:>=1m", &[3]),
        ("date:<1y", &[5, 2, 1, 6, 4, 3]),
        ("date:today", &[]),
        ("date:yesterday", &[5]),
        // The order.
        ("sort:date", &[3, 4, 6, 2, 1, 5, 7]),
        ("sort:-date", &all),
        ("sort:words", &[7, 4, 3, 1, 2, 6, 5]),
        ("sort:-words limit:2", &[5, 6, 2, 1, 3, 4, 7]),
        ("sort:title", &[2, 5, 3, 6, 1, 7, 4]),
        ("has:author sort:author", &[1, 6, 3]),
        ("sort:-author", &[3, 6, 1, 5, 2, 4, 7]),
        ("sort:-sim sort:words", &[1, 2, 7, 4, 3, 6, 5]),
        ("italy OR été sort:date", &[3, 6]),
        ("sort:date italy OR été", &[3, 6]),
        // What people type by and large.
        ("virus -#todo versions:1 (site:lemonde.fr OR title:antivirus) sort:-words", &[3]),
    ];
    for (text, expected) in table {
        assert_eq!(hits(text), *expected, "{text}");
    }
}

#[test]
fn the_order_is_total_and_does_not_hang_on_the_input() {
    let query = parse("sort:versions", today()).expect("a query");
    let mut forth = pile();
    let mut back: Vec<Fake> = pile().into_iter().rev().collect();
    forth.sort_by(|a, b| compare(&query, a, b));
    back.sort_by(|a, b| compare(&query, a, b));
    let numbers = |pile: &[Fake]| pile.iter().map(|fake| fake.number).collect::<Vec<_>>();
    assert_eq!(numbers(&forth), numbers(&back));
}

#[test]
fn the_limit_is_kept() {
    let query = parse("limit:50 a", today()).expect("a query");
    assert_eq!(query.limit, Some(50));
    assert_eq!(query.text, "limit:50 a");
    assert_eq!(query.to_string(), "a limit:50");
}
