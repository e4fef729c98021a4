//! What there is to know about the screen, made from the tables that the screen itself uses.

use crate::app::action::Context;
use crate::cli::output::{Outcome, Output};
use crate::config;
use crate::keymap::{COMMANDS, Keymap, file};
use crate::theme::ROLES;

/// The keys of every place with the commands that they ask for, and `keymap.toml`.
pub(super) fn keys(output: &mut Output) -> Outcome {
    output.line("# The keys of recto")?;
    output.line("")?;
    output.line("Made by `recto generate keys`. On the screen `?` shows the keys of the place where you are, and `:` finds a")?;
    output.line("command by any of its words. Your own keys stand in `keymap.toml` in the configuration directory, and lie over")?;
    output
        .line("these: a line for each key, the name of a command behind it, `false` to unbind.")?;
    let keymap = Keymap::standard();
    for context in Context::ALL {
        let bound: Vec<_> = COMMANDS
            .iter()
            .filter_map(|command| {
                let keys: Vec<String> = keymap
                    .bindings()
                    .filter(|it| it.context == context && it.action == command.action)
                    .map(|it| format!("`{}`", crate::keymap::Key::join(&it.keys)))
                    .collect();
                (!keys.is_empty()).then_some((keys, command))
            })
            .collect();
        if bound.is_empty() {
            continue;
        }
        output.line("")?;
        output.line(&format!("## `[{}]`", context.name()))?;
        output.line("")?;
        output.line("| keys | command | what it does |")?;
        output.line("|---|---|---|")?;
        for (keys, command) in bound {
            // A bar would end the cell.
            let keys = keys.join(" ").replace('|', "\\|");
            output.line(&format!(
                "| {keys} | `{}` | {} |",
                command.name, command.doc
            ))?;
        }
    }
    output.line("")?;
    output.line("## The default `keymap.toml`")?;
    output.line("")?;
    output.line("```toml")?;
    let head = file::DEFAULT
        .split("\n\n[everywhere]")
        .next()
        .unwrap_or_default();
    for line in head.lines() {
        output.line(line)?;
    }
    output.line("```")
}

/// The settings and the roles of the colours.
pub(super) fn config(output: &mut Output) -> Outcome {
    output.line("# The settings of recto")?;
    output.line("")?;
    output.line("Made by `recto generate config`. Your own `config.toml` needs only the lines that you want otherwise; flags lie over")?;
    output.line("it. A mistake costs its own line and is said when the screen opens.")?;
    output.line("")?;
    output.line("| setting | what it does |")?;
    output.line("|---|---|")?;
    for setting in config::SETTINGS {
        output.line(&format!("| `{}` | {} |", setting.name, setting.doc))?;
    }
    output.line("| `[quick-tags]` | What the keys 1 to 9 put on or take off. |")?;
    output.line("")?;
    output.line("## The default `config.toml`")?;
    output.line("")?;
    output.line("```toml")?;
    for line in config::DEFAULT.trim_end().lines() {
        output.line(line)?;
    }
    output.line("```")?;
    output.line("")?;
    output.line("## Your own colours: `theme.toml`")?;
    output.line("")?;
    output.line("A line for each role that shall look otherwise: colours (a name, a number of the 256, or `#rrggbb`), `on` and a")?;
    output.line("background, and `bold`, `dim`, `italic`, `underlined`, `reversed`. Lines below `[dark]` or `[light]` count on that")?;
    output.line("background only.")?;
    output.line("")?;
    output.line("```toml")?;
    for line in [
        "left = \"#7aa2f7\"",
        "selection = \"white on 24 bold\"",
        "[light]",
        "left = \"blue\"",
    ] {
        output.line(line)?;
    }
    output.line("```")?;
    output.line("")?;
    output.line("| role | what it is for |")?;
    output.line("|---|---|")?;
    for (role, doc) in ROLES {
        output.line(&format!("| `{role}` | {} |", doc.trim()))?;
    }
    Ok(())
}
