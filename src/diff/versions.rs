//! Many versions of one text: where they differ, and who reads what.
//!
//! One version is the base, every other is aligned to it by the engine that compares two, and the differences are
//! merged into *sites* as in the apparatus of a critical edition:
//!
//! ```text
//! A  Some 4,000 people came.      ┐
//! B  Some 4,100 people came.      │  4,000 ] A C · 4,100 B · om. D
//! C  Some 4,000 people came.      │
//! D  Some people came, they say.  ┘  came ] A B C · add. , they say D
//! ```
//!
//! Base and sites hold everything: [`Versions::rebuild`] gives each version back byte for byte. So white space and
//! typography make sites too; their classes say so, and what prints an apparatus leaves them out. The second view is a
//! matrix, paragraph by version.
//!
//! ```text
//! medoid   the version that has most in common with all
//! collate  one version against the base: differences in order, and the row of the matrix
//! sites    the differences of all versions -> sites
//! matrix   the paragraphs of the base, and between them those that only others have
//! apparatus  the sites in words, as a critical edition prints them
//! ```
//!
//! Rejected: aligning all versions with one another (progressive or graph alignment, as collation programs do). It is
//! quadratic, its result depends on the order of the versions, and a place would no longer differ exactly as it does
//! when two versions are compared on the screen.

pub mod apparatus;

mod collate;
mod matrix;
mod medoid;
mod sites;

#[cfg(test)]
mod tests;

use std::ops::Range;

use serde::Serialize;

use self::collate::Collation;
use super::frame::Text;
use super::intern::Interner;
use super::{Classes, Options, Side};
use crate::model::BlockKind;

/// How many versions of one text differ from a base.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Versions {
    /// The place of the base among the versions.
    pub base: usize,
    /// The places where versions differ, in the order of the base; they do not overlap.
    pub sites: Vec<Site>,
    /// The paragraphs of the base, and where they belong those that only others have.
    pub paragraphs: Vec<Line>,
    /// A step budget ran out: part of it is compared by sentences or paragraphs only.
    pub coarse: bool,
}

/// A place of the base where at least one version reads something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// Bytes of the base; empty where others add something.
    pub range: Range<usize>,
    /// What kinds of difference it holds.
    pub classes: Classes,
    /// What the versions read: first the base and whoever agrees with it, then by the first version that reads it.
    /// Every version stands in exactly one.
    pub readings: Vec<Reading>,
}

impl Site {
    /// Says whether words differ (layout and typography do not count).
    pub fn differs(&self) -> bool {
        self.classes.shows_despite(Classes::QUIET)
    }
}

/// What some versions have at a site, byte for byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Bytes of the text of the first of `versions`; empty for an omission.
    pub range: Range<usize>,
    /// Who reads it; never empty. In the reading of the base the base stands first, else they ascend.
    pub versions: Vec<usize>,
}

/// One line of the matrix: a paragraph, and what each version makes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What the paragraph is; none for text outside of all paragraphs.
    pub kind: Option<BlockKind>,
    /// The version in whose text it stands: the base, or the first that adds it.
    pub version: usize,
    /// Bytes of that text.
    pub range: Range<usize>,
    /// For each version what became of it.
    pub states: Vec<State>,
}

/// What a version makes of a paragraph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// The same words.
    Same,
    /// Other words.
    Changed,
    /// Stands elsewhere.
    Moved,
    /// Stands in the base only.
    Missing,
    /// Stands in this version and not in the base.
    Added,
    /// Stands neither in this version nor in the base.
    Absent,
}

impl State {
    /// A sign for it that needs no colour.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Same => "=",
            Self::Changed => "~",
            Self::Moved => ">",
            Self::Missing => "-",
            Self::Added => "+",
            Self::Absent => "·",
        }
    }
}

/// Compares the versions with one of them: the chosen base, or the one that has most in common with all where none is
/// chosen or there is no such place.
pub fn versions(sides: &[Side], base: Option<usize>, options: &Options) -> Versions {
    let mut ids = Interner::default();
    let texts: Vec<Text> = sides
        .iter()
        .map(|side| Text::new(*side, &mut ids))
        .collect();
    let base = base
        .filter(|&base| base < texts.len())
        .unwrap_or_else(|| medoid::medoid(&texts));
    let (Some(side), Some(text)) = (sides.get(base), texts.get(base)) else {
        return Versions::default();
    };
    let others = sides.iter().zip(&texts).enumerate();
    let collations: Vec<Option<Collation>> = others
        .map(|(at, other)| {
            (at != base).then(|| Collation::new((side, text), other, ids.len(), options))
        })
        .collect();
    Versions {
        base,
        sites: sites::sites(&texts, base, &collations),
        paragraphs: matrix::lines(&texts, base, &collations),
        coarse: collations.iter().flatten().any(|it| it.coarse),
    }
}

impl Versions {
    /// Gives a version back from the base and the readings; none where there is no such version, or where the texts are
    /// not those that were compared.
    pub fn rebuild(&self, texts: &[&str], version: usize) -> Option<String> {
        let base = texts.get(self.base)?;
        texts.get(version)?;
        let (mut out, mut at) = (String::new(), 0);
        for site in &self.sites {
            out.push_str(base.get(at..site.range.start)?);
            let mut readings = site.readings.iter();
            let reading = readings.find(|reading| reading.versions.contains(&version))?;
            let text = texts.get(*reading.versions.first()?)?;
            out.push_str(text.get(reading.range.clone())?);
            at = site.range.end;
        }
        out.push_str(base.get(at..)?);
        Some(out)
    }
}
