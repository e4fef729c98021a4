//! `keymap.toml`: one table a context, one line a key, `"g w" = "why-group"`; `"g w" = false` unbinds.
//!
//! Key to command and not command to keys: a key has one meaning, so TOML itself finds a key that is bound twice,
//! and unbinding names the key that is meant. The user's file lies over the default and never replaces it, so new
//! commands get their keys in old setups too.

use std::collections::BTreeSet;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::command::{COMMANDS, Command, Context};
use super::key::Key;
use super::resolve::{Binding, Keymap};
use crate::app::action::Action;
use crate::nearest::did_you_mean;
use crate::notice::{Notice, Reading};

/// The default, as the user may read and copy it.
pub const DEFAULT: &str = include_str!("../../assets/keymap.toml");

/// One line of a file that could be read.
struct Line {
    context: Context,
    keys: Vec<Key>,
    /// What the keys do; nothing unbinds them.
    action: Option<Action>,
    span: Range<usize>,
}

/// The keymap of the default file. A test proves that the file has no mistake.
pub(super) fn standard() -> Keymap {
    with_user("keymap.toml", "").0
}

/// The default with the user's file laid over it.
pub(super) fn with_user(file: &str, text: &str) -> (Keymap, Vec<Notice>) {
    let (_, standard) = lines("assets/keymap.toml", DEFAULT);
    let (mut reading, user) = lines(file, text);
    let bound_anew = |line: &Line| {
        user.iter()
            .any(|own| own.context == line.context && own.keys == line.keys)
    };
    for line in &user {
        let known = standard
            .iter()
            .any(|other| other.context == line.context && other.keys == line.keys);
        if line.action.is_none() && !known {
            let message = format!(
                "nothing is bound to {} in [{}]",
                Key::join(&line.keys),
                line.context.name()
            );
            reading.notice(line.span.clone(), message);
        }
    }
    // The user's own keys come first: help and footer show the first key of a command.
    let rest = standard.iter().filter(|line| !bound_anew(line));
    let bindings: Vec<Binding> = user.iter().chain(rest).filter_map(binding).collect();
    let (keymap, hidden) = Keymap::build(bindings);
    let mut said = BTreeSet::new();
    for hidden in hidden {
        let place = |line: &&Line| line.context == hidden.by.0 && line.keys == hidden.by.1;
        if let Some(line) = user.iter().find(place)
            && said.insert((line.span.start, hidden.lost.clone()))
        {
            let by = Key::join(&line.keys);
            let lost = Key::join(&hidden.lost);
            reading.notice(line.span.clone(), format!("{by} hides {lost}"));
        }
    }
    for line in &user {
        confusing(&keymap, line, &mut reading);
    }
    (keymap, reading.finish())
}

fn binding(line: &Line) -> Option<Binding> {
    Some(Binding {
        context: line.context,
        keys: line.keys.clone(),
        action: line.action?,
    })
}

/// Warns of a command whose only key in a context is one that some terminals never report. The key counts all the
/// same: other terminals do report it.
fn confusing(keymap: &Keymap, line: &Line, reading: &mut Reading<'_>) {
    let Some(action) = line.action else { return };
    let Some((key, taken_for)) = confused(&line.keys) else {
        return;
    };
    let safe = keymap.bindings().any(|other| {
        other.action == action
            && line.context.layers().contains(&other.context)
            && confused(&other.keys).is_none()
    });
    if !safe {
        let message =
            format!("many terminals take {key} for {taken_for}; bind another key as well");
        reading.notice(line.span.clone(), message);
    }
}

/// The first key of the sequence that terminals confuse, and with what.
pub(super) fn confused(keys: &[Key]) -> Option<(Key, &'static str)> {
    keys.iter()
        .find_map(|key| Some((*key, key.confused_with()?)))
}

/// What can be read of a file, in its order.
fn lines<'a>(file: &'a str, text: &'a str) -> (Reading<'a>, Vec<Line>) {
    let (mut reading, table) = Reading::new(file, text);
    let mut lines = Vec::new();
    for (name, value) in &table {
        let contexts = Context::ALL.map(Context::name);
        match (Context::by_name(name.get_ref()), value.get_ref()) {
            (Some(context), DeValue::Table(keys)) => {
                read_context(context, keys, &mut reading, &mut lines);
            }
            (Some(context), _) => {
                let message = format!("keys stand under [{}], one a line", context.name());
                reading.notice(name.span(), message);
            }
            (None, _) => {
                let message = format!(
                    "no context is called \"{}\"{}",
                    name.get_ref(),
                    did_you_mean(name.get_ref(), contexts)
                );
                reading.notice(name.span(), message);
            }
        }
    }
    lines.sort_by_key(|line| line.span.start);
    // TOML knows `^d` and `C-d` as two keys; they are one.
    let mut seen = BTreeSet::new();
    lines.retain(|line| {
        let first = seen.insert((line.context, line.keys.clone()));
        if !first {
            let message = format!("{} is bound above already", Key::join(&line.keys));
            reading.notice(line.span.clone(), message);
        }
        first
    });
    (reading, lines)
}

fn read_context(
    context: Context,
    table: &DeTable<'_>,
    reading: &mut Reading<'_>,
    lines: &mut Vec<Line>,
) {
    // What stands nowhere was put there by the TOML reader in the place of a mistake that it has told already.
    for (name, value) in table.iter().filter(|(_, value)| !value.span().is_empty()) {
        match read_line(context, name, value) {
            Ok(line) => lines.push(line),
            Err((span, message)) => reading.notice(span, message),
        }
    }
}

fn read_line(
    context: Context,
    name: &Spanned<DeString<'_>>,
    value: &Spanned<DeValue<'_>>,
) -> Result<Line, (Range<usize>, String)> {
    let keys = Key::sequence(name.get_ref()).map_err(|error| (name.span(), error.to_string()))?;
    let action = match value.get_ref() {
        DeValue::Boolean(false) => None,
        DeValue::String(command) => {
            Some(read_command(context, command).map_err(|message| (value.span(), message))?)
        }
        _ => {
            let message = "a key leads to the name of a command, or to false to unbind it";
            return Err((value.span(), message.to_owned()));
        }
    };
    Ok(Line {
        context,
        keys,
        action,
        span: name.span(),
    })
}

fn read_command(context: Context, name: &str) -> Result<Action, String> {
    let Some(command) = Command::by_name(name) else {
        let names = COMMANDS.iter().map(|command| command.name);
        let near = did_you_mean(name, names);
        return Err(format!("no command is called \"{name}\"{near}"));
    };
    if command.works_in(context) {
        return Ok(command.action);
    }
    let places: Vec<String> = command
        .contexts
        .iter()
        .map(|context| format!("[{}]", context.name()))
        .collect();
    Err(format!(
        "\"{name}\" does nothing in [{}]; it works in {}",
        context.name(),
        places.join(", ")
    ))
}
