//! Search inside a text the way a person means it: case and accents fold unless the needle asks for more.
//!
//! A needle with a capital letter is case-sensitive ("smart case"); accents, ligatures, widths, quotes and dashes always
//! fold. Marks that carry meaning of their own stay: vowels of Indic scripts, the voicing of kana.

use std::ops::Range;

use unicode_normalization::char::decompose_compatible;

/// What to look for, folded once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needle {
    folded: String,
    sensitive: bool,
}

impl Needle {
    /// Reads a needle: case-sensitive when it holds a capital letter.
    pub fn new(text: &str) -> Self {
        let sensitive = text.chars().any(char::is_uppercase);
        Self {
            folded: fold_into(text, sensitive, |_, _, _| {}),
            sensitive,
        }
    }

    /// Says whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.folded.is_empty()
    }

    /// Says whether the text holds it.
    pub fn is_in(&self, text: &str) -> bool {
        !self.is_empty() && fold_into(text, self.sensitive, |_, _, _| {}).contains(&*self.folded)
    }
}

/// Folds a text for comparison: lower case, accents stripped, ligatures and widths resolved, quotes and dashes plain.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        // Most text is ASCII for long stretches: those are copied whole, which a search over many texts lives on.
        let (ascii, others) = rest.split_at(ascii_prefix(rest));
        let start = folded.len();
        folded.push_str(ascii);
        if let Some(copied) = folded.get_mut(start..) {
            copied.make_ascii_lowercase();
        }
        let end = others.bytes().position(|byte| byte.is_ascii());
        let (others, behind) = others.split_at(end.unwrap_or(others.len()));
        for character in others.chars() {
            fold_character(character, false, &mut folded);
        }
        rest = behind;
    }
    folded
}

/// How many bytes stand in front of the first character that is not ASCII.
fn ascii_prefix(text: &str) -> usize {
    let pieces = text.as_bytes().chunks(32);
    let whole = 32 * pieces.take_while(|piece| piece.is_ascii()).count();
    let rest = text.as_bytes().get(whole..).unwrap_or_default();
    let more = rest.iter().position(|byte| !byte.is_ascii());
    (whole + more.unwrap_or(rest.len())).min(text.len())
}

/// Finds every place of the needle, from left to right, as byte ranges of the text. Places do not overlap.
///
/// A range covers whole characters, and the combining marks behind the last one.
pub fn find(text: &str, needle: &Needle) -> Vec<Range<usize>> {
    if needle.is_empty() {
        return Vec::new();
    }
    let mut map = FoldMap {
        steps: Vec::new(),
        source_len: text.len(),
        folded_len: 0,
    };
    let folded = fold_into(text, needle.sensitive, |folded, source, ascii| {
        map.note(folded, source, ascii);
    });
    map.folded_len = folded.len();
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for (at, _) in folded.match_indices(&*needle.folded) {
        let start = map.start(at);
        let end = map.end(at + needle.folded.len());
        // Two matches inside one ligature are one place.
        if ranges.last().is_none_or(|last| last.end <= start) && start < end {
            ranges.push(start..end);
        }
    }
    ranges
}

/// Where the offsets of a folded text lie in the text itself.
struct FoldMap {
    steps: Vec<Step>,
    source_len: usize,
    folded_len: usize,
}

/// One character that is not ASCII, or the first of a run of ASCII.
struct Step {
    folded: usize,
    source: usize,
    ascii: bool,
}

impl FoldMap {
    fn note(&mut self, folded: usize, source: usize, ascii: bool) {
        if !ascii || self.steps.last().is_none_or(|step| !step.ascii) {
            self.steps.push(Step {
                folded,
                source,
                ascii,
            });
        }
    }

    /// The last step that begins at or before the folded offset. Marks that folded to nothing share their offset with
    /// the character behind them, so for an end it is the place behind the marks.
    fn step(&self, folded: usize) -> Option<(usize, &Step)> {
        let after = self.steps.partition_point(|step| step.folded <= folded);
        let index = after.checked_sub(1)?;
        Some((index, &self.steps[index]))
    }

    fn start(&self, folded: usize) -> usize {
        match self.step(folded) {
            None => 0,
            Some((_, step)) if step.ascii => step.source + (folded - step.folded),
            Some((_, step)) => step.source,
        }
    }

    fn end(&self, folded: usize) -> usize {
        if folded == self.folded_len {
            return self.source_len;
        }
        match self.step(folded) {
            None => 0,
            Some((_, step)) if step.ascii => step.source + (folded - step.folded),
            Some((index, step)) if step.folded < folded => self
                .steps
                .get(index + 1)
                .map_or(self.source_len, |next| next.source),
            Some((_, step)) => step.source,
        }
    }
}

/// Folds a text and tells for each character where it begins in the folded text and in the source.
fn fold_into(text: &str, keep_case: bool, mut note: impl FnMut(usize, usize, bool)) -> String {
    let mut folded = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        note(folded.len(), at, character.is_ascii());
        fold_character(character, keep_case, &mut folded);
    }
    folded
}

/// Appends what one character folds to: nothing, itself, or others. A text folds as its characters do.
pub fn fold_character(character: char, keep_case: bool, folded: &mut String) {
    if character.is_ascii() {
        folded.push(match keep_case {
            true => character,
            false => character.to_ascii_lowercase(),
        });
    } else if matches!(character, '\u{ac00}'..='\u{d7a3}' | '\u{3040}'..='\u{30ff}') {
        // Decomposed, a Hangul syllable would match the start of another, and a kana its voiced sister.
        folded.push(character);
    } else {
        decompose_compatible(character, |part| fold_part(part, keep_case, folded));
    }
}

fn fold_part(character: char, keep_case: bool, folded: &mut String) {
    let plain = match character {
        '\u{300}'..='\u{36f}'
        | '\u{483}'..='\u{487}'
        | '\u{591}'..='\u{5bd}'
        | '\u{5bf}'..='\u{5c7}'
        | '\u{610}'..='\u{61a}'
        | '\u{640}'
        | '\u{64b}'..='\u{65f}'
        | '\u{670}'
        | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{fe20}'..='\u{fe2f}' => return,
        '\u{2018}'..='\u{201b}' | '\u{2032}' | '\u{2bc}' | '\u{2039}' | '\u{203a}' => "'",
        '\u{201c}'..='\u{201f}' | '\u{2033}' | '\u{ab}' | '\u{bb}' => "\"",
        '\u{2010}'..='\u{2015}' | '\u{2212}' => "-",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'đ' => "d",
        'ł' => "l",
        'ı' => "i",
        'ς' => "σ",
        'ẞ' => return folded.push_str(if keep_case { "SS" } else { "ss" }),
        'Æ' => return folded.push_str(if keep_case { "AE" } else { "ae" }),
        'Œ' => return folded.push_str(if keep_case { "OE" } else { "oe" }),
        'Ø' => return folded.push(if keep_case { 'O' } else { 'o' }),
        'Đ' => return folded.push(if keep_case { 'D' } else { 'd' }),
        'Ł' => return folded.push(if keep_case { 'L' } else { 'l' }),
        _ if keep_case => return folded.push(character),
        _ => {
            let lower = character.to_lowercase();
            return folded.extend(lower.filter(|c| !('\u{300}'..='\u{36f}').contains(c)));
        }
    };
    folded.push_str(plain);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn finds(text: &str, needle: &str, expected: &[&str]) {
        let found: Vec<_> = find(text, &Needle::new(needle))
            .into_iter()
            .map(|range| &text[range])
            .collect();
        assert_eq!(found, expected, "{needle:?} in {text:?}");
        assert_eq!(!expected.is_empty(), Needle::new(needle).is_in(text));
    }

    #[test]
    fn case_is_smart_and_accents_fold() {
        finds("Plane, plane, PLANE", "plane", &["Plane", "plane", "PLANE"]);
        finds("Plane, plane, PLANE", "Plane", &["Plane"]);
        finds(
            "café CAFÉ cafe\u{301}",
            "cafe",
            &["café", "CAFÉ", "cafe\u{301}"],
        );
        finds("cafe", "café", &["cafe"]);
        finds("Straße, Strasse", "strasse", &["Straße", "Strasse"]);
        finds("Οδός", "οδοσ", &["Οδός"]);
        finds("İstanbul", "istanbul", &["İstanbul"]);
        finds("Łódź", "lodz", &["Łódź"]);
        finds("don’t", "don't", &["don’t"]);
        finds("ﬁnance", "fin", &["ﬁn"]);
        finds("ﬁnance", "i", &["ﬁ"]);
        finds("각", "가", &[]);
        finds("が", "か", &[]);
        finds("日本語", "本", &["本"]);
        finds("aaaa", "aa", &["aa", "aa"]);
        finds("e\u{301}x", "x", &["x"]);
        finds("abc", "", &[]);
    }

    #[test]
    fn folding_is_stable() {
        for text in ["Ærø Straße ŁÓDŹ ﬁ İ ς", "“x” – y", "ａｂｃ"] {
            assert_eq!(fold(&fold(text)), fold(text), "{text:?}");
        }
    }
}
