//! What a person writes: queries, keymaps, themes, settings. A mistake is named where it stands and costs its line; what
//! is understood reads back as it was written.

use std::collections::BTreeMap;
use std::ops::Range;

use recto::config::{self, Config, theme};
use recto::keymap::{Key, Keymap};
use recto::model::Date;
use recto::query::{self, Context, Vocabulary};
use recto::theme::ThemeName;

/// The first byte chooses what the rest is.
pub fn holds(data: &[u8]) {
    let Some((&which, bytes)) = data.split_first() else {
        return;
    };
    let text = String::from_utf8_lossy(bytes);
    match which % 4 {
        0 => a_query(&text),
        1 => a_keymap(&text),
        2 => a_theme(&text),
        _ => a_config(&text),
    }
}

fn a_query(text: &str) {
    let today = Date::new(2020, 4, 8).expect("a day");
    let saved: BTreeMap<String, String> = [
        ("inbox", "-is:reviewed versions:>1 sort:-words limit:5"),
        ("to do", "#todo OR query:inbox"),
        ("ring", "query:ring"),
    ]
    .map(|(name, query)| (name.to_owned(), query.to_owned()))
    .into();
    let context = Context {
        today,
        saved: &saved,
    };
    match query::parse(text, context) {
        Err(error) => {
            points_into(text, &error.at);
            let shown = error.render(text);
            assert_eq!(
                shown.lines().count(),
                2,
                "the query and its carets: {shown:?}"
            );
            harmless(&shown);
            harmless(&error.to_string());
        }
        Ok(query) => {
            let written = query.to_string();
            let again = query::parse(&written, today).expect("what was written is a query");
            assert_eq!(again, query, "written as {written:?}");
            assert_eq!(again.to_string(), written, "writing is stable");
        }
    }
    let vocabulary = Vocabulary::default();
    for cursor in [0, text.len() / 2, text.len()] {
        let completion = query::complete(text, cursor, &vocabulary, &saved);
        points_into(text, &completion.at);
    }
}

fn points_into(text: &str, at: &Range<usize>) {
    assert!(text.get(at.clone()).is_some(), "{at:?} lies in {text:?}");
}

fn a_keymap(text: &str) {
    let (keymap, notices) = Keymap::with_user("keymap.toml", text);
    for notice in notices {
        harmless(&notice.to_string());
    }
    for binding in keymap.bindings() {
        let written = Key::join(&binding.keys);
        assert_eq!(
            Key::sequence(&written).as_ref(),
            Ok(&binding.keys),
            "{written}"
        );
    }
}

fn a_theme(text: &str) {
    let (own, notices) = theme::read("theme.toml", text);
    for notice in notices {
        harmless(&notice.to_string());
    }
    for light in [false, true] {
        let theme = own.over(ThemeName::Auto.theme(light), light);
        assert!(!theme.roles().is_empty());
    }
}

fn a_config(text: &str) {
    let (layer, notices) = config::read("config.toml", text);
    for notice in notices {
        harmless(&notice.to_string());
    }
    let config = Config::new(layer, config::Layer::default());
    assert!((20..=200).contains(&*config.measure));
    assert!(*config.max_record_mb > 0 && *config.max_nesting > 0 && *config.max_ratio > 0);
}

/// Nothing of what was written reaches the terminal as an order.
fn harmless(message: &str) {
    let orders = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
    };
    assert!(!message.contains(orders), "{message:?}");
}
