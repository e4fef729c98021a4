//! The statistics: what people would rather look at than read.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::symbols::bar;
use ratatui::widgets::{Bar, BarChart, LineGauge, Sparkline};

use crate::app::stats::{self, Chart, Stats};
use crate::model::Date;
use crate::store::types::Statistics;
use crate::store::types::statistics::{LENGTHS, SIMILARITIES};
use crate::text::width;

use super::paint::{Canvas, counted, short, shorter, thousands};

/// Bars where only ASCII may be drawn: half a cell and less is nothing.
const ASCII_BARS: bar::Set<'_> = bar::Set {
    full: "#",
    seven_eighths: "#",
    three_quarters: "#",
    five_eighths: "#",
    half: "#",
    three_eighths: "_",
    one_quarter: "_",
    one_eighth: "_",
    empty: " ",
};

/// Draws as much of the page as there is room for.
pub fn draw(canvas: &mut Canvas<'_>, stats: &Stats, area: Rect) {
    let Some(numbers) = &stats.numbers else {
        return;
    };
    let height = u16::try_from(stats::height(area.width)).unwrap_or(u16::MAX);
    let mut page = Buffer::empty(Rect::new(0, 0, area.width, height));
    let mut paper = Canvas::new(&mut page, canvas.theme, canvas.ascii);
    for (chart, x, y, width, height) in stats::places(area.width) {
        let (title, note) = heading(chart, numbers);
        let inside = paper.boxed(Rect::new(x, y, width, height), &title);
        let from = x + 4 + u16::try_from(width::width(&title)).unwrap_or(0);
        let note = format!(" {note} ");
        if note.trim().len() > 1 {
            let style = Style::reset().patch(canvas.theme.muted);
            let room = (x + width).saturating_sub(from + 2);
            if width::width(&note) <= usize::from(room) {
                paper.text_right(from, x + width - 2, y, &note, style);
            }
        }
        draw_chart(&mut paper, chart, numbers, inside);
    }
    let top = u16::try_from(stats.top).unwrap_or(u16::MAX);
    canvas.paste(&page, top.min(height.saturating_sub(area.height)), area);
}

/// The title of a chart, and what it does not show.
fn heading(chart: Chart, numbers: &Statistics) -> (String, String) {
    let without = |count: u64, what: &str| match count {
        0 => String::new(),
        _ => format!("{} without {what}", thousands(count)),
    };
    let (title, note) = match chart {
        Chart::Summary => ("Collection", String::new()),
        Chart::Review => ("Review", String::new()),
        Chart::Time => ("Articles over time", without(numbers.undated, "a date")),
        Chart::Sites => ("Sources", without(numbers.no_site, "one")),
        Chart::Languages => ("Languages", without(numbers.no_language, "one")),
        Chart::Formats => ("Formats", String::new()),
        Chart::Lengths => ("Words an article", String::new()),
        Chart::Sizes => ("Versions a group", String::new()),
        Chart::Similarity => ("In common with the nearest version", "%".to_owned()),
        Chart::Tags => ("Tags", String::new()),
    };
    (title.to_owned(), note)
}

fn draw_chart(canvas: &mut Canvas<'_>, chart: Chart, numbers: &Statistics, area: Rect) {
    match chart {
        Chart::Summary => summary(canvas, numbers, area),
        Chart::Review => review(canvas, numbers, area),
        Chart::Time => time(canvas, &numbers.dates, area),
        Chart::Sites => ranking(canvas, &numbers.sites, area),
        Chart::Languages => ranking(canvas, &numbers.languages, area),
        Chart::Formats => ranking(canvas, &numbers.formats, area),
        Chart::Tags => ranking(canvas, &numbers.tags, area),
        Chart::Lengths => {
            let labels = LENGTHS.iter().map(|from| short(*from));
            let bars = labels.zip(numbers.lengths).collect();
            histogram(canvas, bars, area);
        }
        Chart::Sizes => histogram(canvas, sizes(&numbers.sizes), area),
        Chart::Similarity => {
            let pairs = numbers.similarities.chunks(2).enumerate();
            let step = 100 / SIMILARITIES * 2;
            let bars = pairs.map(|(at, pair)| ((at * step).to_string(), pair.iter().sum()));
            histogram(canvas, bars.collect(), area);
        }
    }
}

fn summary(canvas: &mut Canvas<'_>, numbers: &Statistics, area: Rect) {
    let (grouped, groups) = (numbers.versions(), numbers.groups());
    let mean = numbers.words.checked_div(numbers.articles).unwrap_or(0);
    let lines = [
        ("articles", thousands(numbers.articles)),
        ("records", thousands(numbers.records)),
        ("words", thousands(numbers.words)),
        ("words an article", thousands(mean)),
        ("groups of versions", thousands(groups)),
        ("articles in them", thousands(grouped)),
        (
            "could be set aside",
            thousands(grouped - groups.min(grouped)),
        ),
        (
            "exact copies",
            thousands(numbers.records - numbers.articles.min(numbers.records)),
        ),
    ];
    let right = area.x + area.width.min(36);
    for (y, (name, value)) in (area.y..area.bottom()).zip(lines) {
        canvas.text(area.x, y, area.width, name, canvas.theme.muted);
        canvas.text_right(area.x, right, y, &value, canvas.theme.title);
    }
}

fn review(canvas: &mut Canvas<'_>, numbers: &Statistics, area: Rect) {
    let review = &numbers.review;
    let ratio = match review.rows {
        0 => 0.0,
        rows => review.reviewed as f64 / rows as f64,
    };
    let label = format!(
        "{} of {}, {:.0} %",
        thousands(review.reviewed),
        counted(review.rows, "row"),
        (ratio * 100.0).floor()
    );
    let (done, left) = if canvas.ascii {
        ("#", "-")
    } else {
        ("━", "─")
    };
    let gauge = LineGauge::default()
        .ratio(ratio.clamp(0.0, 1.0))
        .label(label)
        .filled_symbol(done)
        .unfilled_symbol(left)
        .filled_style(canvas.theme.accent)
        .unfilled_style(canvas.theme.border);
    canvas.widget(
        gauge,
        Rect {
            height: 1.min(area.height),
            ..area
        },
    );
    let parts = [
        ("kept", review.kept),
        ("dropped", review.dropped),
        ("skipped", review.skipped),
        ("set aside", review.superseded),
        ("open", review.open),
        ("tagged", review.tagged),
    ];
    let parts: Vec<(String, u64)> = parts.map(|(name, count)| (name.to_owned(), count)).into();
    let below = Rect {
        y: area.y + 2,
        height: area.height.saturating_sub(2),
        ..area
    };
    ranking(canvas, &parts, below);
}

/// A bar a name, as many as there is room for; the last line says what is left out.
fn ranking(canvas: &mut Canvas<'_>, counts: &[(String, u64)], area: Rect) {
    if counts.is_empty() {
        canvas.text(
            area.x,
            area.y,
            area.width,
            "nothing known",
            canvas.theme.muted,
        );
        return;
    }
    let lines = usize::from(area.height);
    let all = counts.len() <= lines;
    let shown = if all {
        counts.len()
    } else {
        lines.saturating_sub(1)
    };
    let names = counts
        .iter()
        .take(shown)
        .map(|(name, _)| width::width(name));
    let longest = names.max().unwrap_or(0);
    let column = u16::try_from(longest)
        .unwrap_or(u16::MAX)
        .min(area.width * 2 / 5);
    let most = counts
        .iter()
        .map(|(_, count)| *count)
        .max()
        .unwrap_or(1)
        .max(1);
    let bars = area.width.saturating_sub(column + 2 + 10);
    for (y, (name, count)) in (area.y..area.bottom()).zip(counts.iter().take(shown)) {
        canvas.text(area.x, y, column, name, canvas.theme.body);
        let eighths = u64::from(bars) * 8 * count / most;
        let bar = bar_of(eighths.max(u64::from(*count > 0)), canvas.ascii);
        let end = canvas.text(area.x + column + 2, y, bars + 1, &bar, canvas.theme.left);
        canvas.text(
            end + 1,
            y,
            area.right().saturating_sub(end + 1),
            &thousands(*count),
            canvas.theme.muted,
        );
    }
    if !all {
        let rest = counts.iter().skip(shown);
        let more = format!(
            "{} more with {}",
            thousands((counts.len() - shown) as u64),
            thousands(rest.map(|(_, count)| count).sum())
        );
        let y = area.bottom().saturating_sub(1);
        canvas.text(area.x, y, area.width, &more, canvas.theme.muted);
    }
}

/// A horizontal bar.
fn bar_of(eighths: u64, ascii: bool) -> String {
    const PARTS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let (whole, part) = (eighths / 8, usize::try_from(eighths % 8).unwrap_or(0));
    let whole = usize::try_from(whole).unwrap_or(0);
    match ascii {
        true => "#".repeat(whole + usize::from(part > 3 || whole == 0 && part > 0)),
        false => "█".repeat(whole) + PARTS[part],
    }
}

fn bars_of(canvas: &Canvas<'_>) -> bar::Set<'static> {
    if canvas.ascii {
        ASCII_BARS
    } else {
        bar::NINE_LEVELS
    }
}

/// Upright bars with a label below each and its number in or over it.
fn histogram(canvas: &mut Canvas<'_>, bars: Vec<(String, u64)>, area: Rect) {
    let count = u16::try_from(bars.len().max(1)).unwrap_or(1);
    let each = (area.width / count).clamp(2, 8);
    let gap = u16::from(each > 3);
    let most = bars
        .iter()
        .map(|(_, count)| *count)
        .max()
        .unwrap_or(0)
        .max(1);
    let theme = canvas.theme;
    // The number stands on a line of its own over all bars: inside of a small bar it could not be read.
    let (top, rest) = (
        area.y,
        Rect {
            y: area.y + 1,
            height: area.height.saturating_sub(2),
            ..area
        },
    );
    let drawn: Vec<Bar<'_>> = bars
        .iter()
        .map(|(_, count)| Bar::default().value(*count).text_value(""))
        .collect();
    let chart = BarChart::vertical(drawn)
        .bar_width(each - gap)
        .bar_gap(gap)
        .bar_set(bars_of(canvas))
        .bar_style(theme.left)
        .max(most);
    canvas.widget(chart, rest);
    // A label that would touch the one before it is left out.
    let mut free = area.x;
    for (at, (label, _)) in (0..).zip(&bars) {
        let cells = u16::try_from(width::width(label)).unwrap_or(u16::MAX);
        let middle = area.x + at * each + (each - gap) / 2;
        let x = middle.saturating_sub(cells / 2).max(area.x);
        if x >= free && x + cells <= area.right() {
            let y = area.bottom().saturating_sub(1);
            free = canvas.text(x, y, cells, label, theme.muted) + 1;
        }
    }
    for (at, (_, count)) in (0..).zip(&bars) {
        let x = area.x + at * each;
        if *count > 0 && x + each <= area.right() + 1 {
            let text = Some(short(*count)).filter(|it| it.len() < usize::from(each));
            let text = text.unwrap_or_else(|| shorter(*count));
            canvas.text(x, top, each, &text, theme.title);
        }
    }
}

/// Groups by size: one class each up to ten versions, then doubling.
fn sizes(sizes: &[(u64, u64)]) -> Vec<(String, u64)> {
    const FROM: [u64; 12] = [1, 2, 3, 4, 5, 6, 8, 11, 21, 51, 101, 1_001];
    let mut bars: Vec<(String, u64)> = FROM
        .iter()
        .enumerate()
        .map(|(at, from)| match FROM.get(at + 1) {
            Some(next) if next - from == 1 => (from.to_string(), 0),
            Some(_) | None => (format!("{}+", short(*from)), 0),
        })
        .collect();
    for (size, count) in sizes {
        let class = FROM.partition_point(|from| from <= size).saturating_sub(1);
        if let Some((_, sum)) = bars.get_mut(class) {
            *sum += count;
        }
    }
    let last = bars.iter().rposition(|(_, count)| *count > 0).unwrap_or(0);
    bars.truncate(last.max(3) + 1);
    bars
}

/// Articles over time, in spans that fill the width: days, months or years, several in one where there are many.
fn time(canvas: &mut Canvas<'_>, dates: &[(Date, u64)], area: Rect) {
    let (Some((first, _)), Some((last, _))) = (dates.first(), dates.last()) else {
        canvas.text(
            area.x,
            area.y,
            area.width,
            "no article has a date",
            canvas.theme.muted,
        );
        return;
    };
    let room = i64::from(area.width.max(1));
    let unit = [Unit::Day, Unit::Month, Unit::Year]
        .into_iter()
        .find(|unit| unit.of(*last) - unit.of(*first) < room)
        .unwrap_or(Unit::Year);
    let (from, to) = (unit.of(*first), unit.of(*last));
    let spans = to - from + 1;
    let a_bar = spans.div_euclid(room) + i64::from(spans % room > 0);
    let bars = usize::try_from((spans + a_bar - 1) / a_bar).unwrap_or(1);
    // A few bars need not be as wide as the screen.
    let wide = usize::from(area.width).min(bars * 12);
    let mut counts = vec![0_u64; bars];
    for (date, count) in dates {
        let at = usize::try_from((unit.of(*date) - from) / a_bar).unwrap_or(0);
        if let Some(sum) = counts.get_mut(at) {
            *sum += count;
        }
    }
    let most = counts.iter().copied().max().unwrap_or(0);
    let data: Vec<u64> = (0..wide)
        .filter_map(|cell| counts.get(cell * bars / wide).copied())
        .collect();
    let chart = Rect {
        height: area.height.saturating_sub(2),
        y: area.y + 1,
        ..area
    };
    let line = Sparkline::default()
        .data(&data)
        .max(most.max(1))
        .bar_set(bars_of(canvas))
        .style(canvas.theme.left);
    canvas.widget(line, chart);
    let what = match (unit, a_bar) {
        (Unit::Day, 1) => "day".to_owned(),
        (Unit::Month, 1) => "month".to_owned(),
        (Unit::Year, 1) => "year".to_owned(),
        (_, years) => format!("{years} years"),
    };
    let most = format!("at most {} a {what}", thousands(most));
    canvas.text(area.x, area.y, area.width, &most, canvas.theme.muted);
    let y = area.bottom().saturating_sub(1);
    let wide = u16::try_from(data.len())
        .unwrap_or(area.width)
        .min(area.width);
    let left = canvas.text(area.x, y, area.width, &unit.name(from), canvas.theme.muted);
    let right = unit.name(to);
    let end = (area.x + wide).max(left + 1 + u16::try_from(right.len()).unwrap_or(0));
    if to > from && end <= area.right() {
        canvas.text_right(left + 1, end, y, &right, canvas.theme.muted);
    }
}

/// What a bar over time stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Day,
    Month,
    Year,
}

impl Unit {
    /// The number of a date's span, counted from the year 0; a date that is less precise stands at its beginning.
    fn of(self, date: Date) -> i64 {
        let (year, month) = (i64::from(date.year()), i64::from(date.month().unwrap_or(1)));
        match self {
            Self::Year => year,
            Self::Month => year * 12 + month - 1,
            // Months of 31 days: a bar that no day falls into is drawn as an empty day, which does no harm.
            Self::Day => (year * 12 + month - 1) * 31 + i64::from(date.day().unwrap_or(1)) - 1,
        }
    }

    /// What is written below the bar.
    fn name(self, span: i64) -> String {
        match self {
            Self::Year => span.to_string(),
            Self::Month => format!("{:04}-{:02}", span / 12, span % 12 + 1),
            Self::Day => format!("{}-{:02}", Self::Month.name(span / 31), span % 31 + 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_named_by_their_dates() {
        let date = Date::new(2026, 7, 9).expect("a day");
        for (unit, name) in [
            (Unit::Day, "2026-07-09"),
            (Unit::Month, "2026-07"),
            (Unit::Year, "2026"),
        ] {
            assert_eq!(unit.name(unit.of(date)), name);
        }
    }

    #[test]
    fn groups_fall_into_classes_by_size() {
        let bars = sizes(&[(1, 5), (2, 3), (7, 2), (2_000, 1)]);
        let of = |label: &str| {
            bars.iter()
                .find(|(name, _)| name == label)
                .map(|(_, count)| *count)
        };
        assert_eq!(of("1"), Some(5));
        assert_eq!(of("2"), Some(3));
        assert_eq!(of("6+"), Some(2));
        assert_eq!(of("1k+"), Some(1));
        assert_eq!(of("3"), Some(0));
    }

    #[test]
    fn bars_grow_by_eighths() {
        assert_eq!(bar_of(0, false), "");
        assert_eq!(bar_of(12, false), "█▌");
        assert_eq!(bar_of(1, true), "#");
        assert_eq!(bar_of(12, true), "##");
    }
}
