//! How a query may go on: fields, the words that they know, and the tags, sites, languages and saved filters that there
//! are. From the same table as the parser.

use std::collections::BTreeMap;
use std::ops::Range;

use super::fields::{
    DIFFERENCES, FIELDS, FORMATS, Field, Kind, PARTS, SORT_KEYS, STATES, Word, by_name,
};
use super::lexer::is_bare;
use super::pattern::quoted;
use crate::text::find::fold;

/// What stands in the collection, each with how often; the best first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary {
    /// The tags.
    pub tags: Vec<(String, u64)>,
    /// Hosts and names of sites.
    pub sites: Vec<(String, u64)>,
    /// The languages.
    pub languages: Vec<(String, u64)>,
}

/// How the word at the cursor may go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The bytes of the query that a suggestion stands in for.
    pub at: Range<usize>,
    /// What could stand there, the best first.
    pub suggestions: Vec<Suggestion>,
}

/// One way to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// What is written: as much as is certain, so `date:` waits for its value.
    pub text: String,
    /// What it asks, or how often it is there.
    pub doc: String,
}

/// Proposes how the word at `cursor` (a byte of `text`) may go on; `saved` are the saved filters and what they ask. Nothing where nothing can be known, as inside of a
/// phrase or a regular expression.
pub fn complete(
    text: &str,
    cursor: usize,
    vocabulary: &Vocabulary,
    saved: &BTreeMap<String, String>,
) -> Completion {
    let cursor = (0..=cursor.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or_default();
    let start = term_start(text.get(..cursor).unwrap_or_default());
    let typed = text.get(start..cursor).unwrap_or_default();
    let behind = text.get(cursor..).unwrap_or_default();
    let end = cursor + behind.find(|c| !is_bare(c)).unwrap_or(behind.len());
    let sign = typed.len() - typed.trim_start_matches('-').len();
    let (start, typed) = (start + sign, typed.get(sign..).unwrap_or_default());
    if let Some(name) = typed.strip_prefix('#') {
        return Completion {
            at: start + 1..end,
            suggestions: counted(&vocabulary.tags, name),
        };
    }
    if let Some((name, value)) = typed.split_once(':')
        && let Some(field) = by_name(name)
    {
        return Completion {
            at: start + name.len() + 1..end,
            suggestions: values(field, value, vocabulary, saved),
        };
    }
    let is_word = typed.chars().all(|c| c.is_ascii_alphabetic());
    let begins = |field: &&Field| begins(field.name, typed);
    Completion {
        at: start..end,
        suggestions: FIELDS
            .iter()
            .filter(begins)
            .filter(|_| is_word && (sign == 0 || !typed.is_empty()))
            .map(|field| Suggestion {
                text: format!("{}:", field.name),
                doc: field.doc.to_owned(),
            })
            .collect(),
    }
}

/// Where the last term of the text begins: behind the last blank or bracket that is not in quotation marks.
fn term_start(text: &str) -> usize {
    let mut start = 0;
    let (mut quoted, mut escaped) = (false, false);
    for (at, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '(' | ')' if !quoted => start = at + 1,
            _ if character.is_whitespace() && !quoted => start = at + character.len_utf8(),
            _ => {}
        }
    }
    start
}

fn values(
    field: &Field,
    typed: &str,
    vocabulary: &Vocabulary,
    saved: &BTreeMap<String, String>,
) -> Vec<Suggestion> {
    match field.kind {
        Kind::Is => words(STATES, typed, ""),
        Kind::Has => words(PARTS, typed, ""),
        Kind::Differs => words(DIFFERENCES, typed, ""),
        Kind::Sort => match typed.strip_prefix('-') {
            Some(key) => words(SORT_KEYS, key, "-"),
            None => words(SORT_KEYS, typed, ""),
        },
        Kind::Format => {
            let known = FORMATS.iter().filter(|name| begins(name, typed));
            known
                .map(|name| Suggestion {
                    text: (*name).to_owned(),
                    doc: String::new(),
                })
                .collect()
        }
        Kind::Tag => counted(&vocabulary.tags, typed),
        Kind::Site => counted(&vocabulary.sites, typed),
        Kind::Lang => counted(&vocabulary.languages, typed),
        Kind::Saved => saved
            .iter()
            .filter(|(name, _)| begins(name, typed))
            .map(|(name, asks)| Suggestion {
                text: written(name),
                doc: asks.clone(),
            })
            .collect(),
        // Free text, or numbers and dates, of which the examples say how they are written.
        Kind::Number(_) | Kind::Share(_) | Kind::Date(_) if typed.is_empty() => field
            .examples
            .iter()
            .filter_map(|example| example.split_once(':'))
            .map(|(_, value)| Suggestion {
                text: value.to_owned(),
                doc: "for example".to_owned(),
            })
            .collect(),
        Kind::Text(_)
        | Kind::Place(_)
        | Kind::Id
        | Kind::Group
        | Kind::Number(_)
        | Kind::Share(_)
        | Kind::Date(_)
        | Kind::Limit => Vec::new(),
    }
}

fn words<T>(known: &[Word<T>], typed: &str, sign: &str) -> Vec<Suggestion> {
    let known = known.iter().filter(|(word, ..)| begins(word, typed));
    known
        .map(|(word, _, doc)| Suggestion {
            text: format!("{sign}{word}"),
            doc: (*doc).to_owned(),
        })
        .collect()
}

/// Names that begin so, then names of which a later part does.
fn counted(known: &[(String, u64)], typed: &str) -> Vec<Suggestion> {
    let inside = |name: &str| {
        let parts = name.split(['/', '.', ' ', '-']).skip(1);
        !typed.is_empty() && parts.into_iter().any(|part| begins(part, typed))
    };
    let first = known.iter().filter(|(name, _)| begins(name, typed));
    let rest = known
        .iter()
        .filter(|(name, _)| !begins(name, typed) && inside(name));
    first
        .chain(rest)
        .map(|(name, count)| Suggestion {
            text: written(name),
            doc: match count {
                1 => "1 article".to_owned(),
                count => format!("{count} articles"),
            },
        })
        .collect()
}

fn begins(name: &str, typed: &str) -> bool {
    fold(name).starts_with(&fold(typed.trim_start_matches('"')))
}

/// The name as a value: between quotation marks where it could not stand bare.
fn written(name: &str) -> String {
    match name.chars().all(|c| is_bare(c) && c != '*') && !name.starts_with('/') {
        true => name.to_owned(),
        false => quoted(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary() -> Vocabulary {
        let counted = |names: &[(&str, u64)]| {
            let names = names.iter();
            names.map(|(name, n)| ((*name).to_owned(), *n)).collect()
        };
        Vocabulary {
            tags: counted(&[("topic/health", 12), ("todo", 3), ("to read", 1)]),
            sites: counted(&[("afp.com", 9), ("The Moscow Times", 2)]),
            languages: counted(&[("en", 40), ("pt-BR", 1)]),
        }
    }

    fn saved() -> BTreeMap<String, String> {
        BTreeMap::from([("inbox".into(), "-is:reviewed".into())])
    }

    #[test]
    fn words_go_on_as_the_table_and_the_collection_say() {
        #[rustfmt::skip] // A table to read: the query with | as the cursor, and it with each suggestion.
        let table: &[(&str, &[&str])] = &[
            ("ti|", &["title:"]),
            ("virus so|", &["virus source:", "virus sort:"]),
            ("(ti|)", &["(title:)"]),
            ("-bo|", &["-body:", "-boiler:"]),
            ("virus|", &[]),
            ("\"virus so|", &[]),
            ("is:re|", &["is:reviewed", "is:read"]),
            ("a -is:rev| b", &["a -is:reviewed b"]),
            ("is:r|evi", &["is:reviewed", "is:read"]),
            ("IS:bes|", &["IS:best"]),
            ("sort:-da|", &["sort:-date"]),
            ("sort:ti|", &["sort:title"]),
            ("differs:n|", &["differs:number"]),
            ("format:js|", &["format:json", "format:jsonl", "format:jsonfeed"]),
            ("#to|", &["#topic/health", "#todo", "#\"to read\""]),
            ("#hea|", &["#topic/health"]),
            ("tag:\"to r|", &["tag:\"to read\""]),
            ("site:mos|", &["site:\"The Moscow Times\""]),
            ("lang:|", &["lang:en", "lang:pt-BR"]),
            ("query:|", &["query:inbox"]),
            ("words:|", &["words:200..800", "words:<50"]),
            ("words:3|", &[]),
            ("title:v|", &[]),
            ("新闻 is:du|", &["新闻 is:dup"]),
        ];
        for (typed, expected) in table {
            let cursor = typed.find('|').expect("a cursor");
            let text = typed.replace('|', "");
            let Completion { at, suggestions } = complete(&text, cursor, &vocabulary(), &saved());
            let completed: Vec<String> = suggestions
                .iter()
                .map(|it| format!("{}{}{}", &text[..at.start], it.text, &text[at.end..]))
                .collect();
            assert_eq!(completed, *expected, "{typed}");
        }
    }

    #[test]
    fn an_empty_line_offers_every_field() {
        let all = complete("", 0, &Vocabulary::default(), &BTreeMap::new());
        assert_eq!(all.suggestions.len(), FIELDS.len());
        assert_eq!(all.at, 0..0);
    }

    proptest::proptest! {
        #[test]
        fn any_place_of_any_text_has_a_range_inside_it(text in "[-#a-z:\"/é(新 ]{0,20}", cursor in 0usize..30) {
            let Completion { at, .. } = complete(&text, cursor, &vocabulary(), &saved());
            proptest::prop_assert!(text.get(at).is_some());
        }
    }
}
