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
        ("Published on April 1, 2020", "2020-04-01"),
        ("Updated: 1 April 2020 at 10:30 GMT", "2020-04-01"),
        ("Last updated on Wed 1 Apr 2020 10.30 EDT", "2020-04-01"),
        (
            "April 1, 2020 | Updated: April 2, 2020, 9:00 am",
            "2020-04-01",
        ),
        ("1 April 2020 (updated 2 April 2020)", "2020-04-01"),
        ("2020-Apr-01", "2020-04-01"),
        ("2020 April 1", "2020-04-01"),
        ("the 1st of April 2020", "2020-04-01"),
        ("20200401T103000Z", "2020-04-01"),
        ("Veröffentlicht am 1. April 2020 um 10:30 Uhr", "2020-04-01"),
        ("Stand: 01.04.2020, 10:30 Uhr", "2020-04-01"),
        ("Mi., 1.4.2020", "2020-04-01"),
        ("1. Jänner 2021", "2021-01-01"),
        ("Publié le 1er avril 2020 à 18h05", "2020-04-01"),
        ("Mis à jour le 29/10/2012 à 14h03", "2012-10-29"),
        ("mercredi 1 avril 2020", "2020-04-01"),
        ("Publicado el 1 de abril de 2020 a las 10:30", "2020-04-01"),
        ("1 abr. 2020", "2020-04-01"),
        ("mercoledì 1 aprile 2020 alle ore 10:30", "2020-04-01"),
        ("1º de abril de 2020 às 10h30", "2020-04-01"),
        ("quarta-feira, 1 de abril de 2020", "2020-04-01"),
        ("woensdag 1 april 2020 om 10:30 uur", "2020-04-01"),
        ("1 kwietnia 2020 r.", "2020-04-01"),
        ("środa, 1 kwietnia 2020, godz. 10:30", "2020-04-01"),
        ("среда, 1 апреля 2020 года, 10:30 мск", "2020-04-01"),
        ("Опубликовано: 1 апреля 2020 в 10:30", "2020-04-01"),
        ("2020年04月01日10:30", "2020-04-01"),
        ("２０２０年４月１日", "2020-04-01"),
        ("发布时间：2020-04-01 10:30:00", "2020-04-01"),
        ("2020年4月1日 星期三", "2020-04-01"),
        ("2020年4月1日（水）10時30分", "2020-04-01"),
        ("2020년 4월 1일 오전 10:30", "2020-04-01"),
        ("2020. 4. 1. 10:30", "2020-04-01"),
        ("입력 2020.04.01 10:30", "2020-04-01"),
        ("1\u{a0}April\u{a0}2020", "2020-04-01"),
        ("mar. 3 mars 2020", "2020-03-03"),
        ("Mar 3, 2020", "2020-03-03"),
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
        "3 hours ago",
        "vor 3 Stunden",
        "il y a 3 heures",
        "3小时前",
        "Yesterday",
        "Updated",
        "Published on",
        "Stand der Dinge",
        "On the 2nd of May 2020 he left",
        "2020年4月1日，他离开了",
        "March 2020 Madness",
        "Date: unknown",
        "10.5.3",
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

#[test]
fn ambiguous_dates_are_told_from_none() {
    for text in [
        "03/04/2020",
        "3-4-2020",
        "Date: 03/04/2020",
        "03/04/20",
        "1.4.20",
        "03/04/2020 10:30 am",
    ] {
        assert_eq!(read(text, None), Reading::Ambiguous, "{text:?}");
        assert_eq!(parse(text), None, "{text:?}");
    }
    for text in ["31/31/2020", "40/50/2020", "13/14/2020"] {
        assert_eq!(read(text, None), Reading::None, "{text:?}");
    }
}

#[test]
fn a_language_decides_between_day_and_month() {
    for (tag, expected) in [
        ("en-US", Some("2020-03-04")),
        ("en_US", Some("2020-03-04")),
        ("en-GB", Some("2020-04-03")),
        ("de", Some("2020-04-03")),
        ("fr-CA", Some("2020-04-03")),
        ("en", None),
        ("", None),
    ] {
        let reading = read("03/04/2020", Order::of_language(tag));
        let expected = expected.map_or(Reading::Ambiguous, |date| {
            Reading::Date(parse(date).unwrap())
        });
        assert_eq!(reading, expected, "{tag}");
    }
    // What leaves no doubt needs no language.
    assert_eq!(
        read("25/12/2020", Some(Order::MonthFirst)),
        Reading::Date(Date::new(2020, 12, 25).unwrap())
    );
}

/// Ways to print a day; `{m}` is the name of its month.
const FORMS: [(usize, &[&str]); 9] = [
    (
        0,
        &[
            "{m} {d}, {y}",
            "{d} {m} {y}",
            "Published on {m} {d}, {y}, 9:05 p.m. EST",
        ],
    ),
    (1, &["{d}. {m} {y}", "den {d}. {m} {y}, 9:05 Uhr"]),
    (2, &["{d} {m} {y}", "le {d} {m} {y} à 9h05"]),
    (3, &["{d} de {m} de {y}", "el {d} de {m} de {y}"]),
    (4, &["{d} {m} {y}"]),
    (5, &["{d} de {m} de {y}"]),
    (6, &["{d} {m} {y}"]),
    (7, &["{d} {m} {y} r."]),
    (8, &["{d} {m} {y} г.", "{d} {m} {y} года, 9:05"]),
];

/// The names of the months, one language a line: English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Russian.
const NAMES: [&str; 9] = [
    "January February March April May June July August September October November December",
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
];

proptest::proptest! {
    #[test]
    fn a_printed_date_is_read_back(year in 1000_i16..=2999, month in 1_u8..=12, day in 1_u8..=31) {
        let Some(date) = Date::new(year, month, day) else {
            return Ok(());
        };
        let mut printed = vec![
            date.to_string(),
            format!("{date}T23:59:59+05:30"),
            format!("{year}{month:02}{day:02}"),
            format!("{day}.{month}.{year}"),
            format!("{year}年{month}月{day}日"),
            format!("{year}년 {month}월 {day}일"),
            format!("{year}. {month}. {day}."),
        ];
        for (language, forms) in FORMS {
            let name = NAMES[language].split(' ').nth(usize::from(month) - 1).unwrap_or_default();
            printed.extend(forms.iter().map(|form| {
                form.replace("{m}", name).replace("{d}", &day.to_string()).replace("{y}", &year.to_string())
            }));
        }
        for text in printed {
            proptest::prop_assert_eq!(read(&text, None), Reading::Date(date), "{}", text);
        }
    }

    #[test]
    fn no_text_breaks_the_reader(text in "\\PC{0,40}") {
        let _ = read(&text, Some(Order::DayFirst));
    }
}
