//! `recto diff`: two files or articles, side by side, below each other, as JSON or as a page; more as an apparatus; two
//! collections article by article.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use serde::Serialize;

use super::args::{Diff, DiffFormat, Sources};
use super::output::{Failure, Outcome, Output, count};
use super::show;
use crate::cancel::Cancel;
use crate::diff::{self, Classes, Comparison};
use crate::formats;
use crate::model::{Article, Basis, Metadata};
use crate::store::changes::Item;
use crate::store::ingest;
use crate::store::traits::Library;

mod collections;
mod html;
mod paint;
mod versions;

/// Text that is narrower than this stands below each other.
const SIDE_BY_SIDE: usize = 100;

/// No larger file is looked through for being blank.
const MOST_BLANKS: u64 = 1 << 16;

/// The file that holds nothing.
const NOTHING: &str = "/dev/null";

/// The width where nobody says it.
const WIDTH: usize = 80;

/// One side: what it is called, and what it is.
struct Version {
    name: String,
    article: Arc<Article>,
    /// Bytes of the blocks that are known to be boilerplate, in order: only a library knows.
    boilerplate: Vec<Range<usize>>,
}

/// Compares.
pub(super) fn run(args: &Diff, output: &mut Output) -> Outcome {
    #[cfg(feature = "tui")]
    if args.open && super::read::has_screen(output) {
        return super::screen::changes(&args.left, &args.right);
    }
    if !args.more.is_empty() {
        let names = args.names().into_iter();
        let all = names.map(|name| Input::read(name)?.one(name));
        let all: Result<Vec<Version>, Failure> = all.collect();
        return versions::run(args, &all?, output);
    }
    let (left, right) = (Input::read(&args.left)?, Input::read(&args.right)?);
    if !left.is_one() || !right.is_one() {
        for (side, name) in [(&left, &args.left), (&right, &args.right)] {
            side.refuse_alone(name)?;
        }
        return collections::run(args, &left, &right, output);
    }
    let (left, right) = (left.one(&args.left)?, right.one(&args.right)?);
    let mut comparison = diff::compare_articles(&left.article, &right.article);
    diff::mark_boilerplate(&mut comparison, [&left.boilerplate, &right.boilerplate]);
    let hidden: Classes = args.hide.iter().copied().collect();
    match args.format() {
        DiffFormat::Json => output.json(&report(&comparison, hidden, &left, &right)),
        DiffFormat::Html => html::page(&comparison, hidden, [&left, &right], output),
        _ => print((&comparison, hidden), [&left, &right], args, output),
    }
}

/// Prints a comparison as text, side by side where that was not refused and there is room.
fn print(
    (comparison, hidden): (&Comparison, Classes),
    versions: [&Version; 2],
    args: &Diff,
    output: &mut Output,
) -> Outcome {
    let width = args.width.unwrap_or_else(|| screen_width(output));
    header(comparison, hidden, versions, output)?;
    let [left, right] = versions.map(|it| &*it.article.text);
    match args.format() == DiffFormat::Text && width >= SIDE_BY_SIDE {
        true => paint::side_by_side((comparison, hidden), (left, right), width, output),
        false => paint::unified((comparison, hidden), (left, right), width, output),
    }
}

/// What a name stands for.
struct Input {
    /// The articles, where they stand.
    articles: Vec<(Item, Version)>,
    /// It is a collection, however many articles it has.
    is_folder: bool,
}

impl Input {
    /// Reads a file or a folder, or finds an article in the last library.
    fn read(name: &str) -> Result<Self, Failure> {
        let path = Path::new(name);
        if !path.exists() {
            return Ok(Self::of(name, found(name)?));
        }
        if let Some(article) = blank(path) {
            let version = Version {
                name: name.to_owned(),
                article: Arc::new(article),
                boilerplate: Vec::new(),
            };
            return Ok(Self::of(name, version));
        }
        let is_folder = path.is_dir();
        let paths = match is_folder {
            true => collections::paths(path),
            false => vec![path.to_owned()],
        };
        let all = ingest::ingest(&paths, &formats::Options::default(), &Cancel::new());
        super::session::complain(&all.diagnostics, usize::MAX);
        if all.records.is_empty() && !is_folder {
            return Err(Failure::failed(format!("{name}: nothing to compare in it")));
        }
        let is_one = !is_folder && all.records.len() == 1;
        let articles = all.records.into_iter().map(|record| {
            let item = collections::item(&record, path);
            let version = Version {
                name: match is_one {
                    true => name.to_owned(),
                    false => path.join(&item.path).to_string_lossy().into_owned() + &item.label(),
                },
                article: Arc::new(record.article),
                boilerplate: Vec::new(),
            };
            (item, version)
        });
        Ok(Self {
            articles: articles.collect(),
            is_folder,
        })
    }

    fn of(name: &str, version: Version) -> Self {
        let item = Item {
            id: version.article.id,
            path: name.into(),
            own: None,
            record: None,
            url: None,
        };
        Self {
            articles: vec![(item, version)],
            is_folder: false,
        }
    }

    /// It is one article and no collection.
    fn is_one(&self) -> bool {
        !self.is_folder && self.articles.len() == 1
    }

    /// The one article that it is.
    fn one(self, name: &str) -> Result<Version, Failure> {
        let is_one = self.is_one();
        let only = self.articles.into_iter().next().filter(|_| is_one);
        only.map(|it| it.1).ok_or_else(|| {
            let what = match self.is_folder {
                true => "is a folder",
                false => "holds more than one article",
            };
            Failure::failed(format!(
                "{name} {what}; read it with `recto query` and compare their ids"
            ))
        })
    }

    /// An article that is a file is no collection. A file of records is one, even with a single record.
    fn refuse_alone(&self, name: &str) -> Outcome {
        match self.articles.first() {
            Some((item, _)) if self.is_one() && item.record.is_none() => {
                Err(Failure::usage(format!(
                    "{name} is one article, and there is more than one article on the other side: compare two articles, \
                     such as by their ids, or two collections"
                )))
            }
            _ => Ok(()),
        }
    }
}

/// An article of the last library.
fn found(name: &str) -> Result<Version, Failure> {
    let (session, id) = show::find(name, &Sources::default()).map_err(|failure| Failure {
        message: failure
            .message
            .map(|why| format!("{name}: no such file, and {why}")),
        ..failure
    })?;
    let article = session.entry(id)?.article;
    let known = session.library.boilerplate(id, &Cancel::new())?;
    let known = known.iter().filter_map(|it| article.blocks.get(it.block));
    Ok(Version {
        name: article.shown_title().to_owned(),
        boilerplate: known.map(|block| block.range.clone()).collect(),
        article,
    })
}

/// A file without any text: nothing to read, and yet something to compare with. What git hands over for a file that one
/// side lacks is no file at all.
fn blank(path: &Path) -> Option<Article> {
    let text = match path == Path::new(NOTHING) {
        true => String::new(),
        false => {
            let about = std::fs::metadata(path).ok().filter(|it| it.is_file())?;
            let length = Some(about.len()).filter(|it| *it <= MOST_BLANKS);
            length.and_then(|_| std::fs::read_to_string(path).ok())?
        }
    };
    text.trim().is_empty().then(|| Article {
        id: formats::article_id("", &text),
        meta: Metadata::default(),
        text,
        basis: Basis::File,
        blocks: Vec::new(),
        original: None,
    })
}

/// How wide the terminal is; files and pipes have the width that `COLUMNS` says.
fn screen_width(output: &Output) -> usize {
    let said = std::env::var("COLUMNS").ok().and_then(|it| it.parse().ok());
    #[cfg(feature = "tui")]
    let said = match output.is_terminal() {
        true => crossterm::terminal::size()
            .ok()
            .map(|(columns, _)| usize::from(columns))
            .or(said),
        false => said,
    };
    #[cfg(not(feature = "tui"))]
    let _ = output;
    said.unwrap_or(WIDTH)
}

/// The comparison as JSON: prose-diff/1 with the names of the sides and what their offsets count.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    comparison: diff::report::Json<'a>,
    left: Named<'a>,
    right: Named<'a>,
    summary: diff::Summary,
}

#[derive(Serialize)]
struct Named<'a> {
    name: &'a str,
    basis: Basis,
    words: usize,
}

fn report<'a>(
    comparison: &'a Comparison,
    hidden: Classes,
    left: &'a Version,
    right: &'a Version,
) -> Report<'a> {
    let named = |version: &'a Version| Named {
        name: &version.name,
        basis: version.article.basis,
        words: version.article.words(),
    };
    Report {
        comparison: diff::report::to_json(comparison, &left.article.text, &right.article.text),
        left: named(left),
        right: named(right),
        summary: diff::summary(comparison, hidden.and(Classes::QUIET)),
    }
}

/// What is compared, and what came of it in words.
fn header(
    comparison: &Comparison,
    hidden: Classes,
    [left, right]: [&Version; 2],
    output: &mut Output,
) -> Outcome {
    for (side, version) in [("left ", left), ("right", right)] {
        let words = count(version.article.words() as u64, "word");
        output.line(&format!("{side} {} · {words}", version.name))?;
    }
    output.line(&sentence(comparison, hidden))?;
    let unseen = diff::unseen(comparison, &left.article.text, &right.article.text);
    match unseen.is_empty() {
        true => Ok(()),
        false => output.line(&format!("not to be seen: {}", unseen.join(" · "))),
    }
}

/// What came of a comparison, in words.
fn sentence(comparison: &Comparison, hidden: Classes) -> String {
    let summary = diff::summary(comparison, hidden.and(Classes::QUIET));
    let mut line = format!(
        "{} the same · {}",
        count(summary.same as u64, "paragraph"),
        count(summary.differences as u64, "difference")
    );
    let named = |wanted: bool| -> Vec<String> {
        let classes = summary.classes.iter();
        let classes = classes.filter(|(class, _)| hidden.contains(*class) != wanted);
        classes
            .map(|(class, count)| format!("{count} {class}"))
            .collect()
    };
    for (words, classes) in [(": ", named(true)), (" · hidden: ", named(false))] {
        if !classes.is_empty() {
            line.push_str(words);
            line.push_str(&classes.join(", "));
        }
    }
    if comparison.coarse {
        line.push_str(" (coarse: too much text to compare every word)");
    }
    line
}
