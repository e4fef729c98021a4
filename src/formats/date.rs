//! Dates as news writes them, to the calendar.
//!
//! A date counts only when it can mean one day: `04/05/2020` is April or May depending on the reader, so it stays
//! unparsed and unsorted instead of wrong. Clock times and zones behind a date are ignored: a day is what people sort
//! and filter by. A general parser (`jiff`, `dateparser`) was rejected: they know ISO and RFC 2822, not `1er avril 2020`.

use crate::model::Date;

/// Names of months, with the shortest form that news uses; English, German, French, Spanish, Italian, Portuguese,
/// Dutch, Russian.
const MONTHS: [&[&str]; 12] = [
    &[
        "january",
        "jan",
        "januar",
        "jänner",
        "janvier",
        "janv",
        "enero",
        "ene",
        "gennaio",
        "janeiro",
        "januari",
        "января",
        "январь",
    ],
    &[
        "february",
        "feb",
        "februar",
        "février",
        "févr",
        "fév",
        "febrero",
        "febbraio",
        "fevereiro",
        "februari",
        "февраля",
        "февраль",
    ],
    &[
        "march",
        "mar",
        "märz",
        "mrz",
        "mars",
        "marzo",
        "março",
        "maart",
        "марта",
        "март",
    ],
    &[
        "april",
        "apr",
        "avril",
        "avr",
        "abril",
        "abr",
        "aprile",
        "апреля",
        "апрель",
    ],
    &["may", "mai", "mayo", "maggio", "maio", "mei", "мая", "май"],
    &[
        "june", "jun", "juni", "juin", "junio", "giugno", "junho", "июня", "июнь",
    ],
    &[
        "july", "jul", "juli", "juillet", "juil", "julio", "luglio", "julho", "июля", "июль",
    ],
    &[
        "august",
        "aug",
        "août",
        "aout",
        "agosto",
        "ago",
        "augustus",
        "августа",
        "август",
    ],
    &[
        "september",
        "sep",
        "sept",
        "septembre",
        "septiembre",
        "setiembre",
        "settembre",
        "setembro",
        "сентября",
        "сентябрь",
    ],
    &[
        "october",
        "oct",
        "oktober",
        "okt",
        "octobre",
        "octubre",
        "ottobre",
        "outubro",
        "октября",
        "октябрь",
    ],
    &[
        "november",
        "nov",
        "novembre",
        "noviembre",
        "novembro",
        "ноября",
        "ноябрь",
    ],
    &[
        "december",
        "dec",
        "dezember",
        "dez",
        "décembre",
        "déc",
        "diciembre",
        "dic",
        "dicembre",
        "dezembro",
        "декабря",
        "декабрь",
    ],
];

/// Words that may stand in front of or inside a date and add nothing.
const FILLERS: [&str; 40] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonntag",
    "lundi",
    "mardi",
    "mercredi",
    "jeudi",
    "vendredi",
    "samedi",
    "dimanche",
    "lunes",
    "martes",
    "miércoles",
    "jueves",
    "viernes",
    "sábado",
    "domingo",
    "de",
    "del",
    "den",
    "der",
    "le",
    "el",
    "am",
    "on",
    "of",
    "the",
    "vom",
    "г",
];

/// Weekdays in short form; `mar` and `sun` are also other things, so they count only in front.
const SHORT_DAYS: [&str; 19] = [
    "mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun", "mo", "di", "mi",
    "do", "fr", "sa", "so", "lun", "jeu",
];

/// Words that may stand behind a date, with a clock time.
const TIME_WORDS: [&str; 24] = [
    "am", "pm", "a", "p", "m", "at", "um", "uhr", "à", "h", "t", "z", "utc", "gmt", "est", "edt",
    "cet", "cest", "pst", "pdt", "bst", "hrs", "г", "года",
];

/// The date that a text is, as a whole: ISO 8601, RFC 2822, month names in several languages, `2020年4月1日`.
pub fn parse(text: &str) -> Option<Date> {
    let text = text.trim().trim_end_matches('.');
    if text.is_empty() || text.len() > 80 {
        return None;
    }
    numeric(text)
        .or_else(|| ideographic(text))
        .or_else(|| worded(text))
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

/// `2020-04-01`, `2020-04`, `2020/4/1`, `20200401`, `1.4.2020`, `25/12/2020`; a time may follow.
fn numeric(text: &str) -> Option<Date> {
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | '/' | '.')))
        .unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    if !is_time(rest) {
        return None;
    }
    let digits = digits.trim_end_matches('.');
    if digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return build(&digits[..4], &digits[4..6], &digits[6..]);
    }
    let separator = digits.chars().find(|c| !c.is_ascii_digit())?;
    let parts: Vec<&str> = digits.split(separator).collect();
    match (separator, &*parts) {
        (_, [year, month, day]) if year.len() == 4 => build(year, month, day),
        ('-', [year, month]) if year.len() == 4 && month.len() == 2 && rest.is_empty() => {
            build(year, month, "0")
        }
        ('.', [day, month, year]) if year.len() == 4 => build(year, month, day),
        (_, [first, second, year]) if year.len() == 4 => {
            let (a, b): (u8, u8) = (first.parse().ok()?, second.parse().ok()?);
            match (a > 12, b > 12) {
                (true, false) => build(year, second, first),
                (false, true) => build(year, first, second),
                _ if a == b => build(year, first, second),
                _ => None,
            }
        }
        _ => None,
    }
}

/// `2020年4月1日`, `2020년 4월 1일`.
fn ideographic(text: &str) -> Option<Date> {
    let (year, rest) = text.split_once(['年', '년'])?;
    let (month, rest) = rest.split_once(['月', '월'])?;
    let (day, rest) = rest.split_once(['日', '일']).unwrap_or(("0", rest));
    (rest.chars().count() <= 20).then(|| build(year.trim(), month.trim(), day.trim()))?
}

/// `April 1, 2020`, `1. April 2020`, `1er avril 2020`, `Wed, 01 Apr 2020 10:00:00 +0000`, `April 2020`.
fn worded(text: &str) -> Option<Date> {
    let lower = text.to_lowercase();
    let mut words = lower
        .split(|c: char| {
            c.is_whitespace() || matches!(c, ',' | '.' | '/' | '-' | '–' | '|' | '·' | '(' | ')')
        })
        .filter(|word| !word.is_empty());
    let (mut day, mut month) = (None, None);
    let mut first = true;
    let year = loop {
        let word = words.next()?;
        let number = number(word);
        match (number, month) {
            (Some(n @ 1000..=2999), Some(_)) => break i16::try_from(n).ok()?,
            (Some(n @ 1..=31), _) if day.is_none() => day = u8::try_from(n).ok(),
            (Some(_), _) => return None,
            (None, None) if month_of(word).is_some() => month = month_of(word),
            (None, _) if FILLERS.contains(&word) => {}
            (None, _) if first && SHORT_DAYS.contains(&word) => {}
            _ => return None,
        }
        first = false;
    };
    let rest: Vec<&str> = words.collect();
    if !rest.iter().all(|word| is_time_word(word)) {
        return None;
    }
    Date::new(year, month?, day.unwrap_or(0))
}

/// A number, also `1st`, `2nd`, `1er`, `1º`.
fn number(word: &str) -> Option<u16> {
    let digits = word.trim_end_matches(|c: char| !c.is_ascii_digit());
    let suffix = &word[digits.len()..];
    ["", "st", "nd", "rd", "th", "er", "º", "°"]
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
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '|' | '·' | '(' | ')'))
        .all(is_time_word)
}

fn is_time_word(word: &str) -> bool {
    word.split(|c: char| c.is_ascii_digit() || matches!(c, ':' | '.' | '+' | '-' | '–'))
        .all(|letters| letters.is_empty() || TIME_WORDS.contains(&letters))
}

fn build(year: &str, month: &str, day: &str) -> Option<Date> {
    let (month, day): (u8, u8) = (month.parse().ok()?, day.parse().ok()?);
    if month == 0 {
        return None;
    }
    Date::new(year.parse().ok()?, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_many_newsrooms() {
        for (text, expected) in [
            ("2020-04-01", "2020-04-01"),
            ("2020-04-01T10:30:00Z", "2020-04-01"),
            ("2020-04-01T10:30:00.123+02:00", "2020-04-01"),
            ("2020-04-01 10:30", "2020-04-01"),
            ("2020-04", "2020-04"),
            ("2020/4/1", "2020-04-01"),
            ("20200401", "2020-04-01"),
            ("April 01, 2020", "2020-04-01"),
            ("April 1st, 2020", "2020-04-01"),
            ("1 April 2020", "2020-04-01"),
            ("Apr. 1, 2020, 10:30 a.m. EDT", "2020-04-01"),
            ("Wednesday, 1 April 2020", "2020-04-01"),
            ("Wed, 01 Apr 2020 10:00:00 +0000", "2020-04-01"),
            ("April 2020", "2020-04"),
            ("1. April 2020", "2020-04-01"),
            ("Mittwoch, den 1. April 2020, 10:30 Uhr", "2020-04-01"),
            ("3. März 2021", "2021-03-03"),
            ("01.04.2020", "2020-04-01"),
            ("1.4.2020, 18:05 Uhr", "2020-04-01"),
            ("1er avril 2020", "2020-04-01"),
            ("le 14 août 2019 à 18h05", "2019-08-14"),
            ("1 de abril de 2020", "2020-04-01"),
            ("miércoles, 1 de abril de 2020", "2020-04-01"),
            ("1 апреля 2020 г.", "2020-04-01"),
            ("2020年4月1日", "2020-04-01"),
            ("2020年4月1日 10:30", "2020-04-01"),
            ("25/12/2020", "2020-12-25"),
            ("12/25/2020", "2020-12-25"),
            ("04/04/2020", "2020-04-04"),
        ] {
            assert_eq!(
                parse(text).map(|date| date.to_string()).as_deref(),
                Some(expected),
                "{text:?}"
            );
        }
    }

    #[test]
    fn what_is_no_date_stays_none() {
        for text in [
            "",
            "04/05/2020",
            "2020",
            "April",
            "1 April",
            "In April 2020 the town",
            "2020-13-01",
            "2020-02-30",
            "May 2020 be better",
            "31 April 2020",
            "1.5 percent",
            "2020-04-01 was a Wednesday",
            "20201301",
            "12:30",
            "0000-00-00",
            "99999-01-01",
            "2020-04-01-02",
            "1/2/3/4",
        ] {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn points_in_time_are_days() {
        assert_eq!(from_epoch(1_585_735_200), Date::new(2020, 4, 1));
        assert_eq!(from_epoch(1_585_735_200_000), Date::new(2020, 4, 1));
        assert_eq!(from_epoch(i64::MAX), None);
    }
}
