//! What a pattern is in terms of the index.

use super::tokens::{CAPITALS, JOINT, LONGEST, put_word};
use crate::query::{Pattern, Words, continues, is_in_unspaced_script};

/// Terms that stand one behind the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lookup {
    /// At least one.
    pub(super) slots: Vec<Slot>,
    /// What is found is the answer. Otherwise everything that fulfils the pattern is found, and perhaps more.
    pub exact: bool,
}

/// What stands at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    /// Words between the first slot and this one.
    pub offset: u32,
    pub terms: Terms,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Terms {
    One(String),
    /// All that begin so.
    From {
        start: String,
        /// Those of one word only: a pair would be the same word once more.
        single: bool,
    },
}

/// One word of a pattern, in pieces as the index has them.
struct Piece {
    folded: String,
    cased: Option<String>,
}

impl Lookup {
    /// What to look for; nothing when the index cannot help.
    pub fn new(pattern: &Pattern) -> Option<Self> {
        let sought = pattern.sought()?;
        let mut lookup = Self {
            slots: Vec::new(),
            exact: true,
        };
        let mut offset = 0;
        for (at, word) in sought.words.iter().enumerate() {
            let pieces = pieces(word)?;
            let prefix = sought.prefix && at + 1 == sought.words.len();
            lookup.push(offset, &pieces, prefix, sought.case);
            offset += u32::try_from(pieces.len()).ok()?;
        }
        Some(lookup)
    }

    /// Its words one by one, wherever they stand, without those of which only the beginning is known; nothing for a
    /// single word.
    pub fn words(&self) -> Vec<Self> {
        let slots = self.slots.iter().filter(|_| self.slots.len() > 1);
        let known = slots.filter(|slot| matches!(slot.terms, Terms::One(_)));
        let alone = known.map(|slot| Self {
            slots: vec![slot.clone()],
            exact: false,
        });
        alone.collect()
    }

    /// Says whether nearly every article has a word that begins so: one or two letters.
    pub fn is_wide(&self) -> bool {
        match self.slots.as_slice() {
            [slot] => match &slot.terms {
                Terms::From { start, single } => *single && start.chars().count() < 3,
                Terms::One(_) => false,
            },
            _ => false,
        }
    }

    fn push(&mut self, offset: u32, pieces: &[Piece], prefix: bool, case: bool) {
        if let [piece] = pieces {
            let unspaced = is_in_unspaced_script(&piece.folded);
            let mut term = self.begin(case, &[piece]);
            let whole = put_word(&mut term, piece.spelling(case));
            self.exact &= whole;
            let terms = if prefix && whole {
                Terms::From {
                    start: term,
                    single: !unspaced,
                }
            } else if unspaced {
                term.push(JOINT);
                Terms::From {
                    start: term,
                    single: false,
                }
            } else {
                Terms::One(term)
            };
            return self.slots.push(Slot { offset, terms });
        }
        for (at, pair) in (0u32..).zip(pieces.windows(2)) {
            let [first, second] = pair else { continue };
            let mut term = self.begin(case, &[first, second]);
            let mut whole = put_word(&mut term, first.spelling(case));
            term.push(JOINT);
            whole &= put_word(&mut term, second.spelling(case));
            self.exact &= whole;
            let is_last = at as usize + 2 == pieces.len();
            let terms = match prefix && is_last && second.folded.len() <= LONGEST {
                true => Terms::From {
                    start: term,
                    single: false,
                },
                false => Terms::One(term),
            };
            let offset = offset + at;
            self.slots.push(Slot { offset, terms });
        }
    }

    /// The beginning of a term for these pieces. Terms with capitals are told apart from others; of the others the
    /// index does not know that all their letters are small.
    fn begin(&mut self, case: bool, pieces: &[&Piece]) -> String {
        if case && pieces.iter().any(|piece| piece.cased.is_some()) {
            return CAPITALS.to_owned();
        }
        let has_case = |piece: &&Piece| piece.folded.to_uppercase() != piece.folded;
        self.exact &= !case || !pieces.iter().any(has_case);
        String::new()
    }
}

impl Piece {
    fn spelling(&self, case: bool) -> &str {
        self.cased
            .as_deref()
            .filter(|_| case)
            .unwrap_or(&self.folded)
    }
}

/// The pieces of a word of a pattern. None where a pattern means something else by it than the index: a word that
/// begins with a mark.
fn pieces(word: &str) -> Option<Vec<Piece>> {
    if word.chars().next().is_none_or(continues) {
        return None;
    }
    let mut pieces = Vec::new();
    let mut words = Words::new(word);
    while words.next_word() {
        if words.joined() == pieces.is_empty() {
            return None;
        }
        pieces.push(Piece {
            folded: words.folded().to_owned(),
            cased: words.cased().map(str::to_owned),
        });
    }
    (!pieces.is_empty()).then_some(pieces)
}
