//! Going about in lines that have no numbers: what is so many lines away is found by laying out what lies between.

use super::{Line, Place, Reader, Role, lines};

/// A line: its section, and its number in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct At {
    pub section: usize,
    pub line: usize,
}

impl Reader {
    /// Puts the line that holds the place on top.
    pub fn go_to(&mut self, place: Place) {
        self.place = place;
        self.top = self.at(place);
    }

    /// Says whether the first line of all is on top.
    pub fn is_at_top(&self) -> bool {
        self.top == At::default()
    }

    /// Says whether the end of the text is on the screen.
    pub fn is_at_end(&self, height: usize) -> bool {
        self.top >= self.last_top(height)
    }

    /// Scrolls by lines, down for positive numbers; `height` lines are on the screen.
    pub fn scroll(&mut self, lines: isize, height: usize) {
        let to = match lines {
            0.. => self
                .below(self.top, lines.unsigned_abs())
                .min(self.last_top(height)),
            _ => self.above(self.top, lines.unsigned_abs()),
        };
        self.put_on_top(to);
    }

    /// Goes to the beginning.
    pub fn go_to_start(&mut self) {
        self.put_on_top(At::default());
    }

    /// Goes to the end: its last lines are on the screen.
    pub fn go_to_end(&mut self, height: usize) {
        self.put_on_top(self.last_top(height));
    }

    pub(super) fn put_on_top(&mut self, at: At) {
        self.top = at;
        self.place = self.place_of(at);
    }

    pub(super) fn place_of(&self, at: At) -> Place {
        let lines = self.lines_of(at.section);
        let line = lines.get(at.line);
        line.map_or_else(Place::default, |line| Place {
            paragraph: line.paragraph,
            byte: line.range.start,
        })
    }

    /// The top line that shows the end.
    pub(super) fn last_top(&self, height: usize) -> At {
        let section = self.sections.len().saturating_sub(1);
        let line = self.lines_of(section).len().saturating_sub(1);
        self.above(At { section, line }, height.saturating_sub(1))
    }

    pub(super) fn lines_of(&self, section: usize) -> Vec<Line> {
        let section = self.sections.get(section);
        section.map_or_else(Vec::new, |section| {
            lines::break_section(&self.paragraphs, section, self.measure)
        })
    }

    /// The line so many lines further down, or the last one.
    pub(super) fn below(&self, from: At, lines: usize) -> At {
        let (mut at, mut left) = (from, lines);
        loop {
            let last = self.lines_of(at.section).len().saturating_sub(1);
            if at.line + left <= last {
                at.line += left;
                return at;
            }
            if at.section + 1 >= self.sections.len() {
                at.line = last;
                return at;
            }
            left -= last - at.line + 1;
            at = At {
                section: at.section + 1,
                line: 0,
            };
        }
    }

    /// The line so many lines further up, or the first one.
    pub(super) fn above(&self, from: At, lines: usize) -> At {
        let (mut at, mut left) = (from, lines);
        while left > at.line {
            if at.section == 0 {
                return At::default();
            }
            left -= at.line + 1;
            at.section -= 1;
            at.line = self.lines_of(at.section).len().saturating_sub(1);
        }
        at.line -= left;
        at
    }

    /// Goes to the next (`forward`) or previous paragraph that `wanted` accepts.
    pub fn step(&mut self, forward: bool, wanted: impl Fn(Role) -> bool) {
        self.step_from(self.place_of(self.top), forward, wanted);
    }

    /// Goes to the next or previous paragraph as a focus does: near the end of the text, where lines cannot go on, the
    /// place does.
    pub fn focus_on(&mut self, forward: bool) {
        self.step_from(self.place, forward, is_read);
    }

    /// Says whether the focus has gone on where the lines could not.
    pub fn is_focus_below(&self) -> bool {
        self.place > self.place_of(self.top)
    }

    /// The paragraph in focus: the one that the place is in, or the one below it where it is at its end, or where nobody
    /// reads word by word: byline and source.
    pub fn in_focus(&self) -> usize {
        let Place { paragraph, byte } = self.place;
        let text = self
            .paragraphs
            .get(paragraph)
            .map_or("", |it| it.text.as_str());
        let behind = byte > 0 && byte >= text.len() && paragraph + 1 < self.paragraphs.len();
        let at = paragraph + usize::from(behind);
        let below = self.paragraphs.iter().enumerate().skip(at);
        let mut read = below.filter(|(_, it)| is_read(it.role));
        read.next().map_or(at, |(read, _)| read)
    }

    pub(super) fn step_from(&mut self, from: Place, forward: bool, wanted: impl Fn(Role) -> bool) {
        let wanted = |paragraph: &usize| wanted(self.paragraphs[*paragraph].role);
        let next = match forward {
            true => (from.paragraph + 1..self.paragraphs.len()).find(wanted),
            // Inside of a paragraph, back is its own beginning.
            false => (0..from.paragraph + usize::from(from.byte > 0))
                .rev()
                .find(wanted),
        };
        if let Some(paragraph) = next {
            self.go_to(Place { paragraph, byte: 0 });
        }
    }

    /// The line that holds a place.
    pub(super) fn at(&self, place: Place) -> At {
        let section = self.section_of(place);
        let lines = self.lines_of(section);
        let after = lines.partition_point(|line| line.range.start <= place.byte);
        let line = after.saturating_sub(1);
        At { section, line }
    }

    pub(super) fn section_of(&self, place: Place) -> usize {
        let after = self.sections.partition_point(|section| {
            (section.paragraph, section.range.start) <= (place.paragraph, place.byte)
        });
        after.saturating_sub(1)
    }

    /// Bytes of the text in front of a byte of a paragraph.
    pub(super) fn offset(&self, paragraph: usize, byte: usize) -> usize {
        let section = self
            .sections
            .get(self.section_of(Place { paragraph, byte }));
        section.map_or(0, |it| it.before + byte.saturating_sub(it.range.start))
    }

    pub(super) fn bytes(&self) -> usize {
        self.sections
            .last()
            .map_or(0, |last| last.before + last.range.len())
    }
}

/// Says whether a paragraph is one to dwell on.
fn is_read(role: Role) -> bool {
    !matches!(role, Role::Note | Role::Byline | Role::Source)
}
