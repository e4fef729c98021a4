//! The list pane: one row a group or article, versions set in below their group.

use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use crate::app::action::{Action, Context};
use crate::app::list::Row;
use crate::app::state::{Pane, Phase, State};
use crate::model::{Verdict, siglum};
use crate::text::find::{self, Needle};
use crate::text::wrap;

use super::paint::Canvas;

/// From this width on a row has room for its date.
const DATE_FROM: u16 = 44;

/// Draws the rows; gives the place of the cursor.
pub fn draw(canvas: &mut Canvas<'_>, state: &State, area: Rect) -> Position {
    let list = &state.list;
    if list.rows.is_empty() {
        nothing(canvas, state, area);
        return Position::new(area.x, area.y);
    }
    let needle = list.found.as_ref().map(|found| Needle::new(&found.needle));
    let mut version = 0;
    for (at, row) in list
        .rows
        .iter()
        .enumerate()
        .take(list.top + usize::from(area.height))
    {
        version = if row.version { version + 1 } else { 0 };
        if at < list.top {
            continue;
        }
        let y = area.y + u16::try_from(at - list.top).unwrap_or(0);
        let line = Rect {
            y,
            height: 1,
            ..area
        };
        let current = at == list.cursor;
        if current {
            let focused = state.focus == Pane::List;
            canvas.style(
                line,
                if focused {
                    canvas.theme.selection
                } else {
                    canvas.theme.selection_idle
                },
            );
            canvas.text(area.x, y, 1, canvas.signs.bar, canvas.theme.accent);
        }
        let letter = row.version.then(|| siglum(version - 1));
        draw_row(canvas, state, line, row, letter.as_deref(), needle.as_ref());
        if current {
            canvas.even(line);
        }
    }
    let y = area.y + u16::try_from(list.cursor.saturating_sub(list.top)).unwrap_or(0);
    Position::new(area.x, y.min(area.bottom().saturating_sub(1)))
}

fn draw_row(
    canvas: &mut Canvas<'_>,
    state: &State,
    line: Rect,
    row: &Row,
    letter: Option<&str>,
    needle: Option<&Needle>,
) {
    let (theme, signs, y) = (canvas.theme, canvas.signs, line.y);
    let decision = &row.hit.decision;
    if state.list.is_selected(row) {
        canvas.text(line.x + 1, y, 1, signs.selected, theme.accent);
    }
    if state
        .same_as
        .as_ref()
        .is_some_and(|(id, _)| *id == row.hit.id)
    {
        canvas.text(line.x + 1, y, 1, "=", theme.accent);
    }
    // From the right: verdict, number of versions, tags. What is left is the title's.
    let mut right = line.right().saturating_sub(1);
    let (sign, style) = match decision.verdict {
        Some(Verdict::Keep) if decision.superseded => (signs.superseded, theme.muted),
        Some(Verdict::Keep) => (signs.kept, theme.accent),
        Some(Verdict::Drop) => (signs.dropped, theme.warning),
        Some(Verdict::Skip) => (signs.skipped, theme.muted),
        None if decision.superseded => (signs.superseded, theme.muted),
        None => (" ", theme.muted),
    };
    right = canvas
        .text_right(line.x, right, y, sign, style)
        .saturating_sub(1);
    let versions = if row.is_group() {
        let fold = if row.unfolded {
            signs.unfolded
        } else {
            signs.folded
        };
        format!("{}{} {fold}", signs.times, row.hit.versions)
    } else {
        String::new()
    };
    if row.is_group() {
        right = canvas
            .text_right(line.x, right, y, &versions, theme.accent)
            .saturating_sub(1);
    }
    let tags = decision
        .tags
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(" ");
    if !tags.is_empty() {
        let tags = canvas.cut(&tags, line.width / 3);
        right = canvas
            .text_right(line.x, right, y, &tags, theme.tag)
            .saturating_sub(1);
    }
    if row.version {
        // Versions often share their title: the file tells them apart.
        let source = canvas.cut(&row.hit.source, line.width / 3);
        right = canvas
            .text_right(line.x, right, y, &source, theme.muted)
            .saturating_sub(1);
    }
    let mut x = line.x + 2;
    if line.width >= DATE_FROM {
        let date = row
            .hit
            .date
            .map_or_else(String::new, |date| date.to_string());
        canvas.text(x, y, 10, &date, theme.muted);
        x += 12;
    }
    if let Some(letter) = letter {
        x = canvas.text(x, y, 6, &format!("  {letter} "), theme.accent);
    }
    let cells = right.saturating_sub(x);
    let title = row.hit.title.as_str();
    let shown = canvas.cut(title, cells);
    let style = if decision.superseded || decision.verdict == Some(Verdict::Drop) {
        theme.muted
    } else {
        theme.body
    };
    let hits: Vec<_> = needle
        .map(|needle| {
            find::find(&shown, needle)
                .into_iter()
                .map(|range| (range, theme.matched))
                .collect()
        })
        .unwrap_or_default();
    canvas.runs((x, y), cells, &shown, 0..shown.len(), style, &hits);
}

/// What can be read, in a line.
const FORMATS: &str =
    "txt, md, html, json, jsonl, csv, parquet, warc, feeds, epub; compressed too.";

/// What a person reads who started the program with nothing to read. Where there is little room, what to type stays.
fn welcome(canvas: &mut Canvas<'_>, state: &State, area: Rect) {
    let key = |action| {
        let key = state.key_of(action, Context::List);
        key.unwrap_or("?").to_owned()
    };
    let keys = format!(
        "{} shows the keys, {} quits.",
        key(Action::Help),
        key(Action::Close)
    );
    let theme = canvas.theme;
    let whole = [
        ("Welcome to recto.", theme.title),
        ("", theme.body),
        (
            "It reads a pile of articles, finds which are versions of one another,",
            theme.body,
        ),
        ("shows what differs, and keeps what you decide.", theme.body),
        ("", theme.body),
        ("Type, in your shell:", theme.body),
        (
            "    recto FOLDER              all articles below a folder",
            theme.accent,
        ),
        (
            "    recto crawl.jsonl.gz      a file of records",
            theme.accent,
        ),
        (
            "    recto one.txt two.html    two versions of a text",
            theme.accent,
        ),
        ("", theme.body),
        (FORMATS, theme.muted),
        ("Your files are only read, never changed.", theme.muted),
        ("", theme.body),
        (keys.as_str(), theme.muted),
    ];
    let short = [
        ("Welcome to recto.", theme.title),
        ("Type, in your shell:", theme.body),
        ("  recto FOLDER", theme.accent),
        ("  recto crawl.jsonl.gz", theme.accent),
        ("  recto one.txt two.html", theme.accent),
    ];
    // Below about so many columns the lines with what to type would break.
    let fits = area.width >= 60 && usize::from(area.height) > whole.len();
    let (lines, from): (&[(&str, Style)], u16) = match fits {
        true => (&whole, (area.height / 5).min(4)),
        false if area.height > 5 => (&short, 1),
        false => (&short[2..], 0),
    };
    paragraphs(canvas, area, area.y + from, lines.iter().copied());
}

/// Writes lines, broken where they are too long, as many as there is room for; gives the line below.
fn paragraphs<'t>(
    canvas: &mut Canvas<'_>,
    area: Rect,
    mut y: u16,
    lines: impl Iterator<Item = (&'t str, Style)>,
) -> u16 {
    let room = area.width.saturating_sub(4);
    for (line, style) in lines {
        for range in wrap::wrap(line, usize::from(room)) {
            if y < area.bottom() {
                let text = line.get(range).unwrap_or_default();
                canvas.text(area.x + 2, y, room, text, style);
                y += 1;
            }
        }
    }
    y
}

/// What stands where no row does: loading, an empty collection, or a filter that nothing matches.
fn nothing(canvas: &mut Canvas<'_>, state: &State, area: Rect) {
    if state.welcome {
        return welcome(canvas, state, area);
    }
    let filter = state.key_of(Action::Filter, Context::List).unwrap_or("f");
    let changes = format!("{filter} changes it.");
    let (first, second) = match state.phase {
        Phase::Loading | Phase::Reading(_) => ("Reading…", ""),
        _ if state.is_finding() => ("…", ""),
        Phase::Open | Phase::Grouping(_) if !state.list.query.is_empty() => {
            ("No article matches this filter.", changes.as_str())
        }
        Phase::Open | Phase::Grouping(_) => ("No articles here. What recto reads:", FORMATS),
    };
    let theme = canvas.theme;
    let y = area.y + (area.height / 3).min(4);
    let lines = [(first, theme.title), (second, theme.muted)];
    let y = paragraphs(canvas, area, y, lines.into_iter());
    if state.list.query.is_empty() {
        let messages = state.messages.iter();
        let lines = messages.map(|message| (message.as_str(), theme.warning));
        paragraphs(canvas, area, y + 1, lines);
    }
}
