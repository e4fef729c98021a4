//! The first lines: what is open, how far reading and reviewing are, the names of the panes.

use ratatui::style::Style;

use crate::app::event::Progress;
use crate::app::layout::Layout;
use crate::app::state::{Pane, Phase, State};
use crate::store::types::Count;
use crate::text::width;

use super::paint::{Canvas, counted, thousands};
use super::{changes, compare, versions};

/// Cells of the bar of progress.
const BAR: u64 = 10;

/// Draws header and rule.
pub fn draw(canvas: &mut Canvas<'_>, state: &State, layout: &Layout) {
    canvas.rule(layout.rule);
    if state.stats.is_some() {
        collection(canvas, state, layout);
        let rule = layout.rule;
        canvas.label(
            1,
            rule.y,
            rule.width - 2,
            " Statistics ",
            canvas.theme.title,
        );
        return;
    }
    if let (Some(open), Some(_)) = (&state.versions, layout.versions) {
        versions::header(canvas, open, layout);
        return;
    }
    if let Some(compare) = &state.compare {
        compare::header(canvas, compare, layout);
        return;
    }
    collection(canvas, state, layout);
    if let (Some(open), Some(_)) = (&state.changes, layout.changes) {
        changes::header(canvas, open, layout);
        return;
    }
    let (rule, dot) = (layout.rule, canvas.signs.dot);
    if state.welcome {
        return;
    }
    if let Some(area) = layout.list {
        let filter = match state.list.query.as_str() {
            "" => String::new(),
            query => format!(" {dot} f: {query}"),
        };
        let style = if state.focus == Pane::List {
            canvas.theme.title
        } else {
            canvas.theme.muted
        };
        canvas.label(
            area.x + 1,
            rule.y,
            area.width.saturating_sub(2),
            &format!(" Articles{filter} "),
            style,
        );
    }
    if let (Some(area), Some(entry)) = (layout.reader, &state.reader.entry) {
        let style = if state.focus == Pane::Reader || layout.list.is_none() {
            canvas.theme.title
        } else {
            canvas.theme.muted
        };
        let mut name = String::from(" ");
        if entry.versions.len() > 1 {
            name += &format!(
                "{} of {} {dot} ",
                State::siglum(entry),
                counted(entry.versions.len() as u64, "version")
            );
        }
        name += entry.sources.first().map_or("", |source| source.format);
        if state.reader.raw {
            name += &format!(" {dot} raw");
        }
        name.push(' ');
        let left = layout.divider.map_or(1, |x| x + 2);
        let end = canvas.label(left, rule.y, rule.width.saturating_sub(left), &name, style);
        let percent = state.reader.percent(usize::from(area.height));
        let found = state.reader.found.as_ref().map(|found| {
            let at = match found.hits.is_empty() {
                true => 0,
                false => found.current + 1,
            };
            let needle = width::truncate(&found.needle, usize::from(area.width / 3));
            format!("{needle}: {at}/{}", found.hits.len())
        });
        let left = format!("{} min left", state.reader.minutes_left());
        let mut parts: Vec<String> = found.into_iter().collect();
        parts.push(format!("{percent}%"));
        parts.extend((percent < 100).then_some(left));
        // What does not fit goes whole, from the end: what was found says most.
        let room = usize::from(rule.width.saturating_sub(end + 2));
        let mut right = format!(" {} ", parts.join(&format!(" {dot} ")));
        while width::width(&right) > room && parts.pop().is_some() {
            right = format!(" {} ", parts.join(&format!(" {dot} ")));
        }
        if parts.is_empty() {
            return;
        }
        canvas.text_right(
            end + 1,
            rule.width.saturating_sub(1),
            rule.y,
            &right,
            Style::reset().patch(style),
        );
    }
}

fn collection(canvas: &mut Canvas<'_>, state: &State, layout: &Layout) {
    let (row, dot) = (layout.header, canvas.signs.dot);
    let mut left = String::new();
    if let Some(name) = &state.name {
        left += &format!("{name} {dot} ");
    }
    if state.welcome {
        canvas.text(row.x + 1, row.y, row.width, "recto", canvas.theme.accent);
        return;
    }
    let census = state.census.unwrap_or_default();
    left += &match state.phase {
        Phase::Loading => "opening".to_owned(),
        // Not yet, or it could not be counted.
        Phase::Open if state.census.is_none() => String::new(),
        Phase::Reading(_) if state.settings.reduced_motion => "reading".to_owned(),
        Phase::Reading(progress) => reading(progress, dot),
        Phase::Grouping(share) => {
            let mut text = match census.articles {
                0 => String::new(),
                articles => format!("{} {dot} ", counted(articles, "article")),
            };
            text += "looking for versions";
            if !state.settings.reduced_motion {
                text += &left_in(share.seconds_left, dot);
            }
            text
        }
        Phase::Open => counted(census.articles, "article"),
    };
    if census.groups > 0 {
        left += &format!(
            " {dot} {} in {}",
            thousands(census.versions),
            counted(census.groups, "group")
        );
    }
    let left = left.strip_suffix(&format!(" {dot} ")).unwrap_or(&left);
    let mut x = canvas.text(row.x + 1, row.y, row.width, "recto", canvas.theme.accent);
    let right = match (state.phase, census.rows) {
        (Phase::Reading(progress), _) => bar(progress.percent(), state, canvas),
        // Rows are still becoming groups: how many are reviewed is said later.
        (Phase::Grouping(share), _) => bar(Some(share.percent), state, canvas),
        (_, 0) => String::new(),
        (_, rows) => {
            let percent = census.reviewed * 100 / rows;
            format!(
                "reviewed {} of {}  {percent}% ",
                thousands(census.reviewed),
                thousands(rows)
            )
        }
    };
    x = canvas.text(
        x + 2,
        row.y,
        row.width.saturating_sub(x + 2),
        left,
        canvas.theme.body,
    );
    if usize::from(row.width) > usize::from(x) + width::width(&right) + 2 {
        canvas.text_right(x, row.width, row.y, &right, canvas.theme.muted);
    }
}

/// How far reading has come, in words.
fn reading(progress: Progress, dot: &str) -> String {
    let mut text = format!("reading {dot} {}", counted(progress.records, "article"));
    if progress.rate > 0 {
        text += &format!(
            " {dot} {} MB/s",
            thousands(progress.rate.div_ceil(1_000_000))
        );
    }
    text + &left_in(progress.seconds_left(), dot)
}

/// How long it will still take, where that can be told.
fn left_in(seconds: Option<u64>, dot: &str) -> String {
    match seconds {
        Some(seconds @ 0..=90) => format!(" {dot} {seconds} s left"),
        Some(seconds) => format!(" {dot} {} min left", seconds.div_ceil(60)),
        None => String::new(),
    }
}

/// How far it has come as a bar, where nothing moves by itself in tenths; nothing where the end is not known.
fn bar(percent: Option<u64>, state: &State, canvas: &Canvas<'_>) -> String {
    let Some(percent) = percent else {
        return String::new();
    };
    if state.settings.reduced_motion {
        return format!("{}% ", percent / 10 * 10);
    }
    let full = (percent * BAR / 100) as usize;
    let [done, left] = canvas.signs.progress;
    let left = left.repeat(BAR as usize - full);
    format!("{}{left} {percent:>3}% ", done.repeat(full))
}

/// "3 of 412", with "at least" where the count is not known yet.
pub fn place(at: usize, count: Count) -> String {
    match count {
        Count::Exact(count) => format!("{} of {}", thousands(at as u64), thousands(count)),
        Count::AtLeast(count) => {
            format!("{} of at least {}", thousands(at as u64), thousands(count))
        }
    }
}
