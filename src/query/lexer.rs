//! Typed text to tokens. It knows quotation marks, slashes, brackets and which words are fields; what tokens mean
//! together is the parser's business.

use std::ops::Range;

use super::error::QueryError;
use super::fields::{self, FIELDS, Field};
use super::pattern::quoted;
use crate::nearest::nearest;

/// One token and the bytes that it was read from.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub at: Range<usize>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind {
    Open,
    Close,
    And,
    Or,
    /// `-` or `NOT`.
    Not,
    /// A bare word, phrase or regular expression.
    Value(Value),
    /// `#name`
    Tag(Value),
    /// `name:value`
    Field(&'static Field, Value),
}

/// What stands alone, behind a `#` or behind a colon.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Value {
    /// Without marks: what is between quotation marks or slashes, or the bare word without the `*` at its end.
    pub text: String,
    pub form: Form,
    /// A `*` stands at its end.
    pub star: bool,
    /// Marks and star included.
    pub at: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Bare,
    Quoted,
    Regex,
}

/// Reads the whole text.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, QueryError> {
    let mut lexer = Lexer { text, at: 0 };
    let mut tokens = Vec::new();
    while let Some(token) = lexer.next()? {
        tokens.push(token);
    }
    Ok(tokens)
}

struct Lexer<'a> {
    text: &'a str,
    /// The next byte to read, always at the border of a character.
    at: usize,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Reads characters while they fulfil the condition.
    fn take_while(&mut self, condition: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !condition(c)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    /// Reads the character if it comes next.
    fn take(&mut self, character: char) -> bool {
        let found = self.peek() == Some(character);
        if found {
            self.at += character.len_utf8();
        }
        found
    }

    fn next(&mut self) -> Result<Option<Token>, QueryError> {
        self.take_while(char::is_whitespace);
        let start = self.at;
        let Some(first) = self.peek() else {
            return Ok(None);
        };
        let kind = match first {
            '(' | ')' => {
                self.take(first);
                if first == '(' {
                    TokenKind::Open
                } else {
                    TokenKind::Close
                }
            }
            '-' => {
                self.take('-');
                if self.peek().is_none_or(char::is_whitespace) {
                    let message = "- stands right before what it leaves out";
                    return Err(QueryError::new(start..self.at, message).suggest("-word"));
                }
                TokenKind::Not
            }
            '#' => {
                self.take('#');
                TokenKind::Tag(self.value(false)?)
            }
            _ => match self.field()? {
                Some(field) => TokenKind::Field(field, self.value(field.kind.takes_regex())?),
                None => self.word()?,
            },
        };
        let at = start..self.at;
        Ok(Some(Token { kind, at }))
    }

    fn word(&mut self) -> Result<TokenKind, QueryError> {
        let value = self.value(true)?;
        let keyword = match (value.form, value.text.as_str(), value.star) {
            (Form::Bare, "AND", false) => Some(TokenKind::And),
            (Form::Bare, "OR", false) => Some(TokenKind::Or),
            (Form::Bare, "NOT", false) => Some(TokenKind::Not),
            _ => None,
        };
        Ok(keyword.unwrap_or(TokenKind::Value(value)))
    }

    /// Reads `name:` if that comes next.
    fn field(&mut self) -> Result<Option<&'static Field>, QueryError> {
        let start = self.at;
        let name = self.take_while(|c| c.is_ascii_alphabetic());
        if name.is_empty() || !self.take(':') {
            self.at = start;
            return Ok(None);
        }
        if let Some(field) = fields::by_name(name) {
            return Ok(Some(field));
        }
        let message = format!("no field is called {name}");
        if let Some(near) = nearest(name, FIELDS.iter().map(|field| field.name)) {
            let error = QueryError::new(start..self.at, message);
            return Err(error.suggest(format!("{near}:")));
        }
        // Not a slip: somebody looks for text with a colon in it.
        self.take_while(is_bare);
        let typed = self.text.get(start..self.at).unwrap_or_default();
        Err(QueryError::new(start..self.at, message).suggest(quoted(typed)))
    }

    fn value(&mut self, takes_regex: bool) -> Result<Value, QueryError> {
        let start = self.at;
        let (text, form, star) = match self.peek() {
            Some('"') => (self.phrase()?, Form::Quoted, self.take('*')),
            Some('/') if takes_regex => (self.regex()?, Form::Regex, false),
            _ => {
                let word = self.take_while(is_bare);
                match word.strip_suffix('*') {
                    Some(stem) => (stem.to_owned(), Form::Bare, true),
                    None => (word.to_owned(), Form::Bare, false),
                }
            }
        };
        let at = start..self.at;
        Ok(Value {
            text,
            form,
            star,
            at,
        })
    }

    /// Reads `"…"`, in which `\"` and `\\` stand for themselves.
    fn phrase(&mut self) -> Result<String, QueryError> {
        let start = self.at;
        self.take('"');
        let mut text = String::new();
        let mut characters = self.rest().char_indices().peekable();
        while let Some((offset, character)) = characters.next() {
            match (character, characters.peek()) {
                ('"', _) => {
                    self.at += offset + 1;
                    return Ok(text);
                }
                ('\\', Some(&(_, next @ ('"' | '\\')))) => {
                    characters.next();
                    text.push(next);
                }
                _ => text.push(character),
            }
        }
        let error = QueryError::new(start..self.text.len(), "this quotation mark is not closed");
        Err(error.suggest(quoted(text.trim_end())))
    }

    /// Reads `/…/`, in which `\/` is a slash.
    fn regex(&mut self) -> Result<String, QueryError> {
        let start = self.at;
        self.take('/');
        let body = self.rest();
        let mut escaped = false;
        let end = body.char_indices().find(|(_, character)| {
            let ends = *character == '/' && !escaped;
            escaped = *character == '\\' && !escaped;
            ends
        });
        let Some((end, _)) = end else {
            let at = start..self.text.len();
            let message = "this regular expression is not closed by a slash";
            let typed = self.text.get(at.clone()).unwrap_or_default();
            return Err(QueryError::new(at, message).suggest(quoted(typed.trim_end())));
        };
        self.at += end + 1;
        if self.peek().is_some_and(|c| !c.is_whitespace() && c != ')') {
            self.take_while(is_bare);
            let at = start..self.at;
            let typed = self.text.get(at.clone()).unwrap_or_default();
            let message = "the second slash ends a regular expression; inside it, a slash is \\/";
            return Err(QueryError::new(at, message).suggest(quoted(typed)));
        }
        Ok(body.get(..end).unwrap_or_default().to_owned())
    }
}

/// Says whether a bare word may have the character in it.
pub(super) fn is_bare(character: char) -> bool {
    !character.is_whitespace() && !matches!(character, '(' | ')' | '"')
}
