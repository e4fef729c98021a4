//! Two collections, article by article: two crawls, two releases, what two extractors made, or what git hands over with
//! `--dir-diff`. What belongs together is found by [`changes`](crate::store::changes).

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{Input, Version, print};
use crate::cancel::Cancel;
use crate::cli::args::{Diff, DiffFormat};
use crate::cli::output::{Failure, Outcome, Output};
use crate::diff::{self, Classes, Comparison, Summary};
use crate::formats::Record;
use crate::group;
use crate::model::{Article, ArticleId};
use crate::store::changes::{Item, Pair, pair};
use crate::store::regroup;
use crate::store::types::changes::{Change, Changes, End, Status};

/// git sets it for the program that it hands two folders.
const GIT_FOLDERS: &str = "GIT_DIFFTOOL_DIRDIFF";

/// A side of a change.
type Side<'a> = Option<&'a (Item, Version)>;

/// Compares two collections.
pub(super) fn run(args: &Diff, left: &Input, right: &Input, output: &mut Output) -> Outcome {
    if args.format() == DiffFormat::Html {
        let why = "a page shows one comparison: name two files for --format html";
        return Err(Failure::usage(why));
    }
    let hidden: Classes = args.hide.iter().copied().collect();
    let items =
        |input: &Input| -> Vec<Item> { input.articles.iter().map(|it| it.0.clone()).collect() };
    let pairs = pair(&items(left), &items(right), |l, r| {
        by_text((&left.articles, l), (&right.articles, r))
    });
    let pairs = pairs.into_iter();
    let compared = pairs.map(|pair| Compared::new(pair, left, right, hidden));
    let mut compared: Vec<Compared> = compared.collect();
    compared.sort_by_cached_key(|it| it.change.rank());
    let same = |it: &&Compared| it.change.status == Status::Same;
    let listed = compared
        .iter()
        .filter(|it| !same(it) || it.change.is_renamed());
    let changes = Changes::new(
        compared.iter().filter(same).count() as u64,
        listed.map(|it| it.change.clone()).collect(),
    );
    match args.format() {
        DiffFormat::Json => output.json(&Report {
            schema: "folder-diff/1",
            left: &args.left,
            right: &args.right,
            articles: compared.iter().map(Line::of).collect(),
        }),
        _ => text(args, hidden, &changes, &compared, output),
    }
}

/// What is read of a folder: itself, or where git made it every file in it.
pub(super) fn paths(folder: &Path) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    match std::env::var_os(GIT_FOLDERS) {
        Some(_) => files(folder, &mut paths),
        None => paths.push(folder.to_owned()),
    }
    paths
}

/// Every file, in order, to be named one by one: what did not change in the working tree are links, which are followed
/// only when they are named, and hidden files count too. For folders that git made only: in one from elsewhere a link
/// may point at the reader's own files.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    let mut entries: Vec<PathBuf> = entries.flatten().map(|it| it.path()).collect();
    entries.sort();
    for path in entries {
        if path.is_file() {
            found.push(path);
        } else if path.is_dir() && !path.is_symlink() {
            files(&path, found);
        }
    }
}

/// A record where it stands in its collection.
pub(super) fn item(record: &Record, root: &Path) -> Item {
    let source = &record.source;
    Item {
        id: record.article.id,
        path: source
            .path
            .strip_prefix(root)
            .unwrap_or(&source.path)
            .to_owned(),
        own: source.record_id.clone(),
        record: source.record,
        url: record.article.meta.url.as_ref().map(ToString::to_string),
    }
}

/// Versions of one text among those that are left over, those that share most first.
fn by_text(
    (left, l): (&[(Item, Version)], &[usize]),
    (right, r): (&[(Item, Version)], &[usize]),
) -> Vec<(usize, usize)> {
    // What is left over has no copy on the other side, so an article names its side; of copies on one side the first.
    let lone = |side: &[usize], all: &[(Item, Version)]| -> BTreeMap<ArticleId, usize> {
        let named = side.iter().map(|&at| (all[at].1.article.id, at));
        named.rev().collect()
    };
    let (l, r) = (lone(l, left), lone(r, right));
    let articles = l.values().map(|&at| &*left[at].1.article);
    let articles = articles.chain(r.values().map(|&at| &*right[at].1.article));
    let documents: Vec<group::Document<'_>> = articles.map(document).collect();
    let options = group::Options {
        relations: false,
        ..group::Options::default()
    };
    let grouping = group::group(&documents, &options, &Cancel::new()).unwrap_or_default();
    let mut links: Vec<_> = grouping.groups.iter().flat_map(|it| &it.links).collect();
    links.sort_by(|one, other| {
        let shared = |it: &group::Link| it.share_a + it.share_b;
        shared(other).total_cmp(&shared(one))
    });
    let linked = links.into_iter().map(|link| (link.a, link.b));
    // Versions that only a third ties together come last.
    let tied = grouping.groups.iter().flat_map(|group| {
        let members = &group.members;
        let with_all = |a| members.iter().map(move |b| (a, *b));
        members.iter().copied().flat_map(with_all)
    });
    let places = linked.chain(tied).filter_map(|(a, b)| {
        let forth = l.get(&a).zip(r.get(&b));
        let (one, other) = forth.or_else(|| l.get(&b).zip(r.get(&a)))?;
        Some((*one, *other))
    });
    places.collect()
}

/// An article as grouping sees it.
fn document(article: &Article) -> group::Document<'_> {
    group::Document {
        id: article.id,
        title: article.meta.title.as_deref(),
        url: article.meta.url.as_deref(),
        date: article.meta.date,
        blocks: regroup::grouped_by(article),
    }
}

/// What became of an article, with both sides and their comparison.
struct Compared<'a> {
    left: Side<'a>,
    right: Side<'a>,
    change: Change,
    comparison: Option<Comparison>,
}

impl<'a> Compared<'a> {
    fn new((left, right): Pair, one: &'a Input, other: &'a Input, hidden: Classes) -> Self {
        let left = left.and_then(|at| one.articles.get(at));
        let right = right.and_then(|at| other.articles.get(at));
        let articles = left.zip(right).map(|it| (&it.0.1.article, &it.1.1.article));
        let differ = articles.filter(|(left, right)| left.text != right.text);
        let comparison = differ.map(|(left, right)| diff::compare_articles(left, right));
        let end = |side: Side| side.map(|(item, version)| End::new(item, &version.article));
        Self {
            left,
            right,
            change: Change::new((end(left), end(right)), comparison.as_ref(), hidden),
            comparison,
        }
    }
}

/// What came of it in a line, a line for each change, and the comparisons, all with the largest difference first.
fn text(
    args: &Diff,
    hidden: Classes,
    changes: &Changes,
    compared: &[Compared],
    output: &mut Output,
) -> Outcome {
    output.line(&changes.sentence())?;
    for change in &changes.changes {
        let (extent, kinds) = (change.extent(), change.kinds());
        output.line(&format!("{extent:>11}  {} · {kinds}", change.place()))?;
    }
    if args.lists() {
        return Ok(());
    }
    for it in compared
        .iter()
        .filter(|it| it.change.status == Status::Differs)
    {
        if let (Some(comparison), Some((_, left)), Some((_, right))) =
            (&it.comparison, it.left, it.right)
        {
            output.line("")?;
            print((comparison, hidden), [left, right], args, output)?;
        }
    }
    Ok(())
}

/// Everything as JSON, without the comparisons themselves.
#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    left: &'a str,
    right: &'a str,
    articles: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct Line<'a> {
    left: Option<String>,
    right: Option<String>,
    status: Status,
    /// The share of both texts that differs, from 0 to 1.
    share: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a Summary>,
}

impl<'a> Line<'a> {
    fn of(compared: &'a Compared) -> Self {
        let name = |side: Side| side.map(|(item, _)| item.name());
        Self {
            left: name(compared.left),
            right: name(compared.right),
            status: compared.change.status,
            share: compared.change.share,
            summary: compared.change.summary.as_ref(),
        }
    }
}
