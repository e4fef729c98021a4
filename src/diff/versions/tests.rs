//! Readable apparatuses and the properties that every one has.

use proptest::prelude::*;

use super::*;
use crate::diff::Class;
use crate::diff::{Paragraph, paragraphs};

fn collate(texts: &[&str], base: Option<usize>) -> Versions {
    let cut: Vec<Vec<Paragraph>> = texts.iter().map(|text| paragraphs(text)).collect();
    let sides: Vec<Side> = texts
        .iter()
        .zip(&cut)
        .map(|(text, paragraphs)| Side { text, paragraphs })
        .collect();
    versions(&sides, base, &Options::default())
}

fn letters(versions: &[usize]) -> String {
    versions
        .iter()
        .map(|&at| crate::model::siglum(at))
        .collect()
}

/// One line a site where words differ: `4,000 AC | 4,100 B | D`.
fn apparatus(texts: &[&str], base: usize) -> Vec<String> {
    let sites = collate(texts, Some(base)).sites;
    let sites = sites.iter().filter(|site| site.differs());
    sites
        .map(|site| {
            let readings = site.readings.iter().map(|reading| {
                let words = texts[reading.versions[0]][reading.range.clone()].trim();
                format!("{words} {}", letters(&reading.versions))
                    .trim_start()
                    .to_owned()
            });
            readings.collect::<Vec<_>>().join(" | ")
        })
        .collect()
}

#[track_caller]
fn check(texts: &[&str], expected: &[&str]) {
    assert_eq!(apparatus(texts, 0), expected, "{texts:?}");
}

#[test]
fn a_site_has_the_readings_of_all() {
    check(
        &[
            "Some 4,000 people came to the quay.",
            "Some 4,100 people came to the quay.",
            "Some 4,000 people came to the quay.",
            "Some people came to the quay.",
        ],
        &["4,000 AC | 4,100 B | D"],
    );
    check(&["All of it.", "All of it."], &[]);
    check(&["Only one."], &[]);
}

#[test]
fn an_addition_joins_the_words_that_it_touches() {
    check(
        &[
            "He said that 4,000 people came.",
            "He said that about 4,100 people came.",
            "He said that about 4,000 people came.",
        ],
        &["4,000 A | about 4,100 B | about 4,000 C"],
    );
    check(
        &[
            "People came at noon.",
            "People came late at noon.",
            "People came at noon.",
        ],
        &["AC | late B"],
    );
}

#[test]
fn an_omission_is_cut_where_others_differ() {
    const REST: &str = "The board put the cost of the work at six million crowns.";
    let whole = format!("Divers found four cracked oak piles in spring.\n\n{REST}");
    let other = whole.replace("four", "five");
    check(
        &[&whole, &other, REST],
        &[
            "Divers found AB | C",
            "four A | five B | C",
            "cracked oak piles in spring. AB | C",
        ],
    );
}

#[test]
fn another_paragraph_in_its_place_does_not_swallow_what_others_read() {
    let rest = "The board put the cost of the work at six million crowns.";
    let base = format!("Divers found four cracked oak piles.\n\n{rest}");
    let other = base.replace("four", "five");
    let rewritten = format!("Shipworm is blamed by everybody!\n\n{rest}");
    check(
        &[&base, &other, &rewritten],
        &[
            "Divers found AB | C",
            "four A | five B | C",
            "cracked oak piles. AB | C",
            "AB | Shipworm is blamed by everybody! C",
        ],
    );
}

#[test]
fn classes_tell_what_a_site_is() {
    let texts = [
        "The old keeper said \"no\" to 300 guests and left.",
        "The old Keeper said “no” to 400 guests and\nleft.",
        "The old keeper said \"no\" to 300 guests today and left.",
    ];
    let classes: Vec<_> = collate(&texts, Some(0))
        .sites
        .into_iter()
        .flat_map(|site| site.classes.iter())
        .collect();
    assert_eq!(
        classes,
        [
            Class::Case,
            Class::Typographic,
            Class::Typographic,
            Class::Number,
            Class::Added,
            Class::Reflow,
        ]
    );
}

#[test]
fn moved_text_is_no_addition() {
    let (storm, harbour, ferry) = (
        "The storm formed over warm water south of the islands last week.",
        "Forty boats had been moved inland before the harbour was closed, the keeper of the light said on Tuesday.",
        "Ferry services were cancelled until Thursday.",
    );
    let one = [storm, harbour, ferry].join("\n\n");
    let other = [harbour, ferry, storm].join("\n\n");
    let found = collate(&[&one, &other], Some(0));
    let sites = found.sites.iter().filter(|site| site.differs());
    assert!(
        sites
            .clone()
            .all(|site| site.classes.iter().eq([Class::Moved])),
        "{found:?}"
    );
    assert_eq!(sites.count(), 2);
    assert_eq!(matrix(&[&one, &other]), ["=> ", "== ", "== "]);
}

/// One line a paragraph: `=` same, `~` changed, `>` moved, `-` missing, `+` added, `.` absent; then the version where it
/// is not the base.
fn matrix(texts: &[&str]) -> Vec<String> {
    let lines = collate(texts, Some(0)).paragraphs;
    let lines = lines.iter().map(|line| {
        let states = line.states.iter().map(|state| match state {
            State::Same => '=',
            State::Changed => '~',
            State::Moved => '>',
            State::Missing => '-',
            State::Added => '+',
            State::Absent => '.',
        });
        let from = match line.version {
            0 => String::new(),
            _ => texts[line.version][line.range.clone()].to_owned(),
        };
        format!("{} {from}", states.collect::<String>())
    });
    lines.collect()
}

#[test]
fn the_matrix_has_a_line_for_every_paragraph() {
    let (one, two, three) = (
        "A swing bridge reopened to traffic on Tuesday.",
        "About 300 people walked across behind a brass band.",
        "Ferry crews will run a reduced service until June.",
    );
    let appeal = "Please support us today.";
    let base = [one, two, three].join("\n\n");
    let changed = [one, &two.replace("300", "400"), three].join("\n\n");
    let broken = [
        one,
        "About 300 people walked",
        "across behind a brass band.",
        three,
    ]
    .join("\n\n");
    let begging = [one, three, appeal].join("\n\n");
    let begging_too = [one, two, three, appeal].join("\n\n");
    assert_eq!(
        matrix(&[&base, &changed, &broken, &begging, &begging_too]),
        [
            "===== ",
            "=~=-= ",
            "===== ",
            "...++ Please support us today."
        ],
    );
    // A sentence behind the last word of a paragraph changes that paragraph, and no other.
    let longer = [one, &format!("{two} It rained."), three].join("\n\n");
    assert_eq!(matrix(&[&base, &longer]), ["== ", "=~ ", "== "]);
}

#[test]
fn the_medoid_has_most_in_common_with_all() {
    let cases: [(&[&str], usize); 5] = [
        (&[], 0),
        (&["One."], 0),
        (&["a b c d", "a b c d e", "a b c d f"], 0),
        (&["x y z", "a b c d", "a b c d e"], 1),
        (&["a b c d e f g", "a b c", "a b c d e", "a b c d e"], 2),
    ];
    for (texts, expected) in cases {
        assert_eq!(collate(texts, None).base, expected, "{texts:?}");
    }
    assert_eq!(collate(&["a", "b"], Some(1)).base, 1);
    assert_eq!(collate(&["a", "b"], Some(2)).base, 0, "no such place");
}

#[test]
fn what_is_not_there_is_not_rebuilt() {
    let found = collate(&["One two.", "One three."], None);
    assert_eq!(found.rebuild(&["One two."], 1), None);
    assert_eq!(found.rebuild(&["", "é"], 1), None);
}

/// What must hold of any versions.
#[track_caller]
fn holds(texts: &[&str], base: Option<usize>) -> Result<(), TestCaseError> {
    let found = collate(texts, base);
    for (at, text) in texts.iter().enumerate() {
        let rebuilt = found.rebuild(texts, at);
        prop_assert_eq!(rebuilt.as_deref(), Some(*text), "{:?}", found);
    }
    let mut end = 0;
    for site in &found.sites {
        prop_assert!(end <= site.range.start, "{:?}", found);
        end = site.range.end;
        prop_assert_eq!(&site.readings[0].range, &site.range);
        prop_assert_eq!(site.readings[0].versions[0], found.base);
        prop_assert!(
            site.readings.len() > 1 && !site.classes.is_empty(),
            "{:?}",
            site
        );
        let readings = site.readings.iter();
        let mut all: Vec<usize> = readings.flat_map(|it| it.versions.clone()).collect();
        all.sort_unstable();
        prop_assert_eq!(all, (0..texts.len()).collect::<Vec<_>>());
    }
    for line in &found.paragraphs {
        prop_assert_eq!(line.states.len(), texts.len());
        let added = matches!(line.states[line.version], State::Added);
        prop_assert_eq!(added, line.version != found.base, "{:?}", line);
    }
    Ok(())
}

/// A text and versions of it: words replaced, left out, put in and broken otherwise.
fn family() -> impl Strategy<Value = Vec<String>> {
    const BASE: &str = "About 300 people walked across behind a brass band, the harbour board said. Lorries over 18 \
        tonnes must still take the long way round.\n\nThe board put the cost at 6.4 million crowns; \"a little less \
        than feared\".\n\nFerry crews will run a reduced service for another four weeks. It has not been decided what \
        to do with the two boats.\n";
    let edit = (0..80usize, 0..8usize, 1..6usize);
    let edits = proptest::collection::vec(edit, 0..8);
    proptest::collection::vec(edits, 1..7).prop_map(|versions| {
        let edited = versions.into_iter().map(|edits| {
            let mut words: Vec<&str> = BASE.split_inclusive(' ').collect();
            for (at, what, len) in edits {
                let at = at.min(words.len());
                let end = (at + len).min(words.len());
                match what {
                    0 => drop(words.drain(at..end)),
                    1 => words.insert(at, "about "),
                    2 => words.insert(at, "Please support us.\n\n"),
                    3 => drop(words.splice(at..end, ["4,100 ", "“others” "])),
                    4 => words.insert(at, "\n"),
                    5 => drop(words.splice(at..end, ["the", "."])),
                    6 => words.rotate_left(at),
                    _ => words.truncate(words.len().saturating_sub(len)),
                }
            }
            words.concat()
        });
        edited.collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn versions_of_a_text_are_rebuilt(texts in family(), base in proptest::option::of(0..8usize)) {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        holds(&texts, base)?;
    }

    #[test]
    fn any_words_are_rebuilt(
        texts in proptest::collection::vec("([abc .,“\"]|\n\n|no |4){0,30}", 0..6),
        base in proptest::option::of(0..8usize),
    ) {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        holds(&texts, base)?;
    }

    #[test]
    fn any_text_at_all_is_rebuilt(texts in proptest::collection::vec(any::<String>(), 0..4)) {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        holds(&texts, None)?;
    }
}
