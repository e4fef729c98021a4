//! What a character may do in a token.
//!
//! By ranges and by the two tables that the standard library and `unicode-normalization` have; a crate with all general
//! categories would tell a few rare signs more.

use unicode_normalization::char::is_combining_mark;

use super::fold::{fold_char, vanishes};

/// What a character may do in a token.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Letter,
    Digit,
    Ideograph,
    Cluster,
    Mark,
    Joiner,
    Regional,
    Hidden,
    Space,
    Dash,
    Dot,
    Sign,
}

/// Says whether the character is white space; the separators U+001C to U+001F are.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1C}'..='\u{1F}')
}

/// The role of a character.
pub(super) fn role(c: char) -> Role {
    if c.is_ascii() {
        return match c {
            'a'..='z' | 'A'..='Z' | '_' => Role::Letter,
            '0'..='9' => Role::Digit,
            '-' => Role::Dash,
            '.' => Role::Dot,
            _ if is_space(c) => Role::Space,
            _ if c.is_control() => Role::Hidden,
            _ => Role::Sign,
        };
    }
    match c {
        _ if is_space(c) => Role::Space,
        // The common letters first: the tables below are slow.
        '\u{C0}'..='\u{24F}' if !matches!(c, '×' | '÷') => Role::Letter,
        '\u{AC00}'..='\u{D7A3}' | '\u{410}'..='\u{44F}' => Role::Letter,
        '\u{200D}' => Role::Joiner,
        '\u{3099}' | '\u{309A}' | '\u{FF9E}' | '\u{FF9F}' => Role::Mark,
        '\u{FE00}'..='\u{FE0F}' | '\u{20E3}' | '\u{1F3FB}'..='\u{1F3FF}' => Role::Mark,
        '\u{E0020}'..='\u{E007F}' => Role::Mark,
        _ if vanishes(c) => Role::Hidden,
        '\u{2E80}'..='\u{2FDF}'
        | '\u{3005}'
        | '\u{3040}'..='\u{30FF}'
        | '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{FF66}'..='\u{FF9D}'
        | '\u{20000}'..='\u{3FFFF}' => Role::Ideograph,
        '\u{1F1E6}'..='\u{1F1FF}' => Role::Regional,
        '\u{2026}' | '\u{2024}' | '\u{2025}' | '\u{FF0E}' => Role::Dot,
        _ if is_combining_mark(c) => Role::Mark,
        '\u{0E33}' | '\u{0EB3}' => Role::Mark,
        _ if is_digit(c) => Role::Digit,
        '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' => {
            Role::Cluster
        }
        _ if c.is_alphanumeric() => Role::Letter,
        _ if fold_char(c) == '-' || matches!(c, '\u{FE31}' | '\u{FE32}' | '\u{FE58}') => Role::Dash,
        _ if is_hidden(c) => Role::Hidden,
        _ => Role::Sign,
    }
}

/// Decimal digits of every script (general category Nd): ranges of ten.
fn is_digit(c: char) -> bool {
    const ZEROS: [u32; 61] = [
        0x0030, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66,
        0x0CE6, 0x0D66, 0x0DE6, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946,
        0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0,
        0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x10D30, 0x11066, 0x110F0, 0x11136, 0x111D0,
        0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x11730, 0x118E0, 0x11950, 0x11C50, 0x11D50,
        0x11DA0, 0x11F50, 0x16A60, 0x16AC0, 0x16B50, 0x1E140, 0x1E2F0, 0x1E950,
    ];
    let code = u32::from(c);
    if c.is_ascii() {
        return c.is_ascii_digit();
    }
    (0x1D7CE..=0x1D7FF).contains(&code)
        || (0x1FBF0..=0x1FBF9).contains(&code)
        || ZEROS[ZEROS.partition_point(|&zero| zero <= code) - 1] + 9 >= code
}

/// Control, format and private characters: nothing to read.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{0600}'..='\u{0605}' | '\u{061C}' | '\u{06DD}' | '\u{070F}' | '\u{180E}'
            | '\u{202A}'..='\u{202E}' | '\u{2061}'..='\u{206F}' | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E000}'..='\u{F8FF}' | '\u{E0001}' | '\u{F0000}'..='\u{10FFFF}')
}

/// Signs that stand inside of words.
pub(super) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2018}' | '\u{2019}' | '\u{02BC}' | '\u{FF07}')
}
