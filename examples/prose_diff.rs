//! Compares two text files and prints the comparison as JSON: `prose_diff LEFT RIGHT`. Needs feature `index`.

#[cfg(feature = "index")]
fn main() -> anyhow::Result<()> {
    use std::io::{BufWriter, Write};

    use recto::diff::report::to_json;
    use recto::diff::{Options, Side, compare, paragraphs};

    let mut args = std::env::args_os().skip(1);
    let (Some(left), Some(right)) = (args.next(), args.next()) else {
        anyhow::bail!("Name two files.");
    };
    let left = std::fs::read_to_string(left)?;
    let right = std::fs::read_to_string(right)?;
    let (l, r) = (paragraphs(&left), paragraphs(&right));
    let (text, paragraphs) = (left.as_str(), l.as_slice());
    let one = Side { text, paragraphs };
    let (text, paragraphs) = (right.as_str(), r.as_slice());
    let other = Side { text, paragraphs };
    let comparison = compare(one, other, &Options::default());
    let mut out = BufWriter::new(std::io::stdout().lock());
    serde_json::to_writer(&mut out, &to_json(&comparison, &left, &right))?;
    Ok(out.flush()?)
}

#[cfg(not(feature = "index"))]
fn main() {
    eprintln!("Built without JSON.");
}
