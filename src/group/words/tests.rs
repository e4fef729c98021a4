use proptest::prelude::*;

use super::*;

fn hashes(text: &str) -> Vec<u32> {
    let text = Text::new([text].into_iter());
    text.words.iter().map(|word| word.hash()).collect()
}

/// The words by the full rules alone.
fn slowly(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    for run in text.split(|c: char| c.is_ascii_whitespace() || c == '\u{b}') {
        slow::scan(run, &mut words);
    }
    words
}

#[test]
fn layout_quotes_case_and_addresses_do_not_count() {
    for (left, right) in [
        ("“Don’t,” he said", "\"don't\" HE said"),
        ("soft\u{AD}hyphen", "softhyphen"),
        (
            "read [the page](https://example.org/a(b) now",
            "read the page now",
        ),
        ("see http://example.org/x?y=1 there", "see there"),
        ("see www.example.org/x?y=1 there", "see there"),
        ("_emphasis_ and **more**", "emphasis and more"),
        ("ﬁne", "fine"),
        ("12. Item", "item"),
        ("version 1.12.0", "version 1.12"),
    ] {
        assert_eq!(hashes(left), hashes(right), "{left:?} {right:?}");
    }
    for (left, right) in [("1.20.0", "12.00"), ("10²", "10"), ("résumé", "resume")] {
        assert_ne!(hashes(left), hashes(right), "{left:?} {right:?}");
    }
}

#[test]
fn shapes_are_told_apart() {
    let text = Text::new(["In 1,000.5 cases 東京 wins"].into_iter());
    let shapes: Vec<Shape> = text.words.iter().map(|word| word.shape()).collect();
    use Shape::{Capital, Ideograph, Number, Plain};
    assert_eq!(
        shapes,
        [Capital, Number, Plain, Ideograph, Ideograph, Plain]
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    /// The fast way is the full rules, only faster.
    #[test]
    fn the_table_agrees_with_the_rules(text in r"([a-cA-C09_.,:;'’éÉßЖж东東あー²½ªµ·\u{301}\u{AD}…“–&/()\]\[ \n-]|://|www\.|\]\(|.){0,40}") {
        let mut words = Vec::new();
        scan::scan(&text, &mut words);
        prop_assert_eq!(words, slowly(&text), "{:?}", text);
    }

    #[test]
    fn long_words_do_too(text in r"[a-z0-9.é]{40,200} [a-z.]{50,80}") {
        let mut words = Vec::new();
        scan::scan(&text, &mut words);
        prop_assert_eq!(words, slowly(&text), "{:?}", text);
    }
}
