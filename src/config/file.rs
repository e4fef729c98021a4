//! `config.toml` to a layer, by one table of settings; documentation comes from the same table.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeInteger, DeString, DeTable, DeValue};

use super::{Layer, QUICK_TAGS};
use crate::nearest::did_you_mean;
use crate::notice::{Notice, Reading};
use crate::theme::ThemeName;

/// The default, as the user may read and copy it. A test proves that it says what [`Config::default`] does.
///
/// [`Config::default`]: super::Config
pub const DEFAULT: &str = include_str!("../../assets/config.toml");

/// The lines that are too short or too long to read.
const MEASURES: std::ops::RangeInclusive<u16> = 20..=200;

/// One setting that a file may have.
#[derive(Clone, Copy, Debug)]
pub struct SettingInfo {
    /// Its name, in kebab-case.
    pub name: &'static str,
    /// What it does, in a short sentence.
    pub doc: &'static str,
    /// Takes the value in, or says what would be right.
    read: fn(&mut Layer, &DeValue<'_>) -> Result<(), String>,
}

const fn setting(
    name: &'static str,
    doc: &'static str,
    read: fn(&mut Layer, &DeValue<'_>) -> Result<(), String>,
) -> SettingInfo {
    SettingInfo { name, doc, read }
}

/// Every setting but the table of quick tags, in the order of the file.
#[rustfmt::skip] // One setting a line: a table to read.
pub const SETTINGS: &[SettingInfo] = &[
    setting("measure", "How many columns a line of an article has.", |layer, value| put(&mut layer.measure, measure(value))),
    setting("theme", "The colours.", |layer, value| put(&mut layer.theme, theme(value))),
    setting("ascii", "Draws lines and signs with plain ASCII only.", |layer, value| put(&mut layer.ascii, truth(value))),
    setting("mouse", "Takes the mouse.", |layer, value| put(&mut layer.mouse, truth(value))),
    setting("hyperlinks", "Tells the terminal where links lead, so that it can follow them.", |layer, value| put(&mut layer.hyperlinks, truth(value))),
    setting("reduced-motion", "Lets nothing move by itself.", |layer, value| put(&mut layer.reduced_motion, truth(value))),
    setting("focus-dims", "Dims what stands around the paragraph in focus.", |layer, value| put(&mut layer.focus_dims, truth(value))),
    setting("author", "Says whose decisions these are.", |layer, value| put(&mut layer.author, text(value))),
    setting("go-on-after-decision", "Goes to the next article after keep, drop and skip.",
        |layer, value| put(&mut layer.go_on_after_decision, truth(value))),
    setting("max-record-mb", "Reads articles up to this size, in megabytes.", |layer, value| put(&mut layer.max_record_mb, number(value, 1..=4096))),
    setting("max-file-mb", "Reads files up to this size after decompression, in megabytes.", |layer, value| put(&mut layer.max_file_mb, number(value, 1..=1_000_000_000))),
    setting("max-ratio", "Lets a file grow so many times when it is decompressed, past 64 MB.", |layer, value| put(&mut layer.max_ratio, number(value, 1..=1_000_000))),
    setting("max-nesting", "Reads records whose parts stand so deep in each other.", |layer, value| put(&mut layer.max_nesting, number(value, 1..=100_000))),
    setting("max-window-mb", "Gives zstd and xz so much memory, in megabytes.", |layer, value| put(&mut layer.max_window_mb, number(value, 1..=2048))),
    setting("memory-mb", "Groups with so much memory, in megabytes, and goes on through files beyond it.", |layer, value| put(&mut layer.memory_mb, number(value, 16..=1_000_000))),
];

/// The table whose lines are the quick tags.
const TAGS: &str = "quick-tags";

/// Reads a file. A mistake costs its own line, never the rest.
pub fn read(file: &str, text: &str) -> (Layer, Vec<Notice>) {
    let (mut reading, table) = Reading::new(file, text);
    let mut layer = Layer::default();
    for (name, value) in written(&table) {
        let known = SETTINGS
            .iter()
            .find(|setting| setting.name == *name.get_ref());
        let result = match (known, value.get_ref()) {
            (Some(setting), given) => (setting.read)(&mut layer, given)
                .map_err(|right| (value.span(), format!("{} takes {right}", setting.name))),
            (None, DeValue::Table(tags)) if name.get_ref() == TAGS => {
                for (key, tag) in written(tags) {
                    if let Err((span, message)) = quick_tag(&mut layer, key, tag) {
                        reading.notice(span, message);
                    }
                }
                Ok(())
            }
            (None, _) if name.get_ref() == TAGS => {
                let message = "quick tags stand under [quick-tags], one a line: 1 = \"todo\"";
                Err((name.span(), message.to_owned()))
            }
            (None, _) => Err((name.span(), unknown(name.get_ref()))),
        };
        if let Err((span, message)) = result {
            reading.notice(span, message);
        }
    }
    (layer, reading.finish())
}

/// What really stands in the table: in the place of a mistake the TOML reader puts something that stands nowhere.
fn written<'a, 'i>(
    table: &'a DeTable<'i>,
) -> impl Iterator<Item = (&'a Spanned<DeString<'i>>, &'a Spanned<DeValue<'i>>)> {
    table.iter().filter(|(_, value)| !value.span().is_empty())
}

fn unknown(name: &str) -> String {
    let names = SETTINGS.iter().map(|setting| setting.name).chain([TAGS]);
    format!(
        "no setting is called \"{name}\"{}",
        did_you_mean(name, names)
    )
}

fn quick_tag(
    layer: &mut Layer,
    key: &Spanned<DeString<'_>>,
    tag: &Spanned<DeValue<'_>>,
) -> Result<(), (Range<usize>, String)> {
    let index = key
        .get_ref()
        .parse::<usize>()
        .ok()
        .and_then(|number| number.checked_sub(1));
    let Some(place) = index.and_then(|index| layer.quick_tags.get_mut(index)) else {
        let message = format!("quick tags have the numbers 1 to {QUICK_TAGS}");
        return Err((key.span(), message));
    };
    let name =
        text(tag.get_ref()).map_err(|right| (tag.span(), format!("a quick tag takes {right}")))?;
    *place = Some(name.trim().trim_start_matches('#').to_owned());
    Ok(())
}

fn put<T>(place: &mut Option<T>, value: Result<T, String>) -> Result<(), String> {
    *place = Some(value?);
    Ok(())
}

fn measure(value: &DeValue<'_>) -> Result<u16, String> {
    let range = u64::from(*MEASURES.start())..=u64::from(*MEASURES.end());
    number(value, range).map(|number| u16::try_from(number).unwrap_or(u16::MAX))
}

fn number(value: &DeValue<'_>, range: std::ops::RangeInclusive<u64>) -> Result<u64, String> {
    let number = value.as_integer().and_then(|number: &DeInteger<'_>| {
        u64::from_str_radix(number.as_str(), number.radix()).ok()
    });
    number
        .filter(|number| range.contains(number))
        .ok_or_else(|| format!("a whole number from {} to {}", range.start(), range.end()))
}

fn truth(value: &DeValue<'_>) -> Result<bool, String> {
    value.as_bool().ok_or_else(|| "true or false".to_owned())
}

/// Text that may be shown as it is.
fn text(value: &DeValue<'_>) -> Result<String, String> {
    let text = value
        .as_str()
        .filter(|text| !text.contains(char::is_control));
    text.map(str::to_owned)
        .ok_or_else(|| "text in quotation marks, on one line".to_owned())
}

fn theme(value: &DeValue<'_>) -> Result<ThemeName, String> {
    let names = ThemeName::ALL.map(ThemeName::as_str);
    let given = value.as_str().unwrap_or_default();
    ThemeName::by_name(given).ok_or_else(|| {
        let quoted = names.map(|name| format!("\"{name}\""));
        format!("{}{}", quoted.join(", "), did_you_mean(given, names))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Origin};

    #[track_caller]
    fn notices(text: &str) -> Vec<String> {
        let (_, notices) = read("config.toml", text);
        notices.iter().map(Notice::to_string).collect()
    }

    #[test]
    fn the_default_file_says_what_the_code_does() {
        let (layer, notices) = read("config.toml", DEFAULT);
        assert_eq!(notices, []);
        let Layer {
            measure,
            theme,
            ascii,
            mouse,
            hyperlinks,
            reduced_motion,
            focus_dims,
            author,
            go_on_after_decision,
            max_record_mb,
            max_file_mb,
            max_ratio,
            max_nesting,
            max_window_mb,
            memory_mb,
            quick_tags,
        } = layer;
        let default = Config::default();
        assert_eq!(measure, Some(*default.measure));
        assert_eq!(theme, Some(*default.theme));
        assert_eq!(ascii, Some(*default.ascii));
        assert_eq!(mouse, Some(*default.mouse));
        assert_eq!(hyperlinks, Some(*default.hyperlinks));
        assert_eq!(reduced_motion, Some(*default.reduced_motion));
        assert_eq!(focus_dims, Some(*default.focus_dims));
        assert_eq!(author.as_ref(), Some(&*default.author));
        assert_eq!(go_on_after_decision, Some(*default.go_on_after_decision));
        assert_eq!(max_record_mb, Some(*default.max_record_mb));
        assert_eq!(max_file_mb, Some(*default.max_file_mb));
        assert_eq!(max_ratio, Some(*default.max_ratio));
        assert_eq!(max_nesting, Some(*default.max_nesting));
        assert_eq!(max_window_mb, Some(*default.max_window_mb));
        assert_eq!(memory_mb, Some(*default.memory_mb));
        for (tag, number) in quick_tags.iter().zip(1..) {
            assert_eq!(tag.as_deref(), default.quick_tag(number));
        }
        assert_eq!(default.measure.origin(), Origin::Default);
    }

    #[test]
    fn every_setting_stands_in_the_default_file_and_in_its_order() {
        let places: Vec<Option<usize>> = SETTINGS
            .iter()
            .map(|setting| DEFAULT.find(&format!("\n{} = ", setting.name)))
            .collect();
        assert!(places.iter().all(Option::is_some), "{places:?}");
        assert!(places.is_sorted(), "{places:?}");
        for setting in SETTINGS {
            assert!(setting.doc.ends_with('.'), "{}", setting.name);
        }
    }

    #[test]
    fn a_mistake_costs_its_line_and_nothing_else() {
        let text = r#"
measrue = 60
measure = 500
theme = "drak"
ascii = "yes"
mouse = false
author = "a\nb"
[quick-tags]
0 = "never"
3 = 3
4 = "\#x"
5 = "five"
"#;
        let text = text.replace("\\#", "#");
        assert_eq!(
            notices(&text),
            [
                "config.toml:2:1: no setting is called \"measrue\"; did you mean \"measure\"?",
                "config.toml:3:11: measure takes a whole number from 20 to 200",
                "config.toml:4:9: theme takes \"auto\", \"dark\", \"light\", \"high-contrast\", \"colour-blind\", \"mono\"; did you mean \"dark\"?",
                "config.toml:5:9: ascii takes true or false",
                "config.toml:7:10: author takes text in quotation marks, on one line",
                "config.toml:9:1: quick tags have the numbers 1 to 9",
                "config.toml:10:5: a quick tag takes text in quotation marks, on one line",
            ]
        );
        let config = Config::new(read("config.toml", &text).0, Layer::default());
        assert!(!*config.mouse);
        assert_eq!(config.quick_tag(3), Some("bad"));
        assert_eq!(
            config.quick_tag(4),
            Some("x"),
            "the sign is not part of the name"
        );
        assert_eq!(config.quick_tag(5), Some("five"));
    }

    #[test]
    fn what_is_not_toml_costs_its_line() {
        assert_eq!(notices("quick-tags = 1\n").len(), 1);
        let text = "measure = \nmouse = false\n";
        assert_eq!(notices(text).len(), 1, "{:?}", notices(text));
        assert_eq!(read("config.toml", text).0.mouse, Some(false));
    }
}
