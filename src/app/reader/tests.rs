//! Lines that are laid out where they are looked at are the lines of the whole text, in order.

use super::*;

fn paragraph(role: Role, text: &str) -> Paragraph {
    Paragraph {
        role,
        dimmed: false,
        text: text.to_owned(),
        inline: Vec::new(),
        columns: None,
        map: None,
    }
}

/// Short paragraphs, tables, code, and some that are cut into sections.
fn reader(measure: usize) -> Reader {
    let block = Role::Block(BlockKind::Paragraph);
    let code = Role::Block(BlockKind::Code);
    let long = "Boats were moved inland before the night, said the council. ".repeat(400);
    let mut reader = Reader {
        paragraphs: vec![
            paragraph(Role::Title, "The Storm"),
            paragraph(Role::Byline, "2 min"),
            paragraph(block, "a short one"),
            paragraph(block, &long),
            paragraph(code, &"let x = 1;\n\n    x\n".repeat(700)),
            paragraph(block, "Day | Boats"),
            paragraph(block, "Monday | 41"),
            paragraph(
                block,
                &"日本語の見出しと長い文章がここに続きます。".repeat(300),
            ),
            paragraph(Role::Raw, ""),
            paragraph(Role::Raw, &"abcdefghij".repeat(2000)),
            paragraph(block, ""),
            paragraph(Role::Block(BlockKind::Item), "12. the last words of all"),
        ],
        measure,
        ..Reader::default()
    };
    lines::columns(&mut reader.paragraphs);
    reader.sections = lines::sections(&reader.paragraphs);
    reader
}

fn all_lines(reader: &Reader) -> Vec<(At, Line)> {
    let sections = 0..reader.sections.len();
    let lines = sections.flat_map(|section| {
        let lines = reader.lines_of(section).into_iter().enumerate();
        lines.map(move |(line, it)| (At { section, line }, it))
    });
    lines.collect()
}

#[test]
fn no_word_is_lost_at_a_cut_and_none_stands_twice() {
    for measure in [20, 72] {
        let reader = reader(measure);
        assert!(
            reader.sections.len() > reader.paragraphs.len() + 6,
            "long paragraphs are cut"
        );
        for (index, paragraph) in reader.paragraphs.iter().enumerate() {
            let lines = all_lines(&reader).into_iter().map(|(_, line)| line);
            let lines = lines.filter(|line| line.paragraph == index);
            let shown: String = lines.map(|line| &paragraph.text[line.range]).collect();
            let bare = |text: &str| text.replace([' ', '\n'], "");
            assert_eq!(bare(&shown), bare(&paragraph.text), "paragraph {index}");
        }
    }
}

#[test]
fn a_cut_falls_between_words() {
    let reader = reader(72);
    let cuts = reader.sections.iter().filter(|it| it.range.start > 0);
    for section in cuts.filter(|it| reader.paragraphs[it.paragraph].text.contains(' ')) {
        let before = &reader.paragraphs[section.paragraph].text[..section.range.start];
        assert!(before.ends_with([' ', '\n']), "{before:?}");
    }
}

#[test]
fn going_up_and_down_meets_every_line() {
    let reader = reader(40);
    let all: Vec<At> = all_lines(&reader).into_iter().map(|(at, _)| at).collect();
    let last = all.len() - 1;
    for from in (0..all.len()).step_by(311) {
        for by in [0, 1, 2, 39, 400, 5_000] {
            assert_eq!(reader.below(all[from], by), all[(from + by).min(last)]);
            assert_eq!(reader.above(all[from], by), all[from.saturating_sub(by)]);
        }
    }
    for (at, _) in all_lines(&reader).into_iter().step_by(7) {
        assert_eq!(
            reader.at(reader.place_of(at)),
            at,
            "a place leads to its line"
        );
    }
}

#[test]
fn the_screen_shows_the_lines_that_belong_there() {
    let mut reader = reader(72);
    let all: Vec<Line> = all_lines(&reader).into_iter().map(|(_, it)| it).collect();
    reader.fit(72, 30);
    assert_eq!(reader.lines, all[..30]);
    reader.scroll(1, 30);
    reader.fit(72, 30);
    assert_eq!(reader.lines, all[1..31]);
    assert!(reader.percent(30) < 100);
    reader.go_to_end(30);
    reader.fit(72, 30);
    assert_eq!(reader.lines, all[all.len() - 30..]);
    assert_eq!(reader.percent(30), 100);
    // A higher pane shows more above; back at the first height the place is the same.
    let place = reader.place();
    reader.fit(72, 50);
    assert_eq!(reader.lines, all[all.len() - 50..]);
    reader.fit(72, 30);
    assert_eq!(
        (reader.place(), &reader.lines[..]),
        (place, &all[all.len() - 30..])
    );
    let mut seen = Vec::new();
    for _ in 0..20 {
        seen.push(reader.percent(30));
        reader.scroll(-200, 30);
        reader.fit(72, 30);
    }
    assert!(seen.is_sorted_by(|a, b| a >= b), "{seen:?}");
}

#[test]
fn what_is_found_is_brought_to_the_screen() {
    let mut reader = reader(72);
    reader.fit(72, 30);
    reader.find("last words", 30);
    reader.fit(72, 30);
    let found = reader.found.as_ref().expect("something is looked for");
    assert_eq!(found.hits.len(), 1);
    let shown = |line: &Line| line.paragraph == 11;
    assert!(reader.lines.iter().any(shown));
    assert_eq!(found.hits_in(11, 4..12).count(), 1);
    assert_eq!(found.hits_in(11, 0..4).count(), 0);
    assert_eq!(found.hits_in(10, 0..100).count(), 0);
}

#[test]
fn paragraphs_are_stepped_through_both_ways() {
    let mut reader = reader(72);
    reader.fit(72, 30);
    for at in [1, 2, 3, 4] {
        reader.step(true, |_| true);
        reader.fit(72, 30);
        assert_eq!(
            reader.place(),
            Place {
                paragraph: at,
                byte: 0
            }
        );
    }
    reader.scroll(5, 30);
    reader.step(false, |_| true);
    assert_eq!(
        reader.place(),
        Place {
            paragraph: 4,
            byte: 0
        }
    );
    reader.step(false, |role| role == Role::Title);
    assert!(reader.is_at_top());
}
