//! What things look like, by what they mean.
//!
//! Views ask for a role, never for a colour. Signs, position and underline carry the meaning, colour only helps: in
//! [`Theme::mono`] nothing is lost. The two sides of a comparison are blue and orange, which every common kind of
//! colour blindness tells apart; red and green are nowhere a pair. Body text keeps the terminal's own colours, so a
//! person's own contrast and background stay.
//!
//! The colours are of the fixed part of the 256: the first sixteen are whatever a terminal's owner made of them, and
//! true colour is not everywhere. The themes are code and not files because a theme with a missing role should not
//! compile; a person's own `theme.toml` lies over them role by role (`config/theme.rs`).

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
    /// Strong colours and no grey, for weak eyes and bright rooms.
    HighContrast,
    /// The eight colours of Okabe and Ito (2008), which everybody tells apart.
    ColourBlind,
    /// Without any colour.
    Mono,
}

impl ThemeName {
    /// Every name.
    pub const ALL: [Self; 6] = [
        Self::Auto,
        Self::Dark,
        Self::Light,
        Self::HighContrast,
        Self::ColourBlind,
        Self::Mono,
    ];

    /// The word in `config.toml`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Dark => "dark",
            Self::Light => "light",
            Self::HighContrast => "high-contrast",
            Self::ColourBlind => "colour-blind",
            Self::Mono => "mono",
        }
    }

    /// The theme of that name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.as_str() == name)
    }
}

/// Makes the theme from one list of roles, so that no table of them can miss one.
macro_rules! roles {
    ($($(#[doc = $doc:literal])+ $role:ident,)+) => {
        /// The style of every role.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct Theme {
            $($(#[doc = $doc])+ pub $role: Style,)+
        }

        /// Every role: its name, and what it is for.
        pub const ROLES: &[(&str, &str)] = &[$((stringify!($role), concat!($($doc),+))),+];

        impl Theme {
            /// The style of the role with that name.
            pub fn role_mut(&mut self, name: &str) -> Option<&mut Style> {
                match name {
                    $(stringify!($role) => Some(&mut self.$role),)+
                    _ => None,
                }
            }

            /// Every role with its style.
            pub fn roles(&self) -> Vec<(&'static str, Style)> {
                vec![$((stringify!($role), self.$role)),+]
            }
        }
    };
}

roles! {
    /// Text to read: the terminal's own colours.
    body,
    /// What is there but not to be read first: dates in lists, boilerplate, what a focus dims.
    muted,
    /// The title of an article or screen.
    title,
    /// What the eye should find: the name of the pane with the keys, progress, counts.
    accent,
    /// Lines between panes.
    border,
    /// The row under the cursor of the pane that has the keys.
    selection,
    /// The row under the cursor of another pane.
    selection_idle,
    /// Rows picked one by one.
    picked,
    /// What stands only on the left: its sign and its row.
    left,
    /// What stands only on the right: its sign and its row.
    right,
    /// Changed words on the left.
    left_changed,
    /// Changed words on the right.
    right_changed,
    /// Words that stand elsewhere on the other side.
    moved,
    /// Text that was searched for.
    matched,
    /// The match that the cursor is on.
    current_match,
    /// A link in an article.
    link,
    /// Words that an article stresses strongly.
    strong,
    /// Words that an article stresses, quotations, captions.
    emphasis,
    /// Code.
    code,
    /// A tag.
    tag,
    /// A key, in footer and help.
    key,
    /// Something to know.
    warning,
    /// Something that went wrong.
    error,
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

    /// The theme with strong colours only: nothing is dimmed, and the row under the cursor is reversed.
    pub const fn high_contrast(light: bool) -> Self {
        let palette = match light {
            false => Palette {
                grey: 254,
                faint: 250,
                row: 16,
                row_idle: 238,
                blue: 117,
                orange: 220,
                violet: 219,
                cyan: 123,
                yellow: 226,
                red: 217,
                on_match: 16,
            },
            true => Palette {
                grey: 235,
                faint: 240,
                row: 231,
                row_idle: 254,
                blue: 18,
                orange: 88,
                violet: 54,
                cyan: 17,
                yellow: 52,
                red: 88,
                on_match: 231,
            },
        };
        let mut theme = Self::coloured(&palette);
        theme.selection = Style::new().add_modifier(Modifier::REVERSED.union(Modifier::BOLD));
        theme
    }

    /// The theme in colours that everybody tells apart.
    pub const fn colour_blind(light: bool) -> Self {
        let palette = match light {
            false => Palette {
                grey: 245,
                faint: 240,
                row: 237,
                row_idle: 235,
                blue: 74,
                orange: 214,
                violet: 175,
                cyan: 43,
                yellow: 227,
                red: 209,
                on_match: 16,
            },
            true => Palette {
                grey: 241,
                faint: 247,
                row: 253,
                row_idle: 255,
                blue: 25,
                orange: 130,
                violet: 126,
                cyan: 23,
                yellow: 58,
                red: 130,
                on_match: 231,
            },
        };
        Self::coloured(&palette)
    }

    /// The same theme in the sixteen colours that every terminal has, for those that have no more. Grey is left out:
    /// what the owner made of it may be the background.
    pub fn sixteen(mut self, light: bool) -> Self {
        let names = ROLES.iter().map(|(name, _)| *name);
        for name in names {
            if let Some(style) = self.role_mut(name) {
                *style = in_sixteen(name, *style, light);
            }
        }
        self
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

/// The style of a role where there are sixteen colours.
fn in_sixteen(role: &str, style: Style, light: bool) -> Style {
    let plain = Style::new().add_modifier(style.add_modifier);
    let pick = |dark: Color, bright: Color| plain.fg(if light { dark } else { bright });
    match role {
        "selection" => plain.add_modifier(Modifier::REVERSED),
        "selection_idle" => plain.add_modifier(Modifier::BOLD),
        "current_match" => plain.add_modifier(Modifier::REVERSED | Modifier::BOLD),
        _ if style.fg.is_none() => plain,
        "muted" | "border" => plain.add_modifier(Modifier::DIM),
        "left" | "left_changed" | "accent" => pick(Color::Blue, Color::LightBlue),
        "right" | "right_changed" | "warning" | "matched" => pick(Color::Red, Color::Yellow),
        "moved" | "picked" => pick(Color::Magenta, Color::LightMagenta),
        "error" => pick(Color::Red, Color::LightRed),
        _ => pick(Color::Cyan, Color::LightCyan),
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

impl ThemeName {
    /// The theme for a light or dark background, where the name leaves that open.
    pub const fn theme(self, light: bool) -> Theme {
        match (self, light) {
            (Self::Dark, _) | (Self::Auto, false) => Theme::dark(),
            (Self::Light, _) | (Self::Auto, true) => Theme::light(),
            (Self::HighContrast, light) => Theme::high_contrast(light),
            (Self::ColourBlind, light) => Theme::colour_blind(light),
            (Self::Mono, _) => Theme::mono(),
        }
    }

    /// Says whether it looks otherwise on another background.
    pub const fn goes_by_background(self) -> bool {
        matches!(self, Self::Auto | Self::HighContrast | Self::ColourBlind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const THEMES: [Theme; 7] = [
        Theme::dark(),
        Theme::light(),
        Theme::high_contrast(false),
        Theme::high_contrast(true),
        Theme::colour_blind(false),
        Theme::colour_blind(true),
        Theme::mono(),
    ];

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
        for (role, style) in Theme::mono().roles() {
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
            (Theme::colour_blind(false), [20.0; 3], [220.0; 3]),
            (Theme::colour_blind(true), [250.0; 3], [30.0; 3]),
            (Theme::high_contrast(false), [20.0; 3], [220.0; 3]),
            (Theme::high_contrast(true), [250.0; 3], [30.0; 3]),
        ] {
            for (role, style) in theme.roles() {
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
    fn sixteen_colours_are_the_terminals_own() {
        for light in [false, true] {
            for (role, style) in Theme::dark().sixteen(light).roles() {
                assert!(
                    !matches!(style.fg, Some(Color::Indexed(_) | Color::Rgb(..))),
                    "{role}"
                );
                assert_eq!(style.bg, None, "{role}");
            }
        }
    }

    #[test]
    fn every_role_has_a_name_and_is_found_by_it() {
        let mut theme = Theme::dark();
        for (name, doc) in ROLES {
            assert!(theme.role_mut(name).is_some(), "{name}");
            assert!(doc.ends_with('.'), "{name}: {doc}");
        }
        assert!(theme.role_mut("nothing").is_none());
    }

    #[test]
    fn names_read_back() {
        for name in ThemeName::ALL {
            assert_eq!(ThemeName::by_name(name.as_str()), Some(name));
        }
    }
}
