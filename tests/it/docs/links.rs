//! Links between the documents lead somewhere, and so do the paths that they name.

use std::path::Path;

use super::{pages, root};

/// What stands between `](` and `)`, without what comes behind `#`.
fn targets(text: &str) -> Vec<&str> {
    let links = text.split("](").skip(1);
    let links = links.filter_map(|rest| rest.split(')').next());
    links
        .filter(|it| !it.contains("://") && !it.contains(char::is_whitespace))
        .filter_map(|it| it.split('#').next().filter(|it| !it.is_empty()))
        .collect()
}

#[test]
fn links_lead_to_files() {
    let mut broken = Vec::new();
    let mut count = 0;
    for page in pages() {
        let folder = root().join(&page.name);
        let folder = folder.parent().expect("a folder");
        for target in targets(&page.text) {
            count += 1;
            if !folder.join(target).exists() {
                broken.push(format!("{}: {target}", page.name));
            }
        }
    }
    assert!(count > 20, "only {count} links found");
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn every_document_and_picture_can_be_found() {
    let pages = pages();
    let linked = |name: &str| {
        pages.iter().any(|page| {
            let folder = Path::new(&page.name).parent().expect("a folder");
            let mut targets = targets(&page.text).into_iter();
            targets.any(|target| page.name != name && folder.join(target) == Path::new(name))
        })
    };
    for page in pages.iter().filter(|it| it.name != "README.md") {
        assert!(linked(&page.name), "no document links to {}", page.name);
    }
    for picture in std::fs::read_dir(root().join("docs/img"))
        .expect("pictures")
        .flatten()
    {
        let name = format!("docs/img/{}", picture.file_name().to_string_lossy());
        assert!(linked(&name), "no document shows {name}");
    }
}

#[test]
fn documents_name_files_of_the_project_that_exist() {
    let mut gone = Vec::new();
    for page in pages() {
        // What was is told there too.
        if page.name == "CHANGELOG.md" {
            continue;
        }
        for (line, code) in page.spans() {
            let ours = [
                "src/",
                "tests/it/",
                "tests/fixtures/",
                "benches/",
                "assets/",
                "docs/",
                "examples/",
                "packaging/",
                ".ci/",
                "fuzz/",
            ];
            let plain = |it: char| it.is_alphanumeric() || "/._-".contains(it);
            if !ours.iter().any(|it| code.starts_with(it))
                || !code.chars().all(plain)
                || code.contains("NAME")
            {
                continue;
            }
            if !root().join(code).exists() {
                gone.push(format!("{}:{line}: {code}", page.name));
            }
        }
    }
    assert!(gone.is_empty(), "{gone:#?}");
}

#[test]
fn the_glossary_explains_each_word_once_and_only_words_that_are_used() {
    let pages = pages();
    let glossary = pages
        .iter()
        .find(|it| it.name == "docs/GLOSSARY.md")
        .expect("a glossary");
    let mut code = String::new();
    let mut open = vec![root().join("src")];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("src").flatten() {
            match entry.path() {
                path if path.is_dir() => open.push(path),
                path => {
                    code += &std::fs::read_to_string(path)
                        .unwrap_or_default()
                        .to_lowercase();
                }
            }
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    let rows = glossary.text.lines().filter_map(|it| it.strip_prefix("| "));
    for row in rows.skip(1).filter(|it| !it.starts_with("---")) {
        let words = row.split(" |").next().unwrap_or_default();
        for word in words.split(", ") {
            assert!(seen.insert(word.to_owned()), "{word} is explained twice");
            assert!(code.contains(word), "no source says {word}");
        }
    }
    assert!(seen.len() > 25, "{seen:?}");
}

#[test]
fn every_format_stands_in_its_table_with_the_names_that_it_goes_by() {
    let pages = pages();
    let formats = pages
        .iter()
        .find(|it| it.name == "docs/FORMATS.md")
        .expect("docs/FORMATS.md");
    let rows = formats.text.lines().filter(|it| it.starts_with("| `"));
    let rows: Vec<Vec<&str>> = rows.map(|it| it.split('|').collect()).collect();
    for format in recto::formats::Format::ALL {
        let name = format!("`{}`", format.name());
        let row = rows.iter().find(|it| it[1].contains(&name));
        let row = row.unwrap_or_else(|| panic!("docs/FORMATS.md lacks {name}"));
        for extension in row[2]
            .split([' ', ';'])
            .filter_map(|it| it.strip_prefix('.'))
        {
            let read = recto::formats::Format::of_path(Path::new(&format!("a.{extension}")));
            let named = read.map(|it| format!("`{}`", it.name()));
            assert!(
                named.is_some_and(|it| row[1].contains(&it)),
                ".{extension} is no {name}"
            );
        }
    }
}
