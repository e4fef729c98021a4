//! Why articles are versions of one text, what a person said about that, and what else they have in common with whom.
//!
//! A group of a hundred has thousands of links; what explains it is one tie a version, the strongest that leads on to
//! version A (a maximum spanning tree).

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashSet};

use super::collection::{Present, Row};
use super::types::{Authors, Correction, Evidence, Said, Section, Tie, Why};
use crate::group::{Link, Reason, Relation, RelationKind};
use crate::model::{ArticleId, siglum};
use crate::text;

/// More versions or relations than this are counted, not told.
const TOLD: usize = 50;
/// Words of a block that stand for all of it.
const WORDS: usize = 6;

/// What is known of articles of other groups that have something in common with those of one.
pub(super) enum Related {
    /// They are being looked for.
    Sought,
    /// All there are.
    Found(Vec<Relation>),
    /// They cannot be looked for, and why.
    Unknown(String),
}

/// Explains the group of an article, and what it is related to.
pub(super) fn why(
    present: Present<'_>,
    row: &Row<'_>,
    related: &Related,
    authors: &Authors,
) -> Why {
    let versions = present.versions(row);
    let writer = Writer {
        present,
        own: row.member.article.id,
        versions: &versions,
        relations: match related {
            Related::Found(relations) => relations,
            _ => &[],
        },
        authors,
    };
    let links = present.groups.links(row.group);
    let said = |text| vec![Tie { text, pair: None }];
    let sections = [
        Section {
            title: match versions.len() {
                1 => "An article that stands alone".into(),
                count => format!("{count} versions of one text"),
            },
            ties: writer.versions(&links),
        },
        Section {
            title: match writer.heard().any(|it| authors.contains_key(&it.number)) {
                true => "What was said".into(),
                false => "What you said".into(),
            },
            ties: writer.said(),
        },
        writer.related(
            RelationKind::Sibling,
            "The same form with other numbers or names",
        ),
        writer.related(RelationKind::Quotes, "A passage of one stands in the other"),
        Section {
            title: "Articles of the same form, and quotations".into(),
            ties: match related {
                Related::Found(_) => Vec::new(),
                Related::Sought => said("They are being looked for …".into()),
                Related::Unknown(why) => {
                    said(format!("They cannot be looked for: {}.", text::line(why)))
                }
            },
        },
    ];
    Why {
        sections: sections
            .into_iter()
            .filter(|it| !it.ties.is_empty())
            .collect(),
    }
}

struct Writer<'a> {
    present: Present<'a>,
    own: ArticleId,
    versions: &'a [ArticleId],
    relations: &'a [Relation],
    /// Of what others said, by number.
    authors: &'a Authors,
}

/// What is said of numbers and names, with a blank in front: what counted against the pair, and where that is what much of
/// the same text was taken for versions by, that hardly anything did.
fn differing(link: &Link) -> &'static str {
    match (link.points.numbers < 0.0, link.points.names < 0.0) {
        (true, true) => " Some numbers and names in it are others.",
        (true, false) => " Some numbers in it are others.",
        (false, true) => " Some names in it are others.",
        (false, false) if link.reason == Reason::MuchShared => {
            " Hardly any number or name in it is another."
        }
        (false, false) => "",
    }
}

impl Writer<'_> {
    /// How an article is called here: by its letter, else by its title.
    fn name(&self, id: ArticleId) -> String {
        match self.versions.iter().position(|known| *known == id) {
            Some(at) if self.versions.len() > 1 => siglum(at),
            Some(_) => "this article".into(),
            None => match self.present.row_of(id) {
                Ok(row) => format!("“{}”", row.member.article.shown_title()),
                Err(_) => "an article that is no longer here".into(),
            },
        }
    }

    /// A tie for each version but the first, and what was set aside.
    fn versions(&self, links: &[Link]) -> Vec<Tie> {
        let Some(first) = self.versions.first() else {
            return Vec::new();
        };
        if self.versions.len() == 1 {
            return vec![Tie {
                text: "No other version of its text was found.".into(),
                pair: None,
            }];
        }
        let tree = tree(links, *first);
        let mut ties: Vec<Tie> = self
            .versions
            .iter()
            .skip(1)
            .take(TOLD)
            .map(|id| match tree.get(id) {
                Some(link) => self.tie(*id, link),
                // Only a made-up group does not say why.
                None => Tie {
                    text: format!("{} was put into this group.", self.name(*id)),
                    pair: Some((*first, *id)),
                },
            })
            .collect();
        if let Some(more @ 1..) = self.versions.len().checked_sub(TOLD + 1) {
            ties.push(Tie {
                text: format!("And {more} more."),
                pair: None,
            });
        }
        ties.extend(self.set_aside());
        ties
    }

    /// What ties a version to the one that leads on.
    fn tie(&self, id: ArticleId, link: &Link) -> Tie {
        let (one, other) = if link.a == id {
            (link.a, link.b)
        } else {
            (link.b, link.a)
        };
        let (of_one, of_other) = match link.a == one {
            true => (link.share_a, link.share_b),
            false => (link.share_b, link.share_a),
        };
        let blocks = link.shared_blocks;
        let (one_of, other_of) = match link.a == one {
            true => ((blocks.a, blocks.of_a), (blocks.b, blocks.of_b)),
            false => ((blocks.b, blocks.of_b), (blocks.a, blocks.of_a)),
        };
        let (a, b) = (self.name(one), self.name(other));
        let reason = match link.reason {
            Reason::Said => format!("{} said that they are one text.", self.speaker(link)),
            reason => format!("{reason}{}", differing(link)),
        };
        let mut text = format!("{a} and {b}: {reason}");
        if link.reason != Reason::SameWords && of_one + of_other > 0.0 {
            text += &format!(
                " {b} has {} of {a} ({}), and {a} {} of {b} ({}).",
                in_words(of_one),
                percent(of_one),
                in_words(of_other),
                percent(of_other)
            );
        }
        if link.reason != Reason::SameWords && one_of.1 + other_of.1 > 0 {
            text += &format!(
                " Paragraphs in common: {} of {} in {a}, {} of {} in {b}.",
                one_of.0, one_of.1, other_of.0, other_of.1
            );
        }
        Tie {
            text,
            pair: Some(self.in_order(one, other)),
        }
    }

    /// For each version the blocks that stand in other groups too and therefore say little.
    fn set_aside(&self) -> Vec<Tie> {
        let all = self.versions.iter().take(TOLD).filter_map(|id| {
            let row = self.present.row_of(*id).ok()?;
            let found = self.present.boilerplate(&row);
            let most = found.iter().filter_map(|it| match it.evidence {
                Evidence::Groups(count) => Some((count, it.block)),
                Evidence::Versions { .. } => None,
            });
            let (most, block) = most.max_by_key(|(count, block)| (*count, usize::MAX - block))?;
            let count = found.len();
            let block = row.member.article.blocks.get(block)?;
            let mut words: Vec<&str> = block.text.split_whitespace().take(WORDS + 1).collect();
            let more = if words.len() > WORDS { " …" } else { "" };
            words.truncate(WORDS);
            let (them, stands) = match count {
                1 => ("1 paragraph".to_owned(), "stands"),
                _ => (format!("{count} paragraphs"), "stand"),
            };
            Some(Tie {
                text: format!(
                    "Frame of {}: {them} that {stands} {} too, such as “{}{more}”, and so say little.",
                    self.name(*id),
                    match count {
                        1 => Evidence::Groups(most).to_string(),
                        _ => format!("in up to {most} other articles"),
                    },
                    words.join(" ")
                ),
                pair: None,
            })
        });
        all.collect()
    }

    /// What was said about the versions and counts, newest first.
    fn heard(&self) -> impl Iterator<Item = &Correction> {
        let here: HashSet<&ArticleId> = self.versions.iter().collect();
        let said = self.present.groups.said.iter();
        said.filter(move |it| here.contains(&it.a) || here.contains(&it.b))
            .take(TOLD)
    }

    /// Who said that.
    fn who(&self, it: &Correction) -> String {
        let name = self.authors.get(&it.number);
        name.map_or_else(|| "You".to_owned(), |name| text::line(name).to_string())
    }

    /// Who said what links two articles.
    fn speaker(&self, link: &Link) -> String {
        let mut all = self.heard();
        let said = all.find(|it| (it.a, it.b, it.said) == (link.a, link.b, Said::Same));
        // By way of an article that is no longer here.
        said.map_or_else(|| "Somebody".to_owned(), |it| self.who(it))
    }

    /// The same in sentences.
    fn said(&self) -> Vec<Tie> {
        let here: HashSet<&ArticleId> = self.versions.iter().collect();
        let tie = |it: &Correction| {
            let (one, other) = match here.contains(&it.a) {
                true => (it.a, it.b),
                false => (it.b, it.a),
            };
            let (one, other) = match here.contains(&other) {
                true => self.in_order(one, other),
                false => (one, other),
            };
            let (a, b) = (self.name(one), self.name(other));
            let is_here = self.present.row_of(other).is_ok();
            let who = self.who(it);
            Tie {
                text: match it.said {
                    Said::Same => format!("{who} said that {a} and {b} are one text."),
                    Said::Apart => format!("{who} said that {a} and {b} are not one text."),
                },
                pair: is_here.then_some((one, other)),
            }
        };
        self.heard().map(tie).collect()
    }

    /// Articles of other groups that a version is related to, each group once by its strongest relation.
    fn related(&self, kind: RelationKind, title: &str) -> Section {
        let mut strongest: BTreeMap<usize, (ArticleId, Relation)> = BTreeMap::new();
        let strength = |it: &Relation| it.share_a.max(it.share_b);
        let here: HashSet<&ArticleId> = self.versions.iter().collect();
        for relation in self.relations.iter().filter(|it| it.kind == kind) {
            let (id, other) = match here.contains(&relation.a) {
                true => (relation.a, relation.b),
                false => (relation.b, relation.a),
            };
            // Somebody may have said that they are versions of one text.
            if !here.contains(&id) || here.contains(&other) {
                continue;
            }
            let Ok(row) = self.present.row_of(other) else {
                continue;
            };
            let known = strongest.get(&row.group);
            // The article itself before its versions, then the stronger.
            let rank = |id: ArticleId, it: &Relation| (id == self.own, strength(it));
            if known.is_none_or(|(of, it)| {
                rank(id, relation).partial_cmp(&rank(*of, it)) == Some(Ordering::Greater)
            }) {
                strongest.insert(row.group, (id, relation.clone()));
            }
        }
        let mut all: Vec<(ArticleId, Relation)> = strongest.into_values().collect();
        all.sort_by(|(_, x), (_, y)| {
            strength(y)
                .total_cmp(&strength(x))
                .then((x.a, x.b).cmp(&(y.a, y.b)))
        });
        let more = all.len().saturating_sub(TOLD);
        all.truncate(TOLD);
        let mut ties: Vec<Tie> = all
            .into_iter()
            .map(|(id, it)| {
                let (own, other, share_own, share_other) = match it.a == id {
                    true => (it.a, it.b, it.share_a, it.share_b),
                    false => (it.b, it.a, it.share_b, it.share_a),
                };
                let (a, b) = (self.name(own), self.name(other));
                Tie {
                    text: format!(
                        "{b} has {} of {a} ({}), and {a} {} of it ({}).",
                        in_words(share_own),
                        percent(share_own),
                        in_words(share_other),
                        percent(share_other)
                    ),
                    pair: Some((own, other)),
                }
            })
            .collect();
        if more > 0 {
            ties.push(Tie {
                text: format!("And {more} more."),
                pair: None,
            });
        }
        Section {
            title: title.to_owned(),
            ties,
        }
    }

    /// Two versions in the order of their letters.
    fn in_order(&self, one: ArticleId, other: ArticleId) -> (ArticleId, ArticleId) {
        let at = |id| self.versions.iter().position(|known| *known == id);
        if at(one) <= at(other) {
            (one, other)
        } else {
            (other, one)
        }
    }
}

/// For each version the link that leads on to the root on the way of the strongest links.
fn tree(links: &[Link], root: ArticleId) -> BTreeMap<ArticleId, &Link> {
    let mut of: BTreeMap<ArticleId, Vec<&Link>> = BTreeMap::new();
    for link in links {
        of.entry(link.a).or_default().push(link);
        of.entry(link.b).or_default().push(link);
    }
    // Prim: what is reached takes in the strongest link that leads out of it.
    let mut found: BTreeMap<ArticleId, &Link> = BTreeMap::new();
    let mut open: BTreeMap<(Strength, ArticleId), &Link> = BTreeMap::new();
    let mut at = root;
    loop {
        for link in of.get(&at).into_iter().flatten() {
            let other = if link.a == at { link.b } else { link.a };
            if other != root && !found.contains_key(&other) {
                open.insert((Strength::of(link), other), link);
            }
        }
        let next = loop {
            match open.pop_last() {
                Some(((_, id), _)) if found.contains_key(&id) => {}
                Some(((_, id), link)) => break Some((id, link)),
                None => break None,
            }
        };
        let Some((id, link)) = next else {
            return found;
        };
        found.insert(id, link);
        at = id;
    }
}

/// How strong a link is, in millionths of both shares together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Strength(u32);

impl Strength {
    fn of(link: &Link) -> Self {
        Self(((link.share_a + link.share_b) * 1e6) as u32)
    }
}

/// A share in words.
fn in_words(share: f64) -> &'static str {
    match share {
        1.0.. => "all",
        0.95.. => "nearly all",
        0.85.. => "nine tenths",
        0.7.. => "three quarters",
        0.6.. => "two thirds",
        0.42.. => "half",
        0.29.. => "a third",
        0.2.. => "a quarter",
        0.05.. => "a little",
        _ => "hardly anything",
    }
}

fn percent(share: f64) -> String {
    format!("{:.0} %", (share * 100.0).floor())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::group::Points;

    #[test]
    fn numbers_and_names_are_spoken_of_as_they_counted() {
        let link = |reason, numbers, names| {
            let ids = [1, 2].map(|it| ArticleId::from_bytes([it; 16]));
            let points = Points {
                numbers,
                names,
                ..Points::default()
            };
            Link {
                points,
                ..Link::bare(ids[0], ids[1], reason)
            }
        };
        for (reason, numbers, names, said) in [
            (Reason::SameText, 0.0, 0.0, ""),
            (
                Reason::MuchShared,
                0.0,
                0.0,
                " Hardly any number or name in it is another.",
            ),
            (
                Reason::MuchShared,
                -1.2,
                0.0,
                " Some numbers in it are others.",
            ),
            (
                Reason::Contained,
                -1.2,
                -0.1,
                " Some numbers and names in it are others.",
            ),
            (Reason::SameBody, 0.0, -0.1, " Some names in it are others."),
        ] {
            assert_eq!(differing(&link(reason, numbers, names)), said);
        }
    }
}
