//! The form of a token that typography does not change.
//!
//! NFKC, one kind of quotes and of dashes, no invisible characters. NFKC alone would hide digits (`10²` becomes `102`),
//! so a character that turns into a digit without being one stays itself. Capitals are kept: a change of case is a
//! change.

use unicode_normalization::UnicodeNormalization;

/// The form that typography does not change.
pub(super) fn fold(token: &str) -> String {
    let mut out = String::with_capacity(token.len());
    let mut rest = token;
    // Composition needs the neighbours, so everything between two characters to be kept as they are goes at once.
    while !rest.is_empty() {
        let until = rest.find(keeps_its_digit).unwrap_or(rest.len());
        for c in rest[..until].nfkc().filter(|&c| !vanishes(c)) {
            let c = fold_char(c);
            let repeats = c == '-' && out.ends_with('-');
            if !repeats && !c.is_whitespace() {
                out.push(c);
            }
        }
        let kept = rest[until..].chars().next();
        out.extend(kept);
        rest = &rest[until + kept.map_or(0, char::len_utf8)..];
    }
    out
}

/// Superscripts, fractions, circled numbers: NFKC would turn them into plain digits. Full-width and mathematical digits
/// are digits already.
fn keeps_its_digit(c: char) -> bool {
    let may = matches!(c, '\u{B2}'..='\u{BE}' | '\u{2070}'..='\u{24FF}' | '\u{3200}'..='\u{33FF}'
        | '\u{1F100}'..='\u{1F2FF}');
    may && std::iter::once(c)
        .nfkc()
        .any(|digit| digit.is_ascii_digit())
}

pub(super) fn fold_char(c: char) -> char {
    match c {
        '\u{2018}'..='\u{201B}' | '\u{02BC}' | '\u{FF07}' | '\u{2032}' | '`' => '\'',
        '\u{201C}'..='\u{201F}' | '\u{00AB}' | '\u{00BB}' | '\u{FF02}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE63}' | '\u{FF0D}' => '-',
        other => other,
    }
}

/// Invisible characters that typography adds and drops.
pub(super) fn vanishes(c: char) -> bool {
    matches!(
        c,
        '\u{AD}'
            | '\u{200B}'
            | '\u{200C}'
            | '\u{200E}'
            | '\u{200F}'
            | '\u{2060}'
            | '\u{FEFF}'
            | '\u{FE00}'..='\u{FE0F}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn same(left: &str, right: &str) {
        assert_eq!(fold(left), fold(right), "{left} and {right}");
    }

    #[track_caller]
    fn other(left: &str, right: &str) {
        assert_ne!(fold(left), fold(right), "{left} and {right}");
    }

    #[test]
    fn typography_is_folded_and_digits_are_not() {
        same("it’s", "it's");
        same("—", "--");
        same("…", "...");
        same("ｆｉ１", "ﬁ1");
        same("é", "e\u{301}");
        same("re\u{AD}in", "rein");
        same("❤️", "❤");
        other("10²", "102");
        other("½", "1⁄2");
        other("㏠", "1日");
        other("Security", "security");
        other("٣", "3");
        other("👍🏻", "👍🏿");
    }
}
