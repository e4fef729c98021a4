//! The live keys of a context, in the order of the command table.

use super::action::{Action, Context};
use super::layout;
use super::state::{CommandInfo, State};
use crate::text::{width, wrap};

/// One line of the help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HelpLine {
    /// The name of a context.
    Section(&'static str),
    /// The keys of a command and what it does.
    Command {
        /// Its keys, joined by blanks.
        keys: String,
        /// What it does.
        doc: String,
    },
    /// More of what the command above does, where the box is narrow.
    More(String),
    /// Nothing.
    Blank,
}

/// Cells of the column of keys, so that half of a line of `measure` is left for what they do.
pub fn key_column(lines: &[HelpLine], measure: usize) -> usize {
    let keys = lines.iter().map(|line| match line {
        HelpLine::Command { keys, .. } => width::width(keys),
        _ => 0,
    });
    keys.max().unwrap_or(0).min(measure / 2)
}

/// Breaks what commands do into lines that fit beside their keys.
fn fitted(lines: Vec<HelpLine>, measure: usize) -> Vec<HelpLine> {
    let room = measure
        .saturating_sub(key_column(&lines, measure) + 2)
        .max(2);
    let mut all = Vec::with_capacity(lines.len());
    for line in lines {
        let HelpLine::Command { keys, doc } = line else {
            all.push(line);
            continue;
        };
        let ranges = wrap::wrap(&doc, room).into_iter();
        let mut parts = ranges.map(|range| doc.get(range).unwrap_or_default().to_owned());
        all.push(HelpLine::Command {
            keys,
            doc: parts.next().unwrap_or_default(),
        });
        all.extend(parts.map(HelpLine::More));
    }
    all
}

/// The keys that work in `of`: its own first, then those that work everywhere.
pub fn lines(state: &State, of: Context) -> Vec<HelpLine> {
    let mut lines = Vec::new();
    for context in [of, Context::Everywhere] {
        if !lines.is_empty() {
            lines.push(HelpLine::Blank);
        }
        lines.push(HelpLine::Section(section(context)));
        for info in state.commands.iter() {
            let keys: Vec<&str> = info
                .keys
                .iter()
                .filter(|(place, _)| *place == context)
                .map(|(_, key)| key.as_str())
                .collect();
            if !keys.is_empty() {
                lines.push(HelpLine::Command {
                    keys: keys.join("  "),
                    doc: doc(state, info),
                });
            }
        }
        if of == Context::Everywhere {
            break;
        }
    }
    fitted(lines, layout::overlay_measure(state))
}

/// What a command does; a quick tag says which one.
fn doc(state: &State, info: &CommandInfo) -> String {
    let tag = match info.action {
        Action::QuickTag(number) => state.settings.quick_tags.get(usize::from(number) - 1),
        _ => None,
    };
    tag.map_or_else(
        || info.doc.to_owned(),
        |tag| format!("Puts the tag “{tag}” on or takes it off."),
    )
}

fn section(context: Context) -> &'static str {
    match context {
        Context::Everywhere => "Everywhere",
        Context::List => "List",
        Context::Reader => "Reader",
        Context::Compare => "Comparison",
        Context::Versions => "All versions",
        Context::Changes => "Changes",
        Context::Statistics => "Statistics",
        Context::Help => "Help",
        Context::Why => "Why these are versions",
        Context::Prompt => "Prompt",
    }
}
