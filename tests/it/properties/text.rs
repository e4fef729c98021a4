//! Text through the door and onto lines: nothing dangerous comes out, every piece leads back, no line is too wide and
//! nothing is lost.

use std::ops::Range;

use recto::model::Clean;
use recto::text::{self, Cleaner, Needle, inline, reveal};
use unicode_segmentation::UnicodeSegmentation;

/// The first bytes choose how; the rest is the text.
pub fn holds(data: &[u8]) {
    let Some((&[how, measure, cut], rest)) = data.split_first_chunk() else {
        return;
    };
    let source = String::from_utf8_lossy(rest);
    let measure = usize::from(measure) + 2;
    let cut = text::head(&source, usize::from(cut) * source.len() / 255).len();

    let prose = text::clean(&source);
    is_clean(&prose, &source);
    assert!(
        !prose.contains(['\n', '\t']),
        "prose is one line: {prose:?}"
    );
    assert_eq!(
        *text::clean(&prose),
        *prose,
        "clean text is its own clean text"
    );
    fits(&prose, measure);

    let mut code = Cleaner::code(&source);
    code.push(0..source.len());
    let code = code.finish();
    is_clean(&code, &source);
    fits(&code, measure);

    let mut parts = Cleaner::prose(&source);
    match how % 4 {
        0 => parts.push(0..cut),
        1 => parts.replace(0..cut, &source[cut..]),
        2 => parts.line_break(0..cut),
        _ => parts.blank(0..cut),
    }
    parts.push(cut..source.len());
    is_clean(&parts.finish(), &source);

    let left = text::clean_range(&source, 0..cut);
    let right = text::clean_range(&source, cut..source.len());
    is_clean(&text::clean::join(&left, &right), &source);

    let pieces = prose.map().pieces().to_vec();
    let again = text::restore(prose.to_string(), pieces).expect("what was cleaned is taken back");
    assert_eq!(again, prose);
    if let Some(taken) = text::restore(source.clone().into_owned(), Vec::new()) {
        is_harmless(&taken);
    }

    is_harmless(&text::clean(&reveal::reveal(&source)));
    is_harmless(&text::clean(&text::page_text(&source)));
    for (run, what) in inline::runs(&source, &prose, prose.map()) {
        assert!(prose.get(run).is_some(), "{what:?} lies in the text");
    }
    cut_to(&prose, measure % 40);
    finds(&source[cut..], text::head(&source[..cut], 12));
}

/// Safe, and each piece leads back to where it stood.
fn is_clean(clean: &Clean, source: &str) {
    is_harmless(clean);
    assert!(text::is_safe(clean), "{clean:?}");
    for cluster in clean
        .graphemes(true)
        .filter(|it| *it != "\n" && text::width(it) > 0)
    {
        assert!(
            text::is_safe_cell(cluster),
            "the second wall stops {cluster:?} of {clean:?}"
        );
    }
    let (mut end, mut from) = (0, 0);
    for piece in clean.map().pieces() {
        assert_eq!(piece.clean.start, end, "pieces tile the clean text");
        assert!(piece.source.start >= from, "pieces are in order");
        (end, from) = (piece.clean.end, piece.source.end);
        let shown = clean.get(piece.clean.clone()).expect("whole characters");
        let read = source.get(piece.source.clone()).expect("whole characters");
        assert!(
            shown.len() != read.len() || shown == read || read.chars().count() == 1,
            "{shown:?} stands for {read:?}"
        );
    }
    assert_eq!(end, clean.len());
}

/// Said again, apart from the rules that made it: what a terminal must never get.
fn is_harmless(clean: &str) {
    let mut marks = 0;
    for character in clean.chars() {
        let is_control = character.is_control() && character != '\n';
        let turns = matches!(character,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        let hides = matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}' | '\u{2060}'..='\u{2065}'
            | '\u{206a}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}');
        assert!(
            !is_control && !turns && !hides,
            "{character:?} came out: {clean:?}"
        );
        marks = match character {
            '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{20d0}'..='\u{20ff}' => marks + 1,
            _ => 0,
        };
        assert!(marks <= 8, "a flood of marks: {clean:?}");
    }
}

/// Every line fits, in order, and only blanks and line breaks are left out.
fn fits(clean: &str, measure: usize) {
    let mut end = 0;
    let left_out = |gap: Range<usize>| {
        let gap = clean.get(gap).expect("whole characters");
        assert!(
            gap.chars().all(|c| matches!(c, ' ' | '\n')),
            "{gap:?} was lost"
        );
    };
    for line in text::wrap(clean, measure) {
        assert!(line.start >= end, "lines are in order");
        left_out(end..line.start);
        let shown = clean.get(line.clone()).expect("whole characters");
        assert!(
            text::width(shown) <= measure,
            "{shown:?} is wider than {measure}"
        );
        end = line.end;
    }
    left_out(end..clean.len());
}

fn cut_to(clean: &str, cells: usize) {
    assert!(text::width(&text::truncate(clean, cells)) <= cells);
    assert_eq!(text::width(&text::pad(clean, cells)), cells);
}

fn finds(haystack: &str, needle: &str) {
    let needle = Needle::new(needle);
    let mut end = 0;
    for found in text::find(haystack, &needle) {
        assert!(found.start >= end && found.start < found.end);
        end = found.end;
        assert!(haystack.get(found).is_some_and(|found| needle.is_in(found)));
    }
    assert_eq!(end > 0, needle.is_in(haystack));
}
