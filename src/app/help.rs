//! The live keys of a context, in the order of the command table.

use super::action::Context;
use super::state::State;

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
        doc: &'static str,
    },
    /// Nothing.
    Blank,
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
            let keys: Vec<&str> =
                info.keys.iter().filter(|(place, _)| *place == context).map(|(_, key)| key.as_str()).collect();
            if !keys.is_empty() {
                lines.push(HelpLine::Command { keys: keys.join("  "), doc: info.doc });
            }
        }
        if of == Context::Everywhere {
            break;
        }
    }
    lines
}

fn section(context: Context) -> &'static str {
    match context {
        Context::Everywhere => "Everywhere",
        Context::List => "List",
        Context::Reader => "Reader",
        Context::Compare => "Comparison",
        Context::Help => "Help",
        Context::Prompt => "Prompt",
    }
}
