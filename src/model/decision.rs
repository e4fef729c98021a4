//! What a person says of an article.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The decision about an article: keep it, drop it, or look at it another time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Belongs in the cleaned collection.
    Keep,
    /// Does not.
    Drop,
    /// Not decided now.
    Skip,
}

impl Verdict {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Drop => "drop",
            Self::Skip => "skip",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Verdict {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Keep, Self::Drop, Self::Skip]
            .into_iter()
            .find(|verdict| verdict.as_str() == text)
            .ok_or(())
    }
}

/// Everything that stands in the review log about one article, summed up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// The tags, in alphabetical order.
    pub tags: BTreeSet<String>,
    /// The verdict, if one was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// Set aside because another version of its group is kept.
    pub superseded: bool,
}

impl Decision {
    /// Says whether nothing was decided.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
