//! A text without what layout and typography add: its letters and digits, folded, with a blank between words.

use crate::text;

/// What a letter counts in a script whose letters are syllables or words.
const DENSE: u32 = 3;

/// Writes the words of a text behind others; gives how many letters they have.
pub(super) fn push_words(text: &str, words: &mut String) -> u32 {
    let before = words.len();
    push_english(text, words).unwrap_or_else(|| {
        words.truncate(before);
        push_any(text, words)
    })
}

/// The same for text of ASCII letters and typographic punctuation, several times as fast. None for any other, of which
/// some may be written.
fn push_english(text: &str, words: &mut String) -> Option<u32> {
    words.reserve(text.len() + 1);
    let (bytes, mut at, mut letters) = (text.as_bytes(), 0, 0);
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let end = rest.iter().position(|it| !it.is_ascii_alphanumeric());
        let word = &text[at..at + end.unwrap_or(rest.len())];
        if word.is_empty() {
            at += match text[at..].chars().next() {
                Some(
                    sign @ ('\0'..='\x7f'
                    | '\u{A0}'
                    | '\u{2000}'..='\u{200A}'
                    | '\u{2010}'..='\u{2027}'),
                ) => sign.len_utf8(),
                _ => return None,
            };
            continue;
        }
        // A word at a time, since its letters are copied, and made small, many at a time.
        if !words.is_empty() {
            words.push(' ');
        }
        let start = words.len();
        words.push_str(word);
        if let Some(word) = words.get_mut(start..) {
            word.make_ascii_lowercase();
        }
        letters += word.len() as u32;
        at += word.len();
    }
    Some(letters)
}

fn push_any(text: &str, words: &mut String) -> u32 {
    let mut letters = 0;
    let mut blank = !words.is_empty();
    for letter in text::fold(text).chars() {
        if !letter.is_alphanumeric() {
            blank = !words.is_empty();
            continue;
        }
        if std::mem::take(&mut blank) {
            words.push(' ');
        }
        letters += if is_dense(letter) { DENSE } else { 1 };
        words.push(letter);
    }
    letters
}

/// A letter of Chinese, Japanese or Korean.
fn is_dense(letter: char) -> bool {
    matches!(letter, '\u{2E80}'..='\u{D7FF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_are_what_letters_and_digits_make() {
        for (text, letters) in [
            ("", 0),
            ("  ", 0),
            ("one", 3),
            (" One, two—three… ", 11),
            ("Å9é x_y 数字。十一", 17),
            ("a\u{301}b", 2),
            ("…", 0),
        ] {
            let folded = text::fold(text);
            let words = folded.split(|it: char| !it.is_alphanumeric());
            let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
            let mut found = String::new();
            assert_eq!(push_words(text, &mut found), letters, "{text:?}");
            assert_eq!(found, words.join(" "), "{text:?}");
            let mut behind = "zero".to_owned();
            push_words(text, &mut behind);
            let all: Vec<&str> = [&["zero"], &*words].concat();
            assert_eq!(behind, all.join(" "), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn the_fast_way_says_what_the_other_says(
            text in "[a-cX-Z0-2 .,'’“”–—…\u{a0}-]{0,40}",
            before in "[a-c]{0,2}",
        ) {
            let (mut fast, mut slow) = (before.clone(), before);
            prop_assert_eq!(push_english(&text, &mut fast), Some(push_any(&text, &mut slow)));
            prop_assert_eq!(fast, slow);
        }
    }
}
