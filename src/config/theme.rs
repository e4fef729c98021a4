//! `theme.toml`: a person's own colours, role by role over the theme that is chosen.
//!
//! ```toml
//! left = "#7aa2f7"
//! right_changed = "215 underlined bold"
//! selection = "white on blue"
//! [light]
//! left = "blue"
//! ```

use std::str::FromStr;

use ratatui::style::{Color, Modifier, Style};
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use crate::nearest::did_you_mean;
use crate::notice::{Notice, Reading};
use crate::theme::{ROLES, Theme};

/// The styles that a person has set, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Own {
    both: Vec<(&'static str, Style)>,
    dark: Vec<(&'static str, Style)>,
    light: Vec<(&'static str, Style)>,
}

impl Own {
    /// Lays the person's styles over a theme for a light or dark background.
    pub fn over(&self, mut theme: Theme, light: bool) -> Theme {
        let own = if light { &self.light } else { &self.dark };
        for (role, style) in self.both.iter().chain(own) {
            if let Some(place) = theme.role_mut(role) {
                *place = *style;
            }
        }
        theme
    }
}

/// Reads a file. A mistake costs its own line, never the rest.
pub fn read(file: &str, text: &str) -> (Own, Vec<Notice>) {
    let (mut reading, table) = Reading::new(file, text);
    let mut own = Own::default();
    lines(&table, &mut own.both, &mut reading);
    for (name, value) in written(&table) {
        if let DeValue::Table(table) = value.get_ref() {
            match &**name.get_ref() {
                "dark" => lines(table, &mut own.dark, &mut reading),
                "light" => lines(table, &mut own.light, &mut reading),
                other => {
                    let known = did_you_mean(other, ["dark", "light"]);
                    reading.notice(
                        name.span(),
                        format!("no kind of background is called \"{other}\"{known}"),
                    );
                }
            }
        }
    }
    (own, reading.finish())
}

fn lines(table: &DeTable<'_>, styles: &mut Vec<(&'static str, Style)>, reading: &mut Reading<'_>) {
    for (name, value) in written(table) {
        if matches!(value.get_ref(), DeValue::Table(_)) {
            continue;
        }
        let Some((role, _)) = ROLES.iter().find(|(role, _)| role == name.get_ref()) else {
            let known = did_you_mean(name.get_ref(), ROLES.iter().map(|(role, _)| *role));
            let message = format!("no role is called \"{}\"{known}", name.get_ref());
            reading.notice(name.span(), message);
            continue;
        };
        match value.get_ref().as_str().and_then(style) {
            Some(style) => styles.push((role, style)),
            None => reading.notice(
                value.span(),
                format!("{role} takes colours and bold, dim, italic, underlined, reversed: \"#7aa2f7 on 235 bold\""),
            ),
        }
    }
}

fn written<'a, 'i>(
    table: &'a DeTable<'i>,
) -> impl Iterator<Item = (&'a Spanned<DeString<'i>>, &'a Spanned<DeValue<'i>>)> {
    table.iter().filter(|(_, value)| !value.span().is_empty())
}

/// `#7aa2f7 on 235 bold`: a colour, `on` and another, and how it is written.
fn style(text: &str) -> Option<Style> {
    let mut style = Style::new();
    let mut words = text.split_whitespace();
    while let Some(word) = words.next() {
        style = match word {
            "on" => style.bg(colour(words.next()?)?),
            "bold" => style.add_modifier(Modifier::BOLD),
            "dim" => style.add_modifier(Modifier::DIM),
            "italic" => style.add_modifier(Modifier::ITALIC),
            "underlined" => style.add_modifier(Modifier::UNDERLINED),
            "reversed" => style.add_modifier(Modifier::REVERSED),
            "default" => style,
            colour_name => style.fg(colour(colour_name)?),
        };
    }
    Some(style)
}

/// A name, a number of the 256, or `#rrggbb`.
fn colour(word: &str) -> Option<Color> {
    Color::from_str(word).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_styles_lie_over_a_theme() {
        let (own, notices) = read(
            "theme.toml",
            "left = \"#7aa2f7 bold\"\nselection = \"white on 235\"\n[light]\nleft = \"blue\"\n",
        );
        assert_eq!(notices, []);
        let dark = own.over(Theme::dark(), false);
        assert_eq!(dark.left.fg, Some(Color::Rgb(0x7a, 0xa2, 0xf7)));
        assert!(dark.left.add_modifier.contains(Modifier::BOLD));
        assert_eq!(dark.selection.bg, Some(Color::Indexed(235)));
        assert_eq!(own.over(Theme::light(), true).left.fg, Some(Color::Blue));
        assert_eq!(dark.right, Theme::dark().right, "what is not named stays");
    }

    #[test]
    fn a_mistake_costs_its_line() {
        let (own, notices) = read(
            "theme.toml",
            "lfet = \"blue\"\nright = \"blurple\"\ntag = \"cyan\"\n[drak]\ntag = \"red\"\n",
        );
        let notices: Vec<String> = notices.iter().map(Notice::to_string).collect();
        assert_eq!(
            notices,
            [
                "theme.toml:1:1: no role is called \"lfet\"; did you mean \"left\"?",
                "theme.toml:2:9: right takes colours and bold, dim, italic, underlined, reversed: \"#7aa2f7 on 235 bold\"",
                "theme.toml:4:2: no kind of background is called \"drak\"; did you mean \"dark\"?",
            ]
        );
        assert_eq!(own.over(Theme::dark(), false).tag.fg, Some(Color::Cyan));
    }
}
