//! The comparison as an HTML page.

use super::World;

/// The page of two texts with a title, as records.
fn page(left: (&str, &str), right: (&str, &str)) -> String {
    let world = World::new();
    for (file, (title, text)) in [("left.json", left), ("right.json", right)] {
        let record = serde_json::json!({ "title": title, "text": text });
        world.write(file, &record.to_string());
    }
    world.good(&["diff", "left.json", "right.json", "--format", "html"])
}

#[test]
fn a_page_needs_nothing_else_and_holds_nothing_foreign() {
    let evil = "<script>alert('x')</script> & \"co\"";
    let page = page(
        (evil, "One two <b>three</b> four &amp; five.\u{202e}"),
        ("Plain", "One two <i>three</i> four &amp; <img src=x> five."),
    );
    for foreign in [
        "<script", "<b>three", "<i>", "<img", "\u{202e}", "http:", "https:", "onload",
    ] {
        assert!(!page.contains(foreign), "{foreign}: {page}");
    }
    assert!(
        page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;co&quot;</h1>"),
        "{page}"
    );
    assert!(page.contains("&amp;amp;"), "{page}");
    assert!(page.contains("prefers-color-scheme: dark"));
    assert!(page.starts_with("<!DOCTYPE html>\n") && page.ends_with("</html>\n"));
    for tag in [
        "div", "p", "del", "ins", "a", "details", "span", "main", "style",
    ] {
        let opened =
            page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
        let closed = page.matches(&format!("</{tag}>")).count();
        assert_eq!(opened, closed, "{tag}: {page}");
    }
}

#[test]
fn a_page_marks_words_and_says_what_came_of_it() {
    let page = page(
        ("A title", "Some 4,000 people came, they say."),
        ("A title", "Some 4,100 people came, they say."),
    );
    assert!(page.contains("Some <del>4,000</del> people came"), "{page}");
    assert!(page.contains("Some <ins>4,100</ins> people came"), "{page}");
    assert!(page.contains("1 difference: 1 number.</p>"), "{page}");
}

#[test]
fn the_ends_of_a_move_are_linked() {
    let (storm, harbour, ferry) = (
        "The storm formed over warm water south of the islands last week.",
        "Forty boats had been moved inland before the harbour was closed, said the keeper of the light.",
        "Ferry services were cancelled until Thursday morning.",
    );
    let text = |paragraphs: [&str; 3]| paragraphs.join("\n\n");
    let page = page(
        ("T", &text([storm, harbour, ferry])),
        ("T", &text([harbour, ferry, storm])),
    );
    for (here, there) in [("left", "right"), ("right", "left")] {
        let link = format!("id=\"{here}-1\" href=\"#{there}-1\"");
        assert_eq!(page.matches(&link).count(), 1, "{link}: {page}");
    }
}
