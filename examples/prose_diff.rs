//! Compares two text files and prints the comparison as JSON: `prose_diff LEFT RIGHT`.

use std::io::{BufWriter, Write};

use recto::diff::report::to_json;
use recto::diff::{Options, Side, compare, paragraphs};

fn main() -> anyhow::Result<()> {
    let mut args = std::env::args_os().skip(1);
    let (Some(left), Some(right)) = (args.next(), args.next()) else {
        anyhow::bail!("Name two files.");
    };
    let (left, right) = (
        std::fs::read_to_string(left)?,
        std::fs::read_to_string(right)?,
    );
    let (l, r) = (paragraphs(&left), paragraphs(&right));
    let comparison = compare(
        Side {
            text: &left,
            paragraphs: &l,
        },
        Side {
            text: &right,
            paragraphs: &r,
        },
        &Options::default(),
    );
    let mut out = BufWriter::new(std::io::stdout().lock());
    serde_json::to_writer(&mut out, &to_json(&comparison, &left, &right))?;
    Ok(out.flush()?)
}
