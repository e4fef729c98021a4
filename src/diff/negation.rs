//! Words that turn what is said round. A difference in one of them is never hidden, whatever its class would be.
//!
//! The list errs on the side of showing: a word that negates in one language and means something else in another (French
//! *pas* is also a step) only keeps a difference in sight. Verbs that bend for it (Turkish, Persian, Czech) are not
//! known; Japanese, Thai and Korean endings are, as parts of what changed.

use super::fold::fold;

/// Whole words, folded and in small letters, sorted.
#[rustfmt::skip] // A word a line would be a hundred lines.
const WORDS: &[&str] = &[
    "aldri", "aldrig", "ani", "aucun", "aucune", "bez", "bukan", "cannot", "chưa", "chẳng", "değil", "ei", "eivät",
    "ej", "emme", "ette", "geen", "hayır", "icke", "ikke", "ikkje", "inga", "ingen", "ingenting", "inget", "inte",
    "intet", "jamais", "jamás", "jangan", "kein", "keine", "keinem", "keinen", "keiner", "keines", "keinesfalls",
    "keineswegs", "không", "mai", "n't", "nada", "nadie", "ne", "nec", "nee", "nei", "nein", "neither", "nem",
    "nenhum", "nenhuma", "není", "nessun", "nessuna", "nessuno", "never", "ni", "nic", "nicht", "nichts", "nie",
    "niemals", "niemand", "niente", "niet", "niets", "nigdy", "nije", "nikdy", "nikt", "nincs", "ninguna",
    "ninguno", "ninguém", "ningún", "nirgends", "no", "nobody", "non", "none", "nooit", "nor", "not", "nothing",
    "nowhere", "nulla", "nunca", "não", "né", "ohne", "pas", "rien", "sans", "sem", "senza", "sin", "tampoco",
    "tidak", "weder", "without", "yok", "älä", "đừng", "δε", "δεν", "μη", "μην", "ποτέ", "όχι", "без", "не",
    "нельзя", "нема", "немає", "нет", "ни", "никогда", "никто", "ничего", "няма", "ні", "ніколи", "אין", "בלי",
    "לא", "بدون", "غير", "لا", "لم", "لن", "ليس", "ليست", "न", "नहीं", "मत",
];

/// The bytes of an ASCII word that may negate, at most: `keineswegs`, `shouldn't`.
const LONGEST: usize = 12;

/// What negates wherever it stands in a run of words or characters.
const PARTS: &[&str] = &[
    "不",
    "没",
    "沒",
    "無",
    "无",
    "非",
    "未",
    "别",
    "別",
    "勿",
    "莫",
    "ない",
    "なかっ",
    "なく",
    "ません",
    "ずに",
    "ไม่",
    "มิได้",
    "않",
    "없",
    "못",
    "아니",
];

/// Says whether some words and others, put for them, do not negate alike.
pub(super) fn differs<'a>(
    left: impl Iterator<Item = &'a str> + Clone,
    right: impl Iterator<Item = &'a str> + Clone,
) -> bool {
    // Most words are short to look up; what negates is counted only where something does.
    let mut both = left.clone().chain(right.clone());
    both.any(may_negate) && negations(left) != negations(right)
}

/// Says whether a word negates by itself or, not being ASCII, may do so with others.
fn may_negate(word: &str) -> bool {
    let mut small = [0; LONGEST];
    match small.get_mut(..word.len()) {
        _ if !word.is_ascii() => true,
        None => false,
        Some(small) => {
            small.copy_from_slice(word.as_bytes());
            small.make_ascii_lowercase();
            small.ends_with(b"n't")
                || small.starts_with(b"n'")
                || WORDS
                    .binary_search_by(|known| known.as_bytes().cmp(small))
                    .is_ok()
        }
    }
}

/// What negates among some words, in order.
fn negations<'a>(words: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut found = Vec::new();
    let mut all = String::new();
    for word in words {
        let word = fold(word).to_lowercase();
        let elided = word.ends_with("n't") || word.starts_with("n'");
        if !word.is_ascii() {
            all.push_str(&word);
        }
        if elided || WORDS.binary_search(&&*word).is_ok() {
            found.push(word);
        }
    }
    for part in PARTS {
        found.extend(all.matches(part).map(str::to_owned));
    }
    found.sort_unstable();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_sorted_and_folded() {
        assert!(WORDS.is_sorted(), "{:?}", {
            let mut sorted = WORDS.to_vec();
            sorted.sort_unstable();
            sorted
        });
        assert!(WORDS.iter().all(|word| fold(word).to_lowercase() == **word));
        let mut ascii = WORDS.iter().filter(|word| word.is_ascii());
        assert!(ascii.all(|word| word.len() <= LONGEST));
    }

    #[test]
    fn negations_are_seen() {
        for (left, right, expected) in [
            ("is", "is not", true),
            ("IS NOT", "is not", false),
            ("does", "doesn’t", true),
            ("never came", "has never come", false),
            ("eine Lösung", "keine Lösung", true),
            ("il n'est", "il est", true),
            ("会 来", "不 会 来", true),
            ("食べ る", "食べ な い", true),
            ("갔다", "않았다", true),
            ("red", "blue", false),
        ] {
            let found = differs(left.split(' '), right.split(' '));
            assert_eq!(found, expected, "{left} / {right}");
        }
    }
}
