//! Three and more versions: an apparatus as in a critical edition, a matrix of paragraphs, and which to keep.
//!
//! ```text
//! ¶2  4,000 ] A C · 4,100 B · om. D          what the base reads, who agrees, who reads what instead
//! ¶3  came ] A B C · add. , they say D       what others add behind a word of the base
//! ```
//! What differs only in layout or typography is counted here and named in the JSON. Long readings lose their middle.

use super::paint::lines;
use super::{Version, screen_width};
use crate::cli::args::{Diff, DiffFormat};
use crate::cli::output::{Failure, Outcome, Output, count};
use crate::diff::versions::{Line, Site, State, Versions, versions};
use crate::diff::{self, Options, Side};
use crate::model::{Article, siglum};
use crate::store::versions::{Score, rank};
use crate::text;

mod html;
mod json;

/// Words of a reading that are shown at its beginning and at its end, when it has more than both and one.
const EDGE: usize = 4;

/// No word that goes in front of an addition is longer, in columns; text without spaces has no words.
const LEMMA: usize = 24;

/// Compares all versions with one of them.
pub(super) fn run(args: &Diff, all: &[Version], output: &mut Output) -> Outcome {
    let base = match &args.base {
        Some(name) => Some(place(name, &args.names())?),
        None => None,
    };
    let cut: Vec<_> = all.iter().map(|it| diff::blocks(&it.article)).collect();
    let sides: Vec<Side> = all
        .iter()
        .zip(&cut)
        .map(|(version, paragraphs)| Side {
            text: &version.article.text,
            paragraphs,
        })
        .collect();
    let found = versions(&sides, base, &Options::default());
    let shown = Shown {
        all,
        found: &found,
        width: args.width.unwrap_or_else(|| screen_width(output)),
    };
    match args.format() {
        DiffFormat::Json => output.json(&json::Report::of(all, &found)),
        DiffFormat::Html => html::page(&shown, output),
        DiffFormat::Text | DiffFormat::Unified => {
            shown.header(output)?;
            shown.apparatus(output)?;
            shown.matrix(output)?;
            shown.ranking(output)
        }
    }
}

/// The place of the version that is called so on the command line, or has this letter.
fn place(name: &str, names: &[&str]) -> Result<usize, Failure> {
    let given = names.iter().position(|given| *given == name);
    let letter = || (0..names.len()).find(|&at| siglum(at).eq_ignore_ascii_case(name));
    given.or_else(letter).ok_or_else(|| {
        let last = siglum(names.len().saturating_sub(1));
        Failure::usage(format!("--base {name}: there are the versions A to {last}"))
    })
}

/// The versions in the order of their looks, the best first, with what speaks for and against each.
fn ranked(all: &[Version]) -> Vec<(usize, Score, Vec<String>)> {
    let articles: Vec<&Article> = all.iter().map(|version| &*version.article).collect();
    let ranked = rank(&articles).into_iter();
    ranked
        .map(|(at, score)| (at, score, reasons(&score)))
        .collect()
}

/// What speaks for and against a version, in words.
fn reasons(score: &Score) -> Vec<String> {
    let has = [
        (score.title, "title"),
        (score.byline, "byline"),
        (score.date, "date"),
    ];
    let has = has.map(|(has, what)| format!("{}{what}", if has { "" } else { "no " }));
    let mut reasons = Vec::from(has);
    let percent = |share: f64| format!("{:.0} %", share * 100.0);
    reasons.push(match score.complete {
        all if all >= 1.0 => "all that most versions have".to_owned(),
        part => format!("{} of what most versions have", percent(part)),
    });
    if score.fuller > 0.0 {
        reasons.push(format!("{} of its own", percent(score.fuller)));
    }
    if score.unrelated > 0.0 {
        reasons.push(format!("{} about something else", percent(score.unrelated)));
    }
    reasons
}

/// The paragraph of the base, counted from 1, that holds a site; an addition belongs to the words in front of it.
fn paragraph(found: &Versions, site: &Site) -> usize {
    let lines = found.paragraphs.iter();
    let own = lines.filter(|line| line.version == found.base);
    let adds = site.range.is_empty();
    own.take_while(|line| line.range.start < site.range.start + usize::from(!adds))
        .count()
        .max(1)
}

struct Shown<'a> {
    all: &'a [Version],
    found: &'a Versions,
    width: usize,
}

impl Shown<'_> {
    /// Who is who, and what came of it in words.
    fn header(&self, output: &mut Output) -> Outcome {
        for (at, version) in self.all.iter().enumerate() {
            let words = count(version.article.words() as u64, "word");
            let base = if at == self.found.base {
                " · base"
            } else {
                ""
            };
            output.line(&format!("{}  {} · {words}{base}", siglum(at), version.name))?;
        }
        output.line(&self.sentence())
    }

    /// What came of it in words.
    fn sentence(&self) -> String {
        let sites = &self.found.sites;
        let differ = sites.iter().filter(|site| site.differs()).count();
        let mut line = format!(
            "{} where words differ, {} in layout or typography",
            count(differ as u64, "place"),
            sites.len() - differ
        );
        if self.found.coarse {
            line.push_str(" (coarse: too much text to compare every word)");
        }
        line
    }

    fn apparatus(&self, output: &mut Output) -> Outcome {
        let sites: Vec<&Site> = self.sites().collect();
        if sites.is_empty() {
            return Ok(());
        }
        output.line("")?;
        let last = sites.last().map_or(1, |site| paragraph(self.found, site));
        let margin = last.to_string().len() + 1;
        for site in sites {
            let number = format!("¶{}", paragraph(self.found, site));
            let entry = self.entry(site);
            let indent = margin + 2;
            for (at, line) in lines(&entry, self.width.saturating_sub(indent)).enumerate() {
                let number = if at == 0 { &*number } else { "" };
                output.line(&format!("{}  {line}", text::pad(number, margin)))?;
            }
        }
        Ok(())
    }

    /// The places where words differ, but for pieces of a paragraph that some lack as a whole: the matrix says that once.
    fn sites(&self) -> impl Iterator<Item = &Site> {
        let differ = self.found.sites.iter().filter(|site| site.differs());
        differ.filter(|site| !self.is_piece_of_what_is_missing(site))
    }

    fn is_piece_of_what_is_missing(&self, site: &Site) -> bool {
        let own = |line: &&Line| line.version == self.found.base;
        let mut lines = self.found.paragraphs.iter().filter(own);
        let Some(line) = lines.nth(paragraph(self.found, site) - 1) else {
            return false;
        };
        let whole = site.range.start <= line.range.start && line.range.end <= site.range.end;
        let missing = |version: &usize| line.states.get(*version) == Some(&State::Missing);
        let mut others = self.read(site).into_iter().skip(1);
        !whole && others.all(|(words, who)| words.is_empty() && who.iter().all(missing))
    }

    /// What is read at a site, and by whom. Readings that differ in white space only are one for a reader.
    fn read(&self, site: &Site) -> Vec<(String, Vec<usize>)> {
        let mut readings: Vec<(String, Vec<usize>)> = Vec::new();
        for reading in &site.readings {
            let first = reading.versions.first().and_then(|&at| self.all.get(at));
            let source = first.map_or("", |version| &version.article.text);
            let words = squeezed(source.get(reading.range.clone()).unwrap_or_default());
            match readings.iter_mut().find(|(known, _)| *known == words) {
                Some((_, versions)) => versions.extend(&reading.versions),
                None => readings.push((words, reading.versions.clone())),
            }
        }
        readings
    }

    /// A site: `4,000 ] A C · 4,100 B · om. D`.
    fn entry(&self, site: &Site) -> String {
        let readings = self.readings(site).into_iter();
        let readings = readings.map(|(reading, who)| format!("{reading} {who}"));
        readings.collect::<Vec<_>>().join(" · ")
    }

    /// The readings of a site with the letters of who reads each: (`4,000 ]`, `A C`), (`4,100`, `B`), (`om.`, `D`).
    fn readings(&self, site: &Site) -> Vec<(String, String)> {
        let readings = self.read(site);
        let adds = readings.first().is_some_and(|(words, _)| words.is_empty());
        let readings = readings.into_iter().enumerate();
        let readings = readings.map(|(at, (words, mut who))| {
            who.sort_unstable();
            let who: Vec<String> = who.iter().map(|&at| siglum(at)).collect();
            let reading = match (at, words.is_empty()) {
                (0, true) => format!("{} ]", self.word_before(site.range.start)),
                (0, false) => format!("{} ]", shortened(&words)),
                (_, true) => "om.".to_owned(),
                (_, false) if adds => format!("add. {}", shortened(&words)),
                (_, false) => shortened(&words),
            };
            (reading, who.join(" "))
        });
        readings.collect()
    }

    /// The word of the base in front of a place.
    fn word_before(&self, at: usize) -> String {
        let base = self.all.get(self.found.base);
        let before = base.and_then(|base| base.article.text.get(..at));
        let word = before.and_then(|before| before.split_whitespace().next_back());
        let word = squeezed(word.unwrap_or("(begin)"));
        let mut rest = word.chars();
        while text::width(rest.as_str()) > LEMMA {
            rest.next();
        }
        rest.as_str().to_owned()
    }

    /// A line for each paragraph, a column for each version.
    fn matrix(&self, output: &mut Output) -> Outcome {
        output.line("")?;
        output.line("= same  ~ changed  > elsewhere  - missing  + added  · not there")?;
        let names: Vec<String> = (0..self.all.len()).map(siglum).collect();
        let wide = names.last().map_or(1, String::len) + 1;
        let own = |line: &&Line| line.version == self.found.base;
        let number = self.found.paragraphs.iter().filter(own).count();
        let margin = number.to_string().len() + 1;
        let row = |number: &str, cells: &mut dyn Iterator<Item = &str>, words: &str| {
            let cells: String = cells.map(|cell| text::pad(cell, wide)).collect();
            let line = format!("{}  {cells} {words}", text::pad(number, margin));
            text::truncate(line.trim_end(), self.width).to_string()
        };
        output.line(&row("", &mut names.iter().map(String::as_str), ""))?;
        let mut number = 0;
        for line in &self.found.paragraphs {
            let label = match own(&line) {
                true => {
                    number += 1;
                    format!("¶{number}")
                }
                false => "+".to_owned(),
            };
            let source = self.all.get(line.version).map(|it| &*it.article.text);
            let words = source.and_then(|source| source.get(line.range.clone()));
            let mut cells = line.states.iter().map(|state| sign(*state));
            output.line(&row(
                &label,
                &mut cells,
                &squeezed(words.unwrap_or_default()),
            ))?;
        }
        Ok(())
    }

    /// Which to keep, and why.
    fn ranking(&self, output: &mut Output) -> Outcome {
        output.line("")?;
        output.line("Which to keep, by its looks:")?;
        for (at, score, reasons) in ranked(self.all) {
            let (name, points) = (siglum(at), score.points);
            output.line(&format!("{name}  {points:>4.1}  {}", reasons.join(", ")))?;
        }
        Ok(())
    }
}

fn sign(state: State) -> &'static str {
    match state {
        State::Same => "=",
        State::Changed => "~",
        State::Moved => ">",
        State::Missing => "-",
        State::Added => "+",
        State::Absent => "·",
    }
}

/// The words with one blank between them, made safe.
fn squeezed(words: &str) -> String {
    let words: Vec<&str> = words.split_whitespace().collect();
    text::line(&words.join(" ")).to_string()
}

/// A reading without its middle.
fn shortened(reading: &str) -> String {
    let words: Vec<&str> = reading.split(' ').collect();
    if words.len() <= 2 * EDGE + 1 {
        return reading.to_owned();
    }
    let (first, last) = (&words[..EDGE], &words[words.len() - EDGE..]);
    format!("{} … {}", first.join(" "), last.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_is_named_by_letter_or_as_given() {
        let names = ["one.txt", "A", "three.txt"];
        for (name, expected) in [
            ("one.txt", Some(0)),
            ("A", Some(1)),
            ("c", Some(2)),
            ("D", None),
        ] {
            assert_eq!(place(name, &names).ok(), expected, "{name}");
        }
    }

    #[test]
    fn long_readings_lose_their_middle() {
        assert_eq!(shortened("a b c d e f g h i"), "a b c d e f g h i");
        assert_eq!(shortened("a b c d e f g h i j"), "a b c d … g h i j");
    }

    #[test]
    fn reasons_are_words() {
        let score = Score {
            title: true,
            complete: 0.5,
            unrelated: 0.25,
            ..Score::default()
        };
        let reasons = reasons(&score).join(", ");
        let expected =
            "title, no byline, no date, 50 % of what most versions have, 25 % about something else";
        assert_eq!(reasons, expected);
    }
}
