//! What things look like, by what they mean.
//!
//! Views ask for a role, never for a colour. Signs, position and underline carry the meaning, colour only helps: in
//! [`Theme::mono`] nothing is lost. The two sides of a comparison are blue and orange, which every common kind of
//! colour blindness tells apart; red and green are nowhere a pair. Body text keeps the terminal's own colours, so a
//! person's own contrast and background stay.
//!
//! The colours are of the fixed part of the 256: the first sixteen are whatever a terminal's owner made of them, and
//! true colour is not everywhere. The themes are code and not files because a theme with a missing role should not
//! compile.

use ratatui::style::{Color, Modifier, Style};

/// Which theme a person wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ThemeName {
    /// Dark or light, as the terminal's background is; mono where colours are not wanted.
    #[default]
    Auto,
    /// For a dark background.
    Dark,
    /// For a light background.
    Light,
    /// Without any colour.
    Mono,
}

impl ThemeName {
    /// Every name.
    pub const ALL: [Self; 4] = [Self::Auto, Self::Dark, Self::Light, Self::Mono];

    /// The word in `config.toml`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Dark => "dark",
            Self::Light => "light",
            Self::Mono => "mono",
        }
    }

    /// The theme of that name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.as_str() == name)
    }
}

/// The style of every role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Text to read: the terminal's own colours.
    pub body: Style,
    /// What is there but not to be read first: dates in lists, boilerplate, what a focus dims.
    pub muted: Style,
    /// The title of an article or screen.
    pub title: Style,
    /// What the eye should find: the name of the pane with the keys, progress, counts.
    pub accent: Style,
    /// Lines between panes.
    pub border: Style,
    /// The row under the cursor of the pane that has the keys.
    pub selection: Style,
    /// The row under the cursor of another pane.
    pub selection_idle: Style,
    /// Rows picked one by one.
    pub picked: Style,
    /// What stands only on the left: its sign and its row.
    pub left: Style,
    /// What stands only on the right: its sign and its row.
    pub right: Style,
    /// Changed words on the left.
    pub left_changed: Style,
    /// Changed words on the right.
    pub right_changed: Style,
    /// Words that stand elsewhere on the other side.
    pub moved: Style,
    /// Text that was searched for.
    pub matched: Style,
    /// The match that the cursor is on.
    pub current_match: Style,
    /// A link in an article.
    pub link: Style,
    /// Words that an article stresses strongly.
    pub strong: Style,
    /// Words that an article stresses, quotations, captions.
    pub emphasis: Style,
    /// Code.
    pub code: Style,
    /// A tag.
    pub tag: Style,
    /// A key, in footer and help.
    pub key: Style,
    /// Something to know.
    pub warning: Style,
    /// Something that went wrong.
    pub error: Style,
}

impl Theme {
    /// The theme for a dark background.
    pub const fn dark() -> Self {
        Self::coloured(&Palette {
            grey: 245,
            faint: 240,
            row: 237,
            row_idle: 235,
            blue: 75,
            orange: 215,
            violet: 141,
            cyan: 80,
            yellow: 221,
            red: 210,
            on_match: 16,
        })
    }

    /// The theme for a light background.
    pub const fn light() -> Self {
        Self::coloured(&Palette {
            grey: 241,
            faint: 247,
            row: 253,
            row_idle: 255,
            blue: 25,
            orange: 130,
            violet: 91,
            cyan: 23,
            yellow: 94,
            red: 124,
            on_match: 231,
        })
    }

    /// The theme without colours.
    pub const fn mono() -> Self {
        let plain = Style::new();
        let bold = plain.add_modifier(Modifier::BOLD);
        let dim = plain.add_modifier(Modifier::DIM);
        let underlined = plain.add_modifier(Modifier::UNDERLINED);
        Self {
            body: plain,
            muted: dim,
            title: bold,
            accent: bold,
            border: dim,
            selection: plain.add_modifier(Modifier::REVERSED),
            selection_idle: bold,
            picked: bold,
            left: plain,
            right: plain,
            left_changed: underlined,
            right_changed: underlined,
            moved: plain.add_modifier(Modifier::ITALIC),
            matched: bold.add_modifier(Modifier::UNDERLINED),
            current_match: plain.add_modifier(Modifier::REVERSED),
            link: underlined,
            strong: bold,
            emphasis: plain.add_modifier(Modifier::ITALIC),
            code: plain,
            tag: bold,
            key: bold,
            warning: bold,
            error: bold,
        }
    }

    const fn coloured(palette: &Palette) -> Self {
        let plain = Style::new();
        let bold = plain.add_modifier(Modifier::BOLD);
        let left = plain.fg(Color::Indexed(palette.blue));
        let right = plain.fg(Color::Indexed(palette.orange));
        let violet = plain.fg(Color::Indexed(palette.violet));
        let yellow = plain.fg(Color::Indexed(palette.yellow));
        Self {
            body: plain,
            muted: plain.fg(Color::Indexed(palette.grey)),
            title: bold,
            accent: left.add_modifier(Modifier::BOLD),
            border: plain.fg(Color::Indexed(palette.faint)),
            selection: bold.bg(Color::Indexed(palette.row)),
            selection_idle: plain.bg(Color::Indexed(palette.row_idle)),
            picked: violet.add_modifier(Modifier::BOLD),
            left,
            right,
            left_changed: left.add_modifier(Modifier::UNDERLINED),
            right_changed: right.add_modifier(Modifier::UNDERLINED),
            moved: violet.add_modifier(Modifier::ITALIC),
            matched: yellow.add_modifier(Modifier::UNDERLINED),
            current_match: plain
                .fg(Color::Indexed(palette.on_match))
                .bg(Color::Indexed(palette.yellow)),
            link: plain.add_modifier(Modifier::UNDERLINED),
            strong: bold,
            emphasis: plain.add_modifier(Modifier::ITALIC),
            code: plain.fg(Color::Indexed(palette.cyan)),
            tag: plain.fg(Color::Indexed(palette.cyan)),
            key: bold,
            warning: yellow.add_modifier(Modifier::BOLD),
            error: plain
                .fg(Color::Indexed(palette.red))
                .add_modifier(Modifier::BOLD),
        }
    }
}

/// The numbers of the colours that a theme is mixed from.
struct Palette {
    grey: u8,
    faint: u8,
    row: u8,
    row_idle: u8,
    blue: u8,
    orange: u8,
    violet: u8,
    cyan: u8,
    yellow: u8,
    red: u8,
    /// Stands on yellow.
    on_match: u8,
}

#[cfg(test)]
mod tests {
    use super::*;

    const THEMES: [Theme; 3] = [Theme::dark(), Theme::light(), Theme::mono()];

    /// Every role with its style. Taken apart whole, so that a new role is not forgotten.
    fn roles(theme: Theme) -> Vec<(&'static str, Style)> {
        let Theme {
            body,
            muted,
            title,
            accent,
            border,
            selection,
            selection_idle,
            picked,
            left,
            right,
            left_changed,
            right_changed,
            moved,
            matched,
            current_match,
            link,
            strong,
            emphasis,
            code,
            tag,
            key,
            warning,
            error,
        } = theme;
        vec![
            ("body", body),
            ("muted", muted),
            ("title", title),
            ("accent", accent),
            ("border", border),
            ("selection", selection),
            ("selection_idle", selection_idle),
            ("picked", picked),
            ("left", left),
            ("right", right),
            ("left_changed", left_changed),
            ("right_changed", right_changed),
            ("moved", moved),
            ("matched", matched),
            ("current_match", current_match),
            ("link", link),
            ("strong", strong),
            ("emphasis", emphasis),
            ("code", code),
            ("tag", tag),
            ("key", key),
            ("warning", warning),
            ("error", error),
        ]
    }

    /// The colour with that number in the fixed part of the 256.
    fn rgb(number: u8) -> [f64; 3] {
        let level = |step: u8| f64::from(if step == 0 { 0 } else { 55 + step * 40 });
        match number {
            0..=15 => panic!("the first sixteen are the terminal owner's"),
            16..=231 => {
                let cube = number - 16;
                [level(cube / 36), level(cube / 6 % 6), level(cube % 6)]
            }
            grey => [f64::from(8 + (grey - 232) * 10); 3],
        }
    }

    fn luminance([red, green, blue]: [f64; 3]) -> f64 {
        let linear = |value: f64| ((value / 255.0 + 0.055) / 1.055).powf(2.4);
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
        let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
        (a / b).max(b / a)
    }

    fn number(color: Option<Color>) -> Option<u8> {
        color.map(|color| match color {
            Color::Indexed(number) => number,
            other => panic!("{other:?} is not of the 256"),
        })
    }

    #[test]
    fn body_text_keeps_the_terminals_colours() {
        for theme in THEMES {
            assert_eq!(theme.body, Style::new());
            assert_eq!((theme.title.fg, theme.title.bg), (None, None));
        }
    }

    #[test]
    fn nothing_that_matters_hangs_on_colour() {
        for (role, style) in roles(Theme::mono()) {
            assert_eq!((style.fg, style.bg), (None, None), "{role}");
        }
        for theme in THEMES {
            for style in [theme.left_changed, theme.right_changed, theme.matched] {
                assert!(style.add_modifier.contains(Modifier::UNDERLINED));
            }
            assert_ne!(theme.selection, theme.selection_idle);
            assert_ne!(theme.matched, theme.current_match);
            assert_ne!(theme.moved, theme.left_changed);
        }
    }

    #[test]
    fn text_can_be_read_on_its_background() {
        for (theme, paper, ink) in [
            (Theme::dark(), [20.0; 3], [220.0; 3]),
            (Theme::light(), [250.0; 3], [30.0; 3]),
        ] {
            for (role, style) in roles(theme) {
                let front = number(style.fg).map_or(ink, rgb);
                let back = number(style.bg).map_or(paper, rgb);
                // A line between panes need not be read.
                let enough = if role == "border" { 2.0 } else { 4.5 };
                let found = contrast(front, back);
                assert!(found >= enough, "{role}: {found:.1}");
            }
        }
    }

    #[test]
    fn the_sides_are_blue_and_orange() {
        for theme in [Theme::dark(), Theme::light()] {
            let [red, _, blue] = rgb(number(theme.left.fg).expect("coloured"));
            assert!(blue > red, "left is blue");
            let [red, green, blue] = rgb(number(theme.right.fg).expect("coloured"));
            assert!(red > green && green > blue, "right is orange");
        }
    }

    #[test]
    fn names_read_back() {
        for name in ThemeName::ALL {
            assert_eq!(ThemeName::by_name(name.as_str()), Some(name));
        }
    }
}
