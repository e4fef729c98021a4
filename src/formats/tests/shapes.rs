//! One article in the shapes that extractors give it, written by us after what they print.

use super::load;
use crate::model::BlockKind;

const FIRST: &str = "The harbour authority in Port Ellery said on Tuesday that 41 fishing boats had been moved inland ahead of the \
    storm, which forecasters expect to reach the coast before midnight.";
const SECOND: &str = "Officials asked residents of the lower town to leave by 6 p.m. and opened three schools; the ferry to the \
    island stays in port until Friday.";

/// Breaks lines at a column, as a hard-wrapping program does.
fn wrapped(text: &str, column: usize, indent: &str) -> String {
    let mut lines = vec![indent.to_owned()];
    for word in text.split(' ') {
        let line = lines.last().unwrap();
        let full = line.chars().count() + 1 + word.chars().count() > column && line.trim() != "";
        if full {
            lines.push(format!("{indent}{word}"));
        } else {
            let line = lines.last_mut().unwrap();
            if line.len() > indent.len() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines.join("\n")
}

#[test]
fn one_article_in_the_shapes_of_extractors() {
    let title = "Boats Moved Inland Before the Storm";
    let url = "https://echo.example/boats";
    let plain = |a: &str, b: &str| format!("{a}\n{b}\n");
    let shapes = [
        (
            "trafilatura, text",
            "a.txt",
            format!(
                "{title}\nBy Ann Lee\nApril 24, 2026\n{}",
                plain(FIRST, SECOND)
            ),
        ),
        (
            "trafilatura, Markdown",
            "a.md",
            format!(
                "---\ntitle: {title}\nauthor: Ann Lee\nurl: {url}\nhostname: echo.example\nsitename: The Echo\ndate: 2026-04-24\n\
                 categories: ['Coast']\n---\n{FIRST}\n\n{SECOND}\n"
            ),
        ),
        (
            "readability to Markdown",
            "a.md",
            format!(
                "# {title}\n\nBy Ann Lee\n\nApril 24, 2026\n\n{FIRST}\n\n{SECOND}\n\nSource: <{url}>\n"
            ),
        ),
        (
            "newspaper",
            "a.txt",
            format!("{title}\n\nAnn Lee | 24 April 2026\n\n{FIRST}\n\n{SECOND}\n"),
        ),
        (
            "jusText",
            "a.txt",
            format!(
                "{title}\nBy Ann Lee, 24 April 2026\n{}",
                plain(FIRST, SECOND)
            ),
        ),
        (
            "inscriptis",
            "a.txt",
            format!("\n\n{title}\n\nBy Ann Lee\n24.04.2026, 18:05 Uhr\n\n{FIRST}\n\n{SECOND}\n"),
        ),
        (
            "pandoc, plain",
            "a.txt",
            format!(
                "{title}\n\nBy Ann Lee\n\n24 April 2026\n\n{}\n\n{}\n",
                wrapped(FIRST, 72, ""),
                wrapped(SECOND, 72, "")
            ),
        ),
        (
            "lynx",
            "a.txt",
            format!(
                "   {title}\n\n   By Ann Lee\n\n   Friday, 24 April 2026\n\n{}\n\n{}\n",
                wrapped(FIRST, 75, "   "),
                wrapped(SECOND, 75, "   ")
            ),
        ),
        (
            "w3m",
            "a.txt",
            format!(
                "{title}\n\nBy Ann Lee\n\nFri, 24 Apr 2026 17:05:00 +0200\n\n{}\n\n{}\n",
                wrapped(FIRST, 80, ""),
                wrapped(SECOND, 80, "")
            ),
        ),
        (
            "html2text",
            "a.txt",
            format!(
                "# {title}\n\nBy Ann Lee\n\nPublished on 24 April 2026\n\n{}\n\n{}\n",
                wrapped(FIRST, 78, ""),
                wrapped(SECOND, 78, "")
            ),
        ),
        (
            "TOML head",
            "a.md",
            format!(
                "+++\ntitle = \"{title}\"\nauthors = [\"Ann Lee\"]\ndate = 2026-04-24\n+++\n\n{FIRST}\n\n{SECOND}\n"
            ),
        ),
        (
            "plain head",
            "a.txt",
            format!(
                "Title: {title}\nAuthor: Ann Lee\nDate: 2026-04-24\nUrl: {url}\n\n{FIRST}\n\n{SECOND}\n"
            ),
        ),
        (
            "seed",
            "a.txt",
            format!(
                "\n\n## {title}\n\nBy <u>Ann Lee</u>\n\nApril 24, 2026\n\n\n\n{FIRST}\n\n{SECOND}\n\nOriginal url: {url}\n"
            ),
        ),
    ];
    for (shape, name, text) in shapes {
        let (records, diagnostics) = load(name, text.as_bytes());
        assert_eq!(diagnostics, [], "{shape}");
        let article = &records[0].article;
        let meta = &article.meta;
        let date = meta.date.map(|date| date.to_string());
        assert_eq!(
            (
                meta.title.as_deref(),
                meta.byline.as_deref(),
                date.as_deref()
            ),
            (Some(title), Some("Ann Lee"), Some("2026-04-24")),
            "{shape}: {text}"
        );
        let body: Vec<&str> = article.body().map(|block| &*block.text).collect();
        assert_eq!(body, [FIRST, SECOND], "{shape}");
        if text.contains(url) {
            assert_eq!(meta.url.as_deref(), Some(url), "{shape}");
        }
    }
}

#[test]
fn names_above_a_story_in_the_ways_of_newsrooms() {
    for (line, name) in [
        ("By Jane Roe", "Jane Roe"),
        ("BY JANE ROE", "JANE ROE"),
        ("By Jane Roe and John Doe", "Jane Roe and John Doe"),
        ("By JANE ROE, The Echo", "JANE ROE, The Echo"),
        ("Written by Jane Roe", "Jane Roe"),
        ("Published by Jane Roe on 1 April 2020", "Jane Roe"),
        ("Author: Jane Roe", "Jane Roe"),
        ("Von Jürgen Maß", "Jürgen Maß"),
        ("Von Jürgen Maß am 1. April 2020", "Jürgen Maß"),
        ("Par Élise Noir", "Élise Noir"),
        ("Por María Pérez", "María Pérez"),
        ("Автор: Иван Петров", "Иван Петров"),
        ("作者：张三", "张三"),
        ("Jane Roe | 1 April 2020", "Jane Roe"),
        ("By Jane Roe • April 1, 2020", "Jane Roe"),
    ] {
        let (records, _) = load(
            "a.txt",
            format!("Boats Moved Inland\n\n{line}\n\n{FIRST}\n").as_bytes(),
        );
        assert_eq!(
            records[0].article.meta.byline.as_deref(),
            Some(name),
            "{line}"
        );
    }
}

#[test]
fn what_only_looks_like_a_head_is_prose() {
    for line in [
        "By the time the boats were moved, the sea had risen.",
        "By Tuesday the harbour was empty",
        "By 6 p.m. the schools were open",
        "Par ailleurs, le port reste fermé",
        "Von wegen Ruhe vor dem Sturm!",
        "Text: the sea has risen.",
        "In April 2020 the town was quiet",
        "May 2020 be a better year",
        "Source of the river",
        "The first sentence is short.",
        "On 1 April 2020 the boats were moved",
    ] {
        let text = format!("{line}\n\n{FIRST}\n\n{SECOND}\n");
        for name in ["a.txt", "a.md"] {
            let (records, _) = load(name, text.as_bytes());
            let article = &records[0].article;
            let kinds: Vec<BlockKind> = article.blocks.iter().map(|block| block.kind).collect();
            assert_eq!(kinds, [BlockKind::Paragraph; 3], "{name}: {line}");
            assert_eq!(
                (&article.meta.byline, article.meta.date),
                (&None, None),
                "{line}"
            );
        }
    }
}

#[test]
fn an_unclear_date_stays_text_and_is_said() {
    let page = |date: &str| {
        format!(
            "<html><head><meta name=date content='{date}'></head><body><h1>Boats</h1><p>{FIRST}</p><p>{SECOND}</p></body></html>"
        )
    };
    for (name, text) in [
        (
            "a.txt",
            format!("Boats Moved Inland\n\n03/04/2020\n\n{FIRST}\n"),
        ),
        (
            "a.txt",
            format!("Title: Boats\nDate: 03/04/2020\n\n{FIRST}\n"),
        ),
        (
            "a.md",
            format!("---\ntitle: Boats\ndate: 03/04/2020\n---\n{FIRST}\n"),
        ),
        ("a.html", page("03/04/2020")),
        (
            "a.jsonl",
            format!(r#"{{"text":"{FIRST}","date":"03/04/2020"}}"#),
        ),
        (
            "a.csv",
            format!("text,date,lang\n\"{FIRST}\",03/04/2020,en\n"),
        ),
    ] {
        let (records, diagnostics) = load(name, text.as_bytes());
        assert_eq!(records[0].article.meta.date, None, "{text}");
        assert_eq!(diagnostics.len(), 1, "{text}");
        assert!(
            diagnostics[0]
                .message
                .contains("03/04/2020 can mean more than one day"),
            "{diagnostics:?}"
        );
    }
    let american = page("03/04/2020").replace("<html>", "<html lang=en-US>");
    let (records, diagnostics) = load("a.html", american.as_bytes());
    assert_eq!(
        records[0]
            .article
            .meta
            .date
            .map(|date| date.to_string())
            .as_deref(),
        Some("2020-03-04")
    );
    assert_eq!(diagnostics, []);
    let record = |more: &str| format!(r#"{{"text":"{FIRST}","date":"03/04/2020",{more}}}"#);
    for (more, expected) in [
        (r#""lang":"en-GB""#, "2020-04-03"),
        (r#""published_at":"2020-03-04T10:00:00Z""#, "2020-03-04"),
    ] {
        let (records, diagnostics) = load("a.jsonl", record(more).as_bytes());
        let date = records[0].article.meta.date.map(|date| date.to_string());
        assert_eq!(
            (date.as_deref(), diagnostics),
            (Some(expected), vec![]),
            "{more}"
        );
    }
}
