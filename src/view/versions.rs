//! The screen of versions. Signs and letters say who differs, colour only helps.

use std::ops::Range;

use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use crate::app::compare::CellText;
use crate::app::layout::{self, Layout};
use crate::app::versions::{Line, VersionsScreen, View};
use crate::diff::versions::State as Fate;
use crate::model::{BlockKind, siglum};
use crate::store::types::Entry;
use crate::text::{clean, width};

use super::paint::{Canvas, counted};

/// What the signs of the matrix mean, from the most to the least telling.
const LEGEND: &str = " = same  ~ changed  > elsewhere  - missing  + added  · not there ";

/// Draws title, ways to look, versions, and the rule with its letters.
pub fn header(canvas: &mut Canvas<'_>, versions: &VersionsScreen, layout: &Layout) {
    let (row, theme) = (layout.header, canvas.theme);
    let mut right = row.width.saturating_sub(1);
    // Where there is no room for all, the present one says enough.
    let all = row.width >= 64;
    let named = View::ALL.into_iter().rev();
    for view in named.filter(|view| all || *view == versions.view) {
        let style = match view == versions.view {
            true => theme.accent,
            false => theme.muted,
        };
        right = canvas
            .text_right(row.width / 2, right, row.y, view.name(), style)
            .saturating_sub(3);
    }
    let collated = &versions.collated;
    let base = collated.versions.get(collated.found.base);
    let title = collated.versions.iter().chain(base).find_map(|entry| {
        let title = entry.article.meta.title.as_deref();
        title.filter(|title| !title.trim().is_empty())
    });
    let title = title.or(base.map(|entry| entry.article.shown_title()));
    canvas.text(
        1,
        row.y,
        right.saturating_sub(1),
        title.unwrap_or_default(),
        theme.title,
    );
    canvas.rule(layout.rule);
    if let Some(row) = layout.summary {
        names(canvas, versions, row);
    }
    let rule = layout.rule;
    match versions.view {
        View::Apparatus => {
            let places = counted(collated.places.len() as u64, "place");
            let coarse = if collated.found.coarse {
                ", coarse: too much text to compare every word"
            } else {
                ""
            };
            let label = format!(" {places} where words differ{coarse} ");
            canvas.label(1, rule.y, rule.width.saturating_sub(2), &label, theme.title);
        }
        View::Matrix => {
            let mut x = layout::versions_margin(versions);
            for version in window(versions, rule.width) {
                let letter = siglum(version);
                canvas.label(x, rule.y, 2, &letter, style_of(canvas, versions, version));
                x += column(versions);
            }
            canvas.text_right(
                x + 1,
                rule.width.saturating_sub(1),
                rule.y,
                &canvas.in_ascii(LEGEND),
                Style::reset().patch(theme.muted),
            );
        }
        View::Sides => {
            let cells = rule.width / u16::try_from(versions.columns.len().max(1)).unwrap_or(1);
            for (x, (version, _)) in (0..).map(|at| at * cells).zip(&versions.columns) {
                if let Some(entry) = collated.versions.get(*version) {
                    let label = format!(" {} ", name(*version, entry));
                    let style = style_of(canvas, versions, *version);
                    canvas.label(x + 1, rule.y, cells.saturating_sub(2), &label, style);
                }
            }
        }
    }
}

/// Who is who: a letter, the file, and how long it is. The chosen one stands in the window, however many there are.
fn names(canvas: &mut Canvas<'_>, versions: &VersionsScreen, row: Rect) {
    let all = versions.collated.versions.iter().enumerate();
    let labels: Vec<(usize, String)> = all
        .map(|(at, entry)| {
            let words = versions.collated.words.get(at).copied().unwrap_or(0);
            let words = counted(words as u64, "word");
            let name = name(at, entry);
            let base = if at == versions.collated.found.base {
                ", base"
            } else {
                ""
            };
            (at, format!("{name} ({words}{base})"))
        })
        .collect();
    let room = usize::from(row.width.saturating_sub(2));
    let cells = |label: &str| width::width(label) + 3;
    let up_to_chosen: usize = labels
        .iter()
        .take(versions.chosen + 1)
        .map(|(_, label)| cells(label))
        .sum();
    let from = if up_to_chosen > room {
        versions.chosen
    } else {
        0
    };
    let mut x = 1;
    for (at, label) in labels.iter().skip(from) {
        if x >= row.width {
            break;
        }
        if *at == versions.chosen {
            canvas.text(
                x.saturating_sub(1),
                row.y,
                1,
                canvas.signs.bar,
                canvas.theme.accent,
            );
        }
        let style = style_of(canvas, versions, *at);
        x = canvas.text(x, row.y, row.width.saturating_sub(x), label, style) + 3;
    }
}

/// The letter of a version and the file that it was read from.
fn name(at: usize, entry: &Entry) -> String {
    let path = entry.sources.first().map(|source| &source.path);
    let file = path.map_or_else(String::new, |path| {
        let name = path.file_name().unwrap_or(path.as_os_str());
        clean::line(&name.to_string_lossy()).to_string()
    });
    let record = entry.sources.first().and_then(|source| source.record);
    let record = record.map_or_else(String::new, |record| format!(" {record}"));
    format!("{} {file}{record}", siglum(at))
}

fn style_of(canvas: &Canvas<'_>, versions: &VersionsScreen, version: usize) -> Style {
    let theme = canvas.theme;
    if version == versions.collated.found.base {
        theme.left
    } else if version == versions.chosen {
        theme.right.patch(theme.title)
    } else {
        theme.muted
    }
}

/// Cells of a column of the matrix.
fn column(versions: &VersionsScreen) -> u16 {
    let last = siglum(versions.collated.versions.len().saturating_sub(1));
    u16::try_from(last.len()).unwrap_or(1) + 1
}

/// The versions that the matrix has room for, the chosen one among them.
fn window(versions: &VersionsScreen, width: u16) -> Range<usize> {
    let all = versions.collated.versions.len();
    let room = width.saturating_sub(layout::versions_margin(versions) + 16) / column(versions);
    let room = usize::from(room).clamp(1, all);
    let from = (versions.chosen + 1).saturating_sub(room).min(all - room);
    from..from + room
}

/// Draws the rows; gives the place of the cursor.
pub fn draw(canvas: &mut Canvas<'_>, versions: &VersionsScreen, area: Rect) -> Position {
    let mut cursor = Position::new(area.x, area.y);
    if versions.is_empty() {
        let text = "Word for word the same: these versions differ in layout or typography only.";
        canvas.text(
            area.x + 2,
            area.y + 1,
            area.width.saturating_sub(3),
            text,
            canvas.theme.body,
        );
        return cursor;
    }
    let lines = versions.lines.iter().skip(versions.top);
    let mut found = false;
    for (y, line) in (area.y..area.bottom()).zip(lines) {
        let blank = !line.first && line.ranges.is_empty();
        if line.row == versions.cursor && !blank {
            canvas.text(area.x, y, 1, canvas.signs.bar, canvas.theme.accent);
            if !found {
                cursor.y = y;
                found = true;
            }
        }
        match versions.view {
            View::Apparatus => apparatus(canvas, versions, line, area, y),
            View::Matrix => matrix(canvas, versions, line, area, y),
            View::Sides => sides(canvas, versions, line, area, y),
        }
    }
    cursor
}

/// The number of a paragraph, at the right of the margin.
fn number(canvas: &mut Canvas<'_>, versions: &VersionsScreen, number: Option<usize>, y: u16) {
    let margin = layout::versions_margin(versions);
    let text = number.map_or_else(
        || "+".to_owned(),
        |number| format!("{}{number}", canvas.signs.paragraph),
    );
    canvas.text_right(1, margin.saturating_sub(1), y, &text, canvas.theme.muted);
}

fn apparatus(canvas: &mut Canvas<'_>, versions: &VersionsScreen, line: &Line, area: Rect, y: u16) {
    let (Some(place), Some(Some(range))) =
        (versions.collated.places.get(line.row), line.ranges.first())
    else {
        return;
    };
    let places = &versions.collated.places;
    let said = line
        .row
        .checked_sub(1)
        .and_then(|before| places.get(before));
    if line.first && said.is_none_or(|before| before.paragraph != place.paragraph) {
        number(canvas, versions, Some(place.paragraph), y);
    }
    let theme = canvas.theme;
    let mut runs: Vec<(Range<usize>, Style)> = Vec::new();
    for (reading, letters) in place.readings.iter().zip(&place.letters) {
        let style = match reading.versions.contains(&versions.chosen) {
            true => theme.right.patch(theme.title),
            false => theme.muted,
        };
        runs.push((letters.clone(), style));
    }
    if let Some(first) = place.letters.first() {
        let end = first.start.saturating_sub(1);
        runs.insert(0, (0..end, theme.title));
    }
    let margin = layout::versions_margin(versions);
    canvas.runs(
        (area.x + margin, y),
        area.width.saturating_sub(margin),
        &place.text,
        range.clone(),
        theme.body,
        &runs,
    );
    canvas.to_ascii(Rect::new(area.x, y, area.width, 1));
}

fn matrix(canvas: &mut Canvas<'_>, versions: &VersionsScreen, line: &Line, area: Rect, y: u16) {
    let Some(row) = versions.collated.rows.get(line.row) else {
        return;
    };
    number(canvas, versions, row.number, y);
    let theme = canvas.theme;
    let mut x = area.x + layout::versions_margin(versions);
    for version in window(versions, area.width) {
        let fate = row.states.get(version).copied().unwrap_or(Fate::Absent);
        let style = match fate {
            Fate::Same | Fate::Absent => theme.muted,
            Fate::Changed => theme.accent,
            Fate::Moved => theme.moved,
            Fate::Missing => theme.left,
            Fate::Added => theme.right,
        };
        let sign = canvas.in_ascii(fate.sign());
        canvas.text(x, y, 1, &sign, style);
        x += column(versions);
    }
    let style = match (row.differs(), row.kind) {
        (true, Some(BlockKind::Title | BlockKind::Heading(_))) => theme.title,
        (true, _) => theme.body,
        (false, _) => theme.muted,
    };
    canvas.text(
        x + 1,
        y,
        area.right().saturating_sub(x + 2),
        &row.words,
        style,
    );
}

fn sides(canvas: &mut Canvas<'_>, versions: &VersionsScreen, line: &Line, area: Rect, y: u16) {
    let count = u16::try_from(versions.columns.len().max(1)).unwrap_or(1);
    let cells = area.width / count;
    for (at, (version, texts)) in (0..count).zip(&versions.columns) {
        let x = area.x + at * cells;
        if at > 0 {
            canvas.vertical(x.saturating_sub(1), y);
        }
        let fate = versions
            .collated
            .rows
            .get(line.row)
            .and_then(|row| row.states.get(*version));
        let is_base = *version == versions.collated.found.base;
        let (side, words) = match is_base {
            true => (canvas.theme.left, canvas.theme.left_changed),
            false => (canvas.theme.right, canvas.theme.right_changed),
        };
        if line.first {
            let sign = match fate {
                Some(Fate::Same) | None => " ",
                Some(fate) if !is_base => fate.sign(),
                Some(_) => " ",
            };
            let sign = canvas.in_ascii(sign);
            canvas.text(x + 1, y, 1, &sign, side);
        }
        let text: Option<&CellText> = texts.get(line.row).and_then(Option::as_ref);
        if let (Some(cell), Some(Some(range))) = (text, line.ranges.get(usize::from(at))) {
            let whole = fate == Some(&Fate::Added);
            let style = if whole { side } else { words };
            let marks: Vec<_> = cell
                .marks
                .iter()
                .map(|(range, _)| (range.clone(), style))
                .collect();
            let room = cells.saturating_sub(4);
            canvas.runs(
                (x + 3, y),
                room,
                &cell.text,
                range.clone(),
                canvas.theme.body,
                &marks,
            );
        }
    }
}

/// Where one is: "place 3 of 12".
pub fn status(versions: &VersionsScreen) -> String {
    let what = match versions.view {
        View::Apparatus => "place",
        View::Matrix | View::Sides => "paragraph",
    };
    let chosen = siglum(versions.chosen);
    match versions.len() {
        0 => "the same words".to_owned(),
        len => format!(
            "{what} {} of {len}, {chosen} is chosen",
            versions.cursor + 1
        ),
    }
}
