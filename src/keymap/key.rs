//! One key press, and how it is written: `j`, `^d`, `Alt-Down`, `S-Tab`, `Space`; a sequence is keys between blanks,
//! `g g`.
//!
//! Our own type and not a terminal library's, so that the keymap can be tested and documented without one, and so
//! that one key has one value: `J` is never also "shift and j", `^D` is `^d`.

use std::fmt;
use std::str::FromStr;

/// One key press with its modifiers. Equal presses are equal values: only [`Key::new`] makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    code: Code,
    modifiers: Modifiers,
}

/// What is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Code {
    /// A character, as it would be typed.
    Char(char),
    /// The return key.
    Enter,
    /// The escape key.
    Esc,
    /// The tabulator key.
    Tab,
    /// The key that deletes to the left.
    Backspace,
    /// The key that deletes to the right.
    Delete,
    /// The insert key.
    Insert,
    /// The home key.
    Home,
    /// The end key.
    End,
    /// The page-up key.
    PageUp,
    /// The page-down key.
    PageDown,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// A function key, 1 to 35.
    F(u8),
}

/// What is held down meanwhile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Modifiers {
    /// The control key.
    pub ctrl: bool,
    /// The alt or option key.
    pub alt: bool,
    /// The shift key. Never set together with a character: that one is typed as it is.
    pub shift: bool,
}

/// Names of keys: the first of each code is the one that is printed.
const NAMES: &[(&str, Code)] = &[
    ("Enter", Code::Enter),
    ("Return", Code::Enter),
    ("⏎", Code::Enter),
    ("Esc", Code::Esc),
    ("Escape", Code::Esc),
    ("Tab", Code::Tab),
    ("Space", Code::Char(' ')),
    ("Backspace", Code::Backspace),
    ("BS", Code::Backspace),
    ("Del", Code::Delete),
    ("Delete", Code::Delete),
    ("Ins", Code::Insert),
    ("Insert", Code::Insert),
    ("Home", Code::Home),
    ("End", Code::End),
    ("PgUp", Code::PageUp),
    ("PageUp", Code::PageUp),
    ("PgDn", Code::PageDown),
    ("PageDown", Code::PageDown),
    ("Up", Code::Up),
    ("↑", Code::Up),
    ("Down", Code::Down),
    ("↓", Code::Down),
    ("Left", Code::Left),
    ("←", Code::Left),
    ("Right", Code::Right),
    ("→", Code::Right),
];

/// What may stand before a key, and the modifier it means.
const PREFIXES: &[(&str, Modifiers)] = &[
    ("C-", Modifiers::CTRL),
    ("Ctrl-", Modifiers::CTRL),
    ("A-", Modifiers::ALT),
    ("M-", Modifiers::ALT),
    ("Alt-", Modifiers::ALT),
    ("S-", Modifiers::SHIFT),
    ("Shift-", Modifiers::SHIFT),
];

impl Modifiers {
    const CTRL: Self = Self {
        ctrl: true,
        alt: false,
        shift: false,
    };
    const ALT: Self = Self {
        ctrl: false,
        alt: true,
        shift: false,
    };
    const SHIFT: Self = Self {
        ctrl: false,
        alt: false,
        shift: true,
    };

    fn and(self, other: Self) -> Self {
        Self {
            ctrl: self.ctrl || other.ctrl,
            alt: self.alt || other.alt,
            shift: self.shift || other.shift,
        }
    }
}

impl Key {
    /// The key for a press, whatever way a terminal reports it.
    pub fn new(code: Code, modifiers: Modifiers) -> Self {
        let Code::Char(character) = code else {
            return Self { code, modifiers };
        };
        let typed = if modifiers.ctrl {
            single(character.to_lowercase()).unwrap_or(character)
        } else if modifiers.shift {
            single(character.to_uppercase()).unwrap_or(character)
        } else {
            character
        };
        Self {
            code: Code::Char(typed),
            modifiers: Modifiers {
                shift: false,
                ..modifiers
            },
        }
    }

    /// What is pressed.
    pub fn code(self) -> Code {
        self.code
    }

    /// What is held down meanwhile.
    pub fn modifiers(self) -> Modifiers {
        self.modifiers
    }

    /// The character that the key types into a prompt, if it types one.
    pub fn typed(self) -> Option<char> {
        match self.code {
            Code::Char(character) if !self.modifiers.ctrl && !self.modifiers.alt => Some(character),
            _ => None,
        }
    }

    /// What terminals confuse the key with or take it for, if anything: such a key must never be the only way.
    pub fn confused_with(self) -> Option<&'static str> {
        let Code::Char(character) = self.code else {
            return None;
        };
        if !self.modifiers.ctrl {
            return None;
        }
        Some(match character {
            'h' => "Backspace",
            'i' => "Tab",
            'm' => "Enter",
            '[' => "Esc",
            's' => "the key that stops the terminal's output",
            'q' => "the key that resumes the terminal's output",
            'b' => "the prefix key of tmux",
            _ => return None,
        })
    }

    /// Reads a sequence of keys between blanks.
    pub fn sequence(text: &str) -> Result<Vec<Self>, BadKey> {
        let keys: Vec<Self> = text
            .split_whitespace()
            .map(str::parse)
            .collect::<Result<_, _>>()?;
        if keys.is_empty() {
            return Err(BadKey(text.to_owned()));
        }
        Ok(keys)
    }

    /// Writes a sequence of keys with blanks between them.
    pub fn join(keys: &[Self]) -> String {
        let names: Vec<String> = keys.iter().map(Self::to_string).collect();
        names.join(" ")
    }
}

/// The only character of an iterator, if there is exactly one.
fn single(mut characters: impl Iterator<Item = char>) -> Option<char> {
    let first = characters.next()?;
    characters.next().is_none().then_some(first)
}

/// The text names no key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no key is called \"{0}\"; keys are written like j, ^d, Alt-Down, F1, or in a row: g g")]
pub struct BadKey(String);

impl FromStr for Key {
    type Err = BadKey;

    fn from_str(text: &str) -> Result<Self, BadKey> {
        let mut modifiers = Modifiers::default();
        let mut rest = text;
        // "C-", "^" and the like on their own are characters, so a prefix counts only when a key follows.
        loop {
            let prefix = PREFIXES.iter().find_map(|(prefix, modifier)| {
                let head = rest.get(..prefix.len())?;
                let tail = rest.get(prefix.len()..)?;
                (head.eq_ignore_ascii_case(prefix) && !tail.is_empty()).then_some((tail, *modifier))
            });
            let (tail, modifier) = match prefix {
                Some(found) => found,
                None => match rest.strip_prefix('^') {
                    Some(tail) if !tail.is_empty() => (tail, Modifiers::CTRL),
                    _ => break,
                },
            };
            modifiers = modifiers.and(modifier);
            rest = tail;
        }
        let code = code(rest).ok_or_else(|| BadKey(text.to_owned()))?;
        Ok(Self::new(code, modifiers))
    }
}

fn code(name: &str) -> Option<Code> {
    if let Some(character) = single(name.chars())
        && !character.is_control()
        && !NAMES.iter().any(|(known, _)| *known == name)
    {
        return Some(Code::Char(character));
    }
    if let Some((_, code)) = NAMES
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
    {
        return Some(*code);
    }
    let number: u8 = name.strip_prefix(['F', 'f'])?.parse().ok()?;
    (1..=35).contains(&number).then_some(Code::F(number))
}

/// The way it is written in `keymap.toml`, which [`Key::from_str`] reads back.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Modifiers { ctrl, alt, shift } = self.modifiers;
        let mut text = String::new();
        if alt {
            text.push_str("Alt-");
        }
        if shift {
            text.push_str("S-");
        }
        let name = NAMES.iter().find(|(_, code)| *code == self.code);
        match (name, self.code) {
            (None, Code::Char(character)) => {
                if ctrl {
                    text.push('^');
                }
                text.push(character);
            }
            (name, code) => {
                if ctrl {
                    text.push_str("C-");
                }
                match (name, code) {
                    (Some((name, _)), _) => text.push_str(name),
                    (None, Code::F(number)) => text.push_str(&format!("F{number}")),
                    // Every other code stands in NAMES, which a test walks.
                    (None, _) => {}
                }
            }
        }
        f.pad(&text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn reads(text: &str, printed: &str) {
        let key: Key = text.parse().expect(text);
        assert_eq!(key.to_string(), printed, "{text:?}");
        assert_eq!(printed.parse(), Ok(key), "{printed:?} reads back");
    }

    #[test]
    fn keys_are_read_and_written() {
        for (text, printed) in [
            ("j", "j"),
            ("J", "J"),
            ("S-j", "J"),
            ("^d", "^d"),
            ("^D", "^d"),
            ("C-d", "^d"),
            ("Ctrl-d", "^d"),
            ("^", "^"),
            ("-", "-"),
            ("+", "+"),
            ("C--", "^-"),
            ("^^", "^^"),
            ("^[", "^["),
            ("Alt-Down", "Alt-Down"),
            ("Alt-↓", "Alt-Down"),
            ("A-x", "Alt-x"),
            ("M-x", "Alt-x"),
            ("Alt-C-x", "Alt-^x"),
            ("S-Tab", "S-Tab"),
            ("shift-tab", "S-Tab"),
            ("space", "Space"),
            ("C-Space", "C-Space"),
            ("pgdn", "PgDn"),
            ("PageDown", "PgDn"),
            ("Enter", "Enter"),
            ("esc", "Esc"),
            ("F1", "F1"),
            ("C-F12", "C-F12"),
            ("F", "F"),
            ("é", "é"),
            ("語", "語"),
        ] {
            reads(text, printed);
        }
    }

    #[test]
    fn nonsense_is_no_key() {
        for text in ["", " ", "Hyper-x", "jj", "F0", "F99", "Entr", "C-", "\u{7}"] {
            assert!(
                text.parse::<Key>().is_err() || Key::sequence(text).is_err(),
                "{text:?}"
            );
        }
        assert!(Key::sequence("  ").is_err());
    }

    #[test]
    fn a_sequence_is_keys_between_blanks() {
        let keys = Key::sequence(" g  Alt-Down ").expect("two keys");
        assert_eq!(Key::join(&keys), "g Alt-Down");
    }

    #[test]
    fn every_code_has_a_name() {
        for (name, code) in NAMES {
            assert!(
                Key::new(*code, Modifiers::default())
                    .to_string()
                    .parse::<Key>()
                    .is_ok(),
                "{name}"
            );
        }
    }

    #[test]
    fn only_plain_characters_type_text() {
        let typed = |text: &str| text.parse::<Key>().expect(text).typed();
        assert_eq!(typed("x"), Some('x'));
        assert_eq!(typed("Space"), Some(' '));
        assert_eq!(typed("^x"), None);
        assert_eq!(typed("Alt-x"), None);
        assert_eq!(typed("Enter"), None);
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(character in any::<char>(), ctrl: bool, alt: bool, shift: bool) {
            prop_assume!(!character.is_control() && !character.is_whitespace());
            let key = Key::new(Code::Char(character), Modifiers { ctrl, alt, shift });
            prop_assume!(!NAMES.iter().any(|(name, _)| *name == character.to_string()));
            prop_assert_eq!(key.to_string().parse(), Ok(key));
        }

        #[test]
        fn reading_never_panics(text in ".*") {
            let _ = Key::sequence(&text);
        }
    }
}
