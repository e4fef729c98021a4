//! The query language for people to read, made from the tables that the parser reads with.

use super::fields::{DIFFERENCES, FIELDS, FORMATS, PARTS, SORT_KEYS, STATES, Word};

/// The whole of `docs/QUERY.md`.
pub fn manual() -> String {
    let fields = table(
        ["field", "asks", "for example"],
        FIELDS.iter().map(|field| {
            let examples: Vec<String> = field.examples.iter().map(|it| code(it)).collect();
            let name = code(&format!("{}:", field.name));
            [name, field.doc.to_owned(), examples.join(" ")]
        }),
    );
    let formats: Vec<String> = FORMATS.iter().map(|name| code(name)).collect();
    [
        INTRODUCTION.to_owned(),
        format!("## Fields\n\n{fields}"),
        format!("## What `is:` knows\n\n{}", words(STATES)),
        format!("## What `has:` knows\n\n{}", words(PARTS)),
        format!("## What `differs:` knows\n\n{}", words(DIFFERENCES)),
        format!("## What `sort:` knows\n\n{}\n{SORTING}", words(SORT_KEYS)),
        format!("## What `format:` knows\n\n{}.\n", formats.join(", ")),
    ]
    .join("\n")
}

const INTRODUCTION: &str = r#"# The query language

Made by `recto generate query` from the table that the parser reads with.

The same text works in the filter line (`f`), in saved filters, and in `recto query`, `recto tag`, `recto verdict` and
`recto export`. The empty query lets everything through.

```
flight -#todo versions:>1 (site:afp.com OR title:"virus fight") date:2020-04 sort:-words limit:50
```

## Putting terms together

| write | to find |
|---|---|
| `virus fight` | both words, anywhere in title or body |
| `"virus fight"` | one right behind the other; not from one paragraph into the next |
| `virus*` | words that begin so |
| `/vir(us\|al)/` | what a regular expression matches; a slash in it is `\/` |
| `virus OR flu` | one of them; `AND` may be written and binds more strongly; both in capitals |
| `-virus`, `NOT virus` | articles without it; also before a field, a tag or a bracket |
| `(virus OR flu) -title:test` | brackets group |
| `title:virus` | a field, see below |
| `#todo` | a tag, or one below it (`todo/later`) |
| `"OR"`, `"-5"`, `"title:x"` | text that would otherwise mean something: between quotation marks, in which `\"` is a mark |

- Words are whole words; what stands between words (blanks, hyphens, apostrophes, full stops) does not matter, so `U.S.`
  finds *U. S.*. In scripts without blanks a word is found anywhere.
- Accents never count. Capitals count once you type one: `us` finds *US*, `US` does not find *us*. Regular expressions
  see accents.
- Numbers and dates take one value, a stretch `200..800`, `200..` or `..800`, or `>`, `>=`, `<`, `<=`. Shares are written
  `0.8` or `80%`. Dates are written `2020-04-01`, `2020-04` or `2020`, also `today` and `yesterday`; ages `<7d` (younger
  than seven days), `>2w`, `<3m`, `<1y`. An article dated only by its month lies in a stretch when the whole month does.
- A mistake is shown with a caret below it and with what could have been meant.
"#;

const SORTING: &str = "\
`-` before the word turns the order round. Several `sort:` count in the order in which they stand. Without, and among
equals, the newest comes first, then the title decides. What has no date, author, site or likeness comes last.
";

fn words<T>(words: &[Word<T>]) -> String {
    table(
        ["word", "means"],
        words
            .iter()
            .map(|(word, _, means)| [code(word), (*means).to_owned()]),
    )
}

fn table<const N: usize>(head: [&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let mut text = format!("| {} |\n|{}\n", head.join(" | "), "---|".repeat(N));
    for row in rows {
        text.push_str(&format!("| {} |\n", row.join(" | ")));
    }
    text
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_manual_in_docs_is_what_the_tables_say() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/QUERY.md");
        if std::env::var_os("RECTO_DOCS").is_some_and(|it| it == "write") {
            std::fs::write(path, super::manual()).expect("docs/ can be written");
        }
        let written = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            written == super::manual(),
            "docs/QUERY.md is out of date: RECTO_DOCS=write cargo test manual"
        );
    }
}
