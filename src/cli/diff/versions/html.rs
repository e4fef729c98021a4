//! Many versions as one page: the base to be read, beside each paragraph what every version makes of it, and below it who
//! reads what. Paragraphs that the base does not have stand where they belong.
//!
//! The matrix stands as a strip of signs at the margin and not as a table of its own: what a sign is about is then the
//! text beside it.

use super::{Shown, ranked};
use crate::cli::diff::html::{begin, end, escape};
use crate::cli::output::{Outcome, Output, count};
use crate::diff::versions::{Line, Site, State};
use crate::model::siglum;

/// Writes the page.
pub(super) fn page(shown: &Shown<'_>, output: &mut Output) -> Outcome {
    let base = shown.all.get(shown.found.base);
    let title = base.map_or("", |base| base.article.shown_title());
    let heading = count(shown.all.len() as u64, "version");
    begin(&format!("{heading} of {title}"), output)?;
    output.line("<header>")?;
    output.line(&format!("<h1 dir=\"auto\">{}</h1>", escape(title)))?;
    output.line(&format!("<p>{heading}: {}.</p>", escape(&shown.sentence())))?;
    versions(shown, output)?;
    output.line(
        "<p class=\"legend\">Beside each paragraph, for every version: <b>=</b> same, <b>~</b> changed, \
         <b>&gt;</b> elsewhere, <b>-</b> missing, <b>+</b> added, <b>·</b> not there. Below it who reads what: \
         <i>om.</i> leaves it out, <i>add.</i> has it more.</p>",
    )?;
    output.line("</header>")?;
    output.line("<main>")?;
    let names: Vec<String> = (0..shown.all.len()).map(siglum).collect();
    output.line(&format!(
        "<div class=\"line names\"><span></span>{}<span></span></div>",
        strip(names.iter().map(|name| (name.as_str(), "")))
    ))?;
    let mut sites = Numbered::new(shown);
    let mut number = 0;
    for line in &shown.found.paragraphs {
        if line.version == shown.found.base {
            number += 1;
        }
        write_line(shown, line, number, &mut sites, output)?;
    }
    output.line("</main>")?;
    end(output)
}

/// Who is who, and which looks best.
fn versions(shown: &Shown<'_>, output: &mut Output) -> Outcome {
    output.line("<table><thead><tr><th></th><th>version</th><th>words</th><th>looks</th><th>why</th></tr></thead><tbody>")?;
    for (at, score, reasons) in ranked(shown.all) {
        let Some(version) = shown.all.get(at) else {
            continue;
        };
        let base = if at == shown.found.base {
            " · base"
        } else {
            ""
        };
        output.line(&format!(
            "<tr><th>{}</th><td>{}{base}</td><td>{}</td><td>{:.1}</td><td>{}</td></tr>",
            siglum(at),
            escape(&version.name),
            version.article.words(),
            score.points,
            escape(&reasons.join(", "))
        ))?;
    }
    output.line("</tbody></table>")
}

/// A paragraph with its margin and its notes.
fn write_line(
    shown: &Shown<'_>,
    line: &Line,
    number: usize,
    sites: &mut Numbered<'_>,
    output: &mut Output,
) -> Outcome {
    let own = line.version == shown.found.base;
    let source = shown
        .all
        .get(line.version)
        .map_or("", |it| &*it.article.text);
    let states = strip(line.states.iter().map(|state| (state.sign(), name(*state))));
    let label = if own {
        number.to_string()
    } else {
        "+".to_owned()
    };
    let class = if own { "line" } else { "line more" };
    output.line(&format!(
        "<div class=\"{class}\"><span>{label}</span>{states}<div>"
    ))?;
    let (mut words, mut notes) = (String::new(), Vec::new());
    let mut at = line.range.start;
    let piece = |from: usize, to: usize| spaced(source.get(from..to).unwrap_or_default());
    while let Some((note, site)) = sites.next_in(line).filter(|_| own) {
        let start = site.range.start.clamp(at, line.range.end);
        let end = site.range.end.clamp(start, line.range.end);
        words.push_str(&piece(at, start));
        let site_words = piece(start, end);
        words.push_str(&format!(
            "<a class=\"site\" id=\"text-{note}\" href=\"#note-{note}\">{}<sup>{note}</sup></a>",
            site_words.trim_end()
        ));
        // The blank behind a word belongs to the site, and yet should not be underlined.
        words.push_str(if site_words.ends_with(' ') { " " } else { "" });
        at = end;
        notes.push((note, site));
    }
    words.push_str(&piece(at, line.range.end));
    output.line(&format!("<p dir=\"auto\">{}</p>", words.trim()))?;
    for (note, site) in notes {
        let readings: Vec<String> = shown
            .readings(site)
            .iter()
            .map(|(reading, who)| format!("{} <b>{who}</b>", escape(reading)))
            .collect();
        output.line(&format!(
            "<p class=\"note\" dir=\"auto\"><a id=\"note-{note}\" href=\"#text-{note}\">{note}</a> {}</p>",
            readings.join(" · ")
        ))?;
    }
    output.line("</div></div>")
}

/// Foreign text for the page, with one blank for the white space round it.
fn spaced(text: &str) -> String {
    let blank = |has: bool| if has { " " } else { "" };
    let before = blank(text.starts_with(char::is_whitespace));
    match text.trim() {
        "" => before.to_owned(),
        words => format!(
            "{before}{}{}",
            escape(words),
            blank(text.ends_with(char::is_whitespace))
        ),
    }
}

/// The cells at the margin.
fn strip<'a>(cells: impl Iterator<Item = (&'a str, &'static str)>) -> String {
    let cells =
        cells.map(|(sign, class)| format!("<span class=\"{class}\">{}</span>", escape(sign)));
    format!("<span class=\"strip\">{}</span>", cells.collect::<String>())
}

fn name(state: State) -> &'static str {
    match state {
        State::Same => "same",
        State::Changed => "changed",
        State::Moved => "elsewhere",
        State::Missing => "missing",
        State::Added => "added",
        State::Absent => "absent",
    }
}

/// The places where words differ, with their numbers, handed out in the order of the base.
struct Numbered<'a> {
    sites: std::iter::Peekable<Box<dyn Iterator<Item = (usize, &'a Site)> + 'a>>,
    last: usize,
}

impl<'a> Numbered<'a> {
    fn new(shown: &'a Shown<'a>) -> Self {
        let sites = (1..).zip(shown.apparatus.sites());
        let base = shown.found.base;
        let own = shown
            .found
            .paragraphs
            .iter()
            .rfind(|line| line.version == base);
        let sites: Box<dyn Iterator<Item = _>> = Box::new(sites);
        Self {
            sites: sites.peekable(),
            last: own.map_or(0, |line| line.range.start),
        }
    }

    /// The next site that begins before the end of a paragraph; what stands behind the last one belongs to it.
    fn next_in(&mut self, line: &Line) -> Option<(usize, &'a Site)> {
        let last = line.range.start == self.last;
        self.sites
            .next_if(|(_, site)| last || site.range.start <= line.range.end)
    }
}
