//! What a query means: the oracle that every index is tested against.

use std::cmp::Ordering;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::Document;
use super::ast::{
    DateField, Expr, NumberField, Part, PlaceField, Query, ShareField, Sort, SortKey, Span, State,
    Term, TextField,
};
use super::pattern::{Pattern, PatternForm};
use super::value::{first_day, last_day};
use crate::model::{Date, Verdict};
use crate::text::find::fold;

/// Says whether the article fulfils the query.
pub fn matches(query: &Query, document: &dyn Document) -> bool {
    query
        .expr
        .as_ref()
        .is_none_or(|expr| fulfils(expr, document))
}

/// The order of two articles: by the query's `sort:`, then the newest first, by title and by id. Never equal for two
/// different articles. What has no date, author, site or likeness comes last in either direction.
pub fn compare(query: &Query, a: &dyn Document, b: &dyn Document) -> Ordering {
    let newest = Sort {
        key: SortKey::Date,
        descending: true,
    };
    let title = Sort {
        key: SortKey::Title,
        descending: false,
    };
    query
        .sort
        .iter()
        .chain([&newest, &title])
        .map(|sort| compare_by(*sort, a, b))
        .find(|order| order.is_ne())
        .unwrap_or_else(|| a.id().cmp(&b.id()))
}

fn fulfils(expr: &Expr, document: &dyn Document) -> bool {
    match expr {
        Expr::And(all) => fast_first(all).all(|expr| fulfils(expr, document)),
        Expr::Or(any) => fast_first(any).any(|expr| fulfils(expr, document)),
        Expr::Not(expr) => !fulfils(expr, document),
        Expr::Term(term) => term_fits(term, document),
    }
}

/// The body, and what differs between versions, is by far the slowest to read: whatever does not need it comes first.
fn fast_first(exprs: &[Expr]) -> impl Iterator<Item = &Expr> {
    let of = |slow| exprs.iter().filter(move |expr| reads_body(expr) == slow);
    of(false).chain(of(true))
}

fn reads_body(expr: &Expr) -> bool {
    match expr {
        Expr::And(children) | Expr::Or(children) => children.iter().any(reads_body),
        Expr::Not(child) => reads_body(child),
        Expr::Term(term) => matches!(
            term,
            Term::Text(TextField::Anywhere | TextField::Body, _) | Term::Differs(_)
        ),
    }
}

fn term_fits(term: &Term, document: &dyn Document) -> bool {
    match term {
        Term::Text(field, pattern) => text_fits(*field, pattern, document),
        Term::Place(PlaceField::Path, part) => document.paths().any(|path| place_fits(part, path)),
        Term::Place(PlaceField::Url, part) => {
            document.url().is_some_and(|url| place_fits(part, url))
        }
        Term::Site(pattern) => document.site().is_some_and(|site| site_fits(pattern, site)),
        Term::Format(name) => document.format() == *name,
        Term::Lang(wanted) => document.lang().is_some_and(|lang| lang_fits(wanted, lang)),
        Term::Id(id) => {
            document.record_ids().any(|own| own == id)
                || document
                    .id()
                    .to_string()
                    .starts_with(&id.to_ascii_lowercase())
        }
        Term::Group(start) => document.group().to_string().starts_with(start),
        Term::Tag { name, prefix } => document
            .decision()
            .tags
            .iter()
            .any(|tag| tag_fits(name, *prefix, tag)),
        Term::Is(state) => state_fits(*state, document),
        Term::Has(part) => has(*part, document),
        Term::Number(field, span) => span.contains(&number(*field, document)),
        Term::Share(field, span) => {
            share(*field, document).is_some_and(|share| span.contains(&share))
        }
        Term::Date(field, span) => day(*field, document).is_some_and(|date| date_fits(span, date)),
        Term::Differs(what) => document.differs(*what),
    }
}

/// Says whether the date lies there. One that names a month lies in a stretch when the whole month does.
pub fn date_fits(span: &Span<Date>, date: Date) -> bool {
    span.covers(&first_day(date), &last_day(date))
}

fn text_fits(field: TextField, pattern: &Pattern, document: &dyn Document) -> bool {
    let in_title = || pattern.is_in(document.title());
    let in_body = || document.body().any(|block| pattern.is_in(block));
    match field {
        TextField::Anywhere => in_title() || in_body(),
        TextField::Title => in_title(),
        TextField::Body => in_body(),
        TextField::Author => document
            .author()
            .is_some_and(|author| pattern.is_in(author)),
        TextField::Note => document
            .decision()
            .notes
            .iter()
            .any(|note| pattern.is_in(&note.text)),
    }
}

/// Says whether the part stands in the path or address; its stars stand for anything. Capitals count once typed.
pub fn place_fits(part: &str, text: &str) -> bool {
    let case = part.chars().any(char::is_uppercase);
    let (part, text) = if case {
        (part.to_owned(), text.to_owned())
    } else {
        (fold(part), fold(text))
    };
    let mut rest = text.as_str();
    part.split('*').all(|piece| match rest.split_once(piece) {
        Some((_, behind)) => {
            rest = behind;
            true
        }
        None => false,
    })
}

/// A value with a dot is a host and covers its subdomains; everything else is words of the site's name.
pub fn site_fits(pattern: &Pattern, site: &str) -> bool {
    let wanted = pattern.text();
    let is_host = pattern.form() == PatternForm::Words
        && wanted.contains('.')
        && !wanted.contains(char::is_whitespace);
    if !is_host {
        return pattern.is_in(site);
    }
    let (wanted, site) = (fold(wanted), fold(site));
    let wanted = wanted.strip_prefix("www.").unwrap_or(&wanted);
    let above = site.strip_suffix(wanted);
    above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
}

/// Says whether that is the language, or a region's form of it.
pub fn lang_fits(wanted: &str, lang: &str) -> bool {
    let lang = lang.replace('_', "-").to_ascii_lowercase();
    lang.strip_prefix(wanted)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// Says whether that is the tag, or one below it; with `prefix`, one that begins so.
pub fn tag_fits(wanted: &str, prefix: bool, tag: &str) -> bool {
    let (wanted, tag) = (fold(wanted), fold(tag));
    tag.strip_prefix(&wanted)
        .is_some_and(|rest| prefix || rest.is_empty() || rest.starts_with('/'))
}

fn state_fits(state: State, document: &dyn Document) -> bool {
    let is = |verdict| document.decision().verdict == Some(verdict);
    let has_others = || document.versions() > 1 || document.copies() > 1;
    match state {
        State::Tagged => !document.decision().tags.is_empty(),
        State::Untagged => document.decision().tags.is_empty(),
        // Kept first, then set aside because another version was kept: only that one stays.
        State::Kept => is(Verdict::Keep) && !document.decision().superseded,
        State::Dropped => is(Verdict::Drop),
        State::Skipped => is(Verdict::Skip),
        State::Superseded => document.decision().superseded,
        State::Reviewed => document.decision().verdict.is_some() || document.decision().superseded,
        State::Dup => has_others(),
        State::Unique => !has_others(),
        State::Best => document.is_best(),
        State::Read => document.is_read(),
        State::Unread => !document.is_read(),
        State::Marked => document.is_marked(),
        State::Selected => document.is_selected(),
    }
}

fn has(part: Part, document: &dyn Document) -> bool {
    let some = |text: Option<&str>| text.is_some_and(|text| !text.trim().is_empty());
    match part {
        Part::Title => document.has_title(),
        Part::Author => some(document.author()),
        Part::Date => document.date().is_some(),
        Part::Url => some(document.url()),
        Part::Lang => some(document.lang()),
        Part::Error => document.has_error(),
        Part::Note => !document.decision().notes.is_empty(),
    }
}

fn day(field: DateField, document: &dyn Document) -> Option<Date> {
    match field {
        DateField::Published => document.date(),
        DateField::Added => document.added(),
    }
}

fn number(field: NumberField, document: &dyn Document) -> u64 {
    match field {
        NumberField::Words => document.words(),
        NumberField::Versions => document.versions(),
        NumberField::Copies => document.copies(),
    }
}

fn share(field: ShareField, document: &dyn Document) -> Option<f64> {
    match field {
        ShareField::Similarity => document.similarity(),
        ShareField::Boilerplate => Some(document.boilerplate()),
    }
}

fn compare_by(sort: Sort, a: &dyn Document, b: &dyn Document) -> Ordering {
    let numbers = |field| number(field, a).cmp(&number(field, b));
    let order = match sort.key {
        SortKey::Title => by_letters(a.title(), b.title()),
        SortKey::Words => numbers(NumberField::Words),
        SortKey::Versions => numbers(NumberField::Versions),
        SortKey::Copies => numbers(NumberField::Copies),
        SortKey::Date => return optional(a.date(), b.date(), sort.descending, Date::cmp),
        SortKey::Added => return optional(a.added(), b.added(), sort.descending, Date::cmp),
        SortKey::Author => {
            let letters = |a: &&str, b: &&str| by_letters(a, b);
            return optional(a.author(), b.author(), sort.descending, letters);
        }
        SortKey::Site => {
            let letters = |a: &&str, b: &&str| by_letters(a, b);
            return optional(a.site(), b.site(), sort.descending, letters);
        }
        // Two articles by themselves are equally relevant: that is a matter of the whole collection.
        SortKey::Relevance => Ordering::Equal,
        SortKey::Similarity | SortKey::Boilerplate => {
            let field = match sort.key {
                SortKey::Boilerplate => ShareField::Boilerplate,
                _ => ShareField::Similarity,
            };
            let (a, b) = (share(field, a), share(field, b));
            return optional(a, b, sort.descending, f64::total_cmp);
        }
    };
    if sort.descending {
        order.reverse()
    } else {
        order
    }
}

/// Compares what may be missing: that comes last, whatever the direction.
fn optional<T>(
    a: Option<T>,
    b: Option<T>,
    descending: bool,
    compare: impl Fn(&T, &T) -> Ordering,
) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) if descending => compare(&b, &a),
        (Some(a), Some(b)) => compare(&a, &b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

/// Compares without accents and capitals, as `text::find::fold` would, but without making two strings a comparison:
/// sorting a long list calls this millions of times.
fn by_letters(a: &str, b: &str) -> Ordering {
    letters(a).cmp(letters(b))
}

/// What titles and names are sorted by: their characters without accents and capitals.
pub fn letters(text: &str) -> impl Iterator<Item = char> + '_ {
    text.nfkd()
        .filter(|character| !is_combining_mark(*character))
        .flat_map(char::to_lowercase)
}
