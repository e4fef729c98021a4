//! Two folders, article by article: two crawls, two releases of a collection, or what git hands over with `--dir-diff`.
//!
//! Articles are paired in three steps, each for those that the step before left over: the same path (and record), the
//! same text under another path, versions of one text by grouping. Rejected: grouping first. A path at which another
//! text stands now is a difference that a person looks for, and a form that is filled in anew is no version for grouping.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{Version, print};
use crate::cancel::Cancel;
use crate::cli::args::{Diff, DiffFormat};
use crate::cli::output::{Failure, Outcome, Output, count};
use crate::cli::session::complain;
use crate::diff::{self, Classes, Comparison, Summary};
use crate::formats::{self, Record};
use crate::group;
use crate::model::{Article, ArticleId};
use crate::store::{ingest, regroup};

/// git sets it for the program that it hands two folders.
const GIT_FOLDERS: &str = "GIT_DIFFTOOL_DIRDIFF";

/// Where an article stands: the path below its folder, the record in it, and which of those that are called so.
type Place = (PathBuf, String, usize);

/// One side.
struct Folder {
    articles: Vec<(Place, Version)>,
}

/// What became of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Status {
    /// The same bytes.
    Same,
    /// The same words in another layout or typography, or all that differs is hidden.
    Quiet,
    /// Something differs.
    Differs,
    /// It stands on the left only.
    OnlyLeft,
    /// It stands on the right only.
    OnlyRight,
}

/// Two articles that belong together, or one that has no other.
struct Pair<'a> {
    left: Option<&'a (Place, Version)>,
    right: Option<&'a (Place, Version)>,
    status: Status,
    comparison: Option<Comparison>,
}

/// Compares two folders.
pub(super) fn run(args: &Diff, output: &mut Output) -> Outcome {
    if args.format() == DiffFormat::Html {
        let why = "a page shows one comparison: name two files for --format html";
        return Err(Failure::usage(why));
    }
    let (left, right) = (Folder::read(&args.left)?, Folder::read(&args.right)?);
    let hidden: Classes = args.hide.iter().copied().collect();
    let pairs: Vec<Pair> = pair(&left.articles, &right.articles)
        .into_iter()
        .map(|(left, right)| Pair::new(left, right, hidden))
        .collect();
    match args.format() {
        DiffFormat::Json => output.json(&Report::of(args, hidden, &pairs)),
        _ => text(args, hidden, &pairs, output),
    }
}

impl Folder {
    fn read(name: &str) -> Result<Self, Failure> {
        let folder = Path::new(name);
        if !folder.is_dir() {
            let why = format!("{name} is no folder: compare two folders, or two files");
            return Err(Failure::usage(why));
        }
        let mut paths = Vec::new();
        match std::env::var_os(GIT_FOLDERS) {
            Some(_) => files(folder, &mut paths),
            None => paths.push(folder.to_owned()),
        }
        let all = ingest::ingest(&paths, &formats::Options::default(), &Cancel::new());
        complain(&all.diagnostics, usize::MAX);
        let mut seen: HashMap<(PathBuf, String), usize> = HashMap::new();
        let articles = all.records.into_iter().map(|record| {
            let (path, name) = named(&record, folder);
            let again = seen.entry((path.clone(), name.clone())).or_default();
            let place = (path, name, *again);
            *again += 1;
            let version = Version {
                name: record.source.path.to_string_lossy().into_owned() + &place.1,
                article: record.article.into(),
                boilerplate: Vec::new(),
            };
            (place, version)
        });
        Ok(Self {
            articles: articles.collect(),
        })
    }
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

/// The path of a record below its folder, and what it is called in its file: its own id, else its number.
fn named(record: &Record, folder: &Path) -> (PathBuf, String) {
    let source = &record.source;
    let path = source.path.strip_prefix(folder).unwrap_or(&source.path);
    let own = source.record_id.clone();
    let number = || source.record.map(|it| it.to_string());
    let name = own.or_else(number).map(|it| format!("#{it}"));
    (path.to_owned(), name.unwrap_or_default())
}

type Side<'a> = Option<&'a (Place, Version)>;

/// Finds what belongs together, in the order of the paths.
fn pair<'a>(
    left: &'a [(Place, Version)],
    right: &'a [(Place, Version)],
) -> Vec<(Side<'a>, Side<'a>)> {
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    let mut free = [
        (0..left.len()).collect::<Vec<usize>>(),
        (0..right.len()).collect::<Vec<usize>>(),
    ];
    let places: Vec<_> = left.iter().map(|it| &it.0).collect();
    let other: Vec<_> = right.iter().map(|it| &it.0).collect();
    join(&mut free, &mut pairs, &places, &other);
    let ids: Vec<_> = left.iter().map(|it| it.1.article.id).collect();
    let other: Vec<_> = right.iter().map(|it| it.1.article.id).collect();
    join(&mut free, &mut pairs, &ids, &other);
    by_text(&mut free, &mut pairs, left, right);

    let [alone, other] = free;
    let both = pairs
        .into_iter()
        .map(|(l, r)| (left.get(l), right.get(r)))
        .chain(alone.into_iter().map(|at| (left.get(at), None)))
        .chain(other.into_iter().map(|at| (None, right.get(at))));
    let mut both: Vec<_> = both.collect();
    both.sort_by_key(|(left, right)| left.or(*right).map(|it| &it.0));
    both
}

/// Pairs what is called the same on both sides, first with first.
fn join<K: Ord + Copy>(
    free: &mut [Vec<usize>; 2],
    pairs: &mut Vec<(usize, usize)>,
    left: &[K],
    right: &[K],
) {
    let mut waiting: BTreeMap<K, Vec<usize>> = BTreeMap::new();
    for &at in free[1].iter().rev() {
        waiting.entry(right[at]).or_default().push(at);
    }
    let mut taken = HashSet::new();
    free[0].retain(|&at| match waiting.get_mut(&left[at]).and_then(Vec::pop) {
        Some(other) => {
            pairs.push((at, other));
            taken.insert(other);
            false
        }
        None => true,
    });
    free[1].retain(|at| !taken.contains(at));
}

/// Pairs versions of one text, those that share most first.
fn by_text(
    free: &mut [Vec<usize>; 2],
    pairs: &mut Vec<(usize, usize)>,
    left: &[(Place, Version)],
    right: &[(Place, Version)],
) {
    // What is left over has no copy on the other side, so an article names its side.
    let lone = |side: &[usize], all: &[(Place, Version)]| -> BTreeMap<ArticleId, usize> {
        let named = side.iter().map(|&at| (all[at].1.article.id, at));
        named.rev().collect()
    };
    let (l, r) = (lone(&free[0], left), lone(&free[1], right));
    if l.is_empty() || r.is_empty() {
        return;
    }
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
        members
            .iter()
            .flat_map(move |a| members.iter().map(move |b| (*a, *b)))
    });
    let mut taken = [HashSet::new(), HashSet::new()];
    for (a, b) in linked.chain(tied) {
        let ends = l.get(&a).zip(r.get(&b));
        let Some((&one, &other)) = ends.or_else(|| l.get(&b).zip(r.get(&a))) else {
            continue;
        };
        if !taken[0].contains(&one) && !taken[1].contains(&other) {
            taken[0].insert(one);
            taken[1].insert(other);
            pairs.push((one, other));
        }
    }
    for (free, taken) in free.iter_mut().zip(&taken) {
        free.retain(|at| !taken.contains(at));
    }
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

impl<'a> Pair<'a> {
    fn new(left: Side<'a>, right: Side<'a>, hidden: Classes) -> Self {
        let (status, comparison) = match (left, right) {
            (Some((_, one)), Some((_, other))) if one.article.text == other.article.text => {
                (Status::Same, None)
            }
            (Some((_, one)), Some((_, other))) => {
                let comparison = diff::compare_articles(&one.article, &other.article);
                match diff::summary(&comparison, hidden.and(Classes::QUIET)).differences {
                    0 => (Status::Quiet, Some(comparison)),
                    _ => (Status::Differs, Some(comparison)),
                }
            }
            (Some(_), None) => (Status::OnlyLeft, None),
            (None, _) => (Status::OnlyRight, None),
        };
        Self {
            left,
            right,
            status,
            comparison,
        }
    }

    /// It stands elsewhere on the other side.
    fn is_renamed(&self) -> bool {
        let both = self.left.zip(self.right);
        both.is_some_and(|(left, right)| left.0 != right.0)
    }
}

/// The path below the folder, and the record.
fn shown(place: &Place) -> String {
    place.0.to_string_lossy().into_owned() + &place.1
}

/// What came of it in a line, what stands elsewhere or on one side only, and the comparisons.
fn text(args: &Diff, hidden: Classes, pairs: &[Pair], output: &mut Output) -> Outcome {
    output.line(&sentence(pairs))?;
    for pair in pairs {
        match (pair.left, pair.right) {
            (Some((left, _)), Some((right, _))) if pair.is_renamed() => {
                output.line(&format!("renamed     {} → {}", shown(left), shown(right)))?;
            }
            (Some((place, version)), None) => alone("only left ", place, version, output)?,
            (None, Some((place, version))) => alone("only right", place, version, output)?,
            _ => {}
        }
    }
    for pair in pairs.iter().filter(|it| it.status == Status::Differs) {
        if let (Some((_, left)), Some((_, right)), Some(comparison)) =
            (pair.left, pair.right, &pair.comparison)
        {
            output.line("")?;
            print((comparison, hidden), [left, right], args, output)?;
        }
    }
    Ok(())
}

fn alone(side: &str, place: &Place, version: &Version, output: &mut Output) -> Outcome {
    let words = count(version.article.words() as u64, "word");
    output.line(&format!("{side}  {} · {words}", shown(place)))
}

/// How many are the same and how many are not.
fn sentence(pairs: &[Pair]) -> String {
    let of = |status| pairs.iter().filter(|it| it.status == status).count();
    let same = count(of(Status::Same) as u64, "article");
    let mut parts = vec![
        format!("{same} the same"),
        format!("{} differ", of(Status::Differs)),
    ];
    let renamed = pairs.iter().filter(|it| it.is_renamed()).count();
    for (number, what) in [
        (
            of(Status::Quiet),
            "the same but for what is hidden or layout",
        ),
        (renamed, "renamed"),
        (of(Status::OnlyLeft), "only on the left"),
        (of(Status::OnlyRight), "only on the right"),
    ] {
        if number > 0 {
            parts.push(format!("{number} {what}"));
        }
    }
    parts.join(" · ")
}

/// Everything as JSON, without the comparisons themselves.
#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    left: &'a str,
    right: &'a str,
    articles: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    left: Option<String>,
    right: Option<String>,
    status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<Summary>,
}

impl<'a> Report<'a> {
    fn of(args: &'a Diff, hidden: Classes, pairs: &[Pair]) -> Self {
        let lines = pairs.iter().map(|pair| Line {
            left: pair.left.map(|it| shown(&it.0)),
            right: pair.right.map(|it| shown(&it.0)),
            status: pair.status,
            summary: pair
                .comparison
                .as_ref()
                .map(|it| diff::summary(it, hidden.and(Classes::QUIET))),
        });
        Self {
            schema: "folder-diff/1",
            left: &args.left,
            right: &args.right,
            articles: lines.collect(),
        }
    }
}
