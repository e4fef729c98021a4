//! Both ends of a list that is longer than what is asked for at a time.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use crate::stage::Stage;

/// Rows of the list.
const ROWS: usize = 450;

/// Numbers that look random and are the same in every run (xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }
}

/// Articles that have nothing in common, but for one in forty that has a second version; one a month, the newest first
/// in the list: row 1 is "Report 450".
fn months(home: &Path) -> [PathBuf; 1] {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let mut lines = String::new();
    for number in 1..=ROWS {
        let mut words = || {
            let word = |_| -> String {
                (0..4)
                    .map(|_| char::from(b'a' + dice.roll(26) as u8))
                    .collect()
            };
            (0..60).map(word).collect::<Vec<_>>().join(" ")
        };
        let (body, more) = (words(), words());
        let date = format!("{}-{:02}-15", 1950 + number / 12, number % 12 + 1);
        let bodies = [body.clone(), format!("{body}\\n\\n{}", &more[..50])];
        let versions = 1 + usize::from(number.is_multiple_of(40));
        for body in &bodies[..versions] {
            let _ = writeln!(
                lines,
                "{{\"title\":\"Report {number:03}\",\"date\":\"{date}\",\"text\":\"{body}\"}}"
            );
        }
    }
    let file = home.join("months.jsonl");
    fs::write(&file, lines).expect("a file");
    [file]
}

fn open(home: &Path) -> Stage {
    Stage::open(&months(home), home, 100, 24)
}

/// The rows that are there stand in the list one behind the other, and the cursor on the one that the footer says.
#[track_caller]
fn check(stage: &Stage) {
    let list = &stage.state().list;
    let number = |title: &str| title[7..].parse::<usize>().expect("a report");
    let rows = list.rows.iter().filter(|row| !row.version);
    let rows: Vec<usize> = rows.map(|row| number(&row.hit.title)).collect();
    let expected: Vec<usize> = (rows[rows.len() - 1]..=rows[0]).rev().collect();
    assert_eq!(rows, expected);
    let current = list.current().expect("a row");
    assert_eq!(list.place(), ROWS + 1 - number(&current.hit.title));
    assert!(list.top <= list.cursor, "{} {}", list.top, list.cursor);
}

#[test]
fn the_last_row_is_one_key_away_and_so_is_the_first() {
    let home = tempfile::tempdir().expect("a folder");
    let mut stage = open(home.path());
    stage.shows("1 of 450").press("G").shows("450 of 450");
    stage.shows("Report 001").press("k k k").shows("447 of 450");
    assert!(stage.state().list.rows.len() < ROWS);
    stage.press("g g").shows("1 of 450").shows("Report 450");
    stage.press("G G").shows("450 of 450");
}

#[test]
fn decisions_at_the_end_leave_the_cursor_there() {
    let home = tempfile::tempdir().expect("a folder");
    let mut stage = open(home.path());
    stage.press("G k x");
    assert_eq!(stage.state().list.place(), ROWS);
    check(&stage);
    stage.press("u R k j");
    assert!(stage.state().list.place() >= ROWS - 1);
    check(&stage);
}

#[test]
fn the_next_time_one_is_near_the_end_again() {
    let home = tempfile::tempdir().expect("a folder");
    let files = months(home.path());
    let mut stage = Stage::open_kept(&files, home.path(), 100, 24);
    stage.press("G k k").shows("448 of 450");
    stage.quit();
    let again = Stage::open_kept(&files, home.path(), 100, 24);
    assert_eq!(again.state().list.place(), 448);
    assert!(again.state().list.rows.len() < ROWS);
    check(&again);
}

#[test]
fn wherever_one_goes_the_rows_are_those_of_the_list() {
    let home = tempfile::tempdir().expect("a folder");
    let mut stage = open(home.path());
    let mut dice = Dice(20_261_124);
    for _ in 0..400 {
        let keys = ["j", "k", "^d", "^u", "l", "h", "G", "g g", "R"];
        let weights = [4, 4, 12, 12, 3, 2, 1, 1, 1];
        let mut at = dice.roll(weights.iter().sum());
        let mut chosen = keys.iter().zip(weights);
        let key = chosen.find(|(_, weight)| match at.checked_sub(*weight) {
            Some(rest) => {
                at = rest;
                false
            }
            None => true,
        });
        stage.press(key.expect("a key").0);
        check(&stage);
    }
}
