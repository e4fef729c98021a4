//! Everything that the screen shows, and nothing else: no terminal, no files, no clock.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diff::Classes;
use crate::model::{Anchor, ArticleId, Clean, Date, siglum};
use crate::query::Vocabulary;
use crate::store::types::{Deed, Edge, Entry, Hit};
use crate::text;

use super::action::{Action, Context};
use super::changes::ChangesScreen;
use super::compare::Compare;
use super::event::{Census, Hint, Progress, Share};
use super::jumps::Jumps;
use super::keepsake::Keepsake;
use super::list::List;
use super::personal::Opened;
use super::prompt::Prompt;
use super::reader::Reader;
use super::rule::Rule;
use super::stats::Stats;
use super::versions::VersionsScreen;
use super::why::WhyBox;

/// The state of the program.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// The terminal, in cells.
    pub size: Size,
    /// What a person has set.
    pub settings: Settings,
    /// Every command with its keys, for help, palette and footer.
    pub commands: Arc<[CommandInfo]>,
    /// What the collection is called.
    pub name: Option<Clean>,
    /// What is under way.
    pub phase: Phase,
    /// Numbers for the header, once they are counted.
    pub census: Option<Census>,
    /// The list pane.
    pub list: List,
    /// The reading pane.
    pub reader: Reader,
    /// The pane of the library screen that keys go to.
    pub focus: Pane,
    /// The reader has the whole screen.
    pub zoomed: bool,
    /// The comparison, when it is open: it covers the library.
    pub compare: Option<Compare>,
    /// All versions of a text, when they are open: they cover the library, and a comparison covers them.
    pub versions: Option<Box<VersionsScreen>>,
    /// What changed between two inputs, when that is open: it covers the library; versions and comparisons cover it.
    pub changes: Option<ChangesScreen>,
    /// The collection in numbers, when it is open: it covers the library.
    pub stats: Option<Stats>,
    /// A box over the screen.
    pub overlay: Option<Overlay>,
    /// The line that is typed into.
    pub prompt: Option<Prompt>,
    /// What was done or went wrong; goes away with the next key.
    pub notice: Option<Notice>,
    /// What may follow the keys typed so far.
    pub hints: Vec<Hint>,
    /// Everything that was said at the opening, for `g l`.
    pub messages: Vec<Clean>,
    /// Why nothing can be saved, when nothing can.
    pub read_only: Option<Clean>,
    /// The known tags, most used first.
    pub tags: Vec<String>,
    /// What was decided last, for repeating it.
    pub last_deed: Option<Deed>,
    /// `^c` was pressed with nothing to stop: another one quits.
    pub interrupted: bool,
    /// The newest requests: answers to older ones are stale.
    pub tickets: Tickets,
    /// The article that the reader has asked for or shows.
    pub wanted: Option<ArticleId>,
    /// Compare as soon as the article has arrived.
    pub compare_next: bool,
    /// The ticket of another version that was asked for: the reader stays at its paragraph.
    pub keep_place: Option<u64>,
    /// Nothing was named and nothing was read before: what to type is said.
    pub welcome: bool,
    /// The measure of the settings, before any key changed it.
    pub configured_measure: u16,
    /// Where the last run was, until it is reached.
    pub taking_up: Option<Keepsake>,
    /// What stands in the collection, for completing a filter; none as long as nobody asked.
    pub vocabulary: Option<Vocabulary>,
    /// What was opened in the reader.
    pub opened: Opened,
    /// Marks, and the way back.
    pub jumps: Jumps,
    /// The divider between list and reader is held with the mouse.
    pub dragging: bool,
    /// A comparison, the versions, the numbers or an export are under way.
    pub busy: Option<Busy>,
    /// It takes so long that it is said.
    pub slow: bool,
    /// What the note that is being typed is about.
    pub noting: Option<(ArticleId, Option<Anchor>)>,
    /// The saved filters, by name.
    pub saved: BTreeMap<String, String>,
    /// The rule whose cost is shown: a verdict on all that a query finds.
    pub rule: Option<Rule>,
    /// Where the keys went before the prompt was opened.
    pub prompt_from: Context,
    /// The version that another one is chosen for.
    pub choosing: Option<Choosing>,
    /// The article that the next one is said to be the same text as, with its title.
    pub same_as: Option<(ArticleId, String)>,
    /// Two versions on the screen were just parted: the others that may take the place of the right one, in order.
    pub parting: Option<Vec<ArticleId>>,
    /// The row that the reader follows; another version of it may be shown.
    pub followed: Option<ArticleId>,
    /// The filter that was last asked for, as typed: its rows may be on the way.
    pub asked: String,
    /// The end of the list that was last asked for.
    pub asked_from: Edge,
    /// Somebody pressed a key: from then on a list that grows keeps its place.
    pub touched: bool,
}

impl State {
    /// The state at the start.
    pub fn new(size: Size, settings: Settings, commands: Vec<CommandInfo>) -> Self {
        Self {
            size,
            configured_measure: settings.measure,
            settings,
            commands: commands.into(),
            ..Self::default()
        }
    }

    /// Where keys go now.
    pub fn context(&self) -> Context {
        if self.prompt.is_some() {
            Context::Prompt
        } else if matches!(self.overlay, Some(Overlay::Why(_))) || self.rule.is_some() {
            Context::Why
        } else if self.overlay.is_some() {
            Context::Help
        } else if self.stats.is_some() {
            Context::Statistics
        } else if self.compare.is_some() {
            Context::Compare
        } else if self.versions.is_some() {
            Context::Versions
        } else if self.lists_changes() {
            Context::Changes
        } else if self.focus == Pane::Reader {
            Context::Reader
        } else {
            Context::List
        }
    }

    /// The list of changes has the screen, unless a comparison or the versions cover it.
    pub fn lists_changes(&self) -> bool {
        self.changes
            .as_ref()
            .is_some_and(|changes| !changes.reading)
    }

    /// Everything is read, and there was nothing.
    pub fn is_empty(&self) -> bool {
        let nothing_found = self.list.rows.is_empty() && self.list.query.is_empty();
        self.phase == Phase::Open && nothing_found && !self.is_finding()
    }

    /// Rows are on the way.
    pub fn is_finding(&self) -> bool {
        self.tickets.found != self.tickets.find
    }

    /// The first key of a command in a context, as written in the keymap.
    pub fn key_of(&self, action: Action, context: Context) -> Option<&str> {
        let info = self.commands.iter().find(|info| info.action == action)?;
        let of_context = info.keys.iter().find(|(place, _)| *place == context);
        let key = of_context.or_else(|| {
            info.keys
                .iter()
                .find(|(place, _)| *place == Context::Everywhere)
        });
        key.map(|(_, key)| key.as_str())
    }

    /// The letter that names a version: A is the first of its group.
    pub fn siglum(entry: &Entry) -> String {
        let at = entry
            .versions
            .iter()
            .position(|id| *id == entry.article.id)
            .unwrap_or(0);
        siglum(at)
    }

    /// The letter of one of two articles that stand side by side; none where they are no versions of one text.
    pub fn siglum_beside(entry: &Entry, other: &Entry) -> Option<String> {
        let together = entry.versions.contains(&other.article.id);
        together.then(|| Self::siglum(entry))
    }

    /// Says something in the status line.
    pub fn say(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice {
            text: text::line(&text.into()),
            failed: false,
        });
    }

    /// Says in the status line that something failed.
    pub fn fail(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice {
            text: text::line(&text.into()),
            failed: true,
        });
    }
}

/// A size in cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// Cells from left to right.
    pub columns: u16,
    /// Cells from top to bottom.
    pub rows: u16,
}

/// The list takes a little more than half.
pub const LIST_SHARE: u16 = 550;

/// What a person has set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The widest line of the reader, in cells.
    pub measure: u16,
    /// How much of the width the list takes beside the reader, in thousandths.
    pub list_share: u16,
    /// The tags of the keys 1 to 9.
    pub quick_tags: [String; 9],
    /// A verdict goes on to the next open row.
    pub go_on: bool,
    /// Only ASCII for lines and signs.
    pub ascii: bool,
    /// Links tell the terminal where they lead.
    pub hyperlinks: bool,
    /// Nothing moves by itself.
    pub reduced_motion: bool,
    /// The focus dims what stands around the paragraph in focus.
    pub focus_dims: bool,
    /// The kinds of difference that comparisons pass over.
    pub hidden: Classes,
    /// The present day, for queries such as `date:<7d`.
    pub today: Date,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            measure: 72,
            list_share: LIST_SHARE,
            quick_tags: Default::default(),
            go_on: true,
            ascii: false,
            hyperlinks: false,
            reduced_motion: false,
            focus_dims: true,
            hidden: Classes::QUIET,
            today: Date::default(),
        }
    }
}

/// A command as help, palette and footer show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandInfo {
    /// What it asks for.
    pub action: Action,
    /// Its name.
    pub name: &'static str,
    /// What it does, in a short sentence.
    pub doc: &'static str,
    /// Where it works.
    pub contexts: &'static [Context],
    /// Its keys, with the context that binds each.
    pub keys: Vec<(Context, String)>,
}

/// What is under way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// The collection is being read.
    #[default]
    Loading,
    /// So far as this.
    Reading(Progress),
    /// Everything is read; versions of one text are looked for.
    Grouping(Share),
    /// It is there.
    Open,
}

/// A pane of the library screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    /// The list of articles.
    #[default]
    List,
    /// One article.
    Reader,
}

/// A box over the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Overlay {
    /// The keys of the context that it was opened in.
    Help {
        /// That context.
        of: Context,
        /// The first line shown.
        top: usize,
    },
    /// Why these are versions of one text.
    Why(WhyBox),
    /// Lines to read: what was said at the opening.
    Lines {
        /// What they are.
        title: &'static str,
        /// The lines, safe for a terminal.
        lines: Vec<String>,
        /// The first line shown.
        top: usize,
    },
}

/// What a person waits for and may call off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Busy {
    /// Two versions, or all of them, are compared.
    Comparing,
    /// The collection is counted.
    Counting,
    /// Two collections are compared.
    ListingChanges,
    /// Articles are written to a file.
    Exporting,
}

impl Busy {
    /// What is done, as in "comparing…".
    pub fn doing(self) -> &'static str {
        match self {
            Self::Comparing => "comparing",
            Self::Counting => "counting",
            Self::ListingChanges => "comparing the collections",
            Self::Exporting => "exporting",
        }
    }

    /// What is said when it is called off.
    pub fn called_off(self) -> &'static str {
        match self {
            Self::Comparing => "the comparison is called off",
            Self::Counting => "counting is called off",
            Self::ListingChanges => "the comparison of the collections is called off",
            Self::Exporting => "the export is called off: nothing was written",
        }
    }
}

/// A version is compared with another one that is chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choosing {
    /// The one that stays.
    pub of: ArticleId,
    /// All versions, in the order of their sigla.
    pub versions: Vec<Hit>,
}

/// A line that says what was done or went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The sentence.
    pub text: Clean,
    /// Something failed.
    pub failed: bool,
}

/// The newest request of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tickets {
    last: u64,
    /// Of the list's filter.
    pub find: u64,
    /// Of the list's filter, the newest that was answered.
    pub found: u64,
    /// Of the list's next page.
    pub more: u64,
    /// Of the reader.
    pub read: u64,
    /// Of the comparison.
    pub compare: u64,
    /// Of the explanation of a group.
    pub why: u64,
    /// Of the versions.
    pub collate: u64,
    /// Of the statistics.
    pub statistics: u64,
    /// Of the versions to choose from.
    pub choose: u64,
    /// Of the list of changes.
    pub changes: u64,
}

impl Tickets {
    /// A number that no earlier request has.
    pub fn issue(&mut self) -> u64 {
        self.last += 1;
        self.last
    }
}
