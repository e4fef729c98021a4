//! The list pane: rows of groups that unfold into their versions, the filter, the selection.

use std::collections::BTreeSet;

use super::personal::asks_for_selected;
use crate::model::{ArticleId, Decision};
use crate::store::types::{Count, Cursor, Edge, Hit, Page};
use crate::text::find::{self, Needle};

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What it shows.
    pub hit: Hit,
    /// A version under its group's row.
    pub version: bool,
    /// Its versions stand below it.
    pub unfolded: bool,
}

impl Row {
    /// Says whether the row stands for a whole group.
    pub fn is_group(&self) -> bool {
        !self.version && self.hit.versions > 1
    }
}

/// What `/` found among the titles of the rows that have arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundRows {
    /// The words looked for.
    pub needle: String,
    /// The rows, in order.
    pub rows: Vec<usize>,
    /// The one that the cursor was sent to.
    pub current: usize,
}

/// What was chosen before a filter was typed.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    /// The filter then.
    pub query: String,
    /// Articles chosen by hand.
    pub rows: BTreeSet<ArticleId>,
    /// Every hit of the filter was chosen.
    pub all: bool,
}

/// The state of the list pane.
#[derive(Clone, Debug, PartialEq)]
pub struct List {
    /// The rows that have arrived, in order: those at one end of the list.
    pub rows: Vec<Row>,
    /// Which end that is.
    pub from: Edge,
    /// How many rows the filter has in all, versions not counted.
    pub count: Count,
    /// The row under the cursor.
    pub cursor: usize,
    /// The first row on the screen.
    pub top: usize,
    /// The filter whose rows these are.
    pub query: String,
    /// Articles chosen by hand.
    pub selected: BTreeSet<ArticleId>,
    /// What was chosen before the filter that is being typed: it may ask for that.
    pub before: Option<Selection>,
    /// Every hit of the filter is chosen.
    pub all: bool,
    /// What `/` found among the titles.
    pub found: Option<FoundRows>,
    /// The row that was chosen last by hand.
    anchor: Option<usize>,
    /// Where the next page begins.
    next: Option<Cursor>,
    /// A page is under way.
    waiting: bool,
    /// The version that the cursor goes back to when its group is unfolded again.
    held: Option<ArticleId>,
}

impl Default for List {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            from: Edge::Top,
            count: Count::Exact(0),
            cursor: 0,
            top: 0,
            query: String::new(),
            selected: BTreeSet::new(),
            before: None,
            all: false,
            found: None,
            anchor: None,
            next: None,
            waiting: false,
            held: None,
        }
    }
}

impl List {
    /// The row under the cursor.
    pub fn current(&self) -> Option<&Row> {
        self.rows.get(self.cursor)
    }

    /// Takes a page: the first one of a filter, from that end, replaces the rows; the cursor stays on its article where
    /// that is still a hit, and goes to the end where that is another than before. Gives the groups that were unfolded
    /// and want their versions again, when the filter is the same.
    #[must_use]
    pub fn take(&mut self, mut page: Page, first: Option<(&str, Edge)>) -> Vec<ArticleId> {
        let mut unfolded = Vec::new();
        if first.map_or(self.from, |(_, from)| from) == Edge::Bottom {
            page.hits.reverse();
        }
        if let Some((query, from)) = first {
            let same = self.query == query;
            let turned = std::mem::replace(&mut self.from, from) != from;
            let held = self.current().map(|row| row.hit.id);
            let is_hit = |id: &ArticleId| page.hits.iter().any(|hit| hit.id == *id);
            if same {
                let rows = self.rows.iter().filter(|row| row.unfolded);
                unfolded.extend(rows.map(|row| row.hit.id));
                let groups = page.hits.iter().filter(|hit| hit.versions > 1);
                let groups: BTreeSet<ArticleId> = groups.map(|hit| hit.id).collect();
                unfolded.retain(|id| groups.contains(id));
            } else {
                let before = Selection {
                    query: self.query.clone(),
                    rows: std::mem::take(&mut self.selected),
                    all: std::mem::take(&mut self.all),
                };
                let before = self.before.get_or_insert(before);
                if asks_for_selected(query) || before.query == query {
                    self.selected.clone_from(&before.rows);
                    self.all = before.all;
                }
            }
            // A version stands in no page: until its group is unfolded again, the cursor waits on that one.
            let group = self.rows.get(..=self.cursor).unwrap_or_default();
            let group = group.iter().rev().find(|row| !row.version);
            let group = group.map(|row| row.hit.id).filter(|_| same);
            self.held = held.filter(|id| same && !is_hit(id));
            let at = |id: ArticleId| page.hits.iter().position(|hit| hit.id == id);
            let before = self.rows.iter().take(self.cursor);
            let before = before.filter(|row| !row.version).count();
            let last = page.hits.len().saturating_sub(1);
            let cursor = held.and_then(at).or_else(|| group.and_then(at));
            let offset = self.cursor.saturating_sub(self.top);
            let above_last = self.rows.len().saturating_sub(self.cursor + 1);
            (self.cursor, self.top) = match (same, turned, from) {
                // The row under the cursor stays where it is on the screen.
                (true, false, _) => {
                    let cursor = cursor.unwrap_or(before.min(last));
                    (cursor, cursor.saturating_sub(offset))
                }
                // Since it was sent to that end, it may have gone on.
                (true, true, Edge::Bottom) => (last.saturating_sub(above_last), last),
                (true, true, Edge::Top) => (self.cursor.min(last), 0),
                (false, ..) => (cursor.unwrap_or(0), 0),
            };
            if turned {
                self.held = None;
            }
            query.clone_into(&mut self.query);
            self.rows.clear();
            self.found = None;
            self.anchor = None;
        }
        let rows = page.hits.into_iter().map(|hit| Row {
            hit,
            version: false,
            unfolded: false,
        });
        match self.from {
            Edge::Top => self.rows.extend(rows),
            Edge::Bottom => {
                let before = self.rows.len();
                self.rows.splice(..0, rows);
                if first.is_none() {
                    self.moved_down(self.rows.len() - before);
                }
            }
        }
        self.count = page.count;
        self.next = page.next;
        self.waiting = false;
        unfolded
    }

    /// Rows arrived above all others.
    fn moved_down(&mut self, by: usize) {
        self.cursor += by;
        self.top += by;
        self.anchor = self.anchor.map(|row| row + by);
        let found = self.found.iter_mut().flat_map(|found| &mut found.rows);
        found.for_each(|row| *row += by);
    }

    /// Says whether the rows at that end have arrived.
    pub fn has(&self, edge: Edge) -> bool {
        self.from == edge || self.next.is_none()
    }

    /// Which row of the list the cursor stands on, from 1; versions are not counted.
    pub fn place(&self) -> usize {
        let (Count::Exact(count) | Count::AtLeast(count)) = self.count;
        match self.from {
            Edge::Top if self.rows.is_empty() => 0,
            Edge::Top => self.depth() + 1,
            Edge::Bottom => (count as usize).saturating_sub(self.depth()),
        }
    }

    /// How many rows lie between the cursor and the end of the list that the rows are at; versions are not counted.
    pub fn depth(&self) -> usize {
        let groups = |rows: &[Row]| rows.iter().filter(|row| !row.version).count();
        let behind = groups(self.rows.get(self.cursor + 1..).unwrap_or_default());
        match self.from {
            Edge::Top => groups(&self.rows).saturating_sub(behind + 1),
            Edge::Bottom => behind,
        }
    }

    /// The row that a list which grows must not lose: the one under the cursor, or that of its group.
    pub fn kept(&self) -> Option<ArticleId> {
        let rows = self.rows.get(..=self.cursor)?;
        rows.iter().rfind(|row| !row.version).map(|row| row.hit.id)
    }

    /// Goes to the first row.
    pub fn to_top(&mut self) {
        (self.cursor, self.top, self.held) = (0, 0, None);
    }

    /// Where to go on when the cursor comes near the last row that arrived; asks once.
    pub fn wants_more(&mut self, height: usize) -> Option<Cursor> {
        let left = match self.from {
            Edge::Top => self.rows.len().saturating_sub(self.cursor),
            Edge::Bottom => self.cursor,
        };
        if self.waiting || left > 2 * height {
            return None;
        }
        let next = self.next.clone()?;
        self.waiting = true;
        Some(next)
    }

    /// The page that was asked for does not come: it may be asked for again.
    pub fn stop_waiting(&mut self) {
        self.waiting = false;
    }

    /// Goes to the row of a group that took in the article that the cursor stood on.
    pub fn follow_into(&mut self, id: ArticleId, versions: &[ArticleId]) {
        let row = |row: &Row| !row.version && versions.contains(&row.hit.id);
        if self.held == Some(id)
            && let Some(at) = self.rows.iter().position(row)
        {
            self.cursor = at;
        }
    }

    /// Moves the cursor, as far as there are rows.
    pub fn move_by(&mut self, rows: isize) {
        self.held = None;
        let last = self.rows.len().saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(rows).min(last);
    }

    /// Scrolls so that the cursor is on the screen, `height` rows high.
    pub fn follow(&mut self, height: usize) {
        let height = height.max(1);
        self.top = self
            .top
            .min(self.cursor)
            .max((self.cursor + 1).saturating_sub(height));
        self.top = self.top.min(self.rows.len().saturating_sub(height));
    }

    /// Puts the versions of a group below its row.
    pub fn unfold(&mut self, of: ArticleId, versions: Vec<Hit>) {
        let group = self
            .rows
            .iter()
            .position(|row| row.is_group() && !row.unfolded && row.hit.id == of);
        if let Some(at) = group {
            self.rows[at].unfolded = true;
            let inserted = versions.len();
            let rows = versions.into_iter().map(|hit| Row {
                hit,
                version: true,
                unfolded: false,
            });
            self.rows.splice(at + 1..at + 1, rows);
            if self.cursor > at {
                self.cursor += inserted;
            }
            let versions = self.rows[at + 1..=at + inserted].iter();
            let held = versions
                .zip(at + 1..)
                .find(|(row, _)| Some(row.hit.id) == self.held);
            if let Some((_, back)) = held {
                self.cursor = back;
                self.held = None;
            }
            self.find_again();
        }
    }

    /// Takes the versions away again; on a version, goes back to its group.
    pub fn fold(&mut self) {
        let Some(group) = (0..=self.cursor)
            .rev()
            .find(|at| self.rows.get(*at).is_some_and(|row| !row.version))
        else {
            return;
        };
        let end = (group + 1..self.rows.len())
            .find(|at| !self.rows[*at].version)
            .unwrap_or(self.rows.len());
        self.rows.drain(group + 1..end);
        self.rows[group].unfolded = false;
        self.cursor = group;
        self.find_again();
    }

    /// Chooses the row under the cursor, or no longer.
    pub fn toggle_selected(&mut self) {
        self.all = false;
        self.anchor = Some(self.cursor);
        if let Some(id) = self.current().map(|row| row.hit.id)
            && !self.selected.remove(&id)
        {
            self.selected.insert(id);
        }
    }

    /// Chooses every row from the one that was chosen last to the cursor.
    pub fn select_range(&mut self) {
        self.all = false;
        let from = self.anchor.unwrap_or(self.cursor).min(self.rows.len());
        let (first, last) = (from.min(self.cursor), from.max(self.cursor));
        let rows = self.rows.get(first..=last).unwrap_or_default();
        self.selected.extend(rows.iter().map(|row| row.hit.id));
        self.anchor = Some(self.cursor);
    }

    /// Says whether a row is chosen.
    pub fn is_selected(&self, row: &Row) -> bool {
        self.all || self.selected.contains(&row.hit.id)
    }

    /// Looks for words in the titles and goes to the first row at or below the cursor.
    pub fn find(&mut self, text: &str) {
        if text.is_empty() {
            self.found = None;
            return;
        }
        let needle = Needle::new(text);
        let hit = |(_, row): &(usize, &Row)| !find::find(&row.hit.title, &needle).is_empty();
        let rows: Vec<usize> = self
            .rows
            .iter()
            .enumerate()
            .filter(hit)
            .map(|(at, _)| at)
            .collect();
        let current = rows.iter().position(|at| *at >= self.cursor).unwrap_or(0);
        self.cursor = rows.get(current).copied().unwrap_or(self.cursor);
        self.found = Some(FoundRows {
            needle: text.to_owned(),
            rows,
            current,
        });
    }

    /// Finds the same words in the rows as they are now; the cursor stays.
    fn find_again(&mut self) {
        if let Some(needle) = self.found.take().map(|found| found.needle) {
            let cursor = self.cursor;
            self.find(&needle);
            self.cursor = cursor;
        }
    }

    /// Goes to the next or previous row that was found, round the end.
    pub fn find_step(&mut self, forward: bool) {
        if let Some(found) = self.found.as_mut().filter(|found| !found.rows.is_empty()) {
            let len = found.rows.len();
            found.current = (found.current + if forward { 1 } else { len - 1 }) % len;
            self.cursor = found.rows[found.current];
        }
    }

    /// Shows what is decided now; no row goes away under the cursor.
    pub fn decide(&mut self, decisions: &[(ArticleId, Decision)]) {
        for (id, decision) in decisions {
            for row in self.rows.iter_mut().filter(|row| row.hit.id == *id) {
                row.hit.decision = decision.clone();
            }
        }
    }

    /// The next row below the cursor without a verdict, else the next row.
    pub fn next_open(&self) -> Option<usize> {
        let open = |at: &usize| {
            let row = &self.rows[*at];
            row.hit.decision.verdict.is_none() && !row.hit.decision.superseded
        };
        let below = self.cursor + 1..self.rows.len();
        below.clone().find(open).or_else(|| below.clone().next())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows of a list of a thousand, and where to go on.
    fn page(numbers: impl Iterator<Item = u16>) -> Page {
        let hit = |number: u16| {
            let [high, low] = number.to_be_bytes();
            Hit {
                id: ArticleId::from_bytes([high, low, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
                title: format!("Article {number}"),
                date: None,
                source: String::new(),
                versions: 1,
                decision: Decision::default(),
            }
        };
        Page {
            hits: numbers.map(hit).collect(),
            count: Count::Exact(1000),
            next: Some(Cursor("there".to_owned())),
        }
    }

    #[test]
    fn keys_that_are_pressed_before_the_last_rows_are_there_count() {
        let mut list = List::default();
        let _ = list.take(page(1..=200), Some(("", Edge::Top)));
        assert!(list.has(Edge::Top) && !list.has(Edge::Bottom));
        list.move_by(isize::MAX / 2);
        list.move_by(-3);
        let _ = list.take(page((801..=1000).rev()), Some(("", Edge::Bottom)));
        assert_eq!((list.place(), list.depth()), (997, 3));
        list.follow(20);
        assert_eq!(list.top, 180);
        list.move_by(isize::MIN / 2);
        assert_eq!(list.wants_more(20), Some(Cursor("there".to_owned())));
        let _ = list.take(page((601..=800).rev()), None);
        assert_eq!((list.place(), list.rows.len()), (801, 400));
        list.move_by(isize::MIN / 2);
        list.move_by(2);
        let _ = list.take(page(1..=200), Some(("", Edge::Top)));
        assert_eq!(list.place(), 3);
    }
}
