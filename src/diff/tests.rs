//! Readable cases and the properties that every comparison has.

use proptest::prelude::*;

use super::fold::fold;
use super::*;

fn diff(left: &str, right: &str) -> Comparison {
    let (l, r) = (paragraphs(left), paragraphs(right));
    let (left, right) = (
        Side {
            text: left,
            paragraphs: &l,
        },
        Side {
            text: right,
            paragraphs: &r,
        },
    );
    compare(left, right, &Options::default())
}

/// One line a row: its operation, then the left and right side with `[changed]`, `{moved}` and `<typographic>` words.
fn drawn(left: &str, right: &str) -> String {
    let draw = |cell: &Option<Cell>, text: &str| {
        let spans = cell.iter().flat_map(|cell| &cell.spans);
        let spans = spans.map(|span| {
            let words = &text[span.range.clone()];
            match span.kind {
                SpanKind::Equal => words.to_owned(),
                SpanKind::Typo => format!("<{words}>"),
                SpanKind::Moved => format!("{{{words}}}"),
                SpanKind::Changed => format!("[{words}]"),
                SpanKind::Space => " ".to_owned(),
            }
        });
        spans.collect::<String>().trim().to_owned()
    };
    let rows = diff(left, right).rows;
    let lines = rows.iter().map(|row| {
        let (l, r) = (draw(&row.left, left), draw(&row.right, right));
        match row.op {
            Op::Equal => format!("= {l}"),
            Op::Reflow => format!("~ {l}"),
            Op::Typo => format!("' {l} | {r}"),
            Op::Replace => format!("! {l} | {r}"),
            Op::Insert => format!("+ {r}"),
            Op::Delete => format!("- {l}"),
            Op::Moved => format!("> {l}{r}"),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn check(left: &str, right: &str, expected: &[&str]) {
    assert_eq!(drawn(left, right), expected.join("\n"));
}

const STORM: &str = "The storm formed over warm water south of the Marlow Islands last week.";
const HARBOUR: &str = "Forty boats had been moved inland before the harbour was closed on Tuesday.";
const FERRY: &str = "Ferry services were cancelled until Thursday morning, operators said.";

fn joined(paragraphs: &[&str]) -> String {
    paragraphs.join("\n\n")
}

#[test]
fn a_word_is_marked_and_nothing_else() {
    check(
        "Police counted 1,000 marchers.",
        "Police counted 1000 marchers.",
        &["! Police counted [1,000] marchers. | Police counted [1000] marchers."],
    );
    check(
        "He will not resign today.",
        "He will resign today.",
        &["! He will [not] resign today. | He will resign today."],
    );
    check(
        "An area of 10² metres",
        "An area of 102 metres",
        &["! An area of [10²] metres | An area of [102] metres"],
    );
    check(
        "It fell to -5 degrees.",
        "It fell to 5 degrees.",
        &["! It fell to [-]5 degrees. | It fell to 5 degrees."],
    );
}

#[test]
fn layout_and_typography_are_no_change() {
    let broken = STORM.replace("water", "water\n\n");
    check(
        &joined(&[STORM, FERRY]),
        &joined(&[&broken, FERRY]),
        &[
            "~ The storm formed over warm water south of the Marlow Islands last week.",
            "= Ferry services were cancelled until Thursday morning, operators said.",
        ],
    );
    check(
        "It's \"so\" -- really...",
        "It’s “so” — really…",
        &["' <It's> <\">so<\"> <--> really<...> | <It’s> <“>so<”> <—> really<…>"],
    );
    check("", " \n\t\n", &["~ "]);
}

#[test]
fn a_paragraph_of_one_side_is_not_paired_word_by_word() {
    check(
        &joined(&[STORM, HARBOUR]),
        &joined(&[STORM, FERRY]),
        &[
            &format!("= {STORM}"),
            &format!("- [{HARBOUR}]"),
            &format!("+ [{FERRY}]"),
        ],
    );
}

#[test]
fn a_moved_paragraph_is_one_row_a_side() {
    check(
        &joined(&[FERRY, STORM, HARBOUR]),
        &joined(&[STORM, HARBOUR, &FERRY.replace("Thursday", "Friday")]),
        &[
            "> {Ferry services were cancelled until} [Thursday] {morning, operators said.}",
            &format!("= {STORM}"),
            &format!("= {HARBOUR}"),
            "> {Ferry services were cancelled until} [Friday] {morning, operators said.}",
        ],
    );
}

#[test]
fn a_moved_sentence_keeps_its_place_in_both_rows() {
    check(
        &joined(&[&format!("{STORM} He declined to comment."), HARBOUR]),
        &joined(&[STORM, &format!("{HARBOUR} He declined to comment.")]),
        &[
            &format!("! {STORM} {{He declined to comment.}} | {STORM}"),
            &format!("! {HARBOUR} | {HARBOUR} {{He declined to comment.}}"),
        ],
    );
}

#[test]
fn two_extractors_of_one_story() {
    let left = [
        STORM,
        HARBOUR,
        FERRY,
        "Dear readers,",
        "Support us from just $2. Thank you.",
    ];
    let broken = FERRY.replace("until ", "until\n\n");
    let right = [
        "## Storm over Marlow",
        "By <u>AFP</u>",
        STORM,
        "Related article: Boats inland, harbour closed",
        HARBOUR,
        &broken,
        "Original url: https://example.org/storm-over-marlow",
    ];
    let comparison = diff(&left.join("\n"), &joined(&right));
    let summary = summary(&comparison, Classes::QUIET);
    assert_eq!((summary.same, summary.differences), (3, 3));
    assert_eq!(hunks(&comparison, Classes::QUIET), [0..2, 3..4, 6..9]);
    assert!(comparison.rows[6..8].iter().all(|row| row.op == Op::Delete));
}

#[test]
fn a_repeated_paragraph_is_added_not_moved() {
    check(
        &joined(&[STORM, FERRY]),
        &joined(&[STORM, FERRY, STORM]),
        &[
            &format!("= {STORM}"),
            &format!("= {FERRY}"),
            &format!("+ [{STORM}]"),
        ],
    );
}

#[test]
fn an_inserted_sentence_begins_and_ends_with_itself() {
    let longer = STORM.to_owned() + " The sea rose. " + HARBOUR;
    check(
        &format!("{STORM} {HARBOUR}"),
        &longer,
        &[&format!(
            "! {STORM} {HARBOUR} | {STORM} [The sea rose.] {HARBOUR}"
        )],
    );
}

#[test]
fn classes_say_what_kind() {
    for (left, right, expected) in [
        ("Some 40 boats sank", "Some 44 boats sank", Class::Number),
        (
            "The security council met",
            "The Security council met",
            Class::Case,
        ),
        (
            "The mayor spoke today",
            "The mayor sang today",
            Class::Edited,
        ),
        ("The mayor spoke at last", "The mayor spoke", Class::Removed),
        ("The mayor's house", "The mayor’s house", Class::Typographic),
        (
            "The mayor did speak to us",
            "The mayor did not speak to us",
            Class::Negation,
        ),
        (
            "The storm isn’t over yet",
            "The storm is over yet",
            Class::Negation,
        ),
        (
            "A grant of $2 million",
            "A grant of €2 million",
            Class::Number,
        ),
    ] {
        assert_eq!(
            diff(left, right).rows[0].classes,
            Classes::from_iter([expected]),
            "{left} / {right}"
        );
    }
}

#[test]
fn the_summary_counts_paragraphs_and_hunks() {
    let left = joined(&[STORM, HARBOUR, FERRY]);
    let right = joined(&[
        "By AFP",
        "1 April",
        STORM,
        HARBOUR,
        FERRY,
        "Related: nothing",
    ]);
    let summary = summary(&diff(&left, &right), Classes::QUIET);
    assert_eq!((summary.same, summary.differences), (3, 2));
    assert_eq!(summary.classes, [(Class::Added, 3)]);
}

#[test]
fn a_metadata_row_is_no_paragraph() {
    let text = joined(&["Title of it", STORM]);
    let mut parts = paragraphs(&text);
    parts[0].kind = BlockKind::Title;
    let side = Side {
        text: &text,
        paragraphs: &parts,
    };
    let comparison = compare(side, side, &Options::default());
    assert_eq!(summary(&comparison, Classes::NONE).same, 1);
}

#[test]
fn without_a_budget_it_is_coarse_and_still_whole() {
    let (left, right) = (
        format!("{STORM} {HARBOUR}"),
        format!("{FERRY} {HARBOUR} {STORM}"),
    );
    let (l, r) = (paragraphs(&left), paragraphs(&right));
    let (l, r) = (
        Side {
            text: &left,
            paragraphs: &l,
        },
        Side {
            text: &right,
            paragraphs: &r,
        },
    );
    let comparison = compare(
        l,
        r,
        &Options {
            budget: 0,
            ..Options::default()
        },
    );
    holds(&comparison, &left, &right).unwrap();
}

#[test]
fn paragraphs_by_blank_line_or_by_line() {
    let cut = |text: &'static str| -> Vec<&str> {
        paragraphs(text)
            .into_iter()
            .map(|paragraph| &text[paragraph.range])
            .collect()
    };
    assert_eq!(cut("\n a\nb \n\n\tc\n"), ["a\nb", "c"]);
    assert_eq!(cut("a\r\nb\r\n"), ["a", "b"]);
    assert_eq!(cut("\u{FEFF}a"), ["a"]);
    assert_eq!(cut(" \n "), Vec::<&str>::new());
}

#[test]
fn odd_paragraphs_do_no_harm() {
    let text = "é ü — a b c";
    let odd = [(3, 1), (0, 4), (2, 90), (95, 99)].map(|(start, end)| Paragraph {
        range: start..end,
        kind: BlockKind::Quote,
    });
    let side = Side {
        text,
        paragraphs: &odd,
    };
    let comparison = compare(side, side, &Options::default());
    holds(&comparison, text, text).unwrap();
}

/// Checks that the cells tile both texts and that what is paired is equal.
fn holds(comparison: &Comparison, left: &str, right: &str) -> Result<(), String> {
    let mut pairs = std::collections::BTreeMap::<NonZeroU32, [Vec<&Span>; 2]>::new();
    for (side, text) in [left, right].into_iter().enumerate() {
        let mut at = 0;
        let cells = comparison
            .rows
            .iter()
            .filter_map(|row| [&row.left, &row.right][side].as_ref());
        for cell in cells {
            if cell.range.start != at {
                return Err(format!("side {side}: gap at {at}"));
            }
            for span in &cell.spans {
                if span.range.start != at || span.range.is_empty() {
                    return Err(format!("side {side}: span {span:?} at {at}"));
                }
                at = span.range.end;
                if span.kind == SpanKind::Space && !text[span.range.clone()].chars().all(blank) {
                    return Err(format!("side {side}: words in {span:?}"));
                }
                if let Some(pair) = span.pair {
                    pairs.entry(pair).or_default()[side].push(span);
                }
            }
            if cell.range.end != at {
                return Err(format!("side {side}: cell ends at {}", cell.range.end));
            }
        }
        if at != text.len() {
            return Err(format!("side {side}: ends at {at}"));
        }
    }
    for (pair, spans) in &pairs {
        let [[l], [r]] = [&spans[0][..], &spans[1][..]] else {
            return Err(format!("pair {pair} is not one and one"));
        };
        let (one, other) = (&left[l.range.clone()], &right[r.range.clone()]);
        let same = match l.kind {
            SpanKind::Typo => fold(one) == fold(other),
            _ => {
                one.split_whitespace().eq(other.split_whitespace())
                    || squeeze(one) == squeeze(other)
            }
        };
        if !same || l.kind != r.kind || l.moved != r.moved {
            return Err(format!("pair {pair}: {one:?} and {other:?}"));
        }
    }
    for row in &comparison.rows {
        let cells = row.left.iter().chain(&row.right);
        let spans: Classes = cells
            .flat_map(|cell| &cell.spans)
            .filter_map(|it| it.class)
            .collect();
        let mut all = row.classes;
        if all.contains(Class::Reflow) {
            all.toggle(Class::Reflow);
        }
        if spans != all || row.differs() == matches!(row.op, Op::Equal | Op::Reflow | Op::Typo) {
            return Err(format!(
                "{:?} with {:?} has spans of {spans:?}",
                row.op, row.classes
            ));
        }
    }
    let words = |row: &Row| row.op == Op::Equal && (row.left.is_none() || row.right.is_none());
    if comparison.rows.iter().any(words) {
        return Err("an equal row has one side".to_owned());
    }
    Ok(())
}

fn blank(c: char) -> bool {
    role::is_space(c) || c == '\u{FEFF}'
}

fn squeeze(text: &str) -> String {
    text.chars().filter(|&c| !blank(c)).collect()
}

fn changed(comparison: &Comparison, left: bool) -> Vec<Range<usize>> {
    let cells = comparison.rows.iter();
    let cells = cells.filter_map(|row| {
        if left {
            row.left.as_ref()
        } else {
            row.right.as_ref()
        }
    });
    let spans = cells.flat_map(|cell| &cell.spans);
    spans
        .filter(|span| span.kind == SpanKind::Changed)
        .map(|span| span.range.clone())
        .collect()
}

/// Prose from a small vocabulary, so that words, sentences and paragraphs repeat.
fn prose() -> impl Strategy<Value = String> {
    const WORDS: [&str; 24] = [
        "the",
        "of",
        "storm",
        "harbour",
        "Forty",
        "40",
        "4.5",
        "-",
        "—",
        "…",
        "...",
        ".",
        ",",
        "\"",
        "人",
        "生",
        "ที่",
        "👨‍👩‍👧",
        "é",
        "e\u{301}",
        "not",
        "“",
        "\u{AD}",
        "10²",
    ];
    const SPACES: [&str; 6] = [" ", " ", " ", "\n", "\n\n", ""];
    let word = (0..WORDS.len(), 0..SPACES.len());
    proptest::collection::vec(word, 0..60).prop_map(|words| {
        words
            .into_iter()
            .map(|(word, space)| WORDS[word].to_owned() + SPACES[space])
            .collect()
    })
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![prose(), any::<String>()]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_byte_has_its_place(left in any_text(), right in any_text()) {
        let comparison = diff(&left, &right);
        prop_assert_eq!(holds(&comparison, &left, &right), Ok(()));
    }

    #[test]
    fn swapping_the_sides_marks_the_same_words(left in any_text(), right in any_text()) {
        let (one, other) = (diff(&left, &right), diff(&right, &left));
        prop_assert_eq!(changed(&one, true), changed(&other, false));
        prop_assert_eq!(changed(&one, false), changed(&other, true));
    }

    #[test]
    fn a_text_does_not_differ_from_itself(text in any_text()) {
        let comparison = diff(&text, &text);
        prop_assert!(comparison.rows.iter().all(|row| row.op == Op::Equal), "{comparison:?}");
    }

    #[test]
    fn white_space_is_no_difference(text in prose()) {
        let respaced = text.replace('\n', " \n\t").replace(' ', "  ");
        let comparison = diff(&text, &respaced);
        prop_assert!(comparison.rows.iter().all(|row| !row.differs()), "{comparison:?}");
    }

    #[test]
    fn a_small_budget_is_no_excuse(left in prose(), right in prose(), budget in 0u64..2000) {
        let (l, r) = (paragraphs(&left), paragraphs(&right));
        let (l, r) = (Side { text: &left, paragraphs: &l }, Side { text: &right, paragraphs: &r });
        let comparison = compare(l, r, &Options { budget, ..Options::default() });
        prop_assert_eq!(holds(&comparison, &left, &right), Ok(()));
    }
}

#[test]
fn a_comparison_that_was_called_off_looks_for_nothing_any_more() {
    // Nothing but the alignment itself would find what they share: no paragraph is the same.
    let words = |from: usize| -> String {
        let words = (0..4000).map(|at| format!("w{} ", (at * 7 + from * (at / 9)) % 997));
        words.collect()
    };
    let (left, right) = (words(1), words(2));
    let cancel = Cancel::new();
    cancel.cancel();
    let options = Options {
        cancel,
        ..Options::default()
    };
    let (l, r) = (paragraphs(&left), paragraphs(&right));
    let side = |text, paragraphs| Side { text, paragraphs };
    let called_off = compare(side(&left, &l), side(&right, &r), &options);
    let whole = compare(side(&left, &l), side(&right, &r), &Options::default());
    assert!(called_off.coarse && !whole.coarse);
}
