//! Foreign text, made safe for a terminal, broken into lines, with the way back to the bytes that were read.
//!
//! `cargo run --example text`

use std::fmt::Write;

use recto::text::{clean, width, wrap};

pub fn run() -> String {
    let mut said = String::new();
    // What a stranger wrote: an escape sequence, a bidirectional override, wide characters.
    let read = "Red\u{1b}[31m alert: \u{202e}txt.exe\u{202c} was opened 4,000 times, 東京 reports.";
    let text = clean(read);
    let _ = writeln!(said, "{text}");

    // Lines for twenty-four columns, measured in cells.
    for range in wrap(&text, 24) {
        let line = &text[range];
        let _ = writeln!(said, "{:2} {line}", width(line));
    }

    // A place on the screen is a place in the source.
    let at = text.find("4,000").unwrap_or_default();
    let source = text.map().to_source(at);
    let _ = writeln!(
        said,
        "byte {at} was byte {source}: {}",
        &read[source..source + 5]
    );
    said
}

fn main() {
    print!("{}", run());
}
