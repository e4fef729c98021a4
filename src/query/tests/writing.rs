//! Writing a query loses nothing, and reading one never panics.

use proptest::prelude::*;

use super::*;

#[test]
fn queries_are_equal_when_they_ask_the_same() {
    #[rustfmt::skip] // A table to read: what is typed, the canonical form.
    let table = [
        ("  a   AND b ", "a b"),
        ("a OR (b OR c)", "a OR b OR c"),
        ("(a b) c", "a b c"),
        ("NOT (a b)", "-(a b)"),
        ("(a OR b) sort:date", "(a OR b) sort:date"),
        ("a OR b sort:date", "(a OR b) sort:date"),
        ("tag:topic*", "#topic*"),
        ("source:x", "path:x"),
        ("sim:80%", "sim:0.8"),
        ("boiler:>20%", "boiler:>0.2"),
        ("words:=5", "words:5"),
        ("words:5..", "words:>=5"),
        ("date:2020-02", "date:2020-02-01..2020-02-29"),
        ("date:<7d", "date:>2020-04-01"),
        ("query:inbox", "-is:reviewed versions:>1 sort:-words limit:5"),
        ("a query:inbox limit:9", "a -is:reviewed versions:>1 sort:-words limit:9"),
        ("query:inbox sort:date", "-is:reviewed versions:>1 sort:date sort:-words limit:5"),
        ("-query:inbox", "-(-is:reviewed versions:>1)"),
        ("query:\"to do\" b", "(#todo OR (-is:reviewed versions:>1)) b sort:-words limit:5"),
        ("sort:date query:order", "sort:date sort:title"),
        ("\"or\"", "or"),
        ("\"OR\"", "\"OR\""),
        ("title:\"a b\"", "title:\"a b\""),
        ("\"-a\" \"#b\" \"c:d\" \"e*\"", "\"-a\" \"#b\" \"c:d\" \"e*\""),
        ("\"c:d\"*", "\"c:d\"*"),
        ("/a b\\/c/", "/a b\\/c/"),
        ("tag:\" # #to do\"", "#\"to do\""),
        ("\"a\\\\b\" \"c \\\\\"", "a\\b \"c \\\\\""),
    ];
    for (typed, canonical) in table {
        let query = parse(typed, context()).expect(typed);
        assert_eq!(query.to_string(), canonical, "{typed}");
        assert_eq!(parse(canonical, today()), Ok(query), "{typed}");
    }
}

/// Pieces of queries, right and wrong.
fn piece() -> impl Strategy<Value = String> {
    let examples: Vec<&str> = fields::FIELDS
        .iter()
        .flat_map(|field| field.examples)
        .copied()
        .collect();
    prop_oneof![
        4 => proptest::sample::select(examples).prop_map(str::to_owned),
        2 => proptest::sample::select(vec!["(", ")", "OR", "AND", "NOT", "-", "#", "\"", "/", "*"])
            .prop_map(str::to_owned),
        2 => "[-#/\"a-z:*\\\\ ]{1,8}",
        1 => "\\PC{1,6}",
        1 => "(title|path|#|tag|site|is|words|date|sim|boiler|id|lang|sort):?[-<>=./*0-9a-z\"]{0,8}",
    ]
}

proptest! {
    #[test]
    fn parsing_never_panics_and_points_into_the_text(text in ".{0,40}") {
        if let Err(error) = parse(&text, today()) {
            prop_assert!(text.get(error.at.clone()).is_some(), "{error:?}");
            prop_assert_eq!(error.render(&text).lines().count(), 2);
        }
    }

    #[test]
    fn what_is_written_reads_back(pieces in prop::collection::vec(piece(), 0..8)) {
        let text = pieces.join(" ");
        match parse(&text, context()) {
            Err(error) => prop_assert!(text.get(error.at.clone()).is_some(), "{error:?}"),
            Ok(query) => {
                let written = query.to_string();
                prop_assert_eq!(parse(&written, today()), Ok(query.clone()), "{}", written);
                for fake in pile() {
                    let _ = matches(&query, &fake);
                }
            }
        }
    }
}
