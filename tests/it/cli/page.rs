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

#[test]
fn what_is_hidden_folds_and_numbers_never_do() {
    let world = World::new();
    let rest = "Ferry crews will run a reduced service until June, said the keeper of the light.";
    world.write(
        "a.txt",
        &format!("The Council met and 40 people came.\n\nThe Mayor spoke first.\n\n{rest}\n"),
    );
    world.write(
        "b.txt",
        &format!("The council met and 44 people came.\n\nThe mayor spoke first.\n\n{rest}\n"),
    );
    let text = world.good(&["diff", "a.txt", "b.txt", "--hide", "case"]);
    for part in [
        "1 paragraph the same · 1 difference: 1 number · hidden: 2 case",
        "- The Council met and [-40-] people came.",
        "⋯ 1 paragraph the same · 1 with hidden differences ⋯",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let page = world.good(&[
        "diff", "a.txt", "b.txt", "--hide", "case", "--format", "html",
    ]);
    assert!(page.contains("The Council met and <del>40</del>"), "{page}");
    assert!(
        page.contains("<summary>1 paragraph the same · 1 with hidden differences</summary>"),
        "{page}"
    );
    for (kind, why) in [("number", "never hidden"), ("cas", "did you mean")] {
        let said = world.run(&["diff", "a.txt", "b.txt", "--hide", kind]);
        assert!(said.code == 2 && said.err.contains(why), "{}", said.err);
    }
}
