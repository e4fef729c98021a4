//! Other programs: the browser and the editor. They are started with arguments and never through a shell.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::process::{Command, Stdio};
use std::thread;

/// Opens an address in the browser of `$BROWSER`, or the one of the desktop; gives the program's name.
pub fn browse(url: &str) -> io::Result<String> {
    let desktop = match cfg!(target_os = "macos") {
        true => "open",
        false => "xdg-open",
    };
    // A list of browsers has colons between them; the first one that there is will do.
    let named = set("BROWSER").unwrap_or_default();
    let mut candidates: Vec<&str> = named
        .split(':')
        .filter(|it| !it.trim().is_empty())
        .collect();
    candidates.push(desktop);
    let mut failed = None;
    for candidate in candidates {
        let (program, mut arguments) = words(candidate);
        // `%s` is where the address goes; without it, behind everything.
        let mut placed = false;
        for argument in &mut arguments {
            if argument.contains("%s") {
                *argument = argument.replace("%s", url);
                placed = true;
            }
        }
        if !placed {
            arguments.push(url.to_owned());
        }
        let child = Command::new(&program)
            .args(&arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        match child {
            Ok(mut child) => {
                // Nobody waits for it but this thread: a child that nobody waits for stays as a zombie.
                thread::spawn(move || child.wait());
                return Ok(name_of(&program));
            }
            Err(error) => {
                failed = Some(io::Error::new(error.kind(), format!("{program}: {error}")));
            }
        }
    }
    Err(failed.unwrap_or_else(|| io::Error::other("no browser is known; set BROWSER")))
}

/// Opens a copy of a text in the editor of `$VISUAL` or `$EDITOR` and waits for its end; gives the program's name. The
/// copy is thrown away afterwards.
pub fn edit(name: &str, text: &str) -> io::Result<String> {
    let editor = set("VISUAL").or_else(|| set("EDITOR"));
    let (program, arguments) = words(editor.as_deref().unwrap_or("vi"));
    let folder = tempfile::Builder::new().prefix("recto-").tempdir()?;
    let copy = folder.path().join(name);
    fs::File::create(&copy)?.write_all(text.as_bytes())?;
    let status = Command::new(&program)
        .args(arguments)
        .arg(OsString::from(&copy))
        .status()
        .map_err(|error| io::Error::new(error.kind(), format!("{program}: {error}")))?;
    match status.success() {
        true => Ok(name_of(&program)),
        false => Err(io::Error::other(format!("{program} ended with {status}"))),
    }
}

/// What a program is called, without its folder.
fn name_of(program: &str) -> String {
    let name = std::path::Path::new(program).file_name();
    name.map_or_else(
        || program.to_owned(),
        |name| name.to_string_lossy().into_owned(),
    )
}

fn set(name: &str) -> Option<String> {
    std::env::var(name)
        .ok()
        .filter(|value| !value.trim().is_empty())
}

/// A program and its arguments: words between blanks, where a part in quotation marks is one word.
fn words(command: &str) -> (String, Vec<String>) {
    let mut words: Vec<String> = Vec::new();
    let (mut open, mut quote) = (false, None);
    for character in command.trim().chars() {
        match (quote, character) {
            (None, '"' | '\'') => {
                quote = Some(character);
                if !open {
                    words.push(String::new());
                    open = true;
                }
            }
            (Some(end), _) if character == end => quote = None,
            (None, _) if character.is_whitespace() => open = false,
            _ => {
                if !open {
                    words.push(String::new());
                    open = true;
                }
                if let Some(word) = words.last_mut() {
                    word.push(character);
                }
            }
        }
    }
    let mut words = words.into_iter();
    (words.next().unwrap_or_default(), words.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_cut_into_words_and_never_run_by_a_shell() {
        for (command, program, arguments) in [
            ("vim", "vim", vec![]),
            ("code --wait", "code", vec!["--wait"]),
            (
                "'/opt/my editor/e' -x \"a b\"",
                "/opt/my editor/e",
                vec!["-x", "a b"],
            ),
            ("vi; rm -rf x", "vi;", vec!["rm", "-rf", "x"]),
        ] {
            let (found, rest) = words(command);
            assert_eq!(found, program, "{command}");
            assert_eq!(rest, arguments, "{command}");
        }
    }
}
