//! What stands behind the colon of a number or date: `200..800`, `>1`, `>=80%`, `2020-04`, `<7d`.

use std::ops::Range;

use super::ast::Span;
use super::error::QueryError;
use super::lexer::{Form, Value};
use crate::model::Date;

/// One end of a stretch as it was typed.
#[derive(Clone)]
struct Piece<'a> {
    text: &'a str,
    at: Range<usize>,
}

/// A stretch as it was typed: an operator and its pieces.
enum Typed<'a> {
    One(Piece<'a>),
    Compared(&'static str, Piece<'a>),
    FromTo(Option<Piece<'a>>, Option<Piece<'a>>),
}

const OPERATORS: [&str; 5] = [">=", "<=", ">", "<", "="];

/// Takes the value apart without looking into the pieces.
fn typed(value: &Value) -> Typed<'_> {
    let text = value.text.as_str();
    let piece = |start: usize, end: usize| {
        // Inside quotation marks an offset is no longer one of the query.
        let at = match value.form {
            Form::Bare => value.at.start + start..value.at.start + end,
            Form::Quoted | Form::Regex => value.at.clone(),
        };
        let text = text.get(start..end).unwrap_or_default();
        Piece { text, at }
    };
    if let Some(operator) = OPERATORS.into_iter().find(|sign| text.starts_with(sign)) {
        let rest = piece(operator.len(), text.len());
        return match operator {
            "=" => Typed::One(rest),
            _ => Typed::Compared(operator, rest),
        };
    }
    match text.find("..") {
        Some(dots) => {
            let end = |start: usize, end: usize| (start < end).then(|| piece(start, end));
            Typed::FromTo(end(0, dots), end(dots + 2, text.len()))
        }
        None => Typed::One(piece(0, text.len())),
    }
}

/// Puts a stretch together from values with a beginning and an end (for a number, both are the number).
fn span<T: Copy + PartialOrd + std::fmt::Display>(
    value: &Value,
    example: &str,
    read: impl Fn(&Piece<'_>) -> Result<(T, T), QueryError>,
) -> Result<Span<T>, QueryError> {
    if value.star || value.form == Form::Regex {
        let message = format!("this takes values such as {example}");
        return Err(QueryError::new(value.at.clone(), message));
    }
    Ok(match typed(value) {
        Typed::One(piece) => {
            let (first, last) = read(&piece)?;
            Span::Between(first, last)
        }
        Typed::Compared(operator, piece) => {
            let (first, last) = read(&piece)?;
            match operator {
                ">=" => Span::From(first),
                ">" => Span::Above(last),
                "<=" => Span::UpTo(last),
                _ => Span::Below(first),
            }
        }
        Typed::FromTo(Some(from), Some(to)) => {
            let (first, _) = read(&from)?;
            let (_, last) = read(&to)?;
            if first > last {
                let error = QueryError::new(value.at.clone(), "the end lies before the beginning");
                return Err(error.suggest(format!("{}..{}", to.text, from.text)));
            }
            Span::Between(first, last)
        }
        Typed::FromTo(Some(from), None) => Span::From(read(&from)?.0),
        Typed::FromTo(None, Some(to)) => Span::UpTo(read(&to)?.1),
        Typed::FromTo(None, None) => {
            let error = QueryError::new(value.at.clone(), "the dots stand between two values");
            return Err(error.suggest(example));
        }
    })
}

/// A whole number or a stretch of them.
pub(super) fn numbers(value: &Value) -> Result<Span<u64>, QueryError> {
    span(value, "200..800", |piece| {
        let number = whole(piece.text).ok_or_else(|| {
            let message = format!("\"{}\" is not a whole number", piece.text);
            QueryError::new(piece.at.clone(), message)
        })?;
        Ok((number, number))
    })
}

/// One whole number, blanks of thousands (`1_000`) allowed.
pub(super) fn whole(text: &str) -> Option<u64> {
    let digits: String = text.chars().filter(|c| *c != '_').collect();
    // `parse` alone would take a plus sign.
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

/// A share: 0 to 1, or in per cent.
pub(super) fn shares(value: &Value) -> Result<Span<f64>, QueryError> {
    span(value, ">=0.8", |piece| {
        let (digits, divisor) = match piece.text.strip_suffix('%') {
            Some(digits) => (digits, 100.0),
            None => (piece.text, 1.0),
        };
        let plain = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        let number = plain.then(|| digits.parse::<f64>().ok()).flatten();
        let Some(number) = number else {
            let message = format!("\"{}\" is not a number", piece.text);
            return Err(QueryError::new(piece.at.clone(), message));
        };
        let share = number / divisor;
        if (0.0..=1.0).contains(&share) {
            return Ok((share, share));
        }
        let error = QueryError::new(piece.at.clone(), "a share lies between 0 and 1");
        Err(if divisor == 1.0 && number <= 100.0 {
            error.suggest(format!("{digits}%"))
        } else {
            error
        })
    })
}

/// A day, month or year, a stretch of them, or an age counted back from `today`.
pub(super) fn dates(value: &Value, today: Date) -> Result<Span<Date>, QueryError> {
    let today = first_day(today);
    if let Typed::Compared(operator, piece) = typed(value)
        && let Some(day) = age(piece.text, today)
    {
        let Some(day) = day else {
            return Err(QueryError::new(piece.at, "that is before the year 0"));
        };
        // Less than seven days old is later than the day seven days ago.
        return Ok(match operator {
            "<" => Span::Above(day),
            "<=" => Span::From(day),
            ">" => Span::Below(day),
            _ => Span::UpTo(day),
        });
    }
    span(value, "2020-04-01..2020-04-07", |piece| {
        if let Some(date) = read_date(piece.text) {
            return Ok((first_day(date), last_day(date)));
        }
        let day = match piece.text.to_ascii_lowercase().as_str() {
            "today" => Some(today),
            "yesterday" => back(today, 1),
            _ => None,
        };
        if let Some(day) = day {
            return Ok((day, day));
        }
        let at = piece.at.clone();
        Err(if age(piece.text, today).is_some() {
            let message = format!("\"{0}\" is an age: say younger or older", piece.text);
            QueryError::new(at, message).suggest(format!("<{}", piece.text))
        } else {
            let message = format!(
                "\"{}\" is no date; dates are written 2020-04-01, 2020-04 or 2020, ages <7d",
                piece.text
            );
            QueryError::new(at, message)
        })
    })
}

/// Reads `2020`, `2020-04` or `2020-04-01`.
fn read_date(text: &str) -> Option<Date> {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |index: usize, digits: usize| match parts.get(index) {
        None => Some(0),
        Some(part) if part.len() == digits => {
            whole(part).filter(|number| *number > 0 || index == 0)
        }
        Some(_) => None,
    };
    let year = i16::try_from(number(0, 4)?).ok()?;
    let month = u8::try_from(number(1, 2)?).ok()?;
    let day = u8::try_from(number(2, 2)?).ok()?;
    if parts.len() > 3 {
        return None;
    }
    Date::new(year, month, day)
}

/// The day that lies so long before `today`: `7d`, `2w`, `3m`, `1y`. Nothing inside when the calendar ends before
/// that, nothing at all when the text is no age.
fn age(text: &str, today: Date) -> Option<Option<Date>> {
    let unit = text.chars().next_back().filter(char::is_ascii_alphabetic)?;
    let count = whole(text.strip_suffix(unit)?)?;
    let months = |count: u64| {
        let month = u64::from(today.month()?) - 1;
        let year = u64::try_from(today.year()).ok()?;
        let months = (year * 12 + month).checked_sub(count)?;
        let year = i16::try_from(months / 12).ok()?;
        let month = u8::try_from(months % 12 + 1).ok()?;
        // The 31st of a short month is its last day.
        (1..=today.day()?)
            .rev()
            .find_map(|day| Date::new(year, month, day))
    };
    match unit.to_ascii_lowercase() {
        'd' => Some(back(today, count)),
        'w' => Some(count.checked_mul(7).and_then(|days| back(today, days))),
        'm' => Some(months(count)),
        'y' => Some(count.checked_mul(12).and_then(months)),
        _ => None,
    }
}

/// The day so many days before.
fn back(mut day: Date, mut days: u64) -> Option<Date> {
    loop {
        let of_month = u64::from(day.day()?);
        if days < of_month {
            let rest = u8::try_from(of_month - days).ok()?;
            return Date::new(day.year(), day.month()?, rest);
        }
        days -= of_month;
        // To the last day of the month before; the year 0 is the first that dates know.
        let (year, month) = match day.month()? {
            1 => (day.year().checked_sub(1)?, 12),
            month => (day.year(), month - 1),
        };
        day = last_day(Date::new(year, month, 0)?);
    }
}

/// The first day that the date may stand for.
pub(super) fn first_day(date: Date) -> Date {
    let (month, day) = (date.month().unwrap_or(1), date.day().unwrap_or(1));
    Date::new(date.year(), month, day).unwrap_or(date)
}

/// The last day that the date may stand for.
pub(super) fn last_day(date: Date) -> Date {
    if date.day().is_some() {
        return date;
    }
    let month = date.month().unwrap_or(12);
    (28..=31)
        .rev()
        .find_map(|day| Date::new(date.year(), month, day))
        .unwrap_or(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        read_date(text).expect(text)
    }

    #[test]
    fn days_are_counted_back_over_months_and_years() {
        for (from, days, expected) in [
            ("2026-11-22", 0, "2026-11-22"),
            ("2026-11-22", 7, "2026-11-15"),
            ("2026-11-22", 22, "2026-10-31"),
            ("2020-03-01", 1, "2020-02-29"),
            ("2021-03-01", 366, "2020-02-29"),
            ("2026-01-01", 1, "2025-12-31"),
        ] {
            assert_eq!(
                back(date(from), days),
                Some(date(expected)),
                "{from} - {days}"
            );
        }
        assert_eq!(back(date("0000-01-01"), 1), None);
        assert_eq!(back(date("2026-01-01"), u64::MAX), None);
    }

    #[test]
    fn ages_are_counted_in_the_calendar() {
        let today = date("2024-03-31");
        for (text, expected) in [
            ("1m", "2024-02-29"),
            ("13m", "2023-02-28"),
            ("1y", "2023-03-31"),
            ("2w", "2024-03-17"),
            ("10D", "2024-03-21"),
        ] {
            assert_eq!(age(text, today), Some(Some(date(expected))), "{text}");
        }
        assert_eq!(age("9999y", today), Some(None));
        assert_eq!(age("7x", today), None);
        assert_eq!(age("d", today), None);
    }

    #[test]
    fn dates_are_read_strictly() {
        for text in [
            "20",
            "2020-4",
            "2020-13",
            "2020-00",
            "2020-04-31",
            "2020-04-01-01",
            "+020",
        ] {
            assert_eq!(read_date(text), None, "{text}");
        }
    }
}
