//! Three and more versions: an apparatus as in a critical edition, a matrix of paragraphs, and which to keep.
//!
//! `diff::versions::apparatus` says how the apparatus reads; here it is printed. The JSON names layout and typography too.

use std::ops::Range;

use super::paint::lines;
use super::{Version, screen_width};
use crate::cli::args::{Diff, DiffFormat};
use crate::cli::output::{Failure, Outcome, Output, count};
use crate::diff::versions::apparatus::{Apparatus, Words, squeezed};
use crate::diff::versions::{Line, Site, Versions, versions};
use crate::diff::{self, Options, Side};
use crate::model::{Article, siglum};
use crate::store::versions::{Score, rank};
use crate::text;

mod html;
mod json;

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
    let texts: Vec<&str> = all.iter().map(|version| &*version.article.text).collect();
    let words = |at: usize, range: Range<usize>| -> String {
        let text = texts.get(at).and_then(|text| text.get(range));
        text.unwrap_or_default().to_owned()
    };
    let shown = Shown {
        all,
        found: &found,
        apparatus: Apparatus::new(&found, &texts, &words),
        width: args.width.unwrap_or_else(|| screen_width(output)),
    };
    match args.format() {
        DiffFormat::Json => output.json(&json::Report::of(all, &found)),
        DiffFormat::Html => html::page(&shown, output),
        DiffFormat::Text | DiffFormat::Unified => {
            shown.header(output)?;
            shown.write_apparatus(output)?;
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

struct Shown<'a> {
    all: &'a [Version],
    found: &'a Versions,
    apparatus: Apparatus<'a>,
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

    fn write_apparatus(&self, output: &mut Output) -> Outcome {
        let sites: Vec<&Site> = self.apparatus.sites().collect();
        if sites.is_empty() {
            return Ok(());
        }
        output.line("")?;
        let last = sites
            .last()
            .map_or(1, |site| self.apparatus.paragraph(site));
        let margin = last.to_string().len() + 1;
        for site in sites {
            let number = format!("¶{}", self.apparatus.paragraph(site));
            let entry = self.entry(site);
            let indent = margin + 2;
            for (at, line) in lines(&entry, self.width.saturating_sub(indent)).enumerate() {
                let number = if at == 0 { &*number } else { "" };
                output.line(&format!("{}  {line}", text::pad(number, margin)))?;
            }
        }
        Ok(())
    }

    /// A site: `4,000 ] A C · 4,100 B · om. D`.
    fn entry(&self, site: &Site) -> String {
        let readings = self.readings(site).into_iter();
        let readings = readings.map(|(reading, who)| format!("{reading} {who}"));
        readings.collect::<Vec<_>>().join(" · ")
    }

    /// The readings of a site with the letters of who reads each: (`4,000 ]`, `A C`), (`4,100`, `B`), (`om.`, `D`).
    fn readings(&self, site: &Site) -> Vec<(String, String)> {
        let readings = self.apparatus.readings(site).into_iter();
        let letters =
            |versions: &[usize]| -> Vec<String> { versions.iter().map(|&at| siglum(at)).collect() };
        readings
            .map(|Words { words, versions }| (words, letters(&versions).join(" ")))
            .collect()
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
            let mut cells = line.states.iter().map(|state| state.sign());
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
