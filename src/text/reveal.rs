//! Signs for what cannot be seen: blanks, line breaks, controls and invisible characters.

use std::fmt::Write;

use super::{is_safe, line};

/// The sign for a blank.
pub(super) const BLANK: char = '·';

/// The text with a sign in the place of everything that cannot be seen. Safe for a terminal, whatever the text is.
///
/// Blanks become `·`, tabs `→`, line feeds `↵`, no-break spaces `⍽`; other controls and characters that a terminal would
/// not show, or should never get, their number: `⟨U+200B⟩`.
pub fn reveal(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut buffer = [0; 4];
    for character in text.chars() {
        match character {
            ' ' => shown.push(BLANK),
            '\t' => shown.push('→'),
            '\n' => shown.push('↵'),
            '\r' => shown.push('␍'),
            '\u{a0}' | '\u{202f}' => shown.push('⍽'),
            // Alone they join what stands before them; what a reader wants to see is that they are there.
            '\u{ad}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}' => {
                number(&mut shown, character);
            }
            _ if is_safe(character.encode_utf8(&mut buffer)) => shown.push(character),
            _ => number(&mut shown, character),
        }
    }
    // Marks that are safe one by one may be too many in a row.
    match is_safe(&shown) {
        true => shown,
        false => line(&shown).to_string(),
    }
}

fn number(shown: &mut String, character: char) {
    // Writing into a string cannot fail.
    let _ = write!(shown, "⟨U+{:04X}⟩", u32::from(character));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_stays_invisible() {
        for (text, shown) in [
            ("a b\tc\r\n", "a·b→c␍↵"),
            ("a\u{a0}b\u{200b}c", "a⍽b⟨U+200B⟩c"),
            ("\u{1b}[31m", "⟨U+001B⟩[31m"),
            ("\u{202e}x\u{ad}", "⟨U+202E⟩x⟨U+00AD⟩"),
            ("日本 é", "日本·é"),
        ] {
            assert_eq!(reveal(text), shown, "{text:?}");
            assert!(is_safe(&reveal(text)));
        }
    }
}
