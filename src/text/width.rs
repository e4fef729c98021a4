//! The one ruler: how many cells a text takes on the screen.
//!
//! Widths are summed over grapheme clusters, exactly as ratatui paints them. Three rulers were in use and disagreed
//! (`textwrap` sums characters: a family emoji is 6; `Line::width` measures the whole string: لا is 1 and painted 2), so
//! clippy forbids the others.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Width of a text in cells.
pub fn width(text: &str) -> usize {
    if text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
        return text.len();
    }
    text.graphemes(true).map(cluster).sum()
}

/// Width of one grapheme cluster in cells. Control characters are not painted.
pub fn cluster(cluster: &str) -> usize {
    if cluster.contains(char::is_control) {
        return 0;
    }
    if cluster.len() == 1 {
        return 1;
    }
    // ratatui adds a cell for each half-width voicing mark, on top of what `unicode-width` gives it.
    let voicing = cluster
        .chars()
        .filter(|c| matches!(c, '\u{ff9e}' | '\u{ff9f}'))
        .count();
    #[allow(clippy::disallowed_methods, reason = "this is the ruler")]
    let own = UnicodeWidthStr::width(cluster);
    own + voicing
}

/// The longest start of a text, in whole clusters, that fits into `cells`.
pub fn prefix(text: &str, cells: usize) -> &str {
    let mut used = 0;
    for (at, symbol) in text.grapheme_indices(true) {
        used += cluster(symbol);
        if used > cells {
            return &text[..at];
        }
    }
    text
}

/// A text cut to `cells`, ending in `…` when something was cut off.
pub fn truncate(text: &str, cells: usize) -> Cow<'_, str> {
    truncate_with(text, cells, "…")
}

/// A text cut to `cells`, ending in `ellipsis` when something was cut off.
pub fn truncate_with<'a>(text: &'a str, cells: usize, ellipsis: &str) -> Cow<'a, str> {
    if prefix(text, cells).len() == text.len() {
        return Cow::Borrowed(text);
    }
    let Some(room) = cells.checked_sub(width(ellipsis)) else {
        return Cow::Borrowed("");
    };
    let kept = prefix(text, room).trim_end();
    Cow::Owned(format!("{kept}{ellipsis}"))
}

/// A text cut or filled with blanks to exactly `cells`.
pub fn pad(text: &str, cells: usize) -> String {
    let mut padded = truncate(text, cells).into_owned();
    let missing = cells.saturating_sub(width(&padded));
    padded.extend(std::iter::repeat_n(' ', missing));
    padded
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLES: [(&str, usize); 12] = [
        ("", 0),
        ("plain", 5),
        ("tab\tDEL\u{7f}", 6),
        ("日本語", 6),
        ("👨‍👩‍👧", 2),
        ("👍🏽", 2),
        ("❤️", 2),
        ("🏳️‍🌈", 2),
        ("لا", 2),
        ("e\u{301}a", 2),
        ("ｶﾞ", 3),
        ("🇩🇪🇫🇷🇩", 5),
    ];

    #[test]
    fn widths_are_as_painted() {
        for (text, cells) in SAMPLES {
            assert_eq!(width(text), cells, "{text:?}");
        }
    }

    #[cfg(feature = "tui")]
    #[test]
    fn the_ruler_agrees_with_ratatui() {
        use ratatui::{buffer::Buffer, layout::Rect, style::Style};
        for (text, _) in SAMPLES {
            let mut buffer = Buffer::empty(Rect::new(0, 0, 80, 1));
            let (end, _) = buffer.set_stringn(0, 0, text, 80, Style::new());
            assert_eq!(width(text), usize::from(end), "{text:?}");
        }
    }

    #[test]
    fn cutting_never_exceeds_and_says_so() {
        for (text, cells, expected) in [
            ("plain", 5, "plain"),
            ("plain", 4, "pla…"),
            ("plain text", 7, "plain…"),
            ("日本語", 5, "日本…"),
            ("日本語", 4, "日…"),
            ("plain", 1, "…"),
            ("plain", 0, ""),
        ] {
            assert_eq!(truncate(text, cells), expected, "{text:?} in {cells}");
            assert_eq!(width(&pad(text, cells)), cells, "{text:?} in {cells}");
        }
        assert_eq!(truncate_with("plain text", 8, "..."), "plain...");
        assert_eq!(truncate_with("plain text", 2, "..."), "");
    }
}
