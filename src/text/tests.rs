//! What holds for every text: cleaning is safe, stable and traceable; lines fit.

use proptest::prelude::*;

use super::clean::{Cleaner, clean, clean_range, join};
use super::width::{prefix, truncate};
use super::{Needle, find, fold, is_safe, pad, width, wrap};
use crate::model::Clean;

/// Characters that have bitten somebody, between ordinary ones.
const HOSTILE: &str = "aZ9 \t\r\n.-é\u{301}\u{308}\u{0}\u{1b}[\u{7f}\u{85}\u{9b}\u{a0}\u{ad}\u{34f}\u{600}\u{61c}\u{64b}\
    می\u{94d}कष\u{200b}\u{200c}\u{200d}\u{200e}\u{2028}\u{202e}\u{2066}\u{2060}\u{2800}\u{3000}\u{3099}か日本\u{fe0f}\u{fe00}\
    \u{feff}\u{fffc}\u{fffe}\u{ff9e}한\u{1100}\u{1161}\u{1f468}\u{1f3fb}\u{2764}\u{1f1e9}\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\
    \u{e006e}\u{e007f}\u{e0100}\u{10ffff}";

/// Texts full of such characters, and texts of any.
fn texts() -> impl Strategy<Value = String> {
    let characters: Vec<char> = HOSTILE.chars().collect();
    prop_oneof![
        proptest::collection::vec(proptest::sample::select(characters), 0..80)
            .prop_map(|characters| characters.into_iter().collect::<String>()),
        proptest::collection::vec(any::<char>(), 0..40)
            .prop_map(|characters| characters.into_iter().collect::<String>()),
    ]
}

/// Prose in several scripts, with words of any length.
fn prose() -> impl Strategy<Value = String> {
    let words = prop_oneof![
        4 => "[a-z]{1,12}",
        1 => "[a-z]{1,200}",
        1 => "[日本語文字列]{1,40}",
        1 => proptest::sample::select(vec!["👨‍👩‍👧", "état", "state-of-the-art", "لا", "10\u{a0}000", "สวัสดี", "각", "ﾞﾞ"]).prop_map(str::to_owned),
    ];
    proptest::collection::vec(words, 0..60).prop_map(|words| words.join(" "))
}

#[track_caller]
fn is_traceable(clean: &Clean, source: &str) {
    let mut end = 0;
    for piece in clean.map().pieces() {
        assert_eq!(piece.clean.start, end, "pieces tile the clean text");
        end = piece.clean.end;
        let (shown, read) = (&clean[piece.clean.clone()], &source[piece.source.clone()]);
        assert!(
            shown.len() != read.len() || shown == read || read.chars().count() == 1,
            "{shown:?} stands for {read:?}"
        );
    }
    assert_eq!(end, clean.len());
}

proptest! {
    #[test]
    fn cleaning_is_safe_stable_and_traceable(text in texts()) {
        let once = clean(&text);
        prop_assert!(is_safe(&once), "{:?}", once);
        prop_assert!(!once.contains('\n') && !once.contains("  ") && once.trim() == &*once);
        is_traceable(&once, &text);
        let twice = clean(&once);
        prop_assert_eq!(&*twice, &*once);
    }

    #[test]
    fn so_is_code(text in texts()) {
        let code = |text: &str| {
            let mut cleaner = Cleaner::code(text);
            cleaner.push(0..text.len());
            cleaner.finish()
        };
        let once = code(&text);
        prop_assert!(is_safe(&once), "{:?}", once);
        is_traceable(&once, &text);
        let twice = code(&once);
        prop_assert_eq!(&*twice, &*once);
    }

    #[test]
    fn pieces_pushed_and_replaced_are_safe_too(parts in proptest::collection::vec((texts(), 0..4), 0..8)) {
        let source: String = parts.iter().map(|(text, _)| &**text).collect();
        let mut cleaner = Cleaner::prose(&source);
        let mut at = 0;
        for (part, how) in &parts {
            let range = at..at + part.len();
            at = range.end;
            match how {
                0 => cleaner.push(range),
                1 => cleaner.replace(range, part),
                2 => cleaner.line_break(range),
                _ => {}
            }
        }
        let clean = cleaner.finish();
        prop_assert!(is_safe(&clean), "{:?}", clean);
        is_traceable(&clean, &source);
    }

    #[test]
    fn joined_parts_are_safe_and_traceable(text in texts(), cut in any::<prop::sample::Index>()) {
        let mut cut = cut.index(text.len() + 1);
        while !text.is_char_boundary(cut) {
            cut -= 1;
        }
        let both = join(&clean_range(&text, 0..cut), &clean_range(&text, cut..text.len()));
        prop_assert!(is_safe(&both), "{:?}", both);
        is_traceable(&both, &text);
    }

    #[test]
    fn every_line_fits(text in prop_oneof![prose(), texts()], measure in 2_usize..=120) {
        let mut end = 0;
        let mut shown = String::new();
        for line in wrap(&text, measure) {
            prop_assert!(line.start >= end && line.end >= line.start);
            let part = &text[line.clone()];
            prop_assert!(width(part) <= measure, "{:?} is {} wide", part, width(part));
            prop_assert!(!part.ends_with(' '));
            shown.push_str(part);
            end = line.end;
        }
        let solid = |text: &str| text.replace([' ', '\n'], "");
        prop_assert_eq!(solid(&shown), solid(&text));
    }

    #[test]
    fn cutting_and_padding_keep_the_measure(text in texts(), cells in 0_usize..40) {
        let text = clean(&text);
        prop_assert!(width(prefix(&text, cells)) <= cells);
        prop_assert!(width(&truncate(&text, cells)) <= cells);
        prop_assert_eq!(width(&pad(&text, cells)), cells);
    }

    #[test]
    fn what_is_found_is_there(text in texts(), needle in texts()) {
        let needle = Needle::new(&needle.chars().take(3).collect::<String>());
        let mut end = 0;
        for range in find(&text, &needle) {
            prop_assert!(range.start >= end && range.start < range.end);
            prop_assert!(text.get(range.clone()).is_some_and(|found| needle.is_in(found)));
            end = range.end;
        }
        prop_assert_eq!(end > 0, needle.is_in(&text));
        prop_assert_eq!(fold(&fold(&text)), fold(&text));
    }
}

#[cfg(feature = "tui")]
proptest! {
    #[test]
    fn the_ruler_agrees_with_ratatui(text in texts()) {
        use ratatui::{buffer::Buffer, layout::Rect, style::Style};
        let text = clean(&text);
        let mut buffer = Buffer::empty(Rect::new(0, 0, 400, 1));
        let (end, _) = buffer.set_stringn(0, 0, &*text, 400, Style::new());
        prop_assert_eq!(width(&text), usize::from(end));
    }
}

#[test]
fn cleaning_by_example() {
    for (source, expected) in [
        ("  two \t\r\n words  ", "two words"),
        ("\u{1b}[31mred\u{1b}[0m", "␛[31mred␛[0m"),
        ("\u{9b}31m\u{7f}\u{0}", "\u{fffd}31m␡␀"),
        ("evil\u{202e}txt.exe", "eviltxt.exe"),
        ("soft\u{ad}hyphen zero\u{200b}width", "softhyphen zerowidth"),
        ("10\u{a0}000 km", "10\u{a0}000 km"),
        ("10\u{a0} 000", "10 000"),
        ("می\u{200c}خواهم", "می\u{200c}خواهم"),
        ("Auf\u{200c}lage", "Auflage"),
        ("👩\u{200d}👩\u{200d}👧", "👩\u{200d}👩\u{200d}👧"),
        ("a\u{200d}b", "ab"),
        ("❤\u{fe0f} a\u{fe0f}", "❤\u{fe0f} a"),
        ("\u{301}e\u{301}", "e\u{301}"),
        ("\u{feff}text", "text"),
        ("\u{3164}\u{2800}", ""),
    ] {
        assert_eq!(&*clean(source), expected, "{source:?}");
    }
    let zalgo = format!("e{}x", "\u{301}".repeat(100));
    assert_eq!(clean(&zalgo).chars().count(), 10);
    let chain = format!("👩{}", "\u{200d}👩".repeat(5000));
    assert!(
        width(&clean(&chain)) > 1000,
        "a chain is many people, not one"
    );
}

#[test]
fn the_map_leads_back() {
    let text = "One\n\ntwo\u{200b} three";
    let clean = clean_range(text, 3..text.len());
    assert_eq!(&*clean, "two three");
    let map = clean.map();
    assert_eq!(map.to_source(0), 5);
    assert_eq!(map.to_source(4), text.find("three").unwrap());
    assert_eq!(map.to_clean(5..8), 0..3);
    assert_eq!(map.to_clean(8..11), 3..3);
}

#[test]
fn lines_end_evenly() {
    let text = "aaa bb cc ddddd";
    let lines: Vec<_> = wrap(text, 6).into_iter().map(|line| &text[line]).collect();
    assert_eq!(
        lines,
        ["aaa", "bb cc", "ddddd"],
        "first fit would leave \"cc\" alone"
    );
    assert_eq!(wrap("", 10), std::slice::from_ref(&(0..0)));
    assert_eq!(wrap("a\n\n  b", 10), [0..1, 2..2, 3..6]);
}

#[test]
fn a_long_line_is_no_trouble() {
    let text = "word and more ".repeat(300_000);
    let start = std::time::Instant::now();
    let lines = wrap(&text, 70);
    assert!(lines.len() > 50_000);
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
    let solid = "x".repeat(1_000_000);
    assert_eq!(wrap(&solid, 70).len(), 14_286);
}
