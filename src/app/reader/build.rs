//! An article to the paragraphs of the pane: title, byline, source, the body; or the text as it was read.

use crate::model::{Article, Block, BlockKind, Clean};
use crate::store::types::{Boilerplate, Entry, Evidence};
use crate::text::{clean, inline, reveal};

use super::{Paragraph, Role};

/// Title, byline, source and the blocks of the body.
pub(super) fn paragraphs(
    entry: &Entry,
    boilerplate: &[Boilerplate],
    folded: bool,
) -> Vec<Paragraph> {
    let article = &entry.article;
    let own = |role, text: String| Paragraph {
        role,
        dimmed: false,
        text,
        inline: Vec::new(),
        columns: None,
        map: None,
    };
    let mut all = Vec::with_capacity(article.blocks.len() + 3);
    if let Some(title) = &article.meta.title {
        all.push(own(Role::Title, title.to_string()));
    }
    all.push(own(Role::Byline, about(article)));
    let place = article.meta.url.as_ref().map_or_else(
        || {
            entry
                .sources
                .first()
                .map(|source| clean::line(&source.path.to_string_lossy()).to_string())
        },
        |url| Some(url.to_string()),
    );
    all.extend(place.map(|place| {
        let whole = 0..place.len();
        let leads = article
            .meta
            .url
            .is_some()
            .then(|| inline::Inline::Link(place.clone()));
        Paragraph {
            inline: leads.map(|link| (whole, link)).into_iter().collect(),
            ..own(Role::Source, place)
        }
    }));
    let remarks = remarks(entry);
    let on_article = remarks.iter().filter(|(at, _)| *at == Some(HEAD));
    all.extend(on_article.map(|(_, text)| own(Role::Remark, text.clone())));
    // A heading that repeats the title would say it twice.
    let title = article.meta.title.as_deref();
    let repeats_title = |block: &Block| {
        matches!(block.kind, BlockKind::Heading(_))
            && title.is_some_and(|title| title == block.text.as_str())
    };
    let body = article.blocks.iter().enumerate();
    let body = body.filter(|(_, it)| !it.kind.is_metadata() && !repeats_title(it));
    let evidence = |at: usize| {
        let found = boilerplate.binary_search_by_key(&at, |it| it.block).ok();
        found.map(|found| boilerplate[found].evidence)
    };
    let body: Vec<_> = body.map(|(at, block)| (block, evidence(at))).collect();
    // Where everything stands elsewhere too, dimming would only make it hard to read.
    let dims = body.iter().any(|(_, evidence)| evidence.is_none());
    for run in body.chunk_by(|(_, a), (_, b)| a.is_some() == b.is_some()) {
        let evidence: Vec<Evidence> = run.iter().filter_map(|(_, it)| *it).collect();
        let dimmed = dims && !evidence.is_empty();
        if dimmed {
            all.push(own(Role::Note, note(&evidence, folded)));
        }
        if dimmed && folded {
            continue;
        }
        for (block, _) in run {
            all.push(Paragraph {
                role: Role::Block(block.kind),
                dimmed,
                text: block.text.to_string(),
                inline: inline::runs(&article.text, &block.text, block.text.map()),
                columns: None,
                map: Some(block.text.map().clone()),
            });
            let here = remarks
                .iter()
                .filter(|(at, _)| *at == Some(block.range.start));
            all.extend(here.map(|(_, text)| own(Role::Remark, text.clone())));
        }
    }
    // A paragraph that is gone, or folded, costs no note.
    let shown: Vec<usize> = body
        .iter()
        .filter(|(_, evidence)| !(dims && folded && evidence.is_some()))
        .map(|(block, _)| block.range.start)
        .collect();
    let rest = remarks
        .iter()
        .filter(|(at, _)| at.is_none_or(|at| at != HEAD && !shown.contains(&at)));
    all.extend(rest.map(|(_, text)| own(Role::Remark, text.clone())));
    all
}

/// Stands for the beginning of the article, in front of every block.
const HEAD: usize = usize::MAX;

/// The notes, each with where the block begins that it is about; none for a paragraph that is no longer there.
fn remarks(entry: &Entry) -> Vec<(Option<usize>, String)> {
    let article = &entry.article;
    let words = || article.body().map(|block| block.text.as_str());
    let notes = entry.decision.notes.iter();
    notes
        .map(|note| {
            let text = clean::line(&note.text);
            match &note.on {
                None => (Some(HEAD), format!("note: {text}")),
                Some(on) => match on.find(words()).and_then(|at| article.body().nth(at)) {
                    Some(block) => (Some(block.range.start), format!("note: {text}")),
                    None => {
                        let quote = clean::line(&on.quote);
                        (None, format!("note: {text} (on “{quote}”, which is gone)"))
                    }
                },
            }
        })
        .collect()
}

/// What is said of a run of boilerplate: "in 212 other articles", and when it is folded, of how much.
fn note(run: &[Evidence], folded: bool) -> String {
    let most = run.iter().filter_map(|it| match it {
        Evidence::Groups(count) => Some(*count),
        Evidence::Versions { .. } => None,
    });
    let said = match (most.max(), run) {
        (Some(most), [first, ..]) if run.iter().any(|it| it != first) => {
            format!("in up to {most} other articles")
        }
        (_, [first, ..]) => first.to_string(),
        (_, []) => String::new(),
    };
    match (folded, run.len()) {
        (false, _) => said,
        (true, 1) => format!("1 paragraph that stands {said}"),
        (true, count) => format!("{count} paragraphs that stand {said}"),
    }
}

/// Words that people read in a minute, in silence: Brysbaert 2019 gives 238 for non-fiction in English.
pub(super) const WORDS_A_MINUTE: usize = 238;

/// "By AFP · 1 April 2020 · 2 min".
fn about(article: &Article) -> String {
    let minutes = article.words().div_ceil(WORDS_A_MINUTE).max(1);
    let parts = [
        article
            .meta
            .byline
            .as_ref()
            .map(|byline| format!("By {byline}")),
        article.meta.date.map(long_date),
        Some(format!("{minutes} min")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn long_date(date: crate::model::Date) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    match (
        date.day(),
        date.month().map(|month| MONTHS[usize::from(month) - 1]),
    ) {
        (Some(day), Some(month)) => format!("{day} {month} {}", date.year()),
        (None, Some(month)) => format!("{month} {}", date.year()),
        _ => date.year().to_string(),
    }
}

/// Parts the text of a page from its source.
const SOURCE_BELOW: &str = "\n── the source of the page ──\n\n";

/// Every line of the text as it was read; of a web page first all of its text, then its source.
pub(super) fn raw_paragraphs(article: &Article, revealed: bool) -> Vec<Paragraph> {
    let raw = article.raw();
    if article.original.is_none() {
        return raw_lines(raw, true, revealed);
    }
    let mut paragraphs = raw_lines(&crate::text::page_text(raw), false, revealed);
    paragraphs.extend(raw_lines(SOURCE_BELOW, false, false));
    paragraphs.extend(raw_lines(raw, false, revealed));
    paragraphs
}

/// Lines as they stand; `mapped` when their offsets are those of the article's text, `revealed` when what cannot be seen
/// is shown by a sign.
fn raw_lines(raw: &str, mapped: bool, revealed: bool) -> Vec<Paragraph> {
    let mut start = 0;
    raw.split_inclusive('\n')
        .map(|line| {
            let whole = start..start + line.len();
            let range = start..start + line.trim_end_matches(['\n', '\r']).len();
            start += line.len();
            let text: Clean = clean::clean_range(raw, range);
            Paragraph {
                role: Role::Raw,
                dimmed: false,
                inline: Vec::new(),
                columns: None,
                map: mapped.then(|| text.map().clone()),
                text: match revealed {
                    true => reveal::reveal(raw.get(whole).unwrap_or_default()),
                    false => text.to_string(),
                },
            }
        })
        .collect()
}
