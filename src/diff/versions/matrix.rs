//! The matrix: a line for each paragraph of the base and for each that only others have, a column for each version.
//!
//! A paragraph that several versions add in the same place with the same words is one line.

use std::collections::HashMap;

use super::collate::Collation;
use super::{Line, State};
use crate::diff::frame::{Frame, Text};

/// Lays out the matrix. There is a collation for each version but the base.
pub(super) fn lines(texts: &[Text], base: usize, collations: &[Option<Collation>]) -> Vec<Line> {
    let mut added = added(texts, collations).into_iter().peekable();
    let mut lines = Vec::new();
    for (at, frame) in texts[base].frames.iter().enumerate() {
        while let Some((_, line)) = added.next_if(|(before, _)| *before <= at) {
            lines.push(line);
        }
        let states = collations.iter().map(|collation| match collation {
            Some(collation) => collation.states[at],
            None => State::Same,
        });
        lines.push(line(texts, base, frame, states.collect()));
    }
    lines.extend(added.map(|(_, line)| line));
    lines
}

/// The lines of what the base does not have, with the paragraph of the base in front of which each belongs.
fn added(texts: &[Text], collations: &[Option<Collation>]) -> Vec<(usize, Line)> {
    let mut lines: Vec<(usize, Line)> = Vec::new();
    let mut known: HashMap<(usize, &[u32]), usize> = HashMap::new();
    for (version, collation) in collations.iter().enumerate() {
        let Some(collation) = collation else { continue };
        let text = &texts[version];
        for added in &collation.added {
            let frame = &text.frames[added.frame];
            let key = (added.before, &text.ids[frame.tokens.clone()]);
            let at = *known.entry(key).or_insert(lines.len());
            if at == lines.len() {
                let absent = vec![State::Absent; texts.len()];
                lines.push((added.before, line(texts, version, frame, absent)));
            }
            lines[at].1.states[version] = State::Added;
        }
    }
    lines.sort_by_key(|(before, _)| *before);
    lines
}

/// A line; the white space round the paragraph is left out.
fn line(texts: &[Text], version: usize, frame: &Frame, states: Vec<State>) -> Line {
    let text = &texts[version];
    let tokens = &text.tokens[frame.tokens.clone()];
    let range = match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => first.start..last.end(),
        _ => frame.bytes.clone(),
    };
    Line {
        kind: frame.kind,
        version,
        range,
        states,
    }
}
