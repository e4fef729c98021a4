//! `recto show`: one article as text, Markdown, JSON or as it was read.

use std::path::Path;

use super::args::{ArticleFormat, Show, Sources};
use super::failed;
use super::output::{Failure, Outcome, Output};
use super::record::{Whole, short};
use super::session::Session;
use crate::model::{Article, ArticleId, BlockKind};
use crate::store::types::Entry;
use crate::text;

/// The measure of text in a terminal.
const MEASURE: usize = 72;

/// Prints the article.
pub(super) fn run(args: &Show, output: &mut Output) -> Outcome {
    let (session, id) = find(&args.article, &args.sources)?;
    let entry = session.entry(id)?;
    match args.format() {
        ArticleFormat::Text => print_text(&entry, output)?,
        ArticleFormat::Md => print_markdown(&entry.article, output)?,
        ArticleFormat::Json => output.json(&Whole::of(&session, &entry)?)?,
        ArticleFormat::Raw => print_raw(&entry.article, output)?,
    }
    session.outcome()
}

/// Opens the library and finds the one article that a name means. A file that is named without a library is one.
pub(super) fn find(name: &str, sources: &Sources) -> Result<(Session, ArticleId), Failure> {
    let file = Path::new(name);
    let session = match sources.paths.is_empty() && file.exists() {
        true => Session::glance(file, sources)?,
        false => Session::open(sources)?,
    };
    let id = only(&session, name)?;
    Ok((session, id))
}

/// So many articles of one name are listed.
const NAMED: usize = 5;

/// The one article of a library that a name means.
pub(super) fn only(session: &Session, name: &str) -> Result<ArticleId, Failure> {
    let (found, count) = session.library.named(name, NAMED)?;
    match found.as_slice() {
        [] => failed(format!(
            "no article is called {name}; `recto query` prints ids"
        )),
        [id] => Ok(*id),
        several => {
            let ids: Vec<String> = several.iter().map(|id| short(*id)).collect();
            let more = if count > ids.len() as u64 {
                ", …"
            } else {
                ""
            };
            failed(format!(
                "{count} articles are called {name}: {}{more}",
                ids.join(", "),
            ))
        }
    }
}

/// Byline, date and site, as one line.
fn imprint(article: &Article) -> String {
    let meta = &article.meta;
    let byline = meta.byline.as_ref().map(|byline| format!("By {byline}"));
    let date = meta.date.map(|date| date.to_string());
    let site = meta.site_name().map(str::to_owned);
    let parts: Vec<String> = [byline, date, site].into_iter().flatten().collect();
    parts.join(" · ")
}

fn print_text(entry: &Entry, output: &mut Output) -> Outcome {
    let article = &entry.article;
    let measure = if output.is_terminal() {
        MEASURE
    } else {
        usize::MAX
    };
    if article.meta.title.is_some() {
        paragraph(article.shown_title(), "", measure, output)?;
    }
    let imprint = imprint(article);
    if !imprint.is_empty() {
        output.line(&imprint)?;
    }
    for source in &entry.sources {
        output.line(&source.path.to_string_lossy())?;
    }
    for block in article.body() {
        output.line("")?;
        let indent = match block.kind {
            BlockKind::Quote | BlockKind::Code => "  ",
            BlockKind::Item => "- ",
            _ => "",
        };
        paragraph(&block.text, indent, measure, output)?;
    }
    Ok(())
}

/// Prints a paragraph in lines of a measure, and lines that are its own as they are.
fn paragraph(content: &str, indent: &str, measure: usize, output: &mut Output) -> Outcome {
    let ranges = match measure {
        usize::MAX => content.split('\n').map(str::to_owned).collect(),
        _ => text::wrap(content, measure)
            .into_iter()
            .filter_map(|range| content.get(range).map(str::to_owned))
            .collect::<Vec<_>>(),
    };
    for (at, line) in ranges.iter().enumerate() {
        let indent = if at > 0 && indent == "- " {
            "  "
        } else {
            indent
        };
        output.line(&format!("{indent}{line}"))?;
    }
    Ok(())
}

fn print_markdown(article: &Article, output: &mut Output) -> Outcome {
    let lines = markdown_head(article).into_iter();
    let mut lines = lines.chain(markdown_body(article));
    lines.try_for_each(|line| output.line(&line))
}

/// Title, imprint and address as lines of Markdown.
pub(super) fn markdown_head(article: &Article) -> Vec<String> {
    let mut lines = Vec::new();
    if article.meta.title.is_some() {
        lines.push(format!("# {}", article.shown_title()));
    }
    let imprint = imprint(article);
    if !imprint.is_empty() {
        lines.extend([String::new(), format!("*{imprint}*")]);
    }
    if let Some(url) = &article.meta.url {
        lines.extend([String::new(), format!("<{url}>")]);
    }
    lines
}

/// The text as lines of Markdown, with a blank one in front of each block.
pub(super) fn markdown_body(article: &Article) -> Vec<String> {
    let mut lines = Vec::new();
    for block in article.body() {
        lines.push(String::new());
        match block.kind {
            BlockKind::Heading(level) => {
                let marks = "#".repeat(level.into());
                lines.push(format!("{marks} {}", block.text));
            }
            BlockKind::Quote => lines.push(format!("> {}", block.text)),
            BlockKind::Item => lines.push(format!("- {}", block.text)),
            BlockKind::Code => {
                lines.push("```".to_owned());
                lines.extend(block.text.lines().map(str::to_owned));
                lines.push("```".to_owned());
            }
            _ => lines.push(block.text.to_string()),
        }
    }
    lines
}

/// The bytes as they were read; a terminal gets them made safe, line by line.
fn print_raw(article: &Article, output: &mut Output) -> Outcome {
    if !output.is_terminal() {
        return output.bytes(article.raw().as_bytes());
    }
    article.raw().lines().try_for_each(|line| output.line(line))
}
