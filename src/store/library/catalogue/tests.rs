//! What is written is read again, and a damaged file is an error.

use std::fs;

use proptest::prelude::*;

use super::*;
use crate::model::{ArticleId, Date};

fn record(file: u32, id: Option<&str>, place: Place) -> RowRecord {
    RowRecord {
        file,
        record: id.map(|_| 7),
        record_id: id.map(str::to_owned),
        added: Date::new(2020, 1, file as u8),
        format: "jsonl",
        has_error: file == 3,
        place,
    }
}

fn rows() -> Vec<Row> {
    let line = Place::Line {
        offset: 1 << 40,
        length: 9,
        digest: u64::MAX,
    };
    let spool = Place::Spool {
        offset: 0,
        at: 70_000,
        length: 1,
    };
    let row = |number: u8, title: &str, records: Vec<RowRecord>| Row {
        id: ArticleId::from_bytes([number; 16]),
        title: title.to_owned(),
        title_cut: false,
        has_title: number.is_multiple_of(2),
        date: Date::new(2020, number % 13, 0),
        lang: (number > 1).then(|| "de".to_owned()),
        site_name: Some("example.org".to_owned()),
        author: (number == 2).then(|| " ".to_owned()),
        url: (number > 2).then(|| format!("https://www.example.org/{number}?a")),
        words: u32::from(number) * 100,
        records,
    };
    vec![
        row(9, "Über uns", vec![record(0, None, Place::File)]),
        row(1, "", vec![record(1, Some("a"), line)]),
        row(
            2,
            &"ä".repeat(300),
            vec![record(1, Some("b"), line), record(3, Some("c"), spool)],
        ),
        row(3, "zuletzt", vec![record(2, Some("a"), spool)]),
    ]
}

fn written() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("catalogue");
    let mut writer = CatalogueWriter::create(&path, 100).unwrap();
    for row in &rows() {
        writer.add(row).unwrap();
    }
    writer.extra(17, &record(4, Some("late"), Place::File));
    writer.finish().unwrap();
    (folder, path)
}

/// A row as it comes back: its title may be cut.
fn kept(row: &Row) -> Row {
    let title = row::cut(&row.title).to_owned();
    Row {
        title_cut: title.len() < row.title.len(),
        title,
        ..row.clone()
    }
}

#[test]
fn rows_and_columns_come_back() {
    let (_folder, path) = written();
    let catalogue = Catalogue::open(&path).unwrap();
    assert_eq!((catalogue.first(), catalogue.rows()), (100, 4));
    let rows = rows();
    let mut walked = Vec::new();
    catalogue
        .walk(|at, row| {
            assert_eq!(at as usize, walked.len());
            walked.push(row);
            true
        })
        .unwrap();
    assert_eq!(walked, rows.iter().map(kept).collect::<Vec<_>>());
    for (at, row) in (0..).zip(&rows) {
        assert_eq!(catalogue.row(at).unwrap(), kept(row));
        assert_eq!(catalogue.find(row.id).unwrap(), Some(at));
        assert_eq!(
            catalogue.title_keys().unwrap()[at as usize],
            title_key(&row.title)
        );
    }
    assert!(catalogue.row(4).is_err());
    assert_eq!(
        catalogue.find(ArticleId::from_bytes([4; 16])).unwrap(),
        None
    );
    let ids = catalogue.ids().unwrap();
    assert_eq!(ids.iter().map(|it| it.1).collect::<Vec<_>>(), [1, 2, 3, 0]);
    let column = |column| catalogue.column(column).unwrap().to_vec();
    assert_eq!(column(Column::Words), [900, 100, 200, 300]);
    assert_eq!(column(Column::Copies), [1, 1, 2, 1]);
    assert_eq!(column(Column::Files), [0, 1, 1, 2]);
    let dates: Vec<_> = column(Column::Dates).into_iter().map(unpack).collect();
    assert_eq!(dates, rows.iter().map(|row| row.date).collect::<Vec<_>>());
    let flags = column(Column::Flags);
    assert_eq!(flags[0], flags::URL | flags::LANG);
    assert_eq!(
        flags[2],
        flags::TITLE | flags::ERROR | flags::TITLE_CUT | flags::LANG
    );
    assert_eq!(catalogue.more_files().unwrap(), [2, 3]);
    let langs = catalogue.names(Dictionary::Langs).unwrap();
    assert_eq!((langs.of(1), langs.of(3)), (None, Some("de")));
    let authors = catalogue.names(Dictionary::Authors).unwrap();
    assert_eq!((authors.of(0), authors.of(2)), (None, Some(" ")));
    assert_eq!(catalogue.with_record_id("a").unwrap(), [1, 3]);
    assert!(catalogue.with_record_id("nobody").unwrap().is_empty());
    let late = record(4, Some("late"), Place::File);
    assert_eq!(catalogue.extra().unwrap(), [(17, late)]);
}

#[test]
fn packed_dates_are_in_the_order_of_dates() {
    let mut dates = vec![None];
    for (year, month, day) in [
        (0, 0, 0),
        (1999, 0, 0),
        (1999, 1, 0),
        (1999, 1, 31),
        (9999, 12, 31),
    ] {
        dates.push(Date::new(year, month, day));
    }
    let packed: Vec<u32> = dates.iter().map(|date| pack(*date)).collect();
    assert!(packed.is_sorted_by(|a, b| a < b), "{packed:?}");
    assert_eq!(packed.into_iter().map(unpack).collect::<Vec<_>>(), dates);
}

#[test]
fn keys_of_titles_are_in_the_order_of_titles() {
    let titles = [
        "",
        "a",
        "Äb",
        "abc",
        "ZZ",
        "ﬁnal",
        "病毒",
        "bcdefghij",
        "bcdefghik",
    ];
    for a in titles {
        for b in titles {
            let keys = title_key(a).cmp(&title_key(b));
            let letters = crate::query::letters(a).cmp(crate::query::letters(b));
            assert!(keys.is_eq() || keys == letters, "{a} {b}");
        }
    }
}

/// Asks everything, and returns whether all of it was answered.
fn ask(path: &std::path::Path) -> std::io::Result<Vec<Row>> {
    let catalogue = Catalogue::open(path)?;
    let mut rows = Vec::new();
    catalogue.walk(|_, row| {
        rows.push(row);
        true
    })?;
    for at in 0..catalogue.rows() {
        catalogue.row(at)?;
    }
    catalogue.find(ArticleId::from_bytes([2; 16]))?;
    catalogue.ids()?;
    for column in [
        Column::Dates,
        Column::Added,
        Column::Words,
        Column::Copies,
        Column::Files,
        Column::Flags,
    ] {
        catalogue.column(column)?;
    }
    catalogue.title_keys()?;
    for names in [
        Dictionary::Langs,
        Dictionary::Sites,
        Dictionary::Authors,
        Dictionary::Formats,
    ] {
        catalogue.names(names)?;
    }
    catalogue.more_files()?;
    catalogue.with_record_id("a")?;
    catalogue.extra()?;
    Ok(rows)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn a_damaged_file_is_an_error(flips in prop::collection::vec((any::<prop::sample::Index>(), 1u8..), 1..4), cut in any::<Option<prop::sample::Index>>()) {
        let (_folder, path) = written();
        let mut bytes = fs::read(&path).unwrap();
        let whole = bytes.clone();
        for (at, bits) in flips {
            let at = at.index(bytes.len());
            bytes[at] ^= bits;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if bytes != whole {
            fs::write(&path, bytes).unwrap();
            prop_assert!(ask(&path).is_err());
        }
    }
}
