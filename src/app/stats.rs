//! The statistics screen: a collection in numbers, and how far a person has scrolled.

use std::sync::Arc;

use crate::store::types::Statistics;

/// The state of the screen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stats {
    /// The numbers, once they are counted.
    pub numbers: Option<Arc<Statistics>>,
    /// The first line on the screen.
    pub top: usize,
}

/// One chart of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chart {
    /// The collection in a few lines.
    Summary,
    /// How much of it is decided.
    Review,
    /// Articles over time.
    Time,
    /// Where they were published.
    Sites,
    /// Their languages.
    Languages,
    /// The formats that they were read from.
    Formats,
    /// Words an article.
    Lengths,
    /// Versions a group.
    Sizes,
    /// How much versions have in common.
    Similarity,
    /// The tags in use.
    Tags,
}

/// Lines of a chart, its frame included.
pub const CHART_HEIGHT: u16 = 10;

/// A chart is never narrower than this where two could stand side by side.
const CHART_FROM: u16 = 48;

/// Where each chart stands, in lines and columns of a page that may be longer than the screen: chart, column, line,
/// width, height.
pub fn places(width: u16) -> Vec<(Chart, u16, u16, u16, u16)> {
    let columns = (width / CHART_FROM).clamp(1, 3);
    // The one over time takes the whole width: time is long.
    let rows: [&[Chart]; 2] = [
        &[Chart::Summary, Chart::Review],
        &[
            Chart::Sites,
            Chart::Languages,
            Chart::Lengths,
            Chart::Sizes,
            Chart::Similarity,
            Chart::Formats,
            Chart::Tags,
        ],
    ];
    let mut all = Vec::new();
    let mut y = 0;
    let lay = |charts: &[Chart], columns: u16, y: &mut u16, all: &mut Vec<_>| {
        for row in charts.chunks(usize::from(columns)) {
            // Each row ends where the page does.
            let count = u16::try_from(row.len()).unwrap_or(columns);
            let edge = |at: u16| (u32::from(width) * u32::from(at) / u32::from(count)) as u16;
            for (at, chart) in (0..).zip(row) {
                let cells = edge(at + 1) - edge(at);
                all.push((*chart, edge(at), *y, cells, CHART_HEIGHT));
            }
            *y += CHART_HEIGHT;
        }
    };
    lay(rows[0], columns.min(2), &mut y, &mut all);
    all.push((Chart::Time, 0, y, width, CHART_HEIGHT));
    y += CHART_HEIGHT;
    lay(rows[1], columns, &mut y, &mut all);
    all
}

/// Lines of the whole page.
pub fn height(width: u16) -> usize {
    let places = places(width);
    let ends = places.iter().map(|(_, _, y, _, height)| y + height);
    usize::from(ends.max().unwrap_or(0))
}

impl Stats {
    /// Scrolls by lines, down for positive numbers.
    pub fn scroll(&mut self, lines: isize, width: u16, screen: usize) {
        let last = height(width).saturating_sub(screen);
        self.top = self.top.saturating_add_signed(lines).min(last);
    }
}
