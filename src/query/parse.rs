//! Tokens to a query: a recursive descent, one function a line of the grammar.
//!
//! ```text
//! or    = and {OR and}
//! and   = unary {[AND] unary}
//! unary = {- | NOT} atom
//! atom  = ( or ) | field:value | #tag | word | "phrase" | word* | /regex/
//! ```
//!
//! `sort:` and `limit:` are about the list, so they stand outside of brackets and are never negated.

use std::collections::BTreeMap;
use std::ops::Range;

use super::ast::{Expr, Query, Sort, Term, TextField};
use super::error::QueryError;
use super::fields::{DIFFERENCES, FORMATS, Field, Kind, PARTS, SORT_KEYS, STATES, Word};
use super::lexer::{Form, Token, TokenKind, Value, tokens};
use super::pattern::Pattern;
use super::value;
use crate::model::Date;
use crate::nearest::nearest;

/// How deep brackets and negations may nest; far more than a person reads, far less than a stack holds.
const DEPTH: usize = 64;

/// What a query may refer to besides itself.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The day from which ages such as `<7d` are counted.
    pub today: Date,
    /// The saved filters, by name, as they were typed.
    pub saved: &'a BTreeMap<String, String>,
}

static NONE_SAVED: BTreeMap<String, String> = BTreeMap::new();

impl From<Date> for Context<'static> {
    /// A context without saved filters.
    fn from(today: Date) -> Self {
        Self {
            today,
            saved: &NONE_SAVED,
        }
    }
}

/// Reads a query: as of that day, where there are no saved filters. The empty text lets everything through.
pub fn parse<'a>(text: &str, context: impl Into<Context<'a>>) -> Result<Query, QueryError> {
    read(text, context.into(), &mut Vec::new())
}

/// `inside` are the saved filters that are being read.
fn read<'a>(
    text: &str,
    context: Context<'a>,
    inside: &mut Vec<&'a str>,
) -> Result<Query, QueryError> {
    let mut parser = Parser {
        tokens: tokens(text)?,
        next: 0,
        end: text.len(),
        context,
        inside,
        query: Query {
            text: text.to_owned(),
            ..Query::default()
        },
        brought: Query::default(),
    };
    let expr = parser.or(0)?;
    if let Some(token) = parser.peek() {
        let message = "no bracket is open that this one could close";
        return Err(QueryError::new(token.at.clone(), message));
    }
    let Parser { query, brought, .. } = parser;
    Ok(Query {
        expr,
        sort: [query.sort, brought.sort].concat(),
        limit: query.limit.or(brought.limit),
        text: query.text,
    })
}

struct Parser<'a, 'i> {
    tokens: Vec<Token>,
    next: usize,
    /// The length of the text.
    end: usize,
    context: Context<'a>,
    /// The names of the saved filters that this is read for, the outermost first.
    inside: &'i mut Vec<&'a str>,
    /// Collects sort and limit.
    query: Query,
    /// Sort and limit of saved filters: what is typed counts first.
    brought: Query,
}

impl Parser<'_, '_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next)
    }

    fn take(&mut self) -> Option<Token> {
        let token = self.peek().cloned();
        self.next += 1;
        token
    }

    fn or(&mut self, depth: usize) -> Result<Option<Expr>, QueryError> {
        let mut sides = Vec::new();
        let first = self.and(depth)?;
        let mut before = first.is_some();
        sides.extend(first);
        while let Some(Token {
            kind: TokenKind::Or,
            at,
        }) = self.peek()
        {
            let at = at.clone();
            if !before {
                return Err(QueryError::new(at, "OR needs something before it"));
            }
            self.next += 1;
            let side = self.and(depth)?;
            before = side.is_some();
            if !before {
                return Err(QueryError::new(at, "OR needs something behind it"));
            }
            sides.extend(side);
        }
        Ok(join(sides, Expr::Or, |expr| match expr {
            Expr::Or(children) => Ok(children),
            other => Err(other),
        }))
    }

    fn and(&mut self, depth: usize) -> Result<Option<Expr>, QueryError> {
        let mut sides = Vec::new();
        // The AND that waits for its right side.
        let mut waiting: Option<Range<usize>> = None;
        let mut any = false;
        loop {
            match self.peek().map(|token| (&token.kind, token.at.clone())) {
                None | Some((TokenKind::Close | TokenKind::Or, _)) => break,
                Some((TokenKind::And, at)) => {
                    if !any || waiting.is_some() {
                        return Err(QueryError::new(at, "AND needs something before it"));
                    }
                    waiting = Some(at);
                    self.next += 1;
                    continue;
                }
                Some((TokenKind::Field(field, value), at)) if field.kind.is_view() => {
                    let (field, value) = (*field, value.clone());
                    if depth > 0 {
                        let message = format!("{}: stands outside of brackets", field.name);
                        return Err(QueryError::new(at, message));
                    }
                    self.next += 1;
                    self.view(field, &value, at)?;
                }
                Some((TokenKind::Field(field, value), at))
                    if field.kind == Kind::Saved && depth == 0 =>
                {
                    let (field, value) = (*field, value.clone());
                    self.next += 1;
                    let saved = self.saved(field, &value, &at)?;
                    sides.extend(saved.expr);
                    self.brought.sort.extend(saved.sort);
                    self.brought.limit = self.brought.limit.or(saved.limit);
                }
                Some(_) => sides.push(self.unary(depth)?),
            }
            any = true;
            waiting = None;
        }
        if let Some(at) = waiting {
            return Err(QueryError::new(at, "AND needs something behind it"));
        }
        Ok(join(sides, Expr::And, |expr| match expr {
            Expr::And(children) => Ok(children),
            other => Err(other),
        }))
    }

    fn unary(&mut self, depth: usize) -> Result<Expr, QueryError> {
        let Some(token) = self.take() else {
            return Err(QueryError::new(
                self.end..self.end,
                "something is missing here",
            ));
        };
        if depth >= DEPTH && matches!(token.kind, TokenKind::Not | TokenKind::Open) {
            return Err(QueryError::new(token.at, "this is nested too deep"));
        }
        match token.kind {
            TokenKind::Not => {
                self.negated(&token.at)?;
                Ok(Expr::Not(Box::new(self.unary(depth + 1)?)))
            }
            TokenKind::Open => {
                let inside = self.or(depth + 1)?;
                match self.take().map(|token| token.kind) {
                    Some(TokenKind::Close) => {}
                    _ => return Err(QueryError::new(token.at, "this bracket is not closed")),
                }
                inside.ok_or_else(|| {
                    QueryError::new(token.at, "nothing stands between these brackets")
                })
            }
            TokenKind::Value(value) => {
                let pattern = pattern(&value)?;
                Ok(Expr::Term(Term::Text(TextField::Anywhere, pattern)))
            }
            TokenKind::Tag(value) => tag(&value, &token.at).map(Expr::Term),
            TokenKind::Field(field, value) if field.kind == Kind::Saved => {
                let saved = self.saved(field, &value, &token.at)?;
                let nothing =
                    || QueryError::new(token.at, "this saved filter lets everything through");
                saved.expr.ok_or_else(nothing)
            }
            TokenKind::Field(field, value) => {
                field_term(field, &value, &token.at, self.context.today).map(Expr::Term)
            }
            // `and` stops before these.
            TokenKind::Close | TokenKind::And | TokenKind::Or => Err(QueryError::new(
                token.at,
                "something is missing before this",
            )),
        }
    }

    /// Checks what stands behind a `-` or `NOT`.
    fn negated(&self, not: &Range<usize>) -> Result<(), QueryError> {
        match self.peek() {
            Some(Token {
                kind: TokenKind::Field(field, value),
                at,
            }) if field.kind.is_view() => {
                let all = not.start..at.end;
                let error = QueryError::new(all, format!("{}: cannot be left out", field.name));
                Err(match field.kind {
                    Kind::Sort => error.suggest(format!("sort:-{}", value.text)),
                    _ => error,
                })
            }
            Some(Token {
                kind: TokenKind::And | TokenKind::Or | TokenKind::Close,
                ..
            })
            | None => Err(QueryError::new(
                not.clone(),
                "something to leave out is missing behind this",
            )),
            Some(_) => Ok(()),
        }
    }

    /// Reads the saved filter of that name.
    fn saved(
        &mut self,
        field: &Field,
        value: &Value,
        at: &Range<usize>,
    ) -> Result<Query, QueryError> {
        let name = starred(value);
        if name.trim().is_empty() {
            return Err(needs_value(field, at));
        }
        let known = self.context.saved;
        let Some((name, text)) = known.get_key_value(&name) else {
            let error = wrong(field, value, &format!("no filter is saved as \"{name}\""));
            return Err(match nearest(&name, known.keys().map(String::as_str)) {
                Some(near) => error.suggest(near),
                None => error,
            });
        };
        if self.inside.contains(&name.as_str()) {
            let message = format!("the saved filter \"{name}\" asks for itself");
            return Err(QueryError::new(at.clone(), message));
        }
        self.inside.push(name);
        let query = read(text, self.context, self.inside).map_err(|error| {
            let message = format!("in the saved filter \"{name}\": {}", error.message);
            QueryError::new(at.clone(), message)
        });
        self.inside.pop();
        query
    }

    /// Takes in `sort:` or `limit:`.
    fn view(&mut self, field: &Field, value: &Value, at: Range<usize>) -> Result<(), QueryError> {
        if field.kind == Kind::Sort {
            let (name, descending) = match value.text.strip_prefix('-') {
                Some(name) => (name, true),
                None => (value.text.as_str(), false),
            };
            let key = word(SORT_KEYS, name, field, value).map_err(|error| QueryError {
                suggestion: error
                    .suggestion
                    .map(|near| format!("{}{near}", if descending { "-" } else { "" })),
                ..error
            })?;
            self.query.sort.push(Sort { key, descending });
            return Ok(());
        }
        let number = value::whole(&value.text).and_then(|number| usize::try_from(number).ok());
        match number.filter(|number| *number > 0 && !value.star) {
            None => Err(wrong(field, value, "takes a whole number above 0")),
            Some(_) if self.query.limit.is_some() => {
                Err(QueryError::new(at, "limit: stands here twice"))
            }
            limit => {
                self.query.limit = limit;
                Ok(())
            }
        }
    }
}

/// Joins the sides, those that are of the same kind already taken apart.
fn join(
    sides: Vec<Expr>,
    make: fn(Vec<Expr>) -> Expr,
    apart: fn(Expr) -> Result<Vec<Expr>, Expr>,
) -> Option<Expr> {
    let mut flat = Vec::with_capacity(sides.len());
    for side in sides {
        match apart(side) {
            Ok(children) => flat.extend(children),
            Err(other) => flat.push(other),
        }
    }
    match flat.len() {
        0 | 1 => flat.pop(),
        _ => Some(make(flat)),
    }
}

/// What `name:value` asks.
fn field_term(
    field: &'static Field,
    value: &Value,
    at: &Range<usize>,
    today: Date,
) -> Result<Term, QueryError> {
    if value.text.trim().is_empty() {
        return Err(needs_value(field, at));
    }
    Ok(match field.kind {
        Kind::Text(place) => Term::Text(place, pattern(value)?),
        Kind::Place(place) => Term::Place(place, starred(value)),
        Kind::Site => Term::Site(pattern(value)?),
        Kind::Format => {
            let known = FORMATS.iter().copied();
            let found = known
                .clone()
                .find(|name| name.eq_ignore_ascii_case(&value.text));
            let unknown = || unknown_word(field, &value.text, value, known);
            Term::Format(found.filter(|_| !value.star).ok_or_else(unknown)?)
        }
        Kind::Lang => Term::Lang(lang(field, value)?),
        Kind::Id => Term::Id(starred(value)),
        Kind::Group => Term::Group(hexadecimal(field, value)?),
        Kind::Tag => tag(value, at)?,
        Kind::Is => Term::Is(word(STATES, &value.text, field, value)?),
        Kind::Has => Term::Has(word(PARTS, &value.text, field, value)?),
        Kind::Number(number) => Term::Number(number, value::numbers(value)?),
        Kind::Share(field) => Term::Share(field, value::shares(value)?),
        Kind::Date(day) => Term::Date(day, value::dates(value, today)?),
        Kind::Differs => Term::Differs(word(DIFFERENCES, &value.text, field, value)?),
        Kind::Sort | Kind::Limit | Kind::Saved => {
            let message = format!("{}: is no filter", field.name);
            return Err(QueryError::new(at.clone(), message));
        }
    })
}

fn pattern(value: &Value) -> Result<Pattern, QueryError> {
    let at = value.at.clone();
    if value.form == Form::Regex {
        return Pattern::regex(&value.text)
            .map_err(|reason| QueryError::new(at, format!("not a regular expression: {reason}")));
    }
    let message = if value.star {
        "* stands behind the beginning of a word"
    } else {
        "there is nothing to look for between these marks"
    };
    Pattern::words(&value.text, value.star).ok_or_else(|| QueryError::new(at, message))
}

/// The tag that was typed, `topic/health` or `topic*`.
fn tag(value: &Value, at: &Range<usize>) -> Result<Term, QueryError> {
    // However often it stands there: what is left is written behind one, and must read back.
    let is_sign = |c: char| c == '#' || c.is_whitespace();
    let name = value.text.trim_start_matches(is_sign).trim_end();
    if name.is_empty() {
        let message = "the name of a tag is missing here";
        return Err(QueryError::new(at.clone(), message).suggest("is:tagged"));
    }
    Ok(Term::Tag {
        name: name.to_owned(),
        prefix: value.star,
    })
}

/// The text with the star that stood at its end.
fn starred(value: &Value) -> String {
    let star = if value.star { "*" } else { "" };
    format!("{}{star}", value.text)
}

fn lang(field: &Field, value: &Value) -> Result<String, QueryError> {
    let tag = value.text.replace('_', "-");
    let right = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if value.star || !tag.chars().all(right) || tag.starts_with('-') {
        return Err(wrong(field, value, "takes a language such as en or pt-BR"));
    }
    Ok(tag.to_ascii_lowercase())
}

fn hexadecimal(field: &Field, value: &Value) -> Result<String, QueryError> {
    let right = value.text.len() <= 32 && value.text.bytes().all(|b| b.is_ascii_hexdigit());
    if !right {
        return Err(wrong(field, value, "takes up to 32 digits of 0-9 and a-f"));
    }
    Ok(value.text.to_ascii_lowercase())
}

/// The value that the word stands for.
fn word<T: Copy>(
    words: &[Word<T>],
    name: &str,
    field: &Field,
    value: &Value,
) -> Result<T, QueryError> {
    let known = words.iter().map(|(word, _, _)| *word);
    let found = words
        .iter()
        .find(|(word, _, _)| word.eq_ignore_ascii_case(name) && !value.star);
    match found {
        Some((_, meaning, _)) => Ok(*meaning),
        None => Err(unknown_word(field, name, value, known)),
    }
}

fn unknown_word<'a>(
    field: &Field,
    name: &str,
    value: &Value,
    known: impl Iterator<Item = &'a str> + Clone,
) -> QueryError {
    let names: Vec<&str> = known.clone().collect();
    let what = format!("knows {}, not \"{name}\"", names.join(", "));
    let error = wrong(field, value, &what);
    match nearest(name, known) {
        Some(near) => error.suggest(near),
        None => error,
    }
}

fn needs_value(field: &Field, at: &Range<usize>) -> QueryError {
    let message = format!("{}: needs a value", field.name);
    let example = field.examples.first().copied().unwrap_or_default();
    QueryError::new(at.clone(), message).suggest(example)
}

fn wrong(field: &Field, value: &Value, what: &str) -> QueryError {
    QueryError::new(value.at.clone(), format!("{}: {what}", field.name))
}
