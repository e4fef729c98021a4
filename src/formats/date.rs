//! Dates as news writes them, to the calendar.
//!
//! A date counts only when it can mean one day: `04/05/2020` is April or May depending on the reader. The language of
//! the text may say which; else it stays text, unsorted instead of wrong, and that is said ([`Reading::Ambiguous`]). So
//! do two-digit years and what is relative, such as `3 hours ago`. Clock times and zones behind a date are ignored: a
//! day is what people sort and filter by. A general parser (`jiff`, `dateparser`) was rejected: they know ISO and RFC
//! 2822, not `1er avril 2020`.

mod words;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use crate::model::Date;

use words::{DAY_FIRST_ENGLISH, FILLERS, LEADS, MONTH_FIRST, MONTHS, SHORT_DAYS, TIME_WORDS};

/// The longest text that is a date, in bytes.
const LONGEST: usize = 120;

/// What a text says as a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// A day, or a month.
    Date(Date),
    /// A date that can mean several days.
    Ambiguous,
    /// No date.
    None,
}

/// What stands first in a date of three numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// `25/12/2020`
    DayFirst,
    /// `12/25/2020`
    MonthFirst,
}

impl Order {
    /// The order in a language, given as a tag such as `en-GB`; none when its readers differ, as those of `en` do.
    pub fn of_language(tag: &str) -> Option<Self> {
        let tag = tag.trim().to_lowercase().replace('_', "-");
        let is = |known: &str| tag == known || tag.starts_with(&format!("{known}-"));
        if MONTH_FIRST.iter().any(|known| is(known)) {
            Some(Self::MonthFirst)
        } else if is("en") && !DAY_FIRST_ENGLISH.iter().any(|known| is(known)) || tag.len() < 2 {
            None
        } else {
            Some(Self::DayFirst)
        }
    }
}

/// The date that a text is, as a whole, when it can mean only one.
pub fn parse(text: &str) -> Option<Date> {
    match read(text, None) {
        Reading::Date(date) => Some(date),
        Reading::Ambiguous | Reading::None => None,
    }
}

/// Reads a text as a date, as a whole: ISO 8601, RFC 2822, month names in several languages, `2020年4月1日`. A lead
/// such as `Published on` may stand in front, a clock time, and behind it when it was updated.
pub fn read(text: &str, order: Option<Order>) -> Reading {
    // Every date has a number: most lines that are asked have none.
    let may_have = |byte: u8| byte.is_ascii_digit() || !byte.is_ascii();
    if !text.bytes().any(may_have) {
        return Reading::None;
    }
    let text = plain(text);
    let text = text.trim().trim_end_matches('.');
    if text.len() > LONGEST || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return Reading::None;
    }
    let text = without_lead(text);
    let whole = one(text, order);
    if whole != Reading::None {
        return whole;
    }
    // "1 April 2020 | Updated: 2 April 2020": the first is that of the article.
    [
        " | ", " · ", " • ", " - ", " – ", ", ", "; ", " (", " / ", " ",
    ]
    .iter()
    .filter_map(|cut| text.split_once(cut))
    .find_map(|(first, rest)| {
        let first = one(first, order);
        let rest_text = without_lead(rest.trim_end_matches(')'));
        (first != Reading::None
            && rest_text.len() < rest.trim_end_matches(')').len()
            && one(rest_text, order) != Reading::None)
            .then_some(first)
    })
    .unwrap_or(Reading::None)
}

fn one(text: &str, order: Option<Order>) -> Reading {
    let numeric = numeric(text, order);
    if numeric != Reading::None {
        return numeric;
    }
    match ideographic(text).or_else(|| worded(text)) {
        Some(date) => Reading::Date(date),
        None => Reading::None,
    }
}

/// The date of a point in time, given in seconds (or milliseconds) since 1970.
pub fn from_epoch(number: i64) -> Option<Date> {
    let seconds = if number.abs() >= 100_000_000_000 {
        number / 1000
    } else {
        number
    };
    let time = jiff::Timestamp::from_second(seconds).ok()?;
    let day = time.to_zoned(jiff::tz::TimeZone::UTC).date();
    Date::new(
        day.year(),
        u8::try_from(day.month()).ok()?,
        u8::try_from(day.day()).ok()?,
    )
}

/// Full-width digits and signs as plain ones, and no white space that only looks different.
fn plain(text: &str) -> Cow<'_, str> {
    let odd = |c: char| matches!(c, '\u{ff01}'..='\u{ff5e}' | '\u{a0}' | '\u{202f}' | '\u{3000}' | '\u{200b}'..='\u{200f}');
    if !text.contains(odd) {
        return Cow::Borrowed(text);
    }
    let replaced = text.chars().filter_map(|c| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0),
        '\u{a0}' | '\u{202f}' | '\u{3000}' => Some(' '),
        '\u{200b}'..='\u{200f}' => None,
        _ => Some(c),
    });
    Cow::Owned(replaced.collect())
}

/// A text without `Published on` and the like in front of it.
fn without_lead(text: &str) -> &str {
    let lower = text.to_lowercase();
    // Only where lower case has the same length does an offset in it count.
    if lower.len() != text.len() {
        return text;
    }
    LEADS
        .iter()
        .filter_map(|lead| {
            let rest = lower.strip_prefix(lead)?;
            let rest = text.get(text.len() - rest.len()..)?;
            let bare = rest.trim_start_matches([':', ' ']);
            (bare.len() < rest.len() || !lead.is_ascii()).then_some(bare)
        })
        .find(|rest| !rest.is_empty())
        .unwrap_or(text)
}

/// `2020-04-01`, `2020-04`, `2020/4/1`, `2020. 4. 1.`, `20200401`, `1.4.2020`, `25/12/2020`; a time may follow.
fn numeric(text: &str, order: Option<Order>) -> Reading {
    let text = without_weekday(text);
    let joined;
    let text = match text.get(4..6) {
        // As Korean does it.
        Some(". ") => {
            joined = text.replacen(". ", ".", 2);
            joined.as_str()
        }
        _ => text,
    };
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | '/' | '.')))
        .unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    if !is_time(rest) {
        return Reading::None;
    }
    let digits = digits.trim_end_matches(['.', '-']);
    let found = |date: Option<Date>| date.map_or(Reading::None, Reading::Date);
    if digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return found(build(&digits[..4], &digits[4..6], &digits[6..]));
    }
    let Some(separator) = digits.chars().find(|c| !c.is_ascii_digit()) else {
        return Reading::None;
    };
    let parts: Vec<&str> = digits.split(separator).collect();
    match (separator, &*parts) {
        (_, [year, month, day]) if year.len() == 4 => found(build(year, month, day)),
        ('-' | '/' | '.', [year, month])
            if year.len() == 4 && month.len() == 2 && rest.is_empty() =>
        {
            found(build(year, month, "0"))
        }
        ('.', [day, month, year]) if year.len() == 4 => found(build(year, month, day)),
        (_, [first, second, year]) if year.len() == 4 => day_and_month(first, second, year, order),
        // Which of the three is the year is not even sure.
        (_, [a, b, c])
            if parts.iter().all(|part| matches!(part.len(), 1 | 2))
                && [a, b, c]
                    .iter()
                    .all(|part| part.parse::<u8>().is_ok_and(|n| n <= 99))
                && [a, b]
                    .iter()
                    .all(|part| part.parse::<u8>().is_ok_and(|n| (1..=31).contains(&n)))
                && separator != '-' =>
        {
            Reading::Ambiguous
        }
        _ => Reading::None,
    }
}

/// `03/04/2020`: one that is over 12 tells, or the language.
fn day_and_month(first: &str, second: &str, year: &str, order: Option<Order>) -> Reading {
    let (Ok(a), Ok(b)) = (first.parse::<u8>(), second.parse::<u8>()) else {
        return Reading::None;
    };
    let order = match (a > 12, b > 12) {
        (true, false) => Some(Order::DayFirst),
        (false, true) => Some(Order::MonthFirst),
        _ if a == b => Some(Order::DayFirst),
        _ => order,
    };
    let date = match order {
        Some(Order::DayFirst) => build(year, second, first),
        Some(Order::MonthFirst) => build(year, first, second),
        None if build(year, first, second).is_some() => return Reading::Ambiguous,
        None => None,
    };
    date.map_or(Reading::None, Reading::Date)
}

/// `Mi, 1.4.2020`
fn without_weekday(text: &str) -> &str {
    let Some((first, rest)) = text.split_once([' ', ',']) else {
        return text;
    };
    let first = first.trim_end_matches(['.', ',']).to_lowercase();
    if SHORT_DAYS.contains(&&*first) || FILLERS.contains(&&*first) {
        rest.trim_start_matches([' ', ',', '.'])
    } else {
        text
    }
}

/// `2020年4月1日`, `2020년 4월 1일`.
fn ideographic(text: &str) -> Option<Date> {
    let (year, rest) = text.split_once(['年', '년'])?;
    let (month, rest) = rest.split_once(['月', '월'])?;
    let (day, rest) = rest.split_once(['日', '일']).unwrap_or(("0", rest));
    // A weekday, a clock time; anything else is a sentence that begins with a date.
    let is_tail = rest.chars().count() <= 20
        && rest.chars().all(|c| {
            c.is_ascii_digit()
                || c.is_whitespace()
                || ":()+".contains(c)
                || "星期周曜一二三四五六日天月火水木金土时時分秒点上下午前後요일월화수목금토오전후시분초".contains(c)
        });
    is_tail.then(|| build(year.trim(), month.trim(), day.trim()))?
}

/// `April 1, 2020`, `1. April 2020`, `1er avril 2020`, `Wed, 01 Apr 2020 10:00:00 +0000`, `2020 April 1`, `April 2020`.
fn worded(text: &str) -> Option<Date> {
    let lower = text.to_lowercase();
    let mut words = lower
        .split(|c: char| {
            c.is_whitespace()
                || matches!(
                    c,
                    ',' | '.' | '/' | '-' | '–' | '—' | '|' | '·' | '•' | '(' | ')'
                )
        })
        .filter(|word| !word.is_empty())
        .peekable();
    let (mut day, mut month, mut year) = (None, None, None);
    let mut first = true;
    while month.is_none() || year.is_none() {
        let word = words.next()?;
        match number(word) {
            Some(n @ 1000..=2999) if year.is_none() => year = i16::try_from(n).ok(),
            Some(n @ 1..=31) if day.is_none() => day = u8::try_from(n).ok(),
            Some(_) => return None,
            None if first
                && SHORT_DAYS.contains(&word)
                && (month_of(word).is_none()
                    || words.clone().skip(1).any(|word| month_of(word).is_some())) => {}
            None if month.is_none() && month_of(word).is_some() => month = month_of(word),
            None if FILLERS.contains(&word) => {}
            None => return None,
        }
        first = false;
    }
    // "2020 April 1"
    if day.is_none()
        && let Some(n @ 1..=31) = words.peek().and_then(|word| number(word))
    {
        day = u8::try_from(n).ok();
        words.next();
    }
    words
        .all(is_time_word)
        .then(|| Date::new(year?, month?, day.unwrap_or(0)))?
}

/// A number, also `1st`, `2nd`, `1er`, `1º`.
fn number(word: &str) -> Option<u16> {
    let digits = word.trim_end_matches(|c: char| !c.is_ascii_digit());
    let suffix = &word[digits.len()..];
    ["", "st", "nd", "rd", "th", "er", "º", "°", "ª", "e", "го"]
        .contains(&suffix)
        .then(|| digits.parse().ok())?
}

fn month_of(word: &str) -> Option<u8> {
    let index = MONTHS.iter().position(|names| names.contains(&word))?;
    u8::try_from(index + 1).ok()
}

/// Says whether the rest of a text is a clock time and a zone, or nothing.
fn is_time(rest: &str) -> bool {
    rest.to_lowercase()
        .split(|c: char| {
            c.is_whitespace() || matches!(c, ',' | '|' | '·' | '•' | '(' | ')' | '–' | '-')
        })
        .all(is_time_word)
}

fn is_time_word(word: &str) -> bool {
    word.split(|c: char| c.is_ascii_digit() || matches!(c, ':' | '.' | '+' | '-' | '–' | '\''))
        .all(|letters| {
            letters.is_empty()
                || TIME_WORDS.contains(&letters)
                || FILLERS.contains(&letters) && letters.len() > 3
        })
}

fn build(year: &str, month: &str, day: &str) -> Option<Date> {
    let (month, day): (u8, u8) = (month.parse().ok()?, day.parse().ok()?);
    if month == 0 {
        return None;
    }
    Date::new(year.parse().ok()?, month, day)
}
