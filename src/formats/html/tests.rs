use super::*;
use crate::model::Date;

fn blocks(page: &str) -> Vec<String> {
    let (draft, text) = parse(page).unwrap();
    draft
        .blocks
        .iter()
        .map(|block| {
            assert!(text.get(block.range.clone()).is_some());
            format!("{:?}: {}", block.kind, &*block.text)
        })
        .collect()
}

const SENTENCE: &str = "The harbour authority in Port Ellery said on Tuesday that 41 fishing boats had been moved \
    inland ahead of the storm, which forecasters expect to reach the coast before midnight, or a little later. ";

#[test]
fn an_article_is_found_among_the_clutter() {
    let page = format!(
        "<!DOCTYPE html><html lang=de><head><title>Boats Moved Inland Before the Storm | The Echo</title>
        <link rel=canonical href='https://echo.example/boats'><meta property='og:site_name' content='The Echo'>
        <meta property='article:published_time' content='2026-04-24T17:05:00+02:00'><meta name=author content='By Ann Lee'>
        </head><body><nav><ul><li><a href=/>Home</a><li><a href=/news>News</a></ul></nav>
        <article><h1>Boats Moved Inland Before the Storm</h1>
        <p>{SENTENCE}</p><h2>Why now</h2><p>{SENTENCE}<b>Bold</b> &amp; bright.</p><blockquote><p>{SENTENCE}</p></blockquote>
        <ol start=3><li>{SENTENCE}</li><li><p>{SENTENCE}</p></li></ol>
        <pre>a\n  b</pre><p hidden>unseen</p></article>
        <footer>Imprint</footer></body></html>"
    );
    let sentence = SENTENCE.trim();
    assert_eq!(
        blocks(&page),
        [
            "Title: Boats Moved Inland Before the Storm".to_owned(),
            format!("Paragraph: {sentence}"),
            "Heading(2): Why now".to_owned(),
            format!("Paragraph: {sentence} Bold & bright."),
            format!("Quote: {sentence}"),
            format!("Item: 3. {sentence}"),
            format!("Item: 4. {sentence}"),
            "Code: a\n  b".to_owned(),
        ]
    );
    let meta = parse(&page).unwrap().0.meta;
    assert_eq!(
        meta.title.as_deref(),
        Some("Boats Moved Inland Before the Storm")
    );
    assert_eq!(meta.byline.as_deref(), Some("Ann Lee"));
    assert_eq!(meta.date, Date::new(2026, 4, 24));
    assert_eq!(meta.url.as_deref(), Some("https://echo.example/boats"));
    assert_eq!(
        (meta.site.as_deref(), meta.lang.as_deref()),
        (Some("The Echo"), Some("de"))
    );
}

#[test]
fn a_page_without_an_article_gives_all_its_text() {
    assert_eq!(
        blocks("<table><tr><th>Town<th>Price<tr><td>Oxenholt<td>18.20</table>"),
        ["Paragraph: Town | Price", "Paragraph: Oxenholt | 18.20"]
    );
    assert_eq!(
        blocks("<p>One.<p>Two.<script>x()</script>"),
        ["Paragraph: One.", "Paragraph: Two."]
    );
    assert_eq!(blocks(""), Vec::<String>::new());
    assert_eq!(
        blocks("<p>&#27;]0;x&#7; &#x202e;y</p>"),
        ["Paragraph: ␛]0;x␇ y"]
    );
}

/// A page with something added to its article, and what is shown of it besides the story.
fn besides(addition: &str) -> Vec<String> {
    let page = format!(
        "<html><head><title>Boats Moved</title></head><body><div class=story><h1>Boats Moved</h1>
        <p>One. {SENTENCE}</p><p>Two. {SENTENCE}</p>{addition}<p>Three. {SENTENCE}</p><p>Four. {SENTENCE}</p></div></body></html>"
    );
    let mut found = blocks(&page);
    assert_eq!(
        found
            .iter()
            .filter(|block| block.ends_with(SENTENCE.trim()))
            .count(),
        4,
        "{found:#?}"
    );
    found.retain(|block| !block.contains("harbour authority") && !block.starts_with("Title"));
    found
}

#[test]
fn what_is_not_of_the_story_goes() {
    for addition in [
        "<figure><img src=a.jpg><figcaption>Boats in the harbour. Photo: Ann Lee</figcaption></figure>",
        "<div class='share-bar'><a href=/f>Share on Facebook</a> <a href=/t>Tweet this</a></div>",
        "<div class='wp-caption'><img src=a.jpg><p class='wp-caption-text'>Boats in the harbour</p></div>",
        "<div class=relatedStories><h3>Related</h3><ul><li><a href=/1>Ferry cancelled again</a><li><a href=/2>Town hall opens</a></ul></div>",
        "<ul><li><a href=/1>Ferry cancelled again</a></li><li><a href=/2>Town hall opens on Monday</a></li></ul>",
        "<p>READ MORE: <a href=/1>Ferry to the island cancelled again</a></p>",
        "<p>Advertisement</p>",
        "<p>Story continues below advertisement</p>",
        "<div class='author-bio'>Ann Lee writes about the sea.</div>",
        "<div class='newsletterSignup'><p>Get the morning letter. Sign up.</p></div>",
        "<aside><p>Three facts about the harbour of the town.</p></aside>",
        "<div id=comments><p>First! says somebody.</p></div>",
    ] {
        assert_eq!(besides(addition), Vec::<String>::new(), "{addition}");
    }
}

#[test]
fn what_is_of_the_story_stays() {
    for (addition, expected) in [
        ("<h2>Why now</h2>", "Heading(2): Why now"),
        ("<h2 class=subheader>Why now</h2>", "Heading(2): Why now"),
        ("<p>He said so.</p>", "Paragraph: He said so."),
        (
            "<p><a href=/x>A linked sentence of the story itself.</a></p>",
            "Paragraph: A linked sentence of the story itself.",
        ),
        (
            "<ul><li>First point of the plan, with <a href=/x>a link</a>.</ul>",
            "Item: First point of the plan, with a link.",
        ),
        (
            "<blockquote>We left at once.</blockquote>",
            "Quote: We left at once.",
        ),
        (
            "<table><tr><th>Boat<th>Crew</tr><tr><td>Anna<td>4</tr></table>",
            "Paragraph: Boat | Crew",
        ),
        ("<pre>a\n  b</pre>", "Code: a\n  b"),
    ] {
        assert_eq!(
            besides(addition).first().map(String::as_str),
            Some(expected),
            "{addition}"
        );
    }
}

#[test]
fn a_class_that_covers_the_story_is_not_believed() {
    let page =
        format!("<body><div class='share widget'><p>{SENTENCE}</p><p>{SENTENCE}</p></div></body>");
    assert_eq!(blocks(&page).len(), 2);
}

#[test]
fn a_page_that_scripts_would_build_gives_the_text_of_its_description() {
    let body: Vec<String> = (1..9)
        .map(|boat| format!("Boat number {boat} was moved on day {boat} of the storm."))
        .collect();
    let body = body.join(" ");
    let page = format!(
        "<html><head><script type='application/ld+json'>{{\"@type\":\"NewsArticle\",\"headline\":\"Boats\",
        \"articleBody\":\"{body}\\nThe end.\"}}</script></head><body><nav><a href=/>Home</a></nav><div id=app></div></body></html>"
    );
    assert_eq!(
        blocks(&page),
        [
            format!("Paragraph: {}", body.trim()),
            "Paragraph: The end.".to_owned()
        ]
    );
}

#[test]
fn layouts_come_out_in_blocks() {
    for (body, expected) in [
        (
            "<table><caption>Prices</caption><tr><th><p>Town</p></th><th>Price</th></tr><tr><td><div>Oxenholt</div></td><td><p>18.20</p></td></tr></table>",
            vec![
                "Caption: Prices",
                "Paragraph: Town | Price",
                "Paragraph: Oxenholt | 18.20",
            ],
        ),
        (
            "<table><tr><td><p>One.</p><p>Two.</p></td></tr></table>",
            vec!["Paragraph: One.", "Paragraph: Two."],
        ),
        (
            "<ul><li>One<ul><li>Inner<li>Other</ul><li>Two</ul>",
            vec!["Item: One", "Item: Inner", "Item: Other", "Item: Two"],
        ),
        (
            "<ol><li>One<ol><li>Inner</ol><li>Two</ol>",
            vec!["Item: 1. One", "Item: 1. Inner", "Item: 2. Two"],
        ),
        (
            "<blockquote><p>One.</p><p>Two.</p></blockquote><p>Three.",
            vec!["Quote: One.", "Quote: Two.", "Paragraph: Three."],
        ),
        (
            "<pre><code>fn a() {\n    b();\n}</code></pre>",
            vec!["Code: fn a() {\n    b();\n}"],
        ),
        (
            "<p>Line one<br>line two<p>H<sub>2</sub>O &amp; <em>more</em>",
            vec!["Paragraph: Line one line two", "Paragraph: H2O & more"],
        ),
        (
            "<dl><dt>Term<dd>Meaning</dl>",
            vec!["Paragraph: Term", "Paragraph: Meaning"],
        ),
    ] {
        assert_eq!(blocks(body), expected, "{body}");
    }
}

#[test]
fn a_page_that_is_too_deep_is_refused() {
    assert!(parse(&"<div>".repeat(600)).is_err());
}

#[test]
fn lines_above_the_story_that_say_when_go_and_leads_stay() {
    let with = |line: &str| {
        let page = format!(
            "<html><head><title>Boats</title></head><body><div class=story><p>{line}</p><p>{SENTENCE}</p><p>{SENTENCE}</p><p>{SENTENCE}</p></div></body></html>"
        );
        blocks(&page).iter().any(|block| block.contains(line))
    };
    for line in [
        "Published August 14, 2010 TheEcho.example",
        "Visto 314 veces el 3 de marzo de 2013",
    ] {
        assert!(!with(line), "{line}");
    }
    for line in [
        "COVID-19: 1200 new cases on the coast",
        "Balance 2020: fewer boats, more fish",
    ] {
        assert!(with(line), "{line}");
    }
}
