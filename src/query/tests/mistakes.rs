//! What is said of wrong queries.

use super::*;

#[test]
fn wrong_queries_say_where_and_what_would_be_right() {
    #[rustfmt::skip] // A table to read: the query, carets under the mistake, what is said.
    let table: &[(&str, &str, &str)] = &[
        ("titel:virus", "^^^^^^", "no field is called titel; try title:"),
        ("a tga:x", "  ^^^^", "no field is called tga; try tag:"),
        ("病毒 titel:x", "     ^^^^^^", "no field is called titel; try title:"),
        ("see http://x.org/a b", "    ^^^^^^^^^^^^^^", "no field is called http; try \"http://x.org/a\""),
        ("\"virus fi", "^^^^^^^^^", "this quotation mark is not closed; try \"virus fi\""),
        ("a title:\"x", "        ^^", "this quotation mark is not closed; try \"x\""),
        ("/home/me/a", "^^^^^^^^^^", "the second slash ends a regular expression; inside it, a slash is \\/; try \"/home/me/a\""),
        ("/virus", "^^^^^^", "this regular expression is not closed by a slash; try \"/virus\""),
        ("a /x(/", "  ^^^^", "not a regular expression: unclosed group"),
        ("(a OR b", "^", "this bracket is not closed"),
        ("a) b", " ^", "no bracket is open that this one could close"),
        ("a ()", "  ^", "nothing stands between these brackets"),
        ("OR a", "^^", "OR needs something before it"),
        ("a OR", "  ^^", "OR needs something behind it"),
        ("a OR OR b", "  ^^", "OR needs something behind it"),
        ("a OR sort:date", "  ^^", "OR needs something behind it"),
        ("AND a", "^^^", "AND needs something before it"),
        ("a AND", "  ^^^", "AND needs something behind it"),
        ("a AND OR b", "  ^^^", "AND needs something behind it"),
        ("a - b", "  ^", "- stands right before what it leaves out; try -word"),
        ("a -", "  ^", "- stands right before what it leaves out; try -word"),
        ("a NOT", "  ^^^", "something to leave out is missing behind this"),
        ("(-)", " ^", "something to leave out is missing behind this"),
        ("*", "^", "* stands behind the beginning of a word"),
        ("\"\"", "^^", "there is nothing to look for between these marks"),
        ("title:", "^^^^^^", "title: needs a value; try title:virus"),
        ("title: virus", "^^^^^^", "title: needs a value; try title:virus"),
        ("words:many", "      ^^^^", "\"many\" is not a whole number"),
        ("words:1..x", "         ^", "\"x\" is not a whole number"),
        ("words:>-5", "       ^^", "\"-5\" is not a whole number"),
        ("words:>", "       ^", "\"\" is not a whole number"),
        ("words:99999999999999999999", "      ^^^^^^^^^^^^^^^^^^^^", "\"99999999999999999999\" is not a whole number"),
        ("words:800..200", "      ^^^^^^^^", "the end lies before the beginning; try 200..800"),
        ("words:..", "      ^^", "the dots stand between two values; try 200..800"),
        ("words:5*", "      ^^", "this takes values such as 200..800"),
        ("sim:>80", "     ^^", "a share lies between 0 and 1; try 80%"),
        ("sim:>200%", "     ^^^^", "a share lies between 0 and 1"),
        ("boiler:>80", "        ^^", "a share lies between 0 and 1; try 80%"),
        ("sim:nan", "    ^^^", "\"nan\" is not a number"),
        ("date:2020-13", "     ^^^^^^^", "\"2020-13\" is no date; dates are written 2020-04-01, 2020-04 or 2020, ages <7d"),
        ("date:2020..april", "           ^^^^^", "\"april\" is no date; dates are written 2020-04-01, 2020-04 or 2020, ages <7d"),
        ("date:2021..2020", "     ^^^^^^^^^^", "the end lies before the beginning; try 2020..2021"),
        ("date:7d", "     ^^", "\"7d\" is an age: say younger or older; try <7d"),
        ("date:<9999y", "      ^^^^^", "that is before the year 0"),
        ("is:revewed", "   ^^^^^^^", "is: knows tagged, untagged, kept, dropped, skipped, superseded, reviewed, dup, unique, best, read, unread, marked, selected, not \"revewed\"; try reviewed"),
        ("has:dat", "    ^^^", "has: knows title, author, date, url, lang, error, note, not \"dat\"; try date"),
        ("format:jsno", "       ^^^^", "format: knows txt, md, html, json, jsonl, jsonfeed, feed, csv, tsv, warc, epub, parquet, not \"jsno\"; try json"),
        ("sort:-dat", "     ^^^^", "sort: knows date, title, author, site, words, versions, copies, added, sim, boiler, relevance, not \"dat\"; try -date"),
        ("-sort:date", "^^^^^^^^^^", "sort: cannot be left out; try sort:-date"),
        ("-limit:5", "^^^^^^^^", "limit: cannot be left out"),
        ("(a sort:date)", "   ^^^^^^^^^", "sort: stands outside of brackets"),
        ("limit:0", "      ^", "limit: takes a whole number above 0"),
        ("limit:5 limit:6", "        ^^^^^^^", "limit: stands here twice"),
        ("lang:e!", "     ^^", "lang: takes a language such as en or pt-BR"),
        ("a #", "  ^", "the name of a tag is missing here; try is:tagged"),
        ("differs:titel", "        ^^^^^", "differs: knows title, author, date, url, body, number, not \"titel\"; try title"),
        ("a query:inbx", "        ^^^^", "query: no filter is saved as \"inbx\"; try inbox"),
        ("query:", "^^^^^^", "query: needs a value; try query:inbox"),
        ("a query:loop b", "  ^^^^^^^^^^", "in the saved filter \"loop\": in the saved filter \"back\": the saved filter \"loop\" asks for itself"),
        ("query:broken", "^^^^^^^^^^^^", "in the saved filter \"broken\": this bracket is not closed"),
        ("-query:order", " ^^^^^^^^^^^", "this saved filter lets everything through"),
    ];
    for (text, carets, said) in table {
        let error = match parse(text, context()) {
            Ok(query) => panic!("{text:?} is no mistake but {query:?}"),
            Err(error) => error,
        };
        assert_eq!(error.to_string(), *said, "{text}");
        assert_eq!(error.render(text), format!("{text}\n{carets}"), "{text}");
    }
}

#[test]
fn nesting_has_an_end() {
    for (open, close) in [("(", ")"), ("-", ""), ("NOT ", ""), ("-(", ")")] {
        let text = format!("{}a{}", open.repeat(100_000), close.repeat(100_000));
        let error = parse(&text, today()).expect_err("far too deep");
        assert_eq!(error.message, "this is nested too deep");
    }
    let flat = vec!["a OR -b"; 20_000].join(" OR ");
    assert!(parse(&flat, today()).is_ok());
}
