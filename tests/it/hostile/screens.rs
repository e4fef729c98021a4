//! Hostile articles on every screen: the stage fails as soon as the second wall has anything to do.

use std::fs;
use std::path::{Path, PathBuf};

use crate::stage::Stage;

/// What strangers put into titles, names, addresses and texts.
const HOSTILE: &[&str] = &[
    "clears \u{1b}[2J\u{1b}[H the screen",
    "sets \u{1b}]0;the title\u{7} of it",
    "copies \u{1b}]52;c;ZXZpbA==\u{1b}\\ something",
    "asks \u{1b}[6n\u{1b}[c and \u{9b}31m colours \u{90}data\u{9c}",
    "turns \u{202e}txt.exe\u{202c} \u{2066}round\u{2069} \u{200e}\u{200f}\u{61c}",
    "hides\u{200b}wo\u{ad}rds\u{2060}\u{feff} \u{e0041}\u{e0042}\u{e0043} x\u{fe0f}\u{fe0f} y\u{e0100}",
    "floods e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301} \u{301}\u{301}",
    "fills \u{3164}\u{115f}\u{1160}\u{ffa0}\u{2800}\u{17b4} blanks",
    "joins 👩\u{200d}👩\u{200d}👧\u{200d}👦 a\u{200d}b می\u{200c}خواهم क\u{94d}\u{200d}ष \u{200d}\u{200d}",
    "flags \u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f} \u{1f3f4}\u{e0067}\u{e0062} 🇩🇪🇫🇷🇩",
    "is wide 日本語 ｶﾞｷﾞ 각\u{1100}\u{1100}\u{1161}\u{11a8} لا 𝒳 ﷽",
    "breaks \r\n\t\u{b}\u{c}\u{85}\u{2028}\u{2029}lines \u{0}\u{8}\u{8}\u{7f}",
    "is no character \u{fffe}\u{ffff}\u{fdd0}\u{10ffff} \u{fff9}a\u{fffa}b\u{fffb} \u{1d173}x\u{1d174}",
];

/// Articles with hostile words everywhere, in two versions each, in three formats, under hostile names.
fn collection(folder: &Path) -> Vec<PathBuf> {
    let mut lines = String::new();
    for (at, words) in HOSTILE.iter().enumerate() {
        for version in 0..2 {
            let text = format!(
                "# {words}\n\nThe article that {words} stands here, and on the {version}. day of the week it {words} again.\n\n\
                 > quoted: {words}\n\n- item {words}\n\n[a link that {words}](https://x.example/{words})\n\n\
                 Nothing of what it says is done; all of it is shown, {words}, in so far as it can be seen at all."
            );
            let record = serde_json::json!({
                "id": format!("{words} {at}-{version}"), "title": format!("An article that {words}"), "text": text,
                "author": format!("Ada {words}"), "date": "2020-04-01", "language": words, "sitename": words,
                "url": format!("https://x{at}.example/{words}"), "other": { *words: words },
            });
            lines.push_str(&record.to_string());
            lines.push('\n');
        }
    }
    let mut paths = vec![folder.join("all.jsonl")];
    fs::write(&paths[0], lines).expect("a file");
    let names = [
        "a \u{1b}[31mred\u{7}.md",
        "a \u{202e}fdp.txt",
        "a \u{200b}\u{301}.html",
    ];
    for (name, words) in names.iter().zip(HOSTILE) {
        let file = folder.join(name);
        fs::write(
            &file,
            format!("# It {words}\n\nA file whose name and text do it: {words}.\n"),
        )
        .expect("a file");
        paths.push(file);
    }
    paths
}

#[test]
fn no_screen_leaves_anything_to_the_second_wall() {
    for (columns, rows) in [(100, 30), (40, 10)] {
        let home = tempfile::tempdir().expect("a folder");
        let paths = collection(home.path());
        let mut stage = Stage::open(&paths, home.path(), columns, rows);
        for keys in [
            // List, versions unfolded, all rows.
            "j j l G g g",
            // Reader: pages, as it was read, with what is hidden, without the list, the next ones.
            "Enter Space Space i Space i I Space I z Z ) } ] J J J J J J J J J J J z",
            // Found in it, and in the list.
            "/ text:again Enter n n Esc Esc Tab",
            // Comparisons, unified, as they were read, all differences, all classes.
            "g g l d ] ] = ] i i = H r ) q",
            "M Tab ] Tab ] q",
            // Why a group is one, statistics, messages, help, palette.
            "g w G q",
            "g t Tab Tab q",
            "g l G q",
            "? G q",
            ": text:keep Esc",
        ] {
            stage.press(keys);
        }
        // Typed and pasted by whoever was given it: tags, notes, filters, names of filters.
        for words in HOSTILE {
            stage.press("t").paste(words).press("Enter");
            stage.press("c").paste(words).press("Enter");
            stage.press("f").paste(words).press("Enter Esc f");
            stage.paste(&format!("titel:{words}")).press("Esc Esc");
            stage.press(":").paste(words).press("Esc");
            stage.press("/").paste(words).press("Enter Esc j");
        }
        stage.press("g t q g g Enter Space F Esc y p y u y y q");
        for copied in stage.copied() {
            assert!(
                recto::text::is_safe(copied),
                "{copied:?} went to the clipboard"
            );
        }
        // It was drawn: what would have been an order stands there as a sign.
        let mut stage = Stage::open(&paths[..1], home.path(), 120, 60);
        stage
            .press("f")
            .paste("clears")
            .press("Enter Enter")
            .shows("␛[2J␛[H");
    }
}

#[test]
fn what_nobody_sees_is_told_in_words() {
    let home = tempfile::tempdir().expect("a folder");
    let text = |word: &str| {
        format!(
            "# Mind the door\n\nThe password of the {word} stands on the wall, and whoever wants to pass the door in the \
             evening has to know it by heart, since the lamp is lit late.\n"
        )
    };
    let paths: Vec<PathBuf> = [("a.md", "lamp\u{200b}lighter"), ("b.md", "lamplighter")]
        .map(|(name, word)| {
            let path = home.path().join(name);
            fs::write(&path, text(word)).expect("a file");
            path
        })
        .into();
    let mut stage = Stage::open(&paths, home.path(), 160, 30);
    stage
        .press("d")
        .shows("not to be seen: U+200B zero width space, only on the");
    stage.press("q Enter I ) (");
    let mut shown = stage.screen();
    stage.press(")");
    shown.push_str(&stage.screen());
    assert!(shown.contains("⟨U+200B⟩"), "{shown}");
}
