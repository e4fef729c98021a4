//! Three and more versions of one text.

use super::World;

const FIRST: &str = "The bridge opened again on Tuesday.";
const LAST: &str = "Ferry crews will run a reduced service until June.";

fn world() -> World {
    let world = World::new();
    let versions = [
        ("a.txt", "Some 4,000 people walked across behind a band."),
        (
            "b.txt",
            "Some 4,100 people walked across behind a band, they say.",
        ),
        ("c.txt", "Some 4,000 people walked across behind a band."),
    ];
    for (name, middle) in versions {
        world.write(name, &format!("{FIRST}\n\n{middle}\n\n{LAST}\n"));
    }
    world.write(
        "d.txt",
        &format!("{FIRST}\n\n{LAST}\n\nPlease support us.\n"),
    );
    world
}

#[test]
fn three_versions_have_an_apparatus() {
    let text = world().good(&["diff", "a.txt", "b.txt", "c.txt"]);
    for line in [
        "A  a.txt · 23 words · base",
        "2 places where words differ, 0 in layout or typography",
        "¶2  4,000 ] A C · 4,100 B",
        "¶2  band ] A C · add. , they say B",
        "    A B C",
        "¶1  = = =  The bridge opened again on Tuesday.",
        "¶2  = ~ =  Some 4,000 people walked across behind a band.",
    ] {
        assert!(text.lines().any(|it| it == line), "{line}\n{text}");
    }
    assert!(text.contains("Which to keep, by its looks:\n"), "{text}");
}

#[test]
fn what_a_version_lacks_or_adds_has_its_own_line() {
    let text = world().good(&["diff", "a.txt", "b.txt", "c.txt", "d.txt", "--width", "60"]);
    for line in [
        "¶2  4,000 ] A C · 4,100 B · om. D",
        "¶3  June. ] A B C · add. Please support us. D",
        "¶2  = ~ = -  Some 4,000 people walked across behind a band.",
        "+   · · · +  Please support us.",
    ] {
        assert!(text.lines().any(|it| it == line), "{line}\n{text}");
    }
}

#[test]
fn the_base_can_be_chosen() {
    let world = world();
    for name in ["B", "b", "b.txt"] {
        let text = world.good(&["diff", "a.txt", "b.txt", "c.txt", "--base", name]);
        assert!(text.contains("\n¶2  4,100 ] B · 4,000 A C\n"), "{text}");
    }
    for arguments in [
        &["diff", "a.txt", "b.txt", "c.txt", "--base", "D"][..],
        &["diff", "a.txt", "b.txt", "--base", "A"],
    ] {
        assert_eq!(world.run(arguments).code, 2, "{arguments:?}");
    }
}

#[test]
fn the_json_rebuilds_every_version() {
    let world = world();
    let names = ["a.txt", "b.txt", "c.txt", "d.txt"];
    let json = world.good(&[&["diff", "--json"], &names[..]].concat());
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        (&json["schema"], &json["base"]),
        (&"prose-versions/1".into(), &"A".into())
    );
    assert_eq!(json["paragraphs"][1]["states"]["D"], "missing");
    let read = |name: &str| std::fs::read_to_string(world.path(name)).unwrap();
    let base = read("a.txt");
    for (version, name) in json["versions"].as_array().unwrap().iter().zip(names) {
        assert_eq!(version["name"], name);
        assert!(version["rank"].as_u64().unwrap() <= 4 && version["score"]["points"].is_number());
        let letter = &version["version"];
        let (mut rebuilt, mut at) = (String::new(), 0);
        for site in json["sites"].as_array().unwrap() {
            let number = |at: usize| site["range"][at].as_u64().unwrap() as usize;
            let mut readings = site["readings"].as_array().unwrap().iter();
            let has = |reading: &&serde_json::Value| {
                reading["versions"].as_array().unwrap().contains(letter)
            };
            rebuilt += &base[at..number(0)];
            rebuilt += readings.find(has).unwrap()["text"].as_str().unwrap();
            at = number(1);
        }
        assert_eq!(rebuilt + &base[at..], read(name), "{letter}");
    }
}

#[test]
fn a_page_shows_the_base_with_who_reads_what() {
    let world = world();
    world.write(
        "e.txt",
        &format!(
            "{FIRST}\n\nSome 4,000 <i>people</i> & a dog walked across behind a band.\n\n{LAST}\n"
        ),
    );
    let names = ["a.txt", "b.txt", "c.txt", "d.txt", "e.txt"];
    let page = world.good(&[&["diff", "--format", "html"], &names[..]].concat());
    for part in [
        "Some <a class=\"site\" id=\"text-1\" href=\"#note-1\">4,000<sup>1</sup></a> people ",
        "4,000 ] <b>A C</b> · 4,100 <b>B</b> · om. <b>D</b> · 4,000 &lt;i&gt; <b>E</b>",
        "<p dir=\"auto\">Please support us.</p>",
        "add. &lt;/i&gt; &amp; a dog <b>E</b>",
        "<th>A</th><td>a.txt · base</td>",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    for tag in [
        "div", "p", "a", "span", "table", "tr", "td", "th", "b", "sup",
    ] {
        let opened =
            page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
        assert_eq!(
            opened,
            page.matches(&format!("</{tag}>")).count(),
            "{tag}: {page}"
        );
    }
    // D lacks the paragraph: that is said once, and not for every piece of it.
    assert!(!page.contains("people ] <b>A B C E</b>"), "{page}");
    assert!(!page.contains("<i>people") && page.ends_with("</html>\n"));
}
