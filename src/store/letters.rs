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

/// What a byte of English text becomes: a small letter or a digit, a blank, or [`OTHER`].
const FOLDED: [u8; 256] = {
    let mut folded = [OTHER; 256];
    let mut byte = 0;
    while byte < 0x80 {
        folded[byte] = match byte as u8 {
            letter if letter.is_ascii_alphanumeric() => letter.to_ascii_lowercase(),
            _ => b' ',
        };
        byte += 1;
    }
    folded
};

/// A byte that the table says nothing about.
const OTHER: u8 = 0xFF;

/// So many bytes are folded at a time.
const CHUNK: usize = 512;

/// The same for text of ASCII letters and typographic punctuation, many times as fast: no branch depends on where words
/// end. None for any other, of which some may be written.
fn push_english(text: &str, words: &mut String) -> Option<u32> {
    words.reserve(text.len() + 1);
    if !words.is_empty() {
        words.push(' ');
    }
    let (mut after_blank, mut letters) = (true, 0);
    let (bytes, mut at) = (text.as_bytes(), 0);
    while at < bytes.len() {
        let (mut chunk, mut length) = ([0; CHUNK], 0);
        let end = bytes.len().min(at + CHUNK);
        while at < end {
            let mut folded = FOLDED[usize::from(bytes[at])];
            at += 1;
            if folded == OTHER {
                at += sign(&text[at - 1..])? - 1;
                folded = b' ';
            }
            // Written in any case, and kept unless it is a blank behind a blank.
            chunk[length] = folded;
            let is_letter = folded != b' ';
            length += usize::from(is_letter | !after_blank);
            letters += u32::from(is_letter);
            after_blank = !is_letter;
        }
        words.push_str(str::from_utf8(&chunk[..length]).ok()?);
    }
    if words.ends_with(' ') {
        words.pop();
    }
    Some(letters)
}

/// The bytes of the typographic sign that a text begins with.
fn sign(text: &str) -> Option<usize> {
    let is_sign =
        |it: &char| matches!(it, '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{2010}'..='\u{2027}');
    text.chars().next().filter(is_sign).map(char::len_utf8)
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

    #[test]
    fn words_go_on_where_a_chunk_ends() {
        for length in CHUNK - 3..CHUNK + 3 {
            for end in ["one", " one", ". one", "… one", "—", " "] {
                let text = "Word ".repeat(CHUNK)[..length].to_owned() + end;
                let (mut fast, mut slow) = ("a".to_owned(), "a".to_owned());
                let letters = push_english(&text, &mut fast);
                assert_eq!(letters, Some(push_any(&text, &mut slow)), "{text:?}");
                assert_eq!(fast, slow);
            }
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
