//! What a rule costs before it is applied: how many articles stay and leave, why those that leave may, and the words
//! that would be lost.
//!
//! Each article that would leave the cleaned collection is compared with the versions of its group that stay, by the
//! same engine that the screen shows; the one that has most of its words counts. Where no version stays, all of its
//! words are lost.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use serde::Serialize;
use unicode_segmentation::UnicodeSegmentation;

use super::compare;
use super::review::summary;
use super::rule::Plan;
use super::traits::Library;
use super::types::{Decisions, Deed, Entry, StoreError};
use crate::cancel::Cancel;
use crate::diff::{Class, Comparison, SpanKind};
use crate::model::{ArticleId, Decision, Verdict};

/// So many articles stand for each reason.
const SAMPLES: usize = 5;

/// So much of the lost words is quoted, in bytes.
const QUOTE: usize = 160;

/// What a plan would do to the collection.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Cost {
    /// Articles that get the verdict *keep*.
    pub kept: u64,
    /// Articles that are set aside because another version is kept.
    pub set_aside: u64,
    /// Articles that are dropped.
    pub dropped: u64,
    /// Articles that are no longer set aside.
    pub freed: u64,
    /// Words that no version that stays has, over all that leave.
    pub lost_words: u64,
    /// Why those that leave may leave: the greatest loss last.
    pub reasons: Vec<Reason>,
    /// What is lost with each article, the largest loss first; without those that lose nothing.
    pub losses: Vec<Loss>,
}

/// Articles that leave for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// What the versions that stay lack, in a few words.
    pub reason: Kind,
    /// How many articles.
    pub articles: u64,
    /// Some of them.
    pub samples: Vec<Named>,
}

/// An article with its title, safe for a terminal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Named {
    /// The article.
    pub id: ArticleId,
    /// Its title.
    pub title: String,
}

/// What the collection loses with one article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Loss {
    /// The article.
    #[serde(flatten)]
    pub article: Named,
    /// The version that it was compared with; none where none stays.
    pub stays: Option<ArticleId>,
    /// How many words.
    pub words: u64,
    /// How they begin.
    pub begins: String,
}

/// What the version that stays lacks of one that leaves; the most telling counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Nothing but breaks, quotes and capitals.
    SameWords,
    /// What stands in many other articles too.
    Boilerplate,
    /// Title, byline, date or source.
    Metadata,
    /// Some words are others.
    OtherWords,
    /// A number or a negation is another.
    OtherFigures,
    /// Text that stands nowhere in it.
    Text,
    /// Everything: no version of the group stays.
    Everything,
}

impl Kind {
    /// What is said of it.
    pub fn words(self) -> &'static str {
        match self {
            Self::SameWords => "the same words stay",
            Self::Boilerplate => "only boilerplate is lost",
            Self::Metadata => "title, byline, date or source is lost",
            Self::OtherWords => "some words are others",
            Self::OtherFigures => "a number or a negation is another",
            Self::Text => "text is lost that no version kept has",
            Self::Everything => "no version of the text stays",
        }
    }
}

impl Cost {
    /// What would be done, in one sentence.
    pub fn sentence(&self, plan: &Plan) -> String {
        let deeds: Vec<Deed> = plan.deeds.iter().map(|it| it.1.clone()).collect();
        match deeds.is_empty() {
            true => format!("nothing to change: {} already so", plan.rows),
            false => format!("would be {}", summary::describe(&deeds)),
        }
    }

    /// Why articles may leave, and what is lost with `most` of them, the largest loss first.
    pub fn lines(&self, most: usize) -> Vec<String> {
        let count = |number: u64, noun: &str| match number {
            1 => format!("1 {noun}"),
            _ => format!("{number} {noun}s"),
        };
        let short = |id: ArticleId| id.to_string().chars().take(8).collect::<String>();
        let mut lines = Vec::new();
        for reason in &self.reasons {
            let articles = count(reason.articles, "article");
            lines.push(format!("{} · {articles}", reason.reason.words()));
            let samples = reason.samples.iter();
            lines.extend(samples.map(|it| format!("  {}  {}", short(it.id), it.title)));
        }
        if self.losses.is_empty() {
            lines.push("no word would be lost".into());
            return lines;
        }
        let articles = count(self.losses.len() as u64, "article");
        let words = count(self.lost_words, "word");
        lines.push(format!(
            "{words} of {articles} would be lost, the largest loss first:"
        ));
        for loss in self.losses.iter().take(most) {
            let named = &loss.article;
            lines.push(format!(
                "  {:>6}  {}  {}",
                loss.words,
                short(named.id),
                named.title
            ));
            lines.push(format!("          {}", loss.begins));
        }
        if let Some(more @ 1..) = self.losses.len().checked_sub(most) {
            lines.push(format!("  … and {more} more"));
        }
        lines
    }
}

/// Works out what a plan costs; `progress` is told how many articles of how many were compared.
pub fn cost(
    library: &dyn Library,
    decisions: &Decisions,
    plan: &Plan,
    cancel: &Cancel,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Cost, StoreError> {
    let mut cost = Cost::default();
    let after = after(decisions, plan);
    let mut leaving = Vec::new();
    let mut seen = HashSet::new();
    for (id, deed) in &plan.deeds {
        let leaves = match deed {
            Deed::Verdict(Some(Verdict::Keep)) => {
                cost.kept += 1;
                false
            }
            Deed::Verdict(Some(Verdict::Drop)) => {
                cost.dropped += 1;
                true
            }
            Deed::Supersede(set) => {
                *(if *set {
                    &mut cost.set_aside
                } else {
                    &mut cost.freed
                }) += 1;
                *set
            }
            _ => false,
        };
        if leaves && seen.insert(*id) {
            leaving.push(*id);
        }
    }
    let stays = |id: &ArticleId| {
        let decision = after.get(id).or_else(|| decisions.get(id));
        decision.is_none_or(|it| it.verdict != Some(Verdict::Drop) && !it.superseded)
    };
    let mut reasons: HashMap<Kind, Reason> = HashMap::new();
    for (at, id) in leaving.iter().enumerate() {
        if cancel.is_cancelled() {
            return Err(StoreError::Cancelled);
        }
        progress(at, leaving.len());
        let entry = library.entry(*id, cancel)?;
        let (kind, loss) = loss(library, &entry, stays, cancel)?;
        let reason = reasons.entry(kind).or_insert_with(|| Reason {
            reason: kind,
            articles: 0,
            samples: Vec::new(),
        });
        reason.articles += 1;
        if reason.samples.len() < SAMPLES {
            reason.samples.push(loss.article.clone());
        }
        cost.lost_words += loss.words;
        if loss.words > 0 {
            cost.losses.push(loss);
        }
    }
    cost.reasons = reasons.into_values().collect();
    cost.reasons.sort_by_key(|it| it.reason);
    cost.losses
        .sort_by_key(|it| (Reverse(it.words), it.article.id));
    Ok(cost)
}

/// What is decided about the articles of a plan once it is done.
fn after(decisions: &Decisions, plan: &Plan) -> Decisions {
    let mut after = Decisions::new();
    for (id, deed) in &plan.deeds {
        let now = || decisions.get(id).cloned().unwrap_or_else(Decision::default);
        let decision = after.entry(*id).or_insert_with(now);
        match deed {
            Deed::Verdict(verdict) => decision.verdict = *verdict,
            Deed::Supersede(set) => decision.superseded = *set,
            _ => {}
        }
    }
    after
}

/// What is lost with one article.
fn loss(
    library: &dyn Library,
    leaving: &Entry,
    stays: impl Fn(&ArticleId) -> bool,
    cancel: &Cancel,
) -> Result<(Kind, Loss), StoreError> {
    let article = &leaving.article;
    let named = || Named {
        id: article.id,
        title: article.shown_title().to_owned(),
    };
    let mut best: Option<(Kind, Loss)> = None;
    let others = leaving.versions.iter().filter(|id| **id != article.id);
    for other in others.filter(|id| stays(id)) {
        let kept = library.entry(*other, cancel)?;
        let comparison = compare::in_library(library, article, &kept.article, cancel)?;
        let (kind, words, begins) = only_left(&comparison, &article.text);
        let loss = Loss {
            article: named(),
            stays: Some(*other),
            words,
            begins,
        };
        if best
            .as_ref()
            .is_none_or(|it| (words, kind) < (it.1.words, it.0))
        {
            best = Some((kind, loss));
        }
    }
    Ok(best.unwrap_or_else(|| {
        let body = || article.body().map(|block| block.text.as_str());
        let loss = Loss {
            article: named(),
            stays: None,
            words: body().map(count).sum(),
            begins: quote(body()),
        };
        (Kind::Everything, loss)
    }))
}

/// What stands only on the left: the most telling kind, how many words, and how they begin.
fn only_left(comparison: &Comparison, text: &str) -> (Kind, u64, String) {
    let cells = comparison.rows.iter().filter_map(|row| row.left.as_ref());
    let spans = cells.flat_map(|cell| &cell.spans);
    let lost = spans.filter_map(|span| {
        let kind = match span.class? {
            Class::Reflow | Class::Typographic | Class::Case | Class::Moved | Class::Added => {
                return None;
            }
            Class::Boilerplate => Kind::Boilerplate,
            Class::Metadata => Kind::Metadata,
            Class::Edited => Kind::OtherWords,
            Class::Number | Class::Negation => Kind::OtherFigures,
            Class::Removed => Kind::Text,
        };
        let words = text.get(span.range.clone())?;
        (span.kind == SpanKind::Changed && count(words) > 0).then_some((kind, words))
    });
    let lost: Vec<(Kind, &str)> = lost.collect();
    (
        lost.iter().map(|it| it.0).max().unwrap_or(Kind::SameWords),
        lost.iter().map(|it| count(it.1)).sum(),
        quote(lost.iter().map(|it| it.1)),
    )
}

fn count(text: &str) -> u64 {
    text.unicode_words().count() as u64
}

/// The beginning of some texts, with a sign between those that are apart; safe for a terminal.
fn quote<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let mut all = String::new();
    for text in texts {
        if all.len() > QUOTE {
            break;
        }
        let text = crate::text::line(text);
        if !all.is_empty() {
            all.push_str(" … ");
        }
        all.push_str(&text);
    }
    if all.len() > QUOTE {
        let end = all.char_indices().map(|(at, _)| at);
        let end = end.take_while(|at| *at <= QUOTE).last().unwrap_or(0);
        all.truncate(end);
        all.push('…');
    }
    all
}
