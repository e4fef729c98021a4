//! What the terminal's background is: asked by OSC 11 before the first key, and never waited for.
//!
//! The answer comes among the keys, and the terminal library takes it for keys: Alt-], `11;rgb:…` letter by letter, and
//! Alt-\ or ^g. So it is put together again from those, wherever they come; keys that turn out to be keys go on as keys.

use std::io::{self, Write};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// How the question is written.
const QUESTION: &str = "\x1b]11;?\x1b\\";

/// How the answer begins, behind `ESC ]`.
const BEGIN: &str = "11;";

/// No answer is longer.
const LONGEST: usize = 40;

/// Asks the terminal.
pub fn ask(out: &mut impl Write) -> io::Result<()> {
    out.write_all(QUESTION.as_bytes())?;
    out.flush()
}

/// Puts an answer together from the keys that it is taken for.
#[derive(Debug, Default)]
pub struct Answer {
    /// The keys so far: the first one is Alt-].
    held: Vec<KeyEvent>,
    text: String,
}

/// What became of a key.
#[derive(Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is part of an answer, or may be.
    Held,
    /// The answer is there: the background is light, or dark.
    Light(bool),
    /// These are keys after all.
    Keys(Vec<KeyEvent>),
}

impl Answer {
    /// Says whether an answer has begun: what follows comes at once, or it is none.
    pub fn has_begun(&self) -> bool {
        !self.held.is_empty()
    }

    /// Takes a key.
    pub fn take(&mut self, key: KeyEvent) -> Taken {
        if !self.has_begun() {
            if key.code == KeyCode::Char(']') && key.modifiers == KeyModifiers::ALT {
                self.held.push(key);
                return Taken::Held;
            }
            return Taken::Keys(vec![key]);
        }
        self.held.push(key);
        let ends = match key.modifiers {
            KeyModifiers::ALT => key.code == KeyCode::Char('\\'),
            KeyModifiers::CONTROL => key.code == KeyCode::Char('g'),
            _ => false,
        };
        if ends {
            return match light(&self.text) {
                Some(light) => {
                    *self = Self::default();
                    Taken::Light(light)
                }
                None => Taken::Keys(self.give_up()),
            };
        }
        match key.code {
            KeyCode::Char(character) if !key.modifiers.contains(KeyModifiers::ALT) => {
                self.text.push(character);
            }
            _ => return Taken::Keys(self.give_up()),
        }
        let begins = BEGIN.starts_with(&self.text) || self.text.starts_with(BEGIN);
        if !begins || self.text.len() > LONGEST {
            return Taken::Keys(self.give_up());
        }
        Taken::Held
    }

    /// Nothing more comes: gives the keys back.
    pub fn give_up(&mut self) -> Vec<KeyEvent> {
        self.text.clear();
        std::mem::take(&mut self.held)
    }
}

/// Says whether `11;rgb:RRRR/GGGG/BBBB` is light.
fn light(answer: &str) -> Option<bool> {
    let colour = answer.strip_prefix(BEGIN)?;
    let colour = colour
        .strip_prefix("rgb:")
        .or(colour.strip_prefix("rgba:"))?;
    let mut parts = colour.split('/').map(|part| {
        let digits = u32::try_from(part.len())
            .ok()
            .filter(|len| (1..=4).contains(len))?;
        let value = f64::from(u32::from_str_radix(part, 16).ok()?);
        Some(value / (16_f64.powi(digits as i32) - 1.0))
    });
    let (red, green, blue) = (parts.next()??, parts.next()??, parts.next()??);
    // How bright the eye takes it to be (Rec. 709).
    Some(0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<KeyEvent> {
        let mut keys = vec![KeyEvent::new(KeyCode::Char(']'), KeyModifiers::ALT)];
        for character in text.chars() {
            keys.push(KeyEvent::new(KeyCode::Char(character), KeyModifiers::NONE));
        }
        keys
    }

    #[test]
    fn an_answer_is_put_together_and_no_key_is_lost() {
        let ends = [
            KeyEvent::new(KeyCode::Char('\\'), KeyModifiers::ALT),
            KeyEvent::new(KeyCode::Char('g'), KeyModifiers::CONTROL),
        ];
        for (text, expected) in [
            ("11;rgb:ffff/ffff/ffff", true),
            ("11;rgb:1c1c/1f1f/2424", false),
            ("11;rgb:ff/ee/dd", true),
        ] {
            for end in ends {
                let mut answer = Answer::default();
                for key in keys(text) {
                    assert_eq!(answer.take(key), Taken::Held, "{text}");
                }
                assert_eq!(answer.take(end), Taken::Light(expected), "{text}");
                assert!(!answer.has_begun());
            }
        }
        let mut answer = Answer::default();
        let typed = keys("x");
        assert_eq!(answer.take(typed[0]), Taken::Held);
        assert_eq!(answer.take(typed[1]), Taken::Keys(typed.clone()));
        let mut answer = Answer::default();
        assert_eq!(answer.take(typed[1]), Taken::Keys(vec![typed[1]]));
    }
}
