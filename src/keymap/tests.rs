//! The table of commands, the default keys and the user's file, held against one another.

use std::collections::BTreeSet;

use super::file::{DEFAULT, confused};
use super::*;
use crate::app::action::Action;
use crate::notice::Notice;

fn keys(text: &str) -> Vec<Key> {
    Key::sequence(text).expect(text)
}

fn user(text: &str) -> (Keymap, Vec<String>) {
    let (keymap, notices) = Keymap::with_user("keymap.toml", text);
    (keymap, notices.iter().map(Notice::to_string).collect())
}

#[test]
fn every_command_has_a_name_a_sentence_and_a_place() {
    let mut names = BTreeSet::new();
    let mut actions = BTreeSet::new();
    for command in COMMANDS {
        let name = command.name;
        assert!(names.insert(name), "{name} is the name of one command");
        assert!(actions.insert(command.action), "{name} has its own action");
        let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(name.chars().all(kebab), "{name} is in kebab-case");
        assert!(!name.starts_with('-') && !name.ends_with('-'), "{name}");
        assert!(command.doc.ends_with('.'), "{name}: the sentence ends");
        assert!(
            command.doc.starts_with(char::is_uppercase),
            "{name}: it begins"
        );
        assert!(command.doc.len() <= 60, "{name}: it is short");
        assert!(!command.contexts.is_empty(), "{name} works somewhere");
    }
}

#[test]
fn the_default_file_has_no_mistake() {
    let (_, notices) = Keymap::with_user("keymap.toml", DEFAULT);
    assert_eq!(notices, []);
}

#[test]
fn every_command_has_a_default_key_wherever_it_works() {
    let keymap = Keymap::standard();
    for command in COMMANDS {
        for context in command.contexts {
            let keys = keymap.keys_for(*context, command.action);
            assert!(!keys.is_empty(), "{} in {context:?}", command.name);
        }
    }
}

#[test]
fn every_default_key_leads_to_its_command_wherever_it_counts() {
    let keymap = Keymap::standard();
    for binding in keymap.bindings() {
        let heard = Context::ALL
            .into_iter()
            .filter(|context| context.layers().contains(&binding.context));
        for context in heard {
            let overridden = keymap.bindings().any(|other| {
                other.context == context && other.keys == binding.keys && *other != *binding
            });
            assert!(!overridden, "{binding:?} is bound otherwise in {context:?}");
            assert_eq!(
                keymap.resolve(context, &binding.keys),
                Resolution::Action(binding.action),
                "{binding:?} in {context:?}"
            );
        }
    }
}

#[test]
fn no_default_key_begins_another() {
    let keymap = Keymap::standard();
    for context in Context::ALL {
        let here: Vec<&Binding> = keymap
            .bindings()
            .filter(|binding| context.layers().contains(&binding.context))
            .collect();
        for long in &here {
            let begins = |short: &&&Binding| {
                short.keys.len() < long.keys.len() && long.keys.starts_with(&short.keys)
            };
            assert_eq!(here.iter().find(begins), None, "{long:?} in {context:?}");
        }
    }
}

#[test]
fn no_command_hangs_on_a_key_that_terminals_confuse_or_that_wants_alt_gr() {
    let keymap = Keymap::standard();
    // These need AltGr on the usual keyboards of half of Europe.
    let alt_gr = |keys: &[Key]| Key::join(keys).chars().any(|c| "[]{}@\\|~".contains(c));
    for command in COMMANDS {
        for context in command.contexts {
            let safe = keymap
                .keys_for(*context, command.action)
                .iter()
                .any(|text| {
                    let sequence = keys(text);
                    confused(&sequence).is_none() && !alt_gr(&sequence)
                });
            assert!(safe, "{} in {context:?}", command.name);
        }
    }
}

/// The keys that the design promises, for the commands that exist.
#[test]
fn the_default_keys_are_the_promised_ones() {
    use Context::{Compare, Everywhere, List, Prompt, Reader};
    #[rustfmt::skip] // One line a context: a table to read.
    let promised: &[(Context, &[(&str, &str)])] = &[
        (Everywhere, &[
            ("down", "j ↓"), ("up", "k ↑"), ("page-down", "^d PgDn"), ("page-up", "^u PgUp"), ("top", "gg Home"),
            ("bottom", "G End"), ("next-pane", "Tab"), ("previous-pane", "S-Tab"), ("back", "Esc"), ("close", "q"),
            ("quit", "Q"), ("palette", ": ^p"), ("help", "?"), ("undo", "u"), ("redo", "^r"), ("refresh", "R"),
            ("redraw", "^l"), ("suspend", "^z"), ("interrupt", "^c"),
        ]),
        (List, &[
            ("open", "Enter"), ("unfold", "l →"), ("fold", "h ←"), ("filter", "f"), ("find", "/"), ("find-next", "n"),
            ("find-previous", "N"), ("select", "v"), ("select-all", "*"), ("quick-tag-1", "1"), ("quick-tag-2", "2"),
            ("quick-tag-3", "3"), ("quick-tag-4", "4"), ("quick-tag-5", "5"), ("quick-tag-6", "6"),
            ("quick-tag-7", "7"), ("quick-tag-8", "8"), ("quick-tag-9", "9"), ("tag", "t"), ("repeat", "."),
            ("keep", "a"), ("drop", "x"), ("skip", "s"), ("compare", "d"), ("why-group", "gw"),
            ("versions", "M"), ("statistics", "gt"), ("sort", "S"), ("select-range", "V"),
        ]),
        (Reader, &[
            ("page", "Space"), ("page-back", "b Backspace"), ("next-article", "J"), ("previous-article", "K"),
            ("next-paragraph", "} Alt-↓"), ("previous-paragraph", "{ Alt-↑"), ("next-heading", "]"),
            ("previous-heading", "["), ("next-version", ") Alt-→"), ("previous-version", "( Alt-←"), ("raw", "i"),
            ("focus", "z"), ("wider", "+"), ("narrower", "-"), ("copy-text", "yy"), ("copy-url", "yu"),
            ("copy-path", "yp"), ("reveal", "I"), ("mark", "m"), ("to-mark", "'"), ("jump-back", "^o"),
            ("jump-forward", "^n"), ("browse", "o"), ("edit", "e"), ("fold-boilerplate", "Z"),
        ]),
        (Compare, &[
            ("next-difference", "] Alt-↓"), ("previous-difference", "[ Alt-↑"), ("next-version", ")"),
            ("previous-version", "("), ("keep-left", "<"), ("keep-right", ">"), ("other-end", "gm"),
            ("unified", "="), ("raw", "i"),
        ]),
        (Prompt, &[("accept", "Enter"), ("back", "Esc"), ("interrupt", "^c")]),
    ];
    let keymap = Keymap::standard();
    for (context, commands) in promised {
        for (name, sequences) in *commands {
            let command = Command::by_name(name).expect(name);
            for text in sequences.split(' ') {
                let sequence = match text {
                    "gg" | "gw" | "gt" | "gm" | "yy" | "yu" | "yp" => {
                        keys(&text.chars().map(|c| format!("{c} ")).collect::<String>())
                    }
                    _ => keys(text),
                };
                assert_eq!(
                    keymap.resolve(*context, &sequence),
                    Resolution::Action(command.action),
                    "{text} is {name} in {context:?}"
                );
            }
        }
    }
}

#[test]
fn an_unfinished_sequence_explains_itself() {
    let keymap = Keymap::standard();
    let explained = |context, text: &str| match keymap.resolve(context, &keys(text)) {
        Resolution::Pending(labels) => labels
            .into_iter()
            .map(|(key, label)| format!("{key} {label}"))
            .collect(),
        other => vec![format!("{other:?}")],
    };
    assert_eq!(
        explained(Context::List, "g"),
        [
            "a rule",
            "d changes",
            "g top",
            "l messages",
            "n not-version",
            "s same-text",
            "t statistics",
            "w why-group"
        ]
    );
    assert_eq!(
        explained(Context::Compare, "g"),
        [
            "g top",
            "l messages",
            "m other-end",
            "n not-version",
            "s same-text",
            "w why-group"
        ]
    );
    assert_eq!(explained(Context::List, "g x"), ["None"]);
    assert_eq!(explained(Context::Prompt, "g"), ["None"], "it is typed");
    assert_eq!(explained(Context::Prompt, "q"), ["None"], "it is typed");
}

#[test]
fn the_users_keys_lie_over_the_default() {
    let (keymap, notices) = user(
        r#"
        [list]
        "D" = "drop"
        "x" = false
        "g k" = "keep"
        [everywhere]
        "Q" = "help"
        "#,
    );
    assert_eq!(notices, [""; 0]);
    assert_eq!(keymap.keys_for(Context::List, Action::Drop), ["D"]);
    assert_eq!(keymap.keys_for(Context::Reader, Action::Drop), ["x"]);
    assert_eq!(keymap.keys_for(Context::List, Action::Keep), ["g k", "a"]);
    assert_eq!(keymap.keys_for(Context::Reader, Action::Help), ["Q", "?"]);
    assert_eq!(keymap.keys_for(Context::List, Action::Quit), [""; 0]);
}

#[test]
fn a_pane_may_bind_a_key_otherwise() {
    let (keymap, notices) = user("[reader]\n\"u\" = \"copy-url\"\n");
    assert_eq!(notices, [""; 0]);
    let undo = Action::Undo;
    assert_eq!(
        keymap.keys_for(Context::Reader, Action::CopyUrl),
        ["u", "y u"]
    );
    assert_eq!(keymap.keys_for(Context::Reader, undo), [""; 0]);
    assert_eq!(keymap.keys_for(Context::List, undo), ["u"]);
}

#[test]
fn a_mistake_costs_its_line_and_nothing_else() {
    let (keymap, notices) = user(
        r#"[list]
"D" = "drpo"
"Entr" = "open"
"e" = "page"
"w" = 3
"!" = false
"E" = "keep"
[lits]
"e" = "open"
"#,
    );
    assert_eq!(
        notices,
        [
            "keymap.toml:2:7: no command is called \"drpo\"; did you mean \"drop\"?",
            "keymap.toml:3:1: no key is called \"Entr\"; keys are written like j, ^d, Alt-Down, F1, or in a row: g g",
            "keymap.toml:4:7: \"page\" does nothing in [list]; it works in [reader]",
            "keymap.toml:5:7: a key leads to the name of a command, or to false to unbind it",
            "keymap.toml:6:1: nothing is bound to ! in [list]",
            "keymap.toml:8:2: no context is called \"lits\"; did you mean \"list\"?",
        ]
    );
    assert_eq!(keymap.keys_for(Context::List, Action::Keep), ["E", "a"]);
    assert_eq!(keymap.keys_for(Context::List, Action::Drop), ["x"]);
}

#[test]
fn what_is_not_toml_costs_its_line_too() {
    let (keymap, notices) = user("[list]\n\"D\" = = \"drop\"\n\"E\" = \"keep\"\n");
    assert!(
        notices
            .first()
            .is_some_and(|notice| notice.starts_with("keymap.toml:2:")),
        "{notices:?}"
    );
    assert_eq!(keymap.keys_for(Context::List, Action::Keep), ["E", "a"]);
}

#[test]
fn a_key_that_hides_others_is_named() {
    let (keymap, notices) = user("[list]\n\"g\" = \"keep\"\n");
    assert_eq!(
        notices,
        [
            "keymap.toml:2:1: g hides g a",
            "keymap.toml:2:1: g hides g d",
            "keymap.toml:2:1: g hides g g",
            "keymap.toml:2:1: g hides g l",
            "keymap.toml:2:1: g hides g n",
            "keymap.toml:2:1: g hides g s",
            "keymap.toml:2:1: g hides g t",
            "keymap.toml:2:1: g hides g w",
        ]
    );
    assert_eq!(keymap.keys_for(Context::List, Action::Keep), ["g", "a"]);
    assert_eq!(
        keymap.keys_for(Context::Reader, Action::Top),
        ["g g", "Home"]
    );
}

#[test]
fn a_key_that_terminals_confuse_is_named_when_it_is_the_only_one() {
    let (keymap, notices) = user("[list]\n\"x\" = false\n\"^i\" = \"drop\"\n\"^s\" = \"skip\"\n");
    assert_eq!(
        notices,
        ["keymap.toml:3:1: many terminals take ^i for Tab; bind another key as well"]
    );
    assert_eq!(keymap.keys_for(Context::List, Action::Skip), ["^s", "s"]);
}

#[test]
fn the_same_key_twice_is_a_mistake_of_the_file() {
    let (_, notices) = user("[list]\n\"e\" = \"keep\"\n\"e\" = \"drop\"\n");
    assert_eq!(notices, ["keymap.toml:3:1: duplicate key"]);
    let (_, notices) = user("[list]\n\"^d\" = \"keep\"\n\"C-d\" = \"drop\"\n");
    assert_eq!(notices, ["keymap.toml:3:1: ^d is bound above already"]);
}
